import {Inbox} from '../../transport/inbox.ts';
import {Outbox} from '../../transport/outbox.ts';
import {clientWindow, horizonMs, type Reliability} from '../../transport/reliability.ts';
import {Reorder} from '../../transport/reorder.ts';
import type {DatagramClientHost, RegistrationRefusal} from '../protocol.ts';

/** Leaving takes at most this long, however patient the protocol is and whatever is still under way. */
const maximumGoodbyeMs = 3000;
/** After this time the goodbye is said even if messages still wait before it: it needs time to be repeated. */
const maximumUnsaidMs = 1000;

/** A message to the hub until it is confirmed. */
export type ToHub = {
  /** Encoded with number 0. */
  readonly datagram: Uint8Array;
  /** Id of the text, if it carries one. */
  readonly id?: number;
};

/** What a {@link HubLink} needs from its protocol's client end. */
export type HubLinkHost<Outgoing, Message> = Pick<
  DatagramClientHost,
  'hub' | 'send' | 'emit' | 'trace'
> & {
  readonly reliability: Reliability;
  withSequence(datagram: Uint8Array, sequence: number): Uint8Array;
  registration(): Outgoing;
  /** Undefined while the hub would not understand it. */
  goodbye(): Outgoing | undefined;
  /** We are registered, perhaps not for the first time: our knowledge may be out of date. */
  connected(now: number): void;
  /** A message of the hub has arrived, perhaps before its turn. */
  arrived?(message: Message): void;
  /** The hub's next message, in the order in which it was sent. */
  deliver(message: Message, now: number): void;
  /** A message of the hub is lost for good: the hub may have given us up. */
  missed(): void;
  /**
   * The hub has not confirmed it, and is taken for lost.
   *
   * @param wasSent False: it was still waiting for its turn, so the hub cannot have it.
   */
  abandoned(outgoing: Outgoing, wasSent: boolean, now: number): void;
};

/**
 * A client's registration at the hub and the reliable messages in both directions (docs/protocols/reliability.md). Their
 * content belongs to the protocol.
 *
 * The states: new → registering → registered → leaving → gone; from registering and registered to lost when the hub is
 * silent, and back to registering on the next {@link connect}.
 */
export class HubLink<Outgoing extends ToHub, Message> {
  readonly #host: HubLinkHost<Outgoing, Message>;
  readonly #outbox: Outbox<Outgoing>;
  readonly #inbox: Inbox<Uint8Array>;
  readonly #reorder: Reorder<Message>;
  #state: 'new' | 'registering' | 'registered' | 'lost' | 'leaving' | 'gone' = 'new';
  /** Time to register: not before all datagrams of a former registration have died out. */
  #registerAt = Number.POSITIVE_INFINITY;
  #acceptedAt = Number.NEGATIVE_INFINITY;
  #wasRegistered = false;
  /** We say goodbye as soon as the hub has let us in. */
  #isEnding = false;
  #registration: Outgoing | undefined;
  /** Said as soon as everything before it is confirmed. */
  #goodbye: {readonly outgoing: Outgoing; readonly sequence: number} | undefined;
  #hurryAt = Number.POSITIVE_INFINITY;
  #endAt = Number.POSITIVE_INFINITY;
  readonly statistics = {
    sent: 0,
    received: 0,
    retransmissions: 0,
    roundTripMs: undefined as number | undefined,
  };

  constructor(host: HubLinkHost<Outgoing, Message>) {
    this.#host = host;
    this.#outbox = new Outbox(host.reliability, clientWindow, ({id}) => id !== undefined);
    this.#inbox = new Inbox(host.reliability);
    this.#reorder = new Reorder(host.reliability);
  }

  /** Whether requests make sense. */
  get isRegistered(): boolean {
    return this.#state === 'registered';
  }

  get isRegistering(): boolean {
    return this.#state === 'registering';
  }

  /** Whether messages of the hub are for us. */
  get isHeard(): boolean {
    return this.#state === 'registered' || this.#state === 'leaving';
  }

  /** Registered, or registered before and perhaps still known to the hub. */
  get isKnown(): boolean {
    return this.#wasRegistered && this.#state !== 'gone';
  }

  /** Nothing more will be received. */
  get isGone(): boolean {
    return this.#state === 'gone';
  }

  /** The number that the next message will get. */
  get nextSequence(): number {
    return this.#outbox.nextSequence;
  }

  /** Whether such a message has been sent and is not confirmed yet. */
  isUnderWay(isMeant: (outgoing: Outgoing) => boolean): boolean {
    return this.#outbox.isUnderWay(isMeant);
  }

  /** Whether such a message is under way or waits for its turn. */
  holds(isMeant: (outgoing: Outgoing) => boolean): boolean {
    return this.#outbox.holds(isMeant);
  }

  /** The newest number that the hub has used, as far as we know. */
  get newest(): number {
    return this.#reorder.newest;
  }

  /** Whether the hub may use that number for one of its next messages. */
  isComing(sequence: number): boolean {
    return this.#reorder.isExpected(sequence);
  }

  get dueAt(): number {
    if (this.#state === 'gone') return Number.POSITIVE_INFINITY;
    return Math.min(
      this.#outbox.dueAt,
      this.#reorder.dueAt,
      this.#registerAt,
      this.#hurryAt,
      this.#endAt,
    );
  }

  /** Registers; again after `lost`. */
  connect(now: number): void {
    this.#state = 'registering';
    this.#registerAt = Math.max(now, this.#acceptedAt + this.#host.reliability.memoryMs);
    this.onTime(now);
  }

  /** Says goodbye; the owner calls {@link end} when it is confirmed. */
  disconnect(now: number): void {
    const goodbye = this.#state === 'new' ? undefined : this.#host.goodbye();
    const longestMs = Math.min(horizonMs(this.#host.reliability), maximumGoodbyeMs);
    this.#endAt = Math.min(this.#endAt, now + longestMs);
    if (goodbye !== undefined) {
      // Under a number that the hub has not heard: 0 would be a copy of our registration.
      this.#goodbye = {outgoing: goodbye, sequence: this.#outbox.nextSequence};
    }
    if (this.#state === 'registered' && goodbye !== undefined) {
      this.#state = 'leaving';
      if (!this.#outbox.isIdle) this.#hurryAt = now + maximumUnsaidMs;
      this.push(goodbye);
      this.pump(now);
    } else if (this.#state === 'registering' && goodbye === undefined) {
      this.#isEnding = true;
    } else {
      this.#giveUp(now);
    }
  }

  /** Says goodbye before what is still to be said. */
  #hurry(now: number): void {
    this.#hurryAt = Number.POSITIVE_INFINITY;
    const {sent, unsent} = this.#outbox.drain(now);
    if (this.#goodbye === undefined) return;
    const {outgoing} = this.#goodbye;
    this.#abandon(sent, true, now);
    this.#abandon(
      unsent.filter(other => other !== outgoing),
      false,
      now,
    );
    this.#goodbye = {outgoing, sequence: this.#outbox.nextSequence};
    this.push(outgoing);
  }

  /** One last word, for the case that the hub has us registered and hears it. */
  #giveUp(now: number): void {
    if (this.#goodbye !== undefined) {
      this.#send(this.#goodbye.outgoing.datagram, this.#goodbye.sequence);
    }
    this.end(now);
  }

  end(now: number): void {
    this.#state = 'gone';
    this.#outbox.drain(now);
    this.#host.emit({type: 'disconnected'});
  }

  push(outgoing: Outgoing): void {
    this.#outbox.push(outgoing);
  }

  /** @param sequence Number of the message that it answers. */
  pushAnswer(outgoing: Outgoing, sequence: number): void {
    this.#outbox.pushAnswer(outgoing, sequence);
  }

  /** Removes the message that a confirmation with that number belongs to. */
  confirm(
    sequence: number,
    now: number,
    isMeant: (outgoing: Outgoing) => boolean,
  ): Outgoing | undefined {
    const confirmed = this.#outbox.confirm(sequence, now, isMeant);
    if (confirmed?.roundTripMs !== undefined) this.statistics.roundTripMs = confirmed.roundTripMs;
    this.#traceConfirmation(confirmed?.message);
    return confirmed?.message;
  }

  /** As {@link confirm}, of a text that was given up: whatever it was for, the hub has got it after all. */
  confirmLate(
    sequence: number,
    now: number,
    isMeant: (outgoing: Outgoing) => boolean,
  ): Outgoing | undefined {
    const outgoing = this.#outbox.confirmLate(sequence, now, isMeant);
    this.#traceConfirmation(outgoing);
    return outgoing;
  }

  /** The hub has confirmed the registration. */
  registered(now: number): void {
    // Before the hub says where we are now: they were said where we were then.
    for (const message of this.#reorder.reconnected(now)) this.#host.deliver(message, now);
    this.#goOn(now);
  }

  /** The hub has refused it. */
  refused(reason: RegistrationRefusal, now: number): void {
    this.#state = 'lost';
    if (this.#isEnding) this.end(now);
    else this.#host.emit({type: 'refused', reason});
  }

  /** The hub no longer knows us, though it answers. */
  forgotten(now: number): void {
    if (this.isHeard) this.#lose(now);
  }

  /**
   * Receives a message under a number of the hub's own: answers it, and delivers it in its turn.
   *
   * @param answer Encoded with number 0. A second copy of the message gets the same answer.
   */
  receive(sequence: number, message: Message, answer: Uint8Array, now: number): void {
    if (this.#isLost && this.#reorder.isExpected(sequence)) this.#resume(now);
    // Before we are registered it may belong to a former registration. If it does not, the hub repeats it.
    if (!this.isHeard || this.#reorder.isStray(sequence, now)) return;
    this.#acceptedAt = now;
    const receipt = this.#inbox.receive(sequence, now);
    if (receipt.isDuplicate) {
      if (receipt.answer !== undefined) this.#send(receipt.answer, sequence);
      return;
    }
    this.#inbox.answer(sequence, answer);
    this.#send(answer, sequence);
    this.#host.arrived?.(message);
    for (const next of this.#reorder.receive(sequence, message, now)) {
      this.#host.deliver(next, now);
    }
  }

  onTime(now: number): void {
    const overdue = this.#reorder.onTime(now);
    for (const message of overdue) this.#host.deliver(message, now);
    if (overdue.length > 0) this.#host.missed();
    if (now >= this.#registerAt) {
      this.#registerAt = Number.POSITIVE_INFINITY;
      this.#registration = this.#host.registration();
      this.push(this.#registration);
    }
    if (now >= this.#hurryAt) this.#hurry(now);
    if (now >= this.#endAt) this.#giveUp(now);
    this.pump(now);
  }

  /** Sends what is due. To be called after every push. */
  pump(now: number): void {
    for (;;) {
      const {transmissions, failed} = this.#outbox.poll(now);
      for (const {message, sequence, attempt} of transmissions) {
        const frame = this.#send(message.datagram, sequence);
        this.#traceAttempt(message, frame, attempt);
        if (message === this.#goodbye?.outgoing) this.#hurryAt = Number.POSITIVE_INFINITY;
        if (message === this.#registration) {
          const of = this.#host.reliability.retransmissions + 1;
          this.#host.emit({type: 'asked', count: attempt + 1, of});
        }
        if (attempt === 0) continue;
        this.statistics.retransmissions++;
        if (message.id !== undefined) this.#host.emit({type: 'retransmitted', id: message.id});
      }
      if (failed.length === 0) return;
      this.#lose(now, failed);
    }
  }

  /** Registered before, and perhaps still known to the hub. */
  get #isLost(): boolean {
    return this.#wasRegistered && (this.#state === 'lost' || this.#state === 'registering');
  }

  /** The hub has sent the next number: it still knows us, and only the network was silent. */
  #resume(now: number): void {
    this.#registerAt = Number.POSITIVE_INFINITY;
    this.#outbox.drain(now);
    this.#goOn(now);
  }

  #goOn(now: number): void {
    this.#state = 'registered';
    this.#wasRegistered = true;
    if (this.#isEnding) {
      this.disconnect(now);
      return;
    }
    this.#host.emit({type: 'connected'});
    this.#host.connected(now);
  }

  /** @param failed Not confirmed for the whole horizon: nothing that waits has a better chance. */
  #lose(now: number, failed: readonly Outgoing[] = []): void {
    const former = this.#state;
    this.#state = 'lost';
    const {sent, unsent} = this.#outbox.drain(now);
    this.#abandon([...failed, ...sent], true, now);
    this.#abandon(unsent, false, now);
    if (former === 'leaving' || this.#isEnding) this.end(now);
    else if (former === 'registering') this.#host.emit({type: 'refused', reason: 'unreachable'});
    else this.#host.emit({type: 'lost'});
  }

  #abandon(all: readonly Outgoing[], wasSent: boolean, now: number): void {
    for (const outgoing of all) {
      const {id} = outgoing;
      if (wasSent && id !== undefined) this.#host.trace?.({type: 'given-up', id, reason: 'silent'});
      this.#host.abandoned(outgoing, wasSent, now);
    }
  }

  #traceAttempt({id}: Outgoing, frame: Uint8Array, attempt: number): void {
    if (id === undefined) return;
    const {timeoutMs, retransmissions} = this.#host.reliability;
    const left = retransmissions - attempt;
    this.#host.trace?.({type: 'attempt', id, frame, timeoutMs, left});
  }

  #traceConfirmation(outgoing: Outgoing | undefined): void {
    const id = outgoing?.id;
    if (id !== undefined) this.#host.trace?.({type: 'confirmation', id});
  }

  /** @returns The datagram with its number. */
  #send(datagram: Uint8Array, sequence: number): Uint8Array {
    const numbered = this.#host.withSequence(datagram, sequence);
    this.#host.send(numbered, this.#host.hub());
    return numbered;
  }
}
