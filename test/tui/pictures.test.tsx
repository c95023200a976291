/**
 * Whole screens, as a terminal shows them, compared with kept ones that somebody has looked at (test/tui/pictures/). With
 * CHAT_TUI_PICTURES=FOLDER they are drawn there as SVG too, to be looked at.
 */
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {beforeEach, expect, onTestFinished, test, vi} from 'vitest';
import {grounds, svg} from '../../scripts/svg.ts';
import {commands} from '../../source/client/commands.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import * as res302 from '../../source/protocols/res302/wire.ts';
import {KeyReader} from '../../source/tui/input/keys.ts';
import {Screen, type ScreenOptions} from '../../source/tui/screen.ts';
import {mount} from '../../source/tui/terminal/mount.tsx';
import {createTheme} from '../../source/tui/theme/theme.ts';
import {FakeClient, noon, roomEntered, said, users} from './fake-client.ts';
import {idleTerminal} from './idle-terminal.ts';
import {pictureOf} from './picture.ts';
import {TerminalStdout} from './terminal-stdout.ts';

// Read when Ink is loaded.
vi.hoisted(() => vi.stubEnv('FORCE_COLOR', '3'));

const sizes = [
  {columns: 200, rows: 60},
  {columns: 120, rows: 40},
  {columns: 80, rows: 24},
  {columns: 60, rows: 20},
  {columns: 20, rows: 6},
];

const server = 'res302://chat.example:30200';
const own = 'chat-tui --server res302://127.0.0.1:30200';

type Scene = {
  readonly name: string;
  /** What has happened until it is opened. */
  client(): FakeClient;
  /** Typed one after the other. */
  readonly keys?: readonly string[];
  readonly notice?: string;
  readonly places?: ScreenOptions['places'];
};

const scenes: readonly Scene[] = [
  {name: 'alone', client: () => inHub(users('alice')), notice: own},
  {name: 'connecting', client: connecting},
  {name: 'public', client: public_},
  {name: 'lost', client: lost, keys: ['see you there']},
  {name: 'room', client: room, keys: ['I can go, if nobody else']},
  {name: 'journey', client: room, keys: ['\u001b2', '\u001b[A', '\u001b[A', '\r']},
  {name: 'invitations', client: invited, keys: ['\u001b4']},
  {name: 'direct', client: direct, keys: ['\u001b5', 'à midi ?']},
  {
    name: 'first-run',
    client: () => new FakeClient(),
    places: {
      hubs: () => [
        {server, nick: 'alice', at: noon - 2 * 3_600_000},
        {server: 'shen://127.0.0.1:30202', nick: 'alice', at: noon - 86_400_000},
      ],
      openOwn: async () => 'res302://127.0.0.1:30200',
      isFirst: true,
    },
  },
  {name: 'help', client: public_, keys: ['\u001bOP']},
];

beforeEach(() => {
  vi.useFakeTimers({now: noon, toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date']});
});

const cases = scenes.flatMap(scene =>
  (['dark', 'light'] as const).map(ground => ({...scene, ground})),
);

test.each(cases)('$name, $ground', async ({name, ground, client, keys = [], notice, places}) => {
  const shown = open(client(), ground, notice, places);
  for (const typed of keys) await shown.press(typed);
  for (const size of sizes) {
    await shown.resize(size.columns, size.rows);
    const rows = shown.cells();
    const title = `${name}-${size.columns}x${size.rows}-${ground}`;
    keepPicture(title, svg(rows, title, grounds[ground]));
    await expect(pictureOf(rows), title).toMatchFileSnapshot(`pictures/${title}.txt`);
  }
});

function keepPicture(title: string, picture: string): void {
  const folder = process.env['CHAT_TUI_PICTURES'];
  if (folder === undefined) return;
  mkdirSync(folder, {recursive: true});
  writeFileSync(path.join(folder, `${title}.svg`), picture);
}

function open(
  client: FakeClient,
  ground: 'dark' | 'light',
  notice: string | undefined,
  places: ScreenOptions['places'],
) {
  const terminal = new TerminalStdout(120, 40);
  const screen = new Screen({
    client,
    commands,
    size: {columns: 120, rows: 40},
    places,
    terminal: {...idleTerminal, repaint: () => mounted.repaint()},
  });
  const theme = createTheme({depth: 2, isAscii: false}, ground);
  const mounted = mount(screen, terminal.stdout, theme, notice);
  const reader = new KeyReader();
  onTestFinished(async () => {
    screen.dispose();
    mounted.unmount();
    vi.advanceTimersByTime(100);
    await mounted.ended;
    vi.useRealTimers();
  });
  /** Until everything that is to be drawn is on the terminal. The clock of the chat stands still meanwhile. */
  const drawn = async () => {
    const now = Date.now();
    for (let turn = 0; turn < 4; turn++) {
      await vi.advanceTimersByTimeAsync(50);
      await new Promise(resolve => setImmediate(resolve));
    }
    let isShown = false;
    terminal.write('', () => {
      isShown = true;
    });
    while (!isShown) await vi.advanceTimersByTimeAsync(1);
    vi.setSystemTime(now);
  };
  return {
    async press(text: string) {
      screen.onKeys(reader.read(new TextEncoder().encode(text), performance.now()));
      await drawn();
    },
    async resize(columns: number, rows: number) {
      terminal.resize(columns, rows);
      await drawn();
    },
    cells: () => Array.from({length: terminal.rows}, (_, row) => terminal.looks(row)),
  };
}

/** Alice's client, in a hub where other things are said than the tests of the screen need. */
function inHub(...events: readonly EngineEvent[]): FakeClient {
  const client = new FakeClient();
  client.state = {
    ...client.state,
    server,
    features: new Set(['invitations', 'centralised-rooms', 'decentralised-rooms', 'presence']),
  };
  client.tell(
    {type: 'connection', connection: {phase: 'connected'}, server, nick: 'alice'},
    ...events,
  );
  return client;
}

const minute = 60_000;

/** What was said at that many minutes after 11:45. */
function sayAt(client: FakeClient, after: number, ...events: readonly EngineEvent[]): void {
  for (const event of events) client.tellAt(noon - 15 * minute + after * minute, event);
}

function mine(id: number, text: string, ...then: readonly EngineEvent[]): EngineEvent[] {
  return [{type: 'sent', id, scope: 'public', text}, ...then];
}

const everybody = users(
  'alice',
  'bob',
  'carl',
  'corin',
  'cos',
  'dora',
  'mei',
  'shanna',
  'wim',
  'zoe',
);

function public_(): FakeClient {
  const client = inHub();
  client.tellAt(noon - 86_400_000, said('carl', 'yesterday I read the paper'));
  client.tellAt(noon - 20 * minute, everybody);
  sayAt(
    client,
    0,
    said('bob', 'salut tout le monde'),
    said(
      'bob',
      'I read the paper yesterday and I think that the second part, about lossy links, deserves a longer discussion',
    ),
  );
  sayAt(
    client,
    1,
    said(
      'carl',
      'https://example.org/a/very/long/path/that/does/not/fit/in/the/pane/index.html?query=1#fragment',
    ),
    {type: 'arrived', nick: 'pia'},
    {type: 'arrived', nick: 'xter'},
    {type: 'departed', nick: 'xter'},
  );
  sayAt(client, 4, ...mine(1, 'half past twelve is fine with me', {type: 'delivered', id: 1}));
  sayAt(client, 4, said('mei', '* mei waves'), said('mei', '你好,今天天气很好。我们去公园走走吧'));
  sayAt(client, 8, said('bob', 'alice: can you look at it?'), said('wim', 'two\nlines 👩‍👩‍👧'));
  sayAt(
    client,
    9,
    ...mine(2, 'into the void', {type: 'failed', id: 2, reason: 'hub-silent', pending: []}),
    ...mine(3, 'once more', {type: 'retransmitted', id: 3}),
  );
  [8, 9, 11, 8, 30, 9, 8, 8].forEach((roundTripMs, index) => {
    client.tell({
      type: 'statistics',
      statistics: {sent: 6 + index, received: 146 + index, retransmissions: 5, roundTripMs},
    });
  });
  return client;
}

function connecting(): FakeClient {
  const client = inHub();
  client.tell({
    type: 'connection',
    connection: {phase: 'connecting', tries: {count: 2, of: 6}},
    server,
    nick: 'alice',
  });
  return client;
}

function lost(): FakeClient {
  const client = public_();
  client.tell(
    {type: 'disconnected', reason: 'hub-silent'},
    {
      type: 'connection',
      connection: {phase: 'retrying', attempt: 2, at: noon + 4000, since: noon - 12_000},
      server,
      nick: 'alice',
    },
    {type: 'sent', id: 9, scope: 'public', text: 'are you there?'},
    {type: 'kept', id: 9},
  );
  return client;
}

/** A text to bob, who confirms it, and to carl, who is asked three times. */
function room(): FakeClient {
  const client = public_();
  const {watch} = client;
  const at = (after: number, ...events: readonly EngineEvent[]) => sayAt(client, after, ...events);
  at(10, roomEntered('alice', 'bob', 'carl'));
  at(11, said('bob', 'un cadeau pour Emma ? I saw one at the market, near the canal', 'room'));
  at(12, {type: 'sent', id: 20, scope: 'room', text: 'oui ! Flowers?'});
  at(12, {type: 'progress', id: 20, confirmed: 2, of: 2, by: 'carl'}, {type: 'delivered', id: 20});
  at(13, said('bob', 'alice, can you call them?', 'room'), said('carl', '* carl looks', 'room'));
  const data = res302.encodeText('calling them now');
  const fields = {sequence: 3, flag: true, nickname: 'alice', data};
  const frame = res302.encode(res302.message('D', fields));
  const attempt = (to: string, left: number) =>
    watch.step({type: 'attempt', id: 21, to, frame, timeoutMs: 500, left}, performance.now());
  client.tellAt(noon - 2000, {type: 'sent', id: 21, scope: 'room', text: 'calling them now'});
  attempt('bob', 5);
  attempt('carl', 5);
  vi.advanceTimersByTime(3);
  watch.step({type: 'confirmation', id: 21, by: 'bob'}, performance.now());
  client.tellAt(noon - 1900, {type: 'progress', id: 21, confirmed: 1, of: 2, by: 'bob'});
  for (const left of [4, 3, 2]) {
    vi.advanceTimersByTime(left === 4 ? 497 : 500);
    attempt('carl', left);
    client.tellAt(noon - 1000, {type: 'retransmitted', id: 21});
  }
  vi.setSystemTime(noon);
  client.tell(
    {type: 'member-state', nick: 'bob', state: {roundTripMs: 3}},
    {type: 'member-state', nick: 'carl', state: {silentSince: noon - 4000}},
    {type: 'sent', id: 22, scope: 'room', text: 'the shop closes at six'},
    {type: 'progress', id: 22, confirmed: 1, of: 2, by: 'bob'},
  );
  return client;
}

function invited(): FakeClient {
  const client = room();
  client.tell(
    {type: 'invitation', from: 'zoe', mode: 'centralised', room: 'cadeau', lifetimeMs: 252_000},
    {type: 'invitation', from: 'dora', mode: 'decentralised', lifetimeMs: 38_000},
    {type: 'asked', nicks: ['mei'], mode: 'decentralised', lifetimeMs: 120_000},
  );
  return client;
}

function direct(): FakeClient {
  const client = public_();
  client.state = {
    ...client.state,
    features: new Set([...client.state.features, 'direct-messages']),
  };
  const from = (nick: string, text: string): EngineEvent => ({
    type: 'message',
    scope: 'direct',
    from: nick,
    text,
  });
  client.tell(
    from('bob', 'tu viens ce soir ?'),
    {type: 'sent', id: 30, scope: 'direct', to: 'bob', text: 'oui, volontiers'},
    {type: 'delivered', id: 30},
    from('zoe', 'psst'),
    from('zoe', 'are you there?'),
  );
  return client;
}
