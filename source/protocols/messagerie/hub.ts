import type {ChatEvent} from '../../chat/events.ts';
import type {RegistrationRefusal} from '../../chat/refusals.ts';
import type {Room} from '../../chat/rooms.ts';
import type {RoomId, UserId} from '../../chat/words.ts';
import type {Endpoint} from '../../transport/endpoint.ts';
import {Inbox} from '../../transport/inbox.ts';
import {horizonMs} from '../../transport/reliability.ts';
import type {Meaning} from '../datagrams/invitation-numbers.ts';
import {maximumPendingInvitations} from '../datagrams/received-invitations.ts';
import {createSession, type Session as DatagramSession, Sessions} from '../datagrams/sessions.ts';
import type {DatagramHubEnd, DatagramHubHost} from '../protocol.ts';
import {dialect} from './dialect.ts';
import {HubLists} from './hub-lists.ts';
import {
  closing,
  header,
  invitation,
  notice,
  type Outgoing,
  relayedText,
  roster,
} from './hub-messages.ts';
import {Numbers} from './numbers.ts';
import {type Reason, reasons} from './reasons.ts';
import {reliability} from './reliability.ts';
import {RoomNumbers} from './room-numbers.ts';
import {
  type AccessStatus,
  hubUserId,
  type Message,
  maximumUsers,
  noRoomId,
  type Peer,
  type UnknownMessage,
} from './wire/messages.ts';
import {encodeText, isRoomName, maximumTextBytes} from './wire/text.ts';
import * as wire from './wire.ts';

/** A user not heard from for that long is gone: two keep-alives were not enough. */
const silenceMs = 100_000;

type Session = DatagramSession<Outgoing> & {
  /** The user id on the wire. */
  readonly number: number;
  /** Answers to answered invitations, whose numbers are the hub's. */
  readonly invitationAnswers: Inbox<Uint8Array>;
  /** Until then a text in public may have been written in the room that was closed. */
  mayMissClosingUntil: number;
};

/** What a client asks for under a number of its own. */
type Request = Extract<
  Message,
  {
    readonly type:
      | 'creerMessageriePrivee'
      | 'demanderListeMessagerie'
      | 'demandeAcces'
      | 'changerMessagerie'
      | 'demanderListeClient'
      | 'inviter'
      | 'texte'
      | 'quitter'
      | 'deconnexion';
  }
>;

/** The hub's end of `messagerie` (docs/protocols/messagerie.md, "Exchanges"). */
export class MessagerieHub implements DatagramHubEnd {
  readonly #host: DatagramHubHost;
  readonly #sessions: Sessions<Outgoing, Session>;
  readonly #numbers = new Numbers(maximumUsers);
  readonly #roomNumbers: RoomNumbers;
  readonly #lists: HubLists;

  constructor(host: DatagramHubHost) {
    this.#host = host;
    this.#roomNumbers = new RoomNumbers(host.chat);
    this.#lists = new HubLists(host);
    this.#sessions = new Sessions({
      ...host,
      withSequence: wire.withSequence,
      attendAt: ({heardAt}) => heardAt + silenceMs,
      attend: session => this.#sessions.forget(session, 'silent'),
      forgotten: ({number}) => this.#numbers.giveBack(number),
    });
  }

  get dueAt(): number {
    return this.#sessions.dueAt;
  }

  get isBusy(): boolean {
    return this.#sessions.isBusy;
  }

  get isBehind(): boolean {
    return this.#sessions.isBehind;
  }

  receive(datagram: Uint8Array, from: Endpoint, now: number): void {
    const decoded = wire.decode(datagram);
    if (!decoded.ok) {
      this.#host.drop('malformed');
      return;
    }
    const {message} = decoded;
    const session = this.#sessions.at(from);
    if (message.type === 'connexion' && message.name !== undefined) {
      this.#connect(message.name, message.sequence, from, now);
    } else if (session?.number === message.userId) {
      session.heardAt = now;
      this.#serve(session, message, now);
      this.#sessions.pump(session, now);
    } else if (this.#numbers.isTaken(message.userId)) {
      this.#host.drop('impostor');
    } else if (message.type === 'connexion') {
      const status = 'unknown';
      this.#reply({type: 'reponseConnexion', ...header, status}, message.sequence, from);
    } else {
      this.#host.drop('unregistered');
    }
  }

  onTime(now: number): void {
    this.#sessions.onTime(now);
  }

  deliver(event: ChatEvent, to: readonly UserId[], now: number): void {
    switch (event.type) {
      case 'said': {
        // Users of other protocols have no number here: their texts are the hub's, under their names.
        const author = this.#sessions.get(event.user)?.number ?? hubUserId;
        const message = relayedText(author, {author: event.nickname, text: event.text});
        this.#sessions.push(to, message, now);
        break;
      }
      case 'invited':
        for (const session of this.#sessions.of(to)) {
          this.#pushInvitation(session, event);
          this.#sessions.pump(session, now);
        }
        break;
      case 'invitation-ended':
        for (const {invitationNumbers} of this.#sessions.of(to)) {
          invitationNumbers.end(event.invitation);
        }
        break;
      case 'invitation-declined':
        this.#sessions.push(to, notice({name: event.nickname, event: 'declined'}), now);
        break;
      case 'member-joined':
      case 'member-left':
        if (event.mode === 'decentralised') this.#pushRoster(event.room, to, now);
        else {
          const what = event.type === 'member-joined' ? 'joined' : 'left';
          this.#sessions.push(to, notice({name: event.nickname, event: what}), now);
        }
        break;
      case 'room-closed':
        for (const session of this.#sessions.of(to)) {
          session.mayMissClosingUntil = now + horizonMs(reliability);
        }
        this.#sessions.push(to, closing, now);
        break;
      default:
      // Who enters has an answer, arrivals are asked for, and there are neither direct messages nor links.
    }
  }

  /**
   * The protocol has no word for a hub that ends. The members of centralised rooms are told that
   * theirs is closed; a decentralised one goes on without a hub.
   */
  close(now: number): void {
    this.#sessions.push(this.#sessions.inCentralisedRooms(), closing, now);
  }

  #connect(nickname: string, sequence: number, from: Endpoint, now: number): void {
    const known = this.#sessions.at(from);
    if (known !== undefined) {
      if (known.nickname === nickname) this.#confirmRegistration(known, sequence, now);
      else this.#host.drop('impostor');
      return;
    }
    const {user, refusal} = this.#host.apply({type: 'connect', nickname, dialect});
    if (user === undefined) {
      const status = refusal as RegistrationRefusal;
      this.#reply({type: 'reponseConnexion', ...header, status, id: 0}, sequence, from);
      this.#host.log.refused(nickname, from, status);
      return;
    }
    const session: Session = {
      ...createSession<Outgoing>({user, nickname, endpoint: from}, reliability, now),
      number: this.#numbers.take(),
      invitationAnswers: new Inbox(reliability),
      mayMissClosingUntil: Number.NEGATIVE_INFINITY,
    };
    this.#sessions.add(session);
    this.#confirmRegistration(session, sequence, now);
  }

  #confirmRegistration(session: Session, sequence: number, now: number): void {
    session.heardAt = now;
    const {number: id, endpoint} = session;
    const answer = {type: 'reponseConnexion', ...header, status: 'registered', id} as const;
    this.#reply(answer, sequence, endpoint);
    this.#sessions.pump(session, now);
  }

  #serve(session: Session, message: Message | UnknownMessage, now: number): void {
    const {sequence} = message;
    switch (message.type) {
      case 'connexion': {
        const answer = {type: 'reponseConnexion', ...header, status: 'connected'} as const;
        this.#reply(answer, sequence, session.endpoint);
        break;
      }
      case 'creerMessageriePrivee':
      case 'demanderListeMessagerie':
      case 'demandeAcces':
      case 'changerMessagerie':
      case 'demanderListeClient':
      case 'inviter':
      case 'texte':
      case 'quitter':
      case 'deconnexion':
        this.#answerOnce(session, session.inbox, sequence, now, () =>
          this.#carryOut(session, message, now),
        );
        if (message.type === 'deconnexion') this.#sessions.forget(session, 'disconnected');
        break;
      case 'reponseMessageriePrivee':
        this.#answerOnce(session, session.invitationAnswers, sequence, now, () =>
          this.#answerInvitation(session, sequence, message.accepted),
        );
        // Who answers has received it, with or without saying so (R6).
        session.outbox.confirm(sequence, now, ({confirmedBy}) => confirmedBy === 'reponseInviter');
        break;
      case 'reponseTexte':
      case 'reponseInviter':
      case 'reponseAcces':
      case 'reponseQuitter':
        if (message.type === 'reponseQuitter') this.#heardOfClosing(session);
        session.outbox.confirm(sequence, now, ({confirmedBy}) => confirmedBy === message.type);
        break;
      case 'unknown':
        this.#reply(error('unknown-type'), sequence, session.endpoint);
        break;
      default:
        this.#host.drop('unexpected');
    }
  }

  /** A second copy gets the very same answer, and has no other effect. */
  #answerOnce(
    session: Session,
    inbox: Inbox<Uint8Array>,
    sequence: number,
    now: number,
    answer: () => Message | Uint8Array,
  ): void {
    const receipt = inbox.receive(sequence, now);
    let datagram = receipt.isDuplicate ? receipt.answer : undefined;
    if (!receipt.isDuplicate) {
      const made = answer();
      datagram = made instanceof Uint8Array ? made : wire.encode(made);
      inbox.answer(sequence, datagram);
    }
    if (datagram !== undefined) this.#sessions.answer(session, datagram, sequence);
  }

  #carryOut(session: Session, request: Request, now: number): Message | Uint8Array {
    switch (request.type) {
      case 'creerMessageriePrivee':
        return this.#createRoom(session, request);
      case 'demanderListeMessagerie':
        return this.#lists.rooms();
      case 'demandeAcces':
      case 'changerMessagerie':
        return this.#enterRoom(session, request);
      case 'demanderListeClient':
        return this.#lists.clients(request.room, session);
      case 'inviter':
        return this.#invite(session, request.name, now);
      case 'texte':
        return this.#say(session, request.text, now);
      case 'quitter': {
        this.#heardOfClosing(session);
        const {refusal} = this.#host.apply({type: 'leave-room', user: session.user});
        return {type: 'reponseQuitter', ...header, done: refusal === undefined};
      }
      case 'deconnexion':
        return {type: 'reponseDeconnexion', ...header, done: true};
    }
  }

  #createRoom(
    {user}: Session,
    {room: name, mode, most}: Extract<Request, {type: 'creerMessageriePrivee'}>,
  ): Message {
    const refusal = isRoomName(name)
      ? this.#host.apply({type: 'create-room', user, name, mode, maximumMembers: most}).refusal
      : 'room-name-invalid';
    switch (refusal) {
      case undefined: {
        const id = this.#roomNumbers.assign(this.#host.chat.roomOf(user)?.id ?? noRoomId);
        return {type: 'reponseCreer', ...header, status: 'created', id};
      }
      case 'room-name-invalid':
      case 'room-name-in-use':
      case 'room-size-invalid':
        return {type: 'reponseCreer', ...header, status: refusal, id: noRoomId};
      default:
        return error('too-many-rooms');
    }
  }

  #enterRoom(
    session: Session,
    {type, room: name}: Extract<Request, {type: 'demandeAcces' | 'changerMessagerie'}>,
  ): Message {
    const {refusal} = this.#host.apply({type: 'enter-room', user: session.user, name});
    const answer = type === 'demandeAcces' ? 'reponseAcces' : 'reponseChanger';
    const room = this.#host.chat.findRoom(name, session.user);
    return this.#access(session, answer, accessStatus(refusal), room);
  }

  #access(
    session: Session,
    type: 'reponseAcces' | 'reponseChanger',
    status: AccessStatus,
    room: Room | undefined,
  ): Message {
    const mode = room?.mode ?? 'centralised';
    const isTold = status === 'entered' && mode === 'decentralised';
    return {type, ...header, mode, status, peers: isTold ? this.#peersOf(session) : []};
  }

  #invite({user, outbox}: Session, nickname: string, now: number): Message {
    const {chat} = this.#host;
    const room = chat.roomOf(user);
    if (room === undefined) return error('not-in-room');
    const {mode} = room;
    const {refusal} = this.#host.apply({type: 'invite', user, nickname, mode, now});
    const invitee = chat.find(nickname);
    const cannotCome =
      refusal === 'unsupported' || (refusal === 'already-in-room' && invitee?.room !== room.id);
    // Somebody of another protocol, who has no such rooms or cannot change them: as if they declined.
    if (cannotCome && invitee !== undefined) {
      outbox.push(notice({name: invitee.nickname, event: 'declined'}));
    } else if (refusal !== undefined) {
      return error(refusal in reasons ? (refusal as Reason) : 'no-such-user');
    }
    return {type: 'reponseInviter', ...header};
  }

  #answerInvitation(session: Session, sequence: number, accepted: boolean): Message {
    const meaning = session.invitationNumbers.take(sequence);
    if (accepted) return this.#accept(session, meaning);
    if (meaning.type === 'answer') {
      const {invitation} = meaning;
      this.#host.apply({type: 'decline', user: session.user, invitation});
    }
    return {type: 'reponseInviter', ...header};
  }

  /** One that is over, or was answered before, is answered as a room that is no more (R10). */
  #accept(session: Session, meaning: Meaning): Message {
    const {user} = session;
    if (meaning.type !== 'answer') {
      return this.#access(session, 'reponseAcces', 'no-such-room', undefined);
    }
    const {invitation} = meaning;
    const {refusal} = this.#host.apply({type: 'accept', user, invitation});
    const room = this.#host.chat.roomOf(user);
    return this.#access(session, 'reponseAcces', accessStatus(refusal), room);
  }

  /**
   * A text names no room: it is said where its author is. Who was moved to the public room by the
   * closing of theirs and has not confirmed it may have written for the room: that text is nobody's.
   */
  #say(session: Session, text: string, now: number): Message {
    const received = {type: 'reponseTexte', ...header} as const;
    // Counted again after decoding: bytes that are no UTF-8 have grown.
    if (encodeText(text).length > maximumTextBytes) {
      this.#host.drop('too-long');
      return received;
    }
    const {user} = session;
    const scope = this.#host.chat.roomOf(user) === undefined ? 'public' : 'room';
    if (scope === 'public' && now < session.mayMissClosingUntil) return error('room-closed');
    this.#host.apply({type: 'say', user, scope, text});
    return received;
  }

  #heardOfClosing(session: Session): void {
    session.mayMissClosingUntil = Number.NEGATIVE_INFINITY;
  }

  #pushInvitation(session: Session, event: Extract<ChatEvent, {readonly type: 'invited'}>): void {
    const {outbox, invitationNumbers, user} = session;
    const {nickname, mode} = event;
    const room = this.#host.chat.roomOf(event.user);
    // 65,536 numbers may have come round in five minutes: then the older invitation goes.
    const isHeld = invitationNumbers.isHeld(outbox.nextSequence);
    if (isHeld || invitationNumbers.pending >= maximumPendingInvitations) {
      this.#host.apply({type: 'decline', user, invitation: event.invitation});
      return;
    }
    invitationNumbers.assignToInvitation(outbox.nextSequence, event.invitation);
    const roomName = room === undefined ? nickname : this.#host.chat.nameOf(room);
    outbox.push(invitation(nickname, mode, roomName));
  }

  /** To those that are still in that room: the last one is told of its closing instead. */
  #pushRoster(room: RoomId, to: readonly UserId[], now: number): void {
    for (const session of this.#sessions.of(to)) {
      if (this.#host.chat.roomOf(session.user)?.id !== room) continue;
      session.outbox.push(roster(this.#peersOf(session)));
      this.#sessions.pump(session, now);
    }
  }

  /** The others in that user's room. */
  #peersOf(session: Session): Peer[] {
    const members = Array.from(this.#host.chat.membersOf(session.user), ({id}) => id);
    return Array.from(this.#sessions.of(members))
      .filter(member => member !== session)
      .map(member => ({
        name: member.nickname,
        endpoint: this.#sessions.endpointFor(session, member),
      }));
  }

  #reply(message: Message, sequence: number, to: Endpoint): void {
    this.#host.send(wire.encode({...message, sequence}), to);
  }
}

function accessStatus(refusal: string | undefined): AccessStatus {
  if (refusal === undefined || refusal === 'already-in-room') return 'entered';
  return refusal === 'room-full' ? 'room-full' : 'no-such-room';
}

function error(reason: Reason): Message {
  return {type: 'erreur', ...header, text: reasons[reason]};
}
