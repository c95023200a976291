import {describe, expect, test} from 'vitest';
import {connected, modes, sixTimes, without} from './hub-setting.ts';

describe('directed text (R4)', () => {
  test('it goes to its recipient alone, with the name of both', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    const sequence = alice.say('public', 'psst', 'bob');
    expect(alice.take()).toEqual([`0x08 #${sequence}`]);
    expect(bob.take()).toEqual(['0x09 #0 psst|alice|bob']);
    expect(carl.take()).toEqual([]);
  });

  test('a recipient can be spelt in another case, and is named as they are called', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.say('public', 'psst', 'BOB');
    expect(bob.take()).toEqual(['0x09 #0 psst|alice|bob']);
  });

  test('one to oneself comes back', () => {
    const {alice} = connected('alice');
    const sequence = alice.say('public', 'note', 'alice');
    expect(alice.take()).toEqual([`0x08 #${sequence}`, '0x09 #0 note|alice|alice']);
  });

  test.each(['ghost', ''])('to "%s", who does not exist, it is answered with 0x0E', recipient => {
    const {alice, bob} = connected('alice', 'bob');
    const sequence = alice.say('public', 'psst', recipient);
    expect(alice.take()).toEqual([`0x0e #${sequence}`]);
    expect(bob.take()).toEqual([]);
  });

  test('from public to somebody in a private room it is answered with 0x0F', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, bob);
    const sequence = carl.say('public', 'psst', 'alice');
    expect(carl.take()).toEqual([`0x0f #${sequence}`]);
    expect(alice.take()).toEqual([]);
  });

  test('in state public from somebody in a private room it is answered with 0x0F', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, bob);
    const sequences = [
      alice.say('public', 'psst', 'carl'),
      alice.say('public', 'psst', 'bob'),
      alice.say('public', 'psst', 'ghost'),
    ];
    expect(alice.take()).toEqual(sequences.map(sequence => `0x0f #${sequence}`));
    expect([...bob.take(), ...carl.take()]).toEqual([]);
  });

  test('within a centralised room it goes to its recipient alone', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, bob, carl);
    const sequence = alice.say('room', 'psst', 'bob');
    expect(alice.take()).toEqual([`0x08 #${sequence}`]);
    expect(bob.take()).toEqual([expect.stringMatching(/^0x09 #\d+ psst\|alice\|bob$/)]);
    expect(carl.take()).toEqual([]);
  });

  test('within a decentralised room it is not the hub’s to pass on: 0x0E, and counted', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('decentralised', alice, bob, carl);
    const sequence = alice.say('room', 'psst', 'bob');
    expect(alice.take()).toEqual([`0x0e #${sequence}`]);
    expect([...bob.take(), ...carl.take()]).toEqual([]);
    expect(bench.dropped('unexpected')).toBe(1);
  });

  test('from a room to somebody who is not in it, it is answered with 0x0E', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, bob);
    const sequence = alice.say('room', 'psst', 'carl');
    expect(alice.take()).toEqual([`0x0e #${sequence}`]);
    expect(carl.take()).toEqual([]);
  });

  test('in state private from somebody in public it is answered with 0x10', () => {
    const {alice, bob} = connected('alice', 'bob');
    const sequence = alice.say('room', 'psst', 'bob');
    expect(alice.take()).toEqual([`0x10 #${sequence}`]);
    expect(bob.take()).toEqual([]);
  });
});

describe('room text', () => {
  test.each(modes)(
    'one with the mode bits of a decentralised room is passed on in no %s room',
    mode => {
      const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
      bench.gather(mode, alice, bob, carl);
      const fields = {type: 'message', state: 'room', mode: 'decentralised'} as const;
      const everybody = bob.write({...fields, sequence: 40, parts: ['psst']});
      const oneMember = bob.write({...fields, sequence: 41, parts: ['psst', 'alice']});
      expect(bob.take()).toEqual([`0x0e #${everybody}`, `0x0e #${oneMember}`]);
      expect([...alice.take(), ...carl.take()]).toEqual([]);
      expect(bench.dropped('unexpected')).toBe(2);
    },
  );

  test('nor is one for a decentralised room, though its mode bits say centralised', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.gather('decentralised', alice, bob);
    const sequence = bob.say('room', 'psst');
    expect(bob.take()).toEqual([`0x0e #${sequence}`]);
    expect(alice.take()).toEqual([]);
    expect(bench.dropped('unexpected')).toBe(1);
  });

  test('the mode bits of a public text do not matter', () => {
    const {alice, bob} = connected('alice', 'bob');
    const fields = {type: 'message', state: 'public', mode: 'decentralised'} as const;
    alice.write({...fields, sequence: 40, parts: ['hello']});
    expect(alice.take()).toEqual(['0x08 #40']);
    expect(bob.take()).toEqual(['0x09 #0 hello|alice']);
  });

  test('centralised: a text is confirmed and given to the other members alone', () => {
    const {bench, alice, bob, carl, dora} = connected('alice', 'bob', 'carl', 'dora');
    bench.gather('centralised', alice, bob, carl);
    const sequence = bob.say('room', 'psst');
    expect(bob.take()).toEqual([`0x08 #${sequence}`]);
    expect(alice.take()).toEqual(['0x09 #2 psst|bob']);
    expect(carl.take()).toEqual(['0x09 #2 psst|bob']);
    expect(dora.take()).toEqual([]);
  });

  test('a text in state private of somebody in no room is answered with 0x10', () => {
    const {alice, bob} = connected('alice', 'bob');
    const sequence = alice.say('room', 'psst');
    expect(alice.take()).toEqual([`0x10 #${sequence}`]);
    expect(bob.take()).toEqual([]);
  });

  test('a user who does not confirm a room text is gone after 12 s, and the others get the roster', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, bob, carl);
    carl.isSilent = true;
    alice.say('room', 'psst');
    for (const client of [alice, bob]) client.take();
    bench.run(12_000);
    expect(bench.departures).toEqual(['carl: silent']);
    expect(alice.take()).toEqual(['0x0b #2 bob']);
    expect(bob.take()).toEqual(['0x0b #4 alice']);
  });

  test('a text too long is confirmed, counted and given to nobody', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.gather('centralised', alice, bob);
    const sequence = alice.say('room', 'a'.repeat(978));
    expect(alice.take()).toEqual([`0x08 #${sequence}`]);
    expect(bob.take()).toEqual([]);
    expect(bench.dropped('too-long')).toBe(1);
  });
});

describe('leave', () => {
  test.each(modes)('%s: confirmed and in public again; the others get who remains', mode => {
    const {bench, alice, bob, carl, dora} = connected('alice', 'bob', 'carl', 'dora');
    bench.gather(mode, alice, bob, carl);
    const sequence = carl.send('quitter');
    expect(carl.take()).toEqual([`0x08 #${sequence}`, '0x0c #2']);
    expect(alice.take()).toEqual([expect.stringMatching(/^0x0b #2 bob\b/)]);
    expect(bob.take()).toEqual([expect.stringMatching(/^0x0b #3 alice\b/)]);
    expect(dora.list()).toBe('alice room, bob room, carl public');
  });

  test.each(modes)('%s: the last one is told that the room is closed, and no more', mode => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.gather(mode, alice, bob);
    alice.send('quitter');
    expect(bob.take()).toEqual(['0x0d #2']);
    expect(alice.list()).toBe('bob public');
    alice.take();
    bob.say('public', 'alone');
    expect(alice.take()).toEqual([expect.stringMatching(/^0x09 #\d+ alone\|bob$/)]);
  });

  test('a repeated 0x07 is confirmed again, also when it finds its sender in public', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.gather('centralised', alice, bob);
    const sequence = alice.send('quitter');
    alice.next = sequence;
    alice.send('quitter');
    const next = alice.send('quitter');
    expect(without(alice.take(), '0x0c')).toEqual([
      `0x08 #${sequence}`,
      `0x08 #${sequence}`,
      `0x08 #${next}`,
    ]);
    expect(bob.take()).toEqual(['0x0d #2']);
  });

  test('a user who leaves is called in the order of the texts: what came before was of the room', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, bob, carl);
    carl.isSilent = true;
    bob.say('room', 'before');
    carl.send('quitter');
    alice.say('room', 'not for carl');
    expect(carl.take()).toEqual(['0x09 #2 before|bob', '0x08 #1', '0x0c #3']);
  });

  test('a client that never confirms that its room is closed keeps its place (R8)', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.gather('centralised', alice, bob);
    bob.isSilent = true;
    alice.send('quitter');
    bench.run(12_000);
    bench.run(10_000);
    expect(bob.take()).toEqual(sixTimes('0x0d #2'));
    expect(bench.departures).toEqual([]);
  });
});
