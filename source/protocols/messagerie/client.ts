import {type Endpoint, isSameEndpoint} from '../../transport/endpoint.ts';
import {HubLink} from '../datagrams/hub-link.ts';
import {ListSchedule} from '../datagrams/list-schedule.ts';
import {Peers} from '../datagrams/peers.ts';
import {
  pendingMs,
  type ReceivedInvitation,
  ReceivedInvitations,
} from '../datagrams/received-invitations.ts';
import type {
  ClientEnd,
  ClientHost,
  Conversation,
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
  | {readonly about: 'text'; readonly id: number}
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

/** A text that is said when it is known where we are. */
type Held = {
  readonly id: number;
  readonly text: string;
  readonly scope: Conversation;
  place: number;
};

/** The client's end of `messagerie` (docs/protocols/messagerie.md, "Exchanges"). */
export class MessagerieClient implements ClientEnd {
  readonly #host: ClientHost;
  readonly #link: HubLink<Outgoing, Message>;
  readonly #answered = new Answered(reliability);
  readonly #invitations = new ReceivedInvitations();
  readonly #peers: Peers;
  readonly #membership: Membership;
  readonly #schedule = new ListSchedule();
  #userId = unregisteredUserId;
  #keepAliveAt = Number.POSITIVE_INFINITY;
  #known: ReadonlySet<string> = new Set();
  /** Requests under way that may take us elsewhere. */
  #moves = 0;
  /** We have lost the hub in the meantime: it may no longer have us in our room. */
  #isPlaceDoubtful = false;
  readonly #held: Held[] = [];

  constructor(host: ClientHost) {
    this.#host = host;
    this.#link = new HubLink<Outgoing, Message>({
      ...host,
      reliability,
      withSequence: wire.withSequence,
      registration: () => this.#registration(),
      goodbye: () => this.#bare('deconnexion', 'goodbye', 'reponseDeconnexion'),
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
    this.#link.pump(now);
  }

  disconnect(now: number): void {
    this.#membership.leave(now);
    this.#schedule.stop();
    this.#keepAliveAt = Number.POSITIVE_INFINITY;
    this.#failHeld('not-connected');
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
    this.#releaseHeld();
    this.#link.pump(now);
  }

  onTime(now: number): void {
    this.#link.onTime(now);
    this.#peers.onTime(now);
    if (now >= this.#keepAliveAt) this.#keepAlive(now);
    if (now >= this.#schedule.dueAt) this.#refresh(now);
    for (const {from} of this.#invitations.takeExpired(now)) {
      this.#host.emit({type: 'invitation-ended', from, reason: 'expired'});
    }
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
    } else if (this.#isMoving) {
      // A text names no room: it would be said where we are by then.
      this.#held.push({id, text, scope, place});
    } else {
      this.#sayToHub(id, text);
    }
  }

  #sayToHub(id: number, text: string): void {
    if (!this.#link.isRegistered) {
      this.#fail(id, 'not-connected');
      return;
    }
    this.#link.statistics.sent++;
    const datagram = wire.encode({type: 'texte', ...this.#header, text});
    this.#push({about: 'text', id, datagram, answer: 'reponseTexte'});
  }

  #create({name: room, mode, maximumMembers: most}: Extract<Request, {type: 'create-room'}>): void {
    const datagram = wire.encode({
      type: 'creerMessageriePrivee',
      ...this.#header,
      mode,
      room,
      most,
    });
    this.#move({about: 'creation', room, mode, datagram, answer: 'reponseCreer'});
  }

  #join(room: string): void {
    const isMoving = this.#membership.mode !== undefined;
    const type = isMoving ? 'changerMessagerie' : 'demandeAcces';
    const answer = isMoving ? 'reponseChanger' : 'reponseAcces';
    const datagram = wire.encode({type, ...this.#header, room});
    this.#move({about: 'entrance', room, datagram, answer});
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
    if (accepted) this.#moves++;
    const outgoing = {about: 'answer', invitation, accepted, datagram, answer} as const;
    this.#link.pushAnswer(outgoing, invitation.sequence);
  }

  #leave(now: number): void {
    if (this.#membership.mode === undefined) return;
    this.#membership.leave(now);
    this.#push(this.#bare('quitter', 'leaving', 'reponseQuitter'));
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

  /** A member asks to be let in and is told the addresses once more. */
  #askForAddresses(room: string): void {
    const datagram = wire.encode({type: 'demandeAcces', ...this.#header, room});
    this.#push({about: 'addresses', room, datagram, answer: 'reponseAcces'});
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
    if (isMove(outgoing)) this.#moves = Math.max(0, this.#moves - 1);
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
        this.#membership.leaveConfirmed();
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
    if (isCertain) this.#isPlaceDoubtful = false;
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
        // Whatever the reason: the text was not passed on.
        this.#fail(outgoing.id, 'left-room');
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
        this.#isPlaceDoubtful = false;
        this.#membership.unlisted();
        break;
      case 'leaving':
        this.#membership.leaveConfirmed();
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
        if (notice !== undefined) this.#membership.notice(notice);
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
    this.#moves = 0;
    this.#isPlaceDoubtful = this.#membership.roomToList !== undefined;
    this.#refresh(now);
  }

  get #isMoving(): boolean {
    return this.#moves > 0 || this.#isPlaceDoubtful || this.#membership.isEntering;
  }

  /** Pushes a request that may take us elsewhere. */
  #move(outgoing: Outgoing): void {
    if (this.#link.isRegistered) this.#moves++;
    this.#push(outgoing);
  }

  #releaseHeld(): void {
    if (this.#isMoving) return;
    for (const {id, text, scope, place} of this.#held.splice(0)) {
      if (place === this.#membership.place) this.#sayToHub(id, text);
      else this.#fail(id, scope === 'room' ? 'left-room' : 'entered-room');
    }
  }

  #failHeld(reason: FailureReason): void {
    for (const {id} of this.#held.splice(0)) this.#fail(id, reason);
  }

  /** The hub is silent: nothing that waits has a better chance. */
  #abandon(outgoing: Outgoing): void {
    this.#keepAliveAt = Number.POSITIVE_INFINITY;
    this.#moves = 0;
    this.#failHeld('hub-silent');
    if (outgoing.about === 'text') this.#fail(outgoing.id, 'hub-silent');
    else if (outgoing.about === 'answer') {
      // It can be answered again: the hub may still be waiting for it.
      this.#invitations.add(outgoing.invitation);
      this.#error('no-answer', outgoing.invitation.from);
    }
  }

  #push(outgoing: Outgoing): void {
    if (this.#link.isRegistered) this.#link.push(outgoing);
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

/** Whether it may have taken us elsewhere. */
function isMove(outgoing: Outgoing): boolean {
  return (
    outgoing.about === 'creation' ||
    outgoing.about === 'entrance' ||
    (outgoing.about === 'answer' && outgoing.accepted)
  );
}
