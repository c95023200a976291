/** What is shown beside a draft, and what can be done with it before it is sent. */
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {commands} from '../../source/client/commands.ts';
import {draftOf} from '../../source/tui/composer/composer.ts';
import {KeyReader} from '../../source/tui/input/keys.ts';
import {Screen} from '../../source/tui/screen.ts';
import type {Edited} from '../../source/tui/screen-terminal.ts';
import {FakeClient, roomEntered, said, users} from './fake-client.ts';
import {idleTerminal} from './idle-terminal.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const key = {
  altEnter: '\u001b\r',
  ctrlE: '\u0005',
  ctrlR: '\u0012',
  ctrlU: '\u0015',
  ctrlX: '\u0018',
  escape: '\u001b',
} as const;

/** @param edit What the user's editor does. */
function open(client: FakeClient, edit = async (text: string): Promise<Edited> => ({text})) {
  const screen = new Screen({
    client,
    commands,
    size: {columns: 120, rows: 40},
    terminal: {...idleTerminal, edit},
  });
  const reader = new KeyReader();
  const outlook = () => screen.composer.get().outlook;
  return {
    screen,
    press(...parts: readonly string[]) {
      for (const part of parts) {
        screen.onKeys(reader.read(new TextEncoder().encode(part), performance.now()));
        if (part === key.escape) screen.onKeys(reader.onTime(performance.now() + 50));
      }
    },
    paste: (text: string) => screen.onKeys([{type: 'paste', text}]),
    draft: () => draftOf(screen.composer.get()).text,
    budget: () => outlook().budget?.text,
    /** The rows above the draft, the chosen one with a `▸`. */
    rows: () =>
      outlook().rows.map(({text, isChosen}) => (isChosen === true ? `▸${text}` : ` ${text}`)),
    feedback: () => screen.view.get().feedback?.text,
    nextFrame: () => vi.advanceTimersByTime(100),
  };
}

/** As many bytes, in words of ten. */
function words(bytes: number): string {
  return 'abcdefghi '.repeat(bytes / 10);
}

describe('beside a draft stands', () => {
  test('nothing while there is nothing to say', () => {
    const {press, budget} = open(new FakeClient());
    press('hello');
    expect(budget()).toBeUndefined();
  });

  test.each([
    [390, undefined],
    [400, '400/500'],
    [500, '500/500'],
    [510, '510/500 · 2 parts'],
    [1010, '1010/500 · 3 parts'],
  ])('for %i bytes: %s', (bytes, expected) => {
    const {paste, budget} = open(new FakeClient());
    paste(`${words(bytes - 10)}abcdefghij`);
    expect(budget()).toBe(expected);
  });

  test('how many read it in a room, and who alone reads a direct message', () => {
    const client = new FakeClient(users('alice', 'bob'), roomEntered('alice', 'bob', 'carl'));
    client.state = {...client.state, features: new Set(['invitations', 'direct-messages'])};
    const {press, budget, nextFrame} = open(client);
    nextFrame();
    press('hello');
    expect(budget()).toBe('for 2');
    press(key.ctrlU, '/msg bob psst');
    expect(budget()).toBe('to bob only');
    press(key.ctrlU, '/leave');
    expect(budget()).toBeUndefined();
  });

  test('how many messages its lines are, where a message is one line', () => {
    const client = new FakeClient();
    client.textRules = {maximumTextBytes: 500, carriesLineFeeds: false};
    const {press, budget} = open(client);
    press('one', key.altEnter, 'two');
    expect(budget()).toBe('2 messages');
  });

  test('that the hub is away', () => {
    const client = new FakeClient();
    const {server, nick} = client.state;
    client.tell({
      type: 'connection',
      connection: {phase: 'retrying', attempt: 1, at: 0},
      server,
      nick,
    });
    const {press, budget} = open(client);
    press('hello');
    expect(budget()).toContain('kept');
  });
});

describe('a text that is too long', () => {
  const long = `${words(600)}end`;

  test('is sent in parts by a second Enter, each of them short enough, cut at words', () => {
    const client = new FakeClient();
    const {paste, press, rows, draft} = open(client);
    paste(long);
    press('\r');
    expect(client.calls).toEqual([]);
    expect(rows()[0]).toContain('Enter sends 2 messages to everybody');
    press('\r');
    expect(client.calls).toEqual([`public: ${words(500).trimEnd()}`, `public: ${words(100)}end`]);
    expect(draft()).toBe('');
  });

  test('stays as it is with any other key', () => {
    const client = new FakeClient();
    const {paste, press, rows, draft} = open(client);
    paste(long);
    press('\r', '!');
    expect(rows()).toEqual([]);
    expect(draft()).toBe(`${long}!`);
    expect(client.calls).toEqual([]);
  });

  test('of an action is an action in each part', () => {
    const client = new FakeClient();
    const {paste, press} = open(client);
    press('/me ');
    paste(long);
    press('\r', '\r');
    for (const call of client.calls) expect(call).toMatch(/^public: \* alice abc.{0,500}$/);
    expect(client.calls).toHaveLength(2);
  });
});

describe('the question about pasted lines', () => {
  const lines = Array.from({length: 300}, (_, index) => `line ${index}`);

  test('shows the first ones, how many messages they are, and for whom', () => {
    const {paste, rows} = open(new FakeClient());
    paste(lines.join('\n'));
    expect(rows()[0]).toContain('Enter sends 300 messages to everybody');
    expect(rows().slice(1)).toEqual([' line 0', ' line 1', ' line 2', ' line 3', ' 296 more']);
  });

  test('offers one message, if they fit into one', () => {
    const client = new FakeClient();
    const {paste, press, rows} = open(client);
    paste('/one\ntwo');
    expect(rows()[0]).toContain('Alt-Enter one of them all');
    press(key.altEnter);
    expect(client.calls).toEqual(['public: /one\ntwo']);
  });

  test.each([
    ['are too long together', {maximumTextBytes: 5, carriesLineFeeds: true}],
    ['cannot be in one message', {maximumTextBytes: 500, carriesLineFeeds: false}],
  ])('does not if they %s', (_, textRules) => {
    const client = new FakeClient();
    client.textRules = textRules;
    const {paste, press, rows, draft} = open(client);
    paste('one\ntwo');
    expect(rows()[0]).not.toContain('Alt-Enter');
    press(key.altEnter);
    expect(client.calls).toEqual([]);
    expect(draft()).toContain('one\ntwo');
  });

  test('counts a line that is too long as its parts', () => {
    const client = new FakeClient();
    const {paste, press} = open(client);
    paste(`${words(600)}\nshort`);
    press('\r');
    expect(client.calls).toHaveLength(3);
  });
});

describe('above a draft stands', () => {
  test('what a slash can become', () => {
    const {press, rows} = open(new FakeClient());
    press('/');
    expect(rows()[0]).toBe(' /help [TOPIC]');
    expect(rows().at(-1)).toMatch(/^ \d+ more: Tab/);
    press('un');
    expect(rows()).toEqual([' /unignore NICK']);
    press('ignore ');
    expect(rows()).toEqual([' /unignore NICK']);
    press(key.ctrlU, '//un');
    expect(rows()).toEqual([]);
  });

  test('what can be completed, in at most six rows, around the chosen one', () => {
    const names = Array.from({length: 9}, (_, index) => `jo${index}`);
    const {press, rows, draft} = open(new FakeClient(users('alice', ...names)));
    press('jo\t');
    expect(rows()).toEqual(['▸jo0', ' jo1', ' jo2', ' jo3', ' jo4', ' jo5']);
    press('\u001b[Z');
    expect(rows()).toEqual([' jo3', ' jo4', ' jo5', ' jo6', ' jo7', '▸jo8']);
    press(key.escape);
    expect(rows()).toEqual([]);
    expect(draft()).toBe('jo');
  });

  test('whoever wrote last before the others', () => {
    const client = new FakeClient(users('alice', 'james', 'jimmy'), said('jimmy', 'hello'));
    const {press, draft} = open(client);
    press('j\t');
    expect(draft()).toBe('jimmy: ');
  });
});

test('emoji are completed by their names, which are loaded for the first one', async () => {
  vi.useRealTimers();
  const {press, draft} = open(new FakeClient());
  press(':joy\t');
  await vi.waitFor(() => expect(draft()).toBe('😂 '));
});

describe('Ctrl-R', () => {
  test('finds what was sent, newest first; Enter takes it, and Ctrl-_ brings the draft back', () => {
    const {press, rows, draft} = open(new FakeClient());
    press('coffee at four\r', 'tea\r', '/kick bob\r', 'Coffee again\r', 'my draft');
    press(key.ctrlR, 'COF');
    expect(rows().slice(1)).toEqual([' coffee at four', '▸Coffee again']);
    press(key.ctrlR);
    expect(rows().slice(1)).toEqual(['▸coffee at four', ' Coffee again']);
    expect(draft()).toBe('my draft');
    press('\r');
    expect(draft()).toBe('coffee at four');
    press('\u001f');
    expect(draft()).toBe('my draft');
    press(key.ctrlR, 'kick', '\r');
    expect(draft()).toBe('/kick bob');
  });

  test('Esc goes back to the draft, and so does Enter if nothing was found', () => {
    const client = new FakeClient();
    const {press, rows, draft} = open(client);
    press('tea\r', 'my draft', key.ctrlR, 'te', key.escape);
    expect(draft()).toBe('my draft');
    press(key.ctrlR, 'xyz');
    expect(rows()).toEqual([' Nothing sent here has that. Esc back']);
    press('\r');
    expect(draft()).toBe('my draft');
    expect(client.calls).toEqual(['public: tea']);
  });

  test('does not find in public what was said in a room', () => {
    const client = new FakeClient(roomEntered('alice', 'bob'));
    const {press, rows, nextFrame} = open(client);
    nextFrame();
    press('our secret\r');
    client.tell({type: 'room-left', reason: 'left'});
    nextFrame();
    press(key.ctrlR, 'secret');
    expect(rows()).toEqual([' Nothing sent here has that. Esc back']);
  });
});

describe('Ctrl-X Ctrl-E', () => {
  const settle = () => vi.advanceTimersByTimeAsync(1);

  test('puts what the editor leaves into the draft, and sends nothing', async () => {
    const client = new FakeClient();
    const {press, draft} = open(client, async text => ({text: `${text} and\r\nmore\n`}));
    press('this', key.ctrlX, key.ctrlE);
    await settle();
    expect(draft()).toBe('this and\nmore');
    press('\u001f');
    expect(draft()).toBe('this');
    expect(client.calls).toEqual([]);
  });

  test('leaves the draft if the editor fails, and says so', async () => {
    const {press, draft, feedback} = open(new FakeClient(), async () => ({problem: 'no ed'}));
    press('this', key.ctrlX, key.ctrlE);
    await settle();
    expect(draft()).toBe('this');
    expect(feedback()).toBe('no ed');
  });

  test('leaves the draft if the text is longer than a paste can be', async () => {
    const text = 'x'.repeat(300_000);
    const {press, draft, feedback} = open(new FakeClient(), async () => ({text}));
    press('this', key.ctrlX, key.ctrlE);
    await settle();
    expect(draft()).toBe('this');
    expect(feedback()).toContain('300000 characters');
  });

  test('what was edited for a room is not for the next one', async () => {
    const client = new FakeClient(roomEntered('alice', 'bob'));
    const {press, feedback, nextFrame} = open(client, async text => {
      client.tell({type: 'room-left', reason: 'left'}, roomEntered('alice', 'carl'));
      return {text: `${text}secret`};
    });
    nextFrame();
    press(key.ctrlX, key.ctrlE);
    await settle();
    press('\r');
    expect(client.calls).toEqual([]);
    expect(feedback()).toBeUndefined();
  });

  test('Ctrl-X and another key are that key', () => {
    const {press, draft} = open(new FakeClient());
    press('ab', key.ctrlX, 'c');
    expect(draft()).toBe('abc');
  });
});

test('Alt-2 without a room says what opens one', () => {
  const {press, feedback} = open(new FakeClient());
  press('\u001b2');
  expect(feedback()).toContain('/invite NICK opens one');
});

test('what is typed in the help searches in it', () => {
  const {screen, press} = open(new FakeClient());
  press('\u001bOP', 'cut', '\u0008');
  expect(screen.view.get().help?.filter.text).toBe('cu');
});
