/** Colours and signs, in the built program: what the terminal is said to show, and what it then gets. */
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import type {Cell} from './cell.ts';
import {gathering} from './gathering.ts';
import {alt, key} from './keys.ts';
import {chatTui} from './processes.ts';
import type {Terminal} from './terminal.ts';

const people = gathering();

type Variables = Readonly<Record<string, string>>;

async function enter(env: Variables = {}, nick = 'alice'): Promise<Terminal> {
  const size = {columns: 104, rows: 26};
  const terminal = chatTui(['--server', people.hub.address, '--nick', nick], {...size, env});
  onTestFinished(() => terminal.dispose());
  await terminal.waitFor(/public [▸>] type/);
  await terminal.waitFor(/[●*] \d/);
  return terminal;
}

async function enterHeadless(nick: string) {
  const client = people.run('--server', people.hub.address, '--nick', nick);
  await client.next('connected');
  return client;
}

/** Where the settings are, with these in them. */
function configuration(settings: object): Variables {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'chat-tui-theme-'));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  mkdirSync(path.join(folder, 'chat-tui'));
  writeFileSync(path.join(folder, 'chat-tui', 'settings.json'), JSON.stringify(settings));
  return {XDG_CONFIG_HOME: folder};
}

function cellsOf(terminal: Terminal): Cell[] {
  return terminal
    .screen()
    .flatMap((_, row) =>
      Array.from({length: terminal.columns}, (__, column) => terminal.cell(column, row)),
    );
}

/** The first cell of a text on the screen. */
function cellOf(terminal: Terminal, text: string): Cell {
  const rows = terminal.screen();
  const row = rows.findIndex(line => line.includes(text));
  return terminal.cell(rows[row]?.indexOf(text) ?? -1, row);
}

/** One after another: your own message, a mention, a selection, a private room with the public pane beside it. */
async function* tour(terminal: Terminal): AsyncGenerator<string> {
  const bob = await enterHeadless('bob');
  await terminal.waitFor('bob came');
  terminal.write(`salut${key.enter}`);
  await terminal.waitFor(/salut +[✓+]/);
  bob.write('alice: look');
  await terminal.waitFor(/! +bob[ │|]+alice: look/);
  yield 'mention';
  terminal.write(alt('3'));
  await terminal.waitFor(/[▸>]bob /);
  yield 'selection';
  terminal.write(key.escape);
  await terminal.waitFor(rows => !rows.some(row => /[▸>]bob/.test(row)));
  terminal.write(`/nope${key.enter}`);
  await terminal.waitFor('There is no /nope');
  yield 'error';
  for (let letter = 0; letter < '/nope'.length; letter++) terminal.write(key.backspace);
  await terminal.waitFor(/public [▸>] type/);
  bob.write('/invite alice');
  await terminal.waitFor('Invitations 1');
  terminal.write(`/accept bob${key.enter}`);
  await terminal.waitFor(/room [▸>] type/);
  yield 'room';
  terminal.write(`/help${key.enter}`);
  await terminal.waitFor('Esc closes');
  yield 'help';
}

test('without colour, bold, dim and reverse stay', async () => {
  const terminal = await enter({NO_COLOR: '1'});
  for await (const state of tour(terminal)) {
    const coloured = cellsOf(terminal).filter(cell => cell.foreground ?? cell.background);
    expect({state, coloured}).toEqual({state, coloured: []});
    if (state === 'mention') {
      expect(cellOf(terminal, 'alice: look')).toMatchObject({isBold: true, isInverse: true});
      expect(cellOf(terminal, ': look')).toMatchObject({isBold: true, isInverse: false});
      expect(cellOf(terminal, '!')).toMatchObject({isBold: true});
      expect(cellOf(terminal, 'bob came')).toMatchObject({isDim: true});
      expect(terminal.cell(0, 0)).toMatchObject({isInverse: true});
    }
    if (state === 'selection') expect(cellOf(terminal, '▸bob')).toMatchObject({isInverse: true});
    if (state === 'room') expect(cellOf(terminal, 'alice: look')).toMatchObject({isDim: true});
  }
  // Not one colour was sent, shown or not.
  const sequences = terminal.raw.split('\u001b[').map(rest => /^[\d;]*m/.exec(rest)?.[0] ?? '');
  expect(sequences.filter(sequence => /^(3[0-8]|4[0-8]|9\d|10\d)\b|;/.test(sequence))).toEqual([]);
  expect(sequences).toContain('7m');
});

test.each([{CI: ''}, {CI: 'true'}, {CI: '1', FORCE_COLOR: ''}])(
  'in an environment with %j there are colours',
  async env => {
    const terminal = await enter(env);
    expect(cellOf(terminal, 'public ▸')).toMatchObject({foreground: darkAccent, isBold: true});
  },
);

test.each([
  {LANG: 'C'},
  {LANG: 'C.UTF-8', LC_ALL: 'POSIX'},
  {LANG: 'C.UTF-8', TERM: 'linux', COLORTERM: ''},
])('with %j, what is ours is ASCII', async env => {
  const terminal = await enter(env);
  expect(terminal.screen()[1]).toMatch(/^ 1 Public +\| 3 Here \d/);
  expect(terminal.screen().at(-3)).toMatch(/^-+\+-+$/);
  for await (const _state of tour(terminal)) {
    expect(terminal.raw).toMatch(/^\p{ASCII}*$/u);
  }
  terminal.resize(40, 16);
  await terminal.waitFor('Esc closes');
  terminal.write(key.escape);
  await terminal.waitFor(/2 room/);
  terminal.resize(19, 5);
  await terminal.waitFor('chat-tui needs 20x6');
  expect(terminal.raw).toMatch(/^\p{ASCII}*$/u);
});

test('what people write stays as it is where signs are ASCII', async () => {
  const bob = await enterHeadless('bob');
  const terminal = await enter({LANG: 'C'});
  bob.write('ça va → …');
  await terminal.waitFor(/bob[ │|]+ça va → … +\|/);
});

/** 80 and 23 of the 256 colours. */
const darkAccent = '#5fd7d7';
const lightAccent = '#005f5f';

function accentOf(terminal: Terminal): string | undefined {
  return cellOf(terminal, 'public ▸').foreground;
}

test.each([
  ['in words of four digits, ended by ST', ['\u001b]11;rgb:ffff/ffff/ffff\u001b\\']],
  ['as a number, ended by BEL', ['\u001b]11;#fff\u0007']],
  ['in pieces', ['\u001b]1', '1;rgb:fdfd/f6', 'f6/e3e3', '\u001b', '\\']],
])(
  'the terminal says that it is light, %s: everything is drawn anew for that',
  async (_form, answer) => {
    const terminal = await enter();
    expect(accentOf(terminal)).toBe(darkAccent);
    const asked = terminal.raw.split('\u001b]11;?').length - 1;
    const drawn = terminal.raw.length;
    for (const piece of answer) terminal.write(piece);
    await terminal.waitFor(() => accentOf(terminal) === lightAccent);
    expect(cellsOf(terminal).filter(({foreground}) => foreground === darkAccent)).toEqual([]);
    // Nothing of it was taken for something that was typed.
    expect(terminal.screen().at(-2)).toContain('public ▸ type a message');
    expect(asked).toBe(1);
    expect(terminal.raw.slice(drawn)).not.toContain('\u001b]11;?');
    expect(terminal.raw.slice(drawn)).not.toContain('\u001b[2J');
    // A later reply does not answer the question.
    terminal.write('\u001b]11;#000\u0007');
    terminal.write('typed');
    await terminal.waitFor('▸ typed');
    expect(accentOf(terminal)).toBe(lightAccent);
  },
);

test('where the terminal says nothing, COLORFGBG does', async () => {
  expect(accentOf(await enter({COLORFGBG: '0;15'}))).toBe(lightAccent);
  expect(accentOf(await enter({COLORFGBG: '15;0'}, 'bob'))).toBe(darkAccent);
});

test('what the terminal says wins over COLORFGBG', async () => {
  const terminal = await enter({COLORFGBG: '0;15'});
  terminal.write('\u001b]11;rgb:0000/0000/0000\u001b\\');
  await terminal.waitFor(() => accentOf(terminal) === darkAccent);
});

test('the settings choose the theme and colours, and then nothing is asked', async () => {
  const settings = {theme: 'light', colours: {accent: 208, delivered: '#010203'}};
  const terminal = await enter(configuration(settings));
  expect(terminal.raw).not.toContain('\u001b]11;?');
  expect(accentOf(terminal)).toBe('#ff8700');
  // Those of the status bar: the chosen one, and one of the light theme.
  expect(cellOf(terminal, '●')).toMatchObject({foreground: '#010203', background: '#eeeeee'});
});

test('the theme `terminal` has the sixteen colours of the terminal', async () => {
  const terminal = await enter(configuration({theme: 'terminal'}));
  for await (const _state of tour(terminal)) {
    expect(terminal.raw).not.toMatch(/[34]8;[25];/);
  }
  expect(terminal.raw).toContain('\u001b[36m');
});

test('a colour that is none is said so, and the other settings are kept', async () => {
  const settings = {theme: 'light', colours: {accent: 'mauve-ish'}};
  const terminal = await enter(configuration(settings));
  await terminal.waitFor('Some settings made no sense');
  expect(accentOf(terminal)).toBe(lightAccent);
});

test('those who are here have names of different colours, the same in the list and in the talk', async () => {
  const terminal = await enter();
  const nicks = ['bob', 'carl', 'dora', 'emma', 'hugo', 'mei', 'rita', 'wim', 'xter', 'zoe'];
  for (const nick of nicks) {
    const client = await enterHeadless(nick);
    client.write('salut');
    await terminal.waitFor(new RegExp(`${nick}[ │|]+salut`));
  }
  await terminal.waitFor('Here 11');
  const inTalk = nicks.map(nick => {
    const rows = terminal.screen();
    const row = rows.findIndex(line => new RegExp(`${nick}[ │|]+salut`).test(line));
    return terminal.cell(rows[row]?.indexOf(nick) ?? -1, row).foreground;
  });
  const inList = nicks.map(nick => {
    const rows = terminal.screen();
    const row = rows.findIndex(line => `${line} `.slice(79).startsWith(`│ ${nick} `));
    return terminal.cell(81, row).foreground;
  });
  expect(inList).toEqual(inTalk);
  expect(new Set(inTalk).size).toBe(nicks.length);
  expect(inTalk).not.toContain(cellOf(terminal, 'alice  ').foreground);
});
