import type {ChatEvent} from '../../../chat/events.ts';
import type {UserId} from '../../../chat/words.ts';
import type {Endpoint} from '../../../transport/endpoint.ts';
import {Inbox} from '../../../transport/inbox.ts';
import {Recent} from '../../../transport/recent.ts';
import {horizonMs} from '../../../transport/reliability.ts';
import {SessionsEnd} from '../../datagrams/hub-end.ts';
import {createSession, Sessions} from '../../datagrams/sessions.ts';
import type {
  DatagramHubEnd,
  DatagramHubHost,
  ListedUser,
  RegistrationRefusal,
} from '../../protocol.ts';
import {reliability} from '../reliability.ts';
import {maximumMessageBytes, maximumNameLength} from '../wire/text.ts';
import * as wire from '../wire.ts';
import {HubInvitations} from './invitations.ts';
import {
  type Answer,
  answers,
  closed,
  diffusion,
  type HubMessage,
  isMessage,
  list,
  refusal,
  rollCall,
} from './messages.ts';
import {Rosters} from './rosters.ts';
import {push, type Session} from './session.ts';

/** Time between two roll calls of a member of a private room (R7). */
const memberCallMs = 30_000;
/** A user in public gets a roll call after this time of silence (R7). */
const silenceMs = 60_000;

/** An ACK that is under way now has come before a message is sent that waits behind this many others. */
const nextMessages = 64;

/** The hub's end of `shen` (docs/protocols/shen.md, "Exchanges"). */
export class ShenHub extends SessionsEnd<HubMessage, Session> implements DatagramHubEnd {
  readonly #host: DatagramHubHost;
  protected readonly sessions: Sessions<HubMessage, Session>;
  readonly #rosters: Rosters;
  readonly #invitations: HubInvitations;

  constructor(host: DatagramHubHost) {
    super();
    this.#host = host;
    this.sessions = new Sessions({
      ...host,
      reliability,
      withSequence: wire.withSequence,
      attendAt: session => this.#callAt(session),
      attend: (session, now) => this.#call(session, now),
      givenUp: (session, {kind}) => {
        if (kind === 'place') session.mayBeLost = true;
      },
    });
    this.#rosters = new Rosters(host, this.sessions);
    this.#invitations = new HubInvitations(host, this.sessions, this.#rosters);
  }

  receive(datagram: Uint8Array, from: Endpoint, now: number): void {
    const decoded = wire.decode(datagram);
    if (!decoded.ok) {
      this.#host.drop('malformed');
      return;
    }
    const {message} = decoded;
    const session = this.sessions.at(from);
    if (session !== undefined && message.type === 'deconnexion') {
      this.sessions.leave(session, {datagram, sequence: message.sequence}, answers.ack, now);
    } else if (session !== undefined) {
      session.heardAt = now;
      this.#receiveFrom(session, message, now);
      this.sessions.pump(session, now);
    } else if (message.type === 'connexion') {
      this.#connect(message, from);
    } else if (!this.sessions.answerGoodbye(datagram, from, now)) {
      this.#host.drop('unregistered');
    }
  }

  deliver(event: ChatEvent, to: readonly UserId[], now: number): void {
    switch (event.type) {
      case 'said': {
        const {text, nickname} = event;
        this.#tell(to, diffusion({message: text, author: nickname, recipient: undefined}), now);
        break;
      }
      case 'told':
        for (const {user, nickname} of this.sessions.of(to)) {
          const text = {message: event.text, author: event.nickname, recipient: nickname};
          this.#tell([user], diffusion(text), now);
        }
        break;
      case 'invited':
        this.sessions.each(to, session => this.#invitations.push(session, event, now));
        break;
      case 'invitation-ended':
        this.sessions.each(to, ({invitationNumbers, inviters}) => {
          invitationNumbers.end(event.invitation);
          inviters.delete(event.invitation);
        });
        break;
      case 'invitation-declined':
        this.#tell(to, refusal(event.nickname), now);
        break;
      case 'room-entered':
        for (const session of this.sessions.of(to)) session.calledAt = now;
        // The inviter, for whom the room is opened, is alone in it for a moment.
        if (event.members.length > 1) this.#rosters.tell(to, now);
        break;
      case 'member-joined':
      case 'member-left':
        this.#rosters.tell(to, now);
        break;
      case 'room-closed':
        this.#tell(to, closed, now);
        break;
      default:
      // Clients ask for arrivals and departures here (0x04). There are no links.
    }
  }

  suspect(user: UserId, _from: Endpoint, now: number): void {
    const holder = this.sessions.get(user);
    if (holder === undefined || holder.isCalled) return;
    if (now - holder.heardAt < horizonMs(reliability)) return;
    this.#call(holder, now);
    this.sessions.pump(holder, now);
  }

  /**
   * The protocol has no word for a hub that ends. The members of centralised rooms are told that their room is closed; a
   * decentralised room continues without a hub.
   */
  close(now: number): void {
    this.#tell(this.sessions.inCentralisedRooms(), closed, now);
  }

  #connect({parts: [nickname = ''], sequence}: wire.TextMessage, from: Endpoint): void {
    this.sessions.register(nickname, from, ({user, refusal}, now) => {
      if (user === undefined) {
        this.#refuse(nickname, sequence, from, refusal as RegistrationRefusal);
        return;
      }
      const session: Session = {
        ...createSession<HubMessage>({user, nickname, endpoint: from}, reliability, now),
        decisions: new Inbox(reliability),
        inviters: new Map(),
        ambiguous: new Recent(reliability),
        listed: 0,
        question: undefined,
        calledAt: now,
        isCalled: false,
        mayBeLost: false,
        toldAgain: 0,
      };
      this.sessions.add(session);
      this.sessions.answer(session, answers.ack, sequence);
      this.sessions.pump(session, now);
    });
  }

  /** Not repeated: the client repeats its request. */
  #refuse(nickname: string, sequence: number, from: Endpoint, reason: RegistrationRefusal): void {
    const answer = reason === 'hub-full' ? answers.tropDeClients : answers.connexionInvalide;
    this.#host.send(wire.withSequence(answer, sequence), from);
    this.#host.log.refused(nickname.slice(0, maximumNameLength), from, reason);
  }

  #receiveFrom(session: Session, message: wire.Message, now: number): void {
    const {sequence} = message;
    const {user, inbox} = session;
    switch (message.type) {
      case 'connexion':
        if (message.parts[0] !== session.nickname) this.#host.drop('impostor');
        else this.sessions.answer(session, answers.ack, sequence);
        break;
      case 'ack':
        this.#receiveAck(session, sequence, now);
        break;
      case 'accepter':
        this.#reply(session, session.decisions, sequence, now, answer =>
          this.#invitations.decide(session, sequence, true, now, answer),
        );
        break;
      case 'refuser':
        this.#reply(session, session.decisions, sequence, now, answer =>
          this.#invitations.decide(session, sequence, false, now, answer),
        );
        break;
      case 'demandeDeListe':
        // A message has that number too, and the ACK of the list would pass for its ACK. The client repeats its request.
        if (session.outbox.has(sequence, ({kind}) => isMessage(kind), nextMessages)) break;
        session.ambiguous.add(sequence, now);
        this.#once(session, inbox, sequence, now, answer =>
          answer(this.#list(session, sequence, now)),
        );
        break;
      case 'message':
        this.#reply(session, inbox, sequence, now, answer => this.#relay(session, message, answer));
        break;
      case 'invitation':
        this.#reply(session, inbox, sequence, now, answer =>
          answer(this.#invitations.askForMode(session, message)),
        );
        break;
      case 'choisirLeMode':
        this.#reply(session, inbox, sequence, now, answer =>
          this.#invitations.invite(session, message.mode, now, answer),
        );
        break;
      case 'quitter':
        this.#reply(session, inbox, sequence, now, answer =>
          this.#host.propose({type: 'leave-room', user}, (_outcome, at) => {
            // Messages with later numbers of ours are not from the room any more.
            push(session, rollCall, at);
            answer(answers.ack);
            this.sessions.pump(session, at);
          }),
        );
        break;
      default:
        this.#host.drop('unexpected');
    }
  }

  /** Answers a message. A copy gets the same answer and has no other effect. */
  #reply(
    session: Session,
    inbox: Inbox<Uint8Array>,
    sequence: number,
    now: number,
    serve: (answer: Answer) => void,
  ): void {
    this.#once(session, inbox, sequence, now, remember =>
      serve(answer => {
        // A later 0x0E with this number would pass for a copy.
        if (answer === answers.envoieInvalide) session.ambiguous.add(sequence, now);
        this.sessions.answer(session, answer, sequence);
        remember(answer);
      }),
    );
  }

  /** Serves a message once. A copy gets the same answer, or nothing while there is no answer. */
  #once(
    session: Session,
    inbox: Inbox<Uint8Array>,
    sequence: number,
    now: number,
    serve: (remember: Answer) => void,
  ): void {
    const receipt = inbox.receive(sequence, now);
    if (!receipt.isDuplicate) serve(answer => inbox.answer(sequence, answer));
    else if (receipt.answer !== undefined) {
      this.sessions.answer(session, receipt.answer, sequence);
    }
  }

  #receiveAck(session: Session, sequence: number, now: number): void {
    const {outbox} = session;
    const confirmed =
      outbox.confirm(sequence, now, ({kind}) => kind !== 'list') ??
      outbox.confirm(sequence, now, () => true);
    if (confirmed?.message.kind === 'roll-call') session.isCalled = false;
    if (confirmed === undefined) return;
    if (confirmed.message.kind === 'place') session.toldAgain = 0;
    else if (session.mayBeLost) this.#rosters.tellAgain(session, now);
  }

  #relay(
    {user}: Session,
    {state, mode, parts: [text = '', nickname]}: wire.StateMessage,
    answer: Answer,
  ): void {
    // Counted after decoding, because invalid UTF-8 becomes longer.
    if (Buffer.byteLength(text) > maximumMessageBytes) {
      this.#host.drop('too-long');
      answer(answers.ack);
      return;
    }
    const {chat} = this.#host;
    const isInRoom = chat.roomOf(user) !== undefined;
    const to = nickname === undefined ? undefined : chat.find(nickname)?.id;
    if (state === 'room' && !isInRoom) answer(answers.messagerieSeTermine);
    else if (state === 'public' && isInRoom) answer(answers.clientPriveeRecoitUnMessagePublic);
    else if (state === 'room' && mode === 'decentralised') {
      this.#host.drop('unexpected');
      answer(answers.envoieInvalide);
    } else if (nickname !== undefined && to === undefined) answer(answers.envoieInvalide);
    else {
      this.#host.propose(
        to === undefined ? {type: 'say', user, scope: state, text} : {type: 'tell', user, to, text},
        ({refusal}) => {
          if (refusal === 'decentralised') this.#host.drop('unexpected');
          if (refusal === undefined) answer(answers.ack);
          else if (refusal === 'not-in-same-room' && state === 'public') {
            answer(answers.clientPriveeRecoitUnMessagePublic);
          } else answer(answers.envoieInvalide);
        },
      );
    }
  }

  #list(session: Session, sequence: number, now: number): Uint8Array {
    const users: ListedUser[] = [];
    for (const {id, nickname, room} of this.#host.chat.users()) {
      if (id === session.user) continue;
      users.push({nick: nickname, status: room === undefined ? 'public' : 'room'});
    }
    // A client that asks again has received the former list, or has given it up.
    session.outbox.confirm(session.listed, now, ({kind}) => kind === 'list');
    session.listed = sequence;
    const message = list(users);
    session.outbox.pushAnswerFirst(message, sequence);
    return message.datagram;
  }

  /** Sends the same message to all of them. */
  #tell(to: Iterable<UserId>, message: HubMessage, now: number): void {
    this.sessions.each(to, session => {
      push(session, message, now);
      this.sessions.pump(session, now);
    });
  }

  #callAt({user, isCalled, calledAt, heardAt}: Session): number {
    if (isCalled) return Number.POSITIVE_INFINITY;
    const isInRoom = this.#host.chat.roomOf(user) !== undefined;
    return isInRoom ? calledAt + memberCallMs : heardAt + silenceMs;
  }

  /** A client that does not answer it is removed (R7). */
  #call(session: Session, now: number): void {
    session.isCalled = true;
    session.calledAt = now;
    push(session, rollCall, now);
  }
}
