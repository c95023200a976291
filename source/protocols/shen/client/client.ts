import {pendingMs} from '../../../chat/words.ts';
import {type Endpoint, isSameEndpoint} from '../../../transport/endpoint.ts';
import {Arrivals} from '../../arrivals.ts';
import {HubLink} from '../../datagrams/hub-link.ts';
import {ListSchedule} from '../../datagrams/list-schedule.ts';
import {Peers} from '../../datagrams/peers.ts';
import {ReceivedInvitations} from '../../datagrams/received-invitations.ts';
import type {
  DatagramClientEnd,
  DatagramClientHost,
  ListedUser,
  Mode,
  Request,
  Statistics,
  UserStatus,
} from '../../protocol.ts';
import {peerCodec, readPeer} from '../peer-codec.ts';
import {reliability} from '../reliability.ts';
import {invitationRequest, isName, readInviter, readRoster} from '../wire/text.ts';
import * as wire from '../wire.ts';
import {AmbiguousNumbers} from './ambiguous-numbers.ts';
import {Membership} from './membership.ts';
import {
  ack,
  encode,
  encodeIn,
  isAnsweredBy,
  listRequest,
  numbered,
  type Outgoing,
} from './messages.ts';
import {RoomCheck} from './room-check.ts';
import {SentInvitations} from './sent-invitations.ts';
import {Texts} from './texts.ts';

/** The client's end of `shen` (docs/protocols/shen.md, "Exchanges"). */
export class ShenClient implements DatagramClientEnd {
  readonly #host: DatagramClientHost;
  readonly #link: HubLink<Outgoing, wire.Message>;
  readonly #received = new ReceivedInvitations();
  readonly #peers: Peers;
  readonly #membership: Membership;
  readonly #schedule = new ListSchedule();
  readonly #arrivals: Arrivals;
  readonly #texts: Texts;
  readonly #invitations: SentInvitations;
  readonly #roomCheck: RoomCheck;
  readonly #ambiguous = new AmbiguousNumbers();

  constructor(host: DatagramClientHost) {
    this.#host = host;
    this.#arrivals = new Arrivals(host);
    this.#link = new HubLink<Outgoing, wire.Message>({
      ...host,
      reliability,
      withSequence: wire.withSequence,
      registration: () => ({about: 'registration', datagram: encode('connexion', host.nickname)}),
      goodbye: () => ({about: 'goodbye', datagram: encode('deconnexion', host.nickname)}),
      connected: now => this.#connected(now),
      arrived: message => this.#arrived(message),
      deliver: (message, now) => this.#deliver(message, now),
      missed: () => this.#schedule.soon(),
      abandoned: (outgoing, wasSent, now) => this.#abandon(outgoing, wasSent, now),
    });
    this.#roomCheck = new RoomCheck({
      ask: now => this.#askAboutRoom(now),
      deliver: (message, now) => this.#deliver(message, now),
    });
    this.#peers = new Peers(peerCodec, {
      send: host.send,
      emit: host.emit,
      trace: host.trace,
      statistics: this.#link.statistics,
      suspect: () => this.#roomCheck.suspect(),
      memberLeft: nick => this.#membership.saidGoodbye(nick),
    });
    this.#membership = new Membership(
      {
        ...host,
        refreshSoon: () => this.#schedule.soon(),
        sayLeave: now => this.#sayLeave(now),
        isSayingLeave: () => this.#isSayingLeave,
      },
      this.#peers,
    );
    this.#texts = new Texts({
      ...host,
      link: this.#link,
      peers: this.#peers,
      membership: this.#membership,
      push: (outgoing, now) => this.#push(outgoing, now),
      refreshSoon: () => this.#schedule.soon(),
    });
    this.#invitations = new SentInvitations(host.emit, this.#membership);
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
      this.#received.dueAt,
      this.#membership.dueAt,
    );
  }

  connect(now: number): void {
    this.#link.connect(now);
  }

  request(request: Request, now: number): void {
    switch (request.type) {
      case 'say':
        this.#texts.say(request, now);
        break;
      case 'tell':
        this.#texts.tell(request, now);
        break;
      case 'list':
        this.#askForList(now);
        break;
      case 'invite':
        this.#invite(request.nicknames, request.mode, now);
        break;
      case 'answer':
        this.#answer(request.from, request.accepted, now);
        break;
      case 'leave':
        this.#leave(now);
        break;
      default:
      // There are no named rooms here.
    }
    this.#pump(now);
  }

  disconnect(now: number): void {
    this.#leave(now);
    this.#schedule.stop();
    this.#skipNumbers(now);
    this.#link.disconnect(now);
  }

  receive(datagram: Uint8Array, from: Endpoint, now: number): void {
    const decoded = wire.decode(datagram);
    if (!decoded.ok || this.#link.isGone) return;
    const {message} = decoded;
    this.#arrivals.came(message, datagram, now);
    // If one endpoint is hub and peer, somebody has set a trap: it is treated as the hub.
    if (isSameEndpoint(from, this.#host.hub())) {
      this.#receiveFromHub(message, now);
    } else {
      const said = readPeer(message, this.#host.nickname);
      this.#arrivals.read(message);
      if (said !== undefined) this.#peers.receive(said, from, now);
    }
    this.#pump(now);
  }

  onTime(now: number): void {
    this.#link.onTime(now);
    this.#peers.onTime(now);
    this.#membership.onTime(now);
    if (now >= this.#schedule.dueAt) this.#refresh(now);
    for (const {from} of this.#received.takeExpired(now)) {
      this.#host.emit({type: 'invitation-ended', from, reason: 'expired'});
    }
    this.#pump(now);
  }

  /** We are registered. Perhaps the hub has known us and our room all the time. */
  #connected(now: number): void {
    const {mode, isLeaving} = this.#membership;
    if (mode !== undefined || isLeaving) this.#roomCheck.ask(now);
    this.#refresh(now);
  }

  /** Asks with a text to ourselves. */
  #askAboutRoom(now: number): boolean {
    if (!this.#link.isRegistered) return false;
    const datagram = this.#texts.encode('room', '', this.#host.nickname);
    this.#push({about: 'room', place: this.#membership.place, datagram}, now);
    return true;
  }

  #roomChecked(isThere: boolean, place: number, now: number): void {
    if (!isThere) this.#membership.ended(place, 'disconnected', now);
    else this.#repeatLeave(now);
    this.#roomCheck.end(now);
  }

  /** Sends what is due. Every call ends with it. */
  #pump(now: number): void {
    this.#roomCheck.askIfSuspected(this.#membership.mode !== undefined, now);
    this.#link.pump(now);
    if (!this.#link.isHeard) this.#roomCheck.end(now);
  }

  #refresh(now: number): void {
    this.#schedule.asked(now);
    this.#askForList(now);
  }

  #askForList(now: number): void {
    if (this.#link.isRegistered) this.#push(listRequest, now);
  }

  #invite(nicknames: readonly string[], wanted: Mode, now: number): void {
    if (!this.#link.isRegistered) return;
    if (this.#invitations.add(nicknames, wanted)) this.#pushInvitation(now);
  }

  /** Sends the first invitation that waits, if any. */
  #pushInvitation(now: number): void {
    const {first} = this.#invitations;
    if (first === undefined || !this.#link.isRegistered) return;
    const request = invitationRequest(this.#host.nickname, first.invitees);
    const datagram = encodeIn('public', first.mode, 'invitation', request);
    this.#push({about: 'invitation', datagram}, now);
  }

  #answer(from: string, accepted: boolean, now: number): void {
    const invitation = this.#received.take(from);
    if (invitation === undefined) {
      this.#host.emit({type: 'error', code: 'invitation-over', about: from});
      return;
    }
    if (accepted) {
      this.#leave(now);
      this.#repeatLeave(now);
      this.#membership.accept(invitation);
    }
    const datagram = encode(accepted ? 'accepter' : 'refuser');
    this.#ambiguous.answered(invitation.sequence, now);
    this.#link.pushAnswer({about: 'answer', invitation, accepted, datagram}, invitation.sequence);
  }

  #leave(now: number): void {
    if (this.#membership.leave(now)) this.#sayLeave(now);
  }

  #sayLeave(now: number): void {
    if (!this.#link.isRegistered) return;
    this.#push({about: 'leaving', datagram: encode('quitter')}, now);
  }

  /**
   * Tells the hub once more that we leave, if the connection was lost before it confirmed that. A second 0x07 behind one
   * that will still arrive, or behind an acceptance, would take us out of the room that we enter next.
   */
  #repeatLeave(now: number): void {
    if (this.#membership.isLeaving && !this.#isSayingLeave) this.#sayLeave(now);
  }

  get #isSayingLeave(): boolean {
    return this.#link.holds(({about}) => about === 'leaving');
  }

  /** Every message with a number of ours goes through here. */
  #push(outgoing: Outgoing, now: number): void {
    this.#skipNumbers(now, isAnsweredBy(outgoing, 'envoieInvalide'));
    this.#link.push(outgoing);
  }

  /**
   * Skips ambiguous numbers by using them for requests for the list: the answer to those cannot be mistaken for anything
   * else.
   */
  #skipNumbers(now: number, mayBeUnknown = false): void {
    for (;;) {
      const {isRegistered, nextSequence} = this.#link;
      const isHubsNext = mayBeUnknown && this.#link.isComing(nextSequence);
      if (!isRegistered || !this.#ambiguous.has(nextSequence, isHubsNext, now)) return;
      this.#link.push(listRequest);
    }
  }

  #receiveFromHub(message: wire.Message, now: number): void {
    const {type, sequence} = message;
    // The hub repeats it until it is confirmed: our confirmation may have been lost.
    if (type === 'liste' && this.#link.isHeard) {
      this.#host.send(wire.withSequence(ack, sequence), this.#host.hub());
    }
    const outgoing = this.#link.confirm(sequence, now, pending => isAnsweredBy(pending, type));
    // Late, nothing but a yes is news: what a no would say of where we are is long over.
    const late =
      outgoing === undefined && type === 'ack'
        ? this.#link.confirmLate(sequence, now, pending => isAnsweredBy(pending, type))
        : undefined;
    if (outgoing !== undefined) this.#answeredBy(message, outgoing, now);
    else if (late?.about === 'text') this.#texts.answered(type, late, now);
    else if (type === 'envoieInvalide' && this.#ambiguous.wasRefused(sequence, now)) return;
    else if (numbered.has(type)) this.#link.receive(sequence, message, ack, now);
  }

  /** Told of messages before their turn. Those before the roll call were said in the room that we have left. */
  #arrived({type, sequence}: wire.Message): void {
    if (type !== 'compter') return;
    // A roll call that comes before the hub has been told of our leaving has nothing to do with it.
    const isTold = this.#link.isUnderWay(({about}) => about === 'leaving');
    if (isTold || !this.#membership.isLeaving) this.#membership.rollCalled(sequence);
  }

  #answeredBy(message: wire.Message, outgoing: Outgoing, now: number): void {
    const {type} = message;
    if (type === 'envoieInvalide') this.#ambiguous.refused(message.sequence, now);
    switch (outgoing.about) {
      case 'registration':
        if (type === 'ack') this.#link.registered(now);
        else this.#link.refused(type === 'tropDeClients' ? 'hub-full' : 'name-in-use', now);
        break;
      case 'text':
        this.#texts.answered(type, outgoing, now);
        break;
      case 'room':
        this.#roomChecked(type !== 'messagerieSeTermine', outgoing.place, now);
        break;
      case 'list':
        if (message.type === 'liste') this.#receiveList(message.users, now);
        if (outgoing.unsent !== undefined) this.#texts.explain(outgoing.unsent);
        break;
      case 'invitation':
        if (type === 'offrirDeuxModes') this.#chooseMode(now);
        else {
          this.#invitations.refused(type);
          this.#pushInvitation(now);
        }
        break;
      case 'mode':
        if (type === 'ack') this.#invitations.done();
        else this.#invitations.refused(type);
        this.#pushInvitation(now);
        break;
      case 'answer':
        this.#ambiguous.answered(message.sequence, now);
        this.#answerAnswered(type, outgoing, now);
        break;
      case 'leaving':
        this.#membership.leaveConfirmed(this.#link.newest, now);
        break;
      case 'goodbye':
        this.#link.end(now);
        break;
    }
  }

  /** The hub's list does not contain us; we show ourselves first. */
  #receiveList(listed: readonly ListedUser[], now: number): void {
    const {nickname: nick, emit} = this.#host;
    const others = listed.filter(other => other.nick !== nick);
    const status: UserStatus = this.#membership.mode === undefined ? 'public' : 'room';
    const users = [{nick, status}, ...others];
    this.#schedule.answered(users.length, now);
    this.#texts.learnList(others);
    emit({type: 'users', users});
    this.#invitations.learnList(users);
  }

  #chooseMode(now: number): void {
    const {first} = this.#invitations;
    if (first === undefined) return;
    this.#invitations.asked();
    if (first.invitees.length > 1) this.#ambiguous.expectUnknown(now);
    const datagram = encodeIn('public', first.mode, 'choisirLeMode');
    this.#push({about: 'mode', datagram}, now);
  }

  #answerAnswered(
    type: wire.MessageType,
    {accepted, invitation: {from}}: Outgoing & {readonly about: 'answer'},
    now: number,
  ): void {
    if (!accepted) this.#host.emit({type: 'invitation-ended', from, reason: 'declined'});
    else if (type === 'ack') this.#membership.accepted(now);
    else {
      this.#membership.notAccepted();
      if (type === 'tropDeClients') {
        this.#host.emit({type: 'error', code: 'room-full', about: from});
      }
    }
  }

  /** Gets the hub's messages in the order in which they were sent. */
  #deliver(message: wire.Message, now: number): void {
    if (message.type === 'liste' || this.#roomCheck.keeps(message)) return;
    const {type, sequence, parts} = message;
    this.#arrivals.read(message);
    switch (type) {
      case 'diffusion':
        this.#texts.receive(sequence, parts, now);
        break;
      case 'invitation':
        this.#receiveInvitation(message, now);
        break;
      case 'refuser': {
        const [nick = ''] = parts;
        if (isName(nick)) this.#membership.declined(nick);
        break;
      }
      case 'invitationValide':
        this.#membership.learn(readRoster(parts), sequence, now);
        break;
      case 'fermer':
        this.#membership.ended(this.#membership.place, 'closed', now);
        break;
      case 'envoieInvalide':
        if (this.#invitations.hearUnknown(parts[1])) this.#askForList(now);
        break;
    }
  }

  #receiveInvitation(message: wire.Message & {readonly type: wire.StateType}, now: number): void {
    const {sequence, mode, parts} = message;
    const from = readInviter(parts[0] ?? '');
    if (from === undefined) return;
    const dropped = this.#received.add({from, mode, sequence, expiresAt: now + pendingMs});
    if (dropped !== undefined) {
      this.#host.emit({type: 'invitation-ended', from: dropped.from, reason: 'expired'});
    }
    this.#host.emit({type: 'invitation', from, mode});
  }

  #abandon(outgoing: Outgoing, wasSent: boolean, now: number): void {
    // The hub may still answer the one that was under way.
    const {modulus} = reliability;
    this.#ambiguous.refused((this.#link.nextSequence + modulus - 1) % modulus, now);
    if (outgoing.about === 'text') this.#texts.abandoned(outgoing, wasSent);
    else if (outgoing.about === 'list') {
      if (outgoing.unsent !== undefined) this.#texts.abandoned(outgoing.unsent, false);
    } else if (outgoing.about === 'invitation' || outgoing.about === 'mode') {
      this.#invitations.clear();
    } else if (outgoing.about === 'answer') {
      if (outgoing.accepted) this.#membership.acceptanceLost();
      // It can be answered again: the hub may still wait for the answer.
      this.#received.add(outgoing.invitation);
      this.#host.emit({type: 'error', code: 'no-answer', about: outgoing.invitation.from});
    }
  }
}
