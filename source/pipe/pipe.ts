import type {Writable} from 'node:stream';
import {cleanLine} from '../client/clean-text.ts';
import type {Client} from '../client/client.ts';
import type {EngineEvent} from '../client/events.ts';
import {isSameName} from '../names/key.ts';
import {Progress} from './progress.ts';
import type {Ending, Pump} from './pump.ts';

export type PipeOptions = {
  /** Nickname of the other side. */
  readonly peer: string;
  /** True: they ask us, and we accept. False: we ask them. */
  readonly isAccepting: boolean;
  /** Messages for people. */
  readonly diagnostics: Writable & {readonly isTTY?: boolean};
};

export type PipeClient = Pick<Client, 'onEvent' | 'request' | 'state'>;

/** A little less than the hub waits for an answer, because its later message would look like a refusal. */
const answerMs = 5 * 60_000 - 5000;

const progressMs = 500;

/**
 * Opens a private connection with one person for the pump, and waits until it is over. Requests of other people are left
 * unanswered.
 *
 * @returns The exit code.
 */
export async function runPipe(
  client: PipeClient,
  pump: Pump,
  options: PipeOptions,
): Promise<0 | 1> {
  const {peer, diagnostics} = options;
  const status = new StatusLine(diagnostics, `waiting for ${peer}`);
  const progress = new Progress(peer);
  const show = () => status.show(progress.line(pump, performance.now()));
  let ticking: NodeJS.Timeout | undefined;
  const onOpen = () => {
    show();
    ticking = setInterval(show, progressMs);
  };
  const problem = await Promise.race([
    negotiate(client, pump, options, onOpen),
    pump.ended.then(ending => problemOf(ending, peer)),
  ]);
  clearInterval(ticking);
  if (ticking !== undefined) show();
  status.end();
  if (problem === undefined) return 0;
  if (problem !== '') diagnostics.write(`chat-tui: ${problem}\n`);
  return 1;
}

/** Resolves only if there will be no private connection: with the reason, as a sentence. */
function negotiate(
  client: PipeClient,
  pump: Pump,
  {peer, isAccepting}: PipeOptions,
  onOpen: () => void,
): Promise<string> {
  const {promise, resolve} = Promise.withResolvers<string>();
  let linked: string | undefined;
  let waiting: NodeJS.Timeout | undefined;
  const giveUp = (why: string) => {
    clearTimeout(waiting);
    resolve(why);
  };
  client.onEvent(event => {
    switch (event.type) {
      case 'connected':
        if (isAccepting) break;
        waiting = setTimeout(() => giveUp(`${peer} has not answered in five minutes`), answerMs);
        client.request({type: 'link', to: peer});
        break;
      case 'invitation':
        if (isAccepting && isPeer(event.from)) {
          client.request({type: 'answer', from: event.from, accepted: true});
        }
        break;
      case 'invitation-answer':
        if (!event.accepted)
          giveUp(`${peer} has declined the private connection, or speaks a protocol without any`);
        break;
      case 'link-opened':
        linked = event.nick;
        clearTimeout(waiting);
        onOpen();
        break;
      case 'departed':
        if (event.nick === linked) pump.desert();
        break;
      default: {
        const why = failureOf(event, peer, linked !== undefined);
        if (why !== undefined) giveUp(why);
      }
    }
  });
  void pump.ended.then(() => clearTimeout(waiting));
  return promise;

  /** Another spelling counts only if nobody has exactly that name. */
  function isPeer(nick: string): boolean {
    return nick === peer || (isSameName(nick, peer) && !client.state.users.has(peer));
  }
}

function failureOf(event: EngineEvent, peer: string, isOpen: boolean): string | undefined {
  switch (event.type) {
    case 'refused':
      return event.reason === 'nickname-in-use' ? `${event.message} (--nick)` : event.message;
    case 'disconnected':
      // An open private connection reports its own end.
      return isOpen ? undefined : 'the hub does not answer any more: try again later';
    case 'error':
      if (isOpen) return undefined;
      return event.code === 'no-such-user'
        ? `nobody here is called ${peer}: start the side with --accept first`
        : `there is no private connection with ${peer}: ${cleanLine(event.message)}`;
    default:
      return undefined;
  }
}

/** @returns undefined if all went well; an empty text if nobody is there to be told. */
function problemOf(ending: Ending, peer: string): string | undefined {
  switch (ending.is) {
    case 'whole':
      return undefined;
    case 'unwanted':
      return '';
    case 'broken':
      return `the private connection with ${peer} broke before both sides had ended`;
    case 'failed':
      return `standard ${ending.what}: ${ending.error.message}`;
  }
}

/** One line of a terminal that is written again and again. Without a terminal it does nothing. */
class StatusLine {
  readonly #output: PipeOptions['diagnostics'];

  constructor(output: PipeOptions['diagnostics'], text: string) {
    this.#output = output;
    this.show(text);
  }

  show(text: string): void {
    if (this.#output.isTTY) this.#output.write(`\r${text}\u001b[K`);
  }

  end(): void {
    if (this.#output.isTTY) this.#output.write('\n');
  }
}
