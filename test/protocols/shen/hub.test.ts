import {describe, expect, test} from 'vitest';
import {Chat} from '../../../source/chat/chat.ts';
import type {Mode} from '../../../source/protocols/protocol.ts';
import {shen} from '../../../source/protocols/shen/index.ts';
import * as wire from '../../../source/protocols/shen/wire.ts';
import {register} from '../../chat/register.ts';
import {bareHost} from '../../hub/bare-host.ts';
import {Bench, type RawClient, show} from './bench.ts';

const minuteMs = 60_000;
const modes = ['centralised', 'decentralised'] as const;

/** A hub with those users connected, in the public room. */
function connected(...nicknames: readonly string[]) {
  const bench = new Bench();
  const clients = nicknames.map(nickname => bench.connect(nickname));
  const [alice, bob, carl, dora] = clients;
  const spare = bench.add('spare');
  return {
    bench,
    alice: alice ?? spare,
    bob: bob ?? spare,
    carl: carl ?? spare,
    dora: dora ?? spare,
  };
}

/** What comes every 2 s, six times, and then no more. */
function sixTimes(line: string): string[] {
  return Array.from({length: 6}, () => line);
}

/** Says that text as often, each copy under a number of its own. */
function sayOften(author: RawClient, count: number): void {
  for (let index = 0; index < count; index++) author.say('public', `text ${index}`);
}

function without(lines: readonly string[], type: string): string[] {
  return lines.filter(line => !line.startsWith(type));
}

describe('connect', () => {
  test('a 0x01 is confirmed under its number, and who sent it is listed in public', () => {
    const bench = new Bench();
    const [alice, bob] = [bench.add('alice'), bench.connect('bob')];
    alice.write({type: 'connexion', sequence: 5, parts: ['alice']});
    expect(alice.take()).toEqual(['0x08 #5']);
    expect(bob.list()).toBe('alice public');
  });

  test('a second 0x01 from the same address with the same name is confirmed again', () => {
    const {bench, alice} = connected('alice');
    alice.write({type: 'connexion', sequence: 0, parts: ['alice']});
    alice.write({type: 'connexion', sequence: 9, parts: ['alice']});
    expect(alice.take()).toEqual(['0x08 #0', '0x08 #9']);
    expect(bench.hub.users).toBe(1);
  });

  test('a second 0x01 of somebody in a room does not take them out of it', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.gather('centralised', alice, bob);
    alice.send('connexion', 'alice');
    expect(bob.list()).toBe('alice room');
  });

  test.each(['mallory', 'ALICE', ''])(
    'a second 0x01 from the same address with the name "%s" is dropped',
    name => {
      const {bench, alice, bob} = connected('alice', 'bob');
      alice.send('connexion', name);
      expect(alice.take()).toEqual([]);
      expect(bob.list()).toBe('alice public');
      expect(bench.dropped('impostor')).toBe(1);
    },
  );

  test.each(['alice', 'ALICE', 'aLiCe'])(
    'a name in use is refused with 0x02 under the number of the 0x01, spelt %s too',
    name => {
      const {bench} = connected('alice');
      const other = bench.add(name);
      other.write({type: 'connexion', sequence: 5, parts: [name]});
      expect(other.take()).toEqual(['0x02 #5']);
      expect(bench.hub.users).toBe(1);
      expect(bench.refusals).toEqual([`${name}: name-in-use`]);
    },
  );

  test('a refusal is sent once, and again when the 0x01 is repeated', () => {
    const {bench} = connected('alice');
    const other = bench.add('alice');
    other.write({type: 'connexion', sequence: 5, parts: ['alice']});
    bench.run(10_000);
    other.write({type: 'connexion', sequence: 5, parts: ['alice']});
    expect(other.take()).toEqual(['0x02 #5', '0x02 #5']);
  });

  test.each([
    ['a space', 'a b'],
    ['a letter beyond ASCII', 'é'],
    ['a comma', 'a,b'],
    ['a control character', '\u001B[J'],
    ['21 characters', 'a'.repeat(21)],
    ['no character', ''],
  ])('a name with %s is refused with 0x02 (R11)', (_, name) => {
    const bench = new Bench();
    const client = bench.add('x');
    client.send('connexion', name);
    expect(client.take()).toEqual(['0x02 #0']);
    expect(bench.hub.users).toBe(0);
    expect(bench.refusals).toEqual([`${name.slice(0, 20)}: name-invalid`]);
  });

  test('a 0x01 without a name is refused', () => {
    const bench = new Bench();
    const client = bench.add('x');
    client.send('connexion');
    expect(client.take()).toEqual(['0x02 #0']);
  });

  test.each(['a', 'A-b_c.9', 'a'.repeat(20)])('%s is a name', name => {
    const bench = new Bench();
    const client = bench.add(name);
    client.send('connexion', name);
    expect(client.take()).toEqual(['0x08 #0']);
  });

  test('the 1,025th user is refused with 0x11, and gets the place of one who leaves (R11)', () => {
    const bench = new Bench();
    const users = Array.from({length: 1024}, (_, index) => bench.connect(`user${index}`));
    const late = bench.add('late');
    late.send('connexion', 'late');
    expect(late.take()).toEqual(['0x11 #0']);
    expect(bench.refusals).toEqual(['late: hub-full']);
    users[7]?.send('deconnexion');
    late.send('connexion', 'late');
    expect(late.take()).toEqual(['0x08 #1']);
    expect(late.list().split(', ')).toHaveLength(1023);
  });
});

describe('public text', () => {
  test('a text is confirmed to its author and given to all others under numbers of their own (R8)', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    bob.say('public', 'first');
    for (const client of [alice, bob, carl]) client.take();
    alice.next = 77;
    alice.say('public', 'bonjour à tous');
    expect(alice.take()).toEqual(['0x08 #77']);
    expect(bob.take()).toEqual(['0x09 #0 bonjour à tous|alice']);
    expect(carl.take()).toEqual(['0x09 #1 bonjour à tous|alice']);
  });

  test('a confirmed text is not sent again', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.say('public', 'hello');
    bench.run(12_000);
    expect(bob.take()).toEqual(['0x09 #0 hello|alice']);
    expect(bench.hub.isBusy).toBe(false);
  });

  test('who does not confirm a text gets it again every 2 s, and is gone after 12 s', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.isSilent = true;
    alice.say('public', 'hello');
    expect(bench.hub.isBusy).toBe(true);
    bench.run(11_999);
    expect(bob.take()).toEqual(sixTimes('0x09 #0 hello|alice'));
    expect(bench.departures).toEqual([]);
    bench.run(1);
    expect(bob.take()).toEqual([]);
    expect(bench.departures).toEqual(['bob: silent']);
    expect(alice.list()).toBe('');
  });

  test('a second copy of a text is confirmed again and not given out again', () => {
    const {alice, bob} = connected('alice', 'bob');
    const sequence = alice.say('public', 'hello');
    alice.next = sequence;
    alice.say('public', 'hello');
    expect(alice.take()).toEqual([`0x08 #${sequence}`, `0x08 #${sequence}`]);
    expect(bob.take()).toEqual(['0x09 #0 hello|alice']);
  });

  test('a number used anew after 14 s is a new text', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const sequence = alice.say('public', 'hello');
    bench.run(13_999);
    alice.next = sequence;
    alice.say('public', 'hello');
    bench.run(1);
    alice.next = sequence;
    alice.say('public', 'again');
    expect(bob.take()).toEqual(['0x09 #0 hello|alice', '0x09 #1 again|alice']);
  });

  test('a public text of somebody in a private room is answered with 0x0F, every copy of it', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, bob);
    const sequence = alice.say('public', 'anybody?');
    alice.next = sequence;
    alice.say('public', 'anybody?');
    expect(alice.take()).toEqual([`0x0f #${sequence}`, `0x0f #${sequence}`]);
    expect([...bob.take(), ...carl.take()]).toEqual([]);
  });

  test('an answer stays the same although it would be another by now', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.gather('centralised', alice, bob);
    const sequence = alice.say('public', 'anybody?');
    alice.send('quitter');
    alice.take();
    alice.next = sequence;
    alice.say('public', 'anybody?');
    expect(alice.take()).toEqual([`0x0f #${sequence}`]);
  });

  test('who is in a private room gets no public text', () => {
    const {bench, alice, bob, carl, dora} = connected('alice', 'bob', 'carl', 'dora');
    bench.gather('centralised', alice, bob);
    carl.say('public', 'hello');
    expect([...alice.take(), ...bob.take()]).toEqual([]);
    expect(dora.take()).toEqual(['0x09 #0 hello|carl']);
  });

  test.each([
    ['977 bytes', 'a'.repeat(977)],
    ['977 bytes with two-byte letters', `${'é'.repeat(488)}a`],
    ['no byte', ''],
  ])('a text of %s is given out', (_, text) => {
    const {alice, bob} = connected('alice', 'bob');
    alice.say('public', text);
    expect(bob.take()).toEqual([`0x09 #0 ${text}|alice`]);
  });

  test('a text of 977 bytes reaches a recipient, both with the longest of names', () => {
    const bench = new Bench();
    const [from, to] = [bench.connect('f'.repeat(20)), bench.connect('t'.repeat(20))];
    from.say('public', 'a'.repeat(977), to.nickname);
    expect(to.take()).toEqual([`0x09 #0 ${'a'.repeat(977)}|${from.nickname}|${to.nickname}`]);
  });

  test('a text without a part is passed on empty', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.say('public');
    expect(bob.take()).toEqual(['0x09 #0 |alice']);
  });

  test.each([
    ['978 bytes', 'a'.repeat(978)],
    ['978 bytes in two-byte letters', 'é'.repeat(489)],
  ])('a text of %s is confirmed, counted and given to nobody', (_, text) => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const sequence = alice.say('public', text);
    expect(alice.take()).toEqual([`0x08 #${sequence}`]);
    expect(bob.take()).toEqual([]);
    expect(bench.dropped('too-long')).toBe(1);
  });

  test('400 bytes that are no UTF-8 have grown to 1,200, which is too long', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const datagram = wire.encode({
      type: 'message',
      sequence: 9,
      state: 'public',
      mode: 'centralised',
      parts: ['a'.repeat(400)],
    });
    bench.send(datagram.fill(0xff, 4, 404), alice.endpoint);
    expect(alice.take()).toEqual(['0x08 #9']);
    expect(bob.take()).toEqual([]);
    expect(bench.dropped('too-long')).toBe(1);
  });

  test('a text without CR LF is a text (R1), and the mode bits do not matter', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    // Number 7, type 0x12, 5 bytes, public, decentralised.
    const header = ((7n << 22n) | (0x12n << 14n) | (5n << 4n) | 0b0001n) & 0xffff_ffffn;
    const bytes = [...header.toString(16).padStart(8, '0').matchAll(/../g)].map(([byte]) =>
      Number.parseInt(byte, 16),
    );
    bench.send(Uint8Array.from([...bytes, ...Buffer.from('hello')]), alice.endpoint);
    expect(alice.take()).toEqual(['0x08 #7']);
    expect(bob.take()).toEqual(['0x09 #0 hello|alice']);
  });

  test('1,100 texts reach a reader in their order, under numbers that wrap around', () => {
    const {alice, bob} = connected('alice', 'bob');
    sayOften(alice, 1100);
    expect(bob.take()).toEqual(
      Array.from({length: 1100}, (_, index) => `0x09 #${index % 1024} text ${index}|alice`),
    );
  });

  test('a reader gets at most 16 texts that it has not confirmed', () => {
    const {alice, bob} = connected('alice', 'bob');
    bob.isSilent = true;
    sayOften(alice, 20);
    expect(bob.take()).toHaveLength(16);
    bob.confirm(0);
    expect(bob.take()).toEqual(['0x09 #16 text 16|alice']);
  });

  test('who lets more than 1,024 texts wait is too slow, and gone at once', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.isSilent = true;
    sayOften(alice, 16 + 1024);
    expect(bench.departures).toEqual([]);
    sayOften(alice, 1);
    expect(bench.departures).toEqual(['bob: too-slow']);
  });
});

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

describe('list', () => {
  test('it shows everybody but whoever asks, and in which kind of room they are', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl', 'dora');
    bench.gather('centralised', alice, bob);
    const sequence = carl.send('demandeDeListe');
    expect(carl.take()).toEqual([`0x15 #${sequence} alice room, bob room, dora public`]);
  });

  test('of nobody else it is empty', () => {
    const {alice} = connected('alice');
    const sequence = alice.send('demandeDeListe');
    expect(alice.take()).toEqual([`0x15 #${sequence}`]);
  });

  test('it is sent again every 2 s until it is confirmed', () => {
    const {bench, alice} = connected('alice', 'bob');
    alice.isSilent = true;
    const sequence = alice.send('demandeDeListe');
    bench.run(5000);
    const line = `0x15 #${sequence} bob public`;
    expect(alice.take()).toEqual([line, line, line]);
    alice.confirm(sequence);
    bench.run(20_000);
    expect(alice.take()).toEqual([]);
  });

  test('who never confirms a list keeps the place: the original has no such confirmation', () => {
    const {bench, alice} = connected('alice', 'bob');
    alice.confirmsLists = false;
    const sequence = alice.send('demandeDeListe');
    bench.run(30_000);
    expect(alice.take()).toEqual(sixTimes(`0x15 #${sequence} bob public`));
    expect(bench.departures).toEqual([]);
  });

  test('who never confirms a list gets texts all the same, however often they ask', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.confirmsLists = false;
    for (let request = 0; request < 40; request++) {
      alice.send('demandeDeListe');
      bench.run(100);
    }
    alice.take();
    bob.say('public', 'hello');
    expect(without(alice.take(), '0x0c')).toEqual([
      expect.stringMatching(/^0x09 #\d+ hello\|bob$/),
    ]);
  });

  test('a second copy of a request gets the very same list, a new request the new one', () => {
    const {bench, alice} = connected('alice');
    const sequence = alice.send('demandeDeListe');
    bench.connect('bob');
    alice.next = sequence;
    alice.send('demandeDeListe');
    const next = alice.send('demandeDeListe');
    expect(alice.take()).toEqual([
      `0x15 #${sequence}`,
      `0x15 #${sequence}`,
      `0x15 #${next} bob public`,
    ]);
  });
});

describe('a confirmation says nothing but a number', () => {
  /** Alice's next number and the hub's next one for her are both 1. */
  function levelled() {
    const all = connected('alice', 'bob');
    all.bob.say('public', 'first');
    for (const client of [all.alice, all.bob]) client.take();
    return all;
  }

  test('a list is not sent while a text with the same number waits to be confirmed', () => {
    const {bench, alice, bob} = levelled();
    alice.isSilent = true;
    bob.say('public', 'hello');
    expect(alice.take()).toEqual(['0x09 #1 hello|bob']);
    alice.write({type: 'demandeDeListe', sequence: 1, parts: []});
    expect(alice.take()).toEqual([]);
    alice.confirm(1);
    alice.write({type: 'demandeDeListe', sequence: 1, parts: []});
    expect(alice.take()).toEqual(['0x15 #1 bob public']);
    bench.run(11_000);
    expect(bench.departures).toEqual([]);
  });

  test('nor while such a text is among the next to be sent; before those, it is', () => {
    const {alice, bob} = levelled();
    alice.isSilent = true;
    sayOften(bob, 100);
    alice.take();
    alice.write({type: 'demandeDeListe', sequence: 17, parts: []});
    alice.write({type: 'demandeDeListe', sequence: 80, parts: []});
    expect(alice.take()).toEqual([]);
    alice.write({type: 'demandeDeListe', sequence: 81, parts: []});
    alice.confirm(1);
    expect(alice.take()).toEqual(['0x15 #81 bob public']);
  });

  test('the number of a list request is spent on a roll call, for 14 s', () => {
    const {bench, alice, bob} = levelled();
    alice.send('demandeDeListe');
    alice.send('demandeDeListe');
    alice.take();
    bench.run(13_999);
    bob.say('public', 'hello');
    expect(alice.take()).toEqual(['0x0c #1', '0x0c #2', '0x09 #3 hello|bob']);

    alice.next = 4;
    alice.send('demandeDeListe');
    alice.take();
    bench.run(14_000);
    bob.say('public', 'again');
    expect(alice.take()).toEqual(['0x09 #4 again|bob']);
  });

  test('no text gets lost by the confirmation of a list', () => {
    const {bench, alice, bob} = levelled();
    alice.isSilent = true;
    alice.send('demandeDeListe');
    bob.say('public', 'hello');
    // The confirmation of the list, twice; neither is one of the text.
    alice.confirm(1);
    alice.confirm(1);
    bench.run(2000);
    expect(alice.take()).toEqual([
      '0x15 #1 bob public',
      '0x0c #1',
      '0x09 #2 hello|bob',
      '0x09 #2 hello|bob',
    ]);
  });

  test('of a roll call and a list under one number, the roll call is confirmed first', () => {
    const {bench, alice, bob} = levelled();
    alice.isSilent = true;
    alice.send('demandeDeListe');
    bob.say('public', 'hello');
    alice.confirm(2);
    alice.take();
    alice.confirm(1);
    bench.run(2000);
    expect(alice.take()).toEqual(['0x15 #1 bob public']);
    alice.confirm(1);
    bench.run(20_000);
    expect(alice.take()).toEqual([]);
    expect(bench.departures).toEqual([]);
  });

  test('the number of a refused text is not used for a 0x0E that is no answer', () => {
    const {alice, bob} = levelled();
    alice.say('public', 'psst', 'ghost');
    alice.take();
    alice.invite('centralised', 'bob', 'ghost');
    expect(alice.take()).toEqual(['0x0a #2', '0x08 #3', '0x0c #1', '0x0e #2 ghost']);
    expect(bob.take()).toHaveLength(1);
  });

  test('the number of an invitation just answered is not used: copies of the answer may come', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.invite('centralised', 'bob');
    bob.answer('refuser');
    sayOften(alice, 1023);
    bob.take();
    alice.say('public', 'hello');
    expect(bob.take()).toEqual(['0x0c #0', '0x09 #1 hello|alice']);
    expect(bench.now).toBe(0);
  });

  test('somebody who asks for lists under all numbers gets texts, and harms nobody', () => {
    const {alice, bob} = connected('alice', 'bob');
    for (let request = 0; request < 1024; request++) alice.send('demandeDeListe');
    alice.take();
    alice.next = 0;
    bob.say('public', 'hello');
    expect(without(alice.take(), '0x0c')).toEqual([
      expect.stringMatching(/^0x09 #\d+ hello\|bob$/),
    ]);
  });
});

describe('invitations', () => {
  test('a 0x13 is answered with the question for the mode, and nobody is invited yet', () => {
    const {alice, bob} = connected('alice', 'bob');
    const sequence = alice.ask('bob');
    expect(alice.take()).toEqual([`0x0a #${sequence}`]);
    expect(bob.take()).toEqual([]);
  });

  test.each(modes)('the mode chosen, %s, is confirmed, and each invitee is told', mode => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.ask('bob', 'carl');
    alice.take();
    const sequence = alice.choose(mode);
    expect(alice.take()).toEqual([`0x08 #${sequence}`]);
    expect(bob.take()).toEqual([`0x13 #0 public ${mode} alice vous invite messagerie`]);
    expect(carl.take()).toEqual([`0x13 #0 public ${mode} alice vous invite messagerie`]);
    bench.run(12_000);
    expect(bob.take()).toEqual([]);
  });

  test('the inviter is whoever asks, whatever name the request begins with', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.write({
      type: 'invitation',
      sequence: 5,
      state: 'public',
      mode: 'centralised',
      parts: ['mallory,bob'],
    });
    alice.choose('centralised');
    expect(bob.take()).toEqual(['0x13 #0 public centralised alice vous invite messagerie']);
  });

  test('an invitee can be spelt in another case, and is invited once', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.invite('centralised', 'BOB', 'bob');
    expect(bob.take()).toHaveLength(1);
  });

  test.each([['ghost'], ['alice'], ['']])(
    'with nobody known among the invitees ("%s") it is answered with 0x0E',
    invitee => {
      const {alice} = connected('alice');
      const sequence = alice.ask(invitee);
      expect(alice.take()).toEqual([`0x0e #${sequence}`]);
    },
  );

  test('a 0x13 without a text invites nobody', () => {
    const {alice} = connected('alice');
    const fields = {type: 'invitation', state: 'public', mode: 'centralised'} as const;
    alice.write({...fields, sequence: 4, parts: []});
    expect(alice.take()).toEqual(['0x0e #4']);
  });

  test('each of several invitees that is unknown is named in a 0x0E of the hub’s own number, if it is a name', () => {
    const {alice, bob} = connected('alice', 'bob');
    const longest = 'x'.repeat(980);
    const asked = alice.ask('ghost', 'bob', longest, 'spirit');
    const chosen = alice.choose('centralised');
    expect(alice.take()).toEqual([
      `0x0a #${asked}`,
      `0x08 #${chosen}`,
      '0x0e #0 ghost',
      '0x0e #1',
      '0x0e #2 spirit',
    ]);
    expect(bob.take()).toHaveLength(1);
  });

  test('an invitee who has gone when the mode is chosen is one that is unknown', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.ask('bob', 'carl');
    alice.take();
    bob.send('deconnexion');
    const chosen = alice.choose('centralised');
    expect(alice.take()).toEqual([`0x08 #${chosen}`, '0x0e #0']);
    expect(carl.take()).toHaveLength(1);
  });

  test('who never confirms such a 0x0E gets it six times and keeps the place', () => {
    const {bench, alice} = connected('alice', 'bob');
    alice.isSilent = true;
    alice.invite('centralised', 'ghost', 'bob');
    alice.take();
    bench.run(30_000);
    expect(alice.take()).toEqual(sixTimes('0x0e #0 ghost').slice(1));
    expect(bench.departures).toEqual([]);
  });

  test('a second copy of either request gets the same answer and invites nobody again', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.ask('bob', 'ghost');
    alice.next -= 1;
    alice.ask('bob', 'ghost');
    alice.choose('centralised');
    alice.next -= 1;
    alice.choose('centralised');
    expect(alice.take()).toEqual(['0x0a #1', '0x0a #1', '0x08 #2', '0x0e #0 ghost', '0x08 #2']);
    expect(bob.take()).toHaveLength(1);
  });

  test('a second 0x13 takes the place of the first', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.ask('bob');
    alice.ask('carl');
    alice.choose('centralised');
    expect(bob.take()).toEqual([]);
    expect(carl.take()).toHaveLength(1);
  });

  test('a second 0x13 that is refused takes the place of the first, too', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.ask('bob');
    alice.ask('ghost');
    alice.take();
    const chosen = alice.choose('centralised');
    expect(alice.take()).toEqual([`0x10 #${chosen}`]);
    expect(bob.take()).toEqual([]);
  });

  test('a mode that was not asked for is answered with 0x10, and so is a second one', () => {
    const {alice, bob} = connected('alice', 'bob');
    const first = alice.choose('centralised');
    alice.invite('centralised', 'bob');
    alice.take();
    const second = alice.choose('centralised');
    expect(alice.take()).toEqual([`0x10 #${second}`]);
    expect(second).toBe(first + 3);
    expect(bob.take()).toHaveLength(1);
  });

  test('a client that never confirms an invitation gets it six times, and can still accept (R8)', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.isSilent = true;
    alice.invite('centralised', 'bob');
    bench.run(12_000);
    expect(bob.take()).toEqual(sixTimes('0x13 #0 public centralised alice vous invite messagerie'));
    expect(bench.departures).toEqual([]);
    bob.answer('accepter');
    expect(bob.take()).toEqual(['0x08 #0', '0x0b #1 alice']);
  });

  test('who answers an invitation has received it, without an ACK', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.isSilent = true;
    alice.invite('centralised', 'bob');
    bob.answer('refuser');
    bench.run(12_000);
    expect(bob.take()).toEqual([
      '0x13 #0 public centralised alice vous invite messagerie',
      '0x08 #0',
    ]);
    expect(bench.departures).toEqual([]);
  });

  test('an invitee in a private room refuses by being there (R6)', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, bob);
    carl.invite('centralised', 'alice');
    expect(carl.take()).toEqual(['0x0a #1', '0x08 #2', '0x06 #0 alice']);
    expect(alice.take()).toEqual([]);
  });

  test('who has 256 unanswered invitations out gets refusals for further ones', () => {
    const bench = new Bench();
    const alice = bench.connect('alice');
    const invitees = Array.from({length: 257}, (_, index) => bench.connect(`i${index}`));
    const names = invitees.map(({nickname}) => nickname);
    alice.invite('centralised', ...names.slice(0, 150));
    alice.invite('centralised', ...names.slice(150));
    expect(alice.take().at(-1)).toBe('0x06 #0 i256');
    expect(invitees.at(-1)?.take()).toEqual([]);
  });
});

describe('answers to invitations', () => {
  test('accepted: confirmed under its number, both are in the room, both get the roster (R5)', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite('centralised', 'bob');
    for (const client of [alice, bob]) client.take();
    bob.answer('accepter');
    expect(bob.take()).toEqual(['0x08 #0', '0x0b #1 alice']);
    expect(alice.take()).toEqual(['0x0b #0 bob']);
    expect(carl.take()).toEqual([]);
    expect(carl.list()).toBe('alice room, bob room');
  });

  test('accepted, decentralised: the roster has the addresses of the others', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite('decentralised', 'bob', 'carl');
    for (const client of [alice, bob, carl]) client.take();
    bob.answer('accepter');
    expect(alice.take()).toEqual(['0x0b #0 bob 198.51.100.2:40001']);
    expect(bob.take()).toEqual(['0x08 #0', '0x0b #1 alice 198.51.100.1:40000']);
    carl.answer('accepter');
    expect(alice.take()).toEqual(['0x0b #1 bob 198.51.100.2:40001|carl 198.51.100.3:40002']);
    expect(bob.take()).toEqual(['0x0b #2 alice 198.51.100.1:40000|carl 198.51.100.3:40002']);
    expect(carl.take()).toEqual([
      '0x08 #0',
      '0x0b #1 alice 198.51.100.1:40000|bob 198.51.100.2:40001',
    ]);
  });

  test.each(modes)('refused (%s): confirmed, and the inviter learns who has refused (R6)', mode => {
    const {alice, bob} = connected('alice', 'bob');
    alice.invite(mode, 'bob');
    for (const client of [alice, bob]) client.take();
    bob.answer('refuser');
    expect(bob.take()).toEqual(['0x08 #0']);
    expect(alice.take()).toEqual(['0x06 #0 bob']);
    expect(alice.list()).toBe('bob public');
  });

  test('who never confirms the refusal keeps the place: the original has no such message', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.invite('centralised', 'bob');
    alice.isSilent = true;
    alice.take();
    bob.answer('refuser');
    bench.run(20_000);
    expect(alice.take()).toEqual(sixTimes('0x06 #0 bob'));
    expect(bench.departures).toEqual([]);
  });

  test('a client that never confirms a roster keeps its place (R8)', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.invite('centralised', 'bob');
    alice.isSilent = true;
    for (const client of [alice, bob]) client.take();
    bob.answer('accepter');
    bench.run(12_000);
    bench.run(10_000);
    expect(alice.take()).toEqual(sixTimes('0x0b #0 bob'));
    expect(bench.departures).toEqual([]);
    expect(bob.take()).toEqual(['0x08 #0', '0x0b #1 alice']);
  });

  test('a client that has missed a roster is told again when it confirms something else, twice at the most', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, bob);
    alice.isSilent = true;
    bob.invite('centralised', 'carl');
    carl.answer('accepter');
    bench.run(12_000);
    alice.take();
    const missed = () => {
      bob.say('room', 'hello');
      const [text = ''] = alice.take();
      alice.confirm(Number(/#(\d+)/.exec(text)?.[1]));
      const told = alice.take();
      bench.run(12_000);
      alice.take();
      return told;
    };
    expect([missed(), missed(), missed()].flat()).toEqual(['0x0b #3 bob|carl', '0x0b #5 bob|carl']);
  });

  test('a repeated answer gets the very same answer, and does nothing else', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite('centralised', 'bob', 'carl');
    for (const client of [alice, bob, carl]) client.take();
    for (let copy = 0; copy < 3; copy++) {
      bob.answer('accepter');
      carl.answer('refuser');
    }
    expect(without(bob.take(), '0x0b')).toEqual(['0x08 #0', '0x08 #0', '0x08 #0']);
    expect(carl.take()).toEqual(['0x08 #0', '0x08 #0', '0x08 #0']);
    expect(alice.take()).toEqual(['0x0b #0 bob', '0x06 #1 carl']);
  });

  test('a repeated acceptance that comes after the room has closed is no late one', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.invite('centralised', 'bob');
    bob.answer('accepter');
    alice.send('quitter');
    bob.take();
    bob.answer('accepter', 0);
    expect(bob.take()).toEqual(['0x08 #0']);
  });

  test('several invitations are told apart by their numbers', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite('centralised', 'carl');
    bob.invite('centralised', 'carl');
    for (const client of [alice, bob, carl]) client.take();
    carl.answer('refuser', 0);
    carl.answer('accepter', 1);
    expect(alice.take()).toEqual(['0x06 #0 carl']);
    expect(bob.take()).toEqual(['0x0b #0 carl']);
    expect(alice.list()).toBe('bob room, carl room');
  });

  test('who accepts while in another room leaves that one first', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite('centralised', 'bob');
    carl.invite('centralised', 'bob');
    bob.answer('accepter', 0);
    for (const client of [alice, bob, carl]) client.take();
    bob.answer('accepter', 1);
    expect(alice.take()).toEqual(['0x0d #1']);
    expect(carl.take()).toEqual(['0x0b #0 bob']);
    expect(bob.take()).toEqual(['0x08 #1', '0x0b #3 carl']);
    expect(bench.departures).toEqual([]);
  });

  test('a member who invites, invites into that room, and its mode wins', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('decentralised', alice, bob);
    bob.invite('centralised', 'carl');
    expect(carl.take()).toEqual(['0x13 #0 public decentralised bob vous invite messagerie']);
    carl.answer('accepter');
    expect(alice.take()).toEqual(['0x0b #1 bob 198.51.100.2:40001|carl 198.51.100.3:40002']);
  });

  test('an invitation is answered by its number although all numbers have gone round since', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite('centralised', 'bob');
    sayOften(carl, 1100);
    for (const client of [alice, bob]) client.take();
    bob.answer('accepter', 0);
    expect(bob.take()[0]).toBe('0x08 #0');
    expect(carl.list()).toBe('alice room, bob room');
  });

  test('a number that an invitation holds names no second one: the hub spends it on a roll call', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite('centralised', 'bob');
    sayOften(alice, 1023);
    expect(bob.take().at(-1)).toBe('0x09 #1023 text 1022|alice');
    carl.invite('centralised', 'bob');
    expect(bob.take()).toEqual([
      '0x0c #0',
      '0x13 #1 public centralised carl vous invite messagerie',
    ]);
    bob.answer('refuser', 0);
    bob.answer('accepter', 1);
    expect(alice.list()).toBe('bob room, carl room');
  });

  test('an invitation that is over holds no number', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite('centralised', 'bob');
    alice.send('deconnexion');
    sayOften(carl, 1023);
    bob.take();
    carl.invite('centralised', 'bob');
    expect(bob.take()).toEqual(['0x13 #0 public centralised carl vous invite messagerie']);
  });

  test('a second invitation into the same room is accepted by being there', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, carl);
    alice.invite('centralised', 'bob');
    carl.invite('centralised', 'bob');
    bob.answer('accepter', 0);
    for (const client of [alice, bob, carl]) client.take();
    bob.answer('accepter', 1);
    expect(bob.take()).toEqual(['0x08 #1']);
    expect([...alice.take(), ...carl.take()]).toEqual([]);
  });

  test('a text may have the number that an invitation holds', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.invite('centralised', 'bob');
    sayOften(alice, 1023);
    bob.take();
    alice.say('public', 'hello');
    expect(bob.take()).toEqual(['0x09 #0 hello|alice']);
    bob.answer('accepter', 0);
    expect(bob.take()[0]).toBe('0x08 #0');
  });

  test('a 65th invitation that waits for the same user is refused for them', () => {
    const bench = new Bench();
    const target = bench.connect('target');
    const inviters = Array.from({length: 65}, (_, index) => bench.connect(`inviter${index}`));
    for (const inviter of inviters) inviter.invite('centralised', 'target');
    expect(target.take()).toHaveLength(64);
    const refused = inviters.filter(inviter => inviter.take().at(-1)?.startsWith('0x06'));
    expect(refused.map(({nickname}) => nickname)).toEqual(['inviter64']);
  });
});

describe('late answers (R9)', () => {
  const endings: Record<string, (bench: Bench, alice: RawClient, carl: RawClient) => void> = {
    'nobody has answered for 5 minutes': bench => bench.run(5 * minuteMs),
    'the inviter has disconnected': (_, alice) => alice.send('deconnexion'),
    'the inviter has gone to another room': (_, alice, carl) => {
      carl.invite('centralised', 'alice');
      alice.answer('accepter');
    },
    'the room has closed': (bench, alice, carl) => {
      // First into the room that bob is invited to, then out of it.
      alice.invite('centralised', 'carl');
      carl.answer('accepter');
      carl.send('quitter');
      bench.run(0);
    },
  };

  test.each(Object.entries(endings))('accepted when %s: 0x10', (_, end) => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite('centralised', 'bob');
    end(bench, alice, carl);
    bob.take();
    bob.answer('accepter', 0);
    bob.answer('accepter', 0);
    expect(bob.take()).toEqual(['0x10 #0', '0x10 #0']);
    expect(carl.list()).toContain('bob public');
  });

  test.each(Object.entries(endings))('refused when %s: only confirmed', (_, end) => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite('centralised', 'bob');
    end(bench, alice, carl);
    for (const client of [alice, bob]) client.take();
    bob.answer('refuser', 0);
    expect(bob.take()).toEqual(['0x08 #0']);
    expect(alice.take()).toEqual([]);
  });

  test('an invitation can be accepted until just before the 5 minutes are over', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.invite('centralised', 'bob');
    bench.run(5 * minuteMs - 1);
    bob.answer('accepter', 0);
    expect(alice.list()).toBe('bob room');
  });

  test('an acceptance of an invitation that never was is a late one', () => {
    const {bob} = connected('alice', 'bob');
    bob.answer('accepter', 99);
    expect(bob.take()).toEqual(['0x10 #99']);
  });

  test('an acceptance repeated after 14 s is a late one', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.invite('centralised', 'bob');
    bob.answer('accepter', 0);
    bench.run(13_999);
    bob.take();
    bob.answer('accepter', 0);
    bench.run(1);
    bob.answer('accepter', 0);
    expect(bob.take()).toEqual(['0x08 #0', '0x10 #0']);
    expect(alice.list()).toBe('bob room');
  });
});

describe('limits of rooms', () => {
  /** A room of that many members, whose names are as long as they can be. */
  function crowd(bench: Bench, mode: Mode, size: number, nameLength: number): RawClient[] {
    const names = Array.from({length: size}, (_, index) => `m${index}`.padEnd(nameLength, '_'));
    const [founder, ...others] = names.map(name => bench.connect(name, '198.151.100.101'));
    if (founder === undefined) throw new RangeError('nobody');
    for (const other of others) {
      founder.invite(mode, other.nickname);
      other.answer('accepter');
      // The numbers of the answers go round otherwise.
      bench.run(100);
    }
    for (const client of [founder, ...others]) client.take();
    return [founder, ...others];
  }

  test('the 101st member is refused: 0x11 to the inviter, and to an acceptance that was under way', () => {
    const bench = new Bench();
    const [founder] = crowd(bench, 'centralised', 99, 4);
    if (founder === undefined) throw new RangeError('nobody');
    const [one, two, three] = [bench.connect('one'), bench.connect('two'), bench.connect('three')];
    founder.invite('centralised', 'one', 'two');
    one.answer('accepter');
    two.take();
    two.answer('accepter');
    expect(two.take()).toEqual(['0x11 #0']);
    founder.take();
    const asked = founder.ask('three');
    expect(founder.take()).toEqual([`0x11 #${asked}`]);
    expect(three.take()).toEqual([]);
    expect(three.list()).toContain('one room, two public');
  });

  test('a room that fills up before the mode is chosen: 0x11 instead of the confirmation', () => {
    const bench = new Bench();
    const [founder, second] = crowd(bench, 'centralised', 99, 4);
    if (founder === undefined || second === undefined) throw new RangeError('nobody');
    const [one, two] = [bench.connect('one'), bench.connect('two')];
    founder.ask('two');
    second.invite('centralised', 'one');
    one.answer('accepter');
    founder.take();
    const chosen = founder.choose('centralised');
    expect(founder.take()).toEqual([`0x11 #${chosen}`]);
    expect(two.take()).toEqual([]);
  });

  test('the 101st room is refused at each step', () => {
    const bench = new Bench();
    const users = Array.from({length: 206}, (_, index) => bench.connect(`u${index}`));
    const at = (index: number) => users[index] ?? bench.add('nobody');
    for (let room = 0; room < 99; room++) {
      at(2 * room).invite('centralised', `u${2 * room + 1}`);
      at(2 * room + 1).answer('accepter');
    }
    const [early, invitee, asker, other, late, guest] = users.slice(198);
    if (early === undefined || asker === undefined || late === undefined) throw new RangeError();
    early.invite('centralised', 'u199');
    asker.ask('u201');
    const [founder, member] = [at(204), at(205)];
    founder.invite('centralised', 'u205');
    member.answer('accepter');
    for (const client of users) client.take();

    invitee?.answer('accepter');
    expect(invitee?.take()).toEqual(['0x11 #0']);
    const chosen = asker.choose('centralised');
    expect(asker.take()).toEqual([`0x11 #${chosen}`]);
    const asked = late.ask('u203');
    expect(late.take()).toEqual([`0x11 #${asked}`]);
    expect([...(other?.take() ?? []), ...(guest?.take() ?? [])]).toEqual([]);

    founder.send('quitter');
    late.ask('u203');
    expect(late.take()).toEqual([`0x0a #${asked + 1}`]);
  });

  test('a decentralised room takes nobody whose address would not fit the roster: 0x11', () => {
    const bench = new Bench();
    const members = crowd(bench, 'decentralised', 24, 20);
    const [founder] = members;
    if (founder === undefined) throw new RangeError('nobody');
    const late = bench.connect('late'.padEnd(20, '_'), '198.151.100.101');
    founder.invite('decentralised', late.nickname);
    founder.take();
    late.take();
    late.answer('accepter');
    late.answer('accepter');
    expect(late.take()).toEqual(['0x11 #0', '0x11 #0']);
    // Neither told as a refusal nor let in.
    expect(founder.take()).toEqual([]);
    expect(founder.list()).toContain(`${late.nickname} public`);

    // When there is place again, another invitation is needed.
    members[1]?.send('quitter');
    bench.run(14_000);
    late.take();
    late.answer('accepter', 0);
    expect(late.take()).toEqual(['0x10 #0']);
    founder.invite('decentralised', late.nickname);
    late.take();
    late.answer('accepter');
    expect(late.take()[0]).toMatch(/^0x08 #/);
  });

  test('the roster of a centralised room is cut where a text ends; texts reach everybody', () => {
    const bench = new Bench();
    const members = crowd(bench, 'centralised', 60, 20);
    const [founder, second] = members;
    const last = members.at(-1);
    if (founder === undefined || second === undefined) throw new RangeError('nobody');
    second.send('quitter');
    expect(founder.take().at(-1)?.split('|')).toHaveLength(46);
    founder.say('room', 'hello');
    expect(last?.take().at(-1)).toContain(`hello|${founder.nickname}`);
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

  test('who does not confirm a room text is gone after 12 s, and the others get the roster', () => {
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

  test('who leaves is called in the order of the texts: what came before was of the room', () => {
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

describe('disconnect', () => {
  test('a 0x03 is confirmed and its sender forgotten', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const sequence = alice.send('deconnexion', 'alice');
    expect(alice.take()).toEqual([`0x08 #${sequence}`]);
    expect(bench.departures).toEqual(['alice: disconnected']);
    expect(bob.list()).toBe('');
    alice.say('public', 'still here?');
    expect([...alice.take(), ...bob.take()]).toEqual([]);
    expect(bench.dropped('unregistered')).toBe(1);
  });

  test('a copy of a 0x03 is answered again for 14 s, and does nothing else', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const goodbye = {type: 'deconnexion', sequence: 40, parts: ['alice']} as const;
    alice.write(goodbye);
    bench.run(13_999);
    alice.write(goodbye);
    expect(alice.take()).toEqual(['0x08 #40', '0x08 #40']);
    bob.write(goodbye);
    alice.write({...goodbye, sequence: 41});
    bench.run(1);
    alice.write(goodbye);
    expect(alice.take()).toEqual([]);
    expect(bench.departures).toEqual(['alice: disconnected', 'bob: disconnected']);
    expect(bench.dropped('unregistered')).toBe(2);
  });

  test.each(modes)('from a %s room: the leave comes first', mode => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.gather(mode, alice, bob);
    alice.send('deconnexion', 'alice');
    expect(bob.take()).toEqual(['0x0d #2']);
    expect(bob.list()).toBe('');
  });

  test('the name and the address are free at once, and numbers start at 0 again', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    sayOften(alice, 3);
    bob.send('deconnexion', 'bob');
    const successor = bench.connect('bob');
    alice.send('deconnexion', 'alice');
    alice.next = 0;
    alice.send('connexion', 'alice');
    alice.say('public', 'back');
    expect(successor.take()).toEqual(['0x09 #0 back|alice']);
  });

  test('nothing outlives its owners', () => {
    const {bench, alice, bob, carl, dora} = connected('alice', 'bob', 'carl', 'dora');
    bench.gather('decentralised', alice, bob);
    carl.isSilent = true;
    dora.invite('centralised', 'carl', 'ghost');
    bob.isSilent = true;
    alice.send('demandeDeListe');
    dora.say('public', 'hello');
    expect(bench.hub.isBusy).toBe(true);
    for (const client of [alice, bob, carl, dora]) client.send('deconnexion', client.nickname);
    expect(bench.hub.users).toBe(0);
    expect(bench.hub.isBusy).toBe(false);
    expect(bench.hub.dueAt).toBe(Number.POSITIVE_INFINITY);
    for (const client of [alice, bob, carl, dora]) client.take();
    bench.run(10 * minuteMs);
    expect([alice, bob, carl, dora].flatMap(client => client.take())).toEqual([]);
  });
});

describe('the roll call (R7)', () => {
  test('who is silent for 60 s in public is called, and stays when they answer', () => {
    const {bench, alice} = connected('alice');
    bench.run(59_999);
    expect(alice.take()).toEqual([]);
    bench.run(1);
    expect(alice.take()).toEqual(['0x0c #0']);
    bench.run(59_999);
    expect(alice.take()).toEqual([]);
    bench.run(1);
    expect(alice.take()).toEqual(['0x0c #1']);
    expect(bench.departures).toEqual([]);
  });

  test('who does not answer is called six times, and gone 12 s later', () => {
    const {bench, alice} = connected('alice');
    alice.isSilent = true;
    bench.run(71_999);
    expect(alice.take()).toEqual(sixTimes('0x0c #0'));
    expect(bench.departures).toEqual([]);
    bench.run(1);
    expect(bench.departures).toEqual(['alice: silent']);
  });

  test('whatever a user in public says counts as a sign of life', () => {
    const {bench, alice} = connected('alice');
    for (let minute = 0; minute < 5; minute++) {
      bench.run(59_000);
      alice.send('demandeDeListe');
    }
    expect(without(alice.take(), '0x15')).toEqual([]);
  });

  test.each(modes)('a member of a %s room is called every 30 s, whatever they say', mode => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.run(10_000);
    bench.gather(mode, alice, bob);
    for (let second = 0; second < 29; second++) {
      bench.run(1000);
      alice.say('room', 'hello');
    }
    expect(without(alice.take(), mode === 'centralised' ? '0x08' : '0x0e')).toEqual([]);
    bench.run(1000);
    expect(alice.take()).toEqual(['0x0c #1']);
    bench.run(30_000);
    expect(alice.take()).toEqual(['0x0c #2']);
    expect(bench.departures).toEqual([]);
  });

  test('no second call is made while one is unanswered, and talking does not answer it', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.gather('decentralised', alice, bob);
    bob.isSilent = true;
    bench.run(30_000);
    for (let second = 0; second < 11; second++) {
      bench.run(1000);
      bob.send('demandeDeListe');
    }
    expect(new Set(without(bob.take(), '0x15'))).toEqual(new Set(['0x0c #2']));
    bench.run(1000);
    expect(bench.departures).toEqual(['bob: silent']);
    expect(alice.take().at(-1)).toMatch(/^0x0d/);
  });

  test('who has left the room is called after 60 s of silence, as everybody in public', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, bob, carl);
    bench.run(20_000);
    carl.send('quitter');
    carl.take();
    bench.run(59_999);
    expect(carl.take()).toEqual([]);
    bench.run(1);
    expect(carl.take()).toEqual([expect.stringMatching(/^0x0c/)]);
  });

  test('nothing outlives users who have gone without a word', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, bob);
    alice.invite('centralised', 'carl');
    for (const client of [alice, bob, carl]) client.isSilent = true;
    bench.run(72_000);
    expect([...bench.departures].sort()).toEqual(['alice: silent', 'bob: silent', 'carl: silent']);
    expect(bench.hub.dueAt).toBe(Number.POSITIVE_INFINITY);
  });

  test('the holder of a wanted name is called at once if silent for 12 s, and gone 12 s later', () => {
    const {bench, alice} = connected('alice');
    alice.isSilent = true;
    bench.run(12_000);
    const successor = bench.add('alice');
    for (let attempt = 0; attempt < 6; attempt++) {
      successor.send('connexion', 'alice');
      bench.run(2000);
    }
    expect(successor.take()).toEqual([0, 1, 2, 3, 4, 5].map(sequence => `0x02 #${sequence}`));
    expect(alice.take()).toEqual(sixTimes('0x0c #0'));
    expect(bench.departures).toEqual(['alice: silent']);
    successor.send('connexion', 'alice');
    expect(successor.take()).toEqual(['0x08 #6']);
  });

  test('a name that somebody alive holds stays theirs, however often it is asked for', () => {
    const {bench, alice} = connected('alice');
    const other = bench.add('alice');
    bench.run(12_000);
    for (let attempt = 0; attempt < 10; attempt++) {
      other.send('connexion', 'alice');
      bench.run(2000);
    }
    expect(bench.departures).toEqual([]);
    // Called again only when nothing was heard for 12 s.
    expect(alice.take()).toEqual(['0x0c #0', '0x0c #1']);
  });
});

describe('sender check (R10)', () => {
  test('what comes from an address that is not registered is dropped, 0x01 excepted', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const stranger = bench.add('stranger');
    stranger.say('public', 'hello');
    stranger.send('demandeDeListe');
    stranger.send('deconnexion', 'alice');
    stranger.ask('bob');
    stranger.confirm(0);
    expect([...stranger.take(), ...alice.take(), ...bob.take()]).toEqual([]);
    expect(bench.dropped('unregistered')).toBe(5);
    expect(bob.list()).toBe('alice public');
  });

  test('another port of the same host is another address', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const text = wire.encode({
      type: 'message',
      sequence: 9,
      state: 'public',
      mode: 'centralised',
      parts: ['x'],
    });
    bench.send(text, {...alice.endpoint, port: alice.endpoint.port + 1000});
    expect(bob.take()).toEqual([]);
    expect(bench.dropped('unregistered')).toBe(1);
  });

  test('two people can share a machine', () => {
    const bench = new Bench();
    const [one, other] = [bench.connect('one', '192.0.2.7'), bench.connect('other', '192.0.2.7')];
    one.say('public', 'hello');
    expect(other.take()).toEqual(['0x09 #0 hello|one']);
  });

  test('the confirmation of another client does not count', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.isSilent = true;
    alice.say('public', 'hello');
    alice.confirm(0);
    bench.run(12_000);
    expect(bench.departures).toEqual(['bob: silent']);
  });

  test('what does not parse is dropped and counted, and harms nobody', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const datagram = wire.encode({type: 'deconnexion', sequence: 1, parts: ['alice']});
    bench.send(datagram.subarray(0, 5), alice.endpoint);
    bench.send(new Uint8Array(0), alice.endpoint);
    bench.send(Uint8Array.of(0xff, 0xff, 0xff, 0xff), alice.endpoint);
    expect(bench.dropped('malformed')).toBe(3);
    expect(alice.take()).toEqual([]);
    expect(bob.list()).toBe('alice public');
  });

  test('what only a hub says is not taken from a client', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const types = [
      'connexionInvalide',
      'diffusion',
      'offrirDeuxModes',
      'invitationValide',
      'compter',
      'fermer',
      'envoieInvalide',
      'clientPriveeRecoitUnMessagePublic',
      'messagerieSeTermine',
      'tropDeClients',
    ] as const;
    for (const type of types) alice.send(type, 'bob');
    alice.write({type: 'liste', sequence: 1, users: []});
    expect([...alice.take(), ...bob.take()]).toEqual([]);
    expect(bench.dropped('unexpected')).toBe(types.length + 1);
  });
});

describe('addresses of members', () => {
  test("who is on the hub's own machine is told to others under its public address", () => {
    const bench = new Bench('203.0.113.9');
    const [local, remote] = [bench.connect('local', '127.0.0.1'), bench.connect('remote')];
    local.invite('decentralised', 'remote');
    for (const client of [local, remote]) client.take();
    remote.answer('accepter');
    expect(local.take()).toEqual(['0x0b #0 remote 198.51.100.2:40001']);
    expect(remote.take()).toContain('0x0b #1 local 203.0.113.9:40000');
  });
});

describe('beside users of other protocols', () => {
  const dialect = {
    name: 'other',
    isNickname: () => true,
    maximumUsers: 1000,
    maximumRoomMembers: 100,
    maximumRooms: 100,
    changesRooms: true,
    hasLinks: false,
  };

  /** The hub's end alone, and what it sends. */
  function beside() {
    const chat = new Chat(1000, [shen, dialect]);
    const sent: string[] = [];
    const end = shen.createHubEnd({
      ...bareHost(chat, shen).host,
      send: datagram => {
        const decoded = wire.decode(datagram);
        sent.push(decoded.ok ? show(decoded.message) : decoded.reason);
      },
    });
    const say = (message: wire.Message) => {
      sent.length = 0;
      end.receive(wire.encode(message), {host: '192.0.2.7', port: 7}, 0);
      return sent;
    };
    say({type: 'connexion', sequence: 0, parts: ['alice']});
    return {chat, say};
  }

  test('a name that cannot be written here is listed under its alias', () => {
    const {chat, say} = beside();
    register(chat, 'Élodie', dialect);
    register(chat, 'bob', dialect);
    expect(say({type: 'demandeDeListe', sequence: 1, parts: []})).toEqual([
      '0x15 #1 Elodie public, bob public',
    ]);
  });

  test('their rooms are not counted among ours', () => {
    const {chat, say} = beside();
    for (let room = 0; room < 100; room++) {
      const {user = 0} = register(chat, `u${room}`, dialect);
      const fields = {mode: 'centralised', maximumMembers: 9} as const;
      chat.apply({type: 'create-room', user, name: `r${room}`, key: `r${room}`, ...fields});
    }
    register(chat, 'bob', dialect);
    const fields = {type: 'invitation', state: 'public', mode: 'centralised'} as const;
    expect(say({...fields, sequence: 1, parts: ['alice,bob']})).toEqual(['0x0a #1']);
  });
});

describe('the end of a hub', () => {
  test('members of centralised rooms are told that theirs is closed, and nobody else is told anything', () => {
    const {bench, alice, bob, carl, dora} = connected('alice', 'bob', 'carl', 'dora');
    const eve = bench.connect('eve');
    bench.gather('centralised', alice, bob);
    bench.gather('decentralised', carl, dora);
    bench.hub.close(bench.now);
    expect(bench.hub.isBusy).toBe(true);
    bench.flush();
    expect(alice.take()).toEqual([expect.stringMatching(/^0x0d #\d+$/)]);
    expect(bob.take()).toEqual([expect.stringMatching(/^0x0d #\d+$/)]);
    expect([...carl.take(), ...dora.take(), ...eve.take()]).toEqual([]);
    expect(bench.hub.isBusy).toBe(false);
  });
});
