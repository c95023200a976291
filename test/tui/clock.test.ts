import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {Clock} from '../../source/tui/clock.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A clock, and the times at which it has called. */
function start() {
  const begun = performance.now();
  const times: number[] = [];
  return {clock: new Clock(() => times.push(performance.now() - begun)), times};
}

test('calls once, at the earliest of the times that were asked for', () => {
  const {clock, times} = start();
  clock.wakeIn(1000);
  clock.wakeIn(200);
  clock.wakeIn(500);
  vi.advanceTimersByTime(5000);
  expect(times).toEqual([200]);
});

test('who asks again does not put it off', () => {
  const {clock, times} = start();
  clock.wakeIn(1000);
  vi.advanceTimersByTime(900);
  clock.wakeIn(1000);
  vi.advanceTimersByTime(5000);
  expect(times).toEqual([1000]);
});

test('calls no more when it is stopped', () => {
  const {clock, times} = start();
  clock.wakeIn(1000);
  clock.stop();
  vi.advanceTimersByTime(5000);
  expect(times).toEqual([]);
});
