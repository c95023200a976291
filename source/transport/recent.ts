import type {Reliability} from './reliability.ts';

/**
 * What was noted lately, each under a number: the last N notes, as many and for as long as the protocol remembers
 * duplicates (docs/protocols/reliability.md). A note made again counts from then on.
 */
export class Recent<Note> {
  readonly #reliability: Pick<Reliability, 'remembered' | 'memoryMs'>;
  /** Oldest first. */
  readonly #notes = new Map<number, {readonly at: number; readonly note: Note}>();

  constructor(reliability: Pick<Reliability, 'remembered' | 'memoryMs'>) {
    this.#reliability = reliability;
  }

  add(number: number, now: number, note: Note): void {
    this.#notes.delete(number);
    this.#notes.set(number, {at: now, note});
    this.#forget(now);
  }

  has(number: number, now: number): boolean {
    return this.#youngAt(number, now) !== undefined;
  }

  get(number: number, now: number): Note | undefined {
    return this.#youngAt(number, now)?.note;
  }

  /** Whatever its age. */
  peek(number: number): Note | undefined {
    return this.#notes.get(number)?.note;
  }

  #youngAt(number: number, now: number) {
    const known = this.#notes.get(number);
    return known !== undefined && this.#isYoung(known, now) ? known : undefined;
  }

  #forget(now: number): void {
    for (const [number, known] of this.#notes) {
      if (this.#notes.size <= this.#reliability.remembered && this.#isYoung(known, now)) return;
      this.#notes.delete(number);
    }
  }

  #isYoung({at}: {readonly at: number}, now: number): boolean {
    return now - at < this.#reliability.memoryMs;
  }
}
