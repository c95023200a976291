import type {ChatEvent} from '../../chat/events.ts';
import type {UserId} from '../../chat/words.ts';
import {Agenda} from '../../transport/agenda.ts';
import {type Endpoint, endpointKey} from '../../transport/endpoint.ts';
import {Inbox} from '../../transport/inbox.ts';
import {Outbox} from '../../transport/outbox.ts';
import {horizonMs, hubWindow} from '../../transport/reliability.ts';
import type {DepartureReason, Dialect, HubEnd, HubHost, RegistrationRefusal} from '../protocol.ts';
import {confirmation, echo, list, notice, type Outgoing, outgoing, probe} from './hub-messages.ts';
import {InvitationNumbers} from './invitation-numbers.ts';
import {reliability} from './reliability.ts';
import * as wire from './wire.ts';

/** A user silent for that long is asked for a sign of life (R9). */
const silenceMs = 60_000;

/** Messages waiting for one client. Beyond that it will never catch up, and costs memory. */
const maximumQueued = 1024;

/** Invitations that wait for one user's answer: half of the numbers there are. */
const maximumPendingInvitations = 64;

/** Keys for what is no private room: their numbers begin at 1. */
const publicRoom = 0;
const everybody = -1;

const dialect: Dialect = {
  name: 'res302',
  maximumUsers: 2000,
  maximumRoomMembers: 2000,
  maximumRooms: 1000,
  changesRooms: false,
  hasLinks: false,
};

type Session = {
  readonly user: UserId;
  readonly nickname: string;
  readonly endpoint: Endpoint;
  readonly outbox: Outbox<Outgoing>;
  /** Answers to the client's own numbers, under number 0. */
  readonly inbox: Inbox<Uint8Array>;
  readonly invitationNumbers: InvitationNumbers;
  heardAt: number;
  isProbed: boolean;
};

/** The hub's end of `res302` (docs/protocols/res302.md, "Exchanges"). */
export class Res302Hub implements HubEnd {
  readonly #host: HubHost;
  readonly #byAddress = new Map<string, Session>();
  readonly #byUser = new Map<UserId, Session>();
  readonly #agenda = new Agenda<Session>();
  /** By room: encoded once for all who ask before somebody comes, goes or moves. */
  readonly #lists = new Map<number, Uint8Array>();
  #listsVersion = 0;

  constructor(host: HubHost) {
    this.#host = host;
  }

  get dueAt(): number {
    return this.#agenda.dueAt;
  }

  get isBusy(): boolean {
    return this.#byUser.values().some(({outbox}) => !outbox.isIdle);
  }

  receive(datagram: Uint8Array, from: Endpoint, now: number): void {
    const decoded = wire.decode(datagram);
    if (!decoded.ok) {
      this.#host.drop('malformed');
      return;
    }
    const {message} = decoded;
    const session = this.#byAddress.get(endpointKey(from));
    if (message.type === 'A' && !message.ack && session === undefined) {
      this.#connect(message, from, now);
    } else if (session === undefined) {
      this.#host.drop('unregistered');
    } else if (message.nickname !== session.nickname) {
      this.#host.drop('impostor');
    } else {
      session.heardAt = now;
      session.isProbed = false;
      if (message.ack) this.#receiveAnswer(session, message, now);
      else this.#receiveRequest(session, message, now);
      this.#pump(session, now);
    }
  }

  onTime(now: number): void {
    for (;;) {
      const session = this.#agenda.take(now);
      if (session === undefined) return;
      if (now - session.heardAt >= silenceMs) this.#probe(session);
      this.#pump(session, now);
    }
  }

  deliver(event: ChatEvent, to: readonly UserId[], now: number): void {
    switch (event.type) {
      case 'said': {
        const type = event.scope === 'public' ? 'C' : 'D';
        const data = wire.encodeText(event.text);
        this.#push(to, outgoing(type, {nickname: event.nickname, data}), now);
        break;
      }
      case 'invited':
        for (const session of this.#sessions(to)) {
          this.#pushInvitation(session, event.invitation, event.nickname, event.mode);
          this.#pump(session, now);
        }
        break;
      case 'invitation-ended':
        for (const {invitationNumbers} of this.#sessions(to))
          invitationNumbers.end(event.invitation);
        break;
      case 'invitation-declined':
        this.#push(to, notice(wire.notices.declined, event.nickname), now);
        break;
      case 'room-entered':
        if (event.mode === 'decentralised') {
          for (const session of this.#sessions(to)) this.#introduce(session, event.members, now);
        }
        break;
      case 'member-joined':
        if (event.mode === 'centralised') {
          this.#push(to, notice(wire.notices.accepted, event.nickname), now);
        } else {
          for (const session of this.#sessions(to)) this.#introduce(session, [event.user], now);
        }
        break;
      case 'member-left':
        // In a decentralised room the leaver has told its peers.
        if (event.mode === 'centralised') {
          this.#push(to, notice(wire.notices.left, event.nickname), now);
        }
        break;
      case 'room-closed':
        this.#push(to, notice(wire.notices.closed), now);
        break;
      default:
      // Arrivals and departures are asked for here (E), and there are neither direct messages nor links.
    }
  }

  /**
   * The protocol has no word for a hub that ends. The members of centralised rooms are told that
   * theirs is closed; a decentralised one goes on without a hub.
   */
  close(now: number): void {
    const members = [...this.#byUser.keys()].filter(
      user => this.#host.chat.roomOf(user)?.mode === 'centralised',
    );
    this.#push(members, notice(wire.notices.closed), now);
  }

  #connect({nickname, sequence}: wire.Message, from: Endpoint, now: number): void {
    const outcome = wire.isNickname(nickname)
      ? this.#host.apply({type: 'connect', nickname, dialect})
      : {refusal: 'name-invalid' as const};
    if (!('user' in outcome) || outcome.user === undefined) {
      const refusal = outcome.refusal as RegistrationRefusal;
      const code = wire.errors[refusal];
      // Under the A's own number and not repeated: the client repeats the A (R3).
      const refused = wire.encode(wire.message('B', {flag: true, code, sequence}));
      this.#host.send(refused, from);
      this.#host.log.refused(nickname, from, refusal);
      if (refusal === 'name-in-use') this.#probeHolder(nickname, now);
      return;
    }
    const session: Session = {
      user: outcome.user,
      nickname,
      endpoint: from,
      outbox: new Outbox(reliability, hubWindow),
      inbox: new Inbox(reliability),
      invitationNumbers: new InvitationNumbers(),
      heardAt: now,
      isProbed: false,
    };
    this.#byAddress.set(endpointKey(from), session);
    this.#byUser.set(session.user, session);
    this.#host.log.connected(nickname, from);
    session.inbox.receive(sequence, now);
    this.#confirm(session, 'A', false, sequence);
    this.#pump(session, now);
  }

  #receiveRequest(session: Session, message: wire.Message, now: number): void {
    const {type, flag, sequence} = message;
    if (type === 'A') {
      this.#confirm(session, 'A', false, sequence);
      return;
    }
    if (type === 'B' || type === 'G') {
      this.#host.drop('unexpected');
      return;
    }
    const receipt = session.inbox.receive(sequence, now);
    if (receipt.isDuplicate) {
      if (receipt.answer !== undefined) this.#sendAnswer(session, receipt.answer, sequence);
      return;
    }
    if (type === 'E') {
      const datagram = flag ? this.#listOfRoom(session.user) : this.#listOfEveryone();
      session.inbox.answer(sequence, datagram);
      session.outbox.pushAnswer({type, datagram, isRequired: true}, sequence);
      return;
    }
    this.#confirm(session, type, flag, sequence);
    switch (type) {
      case 'C':
        this.#say(session, 'public', message);
        break;
      case 'D':
        if (flag) this.#host.drop('unexpected');
        else this.#say(session, 'room', message);
        break;
      case 'F':
        this.#invite(session, message, now);
        break;
      case 'H':
        this.#host.apply({type: 'leave-room', user: session.user});
        break;
      case 'I':
        this.#forget(session, 'disconnected');
        break;
    }
  }

  #receiveAnswer(session: Session, {type, flag, sequence}: wire.Message, now: number): void {
    if (type !== 'G') {
      session.outbox.confirm(sequence, now, pending => pending.type === type);
      return;
    }
    const meaning = session.invitationNumbers.take(sequence);
    if (meaning.type === 'confirmation') {
      session.outbox.confirm(sequence, now, pending => pending.type === 'G');
      return;
    }
    this.#sendAnswer(session, confirmation('G', flag), sequence);
    const user = session.user;
    if (meaning.type === 'answer') {
      const {invitation} = meaning;
      const type = flag ? 'decline' : 'accept';
      const {refusal} = this.#host.apply({type, user, invitation});
      if (refusal === undefined || refusal === 'already-in-room') return;
    }
    const isTooLate = meaning.type !== 'repetition' && !flag;
    if (isTooLate) session.outbox.push(notice(wire.notices.closed));
  }

  #say(session: Session, scope: 'public' | 'room', {data}: wire.Message): void {
    const text = wire.decodeText(data);
    // Counted again after decoding: bytes that are no UTF-8 have grown.
    if (wire.encodeText(text).length > wire.maximumTextBytes) {
      this.#host.drop('too-long');
      return;
    }
    // An empty text would reach the others as a sign that they are asked for life (R9).
    if (text === '') return;
    const {refusal} = this.#host.apply({type: 'say', user: session.user, scope, text});
    if (refusal !== undefined) this.#host.drop('unexpected');
  }

  #invite(session: Session, {flag, data}: wire.Message, now: number): void {
    const mode = flag ? 'decentralised' : 'centralised';
    for (const nickname of wire.decodeNicknames(data)) {
      const {refusal} = this.#host.apply({type: 'invite', user: session.user, nickname, mode, now});
      if (refusal === undefined) continue;
      session.outbox.push(
        refusal === 'no-such-user' || refusal === 'already-in-room'
          ? outgoing('B', {flag: true, code: wire.errors[refusal], nickname: echo(nickname)})
          : notice(wire.notices.declined, echo(nickname)),
      );
    }
  }

  #pushInvitation(
    session: Session,
    invitation: number,
    nickname: string,
    mode: 'centralised' | 'decentralised',
  ): void {
    const {outbox, invitationNumbers, user} = session;
    if (invitationNumbers.pending >= maximumPendingInvitations) {
      this.#host.apply({type: 'decline', user, invitation});
      return;
    }
    this.#skipHeldNumbers(session);
    invitationNumbers.assignToInvitation(outbox.nextSequence, invitation);
    outbox.push(outgoing('F', {flag: mode === 'decentralised', nickname}));
  }

  /** Tells a member of a decentralised room the addresses of others. */
  #introduce(session: Session, members: readonly UserId[], now: number): void {
    for (const member of this.#sessions(members)) {
      if (member === session) continue;
      this.#skipHeldNumbers(session);
      session.invitationNumbers.assignToMember(session.outbox.nextSequence);
      const data = wire.encodeEndpoint(this.#asSeenBy(session, member.endpoint));
      session.outbox.push(outgoing('G', {nickname: member.nickname, data}));
    }
    this.#pump(session, now);
  }

  #skipHeldNumbers({outbox, invitationNumbers}: Session): void {
    while (invitationNumbers.isHeld(outbox.nextSequence)) outbox.push(probe);
  }

  #asSeenBy(reader: Session, {host, port}: Endpoint): Endpoint {
    const {publicHost} = this.#host;
    const isHidden = host.startsWith('127.') && !reader.endpoint.host.startsWith('127.');
    return {host: isHidden && publicHost !== undefined ? publicHost : host, port};
  }

  #listOfEveryone(): Uint8Array {
    return this.#listFor(everybody, () => list(this.#host.chat.users(), false));
  }

  #listOfRoom(user: UserId): Uint8Array {
    const room = this.#host.chat.roomOf(user)?.id ?? publicRoom;
    return this.#listFor(room, () => list(this.#host.chat.membersOf(user), true));
  }

  #listFor(key: number, make: () => Uint8Array): Uint8Array {
    const version = this.#host.chat.rosterVersion;
    if (version !== this.#listsVersion) this.#lists.clear();
    this.#listsVersion = version;
    const datagram = this.#lists.get(key) ?? make();
    this.#lists.set(key, datagram);
    return datagram;
  }

  #confirm(session: Session, type: wire.MessageType, flag: boolean, sequence: number): void {
    const answer = confirmation(type, flag);
    session.inbox.answer(sequence, answer);
    this.#sendAnswer(session, answer, sequence);
  }

  #sendAnswer({endpoint}: Session, answer: Uint8Array, sequence: number): void {
    this.#host.send(wire.withSequence(answer, sequence), endpoint);
  }

  #push(to: readonly UserId[], message: Outgoing, now: number): void {
    for (const session of this.#sessions(to)) {
      session.outbox.push(message);
      this.#pump(session, now);
    }
  }

  *#sessions(users: readonly UserId[]): Generator<Session> {
    for (const user of users) {
      const session = this.#byUser.get(user);
      if (session !== undefined) yield session;
    }
  }

  /** Sends what is due, and notes when to look at that session again. */
  #pump(session: Session, now: number): void {
    if (!this.#byUser.has(session.user)) return;
    const {outbox, endpoint} = session;
    const {transmissions, failed} = outbox.poll(now);
    for (const {message, sequence} of transmissions) {
      this.#host.send(wire.withSequence(message.datagram, sequence), endpoint);
    }
    if (failed.some(({isRequired}) => isRequired)) this.#forget(session, 'silent');
    else if (outbox.queued > maximumQueued) this.#forget(session, 'too-slow');
    else {
      const probeAt = session.isProbed ? Number.POSITIVE_INFINITY : session.heardAt + silenceMs;
      this.#agenda.schedule(session, Math.min(outbox.dueAt, probeAt));
    }
  }

  /** Not confirmed, it costs the client its place (R9). */
  #probe(session: Session): void {
    if (session.isProbed) return;
    session.isProbed = true;
    session.outbox.push(probe);
  }

  /** Somebody wants the name of a user who may have gone without a word: find out now, not in a minute. */
  #probeHolder(nickname: string, now: number): void {
    const holder = this.#byUser.get(this.#host.chat.find(nickname)?.id ?? 0);
    if (holder === undefined || now - holder.heardAt < horizonMs(reliability)) return;
    this.#probe(holder);
    this.#pump(holder, now);
  }

  #forget(session: Session, reason: DepartureReason): void {
    this.#byUser.delete(session.user);
    this.#byAddress.delete(endpointKey(session.endpoint));
    this.#agenda.cancel(session);
    this.#host.log.left(session.nickname, session.endpoint, reason);
    this.#host.apply({type: 'disconnect', user: session.user});
  }
}
