import {describe, expect, test} from 'vitest';
import {type ConversationId, directIds} from '../../source/client/conversations.ts';
import {isOver, presenceWords} from '../../source/client/entries.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import {reduce} from '../../source/client/reduce.ts';
import {roomLabels} from '../../source/client/room-names.ts';
import {
  canSpeakIn,
  type Delivery,
  type Entry,
  here,
  historyOf,
  initialState,
  type MessageEntry,
  type PresentUser,
  type State,
} from '../../source/client/state.ts';
import {nameLabel} from '../../source/names/label.ts';
import type {Conversation} from '../../source/protocols/protocol.ts';

const server = 'res302://h:30200';
const start = initialState({
  protocol: 'res302',
  server,
  nick: 'alice',
  features: new Set(['direct-messages']),
});

/** The state after the events, which come a second apart. */
function stateAfter(events: readonly EngineEvent[], state: State = start): State {
  return events.reduce(
    (current, event, index) => reduce(current, event, 1000 * (index + 1)),
    state,
  );
}

function entries(state: State, conversation: ConversationId = 'public'): Entry[] {
  return [...historyOf(state, conversation).backwards()].map(([, entry]) => entry).reverse();
}

function messages(state: State, conversation: ConversationId = 'public'): MessageEntry[] {
  return entries(state, conversation).filter(entry => entry.kind === 'message');
}

function notices(state: State, conversation: ConversationId = 'public'): string[] {
  return entries(state, conversation).flatMap(entry =>
    entry.kind === 'presence'
      ? presenceWords(entry)
      : entry.kind === 'notice' && !isOver(entry)
        ? entry.text
        : [],
  );
}

/** Those who are here, by name. */
function present(state: State): PresentUser[] {
  return [...state.users.values()].sort((one, other) => (one.nick < other.nick ? -1 : 1));
}

function tones(state: State, conversation: ConversationId = 'public'): string[] {
  return entries(state, conversation).flatMap(entry => (entry.kind === 'notice' ? entry.tone : []));
}

const say = (id: number, text = `text ${id}`, scope: Conversation = 'public') =>
  ({type: 'sent', id, scope, text}) as const;
const hear = (text: string, from = 'bob', scope: Conversation = 'public') =>
  ({type: 'message', scope, from, text}) as const;
const list = (...nicks: readonly string[]) =>
  ({
    type: 'users',
    users: nicks.map(nick => ({nick, status: 'public', self: nick === 'alice'}) as const),
  }) as const;
const arrived = (nick: string) => ({type: 'arrived', nick}) as const;
const departed = (nick: string) => ({type: 'departed', nick}) as const;
const enter = (members = ['alice', 'bob'], mode: 'centralised' | 'decentralised' = 'centralised') =>
  ({type: 'room-entered', mode, members}) as const;
const failure = (id: number, pending: readonly string[] = []) =>
  ({
    type: 'failed',
    id,
    reason: pending.length === 0 ? 'hub-silent' : 'peers-silent',
    pending,
  }) as const;

describe('how one’s own messages stand', () => {
  function marks(...events: readonly EngineEvent[]): (Delivery | undefined)[] {
    return messages(stateAfter([say(1), ...events])).map(({delivery}) => delivery);
  }

  test.each<[string, EngineEvent[], Delivery]>([
    ['on its way', [], {state: 'sending'}],
    ['sent again', [{type: 'retransmitted', id: 1}], {state: 'retransmitting'}],
    ['confirmed', [{type: 'delivered', id: 1}], {state: 'delivered'}],
    [
      'confirmed after all',
      [
        {type: 'retransmitted', id: 1},
        {type: 'delivered', id: 1},
      ],
      {state: 'delivered'},
    ],
    ['not delivered', [failure(1)], {state: 'failed', reason: 'hub-silent', pending: []}],
    [
      'not delivered to some',
      [failure(1, ['bob', 'carl'])],
      {state: 'failed', reason: 'peers-silent', pending: ['bob', 'carl']},
    ],
    ['on its way again', [failure(1), {type: 'resent', id: 1}], {state: 'sending'}],
    [
      'confirmed by some',
      [{type: 'progress', id: 1, confirmed: 1, of: 3, by: 'bob'}],
      {state: 'sending', confirmed: 1, of: 3},
    ],
    [
      'confirmed by some and sent again to the others',
      [
        {type: 'progress', id: 1, confirmed: 1, of: 3, by: 'bob'},
        {type: 'retransmitted', id: 1},
      ],
      {state: 'retransmitting', confirmed: 1, of: 3},
    ],
    [
      'confirmed by one more while it is sent again',
      [
        {type: 'retransmitted', id: 1},
        {type: 'progress', id: 1, confirmed: 2, of: 3, by: 'bob'},
      ],
      {state: 'retransmitting', confirmed: 2, of: 3},
    ],
    [
      'confirmed by all of several',
      [
        {type: 'progress', id: 1, confirmed: 2, of: 2, by: 'bob'},
        {type: 'delivered', id: 1},
      ],
      {state: 'delivered', of: 2},
    ],
  ])('%s', (_what, events, delivery) => {
    expect(marks(...events)).toEqual([delivery]);
  });

  test('what is delivered stays so', () => {
    const delivered: EngineEvent = {type: 'delivered', id: 1};
    expect(marks(delivered, {type: 'retransmitted', id: 1})).toEqual([{state: 'delivered'}]);
  });

  test('each message has its own, wherever it was said', () => {
    const state = stateAfter([
      say(1),
      enter(),
      say(2, 'psst', 'room'),
      {type: 'delivered', id: 2},
      failure(1),
    ]);
    expect(messages(state).map(({delivery}) => delivery?.state)).toEqual(['failed']);
    expect(messages(state, 'room').map(({delivery}) => delivery?.state)).toEqual(['delivered']);
  });

  test('one that is no longer shown, or never was, changes nothing', () => {
    const cleared = stateAfter([say(1), {type: 'cleared', conversation: 'public'}]);
    expect(entries(stateAfter([{type: 'delivered', id: 1}], cleared))).toEqual([]);
    expect(stateAfter([{type: 'delivered', id: 99}])).toEqual(start);
    expect(stateAfter([{type: 'retransmitted', id: 99}])).toEqual(start);
  });

  test('what is delivered is not kept in mind, what failed is', () => {
    const state = stateAfter([say(1), say(2), {type: 'delivered', id: 1}, failure(2)]);
    expect([...state.own.keys()]).toEqual([2]);
  });

  test('a failure is explained where the message was said, once for several alike', () => {
    const state = stateAfter([say(1), say(2), enter(), failure(1), failure(2)]);
    expect(notices(state).filter(text => text.includes('Not confirmed'))).toHaveLength(1);
    expect(notices(state, 'room').some(text => text.includes('Not confirmed'))).toBe(false);
  });

  test('a failure names those who have not confirmed', () => {
    const state = stateAfter([say(1), failure(1, ['bob', 'carl'])]);
    expect(notices(state).at(-1)).toContain('bob, carl');
    expect(tones(state).at(-1)).toBe('error');
  });
});

describe('messages', () => {
  test('are shown where they were said, in the order in which they came', () => {
    const state = stateAfter([
      hear('one'),
      say(7, 'two'),
      hear('three', 'carl'),
      {type: 'room-entered', mode: 'centralised', members: ['alice', 'bob']},
      hear('psst', 'bob', 'room'),
    ]);
    expect(messages(state)).toMatchObject([
      {from: 'bob', text: 'one', at: 1000},
      {from: 'alice', text: 'two', at: 2000, id: 7},
      {from: 'carl', text: 'three', at: 3000},
    ]);
    expect(messages(state, 'room')).toMatchObject([{from: 'bob', text: 'psst'}]);
  });

  test('said in a room that was just left stand where one is', () => {
    const state = stateAfter([
      {type: 'room-entered', mode: 'centralised', members: ['alice', 'bob']},
      {type: 'room-left', reason: 'left'},
      hear('late', 'bob', 'room'),
    ]);
    expect(messages(state)).toMatchObject([{text: 'late'}]);
  });

  test('of others have no delivery', () => {
    const [message] = messages(stateAfter([hear('one')]));
    expect(message).toBeDefined();
    expect(message).not.toHaveProperty('delivery');
    expect(message).not.toHaveProperty('id');
  });

  test.each([
    ['alice ?', true],
    ['salut Alice, ça va', true],
    ['@ALICE', true],
    ['alice', true],
    ['(alice)', true],
    ['malice', false],
    ['alice2', false],
    ['alicé', false],
    ['salut', false],
    ['malice, says alice', true],
    ['alice2 is not alice', true],
  ])('%j mentions alice: %s', (text, isMention) => {
    expect(messages(stateAfter([hear(text)]))).toMatchObject([{isMention}]);
  });

  test('one’s own mention nobody', () => {
    expect(messages(stateAfter([say(1, 'I am alice')]))).toMatchObject([{isMention: false}]);
  });

  test('an action is shown as one', () => {
    const state = stateAfter([hear('* bob waves'), say(1, '* alice waves back')]);
    expect(messages(state)).toMatchObject([
      {from: 'bob', text: 'waves', isAction: true},
      {from: 'alice', text: 'waves back', isAction: true},
    ]);
  });

  test('nobody is shown doing what somebody else says of them', () => {
    expect(messages(stateAfter([hear('* alice leaves', 'bob')]))).toMatchObject([
      {text: '* alice leaves', isAction: false},
    ]);
  });

  test('of an ignored user are not shown until they are no longer ignored; those of others are', () => {
    const ignored = stateAfter([{type: 'ignoring', nick: 'bob', isIgnored: true}, hear('no')]);
    expect(messages(ignored)).toEqual([]);
    for (const other of ['Bob', 'bo\u200bb', 'b\u043eb']) {
      expect(messages(stateAfter([hear('hi', other)], ignored))).toMatchObject([{from: other}]);
    }
    expect(messages(stateAfter([hear('hi', 'carl')], ignored))).toMatchObject([{from: 'carl'}]);
    const heard = stateAfter(
      [{type: 'ignoring', nick: 'bob', isIgnored: false}, hear('yes')],
      ignored,
    );
    expect(messages(heard)).toMatchObject([{text: 'yes'}]);
  });

  test('a conversation that is cleared is empty, the other is not', () => {
    const state = stateAfter([
      hear('one'),
      {type: 'room-entered', mode: 'centralised', members: ['alice', 'bob']},
      hear('two', 'bob', 'room'),
    ]);
    const cleared = stateAfter([{type: 'cleared', conversation: 'public'}], state);
    expect(entries(cleared)).toEqual([]);
    expect(messages(cleared, 'room')).toHaveLength(1);
    expect(messages(stateAfter([hear('three')], cleared))).toMatchObject([{text: 'three'}]);
  });
});

describe('direct messages', () => {
  const hearDirectly = (from: string, text = 'psst') =>
    ({type: 'message', scope: 'direct', from, text}) as const;
  const tell = (id: number, to: string, text = 'psst') =>
    ({type: 'sent', id, scope: 'direct', to, text}) as const;

  const turned = (conversation: ConversationId) => ({type: 'turned', conversation}) as const;
  const at = (where: string, nick = 'alice') =>
    ({type: 'connection', connection: {phase: 'connecting'}, server: where, nick}) as const;

  test('are a conversation with that person, whatever one looks at', () => {
    for (const before of [[], [enter()], [turned('@dora')]]) {
      const state = stateAfter([...before, hearDirectly('bob'), tell(1, 'carl'), tell(2, 'bob')]);
      expect(messages(state, '@bob')).toMatchObject([{from: 'bob'}, {from: 'alice', id: 2}]);
      expect(messages(state, '@carl')).toMatchObject([{from: 'alice', id: 1}]);
      for (const id of ['public', 'room'] as const) expect(messages(state, id)).toEqual([]);
    }
  });

  test('go to those whom the hub names, however alike they look', () => {
    const state = stateAfter([hearDirectly('bob'), hearDirectly('Bob'), hearDirectly('b\u043eb')]);
    expect(directIds(state.conversations)).toEqual(['@bob', '@Bob', '@b\u043eb']);
    expect(messages(state, '@Bob')).toMatchObject([{from: 'Bob'}]);
  });

  test.each(['__proto__', 'constructor', '@bob', 'public', ''])('with somebody called %j', nick => {
    const state = stateAfter([hearDirectly(nick), tell(1, nick), turned(`@${nick}`)]);
    expect(messages(state, `@${nick}`)).toHaveLength(2);
    expect(here(state)).toBe(`@${nick}`);
    expect(messages(state)).toEqual([]);
  });

  test('are marked when they are delivered, in a room that one has left too', () => {
    const state = stateAfter([
      enter(),
      tell(1, 'bob'),
      {type: 'room-left', reason: 'left'},
      {type: 'delivered', id: 1},
    ]);
    expect(messages(state, '@bob')).toMatchObject([{delivery: {state: 'delivered'}}]);
  });

  test.each([
    ['no-such-user', 'bob is not here'],
    ['recipient-outside', 'bob is not in this room'],
    ['recipient-in-room', 'bob is in a private room and cannot be reached from outside'],
  ] as const)('that fail for %s are explained there, with the name', (reason, words) => {
    const state = stateAfter([
      tell(1, 'bob'),
      turned('@carl'),
      {type: 'failed', id: 1, reason, pending: []},
    ]);
    expect(messages(state, '@bob')).toMatchObject([{delivery: {state: 'failed', reason}}]);
    expect(notices(state, '@bob').at(-1)).toContain(`Not delivered: ${words}`);
    expect(tones(state, '@bob').at(-1)).toBe('error');
    expect([...notices(state), ...notices(state, '@carl')]).toEqual([]);
  });

  test('that were kept are explained in public when one goes to another hub', () => {
    const leaving: EngineEvent = {type: 'failed', id: 1, reason: 'left-hub', pending: []};
    const state = stateAfter([tell(1, 'bob'), {type: 'kept', id: 1}, leaving, at('a://i:1')]);
    expect(notices(state).at(-1)).toContain('the hub that you have left');
  });

  test('mention one only if they name one', () => {
    const state = stateAfter([hearDirectly('bob', 'psst'), hearDirectly('bob', 'Alice ?')]);
    expect(messages(state, '@bob').map(({isMention}) => isMention)).toEqual([false, true]);
  });

  test('of what somebody does are actions', () => {
    const state = stateAfter([hearDirectly('bob', '* bob waves'), tell(1, 'bob', '* alice too')]);
    expect(messages(state, '@bob')).toMatchObject([
      {text: 'waves', isAction: true},
      {text: 'too', isAction: true},
    ]);
  });

  test('are what is typed once one has turned to that person, until one turns away', () => {
    const state = stateAfter([turned('@bob')]);
    expect(here(state)).toBe('@bob');
    expect(stateAfter([turned('@bob')], state)).toBe(state);
    expect(here(stateAfter([hearDirectly('carl'), tell(1, 'carl')], state))).toBe('@bob');
    expect(here(stateAfter([turned('public')], state))).toBe('public');
    expect(here(stateAfter([turned('room')], state))).toBe('@bob');
    const inRoom = stateAfter([enter(), turned('@bob')]);
    expect(here(inRoom)).toBe('@bob');
    expect(here(stateAfter([turned('public')], inRoom))).toBe('@bob');
    expect(here(stateAfter([turned('room')], inRoom))).toBe('room');
    expect(here(stateAfter([{type: 'room-left', reason: 'closed'}], inRoom))).toBe('@bob');
  });

  test.each<[string, EngineEvent]>([
    ['a room', enter()],
    ['a private connection', {type: 'link-opened', nick: 'carl'}],
  ])('%s that opens turns one to it', (_what, event) => {
    expect(here(stateAfter([turned('@bob'), event]))).toBe('room');
  });

  test('need a protocol that has them', () => {
    const without = {...start, features: new Set<never>()};
    expect(stateAfter([turned('@bob')], without)).toBe(without);
    expect(canSpeakIn(without, '@bob')).toBe(false);
    expect(canSpeakIn(start, '@bob')).toBe(true);
  });

  test('are gone when their conversation is closed, and what becomes of them opens none', () => {
    const closed: EngineEvent = {type: 'conversation-closed', conversation: '@bob'};
    const state = stateAfter([turned('@bob'), tell(1, 'bob'), tell(2, 'bob'), closed]);
    expect(here(state)).toBe('public');
    expect(directIds(stateAfter([{type: 'delivered', id: 1}], state).conversations)).toEqual([]);
    // What is written next has not been delivered because something before it was.
    const again = stateAfter([hearDirectly('bob'), tell(3, 'bob'), tell(4, 'bob')], state);
    const delivered = stateAfter([{type: 'delivered', id: 2}], again);
    expect(messages(delivered, '@bob')).toEqual(messages(again, '@bob'));
  });

  test('tell of a failure though their conversation was closed', () => {
    const closed: EngineEvent = {type: 'conversation-closed', conversation: '@bob'};
    const state = stateAfter([tell(1, 'bob'), closed, failure(1)]);
    expect(notices(state, '@bob').at(-1)).toContain('Not confirmed');
  });

  test('say that the person leaves and comes back', () => {
    const state = stateAfter([
      list('alice', 'bob'),
      hearDirectly('bob'),
      departed('bob'),
      arrived('bob'),
      departed('carl'),
    ]);
    expect(notices(state, '@bob')).toEqual(['→ bob came']);
    expect(directIds(state.conversations)).toEqual(['@bob']);
  });

  test('end with the hub: the same name is somebody else at another', () => {
    const state = stateAfter([hearDirectly('bob'), turned('@bob'), at('res302://i:1')]);
    expect(directIds(state.conversations)).toEqual([]);
    expect(here(state)).toBe('public');
    const renamed = stateAfter([hearDirectly('b\u043eb'), turned('@b\u043eb'), at(server, 'bob')]);
    expect(here(renamed)).toBe('@b\u043eb');
    expect(renamed.people.labelOf('b\u043eb')).not.toBe('b\u043eb');
  });

  test('of ever new people keep at most 64 conversations: those one has written in go last', () => {
    const crowd = Array.from({length: 200}, (_, index) => hearDirectly(`user${index}`));
    const state = stateAfter([tell(1, 'bob'), turned('@carl'), ...crowd]);
    const ids = directIds(state.conversations);
    expect(ids).toHaveLength(64);
    expect(ids.slice(0, 3)).toEqual(['@bob', '@carl', '@user138']);
    const friends = Array.from({length: 100}, (_, index) => tell(index + 2, `friend${index}`));
    const busy = directIds(stateAfter(friends, state).conversations);
    expect(busy).toHaveLength(64);
    expect(busy.slice(0, 2)).toEqual(['@carl', '@friend37']);
  });

  test('of one person are at most some thousand', () => {
    const state = stateAfter(Array.from({length: 3000}, () => hearDirectly('bob')));
    expect(messages(state, '@bob').length).toBeLessThan(1500);
  });

  test('the newest tells whom /reply answers', () => {
    expect(start.directWriter).toBeUndefined();
    const state = stateAfter([hearDirectly('bob'), hearDirectly('carl'), tell(1, 'dora')]);
    expect(state.directWriter).toBe('carl');
  });

  test('of ignored people are not shown, and not answered', () => {
    const state = stateAfter([
      hearDirectly('bob'),
      {type: 'ignoring', nick: 'carl', isIgnored: true},
      hearDirectly('carl'),
    ]);
    expect(directIds(state.conversations)).toEqual(['@bob']);
    expect(state.directWriter).toBe('bob');
  });

  test('can be answered after a loss and under another name, but not at another hub', () => {
    const at = (where: string, phase: 'connecting' | 'closed') =>
      ({type: 'connection', connection: {phase}, server: where, nick: 'zoe'}) as const;
    const again = stateAfter([hearDirectly('bob'), at(server, 'closed'), at(server, 'connecting')]);
    expect(again.directWriter).toBe('bob');
    expect(stateAfter([at('res302://i:1', 'connecting')], again).directWriter).toBeUndefined();
    const connection = {phase: 'refused', reason: 'unreachable', message: ''} as const;
    const refused: EngineEvent = {
      type: 'connection',
      connection,
      server: 'res302://i:1',
      nick: 'z',
    };
    const back = stateAfter([refused, at('res302://i:1', 'connecting')], again);
    expect(back.directWriter).toBeUndefined();
  });
});

describe('the named rooms', () => {
  const rooms = (...names: readonly string[]) =>
    ({
      type: 'rooms',
      rooms: names.map(name => ({name, mode: 'centralised', members: 2}) as const),
    }) as const;

  test('are not known until they are told, and are those told last', () => {
    expect(start.rooms).toBeUndefined();
    const state = stateAfter([rooms('projet', 'tp'), rooms('tp')]);
    expect(state.rooms).toEqual([{name: 'tp', mode: 'centralised', members: 2}]);
    expect(stateAfter([rooms()]).rooms).toEqual([]);
    expect(entries(state)).toEqual([]);
  });

  test('are unknown again from when they are asked for to when they are told', () => {
    const asked = stateAfter([rooms('projet'), {type: 'room-list'}]);
    expect(asked.rooms).toBeUndefined();
    expect(stateAfter([rooms('tp')], asked).rooms).toMatchObject([{name: 'tp'}]);
  });

  test('of one hub are not those of another', () => {
    const connection = {phase: 'connecting'} as const;
    const elsewhere: EngineEvent = {type: 'connection', connection, server: 'a://i:1', nick: 'zoe'};
    expect(stateAfter([rooms('projet'), elsewhere]).rooms).toBeUndefined();
    expect(stateAfter([rooms('projet'), {...elsewhere, server}]).rooms).toHaveLength(1);
  });
});

test('if the hub does not tell whether people are in a room, it is not shown', () => {
  const users: EngineEvent = {type: 'users', users: [{nick: 'bob', self: false}]};
  expect(present(stateAfter([users]))).toEqual([{nick: 'bob'}]);
});

describe('arrivals and departures', () => {
  test('the first list tells who was here before, which is no news', () => {
    const state = stateAfter([list('alice', 'bob')]);
    expect(notices(state)).toEqual([]);
    expect(present(state).map(({nick}) => nick)).toEqual(['alice', 'bob']);
  });

  test('of somebody who has spoken since is no news, however late the list is', () => {
    const late = stateAfter([list('alice'), hear('first'), arrived('bob'), arrived('carl')]);
    expect(notices(late)).toEqual(['→ carl came']);
    expect(present(late).map(({nick}) => nick)).toContain('bob');
    const again = stateAfter([departed('bob'), hear('so', 'carl'), arrived('bob')], late);
    expect(notices(again)).toEqual(['→ carl came · ← bob left', '→ bob came']);
  });

  test('are told once each, in one line', () => {
    const state = stateAfter([
      list('alice', 'bob'),
      arrived('carl'),
      arrived('carl'),
      departed('bob'),
      departed('bob'),
      list('alice', 'carl'),
    ]);
    expect(notices(state)).toEqual(['→ carl came · ← bob left']);
    expect(present(state).map(({nick}) => nick)).toEqual(['alice', 'carl']);
  });

  test('are one line for as long as nothing is said, however many come and go', () => {
    const flood = Array.from({length: 3000}, (_, index) => `user${index}`);
    const state = stateAfter([
      list('alice', 'bob'),
      arrived('dora'),
      hear('hi', 'dora'),
      departed('dora'),
      hear('hello'),
      ...flood.map(nick => arrived(nick)),
      arrived('dora'),
      ...flood.map(nick => departed(nick)),
      hear('hello'),
      departed('bob'),
    ]);
    expect(notices(state)).toEqual([
      '→ dora came',
      '← dora left',
      '→ dora and 3000 more came · ← 3000 left',
      '← bob left',
    ]);
    expect(JSON.stringify(entries(state)).length).toBeLessThan(2000);
  });

  test('of an ignored person are not told', () => {
    const ignoring = {type: 'ignoring', nick: 'carl', isIgnored: true} as const;
    const state = stateAfter([list('alice'), ignoring, arrived('carl'), departed('carl')]);
    expect(notices(state)).toEqual([]);
  });

  test('a move between rooms is neither', () => {
    const moved: EngineEvent = {
      type: 'users',
      users: [
        {nick: 'alice', status: 'public', self: true},
        {nick: 'bob', status: 'room', self: false},
      ],
    };
    const state = stateAfter([list('alice', 'bob'), moved]);
    expect(notices(state)).toEqual([]);
    expect(present(state)).toMatchObject([{status: 'public'}, {status: 'room'}]);
  });

  test('are told in public, for somebody in a room too', () => {
    const state = stateAfter([list('alice', 'bob'), enter(), arrived('carl')]);
    expect(notices(state)).toEqual(['→ carl came']);
  });

  test('at another hub the first list is a first list again', () => {
    const state = stateAfter([
      list('alice', 'bob'),
      {type: 'invitation', from: 'bob', mode: 'centralised'},
      {type: 'connection', connection: {phase: 'closed'}, server, nick: 'alice'},
      {type: 'disconnected', reason: 'left'},
      {type: 'connection', connection: {phase: 'connecting'}, server: 'res302://i:1', nick: 'zoe'},
      list('zoe', 'carl'),
    ]);
    expect(notices(state).filter(text => /→|←/.test(text))).toEqual([]);
    expect(state.invitations).toEqual([]);
    expect(state).toMatchObject({server: 'res302://i:1', nick: 'zoe'});
  });
});

describe('the people of a hub', () => {
  test('are told apart in a sentence when the second one of two is named', () => {
    const state = stateAfter([list('alice', 'bob'), arrived('b\u043eb'), arrived('bo\u200bb')]);
    expect(notices(state)).toEqual([
      'b\u043eb#2 is not bob, the names only look alike',
      '→ b\u043eb#2 came',
      'bo\ufffdb has something in the name that cannot be shown',
      '→ bo\ufffdb came',
    ]);
  });

  test('many such users are told apart in one sentence, and in no other when they come again', () => {
    const state = stateAfter([list('alice', 'bob', 'BOB', 'BOb', 'BoB', 'boB', 'bob#7')]);
    const [sentence, ...others] = notices(state);
    expect(sentence).toBe(
      'BOB#2 is not bob, the names only look alike; BOb#3 is not bob, the names only look alike; BoB#4 is not bob, the names only look alike; the same goes for 2 more',
    );
    expect(others).toEqual([]);
    expect(notices(stateAfter([departed('BOB'), arrived('BOB')], state)).slice(1)).toEqual([
      '→ BOB#2 came',
    ]);
  });

  test('are forgotten when they have left and are very many, but nobody who is here', () => {
    const crowd = Array.from({length: 6000}, (_, index) => `user${index}`);
    let state = stateAfter([list('alice', ...crowd, 'USER1')]);
    expect(state.people.labelOf('USER1')).toBe('USER1#2');
    for (let index = 0; index < 30_000; index++) state = reduce(state, hear('hi', `x${index}`), 0);
    expect(state.people.size).toBeLessThan(20_000);
    expect(state.people.labelOf('USER1')).toBe('USER1#2');
    expect(state.people.get('user5999')).toBeDefined();
  });

  test('users who have not changed are the same values in the next list', () => {
    const state = stateAfter([list('alice', 'bob', 'carl')]);
    expect(stateAfter([list('carl', 'alice', 'bob')], state).users).toBe(state.users);
    const next = stateAfter([list('alice', 'bob')], state);
    expect(next.users.get('bob')).toBe(state.users.get('bob'));
    expect(next.users.size).toBe(2);
  });
});

describe('a private connection', () => {
  const opened = (nick = 'bob') => ({type: 'link-opened', nick}) as const;
  const closed = (nick = 'bob') => ({type: 'link-closed', nick}) as const;
  const turned = (conversation: Conversation) => ({type: 'turned', conversation}) as const;
  const tell = (id: number, text: string, to = 'bob') =>
    ({type: 'sent', scope: 'link', id, to, text}) as const;
  const hears = (text: string, from = 'bob') =>
    ({type: 'message', scope: 'link', from, text}) as const;
  const lost = (id: number) => ({type: 'failed', id, reason: 'link-closed', pending: []}) as const;

  test('is where one speaks from then on, beside the public room', () => {
    const state = stateAfter([opened()]);
    expect(state.link).toEqual({nick: 'bob', isAside: false});
    expect(here(state)).toBe('room');
    expect(canSpeakIn(state, 'public') && canSpeakIn(state, 'room')).toBe(true);
    expect(notices(state, 'room')[0]).toContain('private connection with bob');
    expect(canSpeakIn(start, 'room')).toBe(false);
    expect(canSpeakIn(stateAfter([enter()]), 'public')).toBe(false);
  });

  test('one can turn to the public room and back', () => {
    const aside = stateAfter([opened(), turned('public')]);
    expect(here(aside)).toBe('public');
    expect(stateAfter([turned('public')], aside)).toBe(aside);
    expect(here(stateAfter([turned('room')], aside))).toBe('room');
    expect(stateAfter([turned('room')])).toBe(start);
  });

  test('has its texts in a conversation of its own, whatever one looks at', () => {
    const state = stateAfter([opened(), turned('public'), hears('psst'), tell(1, 'oui'), say(2)]);
    expect(messages(state, 'room')).toMatchObject([
      {from: 'bob', text: 'psst'},
      {from: 'alice', text: 'oui', delivery: {state: 'sending'}},
    ]);
    expect(messages(state)).toMatchObject([{id: 2}]);
  });

  test('that is closed is told of in public, where one is again', () => {
    const state = stateAfter([opened(), closed()]);
    expect(state.link).toBeUndefined();
    expect(here(state)).toBe('public');
    expect(notices(state)).toEqual(['The private connection with bob is closed']);
  });

  test('is gone from the screen when one closes it, before the other side knows', () => {
    const state = stateAfter([opened(), {type: 'unlinked', nick: 'bob'}, hears('wait')]);
    expect(state.link).toBeUndefined();
    expect(messages(state)).toMatchObject([{from: 'bob', text: 'wait'}]);
    const next = stateAfter([opened('carl'), closed('bob'), hears('late')], state);
    expect(next.link?.nick).toBe('carl');
    expect(messages(next).at(-1)).toMatchObject({text: 'late'});
    expect(messages(next, 'room')).toEqual([]);
  });

  test('with somebody else begins empty; with the same one, undelivered texts are there', () => {
    const after = stateAfter([opened(), hears('secret'), tell(1, 'quoi ?'), lost(1), closed()]);
    for (const other of ['carl', 'BOB']) {
      expect(messages(stateAfter([opened(other)], after), 'room')).toEqual([]);
    }
    const again = stateAfter([opened('bob'), {type: 'resent', id: 1}], after);
    expect(messages(again, 'room').at(-1)).toMatchObject({
      text: 'quoi ?',
      delivery: {state: 'sending'},
    });
  });

  test('a text that it did not carry is told of in public', () => {
    const state = stateAfter([opened(), tell(1, 'quoi ?'), lost(1)]);
    expect(messages(state, 'room')).toMatchObject([{delivery: {state: 'failed'}}]);
    expect(notices(state)).toEqual([
      'Not confirmed: the private connection with bob is closed. /link bob asks for another, then /retry sends it',
    ]);
  });

  test('a second one is not shown: there is one at a time', () => {
    const state = stateAfter([opened(), opened('carl')]);
    expect(state.link?.nick).toBe('bob');
    expect(notices(state, 'room').at(-1)).toContain('carl accepts too late');
    expect(stateAfter([closed('carl')], state).link?.nick).toBe('bob');
  });

  test('that is asked for says how to answer, and when it is over', () => {
    const asked = stateAfter([{type: 'invitation', from: 'bob', mode: 'link'}]);
    expect(asked.invitations).toMatchObject([{from: 'bob', mode: 'link'}]);
    expect(notices(asked)).toEqual([
      'bob asks for a private connection: /accept bob or /decline bob',
    ]);
    const over = stateAfter([{type: 'invitation-ended', from: 'bob', reason: 'expired'}], asked);
    expect(over.invitations).toEqual([]);
    expect(notices(over).at(-1)).toBe('bob does not ask for a private connection any more');
  });

  test('that is declined is called what it is', () => {
    const features = new Set(['links'] as const);
    const declined = {type: 'invitation-answer', nick: 'carl', accepted: false} as const;
    expect(notices(stateAfter([declined], {...start, features}))).toEqual([
      'carl declined your private connection, or has a program without any',
    ]);
  });

  test('ends with the connection to the hub', () => {
    const state = stateAfter([
      opened(),
      {type: 'connection', connection: {phase: 'connecting'}, server, nick: 'alice'},
    ]);
    expect(state.link).toBeUndefined();
  });
});

describe('rooms', () => {
  test('entering tells with whom, and where one speaks from now on', () => {
    const state = stateAfter([enter(['bob', 'alice', 'carl'], 'decentralised')]);
    expect(state.room).toEqual({mode: 'decentralised', members: ['bob', 'alice', 'carl']});
    expect(here(start)).toBe('public');
    expect(here(state)).toBe('room');
    expect(notices(state, 'room')).toEqual(['You, bob and carl; the hub sees none of it']);
  });

  test('of two people reads like a sentence', () => {
    const state = stateAfter([enter(['bob', 'alice'], 'decentralised')]);
    expect(notices(state, 'room')).toEqual(['You and bob; the hub sees none of it']);
  });

  test('a named room keeps its name, and is called by it', () => {
    const state = stateAfter([{...enter(['alice']), name: 'projet'}]);
    expect(state.room).toEqual({
      mode: 'centralised',
      members: ['alice'],
      name: 'projet',
    });
    expect(notices(state, 'room')).toEqual(['You are in projet, a centralised room']);
    const named = stateAfter([{...enter(), name: 'projet'}]);
    expect(notices(named, 'room')).toEqual(['You are in projet, a centralised room with bob']);
  });

  test('those who join and leave are told of in the room', () => {
    const members = (...nicks: readonly string[]): EngineEvent => ({
      type: 'room-members',
      members: nicks,
    });
    const state = stateAfter([enter(), members('alice', 'bob', 'carl'), members('alice', 'carl')]);
    expect(notices(state, 'room').slice(1)).toEqual(['→ carl came · ← bob left']);
    expect(state.room?.members).toEqual(['alice', 'carl']);
    expect(notices(state)).toEqual([]);
  });

  test('a list of members that comes after leaving changes nothing', () => {
    const left: EngineEvent = {type: 'room-left', reason: 'left'};
    const state = stateAfter([enter(), left]);
    expect(stateAfter([{type: 'room-members', members: ['alice', 'bob']}], state)).toEqual(state);
  });

  test.each([
    ['left', 'You left'],
    ['closed', 'closed'],
    ['disconnected', 'gone'],
  ] as const)('one that is %s is explained in public, where one is again', (reason, words) => {
    const state = stateAfter([enter(), {type: 'room-left', reason}]);
    expect(state.room).toBeUndefined();
    expect(here(state)).toBe('public');
    expect(notices(state).at(-1)).toContain(words);
  });

  test('what was said in a room stays until the next, and is not in that', () => {
    const left = stateAfter([
      enter(),
      hear('secret', 'bob', 'room'),
      {type: 'room-left', reason: 'left'},
    ]);
    expect(messages(left, 'room')).toMatchObject([{text: 'secret'}]);
    expect(messages(stateAfter([enter(['alice', 'carl'])], left), 'room')).toEqual([]);
  });

  test('the public conversation stays', () => {
    expect(messages(stateAfter([hear('one'), enter()]))).toMatchObject([{text: 'one'}]);
  });

  test('a message of a former room that fails late marks nothing in the new one', () => {
    const state = stateAfter([
      enter(),
      say(1, 'psst', 'room'),
      {type: 'room-left', reason: 'left'},
      enter(['alice', 'carl']),
      say(2, 'hello', 'room'),
      failure(1),
    ]);
    expect(messages(state, 'room')).toMatchObject([{id: 2, delivery: {state: 'sending'}}]);
  });
});

describe('invitations', () => {
  const invite = (from: string, mode: 'centralised' | 'decentralised' = 'centralised') =>
    ({type: 'invitation', from, mode}) as const;

  test('wait in the order of their coming, and say how they are answered', () => {
    const state = stateAfter([invite('bob'), invite('carl', 'decentralised')]);
    expect(state.invitations).toEqual([
      {from: 'bob', mode: 'centralised', at: 1000},
      {from: 'carl', mode: 'decentralised', at: 2000},
    ]);
    expect(notices(state)[0]).toBe(
      'bob invites you to a centralised room: /accept bob or /decline bob',
    );
  });

  test('into a named room say its name', () => {
    const state = stateAfter([{...invite('bob', 'decentralised'), room: 'projet'}]);
    expect(state.invitations).toMatchObject([{from: 'bob', room: 'projet'}]);
    expect(notices(state)).toEqual([
      'bob invites you to projet, a decentralised room: /accept bob or /decline bob',
    ]);
  });

  test('a second one of somebody takes the place of the first', () => {
    const state = stateAfter([invite('bob'), invite('carl'), invite('bob', 'decentralised')]);
    expect(state.invitations).toMatchObject([{from: 'carl'}, {from: 'bob', mode: 'decentralised'}]);
  });

  test.each(['accepted', 'declined', 'expired'] as const)('one that is %s is gone', reason => {
    const state = stateAfter([
      invite('bob'),
      invite('carl'),
      {type: 'invitation-ended', from: 'bob', reason},
    ]);
    expect(state.invitations).toMatchObject([{from: 'carl'}]);
    expect(notices(state).some(text => text.includes('from bob is over'))).toBe(
      reason === 'expired',
    );
  });

  test('answers to your own: a refusal is told, and a person who accepts is shown as a member', () => {
    const answer = (nick: string, accepted: boolean): EngineEvent => ({
      type: 'invitation-answer',
      nick,
      accepted,
    });
    const texts = notices(stateAfter([answer('bob', true), answer('carl', false)]));
    expect(texts).toEqual([
      'carl declined your invitation, or cannot come: the room is full for them, or their program has none like it',
    ]);
  });
});

describe('the connection', () => {
  test('is shown as it is, with where and as whom', () => {
    const connection = {phase: 'retrying', attempt: 2, at: 5000} as const;
    const state = stateAfter([
      {type: 'connection', connection, server: 'res302://i:1', nick: 'zoe'},
    ]);
    expect(state).toMatchObject({connection, server: 'res302://i:1', nick: 'zoe'});
  });

  test('that stands is told, with what the protocol can do', () => {
    const state = stateAfter([
      {type: 'connected', protocol: 'res302', server, nick: 'alice', features: ['invitations']},
    ]);
    expect(notices(state)).toEqual([`Connected to ${server} as alice`]);
    expect(state.features).toEqual(new Set(['invitations']));
  });

  test('that is lost is told as an error; one that was ended is not, nor a refusal, of which the form tells', () => {
    expect(stateAfter([{type: 'refused', reason: 'hub-full', message: 'Full'}])).toEqual(start);
    expect(tones(stateAfter([{type: 'disconnected', reason: 'hub-silent'}]))).toEqual(['error']);
    expect(stateAfter([{type: 'disconnected', reason: 'left'}])).toEqual(start);
  });

  const connectedAs = (nick: string): EngineEvent[] => [
    {type: 'connection', connection: {phase: 'connecting'}, server, nick},
    {type: 'connected', protocol: 'res302', server, nick, features: []},
  ];

  test('under another name at the same hub is told as a new name', () => {
    const state = stateAfter([...connectedAs('alice'), ...connectedAs('alice2')]);
    expect(notices(state)).toEqual([`Connected to ${server} as alice`, 'You are alice2 now']);
  });

  test('that is lost and comes back is one line, however often', () => {
    const gap = {type: 'gap', from: '2026-11-21T11:00:00Z', to: '2026-11-21T11:00:09Z'} as const;
    const flap: EngineEvent[] = [
      {type: 'disconnected', reason: 'hub-silent'},
      ...connectedAs('alice').slice(1),
      gap,
    ];
    const state = stateAfter([...connectedAs('alice'), ...flap, ...flap]);
    expect(notices(state).slice(1)).toEqual(
      Array(2).fill(expect.stringMatching(/^Connected again: messages from .* may be missing$/)),
    );
    expect(tones(state).slice(1)).toEqual(['info', 'info']);
  });

  test('that the hub has ended is not told as silence', () => {
    const [told] = notices(stateAfter([{type: 'disconnected', reason: 'hub-closed'}]));
    expect(told).toBe('The hub has ended the connection: trying again');
  });

  test('a loss does not end a room: a decentralised one goes on', () => {
    expect(stateAfter([enter(), {type: 'disconnected', reason: 'hub-silent'}]).room).toBeDefined();
  });

  test('statistics are the newest', () => {
    const statistics = {sent: 1, received: 2, retransmissions: 3, roundTripMs: 4};
    expect(stateAfter([{type: 'statistics', statistics}]).statistics).toEqual(statistics);
  });
});

test('errors and notices are told in the conversation one is in', () => {
  const told: EngineEvent[] = [
    {type: 'error', code: 'no-such-user', message: 'Nobody'},
    {type: 'notice', text: 'Somebody'},
  ];
  expect(entries(stateAfter(told))).toMatchObject([
    {text: 'Nobody', tone: 'error'},
    {text: 'Somebody', tone: 'info'},
  ]);
  expect(notices(stateAfter([enter(), ...told]), 'room').slice(1)).toEqual(['Nobody', 'Somebody']);
});

describe('what others write', () => {
  const sequences = '\u001b[2J\u001b]0;owned\u0007';
  const hostile = [
    sequences,
    '\u009b31m',
    '\u0008\u0007\u0000',
    '\u202eevil\u202c',
    '\u2066x\u2069',
    '\u200b\u2028\u2029\ufeff',
    '\ud800',
  ].join('bob');
  const dangerous =
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what must not be shown
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/u;

  /** Every text that a front shows of a state. */
  function shown(state: State): string[] {
    const {people, users, rooms = [], room, link, invitations, ignored, directWriter} = state;
    const {conversations} = state;
    const all = (['public', 'room', ...directIds(conversations)] as const).flatMap(id =>
      entries(state, id),
    );
    const said = all.flatMap(entry =>
      entry.kind === 'message'
        ? [entry.author, entry.text]
        : [entry.kind === 'notice' ? entry.text : presenceWords(entry)],
    );
    const nicks = [
      ...[...users.values()].map(({nick}) => nick),
      ...(room?.members ?? []),
      ...invitations.map(({from}) => from),
      ...ignored,
      ...[link?.nick, directWriter].filter(nick => nick !== undefined),
    ];
    const places = [room?.name, ...invitations.map(invitation => invitation.room)];
    return [
      ...said,
      ...nicks.map(nick => people.labelOf(nick)),
      ...roomLabels(rooms).values(),
      ...places.map(name => nameLabel(name ?? '')),
    ];
  }

  test.each<[string, EngineEvent[]]>([
    ['as a message', [hear(hostile)]],
    ['as an author', [hear('text', hostile)]],
    ['as an action', [hear(`* bob ${hostile}`)]],
    ['in a room', [hear(hostile, hostile, 'room')]],
    ['as one’s own, pasted', [say(1, hostile)]],
    ['as a nickname that arrives', [list('alice'), arrived(hostile)]],
    ['as a nickname that leaves', [list('alice', hostile), departed(hostile)]],
    ['as a nickname in the list', [list('alice', hostile)]],
    ['as an inviter', [{type: 'invitation', from: hostile, mode: 'centralised'}]],
    ['as a room', [{type: 'invitation', from: 'bob', mode: 'centralised', room: hostile}]],
    [
      'as an inviter who thinks better of it',
      [{type: 'invitation-ended', from: hostile, reason: 'expired'}],
    ],
    ['as somebody who answers', [{type: 'invitation-answer', nick: hostile, accepted: false}]],
    ['as a member', [enter(['alice', hostile])]],
    [
      'as a member who joins',
      [enter(), {type: 'room-members', members: ['alice', 'bob', hostile]}],
    ],
    ['as the name of a room', [{...enter(), name: hostile}]],
    [
      'as a room in the list',
      [{type: 'rooms', rooms: [{name: hostile, mode: 'centralised', members: 1}]}],
    ],
    [
      'as a direct message, and its author',
      [{type: 'message', scope: 'direct', from: hostile, text: hostile}],
    ],
    [
      'as somebody one writes to',
      [{type: 'sent', id: 1, scope: 'direct', to: hostile, text: hostile}, failure(1)],
    ],
    ['as somebody with whom there is a private connection', [{type: 'link-opened', nick: hostile}]],
    [
      'as who closes a private connection',
      [
        {type: 'link-opened', nick: hostile},
        {type: 'message', scope: 'link', from: hostile, text: hostile},
        {type: 'link-closed', nick: hostile},
      ],
    ],
    ['as an error', [{type: 'error', code: 'x', message: hostile}]],
    ['as a notice', [{type: 'notice', text: hostile}]],
    ['as somebody who does not confirm', [say(1), failure(1, [hostile])]],
  ])('%s, acts on no terminal', (_where, events) => {
    const state = stateAfter(events);
    expect(state).not.toEqual(start);
    expect(shown(state).filter(text => dangerous.test(text))).toEqual([]);
  });

  test('of several lines stays so, a nickname of several lines does not', () => {
    const [message] = messages(stateAfter([hear('one\r\ntwo', 'b\nob')]));
    expect(message).toMatchObject({text: 'one\ntwo', from: 'b\nob', author: 'b\ufffdob'});
  });

  test('is shown as it is where it is harmless', () => {
    const text =
      '👩‍👩‍👧 李雷 Ζωή e\u0301 \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 <b>&amp;</b> $(rm)';
    expect(messages(stateAfter([hear(text)]))).toMatchObject([{text}]);
  });
});

test('a state that was given out never changes', () => {
  const events: EngineEvent[] = [
    list('alice', 'bob'),
    hear('one'),
    say(1),
    {type: 'retransmitted', id: 1},
    {type: 'progress', id: 1, confirmed: 1, of: 2, by: 'bob'},
    failure(1),
    {type: 'resent', id: 1},
    {type: 'delivered', id: 1},
    {type: 'invitation', from: 'bob', mode: 'centralised'},
    {type: 'invitation-ended', from: 'bob', reason: 'accepted'},
    enter(),
    {type: 'room-members', members: ['alice', 'bob', 'carl']},
    hear('psst', 'bob', 'room'),
    {type: 'message', scope: 'direct', from: 'bob', text: 'psst'},
    {type: 'sent', id: 2, scope: 'direct', to: 'bob', text: 'oui'},
    {type: 'rooms', rooms: [{name: 'projet', mode: 'centralised', members: 2}]},
    {type: 'ignoring', nick: 'bob', isIgnored: true},
    {type: 'room-left', reason: 'closed'},
    {type: 'link-opened', nick: 'bob'},
    {type: 'sent', id: 3, scope: 'link', to: 'bob', text: 'oui'},
    {type: 'turned', conversation: 'public'},
    {type: 'turned', conversation: '@bob'},
    {type: 'conversation-closed', conversation: '@bob'},
    {type: 'link-closed', nick: 'bob'},
    {type: 'cleared', conversation: 'public'},
    list('alice'),
  ];
  /** All that can be seen of a state, copied. */
  const look = (state: State) =>
    structuredClone({
      ...state,
      conversations: [entries(state), entries(state, 'room'), entries(state, '@bob')],
    });
  let state = start;
  const history = [{state, seen: look(state)}];
  for (const [index, event] of events.entries()) {
    state = reduce(state, event, index);
    history.push({state, seen: look(state)});
  }
  expect(history.map(({state: former}) => look(former))).toEqual(history.map(({seen}) => seen));
});

test('what concerns one part leaves the others as they are, to be compared by identity', () => {
  const state = stateAfter([list('alice', 'bob'), hear('one')]);
  const next = reduce(state, hear('two'), 5000);
  expect(next.users).toBe(state.users);
  expect(next.invitations).toBe(state.invitations);
  expect(next.conversations.room).toBe(state.conversations.room);
  expect(next.conversations.public).not.toBe(state.conversations.public);
});

describe('what is said of a message that has not arrived', () => {
  const kept: EngineEvent = {type: 'kept', id: 1};

  test('is said once for all that is kept, and gone when all of them are on their way', () => {
    let state = stateAfter([say(1), kept, say(2), {...kept, id: 2}]);
    expect(messages(state)[0]?.delivery).toEqual({state: 'kept'});
    const isKept = (text: string) => text.includes('goes out when the hub is back');
    expect(notices(state).filter(isKept)).toHaveLength(1);
    state = stateAfter([{type: 'resent', id: 1}], state);
    expect(notices(state).filter(isKept)).toHaveLength(1);
    state = stateAfter([{type: 'resent', id: 2}], state);
    expect(notices(state).filter(isKept)).toHaveLength(0);
    state = stateAfter([say(3), {...kept, id: 3}], state);
    expect(notices(state).filter(isKept)).toHaveLength(1);
  });

  test.each<[string, EngineEvent]>([
    ['confirmed late', {type: 'delivered', id: 1, late: true}],
    ['sent again', {type: 'resent', id: 1}],
  ])('is gone when it is %s', (_what, event) => {
    const failedTwice = stateAfter([say(1), say(2), failure(1), failure(2)]);
    expect(notices(failedTwice)).toHaveLength(1);
    const one = stateAfter([event], failedTwice);
    expect(notices(one)).toHaveLength(1);
    expect(notices(stateAfter([{...event, id: 2} as EngineEvent], one))).toEqual([]);
  });

  test('names fewer when one of them confirms late, and the count of members is kept', () => {
    const progress = (confirmed: number, by: string): EngineEvent => ({
      type: 'progress',
      id: 1,
      confirmed,
      of: 3,
      by,
    });
    let state = stateAfter([say(1), progress(1, 'bob'), failure(1, ['carl', 'dora'])]);
    expect(notices(state).at(-1)).toContain('Not confirmed by carl, dora');
    state = stateAfter([progress(2, 'carl')], state);
    expect(notices(state).at(-1)).toContain('Not confirmed by dora.');
    expect(entries(state).at(0)).toMatchObject({
      delivery: {state: 'failed', pending: ['dora'], confirmed: 2, of: 3},
    });
    state = stateAfter([progress(3, 'dora'), {type: 'delivered', id: 1, late: true}], state);
    expect(notices(state)).toEqual([]);
    expect(entries(state).at(0)).toMatchObject({delivery: {state: 'delivered', of: 3}});
  });
});

describe('how the members of a decentralised room answer', () => {
  const entered = {type: 'room-entered', mode: 'decentralised', members: ['alice', 'bob']} as const;
  const silent = {type: 'member-state', nick: 'bob', state: {silentSince: 5}} as const;

  test('is kept for members alone, and until they or the user have left', () => {
    const state = stateAfter([entered, silent, {...silent, nick: 'stranger'}]);
    expect([...state.memberStates]).toEqual([['bob', {silentSince: 5}]]);
    const members = {type: 'room-members', members: ['alice', 'carl']} as const;
    expect(stateAfter([members], state).memberStates.size).toBe(0);
    expect(stateAfter([{type: 'room-left', reason: 'left'}], state).memberStates.size).toBe(0);
    expect(stateAfter([entered], state).memberStates.size).toBe(0);
  });
});
