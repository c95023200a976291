import {horizonMs, hubWindow, type Reliability} from './reliability.ts';

/**
 * Puts what one sender numbered back into its order. Duplicates are taken out before
 * (see {@link Inbox}). A gap is waited for as long as its sender may still be repeating it; then
 * what came after it is delivered, and should it come all the same, it is delivered late: out of
 * order is better than lost.
 */
export class Reorder<Message> {
  readonly #modulus: number;
  readonly #horizonMs: number;
  readonly #held = new Map<number, Message>();
  #expected = 0;
  #gapUntil = Number.POSITIVE_INFINITY;
  readonly #memoryMs: number;
  /** A number near 0 would say that the sender has begun to count again. */
  #mayHaveRestarted = false;
  /** Until then datagrams of the former connection may arrive. */
  #straysUntil = Number.NEGATIVE_INFINITY;

  constructor(reliability: Reliability) {
    this.#modulus = reliability.modulus;
    this.#horizonMs = horizonMs(reliability);
    this.#memoryMs = reliability.memoryMs;
  }

  /** When to call {@link onTime}; Infinity without a gap. */
  get dueAt(): number {
    return this.#gapUntil;
  }

  /** The newest number that has come; before the first one, the number before it. */
  get newest(): number {
    const ahead = [...this.#held.keys()].map(sequence => this.#distance(sequence, this.#expected));
    return (this.#expected + Math.max(-1, ...ahead) + this.#modulus) % this.#modulus;
  }

  /** The connection was made (anew): the sender may go on counting, or begin at 0 as a new one does. */
  reconnected(now: number): void {
    this.#mayHaveRestarted = true;
    this.#straysUntil = now + this.#memoryMs;
  }

  /** Whether a number is one of those that its sender would use next. */
  goesOn(sequence: number): boolean {
    return this.#distance(sequence, this.#expected) < hubWindow;
  }

  /**
   * Whether a number can only be of a former connection. Such a message is neither confirmed nor
   * delivered: its sender has given it up, and its number will be used again.
   */
  isStray(sequence: number, now: number): boolean {
    if (this.#mayHaveRestarted || now >= this.#straysUntil) return false;
    // By now the new count may have come as far as the old one had.
    if (this.#expected >= this.#modulus / 2) this.#straysUntil = Number.NEGATIVE_INFINITY;
    return sequence >= this.#expected + hubWindow && now < this.#straysUntil;
  }

  /** @returns What can be delivered now, in order. */
  receive(sequence: number, message: Message, now: number): Message[] {
    const strays = this.#mayHaveRestarted ? this.#resynchronise(sequence, now) : [];
    return [...strays, ...this.#sort(sequence, message, now)];
  }

  #sort(sequence: number, message: Message, now: number): Message[] {
    const ahead = this.#distance(sequence, this.#expected);
    if (ahead >= this.#modulus / 2) return [message];
    // No honest sender's window reaches so far: what is left behind was confirmed or given up.
    const slid = ahead < hubWindow ? [] : this.#slideTo(sequence - hubWindow + 1);
    this.#held.set(sequence, message);
    const delivered = [...slid, ...this.#takeRun()];
    if (this.#held.size === 0) this.#gapUntil = Number.POSITIVE_INFINITY;
    else if (delivered.length > 0 || this.#gapUntil === Number.POSITIVE_INFINITY) {
      this.#gapUntil = now + this.#horizonMs;
    }
    return delivered;
  }

  /** Gives up a gap whose time is over. @returns What came after it. */
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

  /** Goes on at that number. @returns What was held of those before it, in order. */
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

  /** @returns What was held of a count that is over. */
  #resynchronise(sequence: number, now: number): Message[] {
    const goesOn = this.goesOn(sequence);
    if (goesOn && now >= this.#straysUntil) this.#mayHaveRestarted = false;
    if (goesOn || sequence >= hubWindow) return [];
    this.#mayHaveRestarted = false;
    this.#straysUntil = now + this.#memoryMs;
    this.#expected = 0;
    // A gap of the former count must not shorten the wait for one of the new.
    this.#gapUntil = Number.POSITIVE_INFINITY;
    // What is held near 0 is the beginning of the new count, and waits for its turn.
    const strays = [...this.#held].filter(([number]) => number >= hubWindow);
    for (const [number] of strays) this.#held.delete(number);
    return strays.map(([, message]) => message);
  }

  /** How far ahead of `from` a number is, going round. */
  #distance(sequence: number, from: number): number {
    return (sequence - from + this.#modulus) % this.#modulus;
  }
}
