import {describe, expect, test} from 'vitest';
import {Bench, type RawClient, type Second} from './bench.ts';

/** alice (0) and bob (1), whose private connection is agreed on: from ports 5000 and 5001. */
function agreed() {
  const bench = new Bench();
  const [alice, bob] = bench.connect('alice', 'bob') as [RawClient, RawClient];
  agree(alice, bob);
  return {bench, alice, bob};
}

function agree(alice: RawClient, bob: RawClient): void {
  alice.ask(1, 5000);
  bob.accept(0, 5001);
  alice.take();
  bob.take();
}

/** The same, with both there. */
function linked() {
  const people = agreed();
  const one = people.alice.second(5000);
  const other = people.bob.second(5001);
  return {...people, one, other};
}

function write(bench: Bench, {connection}: Second, ...bytes: readonly number[]): void {
  connection.write(Uint8Array.from(bytes));
  bench.run(0);
}

/** Numbers that repeat too late for a part of them to pass for another. */
function pattern(size: number, factor: number): Uint8Array {
  return Uint8Array.from({length: size}, (_, index) => (index * factor + (index >> 8)) & 0xff);
}

describe('two that have agreed', () => {
  test('exchange bytes, untouched, and the hub says nothing', () => {
    const {bench, one, other} = linked();
    expect([...one.take(), ...other.take()]).toEqual([]);
    write(bench, one, 0, 255, 7);
    write(bench, other, 9);
    expect([...other.take()]).toEqual([0, 255, 7]);
    expect([...one.take()]).toEqual([9]);
  });

  test('come in any order, and are no new users', () => {
    const {bench, alice, bob} = agreed();
    const other = bob.second(5001);
    const one = alice.second(5000);
    write(bench, one, 1);
    expect([...other.take()]).toEqual([1]);
    bench.run(40_000);
    expect(one.story).toEqual(['opened']);
    expect(bench.hub.users).toBe(2);
  });

  test('are known by their address: from another one, or from another port, comes a stranger', () => {
    const {bench, alice, bob} = agreed();
    const one = alice.second(5000);
    const mallory = bob.second(5000);
    const late = bob.second(5002);
    write(bench, one, 1, 2, 3);
    expect([...mallory.take(), ...late.take()]).toEqual([]);
    expect([...bob.second(5001).take()]).toEqual([1, 2, 3]);
  });

  test('may be several pairs with one user among them', () => {
    const bench = new Bench();
    const [alice, bob, carl] = bench.connect('alice', 'bob', 'carl') as [
      RawClient,
      RawClient,
      RawClient,
    ];
    alice.ask(1, 5000);
    alice.ask(2, 5002);
    bob.accept(0, 5001);
    carl.accept(0, 5001);
    const seconds = [alice.second(5000), alice.second(5002), bob.second(5001), carl.second(5001)];
    const [toBob, toCarl, ofBob, ofCarl] = seconds as [Second, Second, Second, Second];
    write(bench, toBob, 1);
    write(bench, toCarl, 2);
    expect([...ofBob.take()]).toEqual([1]);
    expect([...ofCarl.take()]).toEqual([2]);
  });

  test.each(['whole', 'random', 'bytes'] as const)(
    'exchange 200 kB each way at once, in pieces: %s',
    pieces => {
      const {bench, one, other} = linked();
      bench.streams.conditions = {maximumDelayMs: pieces === 'bytes' ? 0 : 3, pieces};
      const size = pieces === 'bytes' ? 5000 : 200_000;
      const there = pattern(size, 7);
      const back = pattern(size, 13);
      one.connection.write(there);
      other.connection.write(back);
      one.connection.end();
      other.connection.end();
      bench.run(60_000);
      expect(Buffer.compare(other.take(), there)).toBe(0);
      expect(Buffer.compare(one.take(), back)).toBe(0);
      expect(one.story.at(-1)).toBe('closed');
      expect(other.story.at(-1)).toBe('closed');
    },
  );
});

describe('bytes that nobody takes', () => {
  test('wait for the second side in 64 KiB, with the first unread beyond that', () => {
    const {bench, alice, bob} = agreed();
    const one = alice.second(5000);
    const said = pattern(400_000, 3);
    one.connection.write(said);
    bench.run(0);
    // All other bytes, neither in the hub nor in the simulated network, still wait with their writer.
    expect(one.connection.waiting).toBeGreaterThanOrEqual(400_000 - 3 * 65_536);
    const other = bob.second(5001);
    bench.run(0);
    expect(Buffer.compare(other.take(), said)).toBe(0);
    expect(one.connection.waiting).toBe(0);
  });

  test('stop their writer, and go on when they are read', () => {
    const {bench, one, other} = linked();
    const said = pattern(600_000, 5);
    other.connection.pause();
    one.connection.write(said);
    bench.run(0);
    const waiting = one.connection.waiting;
    expect(waiting).toBeGreaterThan(300_000);
    bench.run(60_000);
    expect(one.connection.waiting).toBe(waiting);
    other.connection.resume();
    bench.run(0);
    expect(Buffer.compare(other.take(), said)).toBe(0);
  });

  test('in one direction do not stop the other', () => {
    const {bench, one, other} = linked();
    other.connection.pause();
    one.connection.write(pattern(600_000, 5));
    bench.run(0);
    other.connection.write(pattern(600_000, 9));
    bench.run(0);
    expect(Buffer.compare(one.take(), pattern(600_000, 9))).toBe(0);
  });
});

describe('an end', () => {
  test('of one direction is passed on, and the other direction goes on', () => {
    const {bench, one, other} = linked();
    one.connection.write(Uint8Array.of(1));
    one.connection.end();
    bench.run(60_000);
    expect([...other.take()]).toEqual([1]);
    expect(other.story).toEqual(['opened', 'ended']);
    write(bench, other, 2);
    expect([...one.take()]).toEqual([2]);
    other.connection.end();
    bench.run(0);
    expect(one.story.at(-1)).toBe('closed');
    expect(other.story.at(-1)).toBe('closed');
  });

  test('of one direction, by a side that asks for another connection, ends what was left of this one', () => {
    const {bench, alice, bob, one, other} = linked();
    one.connection.write(Uint8Array.of(1));
    one.connection.end();
    bench.run(1000);
    bob.ask(0, 5003);
    expect(bob.take()).toEqual(['connectionRefused 0']);
    alice.ask(1, 5002);
    expect(alice.take()).toEqual([]);
    expect(bob.take()).toEqual(['connectionAsked 0']);
    expect([...other.take()]).toEqual([1]);
    expect(one.story.at(-1)).toBe('closed');
    other.connection.end();
    bench.run(0);
    expect(other.story.at(-1)).toBe('closed');
    bob.accept(0, 5003);
    const [next, last] = [alice.second(5002), bob.second(5003)];
    write(bench, next, 2);
    expect([...last.take()]).toEqual([2]);
    next.connection.end();
    last.connection.end();
    bench.run(1000);
    expect(bench.streams.size).toBe(4);
  });

  test('that comes before the other side does is passed on to it with what was said', () => {
    const {bench, alice, bob} = agreed();
    const one = alice.second(5000);
    one.connection.write(Uint8Array.of(1, 2));
    one.connection.end();
    bench.run(5000);
    const other = bob.second(5001);
    expect([...other.take()]).toEqual([1, 2]);
    expect(other.story).toEqual(['opened', 'ended']);
  });

  test.each(['one', 'other'] as const)(
    'of a connection that is lost (%s) ends the other within a second',
    which => {
      const {bench, one, other} = linked();
      const [lost, kept] = which === 'one' ? [one, other] : [other, one];
      write(bench, lost, 1, 2, 3);
      bench.streams.reset(lost.connection);
      bench.run(0);
      expect([...kept.take()]).toEqual([1, 2, 3]);
      expect(kept.story).toEqual(['opened', 'ended']);
      // Though it ends nothing, and goes on writing.
      kept.connection.write(Uint8Array.of(4));
      bench.run(1000);
      expect(bench.streams.size).toBe(5);
    },
  );

  test('of a lost connection ends the other though it was not read', () => {
    const {bench, one, other} = linked();
    other.connection.pause();
    one.connection.write(pattern(600_000, 5));
    one.connection.end();
    bench.run(0);
    bench.streams.reset(other.connection);
    bench.run(0);
    expect(one.story.at(-1)).toBe('closed');
  });

  test('of both directions ends the private connection, though nobody reads the last bytes for 10 minutes', () => {
    const {bench, alice, bob, one, other} = linked();
    for (const side of [one, other]) {
      side.connection.pause();
      side.connection.write(pattern(100_000, 5));
      side.connection.end();
    }
    bench.run(0);
    alice.ask(1, 5002);
    expect(bob.take()).toEqual(['connectionAsked 0']);
    bob.refuse(0);
    bench.run(599_000);
    expect(bench.hub.isBusy).toBe(true);
    bench.run(1000);
    expect(bench.hub.isBusy).toBe(false);
    expect(bench.hub.dueAt).toBe(Number.POSITIVE_INFINITY);
  });

  test('of a lost connection leaves a slow reader the time to take what was sent first', () => {
    const {bench, one, other} = linked();
    const said = pattern(150_000, 5);
    other.connection.pause();
    one.connection.write(said);
    bench.run(0);
    bench.streams.reset(one.connection);
    bench.run(5000);
    other.connection.resume();
    bench.run(0);
    // Without what the lost side's own network still had.
    const taken = other.take();
    expect(taken.length).toBeGreaterThan(65_536);
    expect(Buffer.compare(taken, said.subarray(0, taken.length))).toBe(0);
    expect(other.story).toContain('ended');
  });

  test('of a lost connection cuts off a reader that takes nothing for 10 minutes', () => {
    const {bench, one, other} = linked();
    other.connection.pause();
    one.connection.write(pattern(200_000, 5));
    bench.run(0);
    bench.streams.reset(one.connection);
    bench.run(599_999);
    expect(bench.hub.isBusy).toBe(true);
    bench.run(1);
    expect(bench.hub.isBusy).toBe(false);
    expect(bench.hub.dueAt).toBe(Number.POSITIVE_INFINITY);
  });

  test('lets the two have another private connection at once', () => {
    const {bench, alice, bob, one, other} = linked();
    one.connection.end();
    other.connection.end();
    bench.run(0);
    agree(alice, bob);
    const again = alice.second(5000);
    const theirs = bob.second(5001);
    write(bench, again, 1);
    expect([...theirs.take()]).toEqual([1]);
  });
});

describe('a side that does not come', () => {
  test('in 10 s costs the other its connection, and another one can be asked for', () => {
    const {bench, alice, bob} = agreed();
    bench.run(1000);
    const one = alice.second(5000);
    bench.run(8999);
    expect(one.story).toEqual(['opened']);
    bench.run(1);
    expect(one.story).toEqual(['opened', 'ended']);
    alice.ask(1, 5004);
    expect(bob.take()).toEqual(['connectionAsked 0']);
  });

  test('but 12 s later finds the connection ended, and is no new user', () => {
    const {bench, bob} = agreed();
    bench.run(12_000);
    const late = bob.second(5001);
    expect(late.story).toEqual(['opened', 'ended']);
  });

  test('and never does leaves the port to the next client that comes from it', () => {
    const {bench, alice, bob} = agreed();
    bench.run(15_000);
    const carl = bob.second(5001);
    carl.connection.write(Uint8Array.of(0, 4, ...Buffer.from('carl')));
    bench.run(0);
    expect(alice.take()).toEqual(['arrival 2=carl']);
  });

  test('finds what was said by one that is lost by now', () => {
    const {bench, alice, bob} = agreed();
    const one = alice.second(5000);
    write(bench, one, 1, 2);
    bench.streams.reset(one.connection);
    bench.run(3000);
    const other = bob.second(5001);
    expect([...other.take()]).toEqual([1, 2]);
    expect(other.story).toEqual(['opened', 'ended']);
  });

  test('leaves nothing behind', () => {
    const {bench} = agreed();
    bench.run(40_000);
    expect(bench.hub.dueAt).toBe(Number.POSITIVE_INFINITY);
  });
});

test('a user who leaves the hub ends their private connections: what was sent arrives', () => {
  const {bench, alice, bob, one, other} = linked();
  write(bench, one, 1, 2);
  alice.connection.end();
  bench.run(0);
  expect([...other.take()]).toEqual([1, 2]);
  expect(bob.take()).toEqual(['departure 0']);
  // More bytes may follow those that were just passed on.
  bench.run(2000);
  expect(one.story).toContain('ended');
  expect(other.story).toContain('ended');
  bench.run(1000);
  expect(bench.hub.dueAt).toBe(Number.POSITIVE_INFINITY);
});

test('what was sent before its author left the hub arrives, however slowly it is read', () => {
  const {bench, alice, one, other} = linked();
  const said = pattern(300_000, 7);
  other.connection.pause();
  one.connection.write(said);
  one.connection.end();
  bench.run(0);
  alice.connection.end();
  bench.run(30_000);
  expect(other.story).not.toContain('ended');
  other.connection.resume();
  bench.run(5000);
  expect(Buffer.compare(other.take(), said)).toBe(0);
  expect(other.story).toContain('ended');
});

test('a hub that ends waits until what was said in private is taken', () => {
  const {bench, one, other} = linked();
  other.connection.pause();
  one.connection.write(pattern(150_000, 3));
  bench.run(0);
  bench.hub.close(bench.network.now);
  bench.run(0);
  expect(bench.hub.isBusy).toBe(true);
  other.connection.resume();
  bench.run(0);
  expect(bench.hub.isBusy).toBe(false);
  expect(other.story).toContain('ended');
});
