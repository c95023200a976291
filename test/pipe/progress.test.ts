import {expect, test} from 'vitest';
import {Progress, size} from '../../source/pipe/progress.ts';

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [1024 * 1024 - 1, '1.0 MiB'],
  [1.5 * 1024 ** 3, '1.5 GiB'],
  [2 ** 60, '1048576.0 TiB'],
])('%i bytes are %s', (bytes, words) => {
  expect(size(bytes)).toBe(words);
});

test('the directions that carry something are shown, with their rate', () => {
  const progress = new Progress('bob');
  expect(progress.line({sent: 0, received: 0}, 0)).toBe('bob  ↑ 0 B');
  expect(progress.line({sent: 2048, received: 0}, 1000)).toBe('bob  ↑ 2.0 KiB, 2.0 KiB/s');
  expect(progress.line({sent: 4096, received: 1024}, 2000)).toBe(
    'bob  ↑ 4.0 KiB, 2.0 KiB/s  ↓ 1.0 KiB, 512 B/s',
  );
});

test('the rate is that of the last three seconds', () => {
  const progress = new Progress('bob');
  for (const second of [0, 1, 2, 3])
    progress.line({sent: second * 1024, received: 0}, second * 1000);
  for (const second of [4, 5, 6]) progress.line({sent: 3072, received: 0}, second * 1000);
  expect(progress.line({sent: 3072, received: 0}, 7000)).toBe('bob  ↑ 3.0 KiB, 0 B/s');
});

test('what only comes is shown as such', () => {
  const progress = new Progress('bob');
  expect(progress.line({sent: 0, received: 5}, 0)).toBe('bob  ↓ 5 B');
});
