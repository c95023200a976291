import {Recent} from './recent.ts';
import {lateMemory, type Reliability} from './reliability.ts';

/** One datagram to write now. */
export type Transmission<Message> = {
  readonly message: Message;
  readonly sequence: number;
  /** 0 for the first transmission. */
  readonly attempt: number;
};

export type Polled<Message> = {
  readonly transmissions: readonly Transmission<Message>[];
  /** Messages that were never confirmed, and are given up. */
  readonly failed: readonly Message[];
};

export type Confirmed<Message> = {
  readonly message: Message;
  /** Undefined if it was sent more than once: nobody knows which copy was confirmed. */
  readonly roundTripMs: number | undefined;
};

export type Drained<Message> = {
  /** Under way: each may have arrived. */
  readonly sent: readonly Message[];
  /** Those that waited for a place in the window: none has arrived. */
  readonly unsent: readonly Message[];
};

type Queued<Message> = {
  readonly message: Message;
  readonly sequence: number;
  readonly isAnswer: boolean;
};

type InFlight<Message> = Queued<Message> & {
  readonly firstSentAt: number;
  dueAt: number;
  attempt: number;
};

/**
 * Reliable messages to one destination: numbering, the window, retransmission and giving up. Owns no timer, socket or
 * clock: after any call the owner sends what {@link poll} returns, and polls again at {@link dueAt}.
 *
 * A message takes the next number of the counter. An *answer* carries the number of its request, and is repeated like a
 * message until it is confirmed itself (for example a list in `res302`).
 *
 * A message that was sent and given up may have arrived. It is remembered for a while, until its number is used again,
 * so that a late confirmation is understood.
 */
export class Outbox<Message> {
  readonly #reliability: Reliability;
  readonly #window: number;
  readonly #inFlight: InFlight<Message>[] = [];
  readonly #givenUp = new Recent<number, Message>(lateMemory);
  readonly #isRemembered: (message: Message) => boolean;
  #queue: Queued<Message>[] = [];
  #next = 0;

  /**
   * @param window Consecutive numbers that may be under way at the same time.
   * @param isRemembered Whether a late confirmation of that message matters. By default none does.
   */
  constructor(
    reliability: Reliability,
    window: number,
    isRemembered: (message: Message) => boolean = () => false,
  ) {
    this.#reliability = reliability;
    this.#window = window;
    this.#isRemembered = isRemembered;
  }

  /** Number of messages that wait for a place in the window. */
  get queued(): number {
    return this.#queue.length;
  }

  get isIdle(): boolean {
    return this.#queue.length === 0 && this.#inFlight.length === 0;
  }

  /** The number that the next pushed message will get. */
  get nextSequence(): number {
    return this.#next;
  }

  /** Time of the next {@link poll}: 0 for at once, Infinity if nothing is under way. */
  get dueAt(): number {
    const [first] = this.#queue;
    if (first !== undefined && this.#hasPlaceFor(first)) return 0;
    let dueAt = Number.POSITIVE_INFINITY;
    for (const pending of this.#inFlight) dueAt = Math.min(dueAt, pending.dueAt);
    return dueAt;
  }

  push(message: Message): void {
    this.#queue.push({message, sequence: this.#next, isAnswer: false});
    this.#next = (this.#next + 1) % this.#reliability.modulus;
  }

  /** @param sequence The number of the request. */
  pushAnswer(message: Message, sequence: number): void {
    this.#queue.push({message, sequence, isAnswer: true});
  }

  /** As {@link pushAnswer}, but before all messages that wait, so that it needs only one free place. */
  pushAnswerFirst(message: Message, sequence: number): void {
    this.#queue.unshift({message, sequence, isAnswer: true});
  }

  /** @returns Whether such a message with that number is under way, or among the first `next` that wait. */
  has(sequence: number, isMeant: (message: Message) => boolean, next: number): boolean {
    const isIt = (queued: Queued<Message>) =>
      queued.sequence === sequence && isMeant(queued.message);
    return this.#inFlight.some(isIt) || this.#queue.slice(0, next).some(isIt);
  }

  /** Whether such a message has been sent and is not confirmed yet. */
  isUnderWay(isMeant: (message: Message) => boolean): boolean {
    return this.#inFlight.some(({message}) => isMeant(message));
  }

  /** Whether such a message is under way or waits. */
  holds(isMeant: (message: Message) => boolean): boolean {
    return this.isUnderWay(isMeant) || this.#queue.some(({message}) => isMeant(message));
  }

  /**
   * Removes the message with that number, whichever copy of it was confirmed.
   *
   * @param isMeant Whether this kind of confirmation belongs to that message: numbers are used again, and an answer can
   *   have the number of a message.
   * @returns undefined if nothing waits for the confirmation: it comes a second time, or late.
   */
  confirm(
    sequence: number,
    now: number,
    isMeant: (message: Message) => boolean,
  ): Confirmed<Message> | undefined {
    const index = this.#inFlight.findIndex(
      pending => pending.sequence === sequence && isMeant(pending.message),
    );
    const pending = this.#inFlight[index];
    if (pending === undefined) return undefined;
    this.#inFlight.splice(index, 1);
    const roundTripMs = pending.attempt === 0 ? now - pending.firstSentAt : undefined;
    return {message: pending.message, roundTripMs};
  }

  /**
   * As {@link confirm}, for a confirmation that nothing under way waits for: removes and returns the message that was
   * given up under that number.
   */
  confirmLate(
    sequence: number,
    now: number,
    isMeant: (message: Message) => boolean,
  ): Message | undefined {
    const message = this.#givenUp.get(sequence, now);
    if (message === undefined || !isMeant(message)) return undefined;
    this.#givenUp.delete(sequence);
    return message;
  }

  /** Until when a confirmation may still come that {@link confirmLate} knows. */
  get rememberedUntil(): number {
    return this.#givenUp.until;
  }

  poll(now: number): Polled<Message> {
    const transmissions: Transmission<Message>[] = [];
    const failed: Message[] = [];
    for (let index = 0; index < this.#inFlight.length; index++) {
      const pending = this.#inFlight[index];
      if (pending === undefined || now < pending.dueAt) continue;
      if (pending.attempt === this.#reliability.retransmissions) {
        failed.push(pending.message);
        this.#giveUp(pending, now);
        this.#inFlight.splice(index--, 1);
        continue;
      }
      pending.attempt++;
      // From now, not from dueAt: a laptop that wakes up owes one datagram, not all it slept through.
      pending.dueAt = now + this.#reliability.timeoutMs;
      const {message, sequence, attempt} = pending;
      transmissions.push({message, sequence, attempt});
    }
    // If a message is given up, its owner may not want to send those behind it.
    if (failed.length === 0) this.#admit(now, transmissions);
    return {transmissions, failed};
  }

  /** Removes and returns everything, in the order in which it was pushed. */
  drain(now: number): Drained<Message> {
    // A message that was never sent gives its number back, or the receiver would wait for it.
    this.#next = this.#queue.find(({isAnswer}) => !isAnswer)?.sequence ?? this.#next;
    for (const pending of this.#inFlight) this.#giveUp(pending, now);
    const sent = this.#inFlight.splice(0).map(({message}) => message);
    const unsent = this.#queue.splice(0).map(({message}) => message);
    return {sent, unsent};
  }

  #giveUp({message, sequence, isAnswer}: Queued<Message>, now: number): void {
    if (!isAnswer && this.#isRemembered(message)) this.#givenUp.add(sequence, now, message);
  }

  #admit(now: number, transmissions: Transmission<Message>[]): void {
    let admitted = 0;
    for (const queued of this.#queue) {
      if (!this.#hasPlaceFor(queued)) break;
      admitted++;
      // From now on a confirmation of that number is one of this message.
      this.#givenUp.delete(queued.sequence);
      const dueAt = now + this.#reliability.timeoutMs;
      this.#inFlight.push({...queued, firstSentAt: now, dueAt, attempt: 0});
      transmissions.push({message: queued.message, sequence: queued.sequence, attempt: 0});
    }
    if (admitted > 0) this.#queue.splice(0, admitted);
  }

  /**
   * The window is counted in numbers from the oldest that is unconfirmed, not in messages: otherwise
   * a lost one could be overtaken by a whole lap of the counter.
   */
  #hasPlaceFor({sequence, isAnswer}: Queued<Message>): boolean {
    if (this.#inFlight.length >= this.#window) return false;
    if (isAnswer) return true;
    const oldest = this.#inFlight.find(pending => !pending.isAnswer);
    if (oldest === undefined) return true;
    const {modulus} = this.#reliability;
    return (sequence - oldest.sequence + modulus) % modulus < this.#window;
  }
}
