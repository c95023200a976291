import * as wire from '../wire.ts';

/** A hub that has not answered by then is lost. */
const silenceMs = 10_000;

/** With nothing else to say, the hub is asked for a sign of life so often. */
const idleMs = 30_000;

/**
 * Both −1 of a message and of its fence are written at once: what has not come by then does not come. Nor
 * after two round trips, where those take longer.
 */
const secondAnswerMs = 100;

/** Messages whose fence is not answered. */
const maximumSent = 16;

/** Messages whose fate is not known. More wait, so that a stream of them lets the hub rest. */
const maximumUnsettled = 64;

/** What became of a message: the hub has it, or has found nobody whom it is for, or may never have got it. */
export type Fate = 'taken' | 'refused' | 'unknown';

export type Message = {
  /** Undefined for the fence alone. */
  readonly request?: wire.Request;
  /** Whom it is for: if they are gone, the hub answers −1. */
  readonly to?: number;
  /** Called once. */
  readonly onFate?: (fate: Fate, now: number) => void;
};

type Sent = {readonly message: Message; readonly at: number; hasReaderLeft: boolean};

export type FencesHost = {
  write(bytes: Uint8Array): void;
  /** An id that has asked us nothing: refusing it is answered by −1, and does nothing else (R6). */
  nobody(): number;
};

/**
 * What we say to the hub, and whether it has arrived.
 *
 * TCP does not tell, and a hub does not confirm a text. But it answers in order, and one request is always
 * answered and does nothing: to refuse a private connection nobody has asked for, which is answered by −1 (R6).
 * Such a fence goes out with each message, in one piece; when its −1 comes, the hub has had the message
 * before it. Fences give the round trip, and a hub that leaves one unanswered is lost.
 *
 * But −1 is also the answer to a message for somebody who is gone, and looks the same: then two come, one right behind the
 * other. Each −1 is counted for the oldest fence, so that one too many in the end says that something before it
 * has failed. That a reader has gone is known: their departure was told before that −1. If nobody has gone,
 * messages with a reader are not called delivered before everything is answered and no second −1 has come. Until then
 * nothing is sent to another reader, who would be blamed for it.
 */
export class Fences {
  readonly #host: FencesHost;
  #waiting: Message[] = [];
  readonly #sent: Sent[] = [];
  /** Answered once. */
  #doubtful: Message[] = [];
  /** Messages known to have failed whose second −1 is still to come. */
  #failed = 0;
  #sentAt: number;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #roundTripMs: number | undefined;

  constructor(host: FencesHost, now: number) {
    this.#host = host;
    this.#sentAt = now;
  }

  /** Of the newest fence. */
  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  get dueAt(): number {
    const [oldest] = this.#sent;
    if (oldest !== undefined) return oldest.at + silenceMs;
    return Math.min(this.#sentAt + idleMs, this.#settledAt);
  }

  /** The hub has left a fence unanswered for too long. */
  isSilent(now: number): boolean {
    const [oldest] = this.#sent;
    return oldest !== undefined && oldest.at + silenceMs <= now;
  }

  push(message: Message, now: number): void {
    this.#waiting.push(message);
    this.#pump(now);
  }

  /** A −1 has come. */
  answered(now: number): void {
    this.#answeredAt = now;
    const sent = this.#sent.shift();
    if (sent === undefined) {
      this.#answeredTwice(now);
      return;
    }
    this.#roundTripMs = now - sent.at;
    const {message, hasReaderLeft} = sent;
    if (message.to === undefined) {
      message.onFate?.('taken', now);
    } else if (hasReaderLeft) {
      this.#failed++;
      message.onFate?.('refused', now);
    } else {
      this.#doubtful.push(message);
    }
    this.#pump(now);
  }

  /** That user has left: what is not answered yet may have come too late. */
  departed(id: number, now: number): void {
    for (const sent of this.#sent) if (sent.message.to === id) sent.hasReaderLeft = true;
    const late = this.#waiting.filter(({to}) => to === id);
    this.#waiting = this.#waiting.filter(({to}) => to !== id);
    for (const {onFate} of late) onFate?.('refused', now);
  }

  onTime(now: number): void {
    if (now >= this.#settledAt) this.settle(now);
    if (this.#sent.length === 0 && now >= this.#sentAt + idleMs) this.push({}, now);
  }

  /** No second −1 comes any more. */
  settle(now: number): void {
    this.#failed = 0;
    for (const {onFate} of this.#doubtful.splice(0)) onFate?.('taken', now);
    this.#pump(now);
  }

  /** Nothing is answered any more. */
  abandon(now: number): void {
    const sent = this.#sent.splice(0).map(({message}) => message);
    const all = [...this.#doubtful.splice(0), ...sent, ...this.#waiting.splice(0)];
    for (const {onFate} of all) onFate?.('unknown', now);
  }

  /** A message before it is for somebody else, who may not be reachable. */
  #isAfterAnother({to}: Message): boolean {
    if (to === undefined) return false;
    const before = [...this.#doubtful, ...this.#sent.map(({message}) => message)];
    return before.some(message => message.to !== undefined && message.to !== to);
  }

  get #settledAt(): number {
    const patienceMs = Math.max(secondAnswerMs, 2 * (this.#roundTripMs ?? 0));
    const isOpen = this.#sent.length > 0 || (this.#doubtful.length === 0 && this.#failed === 0);
    return isOpen ? Number.POSITIVE_INFINITY : this.#answeredAt + patienceMs;
  }

  /** Which of them has failed cannot be told: none is called delivered. */
  #answeredTwice(now: number): void {
    if (this.#failed > 0) this.#failed--;
    else for (const {onFate} of this.#doubtful.splice(0)) onFate?.('refused', now);
    this.#pump(now);
  }

  #pump(now: number): void {
    while (
      this.#sent.length < maximumSent &&
      this.#sent.length + this.#doubtful.length < maximumUnsettled
    ) {
      const [message] = this.#waiting;
      if (message === undefined || this.#isAfterAnother(message)) return;
      this.#waiting.shift();
      this.#sent.push({message, at: now, hasReaderLeft: false});
      this.#sentAt = now;
      const fence = wire.encodeRequest({type: 'refuseConnection', id: this.#host.nobody()});
      if (message.request === undefined) this.#host.write(fence);
      else this.#host.write(joined(wire.encodeRequest(message.request), fence));
    }
  }
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(one.length + other.length);
  bytes.set(one);
  bytes.set(other, one.length);
  return bytes;
}
