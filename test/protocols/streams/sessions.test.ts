/** The part that the hub ends of all protocols over TCP share, tested with the protocol that people can read. */
import {describe, expect, test} from 'vitest';
import {bareEnd} from '../whoiam/bare-end.ts';
import {Bench, type Person} from '../whoiam/bench.ts';

/** A hub with those people in it. */
function connected(...nicknames: readonly [string, string, ...string[]]) {
  const bench = new Bench();
  const people = bench.connect(...nicknames);
  const [alice, bob, carl = bench.visit()] = people as [Person, Person, Person?];
  return {bench, alice, bob, carl};
}

describe('a stranger', () => {
  test('has to go if a thousand have come after them without a word', () => {
    const bench = new Bench();
    const strangers = Array.from({length: 1000}, () => bench.visit());
    expect(strangers[0]?.story).toEqual(['opened']);
    const newest = bench.visit();
    expect(strangers[0]?.story).toEqual(['opened', 'ended']);
    expect(strangers[1]?.story).toEqual(['opened']);
    newest.say('IAM alice');
    expect(newest.take()).toEqual(['WHO', 'ARR alice']);
  });

  test('is given 30 s, however often they are refused', () => {
    const {bench, carl} = connected('alice', 'bob');
    bench.run(29_000);
    carl.say('IAM alice');
    bench.run(1000);
    expect(carl.take()).toEqual(['WHO', 'TKN alice']);
    expect(carl.story).toEqual(['opened', 'ended']);
  });
});

describe('somebody who leaves', () => {
  test('and does not end the connection after BYE is cut off after 10 s, and ignored until then', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.say('BYE');
    bench.run(9999);
    bob.say('MSG still here');
    expect(bob.story).toEqual(['opened', 'ended']);
    bench.run(1);
    bob.say('MSG still here');
    expect(bob.story).toEqual(['opened', 'ended', 'closed ECONNRESET']);
    expect(alice.take()).toEqual(['LFT bob']);
  });

  test('a connection that is closed is waited for no longer, whatever it has not taken', () => {
    const {end, visit} = bareEnd(1);
    const alice = visit(1000);
    alice.say('IAM alice', 'BYE');
    expect(end.isBusy).toBe(true);
    alice.listener.closed('ECONNRESET', 0);
    expect(end.isBusy).toBe(false);
    expect(end.dueAt).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a reader who does not read', () => {
  test('is cut off with a mebibyte waiting, and the others miss nothing', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bob.connection.pause();
    const text = 'x'.repeat(8000);
    const sent = Array.from({length: 200}, (_, index) => `MSG ${index} ${text}`);
    for (const line of sent) alice.say(line);
    const heard = carl.take();
    expect(heard.filter(line => line.startsWith('MSG'))).toHaveLength(sent.length);
    expect(heard.filter(line => line === 'LFT bob')).toHaveLength(1);
    expect(alice.take()).toEqual(['LFT bob']);
    expect(bench.story.at(-1)).toBe('bob left: too-slow');
    bob.connection.resume();
    bench.run(0);
    bob.say('MSG wait');
    expect(bob.story).toEqual(['opened', 'ended', 'closed ECONNRESET']);
    expect(bench.hub.users).toBe(2);
  });

  test('is not read either, so that what they ask for waits with them', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.connection.pause();
    const asked = 100_000;
    bob.say(...Array.from({length: asked}, () => 'WHO'));
    expect(bob.connection.waiting).toBeGreaterThan(100_000);
    alice.say('MSG everything all right?');
    expect(bench.hub.users).toBe(2);
    bob.connection.resume();
    bench.run(0);
    const lines = bob.take();
    expect(lines.filter(line => line === 'WHO alice bob')).toHaveLength(asked);
    expect(lines.filter(line => line === 'MSG alice everything all right?')).toHaveLength(1);
  });

  test('is gone 10 s after BYE, with all that waits', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.connection.pause();
    for (let count = 0; count < 15; count++) alice.say(`MSG ${'x'.repeat(8000)}`);
    bob.say('BYE');
    expect(alice.take()).toEqual(['LFT bob']);
    bench.run(9999);
    expect(bench.hub.isBusy).toBe(true);
    bench.run(1);
    expect(bench.hub.isBusy).toBe(false);
  });
});

test('a text is encoded once, however many read it', () => {
  const {visit, deliver} = bareEnd(100);
  const [alice, ...others] = Array.from({length: 10}, () => visit());
  for (const [index, person] of [alice, ...others].entries()) person?.say(`IAM user${index}`);
  deliver();
  alice?.say('MSG hello');
  deliver();
  const lines = new Set(others.map(({written}) => written.at(-1)));
  expect([...lines].map(line => Buffer.from(line ?? []).toString())).toEqual(['MSG user0 hello\n']);
});

describe('a silent member', () => {
  /** Alice, silent since then, and somebody on the same host. */
  function silent() {
    const bench = new Bench();
    const [alice] = bench.connect('alice');
    if (alice === undefined) throw new Error('nobody is there');
    const again = bench.visit(alice.host);
    again.take();
    return {bench, alice, again};
  }

  test('keeps the name for 45 s, and loses it to who has asked for it from the same host', () => {
    const {bench, alice, again} = silent();
    bench.run(10_000);
    again.say('IAM ALICE');
    bench.run(34_999);
    expect(again.take()).toEqual(['TKN ALICE']);
    expect(bench.hub.users).toBe(1);
    bench.run(1);
    expect(alice.story.at(-1)).toBe('ended');
    expect(bench.story.at(-1)).toBe('alice left: silent');
    const third = bench.visit(alice.host);
    third.say('IAM alice');
    expect(third.take()).toEqual(['WHO', 'ARR alice']);
  });

  test('for longer than that loses it at once', () => {
    const {bench, again} = silent();
    const bob = bench.visit(again.host);
    bob.say('IAM bob');
    bench.run(25_000);
    again.say('IAM carl');
    bench.run(25_000);
    bob.take();
    const later = bench.visit(again.host);
    later.say('IAM alice', 'IAM alice');
    expect(bob.take()).toEqual(['LFT alice']);
    later.say('IAM alice');
    expect(bob.take()).toEqual(['ARR alice']);
  });

  test('keeps it if anything is heard before the time is over', () => {
    const {bench, alice, again} = silent();
    bench.run(10_000);
    again.say('IAM alice');
    bench.run(34_999);
    alice.write('\n');
    bench.run(3_600_000);
    expect(bench.hub.users).toBe(1);
    expect(alice.story).toEqual(['opened']);
  });

  test('keeps it for ever, whoever asks for it from another host', () => {
    const {bench, alice} = silent();
    for (let count = 0; count < 60; count++) {
      const stranger = bench.visit();
      stranger.say('IAM alice');
      expect(stranger.take()).toEqual(['WHO', 'TKN alice']);
      stranger.connection.end();
      bench.run(60_000);
    }
    alice.say('WHO');
    expect(alice.take()).toEqual(['WHO alice']);
  });

  test('keeps it while it goes on taking what is told to it', () => {
    const {bench, alice, again} = silent();
    const [bob] = bench.connect('bob');
    alice.connection.pause();
    const text = 'x'.repeat(8000);
    for (let count = 0; count < 30; count++) bob?.say(`MSG ${text}`);
    again.say('IAM alice');
    bench.run(40_000);
    alice.connection.resume();
    bench.run(40_000);
    expect(bench.hub.users).toBe(2);
    bench.run(4000);
    bench.visit(alice.host).say('IAM alice');
    bench.run(1000);
    expect(bench.story.at(-1)).toBe('alice left: silent');
  });
});

describe('outcomes that come later', () => {
  /** Alice and bob, with outcomes held back from now on. */
  function held() {
    const all = bareEnd(3);
    const [alice, bob] = [all.visit(), all.visit()];
    alice.say('IAM alice');
    bob.say('IAM bob');
    alice.written.length = 0;
    const tell = () => {
      const outcomes = all.outcomes.held ?? [];
      all.outcomes.held = [];
      for (const outcome of outcomes) outcome();
    };
    all.outcomes.held = [];
    return {...all, alice, bob, tell};
  }

  test('hold up what the same client has asked behind it, and nobody else', () => {
    const {alice, bob, tell} = held();
    bob.written.length = 0;
    alice.say('MSG one', 'WHO', 'MSG two', 'WHAT');
    bob.say('WHO');
    expect(bob.lines()).toEqual(['WHO alice bob']);
    expect(alice.lines()).toEqual([]);
    expect(alice.isPaused).toBe(true);
    tell();
    expect(alice.lines()).toEqual(['WHO alice bob']);
    tell();
    expect(alice.lines()).toEqual(['WHO alice bob', 'ERR WHAT']);
    expect(alice.isPaused).toBe(false);
  });

  test('of a registration hold up what came with it', () => {
    const {visit, tell} = held();
    const carl = visit();
    carl.say('IAM carl', 'WHO');
    carl.say('WHO');
    expect(carl.lines()).toEqual(['WHO']);
    tell();
    expect(carl.lines()).toEqual(['WHO', 'ARR carl', 'WHO alice bob carl', 'WHO alice bob carl']);
    const dora = visit();
    dora.say('IAM dora', 'IAM bob');
    tell();
    expect(dora.lines()).toEqual(['WHO', 'TKN dora']);
    tell();
    expect(dora.lines()).toEqual(['WHO', 'TKN dora', 'TKN bob']);
  });

  test.each(['ended', 'closed'] as const)(
    'find a client that has %s meanwhile, who is heard to the end',
    how => {
      const {alice, events, tell} = held();
      alice.say('MSG one', 'MSG two');
      if (how === 'ended') alice.listener.ended(0);
      else alice.listener.closed('ECONNRESET', 0);
      tell();
      expect(events.filter(({type}) => type === 'said')).toHaveLength(2);
      tell();
      expect(events.at(-1)).toMatchObject({type: 'departed', nickname: 'alice'});
    },
  );

  test('of a registration by somebody who is gone by then are undone', () => {
    const {visit, end, events, outcomes} = held();
    const carl = visit();
    carl.say('IAM carl');
    end.onTime(30_000);
    expect(events.at(-1)).toMatchObject({type: 'arrived', nickname: 'carl'});
    const [outcome] = outcomes.held ?? [];
    outcome?.();
    expect(events.at(-1)).toMatchObject({type: 'departed', nickname: 'carl'});
  });
});

describe('a user who writes much', () => {
  const lines = (count: number, text = 'hello') => Array.from({length: count}, () => `MSG ${text}`);

  /** Alice and bob, and how many texts have been said. */
  function writing() {
    const all = bareEnd(100);
    const [alice, bob] = [all.visit(), all.visit()];
    alice.say('IAM alice');
    bob.say('IAM bob');
    const said = () => all.events.filter(({type}) => type === 'said').length;
    return {...all, alice, bob, said};
  }

  test('is read in turns, and others between them', () => {
    const {alice, bob, end, go, said} = writing();
    alice.say(...lines(200));
    expect(said()).toBe(64);
    bob.say(...lines(1));
    expect(said()).toBe(65);
    end.onTime(0);
    expect(said()).toBe(129);
    go();
    expect(said()).toBe(201);
    expect(end.dueAt).toBe(Number.POSITIVE_INFINITY);
  });

  test('has fewer lines in a turn if they are long', () => {
    const {alice, go, said} = writing();
    alice.say(...lines(10, 'x'.repeat(8000)));
    expect(said()).toBe(2);
    go();
    expect(said()).toBe(10);
  });

  test('and meets a bug of ours in their turn, costs nobody else theirs', () => {
    const {alice, bob, go, said, faults} = writing();
    alice.say(...lines(64), 'MSG boom', ...lines(10));
    bob.say(...lines(70));
    expect(said()).toBe(64 + 64);
    go();
    expect(faults).toEqual([1]);
    expect(said()).toBe(64 + 70);
  });

  test('has no new turn while readers are behind; a client that writes little is still served', () => {
    const {alice, bob, end, go, said, network} = writing();
    network.isCongested = true;
    // The IAM was a part of the turn.
    alice.say(...lines(200));
    expect(said()).toBe(63);
    expect(end.dueAt).toBe(Number.POSITIVE_INFINITY);
    for (let count = 0; count < 3; count++) bob.say(...lines(1));
    expect(said()).toBe(66);
    bob.say(...lines(100));
    expect(said()).toBe(126);
    network.isCongested = false;
    go();
    expect(said()).toBe(303);
  });

  test.each(['ended', 'closed'] as const)(
    'and has %s is heard to the end, and leaves then',
    how => {
      const {alice, end, go, said, events} = writing();
      alice.say(...lines(200));
      if (how === 'ended') alice.listener.ended(0);
      else {
        // Nobody takes the bytes that were written there any more.
        alice.waiting = 100_000;
        alice.listener.closed('ECONNRESET', 0);
      }
      expect(said()).toBe(64);
      expect(events.at(-1)).toMatchObject({type: 'said'});
      go();
      expect(said()).toBe(200);
      expect(events.at(-1)).toMatchObject({type: 'departed', nickname: 'alice'});
      // To end a connection takes time, unless it has ended.
      expect(end.dueAt).toBe(how === 'ended' ? 10_000 : Number.POSITIVE_INFINITY);
    },
  );
});
