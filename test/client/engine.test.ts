import {describe, expect, test} from 'vitest';
import {Engine} from '../../source/client/engine.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import type {Undelivered} from '../../source/client/undelivered.ts';
import {res302} from '../../source/protocols/res302/index.ts';
import {datagramsOnly} from '../network/datagrams-only.ts';
import {hubEndpoint, nobody, type SimulatedUser, World} from '../network/world.ts';
import {FakeProtocol} from './fake-protocol.ts';

const minute = 60_000;

function phase(user: SimulatedUser): string | undefined {
  return user.last('connection')?.connection.phase;
}

function delays(user: SimulatedUser): number[] {
  return user.of('reconnecting').map(({delay}) => delay);
}

/** The hub is gone, and that user has noticed. */
function loseHub(world: World, user: SimulatedUser): void {
  world.network.silence(hubEndpoint);
  world.until(() => phase(user) === 'retrying', `${user.nick} notices`);
}

/** Users who sit in one room, the first of them having invited the others. */
function gather(
  world: World,
  mode: 'centralised' | 'decentralised',
  inviter: SimulatedUser,
  ...others: readonly SimulatedUser[]
): void {
  const before = others.map(other => other.of('invitation').length);
  inviter.invite(
    others.map(({nick}) => nick),
    mode,
  );
  for (const [index, other] of others.entries()) {
    world.until(() => other.of('invitation').length > (before[index] ?? 0), 'the invitation');
    other.answer(inviter.nick, true);
    world.until(() => other.room !== undefined, `${other.nick} in the room`);
  }
  const members = new Set([inviter, ...others].map(({nick}) => nick));
  world.until(
    () =>
      [inviter, ...others].every(user => {
        const known = user.last('room-members')?.members ?? user.room?.members ?? [];
        return known.length === members.size && known.every(nick => members.has(nick));
      }),
    'everybody knows everybody',
  );
}

/** How a message of that user has ended. */
function ends(user: SimulatedUser, id: number): string[] {
  return user.events.flatMap(event =>
    (event.type === 'delivered' || event.type === 'failed') && event.id === id ? event.type : [],
  );
}

describe('connecting for the first time', () => {
  test('tells the protocol, the hub, the name, and what can be done there', () => {
    const world = new World(res302, 1);
    const [alice] = world.connect('alice');
    expect(alice?.last('connected')).toEqual({
      type: 'connected',
      protocol: 'res302',
      server: 'simulated',
      nick: 'alice',
      features: [...res302.features],
    });
  });

  test('to nobody is refused with a sentence, and not tried again', () => {
    const world = new World(res302, 1);
    world.network.silence(hubEndpoint);
    const alice = world.add('alice');
    alice.start();
    world.until(() => alice.last('refused') !== undefined, 'the refusal');
    expect(alice.last('refused')).toMatchObject({reason: 'unreachable'});
    expect(alice.last('refused')?.message).toContain('simulated');
    world.network.restore(hubEndpoint);
    world.run(10 * minute);
    expect(phase(alice)).toBe('refused');
    expect(delays(alice)).toEqual([]);
  });

  test('under a name that is taken is refused, whatever its case', () => {
    const world = new World(res302, 1);
    world.connect('alice');
    const second = world.add('ALICE');
    second.start();
    world.until(() => second.last('refused') !== undefined, 'the refusal');
    expect(second.last('refused')).toMatchObject({reason: 'nickname-in-use'});
    expect(second.last('refused')?.message).toContain('ALICE');
    expect(world.hub.users).toBe(1);
  });

  test.each(['jean pierre', 'abcdefghijk', 'zoë', ''])(
    'as %j is refused with what a name may be',
    nick => {
      const world = new World(res302, 1);
      const user = world.add(nick);
      user.start();
      world.run(minute);
      expect(user.of('refused')).toMatchObject([{reason: 'nickname-invalid'}]);
      expect(user.last('refused')?.message).toContain(res302.nicknameRule);
      expect(world.hub.users).toBe(0);
    },
  );
});

describe('connecting again', () => {
  test('is tried after delays that grow to half a minute, each a little longer by chance', () => {
    const world = new World(res302, 2);
    const [alice] = world.connect('alice');
    if (alice === undefined) throw new Error('alice is missing');
    loseHub(world, alice);
    world.run(10 * minute);
    const seen = delays(alice);
    expect(seen.length).toBeGreaterThan(8);
    for (const [index, delay] of seen.entries()) {
      const planned = Math.min(1000 * 2 ** index, 30_000);
      expect(delay).toBeGreaterThanOrEqual(planned);
      expect(delay).toBeLessThanOrEqual(1.25 * planned);
    }
    expect(new Set(seen.slice(-3)).size).toBe(3);
    const attempts = alice.of('reconnecting').map(({attempt}) => attempt);
    expect(attempts).toEqual(seen.map((_, index) => index + 1));
  });

  test('shows when the next attempt is', () => {
    const world = new World(res302, 3);
    const [alice] = world.connect('alice');
    if (alice === undefined) throw new Error('alice is missing');
    loseHub(world, alice);
    const connection = alice.last('connection')?.connection;
    const at = world.network.now + (delays(alice)[0] ?? 0);
    // The hub was heard last when it let us in.
    expect(connection).toEqual({phase: 'retrying', attempt: 1, at, since: 0});
    expect(alice.engine.dueAt).toBe(at);
  });

  test('succeeds when the hub is back, and the next loss begins with a short delay again', () => {
    const world = new World(res302, 4);
    const [alice, bob] = world.connect('alice', 'bob');
    if (alice === undefined || bob === undefined) throw new Error('somebody is missing');
    loseHub(world, alice);
    world.run(2 * minute);
    world.network.restore(hubEndpoint);
    world.until(() => alice.isConnected && bob.isConnected, 'both are back');
    expect(alice.of('connected')).toHaveLength(2);
    alice.say('still here');
    world.until(() => bob.texts().includes('alice: still here'), 'the text');
    loseHub(world, alice);
    expect(alice.last('reconnecting')).toMatchObject({attempt: 1});
    expect(alice.last('reconnecting')?.delay).toBeLessThanOrEqual(1250);
  });

  test('tells from when to when messages may be missing, once', () => {
    const world = new World(res302, 4);
    const [alice] = world.connect('alice');
    if (alice === undefined) throw new Error('alice is missing');
    const heardAt = world.network.now;
    loseHub(world, alice);
    world.run(minute);
    expect(alice.of('gap')).toEqual([]);
    world.network.restore(hubEndpoint);
    world.until(() => alice.isConnected, 'alice is back');
    const [gap, ...others] = alice.of('gap');
    expect(others).toEqual([]);
    expect(Date.parse(gap?.from ?? '')).toBeLessThanOrEqual(heardAt + 30_000);
    expect(Date.parse(gap?.to ?? '')).toBe(Math.floor(world.network.now));
  });

  test('by /reconnect does not wait', () => {
    const world = new World(res302, 5);
    const [alice] = world.connect('alice');
    if (alice === undefined) throw new Error('alice is missing');
    loseHub(world, alice);
    world.run(5 * minute);
    const attempts = delays(alice).length;
    world.until(() => delays(alice).length > attempts, 'the next wait');
    const plannedAt = alice.engine.dueAt;
    expect(plannedAt - world.network.now).toBeGreaterThan(10_000);
    world.network.restore(hubEndpoint);
    alice.engine.reconnect(world.network.now);
    world.run(5000);
    expect(alice.isConnected).toBe(true);
    expect(world.network.now).toBeLessThan(plannedAt);
  });

  test('by /reconnect while it is being tried is tried once', () => {
    const world = new World(res302, 5);
    const [alice] = world.connect('alice');
    if (alice === undefined) throw new Error('alice is missing');
    loseHub(world, alice);
    for (let number = 0; number < 5; number++) {
      alice.engine.reconnect(world.network.now);
      world.run(100);
    }
    world.network.restore(hubEndpoint);
    world.until(() => alice.isConnected, 'alice is back');
    world.run(minute);
    expect(alice.of('connected')).toHaveLength(2);
    expect(alice.of('disconnected')).toHaveLength(1);
    const registrations = world.applied.filter(({command}) => command.type === 'connect');
    expect(registrations).toHaveLength(1);
  });

  test('by /reconnect does nothing to a connection that stands', () => {
    const world = new World(res302, 5);
    const [alice] = world.connect('alice');
    if (alice === undefined) throw new Error('alice is missing');
    const before = alice.events.length;
    alice.engine.reconnect(world.network.now);
    world.run(1000);
    expect(alice.events.slice(before)).toEqual([]);
  });

  test('to a hub where somebody else has the name now is given up after some tries', () => {
    const world = new World(res302, 6);
    const [alice] = world.connect('alice');
    if (alice === undefined) throw new Error('alice is missing');
    world.network.silence(alice.endpoint);
    world.until(() => world.departures.length > 0, 'the hub gives alice up', 10 * minute);
    const [other] = world.connect('Alice');
    world.network.restore(alice.endpoint);
    world.until(() => alice.last('refused') !== undefined, 'the refusal', 10 * minute);
    expect(alice.last('refused')).toMatchObject({reason: 'nickname-in-use'});
    expect(delays(alice).length).toBeGreaterThan(3);
    expect(other?.isConnected).toBe(true);
  });

  test('waits for one’s own ghost to go', () => {
    const world = new World(res302, 7);
    const [alice] = world.connect('alice');
    if (alice === undefined) throw new Error('alice is missing');
    world.network.silence(alice.endpoint);
    world.until(() => world.departures.length > 0, 'the hub gives alice up', 10 * minute);
    const [ghost] = world.connect('alice');
    world.network.restore(alice.endpoint);
    world.until(() => delays(alice).length > 1, 'alice is refused', 10 * minute);
    ghost?.close();
    world.until(() => alice.isConnected, 'alice is back', 10 * minute);
    expect(alice.of('refused')).toEqual([]);
  });
});

describe('what is said', () => {
  test('is pending until it is delivered', () => {
    const world = new World(res302, 8);
    const [alice, bob] = world.connect('alice', 'bob');
    const id = alice?.say('salut') ?? 0;
    expect(alice?.engine.pending).toBe(1);
    world.until(() => alice?.engine.pending === 0, 'the confirmation');
    expect(alice?.of('sent')).toEqual([{type: 'sent', id, scope: 'public', text: 'salut'}]);
    expect(alice?.of('delivered')).toEqual([{type: 'delivered', id}]);
    world.run(100);
    expect(bob?.texts()).toEqual(['alice: salut']);
  });

  test('to a hub that is gone fails after its time, and is sent again when it is back', () => {
    const world = new World(res302, 9);
    const [alice, bob] = world.connect('alice', 'bob');
    if (alice === undefined || bob === undefined) throw new Error('somebody is missing');
    world.network.silence(hubEndpoint);
    const id = alice.say('salut');
    world.until(() => ends(alice, id).length > 0, 'the failure');
    expect(alice.last('failed')).toEqual({type: 'failed', id, reason: 'hub-silent', pending: []});
    expect(alice.of('retransmitted')).toHaveLength(5);
    world.network.restore(hubEndpoint);
    world.until(() => alice.isConnected && bob.isConnected, 'both are back');
    expect(alice.engine.retry(undefined, world.network.now)).toBeUndefined();
    world.until(() => ends(alice, id).length === 2, 'the delivery');
    expect(ends(alice, id)).toEqual(['failed', 'delivered']);
    expect(alice.of('resent')).toEqual([{type: 'resent', id}]);
    world.run(100);
    expect(bob.texts()).toEqual(['alice: salut']);
  });

  test('without a connection is kept, and goes out once and in order when the hub is back', () => {
    const world = new World(res302, 10);
    const [alice, bob] = world.connect('alice', 'bob');
    if (alice === undefined || bob === undefined) throw new Error('somebody is missing');
    loseHub(world, alice);
    const texts = Array.from({length: 5}, (_, index) => `text ${index}`);
    const ids = texts.map(text => alice.say(text));
    expect(alice.of('kept').map(({id}) => id)).toEqual(ids);
    expect(alice.of('failed')).toEqual([]);
    expect(alice.engine.retry(undefined, world.network.now)).toBe('nothing-failed');
    world.run(minute);
    world.network.restore(hubEndpoint);
    world.until(() => alice.engine.pending === 0 && bob.isConnected, 'everything is out');
    world.run(minute);
    expect(ids.map(id => ends(alice, id))).toEqual(ids.map(() => ['delivered']));
    expect(bob.texts()).toEqual(texts.map(text => `alice: ${text}`));
  });

  test('before the hub was found to be lost is not confirmed if it was sent, and kept if it was not', () => {
    const world = new World(res302, 10);
    const [alice, bob] = world.connect('alice', 'bob');
    if (alice === undefined || bob === undefined) throw new Error('somebody is missing');
    world.network.silence(hubEndpoint);
    const ids = ['one', 'two', 'three'].map(text => alice.say(text));
    world.until(() => phase(alice) === 'retrying', 'alice notices');
    expect(alice.of('failed')).toMatchObject([{id: ids[0], reason: 'hub-silent'}]);
    expect(alice.of('kept').map(({id}) => id)).toEqual(ids.slice(1));
    ids.push(alice.say('four'));
    world.network.restore(hubEndpoint);
    world.until(() => alice.engine.pending === 0 && bob.isConnected, 'everything is out');
    world.run(1000);
    expect(bob.texts()).toEqual(['alice: two', 'alice: three', 'alice: four']);
  });

  test('of which 1,000 are kept already has failed', () => {
    const world = new World(res302, 10);
    const [alice] = world.connect('alice');
    if (alice === undefined) throw new Error('alice is missing');
    loseHub(world, alice);
    for (let index = 0; index < 1000; index++) alice.say(`text ${index}`);
    expect(alice.of('failed')).toEqual([]);
    const id = alice.say('one too many');
    expect(alice.of('failed')).toEqual([
      {type: 'failed', id, reason: 'not-connected', pending: []},
    ]);
  });

  test('/retry means the newest that failed; with an id, that one', () => {
    const world = new World(res302, 11);
    const [alice] = world.connect('alice');
    if (alice === undefined) throw new Error('alice is missing');
    const ids = ['one', 'two', 'three'].map(text => {
      world.run(1000);
      world.network.silence(hubEndpoint);
      const id = alice.say(text);
      world.until(() => phase(alice) === 'retrying', 'alice notices');
      world.network.restore(hubEndpoint);
      world.until(() => alice.isConnected, 'alice is back');
      return id;
    });
    const {now} = world.network;
    alice.engine.retry(undefined, now);
    alice.engine.retry(ids[0], now);
    world.until(() => alice.engine.pending === 0, 'both delivered');
    expect(alice.of('resent').map(({id}) => id)).toEqual([ids[2], ids[0]]);
    expect(alice.of('delivered').map(({id}) => id)).toEqual([ids[2], ids[0]]);
    alice.engine.retry(undefined, world.network.now);
    expect(alice.of('resent').at(-1)?.id).toBe(ids[1]);
  });

  test('is not sent again if it did not fail', () => {
    const world = new World(res302, 12);
    const [alice] = world.connect('alice');
    if (alice === undefined) throw new Error('alice is missing');
    expect(alice.engine.retry(undefined, 0)).toBe('nothing-failed');
    const id = alice.say('salut');
    expect(alice.engine.retry(id, world.network.now)).toBe('nothing-failed');
    world.until(() => alice.engine.pending === 0, 'the delivery');
    expect(alice.engine.retry(id, world.network.now)).toBe('nothing-failed');
    expect(alice.engine.retry(99, world.network.now)).toBe('nothing-failed');
    expect(alice.of('resent')).toEqual([]);
  });
});

describe('what is said in a room', () => {
  test('to a member who does not confirm is sent again to that one alone', () => {
    const world = new World(res302, 13);
    const [alice, bob, carl] = world.connect('alice', 'bob', 'carl');
    if (alice === undefined || bob === undefined || carl === undefined) throw new Error('missing');
    gather(world, 'decentralised', alice, bob, carl);
    world.network.silence(carl.endpoint);
    const id = alice.say('psst');
    world.until(() => ends(alice, id).length > 0, 'the failure');
    expect(alice.last('progress')).toMatchObject({id, confirmed: 1, of: 2});
    expect(alice.last('failed')).toMatchObject({id, reason: 'peers-silent', pending: ['carl']});
    world.network.restore(carl.endpoint);
    alice.engine.retry(id, world.network.now);
    world.until(() => ends(alice, id).length > 1, 'the delivery');
    expect(ends(alice, id)).toEqual(['failed', 'delivered']);
    expect(bob.texts('room')).toEqual(['alice: psst']);
    expect(carl.texts('room')).toEqual(['alice: psst']);
  });

  test('is never said in public, or in another room', () => {
    const world = new World(res302, 14);
    const [alice, bob, carl] = world.connect('alice', 'bob', 'carl');
    if (alice === undefined || bob === undefined || carl === undefined) throw new Error('missing');
    gather(world, 'decentralised', alice, bob);
    world.network.silence(bob.endpoint);
    const id = alice.say('of carl');
    world.until(() => ends(alice, id).length > 0, 'the failure');
    alice.leave();
    expect(alice.engine.retry(id, world.network.now)).toBe('left-room');
    world.run(5000);
    expect(alice.engine.retry(undefined, world.network.now)).toBe('left-room');
    gather(world, 'decentralised', alice, carl);
    expect(alice.engine.retry(id, world.network.now)).toBe('left-room');
    world.run(5000);
    expect(alice.of('resent')).toEqual([]);
    expect([...carl.texts(), ...carl.texts('room')]).toEqual([]);
  });

  test('in public before is not said in the room', () => {
    const world = new World(res302, 15);
    const [alice, bob] = world.connect('alice', 'bob');
    if (alice === undefined || bob === undefined) throw new Error('somebody is missing');
    world.network.silence(hubEndpoint);
    const id = alice.say('in public');
    world.until(() => phase(alice) === 'retrying', 'alice notices');
    world.network.restore(hubEndpoint);
    world.until(() => alice.isConnected && bob.isConnected, 'both are back');
    gather(world, 'centralised', alice, bob);
    expect(alice.engine.retry(id, world.network.now)).toBe('left-room');
    alice.leave();
    world.run(1000);
    expect(alice.engine.retry(id, world.network.now)).toBeUndefined();
    world.until(() => ends(alice, id).includes('delivered'), 'the delivery');
    expect(bob.texts('room')).toEqual([]);
  });

  test('from peer to peer goes on without a hub', () => {
    const world = new World(res302, 16);
    const [alice, bob] = world.connect('alice', 'bob');
    if (alice === undefined || bob === undefined) throw new Error('somebody is missing');
    gather(world, 'decentralised', alice, bob);
    loseHub(world, alice);
    const id = alice.say('psst');
    world.until(() => ends(alice, id).length > 0, 'the delivery');
    expect(ends(alice, id)).toEqual(['delivered']);
    expect(bob.texts('room')).toEqual(['alice: psst']);
  });
});

describe('what was not delivered', () => {
  /** A second engine of that user, as /nick and /connect make one. */
  function successor(
    world: World,
    nick: string,
    undelivered: ReadonlyMap<number, Undelivered>,
  ): {engine: Engine; events: EngineEvent[]} {
    const endpoint = {host: '203.0.113.1', port: 40_000};
    const events: EngineEvent[] = [];
    const engine = new Engine({
      protocol: res302,
      server: 'simulated',
      nick,
      network: datagramsOnly(world.network.sender(endpoint), hubEndpoint, () => world.network.now),
      emit: event => events.push(event),
      crowd: () => nobody,
      wallClock: () => world.network.now,
      random: () => world.random.next(),
      undelivered,
    });
    world.network.attach(endpoint, engine);
    engine.start(world.network.now);
    world.until(() => events.some(({type}) => type === 'users'), `${nick} is connected`);
    return {engine, events};
  }

  test('in public can be sent by the connection that comes next', () => {
    const world = new World(res302, 17);
    const [alice, bob] = world.connect('alice', 'bob');
    if (alice === undefined || bob === undefined) throw new Error('somebody is missing');
    const delivered = alice.say('delivered');
    world.until(() => ends(alice, delivered).length > 0, 'the delivery');
    world.network.silence(hubEndpoint);
    const failed = alice.say('not lost');
    world.until(() => phase(alice) === 'retrying', 'alice notices');
    const kept = alice.say('kept');
    alice.close();
    world.network.restore(hubEndpoint);
    expect(alice.engine.isClosed).toBe(true);
    world.run(minute);
    expect(bob.isConnected).toBe(true);
    expect([...alice.engine.undelivered.keys()].toSorted()).toEqual([failed, kept]);

    const {engine, events} = successor(world, 'zoe', alice.engine.undelivered);
    // The kept text has gone out by itself. The failed one has not.
    expect(events.filter(({type}) => type === 'resent' || type === 'sent')).toEqual([
      {type: 'resent', id: kept},
    ]);
    world.until(() => engine.pending === 0, 'the delivery');
    expect(engine.retry(undefined, world.network.now)).toBeUndefined();
    world.until(() => engine.pending === 0, 'the delivery');
    expect(events).toContainEqual({type: 'delivered', id: failed});
    world.until(() => bob.texts().length > 2, 'the texts');
    expect(bob.texts()).toEqual(['alice: delivered', 'zoe: kept', 'zoe: not lost']);
    expect([...engine.undelivered]).toEqual([]);
  });

  test('in a room is not taken along', () => {
    const world = new World(res302, 18);
    const [alice, bob] = world.connect('alice', 'bob');
    if (alice === undefined || bob === undefined) throw new Error('somebody is missing');
    gather(world, 'decentralised', alice, bob);
    world.network.silence(bob.endpoint);
    const id = alice.say('psst');
    world.until(() => ends(alice, id).length > 0, 'the failure');
    const {engine} = successor(world, 'zoe', alice.engine.undelivered);
    expect([...engine.undelivered]).toEqual([]);
  });
});

describe('the list', () => {
  test('is told once, and again when it has changed', () => {
    const world = new World(res302, 19);
    const [alice] = world.connect('alice');
    world.run(minute);
    expect(alice?.of('users')).toHaveLength(1);
    world.connect('bob');
    world.run(minute);
    expect(alice?.of('users').map(({users}) => users)).toEqual([
      [{nick: 'alice', status: 'public', self: true}],
      [
        {nick: 'alice', status: 'public', self: true},
        {nick: 'bob', status: 'public', self: false},
      ],
    ]);
  });

  test('tells who is in a room', () => {
    const world = new World(res302, 20);
    const [alice, bob, carl] = world.connect('alice', 'bob', 'carl');
    if (alice === undefined || bob === undefined || carl === undefined) throw new Error('missing');
    gather(world, 'centralised', alice, bob);
    world.until(
      () => carl.last('users')?.users.filter(({status}) => status === 'room').length === 2,
      'carl sees it',
    );
  });

  test('that was asked for is told though it is the same, and in words', () => {
    const world = new World(res302, 21);
    const [alice] = world.connect('alice', 'bob');
    if (alice === undefined) throw new Error('alice is missing');
    world.run(minute);
    const before = alice.of('users').length;
    alice.list();
    world.until(() => alice.of('users').length > before, 'the list');
    const text = alice.last('notice')?.text;
    expect(text).toContain('2 here');
    expect(text).toContain('alice (you)');
    expect(text).toContain('bob');
    world.run(minute);
    expect(alice.of('users')).toHaveLength(before + 1);
    expect(alice.of('notice')).toHaveLength(1);
  });

  test('in words names no command that the protocol does not have', () => {
    const world = new World(res302, 22);
    const [alice] = world.connect('alice');
    alice?.list();
    world.until(() => alice?.last('notice') !== undefined, 'the list');
    expect(alice?.last('notice')?.text).not.toContain('/rooms');
  });
});

describe('statistics', () => {
  test('count what is sent and received, and measure the round trip', () => {
    const world = new World(res302, 23, {loss: 0, duplication: 0, maximumDelayMs: 40});
    const [alice, bob] = world.connect('alice', 'bob');
    alice?.say('one');
    alice?.say('two');
    bob?.say('three');
    world.run(1000);
    const statistics = alice?.last('statistics')?.statistics;
    expect(statistics).toMatchObject({sent: 2, received: 1, retransmissions: 0});
    expect(statistics?.roundTripMs).toBeGreaterThan(0);
    expect(statistics?.roundTripMs).toBeLessThanOrEqual(80);
  });

  test('count what is sent again', () => {
    const world = new World(res302, 24);
    const [alice] = world.connect('alice');
    world.network.silence(hubEndpoint);
    alice?.say('one');
    world.run(1600);
    expect(alice?.last('statistics')?.statistics).toMatchObject({sent: 1, retransmissions: 3});
  });

  test('are told when they change, and only then', () => {
    const world = new World(res302, 25);
    const [alice, bob] = world.connect('alice', 'bob');
    bob?.say('one');
    world.run(minute);
    const told = alice?.of('statistics').map(({statistics}) => JSON.stringify(statistics)) ?? [];
    expect(told.length).toBeGreaterThan(1);
    for (const [index, statistics] of told.entries()) expect(statistics).not.toBe(told[index - 1]);
  });
});

describe('leaving', () => {
  test('says goodbye, once, after everything that was said', () => {
    const world = new World(res302, 26);
    const [alice, bob] = world.connect('alice', 'bob');
    const id = alice?.say('goodbye') ?? 0;
    alice?.close();
    alice?.close();
    world.until(() => alice?.engine.isClosed === true, 'the end');
    expect(alice?.of('delivered')).toEqual([{type: 'delivered', id}]);
    expect(alice?.of('disconnected')).toEqual([{type: 'disconnected', reason: 'left'}]);
    world.run(1000);
    expect(bob?.texts()).toEqual(['alice: goodbye']);
    expect(world.departures).toMatchObject([{nick: 'alice', reason: 'disconnected'}]);
  });

  test('does not wait for ever for a hub that is gone', () => {
    const world = new World(res302, 27);
    const [alice] = world.connect('alice');
    world.network.silence(hubEndpoint);
    alice?.close();
    expect(alice?.engine.isClosed).toBe(false);
    world.run(3000);
    expect(alice?.engine.isClosed).toBe(true);
  });

  test('while waiting to connect again is the end of trying', () => {
    const world = new World(res302, 28);
    const [alice] = world.connect('alice');
    if (alice === undefined) throw new Error('alice is missing');
    loseHub(world, alice);
    alice.close();
    expect(alice.engine.isClosed).toBe(true);
    const before = alice.events.length;
    world.network.restore(hubEndpoint);
    world.run(10 * minute);
    expect(alice.events.slice(before)).toEqual([]);
    expect(alice.engine.dueAt).toBe(Number.POSITIVE_INFINITY);
  });
});

/** An engine with the test as its hub, and everything it has said. */
function connected(undelivered?: ReadonlyMap<number, Undelivered>) {
  const protocol = new FakeProtocol();
  const events: EngineEvent[] = [];
  const engine = new Engine({
    protocol,
    server: 'simulated',
    nick: 'alice',
    network: datagramsOnly(() => {}, hubEndpoint),
    emit: event => events.push(event),
    crowd: () => nobody,
    wallClock: () => 0,
    random: () => 0,
    ...(undelivered === undefined ? {} : {undelivered}),
  });
  engine.start(0);
  return {engine, end: protocol.end, events};
}

const enter = {type: 'room-entered', mode: 'decentralised', members: ['alice', 'bob']} as const;

describe('a direct message', () => {
  const tell = {type: 'tell', scope: 'direct', id: 1, to: 'bob', text: 'psst'} as const;
  const failure = {type: 'failed', id: 1, reason: 'no-such-user', pending: []} as const;

  test('is told to one person, and pending until it is delivered', () => {
    const {engine, end, events} = connected();
    engine.request({type: 'tell', scope: 'direct', id: 1, to: 'bob', text: 'psst'}, 0);
    expect(end.requests).toEqual([tell]);
    expect(events.at(-1)).toEqual({type: 'sent', id: 1, scope: 'direct', to: 'bob', text: 'psst'});
    expect(engine.pending).toBe(1);
    end.tell({type: 'delivered', id: 1});
    expect(engine.pending).toBe(0);
    expect(events.at(-1)).toEqual({type: 'delivered', id: 1});
  });

  test('that failed is sent again to the same person, wherever one is by then', () => {
    const {engine, end, events} = connected();
    engine.request({type: 'tell', scope: 'direct', id: 1, to: 'bob', text: 'psst'}, 0);
    end.tell(failure, enter);
    expect(events).toContainEqual(failure);
    expect(engine.retry(undefined, 1)).toBeUndefined();
    end.tell(failure, {type: 'room-left', reason: 'left'});
    expect(engine.retry(1, 2)).toBeUndefined();
    expect(end.requests).toEqual([tell, tell, tell]);
  });

  test('of a room is sent again after it, where the room’s own texts are not', () => {
    const {engine, end} = connected();
    end.tell(enter);
    engine.request({type: 'say', scope: 'room', id: 1, text: 'of the room'}, 0);
    engine.request({type: 'tell', scope: 'direct', id: 2, to: 'carl', text: 'psst'}, 0);
    end.tell({...failure, id: 2}, {...failure, id: 1, reason: 'peers-silent', pending: ['bob']});
    end.tell({type: 'room-left', reason: 'left'});
    expect(engine.retry(1, 1)).toBe('left-room');
    expect(engine.retry(undefined, 1)).toBeUndefined();
    expect(end.requests.slice(2)).toEqual([
      {type: 'tell', scope: 'direct', id: 2, to: 'carl', text: 'psst'},
    ]);
  });

  test('needs the hub, even where a room from peer to peer does not', () => {
    const {engine, end, events} = connected();
    end.tell(enter, {type: 'lost'});
    engine.request({type: 'say', scope: 'room', id: 1, text: 'of the room'}, 0);
    engine.request({type: 'tell', scope: 'direct', id: 2, to: 'bob', text: 'psst'}, 0);
    expect(end.requests).toMatchObject([{type: 'say', id: 1}]);
    expect(events.at(-1)).toEqual({type: 'kept', id: 2});
    end.tell({type: 'connected'});
    engine.onTime(1);
    expect(end.requests.slice(1)).toEqual([{...tell, id: 2}]);
  });

  test('that was not delivered goes along to the next connection', () => {
    const former = connected();
    former.engine.request({type: 'tell', scope: 'direct', id: 1, to: 'bob', text: 'psst'}, 0);
    former.end.tell(failure);
    const {engine, end} = connected(former.engine.undelivered);
    expect(engine.retry(undefined, 0)).toBeUndefined();
    expect(end.requests).toEqual([tell]);
  });
});

describe('named rooms', () => {
  test('are asked for, opened and joined', () => {
    const {engine, end} = connected();
    engine.request({type: 'rooms'}, 0);
    engine.request(
      {type: 'create-room', name: 'projet', mode: 'decentralised', maximumMembers: 3},
      0,
    );
    engine.request({type: 'join-room', name: 'projet'}, 0);
    expect(end.requests).toEqual([
      {type: 'rooms'},
      {type: 'create-room', name: 'projet', mode: 'decentralised', maximumMembers: 3},
      {type: 'join-room', name: 'projet'},
    ]);
  });

  test('are not asked for without a connection', () => {
    const {engine, end, events} = connected();
    end.tell({type: 'lost'});
    const before = events.length;
    engine.request({type: 'rooms'}, 0);
    engine.request(
      {type: 'create-room', name: 'projet', mode: 'centralised', maximumMembers: 3},
      0,
    );
    engine.request({type: 'join-room', name: 'projet'}, 0);
    expect(end.requests).toEqual([]);
    expect(events.slice(before)).toEqual(
      Array(3).fill(expect.objectContaining({type: 'error', code: 'not-connected'})),
    );
  });

  test('are told as the hub tells them', () => {
    const {end, events} = connected();
    const told = {type: 'rooms', rooms: [{name: 'a b', mode: 'centralised', members: 2}]} as const;
    end.tell(told);
    expect(events.at(-1)).toEqual(told);
  });
});

test('if the hub does not tell whether people are in a room, nothing is said about it', () => {
  const {engine, end, events} = connected();
  engine.request({type: 'list'}, 0);
  end.tell({type: 'users', users: [{nick: 'alice'}, {nick: 'bob'}]});
  expect(events.find(({type}) => type === 'users')).toEqual({
    type: 'users',
    users: [
      {nick: 'alice', self: true},
      {nick: 'bob', self: false},
    ],
  });
  expect(events.at(-1)).toEqual({type: 'notice', text: '2 here: alice (you), bob. Rooms: /rooms'});
});

test('what the hub refuses is told with its code, in a sentence', () => {
  const {end, events} = connected();
  end.tell({type: 'error', code: 'room-full', about: 'projet'});
  expect(events.at(-1)).toEqual({
    type: 'error',
    code: 'room-full',
    message: 'The room projet is full: try again when somebody has left it',
    about: 'projet',
  });
  end.tell({...enter, name: 'projet'}, {type: 'error', code: 'already-in-room', about: 'bob'});
  expect(events.at(-1)).toMatchObject({message: 'bob is in projet already'});
  end.tell(
    {type: 'room-left', reason: 'left'},
    {type: 'error', code: 'already-in-room', about: 'bob'},
  );
  expect(events.at(-1)).toMatchObject({
    message: expect.stringMatching(/^bob is in a private room/),
  });
});

describe('a name that is taken', () => {
  function refused(isReturning: boolean) {
    const protocol = new FakeProtocol();
    protocol.isReached = false;
    const events: EngineEvent[] = [];
    const engine = new Engine({
      protocol,
      server: 'simulated',
      nick: 'alice',
      network: datagramsOnly(() => {}, hubEndpoint),
      emit: event => events.push(event),
      crowd: () => nobody,
      wallClock: () => 0,
      random: () => 0,
      whenUnreachable: 'try-on',
      isReturning,
    });
    engine.start(0);
    protocol.end.tell({type: 'refused', reason: 'name-in-use'});
    return {engine, types: events.map(({type}) => type)};
  }

  test('may be our own ghost, where another engine of ours was let in before', () => {
    const {engine, types} = refused(true);
    expect(types).not.toContain('refused');
    expect(engine.dueAt).toBeGreaterThan(0);
    expect(engine.dueAt).toBeLessThan(Number.POSITIVE_INFINITY);
  });

  test('is somebody else’s otherwise, however patient one is', () => {
    const {engine, types} = refused(false);
    expect(types).toContain('refused');
    expect(engine.dueAt).toBe(Number.POSITIVE_INFINITY);
  });
});
