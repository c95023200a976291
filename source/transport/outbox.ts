import type {Reliability} from './reliability.ts';

/** One datagram to write now. */
export type Transmission<Message> = {
  readonly message: Message;
  readonly sequence: number;
  /** 0 for the first transmission. */
  readonly attempt: number;
};

export type Polled<Message> = {
  readonly transmissions: readonly Transmission<Message>[];
  /** Never confirmed, and given up. */
  readonly failed: readonly Message[];
};

export type Confirmed<Message> = {
  readonly message: Message;
  /** Undefined if it was sent more than once: nobody knows which of them was confirmed. */
  readonly roundTripMs: number | undefined;
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
 * Everything reliable on its way to one destination: numbering, the window, retransmission and
 * giving up. Owns no timer, socket or clock: after any call the owner sends what {@link poll}
 * returns, and polls again when {@link dueAt} has come.
 *
 * A message takes the next number of the counter. An *answer* carries the number of the request that
 * it answers, and is repeated like a message until it is confirmed itself (a list in `res302`, for one).
 */
export class Outbox<Message> {
  readonly #reliability: Reliability;
  readonly #window: number;
  readonly #inFlight: InFlight<Message>[] = [];
  #queue: Queued<Message>[] = [];
  #next = 0;

  /** @param window How many consecutive numbers may be under way at once. */
  constructor(reliability: Reliability, window: number) {
    this.#reliability = reliability;
    this.#window = window;
  }

  /** Messages that wait for a place in the window. */
  get queued(): number {
    return this.#queue.length;
  }

  get isIdle(): boolean {
    return this.#queue.length === 0 && this.#inFlight.length === 0;
  }

  /** The number that the next message pushed will have. */
  get nextSequence(): number {
    return this.#next;
  }

  /** When to {@link poll} again: 0 if at once, Infinity if nothing is under way. */
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

  /** @param sequence That of the request it answers. */
  pushAnswer(message: Message, sequence: number): void {
    this.#queue.push({message, sequence, isAnswer: true});
  }

  /** As {@link pushAnswer}, before all that waits: whoever has asked waits for one free place, not for them. */
  pushAnswerFirst(message: Message, sequence: number): void {
    this.#queue.unshift({message, sequence, isAnswer: true});
  }

  /** @returns Whether such a message with that number is under way, or among the `next` that wait first. */
  has(sequence: number, isMeant: (message: Message) => boolean, next: number): boolean {
    const isIt = (queued: Queued<Message>) =>
      queued.sequence === sequence && isMeant(queued.message);
    return this.#inFlight.some(isIt) || this.#queue.slice(0, next).some(isIt);
  }

  /** Whether such a message was sent and is not confirmed yet. */
  isUnderWay(isMeant: (message: Message) => boolean): boolean {
    return this.#inFlight.some(({message}) => isMeant(message));
  }

  /**
   * Takes the message with that number off, whichever copy of it was confirmed.
   *
   * @param isMeant Whether a confirmation of the kind that has come is one of that message: numbers
   *   come round, and answers share those of messages.
   * @returns undefined if nothing waits for that confirmation: it comes a second time, or too late.
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

  poll(now: number): Polled<Message> {
    const transmissions: Transmission<Message>[] = [];
    const failed: Message[] = [];
    for (let index = 0; index < this.#inFlight.length; index++) {
      const pending = this.#inFlight[index];
      if (pending === undefined || now < pending.dueAt) continue;
      if (pending.attempt === this.#reliability.retransmissions) {
        failed.push(pending.message);
        this.#inFlight.splice(index--, 1);
        continue;
      }
      pending.attempt++;
      // From now, not from dueAt: a laptop that wakes up owes one datagram, not all it slept through.
      pending.dueAt = now + this.#reliability.timeoutMs;
      const {message, sequence, attempt} = pending;
      transmissions.push({message, sequence, attempt});
    }
    this.#admit(now, transmissions);
    return {transmissions, failed};
  }

  /** Takes out everything, under way or waiting, in the order in which it was pushed. */
  drain(): Message[] {
    // What was never sent gives its number back, or its receiver would wait for it.
    this.#next = this.#queue.find(({isAnswer}) => !isAnswer)?.sequence ?? this.#next;
    const messages = [...this.#inFlight, ...this.#queue].map(({message}) => message);
    this.#inFlight.length = 0;
    this.#queue = [];
    return messages;
  }

  #admit(now: number, transmissions: Transmission<Message>[]): void {
    let admitted = 0;
    for (const queued of this.#queue) {
      if (!this.#hasPlaceFor(queued)) break;
      admitted++;
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
