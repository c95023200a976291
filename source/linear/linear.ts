import process from 'node:process';
import {createInterface, emitKeypressEvents, type Key} from 'node:readline';
import type {Readable} from 'node:stream';
import {setTimeout as delay} from 'node:timers/promises';
import type {ChatClient} from '../client/client.ts';
import {sayGoodbye, settleMs, within} from '../leaving.ts';
import type {LinearSettings} from '../linear-settings.ts';
import {openerFor, openLink} from '../opener.ts';
import {type HeldLine, HeldLines} from './held-lines.ts';
import {LineEditor} from './line-editor.ts';
import {Session} from './session.ts';
import {welcomeMs} from './teller.ts';
import {quoted} from './words.ts';

export type LinearOptions = {
  readonly input: Readable & {readonly isTTY?: boolean; setRawMode?(isRaw: boolean): unknown};
  /** Takes text, and never makes the program wait. */
  write(text: string): void;
  /** Whether a person types, on a terminal that is read key by key. */
  readonly isTyped: boolean;
  /** Whether the lines come from a program or a file: then they wait for the hub, and their end is the end. */
  readonly isPiped: boolean;
  readonly settings: LinearSettings;
  remember(settings: LinearSettings): string | undefined;
  hubs(): readonly string[];
  /** Told first. */
  readonly greeting: readonly string[];
  /** Our own hub, if there is one by then. */
  hub(): {close(): Promise<void>} | undefined;
  /** Ends it at once. */
  readonly signal: AbortSignal;
};

/** A script may write faster than one message for each round trip. */
const maximumPending = 64;
/** How long a hub that is away is waited for when a script has ended. */
const awayMs = 30_000;
const stoppedMs = 100;

/**
 * The chat in lines (docs/linear.md), until the user leaves, the input ends or a signal comes.
 *
 * @returns The exit code, when the hub was told goodbye.
 */
export async function runLinear(client: ChatClient, options: LinearOptions): Promise<number> {
  const {input, isTyped, isPiped, settings, signal} = options;
  let exitCode = 0;
  const end = new AbortController();
  const leave = () => end.abort();
  signal.addEventListener('abort', leave);
  if (signal.aborted) leave();
  let editor: LineEditor | undefined;
  const put = (lines: readonly HeldLine[]) => {
    editor?.breakLine();
    options.write(lines.map(({text, hasBell}) => `${hasBell ? '\x07' : ''}${text}\n`).join(''));
    editor?.show();
  };
  const held = new HeldLines(put);
  /** While a line is carried out, its answers are written below it at once. */
  let isAnswering = false;
  const session = new Session({
    client,
    settings,
    write: (text, hasBell) => {
      const line = {text, hasBell};
      if (isAnswering) {
        editor?.breakLine();
        options.write(`${hasBell ? '\x07' : ''}${text}\n`);
      } else {
        const mustWait = session.settings.hold === 'typing' && (editor?.isTyping ?? false);
        held.add(line, mustWait, Date.now());
      }
    },
    edit: line => {
      if (editor === undefined) put([{text: `Your line: ${quoted(line)}`, hasBell: false}]);
      else edited = line;
    },
    open: async target => {
      const opener = openerFor(process.env, process.platform);
      return opener === undefined ? 'there is no browser' : openLink(target, opener);
    },
    remember: options.remember,
    quit: leave,
    hubs: options.hubs,
    wallClock: Date.now,
    now: () => performance.now(),
  });
  /** What is put into the line when the present one is carried out. */
  let edited: string | undefined;

  const answer = (carryOut: () => void) => {
    isAnswering = true;
    try {
      carryOut();
    } finally {
      isAnswering = false;
    }
  };
  for (const text of options.greeting) put([{text, hasBell: false}]);

  let timer: NodeJS.Timeout | undefined;
  const schedule = () => {
    clearTimeout(timer);
    const dueAt = Math.min(session.teller.dueAt, held.dueAt);
    if (dueAt === Number.POSITIVE_INFINITY || end.signal.aborted) return;
    const wait = Math.min(Math.max(0, dueAt - Date.now()), 2 ** 30);
    timer = setTimeout(() => {
      const now = Date.now();
      session.teller.onTime(now);
      if (now >= held.dueAt) held.flush();
      schedule();
    }, wait);
  };
  /** Nobody is told what our own goodbye brings about. */
  let isClosing = false;
  client.onEvent(event => {
    if (isClosing) return;
    session.onEvent(event);
    if (event.type === 'refused' && isPiped) {
      exitCode = 1;
      leave();
    }
    schedule();
  });

  if (isTyped) {
    emitKeypressEvents(input);
    editor = new LineEditor(
      {
        write: options.write,
        onLine: line => {
          if (line.trim() !== '') answer(() => session.onLine(line));
          if (edited !== undefined) editor?.replace(edited);
          edited = undefined;
          schedule();
        },
        onPaste: lines => answer(() => session.onPaste(lines)),
        complete: before => session.complete(before),
        tellCandidates: found => answer(() => session.tellCandidates(found)),
        leave,
        suspend: () => void suspend(),
      },
      settings.prompt,
    );
    const suspend = async () => {
      input.setRawMode?.(false);
      process.kill(process.pid, 'SIGTSTP');
      // Timers stand still while the process does.
      await delay(stoppedMs);
      input.setRawMode?.(true);
      editor?.show();
    };
    const onKey = (characters: string | undefined, key: Key) => {
      editor?.onKey(characters, key);
      // What waited for the line is told when there is none any more.
      if (!editor?.isTyping) held.flush();
    };
    input.setRawMode?.(true);
    input.on('keypress', onKey);
    input.on('end', leave);
    input.resume();
    editor.show();
    await aborted(end.signal);
    input.off('keypress', onKey);
    input.setRawMode?.(false);
    editor.breakLine();
    editor = undefined;
  } else {
    const reader = createInterface({input, crlfDelay: Number.POSITIVE_INFINITY, terminal: false});
    // Lines that come before somebody asks for them would be lost.
    const lines = reader[Symbol.asyncIterator]();
    end.signal.addEventListener('abort', () => reader.close());
    if (end.signal.aborted) reader.close();
    if (isPiped) await Promise.race([connected(client), aborted(end.signal)]);
    for await (const line of lines) {
      if (end.signal.aborted) break;
      if (line.trim() !== '') answer(() => session.onLine(line));
      schedule();
      if (isPiped) await Promise.race([client.settled(maximumPending), aborted(end.signal)]);
    }
    if (isPiped && !end.signal.aborted) await settledOrAway(client, end.signal);
  }
  clearTimeout(timer);
  held.flush();
  session.teller.flush();
  held.flush();
  if (!isPiped && !signal.aborted) await within(settleMs, client.settled());
  isClosing = true;
  leave();
  await sayGoodbye(client, options.hub());
  for (const {text, state} of client.undelivered) {
    options.write(`${state === 'kept' ? 'Never sent' : 'Not confirmed'}: ${quoted(text)}.\n`);
  }
  return exitCode;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), {once: true});
  });
}

/** Resolves when a hub has let us in, and has said who is there. */
function connected(client: ChatClient): Promise<void> {
  return new Promise(resolve => {
    let timer: NodeJS.Timeout | undefined;
    const unsubscribe = client.onEvent(event => {
      const done = () => {
        clearTimeout(timer);
        unsubscribe();
        resolve();
      };
      if (event.type === 'connected') timer ??= setTimeout(done, welcomeMs);
      if (event.type === 'users') done();
    });
  });
}

/** Resolves when everything is settled, when the hub has been away for too long, or when there is no more time. */
async function settledOrAway(client: ChatClient, signal: AbortSignal): Promise<void> {
  const giveUp = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onChange = () => {
    clearTimeout(timer);
    timer = undefined;
    if (client.state.connection.phase !== 'connected') {
      timer = setTimeout(() => giveUp.abort(), awayMs);
    }
  };
  const unsubscribe = client.subscribe(onChange);
  onChange();
  await Promise.race([client.settled(), aborted(giveUp.signal), aborted(signal)]);
  clearTimeout(timer);
  unsubscribe();
}
