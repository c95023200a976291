import {expect, test} from 'vitest';
import type {EngineEvent} from '../../source/client/events.ts';
import {callOf} from '../../source/tui/calls.ts';
import {FakeClient, roomEntered, said, users} from './fake-client.ts';

function callsOf(before: readonly EngineEvent[], ...events: readonly EngineEvent[]) {
  const client = new FakeClient(users('alice', 'bob', 'carl'), ...before);
  return events.flatMap(event => {
    client.tell(event);
    return callOf(event, client.state) ?? [];
  });
}

test('a mention calls, and other talk does not', () => {
  expect(callsOf([], said('bob', 'hello'), said('bob', 'alice:\nlook'))).toEqual([
    {kind: 'mentions', from: 'bob', conversation: 'public', text: 'alice: look'},
  ]);
});

test('one’s own text calls nobody', () => {
  expect(callsOf([], {type: 'sent', id: 1, scope: 'public', text: 'I am alice'})).toEqual([]);
});

test('a text for one person calls, and so does every text in a room of two', () => {
  const direct = {type: 'message', scope: 'direct', from: 'bob', text: 'psst'} as const;
  expect(callsOf([], direct)).toMatchObject([{kind: 'private', from: 'bob', text: 'psst'}]);
  expect(callsOf([roomEntered('alice', 'bob')], said('bob', 'hi', 'room'))).toMatchObject([
    {kind: 'private', from: 'bob', conversation: 'room'},
  ]);
  expect(callsOf([roomEntered('alice', 'bob', 'carl')], said('bob', 'hi', 'room'))).toEqual([]);
});

test('an invitation calls once', () => {
  const invitation = {type: 'invitation', from: 'bob', mode: 'centralised'} as const;
  expect(callsOf([], invitation)).toEqual([
    {kind: 'invitations', from: 'bob', text: 'a private room'},
  ]);
  expect(callsOf([invitation], said('carl', 'hello'))).toEqual([]);
});

test('an ignored person calls nobody', () => {
  const ignoring = {type: 'ignoring', nick: 'bob', isIgnored: true} as const;
  expect(callsOf([ignoring], said('bob', 'alice!'))).toEqual([]);
});
