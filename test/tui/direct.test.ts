/** Conversations with one person, as keys and events change them. */
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {commands} from '../../source/client/commands.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import {here} from '../../source/client/state.ts';
import {draftOf} from '../../source/tui/composer/composer.ts';
import {promptOf} from '../../source/tui/composer/composer-rows.ts';
import {KeyReader} from '../../source/tui/input/keys.ts';
import {isShown, type Size} from '../../source/tui/panes/layout.ts';
import {Screen} from '../../source/tui/screen.ts';
import {layoutFor} from '../../source/tui/view.ts';
import {FakeClient, roomEntered, users} from './fake-client.ts';
import {idleTerminal} from './idle-terminal.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const keys = {
  up: '\u001b[A',
  escape: '\u001b',
  ctrlY: '\u0019',
  enter: '\r',
} as const;

function writes(from: string, text = 'psst'): EngineEvent {
  return {type: 'message', scope: 'direct', from, text};
}

/** A client of a protocol with direct messages, at a screen. */
function open(events: readonly EngineEvent[] = [], size: Size = {columns: 120, rows: 40}) {
  const client = new FakeClient();
  client.state = {...client.state, features: new Set(['invitations', 'direct-messages', 'links'])};
  client.tell(users('alice', 'bob', 'carol'), ...events);
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
  return {
    client,
    screen,
    /** Each part in one go; Esc on its own. */
    press(...parts: readonly string[]) {
      for (const part of parts) {
        screen.onKeys(reader.read(new TextEncoder().encode(part), performance.now()));
        if (part === keys.escape) screen.onKeys(reader.onTime(performance.now() + 50));
      }
    },
    tell(...told: readonly EngineEvent[]) {
      client.tell(...told);
      vi.advanceTimersByTime(100);
    },
    draft: () => draftOf(screen.composer.get()).text,
    prompt: () => promptOf(screen.composer.get(), client.state, size.columns).text,
    feedback: () => screen.view.get().feedback?.text,
    shown: () => {
      const layout = layoutFor(screen.view.get(), 1);
      const names = ['public', 'room', '@bob', '@carol'] as const;
      return names.filter(name => isShown(layout, name));
    },
  };
}

const elsewhere: EngineEvent = {
  type: 'connection',
  connection: {phase: 'connected'},
  server: 'res302://h:1',
  nick: 'alice',
};

describe('/query', () => {
  test('turns to a person: what is typed goes there alone, until /close', () => {
    const {client, press, prompt, tell} = open();
    press('/query bob', keys.enter);
    expect(prompt()).toBe(' bob ▸ ');
    press('secret', keys.enter, '/me waves', keys.enter);
    expect(client.calls).toEqual(['turn to @bob', 'bob: secret', 'bob: * alice waves']);
    tell({type: 'conversation-closed', conversation: '@bob'});
    press('salut', keys.enter);
    expect(client.calls.at(-1)).toBe('public: salut');
  });

  test('with a text sends it and turns; /msg does not turn', () => {
    const {client, press} = open();
    press('/msg carol one', keys.enter, 'two', keys.enter);
    press('/query bob three', keys.enter, 'four', keys.enter);
    expect(client.calls).toEqual([
      'carol: one',
      'public: two',
      'bob: three',
      'turn to @bob',
      'bob: four',
    ]);
  });

  test('leaves nothing that comes behind it in one read for everybody', () => {
    const {client, press} = open();
    press('/query bob\rsecret\r');
    expect(client.calls).toEqual([]);
  });
});

test('a person and everybody have drafts and histories of their own', () => {
  const {press, draft} = open([writes('bob'), writes('carol')]);
  press('for all', keys.enter, 'half', '\u001b5');
  expect(draft()).toBe('');
  press('for bob', keys.enter, 'bob half', '\u001b6');
  expect(draft()).toBe('');
  press(keys.escape, keys.up);
  expect(draft()).toBe('');
  press('\u001b5');
  expect(draft()).toBe('bob half');
  press(keys.escape, keys.up);
  expect(draft()).toBe('for bob');
  press('\u001b1');
  expect(draft()).toBe('half');
  press(keys.escape, keys.up);
  expect(draft()).toBe('for all');
});

test('Tab completes those with whom one talks, though they have left', () => {
  const {press, draft} = open([writes('zoe')]);
  press('/query z', '\t');
  expect(draft()).toBe('/query zoe ');
});

describe('at another hub', () => {
  test('a draft for a person is not sent to whoever has that name there', () => {
    const {client, press, draft, tell} = open([writes('bob')]);
    press('\u001b5', 'secret');
    tell(elsewhere, users('alice', 'bob'), writes('bob', 'hello?'));
    press(keys.enter);
    expect(client.calls).toEqual(['turn to @bob']);
    expect(draft()).toBe('');
    press(keys.ctrlY);
    expect(draft()).toBe('secret');
  });

  test('a draft that was left behind is not sent there either, nor found in the history', () => {
    const {client, press, draft, tell} = open([writes('bob')]);
    press('\u001b5', 'said', keys.enter, 'secret', '\u001b1');
    tell(elsewhere, users('alice', 'bob'), writes('bob', 'hello?'));
    press('\u001b5', keys.escape, keys.enter, keys.enter);
    expect(client.calls.filter(call => call.includes('secret'))).toEqual([]);
    press(keys.escape, keys.up);
    expect(draft()).toBe('');
  });

  test('one is in public again', () => {
    const {press, prompt, tell} = open([writes('bob')]);
    press('\u001b5', keys.escape);
    tell(elsewhere);
    expect(prompt()).toBe(' public ▸ ');
  });
});

test('what was begun for one person is said in a room that opens only if confirmed', () => {
  const {client, press, prompt, tell} = open([writes('bob')]);
  press('\u001b5', keys.escape);
  tell(roomEntered('alice', 'carol'));
  press('secret', keys.enter);
  expect(prompt()).toBe(' to the room? Enter sends ▸ ');
  expect(client.calls).toEqual(['turn to @bob']);
  press(keys.enter);
  expect(client.calls.at(-1)).toBe('room: secret');
});

test('a draft for a person whose conversation closes elsewhere can be put back', () => {
  const {press, draft, tell} = open([writes('bob')]);
  press('\u001b5', 'secret', '\u001b1');
  tell({type: 'conversation-closed', conversation: '@bob'});
  expect(draft()).toBe('');
  press(keys.escape, keys.ctrlY);
  expect(draft()).toBe('secret');
});

describe('Alt and a digit', () => {
  test('goes to the conversation, which is shown beside the public one', () => {
    const {client, press, shown} = open([writes('bob'), writes('carol')]);
    expect(shown()).toEqual(['public']);
    press('\u001b6');
    expect(here(client.state)).toBe('@carol');
    expect(shown()).toEqual(['public', '@carol']);
    press('\u001b5');
    expect(shown()).toEqual(['public', '@bob']);
    press('\u001b1');
    expect(here(client.state)).toBe('public');
    expect(shown()).toEqual(['public']);
  });

  test('shows one at a time on a narrow screen', () => {
    const {press, shown} = open([writes('bob')], {columns: 50, rows: 20});
    press('\u001b5', keys.escape);
    expect(shown()).toEqual(['@bob']);
    press('\u001b1');
    expect(shown()).toEqual(['public']);
  });

  test('in a room shows public for reading, and Esc goes back to whom one talks with', () => {
    const {client, press, shown} = open([roomEntered('alice', 'bob'), writes('bob')], {
      columns: 50,
      rows: 20,
    });
    press('\u001b5', '\u001b1');
    expect(shown()).toEqual(['public']);
    expect(here(client.state)).toBe('@bob');
    press(keys.escape);
    expect(shown()).toEqual(['@bob']);
    press('\u001b2');
    expect(here(client.state)).toBe('room');
  });

  test('says if there is no such conversation', () => {
    const {press, feedback} = open();
    press('\u001b5');
    expect(feedback()).toBe('There is no such conversation: /query NICK opens one');
    press('\u001b2');
    expect(feedback()).toContain('You are in no private room');
  });
});
