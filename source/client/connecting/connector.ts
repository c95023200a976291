import type {Connection, Endpoint, OutgoingListener, Protocol} from '../../protocols/protocol.ts';
import {isSameEndpoint} from '../../transport/endpoint.ts';
import {withoutProtocol} from '../address.ts';
import type {ConnectionState, EngineEvent, RefusalReason, Tries} from '../events.ts';
import {offerSentence, refusalSentence} from '../sentences.ts';
import {Attempts} from './attempts.ts';
import type {Network} from './network.ts';

/** Attempts after a lost connection while the name is in use: our own ghost may hold it until the hub notices. */
const ghostAttempts = 8;
/** A hub that is silent for this time is asked in other protocols too. */
const inquiryAfterMs = 700;

export type ConnectorOptions = {
  readonly protocol: Protocol;
  /** As an address that can be given to `--server`. */
  readonly server: string;
  readonly nick: string;
  /**
   * What to do if the hub cannot be reached, or is full, before it has let us in. `ask` tells the user, and goes on
   * trying meanwhile. By default `give-up`.
   */
  readonly whenUnreachable?: 'give-up' | 'try-on' | 'ask' | undefined;
  /** An earlier engine was let in under this name: its ghost may still be there. */
  readonly isReturning?: boolean | undefined;
  emit(event: EngineEvent): void;
  /** Milliseconds since 1970. */
  wallClock(): number;
  /** From 0 to 1, exclusive. */
  random(): number;
  /** Finds out, at most once an attempt, whether a hub of another protocol is there. */
  readonly inquire?:
    | ((onDone: (found: FoundHub | undefined, now: number) => void) => void)
    | undefined;
  /** Nobody has said that the hub speaks this protocol: {@link EngineEvent} `found` comes if it speaks another one. */
  readonly isGuess?: boolean | undefined;
};

export type FoundHub = {
  readonly server: string;
  /** So there is none of the protocol that was tried, and no use in trying on. */
  readonly isCertain: boolean;
};

/** What a connector needs of its engine. */
export type ConnectorHost = {
  readonly network: Network;
  /** An address is known: register there. */
  register(now: number): void;
  /** Calls `action`, and does afterwards what has to be done after each call. */
  serve(now: number, action: () => void): void;
};

/** Asking in other protocols, in the course of one attempt. */
type Inquiry =
  | {readonly state: 'due'; readonly at: number}
  /** `refusal`: why we are not let in, told when the outcome is known. */
  | {readonly state: 'asking'; readonly refusal?: Refusal}
  | {readonly state: 'done'; readonly found: FoundHub | undefined};

type Refusal = keyof typeof refusalReasons;

/**
 * The way into one hub, and back into it: where it is, when to try again, which protocol it speaks if nobody answers in
 * ours, and what to tell when it does not let us in.
 */
export class Connector {
  readonly #options: ConnectorOptions;
  readonly #host: ConnectorHost;
  readonly #attempts: Attempts;
  #phase: ConnectionState['phase'] | 'closing' = 'connecting';
  #wasConnected = false;
  /** When the hub was heard last, in milliseconds since 1970. */
  #heardAt: number | undefined;
  /** The same, of the hub that is lost. */
  #silentFrom: number | undefined;
  /** There is a hub of another protocol in the place of ours. */
  #isElsewhere = false;
  #inquiry: Inquiry = {state: 'due', at: Number.POSITIVE_INFINITY};

  constructor(options: ConnectorOptions, host: ConnectorHost) {
    this.#options = options;
    this.#host = host;
    this.#attempts = new Attempts({
      network: host.network,
      hasDatagrams: options.protocol.transport === 'udp',
      random: () => options.random(),
      connect: now => {
        this.#scheduleInquiry(now);
        host.register(now);
      },
      failed: (why, now) => this.refused(why, now),
    });
  }

  /** `closing`: we have said goodbye, and wait for the hub to confirm it. */
  get phase(): ConnectionState['phase'] | 'closing' {
    return this.#phase;
  }

  /** The hub's address that is tried, or has answered. */
  get address(): Endpoint {
    return this.#attempts.address;
  }

  get dueAt(): number {
    return Math.min(this.#attempts.dueAt, this.#inquireAt);
  }

  start(now: number): void {
    const {protocol, nick} = this.#options;
    this.#setPhase({phase: 'connecting'});
    if (protocol.isNickname(nick)) this.#attempts.begin();
    else {
      this.#scheduleInquiry(now);
      this.refused('name-invalid', now);
    }
  }

  onTime(now: number): void {
    this.#attempts.onTime(now);
    if (this.#inquireAt <= now) this.#inquire();
  }

  /** A datagram has come from there. */
  heard(from: Endpoint): void {
    if (isSameEndpoint(from, this.address)) this.#heardAt = this.#options.wallClock();
  }

  /** Connects to the hub. */
  open(listener: OutgoingListener, localPort: number | undefined): Connection {
    return this.#attempts.open(
      {
        opened: now => listener.opened(now),
        received: (bytes, now) => {
          this.#heardAt = this.#options.wallClock();
          listener.received(bytes, now);
        },
        ended: now => listener.ended(now),
        drained: now => listener.drained(now),
        closed: (code, now) => listener.closed(code, now),
      },
      localPort,
    );
  }

  /** Connects at once, before the time of the next attempt. */
  hurry(now: number): void {
    this.#attempts.hurry(now);
  }

  /** The hub was asked that often. While the form is shown, it says when the next attempt is. */
  asked(tries: Tries): void {
    if (this.#phase === 'connecting') this.#connecting({tries});
  }

  /** The hub has let us in. */
  connected(): void {
    const {emit, protocol, server, nick, wallClock} = this.#options;
    this.#wasConnected = true;
    this.#inquiry = {state: 'done', found: undefined};
    this.#attempts.succeeded();
    this.#setPhase({phase: 'connected'});
    emit({
      type: 'connected',
      protocol: protocol.name,
      server,
      nick,
      features: [...protocol.features],
    });
    if (this.#silentFrom === undefined) return;
    const [from, to] = [this.#silentFrom, wallClock()].map(at => new Date(at).toISOString());
    this.#silentFrom = undefined;
    if (from !== undefined && to !== undefined) emit({type: 'gap', from, to});
  }

  /** @param isClosed The hub has ended the connection. */
  lost(isClosed: boolean, now: number): void {
    this.#options.emit({type: 'disconnected', reason: isClosed ? 'hub-closed' : 'hub-silent'});
    this.#silentFrom ??= this.#heardAt;
    this.#retryLater(now);
  }

  /** No more attempts. */
  close(): void {
    this.#attempts.stop();
    this.#phase = 'closing';
  }

  /** The hub has confirmed our goodbye, or has not answered in time. */
  closed(): void {
    this.#setPhase({phase: 'closed'});
    if (this.#wasConnected) this.#options.emit({type: 'disconnected', reason: 'left'});
  }

  /** We are not let in. Tells why, unless there is another address, or an inquiry to wait for. */
  refused(refusal: Refusal, now: number): void {
    if (this.#isElsewhere || this.#phase === 'closing' || this.#phase === 'closed') return;
    const {state} = this.#inquiry;
    const found = this.#inquiry.state === 'done' ? this.#inquiry.found : undefined;
    const isCertain = found?.isCertain ?? false;
    if (refusal === 'unreachable' && !isCertain && this.#attempts.goOn(now)) return;
    if (state !== 'done' && this.#waitsForInquiry(refusal)) return;
    const isNobodyHere = refusal === 'unreachable' || refusal === 'name-invalid';
    if (found === undefined || !isNobodyHere) this.#refuse(refusal, now);
    else if (this.#options.isGuess) {
      this.#isElsewhere = true;
      this.#attempts.stop();
      this.#options.emit({type: 'found', server: found.server});
    } else {
      // Whatever the end of this protocol still hears is of no interest.
      this.#isElsewhere = isCertain;
      this.#refuse(refusal, now, found.server);
    }
  }

  get #inquireAt(): number {
    return this.#inquiry.state === 'due' ? this.#inquiry.at : Number.POSITIVE_INFINITY;
  }

  /** Every attempt asks anew: meanwhile a hub may have come. */
  #scheduleInquiry(now: number): void {
    const {inquire, isGuess, whenUnreachable} = this.#options;
    // A client that waits for a hub of this protocol needs no other.
    const isUseful = inquire !== undefined && (isGuess || whenUnreachable !== 'try-on');
    if (!isUseful || this.#wasConnected || this.#inquiry.state === 'asking') return;
    this.#inquiry = {state: 'due', at: now + inquiryAfterMs};
  }

  #inquire(refusal?: Refusal): void {
    this.#inquiry = {state: 'asking', ...(refusal !== undefined && {refusal})};
    if (this.#phase === 'connecting') this.#connecting({isInquiring: true});
    this.#options.inquire?.((found, now) =>
      this.#host.serve(now, () => this.#onInquired(found, now)),
    );
  }

  #onInquired(found: FoundHub | undefined, now: number): void {
    if (this.#inquiry.state !== 'asking') return;
    const {refusal} = this.#inquiry;
    this.#inquiry = {state: 'done', found};
    if (refusal !== undefined) this.refused(refusal, now);
    else if (found?.isCertain) this.refused('unreachable', now);
  }

  /**
   * Whether a refusal has to wait for what the inquiry says: no hub answers, or the name breaks the rule of a protocol that
   * was only guessed.
   */
  #waitsForInquiry(refusal: Refusal): boolean {
    const {isGuess} = this.#options;
    if (refusal !== 'unreachable' && !(refusal === 'name-invalid' && isGuess)) return false;
    if (this.#inquiry.state === 'due') {
      if (this.#inquiry.at === Number.POSITIVE_INFINITY) return false;
      this.#inquire(refusal);
      return true;
    }
    if (this.#inquiry.state === 'asking') this.#inquiry = {state: 'asking', refusal};
    return this.#inquiry.state === 'asking';
  }

  /** @param offer The address of a hub that answers instead, in another protocol. */
  #refuse(refusal: Refusal, now: number, offer?: string): void {
    const reason = refusalReasons[refusal];
    const {nick, server, protocol, emit, whenUnreachable, isReturning} = this.#options;
    const isPassing = !this.#isElsewhere && (reason === 'unreachable' || reason === 'hub-full');
    const isGhost = reason === 'nickname-in-use' && this.#attempts.count <= ghostAttempts;
    const isKnown = this.#wasConnected || (isGhost && isReturning);
    if ((isPassing || isGhost) && (isKnown || (isPassing && whenUnreachable === 'try-on'))) {
      this.#retryLater(now);
      return;
    }
    const sentenceAbout = refusal === 'no-address' || refusal === 'no-socket' ? refusal : reason;
    // Nobody has named the protocol, and nobody answers in another one.
    const where = this.#options.isGuess ? withoutProtocol(server) : server;
    const message =
      offer === undefined
        ? refusalSentence(sentenceAbout, nick, where, protocol)
        : offerSentence(server, offer);
    const refused = {reason, message, ...(offer !== undefined && {offer})};
    if (isPassing && whenUnreachable === 'ask') {
      const retryAt = this.#options.wallClock() + this.#attempts.schedule(now);
      this.#setPhase({phase: 'refused', ...refused, retryAt});
      if (this.#attempts.count > 1) return;
    } else {
      this.#attempts.stop();
      this.#setPhase({phase: 'refused', ...refused});
    }
    emit({type: 'refused', ...refused});
  }

  #connecting(progress: {readonly tries?: Tries; readonly isInquiring?: boolean}): void {
    const isInquiring = this.#inquiry.state === 'asking';
    this.#setPhase({phase: 'connecting', ...progress, ...(isInquiring && {isInquiring})});
  }

  #retryLater(now: number): void {
    if (this.#phase === 'closing') return;
    const delay = this.#attempts.schedule(now);
    const attempt = this.#attempts.count;
    this.#setPhase({
      phase: 'retrying',
      attempt,
      at: this.#options.wallClock() + delay,
      ...(this.#silentFrom !== undefined && {since: this.#silentFrom}),
    });
    this.#options.emit({type: 'reconnecting', attempt, delay});
  }

  #setPhase(connection: ConnectionState): void {
    this.#phase = connection.phase;
    const {server, nick, emit} = this.#options;
    emit({type: 'connection', connection, server, nick});
  }
}

const refusalReasons = {
  'name-in-use': 'nickname-in-use',
  'name-invalid': 'nickname-invalid',
  'hub-full': 'hub-full',
  unreachable: 'unreachable',
  'no-address': 'unreachable',
  'no-socket': 'unreachable',
} as const satisfies Record<string, RefusalReason>;
