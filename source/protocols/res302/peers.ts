import {type Endpoint, endpointKey} from '../../transport/endpoint.ts';
import {Inbox} from '../../transport/inbox.ts';
import {Outbox} from '../../transport/outbox.ts';
import {clientWindow, horizonMs} from '../../transport/reliability.ts';
import type {ClientHost} from '../protocol.ts';
import {reliability} from './reliability.ts';
import * as wire from './wire.ts';

type Outgoing = {
  readonly type: 'D' | 'H';
  readonly datagram: Uint8Array;
  /** Of the text, if it is one. */
  readonly id: number | undefined;
};

type Peer = {
  readonly nick: string;
  readonly endpoint: Endpoint;
  readonly outbox: Outbox<Outgoing>;
  readonly inbox: Inbox<Uint8Array>;
  /** When the last copy of what was under way has been confirmed or given up; then it is forgotten. */
  forgetAt: number;
};

/** A text on its way to the members. */
type Delivery = {
  readonly waiting: Set<string>;
  readonly failed: string[];
  confirmed: number;
};

type PeersHost = Pick<ClientHost, 'send' | 'emit'> & {
  readonly nickname: string;
  countRetransmission(): void;
  /** A peer does not answer: whoever keeps the roster should ask who is still there. */
  suspect(): void;
  /** A member has said that they leave. */
  memberLeft(nick: string): void;
};

/**
 * The members of a decentralised room, who are spoken to directly
 * (docs/protocols/res302.md, "Room text, decentralised" and "Leave").
 */
export class Peers {
  readonly #host: PeersHost;
  readonly #byNick = new Map<string, Peer>();
  /** Those that have left are kept for a while, so that a repeated H is confirmed again. */
  readonly #byAddress = new Map<string, Peer>();
  readonly #deliveries = new Map<number, Delivery>();

  constructor(host: PeersHost) {
    this.#host = host;
  }

  get dueAt(): number {
    let dueAt = Number.POSITIVE_INFINITY;
    for (const {outbox, forgetAt} of this.#byAddress.values()) {
      dueAt = Math.min(dueAt, outbox.dueAt, forgetAt);
    }
    return dueAt;
  }

  has(nick: string): boolean {
    return this.#byNick.has(nick);
  }

  /**
   * A member's address from the hub. Another one than before is another program; the same one goes
   * on counting where it was, though its user may have left in the meantime.
   */
  add(nick: string, endpoint: Endpoint, now: number): void {
    const key = endpointKey(endpoint);
    const known = this.#byNick.get(nick);
    if (known !== undefined && endpointKey(known.endpoint) === key) return;
    this.remove(nick, now);
    const former = this.#byAddress.get(key);
    const peer = former?.nick === nick ? former : createPeer(nick, endpoint);
    // A goodbye from before would be about this time.
    peer.outbox.drain();
    peer.forgetAt = Number.POSITIVE_INFINITY;
    this.#byNick.set(nick, peer);
    this.#byAddress.set(key, peer);
  }

  /** That member is gone: nothing waits for them any more. */
  remove(nick: string, now: number): void {
    const peer = this.#byNick.get(nick);
    if (peer === undefined) return;
    this.#byNick.delete(nick);
    for (const {id} of peer.outbox.drain()) if (id !== undefined) this.#settle(id, nick, 'gone');
    peer.forgetAt = now + reliability.memoryMs;
  }

  /** Sends a text to the members, each under a number of its own. */
  say(id: number, text: string, members: readonly string[], now: number): void {
    const delivery: Delivery = {waiting: new Set(), failed: [], confirmed: 0};
    const data = wire.encodeText(text);
    const nickname = this.#host.nickname;
    const datagram = wire.encode(wire.message('D', {flag: true, nickname, data}));
    this.#deliveries.set(id, delivery);
    for (const nick of members) {
      const peer = this.#byNick.get(nick);
      if (peer === undefined) delivery.failed.push(nick);
      else {
        delivery.waiting.add(nick);
        peer.outbox.push({type: 'D', datagram, id});
      }
    }
    if (delivery.waiting.size === 0) this.#finish(id, delivery);
    this.#pumpAll(now);
  }

  /** Says goodbye to every peer. */
  leave(now: number): void {
    const nickname = this.#host.nickname;
    const datagram = wire.encode(wire.message('H', {flag: true, nickname}));
    for (const peer of this.#byNick.values()) {
      for (const {id} of peer.outbox.drain()) if (id !== undefined) this.#fail(id);
      peer.outbox.push({type: 'H', datagram, id: undefined});
      peer.forgetAt = now + horizonMs(reliability) + reliability.memoryMs;
    }
    this.#byNick.clear();
    this.#pumpAll(now);
  }

  /** @returns false if no peer has that address. */
  receive(message: wire.Message, from: Endpoint, now: number): boolean {
    const peer = this.#byAddress.get(endpointKey(from));
    if (peer === undefined) return false;
    const {type, ack, sequence, flag, nickname} = message;
    if (nickname !== peer.nick || !flag || (type !== 'D' && type !== 'H')) return true;
    if (ack) {
      const confirmed = peer.outbox.confirm(sequence, now, pending => pending.type === type);
      const id = confirmed?.message.id;
      if (id !== undefined) this.#settle(id, peer.nick, 'confirmed');
    } else {
      this.#receiveRequest(peer, message, now);
    }
    this.#pump(peer, now);
    return true;
  }

  onTime(now: number): void {
    this.#pumpAll(now);
  }

  #receiveRequest(peer: Peer, {type, sequence, data}: wire.Message, now: number): void {
    const isMember = this.#byNick.get(peer.nick) === peer;
    const receipt = peer.inbox.receive(sequence, now);
    if (receipt.isDuplicate) {
      if (receipt.answer !== undefined) {
        this.#host.send(wire.withSequence(receipt.answer, sequence), peer.endpoint);
      }
      return;
    }
    // Somebody who has left the roster is not confirmed: their text has reached nobody.
    if (!isMember) return;
    const nickname = this.#host.nickname;
    const answer = wire.encode(wire.message(type, {ack: true, flag: true, nickname}));
    peer.inbox.answer(sequence, answer);
    this.#host.send(wire.withSequence(answer, sequence), peer.endpoint);
    if (type === 'H') {
      this.remove(peer.nick, now);
      this.#host.memberLeft(peer.nick);
    } else {
      const text = wire.decodeText(data);
      this.#host.emit({type: 'message', scope: 'room', from: peer.nick, text});
    }
  }

  #pumpAll(now: number): void {
    for (const peer of this.#byAddress.values()) this.#pump(peer, now);
  }

  #pump(peer: Peer, now: number): void {
    const {transmissions, failed} = peer.outbox.poll(now);
    for (const {message, sequence, attempt} of transmissions) {
      this.#host.send(wire.withSequence(message.datagram, sequence), peer.endpoint);
      if (attempt === 0) continue;
      this.#host.countRetransmission();
      if (message.id !== undefined) this.#host.emit({type: 'retransmitted', id: message.id});
    }
    for (const {id} of failed) {
      if (id === undefined) continue;
      this.#settle(id, peer.nick, 'failed');
      this.#host.suspect();
    }
    const isForgotten = now >= peer.forgetAt;
    if (isForgotten && this.#byAddress.get(endpointKey(peer.endpoint)) === peer) {
      this.#byAddress.delete(endpointKey(peer.endpoint));
    }
    // The window is one: what failed makes room for what is queued.
    if (failed.length > 0) this.#pump(peer, now);
  }

  #settle(id: number, nick: string, result: 'confirmed' | 'failed' | 'gone'): void {
    const delivery = this.#deliveries.get(id);
    if (delivery === undefined) return;
    delivery.waiting.delete(nick);
    if (result === 'failed') delivery.failed.push(nick);
    if (result === 'confirmed') {
      delivery.confirmed++;
      const of = delivery.confirmed + delivery.failed.length + delivery.waiting.size;
      this.#host.emit({type: 'progress', id, confirmed: delivery.confirmed, of});
    }
    if (delivery.waiting.size === 0) this.#finish(id, delivery);
  }

  #finish(id: number, {confirmed, failed}: Delivery): void {
    this.#deliveries.delete(id);
    if (confirmed > 0 && failed.length === 0) this.#host.emit({type: 'delivered', id});
    else this.#host.emit({type: 'failed', id, reason: 'peers-silent', pending: failed});
  }

  /** The author leaves before the text has arrived everywhere. */
  #fail(id: number): void {
    const delivery = this.#deliveries.get(id);
    if (delivery === undefined) return;
    this.#deliveries.delete(id);
    const pending = [...delivery.failed, ...delivery.waiting];
    this.#host.emit({type: 'failed', id, reason: 'left-room', pending});
  }
}

function createPeer(nick: string, endpoint: Endpoint): Peer {
  return {
    nick,
    endpoint,
    outbox: new Outbox<Outgoing>(reliability, clientWindow),
    inbox: new Inbox<Uint8Array>(reliability),
    forgetAt: Number.POSITIVE_INFINITY,
  };
}
