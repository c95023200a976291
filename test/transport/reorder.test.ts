import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {hubWindow} from '../../source/transport/reliability.ts';
import {Reorder} from '../../source/transport/reorder.ts';
import {reliability} from './parameters.ts';

/** A receiver of numbers, whose messages are their own numbers, from the given one on. */
function expecting(first = 0): Reorder<number> {
  const reorder = new Reorder<number>(reliability);
  for (let sequence = 0; sequence < first; sequence++) reorder.receive(sequence, sequence, 0);
  return reorder;
}

function receiveAll(reorder: Reorder<number>, numbers: readonly number[], now: number): number[] {
  return numbers.flatMap(sequence => reorder.receive(sequence, sequence, now));
}

describe('order', () => {
  test('what comes in order is delivered at once', () => {
    const reorder = expecting();
    expect([0, 1, 2].map(sequence => reorder.receive(sequence, sequence, 0))).toEqual([
      [0],
      [1],
      [2],
    ]);
    expect(reorder.dueAt).toBe(Number.POSITIVE_INFINITY);
  });

  test('what comes early is held until what is before it has come', () => {
    const reorder = expecting();
    expect(receiveAll(reorder, [2, 1], 0)).toEqual([]);
    expect(reorder.receive(0, 0, 10)).toEqual([0, 1, 2]);
    expect(reorder.dueAt).toBe(Number.POSITIVE_INFINITY);
  });

  test('the number after 127 is 0', () => {
    const reorder = expecting(127);
    expect(receiveAll(reorder, [1, 0], 0)).toEqual([]);
    expect(reorder.receive(127, 127, 0)).toEqual([127, 0, 1]);
  });

  test('any order within a window of a long stream comes out as it was numbered, each once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({max: hubWindow - 1}), {minLength: 1000, maxLength: 1000}),
        choices => {
          const reorder = expecting();
          const out: number[] = [];
          const underWay: number[] = [];
          let next = 0;
          // As a hub does: the window opens with the oldest that has not arrived.
          const fill = () => {
            while (next < choices.length && next < (underWay[0] ?? next) + hubWindow) {
              underWay.push(next++);
            }
          };
          for (const [now, choice] of choices.entries()) {
            fill();
            const [message = -1] = underWay.splice(choice % underWay.length, 1);
            out.push(...reorder.receive(message % 128, message, now));
          }
          expect(out).toEqual(choices.map((_, index) => index));
          expect(reorder.dueAt).toBe(Number.POSITIVE_INFINITY);
        },
      ),
      {numRuns: 50},
    );
  });
});

describe('gaps', () => {
  test('a gap is waited for as long as its sender repeats it, then what came after is delivered', () => {
    const reorder = expecting();
    reorder.receive(1, 1, 100);
    reorder.receive(2, 2, 2000);
    expect(reorder.dueAt).toBe(3100);
    expect(reorder.onTime(3099)).toEqual([]);
    expect(reorder.onTime(3100)).toEqual([1, 2]);
    expect(reorder.dueAt).toBe(Number.POSITIVE_INFINITY);
    expect(reorder.receive(3, 3, 3200)).toEqual([3]);
  });

  test('a second gap behind the first is waited for as well', () => {
    const reorder = expecting();
    receiveAll(reorder, [1, 4, 5], 0);
    expect(reorder.onTime(3000)).toEqual([1]);
    expect(reorder.dueAt).toBe(6000);
    expect(receiveAll(reorder, [3, 2], 3500)).toEqual([2, 3, 4, 5]);
  });

  test('what fills a gap that was given up is delivered late, and disturbs nothing', () => {
    const reorder = expecting();
    receiveAll(reorder, [1, 2], 0);
    reorder.onTime(3000);
    expect(reorder.receive(0, 0, 3001)).toEqual([0]);
    expect(reorder.receive(3, 3, 3002)).toEqual([3]);
  });

  test('nobody is woken up without a gap, and being called early or twice does nothing', () => {
    const reorder = expecting();
    expect(reorder.onTime(1_000_000)).toEqual([]);
    reorder.receive(1, 1, 0);
    expect(reorder.onTime(3000)).toEqual([1]);
    expect(reorder.onTime(3000)).toEqual([]);
  });

  test('a gap at the end of the numbers is given up across the wrap-around', () => {
    const reorder = expecting(126);
    receiveAll(reorder, [127, 0, 2], 0);
    expect(reorder.onTime(3000)).toEqual([127, 0]);
    expect(reorder.onTime(6000)).toEqual([2]);
    expect(reorder.receive(3, 3, 6001)).toEqual([3]);
  });
});

describe('hostile numbers', () => {
  test('a number beyond the window shows what is not repeated any more, and waits for the others', () => {
    const reorder = expecting();
    receiveAll(reorder, [2, 1], 0);
    expect(reorder.receive(16, 16, 0)).toEqual([1, 2]);
    receiveAll(reorder, [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4], 0);
    expect(reorder.receive(3, 3, 0)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
    expect(reorder.dueAt).toBe(Number.POSITIVE_INFINITY);
  });

  test('a number far beyond the window is delivered when nothing before it has come', () => {
    const reorder = expecting();
    receiveAll(reorder, [2, 1], 0);
    expect(reorder.receive(40, 40, 0)).toEqual([1, 2]);
    expect(reorder.onTime(3000)).toEqual([40]);
    expect(reorder.receive(41, 41, 3000)).toEqual([41]);
  });

  test('whatever the numbers, nothing comes out twice and less than a window is held', () => {
    const arrival = fc.record({sequence: fc.nat({max: 127}), later: fc.nat({max: 1000})});
    fc.assert(
      fc.property(fc.array(arrival, {maxLength: 300}), arrivals => {
        const reorder = expecting();
        const out: number[] = [];
        const held = new Map<number, number>();
        let now = 0;
        for (const [message, {sequence, later}] of arrivals.entries()) {
          now += later;
          held.set(sequence, message);
          const delivered = [...reorder.onTime(now), ...reorder.receive(sequence, message, now)];
          out.push(...delivered);
          for (const [number, holder] of held) if (delivered.includes(holder)) held.delete(number);
          expect(held.size).toBeLessThan(hubWindow);
          expect(reorder.dueAt).toBeLessThanOrEqual(
            held.size === 0 ? Number.POSITIVE_INFINITY : now + 3000,
          );
        }
        for (let gap = 1; gap <= hubWindow; gap++) out.push(...reorder.onTime(now + gap * 3000));
        expect(new Set(out).size).toBe(out.length);
        expect(reorder.dueAt).toBe(Number.POSITIVE_INFINITY);
        for (const message of held.values()) expect(out).toContain(message);
      }),
      {numRuns: 300},
    );
  });
});

describe('connecting again', () => {
  test('a hub that has forgotten us begins at 0, and is heard at once', () => {
    const reorder = expecting(50);
    reorder.reconnected(1000);
    expect(receiveAll(reorder, [0, 1, 2], 1010)).toEqual([0, 1, 2]);
  });

  test('a hub that has not forgotten us goes on counting, and is heard at once', () => {
    const reorder = expecting(50);
    reorder.reconnected(1000);
    expect(receiveAll(reorder, [51, 50, 52], 1010)).toEqual([50, 51, 52]);
  });

  test('a hub that goes on and wraps around is not taken for one that begins anew', () => {
    const reorder = expecting(50);
    reorder.reconnected(1000);
    const numbers = Array.from({length: 200}, (_, index) => (50 + index) % 128);
    // Two out of order where it wraps; 4 s after the connection nothing is left of a former one.
    [numbers[77], numbers[78]] = [0, 127];
    const out = numbers.flatMap((sequence, index) =>
      reorder.receive(sequence, index, 6000 + index),
    );
    const order = numbers.map((_, index) => index);
    [order[77], order[78]] = [78, 77];
    expect(out).toEqual(order);
  });

  test('a low number that is late, long after the connection, is no new count', () => {
    const reorder = expecting(125);
    reorder.reconnected(1000);
    receiveAll(reorder, [125, 126, 127, 1], 6000);
    expect(reorder.onTime(9000)).toEqual([1]);
    for (let sequence = 2; sequence < 40; sequence++) reorder.receive(sequence, sequence, 9001);
    expect(reorder.receive(0, 0, 9002)).toEqual([0]);
    expect(reorder.receive(41, 41, 9003)).toEqual([]);
    expect(reorder.receive(40, 40, 9003)).toEqual([40, 41]);
  });

  test('what was held of the former count is delivered at once, in order, whether a new one begins or not', () => {
    for (const next of [0, 56]) {
      const reorder = expecting(50);
      receiveAll(reorder, [55, 52, 53], 0);
      expect(reorder.reconnected(4000)).toEqual([52, 53, 55]);
      expect(reorder.dueAt).toBe(Number.POSITIVE_INFINITY);
      expect(reorder.receive(next, next, 4010)).toEqual([next]);
    }
  });

  test('what was held of a former count that had just begun is none of the new one', () => {
    const reorder = expecting(2);
    receiveAll(reorder, [4, 5], 0);
    expect(reorder.reconnected(4000)).toEqual([4, 5]);
    expect(receiveAll(reorder, [0, 1, 2, 3, 4, 5], 4010)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('a number that is used again after it was held of the former count begins the new one', () => {
    const reorder = expecting(2);
    reorder.receive(4, 4, 0);
    expect(reorder.reconnected(5000)).toEqual([4]);
    expect(reorder.receive(4, 104, 5010)).toEqual([]);
    expect(receiveAll(reorder, [0, 1, 2, 3], 5020)).toEqual([0, 1, 2, 3, 104]);
  });

  test('a gap at the beginning of the new count is waited for as long as any, whatever was held', () => {
    const reorder = expecting(50);
    reorder.receive(52, 52, 0);
    expect(reorder.reconnected(1000)).toEqual([52]);
    expect(reorder.receive(1, 1, 2900)).toEqual([]);
    expect(reorder.onTime(3000)).toEqual([]);
    expect(reorder.receive(0, 0, 3010)).toEqual([0, 1]);
  });

  test('the first numbers of the new count are put in order although a later one comes first', () => {
    const reorder = expecting(50);
    reorder.reconnected(1000);
    expect(receiveAll(reorder, [2, 0, 1], 1010)).toEqual([0, 1, 2]);
  });

  test('numbers of the former count are strays for 4 s after the new one has begun', () => {
    const reorder = expecting(50);
    reorder.reconnected(1000);
    expect(reorder.isStray(49, 1005)).toBe(false);
    reorder.receive(0, 0, 1010);
    expect(reorder.isStray(49, 1020)).toBe(true);
    expect(reorder.isStray(50, 5009)).toBe(true);
    expect(reorder.isStray(1, 1020)).toBe(false);
    expect(reorder.isStray(16, 1020)).toBe(false);
    expect(reorder.isStray(17, 1020)).toBe(true);
    expect(reorder.isStray(50, 5010)).toBe(false);
  });

  test('a busy hub that counts past the middle within those 4 s has no strays any more', () => {
    const reorder = expecting(100);
    reorder.reconnected(1000);
    for (let sequence = 0; sequence < 70; sequence++) {
      expect(reorder.isStray(sequence, 1100)).toBe(false);
      expect(reorder.receive(sequence, sequence, 1100)).toEqual([sequence]);
    }
    expect(reorder.isStray(70, 1100)).toBe(false);
    expect(reorder.isStray(100, 1100)).toBe(false);
  });

  test('just before the wrap-around nobody can tell 0 from the next lap: it waits like behind a gap', () => {
    const reorder = expecting(120);
    reorder.reconnected(1000);
    expect(receiveAll(reorder, [0, 1], 1100)).toEqual([]);
    expect(reorder.onTime(4100)).toEqual([0, 1]);
    expect(reorder.receive(2, 2, 4200)).toEqual([2]);
  });

  test('just before the wrap-around, a number beyond the window shows that the count is new', () => {
    const reorder = expecting(120);
    reorder.reconnected(1000);
    expect(receiveAll(reorder, [0, 1, 2, 3, 4, 5, 6, 7], 1100)).toEqual([]);
    expect(reorder.receive(8, 8, 1100)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('without a connection made anew there are no strays', () => {
    const reorder = expecting(10);
    expect(reorder.isStray(100, 0)).toBe(false);
  });
});
