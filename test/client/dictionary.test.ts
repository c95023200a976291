import fc from 'fast-check';
import {expect, test} from 'vitest';
import {Dictionary} from '../../source/client/dictionary.ts';

const key = fc.oneof(fc.constantFrom('a', 'b', 'c', '__proto__', ''), fc.string({maxLength: 3}));
const change = fc.tuple(key, fc.option(fc.integer()));

test('is a map of which every former value stays as it was, and can be compared with', () => {
  fc.assert(
    fc.property(fc.array(change, {maxLength: 60}), changes => {
      const model = new Map<string, number>();
      const former: [Dictionary<number>, Map<string, number>][] = [];
      let dictionary = Dictionary.empty<number>();
      for (const [name, value] of changes) {
        former.push([dictionary, new Map(model)]);
        dictionary = value === null ? dictionary.delete(name) : dictionary.set(name, value);
        if (value === null) model.delete(name);
        else model.set(name, value);
        expect(dictionary.get(name)).toBe(model.get(name));
        expect(dictionary.has(name)).toBe(model.has(name));
      }
      former.push([dictionary, model]);
      for (const [kept, content] of former) {
        expect(kept.size).toBe(content.size);
        expect([...kept.values()].toSorted()).toEqual([...content.values()].toSorted());
        const {added, removed} = dictionary.differences(kept);
        const isNew = ([name, value]: [string, number]) => content.get(name) !== value;
        const isOld = ([name, value]: [string, number]) => model.get(name) !== value;
        expect(added.toSorted()).toEqual(
          [...model]
            .filter(isNew)
            .map(([, value]) => value)
            .toSorted(),
        );
        expect(removed.toSorted()).toEqual(
          [...content]
            .filter(isOld)
            .map(([, value]) => value)
            .toSorted(),
        );
      }
    }),
    {numRuns: 500},
  );
});

test('several changes at once are one, and none is the same value', () => {
  const empty = Dictionary.empty<number>();
  const two = empty.draft().set('a', 1).set('b', 2).delete('a').set('c', 3).finish();
  expect(two.size).toBe(2);
  expect(empty.size).toBe(0);
  expect(two.draft().finish()).toBe(two);
  expect(two.delete('nobody')).toBe(two);
});
