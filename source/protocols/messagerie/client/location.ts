import {horizonMs} from '../../../transport/reliability.ts';
import {reliability} from '../reliability.ts';
import {Answered} from './answered.ts';
import type {Membership} from './membership.ts';

/**
 * Whether the hub has us where we believe to be. A text names no room, so it is said only while that is
 * certain (docs/decisions/0005-readings-of-messagerie.md, "A text names no room").
 */
export class Location {
  readonly #membership: Membership;
  /** The hub may no longer have us at that place: we had lost it, or it has closed some room of ours. */
  #doubtedPlace: number | undefined;
  /** The hub has said that our room is closed, and that has not come to its turn: by then it has. */
  #closingUntil = Number.POSITIVE_INFINITY;
  /** Those that have. */
  readonly #closings = new Answered();
  /** We have left that place for this one, and the hub will hear of it after what was said before. */
  #departure: {readonly from: number; readonly to: number} | undefined;

  constructor(membership: Membership) {
    this.#membership = membership;
  }

  get dueAt(): number {
    return this.#closingUntil;
  }

  get isKnown(): boolean {
    const isClosing = this.#closingUntil !== Number.POSITIVE_INFINITY;
    const {place, isEntering, mode} = this.#membership;
    const isDoubted = mode !== undefined && place === this.#doubtedPlace;
    return !isClosing && !isEntering && !isDoubted;
  }

  /** Whether the hub has us at that place when it reads what we say now. */
  isAt(place: number): boolean {
    const {place: here} = this.#membership;
    const departure = this.#departure?.to === here ? this.#departure : undefined;
    return place === here || (place === departure?.from && place !== this.#doubtedPlace);
  }

  onTime(now: number): void {
    if (now >= this.#closingUntil) this.#closingUntil = Number.POSITIVE_INFINITY;
  }

  /** Until the hub's list shows us there. */
  doubt(): void {
    this.#doubtedPlace = this.#membership.place;
  }

  believe(): void {
    this.#doubtedPlace = undefined;
  }

  /** We have left that place, and are about to tell the hub. */
  leave(from: number): void {
    const to = this.#membership.place;
    if (to !== from) this.#departure = {from, to};
  }

  leaveConfirmed(): void {
    this.#departure = undefined;
  }

  /** A closing has come, perhaps before its turn. @returns false for a copy of one whose turn has been. */
  closingAnnounced(sequence: number, now: number): boolean {
    if (this.#closings.has('reponseQuitter', sequence, now)) return false;
    this.#closingUntil = now + horizonMs(reliability);
    return true;
  }

  /** Its turn has come. */
  closed(sequence: number, now: number): void {
    this.#closings.add('reponseQuitter', sequence, now);
    this.#closingUntil = Number.POSITIVE_INFINITY;
    this.#departure = undefined;
  }
}
