/** One text, or one event, and the program ends: `chat-tui say` and `chat-tui wait`. */
import type {Writable} from 'node:stream';
import {createContext, Script} from 'node:vm';
import {cleanText} from '../client/clean-text.ts';
import type {ChatClient} from '../client/client.ts';
import {say} from './carry-out.ts';
import type {PrintedEvent} from './events.ts';
import {toJsonLine} from './json.ts';
import {Teller} from './teller.ts';

export type OneShotOptions = {
  /** What people read when it does not work. */
  readonly diagnostics: Writable;
  readonly timeoutMs: number;
  /** Ends at once. */
  readonly signal: AbortSignal;
};

export type Wanted = {
  readonly type: string;
  /** The exact nickname of the one who causes it. */
  readonly from: string | undefined;
  /** Is to be found in the text. */
  readonly pattern: RegExp | undefined;
};

/** The exit code when the time is over. */
export const timedOut = 3;

/**
 * Says a text, in parts if it is too long for one.
 *
 * @param to The one person who gets it; undefined: everybody does.
 * @returns The exit code: 0 when all of it is confirmed. Say goodbye then.
 */
export function sayOnce(
  client: ChatClient,
  {text, to}: {readonly text: string; readonly to: string | undefined},
  options: OneShotOptions,
): Promise<number> {
  const {diagnostics} = options;
  const ids = new Set<number>();
  let isSaid = false;
  return watch(client, {...options, late: 'not confirmed'}, (event, end) => {
    const start = () => {
      const print = (problem: PrintedEvent) => complain(diagnostics, problem);
      if (!say({client, print}, {text, split: true, ...(to === undefined ? {} : {to})})) end(1);
    };
    switch (event.type) {
      case 'connected':
        // When the client has told everybody that it is connected.
        if (!isSaid) queueMicrotask(start);
        isSaid = true;
        break;
      case 'sent':
        ids.add(event.id);
        break;
      case 'delivered':
        ids.delete(event.id);
        if (ids.size === 0) end(0);
        break;
      case 'failed':
        diagnostics.write(`chat-tui: not confirmed: ${event.reason}\n`);
        end(1);
        break;
      case 'error':
        complain(diagnostics, event);
        break;
      default:
    }
  });
}

/** Writes the first event of that kind as a line of JSON. @returns The exit code. Say goodbye then. */
export function waitOnce(
  client: ChatClient,
  wanted: Wanted,
  {output, ...options}: OneShotOptions & {readonly output: Writable},
): Promise<number> {
  const isWanted = matcher(wanted, options.diagnostics);
  return watch(client, {...options, late: `no ${wanted.type} has come`}, (event, end) => {
    if (!isWanted(event)) return;
    output.write(toJsonLine(event, new Date()));
    end(0);
  });
}

/** @param options `late`: what is said when the time is over. */
function watch(
  client: ChatClient,
  {diagnostics, timeoutMs, signal, late}: OneShotOptions & {readonly late: string},
  onEvent: (event: PrintedEvent, end: (code: number) => void) => void,
): Promise<number> {
  return new Promise(resolve => {
    const end = (code: number) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      unsubscribe();
      teller.stop();
      resolve(code);
    };
    const print = (event: PrintedEvent) => {
      onEvent(event, end);
      if (event.type !== 'refused') return;
      complain(diagnostics, event);
      end(1);
    };
    const teller = new Teller({client, print, goesBack: false});
    const unsubscribe = client.onEvent(event => teller.onEvent(event));
    const timer = setTimeout(() => {
      diagnostics.write(`chat-tui: ${late} within ${timeoutMs / 1000} s\n`);
      end(timedOut);
    }, timeoutMs);
    const onAbort = () => end(1);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) end(1);
  });
}

function complain(diagnostics: Writable, event: PrintedEvent): void {
  if ('message' in event) diagnostics.write(`chat-tui: ${cleanText(event.message)}\n`);
}

/** The longest time for which a message is compared with an expression. */
const matchMs = 100;

function matcher(
  {type, from, pattern}: Wanted,
  diagnostics: Writable,
): (event: PrintedEvent) => boolean {
  // In a context of its own the comparison can be stopped: an expression such as (a+)+$ takes years for some texts.
  const circumstances = {pattern, text: ''};
  const context = createContext(circumstances);
  const comparison = new Script('pattern.test(text)');
  let isTold = false;
  const matches = (text: string) => {
    circumstances.text = text;
    try {
      return Boolean(comparison.runInContext(context, {timeout: matchMs}));
    } catch {
      if (!isTold) diagnostics.write(`chat-tui: --match takes too long: passed over\n`);
      isTold = true;
      return false;
    }
  };
  return event => {
    if (event.type !== type) return false;
    if (from !== undefined && causeOf(event) !== from) return false;
    return pattern === undefined || ('text' in event && matches(event.text));
  };
}

/** The nickname of the one who causes the event. */
function causeOf(event: PrintedEvent): string | undefined {
  if ('nick' in event) return event.nick;
  if ('by' in event) return event.by;
  return event.type !== 'gap' && 'from' in event ? event.from : undefined;
}
