import type {InvitationId, Mode, RoomId, UserId} from './words.ts';

export type Invitation = {
  readonly id: InvitationId;
  readonly inviter: UserId;
  readonly invitee: UserId;
  readonly mode: Mode;
  /** Undefined until the inviter has a room: the first invitee who accepts opens it. */
  readonly room: RoomId | undefined;
  readonly expiresAt: number;
};

/** Unanswered invitations of one user. More would be a flood. */
export const maximumPending = 256;

/** The pending invitations: at most one from each user to each other. */
export class Invitations {
  readonly #byId = new Map<InvitationId, Invitation>();
  readonly #bySender = new Map<UserId, Map<UserId, InvitationId>>();
  readonly #byReceiver = new Map<UserId, Set<InvitationId>>();
  #lastId = 0;

  get(id: InvitationId): Invitation | undefined {
    return this.#byId.get(id);
  }

  /** Invitations are added in the order of their expiry, because all have the same time. */
  get nextExpiry(): number {
    for (const {expiresAt} of this.#byId.values()) return expiresAt;
    return Number.POSITIVE_INFINITY;
  }

  /** A second invitation to the same user replaces the first. */
  add(
    invitation: Omit<Invitation, 'id'>,
  ):
    | {readonly id: InvitationId; readonly replaced: readonly Invitation[]}
    | 'too-many-invitations' {
    const {inviter, invitee} = invitation;
    const former = this.#byId.get(this.#bySender.get(inviter)?.get(invitee) ?? 0);
    if (former === undefined && (this.#bySender.get(inviter)?.size ?? 0) >= maximumPending) {
      return 'too-many-invitations';
    }
    if (former !== undefined) this.remove(former);
    const id = ++this.#lastId;
    this.#store({...invitation, id});
    return {id, replaced: former === undefined ? [] : [former]};
  }

  remove({id, inviter, invitee}: Invitation): void {
    this.#byId.delete(id);
    const sent = this.#bySender.get(inviter);
    sent?.delete(invitee);
    if (sent?.size === 0) this.#bySender.delete(inviter);
    const received = this.#byReceiver.get(invitee);
    received?.delete(id);
    if (received?.size === 0) this.#byReceiver.delete(invitee);
  }

  /**
   * That user's room has been opened: their other invitations of the same mode lead into it now.
   *
   * @returns The invitations of the other mode, which are over.
   */
  bind(inviter: UserId, mode: Mode, room: RoomId): Invitation[] {
    const ended: Invitation[] = [];
    for (const invitation of this.#sentBy(inviter)) {
      if (invitation.mode === mode) this.#byId.set(invitation.id, {...invitation, room});
      else ended.push(invitation);
    }
    return this.#take(ended);
  }

  takeFrom(inviter: UserId): Invitation[] {
    return this.#take(this.#sentBy(inviter));
  }

  /** Removes all invitations that the user has sent or received. @returns Them. */
  takeOf(user: UserId): Invitation[] {
    const received = [...(this.#byReceiver.get(user) ?? [])].flatMap(
      id => this.#byId.get(id) ?? [],
    );
    return this.#take([...this.#sentBy(user), ...received]);
  }

  takeExpired(now: number): Invitation[] {
    const expired: Invitation[] = [];
    for (const invitation of this.#byId.values()) {
      if (invitation.expiresAt > now) break;
      expired.push(invitation);
    }
    return this.#take(expired);
  }

  #store(invitation: Invitation): void {
    const {id, inviter, invitee} = invitation;
    this.#byId.set(id, invitation);
    const sent = this.#bySender.get(inviter) ?? new Map<UserId, InvitationId>();
    this.#bySender.set(inviter, sent.set(invitee, id));
    const received = this.#byReceiver.get(invitee) ?? new Set<InvitationId>();
    this.#byReceiver.set(invitee, received.add(id));
  }

  #sentBy(inviter: UserId): Invitation[] {
    return [...(this.#bySender.get(inviter)?.values() ?? [])].flatMap(
      id => this.#byId.get(id) ?? [],
    );
  }

  #take(invitations: Invitation[]): Invitation[] {
    for (const invitation of invitations) this.remove(invitation);
    return invitations;
  }
}
