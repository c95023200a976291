import {describe, expect, test} from 'vitest';
import * as wire from '../../../source/protocols/res302/wire.ts';
import {Bench} from './bench.ts';
import {centralised, connected, decentralised, sayOften, sixTimes} from './hub-setting.ts';

describe('connect', () => {
  test('an A is confirmed under its number, and who sent it is listed in public', () => {
    const bench = new Bench();
    const alice = bench.add('alice');
    alice.send('A', {sequence: 5});
    expect(alice.take()).toEqual(['A+ #5']);
    expect(alice.list()).toBe('alice: Pu');
  });

  test('a second A from the same address with the same nickname is confirmed again', () => {
    const {bench, alice} = connected('alice');
    alice.send('A', {sequence: 0});
    alice.send('A', {sequence: 9});
    expect(alice.take()).toEqual(['A+ #0', 'A+ #9']);
    expect(bench.hub.users).toBe(1);
  });

  test('a second A of somebody in a room does not take them out of it', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.gather(centralised, alice, bob);
    alice.send('A');
    expect(alice.take()).toEqual(['A+ #2']);
    expect(alice.list()).toBe('alice: Pr&bob: Pr');
  });

  test('a second A from the same address with another nickname is dropped', () => {
    const {bench, alice} = connected('alice');
    alice.send('A', {nickname: 'mallory'});
    expect(alice.take()).toEqual([]);
    expect(alice.list()).toBe('alice: Pu');
    expect(bench.dropped('impostor')).toBe(1);
  });

  test.each(['alice', 'ALICE', 'aLiCe'])(
    'a nickname in use is refused with error 0x01 under the number of the A, spelt %s too',
    nickname => {
      const {bench} = connected('alice');
      const other = bench.add(nickname);
      other.send('A', {sequence: 5});
      expect(other.take()).toEqual(['B #5 error 0x01']);
      expect(bench.hub.users).toBe(1);
    },
  );

  test('a refusal is not retransmitted, and the A sent again is refused again (R3)', () => {
    const {bench} = connected('alice');
    const other = bench.add('alice');
    other.isSilent = true;
    other.send('A', {sequence: 5});
    bench.run(10_000);
    expect(other.take()).toEqual(['B #5 error 0x01']);
    other.send('A', {sequence: 5});
    expect(other.take()).toEqual(['B #5 error 0x01']);
  });

  test.each([
    ['a space', [0x61, 0x20, 0x62]],
    ['an underscore', [0x61, 0x5f]],
    ['UTF-8 beyond ASCII', [0xc3, 0xa9]],
    ['a zero inside', [0x61, 0x00, 0x62]],
    ['the separator of lists', [0x61, 0x26, 0x62]],
    ['a control character', [0x1b, 0x5b, 0x4a]],
    ['no character at all', []],
  ])('a nickname with %s is refused with error 0x02', (_, bytes) => {
    const bench = new Bench();
    const client = bench.add('x');
    const datagram = wire.encode(wire.message('A', {sequence: 3}));
    datagram.set(bytes, 3);
    bench.send(datagram, client.endpoint);
    expect(client.take()).toEqual(['B #3 error 0x02']);
    expect(bench.hub.users).toBe(0);
  });

  test('the 2,001st user is refused with error 0x10, and gets the place of one who leaves (R2)', () => {
    const bench = new Bench();
    const users = Array.from({length: 2000}, (_, index) => bench.connect(`user${index}`));
    const late = bench.add('late');
    late.send('A');
    expect(late.take()).toEqual(['B #0 error 0x10']);
    expect(bench.hub.users).toBe(2000);
    users[7]?.send('I');
    late.send('A');
    expect(late.take()).toEqual(['A+ #1']);
    const list = late.list();
    expect(wire.decodeList(wire.encodeText(list))).toHaveLength(2000);
  });
});

describe('public text', () => {
  test('a text is confirmed to its author and given to all others under numbers of their own', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    bob.say('first');
    for (const client of [alice, bob, carl]) client.take();
    alice.send('C', {sequence: 77, data: wire.encodeText('bonjour à tous')});
    expect(alice.take()).toEqual(['C+ #77']);
    expect(bob.take()).toEqual(['C #0 alice "bonjour à tous"']);
    expect(carl.take()).toEqual(['C #1 alice "bonjour à tous"']);
  });

  test('a confirmed text is not sent again', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.say('hello');
    bench.run(5000);
    expect(bob.take()).toEqual(['C #0 alice "hello"']);
    expect(bench.hub.isBusy).toBe(false);
  });

  test('a user who does not confirm a text gets it again every 500 ms, and is gone after 3 s', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.isSilent = true;
    alice.say('hello');
    expect(bench.hub.isBusy).toBe(true);
    bench.run(2999);
    expect(bob.take()).toEqual(sixTimes('C #0 alice "hello"'));
    expect(bench.departures).toEqual([]);
    bench.run(1);
    expect(bob.take()).toEqual([]);
    expect(bench.departures).toEqual(['bob: silent']);
    expect(alice.list()).toBe('alice: Pu');
  });

  test('a second copy of a text is confirmed again and not given out again', () => {
    const {alice, bob} = connected('alice', 'bob');
    const sequence = alice.say('hello');
    alice.send('C', {sequence, data: wire.encodeText('hello')});
    expect(alice.take()).toEqual([`C+ #${sequence}`, `C+ #${sequence}`]);
    expect(bob.take()).toEqual(['C #0 alice "hello"']);
  });

  test('a number used anew after 4 s is a new text', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const sequence = alice.say('hello');
    bench.run(4000);
    alice.send('C', {sequence, data: wire.encodeText('again')});
    expect(bob.take()).toEqual(['C #0 alice "hello"', 'C #1 alice "again"']);
  });

  test('a public text of somebody in a private room is confirmed and given to nobody', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather(centralised, alice, bob);
    const sequence = alice.say('anybody?', 'C');
    expect(alice.take()).toEqual([`C+ #${sequence}`]);
    expect([...bob.take(), ...carl.take()]).toEqual([]);
    expect(bench.dropped('unexpected')).toBe(1);
  });

  test('a user who is in a private room gets no public text', () => {
    const {bench, alice, bob, carl, dora} = connected('alice', 'bob', 'carl', 'dora');
    bench.gather(centralised, alice, bob);
    carl.say('hello');
    expect([...alice.take(), ...bob.take()]).toEqual([]);
    expect(dora.take()).toEqual(['C #0 carl "hello"']);
  });

  test.each([
    ['500 bytes', 'a'.repeat(500)],
    ['500 bytes in two-byte letters', 'é'.repeat(250)],
  ])('a text of %s is given out', (_, text) => {
    const {alice, bob} = connected('alice', 'bob');
    alice.say(text);
    expect(bob.take()).toEqual([`C #0 alice "${text}"`]);
  });

  test.each([
    ['501 bytes', wire.encodeText('a'.repeat(501))],
    ['502 bytes in two-byte letters', wire.encodeText('é'.repeat(251))],
    ['200 bytes that are no UTF-8, and grow to 600', new Uint8Array(200).fill(0xff)],
  ])('a text of %s is confirmed, counted and given to nobody', (_, data) => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const sequence = alice.send('C', {data});
    expect(alice.take()).toEqual([`C+ #${sequence}`]);
    expect(bob.take()).toEqual([]);
    expect(bench.dropped('too-long')).toBe(1);
  });

  test('a text that is no UTF-8 is given out with U+FFFD', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.send('C', {data: Uint8Array.of(0x61, 0xff, 0x62)});
    expect(bob.takeMessages().map(({data}) => Buffer.from(data).toString('hex'))).toEqual([
      '61efbfbd62',
    ]);
  });

  test('a text without a byte is confirmed, and is no probe for the others', () => {
    const {alice, bob} = connected('alice', 'bob');
    const sequence = alice.say('');
    expect(alice.take()).toEqual([`C+ #${sequence}`]);
    expect(bob.take()).toEqual([]);
  });

  test('300 texts reach a reader in their order, under numbers that wrap around', () => {
    const {alice, bob} = connected('alice', 'bob');
    sayOften(alice, 300);
    expect(bob.take()).toEqual(
      Array.from({length: 300}, (_, index) => `C #${index % 128} alice "text ${index}"`),
    );
  });

  test('a reader gets at most 16 texts that it has not confirmed', () => {
    const {alice, bob} = connected('alice', 'bob');
    bob.isSilent = true;
    sayOften(alice, 20);
    expect(bob.take()).toHaveLength(16);
    bob.send('C', {ack: true, sequence: 0});
    expect(bob.take()).toEqual(['C #16 alice "text 16"']);
  });

  test('a user who lets more than 1,024 texts wait is too slow, and gone at once', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.isSilent = true;
    sayOften(alice, 16 + 1024);
    expect(bench.departures).toEqual([]);
    sayOften(alice, 1);
    expect(bench.departures).toEqual(['bob: too-slow']);
    expect(alice.list()).toBe('alice: Pu');
  });
});

describe('list', () => {
  test('it shows everybody who is there, the asker included, and in which kind of room', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather(centralised, alice, bob);
    const sequence = carl.send('E');
    expect(carl.take()).toEqual([`E+ #${sequence} "alice: Pr&bob: Pr&carl: Pu"`]);
  });

  test('with FLAG 1 it shows the room of the asker', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl', 'dora');
    bench.gather(centralised, alice, bob);
    const [inRoom, inPublic] = [alice.send('E', {flag: true}), carl.send('E', {flag: true})];
    expect(alice.take()).toEqual([`E+ #${inRoom} flag "alice: Pr&bob: Pr"`]);
    expect(carl.take()).toEqual([`E+ #${inPublic} flag "carl: Pu&dora: Pu"`]);
  });

  test('it is sent again every 500 ms until it is confirmed', () => {
    const {bench, alice} = connected('alice');
    alice.isSilent = true;
    const sequence = alice.send('E');
    bench.run(1400);
    const line = `E+ #${sequence} "alice: Pu"`;
    expect(alice.take()).toEqual([line, line, line]);
    alice.send('E', {ack: true, sequence});
    bench.run(5000);
    expect(alice.take()).toEqual([]);
    expect(bench.departures).toEqual([]);
  });

  test('a user who never confirms a list is gone after 3 s', () => {
    const {bench, alice} = connected('alice');
    alice.isSilent = true;
    const sequence = alice.send('E');
    bench.run(3000);
    expect(alice.take()).toEqual(sixTimes(`E+ #${sequence} "alice: Pu"`));
    expect(bench.departures).toEqual(['alice: silent']);
  });

  test('a second copy of a request gets the very same list, a new request the new one', () => {
    const {bench, alice} = connected('alice');
    const sequence = alice.send('E');
    bench.connect('bob');
    alice.send('E', {sequence});
    const next = alice.send('E');
    expect(alice.take()).toEqual([
      `E+ #${sequence} "alice: Pu"`,
      `E+ #${sequence} "alice: Pu"`,
      `E+ #${next} "alice: Pu&bob: Pu"`,
    ]);
  });

  test('a list and a text under the same number are confirmed each on its own', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.say('first');
    alice.isSilent = true;
    alice.send('E', {sequence: 1});
    bob.say('second');
    expect(alice.take()).toEqual([
      'C #0 bob "first"',
      'E+ #1 "alice: Pu&bob: Pu"',
      'C #1 bob "second"',
    ]);
    alice.send('C', {ack: true, sequence: 1});
    bench.run(500);
    expect(alice.take()).toEqual(['E+ #1 "alice: Pu&bob: Pu"']);
    alice.send('E', {ack: true, sequence: 1});
    bench.run(5000);
    expect(alice.take()).toEqual([]);
  });
});

describe('room text', () => {
  test('centralised: a text is confirmed to its author and given to the other members', () => {
    const {bench, alice, bob, carl, dora} = connected('alice', 'bob', 'carl', 'dora');
    bench.gather(centralised, alice, bob, carl);
    const sequence = bob.say('psst', 'D');
    expect(bob.take()).toEqual([`D+ #${sequence}`]);
    expect(alice.take()).toEqual(['D #2 bob "psst"']);
    expect(carl.take()).toEqual(['D #1 bob "psst"']);
    expect(dora.take()).toEqual([]);
  });

  test('a user who does not confirm a room text is gone after 3 s, and the others are told', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather(centralised, alice, bob, carl);
    carl.isSilent = true;
    alice.say('psst', 'D');
    for (const client of [alice, bob]) client.take();
    bench.run(3000);
    expect(bench.departures).toEqual(['carl: silent']);
    expect(alice.take()).toEqual([expect.stringMatching(/^B #\d+ 0x04 carl$/)]);
    expect(bob.take()).toEqual([expect.stringMatching(/^B #\d+ 0x04 carl$/)]);
  });

  test('a room text of somebody in no room is confirmed and given to nobody', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const sequence = alice.say('psst', 'D');
    expect(alice.take()).toEqual([`D+ #${sequence}`]);
    expect(bob.take()).toEqual([]);
    expect(bench.dropped('unexpected')).toBe(1);
  });

  test('a text for a decentralised room is confirmed, counted and given to nobody, though its FLAG is 0', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.gather(decentralised, alice, bob);
    const sequence = alice.say('psst', 'D');
    expect(alice.take()).toEqual([`D+ #${sequence}`]);
    expect(bob.take()).toEqual([]);
    expect(bench.dropped('unexpected')).toBe(1);
  });

  test.each([centralised, decentralised])(
    'a room text with FLAG 1 is confirmed as it came and given to nobody (FLAG of the room: %s)',
    mode => {
      const {bench, alice, bob} = connected('alice', 'bob');
      bench.gather(mode, alice, bob);
      const sequence = alice.send('D', {flag: true, data: wire.encodeText('psst')});
      expect(alice.take()).toEqual([`D+ #${sequence} flag`]);
      expect(bob.take()).toEqual([]);
      expect(bench.dropped('unexpected')).toBe(1);
    },
  );

  test('a text too long is confirmed, counted and given to nobody', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.gather(centralised, alice, bob);
    const sequence = alice.say('a'.repeat(501), 'D');
    expect(alice.take()).toEqual([`D+ #${sequence}`]);
    expect(bob.take()).toEqual([]);
    expect(bench.dropped('too-long')).toBe(1);
  });
});

describe('leave', () => {
  test('centralised: the leaver is confirmed and in public again, the others are told who left', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather(centralised, alice, bob, carl);
    const sequence = carl.send('H');
    expect(carl.take()).toEqual([`H+ #${sequence}`]);
    expect(alice.take()).toEqual(['B #2 0x04 carl']);
    expect(bob.take()).toEqual(['B #2 0x04 carl']);
    expect(alice.list()).toBe('alice: Pr&bob: Pr&carl: Pu');
  });

  test('centralised: the last one is told who left, then that the room is closed', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.gather(centralised, alice, bob);
    alice.send('H');
    expect(bob.take()).toEqual(['B #1 0x04 alice', 'B #2 0x08']);
    expect(bob.list()).toBe('alice: Pu&bob: Pu');
    alice.take();
    bob.say('alone');
    expect(alice.take()).toEqual([expect.stringContaining('bob "alone"')]);
  });

  test('decentralised: confirmed with its FLAG, and the hub tells nobody', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather(decentralised, alice, bob, carl);
    const sequence = carl.send('H', {flag: true});
    expect(carl.take()).toEqual([`H+ #${sequence} flag`]);
    expect([...alice.take(), ...bob.take()]).toEqual([]);
    expect(alice.list()).toBe('alice: Pr&bob: Pr&carl: Pu');
  });

  test('decentralised: the last one is told that the room is closed, and no more', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.gather(decentralised, alice, bob);
    alice.send('H', {flag: true});
    expect(bob.take()).toEqual(['B #2 0x08']);
    expect(bob.list()).toBe('alice: Pu&bob: Pu');
  });

  test('a repeated H is confirmed again, also when it finds its sender in public', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.gather(centralised, alice, bob);
    const sequence = alice.send('H');
    alice.send('H', {sequence});
    const next = alice.send('H');
    expect(alice.take()).toEqual([`H+ #${sequence}`, `H+ #${sequence}`, `H+ #${next}`]);
    expect(bob.take()).toEqual(['B #1 0x04 alice', 'B #2 0x08']);
  });

  test('a user who never confirms a B gets it six times and keeps the place (R3)', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.gather(decentralised, alice, bob);
    bob.isSilent = true;
    alice.send('H', {flag: true});
    bench.run(10_000);
    expect(bob.take()).toEqual(sixTimes('B #2 0x08'));
    expect(bench.departures).toEqual([]);
    expect(alice.list()).toBe('alice: Pu&bob: Pu');
  });
});

describe('disconnect', () => {
  test('an I is confirmed and its sender forgotten', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const sequence = alice.send('I');
    expect(alice.take()).toEqual([`I+ #${sequence}`]);
    expect(bench.departures).toEqual(['alice: disconnected']);
    expect(bob.list()).toBe('bob: Pu');
    alice.say('still here?');
    expect([...alice.take(), ...bob.take()]).toEqual([]);
    expect(bench.dropped('unregistered')).toBe(1);
  });

  test('a copy of an I is confirmed again for 4 s, and does nothing else', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.send('I', {sequence: 40});
    bench.run(3999);
    alice.send('I', {sequence: 40});
    expect(alice.take()).toEqual(['I+ #40', 'I+ #40']);
    // That very datagram, from that address.
    alice.send('I', {sequence: 41});
    bench.add('alice').send('I', {sequence: 40});
    bench.run(1);
    alice.send('I', {sequence: 40});
    expect(alice.take()).toEqual([]);
    expect(bob.list()).toBe('bob: Pu');
    expect(bench.departures).toEqual(['alice: disconnected']);
    expect(bench.dropped('unregistered')).toBe(3);
  });

  test('once somebody has registered from there again, nothing is left of the goodbye', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.send('I', {sequence: 40});
    alice.send('A', {sequence: 0, nickname: 'alicia'});
    alice.take();
    alice.send('I', {sequence: 40});
    expect(bench.dropped('impostor')).toBe(1);
    // The same is true when they are gone without a goodbye, though duplicates of that time are still remembered.
    alice.isSilent = true;
    bob.say('hello');
    bench.run(3000);
    expect(bench.departures.at(-1)).toBe('alicia: silent');
    alice.take();
    alice.send('I', {sequence: 40});
    expect(alice.take()).toEqual([]);
    expect(bench.dropped('unregistered')).toBe(1);
  });

  test('from a centralised room: the leave comes first', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.gather(centralised, alice, bob);
    const sequence = alice.send('I');
    expect(alice.take()).toEqual([`I+ #${sequence}`]);
    expect(bob.take()).toEqual(['B #1 0x04 alice', 'B #2 0x08']);
    expect(bob.list()).toBe('bob: Pu');
  });

  test('from a decentralised room: only the last one is told', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.gather(decentralised, alice, bob);
    alice.send('I');
    expect(bob.take()).toEqual(['B #2 0x08']);
  });

  test('the nickname and the address are free at once, and numbers start at 0 again', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    sayOften(alice, 3);
    bob.send('I');
    const successor = bench.connect('bob');
    alice.send('I');
    alice.send('A', {sequence: 0});
    successor.take();
    alice.say('back');
    expect(successor.take()).toEqual([expect.stringMatching(/^C #0 alice "back"$/)]);
  });

  test('nothing outlives its owners', () => {
    const {bench, alice, bob, carl, dora} = connected('alice', 'bob', 'carl', 'dora');
    bench.gather(decentralised, alice, bob);
    carl.isSilent = true;
    dora.invite(centralised, 'carl', 'ghost');
    bob.isSilent = true;
    alice.send('E');
    dora.say('hello');
    expect(bench.hub.isBusy).toBe(true);
    for (const client of [alice, bob, carl, dora]) client.send('I');
    expect(bench.hub.users).toBe(0);
    expect(bench.hub.isBusy).toBe(false);
    expect(bench.hub.dueAt).toBe(Number.POSITIVE_INFINITY);
    for (const client of [alice, bob, carl, dora]) client.take();
    bench.run(10 * 60 * 1000);
    expect([alice, bob, carl, dora].flatMap(client => client.take())).toEqual([]);
  });

  test('nothing outlives users who have gone without a word', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather(centralised, alice, bob);
    alice.invite(centralised, 'carl');
    for (const client of [alice, bob, carl]) client.isSilent = true;
    bench.run(63_000);
    expect([...bench.departures].sort()).toEqual(['alice: silent', 'bob: silent', 'carl: silent']);
    expect(bench.hub.dueAt).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('liveness (R9)', () => {
  test('a user who is silent for 60 s is sent a C without data, and stays when they confirm it', () => {
    const {bench, alice} = connected('alice');
    bench.run(59_999);
    expect(alice.take()).toEqual([]);
    bench.run(1);
    expect(alice.take()).toEqual(['C #0']);
    bench.run(59_999);
    expect(alice.take()).toEqual([]);
    bench.run(1);
    expect(alice.take()).toEqual(['C #1']);
    expect(bench.departures).toEqual([]);
  });

  test('a user who does not confirm it is gone 3 s later', () => {
    const {bench, alice} = connected('alice');
    alice.isSilent = true;
    bench.run(62_999);
    expect(alice.take()).toEqual(sixTimes('C #0'));
    expect(bench.departures).toEqual([]);
    bench.run(1);
    expect(bench.departures).toEqual(['alice: silent']);
  });

  test('whatever a user says counts as a sign of life', () => {
    const {bench, alice} = connected('alice');
    for (let minute = 0; minute < 5; minute++) {
      bench.run(59_000);
      alice.send('E');
    }
    expect(alice.take()).toEqual(
      Array.from({length: 5}, (_, index) => `E+ #${index + 1} "alice: Pu"`),
    );
  });

  test('a name that a silent user holds is probed at once, and free 3 s later', () => {
    const {bench, alice} = connected('alice');
    alice.isSilent = true;
    bench.run(3000);
    const successor = bench.add('alice');
    successor.send('A', {sequence: 0});
    expect(successor.take()).toEqual(['B #0 error 0x01']);
    expect(alice.take()).toEqual(['C #0']);
    bench.run(3000);
    expect(bench.departures).toEqual(['alice: silent']);
    successor.send('A', {sequence: 0});
    expect(successor.take()).toEqual(['A+ #0']);
  });

  test('a name that somebody alive holds stays theirs, however often it is asked for', () => {
    const {bench, alice} = connected('alice');
    const other = bench.add('alice');
    bench.run(3000);
    for (let attempt = 0; attempt < 10; attempt++) {
      other.send('A');
      bench.run(500);
    }
    expect(new Set(other.take().map(line => line.replace(/#\d+ /, '')))).toEqual(
      new Set(['B error 0x01']),
    );
    expect(bench.departures).toEqual([]);
    // Asked for again only when nothing was heard for 3 s.
    expect(alice.take()).toEqual(['C #0', 'C #1']);
  });
});

describe('sender check (R11)', () => {
  test('a request from an address that is not registered is dropped, whatever nickname it carries', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const stranger = bench.add('alice');
    stranger.say('I am alice');
    stranger.send('E');
    stranger.send('I');
    stranger.send('A', {ack: true});
    expect([...stranger.take(), ...alice.take(), ...bob.take()]).toEqual([]);
    expect(bench.dropped('unregistered')).toBe(4);
    expect(alice.list()).toBe('alice: Pu&bob: Pu');
  });

  test('another port of the same host is another address', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const text = wire.message('C', {sequence: 9, nickname: 'alice', data: wire.encodeText('x')});
    bench.send(wire.encode(text), {...alice.endpoint, port: alice.endpoint.port + 1000});
    expect(bob.take()).toEqual([]);
    expect(bench.dropped('unregistered')).toBe(1);
  });

  test.each(['bob', 'ALICE', 'nobody', ''])(
    'a request of alice that carries the nickname "%s" is dropped',
    nickname => {
      const {bench, alice, bob} = connected('alice', 'bob');
      alice.send('C', {nickname, data: wire.encodeText('I am somebody else')});
      alice.send('I', {nickname});
      expect([...alice.take(), ...bob.take()]).toEqual([]);
      expect(bench.dropped('impostor')).toBe(2);
      expect(bob.list()).toBe('alice: Pu&bob: Pu');
    },
  );

  test('confirmations under another nickname or from elsewhere do not count', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.isSilent = true;
    alice.say('hello');
    bob.send('C', {ack: true, sequence: 0, nickname: 'alice'});
    alice.send('C', {ack: true, sequence: 0});
    bench.run(3000);
    expect(bench.departures).toEqual(['bob: silent']);
  });

  test('what does not parse is dropped and counted, and harms nobody', () => {
    const {bench, alice} = connected('alice');
    const datagram = wire.encode(wire.message('I', {sequence: 1, nickname: 'alice'}));
    bench.send(datagram.subarray(0, 14), alice.endpoint);
    bench.send(new Uint8Array(0), alice.endpoint);
    bench.send(Uint8Array.of(...datagram, 0), alice.endpoint);
    expect(bench.dropped('malformed')).toBe(3);
    expect(alice.take()).toEqual([]);
    expect(alice.list()).toBe('alice: Pu');
  });

  test('what only a hub says is not taken from a client', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.send('B', {code: wire.notices.closed});
    alice.send('G', {nickname: 'alice', data: wire.encodeText('1&192.0.2.1')});
    expect([...alice.take(), ...bob.take()]).toEqual([]);
    expect(bench.dropped('unexpected')).toBe(2);
  });
});

describe('addresses of members (R7)', () => {
  test("who is on the hub's own machine is told to others under its public address", () => {
    const bench = new Bench('203.0.113.9');
    const [local, remote] = [bench.connect('local', '127.0.0.1'), bench.connect('remote')];
    local.invite(decentralised, 'remote');
    for (const client of [local, remote]) client.take();
    remote.answer('accept');
    expect(local.take()).toEqual(['G #0 remote "40001&198.51.100.2"']);
    expect(remote.take()).toContain('G #1 local "40000&203.0.113.9"');
  });

  test("two on the hub's own machine reach each other there", () => {
    const bench = new Bench('203.0.113.9');
    const [one, other] = [bench.connect('one', '127.0.0.1'), bench.connect('other', '127.0.0.1')];
    one.invite(decentralised, 'other');
    for (const client of [one, other]) client.take();
    other.answer('accept');
    expect(one.take()).toEqual(['G #0 other "40001&127.0.0.1"']);
    expect(other.take()).toContain('G #1 one "40000&127.0.0.1"');
  });

  test('without a public address the hub tells what it sees', () => {
    const bench = new Bench();
    const [local, remote] = [bench.connect('local', '127.0.0.1'), bench.connect('remote')];
    local.invite(decentralised, 'remote');
    remote.take();
    remote.answer('accept');
    expect(remote.take()).toContain('G #1 local "40000&127.0.0.1"');
  });
});

describe('the end of a hub', () => {
  test('members of centralised rooms are told that theirs is closed, and nobody else is told anything', () => {
    const {bench, alice, bob, carl, dora} = connected('alice', 'bob', 'carl', 'dora');
    const public1 = bench.connect('eve');
    bench.gather(centralised, alice, bob);
    bench.gather(decentralised, carl, dora);
    bench.hub.close(bench.now);
    expect(bench.hub.isBusy).toBe(true);
    bench.flush();
    expect(alice.take()).toEqual([expect.stringMatching(/^B #\d+ 0x08$/)]);
    expect(bob.take()).toEqual([expect.stringMatching(/^B #\d+ 0x08$/)]);
    expect([...carl.take(), ...dora.take(), ...public1.take()]).toEqual([]);
    expect(bench.hub.isBusy).toBe(false);
  });
});
