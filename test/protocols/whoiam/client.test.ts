import {describe, expect, test} from 'vitest';
import {whoiam} from '../../../source/protocols/whoiam/index.ts';
import {Random, seeds} from '../../network/random.ts';
import {World} from '../../network/world.ts';
import {ScriptedEnd, ScriptedHub} from './scripted-hub.ts';

const nothing = new Set<never>();

/** The test answers with this many lists. */
function lists(count: number): string[] {
  return Array.from({length: count}, () => 'WHO alice bob');
}

describe('connecting', () => {
  test('waits to be asked, says who we are, and asks who is there', () => {
    const hub = new ScriptedHub();
    hub.answers = nothing;
    hub.alice.start();
    hub.run(0);
    expect(hub.take()).toEqual([]);
    hub.say('WHO');
    expect(hub.take()).toEqual(['IAM alice']);
    hub.say('WHO', 'MSG bob not for us', 'ARR bob', 'HELLO');
    expect(hub.take()).toEqual([]);
    expect(hub.alice.isConnected).toBe(false);
    hub.say('ARR alice');
    expect(hub.alice.isConnected).toBe(true);
    expect(hub.take()).toEqual(['WHO']);
    hub.say('WHO alice bob');
    expect(hub.alice.present).toEqual(['alice', 'bob']);
    expect(hub.alice.texts()).toEqual([]);
  });

  test.each([
    ['TKN alice', 'nickname-in-use'],
    ['ERR alice', 'nickname-invalid'],
  ])('is refused by %s, and the connection is not kept', (line, reason) => {
    const hub = new ScriptedHub();
    hub.answers = new Set(['connection']);
    hub.alice.start();
    hub.run(0);
    hub.say(line, 'ARR alice');
    expect(hub.alice.last('refused')).toMatchObject({reason});
    expect(hub.alice.isConnected).toBe(false);
    expect(hub.story).toEqual(['ended']);
    hub.run(60_000);
    expect(hub.connections).toHaveLength(1);
  });

  test('to where nobody listens is refused at once', () => {
    const hub = new ScriptedHub();
    hub.stopListening();
    hub.alice.start();
    hub.run(0);
    expect(hub.alice.last('refused')).toMatchObject({reason: 'unreachable'});
    expect(hub.streams.size).toBe(0);
  });

  test.each([
    ['a network without an answer', (hub: ScriptedHub) => hub.streams.silence('192.0.2.1')],
    [
      'a hub that asks nothing',
      (hub: ScriptedHub) => {
        hub.answers = nothing;
      },
    ],
    [
      'a hub that lets nobody in',
      (hub: ScriptedHub) => {
        hub.answers = new Set(['connection']);
      },
    ],
  ])('is given up after 10 s of %s', (_, prepare) => {
    const hub = new ScriptedHub();
    prepare(hub);
    hub.alice.start();
    hub.run(9999);
    expect(hub.alice.last('refused')).toBeUndefined();
    hub.run(1);
    expect(hub.alice.last('refused')).toMatchObject({reason: 'unreachable'});
    hub.streams.restore('192.0.2.1');
    hub.run(1000);
    expect(hub.alice.isConnected).toBe(false);
  });

  test.each([
    ['ends', (hub: ScriptedHub) => hub.connection.end()],
    ['is reset', (hub: ScriptedHub) => hub.streams.reset(hub.connection)],
    ['brings a line without an end', (hub: ScriptedHub) => hub.write(new Uint8Array(1_048_577))],
  ])('to a connection that %s is refused', (_, happen) => {
    const hub = new ScriptedHub();
    hub.answers = new Set(['connection']);
    hub.alice.start();
    hub.run(0);
    happen(hub);
    hub.run(0);
    expect(hub.alice.last('refused')).toMatchObject({reason: 'unreachable'});
  });
});

describe('the list', () => {
  test('is followed by all arrivals and departures, each told once', () => {
    const end = new ScriptedEnd();
    end.say('WHO', 'ARR alice', 'WHO alice bob', 'ARR carl', 'LFT bob', 'ARR carl', 'LFT ghost');
    expect(end.events.slice(1)).toEqual([
      {type: 'users', users: [{nick: 'alice'}, {nick: 'bob'}]},
      {type: 'arrived', nick: 'carl'},
      {type: 'departed', nick: 'bob'},
    ]);
  });

  test('behind a text is compared, and only what is new in it is told', () => {
    const end = new ScriptedEnd();
    end.say('WHO', 'ARR alice', 'WHO alice bob carl');
    end.events.length = 0;
    end.say('WHO alice bob carl', 'WHO carl dora');
    expect(end.events).toEqual([
      {type: 'departed', nick: 'bob'},
      {type: 'arrived', nick: 'dora'},
    ]);
    end.events.length = 0;
    end.end.request({type: 'list'}, 0);
    end.say('WHO carl dora');
    expect(end.events).toEqual([{type: 'users', users: [{nick: 'carl'}, {nick: 'dora'}]}]);
  });

  test('is not told before it has come as a whole', () => {
    const hub = new ScriptedHub();
    hub.answers = new Set(['connection', 'IAM']);
    hub.alice.start();
    hub.run(0);
    hub.say('ARR carl');
    expect(hub.alice.of('users')).toEqual([]);
    hub.say('WHO alice bob carl');
    expect(hub.alice.present).toEqual(['alice', 'bob', 'carl']);
  });

  test('is asked for on request, once for requests that come together', () => {
    const hub = ScriptedHub.connected();
    hub.alice.list();
    hub.alice.list();
    hub.run(0);
    expect(hub.take()).toEqual(['WHO']);
    expect(hub.alice.last('notice')?.text).toContain('bob');
  });

  test('of a hostile hub has its bounds, and only nicknames in it', () => {
    const hub = new ScriptedHub();
    const names = Array.from({length: 40_000}, (_, index) => `user${index}`);
    hub.list = `alice \u001b[2J ${'x'.repeat(33)} ${names.join(' ')}`;
    hub.alice.start();
    hub.run(0);
    expect(hub.alice.present).toHaveLength(32_768);
    expect(hub.alice.present.slice(0, 2)).toEqual(['alice', 'user0']);
    hub.say('ARR late');
    expect(hub.alice.present).not.toContain('late');
  });
});

describe('texts', () => {
  test('are shown with their author, and not our own', () => {
    const hub = ScriptedHub.connected();
    hub.say('MSG bob  hello, 🙂', 'PRV bob psst', 'MSG alice echo', 'PRV alice echo');
    expect(hub.alice.texts('public')).toEqual(['bob:  hello, 🙂']);
    expect(hub.alice.texts('direct')).toEqual(['bob: psst']);
    expect(hub.alice.last('statistics')?.statistics.received).toBe(2);
  });

  test('are delivered when the list behind them has come', () => {
    const hub = ScriptedHub.connected();
    hub.answers = nothing;
    hub.alice.say('hello');
    hub.run(40);
    expect(hub.take()).toEqual(['MSG hello', 'WHO']);
    expect(hub.alice.ends()).toEqual([]);
    hub.say('ARR carl', 'MSG carl hi');
    expect(hub.alice.ends()).toEqual([]);
    hub.say('WHO alice bob carl');
    expect(hub.alice.ends()).toEqual(['1 delivered']);
    expect(hub.alice.present).toEqual(['alice', 'bob', 'carl']);
    const {statistics} = hub.alice.last('statistics') ?? {};
    expect(statistics).toMatchObject({sent: 1, retransmissions: 0, roundTripMs: 40});
  });

  test('for somebody who is not there fail, those before and behind them do not', () => {
    const hub = ScriptedHub.connected();
    hub.answers = nothing;
    hub.alice.say('one');
    hub.alice.tell('ghost', 'two');
    hub.alice.tell('bob', 'three');
    hub.run(0);
    expect(hub.take()).toEqual(['MSG one', 'WHO', 'PRV ghost two', 'WHO', 'PRV bob three', 'WHO']);
    hub.say('WHO alice bob', 'ERR alice', 'WHO alice bob', 'WHO alice bob');
    expect(hub.alice.ends()).toEqual(['1 delivered', '2 no-such-user', '3 delivered']);
  });

  test('for somebody who is there and cannot be reached, being in a room, fail', () => {
    const hub = ScriptedHub.connected();
    hub.answers = nothing;
    hub.alice.tell('BOB', 'psst');
    hub.alice.tell('bob', 'psst');
    hub.run(0);
    hub.say('ERR alice', 'WHO alice bob', 'ERR alice', 'WHO alice');
    expect(hub.alice.ends()).toEqual(['1 recipient-in-room', '2 no-such-user']);
  });

  test('are not failed by an ERR about something else', () => {
    const hub = ScriptedHub.connected();
    hub.answers = nothing;
    hub.alice.tell('bob', 'hello');
    hub.alice.say('hello');
    hub.run(0);
    hub.say('ERR WHAT', 'ERR', 'WHO alice bob', 'ERR alice', 'WHO alice bob');
    expect(hub.alice.ends()).toEqual(['1 delivered', '2 delivered']);
  });

  test('for what is no nickname never leave', () => {
    const hub = ScriptedHub.connected();
    hub.alice.tell('no body', 'hello');
    hub.run(0);
    expect(hub.alice.ends()).toEqual(['1 no-such-user']);
    expect(hub.take()).toEqual([]);
  });

  test('of more than one line arrive as one', () => {
    const hub = ScriptedHub.connected();
    hub.alice.say('MSG\nBYE\r\nand more');
    hub.run(0);
    expect(hub.take()).toEqual(['MSG MSG BYE  and more', 'WHO']);
  });

  test('are under way in sixteens, and the others wait for lists', () => {
    const hub = ScriptedHub.connected();
    hub.answers = nothing;
    for (let count = 0; count < 20; count++) hub.alice.say(`text ${count}`);
    hub.run(0);
    expect(hub.take().filter(line => line === 'WHO')).toHaveLength(16);
    hub.say(...lists(3));
    expect(hub.take()).toEqual(['MSG text 16', 'WHO', 'MSG text 17', 'WHO', 'MSG text 18', 'WHO']);
    hub.say(...lists(17));
    expect(hub.alice.ends()).toEqual(
      Array.from({length: 20}, (_, index) => `${index + 1} delivered`),
    );
    expect(hub.alice.engine.pending).toBe(0);
  });
});

describe('a hub that is silent', () => {
  test('for 10 s, with a list owed, is lost with the texts under way, and connected to again', () => {
    const hub = ScriptedHub.connected();
    hub.answers = nothing;
    hub.alice.say('hello');
    hub.alice.tell('ghost', 'hello');
    for (let count = 0; count < 20; count++) hub.alice.say('and more');
    hub.run(4000);
    hub.say('WHO alice bob', 'ERR alice');
    hub.run(9999);
    expect(hub.alice.ends()).toEqual(['1 delivered']);
    hub.run(1);
    expect(hub.alice.ends()).toHaveLength(17);
    // Those that were not said yet are kept.
    expect(hub.alice.of('kept')).toHaveLength(5);
    expect(hub.alice.ends().slice(1, 3)).toEqual(['2 no-such-user', '3 hub-silent']);
    expect(hub.alice.phase).toBe('retrying');
    expect(hub.story).toEqual(['ended']);
    hub.answers = new Set(['connection', 'IAM', 'WHO']);
    hub.run(1500);
    expect(hub.alice.isConnected).toBe(true);
    expect(hub.connections).toHaveLength(2);
    const more = Array.from({length: 5}, () => ['MSG and more', 'WHO']).flat();
    expect(hub.take().slice(-12)).toEqual(['IAM alice', 'WHO', ...more]);
  });

  test('though nobody has asked anything, is found out 40 s after it was heard last', () => {
    const hub = ScriptedHub.connected();
    hub.run(29_999);
    expect(hub.take()).toEqual([]);
    hub.run(1);
    expect(hub.take()).toEqual(['WHO']);
    hub.streams.cut(hub.connection);
    hub.run(39_999);
    expect(hub.alice.of('disconnected')).toEqual([]);
    hub.run(1);
    expect(hub.alice.last('disconnected')).toMatchObject({reason: 'hub-silent'});
  });

  test('is not heard any more once it was given up', () => {
    const hub = ScriptedHub.connected();
    const [old] = hub.connections;
    hub.streams.silence('198.51.100.1');
    old?.write(Buffer.from('MSG bob late\nLFT alice\n'));
    hub.run(40_000);
    expect(hub.alice.phase).toBe('retrying');
    hub.streams.restore('198.51.100.1');
    hub.run(30_000);
    expect(hub.alice.isConnected).toBe(true);
    expect(hub.alice.texts()).toEqual([]);
  });
});

describe('a connection that the hub', () => {
  test.each([
    ['ends', (hub: ScriptedHub) => hub.connection.end(), 'hub-closed'],
    ['cuts off', (hub: ScriptedHub) => hub.connection.destroy(), 'hub-closed'],
    ['loses', (hub: ScriptedHub) => hub.streams.reset(hub.connection), 'hub-silent'],
    ['says we have left', (hub: ScriptedHub) => hub.say('LFT alice'), 'hub-closed'],
    [
      'writes no lines on',
      (hub: ScriptedHub) => hub.write(new Uint8Array(1_048_577)),
      'hub-silent',
    ],
  ])('%s is lost, and made anew', (_, happen, reason) => {
    const hub = ScriptedHub.connected();
    hub.answers = new Set(['connection', 'IAM']);
    hub.alice.say('hello');
    hub.run(0);
    happen(hub);
    hub.run(0);
    expect(hub.alice.ends()).toEqual(['1 hub-silent']);
    expect(hub.alice.last('disconnected')).toMatchObject({reason});
    hub.run(1500);
    expect(hub.alice.isConnected).toBe(true);
    expect(hub.connections).toHaveLength(2);
  });

  test('says we have left says nothing more', () => {
    const hub = ScriptedHub.connected();
    hub.say('LFT alice', 'MSG bob late');
    expect(hub.alice.texts()).toEqual([]);
  });

  test('has let in again shows nobody before the new list', () => {
    const hub = ScriptedHub.connected();
    hub.answers = new Set(['connection', 'IAM']);
    hub.connection.end();
    hub.run(1500);
    hub.say('ARR carl');
    expect(hub.alice.of('users')).toEqual([]);
    hub.say('WHO alice carl');
    expect(hub.alice.present).toEqual(['alice', 'carl']);
  });

  test('does not take any more is tried again and again', () => {
    const hub = ScriptedHub.connected();
    hub.stopListening();
    hub.connection.destroy();
    hub.run(60_000);
    expect(hub.alice.of('reconnecting').length).toBeGreaterThan(4);
    expect(hub.alice.of('refused')).toEqual([]);
    expect(hub.alice.phase).toBe('retrying');
    expect(hub.streams.size).toBe(0);
  });
});

describe('leaving', () => {
  test('says BYE, and is over when we are told that we have left', () => {
    const hub = ScriptedHub.connected();
    hub.alice.close();
    hub.run(100);
    expect(hub.take()).toEqual(['BYE']);
    expect(hub.alice.engine.isClosed).toBe(false);
    hub.say('LFT bob', 'LFT alice');
    expect(hub.alice.last('disconnected')).toMatchObject({reason: 'left'});
    expect(hub.alice.engine.isClosed).toBe(true);
    hub.run(60_000);
    expect(hub.story).toEqual(['ended']);
    expect(hub.alice.engine.dueAt).toBe(Number.POSITIVE_INFINITY);
  });

  test.each([
    ['when the hub ends the connection', (hub: ScriptedHub) => hub.connection.end(), 0],
    ['when the connection is lost', (hub: ScriptedHub) => hub.streams.reset(hub.connection), 0],
    ['3 s later', (hub: ScriptedHub) => hub.streams.cut(hub.connection), 3000],
  ])('is over %s', (_, happen, afterMs) => {
    const hub = ScriptedHub.connected();
    hub.alice.close();
    hub.run(0);
    happen(hub);
    if (afterMs > 0) hub.run(afterMs - 1);
    expect(hub.alice.engine.isClosed).toBe(false);
    hub.run(1);
    expect(hub.alice.engine.isClosed).toBe(true);
  });

  test('lets what was said arrive before it', () => {
    const hub = ScriptedHub.connected();
    hub.answers = nothing;
    for (let count = 0; count < 20; count++) hub.alice.say('hello');
    hub.alice.close();
    hub.run(0);
    const lines = hub.take();
    expect(lines.filter(line => line === 'MSG hello')).toHaveLength(20);
    expect(lines.at(-1)).toBe('BYE');
    hub.say(...lists(19), 'LFT alice');
    expect(hub.alice.ends().filter(end => end.endsWith('delivered'))).toHaveLength(19);
    expect(hub.alice.ends().at(-1)).toBe('20 hub-silent');
    expect(hub.alice.engine.isClosed).toBe(true);
  });

  test('before we were let in is over at once, and leaves no connection behind', () => {
    const hub = new ScriptedHub({maximumDelayMs: 100, pieces: 'whole'});
    hub.alice.start();
    hub.alice.close();
    expect(hub.alice.engine.isClosed).toBe(true);
    hub.run(1000);
    expect(hub.streams.size).toBe(0);
  });
});

describe.each(seeds(1, 2, 3))('however the bytes arrive, seed %i', seed => {
  test.each(['whole', 'random', 'bytes'] as const)('%s, the same is understood', pieces => {
    const hub = ScriptedHub.connected({maximumDelayMs: 0, pieces});
    hub.alice.tell('ghost', 'hello');
    hub.answers = nothing;
    hub.run(0);
    hub.write('MSG bob salut 🙂\r\n\r\n\nERR alice\nWHO alice bob carl\nPRV carl é\nLFT bob\n');
    expect(hub.alice.texts()).toEqual(['bob: salut 🙂']);
    expect(hub.alice.texts('direct')).toEqual(['carl: é']);
    expect(hub.alice.ends()).toEqual(['1 no-such-user']);
    expect(hub.alice.present).toEqual(['alice', 'carl']);
  });

  test('random bytes and broken lines are survived', () => {
    const random = new Random(seed);
    const hub = ScriptedHub.connected();
    const words = [
      'WHO ',
      'ARR ',
      'LFT ',
      'MSG ',
      'PRV ',
      'ERR ',
      'TKN ',
      'bob',
      ' ',
      '\n',
      '\r\n',
    ];
    for (let count = 0; count < 3000; count++) {
      const noise = Uint8Array.from({length: 20}, () => Math.floor(random.next() * 256));
      hub.connection.write(random.chance(0.2) ? noise : Buffer.from(random.pick(words)));
      if (random.chance(0.05)) hub.alice.say('hello');
      if (random.chance(0.05)) hub.alice.tell('bob', 'hello');
      if (random.chance(0.1)) hub.run(100);
    }
    hub.run(30_000);
    expect(hub.alice.engine.pending).toBe(0);
    for (const nick of hub.alice.present) expect(whoiam.isNickname(nick)).toBe(true);
  });
});

describe.each(seeds(1, 2, 3, 4))('the real hub and five clients, seed %i', seed => {
  test('a hub that closes is said to be lost, and no client keeps its connection', () => {
    const world = new World(whoiam, seed, {maximumDelayMs: 50, pieces: 'random'});
    const users = world.connect('alice', 'bob');
    world.closeHub();
    world.run(500);
    expect(users.map(({phase}) => phase)).toEqual(['retrying', 'retrying']);
    world.run(200);
    expect(world.streams.size).toBe(0);
  });
});
