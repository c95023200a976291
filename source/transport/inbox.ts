import type {Reliability} from './reliability.ts';

export type Receipt<Answer> =
  | {readonly isDuplicate: false}
  /** `answer` is what the first copy was answered with, if it was answered yet. */
  | {readonly isDuplicate: true; readonly answer: Answer | undefined};

/**
 * The numbers lately accepted from one sender, each with the answer it got, so that a second copy
 * is answered the same and not delivered again.
 */
export class Inbox<Answer> {
  readonly #reliability: Reliability;
  /** Oldest first. */
  readonly #accepted = new Map<number, {readonly at: number; answer: Answer | undefined}>();

  constructor(reliability: Reliability) {
    this.#reliability = reliability;
  }

  receive(sequence: number, now: number): Receipt<Answer> {
    this.#forget(now);
    const known = this.#accepted.get(sequence);
    if (known !== undefined) return {isDuplicate: true, answer: known.answer};
    this.#accepted.set(sequence, {at: now, answer: undefined});
    return {isDuplicate: false};
  }

  /** Remembers the answer for as long as the number. */
  answer(sequence: number, answer: Answer): void {
    const accepted = this.#accepted.get(sequence);
    if (accepted !== undefined) accepted.answer = answer;
  }

  #forget(now: number): void {
    const {memoryMs, remembered} = this.#reliability;
    for (const [sequence, {at}] of this.#accepted) {
      const isYoung = now - at < memoryMs;
      if (isYoung && this.#accepted.size < remembered + 1) break;
      this.#accepted.delete(sequence);
    }
  }
}
