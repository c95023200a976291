import {beforeAll, describe, expect, test} from 'vitest';
import {messagerie} from '../../../source/protocols/messagerie/index.ts';
import {seeds} from '../../network/random.ts';
import {expectOneEnd} from '../../network/scenarios.ts';
import {type SimulatedUser, World} from '../../network/world.ts';

const badNetwork = {loss: 0.3, duplication: 0.3, maximumDelayMs: 800};
const roomNames = ['den', 'lair', 'nest'];
const modes = ['centralised', 'decentralised'] as const;

/** A text that says which one it is, and where its author was when it was said. */
type Sent = {
  readonly author: SimulatedUser;
  readonly id: number;
  readonly text: string;
  /** The room's name; undefined in public. */
  readonly room: string | undefined;
  readonly mode: 'centralised' | 'decentralised' | undefined;
};

/** A text that the hub has given out. */
type Given = {
  readonly at: number;
  readonly author: string;
  readonly text: string;
  /** Where its author was, for the hub. */
  readonly room: string | undefined;
  readonly readers: readonly string[];
};

describe.each(seeds(1, 2, 3, 4, 5, 6))('named rooms on a bad network, seed %i', seed => {
  const world = new World(messagerie, seed);
  let sent: readonly Sent[] = [];
  let given: readonly Given[] = [];

  beforeAll(() => {
    sent = talk(world);
    given = givenOut(world);
  });

  test('each of 400 texts has one end, and only one; a failure may be followed by a late delivery', () => {
    for (const {author, id, text} of sent) {
      expectOneEnd(author, id, `text ${text}`);
    }
  });

  test('nobody sees a text twice, or one of their own', () => {
    for (const user of world.users) {
      const shown = user.of('message').map(({from, text}) => `${from}: ${text}`);
      expect(shown.toSorted()).toEqual([...new Set(shown)].toSorted());
      expect(shown.filter(line => line.startsWith(`${user.nick}: `))).toEqual([]);
    }
  });

  test('the hub gives out a text where its author was when it was said, and nowhere else', () => {
    const meant = new Map(sent.map(({author, text, room}) => [`${author.nick}: ${text}`, room]));
    for (const {author, text, room} of given) {
      const line = `${author}: ${text}`;
      expect(`${line} in ${room}`).toBe(`${line} in ${meant.get(line)}`);
    }
  });

  test('what was given out to somebody is shown to them, unless the hub took them for gone', () => {
    const shown = shownBy(world);
    for (const {at, author, text, readers} of given) {
      for (const reader of readers) {
        if (shown.get(reader)?.has(`${author}: ${text}`)) continue;
        const isGone = world.departures.some(
          gone => gone.nick === reader && gone.at >= at && gone.at < at + 5000,
        );
        expect(isGone, `${reader} misses ${text} of ${author}`).toBe(true);
      }
    }
  });

  test('what counts as delivered was given out by the hub, or shown by a peer', () => {
    const distributed = new Set(
      world.applied.flatMap(({command, outcome}) =>
        command.type === 'say' && outcome.refusal === undefined ? [command.text] : [],
      ),
    );
    const everything = new Set([...shownBy(world).values()].flatMap(lines => [...lines]));
    for (const {author, id, text, mode} of sent) {
      if (!author.of('delivered').some(event => event.id === id)) continue;
      const isThere =
        mode === 'decentralised'
          ? everything.has(`${author.nick}: ${text}`)
          : distributed.has(text);
      expect(isThere, `text ${text} of ${author.nick} counts as delivered`).toBe(true);
    }
  });

  test('the run has shown what it is for', () => {
    const entered = world.users.flatMap(user => user.of('room-entered'));
    expect(new Set(entered.map(({mode}) => mode))).toEqual(new Set(modes));
    expect(new Set(entered.map(({name}) => name))).toEqual(new Set(roomNames));
    const moves = world.applied.filter(({outcome}) => outcome.refusal === undefined);
    const kinds = new Set(moves.map(({command}) => command.type));
    for (const kind of ['create-room', 'enter-room', 'accept', 'leave-room'] as const) {
      expect(kinds).toContain(kind);
    }
    expect(given.length).toBeGreaterThan(50);
    expect(world.users.some(user => user.of('retransmitted').length > 50)).toBe(true);
  });
});

/** Five users talk, create rooms and go from one to another, until 400 texts are settled. */
function talk(world: World): Sent[] {
  const users = world.connect('alice', 'bob', 'carl', 'dora', 'eve');
  world.network.faults = badNetwork;
  const {random} = world;
  const sent: Sent[] = [];

  const say = (author: SimulatedUser) => {
    const {room} = author;
    if (!author.isConnected && room?.mode !== 'decentralised') return;
    const text = `${sent.length + 1}`;
    sent.push({author, id: author.say(text), text, room: room?.name, mode: room?.mode});
  };

  const act = (user: SimulatedUser) => {
    const choice = random.next();
    const inviter = users.find(({nick}) => user.isInvitedBy(nick));
    if (choice < 0.55) {
      say(user);
      // Two in one breath: the second waits for the first, and much may happen meanwhile.
      if (random.chance(0.5)) say(user);
    } else if (!user.isConnected) {
      return;
    } else if (inviter !== undefined && random.chance(0.5)) {
      user.answer(inviter.nick, random.chance(0.6));
    } else if (choice < 0.65) {
      user.createRoom(
        random.pick(roomNames),
        random.pick(modes),
        2 + Math.floor(4 * random.next()),
      );
    } else if (choice < 0.76) {
      user.joinRoom(random.pick(roomNames));
    } else if (choice < 0.93) {
      const others = users.filter(other => other !== user && random.chance(0.5));
      if (user.room !== undefined) user.invite(others.map(({nick}) => nick));
    } else {
      user.leave();
    }
  };

  while (sent.length < 400) {
    act(random.pick(users));
    world.run(random.next() * 1000);
  }
  world.until(() => users.every(user => user.engine.pending === 0), 'every text settled');
  world.run(10_000);
  return sent;
}

function shownBy(world: World): Map<string, Set<string>> {
  return new Map(
    world.users.map(user => [user.nick, new Set([...user.texts('public'), ...user.texts('room')])]),
  );
}

/** Follows the hub through all that it has carried out: who was where, and what was said there. */
function givenOut({applied}: World): Given[] {
  const nicks = new Map<number, string>();
  const rooms = new Map<number, string | undefined>();
  const given: Given[] = [];
  for (const {at, command, outcome} of applied) {
    if (command.type === 'connect' && outcome.user !== undefined) {
      nicks.set(outcome.user, command.nickname);
    }
    for (const event of outcome.events) {
      if (event.type === 'room-entered') rooms.set(event.user, event.name);
      else if (event.type === 'room-closed') for (const user of event.to) rooms.delete(user);
      else if (event.type === 'said') {
        const {user, nickname: author, text, to} = event;
        const readers = to.map(reader => nicks.get(reader) ?? '');
        given.push({at, author, text, room: rooms.get(user), readers});
      }
    }
    if (command.type === 'leave-room' && outcome.refusal === undefined) rooms.delete(command.user);
  }
  return given;
}
