import type {ChatEvent} from '../../chat/events.ts';
import type {InvitationId, Mode, UserId} from '../../chat/words.ts';
import type {Endpoint} from '../../transport/endpoint.ts';
import {Inbox} from '../../transport/inbox.ts';
import {horizonMs} from '../../transport/reliability.ts';
import {maximumPendingInvitations} from '../datagrams/received-invitations.ts';
import {createSession, type Session as DatagramSession, Sessions} from '../datagrams/sessions.ts';
import type {
  DatagramHubEnd,
  DatagramHubHost,
  Dialect,
  ListedUser,
  RegistrationRefusal,
} from '../protocol.ts';
import {
  answers,
  closed,
  diffusion,
  invitation,
  list,
  type Outgoing,
  refusal,
  rollCall,
  roster,
  unknownInvitee,
} from './hub-messages.ts';
import {RecentNumbers} from './recent-numbers.ts';
import {reliability} from './reliability.ts';
import {
  encodeText,
  isName,
  type Member,
  maximumMessageBytes,
  maximumNameLength,
  readInvitationRequest,
  rosterParts,
} from './wire/text.ts';
import * as wire from './wire.ts';

/** The roll call (R7): of a member that often, */
const memberCallMs = 30_000;
/** and of everybody else who was silent for that long. */
const silenceMs = 60_000;

const dialect: Dialect = {
  name: 'shen',
  maximumUsers: wire.maximumUsers,
  maximumRoomMembers: wire.maximumMembers,
  maximumRooms: wire.maximumRooms,
  changesRooms: false,
  hasLinks: false,
};

type Session = DatagramSession<Outgoing> & {
  /** Answers to 0x05 and 0x06, whose numbers are the hub's own. */
  readonly decisions: Inbox<Uint8Array>;
  /** Who has sent the invitations that wait for this user. */
  readonly inviters: Map<InvitationId, UserId>;
  /** Not to be given to a message: an ACK of it could be one of something else, or the other way round. */
  readonly ambiguous: RecentNumbers;
  /** The number of the newest list. */
  listed: number;
  /** An invitation whose mode is not chosen yet. */
  question: {readonly invitees: readonly UserId[]; readonly unknown: number} | undefined;
  /** The last roll call, or the time of entering the room. */
  calledAt: number;
  /** It is not answered yet. */
  isCalled: boolean;
};

/** The hub's end of `shen` (docs/protocols/shen.md, "Exchanges"). */
export class ShenHub implements DatagramHubEnd {
  readonly #host: DatagramHubHost;
  readonly #sessions: Sessions<Outgoing, Session>;

  constructor(host: DatagramHubHost) {
    this.#host = host;
    this.#sessions = new Sessions({
      ...host,
      withSequence: wire.withSequence,
      attendAt: session => this.#callAt(session),
      attend: (session, now) => this.#call(session, now),
    });
  }

  get dueAt(): number {
    return this.#sessions.dueAt;
  }

  get isBusy(): boolean {
    return this.#sessions.isBusy;
  }

  receive(datagram: Uint8Array, from: Endpoint, now: number): void {
    const decoded = wire.decode(datagram);
    if (!decoded.ok) {
      this.#host.drop('malformed');
      return;
    }
    const {message} = decoded;
    const session = this.#sessions.at(from);
    if (session !== undefined) {
      session.heardAt = now;
      this.#receiveFrom(session, message, now);
      this.#sessions.pump(session, now);
    } else if (message.type === 'connexion') {
      this.#connect(message, from, now);
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
        const {text, nickname} = event;
        this.#tell(to, diffusion({message: text, author: nickname, recipient: undefined}), now);
        break;
      }
      case 'told':
        for (const {user, nickname} of this.#sessions.of(to)) {
          const text = {message: event.text, author: event.nickname, recipient: nickname};
          this.#tell([user], diffusion(text), now);
        }
        break;
      case 'invited':
        for (const session of this.#sessions.of(to)) this.#pushInvitation(session, event, now);
        break;
      case 'invitation-ended':
        for (const {invitationNumbers, inviters} of this.#sessions.of(to)) {
          invitationNumbers.end(event.invitation);
          inviters.delete(event.invitation);
        }
        break;
      case 'invitation-declined':
        this.#tell(to, refusal(event.nickname), now);
        break;
      case 'room-entered':
        for (const session of this.#sessions.of(to)) session.calledAt = now;
        // Who opens the room is alone there for a moment.
        if (event.members.length > 1) this.#tellRoster(to, now);
        break;
      case 'member-joined':
      case 'member-left':
        this.#tellRoster(to, now);
        break;
      case 'room-closed':
        this.#tell(to, closed, now);
        break;
      default:
      // Arrivals and departures are asked for here (0x04), and there are no links.
    }
  }

  /**
   * The protocol has no word for a hub that ends. The members of centralised rooms are told that
   * theirs is closed; a decentralised one goes on without a hub.
   */
  close(now: number): void {
    const members = [...this.#sessions.users()].filter(
      user => this.#host.chat.roomOf(user)?.mode === 'centralised',
    );
    this.#tell(members, closed, now);
  }

  #connect({parts: [nickname = ''], sequence}: wire.TextMessage, from: Endpoint, now: number) {
    const outcome = isName(nickname)
      ? this.#host.apply({type: 'connect', nickname, dialect})
      : {refusal: 'name-invalid' as const};
    if (!('user' in outcome) || outcome.user === undefined) {
      const reason = outcome.refusal as RegistrationRefusal;
      // Not repeated: the client repeats its request.
      const answer = reason === 'hub-full' ? answers.tropDeClients : answers.connexionInvalide;
      this.#host.send(wire.withSequence(answer, sequence), from);
      this.#host.log.refused(nickname.slice(0, maximumNameLength), from, reason);
      if (reason === 'name-in-use') this.#callHolder(nickname, now);
      return;
    }
    const {user} = outcome;
    const session: Session = {
      ...createSession<Outgoing>({user, nickname, endpoint: from}, reliability, now),
      decisions: new Inbox(reliability),
      inviters: new Map(),
      ambiguous: new RecentNumbers(),
      listed: 0,
      question: undefined,
      calledAt: now,
      isCalled: false,
    };
    this.#sessions.add(session);
    this.#sessions.answer(session, answers.ack, sequence);
    this.#sessions.pump(session, now);
  }

  #receiveFrom(session: Session, message: wire.Message, now: number): void {
    const {sequence} = message;
    const {user, inbox} = session;
    switch (message.type) {
      case 'connexion':
        if (message.parts[0] !== session.nickname) this.#host.drop('impostor');
        else this.#sessions.answer(session, answers.ack, sequence);
        break;
      case 'ack':
        this.#receiveAck(session, sequence, now);
        break;
      case 'accepter':
        this.#reply(session, session.decisions, sequence, now, () =>
          this.#decide(session, sequence, true, now),
        );
        break;
      case 'refuser':
        this.#reply(session, session.decisions, sequence, now, () =>
          this.#decide(session, sequence, false, now),
        );
        break;
      case 'demandeDeListe':
        // The ACK of the list would pass for the ACK of that message. The request is repeated.
        if (session.outbox.has(sequence, ({kind}) => kind === 'message')) break;
        session.ambiguous.add(sequence, now);
        this.#once(session, inbox, sequence, now, () => this.#list(session, sequence, now));
        break;
      case 'message':
        this.#reply(session, inbox, sequence, now, () => this.#relay(session, message));
        break;
      case 'invitation':
        this.#reply(session, inbox, sequence, now, () => this.#askForMode(session, message));
        break;
      case 'choisirLeMode':
        this.#reply(session, inbox, sequence, now, () => this.#invite(session, message.mode, now));
        break;
      case 'quitter':
        this.#reply(session, inbox, sequence, now, () => {
          this.#host.apply({type: 'leave-room', user});
          // What follows in the order of our numbers is not of the room any more.
          this.#push(session, rollCall, now);
          return answers.ack;
        });
        break;
      case 'deconnexion':
        this.#sessions.answer(session, answers.ack, sequence);
        this.#sessions.forget(session, 'disconnected');
        break;
      default:
        this.#host.drop('unexpected');
    }
  }

  /** Answers a message if it is not a copy; a copy gets the very same answer. */
  #reply(
    session: Session,
    inbox: Inbox<Uint8Array>,
    sequence: number,
    now: number,
    serve: () => Uint8Array,
  ): void {
    this.#once(session, inbox, sequence, now, () => {
      const answer = serve();
      // Of several 0x0E under one number, all but the first would pass for copies.
      if (answer === answers.envoieInvalide) session.ambiguous.add(sequence, now);
      this.#sessions.answer(session, answer, sequence);
      return answer;
    });
  }

  /** Serves a message if it is not a copy; a copy gets what was the answer then. */
  #once(
    session: Session,
    inbox: Inbox<Uint8Array>,
    sequence: number,
    now: number,
    serve: () => Uint8Array,
  ): void {
    const receipt = inbox.receive(sequence, now);
    if (!receipt.isDuplicate) inbox.answer(sequence, serve());
    else if (receipt.answer !== undefined) {
      this.#sessions.answer(session, receipt.answer, sequence);
    }
  }

  #receiveAck(session: Session, sequence: number, now: number): void {
    const {outbox} = session;
    const confirmed =
      outbox.confirm(sequence, now, ({kind}) => kind !== 'list') ??
      outbox.confirm(sequence, now, () => true);
    if (confirmed?.message.kind === 'roll-call') session.isCalled = false;
  }

  #relay({user}: Session, {state, parts: [text = '', nickname]}: wire.StateMessage): Uint8Array {
    // Counted after decoding: bytes that are no UTF-8 have grown.
    if (encodeText(text).length > maximumMessageBytes) {
      this.#host.drop('too-long');
      return answers.ack;
    }
    const isInRoom = this.#host.chat.roomOf(user) !== undefined;
    if (state === 'room' && !isInRoom) return answers.messagerieSeTermine;
    if (state === 'public' && isInRoom) return answers.clientPriveeRecoitUnMessagePublic;
    const {refusal} = this.#host.apply(
      nickname === undefined
        ? {type: 'say', user, scope: state, text}
        : {type: 'tell', user, nickname, text},
    );
    if (refusal === undefined) return answers.ack;
    return refusal === 'not-in-same-room' && state === 'public'
      ? answers.clientPriveeRecoitUnMessagePublic
      : answers.envoieInvalide;
  }

  #askForMode(session: Session, {parts: [request = '']}: wire.StateMessage): Uint8Array {
    const {chat} = this.#host;
    const wanted = readInvitationRequest(request).invitees.map(nickname => chat.find(nickname)?.id);
    const known = wanted.filter(user => user !== undefined).filter(user => user !== session.user);
    session.question = undefined;
    if (known.length === 0) return answers.envoieInvalide;
    if (!this.#hasPlaceForMore(session)) return answers.tropDeClients;
    session.question = {invitees: [...new Set(known)], unknown: wanted.length - known.length};
    return answers.offrirDeuxModes;
  }

  #hasPlaceForMore({user}: Session): boolean {
    const {chat} = this.#host;
    const room = chat.roomOf(user);
    if (room !== undefined) {
      return room.members.size < Math.min(room.maximumMembers, dialect.maximumRoomMembers);
    }
    let opened = 0;
    for (const other of chat.rooms()) if (other.dialect.name === dialect.name) opened++;
    return opened < dialect.maximumRooms;
  }

  #invite(session: Session, mode: Mode, now: number): Uint8Array {
    const {question, user} = session;
    if (question === undefined) return answers.messagerieSeTermine;
    session.question = undefined;
    let {unknown} = question;
    for (const invitee of question.invitees) {
      const nickname = this.#host.chat.user(invitee)?.nickname;
      const {refusal: reason} =
        nickname === undefined
          ? {refusal: 'no-such-user'}
          : this.#host.apply({type: 'invite', user, nickname, mode, now});
      if (reason === 'room-full' || reason === 'too-many-rooms') return answers.tropDeClients;
      if (reason === 'no-such-user' || nickname === undefined) unknown++;
      else if (reason !== undefined) this.#push(session, refusal(nickname), now);
    }
    for (let count = 0; count < unknown; count++) this.#push(session, unknownInvitee, now);
    return answers.ack;
  }

  #pushInvitation(
    session: Session,
    {invitation: id, user, nickname, mode}: Extract<ChatEvent, {type: 'invited'}>,
    now: number,
  ): void {
    const {outbox, invitationNumbers, inviters} = session;
    if (invitationNumbers.pending >= maximumPendingInvitations) {
      this.#host.apply({type: 'decline', user: session.user, invitation: id});
      return;
    }
    this.#skipNumbers(session, now, invitationNumbers);
    invitationNumbers.assignToInvitation(outbox.nextSequence, id);
    inviters.set(id, user);
    outbox.push(invitation(nickname, mode));
    this.#sessions.pump(session, now);
  }

  #decide(session: Session, sequence: number, isAccepted: boolean, now: number): Uint8Array {
    const meaning = session.invitationNumbers.take(sequence);
    // Who answers has received it, with or without an ACK: the original's scenario has none.
    if (meaning.type === 'answer')
      session.outbox.confirm(sequence, now, ({kind}) => kind === 'message');
    if (meaning.type !== 'answer') return isAccepted ? answers.messagerieSeTermine : answers.ack;
    // A copy of this decision must not be one about the next invitation.
    session.ambiguous.add(sequence, now);
    return this.#answerInvitation(session, meaning.invitation, isAccepted);
  }

  #answerInvitation(session: Session, id: InvitationId, isAccepted: boolean): Uint8Array {
    const {user, inviters} = session;
    const inviter = inviters.get(id);
    inviters.delete(id);
    if (!isAccepted) {
      this.#host.apply({type: 'decline', user, invitation: id});
      return answers.ack;
    }
    if (!this.#fitsRosterOf(inviter, session)) return answers.tropDeClients;
    const reason = this.#host.apply({type: 'accept', user, invitation: id}).refusal;
    if (reason === undefined || reason === 'already-in-room') return answers.ack;
    return reason === 'room-full' || reason === 'too-many-rooms'
      ? answers.tropDeClients
      : answers.messagerieSeTermine;
  }

  /** Nobody can speak to a member of a decentralised room whose address no text has room for. */
  #fitsRosterOf(inviter: UserId | undefined, newcomer: Session): boolean {
    const room = inviter === undefined ? undefined : this.#host.chat.roomOf(inviter);
    if (room?.mode !== 'decentralised') return true;
    const members = new Set([...room.members, newcomer.user]);
    return [...this.#sessions.of(members)].every(reader => {
      const others = this.#othersFor(reader, members, room.mode);
      return rosterParts(others).length === others.length;
    });
  }

  /** To those who are in a room still: who else is. */
  #tellRoster(to: readonly UserId[], now: number): void {
    for (const session of this.#sessions.of(to)) {
      const room = this.#host.chat.roomOf(session.user);
      if (room !== undefined) {
        this.#push(session, roster(this.#othersFor(session, room.members, room.mode)), now);
      }
      this.#sessions.pump(session, now);
    }
  }

  #othersFor(reader: Session, members: ReadonlySet<UserId>, mode: Mode): Member[] {
    const others: Member[] = [];
    for (const id of members) {
      const nick = this.#host.chat.user(id)?.nickname;
      if (id === reader.user || nick === undefined) continue;
      const session = mode === 'decentralised' ? this.#sessions.get(id) : undefined;
      const endpoint = session && this.#sessions.endpointFor(reader, session);
      others.push({nick, endpoint});
    }
    return others;
  }

  #list(session: Session, sequence: number, now: number): Uint8Array {
    const users: ListedUser[] = [];
    for (const {id, nickname, room} of this.#host.chat.users()) {
      // A name of another protocol may be none that can be written here.
      if (id === session.user || !isName(nickname)) continue;
      users.push({nick: nickname, status: room === undefined ? 'public' : 'room'});
    }
    // Whoever asks anew has got the former list, or given it up.
    session.outbox.confirm(session.listed, now, ({kind}) => kind === 'list');
    session.listed = sequence;
    const message = list(users);
    session.outbox.pushAnswer(message, sequence);
    return message.datagram;
  }

  /** The same message for all of them. */
  #tell(to: Iterable<UserId>, message: Outgoing, now: number): void {
    for (const session of this.#sessions.of(to)) {
      this.#push(session, message, now);
      this.#sessions.pump(session, now);
    }
  }

  /** Everything that has a number of the hub's goes through here. */
  #push(session: Session, message: Outgoing, now: number): void {
    this.#skipNumbers(session, now);
    session.outbox.push(message);
  }

  /** Spends the numbers that may not be given to a message on roll calls: their ACK means nothing else. */
  #skipNumbers({outbox, ambiguous}: Session, now: number, held?: {isHeld(n: number): boolean}) {
    while (ambiguous.has(outbox.nextSequence, now) || held?.isHeld(outbox.nextSequence)) {
      outbox.push(rollCall);
    }
  }

  #callAt({user, isCalled, calledAt, heardAt}: Session): number {
    if (isCalled) return Number.POSITIVE_INFINITY;
    const isInRoom = this.#host.chat.roomOf(user) !== undefined;
    return isInRoom ? calledAt + memberCallMs : heardAt + silenceMs;
  }

  /** Not answered, it costs the client its place (R7). */
  #call(session: Session, now: number): void {
    session.isCalled = true;
    session.calledAt = now;
    this.#push(session, rollCall, now);
  }

  /** Somebody wants the name of a user who may have gone without a word: find out now, not in a minute. */
  #callHolder(nickname: string, now: number): void {
    const holder = this.#sessions.get(this.#host.chat.find(nickname)?.id ?? 0);
    if (holder === undefined || holder.isCalled) return;
    if (now - holder.heardAt < horizonMs(reliability)) return;
    this.#call(holder, now);
    this.#sessions.pump(holder, now);
  }
}
