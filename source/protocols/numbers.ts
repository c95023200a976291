/** Gives out numbers from 1 to a maximum. A number that was given back is given out again after all others. */
export class Numbers {
  readonly #maximum: number;
  readonly #taken = new Set<number>();
  #last = 0;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  isTaken(number: number): boolean {
    return this.#taken.has(number);
  }

  /** @throws RangeError if all of them are taken: the caller has to check before. */
  take(): number {
    if (this.#taken.size >= this.#maximum) throw new RangeError(`all ${this.#maximum} are taken`);
    do this.#last = (this.#last % this.#maximum) + 1;
    while (this.#taken.has(this.#last));
    this.#taken.add(this.#last);
    return this.#last;
  }

  giveBack(number: number): void {
    this.#taken.delete(number);
  }
}
