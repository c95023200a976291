import {describe, expect, test} from 'vitest';
import {Chat} from '../../../source/chat/chat.ts';
import {shen} from '../../../source/protocols/shen/index.ts';
import * as wire from '../../../source/protocols/shen/wire.ts';
import {register} from '../../chat/register.ts';
import {bareHost} from '../../hub/bare-host.ts';
import {Bench, show} from './bench.ts';
import {connected, minuteMs, modes, sayOften, sixTimes, without} from './hub-setting.ts';

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

  test('a user who does not confirm a text gets it again every 2 s, and is gone after 12 s', () => {
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

  test('a user who is in a private room gets no public text', () => {
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

  test('a user who lets more than 1,024 texts wait is too slow, and gone at once', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.isSilent = true;
    sayOften(alice, 16 + 1024);
    expect(bench.departures).toEqual([]);
    sayOften(alice, 1);
    expect(bench.departures).toEqual(['bob: too-slow']);
  });
});

describe('list', () => {
  test('it shows everybody but the asker, and in which kind of room they are', () => {
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

  test('a user who never confirms a list keeps the place: the original has no such confirmation', () => {
    const {bench, alice} = connected('alice', 'bob');
    alice.confirmsLists = false;
    const sequence = alice.send('demandeDeListe');
    bench.run(30_000);
    expect(alice.take()).toEqual(sixTimes(`0x15 #${sequence} bob public`));
    expect(bench.departures).toEqual([]);
  });

  test('a client that never confirms a list still gets texts, however many lists it requests', () => {
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
  test('a user who is silent for 60 s in public is called, and stays when they answer', () => {
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

  test('a user who does not answer is called six times, and gone 12 s later', () => {
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

  test('a user who has left the room is called after 60 s of silence, as everybody in public', () => {
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
