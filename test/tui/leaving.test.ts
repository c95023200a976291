/** How the screen gives its terminal back, and asks before guests in the user's own hub lose it. */
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {commands} from '../../source/client/commands.ts';
import type {Reading} from '../../source/client/draft.ts';
import {KeyReader} from '../../source/tui/input/keys.ts';
import {Screen} from '../../source/tui/screen.ts';
import {FakeClient, said} from './fake-client.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A client whose `/quit` asks to quit, as that of the program does. */
class QuittingClient extends FakeClient {
  override carryOut(reading: Reading): boolean {
    if (reading.kind === 'command' && reading.command.name === 'quit') this.tell({type: 'quit'});
    return super.carryOut(reading);
  }
}

function open(guests: number) {
  const client = new QuittingClient();
  const terminal = {isBehind: false, guests};
  const asked: string[] = [];
  const screen = new Screen({
    client,
    commands,
    size: {columns: 120, rows: 40},
    terminal: {
      ring: () => asked.push('ring'),
      repaint: () => asked.push('repaint'),
      isBehind: () => terminal.isBehind,
      suspend: () => asked.push('suspend'),
      leave: () => asked.push('leave'),
      edit: async text => ({text}),
      guests: () => terminal.guests,
    },
  });
  const reader = new KeyReader();
  return {
    client,
    terminal,
    screen,
    asked,
    /** Each part in one read. */
    press(...parts: readonly string[]) {
      for (const part of parts) {
        screen.onKeys(reader.read(new TextEncoder().encode(part), performance.now()));
      }
    },
    question: () => screen.composer.get().question,
  };
}

const ctrlC = '\u0003';
const ctrlD = '\u0004';
const ctrlZ = '\u001a';

test.each([
  ['Ctrl-C', ctrlC, ctrlC, 'leave'],
  ['Ctrl-D', ctrlD, ctrlD, 'leave'],
  ['Ctrl-Z', ctrlZ, ctrlZ, 'suspend'],
  ['/quit', '/quit\r', '\r', 'leave'],
])(
  '%s with guests asks, with their number, and is confirmed with the same key',
  (_name, keys, answer, wish) => {
    const {asked, press, question} = open(3);
    press(keys);
    expect(asked).toEqual([]);
    expect(question()).toMatchObject({about: 'leaving', guests: 3});
    press(answer);
    expect(asked).toEqual([wish]);
  },
);

test.each([ctrlC, ctrlD, ctrlZ, '/quit\r'])(
  'any other key than %j takes the question back',
  keys => {
    const {asked, press, question} = open(1);
    press(keys, 'x');
    expect(question()).toBeUndefined();
    expect(asked).toEqual([]);
  },
);

test.each([
  [ctrlC, ctrlD],
  [ctrlZ, ctrlC],
  ['/quit\r', ctrlZ],
])('a question asked by %j is not answered by %j', (keys, other) => {
  const {asked, press} = open(1);
  press(keys, other);
  expect(asked).toEqual([]);
});

test('the confirmation of a suspension is no question any more when it goes on', () => {
  const {asked, press, question} = open(2);
  press(ctrlZ, ctrlZ);
  expect(question()).toBeUndefined();
  press(ctrlZ);
  expect(asked).toEqual(['suspend']);
});

test('without guests Ctrl-D, Ctrl-Z and /quit ask nothing', () => {
  for (const [keys, wish] of [
    [ctrlD, 'leave'],
    [ctrlZ, 'suspend'],
    ['/quit\r', 'leave'],
  ] as const) {
    const {asked, press} = open(0);
    press(keys);
    expect(asked).toEqual([wish]);
  }
});

test.each([0, 1])(
  'with %i guests, what comes in one read behind /quit is neither typed nor sent',
  guests => {
    const {client, asked, press, screen} = open(guests);
    press('/quit\rafter\r');
    expect(client.calls).toEqual(['public: /quit']);
    expect(asked).toEqual(guests === 0 ? ['leave'] : []);
    expect(screen.composer.get().drafts.public?.text).toBe('');
  },
);

test('a terminal that has not taken the last frame gets no other until it has', () => {
  const {client, terminal, screen} = open(0);
  vi.advanceTimersByTime(100);
  let views = 0;
  screen.view.subscribe(() => {
    views++;
  });
  terminal.isBehind = true;
  for (let second = 0; second < 10; second++) {
    client.tell(said('bob', `${second}`));
    vi.advanceTimersByTime(1000);
  }
  expect(views).toBe(0);
  terminal.isBehind = false;
  screen.onRoom();
  vi.advanceTimersByTime(100);
  expect(views).toBe(1);
  expect(screen.view.get().state).toBe(client.state);
});

test('a user who types into the form is not let in under the former name', () => {
  const {client, press} = open(0);
  const {server, nick} = client.state;
  const connection = {phase: 'refused', reason: 'unreachable', message: '', retryAt: 0} as const;
  client.tell({type: 'connection', connection, server, nick});
  vi.advanceTimersByTime(100);
  press('\t');
  expect(client.calls).toEqual([]);
  press('9');
  expect(client.calls).toEqual(['stopTrying']);
});

test('another attempt that fails leaves what is typed into the form as it is', () => {
  const {client, screen} = open(0);
  const {server, nick} = client.state;
  const refused = (retryAt: number) =>
    client.tell({
      type: 'connection',
      connection: {phase: 'refused', reason: 'unreachable', message: '', retryAt},
      server,
      nick,
    });
  refused(1);
  vi.advanceTimersByTime(100);
  screen.changeForm({nick: 'zoe', field: 'nick'});
  refused(2);
  vi.advanceTimersByTime(100);
  expect(screen.view.get().form).toMatchObject({nick: 'zoe', field: 'nick'});
});
