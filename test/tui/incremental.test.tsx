/** Ink writes only the changes between two frames; the terminal still shows the whole frame. */
import {stripVTControlCharacters} from 'node:util';
import {renderToString} from 'ink';
import {beforeEach, expect, onTestFinished, test, vi} from 'vitest';
import {commands} from '../../source/client/commands.ts';
import {App} from '../../source/tui/app.tsx';
import {KeyReader} from '../../source/tui/input/keys.ts';
import {Screen} from '../../source/tui/screen.ts';
import {mount} from '../../source/tui/terminal/mount.tsx';
import {isRisky} from '../../source/tui/text/risky.ts';
import {graphemes} from '../../source/tui/text/width.ts';
import {createTheme} from '../../source/tui/theme/theme.ts';
import {FakeClient, roomEntered, said, users} from './fake-client.ts';
import {idleTerminal} from './idle-terminal.ts';
import {TerminalStdout} from './terminal-stdout.ts';

// Read when Ink is loaded.
vi.hoisted(() => vi.stubEnv('FORCE_COLOR', '3'));

beforeEach(() => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date']});
});

const theme = createTheme({depth: 2, isAscii: false}, 'dark');

function open(columns: number, rows: number, measures: 'clusters' | 'code points' = 'clusters') {
  const client = new FakeClient(users('alice', 'bob'));
  const terminal = new TerminalStdout(columns, rows, measures);
  const screen = new Screen({
    client,
    commands,
    size: {columns, rows},
    terminal: {
      ...idleTerminal,
      repaint: () => mounted.repaint(),
      isBehind: () => false,
      suspend() {},
      leave() {},
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
    repaint: () => mounted.repaint(),
    /** Each cell with its colours. */
    looks: () => Array.from({length: terminal.rows}, (_, row) => terminal.looks(row)),
    expected() {
      const size = {columns: terminal.columns, rows: terminal.rows};
      const frame = stripVTControlCharacters(
        renderToString(<App screen={screen} theme={theme} />, size),
      );
      return Array.from({length: size.rows}, (_, row) => frame.split('\n')[row]?.trimEnd() ?? '');
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
  '\u001b2',
  '\u001b5',
  '\u001ba',
  '\u001bp',
  '\u0007',
  '\t',
  '/',
  ':smi',
];

test.each([1, 2, 3, 4])('150 random frames and resizes, seed %i', async seed => {
  const below = random(seed);
  const pick = <Item,>(items: readonly Item[]) => items[below(items.length)] as Item;
  const {client, terminal, press, drawn, expected, write, looks, repaint} = open(100, 30);
  client.state = {...client.state, features: new Set(['invitations', 'direct-messages'])};
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
          {type: 'message', scope: 'direct', from: 'zoé', text: pick(texts)},
          {type: 'invitation', from: 'bob', mode: 'centralised', lifetimeMs: 60_000},
        ]),
      );
    } else {
      // The emulator loses rows if it grows after it has shrunk with the cursor far down.
      await write('\u001b[H');
      terminal.resize(18 + below(140), 5 + below(45));
    }
    await drawn();
    expect(terminal.lines(), `frame ${frame}`).toEqual(expected());
    if (frame % 10 !== 0) continue;
    const grown = looks();
    repaint();
    await drawn();
    expect(looks(), `frame ${frame}, drawn anew`).toEqual(grown);
  }
  expect(terminal.raw).not.toContain('\u001b[2J');
});

const risky = [
  'नमस्ते, क्षत्रिय',
  'कि 👍🏽 👨‍👩‍👧‍👦 end',
  'กำ ก็ flags 🇫🇷🇯🇵🇫 end',
  '❤️ ⚠️ 1️⃣ ☝ ☰ 🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  '👩‍ then 日本, ᄒ\u1161\u11ab',
  '👍🏽'.repeat(60),
];

test.each([
  [5, 'clusters'],
  [6, 'code points'],
] as const)(
  '100 random frames with clusters that terminals measure differently, seed %i, for one that measures %s',
  async (seed, measures) => {
    const below = random(seed);
    const pick = <Item,>(items: readonly Item[]) => items[below(items.length)] as Item;
    const {client, terminal, press, drawn, expected} = open(100, 30, measures);
    await drawn();
    for (let frame = 0; frame < 100; frame++) {
      const choice = below(10);
      if (choice < 4) client.tell(said(pick(['bob', 'zoé']), pick([...texts, ...risky])));
      else if (choice < 8) press(pick([...keys, 'स्ते', '👩‍👩‍👧', '❤️']));
      else if (choice === 8)
        client.tell(pick([roomEntered('alice', 'bob'), users('alice', 'कर्ण')]));
      else terminal.resize(18 + below(140), 5 + below(45));
      await drawn();
      const moved = expected().flatMap((row, place) => differences(row, terminal.cells(place)));
      expect(moved, `frame ${frame}`).toEqual([]);
    }
  },
);

/** Columns that show something else than the row, those of clusters aside that terminals measure differently. */
function differences(row: string, cells: readonly string[]): string[] {
  const wanted: (string | undefined)[] = [];
  for (const {text, width} of graphemes(row)) {
    const rest = Array.from({length: width - 1}, () => '');
    wanted.push(...(isRisky(text) ? [undefined, ...rest.map(() => undefined)] : [text, ...rest]));
  }
  return cells.flatMap((cell, column) => {
    const want = column < wanted.length ? wanted[column] : '';
    const isSame = want === undefined || cell.trim() === want.trim();
    return isSame ? [] : [`column ${column}: ${cell} for ${want} in ${row}`];
  });
}

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
  expect(terminal.cursor).toEqual({x: ' public ▸ '.length + 5, y: 22});
  press('\u001b[D');
  await drawn();
  expect(terminal.cursor).toEqual({x: ' public ▸ '.length + 3, y: 22});
  press('\u001b\rx');
  await drawn();
  expect(terminal.cursor).toEqual({x: ' public ▸ '.length + 1, y: 22});
});
