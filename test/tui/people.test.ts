import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {EngineEvent} from '../../source/client/events.ts';
import {reduce} from '../../source/client/reduce.ts';
import {initialState} from '../../source/client/state.ts';
import {sortedUsers} from '../../source/tui/panes/people.ts';
import {users} from './fake-client.ts';

const nick = fc.oneof(
  fc.constant('alice'),
  fc.string({unit: 'grapheme', minLength: 1, maxLength: 4}),
);
const change: fc.Arbitrary<EngineEvent> = fc.oneof(
  nick.map(one => ({type: 'arrived', nick: one}) as const),
  nick.map(one => ({type: 'departed', nick: one}) as const),
  fc.uniqueArray(nick, {maxLength: 120}).map(nicks => users(...nicks)),
);

test('while users come and go, those who are here are listed in order, the user first', () => {
  const inOrder = new Intl.Collator('en').compare;
  fc.assert(
    fc.property(fc.array(change, {maxLength: 30}), fc.array(fc.boolean()), (changes, looks) => {
      let state = initialState({protocol: 'x', server: 'x', nick: 'alice', features: new Set()});
      for (const [index, event] of changes.entries()) {
        state = reduce(state, event, 0);
        if (looks[index]) continue;
        const labels = [...state.users.values()].map(user => state.people.labelOf(user.nick));
        const listed = sortedUsers(state).map(({label}) => label);
        expect(listed.toSorted()).toEqual(labels.toSorted());
        if (labels.includes('alice')) expect(listed[0]).toBe('alice');
        const others = listed.filter(label => label !== 'alice');
        for (const [place, label] of others.entries()) {
          expect(inOrder(others[place - 1] ?? label, label)).toBeLessThanOrEqual(0);
        }
      }
    }),
    {numRuns: 200},
  );
});
