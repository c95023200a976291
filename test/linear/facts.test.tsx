/** Everything that the screen tells is told in lines: random sessions go through both, and their facts are compared. */
import {stripVTControlCharacters} from 'node:util';
import {renderToString} from 'ink';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {commands} from '../../source/client/commands.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import {historyOf} from '../../source/client/state.ts';
import {Session} from '../../source/linear/session.ts';
import {defaultLinear, type LinearSettings} from '../../source/linear-settings.ts';
import {App} from '../../source/tui/app.tsx';
import {Screen} from '../../source/tui/screen.ts';
import {createTheme} from '../../source/tui/theme/theme.ts';
import {seeds} from '../network/random.ts';
import {FakeClient, noon} from '../tui/fake-client.ts';
import {idleTerminal} from '../tui/idle-terminal.ts';
import {factsOnScreen, LineReader, token} from './facts.ts';
import {Generator} from './sessions.ts';

const eventsOfSession = 40;

beforeEach(() => vi.useFakeTimers({now: noon}));
afterEach(() => {
  vi.useRealTimers();
});

/** A session through both fronts. @returns The facts of each, in order. */
function run(seed: number, settings: Partial<LinearSettings>, client = new FakeClient()) {
  client.state = {
    ...client.state,
    features: new Set(['invitations', 'direct-messages', 'links', 'named-rooms']),
  };
  let now = noon;
  let lines: string[] = [];
  const session = new Session({
    client,
    settings: {...defaultLinear, ...settings},
    write: line => lines.push(line),
    edit() {},
    open: async () => undefined,
    remember: () => undefined,
    quit() {},
    hubs: () => [],
    wallClock: () => now,
    now: () => now,
  });
  client.onEvent(event => session.onEvent(event));
  const generator = new Generator(seed);
  const reader = new LineReader();
  const tokens = new Map<number, string>();
  const screen: string[] = [];
  const linear: string[] = [];
  const told: string[] = [];
  const take = (event: EngineEvent) => {
    linear.push(...reader.read(lines, event, tokens));
    told.push(...lines);
    lines = [];
  };
  for (let count = 0; count < eventsOfSession; count++) {
    const next = generator.next(client.state, now);
    if (next === undefined) continue;
    const {waitMs, event} = next;
    const until = now + waitMs;
    for (let dueAt = session.teller.dueAt; dueAt <= until; dueAt = session.teller.dueAt) {
      now = Math.max(now, dueAt);
      session.teller.onTime(now);
    }
    now = until;
    take({type: 'quit'});
    if (event.type === 'sent') tokens.set(event.id, token(event.text));
    const before = client.state;
    client.tellAt(now, event);
    // As if the list of people had come.
    session.teller.welcome();
    screen.push(...factsOnScreen(event, before, client.state, tokens));
    take(event);
  }
  session.teller.flush();
  take({type: 'quit'});
  return {screen, linear, told, state: client.state};
}

const tried = seeds(...Array.from({length: 2000}, (_, index) => index + 1));
const which = `${tried[0]} to ${tried.at(-1)}`;

test(`the facts on the screen are those in the lines, for the seeds ${which}`, () => {
  for (const seed of tried) {
    const {screen, linear} = run(seed, {verbosity: 'all', marks: 'all'});
    // That the only one who was missing has a text means that it has arrived: a line says so once.
    const isSaid = (fact: string) => {
      const [, one] = /^delivered (t\d+t)$/.exec(fact) ?? [];
      const failed = screen.findLast(other => other.startsWith(`failed ${one}: `));
      return (
        failed !== undefined &&
        /: [^,]+$/.test(failed) &&
        screen.includes(failed.replace('failed', 'has'))
      );
    };
    const facts = (all: readonly string[]) => all.filter(fact => !isSaid(fact)).toSorted();
    expect(facts(linear), `CHAT_TUI_SEED=${seed}`).toEqual(facts(screen));
  }
}, 120_000);

test(`of everybody it is told last what is true, and failures are told as always, for the seeds ${which}`, () => {
  const always = (fact: string) => !/^(?:came|left|delivered) /.test(fact);
  for (const seed of tried.filter((_, index) => index % 4 === 0)) {
    const {screen, linear, told, state} = run(seed, {});
    // Folded arrivals are read below: here they are lines of no known kind.
    const isPassage = (fact: string) => /^notice: .*\b(?:came|left)\b/.test(fact);
    const facts = linear.filter(fact => always(fact) && !(isPassage(fact) && !/t\d+t/.test(fact)));
    const wanted = screen.filter(fact => always(fact) && !isPassage(fact));
    expect(facts.toSorted(), `CHAT_TUI_SEED=${seed}`).toEqual(wanted.toSorted());
    // In a crowd not everybody is named, and somebody may come unnamed.
    if (told.some(line => /\d (?:people|person|more)\b/.test(line)) || state.ignored.size > 0)
      continue;
    for (const nick of ['carl', 'dora', 'zoé']) {
      const last = told.flatMap(line => passagesOf(nick, line)).at(-1);
      const isHere = state.users.has(nick);
      if (last !== undefined) expect(last, `CHAT_TUI_SEED=${seed}, ${nick}`).toBe(isHere);
    }
  }
}, 120_000);

/** Whether somebody who is named in a line about the public room came; nothing of other lines. */
function passagesOf(nick: string, line: string): readonly boolean[] {
  if (/^Invitation|t\d+t|private room|\[| into |projet|bob: hi|"a /.test(line)) return [];
  return line.split('. ').flatMap(part => {
    if (!/\b(?:came|left)\b/.test(part) || !new RegExp(`\\b${nick}(?![\\p{L}])`, 'u').test(part))
      return [];
    return [/\bcame\b/.test(part)];
  });
}

test('what the whole screen draws at a large size was told in lines', () => {
  const size = {columns: 240, rows: 300};
  for (const seed of tried.slice(0, 25)) {
    const client = new FakeClient();
    const screen = new Screen({client, commands, size, terminal: idleTerminal});
    const {told, state} = run(seed, {marks: 'all'}, client);
    vi.advanceTimersByTime(200);
    const theme = createTheme({depth: 2, isAscii: false}, 'dark');
    const frame = stripVTControlCharacters(
      renderToString(<App screen={screen} theme={theme} />, size),
    );
    screen.dispose();
    const lines = told.join('\n');
    const own = new Set(
      Object.values(state.conversations).flatMap(history =>
        [...history.backwards()].flatMap(([, entry]) =>
          entry.kind === 'message' && entry.id !== undefined ? [token(entry.text)] : [],
        ),
      ),
    );
    const drawn = [...new Set(frame.match(/t\d+t/g))];
    const message = `CHAT_TUI_SEED=${seed}`;
    expect(
      drawn.filter(one => !own.has(one) && !lines.includes(one)),
      message,
    ).toEqual([]);
    const inPublic = [...historyOf(state, 'public').backwards()].map(([, entry]) =>
      entry.kind === 'message' ? token(entry.text) : '',
    );
    if (state.turnedTo === undefined) {
      expect(
        inPublic.filter(one => !frame.includes(one)),
        message,
      ).toEqual([]);
    }
  }
}, 60_000);
