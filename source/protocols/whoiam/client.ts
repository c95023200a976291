import {nameKey} from '../../names/key.ts';
import {FrameBuffer} from '../../transport/frame-buffer.ts';
import {frameListener} from '../arrivals.ts';
import type {ClientEnd, FailureReason, Request, Statistics, StreamClientHost} from '../protocol.ts';
import {Fences, silenceMs} from '../streams/fences.ts';
import {HubConnection} from '../streams/hub-connection.ts';
import * as wire from './wire.ts';

/** A limit, so that no hub can fill our memory with names. */
const maximumUsers = 32_768;

/** A text, until the list that was requested behind it has come. */
type Text = {
  readonly id: number;
  readonly bytes: Uint8Array;
  /** The reader of a private text. */
  readonly to: string | undefined;
  /** The hub has found nobody to pass it on to. */
  isRefused: boolean;
};

/**
 * The client's end of `whoiam` (docs/protocols/whoiam.md, "Exchanges"). Its states are those of {@link HubConnection}.
 *
 * The question of its {@link Fences} is WHO. When the list comes, the hub has served the text before it, and an error
 * about the text has come before the list.
 */
export class WhoiamClient implements ClientEnd {
  readonly #host: StreamClientHost;
  readonly #hub: HubConnection<wire.HubMessage>;
  /** From the registration until the connection is closed. */
  #fences: Fences<Text> | undefined;
  #hasIdentified = false;
  #users = new Set<string>();
  /** The whole list has come since we are connected. */
  #hasList = false;
  #isListWanted = false;
  readonly #statistics = {
    sent: 0,
    received: 0,
    retransmissions: 0,
    roundTripMs: undefined as number | undefined,
  };

  constructor(host: StreamClientHost) {
    this.#host = host;
    this.#hub = new HubConnection({
      open: listener => host.open(listener),
      emit: event => host.emit(event),
      createReader: () => {
        const lines = new FrameBuffer(frameListener(host));
        return {
          push: chunk => lines.push(chunk),
          read: () => lines.read(wire.readHubMessage),
        };
      },
      opened() {},
      hear: (message, now) => {
        if (this.#hub.isConnecting) this.#hearAsStranger(message, now);
        else this.#hear(message, now);
      },
      leave: now => {
        this.#fences?.flush(now);
        this.#hub.write(wire.encodeClientMessage({type: 'leave'}));
      },
      ended: now => this.#hub.finish(now),
      abandoned: () => this.#abandon(),
    });
  }

  get statistics(): Statistics {
    return {...this.#statistics};
  }

  get dueAt(): number {
    return Math.min(this.#hub.dueAt, this.#fences?.dueAt ?? Number.POSITIVE_INFINITY);
  }

  connect(now: number): void {
    this.#hub.connect(now);
  }

  request(request: Request, now: number): void {
    switch (request.type) {
      case 'say':
        if (request.scope === 'room') this.#fail(request.id, 'left-room');
        else this.#say(request.id, {type: 'publicText', text: request.text}, now);
        break;
      case 'tell': {
        const {id, scope, to, text} = request;
        if (scope === 'link') this.#fail(id, 'link-closed');
        else if (!wire.isNickname(to)) this.#fail(id, 'no-such-user');
        else this.#say(id, {type: 'privateText', to, text}, now);
        break;
      }
      case 'list':
        if (!this.#hub.isRegistered) break;
        this.#isListWanted = true;
        // A list that is under way serves as well.
        if (this.#fences?.unanswered === 0) this.#fences.ask(now);
        break;
      default:
      // There are neither rooms nor links here.
    }
  }

  disconnect(now: number): void {
    this.#hub.disconnect(now);
  }

  onTime(now: number): void {
    this.#fences?.onTime(now);
    if (this.#fences?.isSilent(now)) this.#hub.lose(now);
    this.#hub.onTime(now);
  }

  #say(
    id: number,
    message: Extract<wire.ClientMessage, {type: 'publicText' | 'privateText'}>,
    now: number,
  ): void {
    if (!this.#hub.isRegistered) {
      this.#fail(id, 'not-connected');
      return;
    }
    this.#statistics.sent++;
    const bytes = wire.encodeClientMessage(message);
    const to = message.type === 'privateText' ? message.to : undefined;
    this.#fences?.say({id, bytes, to, isRefused: false}, now);
  }

  #hearAsStranger(message: wire.HubMessage, now: number): void {
    const {nickname} = this.#host;
    switch (message.type) {
      case 'whoAreYou':
        if (!this.#hasIdentified) {
          this.#hub.write(wire.encodeClientMessage({type: 'identify', nickname}));
        }
        this.#hasIdentified = true;
        break;
      case 'arrival':
        if (message.nickname === nickname) this.#enter(now);
        break;
      case 'taken':
        this.#hub.refused('name-in-use', now);
        break;
      case 'error':
        this.#hub.refused('name-invalid', now);
        break;
      default:
      // The hub says nothing else to a client that has not registered.
    }
  }

  #enter(now: number): void {
    this.#fences = new Fences<Text>(
      {
        write: (bytes, text) => {
          this.#hub.write(bytes);
          if (text !== undefined) this.#traceAttempt(text.id, bytes);
        },
        question: () => wire.encodeClientMessage({type: 'who'}),
      },
      now,
    );
    this.#fences.ask(now);
    this.#hub.registered();
  }

  #hear(message: wire.HubMessage, now: number): void {
    const {nickname} = this.#host;
    switch (message.type) {
      case 'everyone':
        this.#listed(message.nicknames.slice(0, maximumUsers));
        this.#passFence(now);
        break;
      case 'arrival':
        if (this.#users.size < maximumUsers) this.#arrived(message.nickname);
        break;
      case 'departure':
        if (message.nickname === nickname) this.#hub.lose(now, true);
        else this.#departed(message.nickname);
        break;
      case 'publicText':
        this.#show('public', message);
        break;
      case 'privateText':
        this.#show('direct', message);
        break;
      case 'error': {
        // It is about the oldest text without a list, which the hub is serving (R4).
        const text = this.#fences?.oldest;
        if (text?.to !== undefined && message.about === nickname) text.isRefused = true;
        break;
      }
      default:
      // Another hub may say more: lines that we do not know are ignored.
    }
  }

  /** Tells a list whole if it is the first one or was requested by the user, else only the changes. */
  #listed(nicknames: readonly string[]): void {
    const listed = new Set(nicknames);
    if (!this.#hasList || this.#isListWanted) {
      this.#hasList = true;
      this.#isListWanted = false;
      this.#users = listed;
      this.#host.emit({type: 'users', users: Array.from(listed, nick => ({nick}))});
      return;
    }
    for (const nick of this.#users) {
      if (!listed.has(nick) && nick !== this.#host.nickname) this.#departed(nick);
    }
    for (const nick of listed) this.#arrived(nick);
  }

  #arrived(nick: string): void {
    if (this.#users.has(nick)) return;
    this.#users.add(nick);
    if (this.#hasList) this.#host.emit({type: 'arrived', nick});
  }

  #departed(nick: string): void {
    if (this.#users.delete(nick) && this.#hasList) this.#host.emit({type: 'departed', nick});
  }

  /** The list that has come answers the oldest of our questions. */
  #passFence(now: number): void {
    const fences = this.#fences;
    if (fences === undefined) return;
    const text = fences.answered(now);
    this.#statistics.roundTripMs = fences.roundTripMs;
    fences.pump(now);
    if (text === undefined) return;
    this.#host.trace?.({type: 'confirmation', id: text.id});
    if (text.isRefused) this.#fail(text.id, this.#refusalOf(text));
    else this.#host.emit({type: 'delivered', id: text.id});
  }

  /** A reader who is on the list behind the ERR, but cannot be reached, is in a room. */
  #refusalOf({to}: Text): FailureReason {
    return to !== undefined && this.#isHere(to) ? 'recipient-in-room' : 'no-such-user';
  }

  /** The typed name may be spelt differently from the hub's. */
  #isHere(nickname: string): boolean {
    if (this.#users.has(nickname)) return true;
    const key = nameKey(nickname);
    return this.#users.values().some(name => nameKey(name) === key);
  }

  #show(
    scope: 'public' | 'direct',
    {author, text}: {readonly author: string; readonly text: string},
  ): void {
    if (author === this.#host.nickname) return;
    this.#statistics.received++;
    this.#host.emit({type: 'message', scope, from: author, text});
  }

  /** The texts that were under way have failed. */
  #abandon(): void {
    const {said, unsaid} = this.#fences?.abandon() ?? {said: [], unsaid: []};
    this.#fences = undefined;
    this.#hasIdentified = false;
    this.#hasList = false;
    this.#isListWanted = false;
    for (const text of said) {
      this.#host.trace?.({type: 'given-up', id: text.id, reason: 'silent'});
      this.#fail(text.id, text.isRefused ? this.#refusalOf(text) : 'hub-silent');
    }
    for (const {id} of unsaid) this.#fail(id, 'not-connected');
    this.#users.clear();
  }

  #traceAttempt(id: number, frame: Uint8Array): void {
    this.#host.trace?.({type: 'attempt', id, frame, timeoutMs: silenceMs, left: 0});
  }

  #fail(id: number, reason: FailureReason): void {
    this.#host.emit({type: 'failed', id, reason, pending: []});
  }
}
