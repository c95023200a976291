import {FrameBuffer} from '../../../transport/frame-buffer.ts';
import type {ClientEvent, Connection, TimedListener} from '../../protocol.ts';
import * as wire from '../wire.ts';
import type {Fate, Message} from './deliveries.ts';

/** How often it is looked whether the network has taken what it has not taken at once. */
const lookMs = 100;

/** What goes over a private connection that is open. */
export type LinkChannel = TimedListener & {
  readonly dueAt: number;
  /** @returns false if it carries no texts. */
  say(id: number, text: string, now: number): boolean;
  /** The other side has left the hub, which still passes on what it said before. */
  departed(now: number): void;
  /** We end our direction. */
  ending(): void;
  /** What is under way from us does not arrive. */
  abandoned(): void;
  onTime(now: number): void;
};

/** A text channel's surroundings. */
export type TextChannelHost = {
  emit(event: ClientEvent): void;
  /** Has a fence answered by the hub. */
  tell(message: Message, now: number): void;
  /** The other side is done: so are we. */
  close(now: number): void;
  /** The other side says what can be no text. */
  breakOff(now: number): void;
};

/**
 * Texts, each a `string` (R3), and whether they have arrived at the hub: what the network has taken, the hub has had
 * when it answers the fence that follows. The other side confirms nothing. If we end the connection in good order, it may
 * be closed before that answer comes, which still counts: the hub passes on what was sent before the end. If the other
 * side has ended it, it does not: they may have been about to leave when our text came.
 */
export class TextChannel implements LinkChannel {
  readonly #nick: string;
  readonly #connection: Connection;
  readonly #host: TextChannelHost;
  readonly #frames = new FrameBuffer();
  /** Texts the network has not taken, and those whose fence is not answered. */
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
  }

  get dueAt(): number {
    return this.#lookAt;
  }

  say(id: number, text: string, now: number): boolean {
    this.#connection.write(wire.encodePeerText(text));
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

  /** The fence behind those texts is, or the hub is lost. */
  #answered(ids: readonly number[], fate: Fate): void {
    const known = new Set(ids.filter(id => this.#taken.has(id)));
    if (fate !== 'taken') {
      this.#fail(known);
      return;
    }
    for (const id of known) {
      this.#taken.delete(id);
      this.#host.emit({type: 'delivered', id});
    }
  }

  #fail(ids: ReadonlySet<number>): void {
    for (const id of [...ids]) {
      this.#taken.delete(id);
      this.#host.emit({type: 'failed', id, reason: 'link-closed', pending: []});
    }
  }
}

/** The bytes are somebody else's, who ends the connection when they like. */
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

/** Of a private connection that nobody wants any more: it is about to be closed, and not listened to. */
export const unwantedChannel: LinkChannel = channelOf({
  received() {},
  ended() {},
  drained() {},
  closed() {},
});
