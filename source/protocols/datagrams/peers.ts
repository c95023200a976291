import {Agenda} from '../../transport/agenda.ts';
import {type Endpoint, endpointKey} from '../../transport/endpoint.ts';
import {Inbox} from '../../transport/inbox.ts';
import {Outbox} from '../../transport/outbox.ts';
import {clientWindow, horizonMs, type Reliability} from '../../transport/reliability.ts';
import type {DatagramClientHost, MemberState} from '../protocol.ts';

/** A member of a decentralised room, and their address. */
export type PeerAddress = {readonly nick: string; readonly endpoint: Endpoint};

type Kind = 'text' | 'goodbye';

/** The messages between peers, in every protocol. */
export type PeerMessage =
  | {
      readonly type: 'text';
      readonly sequence: number;
      readonly scope: 'room' | 'direct';
      readonly text: string;
    }
  | {readonly type: 'goodbye'; readonly sequence: number}
  /** `of` is undefined if a confirmation does not say what it confirms. */
  | {readonly type: 'confirmation'; readonly sequence: number; readonly of: Kind | undefined};

/** How a protocol writes these messages. Datagrams are encoded with number 0. */
export type PeerCodec = {
  readonly reliability: Reliability;
  withSequence(datagram: Uint8Array, sequence: number): Uint8Array;
  /** @param recipient For a text to one member, in protocols that have such texts. */
  text(text: string, recipient?: string): Uint8Array;
  /** Undefined if in that protocol only the hub tells peers who has left. */
  goodbye(): Uint8Array | undefined;
  confirmation(of: Kind): Uint8Array;
};

type ToPeer = {
  readonly kind: Kind;
  readonly datagram: Uint8Array;
  /** Id of the text, if it is one. */
  readonly id: number | undefined;
};

type Peer = {
  readonly nick: string;
  readonly endpoint: Endpoint;
  readonly outbox: Outbox<ToPeer>;
  readonly inbox: Inbox<Uint8Array>;
  /** Time of the first message to them since they were heard last, if there is one. */
  unansweredSince: number | undefined;
  state: MemberState;
  /** At this time everything under way has been confirmed or given up, and the peer is forgotten. */
  forgetAt: number;
};

/** A text on its way to the members; or given up, while some of them may still confirm it. */
type Delivery = {
  readonly waiting: Set<string>;
  readonly failed: Set<string>;
  /** Those to whom it was sent before, too. */
  readonly confirmed: Set<string>;
  isOver: boolean;
};

/** A member from whom nothing has come for this time, though we have said something, is called silent. */
const silenceMs = 2000;

/** Texts that were given up, of which it is remembered who has confirmed them. */
const maximumOver = 256;

type PeersHost = Pick<DatagramClientHost, 'send' | 'emit' | 'trace'> & {
  /** Messages between peers are counted too. */
  readonly statistics: {received: number; retransmissions: number};
  /** A peer does not answer: perhaps it has left the room, or the hub does not have us in it. */
  suspect(): void;
  /** A member has said goodbye. */
  memberLeft(nick: string): void;
};

/** The members of a decentralised room, to whom we speak directly and not through the hub. */
export class Peers {
  readonly #codec: PeerCodec;
  readonly #host: PeersHost;
  readonly #byNick = new Map<string, Peer>();
  /** Peers that have left are kept for a while, so that a repeated goodbye is confirmed again. */
  readonly #byAddress = new Map<string, Peer>();
  readonly #deliveries = new Map<number, Delivery>();
  readonly #agenda = new Agenda<Peer>();

  constructor(codec: PeerCodec, host: PeersHost) {
    this.#codec = codec;
    this.#host = host;
  }

  get dueAt(): number {
    return this.#agenda.dueAt;
  }

  /** The nickname of the member, present or recent, with that address. */
  nickAt(endpoint: Endpoint): string | undefined {
    return this.#byAddress.get(endpointKey(endpoint))?.nick;
  }

  /** Takes the hub's whole roster, without us. */
  become(members: readonly PeerAddress[], now: number): void {
    const nicks = new Set(members.map(({nick}) => nick));
    for (const nick of [...this.#byNick.keys()]) if (!nicks.has(nick)) this.remove(nick, now);
    for (const {nick, endpoint} of members) this.add(nick, endpoint, now);
  }

  /**
   * Takes a member's address from the hub. A new address means another program. A known address continues its count,
   * even if its user had left in the meantime.
   */
  add(nick: string, endpoint: Endpoint, now: number): void {
    const key = endpointKey(endpoint);
    const known = this.#byNick.get(nick);
    if (known !== undefined && endpointKey(known.endpoint) === key) return;
    this.remove(nick, now);
    const former = this.#byAddress.get(key);
    // One address, one member: with two, nobody could tell who has confirmed.
    if (former !== undefined && former.nick !== nick) {
      if (this.#byNick.get(former.nick) === former) this.remove(former.nick, now);
      this.#forget(former);
    }
    const peer = former?.nick === nick ? former : this.#createPeer(nick, endpoint);
    // A goodbye from before would be about this time.
    peer.outbox.drain(now);
    peer.unansweredSince = undefined;
    peer.state = {};
    peer.forgetAt = Number.POSITIVE_INFINITY;
    this.#byNick.set(nick, peer);
    this.#byAddress.set(key, peer);
    this.#pump(peer, now);
  }

  /** That member is gone: no text waits for their confirmation any more. */
  remove(nick: string, now: number): void {
    const peer = this.#byNick.get(nick);
    if (peer === undefined) return;
    this.#byNick.delete(nick);
    const {sent, unsent} = peer.outbox.drain(now);
    for (const {id} of [...sent, ...unsent]) {
      if (id === undefined) continue;
      this.#host.trace?.({type: 'given-up', id, to: nick, reason: 'gone'});
      this.#settle(id, nick, 'gone');
    }
    peer.forgetAt = this.#forgetAt(peer, now + this.#codec.reliability.memoryMs);
    this.#pump(peer, now);
  }

  /** Sends a text to the members, each under a number of its own. */
  say(id: number, text: string, members: readonly string[], now: number): void {
    this.#deliver(id, this.#codec.text(text), members, now);
  }

  /** Sends a text that is for that member alone. */
  tell(id: number, text: string, member: string, now: number): void {
    this.#deliver(id, this.#codec.text(text, member), [member], now);
  }

  /** We leave the room: says goodbye to every peer, if the protocol has that. */
  leave(now: number): void {
    const {reliability} = this.#codec;
    const datagram = this.#codec.goodbye();
    for (const peer of this.#byNick.values()) {
      const {sent, unsent} = peer.outbox.drain(now);
      for (const {id} of [...sent, ...unsent]) {
        if (id === undefined) continue;
        this.#host.trace?.({type: 'given-up', id, to: peer.nick, reason: 'gone'});
        this.#fail(id);
      }
      if (datagram !== undefined) peer.outbox.push({kind: 'goodbye', datagram, id: undefined});
      peer.forgetAt = this.#forgetAt(peer, now + horizonMs(reliability) + reliability.memoryMs);
      this.#pump(peer, now);
    }
    this.#byNick.clear();
  }

  /** Does nothing if no peer has that address. */
  receive(message: PeerMessage, from: Endpoint, now: number): void {
    const peer = this.#byAddress.get(endpointKey(from));
    if (peer === undefined) return;
    if (message.type === 'confirmation') {
      const {sequence, of} = message;
      const isMeant = ({kind}: ToPeer) => of === undefined || of === kind;
      const confirmed = peer.outbox.confirm(sequence, now, isMeant);
      const answered = confirmed?.message ?? peer.outbox.confirmLate(sequence, now, isMeant);
      this.#heard(peer, now, confirmed?.roundTripMs);
      if (answered?.id !== undefined) {
        this.#host.trace?.({type: 'confirmation', id: answered.id, by: peer.nick});
        this.#settle(answered.id, peer.nick, 'confirmed');
      }
    } else {
      this.#heard(peer, now);
      this.#receiveRequest(peer, message, now);
    }
    this.#pump(peer, now);
  }

  onTime(now: number): void {
    for (;;) {
      const peer = this.#agenda.take(now);
      if (peer === undefined) return;
      this.#pump(peer, now);
    }
  }

  #deliver(id: number, datagram: Uint8Array, members: readonly string[], now: number): void {
    const confirmed = this.#deliveries.get(id)?.confirmed ?? new Set();
    const delivery: Delivery = {waiting: new Set(), failed: new Set(), confirmed, isOver: false};
    this.#deliveries.delete(id);
    this.#deliveries.set(id, delivery);
    for (const nick of members) {
      const peer = this.#byNick.get(nick);
      if (peer === undefined) {
        // The hub has not told us the address.
        this.#host.trace?.({type: 'given-up', id, to: nick, reason: 'gone'});
        delivery.failed.add(nick);
      } else {
        delivery.waiting.add(nick);
        peer.outbox.push({kind: 'text', datagram, id});
        this.#pump(peer, now);
      }
    }
    if (delivery.waiting.size === 0) this.#finish(id, delivery);
  }

  #receiveRequest(
    peer: Peer,
    message: Exclude<PeerMessage, {type: 'confirmation'}>,
    now: number,
  ): void {
    const {sequence} = message;
    const isMember = this.#byNick.get(peer.nick) === peer;
    const receipt = peer.inbox.receive(sequence, now);
    if (receipt.isDuplicate) {
      if (receipt.answer !== undefined) this.#send(receipt.answer, sequence, peer);
      return;
    }
    // A text of somebody who is not on the roster is not confirmed: nobody has seen it.
    if (!isMember) return;
    const answer = this.#codec.confirmation(message.type);
    peer.inbox.answer(sequence, answer);
    this.#send(answer, sequence, peer);
    if (message.type === 'goodbye') {
      this.remove(peer.nick, now);
      this.#host.memberLeft(peer.nick);
    } else {
      this.#host.statistics.received++;
      this.#host.emit({type: 'message', scope: message.scope, from: peer.nick, text: message.text});
    }
  }

  /** @returns The datagram with its number. */
  #send(datagram: Uint8Array, sequence: number, {endpoint}: Peer): Uint8Array {
    const numbered = this.#codec.withSequence(datagram, sequence);
    this.#host.send(numbered, endpoint);
    return numbered;
  }

  #traceAttempt({id}: ToPeer, to: string, frame: Uint8Array, attempt: number): void {
    if (id === undefined) return;
    const {timeoutMs, retransmissions} = this.#codec.reliability;
    const left = retransmissions - attempt;
    this.#host.trace?.({type: 'attempt', id, to, frame, timeoutMs, left});
  }

  #pump(peer: Peer, now: number): void {
    const {transmissions, failed} = peer.outbox.poll(now);
    // Retransmissions come so often that no timer of its own is needed.
    const {unansweredSince: silentSince} = peer;
    if (silentSince !== undefined && now - silentSince >= silenceMs) {
      this.#become(peer, {...peer.state, silentSince});
    }
    for (const {message, sequence, attempt} of transmissions) {
      peer.unansweredSince ??= now;
      const frame = this.#send(message.datagram, sequence, peer);
      this.#traceAttempt(message, peer.nick, frame, attempt);
      if (attempt === 0) continue;
      this.#host.statistics.retransmissions++;
      if (message.id !== undefined) this.#host.emit({type: 'retransmitted', id: message.id});
    }
    for (const {id} of failed) {
      if (id === undefined) continue;
      this.#host.trace?.({type: 'given-up', id, to: peer.nick, reason: 'silent'});
      this.#settle(id, peer.nick, 'failed');
      this.#host.suspect();
    }
    const isKnown = this.#byAddress.get(endpointKey(peer.endpoint)) === peer;
    if (isKnown && now < peer.forgetAt) {
      this.#agenda.schedule(peer, Math.min(peer.outbox.dueAt, peer.forgetAt));
      return;
    }
    if (isKnown) this.#forget(peer);
  }

  #heard(peer: Peer, now: number, roundTripMs = peer.state.roundTripMs): void {
    peer.unansweredSince = peer.outbox.isIdle ? undefined : now;
    this.#become(peer, roundTripMs === undefined ? {} : {roundTripMs});
  }

  #become(peer: Peer, state: MemberState): void {
    const {roundTripMs, silentSince} = peer.state;
    if (state.roundTripMs === roundTripMs && state.silentSince === silentSince) return;
    peer.state = state;
    const isMember = this.#byNick.get(peer.nick) === peer;
    if (isMember) this.#host.emit({type: 'member-state', nick: peer.nick, state});
  }

  /** Not before the last text that was given up there can have been confirmed late. */
  #forgetAt({outbox}: Peer, earliest: number): number {
    return Math.max(earliest, outbox.rememberedUntil);
  }

  #forget(peer: Peer): void {
    this.#byAddress.delete(endpointKey(peer.endpoint));
    this.#agenda.cancel(peer);
  }

  #settle(id: number, nick: string, result: 'confirmed' | 'failed' | 'gone'): void {
    const delivery = this.#deliveries.get(id);
    if (delivery === undefined) return;
    const {waiting, failed, confirmed} = delivery;
    waiting.delete(nick);
    if (result === 'failed') failed.add(nick);
    if (result === 'confirmed') {
      failed.delete(nick);
      confirmed.add(nick);
      const of = confirmed.size + failed.size + waiting.size;
      this.#host.emit({type: 'progress', id, confirmed: confirmed.size, of, by: nick});
    }
    if (waiting.size === 0) this.#finish(id, delivery);
  }

  /** Nobody is waited for; of one that was given up before, somebody has confirmed late. */
  #finish(id: number, delivery: Delivery): void {
    const {confirmed, failed} = delivery;
    if (confirmed.size > 0 && failed.size === 0) {
      this.#deliveries.delete(id);
      this.#host.emit({type: 'delivered', id});
    } else if (!delivery.isOver) {
      this.#giveUp(delivery);
      this.#host.emit({type: 'failed', id, reason: 'peers-silent', pending: [...failed]});
    }
  }

  /** We have left before our text had arrived everywhere. */
  #fail(id: number): void {
    const delivery = this.#deliveries.get(id);
    if (delivery === undefined || delivery.isOver) return;
    const {failed, waiting} = delivery;
    for (const nick of waiting) failed.add(nick);
    waiting.clear();
    this.#giveUp(delivery);
    this.#host.emit({type: 'failed', id, reason: 'left-room', pending: [...failed]});
  }

  #giveUp(delivery: Delivery): void {
    delivery.isOver = true;
    if (this.#deliveries.size <= maximumOver) return;
    for (const [id, {isOver}] of this.#deliveries) {
      if (isOver) {
        this.#deliveries.delete(id);
        return;
      }
    }
  }

  #createPeer(nick: string, endpoint: Endpoint): Peer {
    const {reliability} = this.#codec;
    return {
      nick,
      endpoint,
      outbox: new Outbox<ToPeer>(reliability, clientWindow, ({id}) => id !== undefined),
      inbox: new Inbox<Uint8Array>(reliability),
      unansweredSince: undefined,
      state: {},
      forgetAt: Number.POSITIVE_INFINITY,
    };
  }
}
