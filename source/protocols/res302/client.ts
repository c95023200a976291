import {type Endpoint, endpointKey} from '../../transport/endpoint.ts';
import {Inbox} from '../../transport/inbox.ts';
import {Outbox} from '../../transport/outbox.ts';
import {clientWindow} from '../../transport/reliability.ts';
import {Reorder} from '../../transport/reorder.ts';
import type {
  ClientEnd,
  ClientHost,
  FailureReason,
  ListedUser,
  Mode,
  Request,
  Statistics,
} from '../protocol.ts';
import {type Invitation, Invitations} from './invitations.ts';
import {Membership, pendingMs} from './membership.ts';
import {Peers} from './peers.ts';
import {reliability} from './reliability.ts';
import * as wire from './wire.ts';

/** Nobody tells who comes and goes, so the list is asked for that often, */
const refreshMs = 5000;
/** and less often where it is long: 2,000 users make 30 kB. */
const refreshMsPerUser = 50;
/** Somebody unknown speaks: ask again, but not for each of their texts. */
const minimumRefreshMs = 1000;

/** An F has room for thousands; nobody reads an error for each of them. */
const inviteesPerMessage = 100;

/** What is said to the hub, and what its confirmation means to us. */
type Outgoing = {readonly type: wire.MessageType; readonly datagram: Uint8Array} & (
  | {readonly about: 'registration' | 'invitation' | 'leaving' | 'goodbye'}
  | {readonly about: 'text'; readonly id: number; readonly epoch: number}
  | {readonly about: 'list'; readonly epoch: number; readonly provisional: number | undefined}
  | {readonly about: 'room-list'; readonly epoch: number}
  | {readonly about: 'answer'; readonly invitation: Invitation; readonly accepted: boolean}
);

/** The client's end of `res302` (docs/protocols/res302.md, "Exchanges"). */
export class Res302Client implements ClientEnd {
  readonly #host: ClientHost;
  readonly #hubKey: string;
  readonly #outbox = new Outbox<Outgoing>(reliability, clientWindow);
  readonly #inbox = new Inbox<Uint8Array>(reliability);
  readonly #reorder = new Reorder<wire.Message>(reliability);
  readonly #invitations = new Invitations();
  readonly #statistics = {
    sent: 0,
    received: 0,
    retransmissions: 0,
    roundTripMs: undefined as number | undefined,
  };
  readonly #peers: Peers;
  readonly #membership: Membership;
  #state: 'new' | 'registering' | 'registered' | 'lost' | 'leaving' | 'gone' = 'new';
  /** When to say A: not before what a former registration may still have under way has died out. */
  #registerAt = Number.POSITIVE_INFINITY;
  #acceptedAt = Number.NEGATIVE_INFINITY;
  #known: ReadonlySet<string> = new Set();
  #refreshedAt = 0;
  #refreshAt = Number.POSITIVE_INFINITY;

  constructor(host: ClientHost) {
    this.#host = host;
    this.#hubKey = endpointKey(host.hub);
    this.#peers = new Peers({
      nickname: host.nickname,
      send: host.send,
      emit: event => {
        if (event.type === 'message') this.#statistics.received++;
        host.emit(event);
      },
      countRetransmission: () => this.#statistics.retransmissions++,
      suspect: () => this.#askForRoomList(),
      memberLeft: nick => this.#membership.saidGoodbye(nick),
    });
    this.#membership = new Membership(
      {
        nickname: host.nickname,
        emit: host.emit,
        askForRoomList: () => this.#askForRoomList(),
        refreshSoon: () => this.#refreshSoon(),
        sayLeave: mode => this.#sayLeave(mode),
      },
      this.#peers,
    );
  }

  /** Registered before, and perhaps still, for all that the hub knows. */
  get #isLost(): boolean {
    const wasRegistered = this.#acceptedAt !== Number.NEGATIVE_INFINITY;
    return wasRegistered && (this.#state === 'lost' || this.#state === 'registering');
  }

  get #isRegistered(): boolean {
    return this.#state === 'registered' || this.#state === 'leaving';
  }

  get statistics(): Statistics {
    return {...this.#statistics};
  }

  get dueAt(): number {
    if (this.#state === 'gone') return Number.POSITIVE_INFINITY;
    return Math.min(
      this.#outbox.dueAt,
      this.#reorder.dueAt,
      this.#peers.dueAt,
      this.#refreshAt,
      this.#registerAt,
      this.#invitations.dueAt,
    );
  }

  connect(now: number): void {
    this.#state = 'registering';
    this.#registerAt = Math.max(now, this.#acceptedAt + reliability.memoryMs);
    this.onTime(now);
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
    }
    this.#pump(now);
  }

  disconnect(now: number): void {
    if (this.#state === 'new') {
      this.#end();
      return;
    }
    this.#membership.leave(now);
    const datagram = this.#encode('I');
    if (this.#state === 'registered') {
      this.#state = 'leaving';
      this.#refreshAt = Number.POSITIVE_INFINITY;
      this.#outbox.push({type: 'I', about: 'goodbye', datagram});
      this.#pump(now);
    } else {
      // It may have us registered and be out of reach: one word for the case that it hears it.
      // Under a number it has not heard: 0 would be a copy of our A.
      const goodbye = wire.withSequence(datagram, this.#outbox.nextSequence);
      this.#host.send(goodbye, this.#host.hub);
      this.#end();
    }
  }

  receive(datagram: Uint8Array, from: Endpoint, now: number): void {
    const decoded = wire.decode(datagram);
    if (!decoded.ok || this.#state === 'gone') return;
    const {message} = decoded;
    // One endpoint may be hub and peer only if somebody has set a trap: it is the hub then.
    if (endpointKey(from) !== this.#hubKey) this.#peers.receive(message, from, now);
    else if (message.ack) this.#receiveAnswer(message, now);
    else this.#receiveMessage(message, now);
    this.#pump(now);
  }

  onTime(now: number): void {
    const overdue = this.#reorder.onTime(now);
    for (const message of overdue) this.#deliver(message, now);
    // The hub has given up what is missing, and perhaps us: asking for the list tells.
    if (overdue.length > 0) this.#refreshSoon();
    this.#peers.onTime(now);
    if (now >= this.#registerAt) {
      this.#registerAt = Number.POSITIVE_INFINITY;
      this.#outbox.push({type: 'A', about: 'registration', datagram: this.#encode('A')});
    }
    if (now >= this.#refreshAt) this.#refresh(now);
    for (const {from} of this.#invitations.takeExpired(now)) {
      this.#host.emit({type: 'invitation-ended', from, reason: 'expired'});
    }
    this.#pump(now);
  }

  #say({id, scope, text, only}: Extract<Request, {type: 'say'}>, now: number): void {
    const {mode, others, epoch} = this.#membership;
    if (scope === 'room' && mode === 'decentralised') {
      this.#statistics.sent++;
      this.#peers.say(id, text, only ?? others, now);
      return;
    }
    const isThere = (scope === 'room') === (mode !== undefined);
    if (!isThere || this.#state !== 'registered') {
      this.#fail(id, isThere ? 'not-connected' : 'left-room');
      return;
    }
    this.#statistics.sent++;
    const type = scope === 'public' ? 'C' : 'D';
    const datagram = this.#encode(type, {data: wire.encodeText(text)});
    this.#outbox.push({type, about: 'text', id, epoch, datagram});
  }

  /** @param provisional A public text whose delivery depends on where the list shows us. */
  #askForList(provisional?: number): void {
    if (this.#state !== 'registered') return;
    const {epoch} = this.#membership;
    this.#outbox.push({type: 'E', about: 'list', epoch, provisional, datagram: this.#encode('E')});
  }

  #askForRoomList(): void {
    if (this.#state !== 'registered') return;
    const {epoch} = this.#membership;
    const datagram = this.#encode('E', {flag: true});
    this.#outbox.push({type: 'E', about: 'room-list', epoch, datagram});
  }

  /** Asks again at most once in a while, whatever the reason. */
  #refreshSoon(): void {
    this.#refreshAt = Math.min(this.#refreshAt, this.#refreshedAt + minimumRefreshMs);
  }

  #refresh(now: number): void {
    // The answer sets the next time. Where there is none, the hub is lost, and connecting again asks.
    this.#refreshAt = Number.POSITIVE_INFINITY;
    this.#refreshedAt = now;
    this.#askForList();
    if (this.#membership.wantsRoomList) this.#askForRoomList();
  }

  #invite(nicknames: readonly string[], wanted: Mode, now: number): void {
    const mode = this.#membership.invite(nicknames, wanted, now);
    for (let start = 0; start < nicknames.length; start += inviteesPerMessage) {
      const some = nicknames.slice(start, start + inviteesPerMessage);
      const data = wire.encodeNicknames(some);
      const datagram = this.#encode('F', {flag: mode === 'decentralised', data});
      this.#outbox.push({type: 'F', about: 'invitation', datagram});
    }
  }

  #answer(from: string, accepted: boolean, now: number): void {
    const invitation = this.#invitations.take(from);
    if (invitation === undefined) {
      this.#host.emit({type: 'error', code: 'invitation-over', nick: from});
      return;
    }
    if (accepted) this.#membership.leave(now);
    const datagram = this.#encode('G', {ack: true, flag: !accepted});
    const outgoing = {type: 'G', about: 'answer', invitation, accepted, datagram} as const;
    this.#outbox.pushAnswer(outgoing, invitation.sequence);
  }

  #sayLeave(mode: Mode): void {
    if (this.#state !== 'registered') return;
    const datagram = this.#encode('H', {flag: mode === 'decentralised'});
    this.#outbox.push({type: 'H', about: 'leaving', datagram});
  }

  #receiveAnswer(message: wire.Message, now: number): void {
    const {type, sequence} = message;
    // Repeated until it is confirmed: ours may have been lost on its way.
    if (type === 'E' && this.#isRegistered) {
      const confirmation = this.#encode('E', {ack: true, flag: message.flag, sequence});
      this.#host.send(confirmation, this.#host.hub);
    }
    const confirmed = this.#outbox.confirm(sequence, now, pending => pending.type === type);
    if (confirmed === undefined) return;
    if (confirmed.roundTripMs !== undefined) this.#statistics.roundTripMs = confirmed.roundTripMs;
    const outgoing = confirmed.message;
    switch (outgoing.about) {
      case 'registration':
        this.#registered(now);
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
        this.#answered(outgoing.invitation, outgoing.accepted);
        break;
      case 'leaving':
        this.#membership.leaveConfirmed();
        break;
      case 'goodbye':
        this.#end();
        break;
      case 'invitation':
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
    else if (wasHeard === 'ask' && this.#state === 'registered') this.#askForList(id);
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

  #registered(now: number): void {
    this.#reorder.reconnected(now);
    this.#goOn(now);
  }

  /** The hub sends what comes next: it still has us, and its silence was the network's. */
  #resume(now: number): void {
    this.#registerAt = Number.POSITIVE_INFINITY;
    this.#outbox.drain();
    this.#goOn(now);
  }

  #goOn(now: number): void {
    this.#state = 'registered';
    this.#host.emit({type: 'connected'});
    this.#refresh(now);
  }

  #receiveList(users: readonly ListedUser[], epoch: number, now: number): void {
    const interval = Math.max(refreshMs, users.length * refreshMsPerUser);
    this.#refreshAt = Math.min(this.#refreshAt, now + interval);
    this.#known = new Set(users.map(({nick}) => nick));
    this.#host.emit({type: 'users', users});
    this.#membership.learnList(users, epoch, now);
  }

  #answered(invitation: Invitation, accepted: boolean): void {
    const {from} = invitation;
    if (accepted) this.#membership.join(invitation);
    else this.#host.emit({type: 'invitation-ended', from, reason: 'declined'});
  }

  #receiveMessage(message: wire.Message, now: number): void {
    const {type, sequence, flag, code} = message;
    if (this.#state === 'registering' && type === 'B' && flag) this.#receiveRefusal(message, now);
    if (type !== 'B' && type !== 'C' && type !== 'D' && type !== 'F' && type !== 'G') return;
    if (this.#isLost && this.#reorder.goesOn(sequence)) this.#resume(now);
    // Before our A is confirmed it may be of a registration that is over; if it is not, it is repeated.
    if (!this.#isRegistered) return;
    if (this.#reorder.isStray(sequence, now)) return;
    this.#acceptedAt = now;
    const receipt = this.#inbox.receive(sequence, now);
    const answer = receipt.isDuplicate
      ? receipt.answer
      : this.#encode(type, {ack: true, flag, code: type === 'B' ? code : 0});
    if (answer === undefined) return;
    this.#inbox.answer(sequence, answer);
    this.#host.send(wire.withSequence(answer, sequence), this.#host.hub);
    if (receipt.isDuplicate) return;
    for (const next of this.#reorder.receive(sequence, message, now)) this.#deliver(next, now);
  }

  /** It carries the number of our A, which it ends (R3). */
  #receiveRefusal({sequence, code}: wire.Message, now: number): void {
    const reason = (['name-in-use', 'name-invalid', 'hub-full'] as const).find(
      refusal => wire.errors[refusal] === code,
    );
    if (reason === undefined) return;
    const confirmed = this.#outbox.confirm(sequence, now, pending => pending.type === 'A');
    if (confirmed === undefined) return;
    this.#state = 'lost';
    this.#host.emit({type: 'refused', reason});
  }

  /** In the order in which the hub has sent them. */
  #deliver(message: wire.Message, now: number): void {
    const {type, flag, nickname, data} = message;
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
    // No data: the hub wants to know whether we live, and has its answer (R9).
    if (data.length === 0 || !wire.isNickname(from)) return;
    if (scope === 'room' && !this.#membership.hears(from)) return;
    if (!this.#known.has(from)) this.#refreshSoon();
    this.#statistics.received++;
    this.#host.emit({type: 'message', scope, from, text: wire.decodeText(data)});
  }

  #receiveError({code, nickname}: wire.Message): void {
    const reason = (['no-such-user', 'already-in-room'] as const).find(
      candidate => wire.errors[candidate] === code,
    );
    if (reason === undefined) return;
    this.#membership.notInvited(nickname);
    this.#host.emit({type: 'error', code: reason, nick: nickname});
  }

  #receiveNotice({code, nickname}: wire.Message, now: number): void {
    const {notices} = wire;
    this.#refreshSoon();
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
    this.#refreshSoon();
  }

  #pump(now: number): void {
    for (;;) {
      const {transmissions, failed} = this.#outbox.poll(now);
      for (const {message, sequence, attempt} of transmissions) {
        this.#host.send(wire.withSequence(message.datagram, sequence), this.#host.hub);
        if (attempt === 0) continue;
        this.#statistics.retransmissions++;
        if (message.about === 'text') this.#host.emit({type: 'retransmitted', id: message.id});
      }
      if (failed.length === 0) return;
      this.#giveUp(failed);
    }
  }

  /** The hub has not confirmed for the whole horizon: nothing that waits has a better chance. */
  #giveUp(failed: readonly Outgoing[]): void {
    this.#refreshAt = Number.POSITIVE_INFINITY;
    const wasRegistering = this.#state === 'registering';
    const wasLeaving = this.#state === 'leaving';
    this.#state = 'lost';
    for (const outgoing of [...failed, ...this.#outbox.drain()]) this.#abandon(outgoing);
    if (wasLeaving) this.#end();
    else if (wasRegistering) this.#host.emit({type: 'refused', reason: 'unreachable'});
    else this.#host.emit({type: 'lost'});
  }

  #abandon(outgoing: Outgoing): void {
    if (outgoing.about === 'text') this.#fail(outgoing.id, 'hub-silent');
    else if (outgoing.about === 'list' && outgoing.provisional !== undefined) {
      this.#fail(outgoing.provisional, 'hub-silent');
    } else if (outgoing.about === 'answer') {
      // It can be answered again: the hub may still be waiting for it.
      this.#invitations.add(outgoing.invitation);
      this.#host.emit({type: 'error', code: 'no-answer', nick: outgoing.invitation.from});
    }
  }

  #end(): void {
    this.#state = 'gone';
    this.#outbox.drain();
    this.#host.emit({type: 'disconnected'});
  }

  #encode(type: wire.MessageType, fields: Partial<Omit<wire.Message, 'type'>> = {}): Uint8Array {
    return wire.encode(wire.message(type, {nickname: this.#host.nickname, ...fields}));
  }
}
