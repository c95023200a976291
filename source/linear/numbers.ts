/** Numbers by which people say what they mean: `/retry 3`, `/open 2`. The oldest are forgotten. */
export class Numbers<Thing> {
  readonly #maximum: number;
  readonly #things = new Map<number, Thing>();
  readonly #numbers = new Map<Thing, number>();
  #last = 0;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** The number of that thing: a new one if it has none. */
  numberOf(thing: Thing): number {
    const known = this.#numbers.get(thing);
    if (known !== undefined) return known;
    const number = ++this.#last;
    this.#things.set(number, thing);
    this.#numbers.set(thing, number);
    const [oldest] = this.#things;
    if (this.#things.size > this.#maximum && oldest !== undefined) {
      this.#things.delete(oldest[0]);
      this.#numbers.delete(oldest[1]);
    }
    return number;
  }

  /** Undefined if nothing has that number, or has it no more. */
  thingOf(number: number): Thing | undefined {
    return this.#things.get(number);
  }

  /** Whether the thing has a number. */
  has(thing: Thing): boolean {
    return this.#numbers.has(thing);
  }
}
