import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {
  type Crowd,
  findPerson,
  readNickname,
  readNicknames,
  unquoted,
  writeNickname,
} from '../../source/client/nicknames.ts';
import {People} from '../../source/client/people.ts';
import {anyCrowd} from './names.ts';

/** @param past Those who have left. */
function crowdOf(here: readonly string[], past: readonly string[] = []): Crowd {
  return {people: People.nobody.with([...here, ...past]), isHere: nick => here.includes(nick)};
}

/** The person whom an argument names, and the rest of it. */
function read(argument: string, crowd: Crowd): readonly [string | readonly string[], string] {
  const found = readNickname(argument, crowd);
  if (found === undefined) return ['', ''];
  const {meant, rest} = found;
  return [meant.is === 'several' ? meant.people.map(({nick}) => nick) : meant.nick, rest];
}

describe('a nickname at the beginning of an argument', () => {
  const here = crowdOf([
    'jean',
    'jean paul',
    'a,b',
    'je"an',
    'a\\b',
    '-bob',
    'Zo\u00e9',
    'john',
    'jo',
  ]);

  test.each([
    ['jean X', 'jean', 'X'],
    ['jean paul X', 'jean paul', 'X'],
    ['jean   paul X', 'jean paul', 'X'],
    ['JEAN PAUL X', 'jean paul', 'X'],
    ['jean paulette X', 'jean', 'paulette X'],
    ['"jean" paul X', 'jean', 'paul X'],
    ['"jean paul" X', 'jean paul', 'X'],
    ['"Jean Paul" X', 'jean paul', 'X'],
    ['jeanpaul X', 'jean paul', 'X'],
    ['jo hn is late', 'jo', 'hn is late'],
    ['a,b X', 'a,b', 'X'],
    ['je"an X', 'je"an', 'X'],
    ['"je\\"an" X', 'je"an', 'X'],
    ['a\\b X', 'a\\b', 'X'],
    ['-bob X', '-bob', 'X'],
    ['zoe\u0301 X', 'Zo\u00e9', 'X'],
    ['"\\u{6a}ean" X', 'jean', 'X'],
    ['"\\u{4a}ean" X', 'Jean', 'X'],
    ['"\\u006aean" X', 'jean', 'X'],
    ['"a\\tb" X', 'a\tb', 'X'],
    ['nobody X', 'nobody', 'X'],
    ['"no body" X', 'no body', 'X'],
    ['"jean X', '"jean', 'X'],
    ['"jean"X', '"jean"X', ''],
    ['jean', 'jean', ''],
    ['  jean\tX  Y', 'jean', 'X  Y'],
    ['jean paul\nX', 'jean paul', 'X'],
    ['jean\npaul X', 'jean', 'paul X'],
    ['', '', ''],
  ])('%j names %j, and %j is left', (argument, nick, rest) => {
    expect(read(argument, here)).toEqual([nick, rest]);
  });

  test('with only jean here, the next word is text', () => {
    expect(read('jean paul X', crowdOf(['jean']))).toEqual(['jean', 'paul X']);
  });

  test('which may be that of jean paul, who has just left, is not for jean', () => {
    const crowd = crowdOf(['jean'], ['jean paul']);
    expect(read('jean paul X', crowd)).toEqual([['jean paul', 'jean'], 'X']);
    expect(read('"jean" paul X', crowd)).toEqual(['jean', 'paul X']);
    expect(writeNickname('jean', crowd)).toBe('"jean"');
  });
});

describe('whom a name means', () => {
  test('means the person who has it exactly, however many others look like it', () => {
    const crowd = crowdOf(['alice', '\u0430lice', 'ALICE']);
    for (const nick of ['alice', '\u0430lice', 'ALICE']) {
      expect(findPerson(nick, crowd)).toEqual({is: 'one', nick});
    }
    expect(findPerson('Alice', crowd)).toMatchObject({is: 'several'});
  });

  test('means the person who is shown with it', () => {
    const crowd = crowdOf(['alice', '\u0430lice', 'ali\u200bce']);
    expect(findPerson('\u0430lice#2', crowd)).toEqual({is: 'one', nick: '\u0430lice'});
    expect(findPerson('ali\ufffdce', crowd)).toEqual({is: 'one', nick: 'ali\u200bce'});
  });

  test('is not clear where one is called what another is shown as', () => {
    const crowd = crowdOf(['alice', 'alice#2', 'ALICE']);
    const shown = crowdOf(['nina', 'nina#2', '\u0456']);
    expect(findPerson('alice#2', crowd)).toEqual({is: 'one', nick: 'alice#2'});
    expect(findPerson('nina#2', shown)).toEqual({is: 'one', nick: 'nina#2'});
    const both = crowdOf(['a', 'A', 'A#2']);
    expect(both.people.labelOf('A')).toBe('A#2');
    expect(findPerson('A#2', both)).toMatchObject({is: 'several'});
    expect(read(`${writeNickname('A', both)} x`, both)).toEqual(['A', 'x']);
    expect(read(`${writeNickname('A#2', both)} x`, both)).toEqual(['A#2', 'x']);
  });

  test('is somebody who is here rather than somebody who has left', () => {
    expect(findPerson('ZOE', crowdOf(['zoe'], ['Zoe']))).toEqual({is: 'one', nick: 'zoe'});
    expect(findPerson('ZOE', crowdOf([], ['Zoe']))).toEqual({is: 'one', nick: 'Zoe'});
  });
});

describe('a list of nicknames', () => {
  const list = (argument: string, ...here: readonly string[]) => {
    const isFlag = (word: string) => word === '--decentralised';
    const {meant, flags} = readNicknames(argument, crowdOf(here), isFlag);
    return {
      nicks: meant.map(one => (one.is === 'several' ? '?' : one.nick)),
      flags,
    };
  };

  test.each([
    ['a b', ['a', 'b'], []],
    ['a,b', ['a,b'], []],
    ['a, b', ['a', 'b'], []],
    ['"a,b",b a', ['a,b', 'b', 'a'], []],
    ['jean paul a', ['jean paul', 'a'], []],
    ['a --decentralised b', ['a', 'b'], ['--decentralised']],
    ['-bob', ['-bob'], []],
    ['-carl', [], ['-carl']],
    ['-- -carl --decentralised', ['-carl', '--decentralised'], []],
    ['"--decentralised" a', ['--decentralised', 'a'], []],
    [' , ', [], []],
  ])('%j', (argument, nicks, flags) => {
    expect(list(argument, 'a', 'b', 'a,b', 'jean', 'jean paul', '-bob')).toEqual({nicks, flags});
  });
});

describe('a nickname that is written', () => {
  test('has quotes only if it needs them', () => {
    const crowd = crowdOf(['bob', 'jean', 'jean paul', 'a,b', '-x', '"', 'b\\', 'zo\u00e9']);
    const written = ['bob', 'jean', 'jean paul', 'a,b', '-x', '"', 'b\\', 'zo\u00e9', 'li'].map(
      nick => writeNickname(nick, crowd),
    );
    expect(written).toEqual([
      'bob',
      '"jean"',
      '"jean paul"',
      '"a,b"',
      '"-x"',
      '"\\"#2"',
      'b\\',
      'zo\u00e9',
      'li',
    ]);
  });

  test('is read back as that person, with other people here and with any text behind it', () => {
    fc.assert(
      fc.property(anyCrowd, anyCrowd, fc.string(), (here, past, text) => {
        const crowd = crowdOf(here, past);
        const rest = `.${text}`;
        for (const nick of [...here, ...past]) {
          const written = writeNickname(nick, crowd);
          expect(read(`${written} ${rest}`, crowd), written).toEqual([nick, rest]);
          expect(read(written, crowd), written).toEqual([nick, '']);
        }
      }),
      {numRuns: 2000},
    );
  });

  test('may be a string of JSON, as a program writes it', () => {
    fc.assert(
      fc.property(anyCrowd, here => {
        const crowd = crowdOf(here);
        for (const nick of here) {
          const found = findPerson(nick, crowd);
          const wanted = found.is === 'several' ? expect.any(Array) : nick;
          expect(read(`${JSON.stringify(nick)} x`, crowd)).toEqual([wanted, 'x']);
        }
      }),
      {numRuns: 1000},
    );
  });

  test('is read back out of a list, with spaces or commas between them', () => {
    fc.assert(
      fc.property(anyCrowd, fc.constantFrom(' ', ',', ', '), (here, separator) => {
        const crowd = crowdOf(here);
        const isFlag = (word: string) => /^--?\w+$/.test(word);
        const written = here.map(nick => writeNickname(nick, crowd)).join(separator);
        const {meant, flags} = readNicknames(written, crowd, isFlag);
        expect(
          meant.map(one => (one.is === 'several' ? '?' : one.nick)),
          written,
        ).toEqual(here);
        expect(flags).toEqual([]);
      }),
      {numRuns: 2000},
    );
  });
});

test('a name of one’s own may be in quotes', () => {
  expect(unquoted('"jean paul"')).toBe('jean paul');
  expect(unquoted('jean paul')).toBe('jean paul');
  expect(unquoted('"jean" paul')).toBe('"jean" paul');
});
