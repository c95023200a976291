import type {Connection, StreamClientHost} from '../../protocol.ts';
import {Fences, silenceMs} from '../../streams/fences.ts';
import * as wire from '../wire.ts';

/**
 * The hub writes the −1 of a message and that of its fence at once. If the second −1 has not come after this time, or
 * after two round trips if those take longer, it will not come.
 */
const secondAnswerMs = 100;

/** The longest round trip of late fades by this factor at each shorter one. */
const keptOfLongest = 0.95;

/** Without fences there is only one −1, and the round trip is not known. */
const onlyAnswerMs = 1000;

/** A hub that lives takes another connection within this time. */
const visitMs = 10_000;

/** At most this many messages have an unknown fate. Further ones wait, so that a stream of them does not flood the hub. */
const maximumUnsettled = 64;

/**
 * What became of a message: the hub has it, or has found nobody whom it is for, or may never have got it; or it was
 * never said.
 */
export type Fate = 'taken' | 'refused' | 'unknown' | 'unsaid';

export type Message = {
  /** Of the text that it carries, if any. */
  readonly id?: number;
  /** Undefined if only the fence is sent. */
  readonly request?: wire.Request;
  /** The reader. If they are gone, the hub answers −1. */
  readonly to?: number;
  /** Called once. */
  readonly onFate: (fate: Fate, now: number) => void;
};

type Said = Message & {readonly bytes?: Uint8Array; hasReaderLeft: boolean};

/** Whether the hub answers fences: not known yet, yes, or no. */
export type Proof = 'unproven' | 'proven' | 'without';

export type DeliveriesHost = Pick<StreamClientHost, 'open' | 'trace'> & {
  write(bytes: Uint8Array): void;
  /** An id that has requested nothing from us. Refusing it has no effect but the answer −1 (R6). */
  nobody(): number;
};

/**
 * Messages to the hub over one connection, and proof that they have arrived. The question of its {@link Fences} is the
 * refusal of a private connection that nobody has requested. The answer is −1 (R6).
 *
 * But −1 is also the answer to a message for somebody who is gone, and looks the same. Then two come, one right behind
 * the other. Each −1 is counted for the oldest fence, so that a surplus of one at the end means that a message before it
 * has failed. If a reader has gone, we know it: the hub told their departure before that −1. If nobody has gone,
 * messages with a reader count as delivered only when everything is answered and no further −1 has come. Until then
 * nothing is sent to another reader, or we could not tell whose message has failed. Messages for everybody that follow
 * them wait as well: the −1 that was counted for such a message may be the second −1 of the one before it, and its own
 * comes a round trip later.
 *
 * Another implementation of the hub may not answer fences. If it leaves the first one unanswered, we open another
 * connection: a hub that accepts it lives, and we do without fences (R6). Then a message counts as delivered when it is
 * written, and a message with a reader when no −1 has come within a second. We ask nothing: the system notices a dead
 * connection, and notices it soonest if nothing was written to it.
 *
 *     unproven   the first −1 comes → proven; it does not come, though the hub lives → without
 *
 * A hub may even end the connection when it gets a fence. Then the owner uses no fences with it any more.
 */
export class Deliveries {
  readonly #host: DeliveriesHost;
  readonly #fences: Fences<Said>;
  #state: Proof;
  /** The other connection, opened to see whether the hub lives. */
  #visit: {readonly connection: Connection; until: number} | undefined;
  /** Messages with a reader that were answered once, and what was answered after them. */
  #doubtful: Message[] = [];
  /** The longest of the last round trips. */
  #longestMs = 0;
  /** Number of messages that have failed and whose second −1 has not come yet. */
  #failed = 0;
  #answeredAt = Number.NEGATIVE_INFINITY;

  constructor(host: DeliveriesHost, proof: 'unproven' | 'without', now: number) {
    this.#host = host;
    this.#state = proof;
    this.#fences = new Fences<Said>(
      {
        write: (bytes, message) => {
          host.write(bytes);
          if (message?.id !== undefined) this.#traceAttempt(message.id, bytes);
        },
        question: () => this.#question(),
        mayGo: message => this.#mayGo(message),
      },
      now,
    );
    if (proof === 'unproven') this.#fences.ask(now);
  }

  get proof(): Proof {
    return this.#state;
  }

  get roundTripMs(): number | undefined {
    return this.#state === 'without' ? undefined : this.#fences.roundTripMs;
  }

  get dueAt(): number {
    if (this.#state === 'without') return this.#settledAt;
    return Math.min(this.#visit?.until ?? this.#fences.dueAt, this.#settledAt);
  }

  /** The hub has left a fence unanswered for too long. */
  isSilent(now: number): boolean {
    if (this.#visit !== undefined) return now >= this.#visit.until;
    return this.#state === 'proven' && this.#fences.isSilent(now);
  }

  say(message: Message, now: number): void {
    const {request} = message;
    const bytes = request === undefined ? {} : {bytes: wire.encodeRequest(request)};
    this.#fences.say({...message, ...bytes, hasReaderLeft: false}, now);
    this.#passWithout(now);
  }

  /** A −1 has come. */
  answered(now: number): void {
    if (this.#state === 'unproven') {
      this.#state = 'proven';
      this.#endVisit();
    }
    if (this.#fences.unanswered > 0) this.#pass(now);
    else this.#onSurplusAnswer(now);
    this.#pump(now);
  }

  /** That user has left: unanswered messages to them may have come too late. */
  departed(id: number, now: number): void {
    for (const said of this.#fences.said) if (said.to === id) said.hasReaderLeft = true;
    for (const {onFate} of this.#fences.withdraw(({to}) => to === id)) onFate('refused', now);
    this.#pump(now);
  }

  onTime(now: number): void {
    if (now >= this.#settledAt) this.settle(now);
    if (this.#state === 'without') return;
    this.#fences.onTime(now);
    const isUnproven = this.#state === 'unproven' && this.#visit === undefined;
    if (isUnproven && this.#fences.isSilent(now)) this.#seeWhetherItLives(now);
  }

  /** No further −1 will come. */
  settle(now: number): void {
    this.#failed = 0;
    for (const {onFate} of this.#doubtful.splice(0)) onFate('taken', now);
    this.#pump(now);
  }

  /** We leave: says everything that waits. */
  flush(now: number): void {
    this.#fences.flush(now);
    this.#passWithout(now);
  }

  /** No more answers will come. */
  abandon(now: number): void {
    this.#endVisit();
    const {said, unsaid} = this.#fences.abandon();
    for (const {onFate} of [...this.#doubtful.splice(0), ...said]) onFate('unknown', now);
    for (const {onFate} of unsaid) onFate('unsaid', now);
  }

  #traceAttempt(id: number, frame: Uint8Array): void {
    // Without fences nothing is waited for but a refusal.
    const timeoutMs = this.#state === 'without' ? onlyAnswerMs : silenceMs;
    this.#host.trace?.({type: 'attempt', id, frame, timeoutMs, left: 0});
  }

  #question(): Uint8Array {
    if (this.#state === 'without') return nothing;
    return wire.encodeRequest({type: 'refuseConnection', id: this.#host.nobody()});
  }

  #mayGo({to}: Message): boolean {
    const said = this.#fences.said;
    if (said.length + this.#doubtful.length >= maximumUnsettled) return false;
    if (to === undefined) return true;
    // Before the first −1 nobody could tell whether it is about this message or about a fence.
    if (this.#state === 'unproven') return false;
    // A message before it is for somebody else, who may not be reachable.
    const isOther = (message: Message) => message.to !== undefined && message.to !== to;
    return !this.#doubtful.some(isOther) && !said.some(isOther);
  }

  /** The oldest fence is answered. */
  #pass(now: number): void {
    this.#answeredAt = now;
    const message = this.#fences.answered(now);
    this.#longestMs = Math.max(this.#fences.roundTripMs ?? 0, keptOfLongest * this.#longestMs);
    if (message === undefined) return;
    const isInDoubt = this.#doubtful.length > 0 || this.#failed > 0;
    if (message.to === undefined && (!isInDoubt || this.#state === 'without')) {
      message.onFate('taken', now);
    } else if (message.hasReaderLeft) {
      this.#failed++;
      message.onFate('refused', now);
    } else {
      this.#doubtful.push(message);
    }
  }

  /** Without fences, a written message counts as answered. */
  #passWithout(now: number): void {
    while (this.#state === 'without' && this.#fences.unanswered > 0) {
      this.#pass(now);
      this.#fences.pump(now);
    }
  }

  #pump(now: number): void {
    this.#fences.pump(now);
    this.#passWithout(now);
  }

  get #settledAt(): number {
    const isOpen =
      this.#fences.unanswered > 0 || (this.#doubtful.length === 0 && this.#failed === 0);
    if (isOpen) return Number.POSITIVE_INFINITY;
    const patienceMs =
      this.#state === 'without' ? onlyAnswerMs : Math.max(secondAnswerMs, 2 * this.#longestMs);
    return this.#answeredAt + patienceMs;
  }

  /** A surplus −1 has come. If nobody can tell which message with a reader has failed, none counts as delivered. */
  #onSurplusAnswer(now: number): void {
    if (this.#failed > 0) {
      this.#failed--;
      return;
    }
    for (const {onFate, to} of this.#doubtful.splice(0)) {
      onFate(to === undefined ? 'taken' : 'refused', now);
    }
  }

  /** The hub has never answered a fence: opens another connection to see whether it lives, and says nothing on it. */
  #seeWhetherItLives(now: number): void {
    const connection = this.#host.open({
      opened: at => this.#lives(connection, at),
      received() {},
      ended() {},
      drained() {},
      closed: (_code, at) => {
        if (this.#visit?.connection === connection) this.#visit.until = at;
      },
    });
    this.#visit = {connection, until: now + visitMs};
  }

  #lives(connection: Connection, now: number): void {
    if (this.#visit?.connection !== connection) return;
    this.#endVisit();
    this.#state = 'without';
    this.#pump(now);
  }

  #endVisit(): void {
    const visit = this.#visit;
    this.#visit = undefined;
    visit?.connection.destroy();
  }
}

const nothing = new Uint8Array(0);
