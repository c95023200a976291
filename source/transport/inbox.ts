import {Recent} from './recent.ts';
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
  readonly #accepted: Recent<number, {answer: Answer | undefined}>;

  constructor(reliability: Reliability) {
    this.#accepted = new Recent(reliability);
  }

  receive(sequence: number, now: number): Receipt<Answer> {
    const known = this.#accepted.get(sequence, now);
    if (known !== undefined) return {isDuplicate: true, answer: known.answer};
    this.#accepted.add(sequence, now, {answer: undefined});
    return {isDuplicate: false};
  }

  /** Remembers the answer for as long as the number. Does nothing if the number is forgotten by then. */
  answer(sequence: number, answer: Answer): void {
    const accepted = this.#accepted.peek(sequence);
    if (accepted !== undefined) accepted.answer = answer;
  }
}
