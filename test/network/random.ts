/** A seeded generator (mulberry32): every random choice of a run comes from one number. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 to 1, exclusive. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }
}

/**
 * Whether the seeds are the suite's own. With those a run is known to reach everything that it is meant to try. A run with
 * another seed is a good trial too, but may miss something.
 */
export const areOwnSeeds = process.env['CHAT_TUI_SEED'] === undefined;

/** Seeds for this run: those in CHAT_TUI_SEED to repeat a failure or to try many, otherwise those given. */
export function seeds(...given: readonly number[]): readonly number[] {
  const asked = process.env['CHAT_TUI_SEED'];
  return asked === undefined ? given : asked.split(',').flatMap(range);
}

/** `7`, or `5000-5099` for all from one to the other. */
function range(asked: string): number[] {
  const [first = Number.NaN, last = first] = asked.split('-').map(Number);
  return Array.from({length: last - first + 1}, (_, index) => first + index);
}
