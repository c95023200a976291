import type {
  ClientEnd,
  Connection,
  FailureReason,
  Request,
  Statistics,
  StreamClientHost,
} from '../../protocol.ts';
import * as wire from '../wire.ts';
import {type Fate, Fences} from './fences.ts';
import {HubStream} from './hub-stream.ts';
import {Links} from './links.ts';

/** A hub that has not let us in by then is not there. */
const registrationMs = 10_000;

/** How long leaving takes at the most, private connections included. */
const leavingMs = 3000;

/**
 * The client's end of `cosp` (docs/protocols/cosp.md, "Exchanges").
 *
 *     idle         connect → connecting
 *     connecting   accepted → registered; refused, not reached or too slow → idle
 *     registered   the connection or a fence's answer fails → idle; told to leave → leaving
 *     leaving      private connections first, then this one: closed or out of time → gone
 *
 * How it knows what has arrived at the hub is told in {@link Fences}.
 */
export class CospClient implements ClientEnd {
  readonly #host: StreamClientHost;
  readonly #links: Links;
  #state: 'idle' | 'connecting' | 'registered' | 'leaving' | 'gone' = 'idle';
  /** Of connecting, or of leaving. */
  #deadline = Number.POSITIVE_INFINITY;
  #connection: Connection | undefined;
  /** Counts connections: what is said of one that was given up is not heard. */
  #attempt = 0;
  #fences: Fences | undefined;
  /** The others, by id, in the order in which they came. */
  readonly #users = new Map<number, string>();
  #sent = 0;
  #received = 0;
  #roundTripMs: number | undefined;

  constructor(host: StreamClientHost) {
    this.#host = host;
    this.#links = new Links({
      open: (listener, localPort) => host.open(listener, localPort),
      reserve: onReserved => host.reserve(onReserved),
      takeLink: (nick, connection) => host.takeLink(nick, connection),
      emit: event => {
        if (event.type === 'message') this.#received++;
        host.emit(event);
      },
      tell: (message, now) => this.#fences?.push(message, now),
      over: () => this.#leaveWhenAlone(),
    });
  }

  get statistics(): Statistics {
    return {
      sent: this.#sent,
      received: this.#received,
      retransmissions: 0,
      roundTripMs: this.#fences?.roundTripMs ?? this.#roundTripMs,
    };
  }

  get dueAt(): number {
    const fencesDueAt = this.#fences?.dueAt ?? Number.POSITIVE_INFINITY;
    return Math.min(this.#deadline, fencesDueAt, this.#links.dueAt);
  }

  connect(now: number): void {
    const attempt = ++this.#attempt;
    const stream = new HubStream();
    const ifCurrent = (action: () => void) => {
      if (attempt === this.#attempt) action();
    };
    this.#state = 'connecting';
    this.#deadline = now + registrationMs;
    this.#connection = this.#host.open({
      opened: () => ifCurrent(() => this.#introduce()),
      received: (bytes, at) => {
        stream.push(bytes);
        while (attempt === this.#attempt && this.#read(stream, at));
      },
      ended: at => ifCurrent(() => this.#ended(at)),
      drained() {},
      closed: (_code, at) => ifCurrent(() => this.#lose(at)),
    });
  }

  request(request: Request, now: number): void {
    switch (request.type) {
      case 'say':
        if (request.scope === 'room') this.#fail(request.id, 'left-room');
        else this.#say(request.id, {type: 'publicText', text: request.text}, undefined, now);
        break;
      case 'tell':
        this.#tell(request, now);
        break;
      case 'list':
        if (this.#state === 'registered') this.#showUsers();
        break;
      case 'link':
        this.#ask(request.to, now);
        break;
      case 'unlink':
        this.#links.unlink(request.from, now);
        break;
      case 'answer':
        this.#links.answer(request.from, request.accepted, now);
        break;
      default:
      // There are no rooms here.
    }
  }

  disconnect(now: number): void {
    if (this.#state === 'gone' || this.#state === 'leaving') return;
    if (this.#state === 'registered') {
      this.#state = 'leaving';
      this.#deadline = now + leavingMs;
      this.#links.close(now);
      this.#leaveWhenAlone();
    } else {
      this.#hangUp();
      this.#finish();
    }
  }

  onTime(now: number): void {
    this.#links.onTime(now);
    this.#fences?.onTime(now);
    if (now >= this.#deadline || this.#fences?.isSilent(now)) this.#lose(now);
  }

  #introduce(): void {
    this.#connection?.write(wire.encodeNickname(this.#host.nickname));
  }

  /** @returns Whether there was something to read. */
  #read(stream: HubStream, now: number): boolean {
    const decoded = stream.read();
    if (decoded === undefined) return false;
    if (!decoded.ok) {
      this.#lose(now);
      return false;
    }
    const {message} = decoded;
    if (message.type === 'accepted') this.#enter(message.users, now);
    else if (message.type === 'refused') this.#refused();
    else this.#heed(message, now);
    return true;
  }

  #enter(users: readonly wire.User[], now: number): void {
    this.#state = 'registered';
    this.#deadline = Number.POSITIVE_INFINITY;
    for (const {id, nickname} of users) this.#users.set(id, nickname);
    this.#fences = new Fences(
      {write: bytes => this.#connection?.write(bytes), nobody: () => this.#nobody()},
      now,
    );
    this.#host.emit({type: 'connected'});
    this.#showUsers();
    // The first round trip.
    this.#fences.push({}, now);
  }

  /** Our name is one by the protocol's own rule: somebody has it. */
  #refused(): void {
    this.#hangUp();
    this.#state = 'idle';
    this.#host.emit({type: 'refused', reason: 'name-in-use'});
  }

  #heed(notice: wire.Notice, now: number): void {
    switch (notice.type) {
      case 'arrival':
        this.#users.set(notice.id, notice.nickname);
        this.#showUsers();
        break;
      case 'departure':
        if (!this.#users.delete(notice.id)) return;
        this.#links.departed(notice.id, now);
        this.#fences?.departed(notice.id, now);
        this.#showUsers();
        break;
      case 'publicText':
        this.#hear('public', notice.author, notice.text);
        break;
      case 'privateText':
        this.#hear('direct', notice.author, notice.text);
        break;
      case 'connectionAsked': {
        const nick = this.#users.get(notice.id);
        if (nick !== undefined && this.#state === 'registered') {
          this.#links.asked(notice.id, nick, now);
        }
        break;
      }
      case 'connectionAccepted':
        this.#links.accepted(notice.id, now);
        break;
      case 'acceptanceRegistered':
        this.#links.acceptanceRegistered(notice.id, now);
        break;
      case 'connectionRefused':
        this.#links.refused(notice.id, now);
        break;
      case 'gone':
        this.#fences?.answered(now);
        break;
    }
  }

  #hear(scope: 'public' | 'direct', author: number, text: string): void {
    const from = this.#users.get(author);
    if (from === undefined || text === '') return;
    this.#received++;
    this.#host.emit({type: 'message', scope, from, text});
  }

  #tell({id, scope, to, text}: Extract<Request, {type: 'tell'}>, now: number): void {
    if (scope === 'link') {
      if (this.#links.say(id, to, text, now)) this.#sent++;
      else this.#fail(id, 'link-closed');
      return;
    }
    const reader = this.#idOf(to);
    if (reader !== undefined) {
      this.#say(id, {type: 'privateText', id: reader, text}, reader, now);
    } else {
      this.#fail(id, this.#state === 'registered' ? 'no-such-user' : 'not-connected');
    }
  }

  #say(id: number, request: wire.Request, to: number | undefined, now: number): void {
    if (this.#state !== 'registered') {
      this.#fail(id, 'not-connected');
      return;
    }
    this.#sent++;
    const onFate = (fate: Fate) => {
      if (fate === 'taken') this.#host.emit({type: 'delivered', id});
      else if (fate === 'unknown') this.#fail(id, 'hub-silent');
      // Who is still on the list, and yet cannot be reached, speaks another protocol and is in a room.
      else this.#fail(id, this.#users.has(to ?? -1) ? 'recipient-in-room' : 'no-such-user');
    };
    this.#fences?.push({request, onFate, ...(to === undefined ? {} : {to})}, now);
  }

  #ask(nick: string, now: number): void {
    if (this.#state !== 'registered') return;
    const peer = this.#idOf(nick);
    const name = this.#users.get(peer ?? -1);
    if (peer !== undefined && name !== undefined) this.#links.ask(peer, name, now);
    else this.#host.emit({type: 'error', code: 'no-such-user', about: nick});
  }

  #fail(id: number, reason: FailureReason): void {
    this.#host.emit({type: 'failed', id, reason, pending: []});
  }

  #showUsers(): void {
    const users = [{nick: this.#host.nickname}];
    for (const nick of this.#users.values()) users.push({nick});
    this.#host.emit({type: 'users', users});
  }

  /** However it is spelt, as nicknames that differ in their case alone are one. */
  #idOf(nick: string): number | undefined {
    const folded = nick.toLowerCase();
    for (const [id, name] of this.#users) if (name.toLowerCase() === folded) return id;
    return undefined;
  }

  /** The numbers go up from 0 and round: the last ones are the longest without a user. */
  #nobody(): number {
    let id = wire.maximumId;
    while (id > 0 && this.#users.has(id)) id--;
    return id;
  }

  #ended(now: number): void {
    // All that the hub had to say has been said.
    if (this.#state === 'leaving') this.#fences?.settle(now);
    else this.#lose(now);
  }

  /** The hub ends private connections with this one: theirs are closed first, so that nothing of them is lost. */
  #leaveWhenAlone(): void {
    if (this.#state === 'leaving' && this.#links.isEmpty) this.#connection?.end();
  }

  #lose(now: number): void {
    const former = this.#state;
    this.#hangUp();
    this.#state = 'idle';
    this.#abandon(now);
    if (former === 'leaving') this.#finish();
    else this.#host.emit(former === 'registered' ? {type: 'lost'} : unreachable);
  }

  #finish(): void {
    this.#state = 'gone';
    this.#host.emit({type: 'disconnected'});
  }

  #abandon(now: number): void {
    const fences = this.#fences;
    this.#fences = undefined;
    this.#roundTripMs = fences?.roundTripMs ?? this.#roundTripMs;
    this.#users.clear();
    this.#links.abandon(now);
    fences?.abandon(now);
  }

  #hangUp(): void {
    this.#attempt++;
    this.#deadline = Number.POSITIVE_INFINITY;
    this.#connection?.destroy();
    this.#connection = undefined;
  }
}

const unreachable = {type: 'refused', reason: 'unreachable'} as const;
