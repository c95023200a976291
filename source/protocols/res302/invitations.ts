import type {Mode} from '../protocol.ts';

export type Invitation = {
  readonly from: string;
  readonly mode: Mode;
  /** Of the F: the answer carries it. */
  readonly sequence: number;
  readonly expiresAt: number;
};

/** No honest hub lets more of them wait (docs/decisions/0003-readings-of-res302.md). */
const maximumInvitations = 64;

/** The invitations we have not answered: the newest of each inviter. */
export class Invitations {
  /** In the order of their expiry, for their time is the same for all. */
  readonly #byInviter = new Map<string, Invitation>();

  /** When the oldest expires; Infinity if there is none. */
  get dueAt(): number {
    for (const {expiresAt} of this.#byInviter.values()) return expiresAt;
    return Number.POSITIVE_INFINITY;
  }

  /** @returns The one that had to go for it, if there are too many. */
  add(invitation: Invitation): Invitation | undefined {
    this.#byInviter.delete(invitation.from);
    this.#byInviter.set(invitation.from, invitation);
    const [oldest] = this.#byInviter.values();
    return oldest !== undefined && this.#byInviter.size > maximumInvitations
      ? this.take(oldest.from)
      : undefined;
  }

  take(from: string): Invitation | undefined {
    const invitation = this.#byInviter.get(from);
    this.#byInviter.delete(from);
    return invitation;
  }

  takeExpired(now: number): Invitation[] {
    const expired = [...this.#byInviter.values()].filter(({expiresAt}) => expiresAt <= now);
    for (const {from} of expired) this.#byInviter.delete(from);
    return expired;
  }
}
