/** So many of the newest are kept. */
const maximumDurations = 300;

/** How long something took each of the last times, in milliseconds. */
export class Durations {
  readonly #newest: number[] = [];
  #next = 0;

  add(ms: number): void {
    this.#newest[this.#next] = ms;
    this.#next = (this.#next + 1) % maximumDurations;
  }

  get all(): readonly number[] {
    return this.#newest;
  }
}

/** Half of them are at most the first number, and 99 of 100 at most the second. Undefined if there are none. */
export function quantilesOf(
  durations: readonly number[],
): {readonly median: number; readonly p99: number} | undefined {
  const sorted = durations.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1];
  const [median, p99] = [at(0.5), at(0.99)];
  return median === undefined || p99 === undefined ? undefined : {median, p99};
}
