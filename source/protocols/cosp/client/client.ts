import {frameListener} from '../../arrivals.ts';
import type {
  ClientEnd,
  FailureReason,
  Request,
  Statistics,
  StreamClientHost,
} from '../../protocol.ts';
import {HubConnection} from '../../streams/hub-connection.ts';
import * as wire from '../wire.ts';
import {Deliveries, type Fate} from './deliveries.ts';
import {HubStream} from './hub-stream.ts';
import {Links} from './links.ts';
import {Roster} from './roster.ts';

/** After this many connections in a row that ended before the first fence was answered, the hub gets no more fences. */
const maximumUnproven = 2;

/**
 * The client's end of `cosp` (docs/protocols/cosp.md, "Exchanges"). Its states are those of {@link HubConnection};
 * leaving, it closes private connections first, then the one to the hub.
 *
 * {@link Deliveries} explains how it knows what has arrived at the hub.
 */
export class CospClient implements ClientEnd {
  readonly #host: StreamClientHost;
  readonly #hub: HubConnection<wire.Registration | wire.Notice>;
  readonly #links: Links;
  /** From the registration until the connection is closed. */
  #deliveries: Deliveries | undefined;
  /** Connections in a row that ended after the registration, but before the hub had answered a fence. */
  #unproven = 0;
  readonly #roster = new Roster();
  #sent = 0;
  #received = 0;
  #roundTripMs: number | undefined;

  constructor(host: StreamClientHost) {
    this.#host = host;
    this.#hub = new HubConnection({
      open: listener => host.open(listener),
      emit: event => host.emit(event),
      createReader: () => new HubStream(frameListener(host)),
      opened: () => this.#hub.write(wire.encodeNickname(host.nickname)),
      hear: (message, now) => this.#hear(message, now),
      leave: now => this.#leave(now),
      // The hub has said everything.
      ended: now => this.#deliveries?.settle(now),
      abandoned: now => this.#abandon(now),
    });
    this.#links = new Links({
      open: (listener, localPort) => host.open(listener, localPort),
      reserve: onReserved => host.reserve(onReserved),
      takeLink: (nick, connection) => host.takeLink(nick, connection),
      trace: host.trace,
      emit: event => {
        if (event.type === 'message') this.#received++;
        host.emit(event);
      },
      tell: (message, now) => this.#deliveries?.say(message, now),
      over: () => this.#endWhenAlone(),
    });
  }

  get statistics(): Statistics {
    return {
      sent: this.#sent,
      received: this.#received,
      retransmissions: 0,
      roundTripMs: this.#deliveries?.roundTripMs ?? this.#roundTripMs,
    };
  }

  get dueAt(): number {
    const deliveriesDueAt = this.#deliveries?.dueAt ?? Number.POSITIVE_INFINITY;
    return Math.min(this.#hub.dueAt, deliveriesDueAt, this.#links.dueAt);
  }

  connect(now: number): void {
    this.#hub.connect(now);
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
        if (this.#hub.isRegistered) this.#showUsers();
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
    this.#hub.disconnect(now);
  }

  onTime(now: number): void {
    this.#links.onTime(now);
    this.#deliveries?.onTime(now);
    if (this.#deliveries?.isSilent(now)) this.#hub.lose(now);
    this.#hub.onTime(now);
  }

  #hear(message: wire.Registration | wire.Notice, now: number): void {
    switch (message.type) {
      case 'accepted':
        this.#enter(message.users, now);
        break;
      case 'refused':
        // Our name follows the protocol's rule, so somebody else has it.
        this.#hub.refused('name-in-use', now);
        break;
      case 'arrival':
        this.#arrived(message, now);
        break;
      case 'departure':
        this.#departed(message.id, now);
        break;
      case 'publicText':
        this.#show('public', message.author, message.text);
        break;
      case 'privateText':
        this.#show('direct', message.author, message.text);
        break;
      case 'connectionAsked': {
        const nick = this.#roster.nicknameOf(message.id);
        if (nick !== undefined && this.#hub.isRegistered) this.#links.asked(message.id, nick, now);
        break;
      }
      case 'connectionAccepted':
        this.#links.accepted(message.id, now);
        break;
      case 'acceptanceRegistered':
        this.#links.acceptanceRegistered(message.id, now);
        break;
      case 'connectionRefused':
        this.#links.refused(message.id, now);
        break;
      case 'gone':
        this.#deliveries?.answered(now);
        break;
    }
  }

  #enter(users: readonly wire.User[], now: number): void {
    for (const {id, nickname} of users) if (!this.#roster.has(id)) this.#roster.add(id, nickname);
    this.#deliveries = new Deliveries(
      {
        write: bytes => this.#hub.write(bytes),
        open: listener => this.#host.open(listener),
        trace: this.#host.trace,
        nobody: () => this.#nobody(),
      },
      this.#unproven < maximumUnproven ? 'unproven' : 'without',
      now,
    );
    this.#hub.registered();
    if (this.#hub.isRegistered) this.#showUsers();
  }

  #arrived({id, nickname}: wire.User, now: number): void {
    // Never at our own hub: there an id belongs to one user until their departure is told.
    if (this.#roster.has(id)) this.#departed(id, now);
    const isNews = this.#roster.add(id, nickname);
    if (isNews && nickname !== this.#host.nickname) {
      this.#host.emit({type: 'arrived', nick: nickname});
    }
  }

  #departed(id: number, now: number): void {
    const nickname = this.#roster.nicknameOf(id);
    if (nickname === undefined) return;
    const isNews = this.#roster.delete(id, nickname);
    this.#links.departed(id, now);
    this.#deliveries?.departed(id, now);
    if (isNews && nickname !== this.#host.nickname) {
      this.#host.emit({type: 'departed', nick: nickname});
    }
  }

  #show(scope: 'public' | 'direct', author: number, text: string): void {
    const from = this.#roster.nicknameOf(author);
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
    const reader = this.#roster.idOf(to);
    if (reader !== undefined) {
      this.#say(id, {type: 'privateText', id: reader, text}, reader, now);
    } else {
      this.#fail(id, this.#hub.isRegistered ? 'no-such-user' : 'not-connected');
    }
  }

  #say(id: number, request: wire.Request, to: number | undefined, now: number): void {
    if (!this.#hub.isRegistered) {
      this.#fail(id, 'not-connected');
      return;
    }
    this.#sent++;
    const onFate = (fate: Fate) => {
      this.#traceFate(id, fate);
      if (fate === 'taken') this.#host.emit({type: 'delivered', id});
      else if (fate === 'unknown') this.#fail(id, 'hub-silent');
      else if (fate === 'unsaid') this.#fail(id, 'not-connected');
      // Somebody who is still on the list, and yet cannot be reached, speaks another protocol and is in a room.
      else this.#fail(id, this.#roster.has(to ?? -1) ? 'recipient-in-room' : 'no-such-user');
    };
    this.#deliveries?.say({id, request, onFate, ...(to === undefined ? {} : {to})}, now);
  }

  #traceFate(id: number, fate: Fate): void {
    if (fate === 'unknown') this.#host.trace?.({type: 'given-up', id, reason: 'silent'});
    else if (fate !== 'unsaid') this.#host.trace?.({type: 'confirmation', id});
  }

  #ask(nick: string, now: number): void {
    if (!this.#hub.isRegistered) return;
    const peer = this.#roster.idOf(nick);
    const name = peer === undefined ? undefined : this.#roster.nicknameOf(peer);
    if (peer !== undefined && name !== undefined) this.#links.ask(peer, name, now);
    else this.#host.emit({type: 'error', code: 'no-such-user', about: nick});
  }

  #fail(id: number, reason: FailureReason): void {
    this.#host.emit({type: 'failed', id, reason, pending: []});
  }

  #showUsers(): void {
    const users = [{nick: this.#host.nickname}];
    for (const nick of this.#roster.nicknames) {
      if (nick !== this.#host.nickname) users.push({nick});
    }
    this.#host.emit({type: 'users', users});
  }

  /** An id without a user. Ids are given out from 0 upwards, so the highest ones are the last to be used. */
  #nobody(): number {
    let id = wire.maximumId;
    while (id > 0 && this.#roster.has(id)) id--;
    return id;
  }

  #leave(now: number): void {
    this.#deliveries?.flush(now);
    this.#links.close(now);
    this.#endWhenAlone();
  }

  /** The hub ends our private connections together with this one. So we close those first, and lose nothing of them. */
  #endWhenAlone(): void {
    if (this.#hub.isLeaving && this.#links.isEmpty) this.#hub.end();
  }

  #abandon(now: number): void {
    const deliveries = this.#deliveries;
    this.#deliveries = undefined;
    this.#roundTripMs = deliveries?.roundTripMs ?? this.#roundTripMs;
    if (deliveries !== undefined) {
      this.#unproven = deliveries.proof === 'unproven' ? this.#unproven + 1 : 0;
    }
    this.#roster.clear();
    this.#links.abandon(now);
    deliveries?.abandon(now);
  }
}
