/** The simulated connections behave as those of the system do (test/transport/tcp.test.ts). */
import {describe, expect, test} from 'vitest';
import type {Connection} from '../../source/protocols/protocol.ts';
import {Random, seeds} from './random.ts';
import {SimulatedNetwork} from './simulated-network.ts';
import {SimulatedStreams, StreamRecorder} from './simulated-streams.ts';

const home = '198.51.100.1';
const server = {host: '192.0.2.1', port: 30_203};

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function makePair(seed = 1) {
  const clock = new SimulatedNetwork(new Random(seed));
  const streams = new SimulatedStreams(clock, new Random(seed));
  const accepted = new StreamRecorder();
  const theirs: Connection[] = [];
  streams.listen(server, connection => {
    theirs.push(connection);
    return accepted;
  });
  const recorder = new StreamRecorder();
  const ours = streams.open(home, server, recorder);
  clock.run(0);
  const [first] = theirs;
  if (first === undefined) throw new Error('nobody was accepted');
  return {clock, streams, ours, recorder, theirs: first, accepted};
}

test.each(seeds(1, 2, 3))('everything arrives once and in order, in pieces, seed %i', seed => {
  const {clock, streams, ours, recorder, theirs, accepted} = makePair(seed);
  streams.conditions = {maximumDelayMs: 300, pieces: 'random'};
  const text = Array.from({length: 200}, (_, index) => `line ${index}\n`);
  for (const line of text) ours.write(bytes(line));
  theirs.write(bytes('welcome'));
  ours.end();
  clock.run(100_000);
  expect(accepted.takeText()).toBe(text.join(''));
  expect(recorder.takeText()).toBe('welcome');
  expect(accepted.story).toEqual(['ended']);
  theirs.write(bytes('and yet'));
  theirs.end();
  clock.run(100_000);
  expect(recorder.takeText()).toBe('and yet');
  expect([recorder.story, accepted.story]).toEqual([
    ['opened', 'ended', 'closed'],
    ['ended', 'closed'],
  ]);
  expect(streams.size).toBe(0);
});

test('a reader that does not read makes the writer wait, and gets everything in the end', () => {
  const {clock, ours, recorder, theirs, accepted} = makePair();
  theirs.pause();
  const size = 300_000;
  ours.write(new Uint8Array(size));
  clock.run(1000);
  expect(accepted.take()).toHaveLength(0);
  expect(ours.waiting).toBeGreaterThan(size / 2);
  theirs.resume();
  clock.run(1000);
  expect(accepted.take()).toHaveLength(size);
  expect(ours.waiting).toBe(0);
  expect(recorder.story).toEqual(['opened', 'drained']);
});

test('a destroyed connection ends the other, which is reset if it goes on writing', () => {
  const {clock, ours, recorder, theirs, accepted} = makePair();
  ours.write(bytes('last words'));
  ours.destroy();
  ours.write(bytes('nobody hears this'));
  clock.run(0);
  expect(recorder.story).toEqual(['opened', 'closed']);
  expect(accepted.takeText()).toBe('last words');
  expect(accepted.story).toEqual(['ended']);
  theirs.write(bytes('anybody there?'));
  clock.run(0);
  expect(accepted.story).toEqual(['ended', 'closed ECONNRESET']);
});

test('nobody who listens, and a local port that is taken, are told as the system does', () => {
  const {clock, streams} = makePair();
  const refused = new StreamRecorder();
  streams.open(home, {...server, port: 1}, refused);
  streams.occupy({host: home, port: 40_000});
  const taken = new StreamRecorder();
  streams.open(home, server, taken, 40_000);
  clock.run(0);
  expect([refused.story, taken.story]).toEqual([['closed ECONNREFUSED'], ['closed EADDRINUSE']]);
  streams.vacate({host: home, port: 40_000});
  const free = new StreamRecorder();
  streams.open(home, server, free, 40_000);
  clock.run(0);
  expect(free.story).toEqual(['opened']);
});

test('a reserved port can be connected from when it is free again', () => {
  const {clock, streams} = makePair();
  const early = new StreamRecorder();
  const late = new StreamRecorder();
  streams.reserve(home, reservation => {
    if (reservation === undefined) return;
    streams.open(home, server, early, reservation.port);
    reservation.release(() => streams.open(home, server, late, reservation.port));
  });
  clock.run(0);
  expect([early.story, late.story]).toEqual([['closed EADDRINUSE'], ['opened']]);
});

test('a cut connection brings nothing more, and one of a silent host goes on when it is back', () => {
  const {clock, streams, ours, accepted} = makePair();
  streams.silence(home);
  ours.write(bytes('a'));
  clock.run(10_000);
  expect(accepted.takeText()).toBe('');
  streams.restore(home);
  clock.run(0);
  expect(accepted.takeText()).toBe('a');
  streams.cut(ours);
  ours.write(bytes('b'));
  ours.destroy();
  clock.run(10_000);
  expect(accepted.takeText()).toBe('');
  expect(accepted.story).toEqual([]);
});

test('a reset is told to both, and a side that gives up before the connection is open hears nothing more', () => {
  const {clock, streams, ours, recorder, accepted} = makePair();
  streams.reset(ours);
  clock.run(0);
  expect([recorder.story, accepted.story]).toEqual([
    ['opened', 'closed ECONNRESET'],
    ['closed ECONNRESET'],
  ]);
  streams.conditions = {maximumDelayMs: 1000, pieces: 'whole'};
  for (const patience of [0, 200, 400, 600, 800]) {
    const hasty = new StreamRecorder();
    const connection = streams.open(home, server, hasty);
    clock.run(patience);
    connection.destroy();
    clock.run(10_000);
    expect(hasty.story.at(-1)).toBe('closed');
  }
});

/** @returns The time after which the other side gives the connection up when `home` is not heard any more. */
function givenUpAt(act: (pair: ReturnType<typeof makePair>) => void): number {
  const made = makePair();
  const {clock, accepted} = made;
  const silentAt = clock.now;
  act(made);
  clock.runUntil(() => accepted.story.length > 0, 10_000_000);
  expect(accepted.story).toEqual(['closed ETIMEDOUT']);
  return clock.now - silentAt;
}

const silenced = ({streams}: ReturnType<typeof makePair>) => streams.silence(home);
const cut = ({streams, ours}: ReturnType<typeof makePair>) => streams.cut(ours);

describe.each([
  ['a silent host', silenced],
  ['a cut connection', cut],
])('%s', (_, act) => {
  test('is given up after 70 s if nothing was written to it', () => {
    expect(givenUpAt(act)).toBe(70_000);
  });

  test('is given up a quarter of an hour after something was written to it', () => {
    const writesLater = (made: ReturnType<typeof makePair>) => {
      act(made);
      made.clock.run(60_000);
      made.theirs.write(bytes('anybody there?'));
      made.clock.run(60_000);
      made.theirs.write(bytes('still nobody?'));
    };
    expect(givenUpAt(writesLater)).toBe(60_000 + 924_000);
    const writesBefore = (made: ReturnType<typeof makePair>) => {
      made.streams.conditions = {maximumDelayMs: 100, pieces: 'whole'};
      made.theirs.write(bytes('under way'));
      act(made);
    };
    expect(givenUpAt(writesBefore)).toBe(924_000);
  });
});

test('a host that was given up hears of it when it writes, or when it is asked for a sign of life', () => {
  for (const isWriting of [true, false]) {
    const {clock, streams, ours, recorder, accepted} = makePair();
    streams.silence(home);
    clock.run(70_000);
    expect(accepted.story).toEqual(['closed ETIMEDOUT']);
    streams.restore(home);
    clock.run(59_999);
    expect(recorder.story).toEqual(['opened']);
    if (isWriting) ours.write(bytes('anybody there?'));
    clock.run(1);
    expect(recorder.story).toEqual(['opened', 'closed ECONNRESET']);
    expect(streams.size).toBe(0);
  }
});

test('a silence that is over in time has cost nothing', () => {
  const {clock, streams, ours, accepted} = makePair();
  for (let round = 0; round < 3; round++) {
    streams.silence(home);
    clock.run(69_999);
    streams.restore(home);
    clock.run(2);
  }
  ours.write(bytes('still here'));
  clock.run(0);
  expect([accepted.story, accepted.takeText()]).toEqual([[], 'still here']);
});

test('a program that dies hears nothing more, and its system ends its connections', () => {
  const {clock, streams, ours, recorder, theirs, accepted} = makePair();
  ours.write(bytes('last words'));
  streams.kill(home);
  clock.run(0);
  expect([accepted.story, accepted.takeText()]).toEqual([['ended'], 'last words']);
  theirs.write(bytes('anybody there?'));
  clock.run(0);
  expect(accepted.story).toEqual(['ended', 'closed ECONNRESET']);
  expect([recorder.story, recorder.takeText()]).toEqual([['opened'], '']);
  expect(streams.size).toBe(0);
});
