import {horizonMs, hubWindow, type Reliability} from './reliability.ts';

/**
 * Puts the numbered messages of one sender back into their order. Duplicates have been removed before
 * (see {@link Inbox}). If a message is missing, the later ones wait as long as its sender may still repeat it. Then they
 * are delivered. If the missing one comes after all, it is delivered late: out of order is better than lost.
 */
export class Reorder<Message> {
  readonly #modulus: number;
  readonly #horizonMs: number;
  readonly #held = new Map<number, Message>();
  #expected = 0;
  #gapUntil = Number.POSITIVE_INFINITY;
  readonly #memoryMs: number;
  /** A number near 0 would mean that the sender has begun to count again. */
  #mayHaveRestarted = false;
  /** Until this time datagrams of the former connection may arrive. */
  #straysUntil = Number.NEGATIVE_INFINITY;

  constructor(reliability: Reliability) {
    this.#modulus = reliability.modulus;
    this.#horizonMs = horizonMs(reliability);
    this.#memoryMs = reliability.memoryMs;
  }

  /** Time for {@link onTime}; Infinity if nothing is missing. */
  get dueAt(): number {
    return this.#gapUntil;
  }

  /** The newest number that has come; before the first one, the number before it. */
  get newest(): number {
    const ahead = [...this.#held.keys()].map(sequence => this.#distance(sequence, this.#expected));
    return (this.#expected + Math.max(-1, ...ahead) + this.#modulus) % this.#modulus;
  }

  /**
   * The connection was made, perhaps again: the sender may go on counting, or begin at 0 like a new one. What is missing
   * before a message that was held has not been repeated for a whole memory, which is longer than a horizon.
   *
   * @returns The messages that were held, in order.
   */
  reconnected(now: number): Message[] {
    this.#mayHaveRestarted = true;
    this.#straysUntil = now + this.#memoryMs;
    this.#gapUntil = Number.POSITIVE_INFINITY;
    return this.#slideTo(this.newest + 1);
  }

  /** Whether a number is one of those that the sender uses next. */
  isExpected(sequence: number): boolean {
    return this.#distance(sequence, this.#expected) < hubWindow;
  }

  /**
   * Whether a number can only belong to a former connection. Such a message is neither confirmed nor delivered: its
   * sender has given it up, and its number will be used again.
   */
  isStray(sequence: number, now: number): boolean {
    if (this.#mayHaveRestarted || now >= this.#straysUntil) return false;
    // The new count may have reached the numbers of the old one by now.
    if (this.#expected >= this.#modulus / 2) this.#straysUntil = Number.NEGATIVE_INFINITY;
    return sequence >= this.#expected + hubWindow && now < this.#straysUntil;
  }

  /** @returns The messages that can be delivered now, in order. */
  receive(sequence: number, message: Message, now: number): Message[] {
    const strays = this.#mayHaveRestarted ? this.#resynchronise(sequence, now) : [];
    return [...strays, ...this.#sort(sequence, message, now)];
  }

  #sort(sequence: number, message: Message, now: number): Message[] {
    const ahead = this.#distance(sequence, this.#expected);
    if (ahead >= this.#modulus / 2) return [message];
    // An honest sender's window does not reach this far: the missing messages were confirmed or given up.
    const slid = ahead < hubWindow ? [] : this.#slideTo(sequence - hubWindow + 1);
    this.#held.set(sequence, message);
    const delivered = [...slid, ...this.#takeRun()];
    if (this.#held.size === 0) this.#gapUntil = Number.POSITIVE_INFINITY;
    else if (delivered.length > 0 || this.#gapUntil === Number.POSITIVE_INFINITY) {
      this.#gapUntil = now + this.#horizonMs;
    }
    return delivered;
  }

  /** Gives up a missing message whose time is over. @returns The messages after it. */
  onTime(now: number): Message[] {
    if (now < this.#gapUntil) return [];
    const next = Math.min(
      ...[...this.#held.keys()].map(sequence => this.#distance(sequence, this.#expected)),
    );
    this.#expected = (this.#expected + next) % this.#modulus;
    const delivered = this.#takeRun();
    this.#gapUntil = this.#held.size === 0 ? Number.POSITIVE_INFINITY : now + this.#horizonMs;
    return delivered;
  }

  /** Continues at that number. @returns The messages held from before it, in order. */
  #slideTo(first: number): Message[] {
    const passed: Message[] = [];
    const end = (first + this.#modulus) % this.#modulus;
    for (; this.#expected !== end; this.#expected = (this.#expected + 1) % this.#modulus) {
      const message = this.#held.get(this.#expected);
      if (message === undefined) continue;
      this.#held.delete(this.#expected);
      passed.push(message);
    }
    return passed;
  }

  #takeRun(): Message[] {
    const run: Message[] = [];
    for (;;) {
      const message = this.#held.get(this.#expected);
      if (message === undefined) return run;
      this.#held.delete(this.#expected);
      this.#expected = (this.#expected + 1) % this.#modulus;
      run.push(message);
    }
  }

  /** @returns The messages held from a count that is over. */
  #resynchronise(sequence: number, now: number): Message[] {
    const isExpected = this.isExpected(sequence);
    if (isExpected && now >= this.#straysUntil) this.#mayHaveRestarted = false;
    if (isExpected || sequence >= hubWindow) return [];
    this.#mayHaveRestarted = false;
    this.#straysUntil = now + this.#memoryMs;
    this.#expected = 0;
    // A gap of the former count must not shorten the wait for one of the new.
    this.#gapUntil = Number.POSITIVE_INFINITY;
    // Messages near 0 that have come since then are the beginning of the new count, and wait for their turn.
    const strays = [...this.#held].filter(([number]) => number >= hubWindow);
    for (const [number] of strays) this.#held.delete(number);
    return strays.map(([, message]) => message);
  }

  /** Steps from `from` up to a number, modulo the size of the counter. */
  #distance(sequence: number, from: number): number {
    return (sequence - from + this.#modulus) % this.#modulus;
  }
}
