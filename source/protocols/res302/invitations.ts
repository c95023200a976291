import type {Mode} from '../protocol.ts';

export type Invitation = {
  readonly from: string;
  readonly mode: Mode;
  /** Of the F: the answer carries it. */
  readonly sequence: number;
  readonly expiresAt: number;
};

/** The invitations we have not answered: the newest of each inviter. */
export class Invitations {
  /** In the order of their expiry, for their time is the same for all. */
  readonly #byInviter = new Map<string, Invitation>();

  /** When the oldest expires; Infinity if there is none. */
  get dueAt(): number {
    for (const {expiresAt} of this.#byInviter.values()) return expiresAt;
    return Number.POSITIVE_INFINITY;
  }

  add(invitation: Invitation): void {
    this.#byInviter.delete(invitation.from);
    this.#byInviter.set(invitation.from, invitation);
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
