export type Window<Item> = {
  readonly items: readonly Item[];
  /** Numbers of items that are left out. A row is kept free to say each of them. */
  readonly above: number;
  readonly below: number;
};

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

/** The same, with rows for the numbers of those that are left out. */
export function numberedWindow<Item>(
  items: readonly Item[],
  index: number,
  height: number,
): Window<Item> {
  if (items.length <= height) return {items, above: 0, below: 0};
  // With fewer rows, there would be more numbers than items.
  const hasNumbers = height >= 4;
  const room = Math.max(0, height - (hasNumbers ? 2 : 0));
  const middle = index - Math.floor(room / 2);
  let start = Math.max(0, Math.min(middle, items.length - room));
  let end = start + room;
  if (hasNumbers && start <= 1) [start, end] = [0, Math.max(end, height - 1)];
  if (hasNumbers && end >= items.length - 1) {
    [start, end] = [Math.min(start, items.length - height + 1), items.length];
  }
  return {
    items: items.slice(start, end),
    above: hasNumbers ? start : 0,
    below: hasNumbers ? items.length - end : 0,
  };
}
