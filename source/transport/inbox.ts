import {Recent} from './recent.ts';
import type {Reliability} from './reliability.ts';

export type Receipt<Answer> =
  | {readonly isDuplicate: false}
  /** `answer` is the answer to the first copy, if there is one yet. */
  | {readonly isDuplicate: true; readonly answer: Answer | undefined};

/**
 * The numbers recently accepted from one sender, each with its answer, so that a second copy gets the same answer and
 * is not delivered again.
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

  /** Remembers the answer as long as the number. Does nothing if the number has been forgotten. */
  answer(sequence: number, answer: Answer): void {
    const accepted = this.#accepted.peek(sequence);
    if (accepted !== undefined) accepted.answer = answer;
  }
}
