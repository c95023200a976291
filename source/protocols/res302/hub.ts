import type {ChatEvent} from '../../chat/events.ts';
import type {Refusal} from '../../chat/refusals.ts';
import type {UserId} from '../../chat/words.ts';
import type {Endpoint} from '../../transport/endpoint.ts';
import {horizonMs} from '../../transport/reliability.ts';
import {SessionsEnd} from '../datagrams/hub-end.ts';
import {maximumPendingInvitations} from '../datagrams/received-invitations.ts';
import {RosterCache} from '../datagrams/roster-cache.ts';
import {createSession, type Session as DatagramSession, Sessions} from '../datagrams/sessions.ts';
import type {DatagramHubEnd, DatagramHubHost, RegistrationRefusal} from '../protocol.ts';
import {
  confirmation,
  echo,
  type HubMessage,
  list,
  notice,
  outgoing,
  probe,
} from './hub-messages.ts';
import {reliability} from './reliability.ts';
import * as wire from './wire.ts';

/** A user who is silent for this time is asked for a sign of life (R9). */
const silenceMs = 60_000;

/** Key for the public room: numbers of private rooms begin at 1. */
const publicRoom = 0;
const everybody = -1;

type Session = DatagramSession<HubMessage> & {
  isProbed: boolean;
  /** Numbers of answered invitations without an outcome yet. Copies of the answer get no reply. */
  readonly deciding: Set<number>;
};

/** The hub's end of `res302` (docs/protocols/res302.md, "Exchanges"). */
export class Res302Hub extends SessionsEnd<HubMessage, Session> implements DatagramHubEnd {
  readonly #host: DatagramHubHost;
  protected readonly sessions: Sessions<HubMessage, Session>;
  readonly #lists: RosterCache<number>;

  constructor(host: DatagramHubHost) {
    super();
    this.#host = host;
    this.#lists = new RosterCache(host.chat);
    this.sessions = new Sessions({
      ...host,
      reliability,
      withSequence: wire.withSequence,
      attendAt: ({isProbed, heardAt}) =>
        isProbed ? Number.POSITIVE_INFINITY : heardAt + silenceMs,
      attend: session => this.#probe(session),
    });
  }

  receive(datagram: Uint8Array, from: Endpoint, now: number): void {
    const decoded = wire.decode(datagram);
    if (!decoded.ok) {
      this.#host.drop('malformed');
      return;
    }
    const {message} = decoded;
    const session = this.sessions.at(from);
    if (message.type === 'A' && !message.ack && session === undefined) {
      this.#connect(message, from);
    } else if (session === undefined) {
      if (!this.sessions.answerGoodbye(datagram, from, now)) this.#host.drop('unregistered');
    } else if (message.nickname !== session.nickname) {
      this.#host.drop('impostor');
    } else if (message.type === 'I' && !message.ack) {
      const goodbye = {datagram, sequence: message.sequence};
      this.sessions.leave(session, goodbye, confirmation('I', message.flag), now);
    } else {
      session.heardAt = now;
      session.isProbed = false;
      if (message.ack) this.#receiveAnswer(session, message, now);
      else this.#receiveRequest(session, message, now);
      this.sessions.pump(session, now);
    }
  }

  deliver(event: ChatEvent, to: readonly UserId[], now: number): void {
    switch (event.type) {
      case 'said': {
        const type = event.scope === 'public' ? 'C' : 'D';
        const data = wire.encodeText(event.text);
        this.sessions.push(to, outgoing(type, {nickname: event.nickname, data}), now);
        break;
      }
      case 'invited':
        this.sessions.each(to, session => {
          this.#pushInvitation(session, event.invitation, event.nickname, event.mode);
          this.sessions.pump(session, now);
        });
        break;
      case 'invitation-ended':
        this.sessions.each(to, ({invitationNumbers}) => invitationNumbers.end(event.invitation));
        break;
      case 'invitation-declined':
        this.sessions.push(to, notice(wire.notices.declined, event.nickname), now);
        break;
      case 'room-entered':
        if (event.mode === 'decentralised') {
          this.sessions.each(to, session => this.#introduce(session, event.members, now));
        }
        break;
      case 'member-joined':
        if (event.mode === 'centralised') {
          this.sessions.push(to, notice(wire.notices.accepted, event.nickname), now);
        } else {
          this.sessions.each(to, session => this.#introduce(session, [event.user], now));
        }
        break;
      case 'member-left':
        // In a decentralised room the leaving client tells its peers itself.
        if (event.mode === 'centralised') {
          this.sessions.push(to, notice(wire.notices.left, event.nickname), now);
        }
        break;
      case 'room-closed':
        this.sessions.push(to, notice(wire.notices.closed), now);
        break;
      default:
      // Clients ask for arrivals and departures here (E). There are no direct messages and no links.
    }
  }

  suspect(user: UserId, _from: Endpoint, now: number): void {
    const holder = this.sessions.get(user);
    if (holder === undefined || now - holder.heardAt < horizonMs(reliability)) return;
    this.#probe(holder);
    this.sessions.pump(holder, now);
  }

  /**
   * The protocol has no word for a hub that ends. The members of centralised rooms are told that their room is closed; a
   * decentralised room continues without a hub.
   */
  close(now: number): void {
    this.sessions.push(this.sessions.inCentralisedRooms(), notice(wire.notices.closed), now);
  }

  #connect({nickname, sequence}: wire.Message, from: Endpoint): void {
    this.sessions.register(nickname, from, ({user, refusal}, now) => {
      if (user === undefined) {
        this.#refuse(nickname, sequence, from, refusal as RegistrationRefusal);
        return;
      }
      const session = {
        ...createSession<HubMessage>({user, nickname, endpoint: from}, reliability, now),
        isProbed: false,
        deciding: new Set<number>(),
      };
      this.sessions.add(session);
      session.inbox.receive(sequence, now);
      this.#confirm(session, 'A', false, sequence);
      this.sessions.pump(session, now);
    });
  }

  /** Sent with the number of the A, and not repeated: the client repeats the A (R3). */
  #refuse(nickname: string, sequence: number, from: Endpoint, reason: RegistrationRefusal): void {
    const code = wire.errors[reason];
    this.#host.send(wire.encode(wire.message('B', {flag: true, code, sequence})), from);
    this.#host.log.refused(nickname, from, reason);
  }

  #receiveRequest(session: Session, message: wire.Message, now: number): void {
    const {type, flag, sequence} = message;
    if (type === 'A') {
      this.#confirm(session, 'A', false, sequence);
      return;
    }
    if (type === 'B' || type === 'G' || type === 'I') {
      this.#host.drop('unexpected');
      return;
    }
    const receipt = session.inbox.receive(sequence, now);
    if (receipt.isDuplicate) {
      if (receipt.answer !== undefined) this.sessions.answer(session, receipt.answer, sequence);
      return;
    }
    if (type === 'E') {
      const datagram = flag ? this.#listOfRoom(session.user) : this.#listOfEveryone();
      session.inbox.answer(sequence, datagram);
      session.outbox.pushAnswerFirst({type, datagram, isRequired: true}, sequence);
      return;
    }
    if (type === 'H') {
      // Confirmed only when it is done, because a client that has left asks for the list next.
      this.#host.propose({type: 'leave-room', user: session.user}, (_outcome, at) => {
        this.#confirm(session, type, flag, sequence);
        this.sessions.pump(session, at);
      });
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
    // The B answers the F, and thereby confirms it (R3).
    session.outbox.confirm(sequence, now, pending => pending.type === 'F');
    const confirm = () => this.sessions.answer(session, confirmation('G', flag), sequence);
    const {user} = session;
    const tellTooLate = (at: number) => {
      if (flag) return;
      session.outbox.push(notice(wire.notices.closed));
      this.sessions.pump(session, at);
    };
    if (meaning.type === 'answer') {
      const {invitation} = meaning;
      const type = flag ? 'decline' : 'accept';
      session.deciding.add(sequence);
      this.#host.propose({type, user, invitation}, ({refusal}, at) => {
        session.deciding.delete(sequence);
        confirm();
        if (refusal !== undefined && refusal !== 'already-in-room') tellTooLate(at);
      });
    } else if (!session.deciding.has(sequence)) {
      confirm();
      if (meaning.type !== 'repetition') tellTooLate(now);
    }
  }

  #say(session: Session, scope: 'public' | 'room', {data}: wire.Message): void {
    const text = wire.decodeText(data);
    // Counted again after decoding, because invalid UTF-8 becomes longer.
    if (Buffer.byteLength(text) > wire.maximumTextBytes) {
      this.#host.drop('too-long');
      return;
    }
    // The others would read an empty text as a request for a sign of life (R9).
    if (text === '') return;
    this.#host.propose({type: 'say', user: session.user, scope, text}, ({refusal}) => {
      if (refusal !== undefined) this.#host.drop('unexpected');
    });
  }

  #invite(session: Session, {flag, data}: wire.Message, now: number): void {
    const mode = flag ? 'decentralised' : 'centralised';
    for (const nickname of wire.decodeNicknames(data)) {
      const to = this.#host.chat.find(nickname)?.id;
      if (to === undefined) {
        this.#refuseInvitation(session, nickname, 'no-such-user', now);
        // Thousands of answers have made the client too slow, and it is removed: nobody is left to be told.
        if (this.sessions.get(session.user) === undefined) return;
        continue;
      }
      this.#host.propose({type: 'invite', user: session.user, to, mode, now}, ({refusal}, at) => {
        if (refusal !== undefined) this.#refuseInvitation(session, nickname, refusal, at);
      });
    }
  }

  #refuseInvitation(session: Session, nickname: string, reason: Refusal, now: number): void {
    session.outbox.push(
      reason === 'no-such-user' || reason === 'already-in-room'
        ? outgoing('B', {flag: true, code: wire.errors[reason], nickname: echo(nickname)})
        : notice(wire.notices.declined, echo(nickname)),
    );
    this.sessions.pump(session, now);
  }

  #pushInvitation(
    session: Session,
    invitation: number,
    nickname: string,
    mode: 'centralised' | 'decentralised',
  ): void {
    const {outbox, invitationNumbers, user} = session;
    if (invitationNumbers.pending >= maximumPendingInvitations) {
      this.#host.propose({type: 'decline', user, invitation});
      return;
    }
    this.#skipHeldNumbers(session);
    invitationNumbers.assignToInvitation(outbox.nextSequence, invitation);
    outbox.push(outgoing('F', {flag: mode === 'decentralised', nickname}));
  }

  /** Tells a member of a decentralised room the addresses of others. */
  #introduce(session: Session, members: readonly UserId[], now: number): void {
    for (const member of this.sessions.of(members)) {
      if (member === session) continue;
      this.#skipHeldNumbers(session);
      session.invitationNumbers.assignToMember(session.outbox.nextSequence);
      const data = wire.encodeEndpoint(this.sessions.endpointFor(session, member));
      session.outbox.push(outgoing('G', {nickname: member.nickname, data}));
    }
    this.sessions.pump(session, now);
  }

  #skipHeldNumbers({outbox, invitationNumbers}: Session): void {
    while (invitationNumbers.isHeld(outbox.nextSequence)) outbox.push(probe);
  }

  #listOfEveryone(): Uint8Array {
    return this.#lists.get(everybody, () => list(this.#host.chat.users(), false));
  }

  #listOfRoom(user: UserId): Uint8Array {
    const room = this.#host.chat.roomOf(user)?.id ?? publicRoom;
    return this.#lists.get(room, () => list(this.#host.chat.membersOf(user), true));
  }

  #confirm(session: Session, type: wire.MessageType, flag: boolean, sequence: number): void {
    const answer = confirmation(type, flag);
    session.inbox.answer(sequence, answer);
    this.sessions.answer(session, answer, sequence);
  }

  /** A client that does not confirm it is removed (R9). */
  #probe(session: Session): void {
    if (session.isProbed) return;
    session.isProbed = true;
    session.outbox.push(probe);
  }
}
