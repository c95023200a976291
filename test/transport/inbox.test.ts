import {expect, test} from 'vitest';
import {Inbox} from '../../source/transport/inbox.ts';
import {reliability} from './parameters.ts';

test('a number is new the first time and a duplicate the second', () => {
  const inbox = new Inbox<string>(reliability);
  expect(inbox.receive(7, 0)).toEqual({isDuplicate: false});
  expect(inbox.receive(7, 10)).toEqual({isDuplicate: true, answer: undefined});
  expect(inbox.receive(8, 10)).toEqual({isDuplicate: false});
});

test('a duplicate gets the very same answer as the first copy', () => {
  const inbox = new Inbox<{readonly text: string}>(reliability);
  const answer = {text: 'confirmed'};
  inbox.receive(7, 0);
  inbox.answer(7, answer);
  const receipts = [10, 20].map(now => inbox.receive(7, now));
  for (const receipt of receipts) {
    expect(receipt.isDuplicate && receipt.answer).toBe(answer);
  }
});

test('a number is remembered for 4 s from its first copy, and then is new', () => {
  const inbox = new Inbox<string>(reliability);
  inbox.receive(7, 1000);
  inbox.answer(7, 'first');
  expect(inbox.receive(7, 4999)).toEqual({isDuplicate: true, answer: 'first'});
  expect(inbox.receive(7, 5000)).toEqual({isDuplicate: false});
});

test('a number accepted anew has no answer of its former use', () => {
  const inbox = new Inbox<string>(reliability);
  inbox.receive(7, 0);
  inbox.answer(7, 'former');
  inbox.receive(7, 4000);
  expect(inbox.receive(7, 4001)).toEqual({isDuplicate: true, answer: undefined});
});

test('of many numbers the last 64 are remembered', () => {
  const inbox = new Inbox<string>(reliability);
  for (let sequence = 0; sequence < 65; sequence++) inbox.receive(sequence, sequence);
  expect(inbox.receive(1, 100)).toEqual({isDuplicate: true, answer: undefined});
  expect(inbox.receive(64, 100)).toEqual({isDuplicate: true, answer: undefined});
  expect(inbox.receive(0, 100)).toEqual({isDuplicate: false});
});

test('a duplicate does not push other numbers out of memory', () => {
  const inbox = new Inbox<string>(reliability);
  for (let sequence = 0; sequence < 64; sequence++) inbox.receive(sequence, 0);
  for (let copy = 0; copy < 100; copy++) inbox.receive(63, 1);
  expect(inbox.receive(0, 2).isDuplicate).toBe(true);
});

test('a fast sender wraps around many times, and each of its numbers is new in its turn', () => {
  const inbox = new Inbox<number>(reliability);
  for (let message = 0; message < 1000; message++) {
    expect(inbox.receive(message % 128, message).isDuplicate, `message ${message}`).toBe(false);
    inbox.answer(message % 128, message);
    expect(inbox.receive(message % 128, message)).toEqual({isDuplicate: true, answer: message});
  }
});

test('an answer to a number that was forgotten is not remembered', () => {
  const inbox = new Inbox<string>(reliability);
  inbox.answer(3, 'nobody asked');
  expect(inbox.receive(3, 0)).toEqual({isDuplicate: false});
  expect(inbox.receive(3, 0)).toEqual({isDuplicate: true, answer: undefined});
});
