import fc from 'fast-check';
import {expect, test} from 'vitest';
import {History} from '../../source/client/history.ts';

function filled(entries: number, maximum?: number): History<number> {
  let history = History.empty<number>(maximum);
  for (let entry = 0; entry < entries; entry++) history = history.append(entry);
  return history;
}

test('an entry is found at its index, and nothing beside the entries', () => {
  const history = filled(1000);
  expect([history.start, history.end]).toEqual([0, 1000]);
  expect([0, 255, 256, 999].map(index => history.at(index))).toEqual([0, 255, 256, 999]);
  expect([-1, 1000].map(index => history.at(index))).toEqual([undefined, undefined]);
});

test('the oldest go when there are too many, and indexes stay what they were', () => {
  const history = filled(1000, 300);
  expect(history.end).toBe(1000);
  expect(history.end - history.start).toBeGreaterThanOrEqual(300);
  expect(history.end - history.start).toBeLessThan(300 + History.chunkSize);
  expect(history.at(history.start - 1)).toBeUndefined();
  expect(history.at(history.start)).toBe(history.start);
  expect(history.at(999)).toBe(999);
});

test('changing an entry leaves the former history as it was', () => {
  const former = filled(600);
  const changed = former.update(300, entry => -entry);
  expect([former.at(300), changed.at(300), changed.at(301)]).toEqual([300, -300, 301]);
});

test('an entry that is no longer held is not changed', () => {
  const history = filled(1000, 300);
  expect(history.update(0, entry => -entry)).toBe(history);
  expect(history.update(1000, entry => -entry)).toBe(history);
});

test('after clearing, indexes go on', () => {
  const history = filled(300).clear().append(300);
  expect([history.start, history.end, history.at(299), history.at(300)]).toEqual([
    300,
    301,
    undefined,
    300,
  ]);
});

test('backwards, the newest come first', () => {
  expect(filled(700).backwards().take(3).toArray()).toEqual([
    [699, 699],
    [698, 698],
    [697, 697],
  ]);
});

test('it does what a list does', () => {
  const step = fc.oneof(
    fc.constant('append' as const),
    fc.constant('clear' as const),
    fc.record({change: fc.nat({max: 60})}),
  );
  fc.assert(
    fc.property(fc.array(step, {maxLength: 60}), steps => {
      let history = History.empty<string>();
      const list = new Map<number, string>();
      let next = 0;
      for (const one of steps) {
        if (one === 'append') {
          history = history.append(`${next}`);
          list.set(next, `${next}`);
          next++;
        } else if (one === 'clear') {
          history = history.clear();
          list.clear();
        } else {
          history = history.update(one.change, entry => `${entry}!`);
          const entry = list.get(one.change);
          if (entry !== undefined) list.set(one.change, `${entry}!`);
        }
      }
      expect([...history.backwards()].toReversed()).toEqual([...list]);
    }),
  );
});
