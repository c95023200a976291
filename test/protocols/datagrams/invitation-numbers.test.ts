import {expect, test} from 'vitest';
import {InvitationNumbers} from '../../../source/protocols/datagrams/invitation-numbers.ts';

test('an invitation is answered once; what comes under its number afterwards is a repetition', () => {
  const numbers = new InvitationNumbers();
  numbers.assignToInvitation(7, 100);
  expect([numbers.isHeld(7), numbers.pending]).toEqual([true, 1]);
  expect(numbers.take(7)).toEqual({type: 'answer', invitation: 100});
  expect(numbers.take(7)).toEqual({type: 'repetition'});
  expect([numbers.isHeld(7), numbers.pending]).toEqual([false, 0]);
});

test('an answer to an invitation that is over, or that never was, is too late', () => {
  const numbers = new InvitationNumbers();
  numbers.assignToInvitation(7, 100);
  numbers.end(100);
  numbers.end(100);
  expect([numbers.isHeld(7), numbers.pending]).toEqual([false, 0]);
  expect([7, 8].map(number => numbers.take(number).type)).toEqual(['too-late', 'too-late']);
});

test('a number means what it was last used for', () => {
  const numbers = new InvitationNumbers();
  numbers.assignToInvitation(7, 100);
  numbers.take(7);
  numbers.assignToMember(7);
  expect([numbers.take(7), numbers.take(7)]).toEqual([
    {type: 'confirmation'},
    {type: 'confirmation'},
  ]);
  numbers.assignToInvitation(7, 101);
  expect(numbers.take(7)).toEqual({type: 'answer', invitation: 101});
});

test('the end of an invitation that was answered does not touch the next under its number', () => {
  const numbers = new InvitationNumbers();
  numbers.assignToInvitation(7, 100);
  numbers.take(7);
  numbers.assignToInvitation(7, 101);
  numbers.end(100);
  expect(numbers.isHeld(7)).toBe(true);
});

test('of answers under 65,536 numbers the last 64 are remembered, and no invitation is forgotten', () => {
  const numbers = new InvitationNumbers();
  numbers.assignToInvitation(65_536, 100);
  for (let number = 0; number < 65_536; number++) numbers.take(number);
  expect(numbers.take(65_535 - 64)).toEqual({type: 'too-late'});
  expect(numbers.take(65_535 - 62)).toEqual({type: 'repetition'});
  expect(numbers.take(65_536)).toEqual({type: 'answer', invitation: 100});
});
