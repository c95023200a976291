import {FrameBuffer} from '../../../transport/frame-buffer.ts';
import {frameListener} from '../../arrivals.ts';
import type {ClientEvent, ClientHost, Connection, TimedListener} from '../../protocol.ts';
import {silenceMs} from '../../streams/fences.ts';
import * as wire from '../wire.ts';
import type {Fate, Message} from './deliveries.ts';

/** Time between two looks whether the network has taken bytes that it did not take at once. */
const lookMs = 100;

/** The content of an open private connection. */
export type LinkChannel = TimedListener & {
  readonly dueAt: number;
  /** @returns false if it carries no texts. */
  say(id: number, text: string, now: number): boolean;
  /** The other side has left the hub, which still passes on its earlier texts. */
  departed(now: number): void;
  /** We end our direction. */
  ending(): void;
  /** Bytes of ours that are under way will not arrive. */
  abandoned(): void;
  onTime(now: number): void;
};

/** What a text channel needs from its owner. */
export type TextChannelHost = Pick<ClientHost, 'trace'> & {
  emit(event: ClientEvent): void;
  /** Sends a fence to the hub. */
  tell(message: Message, now: number): void;
  /** The other side has ended, so we end too. */
  close(now: number): void;
  /** The other side has sent malformed bytes. */
  breakOff(now: number): void;
};

/**
 * Texts, each a `string` (R3), and proof that they have arrived at the hub: when the hub answers a fence, it has got
 * everything that the network had taken before. The other side confirms nothing. If we end the connection in good order,
 * it may be closed before that answer comes. The answer still counts, because the hub passes on everything from before
 * the end. If the other side has ended the connection, the answer does not count: our text may have come too late.
 */
export class TextChannel implements LinkChannel {
  readonly #nick: string;
  readonly #connection: Connection;
  readonly #host: TextChannelHost;
  readonly #frames: FrameBuffer;
  /** Texts that the network has not taken, and texts whose fence is not answered. */
  #untaken: number[] = [];
  readonly #taken = new Set<number>();
  #lookAt = Number.POSITIVE_INFINITY;
  #isEnding = false;
  #haveTheyEnded = false;
  #isClosed = false;

  constructor(nick: string, connection: Connection, host: TextChannelHost) {
    this.#nick = nick;
    this.#connection = connection;
    this.#host = host;
    this.#frames = new FrameBuffer(frameListener(host));
  }

  get dueAt(): number {
    return this.#lookAt;
  }

  say(id: number, text: string, now: number): boolean {
    const frame = wire.encodePeerText(text);
    this.#connection.write(frame);
    this.#host.trace?.({type: 'attempt', id, to: this.#nick, frame, timeoutMs: silenceMs, left: 0});
    this.#untaken.push(id);
    this.#look(now);
    return true;
  }

  received(bytes: Uint8Array, now: number): void {
    this.#frames.push(bytes);
    while (!this.#isClosed && this.#readNext(now));
  }

  ended(now: number): void {
    if (!this.#isEnding) this.#haveTheyEnded = true;
    this.#host.close(now);
  }

  ending(): void {
    this.#isEnding = true;
  }

  departed(now: number): void {
    this.abandoned();
    this.#host.close(now);
  }

  drained(now: number): void {
    this.#look(now);
  }

  onTime(now: number): void {
    if (now >= this.#lookAt) this.#look(now);
  }

  abandoned(): void {
    this.#fail(this.#taken);
  }

  closed(code: string | undefined): void {
    this.#isClosed = true;
    this.#lookAt = Number.POSITIVE_INFINITY;
    this.#fail(new Set(this.#untaken.splice(0)));
    if (code !== undefined || this.#haveTheyEnded) this.#fail(this.#taken);
  }

  /** @returns Whether there was something to read. */
  #readNext(now: number): boolean {
    const decoded = this.#frames.read(wire.readPeerText);
    if (decoded === undefined) return false;
    if (!decoded.ok) {
      this.#host.breakOff(now);
      return false;
    }
    const text = decoded.message;
    if (text !== '') this.#host.emit({type: 'message', scope: 'link', from: this.#nick, text});
    return true;
  }

  #look(now: number): void {
    this.#lookAt = Number.POSITIVE_INFINITY;
    if (this.#isClosed || this.#untaken.length === 0) return;
    if (this.#connection.waiting > 0) {
      this.#lookAt = now + lookMs;
      return;
    }
    const taken = this.#untaken;
    this.#untaken = [];
    for (const id of taken) this.#taken.add(id);
    this.#host.tell({onFate: fate => this.#answered(taken, fate)}, now);
  }

  /** The fence behind those texts is answered, or the hub is lost. */
  #answered(ids: readonly number[], fate: Fate): void {
    const known = new Set(ids.filter(id => this.#taken.has(id)));
    if (fate !== 'taken') {
      this.#fail(known);
      return;
    }
    for (const id of known) {
      this.#taken.delete(id);
      this.#host.trace?.({type: 'confirmation', id, by: this.#nick});
      this.#host.emit({type: 'delivered', id});
    }
  }

  #fail(ids: ReadonlySet<number>): void {
    for (const id of [...ids]) {
      this.#taken.delete(id);
      this.#host.trace?.({type: 'given-up', id, to: this.#nick, reason: 'gone'});
      this.#host.emit({type: 'failed', id, reason: 'link-closed', pending: []});
    }
  }
}

/** The bytes go to another program, which ends the connection when it likes. */
export function channelOf(taker: TimedListener): LinkChannel {
  return {
    dueAt: Number.POSITIVE_INFINITY,
    say: () => false,
    received: (bytes, now) => taker.received(bytes, now),
    ended: now => taker.ended(now),
    drained: now => taker.drained(now),
    closed: (code, now) => taker.closed(code, now),
    departed() {},
    ending() {},
    abandoned() {},
    onTime() {},
  };
}
