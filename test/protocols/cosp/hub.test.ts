import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {Hub} from '../../../source/hub/hub.ts';
import {silentLog} from '../../../source/hub/silent-log.ts';
import {Ids} from '../../../source/protocols/cosp/hub/ids.ts';
import {cosp} from '../../../source/protocols/cosp/index.ts';
import * as wire from '../../../source/protocols/cosp/wire.ts';
import type {Connection} from '../../../source/protocols/protocol.ts';
import {Bench, RawClient} from './bench.ts';

const text = (said: string): wire.Request => ({type: 'publicText', text: said});

/** Takes everything. */
const deaf: Connection = {
  remote: {host: '203.0.113.1', port: 40_000},
  waiting: 0,
  write() {},
  end() {},
  destroy() {},
  pause() {},
  resume() {},
};

/** A hub with those users connected: alice has id 0, bob 1, carl 2. */
function connected(...nicknames: readonly string[]) {
  const bench = new Bench();
  const [alice, bob, carl] = bench.connect(...nicknames);
  const spare = new RawClient(bench, '203.0.113.1');
  return {bench, alice: alice ?? spare, bob: bob ?? spare, carl: carl ?? spare};
}

describe('a nickname', () => {
  test('is accepted with the list of the others, who are told of the newcomer', () => {
    const bench = new Bench();
    const alice = bench.visit();
    alice.register('alice');
    expect(alice.take()).toEqual(['accepted']);
    const bob = bench.visit();
    bob.register('bob');
    expect(bob.take()).toEqual(['accepted 0=alice']);
    expect(alice.take()).toEqual(['arrival 1=bob']);
    expect(bench.story).toEqual(['alice connected', 'bob connected']);
  });

  test.each(['alice', 'ALICE'])(
    'in use is refused, spelt %s too, and another one is taken',
    nick => {
      const {bench} = connected('alice');
      const other = bench.visit();
      other.register(nick);
      expect(other.take()).toEqual(['refused']);
      other.register('bob');
      expect(other.take()).toEqual(['accepted 0=alice']);
    },
  );

  test.each([
    ['empty', ''],
    ['of 33 bytes', 'x'.repeat(33)],
    ['with a control character', 'a\u0007b'],
    ['with bytes that are no UTF-8', 'a\ufffdb'],
  ])('that is %s is refused as often as it is said (R1)', (_, nickname) => {
    const bench = new Bench();
    const client = bench.visit();
    client.register(nickname);
    client.register(nickname);
    expect(client.take()).toEqual(['refused', 'refused']);
    expect(bench.hub.users).toBe(0);
    client.register('carl');
    expect(client.take()).toEqual(['accepted']);
  });

  test('may come with the first requests, one byte at a time or glued', () => {
    for (const pieces of ['bytes', 'whole'] as const) {
      const bench = new Bench({maximumDelayMs: 0, pieces});
      const [alice] = bench.connect('alice');
      const bob = bench.visit();
      bob.write(
        Buffer.concat([
          wire.encodeNickname('bob'),
          wire.encodeRequest(text('hi')),
          wire.encodeRequest(text('there')),
        ]),
      );
      expect(alice?.take()).toEqual(['arrival 1=bob', 'publicText 1: hi', 'publicText 1: there']);
    }
  });

  test('is waited for during 30 s, refusals included (R5)', () => {
    const bench = new Bench();
    const idle = bench.visit();
    const wrong = bench.visit();
    wrong.register('');
    bench.run(29_999);
    expect(idle.story).toEqual(['opened']);
    wrong.register('');
    bench.run(1);
    expect(idle.story).toEqual(['opened', 'ended']);
    expect(wrong.story).toEqual(['opened', 'ended']);
    bench.run(9999);
    expect(bench.streams.size).toBe(4);
    bench.run(1);
    expect(bench.streams.size).toBe(2);
  });
});

describe('a text', () => {
  test('goes to everybody but its author, who gets no answer', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.say(text('salut à tous'));
    expect(bob.take()).toEqual(['publicText 0: salut à tous']);
    expect(carl.take()).toEqual(['publicText 0: salut à tous']);
    expect(alice.take()).toEqual([]);
  });

  test('that is empty is ignored, private or not (R4)', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.say(text(''), {type: 'privateText', id: 1, text: ''}, text('and on'));
    expect(bob.take()).toEqual(['publicText 0: and on']);
    expect(alice.take()).toEqual([]);
  });

  test('of 4,096 bytes is passed on; one that grows beyond them by what is no UTF-8 is not, and counted', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const longest = 'x'.repeat(4096);
    alice.say(text(longest));
    expect(bob.take()).toEqual([`publicText 0: ${longest}`]);
    const swelling = wire.encodeRequest(text(longest)).fill(0xff, 10, 20);
    alice.write(swelling);
    alice.say(text('shorter'));
    expect(bob.take()).toEqual(['publicText 0: shorter']);
    expect(bench.dropped('too-long')).toBe(1);
  });

  test('for one user alone reaches nobody else', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.say({type: 'privateText', id: 1, text: 'psst'});
    expect(bob.take()).toEqual(['privateText 0: psst']);
    expect(carl.take()).toEqual([]);
    expect(alice.take()).toEqual([]);
  });

  test.each([7, 32_767])('for id %i, which nobody has, is answered by −1', id => {
    const {alice} = connected('alice');
    alice.say({type: 'privateText', id, text: 'psst'});
    expect(alice.take()).toEqual(['gone']);
  });

  test('for a negative id is answered like that of somebody who is gone', () => {
    const {alice} = connected('alice');
    alice.write(Uint8Array.of(1, 0xff, 0xff, 0, 1, 0x78));
    expect(alice.take()).toEqual(['gone']);
  });
});

describe('a user who leaves', () => {
  test('by ending the connection is told of to the others, and reads what is left', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.connection.end();
    bench.run(0);
    expect(alice.take()).toEqual(['departure 1']);
    expect(bob.story).toEqual(['opened', 'ended', 'closed']);
    expect(bench.story).toContain('bob left: disconnected');
  });

  test('with a lost connection is told of too', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.streams.reset(bob.connection);
    bench.run(0);
    expect(alice.take()).toEqual(['departure 1']);
  });

  test.each([
    ['an unknown code', [9]],
    ['a text that is too long', [0, 0x10, 0x01]],
    ['a negative length', [0, 0xff, 0xff]],
  ])('by saying %s is counted, and nothing more is read', (_, bytes) => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.write(Buffer.concat([Uint8Array.from(bytes), wire.encodeRequest(text('unheard'))]));
    bench.run(0);
    expect(alice.take()).toEqual(['departure 1']);
    expect(bob.story).toContain('ended');
    expect(bench.dropped('malformed')).toBe(1);
    expect(bench.story).toContain('bob left: protocol-error');
  });

  test('gives the id back, which is used again as late as possible', () => {
    const ids = new Ids();
    expect([ids.of(1), ids.of(2), ids.of(1)]).toEqual([0, 1, 0]);
    ids.release(1);
    for (let user = 3; user <= 32_768; user++) ids.of(user);
    expect(ids.of(32_768)).toBe(32_767);
    expect(ids.userOf(0)).toBeUndefined();
    expect(ids.of(40_000)).toBe(0);
    ids.release(2);
    ids.release(3);
    expect(ids.of(40_001)).toBe(1);
    expect(ids.of(40_002)).toBe(2);
    expect(() => ids.of(40_003)).toThrow(RangeError);
  });

  test.each(['nobody', 'somebody'])('gives the id back, with %s there to see it', who => {
    const hub = new Hub({protocols: [cosp], log: silentLog, send() {}});
    const witness = hub.accept(cosp, deaf, 0);
    if (who === 'somebody') witness.received(wire.encodeNickname('witness'), 0);
    for (let user = 0; user < 33_000; user++) {
      const listener = hub.accept(cosp, deaf, 0);
      listener.received(wire.encodeNickname('visitor'), 0);
      listener.closed(undefined, 0);
    }
    expect(hub.users).toBe(who === 'somebody' ? 1 : 0);
  });
});

describe('a request for a private connection', () => {
  test('reaches the one asked; accepted, it is told to both, under their ids', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.ask(1, 5000);
    expect(bob.take()).toEqual(['connectionAsked 0']);
    bob.accept(0, 5001);
    expect(alice.take()).toEqual(['connectionAccepted 1']);
    expect(bob.take()).toEqual(['acceptanceRegistered 0']);
  });

  test('can be refused, and asked for again', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.ask(1, 5000);
    bob.refuse(0);
    expect(alice.take()).toEqual(['connectionRefused 1']);
    alice.ask(1, 5000);
    expect(bob.take()).toEqual(['connectionAsked 0', 'connectionAsked 0']);
  });

  test('of nobody, or of oneself, is answered by −1', () => {
    const {alice} = connected('alice', 'bob');
    alice.ask(7, 5000);
    alice.ask(0, 5000);
    expect(alice.take()).toEqual(['gone', 'gone']);
  });

  test('is refused while one is pending or open between the two, whichever side asks', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.ask(1, 5000);
    alice.ask(1, 5002);
    bob.ask(0, 5003);
    expect(alice.take()).toEqual(['connectionRefused 1']);
    expect(bob.take()).toEqual(['connectionAsked 0', 'connectionRefused 0']);
    bob.accept(0, 5001);
    alice.take();
    alice.ask(1, 5004);
    expect(alice.take()).toEqual(['connectionRefused 1']);
  });

  test.each([0, -1, 65_536])('from port %i is refused, and the other hears nothing', port => {
    const {alice, bob} = connected('alice', 'bob');
    const bytes = new DataView(new ArrayBuffer(7));
    bytes.setInt8(0, 2);
    bytes.setInt32(1, port);
    bytes.setInt16(5, 1);
    alice.write(new Uint8Array(bytes.buffer));
    expect(alice.take()).toEqual(['connectionRefused 1']);
    expect(bob.take()).toEqual([]);
  });

  test('that is accepted from a port somebody is awaited from is refused to both', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.ask(1, 5000);
    alice.ask(2, 5000);
    bob.accept(0, 5001);
    carl.take();
    carl.accept(0, 5001);
    expect(carl.take()).toEqual(['connectionRefused 0']);
    expect(alice.take()).toEqual(['connectionAccepted 1', 'connectionRefused 2']);
    bench.run(0);
  });

  test('from a port that somebody is awaited from is refused at once', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.ask(1, 5000);
    bob.accept(0, 5001);
    alice.take();
    alice.ask(2, 5000);
    expect(alice.take()).toEqual(['connectionRefused 2']);
    expect(carl.take()).toEqual([]);
    alice.ask(2, 5002);
    expect(carl.take()).toEqual(['connectionAsked 0']);
  });

  test('that nobody has made is answered by −1 alone, refused or accepted (R6)', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.accept(1, 5000);
    alice.refuse(1);
    alice.refuse(32_767);
    expect(alice.take()).toEqual(['gone', 'gone', 'gone']);
    expect(bob.take()).toEqual([]);
  });

  test('can be answered once', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.ask(1, 5000);
    bob.accept(0, 5001);
    bob.take();
    bob.accept(0, 5001);
    bob.refuse(0);
    expect(bob.take()).toEqual(['gone', 'gone']);
    expect(alice.take()).toEqual(['connectionAccepted 1']);
    bob.ask(0, 5002);
    expect(bob.take()).toEqual(['connectionRefused 0']);
  });

  test('of one’s own cannot be answered: it stays', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.ask(1, 5000);
    alice.refuse(1);
    expect(alice.take()).toEqual(['gone']);
    bob.accept(0, 5001);
    expect(alice.take()).toEqual(['connectionAccepted 1']);
  });

  test('is over after 5 minutes, for who asked, and for who answers then', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.ask(1, 5000);
    bob.take();
    bench.run(5 * 60_000 - 1);
    expect(alice.take()).toEqual([]);
    bench.run(1);
    expect(alice.take()).toEqual(['connectionRefused 1']);
    bob.accept(0, 5001);
    expect(bob.take()).toEqual(['gone']);
  });

  test('ends when either leaves', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.ask(1, 5000);
    carl.ask(1, 5000);
    alice.connection.end();
    bench.run(0);
    bob.take();
    bob.accept(0, 5001);
    expect(bob.take()).toEqual(['gone']);
    bob.connection.end();
    bench.run(0);
    expect(carl.take()).toEqual(['departure 0', 'departure 1']);
  });
});

test('a hub that ends closes every connection, and waits until what it said is taken', () => {
  const {bench, alice, bob} = connected('alice', 'bob');
  const stranger = bench.visit();
  bob.connection.pause();
  for (let index = 0; index < 30; index++) alice.say(text('x'.repeat(4096)));
  bench.hub.close(bench.network.now);
  bench.run(0);
  expect(alice.story).toContain('ended');
  expect(stranger.story).toContain('ended');
  expect(bench.hub.isBusy).toBe(true);
  bob.connection.resume();
  bench.run(0);
  expect(bench.hub.isBusy).toBe(false);
  expect(bob.take()).toHaveLength(30);
  expect(bob.story).toContain('ended');
  // It was not read while it had so much to take.
  bob.connection.end();
  bench.run(0);
  expect(bob.story.at(-1)).toBe('closed');
});

test('whatever bytes come, in whatever pieces, nothing is thrown and nobody else is harmed', () => {
  const bench = new Bench({maximumDelayMs: 5, pieces: 'random'}, 7);
  const [witness] = bench.connect('witness');
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.array(
        fc.oneof(
          fc.uint8Array({maxLength: 40}),
          fc.constantFrom(
            wire.encodeRequest(text('hello')),
            wire.encodeRequest({type: 'askConnection', id: 0, port: 5000}),
            wire.encodeRequest({type: 'acceptConnection', id: 0, port: 5001}),
          ),
        ),
      ),
      (isRegistered, chunks) => {
        const client = bench.visit();
        if (isRegistered) client.register('noise');
        for (const chunk of chunks) client.write(chunk);
        bench.run(20);
        client.connection.destroy();
        bench.run(20);
      },
    ),
    {numRuns: 300},
  );
  witness?.take();
  witness?.refuse(32_767);
  bench.run(20);
  expect(witness?.take()).toEqual(['gone']);
  expect(bench.hub.users).toBe(1);
});
