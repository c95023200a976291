import type {ChatEvent} from '../../../chat/events.ts';
import type {RegistrationRefusal} from '../../../chat/refusals.ts';
import type {UserId} from '../../../chat/words.ts';
import type {Endpoint} from '../../../transport/endpoint.ts';
import {Inbox} from '../../../transport/inbox.ts';
import {horizonMs} from '../../../transport/reliability.ts';
import {SessionsEnd} from '../../datagrams/hub-end.ts';
import {createSession, Sessions} from '../../datagrams/sessions.ts';
import {Numbers} from '../../numbers.ts';
import type {DatagramHubEnd, DatagramHubHost} from '../../protocol.ts';
import {reliability} from '../reliability.ts';
import {hubUserId, type Message, maximumUsers, type UnknownMessage} from '../wire/messages.ts';
import {maximumTextBytes} from '../wire/text.ts';
import * as wire from '../wire.ts';
import {HubLists} from './lists.ts';
import {
  type Answer,
  closing,
  departed,
  error,
  type HubMessage,
  header,
  notice,
  refused,
  relayedText,
} from './messages.ts';
import {HubRooms} from './rooms.ts';
import type {Session} from './session.ts';

/** A user who is silent for this time is gone: two keep-alives are missing. */
const silenceMs = 100_000;

/** A request of a client, with a number of its own. */
type ClientRequest = Extract<
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
      | 'quitter';
  }
>;

/** The hub's end of `messagerie` (docs/protocols/messagerie.md, "Exchanges"). */
export class MessagerieHub extends SessionsEnd<HubMessage, Session> implements DatagramHubEnd {
  readonly #host: DatagramHubHost;
  protected readonly sessions: Sessions<HubMessage, Session>;
  readonly #numbers = new Numbers(maximumUsers);
  readonly #rooms: HubRooms;
  readonly #lists: HubLists;

  constructor(host: DatagramHubHost) {
    super();
    this.#host = host;
    this.#lists = new HubLists(host);
    this.sessions = new Sessions({
      ...host,
      reliability,
      withSequence: wire.withSequence,
      attendAt: ({heardAt}) => heardAt + silenceMs,
      attend: session => this.sessions.forget(session, 'silent'),
      forgotten: ({number}) => this.#numbers.giveBack(number),
    });
    this.#rooms = new HubRooms(host, this.sessions);
  }

  receive(datagram: Uint8Array, from: Endpoint, now: number): void {
    const decoded = wire.decode(datagram);
    if (!decoded.ok) {
      this.#host.drop('malformed');
      return;
    }
    const {message} = decoded;
    const session = this.sessions.at(from);
    if (message.type === 'connexion' && message.name !== undefined) {
      this.#connect(message.name, message.sequence, from, now);
    } else if (session?.number === message.userId && message.type === 'deconnexion') {
      this.sessions.leave(session, {datagram, sequence: message.sequence}, departed, now);
    } else if (session?.number === message.userId) {
      session.heardAt = now;
      this.#serve(session, message, now);
      this.sessions.pump(session, now);
    } else if (session === undefined && this.sessions.answerGoodbye(datagram, from, now)) {
      // A copy of the goodbye of a client that is gone.
    } else if (this.#numbers.isTaken(message.userId)) {
      this.#host.drop('impostor');
    } else if (message.type === 'connexion') {
      const status = 'unknown';
      this.#reply({type: 'reponseConnexion', ...header, status}, message.sequence, from);
    } else {
      this.#host.drop('unregistered');
    }
  }

  deliver(event: ChatEvent, to: readonly UserId[], now: number): void {
    switch (event.type) {
      case 'said': {
        // Users of other protocols have no number here: their texts come from the hub, with their names.
        const author = this.sessions.get(event.user)?.number ?? hubUserId;
        const message = relayedText(author, {author: event.nickname, text: event.text});
        this.sessions.push(to, message, now);
        break;
      }
      case 'invited':
        this.sessions.each(to, session => {
          this.#rooms.pushInvitation(session, event);
          this.sessions.pump(session, now);
        });
        break;
      case 'invitation-ended':
        this.sessions.each(to, ({invitationNumbers}) => invitationNumbers.end(event.invitation));
        break;
      case 'invitation-declined':
        this.sessions.push(to, notice({name: event.nickname, event: 'declined'}), now);
        break;
      case 'member-joined':
      case 'member-left':
        if (event.mode === 'decentralised') this.#rooms.pushRoster(event.room, to, now);
        else {
          const what = event.type === 'member-joined' ? 'joined' : 'left';
          this.sessions.push(to, notice({name: event.nickname, event: what}), now);
        }
        break;
      case 'room-closed':
        for (const session of this.sessions.of(to)) {
          session.closingUnconfirmedUntil = now + horizonMs(reliability);
        }
        this.sessions.push(to, closing, now);
        break;
      default:
      // A client that enters has its answer. Clients ask for arrivals. There are no direct messages and no links.
    }
  }

  /**
   * The protocol has no word for a hub that ends. The members of centralised rooms are told that their room is closed; a
   * decentralised room continues without a hub.
   */
  close(now: number): void {
    this.sessions.push(this.sessions.inCentralisedRooms(), closing, now);
  }

  #connect(nickname: string, sequence: number, from: Endpoint, now: number): void {
    const known = this.sessions.at(from);
    if (known !== undefined) {
      if (known.nickname === nickname) this.#confirmRegistration(known, sequence, now);
      else this.#host.drop('impostor');
      return;
    }
    this.sessions.register(nickname, from, ({user, refusal}, at) => {
      if (user === undefined) {
        const status = refusal as RegistrationRefusal;
        this.#reply({type: 'reponseConnexion', ...header, status, id: 0}, sequence, from);
        this.#host.log.refused(nickname, from, status);
        return;
      }
      const session: Session = {
        ...createSession<HubMessage>({user, nickname, endpoint: from}, reliability, at),
        number: this.#numbers.take(),
        invitationAnswers: new Inbox(reliability),
        closingUnconfirmedUntil: Number.NEGATIVE_INFINITY,
      };
      this.sessions.add(session);
      this.#confirmRegistration(session, sequence, at);
    });
  }

  #confirmRegistration(session: Session, sequence: number, now: number): void {
    session.heardAt = now;
    const {number: id, endpoint} = session;
    const answer = {type: 'reponseConnexion', ...header, status: 'registered', id} as const;
    this.#reply(answer, sequence, endpoint);
    this.sessions.pump(session, now);
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
        this.#answerOnce(session, session.inbox, sequence, now, answer =>
          this.#carryOut(session, message, now, answer),
        );
        break;
      case 'reponseMessageriePrivee':
        this.#answerOnce(session, session.invitationAnswers, sequence, now, answer =>
          this.#rooms.decide(session, sequence, message.accepted, answer),
        );
        // A client that answers has received it, whether it has confirmed it or not (R6).
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

  /**
   * Serves a request once. A copy gets the same answer and has no other effect. A copy that comes before the answer gets
   * nothing: the client will repeat it.
   */
  #answerOnce(
    session: Session,
    inbox: Inbox<Uint8Array>,
    sequence: number,
    now: number,
    serve: (answer: Answer) => void,
  ): void {
    const receipt = inbox.receive(sequence, now);
    if (receipt.isDuplicate) {
      if (receipt.answer !== undefined) this.sessions.answer(session, receipt.answer, sequence);
      return;
    }
    serve(made => {
      const datagram = made instanceof Uint8Array ? made : wire.encode(made);
      inbox.answer(sequence, datagram);
      this.sessions.answer(session, datagram, sequence);
    });
  }

  #carryOut(session: Session, request: ClientRequest, now: number, answer: Answer): void {
    switch (request.type) {
      case 'creerMessageriePrivee':
        this.#rooms.create(session, request, answer);
        break;
      case 'demanderListeMessagerie':
        answer(this.#lists.rooms());
        break;
      case 'demandeAcces':
      case 'changerMessagerie':
        this.#rooms.enter(session, request, answer);
        break;
      case 'demanderListeClient':
        answer(this.#lists.clients(request.room, session));
        break;
      case 'inviter':
        this.#rooms.invite(session, request.name, now, answer);
        break;
      case 'texte':
        this.#say(session, request.text, now, answer);
        break;
      case 'quitter':
        this.#heardOfClosing(session);
        this.#host.propose({type: 'leave-room', user: session.user}, ({refusal}) =>
          answer({type: 'reponseQuitter', ...header, done: refusal === undefined}),
        );
        break;
    }
  }

  /**
   * A text names no room: it is said in the place of its author. If the author's room was closed and they have not
   * confirmed that, they may have written for the room. Then nobody gets the text.
   */
  #say({user, closingUnconfirmedUntil}: Session, text: string, now: number, answer: Answer): void {
    const received = {type: 'reponseTexte', ...header} as const;
    const scope = this.#host.chat.roomOf(user) === undefined ? 'public' : 'room';
    // Counted after decoding, because invalid UTF-8 becomes longer.
    if (Buffer.byteLength(text) > maximumTextBytes) {
      this.#host.drop('too-long');
      answer(received);
    } else if (scope === 'public' && now < closingUnconfirmedUntil) {
      answer(error('room-closed'));
    } else {
      this.#host.propose({type: 'say', user, scope, text}, ({refusal}) => {
        if (refusal !== undefined) this.#host.drop('unexpected');
        answer(refusal === undefined ? received : refused(refusal));
      });
    }
  }

  #heardOfClosing(session: Session): void {
    session.closingUnconfirmedUntil = Number.NEGATIVE_INFINITY;
  }

  #reply(message: Message, sequence: number, to: Endpoint): void {
    this.#host.send(wire.encode({...message, sequence}), to);
  }
}
