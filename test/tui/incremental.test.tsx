/** Ink writes only the changes between two frames; the terminal still shows the whole frame. */
import {stripVTControlCharacters} from 'node:util';
import {renderToString} from 'ink';
import {beforeEach, expect, onTestFinished, test, vi} from 'vitest';
import {commands} from '../../source/client/commands.ts';
import {App} from '../../source/tui/app.tsx';
import {KeyReader} from '../../source/tui/input/keys.ts';
import {Screen} from '../../source/tui/screen.ts';
import {mount} from '../../source/tui/terminal/mount.tsx';
import {createTheme} from '../../source/tui/theme/theme.ts';
import {FakeClient, roomEntered, said, users} from './fake-client.ts';
import {TerminalStdout} from './terminal-stdout.ts';

beforeEach(() => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date']});
});

const theme = createTheme({depth: 2, isAscii: false}, 'dark');

function open(columns: number, rows: number) {
  const client = new FakeClient(users('alice', 'bob'));
  const terminal = new TerminalStdout(columns, rows);
  const screen = new Screen({
    client,
    commands,
    size: {columns, rows},
    terminal: {
      ring() {},
      repaint: () => mounted.repaint(),
      isBehind: () => false,
      suspend() {},
      leave() {},
      edit: async text => ({text}),
      guests: () => 0,
    },
  });
  const mounted = mount(screen, terminal.stdout, theme, undefined);
  const reader = new KeyReader();
  onTestFinished(async () => {
    screen.dispose();
    mounted.unmount();
    vi.advanceTimersByTime(100);
    await mounted.ended;
    vi.useRealTimers();
  });
  /** Writes as another program does; resolves when it is on the terminal. */
  const write = async (text: string) => {
    let isShown = false;
    terminal.write(text, () => {
      isShown = true;
    });
    // The emulator works off what it is given in timers of its own.
    while (!isShown) await vi.advanceTimersByTimeAsync(1);
  };
  return {
    client,
    terminal,
    press(text: string) {
      screen.onKeys(reader.read(new TextEncoder().encode(text), performance.now()));
    },
    /** Until everything that is to be drawn is on the terminal. */
    async drawn() {
      for (let turn = 0; turn < 4; turn++) {
        await vi.advanceTimersByTimeAsync(50);
        await new Promise(resolve => setImmediate(resolve));
      }
      await write('');
    },
    write,
    expected() {
      const size = {columns: terminal.columns, rows: terminal.rows};
      const frame = stripVTControlCharacters(
        renderToString(<App screen={screen} theme={theme} />, size),
      );
      return Array.from({length: size.rows}, (_, row) => frame.split('\n')[row] ?? '');
    },
  };
}

/** A sequence of numbers below a bound, the same for the same seed (mulberry32). */
function random(seed: number): (bound: number) => number {
  let state = seed;
  return bound => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
}

const texts = [
  'plain text',
  '日本語のテキスト',
  'family 👩‍👩‍👧 and flag 🇫🇷',
  'cafe\u0301',
  'two\nlines',
  'word '.repeat(30),
];
const keys = [
  'a',
  '日',
  '👍',
  '\u007f',
  '\u0001',
  '\u001b\r',
  '\r',
  '\u0003',
  '\u001b[5~',
  '\u001b[6~',
  '\u001b1',
  '\u001b3',
  '\u001b4',
  '\u001b[A',
  '\u001bOP',
  'q',
  '\u000c',
  '\u001bm',
];

test.each([1, 2, 3, 4])('150 random frames and resizes, seed %i', async seed => {
  const below = random(seed);
  const pick = <Item,>(items: readonly Item[]) => items[below(items.length)] as Item;
  const {client, terminal, press, drawn, expected} = open(100, 30);
  for (let frame = 0; frame < 150; frame++) {
    const choice = below(10);
    if (choice < 4) client.tell(said(pick(['bob', 'zoé']), pick(texts)));
    else if (choice < 8) press(pick(keys));
    else if (choice === 8) {
      client.tell(
        pick([
          roomEntered('alice', 'bob'),
          {type: 'room-left', reason: 'left'},
          users('alice', 'bob', `user${frame}`),
        ]),
      );
    } else terminal.resize(18 + below(140), 5 + below(45));
    await drawn();
    expect(terminal.lines(), `frame ${frame}`).toEqual(expected());
  }
  expect(terminal.raw).not.toContain('\u001b[2J');
});

test('Ctrl-L repaints what another program has written over', async () => {
  const {terminal, press, drawn, expected, write} = open(80, 24);
  await drawn();
  await write('\u001b[5;10Hnoise\r\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\nmore noise');
  expect(terminal.lines()).not.toEqual(expected());
  press('\u000c');
  await drawn();
  expect(terminal.lines()).toEqual(expected());
});

test('the cursor of the terminal is where the next character will be', async () => {
  const {terminal, press, drawn} = open(80, 24);
  press('é日👍');
  await drawn();
  expect(terminal.cursor).toEqual({x: ' public ▸ '.length + 5, y: 23});
  press('\u001b[D');
  await drawn();
  expect(terminal.cursor).toEqual({x: ' public ▸ '.length + 3, y: 23});
  press('\u001b\rx');
  await drawn();
  expect(terminal.cursor).toEqual({x: ' public ▸ '.length + 1, y: 23});
});
