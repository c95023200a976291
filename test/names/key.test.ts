import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {isSameName, nameKey, nameKeys, roomKey} from '../../source/names/key.ts';

const table = createRequire(import.meta.url).resolve('unhomoglyph/data.json');
const lookAlikes: Record<string, string> = JSON.parse(readFileSync(table, 'utf8'));

/** All keys are compared: what a hub does with a newcomer. */
function areOne(one: string, other: string): boolean {
  return nameKeys(one).some(key => nameKeys(other).includes(key));
}

describe('names that are one', () => {
  test.each([
    ['in another case', 'Alice', 'aLICE'],
    ['in another composition', 'zo\u00e9', 'ZOE\u0301'],
    ['in another width', 'alice', 'ａｌｉｃｅ'],
    ['with a ligature', 'ﬁona', 'fiona'],
    ['in a circle', 'ⓐlice', 'alice'],
    ['with a sharp s', 'Straße', 'STRASSE'],
    ['with a sigma at the end', 'ΟΔΟΣ', 'οδος'],
    ['with a space', 'jean paul', 'JeanPaul'],
    ['with letters of another script', 'аlісе', 'alice'],
    ['in capital letters of another script', 'ВОВ', 'BOB'],
    ['that look alike in capital letters alone', 'Νina', 'Nina'],
    ['that look alike in small letters alone', 'νina', 'vina'],
    ['with a digit of another script that looks like a letter', 'b߀b', 'bob'],
    ['without a dot', 'bıll', 'bill'],
  ])('%s', (_what, one, other) => {
    expect(areOne(one, other)).toBe(true);
  });

  test.each([
    ['user1', 'userl'],
    ['user0', 'usero'],
    ['m', 'rn'],
    ['zoé', 'zoe'],
    ['Öl', 'ol'],
    ['alice', 'alice2'],
    ['a.b', 'ab'],
  ])('%s and %s are two', (one, other) => {
    expect(areOne(one, other)).toBe(false);
  });

  test('a letter of another script is the ASCII letter that it looks like, in every case', () => {
    const alike = Object.entries(lookAlikes).filter(
      ([letter, like]) => /^[a-z]$/i.test(like) && !/^\p{ASCII}$/u.test(letter),
    );
    expect(alike.length).toBeGreaterThan(800);
    const two = alike.filter(([letter, like]) => !areOne(`x${letter}y`, `x${like}y`));
    expect(two).toEqual([]);
  });
});

const anyName = fc.string({unit: 'binary', minLength: 1, maxLength: 12});

test('case, composition, width and spaces are no difference, whatever the script', () => {
  fc.assert(
    fc.property(anyName, name => {
      const key = nameKey(name);
      expect(nameKey(name.normalize('NFD'))).toBe(key);
      expect(nameKey(name.normalize('NFC'))).toBe(key);
      expect(nameKey(name.normalize('NFKC'))).toBe(key);
      expect(nameKey(name.toUpperCase())).toBe(nameKey(name.toUpperCase().toLowerCase()));
      expect(nameKey([...name].join(' '))).toBe(nameKey([...name].join('  ')));
    }),
  );
});

test('a name is the same as itself, and sameness has no direction', () => {
  fc.assert(
    fc.property(anyName, anyName, (one, other) => {
      expect(isSameName(one, one)).toBe(true);
      expect(isSameName(one, other)).toBe(isSameName(other, one));
      expect(nameKeys(one)[0]).toBe(nameKey(one));
    }),
  );
});

test('the names of rooms differ in spaces and look-alikes, not in case', () => {
  expect(roomKey('Salle É')).toBe(roomKey('salle e\u0301'));
  expect(roomKey('salle 1')).not.toBe(roomKey('salle1'));
  expect(roomKey('ѕalle')).not.toBe(roomKey('salle'));
});

// Two hubs, or two releases of one, must not disagree who is who without anybody having decided it.
test('the table of look-alikes is the one that was looked at', () => {
  expect(createHash('sha256').update(readFileSync(table)).digest('hex')).toBe(
    '2fb1ef5aa83ace3438c1cbd6f2fd413cd62ab20906b6101511eb5db11e70ae1c',
  );
});
