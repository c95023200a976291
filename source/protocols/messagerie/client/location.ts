import {horizonMs} from '../../../transport/reliability.ts';
import {reliability} from '../reliability.ts';
import {Answered} from './answered.ts';
import type {Membership} from './membership.ts';

/**
 * Whether the hub has us in the place where we believe to be. A text names no room, so it is said only while that is
 * certain (docs/decisions/0005-readings-of-messagerie.md, "A text names no room").
 */
export class Location {
  readonly #membership: Membership;
  /** The hub may no longer have us in that place: we had lost the hub, or it has closed a room of ours. */
  #doubtedPlace: number | undefined;
  /** A notice that our room is closed has come before its turn. Its turn comes at the latest at this time. */
  #closingUntil = Number.POSITIVE_INFINITY;
  /** Notices of closing whose turn has come. */
  readonly #closings = new Answered();
  /** We have gone from one place to another, and the hub will learn of it after our earlier texts. */
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

  /** Whether the hub will have us in that place when it reads a text that we send now. */
  isAt(place: number): boolean {
    const {place: here} = this.#membership;
    const departure = this.#departure?.to === here ? this.#departure : undefined;
    return place === here || (place === departure?.from && place !== this.#doubtedPlace);
  }

  onTime(now: number): void {
    if (now >= this.#closingUntil) this.#closingUntil = Number.POSITIVE_INFINITY;
  }

  /** Doubts our place until the hub's list shows us in it. */
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

  /** A notice of closing has come, perhaps before its turn. @returns false for a copy of one that has had its turn. */
  closingAnnounced(sequence: number, now: number): boolean {
    if (this.#closings.has('reponseQuitter', sequence, now)) return false;
    this.#closingUntil = now + horizonMs(reliability);
    return true;
  }

  /** The turn of the notice has come. */
  closed(sequence: number, now: number): void {
    this.#closings.add('reponseQuitter', sequence, now);
    this.#closingUntil = Number.POSITIVE_INFINITY;
    this.#departure = undefined;
  }
}
