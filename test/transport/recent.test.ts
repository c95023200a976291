import {expect, test} from 'vitest';
import {Recent} from '../../source/transport/recent.ts';

const memory = {remembered: 4, memoryMs: 1000};

test('a note is there until its time is over', () => {
  const recent = new Recent<number, string>(memory);
  recent.add(7, 100, 'seven');
  expect([recent.get(7, 1099), recent.has(7, 1099)]).toEqual(['seven', true]);
  expect([recent.get(7, 1100), recent.has(7, 1100)]).toEqual([undefined, false]);
  expect(recent.has(8, 100)).toBe(false);
});

test('of many notes the last four are kept', () => {
  const recent = new Recent<number, void>(memory);
  for (const number of [1, 2, 3, 4, 5]) recent.add(number, 0);
  expect([1, 2, 3, 4, 5].map(number => recent.has(number, 0))).toEqual([
    false,
    true,
    true,
    true,
    true,
  ]);
});

test('a note made again is the newest, and lasts from then on', () => {
  const recent = new Recent<number, string>(memory);
  for (const number of [1, 2, 3, 4]) recent.add(number, 0, 'old');
  recent.add(1, 500, 'new');
  recent.add(5, 600, 'old');
  expect(recent.has(2, 600)).toBe(false);
  expect(recent.get(1, 1499)).toBe('new');
});

test('what is over is not kept in memory, however much is noted', () => {
  const recent = new Recent<number, string>({remembered: 1000, memoryMs: 1000});
  for (let number = 0; number < 100; number++) recent.add(number, number, 'note');
  recent.add(100, 1050, 'note');
  expect([recent.peek(50), recent.peek(51)]).toEqual([undefined, 'note']);
});
