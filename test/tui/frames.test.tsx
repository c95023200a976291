import {stripVTControlCharacters} from 'node:util';
import fc from 'fast-check';
import {renderToString} from 'ink';
import {expect, test, vi} from 'vitest';
import {commands} from '../../source/client/commands.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import {App} from '../../source/tui/app.tsx';
import {KeyReader} from '../../source/tui/input/keys.ts';
import type {Size} from '../../source/tui/panes/layout.ts';
import {Screen} from '../../source/tui/screen.ts';
import {widthOf} from '../../source/tui/text/width.ts';
import {createTheme} from '../../source/tui/theme/theme.ts';
import {FakeClient, noon, roomEntered, rooms, said, users} from './fake-client.ts';
import {idleTerminal} from './idle-terminal.ts';

const theme = createTheme({depth: 2, isAscii: false}, 'dark');

/** The rows of the terminal after those events and keys. */
function draw(
  client: FakeClient,
  size: Size,
  keys = '',
  events: readonly EngineEvent[] = [],
): string {
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
  if (events.length > 0) {
    vi.useFakeTimers();
    client.tell(...events);
    vi.advanceTimersByTime(100);
    vi.useRealTimers();
  }
  screen.onKeys(new KeyReader().read(new TextEncoder().encode(keys), performance.now()));
  const frame = renderToString(
    <App screen={screen} theme={theme} notice="to join: chat-tui" />,
    size,
  );
  screen.dispose();
  return stripVTControlCharacters(frame);
}

/** Somebody who has talked a little, and was talked to. */
function conversation(): FakeClient {
  const client = new FakeClient(users('alice', 'bob', 'carl', 'zoé'));
  client.tellAt(noon - 86_400_000, said('carl', 'yesterday'));
  client.tell(
    said('bob', 'salut tout le monde'),
    {type: 'sent', id: 1, scope: 'public', text: 'salut'},
    {type: 'delivered', id: 1},
    {type: 'arrived', nick: 'dora', status: 'public'},
    said(
      'zoé',
      '日本語のテキストはここで折り返す必要があります。これは長い文章なので、次の行に続きます。さらに続きます 👍🏽',
    ),
    said('bob', 'alice: are you there?'),
    {type: 'sent', id: 2, scope: 'public', text: 'a text that the hub will not get'},
    {type: 'retransmitted', id: 2},
    {type: 'failed', id: 2, reason: 'hub-silent', pending: []},
    {type: 'invitation', from: 'zoé', mode: 'centralised'},
    {
      type: 'statistics',
      statistics: {sent: 12, received: 40, retransmissions: 1, roundTripMs: 0.42},
    },
  );
  return client;
}

/** The same, in a private room. */
function inRoom(): FakeClient {
  const client = conversation();
  client.tell(
    roomEntered('alice', 'bob', 'carl'),
    said('bob', 'psst', 'room'),
    {type: 'sent', id: 3, scope: 'room', text: 'oui ?'},
    {type: 'progress', id: 3, confirmed: 1, of: 2, by: 'bob'},
    {type: 'delivered', id: 3},
    {type: 'sent', id: 4, scope: 'room', text: 'on its way'},
    {type: 'progress', id: 4, confirmed: 1, of: 2, by: 'bob'},
  );
  return client;
}

/** People whose place is not known, and direct messages. */
function withNames(): FakeClient {
  const client = new FakeClient();
  client.state = {...client.state, features: new Set(['direct-messages'])};
  client.tell(
    {
      type: 'users',
      users: [
        {nick: 'alice', self: true},
        {nick: 'bob', self: false},
      ],
    },
    said('bob', 'salut tout le monde'),
    {
      type: 'message',
      scope: 'direct',
      from: 'alexandra',
      text: 'psst, for your eyes only, and long',
    },
    {type: 'sent', id: 1, scope: 'direct', to: 'alexandra', text: 'oui ?'},
    {type: 'delivered', id: 1},
    {type: 'invitation', from: 'bob', mode: 'decentralised', room: 'projet'},
  );
  return client;
}

/** The conversation with the person who has written directly. */
function withDirect(): FakeClient {
  const client = withNames();
  client.tell({type: 'turned', conversation: '@alexandra'});
  return client;
}

/** A private connection with bob, beside the public room. */
function withLink(): FakeClient {
  const client = withNames();
  client.state = {...client.state, features: new Set(['links', 'direct-messages'])};
  client.tell(
    {type: 'invitation', from: 'carl', mode: 'link'},
    {type: 'link-opened', nick: 'bob'},
    {type: 'message', scope: 'link', from: 'bob', text: 'psst'},
    {type: 'sent', id: 5, scope: 'link', to: 'bob', text: 'oui ?'},
    {type: 'delivered', id: 5},
    said('bob', 'and this is for everybody'),
  );
  return client;
}

const listed: EngineEvent = {
  type: 'rooms',
  rooms: [
    {name: 'projet', mode: 'centralised', members: 3},
    {name: '日本語の部屋', mode: 'decentralised', members: 12},
    {name: 'a room with a name of fifty characters, and no less', mode: 'centralised', members: 1},
  ],
};

test.each([
  ['direct messages at 100 columns', withDirect(), {columns: 100, rows: 14}],
  ['direct messages at 40 columns', withDirect(), {columns: 40, rows: 14}],
  ['direct messages at 20 columns', withDirect(), {columns: 20, rows: 14}],
])('%s', (_name, client, size) => {
  expect(draw(client, size)).toMatchSnapshot();
});

test('users whose place is not known', () => {
  expect(draw(withNames(), {columns: 40, rows: 8}, '\u001b3')).toMatchSnapshot();
});

test('a named room, and an invitation into another', () => {
  const client = withNames();
  client.tell({type: 'room-entered', name: 'tp', mode: 'centralised', members: ['alice', 'carl']});
  expect(draw(client, {columns: 120, rows: 12})).toMatchSnapshot();
});

test.each([
  ['a private connection at 120 columns', withLink(), {columns: 120, rows: 14}, ''],
  [
    'a private connection, turned to the public room',
    withLink(),
    {columns: 120, rows: 14},
    '\u001b1x',
  ],
  ['a private connection at 40 columns', withLink(), {columns: 40, rows: 10}, ''],
  ['the public room beside one at 40 columns', withLink(), {columns: 40, rows: 10}, '\u001b1x'],
])('%s', (_name, client, size, keys) => {
  expect(draw(client, size, keys)).toMatchSnapshot();
});

test.each([
  ['rooms at 80 columns', [listed], {columns: 80, rows: 10}],
  ['rooms at 39 columns', [listed], {columns: 39, rows: 10}],
  ['rooms at 20 columns', [listed], {columns: 20, rows: 6}],
  ['no rooms at 20 columns', [rooms({})], {columns: 20, rows: 6}],
  ['rooms that the hub has not told anew', [], {columns: 40, rows: 6}],
])('%s', (_name, events, size) => {
  const client = new FakeClient(rooms({'long gone': 1}));
  expect(draw(client, size, '\u001b[B', [{type: 'room-list'}, ...events])).toMatchSnapshot();
});

test('the room that is selected is in view, however many there are', () => {
  const names = Array.from({length: 255}, (_, index) => [`room ${index}`, 1] as const);
  const events: EngineEvent[] = [{type: 'room-list'}, rooms(Object.fromEntries(names))];
  const frame = draw(new FakeClient(), {columns: 20, rows: 6}, '\u001b[F', events);
  expect(frame).toContain('▸room 254');
});

test.each([
  ['public at 120 columns', conversation(), {columns: 120, rows: 40}, ''],
  ['a room at 120 columns', inRoom(), {columns: 120, rows: 40}, ''],
  ['public at 80 columns', conversation(), {columns: 80, rows: 24}, 'a draft\u001b\rof two lines'],
  ['a room at 80 columns', inRoom(), {columns: 80, rows: 24}, ''],
  ['users at 80 columns', inRoom(), {columns: 80, rows: 24}, '\u001b3'],
  ['a room at 60 columns', inRoom(), {columns: 60, rows: 20}, ''],
  ['public at 50 columns', conversation(), {columns: 50, rows: 20}, ''],
  ['invitations at 50 columns', conversation(), {columns: 50, rows: 20}, '\u001b4'],
  ['a room at 20 columns', inRoom(), {columns: 20, rows: 6}, ''],
  ['help at 80 columns', conversation(), {columns: 80, rows: 24}, '\u001bOP'],
  ['a terminal that is too small', conversation(), {columns: 19, rows: 6}, ''],
])('%s', (_name, client, size, keys) => {
  expect(draw(client, size, keys)).toMatchSnapshot();
});

/** Three conversations, with something unread in two of them. */
function withUnread(): readonly [FakeClient, readonly EngineEvent[]] {
  const client = withNames();
  client.tell(said('bob', 'alice: can you look at it? I saw one at the market, near the canal'), {
    type: 'turned',
    conversation: '@bob',
  });
  const {server, nick} = client.state;
  const told: EngineEvent[] = [
    {type: 'connection', connection: {phase: 'connected'}, server, nick},
    {type: 'message', scope: 'direct', from: 'carl', text: 'alice, tu viens ?'},
    said('bob', 'and a card, perhaps'),
  ];
  return [client, told];
}

test.each([
  ['conversations and people to go to', '\u0007'],
  ['those that a few letters find', '\u0007al'],
  ['nobody to go to', '\u0007zz'],
])('%s', (_name, keys) => {
  const [client, told] = withUnread();
  expect(draw(client, {columns: 50, rows: 12}, keys, told)).toMatchSnapshot();
});

test.each([60, 20])('the last mentions at %d columns', columns => {
  const [client, told] = withUnread();
  const events: EngineEvent[] = [...told, {type: 'mentions'}];
  expect(draw(client, {columns, rows: 8}, '', events)).toMatchSnapshot();
});

test('no mentions', () => {
  const events: EngineEvent[] = [{type: 'mentions'}];
  expect(draw(new FakeClient(), {columns: 60, rows: 8}, '', events)).toMatchSnapshot();
});

test('a refusal shows where another nickname can be typed', () => {
  const client = new FakeClient({
    type: 'connection',
    connection: {
      phase: 'refused',
      reason: 'nickname-in-use',
      message: 'Somebody is called alice here already: choose another nickname',
    },
    server: 'res302://127.0.0.1:30200',
    nick: 'alice',
  });
  expect(draw(client, {columns: 80, rows: 12})).toMatchSnapshot();
});

test('a lost hub shows when it is tried again', () => {
  vi.useFakeTimers({now: noon});
  const client = new FakeClient({
    type: 'connection',
    connection: {phase: 'retrying', attempt: 1, at: noon + 2500, since: noon - 12_000},
    server: 'res302://127.0.0.1:30200',
    nick: 'alice',
  });
  client.tell(users('alice', 'bob'));
  const frame = draw(client, {columns: 120, rows: 12});
  expect(frame).toContain('hub silent 12 s · next try in 3 s');
  expect(frame).toContain('3 Here 2, as of 11:59');
  expect(frame).toContain('public ▸ (kept until the hub is back)');
  vi.useRealTimers();
});

test('no frame is higher or wider than the terminal, whatever is in it', () => {
  const text = fc.array(
    fc.oneof(
      fc.string({unit: 'grapheme', maxLength: 40}),
      fc.constantFrom(
        '日本語',
        '👩‍👩‍👧',
        'e\u0301',
        '\n',
        '\u0301',
        'مرحبا',
        '\u001b[31m',
        'a'.repeat(90),
      ),
    ),
    {maxLength: 6},
  );
  const nick = fc.oneof(fc.constantFrom('bob', '日本', 'a-very-long-nickname'), fc.string());
  fc.assert(
    fc.property(
      fc.array(fc.tuple(nick, text), {maxLength: 12}),
      fc.record({columns: fc.integer({min: 1, max: 160}), rows: fc.integer({min: 1, max: 50})}),
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom(
        '',
        'draft',
        '\u001b1\u001b[A',
        '\u001b3',
        '\u001b4',
        '\u001bOP',
        '\u001b[5~',
      ),
      (messages, size, hasRoom, isListOpen, keys) => {
        const client = new FakeClient(users('alice', ...messages.map(([from]) => from)));
        if (hasRoom) client.tell(roomEntered('alice', 'bob'));
        for (const [from, parts] of messages) {
          const text = parts.join(' ');
          client.tell(
            said(from, text, hasRoom ? 'room' : 'public'),
            {type: 'message', scope: 'direct', from, text},
            {type: 'sent', id: 1, scope: 'direct', to: from, text},
          );
        }
        const names = Object.fromEntries(messages.map(([from, {length}]) => [from, length]));
        const events: EngineEvent[] = isListOpen ? [{type: 'room-list'}, rooms(names)] : [];
        const rows = draw(client, size, keys, events).split('\n');
        expect(rows.length).toBeLessThanOrEqual(size.rows);
        for (const row of rows) expect(widthOf(row)).toBeLessThanOrEqual(size.columns);
      },
    ),
    {numRuns: 150},
  );
});

test.each([
  {columns: 120, rows: 40},
  {columns: 80, rows: 40},
  {columns: 30, rows: 40},
])('two people are never shown alike, and no name acts on the terminal, at %j', size => {
  const nicks = [
    'alice\u200b',
    'ali\u00adce',
    '\u202eecila',
    '\u0430lice',
    'ALICE',
    'alice ',
    'alice#2',
    'alexandra-the-first-of-many',
    'ALEXANDRA-the-first-of-many',
    '\u3164',
    '\u001b[2J',
    '12:00',
  ];
  const client = new FakeClient(users('alice', ...nicks));
  const events = nicks.flatMap((nick): EngineEvent[] => [
    said(nick, 'hi'),
    {type: 'invitation', from: nick, mode: 'centralised', room: nick},
  ]);
  const list = draw(client, size, '\u001b3', events);
  const {columns, rows} = size;
  // The list of users is at the right, or all there is.
  const isWide = columns >= 100;
  const listed = list.split('\n').slice(2, rows - 8);
  const side = isWide ? listed.map(row => row.slice(columns - 24)) : listed.slice(1);
  const end = side.findIndex(row => /Invitations|more ↓/.test(row));
  const names = side
    .slice(0, end === -1 ? undefined : end)
    .map(row => row.replaceAll(/[▸│├]/g, ' ').trim())
    .filter(row => row !== '');
  expect(names.length).toBeGreaterThanOrEqual(Math.min(nicks.length, rows / 2 - 5));
  expect(new Set(names).size).toBe(names.length);
  for (const keys of ['', '\u001b4']) {
    expect(draw(client, size, keys)).not.toMatch(/\p{Cf}|\p{Cc}(?<!\n)|\u3164/u);
  }
});
