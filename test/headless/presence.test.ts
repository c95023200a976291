import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import type {EngineEvent} from '../../source/client/events.ts';
import {Presence} from '../../source/headless/presence.ts';

beforeEach(() => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']});
});
afterEach(() => {
  vi.useRealTimers();
});

const connected: EngineEvent = {
  type: 'connected',
  protocol: 'cosp',
  server: 'cosp://h:30204',
  nick: 'alice',
  features: ['presence'],
};
const list = (...nicks: readonly string[]): EngineEvent => ({
  type: 'users',
  users: nicks.map(nick => ({nick, self: nick === 'alice'})),
});

/** Names that were printed, a list of them each time. */
function open() {
  const printed: string[][] = [];
  const presence = new Presence(({users}) => printed.push(users.map(({nick}) => nick)));
  return {
    printed,
    presence,
    tell: (...events: readonly EngineEvent[]) => {
      for (const event of events) presence.onEvent(event);
    },
  };
}

test('the list is printed after an arrival and a departure, with what is known of each', () => {
  const users: unknown[] = [];
  const presence = new Presence(event => users.push(event.users));
  for (const event of [connected, list('alice')]) presence.onEvent(event);
  presence.onEvent({type: 'arrived', nick: 'bob', status: 'public'});
  vi.advanceTimersByTime(1000);
  expect(users).toEqual([
    [
      {nick: 'alice', self: true},
      {nick: 'bob', status: 'public', self: false},
    ],
  ]);
  presence.onEvent({type: 'departed', nick: 'bob'});
  vi.advanceTimersByTime(1000);
  expect(users[1]).toEqual([{nick: 'alice', self: true}]);
});

test('in a quiet chat it comes at once', () => {
  const {printed, tell} = open();
  tell(connected, list('alice'));
  vi.advanceTimersByTime(5000);
  tell({type: 'arrived', nick: 'bob'});
  vi.advanceTimersByTime(0);
  expect(printed).toEqual([['alice', 'bob']]);
});

test('two thousand arrivals in a second are one list', () => {
  const {printed, tell} = open();
  tell(connected, list('alice'));
  for (let index = 0; index < 2000; index++) tell({type: 'arrived', nick: `user${index}`});
  vi.advanceTimersByTime(10_000);
  expect(printed.map(({length}) => length)).toEqual([2001]);
});

test('a list that is printed anyway is not printed again', () => {
  const {printed, tell} = open();
  tell(connected, list('alice'), {type: 'arrived', nick: 'bob'}, list('alice', 'bob'));
  vi.advanceTimersByTime(10_000);
  expect(printed).toEqual([]);
});

test('nothing is printed after the end', () => {
  const {printed, presence, tell} = open();
  tell(connected, list('alice'), {type: 'arrived', nick: 'bob'});
  presence.stop();
  vi.advanceTimersByTime(10_000);
  expect(printed).toEqual([]);
});
