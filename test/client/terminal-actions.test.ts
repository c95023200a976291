import {expect, test} from 'vitest';
import {durationIn} from '../../source/client/terminal-actions.ts';

test.each([
  ['90s', 90_000],
  ['30m', 1_800_000],
  ['1h', 3_600_000],
  ['1h30m', 5_400_000],
  ['2d', 172_800_000],
  ['0h', undefined],
  ['1', undefined],
  ['h', undefined],
  ['1w', undefined],
  ['-1h', undefined],
  ['1h!', undefined],
  ['', undefined],
])('%j lasts %s ms', (text, ms) => {
  expect(durationIn(text)).toBe(ms);
});
