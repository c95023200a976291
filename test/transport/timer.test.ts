import {performance} from 'node:perf_hooks';
import {expect, test} from 'vitest';
import {Timer} from '../../source/transport/timer.ts';

/** A machine that wants to be called at one time after the other, and says when it was. */
class Alarm {
  readonly calls: {readonly at: number; readonly wantedAt: number}[] = [];
  readonly #wanted: number[];
  readonly #rung = Promise.withResolvers<void>();
  reads = 0;

  constructor(...wanted: readonly number[]) {
    this.#wanted = [...wanted];
  }

  /** When it has been called for all its times. */
  get rung(): Promise<void> {
    return this.#rung.promise;
  }

  get dueAt(): number {
    this.reads++;
    return this.#wanted[0] ?? Number.POSITIVE_INFINITY;
  }

  want(...times: readonly number[]): void {
    this.#wanted.splice(0, this.#wanted.length, ...times);
  }

  onTime(now: number): void {
    const wantedAt = this.#wanted.shift();
    this.calls.push({at: now, wantedAt: wantedAt ?? Number.NaN});
    if (this.#wanted.length === 0) this.#rung.resolve();
  }
}

function soon(delayMs: number): number {
  return performance.now() + delayMs;
}

/** A separate timer that rings after that many milliseconds: all timers due before have rung by then. */
async function passes(delayMs: number): Promise<void> {
  const alarm = new Alarm(soon(delayMs));
  new Timer(alarm).run(() => {});
  await alarm.rung;
}

test('an action gets the time of the monotonic clock, and its result is passed on', () => {
  const timer = new Timer(new Alarm());
  const before = performance.now();
  const now = timer.run(time => time);
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(performance.now());
});

test('the machine is called when its time has come, again and again, and never too early', async () => {
  const alarm = new Alarm(soon(2), soon(6), soon(10));
  new Timer(alarm).run(() => {});
  await alarm.rung;
  expect(alarm.calls).toHaveLength(3);
  for (const {at, wantedAt} of alarm.calls) expect(at).toBeGreaterThanOrEqual(wantedAt);
});

test('a deadline that has passed already is served soon, but not inside the action', async () => {
  const alarm = new Alarm(soon(-1000));
  new Timer(alarm).run(() => {});
  expect(alarm.calls).toEqual([]);
  await alarm.rung;
  expect(alarm.calls).toHaveLength(1);
});

test('an action that brings the deadline forward moves the timer', async () => {
  const alarm = new Alarm(soon(3_600_000));
  const timer = new Timer(alarm);
  timer.run(() => {});
  timer.run(now => alarm.want(now + 2));
  await alarm.rung;
  expect(alarm.calls).toHaveLength(1);
});

test('an action that puts the deadline off is not overtaken by the timer as it was', async () => {
  const alarm = new Alarm(soon(2));
  const timer = new Timer(alarm);
  timer.run(() => {});
  timer.run(now => alarm.want(now + 15));
  await alarm.rung;
  expect(alarm.calls).toHaveLength(1);
  for (const {at, wantedAt} of alarm.calls) expect(at).toBeGreaterThanOrEqual(wantedAt);
});

test('the timer is armed even if the action throws', async () => {
  const alarm = new Alarm(soon(2));
  const timer = new Timer(alarm);
  expect(() =>
    timer.run(() => {
      throw new Error('a mistake');
    }),
  ).toThrow('a mistake');
  await alarm.rung;
  expect(alarm.calls).toHaveLength(1);
});

test('a stopped timer calls nobody', async () => {
  const alarm = new Alarm(soon(2));
  const timer = new Timer(alarm);
  timer.run(() => {});
  timer.stop();
  timer.run(now => alarm.want(now + 1));
  await passes(10);
  expect(alarm.calls).toEqual([]);
});

test('a wait longer than setTimeout can take does not wake anybody up in between', async () => {
  const alarm = new Alarm(soon(2 ** 32));
  const timer = new Timer(alarm);
  timer.run(() => {});
  const {reads} = alarm;
  await passes(10);
  timer.stop();
  expect(alarm.reads).toBe(reads);
});
