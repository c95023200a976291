import {roomKey} from '../names/key.ts';
import type {Command, Dialect} from './commands.ts';
import type {ChatEvent} from './events.ts';
import {Invitations} from './invitations.ts';
import {Links} from './links.ts';
import type {Refusal} from './refusals.ts';
import {type Room, Rooms} from './rooms.ts';
import {type User, Users} from './users.ts';
import {type InvitationId, type Mode, pendingMs, type UserId} from './words.ts';

export type {Command, Dialect};

export type Outcome = {
  /**
   * Undefined if the command was carried out. Otherwise nothing has changed, with one exception: an invitation whose
   * acceptance is refused is used up.
   */
  readonly refusal: Refusal | undefined;
  readonly events: readonly ChatEvent[];
  /** The user who has connected. */
  readonly user?: UserId;
};

/**
 * Users, rooms and invitations: the rules that all protocols share.
 *
 * Deterministic: the same commands in the same order give the same events with the same
 * identifiers, on any machine. No clock, no randomness, no network.
 */
export class Chat {
  readonly #users: Users;
  readonly #rooms = new Rooms();
  readonly #invitations = new Invitations();
  readonly #links = new Links();
  #events: ChatEvent[] = [];

  /**
   * @param maximumUsers Users of all dialects together.
   * @param dialects All dialects that are spoken: everybody has a name in each.
   */
  constructor(maximumUsers: number, dialects: Iterable<Dialect>) {
    this.#users = new Users(maximumUsers, dialects);
  }

  apply(command: Command): Outcome {
    this.#events = [];
    const result = this.#carryOut(command);
    return typeof result === 'number'
      ? {refusal: undefined, events: this.#events, user: result}
      : {refusal: result, events: this.#events};
  }

  /** Number of connected users. */
  get size(): number {
    return this.#users.size;
  }

  /** Everybody, in the order in which they came. */
  users(): Iterable<User> {
    return this.#users.all();
  }

  user(id: UserId): User | undefined {
    return this.#users.get(id);
  }

  /** The user who has that nickname, however it is spelt. */
  find(nickname: string): User | undefined {
    return this.#users.find(nickname);
  }

  /** The user who has that name in that dialect, however it is spelt. */
  findIn(dialect: string, name: string): User | undefined {
    return this.#users.findIn(dialect, name);
  }

  /** The private room in which that user is. */
  roomOf(id: UserId): Room | undefined {
    return this.#rooms.get(this.#users.get(id)?.room);
  }

  /** The users in the same room, which may be the public one, in the order in which they came. */
  membersOf(id: UserId): Iterable<User> {
    const room = this.roomOf(id);
    return room === undefined ? this.#users.inPublic() : this.usersIn(room);
  }

  /** The named room of that name, however it is spelt. */
  findRoom(name: string): Room | undefined {
    return this.#rooms.find(roomKey(name));
  }

  /** All dialects that are spoken, by name. */
  get dialects(): ReadonlyMap<string, Dialect> {
    return this.#users.dialects;
  }

  /** Whether somebody has a name with that key in that dialect. */
  isTaken(dialect: string, key: string): boolean {
    return this.#users.isTaken(dialect, key);
  }

  usersIn({members}: Room): Iterable<User> {
    return this.#users.each(members);
  }

  rooms(): Iterable<Room> {
    return this.#rooms.all();
  }

  /** Changes whenever a list of users, rooms or members changes. */
  get rosterVersion(): number {
    return this.#users.version;
  }

  /** When an `expire` command has something to do; Infinity if nothing is pending. */
  get nextExpiry(): number {
    return Math.min(this.#invitations.nextExpiry, this.#links.nextExpiry);
  }

  #carryOut(command: Command): Refusal | UserId | undefined {
    if (command.type === 'connect') return this.#connect(command);
    if (command.type === 'expire') return this.#expire(command.now);
    const user = this.#users.get(command.user);
    if (user === undefined) return 'no-such-user';
    switch (command.type) {
      case 'disconnect':
        return this.#disconnect(user);
      case 'say':
        return this.#say(user, command.scope, command.text);
      case 'tell':
        return this.#tell(user, command.to, command.text);
      case 'create-room':
        return this.#createRoom(user, command);
      case 'enter-room':
        return this.#enterNamedRoom(user, command.key);
      case 'leave-room':
        return this.#leaveRoom(user);
      case 'invite':
        return this.#invite(user, command);
      case 'accept':
        return this.#accept(user, command.invitation);
      case 'decline':
        return this.#decline(user, command.invitation);
      case 'request-link':
        return this.#requestLink(user, command.to, command.now);
      case 'accept-link':
        return this.#acceptLink(user, command.from);
      case 'close-link':
        return this.#closeLink(user, command.with);
    }
  }

  #connect(command: Extract<Command, {type: 'connect'}>): Refusal | UserId {
    const added = this.#users.add(command);
    if (typeof added === 'string') return added;
    this.#emit({type: 'arrived', ...who(added), to: ids(this.#users.all())});
    return added.id;
  }

  #disconnect(user: User): undefined {
    if (user.room !== undefined) this.#leaveRoom(user);
    const invitations = this.#invitations.takeOf(user.id);
    this.#users.remove(user);
    this.#endInvitations(invitations);
    for (const other of this.#links.takeOf(user.id)) {
      this.#emit({type: 'link-closed', ...who(user), to: [other]});
    }
    this.#emit({type: 'departed', ...who(user), to: ids(this.#users.all())});
  }

  #say(user: User, scope: 'public' | 'room', text: string): Refusal | undefined {
    if (scope === 'public' && user.room !== undefined) return 'already-in-room';
    if (scope === 'room' && user.room === undefined) return 'not-in-room';
    if (this.roomOf(user.id)?.mode === 'decentralised') return 'decentralised';
    const to: UserId[] = [];
    for (const {id} of this.membersOf(user.id)) if (id !== user.id) to.push(id);
    this.#emit({type: 'said', scope, text, ...who(user), to});
    return undefined;
  }

  #tell(user: User, to: UserId, text: string): Refusal | undefined {
    const recipient = this.#users.get(to);
    if (recipient === undefined) return 'no-such-user';
    if (recipient.room !== user.room) return 'not-in-same-room';
    if (this.roomOf(user.id)?.mode === 'decentralised') return 'decentralised';
    const scope = user.room === undefined ? 'public' : 'room';
    this.#emit({type: 'told', scope, text, ...who(user), to: [recipient.id]});
    return undefined;
  }

  #createRoom(
    user: User,
    {name, key, mode, maximumMembers}: Extract<Command, {type: 'create-room'}>,
  ): Refusal | undefined {
    if (user.dialect.maximumRoomMembers === 0) return 'unsupported';
    if (maximumMembers < 2) return 'room-size-invalid';
    if (this.#rooms.find(key) !== undefined) return 'room-name-in-use';
    if (this.#hasAllRoomsOf(user)) return 'too-many-rooms';
    this.#moveInto(user, this.#rooms.open({founder: user, name, key, mode, maximumMembers}));
    return undefined;
  }

  #enterNamedRoom(user: User, key: string): Refusal | undefined {
    const room = this.#rooms.find(key);
    if (room === undefined) return 'no-such-room';
    if (room.id === user.room) return 'already-in-room';
    const refusal = this.#admission(room, user);
    if (refusal !== undefined) return refusal;
    this.#moveInto(user, room);
    return undefined;
  }

  #leaveRoom(user: User): Refusal | undefined {
    const room = this.#rooms.get(user.room);
    if (room === undefined) return 'not-in-room';
    this.#endInvitations(this.#invitations.takeFrom(user.id));
    this.#rooms.removeMember(room, user);
    this.#users.move(user, undefined);
    this.#emit({type: 'member-left', ...where(room), ...who(user), to: [...room.members]});
    if (room.members.size > 1) return undefined;
    for (const last of this.#users.each(room.members)) {
      this.#endInvitations(this.#invitations.takeFrom(last.id));
      this.#users.move(last, undefined);
      this.#emit({type: 'room-closed', ...where(room), to: [last.id]});
    }
    this.#rooms.close(room);
    return undefined;
  }

  /** The pending invitations of a user who goes to another room end, also those sent from the public room. */
  #moveInto(user: User, room: Room): void {
    if (user.room === undefined) this.#endInvitations(this.#invitations.takeFrom(user.id));
    else this.#leaveRoom(user);
    this.#enter(user, room);
  }

  #enter(user: User, room: Room): void {
    const others = [...room.members];
    this.#rooms.addMember(room, user);
    this.#users.move(user, room.id);
    this.#emit({
      type: 'room-entered',
      ...where(room),
      ...who(user),
      members: [...room.members],
      to: [user.id],
    });
    this.#emit({type: 'member-joined', ...where(room), ...who(user), to: others});
  }

  #invite(user: User, {to, mode, now}: Extract<Command, {type: 'invite'}>): Refusal | undefined {
    const invitee = this.#users.get(to);
    if (invitee === undefined || invitee === user) return 'no-such-user';
    const room = this.#rooms.get(user.room);
    if (invitee.dialect.maximumRoomMembers === 0 || user.dialect.maximumRoomMembers === 0) {
      return 'unsupported';
    }
    if ((room?.mode ?? mode) === 'decentralised' && invitee.dialect.name !== user.dialect.name) {
      return 'unsupported';
    }
    const canChange = user.dialect.changesRooms && invitee.dialect.changesRooms;
    if (invitee.room !== undefined && (invitee.room === user.room || !canChange)) {
      return 'already-in-room';
    }
    if (room === undefined && this.#hasAllRoomsOf(user)) return 'too-many-rooms';
    if (room !== undefined && this.#isFull(room, invitee)) return 'room-full';
    const added = this.#invitations.add({
      inviter: user.id,
      invitee: invitee.id,
      mode: room?.mode ?? mode,
      room: room?.id,
      expiresAt: now + pendingMs,
    });
    if (added === 'too-many-invitations') return added;
    this.#endInvitations(added.replaced);
    this.#emit({
      type: 'invited',
      invitation: added.id,
      mode: room?.mode ?? mode,
      ...who(user),
      to: [invitee.id],
    });
    return undefined;
  }

  #accept(user: User, id: InvitationId): Refusal | undefined {
    const invitation = this.#invitations.get(id);
    if (invitation?.invitee !== user.id) return 'no-such-invitation';
    const inviter = this.#users.get(invitation.inviter);
    if (inviter === undefined) return 'no-such-invitation';
    const room = this.#rooms.get(invitation.room);
    this.#invitations.remove(invitation);
    if (room === undefined) {
      if (this.#hasAllRoomsOf(inviter)) return 'too-many-rooms';
      this.#moveInto(user, this.#openFor(inviter, invitation.mode));
      return undefined;
    }
    if (room.id === user.room) return 'already-in-room';
    const refusal = this.#admission(room, user);
    if (refusal === undefined) this.#moveInto(user, room);
    return refusal;
  }

  /** Why that user may not enter. */
  #admission(room: Room, user: User): Refusal | undefined {
    const {maximumRoomMembers, name} = user.dialect;
    if (maximumRoomMembers === 0) return 'unsupported';
    if (room.mode === 'decentralised' && room.founder.dialect.name !== name) return 'unsupported';
    return this.#isFull(room, user) ? 'room-full' : undefined;
  }

  /** Whether the room is full for that newcomer. It grows no larger than the program of any member can hold. */
  #isFull({maximumMembers, members}: Room, newcomer: User): boolean {
    let capacity = Math.min(maximumMembers, newcomer.dialect.maximumRoomMembers);
    for (const {dialect} of this.#users.each(members)) {
      capacity = Math.min(capacity, dialect.maximumRoomMembers);
    }
    return members.size >= capacity;
  }

  #hasAllRoomsOf({dialect}: User): boolean {
    return this.#rooms.openedBy(dialect) >= dialect.maximumRooms;
  }

  /** The room for an inviter's pending invitations of one mode. The first invitee who accepts opens it. */
  #openFor(inviter: User, mode: Mode): Room {
    const room = this.#rooms.open({
      founder: inviter,
      name: undefined,
      key: undefined,
      mode,
      maximumMembers: inviter.dialect.maximumRoomMembers,
    });
    this.#endInvitations(this.#invitations.bind(inviter.id, mode, room.id));
    this.#enter(inviter, room);
    return room;
  }

  #decline(user: User, id: InvitationId): Refusal | undefined {
    const invitation = this.#invitations.get(id);
    if (invitation?.invitee !== user.id) return 'no-such-invitation';
    this.#invitations.remove(invitation);
    this.#emit({type: 'invitation-declined', ...who(user), to: [invitation.inviter]});
    return undefined;
  }

  #requestLink(user: User, to: UserId, now: number): Refusal | undefined {
    const other = this.#users.get(to);
    if (other === undefined || other === user) return 'no-such-user';
    if (!user.dialect.hasLinks || !other.dialect.hasLinks) return 'unsupported';
    if (!this.#links.request(user.id, other.id, now + pendingMs)) return 'link-exists';
    this.#emit({type: 'link-requested', ...who(user), to: [other.id]});
    return undefined;
  }

  #acceptLink(user: User, from: UserId): Refusal | undefined {
    const asker = this.#users.get(from);
    if (asker === undefined) return 'no-such-user';
    if (!this.#links.accept(asker.id, user.id)) return 'no-such-link';
    this.#emit({type: 'link-opened', wasAsked: false, ...who(user), to: [asker.id]});
    this.#emit({type: 'link-opened', wasAsked: true, ...who(asker), to: [user.id]});
    return undefined;
  }

  #closeLink(user: User, id: UserId): Refusal | undefined {
    const other = this.#users.get(id);
    if (other === undefined) return 'no-such-user';
    const state = this.#links.close(user.id, other.id);
    if (state === undefined) return 'no-such-link';
    const type = state === 'asked' ? 'link-refused' : 'link-closed';
    this.#emit({type, ...who(user), to: [other.id]});
    return undefined;
  }

  #expire(now: number): undefined {
    this.#endInvitations(this.#invitations.takeExpired(now));
    for (const {asker, asked} of this.#links.takeExpired(now)) {
      const user = this.#users.get(asked);
      if (user !== undefined) this.#emit({type: 'link-refused', ...who(user), to: [asker]});
    }
  }

  #endInvitations(ended: Iterable<{readonly id: InvitationId; readonly invitee: UserId}>): void {
    for (const {id, invitee} of ended) {
      if (this.#users.get(invitee) === undefined) continue;
      this.#emit({type: 'invitation-ended', invitation: id, to: [invitee]});
    }
  }

  /** Drops events without a reader. */
  #emit(event: ChatEvent): void {
    if (event.to.length > 0) this.#events.push(event);
  }
}

function who({id, nickname, aliases}: User) {
  return aliases === undefined ? {user: id, nickname} : {user: id, nickname, aliases};
}

function where({id, name, mode}: Room) {
  return {room: id, name, mode};
}

function ids(users: Iterable<User>): UserId[] {
  return Array.from(users, ({id}) => id);
}
