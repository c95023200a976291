/** What is selected in a list: by its name, which stays when the list changes, or by its position. */

/** The name on which the keys act: the selected one, or the first. */
export function selectedOf(
  names: readonly string[],
  selected: string | undefined,
): string | undefined {
  return selected !== undefined && names.includes(selected) ? selected : names[0];
}

/** The name above or below. Stops at the first and at the last; undefined if there is none. */
export function stepName(
  names: readonly string[],
  selected: string | undefined,
  by: number,
): string | undefined {
  const current = selectedOf(names, selected);
  return current && names[stepIndex(names.indexOf(current), by, names.length)];
}

/** The position above or below. Stops at the first and at the last. */
export function stepIndex(index: number, by: number, length: number): number {
  return Math.max(0, Math.min(index + by, length - 1));
}
