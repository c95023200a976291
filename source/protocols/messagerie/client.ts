import {type Endpoint, isSameEndpoint} from '../../transport/endpoint.ts';
import {horizonMs} from '../../transport/reliability.ts';
import {HubLink} from '../datagrams/hub-link.ts';
import {ListSchedule} from '../datagrams/list-schedule.ts';
import {Peers} from '../datagrams/peers.ts';
import {
  pendingMs,
  type ReceivedInvitation,
  ReceivedInvitations,
} from '../datagrams/received-invitations.ts';
import type {
  Conversation,
  DatagramClientEnd,
  DatagramClientHost,
  ErrorCode,
  FailureReason,
  Mode,
  Request,
  Statistics,
} from '../protocol.ts';
import {Answered} from './answered.ts';
import {Membership} from './membership.ts';
import {peerCodec, readPeer} from './peer-codec.ts';
import {type Reason, reasons} from './reasons.ts';
import {reliability} from './reliability.ts';
import {
  type AccessAnswer,
  type InvitationMessage,
  type Message,
  type MessageType,
  type UnknownMessage,
  unregisteredUserId,
} from './wire/messages.ts';
import {isName, readNotice, splitRelayedText} from './wire/text.ts';
import * as wire from './wire.ts';

/** How often the hub is told that we are still there. */
const keepAliveMs = 45_000;

/** What is said to the hub, what answers it (or an ERREUR), and what that means to us. */
type Outgoing = {readonly datagram: Uint8Array; readonly answer: MessageType} & (
  | {readonly about: 'registration' | 'keep-alive' | 'leaving' | 'goodbye' | 'list' | 'rooms'}
  | {
      readonly about: 'text';
      readonly id: number;
      readonly scope: Conversation;
      /** Where it was said: it names no room, and would be said where we are by then. */
      readonly place: number;
    }
  | {readonly about: 'members'; readonly room: string; readonly epoch: number}
  | {readonly about: 'addresses'; readonly room: string}
  | {readonly about: 'creation'; readonly room: string; readonly mode: Mode}
  | {readonly about: 'entrance'; readonly room: string}
  | {readonly about: 'invitation'; readonly nick: string}
  | {
      readonly about: 'answer';
      readonly invitation: ReceivedInvitation;
      readonly accepted: boolean;
    }
);

/** The client's end of `messagerie` (docs/protocols/messagerie.md, "Exchanges"). */
export class MessagerieClient implements DatagramClientEnd {
  readonly #host: DatagramClientHost;
  readonly #link: HubLink<Outgoing, Message>;
  readonly #answered = new Answered(reliability);
  readonly #invitations = new ReceivedInvitations();
  readonly #peers: Peers;
  readonly #membership: Membership;
  readonly #schedule = new ListSchedule();
  #userId = unregisteredUserId;
  #keepAliveAt = Number.POSITIVE_INFINITY;
  #known: ReadonlySet<string> = new Set();
  /** What the hub is told, one after the other: a text that waits here can still be taken back. */
  readonly #queue: Outgoing[] = [];
  #underWay: Outgoing | undefined;
  /** The hub may no longer have us at that place: we had lost it, or it has closed some room of ours. */
  #doubtedPlace: number | undefined;
  /** The hub has said that our room is closed, and that has not come to its turn: by then it has. */
  #closingUntil: number | undefined;
  /** Those that have. */
  readonly #closings = new Answered(reliability);
  /** We have left that place for this one, and the hub will hear of it after what was said before. */
  #departure: {readonly from: number; readonly to: number} | undefined;

  constructor(host: DatagramClientHost) {
    this.#host = host;
    this.#link = new HubLink<Outgoing, Message>({
      ...host,
      emit: event => {
        if (event.type === 'lost') this.#abandonQueue();
        host.emit(event);
      },
      reliability,
      withSequence: wire.withSequence,
      registration: () => this.#registration(),
      // Under user id 0 it would say nothing (R11).
      goodbye: () =>
        this.#userId === unregisteredUserId
          ? undefined
          : this.#bare('deconnexion', 'goodbye', 'reponseDeconnexion'),
      connected: now => this.#connected(now),
      deliver: (message, now) => this.#deliver(message, now),
      missed: () => this.#schedule.soon(),
      abandoned: outgoing => this.#abandon(outgoing),
    });
    const {statistics} = this.#link;
    this.#peers = new Peers(
      peerCodec(() => this.#userId),
      {
        send: host.send,
        emit: event => {
          if (event.type === 'message') statistics.received++;
          host.emit(event);
        },
        countRetransmission: () => statistics.retransmissions++,
        suspect: () => this.#schedule.soon(),
        memberLeft: () => {},
      },
    );
    this.#membership = new Membership(
      {
        nickname: host.nickname,
        emit: host.emit,
        askForMembers: room => this.#askForMembers(room),
        askForAddresses: room => this.#askForAddresses(room),
        doubtPlace: () => this.#doubtPlace(),
        refreshSoon: () => this.#schedule.soon(),
        show: (scope, from, text) => this.#show(scope, from, text),
      },
      this.#peers,
    );
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
      this.#keepAliveAt,
      this.#closingUntil ?? Number.POSITIVE_INFINITY,
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
        this.#askForList();
        break;
      case 'rooms':
        this.#push(
          this.#bare('demanderListeMessagerie', 'rooms', 'reponseDemanderListeMessagerie'),
        );
        break;
      case 'create-room':
        this.#create(request);
        break;
      case 'join-room':
        this.#join(request.name);
        break;
      case 'invite':
        this.#invite(request.nicknames);
        break;
      case 'answer':
        this.#answer(request.from, request.accepted);
        break;
      case 'leave':
        this.#leave(now);
        break;
      case 'tell':
      // There are no direct messages here.
    }
    this.#advance(now);
    this.#link.pump(now);
  }

  disconnect(now: number): void {
    this.#depart(now);
    this.#schedule.stop();
    this.#keepAliveAt = Number.POSITIVE_INFINITY;
    this.#sendAll();
    this.#link.disconnect(now);
  }

  receive(datagram: Uint8Array, from: Endpoint, now: number): void {
    const decoded = wire.decode(datagram);
    if (!decoded.ok || this.#link.isGone) return;
    const {message} = decoded;
    // One endpoint may be hub and peer only if somebody has set a trap: it is the hub then.
    if (isSameEndpoint(from, this.#host.hub)) this.#receiveFromHub(message, now);
    else {
      const said = readPeer(message);
      if (said !== undefined) this.#peers.receive(said, from, now);
    }
    this.#advance(now);
    this.#link.pump(now);
  }

  onTime(now: number): void {
    this.#link.onTime(now);
    this.#peers.onTime(now);
    if (now >= (this.#closingUntil ?? Number.POSITIVE_INFINITY)) this.#closingUntil = undefined;
    if (now >= this.#keepAliveAt) this.#keepAlive(now);
    if (now >= this.#schedule.dueAt) this.#refresh(now);
    for (const {from} of this.#invitations.takeExpired(now)) {
      this.#host.emit({type: 'invitation-ended', from, reason: 'expired'});
    }
    this.#advance(now);
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
      const datagram = wire.encode({type: 'texte', ...this.#header, text});
      this.#push({about: 'text', id, scope, place, datagram, answer: 'reponseTexte'});
    } else {
      this.#fail(id, 'not-connected');
    }
  }

  #create({name: room, mode, maximumMembers: most}: Extract<Request, {type: 'create-room'}>): void {
    const datagram = wire.encode({
      type: 'creerMessageriePrivee',
      ...this.#header,
      mode,
      room,
      most,
    });
    this.#push({about: 'creation', room, mode, datagram, answer: 'reponseCreer'});
  }

  #join(room: string): void {
    if (room === this.#membership.name) {
      this.#error('already-in-room', room);
      return;
    }
    const isMoving = this.#membership.mode !== undefined;
    const type = isMoving ? 'changerMessagerie' : 'demandeAcces';
    const answer = isMoving ? 'reponseChanger' : 'reponseAcces';
    const datagram = wire.encode({type, ...this.#header, room});
    this.#push({about: 'entrance', room, datagram, answer});
  }

  #invite(nicknames: readonly string[]): void {
    if (this.#membership.name === undefined) {
      this.#error('not-in-room', '');
      return;
    }
    for (const nick of nicknames) {
      this.#membership.invite(nick);
      const datagram = wire.encode({type: 'inviter', ...this.#header, name: nick});
      this.#push({about: 'invitation', nick, datagram, answer: 'reponseInviter'});
    }
  }

  #answer(from: string, accepted: boolean): void {
    const invitation = this.#invitations.take(from);
    if (invitation === undefined) {
      this.#error('invitation-over', from);
      return;
    }
    const datagram = wire.encode({type: 'reponseMessageriePrivee', ...this.#header, accepted});
    const answer = accepted ? 'reponseAcces' : 'reponseInviter';
    this.#push({about: 'answer', invitation, accepted, datagram, answer});
  }

  #leave(now: number): void {
    if (this.#membership.mode === undefined) return;
    this.#depart(now);
    this.#push(this.#bare('quitter', 'leaving', 'reponseQuitter'));
  }

  #depart(now: number): void {
    const from = this.#membership.place;
    this.#membership.leave(now);
    const to = this.#membership.place;
    if (to !== from) this.#departure = {from, to};
  }

  #askForList(): void {
    const datagram = wire.encode({type: 'demanderListeClient', ...this.#header, room: ''});
    this.#push({about: 'list', datagram, answer: 'reponseDemanderListeClient'});
  }

  #askForMembers(room: string): void {
    const {epoch} = this.#membership;
    const datagram = wire.encode({type: 'demanderListeClient', ...this.#header, room});
    this.#push({
      about: 'members',
      room,
      epoch,
      datagram,
      answer: 'reponseDemanderListeClient',
    });
  }

  /**
   * A member asks to be let in and is told the addresses once more: with 17, because the answer to a 7
   * could be taken for a roster, and a roster for the answer.
   */
  #askForAddresses(room: string): void {
    const datagram = wire.encode({type: 'changerMessagerie', ...this.#header, room});
    this.#push({about: 'addresses', room, datagram, answer: 'reponseChanger'});
  }

  #refresh(now: number): void {
    this.#schedule.asked(now);
    this.#askForList();
    const {roomToList} = this.#membership;
    if (roomToList !== undefined) this.#askForMembers(roomToList);
  }

  #keepAlive(now: number): void {
    this.#keepAliveAt = now + keepAliveMs;
    const datagram = wire.encode({type: 'connexion', ...this.#header, name: undefined});
    this.#push({about: 'keep-alive', datagram, answer: 'reponseConnexion'});
  }

  #receiveFromHub(message: Message | UnknownMessage, now: number): void {
    const {type, sequence} = message;
    if (type === 'unknown') return;
    const outgoing = this.#link.confirm(sequence, now, pending => isAnswer(message, pending));
    if (outgoing !== undefined) {
      this.#answered.add(type, sequence, now);
      this.#settle(outgoing, message, now);
    } else if (!this.#answered.has(type, sequence, now)) {
      const answer = this.#confirmationOf(message);
      const isClosing =
        answer?.type === 'reponseQuitter' && !this.#closings.has(type, sequence, now);
      if (isClosing) this.#closingUntil = now + horizonMs(reliability);
      // The text was written for that room. As long as we do not confirm, the hub does not take it for public.
      if (isClosing && this.#underWay?.about === 'text') return;
      if (answer !== undefined) this.#link.receive(sequence, message, wire.encode(answer), now);
    }
  }

  /** Undefined unless the hub says it by itself. */
  #confirmationOf(message: Message): Message | undefined {
    const header = this.#header;
    switch (message.type) {
      case 'texte':
        return {type: 'reponseTexte', ...header};
      case 'demandeMessageriePrivee':
        return {type: 'reponseInviter', ...header};
      case 'reponseAcces':
        if (message.mode !== 'decentralised' || message.status !== 'entered') return undefined;
        return {
          type: 'reponseAcces',
          ...header,
          mode: 'decentralised',
          status: 'entered',
          peers: [],
        };
      case 'reponseQuitter':
        return message.done ? {type: 'reponseQuitter', ...header, done: true} : undefined;
      default:
        return undefined;
    }
  }

  #settle(outgoing: Outgoing, message: Message, now: number): void {
    if (outgoing === this.#underWay) this.#underWay = undefined;
    switch (message.type) {
      case 'erreur':
        this.#refused(outgoing, message.text, now);
        break;
      case 'reponseConnexion':
        if (!('id' in message)) {
          if (message.status === 'unknown') this.#link.forgotten();
        } else if (message.status === 'registered') {
          this.#userId = message.id;
          this.#link.registered(now);
        } else {
          this.#link.refused(message.status);
        }
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
        if (outgoing.about === 'members') {
          this.#learnMembers(outgoing, message.names, now);
        } else {
          this.#receiveList(message.names, now);
        }
        break;
      case 'reponseCreer':
        if (outgoing.about !== 'creation') break;
        if (message.status === 'created') {
          this.#membership.created(outgoing.room, outgoing.mode, now);
        } else {
          this.#error(message.status, outgoing.room);
        }
        break;
      case 'reponseAcces':
      case 'reponseChanger':
        this.#receiveAccess(outgoing, message, now);
        break;
      case 'reponseInviter':
        if (outgoing.about === 'answer') {
          const {from} = outgoing.invitation;
          this.#host.emit({type: 'invitation-ended', from, reason: 'declined'});
        }
        break;
      case 'reponseQuitter':
        this.#departed(now);
        break;
      case 'reponseDeconnexion':
        this.#link.end();
        break;
    }
  }

  #learnMembers(
    {room, epoch}: Outgoing & {readonly about: 'members'},
    names: readonly string[],
    now: number,
  ): void {
    const isCertain = this.#membership.learnMembers(room, names, epoch, now);
    if (isCertain) this.#doubtedPlace = undefined;
    else if (room === this.#membership.roomToList) this.#askForMembers(room);
  }

  #receiveAccess(outgoing: Outgoing, {mode, status, peers}: AccessAnswer, now: number): void {
    const isEntered = status === 'entered';
    switch (outgoing.about) {
      case 'addresses':
        if (isEntered && mode === 'decentralised' && outgoing.room === this.#membership.name) {
          this.#membership.learnRoster(outgoing.room, peers, now);
        }
        break;
      case 'entrance':
        if (isEntered) this.#enter(outgoing.room, mode, peers, undefined, now);
        else this.#error(status, outgoing.room);
        break;
      case 'answer': {
        const {from, room = ''} = outgoing.invitation;
        const reason = isEntered ? 'accepted' : 'expired';
        this.#host.emit({type: 'invitation-ended', from, reason});
        if (isEntered) this.#enter(room, mode, peers, from, now);
        else if (status === 'room-full') this.#error('room-full', room);
        break;
      }
    }
  }

  #enter(
    room: string,
    mode: Mode,
    peers: AccessAnswer['peers'],
    inviter: string | undefined,
    now: number,
  ): void {
    if (mode === 'decentralised') this.#membership.learnRoster(room, peers, now);
    else this.#membership.entering(room, inviter, now);
  }

  /** ERREUR: in the place of an answer, with the hub's reason (R4). */
  #refused(outgoing: Outgoing, text: string, now: number): void {
    switch (outgoing.about) {
      case 'text':
        this.#fail(outgoing.id, text === reasons['room-closed'] ? 'left-room' : 'refused-by-hub');
        break;
      case 'invitation':
        this.#membership.notInvited(outgoing.nick);
        this.#errorFor(text, outgoing.nick);
        break;
      case 'creation':
      case 'entrance':
        this.#errorFor(text, outgoing.room);
        break;
      case 'answer': {
        const {from} = outgoing.invitation;
        this.#host.emit({type: 'invitation-ended', from, reason: 'expired'});
        break;
      }
      case 'list':
        this.#schedule.answered(this.#known.size, now);
        break;
      case 'members':
        this.#doubtedPlace = undefined;
        this.#membership.unlisted();
        break;
      case 'leaving':
        this.#departed(now);
        break;
      case 'goodbye':
        this.#link.end();
        break;
      default:
      // Nothing depends on it.
    }
  }

  #errorFor(text: string, about: string): void {
    const code = explained.find(reason => reasons[reason] === text);
    if (code === undefined) this.#error('refused-by-hub', text);
    else this.#error(code, about);
  }

  /** In the order in which the hub has sent them. */
  #deliver(message: Message, now: number): void {
    switch (message.type) {
      case 'texte': {
        const relayed = splitRelayedText(message.text);
        const notice = relayed && readNotice(relayed);
        if (notice !== undefined) this.#membership.notice(notice, now);
        else if (relayed !== undefined && relayed.author !== '') {
          this.#membership.hear(relayed.author, relayed.text);
        }
        break;
      }
      case 'demandeMessageriePrivee':
        this.#receiveInvitation(message, now);
        break;
      case 'reponseAcces':
        this.#membership.rosterChanged(message.peers, now);
        break;
      case 'reponseQuitter':
        this.#closings.add('reponseQuitter', message.sequence, now);
        this.#closingUntil = undefined;
        this.#departure = undefined;
        this.#membership.closed(now);
        break;
    }
  }

  #show(scope: Conversation, from: string, text: string): void {
    if (!this.#known.has(from)) this.#schedule.soon();
    this.#link.statistics.received++;
    this.#host.emit({type: 'message', scope, from, text});
  }

  #receiveInvitation({inviter: from, mode, room, sequence}: InvitationMessage, now: number): void {
    if (!isName(from)) return;
    const expiresAt = now + pendingMs;
    const dropped = this.#invitations.add({from, mode, room, sequence, expiresAt});
    if (dropped !== undefined) {
      this.#host.emit({type: 'invitation-ended', from: dropped.from, reason: 'expired'});
    }
    this.#host.emit({type: 'invitation', from, mode, room});
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
    this.#underWay = undefined;
    this.#membership.reconnected();
    const isInRoom = this.#membership.roomToList !== undefined;
    this.#doubtedPlace = isInRoom ? this.#membership.place : undefined;
    this.#refresh(now);
  }

  #doubtPlace(): void {
    const {roomToList} = this.#membership;
    if (roomToList === undefined) return;
    this.#doubtedPlace = this.#membership.place;
    this.#askForMembers(roomToList);
  }

  get #isPlaceKnown(): boolean {
    const isClosing = this.#closingUntil !== undefined;
    const {place, isEntering, mode} = this.#membership;
    const isDoubted = mode !== undefined && place === this.#doubtedPlace;
    return !isClosing && !isEntering && !isDoubted;
  }

  /** What waits for something is overtaken by nothing but questions, whose answers may tell where we are. */
  #next(now: number): Outgoing | undefined {
    const [first] = this.#queue;
    if (first === undefined) return undefined;
    // Numbers of ours and of the hub's may meet: a late answer to the one would seem to answer the other.
    const isAnswer = first.about === 'answer';
    const sequence = isAnswer ? first.invitation.sequence : this.#link.nextSequence;
    const isAmbiguous = this.#answered.has(first.answer, sequence, now);
    const isHeld = first.about === 'text' && !this.#isPlaceKnown;
    return isHeld || isAmbiguous ? this.#queue.find(isQuestion) : first;
  }

  /** Hands on what comes next, if it is its turn. */
  #advance(now: number): void {
    while (this.#underWay === undefined) {
      const next = this.#next(now);
      if (next === undefined) return;
      this.#queue.splice(this.#queue.indexOf(next), 1);
      this.#send(next);
    }
  }

  /** Hands on everything, before the goodbye. */
  #sendAll(): void {
    let isPlaceKnown = this.#isPlaceKnown && !(this.#underWay && isMove(this.#underWay));
    for (const outgoing of this.#queue.splice(0)) {
      if (outgoing.about === 'text' && !isPlaceKnown) this.#fail(outgoing.id, 'not-connected');
      else this.#send(outgoing);
      if (isMove(outgoing)) isPlaceKnown = false;
    }
  }

  #send(outgoing: Outgoing): void {
    if (outgoing.about === 'text') {
      const {id, scope, place} = outgoing;
      if (!this.#isHere(place)) {
        this.#fail(id, scope === 'room' ? 'left-room' : 'entered-room');
        return;
      }
      this.#link.statistics.sent++;
    }
    // Who is no longer a member would be let in again.
    if (outgoing.about === 'addresses' && outgoing.room !== this.#membership.name) return;
    this.#underWay = outgoing;
    if (outgoing.about !== 'answer') this.#link.push(outgoing);
    else this.#link.pushAnswer(outgoing, outgoing.invitation.sequence);
  }

  /** Whether the hub has us at that place. */
  #isHere(place: number): boolean {
    const {place: here} = this.#membership;
    const departure = this.#departure?.to === here ? this.#departure : undefined;
    return place === here || (place === departure?.from && place !== this.#doubtedPlace);
  }

  /** The hub has heard that we have left, after all that we had told it before. */
  #departed(now: number): void {
    this.#departure = undefined;
    this.#membership.leaveConfirmed(now);
  }

  /** The hub is silent: nothing that waits has a better chance. */
  #abandon(outgoing: Outgoing): void {
    this.#keepAliveAt = Number.POSITIVE_INFINITY;
    this.#underWay = undefined;
    if (outgoing.about === 'text') this.#fail(outgoing.id, 'hub-silent');
    else if (outgoing.about === 'answer') {
      // It can be answered again: the hub may still be waiting for it.
      this.#invitations.add(outgoing.invitation);
      this.#error('no-answer', outgoing.invitation.from);
    }
  }

  #abandonQueue(): void {
    for (const waiting of this.#queue.splice(0)) this.#abandon(waiting);
  }

  #push(outgoing: Outgoing): void {
    if (!this.#link.isRegistered) return;
    // One question of each kind: a hub that gives us much to ask does not fill the queue.
    const asked = isQuestion(outgoing)
      ? this.#queue.findIndex(({about}) => about === outgoing.about)
      : -1;
    if (asked < 0) this.#queue.push(outgoing);
    else this.#queue[asked] = outgoing;
  }

  #fail(id: number, reason: FailureReason): void {
    this.#host.emit({type: 'failed', id, reason, pending: []});
  }

  #error(code: ErrorCode, about: string): void {
    this.#host.emit({type: 'error', code, about});
  }

  #registration(): Outgoing {
    const {nickname: name} = this.#host;
    const header = {userId: unregisteredUserId, sequence: 0};
    const datagram = wire.encode({type: 'connexion', ...header, name});
    return {about: 'registration', datagram, answer: 'reponseConnexion'};
  }

  #bare(
    type: 'demanderListeMessagerie' | 'quitter' | 'deconnexion',
    about: 'rooms' | 'leaving' | 'goodbye',
    answer: MessageType,
  ): Outgoing {
    return {about, datagram: wire.encode({type, ...this.#header}), answer};
  }

  /** Until the message has its number. */
  get #header(): {readonly userId: number; readonly sequence: number} {
    return {userId: this.#userId, sequence: 0};
  }
}

/** Reasons that an error has a word for. */
const explained = [
  'no-such-user',
  'not-in-room',
  'already-in-room',
  'room-full',
  'too-many-rooms',
] as const satisfies readonly (ErrorCode & Reason)[];

/** A registration's answer has an id, and that of a keep-alive has none. Any other request may be refused. */
function isAnswer(message: Message, {about, answer}: Outgoing): boolean {
  if (message.type === 'erreur') return about !== 'registration';
  const isRegistration = about === 'registration' || about === 'keep-alive';
  return (
    message.type === answer && (!isRegistration || 'id' in message === (about === 'registration'))
  );
}

/** Whether it may take us elsewhere. */
function isMove(outgoing: Outgoing): boolean {
  return (
    outgoing.about === 'creation' ||
    outgoing.about === 'entrance' ||
    (outgoing.about === 'answer' && outgoing.accepted)
  );
}

function isQuestion({about}: Outgoing): boolean {
  return ['keep-alive', 'list', 'rooms', 'members', 'addresses'].includes(about);
}
