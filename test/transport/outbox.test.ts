import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {Outbox} from '../../source/transport/outbox.ts';
import {clientWindow, hubWindow} from '../../source/transport/reliability.ts';
import {reliability} from './parameters.ts';

const any = () => true;

function createOutbox(window: number, ...messages: readonly string[]): Outbox<string> {
  const outbox = new Outbox<string>(reliability, window);
  for (const message of messages) outbox.push(message);
  return outbox;
}

/** What is written at that time, as `message#number`. */
function written(outbox: Outbox<string>, now: number): string[] {
  return outbox.poll(now).transmissions.map(({message, sequence}) => `${message}#${sequence}`);
}

function numbered(count: number): string[] {
  return Array.from({length: count}, (_, index) => `m${index}`);
}

describe('one message', () => {
  test('a message is due at once, and sent under the first number, 0', () => {
    const outbox = createOutbox(hubWindow, 'hello');
    expect(outbox.dueAt).toBe(0);
    expect(outbox.poll(0)).toEqual({
      transmissions: [{message: 'hello', sequence: 0, attempt: 0}],
      failed: [],
    });
    expect(outbox.dueAt).toBe(500);
  });

  test('a message nobody confirms is sent again five times under its number and given up after 3 s', () => {
    const outbox = createOutbox(hubWindow, 'hello');
    outbox.poll(0);
    const seen = [500, 1000, 1500, 2000, 2500].map(now =>
      outbox.poll(now).transmissions.map(({sequence, attempt}) => [sequence, attempt]),
    );
    expect(seen).toEqual([1, 2, 3, 4, 5].map(attempt => [[0, attempt]]));
    expect(outbox.dueAt).toBe(3000);
    expect(outbox.isIdle).toBe(false);
    expect(outbox.poll(3000)).toEqual({transmissions: [], failed: ['hello']});
    expect(outbox.isIdle).toBe(true);
    expect(outbox.dueAt).toBe(Number.POSITIVE_INFINITY);
  });

  test('what a poll has returned stays as it is when the message is sent again', () => {
    const outbox = createOutbox(hubWindow, 'hello');
    outbox.poll(0);
    const second = outbox.poll(500).transmissions;
    outbox.poll(1000);
    expect(second).toEqual([expect.objectContaining({sequence: 0, attempt: 1})]);
  });

  test('nothing is sent again before its time, however often somebody asks', () => {
    const outbox = createOutbox(hubWindow, 'hello');
    outbox.poll(0);
    expect([1, 499, 499.9].flatMap(now => written(outbox, now))).toEqual([]);
    expect(written(outbox, 500)).toEqual(['hello#0']);
    expect(written(outbox, 500)).toEqual([]);
  });

  test('after a late poll one datagram is sent, and the next wait begins then', () => {
    const outbox = createOutbox(hubWindow, 'hello');
    outbox.poll(0);
    expect(written(outbox, 60_000)).toEqual(['hello#0']);
    expect(outbox.dueAt).toBe(60_500);
    expect(outbox.poll(60_499)).toEqual({transmissions: [], failed: []});
  });

  test('a confirmed message is not sent again', () => {
    const outbox = createOutbox(hubWindow, 'hello');
    outbox.poll(0);
    expect(outbox.confirm(0, 120, any)?.message).toBe('hello');
    expect(outbox.isIdle).toBe(true);
    expect(outbox.poll(500)).toEqual({transmissions: [], failed: []});
  });

  test('a confirmation counts once, and only for what was sent and not given up', () => {
    const outbox = createOutbox(hubWindow, 'hello');
    expect(outbox.confirm(0, 0, any)).toBeUndefined();
    outbox.poll(0);
    expect(outbox.confirm(1, 10, any)).toBeUndefined();
    expect(outbox.confirm(0, 10, any)?.message).toBe('hello');
    expect(outbox.confirm(0, 10, any)).toBeUndefined();

    outbox.push('lost');
    for (let now = 1000; now <= 4000; now += 500) outbox.poll(now);
    expect(outbox.confirm(1, 4001, any)).toBeUndefined();
  });

  test('a confirmation of another kind does not count', () => {
    const outbox = createOutbox(hubWindow, 'hello');
    outbox.poll(0);
    expect(outbox.confirm(0, 10, message => message === 'other')).toBeUndefined();
    expect(outbox.isIdle).toBe(false);
  });

  test('the round trip is known if the message was sent once, and unknown if it was sent again', () => {
    const outbox = createOutbox(hubWindow, 'once', 'twice');
    outbox.poll(100);
    expect(outbox.confirm(0, 220, any)).toEqual({message: 'once', roundTripMs: 120});
    outbox.poll(600);
    expect(outbox.confirm(1, 700, any)).toEqual({message: 'twice', roundTripMs: undefined});
  });
});

describe('the window', () => {
  test('a window of one sends the next message when the one before is confirmed', () => {
    const outbox = createOutbox(clientWindow, 'a', 'b', 'c');
    expect(written(outbox, 0)).toEqual(['a#0']);
    expect(outbox.queued).toBe(2);
    expect(outbox.dueAt).toBe(500);
    outbox.confirm(0, 10, any);
    expect(outbox.dueAt).toBe(0);
    expect(written(outbox, 10)).toEqual(['b#1']);
    outbox.confirm(1, 20, any);
    expect(written(outbox, 20)).toEqual(['c#2']);
  });

  test('a window of one goes on with the next message in the poll after the one that gives up the one before', () => {
    const outbox = createOutbox(clientWindow, 'a', 'b');
    for (let now = 0; now < 3000; now += 500) outbox.poll(now);
    expect(outbox.poll(3000)).toEqual({transmissions: [], failed: ['a']});
    expect(outbox.dueAt).toBe(0);
    expect(written(outbox, 3000)).toEqual(['b#1']);
  });

  test('sixteen messages are under way at once, in their order, and the rest waits', () => {
    const outbox = createOutbox(hubWindow, ...numbered(20));
    expect(written(outbox, 0)).toEqual(numbered(16).map((message, index) => `${message}#${index}`));
    expect(outbox.queued).toBe(4);
    outbox.confirm(0, 10, any);
    expect(written(outbox, 10)).toEqual(['m16#16']);
  });

  test('the window is counted from the oldest number that is unconfirmed, not in messages', () => {
    const outbox = createOutbox(hubWindow, ...numbered(40));
    outbox.poll(0);
    for (let sequence = 1; sequence < 16; sequence++) outbox.confirm(sequence, 10, any);
    expect(written(outbox, 10)).toEqual([]);
    expect(outbox.dueAt).toBe(500);
    outbox.confirm(0, 20, any);
    expect(written(outbox, 20)).toEqual(
      numbered(32)
        .slice(16)
        .map((message, index) => `${message}#${index + 16}`),
    );
  });

  test('numbers wrap at 7 bits, and none is under way twice while a window of them is lost or late', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat({max: 1000})), choices => {
        const total = 1000;
        const outbox = createOutbox(hubWindow, ...numbered(total));
        const underWay = new Map<number, number>();
        const sent: number[] = [];
        for (let now = 0; sent.length < total; now++) {
          for (const {message, sequence} of outbox.poll(now).transmissions) {
            const index = Number(message.slice(1));
            expect(sequence).toBe(index % 128);
            expect(underWay.has(sequence)).toBe(false);
            underWay.set(sequence, index);
            sent.push(index);
          }
          const indices = [...underWay.values()];
          expect(Math.max(...indices) - Math.min(...indices)).toBeLessThan(hubWindow);
          // Any of them may be confirmed next.
          const chosen = indices[(choices.next().value ?? 0) % indices.length] ?? 0;
          expect(outbox.confirm(chosen % 128, now, any)?.message).toBe(`m${chosen}`);
          underWay.delete(chosen % 128);
        }
        expect(sent).toEqual(Array.from({length: total}, (_, index) => index));
      }),
      {numRuns: 10},
    );
  });
});

describe('answers', () => {
  test('an answer carries the number of its request and takes none of the counter', () => {
    const outbox = createOutbox(hubWindow, 'before');
    outbox.pushAnswer('answer', 77);
    outbox.push('after');
    expect(outbox.nextSequence).toBe(2);
    expect(written(outbox, 0)).toEqual(['before#0', 'answer#77', 'after#1']);
  });

  test('an answer under the number of a message is told apart by its kind, and both are repeated', () => {
    const outbox = createOutbox(hubWindow, 'text');
    outbox.pushAnswer('list', 0);
    expect(written(outbox, 0)).toEqual(['text#0', 'list#0']);
    expect(outbox.confirm(0, 10, message => message === 'list')?.message).toBe('list');
    expect(written(outbox, 500)).toEqual(['text#0']);
    expect(outbox.confirm(0, 510, message => message === 'text')?.message).toBe('text');
    expect(outbox.isIdle).toBe(true);
  });

  test('a message is there from being among the next to being confirmed, and found by number and kind', () => {
    const outbox = createOutbox(clientWindow, 'first', 'second');
    outbox.poll(0);
    expect([0, 1, 2].map(sequence => outbox.has(sequence, any, 9))).toEqual([true, true, false]);
    expect(outbox.has(0, message => message === 'second', 9)).toBe(false);
    expect(outbox.has(1, any, 0)).toBe(false);
    outbox.confirm(0, 10, any);
    expect(outbox.has(0, any, 9)).toBe(false);
    outbox.drain(0);
    expect(outbox.has(1, any, 9)).toBe(false);
  });

  test('a kind of message is held while one of it waits or is under way', () => {
    const outbox = createOutbox(clientWindow, 'first', 'second');
    outbox.poll(0);
    const isHeld = (kind: string) => outbox.holds(message => message === kind);
    expect(['first', 'second', 'third'].map(isHeld)).toEqual([true, true, false]);
    outbox.confirm(0, 10, any);
    expect(isHeld('first')).toBe(false);
    outbox.drain(0);
    expect(isHeld('second')).toBe(false);
  });

  test('an answer under a far number holds up no message behind it', () => {
    const outbox = createOutbox(hubWindow);
    outbox.pushAnswer('list', 64);
    outbox.push('text');
    expect(written(outbox, 0)).toEqual(['list#64', 'text#0']);
  });

  test('an answer that goes first waits for one free place, not for the messages before it', () => {
    const outbox = createOutbox(clientWindow, 'a', 'b', 'c');
    outbox.poll(0);
    outbox.pushAnswerFirst('answer', 9);
    expect(written(outbox, 1)).toEqual([]);
    outbox.confirm(0, 2, any);
    expect(written(outbox, 2)).toEqual(['answer#9']);
    outbox.confirm(9, 3, any);
    expect(written(outbox, 3)).toEqual(['b#1']);
  });

  test('an answer nobody confirms is given up like a message', () => {
    const outbox = createOutbox(hubWindow);
    outbox.pushAnswer('list', 9);
    for (let now = 0; now < 3000; now += 500) expect(written(outbox, now)).toEqual(['list#9']);
    expect(outbox.poll(3000).failed).toEqual(['list']);
  });

  test('an answer takes its turn in a window of one', () => {
    const outbox = createOutbox(clientWindow, 'first');
    outbox.pushAnswer('answer', 5);
    expect(written(outbox, 0)).toEqual(['first#0']);
    outbox.confirm(0, 10, any);
    expect(written(outbox, 10)).toEqual(['answer#5']);
  });
});

describe('a late confirmation', () => {
  function createForgiving(window: number, ...messages: readonly string[]): Outbox<string> {
    const outbox = new Outbox<string>(reliability, window, message => message !== 'forgotten');
    for (const message of messages) outbox.push(message);
    return outbox;
  }

  /** Until everything that was pushed has been given up. */
  function giveUp(outbox: Outbox<string>, start = 0): number {
    let now = start;
    for (; !outbox.isIdle; now += 500) outbox.poll(now);
    return now;
  }

  test('tells the message that was given up under that number, once', () => {
    const outbox = createForgiving(hubWindow, 'a', 'b', 'forgotten');
    const now = giveUp(outbox);
    expect(outbox.confirm(1, now, any)).toBeUndefined();
    expect(outbox.confirmLate(1, now, message => message !== 'b')).toBeUndefined();
    expect(outbox.confirmLate(1, now, any)).toBe('b');
    expect(outbox.confirmLate(1, now, any)).toBeUndefined();
    expect(outbox.confirmLate(0, now, any)).toBe('a');
    expect(outbox.confirmLate(2, now, any)).toBeUndefined();
  });

  test('tells what was under way when everything was taken out, and not what waited', () => {
    const outbox = createForgiving(clientWindow, 'sent', 'waiting');
    outbox.poll(0);
    outbox.drain(0);
    expect(outbox.confirmLate(0, 1, any)).toBe('sent');
    expect(outbox.confirmLate(1, 1, any)).toBeUndefined();
  });

  test('tells nothing once the number is used again, by a message or by an answer', () => {
    const outbox = createForgiving(clientWindow, 'old');
    let now = giveUp(outbox);
    for (let count = 1; count < reliability.modulus; count++) {
      outbox.push('other');
      outbox.poll(now);
      outbox.confirm(count, now, any);
    }
    outbox.push('new');
    outbox.poll(now);
    expect(outbox.confirm(0, now, any)?.message).toBe('new');
    expect(outbox.confirmLate(0, now, any)).toBeUndefined();
    outbox.push('given up');
    now = giveUp(outbox, now);
    outbox.pushAnswer('answer', 1);
    outbox.poll(now);
    outbox.confirm(1, now, any);
    expect(outbox.confirmLate(1, now, any)).toBeUndefined();
  });

  test('tells nothing after ten minutes, and no more than the newest 64', () => {
    const outbox = createForgiving(clientWindow, 'old');
    const now = giveUp(outbox);
    expect(outbox.rememberedUntil).toBeLessThanOrEqual(now + 600_000);
    expect(outbox.confirmLate(0, outbox.rememberedUntil, any)).toBeUndefined();
    expect(outbox.confirmLate(0, outbox.rememberedUntil - 1, any)).toBe('old');
    const many = createForgiving(clientWindow, ...numbered(65));
    const later = giveUp(many);
    expect(many.confirmLate(0, later, any)).toBeUndefined();
    expect(many.confirmLate(1, later, any)).toBe('m1');
  });
});

describe('drain', () => {
  test('draining takes out what is under way and what waits, in the order of pushing', () => {
    const outbox = createOutbox(clientWindow, 'a', 'b', 'c');
    outbox.poll(0);
    expect(outbox.drain(0)).toEqual({sent: ['a'], unsent: ['b', 'c']});
    expect(outbox.isIdle).toBe(true);
    expect(outbox.dueAt).toBe(Number.POSITIVE_INFINITY);
    expect(outbox.poll(500)).toEqual({transmissions: [], failed: []});
  });

  test('numbers of what was never sent are given back, those of what was sent are not', () => {
    const outbox = createOutbox(clientWindow, 'a', 'b');
    outbox.pushAnswer('answer', 99);
    outbox.push('c');
    outbox.poll(0);
    outbox.drain(0);
    outbox.push('next');
    expect(written(outbox, 10)).toEqual(['next#1']);
  });

  test('draining when nothing waits goes on counting', () => {
    const outbox = createOutbox(hubWindow, 'a', 'b');
    outbox.poll(0);
    outbox.drain(0);
    expect(outbox.nextSequence).toBe(2);
  });
});
