import {describe, expect, test} from 'vitest';
import type {EngineEvent} from '../../source/client/events.ts';
import {isForYou, isMessageForYou} from '../../source/client/for-you.ts';
import {lastMentions} from '../../source/client/last-mentions.ts';
import {reduce} from '../../source/client/reduce.ts';
import {historyOf, initialState, type State} from '../../source/client/state.ts';

const server = 'shen://h:30202';

function stateAfter(...events: readonly EngineEvent[]): State {
  const features = new Set(['direct-messages', 'invitations', 'links'] as const);
  const start = initialState({protocol: 'shen', server, nick: 'alice', features});
  return events.reduce((state, event, index) => reduce(state, event, index), start);
}

const says = (text: string, scope: 'public' | 'room' | 'direct' | 'link' = 'public') =>
  ({type: 'message', scope, from: 'bob', text}) as const;
const room = (...members: readonly string[]) =>
  ({type: 'room-entered', mode: 'centralised', members}) as const;
const linked = {type: 'link-opened', nick: 'bob'} as const;
const invites = {type: 'invitation', from: 'bob', mode: 'centralised'} as const;
const asks = {type: 'invitation', from: 'bob', mode: 'link'} as const;

describe('what calls the user', () => {
  test.each<[string, EngineEvent, EngineEvent[], boolean]>([
    ['a text for all', says('hello'), [], false],
    ['a mention', says('hello, Alice!'), [], true],
    ['a part of another name', says('alice_2'), [], false],
    ['a mention with something invisible in it', says('al\u200bice'), [], true],
    ['a direct message', says('psst', 'direct'), [], true],
    ['an invitation', invites, [], true],
    ['a request for a private connection', asks, [], true],
    ['a text in a room of two', says('yes', 'room'), [room('alice', 'bob')], true],
    ['a text in a room of three', says('yes', 'room'), [room('alice', 'bob', 'carl')], false],
    ['a mention in a room', says('alice', 'room'), [room('alice', 'bob', 'carl')], true],
    ['a text over a private connection', says('yes', 'link'), [linked], true],
    ['an own text', {type: 'sent', id: 1, scope: 'public', text: 'alice'}, [], false],
    ['an arrival', {type: 'arrived', nick: 'bob'}, [], false],
  ])('%s', (_what, event, before, isExpected) => {
    const state = stateAfter(...before, event);
    expect(isForYou(event, state)).toBe(isExpected);
    if (event.type !== 'message') return;
    const ids = ['public', 'room', '@bob'] as const;
    const found = ids.flatMap(id => {
      const history = historyOf(state, id);
      const entry = history.at(history.end - 1);
      return entry?.kind === 'message' ? isMessageForYou(entry, id, state) : [];
    });
    expect(found).toEqual([isExpected]);
  });

  test('is nothing from somebody who is ignored', () => {
    const state = stateAfter({type: 'ignoring', nick: 'bob', isIgnored: true});
    for (const event of [says('alice'), says('psst', 'direct'), invites]) {
      expect(isForYou(event, state)).toBe(false);
    }
  });
});

describe('the last mentions', () => {
  const textsOf = (state: State) => lastMentions(state).map(({entry}) => entry.text);

  test('are those of all conversations, newest first', () => {
    const state = stateAfter(
      room('alice', 'bob'),
      says('alice 1'),
      says('talk'),
      says('alice 2', 'room'),
      says('alice 3', 'direct'),
    );
    expect(textsOf(state)).toEqual(['alice 3', 'alice 2', 'alice 1']);
    expect(lastMentions(state)[1]).toMatchObject({conversation: 'room'});
  });

  test('are those that can still be read', () => {
    const before = [room('alice', 'bob'), says('alice 1'), says('alice 2', 'room')];
    expect(textsOf(stateAfter(...before, {type: 'room-left', reason: 'left'}))).toEqual([
      'alice 1',
    ]);
    const cleared = stateAfter(...before, {type: 'cleared', conversation: 'public'});
    expect(textsOf(cleared)).toEqual(['alice 2']);
    const closed = stateAfter(
      says('alice 3', 'direct'),
      {type: 'conversation-closed', conversation: '@bob'},
      says('psst', 'direct'),
    );
    expect(textsOf(closed)).toEqual([]);
  });

  test('are at most a hundred', () => {
    const state = stateAfter(...Array.from({length: 300}, (_, index) => says(`alice ${index}`)));
    expect(textsOf(state)).toHaveLength(100);
    expect(textsOf(state)[0]).toBe('alice 299');
  });
});
