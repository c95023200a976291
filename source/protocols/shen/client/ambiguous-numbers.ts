import {Recent} from '../../../transport/recent.ts';
import {horizonMs} from '../../../transport/reliability.ts';
import {reliability} from '../reliability.ts';

/**
 * Numbers under which a message may come that could be mistaken for an answer (docs/protocols/shen.md, "Numbers").
 */
export class AmbiguousNumbers {
  /** Numbers of the hub that we have answered: an ACK of such an answer is not the ACK of a text. */
  readonly #answered = new Recent<number, void>(reliability);
  /**
   * Our numbers that the hub has answered with 0x0E, or may still answer after we have given the hub up: a 0x0E with one
   * of them is not a message of the hub's own.
   */
  readonly #refused = new Recent<number, void>(reliability);
  /** Until this time the hub may say, with numbers of its own, that somebody is unknown. */
  #unknownUntil = Number.NEGATIVE_INFINITY;

  /** We answer the invitation with that number, or the hub has confirmed our answer. */
  answered(sequence: number, now: number): void {
    this.#answered.add(sequence, now);
  }

  /** The hub has answered 0x0E with that number, or may still do so though we do not wait for it any more. */
  refused(sequence: number, now: number): void {
    this.#refused.add(sequence, now);
  }

  wasRefused(sequence: number, now: number): boolean {
    return this.#refused.has(sequence, now);
  }

  /** We have invited several people. Some of them may be unknown to the hub. */
  expectUnknown(now: number): void {
    this.#unknownUntil = now + horizonMs(reliability) + reliability.memoryMs;
  }

  /**
   * Whether another message may be mistaken for the answer to a message of ours with that number.
   *
   * @param isHubsNext Whether the hub may use that number for a message of its own, and 0x0E can answer ours.
   */
  has(sequence: number, isHubsNext: boolean, now: number): boolean {
    return this.#answered.has(sequence, now) || (isHubsNext && now < this.#unknownUntil);
  }
}
