/** What counts as read, and the keys that find what does not. */
import fc from 'fast-check';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {commands} from '../../source/client/commands.ts';
import {type ConversationId, conversationIds} from '../../source/client/conversations.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import {here, historyOf} from '../../source/client/state.ts';
import {draftOf} from '../../source/tui/composer/composer.ts';
import {messageBlocks} from '../../source/tui/conversation/message-blocks.ts';
import {KeyReader} from '../../source/tui/input/keys.ts';
import {isShown, type Size} from '../../source/tui/panes/layout.ts';
import {Screen} from '../../source/tui/screen.ts';
import {attentionOf, unreadConversations, unreadWords} from '../../source/tui/unread.ts';
import {conversationView, layoutFor, overlayOf, unreadOf} from '../../source/tui/view.ts';
import {FakeClient, roomEntered, said, users} from './fake-client.ts';
import {idleTerminal} from './idle-terminal.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const keys = {
  enter: '\r',
  escape: '\u001b',
  up: '\u001b[A',
  down: '\u001b[B',
  pageUp: '\u001b[5~',
  f1: '\u001bOP',
  altA: '\u001ba',
  altN: '\u001bn',
  altP: '\u001bp',
  altU: '\u001bu',
  altEnd: '\u001b>',
  ctrlG: '\u0007',
  ctrlN: '\u000e',
  ctrlP: '\u0010',
  backspace: '\u007f',
} as const;

function writes(from: string, text = 'psst'): EngineEvent {
  return {type: 'message', scope: 'direct', from, text};
}

function open(size: Size = {columns: 120, rows: 40}) {
  const client = new FakeClient();
  client.state = {...client.state, features: new Set(['direct-messages'])};
  client.tell(users('alice', 'bob', 'carol', 'dora'));
  const screen = new Screen({
    client,
    commands,
    size,
    terminal: {
      ...idleTerminal,
      repaint() {},
      suspend() {},
      isBehind: () => false,
      guests: () => 0,
      leave: () => expect.unreachable('it left'),
    },
  });
  const reader = new KeyReader();
  let at = client.state.conversations.public.end;
  const view = () => screen.view.get();
  return {
    client,
    screen,
    view,
    press(...parts: readonly string[]) {
      for (const part of parts) {
        screen.onKeys(reader.read(new TextEncoder().encode(part), performance.now()));
        if (part === keys.escape) screen.onKeys(reader.onTime(performance.now() + 50));
        vi.advanceTimersByTime(1000);
      }
    },
    /** Each a second later than the one before, and on the screen. */
    tell(...events: readonly EngineEvent[]) {
      for (const event of events) client.tellAt(1000 * ++at, event);
      vi.advanceTimersByTime(100);
    },
    /** The words of the rule, and the text below it. */
    rule(id: 'public' | 'room' | `@${string}` = 'public') {
      const {firstUnread, newMessages} = conversationView(view(), id);
      if (firstUnread === undefined) return undefined;
      const history = historyOf(view().state, id);
      const format = {
        names: 'ruled',
        columns: 60,
        nameColumns: 8,
        markColumns: 6,
        own: 'alice',
      } as const;
      const rows = messageBlocks(history, format, firstUnread, newMessages).rowsOf(firstUnread);
      const words = rows.flatMap(({spans}) => spans).find(({role}) => role === 'unread')?.text;
      const entry = history.at(firstUnread);
      return `${words?.trim()}: ${entry?.kind === 'message' && entry.text}`;
    },
    draft: () => draftOf(screen.composer.get()).text,
    feedback: () => view().feedback?.text,
  };
}

const elsewhere: EngineEvent = {
  type: 'connection',
  connection: {phase: 'connected'},
  server: 'res302://h:1',
  nick: 'alice',
};

describe('without the focus', () => {
  test('nothing counts as read: the rule stands above the first that came, with a growing number', () => {
    const {screen, view, tell, rule} = open();
    tell(said('bob', 'one'));
    expect(unreadOf(view(), 'public')).toEqual({messages: 0, mentions: 0});
    screen.onFocusChange(false);
    tell(said('bob', 'two'));
    expect(rule()).toBe('1 new: two');
    tell(said('carol', 'alice: three'), said('bob', 'four'));
    expect(rule()).toBe('3 new: two');
    expect(unreadOf(view(), 'public')).toEqual({messages: 3, mentions: 1});
    expect(attentionOf(view())).toEqual({messages: 3, mentions: 1});
  });

  test('that comes back, the rule stays with its number until one goes again', () => {
    const {screen, view, tell, rule} = open();
    screen.onFocusChange(false);
    tell(said('bob', 'one'), said('bob', 'two'));
    screen.onFocusChange(true);
    expect(attentionOf(view()).messages).toBe(0);
    tell(said('bob', 'three'));
    expect(rule()).toBe('2 new: one');
    screen.onFocusChange(false);
    expect(rule()).toBeUndefined();
    tell(said('bob', 'four'));
    expect(rule()).toBe('1 new: four');
  });

  test('own texts and what the program says are not new', () => {
    const {screen, view, tell, rule} = open();
    screen.onFocusChange(false);
    tell({type: 'sent', id: 1, scope: 'public', text: 'mine'}, {type: 'arrived', nick: 'zoe'});
    expect(rule()).toBeUndefined();
    expect(attentionOf(view()).messages).toBe(0);
    tell(said('bob', 'one'));
    expect(rule()).toBe('1 new: one');
  });

  test('a key is a sign that somebody is there', () => {
    const {screen, view, tell, press} = open();
    screen.onFocusChange(false);
    tell(said('bob', 'one'));
    press('x');
    expect(view().isFocused).toBe(true);
    expect(attentionOf(view()).messages).toBe(0);
  });

  test('the first key of who comes back acts on what is not in sight', () => {
    const {client, screen, tell, press} = open();
    screen.onFocusChange(false);
    tell(said('bob', 'alice, one'), writes('bob'));
    press(keys.altA);
    expect(here(client.state)).toBe('@bob');
  });

  test('what one sends takes the rule away', () => {
    const {screen, tell, press, rule} = open();
    screen.onFocusChange(false);
    tell(said('bob', 'one'));
    screen.onFocusChange(true);
    expect(rule()).toBe('1 new: one');
    press('yes', keys.enter);
    expect(rule()).toBeUndefined();
  });
});

test('what the help covers is not read, and going back to it is not leaving', () => {
  const {view, tell, press, rule} = open();
  press(keys.f1);
  tell(said('bob', 'one'));
  expect(attentionOf(view()).messages).toBe(1);
  press(keys.escape);
  expect(rule()).toBe('1 new: one');
  press(keys.f1, keys.escape);
  expect(rule()).toBe('1 new: one');
});

test('while one reads further up, what comes is counted, and read at the end', () => {
  const {view, tell, press, rule} = open();
  tell(...Array.from({length: 100}, (_, index) => said('bob', `old ${index}`)));
  press(keys.pageUp);
  tell(said('bob', 'one'), said('bob', 'two'));
  expect(rule()).toBe('2 new: one');
  expect(unreadOf(view(), 'public').messages).toBe(2);
  press(keys.altEnd);
  expect(unreadOf(view(), 'public').messages).toBe(0);
  expect(rule()).toBe('2 new: one');
});

test('a conversation that is not on the screen has its own count, which goes when one turns there', () => {
  const {view, tell, press, rule} = open();
  tell(writes('bob', 'one'), writes('bob', 'two'), writes('carol'));
  expect(unreadOf(view(), '@bob')).toEqual({messages: 2, mentions: 2});
  expect(attentionOf(view())).toEqual({messages: 3, mentions: 3});
  expect(unreadConversations(view())).toEqual(['@bob', '@carol']);
  expect(unreadWords(view(), '@bob')).toBe('+2');
  press('\u001b5');
  expect(unreadOf(view(), '@bob').messages).toBe(0);
  expect(rule('@bob')).toBe('2 new: one');
  expect(unreadConversations(view())).toEqual(['@carol']);
});

test('an emptied conversation, another room and another talk with the same person begin anew', () => {
  const {screen, view, tell} = open();
  screen.onFocusChange(false);
  tell(said('bob', 'one'), {type: 'cleared', conversation: 'public'});
  expect(attentionOf(view()).messages).toBe(0);
  tell(roomEntered('alice', 'bob'), said('bob', 'two', 'room'), said('bob', 'three', 'room'));
  expect(attentionOf(view()).messages).toBe(2);
  tell({type: 'room-left', reason: 'closed'});
  expect(attentionOf(view()).messages).toBe(0);
  tell(roomEntered('alice', 'carol'), said('carol', 'four', 'room'));
  expect(attentionOf(view()).messages).toBe(1);
  tell(writes('bob'), {type: 'conversation-closed', conversation: '@bob'}, writes('bob', 'again'));
  expect(unreadOf(view(), '@bob').messages).toBe(1);
});

test('a long history is counted once: a frame looks at what has come since', () => {
  const {client, screen, tell} = open();
  screen.onFocusChange(false);
  tell(...Array.from({length: 5000}, () => said('bob', 'one')));
  const {public: history} = client.state.conversations;
  const at = vi.spyOn(Object.getPrototypeOf(history), 'at');
  tell(said('bob', 'two'));
  // And at those that are on the screen.
  expect(at.mock.calls.length).toBeLessThan(300);
  at.mockRestore();
});

test('whatever happens, the counts are those of the messages that nobody has looked at', () => {
  type Step = {readonly focus: boolean} | {readonly press: string} | {readonly tell: EngineEvent};
  const step = fc.constantFrom<Step>(
    {focus: true},
    {focus: false},
    ...[keys.pageUp, keys.altEnd, keys.altA, keys.altU, keys.ctrlN, keys.f1, keys.escape].map(
      press => ({press}),
    ),
    ...[
      said('bob', 'one'),
      said('bob', 'alice'),
      said('bob', 'two', 'room'),
      writes('bob'),
      writes('carol'),
      {type: 'sent', id: 1, scope: 'public', text: 'mine'} as const,
      {type: 'sent', id: 2, scope: 'direct', to: 'bob', text: 'mine'} as const,
      {type: 'notice', text: 'so it is'} as const,
      {type: 'cleared', conversation: 'public'} as const,
      {type: 'conversation-closed', conversation: '@bob'} as const,
      roomEntered('alice', 'bob', 'carol'),
      {type: 'room-left', reason: 'left'} as const,
    ].map(tell => ({tell})),
  );
  const steps = fc.array(step, {minLength: 5, maxLength: 60});
  fc.assert(
    fc.property(steps, fc.constantFrom(120, 50), (chosen, columns) => {
      const {screen, client, view, tell, press} = open({columns, rows: 10});
      tell(...Array.from({length: 30}, () => said('bob', 'old')));
      const {end} = client.state.conversations.public;
      const readEnds = new Map<ConversationId, number>([['public', end]]);
      // A key comes from somebody who is there.
      const arriving = (one: Step): Step[] => ('press' in one ? [{focus: true}, one] : [one]);
      for (const one of chosen.flatMap(arriving)) {
        if ('focus' in one) screen.onFocusChange(one.focus);
        else if ('press' in one) press(one.press);
        else tell(one.tell);
        const layout = layoutFor(view(), 1);
        for (const id of conversationIds(view().state.conversations)) {
          const history = historyOf(view().state, id);
          const {anchor, firstUnread, newMessages} = conversationView(view(), id);
          const isLooked = view().isFocused && view().help === undefined && isShown(layout, id);
          if (isLooked && anchor === 'bottom') readEnds.set(id, history.end);
          let messages = 0;
          const from = Math.max(readEnds.get(id) ?? 0, history.start);
          for (let index = from; index < history.end; index++) {
            const entry = history.at(index);
            if (entry?.kind === 'message' && entry.id === undefined) messages++;
          }
          expect([id, unreadOf(view(), id).messages]).toEqual([id, messages]);
          expect(newMessages).toBeGreaterThanOrEqual(messages);
          if (messages > 0) expect(firstUnread).toBeLessThan(history.end);
        }
      }
      screen.dispose();
    }),
    {numRuns: 300},
  );
});

describe('Alt-A', () => {
  test('goes to those that call first, then to those that have waited longest', () => {
    const {client, screen, view, tell, press, feedback} = open();
    tell(roomEntered('alice', 'bob', 'carol'), {type: 'turned', conversation: '@dora'});
    tell(said('bob', 'in the room', 'room'), writes('carol'), writes('bob'));
    screen.onFocusChange(false);
    const seen: string[] = [];
    for (let step = 0; step < 3; step++) {
      press(keys.altA);
      seen.push(here(client.state));
      expect(view().focus).toBe('composer');
    }
    expect(seen).toEqual(['@carol', '@bob', 'room']);
    expect(feedback()).toBeUndefined();
    press(keys.altA);
    expect(feedback()).toBe('Nothing is unread');
  });

  test('goes to the end of the conversation that one reads', () => {
    const {view, tell, press} = open();
    tell(...Array.from({length: 100}, (_, index) => said('bob', `old ${index}`)));
    press(keys.pageUp);
    tell(said('bob', 'new'));
    press(keys.altA);
    expect(conversationView(view(), 'public').anchor).toBe('bottom');
    expect(attentionOf(view()).messages).toBe(0);
  });

  test('shows public for reading while one is in a room, and Esc goes back', () => {
    const {client, view, tell, press} = open({columns: 50, rows: 20});
    tell(roomEntered('alice', 'bob'), said('bob', 'for all'));
    press(keys.altA);
    expect(view().focus).toBe('public');
    expect(here(client.state)).toBe('room');
    press(keys.escape);
    expect(view().focus).toBe('composer');
  });
});

test('Alt-U shows the rule, however much stands below it', () => {
  const {screen, view, tell, press, feedback, rule} = open();
  press(keys.altU);
  expect(feedback()).toBe('Nothing is new here');
  tell(...Array.from({length: 50}, (_, index) => said('bob', `old ${index}`)));
  screen.onFocusChange(false);
  tell(...Array.from({length: 100}, (_, index) => said('bob', `new ${index}`)));
  press(keys.altU);
  const {firstUnread, anchor} = conversationView(view(), 'public');
  expect(anchor).toEqual({index: firstUnread, at: -1});
  expect(rule()).toBe('100 new: new 0');
});

describe('Alt-P and Alt-N', () => {
  test('go from mention to mention in the conversation, and say where there is none', () => {
    const {view, tell, press, feedback} = open();
    press(keys.altP);
    expect(feedback()).toBe('No mention above');
    for (let index = 0; index < 3; index++) {
      tell(...Array.from({length: 60}, () => said('bob', 'talk')), said('bob', `alice ${index}`));
    }
    const selected = () => {
      const index = conversationView(view(), 'public').selected ?? -1;
      const entry = historyOf(view().state, 'public').at(index);
      return entry?.kind === 'message' ? entry.text : undefined;
    };
    const found: unknown[] = [];
    for (const key of [keys.altP, keys.altP, keys.altP, keys.altP, keys.altN]) {
      press(key);
      found.push(feedback() ?? selected());
    }
    expect(found).toEqual(['alice 2', 'alice 1', 'alice 0', 'No mention above', 'alice 1']);
    press(keys.altN, keys.altN);
    expect(feedback()).toBe('No mention below');
    expect(view().focus).toBe('public');
  });

  test('do not see what was emptied', () => {
    const {tell, press, feedback} = open();
    tell(said('bob', 'alice!'), {type: 'cleared', conversation: 'public'}, said('bob', 'talk'));
    press(keys.altP);
    expect(feedback()).toBe('No mention above');
  });
});

test('Ctrl-N and Ctrl-P go round the conversations', () => {
  const {client, tell, press, feedback, view} = open();
  press(keys.ctrlN);
  expect(feedback()).toBe('There is no other conversation');
  tell(writes('bob'), writes('carol'));
  const seen: string[] = [];
  for (const key of [keys.ctrlN, keys.ctrlN, keys.ctrlN, keys.ctrlP, keys.ctrlP]) {
    press(key);
    seen.push(here(client.state));
    expect(view().focus).toBe('composer');
  }
  expect(seen).toEqual(['@bob', '@carol', 'public', '@carol', '@bob']);
});

test('what one reads further up is still there after a look at another conversation', () => {
  const {tell, press, view} = open();
  tell(...Array.from({length: 100}, (_, index) => said('bob', `old ${index}`)), writes('bob'));
  press(keys.pageUp);
  const {anchor} = conversationView(view(), 'public');
  press(keys.ctrlN, keys.ctrlP);
  expect(conversationView(view(), 'public').anchor).toBe(anchor);
});

describe('Ctrl-G', () => {
  const labels = (view: ReturnType<Screen['view']['get']>) =>
    overlayOf(view, 'switcher')?.found.map(({label}) => label);

  test('lists what is unread, the other conversations, and those who have spoken last', () => {
    const {tell, press, view} = open();
    tell(said('bob', 'one'), said('dora', 'two'), writes('carol'), writes('zoe'));
    press('\u001b6', keys.escape, keys.ctrlG);
    expect(labels(view())).toEqual(['carol', 'public', 'zoe', 'dora', 'bob']);
  });

  test('finds by a few letters, and goes to a person of whom nothing is open', () => {
    const {client, press, view} = open();
    press(keys.ctrlG, 'd', 'a');
    expect(labels(view())).toEqual(['dora']);
    press(keys.backspace, keys.backspace, 'o', 'l');
    expect(labels(view())).toEqual(['carol']);
    press(keys.enter, 'hi', keys.enter);
    expect(client.calls).toEqual(['turn to @carol', 'carol: hi']);
    expect(view().overlay).toBeUndefined();
  });

  test('where there are no direct messages, writes the command that does the job', () => {
    const {client, tell, press, draft} = open();
    client.state = {...client.state, features: new Set(['invitations'])};
    tell(said('bob', 'one'));
    press(keys.ctrlG, 'carol', keys.enter);
    expect(draft()).toBe('/invite carol ');
    expect(client.calls).toEqual([]);
  });

  test('closes, and has left everything as it was', () => {
    const {client, press, draft, view} = open();
    press('half', keys.ctrlG, 'bo', keys.escape);
    expect(view().overlay).toBeUndefined();
    expect(draft()).toBe('half');
    press(keys.ctrlG, 'nobody', keys.enter, keys.ctrlG);
    expect(view().overlay).toBeUndefined();
    expect(client.calls).toEqual([]);
  });

  test('closes at another hub, whose people are others', () => {
    const {press, tell, view} = open();
    press(keys.ctrlG);
    tell(elsewhere);
    expect(view().overlay).toBeUndefined();
  });
});

describe('/mentions', () => {
  test('lists the last of all conversations, and goes to one', () => {
    const {client, view, tell, press} = open();
    tell(said('bob', 'alice, one'), said('bob', 'talk'), writes('carol', 'alice, two'));
    tell({type: 'mentions'});
    press(keys.down, keys.up, keys.enter);
    expect(here(client.state)).toBe('@carol');
    expect(view().focus).toBe('@carol');
    tell({type: 'mentions'});
    press('2');
    expect(here(client.state)).toBe('public');
    const {selected = -1} = conversationView(view(), 'public');
    expect(historyOf(view().state, 'public').at(selected)).toMatchObject({text: 'alice, one'});
    expect(view().overlay).toBeUndefined();
  });

  test('does not move while one reads it, and says if a message is gone meanwhile', () => {
    const {view, tell, press, feedback} = open();
    tell(said('bob', 'alice, one'), writes('carol', 'alice, two'), {type: 'mentions'});
    press(keys.down);
    tell(said('bob', 'alice, three'), {type: 'cleared', conversation: 'public'});
    const {mentions = [], selected = -1} = overlayOf(view(), 'mentions') ?? {};
    expect(mentions[selected]?.entry.text).toBe('alice, one');
    press(keys.enter);
    expect(feedback()).toBe('That message is gone');
  });

  test('has nothing to go to before anybody has mentioned one', () => {
    const {view, tell, press} = open();
    tell({type: 'mentions'});
    press(keys.enter, '1', keys.down);
    expect(view().overlay).toEqual({kind: 'mentions', mentions: [], selected: 0});
    press(keys.escape);
    expect(view().overlay).toBeUndefined();
  });
});

test('what /share shows is closed at another hub, which others join otherwise', () => {
  const {view, tell} = open();
  tell({type: 'share', link: 'chat-tui://h:1', note: ''});
  expect(view().overlay).toMatchObject({kind: 'share', link: 'chat-tui://h:1'});
  tell(elsewhere);
  expect(view().overlay).toBeUndefined();
});
