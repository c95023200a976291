import fc from 'fast-check';
import {expect, test} from 'vitest';
import {Dictionary} from '../../../source/client/dictionary.ts';
import type {PresentUser} from '../../../source/client/state.ts';
import {Authors} from '../../../source/tui/theme/authors.ts';

const colours = 12;
const nick = 'alice';

function open(count = colours) {
  const authors = new Authors(Array.from({length: count}, (_, index) => ({color: `${index}`})));
  let users = Dictionary.empty<PresentUser>();
  const follow = () => authors.follow({users, nick});
  return {
    authors,
    come(...nicks: readonly string[]) {
      for (const one of nicks) users = users.set(one, {nick: one});
      follow();
    },
    go(...nicks: readonly string[]) {
      for (const one of nicks) users = users.delete(one);
      follow();
    },
    change(one: string) {
      users = users.set(one, {nick: one, status: 'room'});
      follow();
    },
    coloursOf: (nicks: readonly string[]) => nicks.map(one => authors.styleOf(one).color),
  };
}

const numbered = (count: number, prefix = 'user') =>
  Array.from({length: count}, (_, index) => `${prefix}${index}`);

test('those who are here have different colours as long as there are colours', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.boolean(), fc.integer({min: 0, max: 30})), {maxLength: 200}),
      steps => {
        const {come, go, coloursOf} = open();
        const here = new Set<string>();
        for (const [isComing, number] of steps) {
          const one = `user${number}`;
          if (!isComing) {
            here.delete(one);
            go(one);
          } else if (here.has(one) || here.size < colours - 1) {
            here.add(one);
            come(one);
          }
          const seen = coloursOf([nick, ...here]);
          expect(new Set(seen).size).toBe(seen.length);
        }
      },
    ),
  );
});

test('whoever is here keeps the colour, whoever else comes and goes', () => {
  const {come, go, change, coloursOf} = open();
  come('bob');
  const before = coloursOf(['bob']);
  for (const other of numbered(50)) come(other);
  change('bob');
  go(...numbered(50));
  expect(coloursOf(['bob'])).toEqual(before);
});

test('whoever has just left keeps the colour, and nobody else gets it while there is another', () => {
  const {come, go, coloursOf} = open();
  come('bob');
  const [bob] = coloursOf(['bob']);
  go('bob');
  const others = numbered(10);
  come(...others);
  expect(coloursOf(others)).not.toContain(bob);
  expect(coloursOf(['bob'])).toEqual([bob]);
  come('bob');
  expect(coloursOf(['bob'])).toEqual([bob]);
});

test('your own name has a colour that nobody else has, under every name and with everybody here', () => {
  const {come, coloursOf, authors} = open();
  come(nick, ...numbered(100));
  expect(coloursOf([nick])).toEqual(['0']);
  expect(coloursOf(numbered(100))).not.toContain('0');
  authors.follow({users: Dictionary.empty(), nick: 'alix'});
  expect(coloursOf(['alix'])).toEqual(['0']);
});

test('a colour is the one of the name as long as that is free: the same at every start', () => {
  const [one, other] = [open(), open()];
  one.come('zoe');
  other.come('zoe');
  other.come('bob');
  expect(one.coloursOf(['zoe'])).toEqual(other.coloursOf(['zoe']));
});

test('more people than colours share them evenly', () => {
  const {come, coloursOf} = open();
  const people = numbered(10 * (colours - 1));
  for (const one of people) come(one);
  const counts = Object.values(Object.groupBy(coloursOf(people), colour => colour ?? ''));
  expect(counts.map(group => group?.length)).toEqual(Array(colours - 1).fill(10));
});

test('somebody who is in no list has a colour, and keeps it', () => {
  const {come, coloursOf} = open();
  const [stranger] = coloursOf(['stranger']);
  expect(stranger).not.toBe('0');
  come('bob');
  expect(coloursOf(['stranger', 'stranger'])).toEqual([stranger, stranger]);
  expect(coloursOf(['bob'])).not.toEqual([stranger]);
});

test.each([0, 1, 2])('%i colours are enough for everybody', count => {
  const {come, coloursOf} = open(count);
  come('bob', 'carl');
  const last = count === 0 ? undefined : `${count - 1}`;
  expect(coloursOf([nick, 'bob', 'carl'])).toEqual([count === 0 ? undefined : '0', last, last]);
});

test('an arrival among 2,000 costs no more than one among 20', () => {
  const arrivals = (count: number) => {
    const {come} = open();
    come(...numbered(count));
    const startedAt = performance.now();
    for (const one of numbered(500, 'late')) come(one);
    return performance.now() - startedAt;
  };
  arrivals(20);
  // The bound is loose, because the machine is busy: in proportion to the people it would be a hundred times as much.
  expect(arrivals(2000)).toBeLessThan(20 * arrivals(20) + 20);
});
