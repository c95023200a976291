import {type Endpoint, isSameEndpoint} from '../../../transport/endpoint.ts';
import {Arrivals} from '../../arrivals.ts';
import {HubLink} from '../../datagrams/hub-link.ts';
import {ListSchedule} from '../../datagrams/list-schedule.ts';
import {Peers} from '../../datagrams/peers.ts';
import type {
  Conversation,
  DatagramClientEnd,
  DatagramClientHost,
  FailureReason,
  Request,
  Statistics,
} from '../../protocol.ts';
import {peerCodec, readPeer} from '../peer-codec.ts';
import {reasons} from '../reasons.ts';
import {reliability} from '../reliability.ts';
import {
  type KeepAliveAnswer,
  type Message,
  type RegistrationAnswer,
  type UnknownMessage,
  unregisteredUserId,
} from '../wire/messages.ts';
import {type RelayedText, readNotice, splitRelayedText} from '../wire/text.ts';
import * as wire from '../wire.ts';
import {Invitations} from './invitations.ts';
import type {Membership} from './membership.ts';
import {confirmationOf, encodeRequest, type HubRequest, type Outgoing} from './messages.ts';
import {RequestQueue} from './request-queue.ts';
import {Rooms} from './rooms.ts';

/** Time between two messages that tell the hub that we are still there. */
const keepAliveMs = 45_000;

/** The client's end of `messagerie` (docs/protocols/messagerie.md, "Exchanges"). */
export class MessagerieClient implements DatagramClientEnd {
  readonly #host: DatagramClientHost;
  readonly #link: HubLink<Outgoing, Message>;
  readonly #invitations: Invitations;
  readonly #peers: Peers;
  readonly #membership: Membership;
  readonly #queue: RequestQueue;
  readonly #rooms: Rooms;
  readonly #schedule = new ListSchedule();
  readonly #arrivals: Arrivals;
  #userId = unregisteredUserId;
  #keepAliveAt = Number.POSITIVE_INFINITY;
  #known: ReadonlySet<string> = new Set();

  constructor(host: DatagramClientHost) {
    this.#host = host;
    this.#arrivals = new Arrivals(host);
    this.#link = new HubLink<Outgoing, Message>({
      ...host,
      emit: event => {
        if (event.type === 'lost') this.#lost();
        host.emit(event);
      },
      reliability,
      withSequence: wire.withSequence,
      registration: () => this.#encode({about: 'registration', name: host.nickname}),
      // With user id 0 it would have no meaning (R11).
      goodbye: () =>
        this.#userId === unregisteredUserId ? undefined : this.#encode({about: 'goodbye'}),
      connected: now => this.#connected(now),
      deliver: (message, now) => this.#deliver(message, now),
      missed: () => this.#schedule.soon(),
      abandoned: (outgoing, wasSent) => this.#abandon(outgoing, wasSent),
    });
    this.#peers = new Peers(
      peerCodec(() => this.#userId),
      {
        send: host.send,
        emit: host.emit,
        trace: host.trace,
        statistics: this.#link.statistics,
        suspect: () => this.#schedule.soon(),
        memberLeft: () => {},
      },
    );
    const ask = (request: HubRequest) => this.#ask(request);
    this.#invitations = new Invitations({...host, ask});
    this.#rooms = new Rooms(
      {
        ...host,
        ask,
        refreshSoon: () => this.#schedule.soon(),
        show: (scope, relayed) => this.#show(scope, relayed),
      },
      this.#peers,
    );
    this.#membership = this.#rooms.membership;
    this.#queue = new RequestQueue(this.#link, this.#rooms, (id, reason) => this.#fail(id, reason));
  }

  get statistics(): Statistics {
    return {...this.#link.statistics};
  }

  get dueAt(): number {
    if (this.#link.isGone) return Number.POSITIVE_INFINITY;
    return Math.min(
      this.#link.dueAt,
      this.#peers.dueAt,
      this.#schedule.dueAt,
      this.#invitations.dueAt,
      this.#rooms.location.dueAt,
      this.#keepAliveAt,
    );
  }

  connect(now: number): void {
    this.#link.connect(now);
  }

  request(request: Request, now: number): void {
    switch (request.type) {
      case 'say':
        this.#say(request, now);
        break;
      case 'list':
      case 'rooms':
        this.#ask({about: request.type});
        break;
      case 'create-room':
        this.#rooms.create(request);
        break;
      case 'join-room':
        this.#rooms.join(request.name);
        break;
      case 'invite':
        this.#rooms.invite(request.nicknames);
        break;
      case 'answer':
        this.#invitations.answer(request.from, request.accepted);
        break;
      case 'leave':
        this.#rooms.leave(now);
        break;
      default:
      // There are neither direct messages nor links here.
    }
    this.#pump(now);
  }

  disconnect(now: number): void {
    this.#rooms.depart(now);
    this.#schedule.stop();
    this.#keepAliveAt = Number.POSITIVE_INFINITY;
    this.#queue.sendAll();
    this.#link.disconnect(now);
  }

  receive(datagram: Uint8Array, from: Endpoint, now: number): void {
    const decoded = wire.decode(datagram);
    if (!decoded.ok || this.#link.isGone) return;
    const {message} = decoded;
    this.#arrivals.came(message, datagram, now);
    // If one endpoint is hub and peer, somebody has set a trap: it is treated as the hub.
    if (isSameEndpoint(from, this.#host.hub())) this.#receiveFromHub(message, now);
    else {
      const said = readPeer(message);
      this.#arrivals.read(message);
      if (said !== undefined) this.#peers.receive(said, from, now);
    }
    this.#pump(now);
  }

  onTime(now: number): void {
    this.#link.onTime(now);
    this.#peers.onTime(now);
    this.#rooms.location.onTime(now);
    if (now >= this.#keepAliveAt) this.#keepAlive(now);
    if (now >= this.#schedule.dueAt) this.#refresh(now);
    this.#invitations.onTime(now);
    this.#pump(now);
  }

  /** Sends what is due. Every call ends with it. */
  #pump(now: number): void {
    this.#queue.advance(now);
    this.#link.pump(now);
  }

  #say({id, scope, text, only}: Extract<Request, {type: 'say'}>, now: number): void {
    const {mode, others, place} = this.#membership;
    const isThere = (scope === 'room') === (mode !== undefined);
    if (!isThere) {
      this.#fail(id, scope === 'room' ? 'left-room' : 'entered-room');
    } else if (mode === 'decentralised') {
      this.#link.statistics.sent++;
      this.#peers.say(id, text, only ?? others, now);
    } else if (this.#link.isRegistered) {
      this.#ask({about: 'text', id, scope, place, text});
    } else {
      this.#fail(id, 'not-connected');
    }
  }

  #refresh(now: number): void {
    this.#schedule.asked(now);
    this.#ask({about: 'list'});
    this.#rooms.refresh();
  }

  #keepAlive(now: number): void {
    this.#keepAliveAt = now + keepAliveMs;
    this.#ask({about: 'keep-alive'});
  }

  #receiveFromHub(message: Message | UnknownMessage, now: number): void {
    if (message.type === 'unknown') return;
    const outgoing = this.#queue.confirm(message, now) ?? this.#confirmLate(message, now);
    if (outgoing !== undefined) this.#settle(outgoing, message, now);
    else if (!this.#queue.wasAnsweredBy(message, now)) this.#receiveOwn(message, now);
  }

  /** A text that was given up has arrived; if we are elsewhere by now, nobody knows where it was said. */
  #confirmLate(message: Message, now: number): Outgoing | undefined {
    const {type, sequence} = message;
    return this.#link.confirmLate(
      sequence,
      now,
      pending =>
        pending.about === 'text' &&
        pending.answer === type &&
        this.#rooms.location.isAt(pending.place),
    );
  }

  /** What the hub says by itself, if it does say that. */
  #receiveOwn(message: Message, now: number): void {
    const {type, sequence} = message;
    const confirmation = confirmationOf(message, this.#userId);
    if (confirmation === undefined) return;
    const isClosing =
      type === 'reponseQuitter' && this.#rooms.location.closingAnnounced(sequence, now);
    // The text was written for that room. Until we confirm the closing, the hub does not take it for a public one.
    if (isClosing && this.#queue.isTextUnderWay) return;
    this.#link.receive(sequence, message, confirmation, now);
  }

  #settle(outgoing: Outgoing, message: Message, now: number): void {
    switch (message.type) {
      case 'erreur':
        this.#refused(outgoing, message.text, now);
        break;
      case 'reponseConnexion':
        this.#registrationAnswered(message, now);
        break;
      case 'reponseTexte':
        if (outgoing.about === 'text') this.#host.emit({type: 'delivered', id: outgoing.id});
        break;
      case 'reponseDemanderListeMessagerie':
        this.#host.emit({
          type: 'rooms',
          rooms: message.rooms.map(({room, mode, members}) => ({name: room, mode, members})),
        });
        break;
      case 'reponseDemanderListeClient':
        if (outgoing.about === 'members') this.#rooms.learnMembers(outgoing, message.names, now);
        else this.#receiveList(message.names, now);
        break;
      case 'reponseCreer':
        if (outgoing.about === 'creation') this.#rooms.created(outgoing, message.status, now);
        break;
      case 'reponseAcces':
      case 'reponseChanger':
        if (outgoing.about === 'answer') {
          const reason = message.status === 'entered' ? 'accepted' : 'expired';
          this.#invitations.ended(outgoing.invitation, reason);
        }
        this.#rooms.receiveAccess(outgoing, message, now);
        break;
      case 'reponseInviter':
        if (outgoing.about === 'answer') this.#invitations.ended(outgoing.invitation, 'declined');
        break;
      case 'reponseQuitter':
        this.#rooms.leaveConfirmed(now);
        break;
      case 'reponseDeconnexion':
        this.#link.end(now);
        break;
    }
  }

  #registrationAnswered(message: RegistrationAnswer | KeepAliveAnswer, now: number): void {
    if (!('id' in message)) {
      if (message.status === 'unknown') this.#link.forgotten(now);
    } else if (message.status === 'registered') {
      this.#userId = message.id;
      this.#link.registered(now);
    } else {
      this.#link.refused(message.status, now);
    }
  }

  /** ERREUR comes in place of an answer, with the hub's reason (R4). */
  #refused(outgoing: Outgoing, text: string, now: number): void {
    switch (outgoing.about) {
      case 'text':
        this.#fail(outgoing.id, text === reasons['room-closed'] ? 'left-room' : 'refused-by-hub');
        break;
      case 'answer':
        this.#invitations.ended(outgoing.invitation, 'expired');
        break;
      case 'list':
        this.#schedule.answered(this.#known.size, now);
        break;
      case 'goodbye':
        this.#link.end(now);
        break;
      default:
        this.#rooms.refused(outgoing, text, now);
    }
  }

  /** Gets the hub's messages in the order in which they were sent. */
  #deliver(message: Message, now: number): void {
    switch (message.type) {
      case 'texte': {
        const relayed = splitRelayedText(message.text);
        const notice = relayed && readNotice(relayed);
        if (notice !== undefined) this.#membership.notice(notice, now);
        else if (relayed !== undefined && relayed.author !== '') {
          this.#arrivals.pass(message, relayed);
          this.#membership.hear(relayed);
        }
        break;
      }
      case 'demandeMessageriePrivee':
        this.#invitations.receive(message, now);
        break;
      case 'reponseAcces':
        this.#membership.rosterChanged(message.peers, now);
        break;
      case 'reponseQuitter':
        this.#rooms.closed(message.sequence, now);
        break;
    }
  }

  #show(scope: Conversation, relayed: RelayedText): void {
    const {author: from, text} = relayed;
    this.#arrivals.read(relayed);
    if (!this.#known.has(from)) this.#schedule.soon();
    this.#link.statistics.received++;
    this.#host.emit({type: 'message', scope, from, text});
  }

  #receiveList(names: readonly string[], now: number): void {
    this.#schedule.answered(names.length, now);
    this.#known = new Set(names);
    const own = this.#membership.mode === undefined ? 'public' : 'room';
    const users = names.map(nick => {
      if (nick === this.#host.nickname) return {nick, status: own} as const;
      return this.#membership.isMember(nick) ? ({nick, status: 'room'} as const) : {nick};
    });
    this.#host.emit({type: 'users', users});
  }

  #connected(now: number): void {
    this.#keepAliveAt = now + keepAliveMs;
    this.#queue.reconnected();
    this.#rooms.reconnected();
    this.#refresh(now);
  }

  /** The hub is silent: requests that still wait fail too. */
  #lost(): void {
    this.#keepAliveAt = Number.POSITIVE_INFINITY;
    for (const waiting of this.#queue.drain()) this.#abandon(waiting, false);
  }

  #abandon(outgoing: Outgoing, wasSent: boolean): void {
    if (outgoing.about === 'text') {
      this.#fail(outgoing.id, wasSent ? 'hub-silent' : 'not-connected');
    } else if (outgoing.about === 'answer') this.#invitations.unanswered(outgoing.invitation);
  }

  #fail(id: number, reason: FailureReason): void {
    this.#host.emit({type: 'failed', id, reason, pending: []});
  }

  #ask(request: HubRequest): void {
    this.#queue.push(this.#encode(request));
  }

  #encode(request: HubRequest): Outgoing {
    return encodeRequest(request, this.#userId);
  }
}
