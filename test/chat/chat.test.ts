import {describe, expect, test} from 'vitest';
import {Chat, type Command, type Dialect, type Outcome} from '../../source/chat/chat.ts';
import type {ChatEvent} from '../../source/chat/events.ts';
import {maximumPending} from '../../source/chat/invitations.ts';
import {type InvitationId, type Mode, pendingMs, type UserId} from '../../source/chat/words.ts';
import {roomKey} from '../../source/names/key.ts';
import {register} from './register.ts';

const withRooms: Dialect = {
  name: 'with-rooms',
  isNickname: () => true,
  maximumUsers: 1000,
  maximumRoomMembers: 100,
  maximumRooms: 100,
  changesRooms: false,
  hasLinks: false,
};
const changing: Dialect = {...withRooms, name: 'changing', changesRooms: true};
const small: Dialect = {...withRooms, name: 'small', maximumRoomMembers: 3};
const withLinks: Dialect = {
  ...withRooms,
  name: 'with-links',
  maximumRoomMembers: 0,
  hasLinks: true,
};

/** A chat in which the people of the test talk by their nicknames. */
class Scene {
  readonly chat: Chat;
  #now = 0;

  constructor(maximumUsers = 1000, ...others: readonly Dialect[]) {
    const dialects = [withRooms, changing, small, withLinks, ...others];
    this.chat = new Chat(maximumUsers, dialects);
  }

  /** The outcome of a command, with nicknames in place of identifiers. */
  apply(command: Command): {refusal: string | undefined; events: readonly ChatEvent[]} {
    return this.chat.apply(command);
  }

  register(nickname: string, dialect: Dialect = withRooms): Outcome {
    return register(this.chat, nickname, dialect);
  }

  connect(nickname: string, dialect: Dialect = withRooms): UserId {
    const {user, refusal} = this.register(nickname, dialect);
    if (user === undefined) throw new Error(`${nickname} is refused: ${refusal}`);
    return user;
  }

  connectAll(dialect: Dialect, ...nicknames: readonly string[]): void {
    for (const nickname of nicknames) this.connect(nickname, dialect);
  }

  id(nickname: string): UserId {
    const user = this.chat.find(nickname);
    if (user === undefined) throw new Error(`${nickname} is not here`);
    return user.id;
  }

  /** Like {@link id}, or an identifier that is nobody's. */
  #whom(nickname: string): UserId {
    return this.chat.find(nickname)?.id ?? 0;
  }

  ids(...nicknames: readonly string[]): UserId[] {
    return nicknames.map(nickname => this.id(nickname));
  }

  invite(from: string, nickname: string, mode: Mode = 'centralised') {
    const to = this.#whom(nickname);
    return this.chat.apply({type: 'invite', user: this.id(from), to, mode, now: this.#now});
  }

  /** An invitation that is sent and carried out. */
  invitation(from: string, nickname: string, mode: Mode = 'centralised'): InvitationId {
    const {events, refusal} = this.invite(from, nickname, mode);
    const invited = events.find(event => event.type === 'invited');
    if (invited === undefined) throw new Error(`${from} cannot invite ${nickname}: ${refusal}`);
    return invited.invitation;
  }

  accept(nickname: string, invitation: InvitationId) {
    return this.chat.apply({type: 'accept', user: this.id(nickname), invitation});
  }

  decline(nickname: string, invitation: InvitationId) {
    return this.chat.apply({type: 'decline', user: this.id(nickname), invitation});
  }

  create(nickname: string, name: string, {mode = 'centralised' as Mode, maximumMembers = 10} = {}) {
    return this.chat.apply({
      type: 'create-room',
      user: this.id(nickname),
      name,
      key: roomKey(name),
      mode,
      maximumMembers,
    });
  }

  enter(nickname: string, name: string) {
    return this.chat.apply({type: 'enter-room', user: this.id(nickname), key: roomKey(name)});
  }

  leave(nickname: string) {
    return this.chat.apply({type: 'leave-room', user: this.id(nickname)});
  }

  disconnect(nickname: string) {
    return this.chat.apply({type: 'disconnect', user: this.id(nickname)});
  }

  say(nickname: string, text: string, scope: 'public' | 'room' = 'public') {
    return this.chat.apply({type: 'say', user: this.id(nickname), scope, text});
  }

  tell(nickname: string, to: string, text: string) {
    return this.chat.apply({type: 'tell', user: this.id(nickname), to: this.#whom(to), text});
  }

  link(type: 'accept-link' | 'close-link', nickname: string, other: string) {
    const [user, peer] = [this.id(nickname), this.#whom(other)];
    return this.chat.apply(
      type === 'accept-link' ? {type, user, from: peer} : {type, user, with: peer},
    );
  }

  requestLink(from: string, nickname: string) {
    return this.chat.apply({
      type: 'request-link',
      user: this.id(from),
      to: this.#whom(nickname),
      now: this.#now,
    });
  }

  /** Lets time pass, and what is over end. */
  pass(durationMs: number) {
    this.#now += durationMs;
    return this.chat.apply({type: 'expire', now: this.#now});
  }

  /** Puts people into one room, the first of them inviting the others. */
  gather(mode: Mode, inviter: string, ...others: readonly string[]): void {
    for (const other of others) this.accept(other, this.invitation(inviter, other, mode));
  }

  members(nickname: string): string[] {
    return Array.from(this.chat.membersOf(this.id(nickname)), member => member.nickname);
  }

  isInRoom(nickname: string): boolean {
    return this.chat.roomOf(this.id(nickname)) !== undefined;
  }
}

const done = {refusal: undefined};
function refused(refusal: string) {
  return {refusal, events: []};
}

describe('connecting', () => {
  test('everybody is told of an arrival, the newcomer too', () => {
    const scene = new Scene();
    const alice = scene.connect('alice');
    const outcome = scene.register('bob');
    const bob = scene.id('bob');
    expect(outcome).toEqual({
      refusal: undefined,
      user: bob,
      events: [{type: 'arrived', user: bob, nickname: 'bob', to: [alice, bob]}],
    });
  });

  test.each([
    ['case', 'alice', 'ALICE'],
    ['case beyond ASCII', 'Zoë', 'ZOË'],
    ['width', 'alice', 'ａｌｉｃｅ'],
    ['width and case', 'alice', 'ＡＬＩＣＥ'],
    ['the composition of accents', 'zo\u00eb', 'zoe\u0308'],
    ['ligatures', 'ﬁona', 'fiona'],
    ['a sigma at the end of the word', 'ΟΔΟΣ', 'οδοσ'],
  ])('two nicknames that differ in %s alone are the same', (_difference, one, other) => {
    const scene = new Scene();
    scene.connect(one);
    const second = scene.register(other, changing);
    expect(second).toEqual(refused('name-in-use'));
    expect(scene.chat.find(other)?.nickname).toBe(one);
    expect(scene.chat.size).toBe(1);
  });

  test('an accent makes another nickname', () => {
    const scene = new Scene();
    scene.connect('zoe');
    expect(scene.register('zoë')).toMatchObject(done);
  });

  test('an empty nickname is invalid', () => {
    const scene = new Scene();
    const outcome = scene.register('');
    expect(outcome).toEqual(refused('name-invalid'));
  });

  test('a full hub refuses until somebody leaves', () => {
    const scene = new Scene(2);
    scene.connectAll(withRooms, 'alice', 'bob');
    const third = () => scene.register('carl', changing);
    expect(third()).toEqual(refused('hub-full'));
    scene.disconnect('alice');
    expect(third()).toMatchObject(done);
  });

  test('a dialect that is full refuses its own users only, until one of them leaves', () => {
    const lonely = {...withRooms, name: 'lonely', maximumUsers: 1};
    const scene = new Scene(1000, lonely);
    scene.connect('alice', lonely);
    const second = () => scene.register('bob', lonely);
    expect(second()).toEqual(refused('hub-full'));
    scene.connect('carl', withRooms);
    expect(second()).toEqual(refused('hub-full'));
    scene.disconnect('alice');
    expect(second()).toMatchObject(done);
  });

  test('a nickname is free when its owner has disconnected, an identifier never', () => {
    const scene = new Scene();
    const first = scene.connect('alice');
    scene.disconnect('alice');
    expect(scene.connect('alice')).not.toBe(first);
  });
});

describe('disconnecting', () => {
  test('those who stay are told', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob');
    const [alice, bob] = scene.ids('alice', 'bob');
    expect(scene.disconnect('alice')).toEqual({
      refusal: undefined,
      events: [{type: 'departed', user: alice, nickname: 'alice', to: [bob]}],
    });
    expect(scene.chat.find('alice')).toBeUndefined();
    expect(scene.chat.size).toBe(1);
  });

  test('a user who is gone can do nothing any more', () => {
    const scene = new Scene();
    const alice = scene.connect('alice');
    const bob = scene.connect('bob');
    scene.disconnect('alice');
    const grave = {name: 'grave', key: roomKey('grave')};
    const commands: Command[] = [
      {type: 'disconnect', user: alice},
      {type: 'say', user: alice, scope: 'public', text: 'boo'},
      {type: 'tell', user: alice, to: bob, text: 'boo'},
      {type: 'create-room', user: alice, ...grave, mode: 'centralised', maximumMembers: 2},
      {type: 'enter-room', user: alice, key: grave.key},
      {type: 'leave-room', user: alice},
      {type: 'invite', user: alice, to: bob, mode: 'centralised', now: 0},
      {type: 'accept', user: alice, invitation: 1},
      {type: 'decline', user: alice, invitation: 1},
      {type: 'request-link', user: alice, to: bob, now: 0},
      {type: 'accept-link', user: alice, from: bob},
      {type: 'close-link', user: alice, with: bob},
    ];
    expect(commands.map(command => scene.apply(command))).toEqual(
      commands.map(() => refused('no-such-user')),
    );
  });

  test('from a room of three leaves a room of two', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob', 'carl');
    scene.gather('centralised', 'alice', 'bob', 'carl');
    const [alice, bob, carl] = scene.ids('alice', 'bob', 'carl');
    expect(scene.disconnect('alice').events).toMatchObject([
      {type: 'member-left', user: alice, to: [bob, carl]},
      {type: 'departed', user: alice, to: [bob, carl]},
    ]);
    expect(scene.members('bob')).toEqual(['bob', 'carl']);
  });

  test('from a room of two closes it', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob');
    scene.gather('decentralised', 'alice', 'bob');
    const [alice, bob] = scene.ids('alice', 'bob');
    expect(scene.disconnect('alice').events).toMatchObject([
      {type: 'member-left', user: alice, to: [bob]},
      {type: 'room-closed', mode: 'decentralised', to: [bob]},
      {type: 'departed', user: alice, to: [bob]},
    ]);
    expect(scene.isInRoom('bob')).toBe(false);
    expect([...scene.chat.rooms()]).toEqual([]);
  });

  test('the invitations that the departed had received end without a word to them', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob');
    scene.invitation('alice', 'bob');
    const bob = scene.id('bob');
    const told = scene.disconnect('bob').events.flatMap(({to}) => to);
    expect(told).not.toContain(bob);
    expect(scene.chat.nextExpiry).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('saying', () => {
  test('what is said in public reaches everybody there but the author', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob', 'carl', 'dora');
    scene.connect('lina', withLinks);
    scene.gather('centralised', 'carl', 'dora');
    const [alice, bob, lina] = scene.ids('alice', 'bob', 'lina');
    expect(scene.say('alice', 'salut')).toEqual({
      refusal: undefined,
      events: [
        {
          type: 'said',
          scope: 'public',
          text: 'salut',
          user: alice,
          nickname: 'alice',
          to: [bob, lina],
        },
      ],
    });
  });

  test('what is said in a room reaches its other members alone', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob', 'carl', 'dora');
    scene.gather('centralised', 'alice', 'bob', 'carl');
    const [bob, carl] = scene.ids('bob', 'carl');
    expect(scene.say('alice', 'psst', 'room').events).toMatchObject([
      {type: 'said', scope: 'room', text: 'psst', to: [bob, carl]},
    ]);
  });

  test('nobody in a private room speaks in public', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob', 'carl');
    scene.gather('centralised', 'alice', 'bob');
    expect(scene.say('alice', 'salut')).toEqual(refused('already-in-room'));
  });

  test('nobody in public speaks in a room', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob');
    expect(scene.say('alice', 'psst', 'room')).toEqual(refused('not-in-room'));
  });

  test('the members of a decentralised room speak to each other: nothing is passed on for them', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob');
    scene.gather('decentralised', 'alice', 'bob');
    expect(scene.say('alice', 'psst', 'room')).toEqual(refused('decentralised'));
    expect(scene.tell('alice', 'bob', 'psst')).toEqual(refused('decentralised'));
  });

  test('a text is said even if nobody else is there to read it', () => {
    const scene = new Scene();
    scene.connect('alice');
    expect(scene.say('alice', 'hello?')).toEqual({refusal: undefined, events: []});
  });
});

describe('telling one user alone', () => {
  test('reaches that user, however the name is spelt', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob', 'carl');
    const [alice, bob] = scene.ids('alice', 'bob');
    expect(scene.tell('alice', 'BOB', 'psst')).toEqual({
      refusal: undefined,
      events: [
        {type: 'told', scope: 'public', text: 'psst', user: alice, nickname: 'alice', to: [bob]},
      ],
    });
  });

  test('a nickname that nobody has is refused', () => {
    const scene = new Scene();
    scene.connect('alice');
    expect(scene.tell('alice', 'bob', 'psst')).toEqual(refused('no-such-user'));
  });

  test('does not reach from the public room into a private one, or the other way', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob', 'carl');
    scene.gather('centralised', 'alice', 'bob');
    expect(scene.tell('carl', 'alice', 'psst')).toEqual(refused('not-in-same-room'));
    expect(scene.tell('alice', 'carl', 'psst')).toEqual(refused('not-in-same-room'));
    expect(scene.tell('alice', 'bob', 'psst')).toMatchObject(done);
  });
});

describe('named rooms', () => {
  test('a user who creates one is in it, alone', () => {
    const scene = new Scene();
    const alice = scene.connect('alice', changing);
    expect(scene.create('alice', 'projet', {mode: 'decentralised'}).events).toMatchObject([
      {
        type: 'room-entered',
        name: 'projet',
        mode: 'decentralised',
        user: alice,
        members: [alice],
        to: [alice],
      },
    ]);
    expect([...scene.chat.rooms()]).toMatchObject([
      {name: 'projet', founder: {id: alice, nickname: 'alice'}, maximumMembers: 10},
    ]);
  });

  test('are open to everybody: the newcomer is told who is there, they of the newcomer', () => {
    const scene = new Scene();
    scene.connectAll(changing, 'alice', 'bob', 'carl');
    const [alice, bob, carl] = scene.ids('alice', 'bob', 'carl');
    scene.create('alice', 'Projet');
    scene.enter('bob', 'projet');
    expect(scene.enter('carl', 'PROJET').events).toMatchObject([
      {type: 'room-entered', name: 'Projet', user: carl, members: [alice, bob, carl], to: [carl]},
      {type: 'member-joined', name: 'Projet', user: carl, to: [alice, bob]},
    ]);
    expect(scene.members('alice')).toEqual(['alice', 'bob', 'carl']);
  });

  test('a name is for one room, however it is spelt, until that room closes', () => {
    const scene = new Scene();
    scene.connectAll(changing, 'alice', 'bob');
    scene.create('alice', 'projet');
    expect(scene.create('bob', 'PROJET')).toEqual(refused('room-name-in-use'));
    scene.leave('alice');
    expect(scene.create('bob', 'PROJET')).toMatchObject(done);
  });

  test.each([1, 0, -1])('a room for %i is no room', maximumMembers => {
    const scene = new Scene();
    scene.connect('alice', changing);
    const outcome = scene.create('alice', 'cell', {maximumMembers});
    expect(outcome).toEqual(refused('room-size-invalid'));
  });

  test('a room that is full lets nobody in until somebody leaves', () => {
    const scene = new Scene();
    scene.connectAll(changing, 'alice', 'bob', 'carl', 'dora');
    scene.create('alice', 'projet', {maximumMembers: 3});
    scene.enter('bob', 'projet');
    scene.enter('carl', 'projet');
    expect(scene.enter('dora', 'projet')).toEqual(refused('room-full'));
    scene.leave('bob');
    expect(scene.enter('dora', 'projet')).toMatchObject(done);
  });

  test('a room holds no more than its founder’s program can', () => {
    const scene = new Scene();
    scene.connectAll(small, 'alice', 'bob', 'carl', 'dora');
    scene.create('alice', 'projet', {maximumMembers: 50});
    scene.enter('bob', 'projet');
    scene.enter('carl', 'projet');
    expect(scene.enter('dora', 'projet')).toEqual(refused('room-full'));
  });

  test('nobody enters a room that is larger than their program can hold', () => {
    const scene = new Scene();
    scene.connectAll(changing, 'alice', 'bob', 'carl');
    scene.connect('sam', small);
    scene.create('alice', 'projet');
    scene.enter('bob', 'projet');
    scene.enter('carl', 'projet');
    expect(scene.enter('sam', 'projet')).toEqual(refused('room-full'));
  });

  test('a room grows no larger than the program of any of its members can hold', () => {
    const scene = new Scene();
    scene.connectAll(changing, 'alice', 'bob', 'carl');
    scene.connect('sam', small);
    scene.create('alice', 'projet');
    scene.enter('sam', 'projet');
    scene.enter('bob', 'projet');
    expect(scene.enter('carl', 'projet')).toEqual(refused('room-full'));
  });

  test('a room that does not exist cannot be entered', () => {
    const scene = new Scene();
    scene.connect('alice', changing);
    expect(scene.enter('alice', 'projet')).toEqual(refused('no-such-room'));
  });

  test('the room one is in cannot be entered again', () => {
    const scene = new Scene();
    scene.connect('alice', changing);
    scene.create('alice', 'projet');
    expect(scene.enter('alice', 'projet')).toEqual(refused('already-in-room'));
  });

  test('a program without rooms neither creates nor enters one', () => {
    const scene = new Scene();
    scene.connect('lina', withLinks);
    scene.connect('alice', changing);
    scene.create('alice', 'projet');
    expect(scene.create('lina', 'other')).toEqual(refused('unsupported'));
    expect(scene.enter('lina', 'projet')).toEqual(refused('unsupported'));
  });

  test('a decentralised room is entered by users of its founder’s dialect alone', () => {
    const scene = new Scene();
    scene.connectAll(changing, 'alice', 'bob');
    scene.connect('carl', withRooms);
    scene.create('alice', 'projet', {mode: 'decentralised'});
    expect(scene.enter('carl', 'projet')).toEqual(refused('unsupported'));
    expect(scene.enter('bob', 'projet')).toMatchObject(done);
  });

  test('entering another room leaves the first, and a room of two closes by it', () => {
    const scene = new Scene();
    scene.connectAll(changing, 'alice', 'bob', 'carl');
    const [alice, bob, carl] = scene.ids('alice', 'bob', 'carl');
    scene.create('alice', 'first');
    scene.enter('bob', 'first');
    scene.create('carl', 'second');
    expect(scene.enter('bob', 'second').events).toMatchObject([
      {type: 'member-left', name: 'first', user: bob, to: [alice]},
      {type: 'room-closed', name: 'first', to: [alice]},
      {type: 'room-entered', name: 'second', members: [carl, bob], to: [bob]},
      {type: 'member-joined', name: 'second', user: bob, to: [carl]},
    ]);
    expect(Array.from(scene.chat.rooms(), ({name}) => name)).toEqual(['second']);
    expect(scene.isInRoom('alice')).toBe(false);
  });

  test('creating another room leaves the first', () => {
    const scene = new Scene();
    scene.connect('alice', changing);
    scene.create('alice', 'first');
    expect(scene.create('alice', 'second')).toMatchObject(done);
    expect(Array.from(scene.chat.rooms(), ({name}) => name)).toEqual(['second']);
  });

  test('a room that was left by all is open to be created anew', () => {
    const scene = new Scene();
    scene.connectAll(changing, 'alice', 'bob');
    scene.create('alice', 'projet', {mode: 'decentralised'});
    scene.enter('bob', 'projet');
    scene.disconnect('alice');
    expect(scene.enter('bob', 'projet')).toEqual(refused('no-such-room'));
    expect(scene.create('bob', 'projet', {mode: 'centralised'})).toMatchObject(done);
  });

  test('a dialect has at most its number of rooms; closing one makes room for another', () => {
    const two = {...changing, name: 'two', maximumRooms: 2};
    const scene = new Scene(1000, two);
    scene.connectAll(two, 'alice', 'bob', 'carl', 'dora');
    scene.create('alice', 'first');
    scene.create('bob', 'second');
    expect(scene.create('carl', 'third')).toEqual(refused('too-many-rooms'));
    expect(scene.invite('carl', 'dora')).toEqual(refused('too-many-rooms'));
    scene.leave('bob');
    expect(scene.create('carl', 'third')).toMatchObject(done);
  });
});

describe('invitations', () => {
  test('reach the invitee alone, with the inviter’s name and the mode', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob', 'carl');
    const [alice, bob] = scene.ids('alice', 'bob');
    expect(scene.invite('alice', 'BOB', 'decentralised')).toEqual({
      refusal: undefined,
      events: [
        {
          type: 'invited',
          invitation: 1,
          mode: 'decentralised',
          user: alice,
          nickname: 'alice',
          to: [bob],
        },
      ],
    });
    expect(scene.isInRoom('alice')).toBe(false);
  });

  test('the first acceptance opens the room, with the inviter in it', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob');
    const [alice, bob] = scene.ids('alice', 'bob');
    const invitation = scene.invitation('alice', 'bob', 'decentralised');
    expect(scene.accept('bob', invitation).events).toMatchObject([
      {type: 'room-entered', mode: 'decentralised', name: undefined, members: [alice], to: [alice]},
      {type: 'room-entered', members: [alice, bob], to: [bob]},
      {type: 'member-joined', user: bob, nickname: 'bob', to: [alice]},
    ]);
    expect(scene.members('alice')).toEqual(['alice', 'bob']);
  });

  test('the others of the same mode are into that room now, those of the other mode are over', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob', 'carl', 'dora');
    const toBob = scene.invitation('alice', 'bob', 'centralised');
    const toCarl = scene.invitation('alice', 'carl', 'centralised');
    const toDora = scene.invitation('alice', 'dora', 'decentralised');
    expect(scene.accept('bob', toBob).events).toContainEqual({
      type: 'invitation-ended',
      invitation: toDora,
      to: scene.ids('dora'),
    });
    expect(scene.accept('dora', toDora)).toEqual(refused('no-such-invitation'));
    expect(scene.accept('carl', toCarl)).toMatchObject(done);
    expect(scene.members('carl')).toEqual(['alice', 'bob', 'carl']);
  });

  test('those of somebody in a room are into it, in its mode and with its name', () => {
    const scene = new Scene();
    scene.connectAll(changing, 'alice', 'bob');
    scene.create('alice', 'projet', {mode: 'decentralised'});
    const {events} = scene.invite('alice', 'bob', 'centralised');
    expect(events).toMatchObject([{type: 'invited', mode: 'decentralised'}]);
    scene.accept('bob', 1);
    expect(scene.members('bob')).toEqual(['alice', 'bob']);
  });

  test('every member can invite into the room', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob', 'carl');
    scene.gather('centralised', 'alice', 'bob');
    scene.accept('carl', scene.invitation('bob', 'carl'));
    expect(scene.members('alice')).toEqual(['alice', 'bob', 'carl']);
  });

  test('the inviter is told of a refusal, and the invitation is over', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob');
    const [alice, bob] = scene.ids('alice', 'bob');
    const invitation = scene.invitation('alice', 'bob');
    expect(scene.decline('bob', invitation)).toEqual({
      refusal: undefined,
      events: [{type: 'invitation-declined', user: bob, nickname: 'bob', to: [alice]}],
    });
    expect(scene.accept('bob', invitation)).toEqual(refused('no-such-invitation'));
    expect(scene.decline('bob', invitation)).toEqual(refused('no-such-invitation'));
  });

  test('are answered by their invitee alone', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob', 'carl');
    const invitation = scene.invitation('alice', 'bob');
    for (const other of ['alice', 'carl']) {
      expect(scene.accept(other, invitation)).toEqual(refused('no-such-invitation'));
      expect(scene.decline(other, invitation)).toEqual(refused('no-such-invitation'));
    }
    expect(scene.accept('bob', invitation)).toMatchObject(done);
  });

  test('are accepted once', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob', 'carl');
    const invitation = scene.invitation('alice', 'bob');
    scene.accept('bob', invitation);
    expect(scene.accept('bob', invitation)).toEqual(refused('no-such-invitation'));
  });

  test.each(['nobody', 'alice'])('%s cannot be invited by alice', nickname => {
    const scene = new Scene();
    scene.connect('alice');
    expect(scene.invite('alice', nickname)).toEqual(refused('no-such-user'));
  });

  test.each<[string, (scene: Scene) => readonly ChatEvent[]]>([
    ['disconnects', scene => scene.disconnect('alice').events],
    ['creates a room', scene => scene.create('alice', 'other').events],
    ['enters a room', scene => scene.enter('alice', 'lobby').events],
    [
      'accepts somebody else’s invitation',
      scene => scene.accept('alice', scene.invitation('carl', 'alice')).events,
    ],
  ])('end when the inviter %s', (_what, move) => {
    const scene = new Scene();
    scene.connectAll(changing, 'alice', 'bob', 'carl', 'dora');
    scene.create('dora', 'lobby');
    const invitation = scene.invitation('alice', 'bob');
    const ended = move(scene).filter(({type}) => type === 'invitation-ended');
    expect(ended).toEqual([{type: 'invitation-ended', invitation, to: scene.ids('bob')}]);
    expect(scene.accept('bob', invitation)).toEqual(refused('no-such-invitation'));
  });

  test('into a room end when the inviter leaves it, though others stay', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob', 'carl', 'dora');
    scene.gather('centralised', 'alice', 'bob', 'carl');
    const byAlice = scene.invitation('alice', 'dora');
    const byBob = scene.invitation('bob', 'dora');
    expect(scene.leave('alice').events).toContainEqual({
      type: 'invitation-ended',
      invitation: byAlice,
      to: scene.ids('dora'),
    });
    expect(scene.accept('dora', byAlice)).toEqual(refused('no-such-invitation'));
    expect(scene.accept('dora', byBob)).toMatchObject(done);
  });

  test('into a room end when it closes, those of the last member too', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob', 'carl');
    scene.gather('centralised', 'alice', 'bob');
    const byLast = scene.invitation('bob', 'carl');
    expect(scene.leave('alice').events).toContainEqual({
      type: 'invitation-ended',
      invitation: byLast,
      to: scene.ids('carl'),
    });
    expect(scene.accept('carl', byLast)).toEqual(refused('no-such-invitation'));
  });

  test('end after 5 minutes, and not a millisecond before', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob', 'carl');
    const first = scene.invitation('alice', 'bob');
    expect(scene.chat.nextExpiry).toBe(pendingMs);
    expect(scene.pass(pendingMs - 1).events).toEqual([]);
    const second = scene.invitation('alice', 'carl');
    expect(scene.pass(1).events).toEqual([
      {type: 'invitation-ended', invitation: first, to: scene.ids('bob')},
    ]);
    expect(scene.accept('bob', first)).toEqual(refused('no-such-invitation'));
    expect(scene.chat.nextExpiry).toBe(2 * pendingMs - 1);
    expect(scene.accept('carl', second)).toMatchObject(done);
    expect(scene.chat.nextExpiry).toBe(Number.POSITIVE_INFINITY);
  });

  test('keep their time when the room is opened', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob', 'carl');
    const toCarl = scene.invitation('alice', 'carl');
    scene.pass(1000);
    scene.accept('bob', scene.invitation('alice', 'bob'));
    expect(scene.pass(pendingMs - 1000).events).toMatchObject([
      {type: 'invitation-ended', invitation: toCarl},
    ]);
  });

  test('a second one to the same user takes the place of the first, with a time of its own', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob');
    const first = scene.invitation('alice', 'bob', 'centralised');
    scene.pass(1000);
    const {events} = scene.invite('alice', 'bob', 'decentralised');
    expect(events).toMatchObject([
      {type: 'invitation-ended', invitation: first, to: scene.ids('bob')},
      {type: 'invited', mode: 'decentralised', to: scene.ids('bob')},
    ]);
    expect(scene.accept('bob', first)).toEqual(refused('no-such-invitation'));
    expect(scene.chat.nextExpiry).toBe(1000 + pendingMs);
  });

  test('each from another inviter can be pending, and the others stay when one is accepted', () => {
    const scene = new Scene();
    scene.connectAll(changing, 'alice', 'bob', 'carl');
    const fromAlice = scene.invitation('alice', 'carl');
    const fromBob = scene.invitation('bob', 'carl');
    expect(scene.accept('carl', fromAlice)).toMatchObject(done);
    expect(scene.accept('carl', fromBob)).toMatchObject(done);
    expect(scene.members('carl')).toEqual(['bob', 'carl']);
    expect(scene.isInRoom('alice')).toBe(false);
  });

  test(`one user has ${maximumPending} pending and no more; an answer makes place`, () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'late');
    const names = Array.from({length: maximumPending}, (_, index) => `user${index}`);
    scene.connectAll(withRooms, ...names);
    const invitations = names.map(name => scene.invitation('alice', name));
    expect(scene.invite('alice', 'late')).toEqual(refused('too-many-invitations'));
    expect(scene.invite('alice', 'user3')).toMatchObject(done);
    scene.decline('user0', invitations[0] ?? 0);
    expect(scene.invite('alice', 'late')).toMatchObject(done);
  });

  test('somebody in a room is not invited unless both can change rooms', () => {
    const scene = new Scene();
    scene.connectAll(changing, 'alice', 'bob', 'carl');
    scene.connectAll(withRooms, 'rita', 'rolf', 'rosa');
    scene.gather('centralised', 'bob', 'carl');
    scene.gather('centralised', 'rita', 'rolf');
    expect(scene.invite('rosa', 'rita')).toEqual(refused('already-in-room'));
    expect(scene.invite('rosa', 'bob')).toEqual(refused('already-in-room'));
    expect(scene.invite('alice', 'rita')).toEqual(refused('already-in-room'));
    expect(scene.invite('alice', 'bob')).toMatchObject(done);
  });

  test('nobody is invited into the room they are in', () => {
    const scene = new Scene();
    scene.connectAll(changing, 'alice', 'bob');
    scene.gather('centralised', 'alice', 'bob');
    expect(scene.invite('alice', 'bob')).toEqual(refused('already-in-room'));
  });

  test('an invitee who has entered the room by its name meanwhile is in it already', () => {
    const scene = new Scene();
    scene.connectAll(changing, 'alice', 'bob');
    scene.create('alice', 'projet');
    const invitation = scene.invitation('alice', 'bob');
    scene.enter('bob', 'projet');
    expect(scene.accept('bob', invitation)).toEqual(refused('already-in-room'));
    expect(scene.members('bob')).toEqual(['alice', 'bob']);
  });

  test('an invitee who accepts leaves the room they were in, which closes if one stays', () => {
    const scene = new Scene();
    scene.connectAll(changing, 'alice', 'bob', 'carl');
    scene.gather('centralised', 'bob', 'carl');
    const [alice, bob, carl] = scene.ids('alice', 'bob', 'carl');
    const {events} = scene.accept('bob', scene.invitation('alice', 'bob'));
    expect(events).toMatchObject([
      {type: 'room-entered', user: alice, to: [alice]},
      {type: 'member-left', user: bob, to: [carl]},
      {type: 'room-closed', to: [carl]},
      {type: 'room-entered', members: [alice, bob], to: [bob]},
      {type: 'member-joined', user: bob, to: [alice]},
    ]);
    expect(scene.members('carl')).toEqual(['carl']);
    expect([...scene.chat.rooms()]).toHaveLength(1);
  });

  test('between dialects are into centralised rooms alone', () => {
    const scene = new Scene();
    scene.connect('alice', changing);
    scene.connect('bob', withRooms);
    expect(scene.invite('alice', 'bob', 'decentralised')).toEqual(refused('unsupported'));
    const invitation = scene.invitation('alice', 'bob', 'centralised');
    expect(scene.accept('bob', invitation)).toMatchObject(done);
  });

  test('into a decentralised room do not reach other dialects, whatever mode was asked for', () => {
    const scene = new Scene();
    scene.connect('alice', changing);
    scene.connect('bob', withRooms);
    scene.create('alice', 'projet', {mode: 'decentralised'});
    expect(scene.invite('alice', 'bob', 'centralised')).toEqual(refused('unsupported'));
  });

  test('nobody without rooms is invited, or invites', () => {
    const scene = new Scene();
    scene.connect('alice');
    scene.connect('lina', withLinks);
    expect(scene.invite('alice', 'lina')).toEqual(refused('unsupported'));
    expect(scene.invite('lina', 'alice')).toEqual(refused('unsupported'));
  });

  test('nobody is invited into a full room, and a room that has become full refuses an invitee who accepts', () => {
    const scene = new Scene();
    scene.connectAll(small, 'alice', 'bob', 'carl', 'dora', 'eve');
    const toDora = scene.invitation('alice', 'dora');
    scene.gather('centralised', 'alice', 'bob', 'carl');
    expect(scene.invite('alice', 'eve')).toEqual(refused('room-full'));
    expect(scene.accept('dora', toDora)).toEqual(refused('room-full'));
    expect(scene.isInRoom('dora')).toBe(false);
  });

  test('an invitee whose program cannot hold so many members is not invited, though others are', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob', 'carl', 'dora');
    scene.connect('sam', small);
    scene.gather('centralised', 'alice', 'bob', 'carl');
    expect(scene.invite('alice', 'sam')).toEqual(refused('room-full'));
    expect(scene.invite('alice', 'dora')).toMatchObject(done);
  });

  test('the room that an acceptance would open counts', () => {
    const one = {...withRooms, name: 'one', maximumRooms: 1};
    const scene = new Scene(1000, one);
    scene.connectAll(one, 'alice', 'bob', 'carl', 'dora');
    const second = scene.invitation('carl', 'dora');
    scene.gather('centralised', 'alice', 'bob');
    expect(scene.accept('dora', second)).toEqual(refused('too-many-rooms'));
    expect(scene.isInRoom('dora')).toBe(false);
    expect(scene.isInRoom('carl')).toBe(false);
  });
});

describe('leaving', () => {
  test('tells the others, who stay if they are two or more', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob', 'carl');
    scene.gather('centralised', 'alice', 'bob', 'carl');
    const [alice, bob, carl] = scene.ids('alice', 'bob', 'carl');
    expect(scene.leave('alice')).toEqual({
      refusal: undefined,
      events: [
        {
          type: 'member-left',
          room: 1,
          name: undefined,
          mode: 'centralised',
          user: alice,
          nickname: 'alice',
          to: [bob, carl],
        },
      ],
    });
    expect(scene.members('alice')).toEqual(['alice']);
  });

  test('a room of two closes it, and the last is back in public', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob');
    scene.gather('centralised', 'alice', 'bob');
    const [alice, bob] = scene.ids('alice', 'bob');
    expect(scene.leave('bob').events).toMatchObject([
      {type: 'member-left', user: bob, to: [alice]},
      {type: 'room-closed', room: 1, to: [alice]},
    ]);
    expect(scene.say('alice', 'salut').events).toMatchObject([{scope: 'public', to: [bob]}]);
    expect([...scene.chat.rooms()]).toEqual([]);
  });

  test('the public room is not possible', () => {
    const scene = new Scene();
    scene.connect('alice');
    expect(scene.leave('alice')).toEqual(refused('not-in-room'));
  });

  test('the public room lists who is in it in the order of coming or coming back', () => {
    const scene = new Scene();
    scene.connectAll(withRooms, 'alice', 'bob', 'carl');
    scene.gather('centralised', 'alice', 'bob');
    scene.leave('bob');
    expect(new Set(scene.members('carl'))).toEqual(new Set(['carl', 'alice', 'bob']));
    expect(scene.members('carl')[0]).toBe('carl');
  });
});

describe('the version of the lists', () => {
  test('changes with every arrival, move and departure, and with nothing else', () => {
    const scene = new Scene();
    const versions: number[] = [];
    const note = () => versions.push(scene.chat.rosterVersion);
    note();
    scene.connectAll(changing, 'alice', 'bob');
    note();
    const invitation = scene.invitation('alice', 'bob');
    scene.say('alice', 'salut');
    scene.create('bob', 'cell', {maximumMembers: 1});
    expect(scene.chat.rosterVersion).toBe(versions.at(-1));
    scene.accept('bob', invitation);
    note();
    scene.leave('bob');
    note();
    scene.disconnect('bob');
    note();
    expect(new Set(versions).size).toBe(versions.length);
  });
});

describe('links', () => {
  function pair(): Scene {
    const scene = new Scene();
    scene.connectAll(withLinks, 'alice', 'bob');
    return scene;
  }

  test('are asked for, accepted, and open for both', () => {
    const scene = pair();
    const [alice, bob] = scene.ids('alice', 'bob');
    expect(scene.requestLink('alice', 'BOB')).toEqual({
      refusal: undefined,
      events: [{type: 'link-requested', user: alice, nickname: 'alice', to: [bob]}],
    });
    expect(scene.link('accept-link', 'bob', 'alice')).toEqual({
      refusal: undefined,
      events: [
        {type: 'link-opened', wasAsked: false, user: bob, nickname: 'bob', to: [alice]},
        {type: 'link-opened', wasAsked: true, user: alice, nickname: 'alice', to: [bob]},
      ],
    });
  });

  test('can be refused, and asked for again', () => {
    const scene = pair();
    const [alice, bob] = scene.ids('alice', 'bob');
    scene.requestLink('alice', 'bob');
    expect(scene.link('close-link', 'bob', 'alice')).toEqual({
      refusal: undefined,
      events: [{type: 'link-refused', user: bob, nickname: 'bob', to: [alice]}],
    });
    expect(scene.link('accept-link', 'bob', 'alice')).toEqual(refused('no-such-link'));
    expect(scene.requestLink('alice', 'bob')).toMatchObject(done);
  });

  test('a request can be taken back by the user who made it', () => {
    const scene = pair();
    const [alice, bob] = scene.ids('alice', 'bob');
    scene.requestLink('alice', 'bob');
    expect(scene.link('close-link', 'alice', 'bob').events).toEqual([
      {type: 'link-closed', user: alice, nickname: 'alice', to: [bob]},
    ]);
    expect(scene.link('accept-link', 'bob', 'alice')).toEqual(refused('no-such-link'));
  });

  test.each([
    ['alice', 'bob'],
    ['bob', 'alice'],
  ])('an open one can be closed by %s', (closer, other) => {
    const scene = pair();
    scene.requestLink('alice', 'bob');
    scene.link('accept-link', 'bob', 'alice');
    expect(scene.link('close-link', closer, other).events).toEqual([
      {type: 'link-closed', user: scene.id(closer), nickname: closer, to: scene.ids(other)},
    ]);
    expect(scene.link('close-link', other, closer)).toEqual(refused('no-such-link'));
  });

  test('there is one for a pair, whichever side asks', () => {
    const scene = pair();
    scene.requestLink('alice', 'bob');
    expect(scene.requestLink('alice', 'bob')).toEqual(refused('link-exists'));
    expect(scene.requestLink('bob', 'alice')).toEqual(refused('link-exists'));
    scene.link('accept-link', 'bob', 'alice');
    expect(scene.requestLink('bob', 'alice')).toEqual(refused('link-exists'));
  });

  test('nobody accepts what they have asked for themselves, or twice', () => {
    const scene = pair();
    scene.requestLink('alice', 'bob');
    expect(scene.link('accept-link', 'alice', 'bob')).toEqual(refused('no-such-link'));
    scene.link('accept-link', 'bob', 'alice');
    expect(scene.link('accept-link', 'bob', 'alice')).toEqual(refused('no-such-link'));
  });

  test('somebody can have several, and closing one leaves the others', () => {
    const scene = pair();
    scene.connect('carl', withLinks);
    scene.requestLink('alice', 'bob');
    scene.requestLink('alice', 'carl');
    scene.link('accept-link', 'bob', 'alice');
    scene.link('accept-link', 'carl', 'alice');
    scene.link('close-link', 'alice', 'bob');
    expect(scene.link('close-link', 'carl', 'alice')).toMatchObject(done);
  });

  test('a request that nobody answers is refused after 5 minutes, an open link is not', () => {
    const scene = pair();
    scene.connect('carl', withLinks);
    const [alice, bob] = scene.ids('alice', 'bob');
    scene.requestLink('alice', 'carl');
    scene.link('accept-link', 'carl', 'alice');
    scene.requestLink('alice', 'bob');
    expect(scene.chat.nextExpiry).toBe(pendingMs);
    expect(scene.pass(pendingMs - 1).events).toEqual([]);
    expect(scene.pass(1).events).toEqual([
      {type: 'link-refused', user: bob, nickname: 'bob', to: [alice]},
    ]);
    expect(scene.chat.nextExpiry).toBe(Number.POSITIVE_INFINITY);
    expect(scene.link('close-link', 'alice', 'carl')).toMatchObject(done);
  });

  test('all of them end for the other side when somebody disconnects', () => {
    const scene = pair();
    scene.connect('carl', withLinks);
    scene.requestLink('alice', 'bob');
    scene.link('accept-link', 'bob', 'alice');
    scene.requestLink('carl', 'alice');
    const [alice, bob, carl] = scene.ids('alice', 'bob', 'carl');
    expect(scene.disconnect('alice').events).toEqual([
      {type: 'link-closed', user: alice, nickname: 'alice', to: [bob]},
      {type: 'link-closed', user: alice, nickname: 'alice', to: [carl]},
      {type: 'departed', user: alice, nickname: 'alice', to: [bob, carl]},
    ]);
    expect(scene.chat.nextExpiry).toBe(Number.POSITIVE_INFINITY);
    scene.connect('alice', withLinks);
    expect(scene.link('close-link', 'bob', 'alice')).toEqual(refused('no-such-link'));
  });

  test('are for two programs that have them', () => {
    const scene = pair();
    scene.connect('rita', withRooms);
    expect(scene.requestLink('alice', 'rita')).toEqual(refused('unsupported'));
    expect(scene.requestLink('rita', 'alice')).toEqual(refused('unsupported'));
  });

  test('are for two: nobody has one to themselves, or to nobody', () => {
    const scene = pair();
    expect(scene.requestLink('alice', 'alice')).toEqual(refused('no-such-user'));
    expect(scene.requestLink('alice', 'nobody')).toEqual(refused('no-such-user'));
    expect(scene.link('accept-link', 'alice', 'nobody')).toEqual(refused('no-such-user'));
    expect(scene.link('close-link', 'alice', 'nobody')).toEqual(refused('no-such-user'));
    expect(scene.link('close-link', 'alice', 'bob')).toEqual(refused('no-such-link'));
  });
});

test('a user is found by identifier and by name, and listed in the order of coming', () => {
  const scene = new Scene();
  scene.connectAll(withRooms, 'carl', 'alice', 'bob');
  expect(Array.from(scene.chat.users(), ({nickname}) => nickname)).toEqual([
    'carl',
    'alice',
    'bob',
  ]);
  expect(scene.chat.user(scene.id('alice'))).toMatchObject({nickname: 'alice', room: undefined});
  expect(scene.chat.user(99)).toBeUndefined();
});
