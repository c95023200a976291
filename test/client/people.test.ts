import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {People} from '../../source/client/people.ts';
import {nameKeys} from '../../source/names/key.ts';
import {nameLabel} from '../../source/names/label.ts';
import {anyCrowd} from './names.ts';

function labels(...nicks: readonly string[]): string[] {
  // One by one, as they arrive.
  const people = nicks.reduce((known, nick) => known.with([nick]), People.nobody);
  return nicks.map(nick => people.labelOf(nick));
}

describe('what is shown of people', () => {
  test('is their name where it looks like no other', () => {
    expect(labels('alice', 'bob', 'jean paul', 'zo\u00e9')).toEqual([
      'alice',
      'bob',
      'jean paul',
      'zo\u00e9',
    ]);
  });

  test('has a mark where it looks like another, each one a different mark', () => {
    expect(labels('alice', '\u0430lice', 'ALICE', 'ali\u200bce', 'ali\u00adce')).toEqual([
      'alice',
      '\u0430lice#2',
      'ALICE#3',
      'ali\ufffdce',
      'ali\ufffdce#2',
    ]);
  });

  test('cannot be had by choosing the name that another’s mark would make', () => {
    expect(labels('alice', 'alice#2', '\u0430lice', 'ali\u0441e#2')).toEqual([
      'alice',
      'alice#2#2',
      '\u0430lice#2',
      'ali\u0441e#2#3',
    ]);
  });

  test('of several who come at once is the plain name for the one who has it in ASCII', () => {
    const people = People.nobody.with(['\u0430lice', 'alice']);
    expect(people.labelOf('alice')).toBe('alice');
    expect(people.get('\u0430lice')).toEqual({
      nick: '\u0430lice',
      label: '\u0430lice#2',
      resembles: 'alice',
    });
  });

  test('never changes, and a mark is not given twice, even after others are forgotten', () => {
    const people = People.nobody.with(['alice']).with(['\u0430lice', 'ALICE']);
    const kept = people.only(nick => nick === 'alice' || nick === '\u0430lice');
    expect(kept.size).toBe(2);
    expect(kept.labelOf('\u0430lice')).toBe(people.labelOf('\u0430lice'));
    expect(kept.with(['aLiCe']).labelOf('aLiCe')).toBe('aLiCe#4');
  });

  test('of somebody unknown is the label of the name alone', () => {
    expect(People.nobody.labelOf('ali\u200bce')).toBe('ali\ufffdce');
  });

  test('looks alike for no two people, whatever a hub calls them and in whatever order', () => {
    fc.assert(
      fc.property(anyCrowd, fc.integer({min: 1, max: 25}), (nicks, first) => {
        const people = People.nobody.with(nicks.slice(0, first)).with(nicks);
        const seen = new Map<string, string>();
        for (const nick of nicks) {
          const label = people.labelOf(nick);
          expect(people.shownAs(label)?.nick).toBe(nick);
          expect(label.startsWith(nameLabel(nick))).toBe(true);
          for (const key of nameKeys(label)) {
            expect(seen.get(key) ?? nick, `${label} looks like the label of another`).toBe(nick);
            seen.set(key, nick);
          }
        }
      }),
      {numRuns: 3000},
    );
  });

  test('of people who were known does not change, whoever comes', () => {
    fc.assert(
      fc.property(anyCrowd, anyCrowd, (early, late) => {
        const former = People.nobody.with(early);
        const people = former.with(late);
        for (const nick of early) expect(people.get(nick)).toBe(former.get(nick));
        expect(former.size).toBe(early.length);
      }),
    );
  });
});
