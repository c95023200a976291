import assert from 'node:assert/strict';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {Chat, type Command, type Dialect, type Outcome} from '../../source/chat/chat.ts';
import type {ChatEvent} from '../../source/chat/events.ts';
import {registration} from '../../source/chat/naming.ts';
import {
  type InvitationId,
  type Mode,
  pendingMs,
  type RoomId,
  type UserId,
} from '../../source/chat/words.ts';
import {nameKey, roomKey} from '../../source/names/key.ts';
import {seeds} from '../network/random.ts';
import {register} from './register.ts';

const limits = {
  isNickname: () => true,
  maximumUsers: 3,
  maximumRoomMembers: 4,
  maximumRooms: 2,
};
const byInvitation: Dialect = {...limits, name: 'invited', changesRooms: false, hasLinks: false};
const named: Dialect = {
  ...limits,
  maximumRoomMembers: 3,
  name: 'named',
  changesRooms: true,
  hasLinks: false,
};
const linked: Dialect = {
  ...limits,
  name: 'linked',
  maximumRoomMembers: 0,
  changesRooms: false,
  hasLinks: true,
};

const dialects = [byInvitation, named, linked];

/** More people than the hub and each dialect have room for. Some of them want the same name. */
const people: readonly {readonly nickname: string; readonly dialect: Dialect}[] = [
  {nickname: 'alice', dialect: byInvitation},
  {nickname: 'bob', dialect: byInvitation},
  {nickname: 'carl', dialect: byInvitation},
  {nickname: 'dora', dialect: byInvitation},
  {nickname: 'ALICE', dialect: named},
  {nickname: 'ｂｏｂ', dialect: named},
  {nickname: 'eve', dialect: named},
  {nickname: 'fred', dialect: named},
  {nickname: 'gina', dialect: linked},
  {nickname: 'hugo', dialect: linked},
];
const maximumUsers = 7;
const roomNames = ['projet', 'PROJET', 'lobby'];

const kinds = [
  ...['connect', 'connect', 'connect', 'disconnect', 'say', 'tell', 'create-room'],
  ...['enter-room', 'leave-room', 'invite', 'invite', 'invite', 'accept', 'accept', 'accept'],
  ...['decline', 'request-link', 'accept-link', 'close-link', 'expire'],
] as const;

/** A command as numbers, which become one in view of what has happened before. */
type Draft = {
  readonly kind: string;
  readonly actor: number;
  readonly other: number;
  readonly choice: number;
};

const drafts = fc.array(
  fc.record({
    kind: fc.constantFrom(...kinds),
    actor: fc.nat(people.length - 1),
    other: fc.nat(people.length - 1),
    choice: fc.nat(11),
  }),
  {maxLength: 60, size: 'max'},
);

type Pending = {
  readonly inviter: UserId;
  readonly invitee: UserId;
  readonly mode: Mode;
  /** Undefined until the first who accepts opens it. */
  readonly room: RoomId | undefined;
  readonly expiresAt: number;
};
type Link = {
  readonly asker: UserId;
  readonly asked: UserId;
  readonly expiresAt: number;
  readonly isOpen: boolean;
};

/**
 * The chat as those who are told of it must picture it: made from the events alone, each of which is
 * checked against the picture before it changes it.
 */
class Picture {
  readonly chat = new Chat(maximumUsers, dialects);
  readonly twin = new Chat(maximumUsers, dialects);
  now = 0;
  readonly seen = new Set<string>();
  readonly #ids = new Map<number, UserId>();
  readonly #connected = new Map<UserId, string>();
  readonly #rooms = new Map<RoomId, Set<UserId>>();
  readonly #roomOf = new Map<UserId, RoomId>();
  readonly #hadTwo = new Set<RoomId>();
  readonly #invitations = new Map<InvitationId, Pending>();
  readonly #links = new Map<string, Link>();

  run({kind, actor, other, choice}: Draft): void {
    const command = this.#command(kind, actor, other, choice);
    const before = this.chat.rosterVersion;
    const outcome = this.chat.apply(command);
    const copy: Command = JSON.parse(JSON.stringify(command));
    assert.deepEqual(this.twin.apply(copy), outcome, 'two machines give the same events');
    this.seen.add(`${outcome.refusal ?? command.type}`);
    if (outcome.refusal !== undefined) {
      assert.deepEqual(outcome.events, [], 'a refusal causes nothing');
      assert.equal(this.chat.rosterVersion, before, 'a refusal moves nobody');
    }
    this.#prepare(command, outcome);
    for (const event of outcome.events) this.#witness(event, command);
    this.#conclude(command, outcome);
    if (command.type === 'connect' && outcome.user !== undefined)
      this.#ids.set(actor, outcome.user);
    this.#compare();
  }

  /** Everybody goes, and nothing is left of them. */
  empty(): void {
    for (const user of [...this.#connected.keys()]) {
      const outcome = this.chat.apply({type: 'disconnect', user});
      assert.equal(outcome.refusal, undefined);
    }
    assert.equal(this.chat.size, 0);
    assert.deepEqual([...this.chat.users()], []);
    assert.deepEqual([...this.chat.rooms()], []);
    assert.equal(this.chat.nextExpiry, Number.POSITIVE_INFINITY);
    for (const dialect of [byInvitation, named]) {
      for (let number = 0; number < limits.maximumUsers; number++) {
        const nickname = `${dialect.name}${number}`;
        const {user = 0} = register(this.chat, nickname, dialect);
        assert.ok(user > 0, 'all places are free again');
        const mode = 'centralised';
        const named = {name: nickname, key: roomKey(nickname)};
        const room: Command = {type: 'create-room', user, ...named, mode, maximumMembers: 4};
        const refusal = number < limits.maximumRooms ? undefined : 'too-many-rooms';
        assert.equal(this.chat.apply(room).refusal, refusal, 'as many rooms as ever');
      }
    }
  }

  #command(kind: string, actor: number, other: number, choice: number): Command {
    // Mostly of those who are here; sometimes of anybody, who may be gone or never have come.
    const here = choice === 11 ? [] : [...this.#connected];
    const [user] = here[actor % Math.max(here.length, 1)] ?? [this.#ids.get(actor) ?? 0];
    const [to] = here[other % Math.max(here.length, 1)] ?? [this.#ids.get(other) ?? 0];
    const mode = choice % 3 === 0 ? ('decentralised' as const) : ('centralised' as const);
    const name = roomNames[choice % roomNames.length] ?? '';
    const now = this.now;
    switch (kind) {
      case 'disconnect':
      case 'leave-room':
        return {type: kind, user};
      case 'say':
        return {type: 'say', user, scope: choice % 2 === 0 ? 'public' : 'room', text: 'salut'};
      case 'tell':
        return {type: 'tell', user, to, text: 'psst'};
      case 'create-room':
        return {type: kind, user, name, key: roomKey(name), mode, maximumMembers: choice % 5};
      case 'enter-room':
        return {type: 'enter-room', user, key: roomKey(name)};
      case 'invite':
        return {type: 'invite', user, to, mode, now};
      case 'accept':
      case 'decline': {
        // Mostly somebody's own that is pending; sometimes any, which has to be refused.
        const pending = [...this.#invitations];
        const [invitation, {invitee}] = pending[other % Math.max(pending.length, 1)] ?? [
          choice,
          {invitee: user},
        ];
        return {type: kind, user: choice === 0 ? user : invitee, invitation};
      }
      case 'request-link':
        return {type: kind, user: this.#ids.get(8 + (actor % 2)) ?? user, to, now};
      case 'accept-link':
      case 'close-link': {
        const [link] = this.#links.values();
        const isAny = link === undefined || choice === 0;
        const [closer, peer] = isAny ? [user, to] : [link.asked, link.asker];
        return kind === 'accept-link'
          ? {type: kind, user: closer, from: peer}
          : {type: kind, user: closer, with: peer};
      }
      case 'expire':
        this.now += (choice * pendingMs) / 8;
        return {type: 'expire', now: this.now};
      default: {
        const {nickname: own = '', dialect = named} = people[actor] ?? {};
        const command = registration(this.chat, own, dialect);
        assert.ok(command !== undefined, 'everybody has a name that can be one');
        return command;
      }
    }
  }

  /** The changes by the command itself, before anybody is told. */
  #prepare(command: Command, {refusal, user}: Outcome): void {
    if (command.type === 'accept' || command.type === 'decline') {
      const invitation = this.#invitations.get(command.invitation);
      const isOwn = invitation?.invitee === command.user;
      const isHere = this.#connected.has(command.user);
      if (isHere) assert.equal(refusal === 'no-such-invitation', !isOwn, 'pending ones are known');
      if (isOwn) this.#invitations.delete(command.invitation);
    }
    if (refusal !== undefined) return;
    if (command.type === 'connect') {
      assert.ok(user !== undefined && !this.#connected.has(user), 'an identifier is used once');
      this.#connected.set(user, command.nickname);
    } else if (command.type === 'disconnect') {
      this.#connected.delete(command.user);
    }
  }

  #witness(event: ChatEvent, command: Command): void {
    this.seen.add(event.type);
    const to = [...event.to].sort((one, other) => one - other);
    assert.ok(to.length > 0, 'an event is for somebody');
    assert.equal(new Set(to).size, to.length, 'nobody is told twice');
    for (const reader of to) {
      assert.ok(this.#connected.has(reader), `${event.type} to somebody who is gone`);
    }
    const everybody = [...this.#connected.keys()];
    switch (event.type) {
      case 'arrived':
      case 'departed':
        assert.deepEqual(to, everybody);
        break;
      case 'said': {
        const room = this.#roomOf.get(event.user);
        assert.equal(event.scope, room === undefined ? 'public' : 'room');
        const readers = everybody.filter(id => this.#roomOf.get(id) === room && id !== event.user);
        assert.deepEqual(to, readers, 'what is said is for the others in the same room');
        break;
      }
      case 'told':
        assert.equal(to.length, 1);
        assert.equal(this.#roomOf.get(to[0] ?? 0), this.#roomOf.get(event.user));
        break;
      case 'invited': {
        assert.equal(to.length, 1);
        const [invitee = 0] = to;
        assert.notEqual(invitee, event.user);
        const expiresAt = this.now + pendingMs;
        const room = this.#roomOf.get(event.user);
        const pending = {inviter: event.user, invitee, mode: event.mode, room, expiresAt};
        this.#invitations.set(event.invitation, pending);
        break;
      }
      case 'invitation-ended':
        assert.deepEqual(to, [this.#invitations.get(event.invitation)?.invitee]);
        this.#invitations.delete(event.invitation);
        break;
      case 'invitation-declined':
        assert.equal(command.type, 'decline');
        assert.equal(to.length, 1);
        break;
      case 'room-entered': {
        assert.deepEqual(to, [event.user]);
        this.#dissolve(event.user);
        const members = this.#rooms.get(event.room) ?? new Set();
        members.add(event.user);
        this.#rooms.set(event.room, members);
        this.#roomOf.set(event.user, event.room);
        if (members.size > 1) this.#hadTwo.add(event.room);
        assert.deepEqual(event.members, [...members], 'who enters is told of everybody there');
        if (command.type === 'accept' && event.user !== command.user) {
          for (const [id, pending] of this.#invitations) {
            if (pending.inviter !== event.user) continue;
            assert.equal(pending.mode, event.mode, 'those of the other mode have ended');
            this.#invitations.set(id, {...pending, room: event.room});
          }
        }
        break;
      }
      case 'member-joined':
        assert.equal(this.#roomOf.get(event.user), event.room);
        assert.deepEqual(to, this.#others(event.room, event.user));
        break;
      case 'member-left':
        assert.equal(this.#roomOf.get(event.user), event.room);
        assert.deepEqual(to, this.#others(event.room, event.user));
        this.#rooms.get(event.room)?.delete(event.user);
        this.#roomOf.delete(event.user);
        break;
      case 'room-closed':
        assert.deepEqual(to, [...(this.#rooms.get(event.room) ?? [])]);
        assert.equal(to.length, 1, 'a room closes for the last one in it');
        this.#rooms.delete(event.room);
        this.#roomOf.delete(to[0] ?? 0);
        break;
      case 'link-requested': {
        assert.equal(to.length, 1);
        const [asked = 0] = to;
        const expiresAt = this.now + pendingMs;
        const link = {asker: event.user, asked, expiresAt, isOpen: false};
        assert.ok(!this.#links.has(pair(event.user, asked)), 'one link for a pair');
        this.#links.set(pair(event.user, asked), link);
        break;
      }
      case 'link-opened': {
        const key = pair(event.user, to[0] ?? 0);
        const link = this.#links.get(key);
        assert.ok(link !== undefined);
        assert.equal(event.wasAsked, link.asked === to[0]);
        this.#links.set(key, {...link, isOpen: true});
        break;
      }
      case 'link-refused':
      case 'link-closed':
        assert.ok(this.#links.delete(pair(event.user, to[0] ?? 0)), 'what ends was there');
        break;
    }
  }

  /** The changes of which nobody is told, because nobody is there. */
  #conclude(command: Command, {refusal}: Outcome): void {
    if (refusal !== undefined) return;
    if (command.type === 'leave-room') {
      this.#dissolve(command.user);
    } else if (command.type === 'disconnect') {
      this.#dissolve(command.user);
      for (const [id, {inviter, invitee}] of this.#invitations) {
        assert.notEqual(inviter, command.user, 'invitations end with their inviter');
        if (invitee === command.user) this.#invitations.delete(id);
      }
    } else if (command.type === 'accept') {
      const room = this.#roomOf.get(command.user);
      assert.ok(room !== undefined, 'whoever accepts is in a room');
      assert.ok((this.#rooms.get(room)?.size ?? 0) > 1, 'and not alone');
    } else if (command.type === 'expire') {
      for (const {expiresAt} of [...this.#invitations.values(), ...this.#requests()]) {
        assert.ok(expiresAt > command.now, 'what is over has ended');
      }
    }
  }

  /** Somebody who was alone in a room has left it. */
  #dissolve(user: UserId): void {
    const room = this.#roomOf.get(user);
    if (room === undefined) return;
    assert.equal(this.#rooms.get(room)?.size, 1, 'the others are told of who leaves');
    this.#rooms.delete(room);
    this.#roomOf.delete(user);
  }

  #compare(): void {
    const users = [...this.chat.users()];
    assert.equal(this.chat.size, users.length);
    assert.ok(users.length <= maximumUsers);
    assert.deepEqual(
      users.map(({id, nickname}) => [id, nickname]),
      [...this.#connected],
      'everybody knows who is connected',
    );
    const names = new Set(users.map(({nickname}) => nameKey(nickname)));
    assert.equal(names.size, users.length, 'nicknames are unique');
    for (const {id, room, dialect, nickname} of users) {
      assert.equal(room, this.#roomOf.get(id), 'in one room, which all agree on');
      assert.ok(room === undefined || dialect.maximumRoomMembers > 0);
      assert.equal(this.chat.find(nickname)?.id, id);
    }
    const rooms = [...this.chat.rooms()];
    assert.deepEqual(
      rooms.map(({id, members}) => [id, members]),
      [...this.#rooms],
      'everybody knows who is in which room',
    );
    for (const {id, mode, members, maximumMembers} of rooms) {
      assert.ok(members.size > 0, 'no empty room');
      assert.ok(members.size <= maximumMembers);
      assert.ok(members.size > 1 || !this.#hadTwo.has(id), 'no room of one after it had two');
      const dialects = [...members].flatMap(member => this.chat.user(member)?.dialect ?? []);
      const languages = new Set(dialects.map(({name}) => name));
      assert.ok(mode === 'centralised' || languages.size === 1, 'peers speak one language');
      for (const {maximumRoomMembers} of dialects) {
        assert.ok(members.size <= maximumRoomMembers, 'no more than each member can hold');
      }
    }
    const someoneInPublic = users.find(({room}) => room === undefined);
    if (someoneInPublic !== undefined) {
      const inPublic = Array.from(this.chat.membersOf(someoneInPublic.id), ({id}) => id);
      assert.deepEqual(
        inPublic.sort((one, other) => one - other),
        users.filter(({room}) => room === undefined).map(({id}) => id),
      );
    }
    const pending = [...this.#invitations.values()];
    for (const {inviter, invitee, room} of pending) {
      assert.ok(this.#connected.has(inviter) && this.#connected.has(invitee));
      assert.equal(this.#roomOf.get(inviter), room, 'an invitation leads where its inviter is');
    }
    assert.equal(
      this.chat.nextExpiry,
      Math.min(...[...pending, ...this.#requests()].map(({expiresAt}) => expiresAt)),
      'what is pending is what its readers know of',
    );
  }

  #requests(): Link[] {
    return [...this.#links.values()].filter(({isOpen}) => !isOpen);
  }

  #others(room: RoomId, user: UserId): UserId[] {
    return [...(this.#rooms.get(room) ?? [])]
      .filter(id => id !== user)
      .sort((one, other) => one - other);
  }
}

function pair(one: UserId, other: UserId): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}

describe.each(seeds(1, 2))('generated sessions, seed %i', seed => {
  test('the events tell the truth to those whom they concern, and nobody else, on any machine', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(drafts, session => {
        const picture = new Picture();
        for (const draft of session) picture.run(draft);
        picture.empty();
        for (const word of picture.seen) seen.add(word);
      }),
      {seed, numRuns: 1000},
    );
    // The sessions have shown what they are for: each event, and each refusal of the vocabulary but
    // `name-invalid`, because everybody has a valid name, and `too-many-invitations`, because there are too few people.
    const events: readonly ChatEvent['type'][] = [
      ...(['arrived', 'departed', 'said', 'told', 'invited', 'invitation-ended'] as const),
      ...(['invitation-declined', 'room-entered', 'member-joined', 'member-left'] as const),
      ...(['room-closed', 'link-requested', 'link-opened', 'link-refused'] as const),
      'link-closed',
    ];
    const refusals: readonly Exclude<Outcome['refusal'], undefined>[] = [
      ...(['name-in-use', 'hub-full', 'no-such-user', 'not-in-same-room'] as const),
      ...(['already-in-room', 'not-in-room', 'room-name-in-use', 'room-size-invalid'] as const),
      ...(['no-such-room', 'room-full', 'too-many-rooms', 'unsupported'] as const),
      ...(['no-such-invitation', 'link-exists', 'no-such-link'] as const),
    ];
    expect([...events, ...refusals].filter(word => !seen.has(word))).toEqual([]);
  });
});
