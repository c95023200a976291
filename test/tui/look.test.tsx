/** What the screen shows while one reads, answers and waits. */
import {stripVTControlCharacters} from 'node:util';
import {renderToString} from 'ink';
import {beforeEach, expect, onTestFinished, test, vi} from 'vitest';
import {commands} from '../../source/client/commands.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import {App} from '../../source/tui/app.tsx';
import {KeyReader} from '../../source/tui/input/keys.ts';
import {sparkline} from '../../source/tui/panes/status-line.ts';
import {type Tab, tabWords} from '../../source/tui/panes/tab-line.tsx';
import {numberedWindow} from '../../source/tui/panes/window-around.ts';
import {Screen} from '../../source/tui/screen.ts';
import {createTheme} from '../../source/tui/theme/theme.ts';
import {FakeClient, noon, roomEntered, said, users} from './fake-client.ts';
import {idleTerminal} from './idle-terminal.ts';

beforeEach(() => {
  vi.useFakeTimers({now: noon});
  return () => vi.useRealTimers();
});

const theme = createTheme({depth: 2, isAscii: false}, 'dark');

function open(client: FakeClient, columns: number, rows: number) {
  let size = {columns, rows};
  const nothing = () => {};
  const terminal = {
    ...idleTerminal,
    repaint: nothing,
    isBehind: () => false,
    suspend: nothing,
    leave: nothing,
    guests: () => 0,
  };
  const screen = new Screen({client, commands, size, terminal});
  onTestFinished(() => screen.dispose());
  return {
    press(keys: string) {
      const reader = new KeyReader();
      const now = performance.now();
      screen.onKeys(reader.read(new TextEncoder().encode(keys), now));
      // An Esc waits for what may follow it.
      screen.onKeys(reader.onTime(now + 50));
    },
    tell(...events: readonly EngineEvent[]) {
      client.tell(...events);
      vi.advanceTimersByTime(100);
    },
    resize(columns: number, rows: number) {
      size = {columns, rows};
      screen.resize(size);
    },
    rows: () =>
      stripVTControlCharacters(renderToString(<App screen={screen} theme={theme} />, size)).split(
        '\n',
      ),
  };
}

const pageUp = '\u001b[5~';
const esc = '\u001b';
const alt = (digit: number) => `\u001b${digit}`;

test('nothing that is read moves when somebody with a long name comes, writes and leaves', () => {
  const client = new FakeClient(users('alice', 'bob', 'carl'));
  for (let number = 0; number < 40; number++) {
    client.tell(said(number % 2 ? 'bob' : 'carl', `text ${number} ${'word '.repeat(30)}`));
  }
  const {press, tell, rows} = open(client, 120, 20);
  press(pageUp + pageUp);
  // Without the counts of people and messages below, which change.
  const read = () =>
    rows()
      .slice(2, -3)
      .map(row => row.slice(0, 95));
  const before = read();
  tell({type: 'arrived', nick: 'alexandrine-the-1st'}, said('alexandrine-the-1st', 'hello'));
  expect(read()).toEqual(before);
  tell({type: 'departed', nick: 'alexandrine-the-1st'});
  expect(read()).toEqual(before);
});

test('the names of people who have left can be read', () => {
  const nicks = ['Sokrates', 'averyname', 'ghostwriter', 'bob'];
  const client = new FakeClient(users('alice', ...nicks));
  for (const nick of nicks) client.tell(said(nick, 'hello'));
  const {tell, rows} = open(client, 120, 24);
  tell({type: 'users', users: [{nick: 'alice', self: true}]});
  for (const nick of nicks) expect(rows().join('\n')).toMatch(new RegExp(` ${nick} │ hello`));
});

test('the words at the top stay at the top, however the terminal is resized', () => {
  const client = new FakeClient(users('alice', 'bob'));
  const text = Array.from({length: 400}, (_, number) => `word${number}`).join(' ');
  client.tell(said('bob', 'before'), said('bob', text), said('bob', text));
  const {press, resize, rows} = open(client, 120, 20);
  press(pageUp + pageUp);
  const top = () => rows()[2] ?? '';
  const word = /word\d+/.exec(top())?.[0] ?? 'none';
  expect(top()).toContain('12:00   bob │ word');
  resize(60, 20);
  expect(rows().slice(1, 5).join(' ')).toContain(`${word} `);
  resize(160, 20);
  expect(top()).toContain(`${word} `);
  resize(120, 20);
  expect(top()).toContain(`bob │ ${word} `);
});

test('below 100 columns a list is shown at full width, and Esc goes back', () => {
  const client = new FakeClient(users('alice', 'bob'), roomEntered('alice', 'bob'));
  client.tell(said('bob', 'psst', 'room'), {
    type: 'invitation',
    from: 'zoe',
    mode: 'centralised',
    room: 'cadeau',
    lifetimeMs: 252_000,
  });
  const {press, rows} = open(client, 80, 24);
  expect(rows().join('\n')).toContain('bob │ psst');
  expect(rows().join('\n')).toContain(
    ' zoe invites you to cadeau, by hub · 4:12 left  Alt-4 a yes d no',
  );
  press(alt(4));
  expect(
    rows()
      .slice(3, 6)
      .map(row => row.trimEnd()),
  ).toEqual([
    `▸zoe${' '.repeat(66)}4:12 left`.padEnd(79).trimEnd(),
    '  cadeau, by hub',
    '  you leave your room',
  ]);
  expect(rows().at(-1)).toMatch(/^ a yes {2}d no/);
  press(esc);
  expect(rows().join('\n')).toContain('bob │ psst');
  press(alt(3));
  expect(rows()[4]).toMatch(/^▸bob +here/);
  press(esc);
  expect(rows().join('\n')).toContain('bob │ psst');
});

test('the time that an invitation has left goes on by itself, and nothing else keeps a clock', () => {
  const client = new FakeClient(users('alice', 'bob'));
  const {tell, rows} = open(client, 120, 24);
  expect(vi.getTimerCount()).toBe(0);
  tell({type: 'asked', nicks: ['bob'], mode: 'centralised', lifetimeMs: 3000});
  expect(rows().join('\n')).toMatch(/→ bob +0:03 left/);
  vi.advanceTimersByTime(1000);
  expect(rows().join('\n')).toMatch(/→ bob +0:02 left/);
  vi.advanceTimersByTime(3000);
  expect(rows().join('\n')).not.toContain('→ bob');
  expect(vi.getTimerCount()).toBe(0);
});

test('the members of a room from peer to peer are shown as they answer', () => {
  const client = new FakeClient(users('alice', 'bob', 'carl'));
  const {tell, rows} = open(client, 120, 24);
  tell(
    {
      type: 'room-entered',
      name: 'projet',
      mode: 'decentralised',
      members: ['alice', 'bob', 'carl'],
    },
    {type: 'member-state', nick: 'bob', state: {roundTripMs: 30}},
    {type: 'member-state', nick: 'carl', state: {silentSince: noon - 4000}},
  );
  expect(rows()[1]).toContain('2 projet · peer to peer · ◌carl silent 4 s ●bob 30 ms');
  vi.advanceTimersByTime(2000);
  expect(rows()[1]).toContain('◌carl silent 6 s');
});

test('whoever is alone is told how others join', () => {
  const {rows} = open(new FakeClient(users('alice')), 120, 24);
  expect(rows().join('\n')).toContain(
    'Nobody else is here. Others join with chat-tui res302://127.0.0.1:30200; /share says more',
  );
});

test('there are as many words on the tabs as fit', () => {
  const tabs: readonly Tab[] = [
    {name: 'public', digit: '1', title: 'public', news: ['+12'], size: ''},
    {name: 'room', digit: '2', title: 'projet', news: ['@1'], size: ''},
    {name: 'users', digit: '3', title: 'here', news: [], size: '10'},
    {name: 'invitations', digit: '4', title: 'invitations', news: ['2'], size: ''},
  ];
  const words = (columns: number) =>
    tabWords(tabs, 'room', columns)
      .map(({text}) => text)
      .join('')
      .trimEnd();
  expect(words(80)).toBe(' 1 public +12   2 projet @1   3 here 10   4 invitations 2');
  expect(words(40)).toBe(' 1 +12   2 projet @1   3 10   4 2');
  expect(words(20)).toBe('1+12 [2]@1 3 4:2');
  expect(words(10)).toBe('[2]@1');
});

test.each([
  [10, 10, 5, '0-9'],
  [30, 0, 10, '0-8 ↓21'],
  [30, 15, 10, '↑11 11-18 ↓11'],
  [30, 29, 10, '↑21 21-29'],
  [5, 4, 3, '2-4'],
])('of %i, number %i is among those in %i rows: %s', (length, index, height, shown) => {
  const all = Array.from({length}, (_, number) => number);
  const {items, above, below} = numberedWindow(all, index, length === 10 ? 10 : height);
  const words = [
    ...(above > 0 ? [`↑${above}`] : []),
    `${items[0]}-${items.at(-1)}`,
    ...(below > 0 ? [`↓${below}`] : []),
  ];
  expect(words.join(' ')).toBe(shown);
  if (length !== 10) expect(items.length + (above > 0 ? 1 : 0) + (below > 0 ? 1 : 0)).toBe(height);
});

test('the sparkline is flat for what nobody feels, and shows a peak', () => {
  expect(sparkline([0.3, 0.5, 0.4])).toBe('▁▁▁');
  expect(sparkline([8, 9, 8, 120, 30])).toBe('▁▁▁█▂');
});

test('on the smallest screen a sentence stands in place of the tabs, and the rest keeps its place', () => {
  const {press, rows} = open(new FakeClient(users('alice', 'bob'), said('bob', 'salut')), 20, 6);
  expect(rows()[1]).toContain('1 public');
  press('/serach x\r');
  const [, first, second, , , last] = rows();
  expect(`${first}${second}`.replaceAll(/\s+/g, ' ')).toContain('There is no /serach');
  expect(last).toContain('public ▸');
  press('x');
  expect(rows()[5]).toContain('public ▸ x');
  expect(rows()[1]).not.toContain('There is no');
});
