import type {Readable, Writable} from 'node:stream';
import {cleanText} from '../client/clean-text.ts';
import type {ChatClient, Client} from '../client/client.ts';
import type {EngineEvent, PublicEvent} from '../client/events.ts';
import {helpText} from '../client/help.ts';
import {lastMentions} from '../client/last-mentions.ts';
import {noMentions, roomsSentence} from '../client/sentences.ts';
import {hereWithAll, type State} from '../client/state.ts';
import {timeOf} from '../client/times.ts';
import {sayGoodbye} from '../leaving.ts';
import {EventOutput} from './event-output.ts';
import {isPublic} from './json.ts';
import {LineReader, maximumLineBytes} from './lines.ts';
import {Presence} from './presence.ts';

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
};

/** How long a hub that is away is waited for, when nothing is left but texts that are kept for it. */
const awayMs = 30_000;

/** A script may write faster than one message for each round trip; memory is not where that waits. */
const maximumPending = 64;

/**
 * The client without a screen (docs/headless.md). A line is read only when the client can act on it: the first after
 * connecting, each further one when few texts are on their way.
 *
 * @returns The exit code, when the conversation is over and the hub was told goodbye.
 */
export async function runHeadless(
  client: HeadlessClient,
  {input, output, diagnostics, signal, hub}: HeadlessOptions,
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
    behind: () => client.pause(),
    ready: () => client.resume(),
  });
  const presence = new Presence(event => events.write(event));
  client.onEvent(event => {
    presence.onEvent(event);
    if (isIgnored(event, client.state)) return;
    if (isPublic(event)) events.write(event);
    else if (event.type === 'help') diagnostics.write(helpText(event.topic, client.state.features));
    else if (event.type === 'notice') diagnostics.write(`${cleanText(event.text)}\n`);
    else if (event.type === 'mentions') diagnostics.write(mentionLines(client.state));
    else if (event.type === 'room-list') areRoomsAsked = true;
    else if (event.type === 'share') diagnostics.write(`${event.link}\n${event.note}\n`);
    else if (event.type === 'choose-hub') {
      const message = 'Type /connect and an address, for example 127.0.0.1:30200';
      events.write({type: 'error', code: 'address-invalid', message});
    }
    if (event.type === 'rooms' && areRoomsAsked) {
      diagnostics.write(`${roomsSentence(event.rooms)}\n`);
      areRoomsAsked = false;
    }
    if (event.type === 'refused') exitCode = 1;
    if (event.type === 'refused' || event.type === 'quit') end();
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

  await unlessOver(isConnected);
  while (!isEnding) {
    const next = await lines.next();
    if (isEnding || next.done) break;
    const line = next.value;
    if ('text' in line) client.submit(line.text, hereWithAll(client.state));
    else events.write(tooLong(line.bytes));
    await unlessOver(client.settled(maximumPending));
    await unlessOver(events.ready());
  }
  lines.close();
  presence.stop();
  // What was said has arrived, or is known not to have.
  if (!signal?.aborted) await settledOrAway(client, signal);
  await sayGoodbye(client, hub);
  return exitCode;
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

/** Whether it is something that an ignored person does: then it is not printed, as it is not on a screen. */
function isIgnored(event: EngineEvent, {ignored}: State): boolean {
  switch (event.type) {
    case 'message':
    case 'invitation':
    case 'invitation-ended':
      return ignored.has(event.from);
    case 'arrived':
    case 'departed':
      return ignored.has(event.nick);
    default:
      return false;
  }
}

function tooLong(bytes: number): PublicEvent {
  const message = `Not sent: the line has ${bytes} bytes, and can have ${maximumLineBytes}. Send it in parts`;
  return {type: 'error', code: 'text-too-long', message};
}
