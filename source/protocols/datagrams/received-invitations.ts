import type {Mode} from '../protocol.ts';

export type ReceivedInvitation = {
  readonly from: string;
  readonly mode: Mode;
  /** Name of the room, if it has one. */
  readonly room?: string;
  /** Number of the hub's message. The answer carries it. */
  readonly sequence: number;
  readonly expiresAt: number;
};

/** A hub keeps at most this many for one user: half of the numbers of the smallest counter. */
export const maximumPendingInvitations = 64;

/** The invitations that we have not answered: the newest of each inviter. */
export class ReceivedInvitations {
  /** In the order of their expiry, because all have the same time. */
  readonly #byInviter = new Map<string, ReceivedInvitation>();

  /** Time at which the oldest expires; Infinity if there is none. */
  get dueAt(): number {
    for (const {expiresAt} of this.#byInviter.values()) return expiresAt;
    return Number.POSITIVE_INFINITY;
  }

  /** @returns The one that was dropped because there were too many, if any. */
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
