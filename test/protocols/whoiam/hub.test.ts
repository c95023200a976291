import {describe, expect, test} from 'vitest';
import {Random, seeds} from '../../network/random.ts';
import {bareEnd} from './bare-end.ts';
import {Bench, type Person} from './bench.ts';

/** A hub with those people in it. */
function connected(...nicknames: readonly string[]) {
  const bench = new Bench();
  const [alice, bob, carl] = bench.connect(...nicknames);
  const spare = bench.visit();
  spare.take();
  return {bench, alice: alice ?? spare, bob: bob ?? spare, carl: carl ?? spare, spare};
}

/** What each of them has read, in that order. */
function read(...people: readonly Person[]): string[][] {
  return people.map(person => person.take());
}

describe('a stranger', () => {
  test('is asked who they are, and with a nickname everybody is told of them, they too', () => {
    const {bench, alice, spare} = connected('alice');
    const bob = bench.visit();
    expect(bob.take()).toEqual(['WHO']);
    bob.say('IAM bob');
    expect(read(alice, bob, spare)).toEqual([['ARR bob'], ['ARR bob'], []]);
    expect(bench.story).toEqual(['alice connected', 'bob connected']);
  });

  test.each(['WHO', 'MSG hello', 'PRV alice hello', 'BYE', 'iam zoe', 'HELP', ' IAM zoe'])(
    'who says %j is asked again, and nobody hears of it',
    line => {
      const {bench, alice, spare} = connected('alice');
      spare.say(line);
      expect(read(alice, spare)).toEqual([[], ['WHO']]);
      expect(bench.dropped('unregistered')).toBe(1);
      spare.say('IAM zoe');
      expect(spare.take()).toEqual(['ARR zoe']);
    },
  );

  test('is not answered an empty line', () => {
    const {spare} = connected();
    spare.write('\n\r\n\n');
    expect(spare.take()).toEqual([]);
  });

  test.each([
    ['jean pierre', 'a space'],
    [' bob', 'a space before it'],
    ['bob ', 'a space behind it'],
    ['', 'nothing in it'],
    ['x'.repeat(33), '33 bytes'],
    ['é'.repeat(17), '34 bytes in 17 letters'],
    ['a\tb', 'a control character'],
    ['\u001b[2J', 'an escape sequence'],
  ])('%j is no nickname, for it has %s, and another one is', nickname => {
    const {bench, spare} = connected();
    spare.say(`IAM ${nickname}`);
    expect(spare.take()).toEqual([nickname === '' ? 'ERR' : `ERR ${nickname}`]);
    expect(bench.story).toEqual([`${nickname} refused: name-invalid`]);
    spare.say('IAM bob');
    expect(spare.take()).toEqual(['ARR bob']);
  });

  test('whose nickname is no UTF-8 is told so', () => {
    const {spare} = connected();
    spare.write(Uint8Array.from([0x49, 0x41, 0x4d, 0x20, 0xff, 0x0a]));
    expect(spare.take()).toEqual(['ERR \ufffd']);
  });

  test.each(['alice', 'ALICE', 'ａｌｉｃｅ'])('cannot be %s if alice is there', nickname => {
    const {bench, alice, spare} = connected('alice');
    spare.say(`IAM ${nickname}`);
    expect(read(alice, spare)).toEqual([[], [`TKN ${nickname}`]]);
    spare.say('IAM bob');
    expect(spare.take()).toEqual(['ARR bob']);
    expect(bench.hub.users).toBe(2);
  });

  test('of a full hub is told TKN, and gets the place of one who leaves', () => {
    const {end, visit} = bareEnd(1);
    const alice = visit();
    const bob = visit();
    alice.say('IAM alice');
    bob.say('IAM bob');
    expect(bob.lines()).toEqual(['WHO', 'TKN bob']);
    alice.say('BYE');
    bob.say('IAM bob');
    expect(bob.lines()).toEqual(['WHO', 'TKN bob', 'ARR bob']);
    expect(end.isBusy).toBe(false);
  });

  test('may write IAM and what follows at once, and is answered in that order', () => {
    const {alice, spare} = connected('alice');
    spare.say('IAM bob', 'WHO', 'MSG hello', 'PRV ghost hello', 'WHO');
    expect(read(spare, alice)).toEqual([
      ['ARR bob', 'WHO alice bob', 'ERR bob', 'WHO alice bob'],
      ['ARR bob', 'MSG bob hello'],
    ]);
  });

  test('a user who says nothing for 30 s is not waited for any longer', () => {
    const {bench, alice, spare} = connected('alice');
    bench.run(29_999);
    spare.say('BYE');
    expect(spare.story).toEqual(['opened']);
    bench.run(1);
    expect(spare.story).toEqual(['opened', 'ended']);
    spare.say('IAM zoe');
    spare.connection.end();
    bench.run(60_000);
    expect(spare.story).toEqual(['opened', 'ended', 'closed']);
    expect(alice.take()).toEqual([]);
    alice.say('WHO');
    expect(alice.take()).toEqual(['WHO alice']);
    expect(bench.hub.dueAt).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('somebody known', () => {
  test('gets the list of everybody in one line, themselves included', () => {
    const {bench, alice, bob} = connected('alice', 'zoë', 'carl');
    alice.say('WHO');
    expect(alice.take()).toEqual(['WHO alice zoë carl']);
    bob.say('BYE');
    bench.connect('dora');
    alice.take();
    alice.say('WHO and whatever follows');
    expect(alice.take()).toEqual(['WHO alice carl dora']);
  });

  test('is heard by everybody else', () => {
    const {alice, bob, carl, spare} = connected('alice', 'bob', 'carl');
    alice.say('MSG  two  spaces, ça va 🙂 ');
    const line = 'MSG alice  two  spaces, ça va 🙂 ';
    expect(read(alice, bob, carl, spare)).toEqual([[], [line], [line], []]);
  });

  test('may end lines with CR LF', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.write('MSG hello\r\nPRV bob psst\r\n');
    expect(bob.take()).toEqual(['MSG alice hello', 'PRV alice psst']);
  });

  test('is not passed on without a text', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.say('MSG', 'MSG ', '', 'PRV bob', 'PRV bob ');
    expect(read(alice, bob)).toEqual([[], []]);
  });

  test.each(['bob', 'BOB'])('speaks to %s alone', nickname => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.say(`PRV ${nickname}  psst, bob`);
    expect(read(alice, bob, carl)).toEqual([[], ['PRV alice  psst, bob'], []]);
  });

  test.each(['PRV ghost hello', 'PRV ghost', 'PRV', 'PRV  bob'])(
    'is told ERR and their own nickname for %j, since nobody has that name',
    line => {
      const {alice, bob} = connected('alice', 'bob');
      alice.say(line);
      expect(read(alice, bob)).toEqual([['ERR alice'], []]);
    },
  );

  test('is told the keyword that nobody knows', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.say('HELP me', 'who', '  MSG hello', 'ARR ghost');
    expect(read(alice, bob)).toEqual([['ERR HELP', 'ERR who', 'ERR', 'ERR ARR'], []]);
    expect(bench.dropped('unexpected')).toBe(4);
  });

  test('cannot become somebody else', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.say('IAM alice', 'IAM zoe', 'IAM bob', 'WHO');
    expect(read(alice, bob)).toEqual([['ERR alice', 'ERR zoe', 'ERR bob', 'WHO alice bob'], []]);
  });

  test('a user who says BYE is told with everybody that they have left, and then the connection ends', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.say('MSG see you', 'BYE', 'MSG not said');
    expect(read(alice, bob)).toEqual([['MSG bob see you', 'LFT bob'], ['LFT bob']]);
    expect(bob.story).toEqual(['opened', 'ended']);
    bob.connection.end();
    bench.run(0);
    expect(bob.story).toEqual(['opened', 'ended', 'closed']);
    expect(bench.story.at(-1)).toBe('bob left: disconnected');
    const [again] = bench.connect('bob');
    expect(read(alice, again ?? alice)).toEqual([['ARR bob'], []]);
  });

  test('a user who ends the connection without a word has left, and what was under way is still served', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.connection.write(Buffer.from('MSG bye\nMSG half a li'));
    bob.connection.end();
    bench.run(0);
    expect(read(alice, bob)).toEqual([['MSG bob bye', 'LFT bob'], []]);
    expect(bob.story).toEqual(['opened', 'ended', 'closed']);
  });

  test('a lost client has left', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.streams.reset(bob.connection);
    carl.connection.destroy();
    bench.run(0);
    expect(alice.take()).toEqual(['LFT bob', 'LFT carl']);
    expect(bench.hub.users).toBe(1);
  });
});

describe('length', () => {
  test('a line of 8,192 bytes is read, and one byte more ends the connection with ERR', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const longest = `HELP${'x'.repeat(8192 - 'HELP'.length)}`;
    bob.say(longest);
    expect(bob.take()).toHaveLength(1);
    bob.say('MSG before', `${longest}x`, 'MSG after');
    expect(read(alice, bob)).toEqual([['MSG bob before', 'LFT bob'], ['ERR']]);
    expect(bob.story).toEqual(['opened', 'ended']);
    expect(bench.story.at(-1)).toBe('bob left: protocol-error');
    expect(bench.dropped('malformed')).toBe(1);
  });

  test('a line that does not end is not waited for, of a stranger neither', () => {
    const {bench, alice, spare} = connected('alice');
    spare.write('x'.repeat(8192));
    expect(spare.take()).toEqual([]);
    spare.write('x');
    expect(spare.take()).toEqual(['ERR']);
    expect(spare.story).toEqual(['opened', 'ended']);
    expect(read(alice)).toEqual([[]]);
    expect(bench.story).toEqual(['alice connected']);
  });

  test('a text of 8,154 bytes is passed on, and a longer one counted', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const text = 'x'.repeat(8154);
    alice.say(`MSG ${text}`, `PRV bob ${text}`);
    expect(bob.take()).toEqual([`MSG alice ${text}`, `PRV alice ${text}`]);
    alice.say(`MSG ${text}x`, `PRV bob ${text}x`, 'MSG next');
    expect(read(alice, bob)).toEqual([[], ['MSG alice next']]);
    expect(bench.dropped('too-long')).toBe(2);
  });

  test('bytes that are no UTF-8 count as what replaces them', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const line = (count: number) =>
      Buffer.concat([Buffer.from('MSG '), Buffer.alloc(count, 0xff), Buffer.from('\n')]);
    alice.write(line(2718));
    expect(bob.take()).toEqual([`MSG alice ${'\ufffd'.repeat(2718)}`]);
    alice.write(line(2719));
    expect(read(alice, bob)).toEqual([[], []]);
    expect(bench.dropped('too-long')).toBe(1);
  });
});

describe('a hub that ends', () => {
  test('tells each that they have left, and ends every connection', () => {
    const {bench, alice, bob, spare} = connected('alice', 'bob');
    bench.hub.close(bench.network.now);
    expect(bench.hub.isBusy).toBe(false);
    bench.run(0);
    expect(read(alice, bob, spare)).toEqual([['LFT alice'], ['LFT bob'], []]);
    for (const {connection, story} of [alice, bob, spare]) {
      expect(story).toEqual(['opened', 'ended']);
      connection.end();
    }
    bench.run(0);
    expect(bench.streams.size).toBe(0);
    expect(bench.hub.dueAt).toBe(Number.POSITIVE_INFINITY);
  });

  test('is busy until the network has taken its last words', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.connection.pause();
    for (let count = 0; count < 20; count++) alice.say(`MSG ${'x'.repeat(8000)}`);
    bench.hub.close(bench.network.now);
    bench.run(0);
    expect(bench.hub.isBusy).toBe(true);
    bob.connection.resume();
    bench.run(0);
    expect(bench.hub.isBusy).toBe(false);
    expect(bob.take().at(-1)).toBe('LFT bob');
  });
});

test('the list is encoded once, until somebody comes or goes', () => {
  const {visit} = bareEnd(100);
  const [alice, bob] = [visit(), visit()];
  alice.say('IAM alice', 'WHO', 'WHO');
  expect(alice.written.at(-1)).toBe(alice.written.at(-2));
  bob.say('IAM bob');
  alice.say('WHO');
  expect(alice.lines().at(-1)).toBe('WHO alice bob');
});

describe.each(seeds(1, 2, 3))('however the bytes arrive, seed %i', seed => {
  test.each(['whole', 'random', 'bytes'] as const)('%s, everybody reads the same', pieces => {
    const bench = new Bench({maximumDelayMs: 0, pieces}, seed);
    const [alice, bob] = bench.connect('alice', 'bob');
    const zoe = bench.visit();
    zoe.say('MSG early', 'IAM no body', 'IAM Zoë', 'WHO', 'MSG salut 🙂');
    zoe.write('PRV alice psst\r\n\r\nPRV ghost psst\nWHAT is this\nBYE\nMSG late\n');
    bob?.say('MSG the end');
    expect(zoe.take()).toEqual([
      'WHO',
      'WHO',
      'ERR no body',
      'ARR Zoë',
      'WHO alice bob Zoë',
      'ERR Zoë',
      'ERR WHAT',
      'LFT Zoë',
    ]);
    expect(alice?.take()).toEqual([
      'ARR Zoë',
      'MSG Zoë salut 🙂',
      'PRV Zoë psst',
      'LFT Zoë',
      'MSG bob the end',
    ]);
  });

  test('random bytes and broken lines end nobody else, and leave nothing behind', () => {
    const random = new Random(seed);
    const bench = new Bench({maximumDelayMs: 50, pieces: 'random'}, seed);
    const witness = bench.visit();
    witness.say('IAM witness');
    const keywords = ['IAM ', 'WHO', 'MSG ', 'PRV ', 'BYE', '\n', '\r\n', ' ', 'witness', 'x\n'];
    const people = Array.from({length: 30}, () => bench.visit());
    for (let count = 0; count < 2000; count++) {
      const noise = Uint8Array.from({length: 20}, () => Math.floor(random.next() * 256));
      const bytes = random.chance(0.3) ? noise : Buffer.from(random.pick(keywords));
      const person = random.pick(people);
      if (random.chance(0.002)) person.connection.destroy();
      else person.connection.write(bytes);
      if (random.chance(0.1)) bench.run(100);
    }
    bench.run(1000);
    witness.take();
    for (const {connection} of people) connection.destroy();
    bench.run(20_000);
    witness.take();
    witness.say('WHO');
    bench.run(1000);
    expect(witness.take()).toEqual(['WHO witness']);
    expect(bench.streams.size).toBe(2);
    expect(bench.hub.dueAt).toBe(Number.POSITIVE_INFINITY);
  });
});
