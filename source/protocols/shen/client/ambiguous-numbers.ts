import {Recent} from '../../../transport/recent.ts';
import {horizonMs} from '../../../transport/reliability.ts';
import {reliability} from '../reliability.ts';

/**
 * Numbers under which something may come that looks like the answer to another message
 * (docs/protocols/shen.md, "Numbers").
 */
export class AmbiguousNumbers {
  /** Numbers of the hub's that we have answered: an ACK of such an answer is not one of a text. */
  readonly #answered = new Recent<number, void>(reliability);
  /** Our numbers that the hub has answered with 0x0E: a copy of that is not a message of its own. */
  readonly #refused = new Recent<number, void>(reliability);
  /** Until then the hub may say under numbers of its own that somebody is unknown. */
  #unknownUntil = Number.NEGATIVE_INFINITY;

  /** We answer the invitation with that number, or the hub has confirmed our answer. */
  answered(sequence: number, now: number): void {
    this.#answered.add(sequence, now);
  }

  /** The hub has answered 0x0E under that number. */
  refused(sequence: number, now: number): void {
    this.#refused.add(sequence, now);
  }

  wasRefused(sequence: number, now: number): boolean {
    return this.#refused.has(sequence, now);
  }

  /** We have invited several, of whom some may be unknown. */
  expectUnknown(now: number): void {
    this.#unknownUntil = now + horizonMs(reliability) + reliability.memoryMs;
  }

  /**
   * Whether something else may pass for the answer to a message of ours with that number.
   *
   * @param isHubsNext Whether the hub may use that number for one of its own, and 0x0E is an answer to ours.
   */
  has(sequence: number, isHubsNext: boolean, now: number): boolean {
    return this.#answered.has(sequence, now) || (isHubsNext && now < this.#unknownUntil);
  }
}
