import {pendingMs} from '../../chat/words.ts';
import {type Endpoint, isSameEndpoint} from '../../transport/endpoint.ts';
import {Arrivals} from '../arrivals.ts';
import {HubLink} from '../datagrams/hub-link.ts';
import {ListSchedule} from '../datagrams/list-schedule.ts';
import {Peers} from '../datagrams/peers.ts';
import {type ReceivedInvitation, ReceivedInvitations} from '../datagrams/received-invitations.ts';
import type {
  DatagramClientEnd,
  DatagramClientHost,
  FailureReason,
  ListedUser,
  Mode,
  RegistrationRefusal,
  Request,
  Statistics,
} from '../protocol.ts';
import {Membership} from './membership.ts';
import {peerCodec, readPeer} from './peer-codec.ts';
import {reliability} from './reliability.ts';
import * as wire from './wire.ts';

/** An F has room for thousands, but nobody reads an error for each of them. */
const inviteesPerMessage = 100;

/** A message to the hub, and what its confirmation means to us. */
type Outgoing = {readonly type: wire.MessageType; readonly datagram: Uint8Array} & (
  | {readonly about: 'registration' | 'invitation' | 'leaving' | 'goodbye'}
  | {readonly about: 'text'; readonly id: number; readonly epoch: number}
  | {readonly about: 'list'; readonly epoch: number; readonly provisional: number | undefined}
  | {readonly about: 'room-list'; readonly epoch: number}
  | {
      readonly about: 'answer';
      readonly invitation: ReceivedInvitation;
      readonly accepted: boolean;
    }
);

/** The client's end of `res302` (docs/protocols/res302.md, "Exchanges"). */
export class Res302Client implements DatagramClientEnd {
  readonly #host: DatagramClientHost;
  readonly #link: HubLink<Outgoing, wire.Message>;
  readonly #invitations = new ReceivedInvitations();
  readonly #peers: Peers;
  readonly #membership: Membership;
  readonly #schedule = new ListSchedule();
  readonly #arrivals: Arrivals;
  #known: ReadonlySet<string> = new Set();

  constructor(host: DatagramClientHost) {
    this.#host = host;
    this.#arrivals = new Arrivals(host);
    this.#link = new HubLink<Outgoing, wire.Message>({
      ...host,
      reliability,
      withSequence: wire.withSequence,
      registration: () => ({type: 'A', about: 'registration', datagram: this.#encode('A')}),
      goodbye: () => ({type: 'I', about: 'goodbye', datagram: this.#encode('I')}),
      connected: now => {
        this.#membership.reconnected(now);
        this.#refresh(now);
      },
      deliver: (message, now) => this.#deliver(message, now),
      missed: () => this.#schedule.soon(),
      abandoned: (outgoing, wasSent) => this.#abandon(outgoing, wasSent),
    });
    this.#peers = new Peers(peerCodec(host.nickname), {
      send: host.send,
      emit: host.emit,
      trace: host.trace,
      statistics: this.#link.statistics,
      suspect: () => this.#askForRoomList(),
      memberLeft: nick => this.#membership.saidGoodbye(nick),
    });
    this.#membership = new Membership(
      {
        nickname: host.nickname,
        emit: host.emit,
        askForRoomList: () => this.#askForRoomList(),
        refreshSoon: () => this.#schedule.soon(),
        sayLeave: mode => this.#sayLeave(mode),
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
      case 'invite':
        this.#invite(request.nicknames, request.mode, now);
        break;
      case 'answer':
        this.#answer(request.from, request.accepted, now);
        break;
      case 'leave':
        this.#membership.leave(now);
        break;
      default:
      // There are neither direct messages nor named rooms here.
    }
    this.#link.pump(now);
  }

  disconnect(now: number): void {
    this.#membership.leave(now);
    this.#schedule.stop();
    this.#link.disconnect(now);
  }

  receive(datagram: Uint8Array, from: Endpoint, now: number): void {
    const decoded = wire.decode(datagram);
    if (!decoded.ok || this.#link.isGone) return;
    const {message} = decoded;
    this.#arrivals.came(message, datagram, now);
    // If one endpoint is hub and peer, somebody has set a trap: it is treated as the hub.
    if (!isSameEndpoint(from, this.#host.hub())) this.#receivePeer(message, from, now);
    else if (message.ack) this.#receiveAnswer(message, now);
    else this.#receiveMessage(message, now);
    this.#link.pump(now);
  }

  onTime(now: number): void {
    this.#link.onTime(now);
    this.#peers.onTime(now);
    if (now >= this.#schedule.dueAt) this.#refresh(now);
    for (const {from} of this.#invitations.takeExpired(now)) {
      this.#host.emit({type: 'invitation-ended', from, reason: 'expired'});
    }
    this.#link.pump(now);
  }

  #say({id, scope, text, only}: Extract<Request, {type: 'say'}>, now: number): void {
    const {mode, others, epoch} = this.#membership;
    if (scope === 'room' && mode === 'decentralised') {
      this.#link.statistics.sent++;
      this.#peers.say(id, text, only ?? others, now);
      return;
    }
    const isThere = (scope === 'room') === (mode !== undefined);
    if (!isThere || !this.#link.isRegistered) {
      this.#fail(id, isThere ? 'not-connected' : 'left-room');
      return;
    }
    this.#link.statistics.sent++;
    const type = scope === 'public' ? 'C' : 'D';
    const datagram = this.#encode(type, {data: wire.encodeText(text)});
    this.#link.push({type, about: 'text', id, epoch, datagram});
  }

  /** @param provisional A public text. Whether it was delivered depends on where the list shows us. */
  #askForList(provisional?: number): void {
    if (!this.#link.isRegistered) return;
    const {epoch} = this.#membership;
    this.#link.push({type: 'E', about: 'list', epoch, provisional, datagram: this.#encode('E')});
  }

  #askForRoomList(): void {
    if (!this.#link.isRegistered) return;
    const {epoch} = this.#membership;
    const datagram = this.#encode('E', {flag: true});
    this.#link.push({type: 'E', about: 'room-list', epoch, datagram});
  }

  #refresh(now: number): void {
    this.#schedule.asked(now);
    this.#askForList();
    if (this.#membership.wantsRoomList) this.#askForRoomList();
  }

  #invite(nicknames: readonly string[], wanted: Mode, now: number): void {
    const mode = this.#membership.invite(nicknames, wanted, now);
    for (let start = 0; start < nicknames.length; start += inviteesPerMessage) {
      const some = nicknames.slice(start, start + inviteesPerMessage);
      const data = wire.encodeNicknames(some);
      const datagram = this.#encode('F', {flag: mode === 'decentralised', data});
      this.#link.push({type: 'F', about: 'invitation', datagram});
      this.#membership.saidInvitation();
    }
  }

  #answer(from: string, accepted: boolean, now: number): void {
    const invitation = this.#invitations.take(from);
    if (invitation === undefined) {
      this.#host.emit({type: 'error', code: 'invitation-over', about: from});
      return;
    }
    if (accepted) {
      this.#membership.leave(now);
      this.#membership.accepting();
    }
    const datagram = this.#encode('G', {ack: true, flag: !accepted});
    const outgoing = {type: 'G', about: 'answer', invitation, accepted, datagram} as const;
    this.#link.pushAnswer(outgoing, invitation.sequence);
  }

  #sayLeave(mode: Mode): void {
    if (!this.#link.isRegistered) return;
    const datagram = this.#encode('H', {flag: mode === 'decentralised'});
    this.#link.push({type: 'H', about: 'leaving', datagram});
  }

  #receivePeer(message: wire.Message, from: Endpoint, now: number): void {
    const said = readPeer(message);
    if (said === undefined || message.nickname !== this.#peers.nickAt(from)) return;
    this.#arrivals.read(message);
    this.#peers.receive(said, from, now);
  }

  #receiveAnswer(message: wire.Message, now: number): void {
    const {type, sequence} = message;
    // The hub repeats it until it is confirmed: our confirmation may have been lost.
    if (type === 'E' && this.#link.isKnown) {
      const confirmation = this.#encode('E', {ack: true, flag: message.flag, sequence});
      this.#host.send(confirmation, this.#host.hub());
    }
    const isMeant = (pending: Outgoing) => pending.type === type;
    const outgoing =
      this.#link.confirm(sequence, now, isMeant) ?? this.#link.confirmLate(sequence, now, isMeant);
    if (outgoing === undefined) return;
    switch (outgoing.about) {
      case 'registration':
        this.#link.registered(now);
        break;
      case 'text':
        this.#confirmText(outgoing, now);
        break;
      case 'list': {
        const users = wire.decodeList(message.data);
        this.#settleProvisional(outgoing, users);
        this.#receiveList(users, outgoing.epoch, now);
        break;
      }
      case 'room-list':
        this.#membership.learnRoomList(wire.decodeList(message.data), outgoing.epoch, now);
        break;
      case 'answer':
        this.#answered(outgoing.invitation, outgoing.accepted, now);
        break;
      case 'leaving':
        this.#membership.leaveConfirmed();
        break;
      case 'goodbye':
        this.#link.end(now);
        break;
      case 'invitation':
        this.#membership.heardInvitation();
        break;
    }
  }

  #confirmText({type, id, epoch}: Outgoing & {readonly about: 'text'}, now: number): void {
    if (type === 'D' && !this.#membership.wasInRoom(epoch)) {
      this.#fail(id, 'left-room');
      return;
    }
    const wasHeard = type === 'D' ? 'yes' : this.#membership.wasPublic(epoch, now);
    if (wasHeard === 'no') this.#fail(id, 'entered-room');
    else if (wasHeard === 'ask' && this.#link.isRegistered) this.#askForList(id);
    else this.#host.emit({type: 'delivered', id});
  }

  #settleProvisional(
    {provisional: id, epoch}: Outgoing & {readonly about: 'list'},
    users: readonly ListedUser[],
  ): void {
    if (id === undefined) return;
    const isInPublic = users.some(
      ({nick, status}) => nick === this.#host.nickname && status === 'public',
    );
    if (isInPublic && epoch === this.#membership.epoch) this.#host.emit({type: 'delivered', id});
    else this.#fail(id, 'entered-room');
  }

  #fail(id: number, reason: FailureReason): void {
    this.#host.emit({type: 'failed', id, reason, pending: []});
  }

  #receiveList(users: readonly ListedUser[], epoch: number, now: number): void {
    this.#schedule.answered(users.length, now);
    this.#known = new Set(users.map(({nick}) => nick));
    this.#host.emit({type: 'users', users});
    this.#membership.learnList(users, epoch, now);
  }

  #answered(invitation: ReceivedInvitation, accepted: boolean, now: number): void {
    const {from} = invitation;
    if (accepted) this.#membership.join(invitation, now);
    else this.#host.emit({type: 'invitation-ended', from, reason: 'declined'});
  }

  #receiveMessage(message: wire.Message, now: number): void {
    const {type, sequence, flag, code} = message;
    if (type === 'B' && flag && refusalOf(code) !== undefined) {
      // It has the number of our A, not a number of the hub.
      if (this.#link.isRegistering) this.#receiveRefusal(message, now);
      return;
    }
    if (type !== 'B' && type !== 'C' && type !== 'D' && type !== 'F' && type !== 'G') return;
    const answer = this.#encode(type, {ack: true, flag, code: type === 'B' ? code : 0});
    this.#link.receive(sequence, message, answer, now);
  }

  /** Carries the number of our A, and ends the registration (R3). */
  #receiveRefusal({sequence, code}: wire.Message, now: number): void {
    const reason = refusalOf(code);
    if (reason === undefined) return;
    const registration = this.#link.confirm(sequence, now, pending => pending.type === 'A');
    if (registration !== undefined) this.#link.refused(reason, now);
  }

  /** Gets the hub's messages in the order in which they were sent. */
  #deliver(message: wire.Message, now: number): void {
    const {type, flag, nickname, data} = message;
    this.#arrivals.read(message);
    switch (type) {
      case 'B':
        if (flag) this.#receiveError(message);
        else this.#receiveNotice(message, now);
        break;
      case 'C':
        this.#receiveText('public', nickname, data);
        break;
      case 'D':
        this.#receiveText('room', nickname, data);
        break;
      case 'F':
        this.#receiveInvitation(message, now);
        break;
      case 'G':
        this.#receiveMember(message, now);
        break;
    }
  }

  #receiveText(scope: 'public' | 'room', from: string, data: Uint8Array): void {
    // Without data the hub asks for a sign of life, and has got it by our confirmation (R9).
    if (data.length === 0 || !wire.isNickname(from)) return;
    if (scope === 'room' && !this.#membership.hears(from)) return;
    if (!this.#known.has(from)) this.#schedule.soon();
    this.#link.statistics.received++;
    this.#host.emit({type: 'message', scope, from, text: wire.decodeText(data)});
  }

  #receiveError({code, nickname}: wire.Message): void {
    const reason = (['no-such-user', 'already-in-room'] as const).find(
      candidate => wire.errors[candidate] === code,
    );
    if (reason === undefined) return;
    this.#membership.notInvited(nickname);
    this.#host.emit({type: 'error', code: reason, about: nickname});
  }

  #receiveNotice({code, nickname}: wire.Message, now: number): void {
    const {notices} = wire;
    this.#schedule.soon();
    if (code === notices.closed) this.#membership.closed(now);
    else if (!wire.isNickname(nickname)) return;
    else if (code === notices.declined) this.#membership.declined(nickname);
    else if (code === notices.accepted) this.#membership.accepted(nickname);
    else if (code === notices.left) this.#membership.left(nickname);
  }

  #receiveInvitation({nickname, flag, sequence}: wire.Message, now: number): void {
    if (!wire.isNickname(nickname)) return;
    const mode = flag ? 'decentralised' : 'centralised';
    const expiresAt = now + pendingMs;
    const dropped = this.#invitations.add({from: nickname, mode, sequence, expiresAt});
    if (dropped !== undefined) {
      this.#host.emit({type: 'invitation-ended', from: dropped.from, reason: 'expired'});
    }
    this.#host.emit({type: 'invitation', from: nickname, mode});
  }

  #receiveMember({nickname, data}: wire.Message, now: number): void {
    const endpoint = wire.decodeEndpoint(data);
    if (!wire.isNickname(nickname) || endpoint === undefined) return;
    this.#membership.introduced(nickname, endpoint, now);
    this.#schedule.soon();
  }

  #abandon(outgoing: Outgoing, wasSent: boolean): void {
    if (outgoing.about === 'text') {
      this.#fail(outgoing.id, wasSent ? 'hub-silent' : 'not-connected');
    } else if (outgoing.about === 'list' && outgoing.provisional !== undefined) {
      this.#fail(outgoing.provisional, 'hub-silent');
    } else if (outgoing.about === 'invitation') {
      this.#membership.heardInvitation();
    } else if (outgoing.about === 'answer') {
      if (outgoing.accepted) this.#membership.acceptanceLost();
      // It can be answered again: the hub may still wait for the answer.
      this.#invitations.add(outgoing.invitation);
      this.#host.emit({type: 'error', code: 'no-answer', about: outgoing.invitation.from});
    }
  }

  #encode(type: wire.MessageType, fields: Partial<Omit<wire.Message, 'type'>> = {}): Uint8Array {
    return wire.encode(wire.message(type, {nickname: this.#host.nickname, ...fields}));
  }
}

function refusalOf(code: number): RegistrationRefusal | undefined {
  return (['name-in-use', 'name-invalid', 'hub-full'] as const).find(
    refusal => wire.errors[refusal] === code,
  );
}
