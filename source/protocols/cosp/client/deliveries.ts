import type {Connection, StreamClientHost} from '../../protocol.ts';
import {Fences} from '../../streams/fences.ts';
import * as wire from '../wire.ts';

/**
 * Both −1 of a message and of its fence are written at once: a second −1 that has not come by then does not come.
 * Where two round trips take longer, it has that time.
 */
const secondAnswerMs = 100;

/** Without fences there is one −1 alone, and the round trip is not known. */
const onlyAnswerMs = 1000;

/** A hub that lives has taken another connection by then. */
const visitMs = 10_000;

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
  readonly onFate: (fate: Fate, now: number) => void;
};

type Said = Message & {readonly bytes?: Uint8Array; hasReaderLeft: boolean};

/** Whether the hub answers fences: not known yet, or known. */
export type Proof = 'unproven' | 'proven' | 'without';

export type DeliveriesHost = Pick<StreamClientHost, 'open'> & {
  write(bytes: Uint8Array): void;
  /** An id that has asked us nothing: refusing it is answered by −1, and does nothing else (R6). */
  nobody(): number;
};

/**
 * What we say to the hub over one connection, and whether it has arrived: {@link Fences}, whose question is to refuse
 * a private connection nobody has asked for. The answer is −1 (R6).
 *
 * But −1 is also the answer to a message for somebody who is gone, and looks the same: then two come, one right behind
 * the other. Each −1 is counted for the oldest fence, so that one too many in the end says that something before it
 * has failed. That a reader has gone is known: their departure was told before that −1. If nobody has gone, messages
 * with a reader are not called delivered before everything is answered and no second −1 has come. Until then nothing
 * is sent to another reader, who would be blamed for it.
 *
 * The hub of a stranger may not answer fences. If it leaves the first one unanswered, it is asked for another
 * connection: a hub that takes one lives, and we do without fences (R6). A message is then called delivered when it is
 * written, and one with a reader when no −1 has come within a second. Nothing is asked: the system notices a connection
 * that is dead, and soonest where nothing was written to it.
 *
 *     unproven   the first −1 comes → proven; it does not come, though the hub lives → without
 *
 * A hub may even end the connection at a fence: one that has done so is given none by the owner.
 */
export class Deliveries {
  readonly #host: DeliveriesHost;
  readonly #fences: Fences<Said>;
  #state: Proof;
  /** The other connection, to see whether the hub lives. */
  #visit: {readonly connection: Connection; until: number} | undefined;
  /** Answered once. */
  #doubtful: Message[] = [];
  /** Messages known to have failed whose second −1 is still to come. */
  #failed = 0;
  #answeredAt = Number.NEGATIVE_INFINITY;

  constructor(host: DeliveriesHost, proof: 'unproven' | 'without', now: number) {
    this.#host = host;
    this.#state = proof;
    this.#fences = new Fences<Said>(
      {
        write: bytes => host.write(bytes),
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
    else this.#answeredTwice(now);
    this.#pump(now);
  }

  /** That user has left: what is not answered yet may have come too late. */
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

  /** No second −1 comes any more. */
  settle(now: number): void {
    this.#failed = 0;
    for (const {onFate} of this.#doubtful.splice(0)) onFate('taken', now);
    this.#pump(now);
  }

  /** Says all that waits, as we leave. */
  flush(now: number): void {
    this.#fences.flush(now);
    this.#passWithout(now);
  }

  /** Nothing is answered any more. */
  abandon(now: number): void {
    this.#endVisit();
    const all = [...this.#doubtful.splice(0), ...this.#fences.abandon()];
    for (const {onFate} of all) onFate('unknown', now);
  }

  #question(): Uint8Array {
    if (this.#state === 'without') return nothing;
    return wire.encodeRequest({type: 'refuseConnection', id: this.#host.nobody()});
  }

  #mayGo({to}: Message): boolean {
    const said = this.#fences.said;
    if (said.length + this.#doubtful.length >= maximumUnsettled) return false;
    if (to === undefined) return true;
    // Before the first −1 has come, one could be about this message.
    if (this.#state === 'unproven') return false;
    // One before it is for somebody else, who may not be reachable.
    const isOther = (message: Message) => message.to !== undefined && message.to !== to;
    return !this.#doubtful.some(isOther) && !said.some(isOther);
  }

  /** The oldest fence is answered. */
  #pass(now: number): void {
    this.#answeredAt = now;
    const message = this.#fences.answered(now);
    if (message === undefined) return;
    if (message.to === undefined) {
      message.onFate('taken', now);
    } else if (message.hasReaderLeft) {
      this.#failed++;
      message.onFate('refused', now);
    } else {
      this.#doubtful.push(message);
    }
  }

  /** Without fences, what is written counts as answered. */
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
      this.#state === 'without'
        ? onlyAnswerMs
        : Math.max(secondAnswerMs, 2 * (this.#fences.roundTripMs ?? 0));
    return this.#answeredAt + patienceMs;
  }

  /** Which of them has failed cannot be told: none is called delivered. */
  #answeredTwice(now: number): void {
    if (this.#failed > 0) this.#failed--;
    else for (const {onFate} of this.#doubtful.splice(0)) onFate('refused', now);
  }

  /** Sees whether the hub lives, that has never answered a fence: opens another connection, and says nothing there. */
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
