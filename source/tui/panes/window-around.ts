/** The part of a list that fits into the rows and contains the item with that index. */
export function windowAround<Item>(
  items: readonly Item[],
  index: number,
  height: number,
): readonly Item[] {
  const middle = index - Math.floor(height / 2);
  const start = Math.max(0, Math.min(middle, items.length - height));
  return items.slice(start, start + Math.max(0, height));
}
