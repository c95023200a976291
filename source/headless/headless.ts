import type {Readable, Writable} from 'node:stream';
import {cleanText} from '../client/clean-text.ts';
import type {ChatClient, Client} from '../client/client.ts';
import {helpText} from '../client/help.ts';
import {lastMentions} from '../client/last-mentions.ts';
import {noMentions, roomsSentence} from '../client/sentences.ts';
import type {State} from '../client/state.ts';
import {timeOf} from '../client/times.ts';
import {sayGoodbye} from '../leaving.ts';
import {type Deed, deedOf, deedOfLine, type LineHost} from './carry-out.ts';
import {EventOutput} from './event-output.ts';
import type {PrintedEvent, Tag} from './events.ts';
import {type Line, LineReader, maximumLineBytes} from './lines.ts';
import {fewPending, maximumPending} from './pace.ts';
import {readInput} from './requests.ts';
import {Teller} from './teller.ts';
import type {WireWatch} from './wire-watch.ts';

export type HeadlessClient = ChatClient & Pick<Client, 'pause' | 'resume'>;

export type HeadlessOptions = {
  readonly input: Readable;
  readonly output: Writable;
  /** Messages for people that are no events. */
  readonly diagnostics: Writable;
  /** Ends at once, without waiting for texts on their way. */
  readonly signal?: AbortSignal;
  /** Our own hub, if there is one. */
  readonly hub?: {close(): Promise<void>} | undefined;
  /** If it is there, what happens to our texts on the wire is told: `--trace`. */
  readonly trace?: WireWatch | undefined;
  /** Where `/connect` or `/nick` is refused, goes back to where we were, in place of ending. */
  readonly goesBack?: boolean;
};

/** A writer is not told to wait if it takes no longer than this. */
const briefMs = 100;

/** How long a hub that is away is waited for, when nothing is left but texts that are kept for it. */
const awayMs = 30_000;

/**
 * The client without a screen (docs/headless.md). A line is read only when the client can act on it: the first after
 * connecting, each further one when few texts are on their way.
 *
 * @returns The exit code, when the conversation is over and the hub was told goodbye.
 */
export async function runHeadless(
  client: HeadlessClient,
  {input, output, diagnostics, signal, hub, trace, goesBack = false}: HeadlessOptions,
): Promise<number> {
  let exitCode = 0;
  let isEnding = false;
  let areRoomsAsked = false;
  const lines = new LineReader(input);
  let interrupt = () => {};
  const end = () => {
    isEnding = true;
    lines.close();
    interrupt();
  };
  // Not Promise.race: it would keep memory for every promise until the other one settles, at the very end.
  const unlessOver = (promise: Promise<unknown>) =>
    new Promise<void>(resolve => {
      interrupt = resolve;
      if (isEnding) resolve();
      else void promise.then(() => resolve());
    });
  const events = new EventOutput(output, {
    behind: () => {
      if (client.pause()) teller.behind();
    },
    ready: () => {
      client.resume();
      teller.ready();
    },
  });
  const print = (event: PrintedEvent) => events.write(event);
  const teller = new Teller({client, print, goesBack});
  trace?.onStep(step => print(teller.step(step)));
  client.onEvent(event => {
    teller.onEvent(event);
    if (event.type === 'help') diagnostics.write(helpText(event.topic, client.state.features));
    else if (event.type === 'notice') diagnostics.write(`${cleanText(event.text)}\n`);
    else if (event.type === 'mentions') diagnostics.write(mentionLines(client.state));
    else if (event.type === 'room-list') areRoomsAsked = true;
    else if (event.type === 'share') diagnostics.write(`${event.link}\n${event.note}\n`);
    if (event.type === 'rooms' && areRoomsAsked) {
      diagnostics.write(`${roomsSentence(event.rooms)}\n`);
      areRoomsAsked = false;
    }
    if (event.type === 'refused' && !teller.isGoingBack) {
      exitCode = 1;
      end();
    }
    if (event.type === 'quit') end();
  });
  const isConnected = new Promise<void>(resolve => {
    client.onEvent(event => {
      if (event.type === 'connected') resolve();
    });
  });
  output.on('error', (error: NodeJS.ErrnoException) => {
    // With EPIPE the reader of our events has gone, and nobody is left to be told. A full disk is another matter.
    if (error.code !== 'EPIPE' && exitCode === 0) {
      exitCode = 1;
      diagnostics.write(`chat-tui: standard output: ${error.message}\n`);
    }
    end();
  });
  signal?.addEventListener('abort', end);
  if (signal?.aborted) end();

  const {tags, texts} = teller;
  const host = {client, texts, print: teller.answer};
  await unlessOver(isConnected);
  while (!isEnding) {
    const next = await lines.next();
    if (isEnding || next.done) break;
    const {deed, tag} = readLine(next.value, host);
    tags.carryOut(tag, deed.awaited, deed.action);
    await unlessOver(tags.listed());
    if (texts.pending > maximumPending) {
      const telling = setTimeout(() => teller.slowDown(), briefMs);
      await unlessOver(client.settled(fewPending));
      clearTimeout(telling);
    } else await unlessOver(client.settled(maximumPending));
    // The line led nowhere, and the next one is for where we were before.
    if (teller.isGoingBack) await unlessOver(client.settled(maximumPending));
    tags.settled();
    await unlessOver(events.ready());
  }
  lines.close();
  // What was said has arrived, or is known not to have.
  if (!signal?.aborted) await settledOrAway(client, signal);
  teller.stop();
  await sayGoodbye(client, hub);
  return exitCode;
}

/** @returns What the line does, and the tag that it has. */
function readLine(
  line: Line,
  host: LineHost,
): {readonly deed: Deed; readonly tag: Tag | undefined} {
  const failing = (code: string, message: string): Deed => ({
    action: () => {
      host.print({type: 'error', code, message});
      return false;
    },
  });
  if (!('text' in line)) return {deed: failing(...tooLong(line.bytes)), tag: undefined};
  const input = readInput(line.text);
  switch (input.kind) {
    case 'line':
      return {deed: deedOfLine(host, input.line), tag: undefined};
    case 'request':
      return {deed: deedOf(host, input.request), tag: input.tag};
    case 'wrong':
      return {deed: failing(input.code, input.message), tag: input.tag};
  }
}

/** Resolves when everything is settled, when the hub has been away for too long, or when there is no more time. */
function settledOrAway(client: ChatClient, signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    let timer: NodeJS.Timeout | undefined;
    const done = () => {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    };
    const onChange = () => {
      if (client.state.connection.phase !== 'connected') timer ??= setTimeout(done, awayMs);
      else {
        clearTimeout(timer);
        timer = undefined;
      }
    };
    const unsubscribe = client.subscribe(onChange);
    onChange();
    signal?.addEventListener('abort', done);
    void client.settled().then(done);
  });
}

/** One message in a line, newest first. */
function mentionLines(state: State): string {
  const lines = lastMentions(state).map(({entry: {at, author, text}}) => {
    const time = timeOf(at);
    return `${time} ${author}  ${text.replaceAll('\n', ' ')}\n`;
  });
  return lines.length === 0 ? `${noMentions}\n` : lines.join('');
}

function tooLong(bytes: number): [code: string, message: string] {
  const message = `Not sent: the line has ${bytes} bytes, and can have ${maximumLineBytes}. Send it in parts`;
  return ['text-too-long', message];
}
