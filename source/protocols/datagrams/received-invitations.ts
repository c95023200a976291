import type {Mode} from '../protocol.ts';

export type ReceivedInvitation = {
  readonly from: string;
  readonly mode: Mode;
  /** Of the room, if it has a name. */
  readonly room?: string;
  /** Of the hub's message: the answer carries it. */
  readonly sequence: number;
  readonly expiresAt: number;
};

/** A hub lets no more of them wait for one user: half of the numbers that the smallest counter has. */
export const maximumPendingInvitations = 64;

/** The invitations we have not answered: the newest of each inviter. */
export class ReceivedInvitations {
  /** In the order of their expiry, for their time is the same for all. */
  readonly #byInviter = new Map<string, ReceivedInvitation>();

  /** When the oldest expires; Infinity if there is none. */
  get dueAt(): number {
    for (const {expiresAt} of this.#byInviter.values()) return expiresAt;
    return Number.POSITIVE_INFINITY;
  }

  /** @returns The one that had to go for it, if there are too many. */
  add(invitation: ReceivedInvitation): ReceivedInvitation | undefined {
    this.#byInviter.delete(invitation.from);
    this.#byInviter.set(invitation.from, invitation);
    const [oldest] = this.#byInviter.values();
    return oldest !== undefined && this.#byInviter.size > maximumPendingInvitations
      ? this.take(oldest.from)
      : undefined;
  }

  take(from: string): ReceivedInvitation | undefined {
    const invitation = this.#byInviter.get(from);
    this.#byInviter.delete(from);
    return invitation;
  }

  takeExpired(now: number): ReceivedInvitation[] {
    const expired = [...this.#byInviter.values()].filter(({expiresAt}) => expiresAt <= now);
    for (const {from} of expired) this.#byInviter.delete(from);
    return expired;
  }
}
