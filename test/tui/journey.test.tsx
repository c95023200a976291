/** The journey of a message, as it is drawn and as the keys go through it. */
import {stripVTControlCharacters} from 'node:util';
import fc from 'fast-check';
import {renderToString} from 'ink';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {commands} from '../../source/client/commands.ts';
import {Journeys, maximumMarks, type TextStep} from '../../source/client/journeys.ts';
import {res302 as protocol} from '../../source/protocols/res302/index.ts';
import * as res302 from '../../source/protocols/res302/wire.ts';
import {App} from '../../source/tui/app.tsx';
import {KeyReader} from '../../source/tui/input/keys.ts';
import {journeyRows} from '../../source/tui/journey/journey-rows.ts';
import type {Size} from '../../source/tui/panes/layout.ts';
import {Screen} from '../../source/tui/screen.ts';
import {widthOf} from '../../source/tui/text/width.ts';
import {createTheme} from '../../source/tui/theme/theme.ts';
import {FakeClient, noon, roomEntered, said, users} from './fake-client.ts';
import {idleTerminal} from './idle-terminal.ts';

const theme = createTheme({depth: 2, isAscii: false}, 'dark');

beforeEach(() => vi.useFakeTimers({now: noon}));
afterEach(() => {
  vi.useRealTimers();
});

function roomText(sequence: number, text: string): Uint8Array {
  const data = res302.encodeText(text);
  const fields = {sequence, flag: true, nickname: 'alice', data};
  return res302.encode(res302.message('D', fields));
}

/** A text to bob, who confirms it, and to carl, who is asked three times. */
function unanswered(): FakeClient {
  const client = new FakeClient(users('alice', 'bob', 'carl'));
  client.state = {...client.state, features: new Set(['invitations', 'centralised-rooms'])};
  client.tell(roomEntered('alice', 'bob', 'carl'), said('bob', 'can you call them?', 'room'));
  const {watch} = client;
  const frame = roomText(3, 'calling them now');
  const attempt = (to: string, left: number) =>
    watch.step({type: 'attempt', id: 1, to, frame, timeoutMs: 500, left}, performance.now());
  client.tell({type: 'sent', id: 1, scope: 'room', text: 'calling them now'});
  attempt('bob', 5);
  attempt('carl', 5);
  vi.advanceTimersByTime(3);
  watch.step({type: 'confirmation', id: 1, by: 'bob'}, performance.now());
  client.tell({type: 'progress', id: 1, confirmed: 1, of: 2, by: 'bob'});
  for (const left of [4, 3, 2]) {
    vi.advanceTimersByTime(left === 4 ? 497 : 500);
    attempt('carl', left);
    client.tell({type: 'retransmitted', id: 1});
  }
  vi.advanceTimersByTime(250);
  return client;
}

function open(client: FakeClient, size: Size) {
  const copied: string[] = [];
  const terminal = {
    ...idleTerminal,
    copy: (text: string) => {
      copied.push(text);
      return 'Copied';
    },
  };
  const screen = new Screen({client, commands, size, terminal});
  const press = (...typed: readonly string[]) => {
    for (const key of typed) {
      const reader = new KeyReader();
      screen.onKeys(reader.read(new TextEncoder().encode(key), performance.now()));
      // A lone Esc could be the beginning of more.
      if (key === keys.escape) screen.onKeys(reader.onTime(performance.now() + 50));
      vi.advanceTimersByTime(100);
    }
  };
  const draw = () => {
    const frame = renderToString(<App screen={screen} theme={theme} />, size);
    return stripVTControlCharacters(frame);
  };
  return {screen, press, draw, copied};
}

const keys = {
  escape: '\u001b',
  room: '\u001b2',
  up: '\u001b[A',
  down: '\u001b[B',
  tab: '\t',
  left: '\u001b[D',
};

/** From the title of the journey on. */
function journeyOf(frame: string): string {
  const rows = frame.split('\n');
  return rows.slice(rows.findIndex(row => row.includes('the journey of'))).join('\n');
}

test('a journey closes with the room that it was in', () => {
  const client = unanswered();
  const {press, draw, screen} = open(client, {columns: 120, rows: 40});
  press(keys.room, keys.up, '\r');
  expect(draw()).toContain('the journey of');
  client.tell({type: 'room-left', reason: 'closed'});
  vi.advanceTimersByTime(100);
  expect(draw()).not.toContain('the journey of');
  screen.dispose();
});

describe('a text of which one member has not confirmed', () => {
  test.each([
    {columns: 120, rows: 40},
    {columns: 80, rows: 24},
    {columns: 60, rows: 20},
    {columns: 30, rows: 12},
    {columns: 20, rows: 6},
  ])('at $columns×$rows', size => {
    const {press, draw, screen} = open(unanswered(), size);
    press(keys.room, keys.up, '\r');
    const frame = draw();
    screen.dispose();
    expect(frame.split('\n').length).toBeLessThanOrEqual(size.rows);
    for (const row of frame.split('\n')) expect(widthOf(row)).toBeLessThanOrEqual(size.columns);
    expect(journeyOf(frame)).toMatchSnapshot();
  });

  test('Tab goes through the fields of the frame, and ↑ to the frame before', () => {
    const {press, draw, screen} = open(unanswered(), {columns: 120, rows: 40});
    press(keys.room, keys.up, '\r');
    expect(draw()).toContain('frame 5 of 5, fourth try to carl, 31 bytes');
    press(keys.tab);
    expect(draw()).toContain('ACK = 0, to be confirmed   1 bit at bit 0 · 1 of 8');
    press(keys.tab, keys.tab);
    expect(draw()).toContain('FLAG = 1, from peer to peer');
    press(keys.left);
    expect(draw()).toContain('sequence = 3   7 bits at bit 1 · 2 of 8');
    press(keys.up, keys.up, keys.up, keys.up);
    expect(draw()).toContain('frame 1 of 5, first try to bob');
    screen.dispose();
  });

  test('it moves while it is tried, and stops when it is over', () => {
    const client = unanswered();
    const {press, draw, screen} = open(client, {columns: 120, rows: 40});
    press(keys.room, keys.up, '\r');
    const before = draw();
    vi.advanceTimersByTime(600);
    expect(draw()).not.toBe(before);
    client.watch.step({type: 'given-up', id: 1, to: 'carl', reason: 'silent'}, performance.now());
    client.tell({type: 'failed', id: 1, reason: 'peers-silent', pending: ['carl']});
    vi.advanceTimersByTime(100);
    const over = draw();
    expect(over).toMatch(/carl {2}●╌+⟳╌+⟳╌+⟳╌+✗ +✗ tried until 12:00:0\d/);
    vi.advanceTimersByTime(10_000);
    expect(draw()).toBe(over);
    expect(vi.getTimerCount()).toBe(0);
    client.watch.step({type: 'confirmation', id: 1, by: 'carl'}, performance.now());
    client.tell({type: 'progress', id: 1, confirmed: 2, of: 2, by: 'carl'});
    client.tell({type: 'delivered', id: 1, late: true});
    vi.advanceTimersByTime(100);
    expect(draw()).toMatch(/✗ ✓ +✓ has it, late, after 1\d\.?\d* s, 4 tries/);
    screen.dispose();
  });

  test('r sends it again where it failed, y copies it, and Esc closes it', () => {
    const client = unanswered();
    const {press, draw, screen, copied} = open(client, {columns: 120, rows: 40});
    press(keys.room, keys.up, '\r', 'r');
    expect(client.calls).toEqual([]);
    client.tell({type: 'failed', id: 1, reason: 'peers-silent', pending: ['carl']});
    vi.advanceTimersByTime(100);
    press('r', 'y');
    expect(client.calls).toEqual(['retry 1']);
    expect(copied).toEqual(['calling them now']);
    press(keys.escape);
    expect(draw()).not.toContain('the journey of');
    screen.dispose();
  });

  test('a text is written while it is open, and Esc closes it from there', () => {
    const {press, draw, screen} = open(unanswered(), {columns: 120, rows: 40});
    press(keys.room, keys.up, '\r', 'I', ' can go');
    expect(draw()).toContain('the journey of');
    expect(draw()).toContain('I can go');
    press(keys.escape);
    expect(draw()).not.toContain('the journey of');
    screen.dispose();
  });
});

test.each([
  ['alone', ['alice'], 'room: half a draft'],
  ['with the same people', ['alice', 'bob'], 'room: half a draft'],
  ['with others, who do not get the draft', ['alice', 'dora'], 'carry over'],
])('c carries a room over to the hub, entered %s', (_, members, last) => {
  const client = unanswered();
  client.tell({type: 'room-members', members: ['alice', 'bob']});
  const {press, draw, screen} = open(client, {columns: 120, rows: 40});
  press('half a draft', keys.room, keys.up, keys.up, '\r');
  expect(draw()).toContain('c carry this room over to the hub');
  press('c');
  expect(client.calls).toEqual(['carry over']);
  client.tell({type: 'room-left', reason: 'left'});
  client.tell({type: 'room-entered', mode: 'centralised', members});
  vi.advanceTimersByTime(100);
  press(keys.escape, keys.escape, '\r');
  expect(client.calls.at(-1)).toBe(last);
  screen.dispose();
});

test('a message of somebody else says in which frame it came', () => {
  const client = new FakeClient(users('alice', 'bob'));
  const message = {type: 'message', scope: 'public', from: 'bob', text: 'salut'} as const;
  const data = res302.encodeText('salut');
  const frame = res302.encode(res302.message('C', {sequence: 9, nickname: 'bob', data}));
  const at = performance.now();
  vi.advanceTimersByTime(320);
  const receipt = client.watch.received(message, {frame, at}, performance.now());
  client.tell({...message, receipt});
  const {press, draw, screen} = open(client, {columns: 100, rows: 24});
  press('\u001b1', keys.up, '\r');
  expect(journeyOf(draw())).toMatchSnapshot();
  screen.dispose();
});

test('what somebody has written into the fields of a frame cannot act on the terminal', () => {
  const client = new FakeClient(users('alice', 'bob'));
  const text = '\u001b[2J\u202eevil\nline';
  const message = {type: 'message', scope: 'public', from: 'bob', text} as const;
  const data = res302.encodeText(text);
  const frame = res302.encode(res302.message('C', {sequence: 9, nickname: 'bob', data}));
  const now = performance.now();
  const receipt = client.watch.received(message, {frame, at: now}, now);
  client.tell({...message, receipt});
  const size = {columns: 120, rows: 30};
  const {press, screen} = open(client, size);
  press('\u001b1', keys.up, '\r', keys.left);
  const drawn = renderToString(<App screen={screen} theme={theme} />, size);
  expect(drawn).not.toContain('\u001b[2J');
  expect(drawn).not.toContain('\u202e');
  expect(drawn.split('\n').length).toBeLessThanOrEqual(size.rows);
  screen.dispose();
});

test('the notice that a text was not confirmed opens its journey', () => {
  const client = unanswered();
  client.tell({type: 'failed', id: 1, reason: 'peers-silent', pending: ['carl']});
  const {press, draw, screen} = open(client, {columns: 120, rows: 30});
  press(keys.room, keys.down, '\r');
  expect(screen.view.get().conversations.room.selected).not.toBe(screen.view.get().journey?.index);
  expect(draw()).toContain('the journey of “calling them now”');
  screen.dispose();
});

test('an entry without a journey says so', () => {
  const client = new FakeClient(users('alice', 'bob'), said('bob', 'salut'));
  const {press, draw, screen} = open(client, {columns: 120, rows: 30});
  press('\u001b1', keys.up, '\r');
  expect(draw()).toContain('There is no journey of that');
  screen.dispose();
});

describe('whatever happens', () => {
  const member = fc.constantFrom('bob', 'carl', '李雷', 'a very long name with spaces', undefined);
  const step = fc.record({
    after: fc.constantFrom(0, 1, 3, 100, 500, 5000, 400_000),
    type: fc.constantFrom('attempt', 'attempt', 'attempt', 'confirmation', 'given-up'),
    to: member,
    left: fc.nat(30),
    timeoutMs: fc.constantFrom(100, 500, 2000, 10_000),
    bytes: fc.uint8Array({maxLength: 300}),
  });

  function play(steps: readonly (typeof step extends fc.Arbitrary<infer One> ? One : never)[]) {
    const journeys = new Journeys(() => noon);
    const watch = journeys.watch(protocol);
    let now = 0;
    watch.told(
      {type: 'sent', id: 1, scope: 'room', text: '你好 \u{1f469}\u200d\u{1f467} one\ntwo'},
      now,
    );
    for (const {after, type, to, left, timeoutMs, bytes: frame} of steps) {
      now += after;
      const whom = to === undefined ? {} : {to};
      const by = to === undefined ? {} : {by: to};
      const told: TextStep =
        type === 'attempt'
          ? {type, id: 1, ...whom, frame, timeoutMs, left}
          : type === 'confirmation'
            ? {type, id: 1, ...by}
            : {type: 'given-up', id: 1, ...whom, reason: left % 2 === 0 ? 'silent' : 'gone'};
      watch.step(told, now);
    }
    return {journeys, journey: journeys.of({id: 1}), now};
  }

  test('the view has its rows, and none is wider than it', () => {
    const size = fc.record({
      columns: fc.integer({min: 20, max: 160}),
      rows: fc.integer({min: 1, max: 30}),
    });
    fc.assert(
      fc.property(fc.array(step, {maxLength: 40}), size, fc.nat(10), (steps, given, selected) => {
        const {journey, now} = play(steps);
        if (journey === undefined) throw new Error('no journey');
        const shown = {
          journey,
          delivery: {state: 'sending'},
          now,
          frame: undefined,
          field: selected === 0 ? undefined : selected - 1,
          isRetryPossible: true,
          isCarryPossible: true,
        } as const;
        const rows = journeyRows(shown, given, nick => nick);
        expect(rows).toHaveLength(given.rows);
        for (const row of rows) {
          expect(widthOf(row.map(({text}) => text).join(''))).toBeLessThanOrEqual(given.columns);
        }
      }),
      {numRuns: 500},
    );
  });

  test('the dividers of the panes above meet its first row, where no words are', () => {
    const {watch, journeys} = new FakeClient();
    watch.told({type: 'sent', id: 1, scope: 'room', text: 'hi'}, 0);
    const journey = journeys.of({id: 1});
    if (journey === undefined) throw new Error('no journey');
    const shown = {
      journey,
      delivery: undefined,
      now: 0,
      frame: undefined,
      field: undefined,
      isRetryPossible: false,
      isCarryPossible: false,
    };
    const [title = []] = journeyRows(shown, {columns: 120, rows: 10}, nick => nick, [33, 60, 95]);
    const line = title.map(({text}) => text).join('');
    expect(line).toHaveLength(120);
    expect([...line].flatMap((sign, column) => (sign === '┴' ? [column] : []))).toEqual([33, 95]);
  });

  test('of many attempts, the first and the end of each reader stay', () => {
    const {watch, journeys} = new FakeClient();
    watch.told({type: 'sent', id: 1, scope: 'room', text: 'to many'}, 0);
    const frame = roomText(1, 'to many');
    for (let attempt = 0; attempt < 40; attempt++) {
      for (let to = 0; to < 100; to++) {
        const step = {
          type: 'attempt',
          id: 1,
          to: `m${to}`,
          frame,
          timeoutMs: 100,
          left: 0,
        } as const;
        watch.step(step, attempt * 100);
      }
    }
    for (let to = 0; to < 100; to++) watch.step({type: 'confirmation', id: 1, by: `m${to}`}, 5000);
    const journey = journeys.of({id: 1});
    if (journey?.kind !== 'sent') throw new Error('no journey');
    const marks = journey.courses.flatMap(course => course.marks);
    expect(marks.length).toBeLessThanOrEqual(maximumMarks + 100);
    expect(journey.isCut).toBe(true);
    for (const course of journey.courses) {
      expect(course.marks[0]).toMatchObject({type: 'sent', at: 0});
      expect(course.marks.at(-1)).toEqual({type: 'confirmed', at: 5000});
    }
  });
});

test('a hub that answers no has answered, and the head says what', () => {
  const client = new FakeClient(users('alice', 'bob'));
  const now = performance.now();
  client.tell({type: 'sent', id: 1, scope: 'public', text: 'salut'});
  client.watch.step(
    {type: 'attempt', id: 1, frame: roomText(1, 'salut'), timeoutMs: 500, left: 5},
    now,
  );
  client.watch.step({type: 'confirmation', id: 1}, now + 4);
  client.tell({type: 'failed', id: 1, reason: 'entered-room', pending: []});
  const {press, draw, screen} = open(client, {columns: 120, rows: 30});
  press('\u001b1', keys.up, '\r');
  expect(draw()).toContain('now: not confirmed, you were entering a room');
  expect(draw()).toContain('✓ has answered, after 4 ms');
  screen.dispose();
});

test('of a large room those who have not confirmed are shown, and how many more there are', () => {
  const members = Array.from({length: 40}, (_, index) => `m${index}`);
  const client = new FakeClient(users('alice', ...members));
  client.tell(roomEntered('alice', ...members), {type: 'sent', id: 1, scope: 'room', text: 'all'});
  const frame = roomText(1, 'all');
  for (const to of members) {
    const step = {type: 'attempt', id: 1, to, frame, timeoutMs: 500, left: 5} as const;
    client.watch.step(step, performance.now());
    if (to !== 'm33') client.watch.step({type: 'confirmation', id: 1, by: to}, performance.now());
  }
  const {press, draw, screen} = open(client, {columns: 120, rows: 40});
  press(keys.room, keys.up, '\r');
  expect(draw()).toMatch(/m33 +●/);
  expect(draw()).toContain('39 of 40 have it');
  expect(draw()).toMatch(/and 3\d more/);
  screen.dispose();
});
