import {FrameBuffer} from '../../transport/frame-buffer.ts';
import type {
  ClientEnd,
  Connection,
  FailureReason,
  OutgoingListener,
  Request,
  Statistics,
  StreamClientHost,
} from '../protocol.ts';
import * as wire from './wire.ts';

/** A hub that has not let us in by then cannot be reached. */
const identificationMs = 10_000;

/** A hub that answers nothing for so long, though it owes an answer, is lost. */
const silenceMs = 10_000;

/** Where nothing is asked, that often something is: otherwise nobody notices that the hub is gone. */
const idleMs = 30_000;

/** Our LFT is not waited for any longer. */
const farewellMs = 3000;

/** Lists that the hub owes us. What comes on top waits here, and not in the hub. */
const maximumFences = 16;

/** A hub of somebody else's cannot fill our memory with names. */
const maximumUsers = 32_768;

/** A text, until the list that was asked for behind it has come. */
type Text = {
  readonly id: number;
  readonly line: Uint8Array;
  /** Of a private text: whom it is for. */
  readonly to: string | undefined;
  /** Why the hub has not passed it on. */
  refusal: FailureReason | undefined;
};

/** A WHO that has not been answered, and the text that was written before it. */
type Fence = {readonly sentAt: number; readonly text: Text | undefined};

/**
 * The client's end of `whoiam` (docs/protocols/whoiam.md, "Exchanges").
 *
 * A hub never says that it has taken a text. But it answers lines in their order, so each text is followed by a
 * WHO, its fence: when that list comes, the hub has served the text before it, and what was wrong with it has
 * come before the list. The same lists tell how long the way is, and that the hub is still there.
 *
 * The states: new → identifying → connected → leaving → gone; from identifying and connected to lost, and back
 * to identifying when told to connect again.
 */
export class WhoiamClient implements ClientEnd {
  readonly #host: StreamClientHost;
  #state: 'new' | 'identifying' | 'connected' | 'leaving' | 'lost' | 'gone' = 'new';
  #connection: Connection | undefined;
  /** That of the newest connection: what others still hear is not about us. */
  #listener: OutgoingListener | undefined;
  #lines = new FrameBuffer();
  #hasIdentified = false;
  /** When identifying or leaving has had its time. */
  #deadline = Number.POSITIVE_INFINITY;
  /** In the order in which they were sent, which is that of the answers. */
  #fences: Fence[] = [];
  #queued: Text[] = [];
  /** The last time that nothing was asked, or that something was answered. */
  #quietAt = 0;
  #users = new Set<string>();
  /** The whole list has come since we are connected. */
  #hasList = false;
  #isListNews = false;
  readonly #statistics = {
    sent: 0,
    received: 0,
    retransmissions: 0,
    roundTripMs: undefined as number | undefined,
  };

  constructor(host: StreamClientHost) {
    this.#host = host;
  }

  get statistics(): Statistics {
    return {...this.#statistics};
  }

  get dueAt(): number {
    if (this.#state !== 'connected') return this.#deadline;
    return this.#quietAt + (this.#fences.length > 0 ? silenceMs : idleMs);
  }

  connect(now: number): void {
    this.#state = 'identifying';
    this.#lines = new FrameBuffer();
    this.#hasIdentified = false;
    this.#deadline = now + identificationMs;
    const isCurrent = () => this.#listener === listener;
    const listener: OutgoingListener = {
      opened() {},
      received: (bytes, at) => {
        if (isCurrent()) this.#receive(bytes, at);
      },
      ended: () => {
        if (isCurrent()) this.#lose();
      },
      drained() {},
      closed: () => {
        if (isCurrent()) this.#lose();
      },
    };
    this.#listener = listener;
    this.#connection = this.#host.open(listener);
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
        // A list that is under way is as good.
        if (this.#state === 'connected' && this.#fences.length === 0) this.#ask(undefined, now);
        break;
      default:
      // There are neither rooms nor links here.
    }
  }

  disconnect(now: number): void {
    if (this.#state !== 'connected') {
      this.#end();
      return;
    }
    this.#state = 'leaving';
    this.#deadline = now + farewellMs;
    // What waits has still a chance: the hub serves it before the BYE.
    this.#sendQueued(Number.POSITIVE_INFINITY, now);
    this.#connection?.write(wire.encodeClientMessage({type: 'leave'}));
  }

  onTime(now: number): void {
    if (now < this.dueAt) return;
    if (this.#state === 'connected' && this.#fences.length === 0) this.#ask(undefined, now);
    else this.#lose();
  }

  #say(
    id: number,
    message: Extract<wire.ClientMessage, {type: 'publicText' | 'privateText'}>,
    now: number,
  ): void {
    if (this.#state !== 'connected') {
      this.#fail(id, 'not-connected');
      return;
    }
    const to = message.type === 'privateText' ? message.to : undefined;
    const line = wire.encodeClientMessage(message);
    this.#queued.push({id, line, to, refusal: undefined});
    this.#sendQueued(maximumFences, now);
  }

  #sendQueued(maximum: number, now: number): void {
    while (this.#fences.length < maximum) {
      const text = this.#queued.shift();
      if (text === undefined) return;
      this.#statistics.sent++;
      this.#ask(text, now);
    }
  }

  /** Asks who is there, behind that text. */
  #ask(text: Text | undefined, now: number): void {
    if (this.#fences.length === 0) this.#quietAt = now;
    this.#fences.push({sentAt: now, text});
    if (text !== undefined) this.#connection?.write(text.line);
    this.#connection?.write(wire.encodeClientMessage({type: 'who'}));
  }

  #receive(bytes: Uint8Array, now: number): void {
    const lines = this.#lines;
    lines.push(bytes);
    // An event may have been answered by another connection, or by none.
    while (lines === this.#lines && this.#connection !== undefined) {
      const line = lines.read(wire.readHubMessage);
      if (line === undefined) break;
      if (!line.ok) this.#lose();
      else if (this.#state === 'identifying') this.#serveStranger(line.message, now);
      else this.#serve(line.message, now);
    }
    this.#showUsers();
  }

  #serveStranger(message: wire.HubMessage, now: number): void {
    const {nickname} = this.#host;
    switch (message.type) {
      case 'whoAreYou':
        if (!this.#hasIdentified) {
          this.#connection?.write(wire.encodeClientMessage({type: 'identify', nickname}));
        }
        this.#hasIdentified = true;
        break;
      case 'arrival':
        if (message.nickname === nickname) this.#becomeConnected(now);
        break;
      case 'taken':
        this.#hangUp('lost');
        this.#host.emit({type: 'refused', reason: 'name-in-use'});
        break;
      case 'error':
        this.#hangUp('lost');
        this.#host.emit({type: 'refused', reason: 'name-invalid'});
        break;
      default:
      // Nothing else is said to somebody who is not known.
    }
  }

  #serve(message: wire.HubMessage, now: number): void {
    const {nickname} = this.#host;
    switch (message.type) {
      case 'everyone':
        this.#users = new Set(message.nicknames.slice(0, maximumUsers));
        this.#hasList = true;
        this.#isListNews = true;
        this.#passFence(now);
        break;
      case 'arrival':
        if (this.#users.has(message.nickname) || this.#users.size >= maximumUsers) break;
        this.#users.add(message.nickname);
        this.#isListNews = true;
        break;
      case 'departure':
        if (message.nickname === nickname) this.#lose();
        else if (this.#users.delete(message.nickname)) this.#isListNews = true;
        break;
      case 'publicText':
        this.#show('public', message);
        break;
      case 'privateText':
        this.#show('direct', message);
        break;
      case 'error': {
        // Of the text that the hub is serving (R4): those before it have their lists.
        const text = this.#fences[0]?.text;
        if (text?.to === undefined || message.about !== nickname) break;
        // Who has left is no longer on the list by now: lines come in their order.
        text.refusal = this.#isHere(text.to) ? 'recipient-in-room' : 'no-such-user';
        break;
      }
      default:
      // Of another hub, perhaps: no line that we do not know takes anything from us.
    }
  }

  #becomeConnected(now: number): void {
    this.#state = 'connected';
    this.#hasList = false;
    this.#host.emit({type: 'connected'});
    // Whoever has heard that may have left, or said something already.
    if (this.#state === 'connected' && this.#fences.length === 0) this.#ask(undefined, now);
  }

  /** The list that has come answers the oldest of our questions. */
  #passFence(now: number): void {
    const fence = this.#fences.shift();
    this.#quietAt = now;
    if (fence === undefined) return;
    this.#statistics.roundTripMs = now - fence.sentAt;
    if (this.#state === 'connected') this.#sendQueued(maximumFences, now);
    const {text} = fence;
    if (text === undefined) return;
    if (text.refusal !== undefined) this.#fail(text.id, text.refusal);
    else this.#host.emit({type: 'delivered', id: text.id});
  }

  /** However it is spelt, as nicknames that differ in their case alone are one. */
  #isHere(nickname: string): boolean {
    const folded = nickname.toLowerCase();
    return this.#users.values().some(name => name.toLowerCase() === folded);
  }

  #show(
    scope: 'public' | 'direct',
    {author, text}: {readonly author: string; readonly text: string},
  ): void {
    if (author === this.#host.nickname) return;
    this.#statistics.received++;
    this.#host.emit({type: 'message', scope, from: author, text});
  }

  /** Once for all that has come together. */
  #showUsers(): void {
    if (!this.#isListNews || !this.#hasList) return;
    this.#isListNews = false;
    this.#host.emit({type: 'users', users: Array.from(this.#users, nick => ({nick}))});
  }

  /** The hub is silent, has closed the connection, or speaks another language. */
  #lose(): void {
    if (this.#state === 'leaving') {
      this.#end();
      return;
    }
    const wasConnected = this.#state === 'connected';
    this.#hangUp('lost');
    this.#host.emit(wasConnected ? {type: 'lost'} : {type: 'refused', reason: 'unreachable'});
  }

  #end(): void {
    this.#hangUp('gone');
    this.#host.emit({type: 'disconnected'});
  }

  /** Nothing of the connection is left, and the texts that were under way have failed. */
  #hangUp(state: 'lost' | 'gone'): void {
    this.#state = state;
    this.#deadline = Number.POSITIVE_INFINITY;
    this.#connection?.destroy();
    this.#connection = undefined;
    this.#listener = undefined;
    this.#isListNews = false;
    const texts = [...this.#fences.flatMap(({text}) => text ?? []), ...this.#queued];
    this.#fences = [];
    this.#queued = [];
    for (const {id, refusal} of texts) this.#fail(id, refusal ?? 'hub-silent');
  }

  #fail(id: number, reason: FailureReason): void {
    this.#host.emit({type: 'failed', id, reason, pending: []});
  }
}
