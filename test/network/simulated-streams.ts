import type {Connection, Endpoint, Reservation} from '../../source/protocols/protocol.ts';
import {endpointKey} from '../../source/transport/endpoint.ts';
import type {OutgoingListener, TimedListener} from '../../source/transport/timed-listener.ts';
import type {Random} from './random.ts';

/** A `SimulatedNetwork` is one, so that its time is that of the connections too. */
export type Clock = {
  readonly now: number;
  after(delayMs: number, action: (now: number) => void): void;
};

export type StreamConditions = {
  /** Everything takes its own time from 0 to this, and nothing overtakes what was written before it. */
  readonly maximumDelayMs: number;
  /** How much is received at once: everything that has arrived, a part of any length, or one byte. */
  readonly pieces: 'whole' | 'random' | 'bytes';
};

export const goodStreams: StreamConditions = {maximumDelayMs: 0, pieces: 'whole'};

/** @returns The listener of that connection. */
export type Accept = (connection: Connection, now: number) => TimedListener;

/** Bytes of one direction that the network holds, including unread ones. More bytes wait with the writer. */
const windowBytes = 65_536;
/** As with a socket of Node: `drained` comes only after this many bytes have been waiting at once. */
const drainBytes = 65_536;

/** As with Linux: if nothing is unacknowledged, the other side is probed after this time, ten times in ten seconds. */
const keepAliveMs = 60_000;
const probesMs = 10_000;
/**
 * Unacknowledged bytes are sent again for this time, fifteen times (`tcp_retries2`), before the connection is given up.
 * During this time the system sends no probes.
 */
const retransmissionMs = 924_000;

/** Connections over a network in virtual time. As with sockets, no listener is called from inside a call. */
export class SimulatedStreams {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #servers = new Map<string, Accept>();
  readonly #ends = new Set<End>();
  /** Local ports in use, as `host:port`. */
  readonly #ports = new Set<string>();
  readonly #silent = new Set<string>();
  /** Actions that wait until a host is heard again. */
  #held: (() => void)[] = [];
  #lastPort = 49_151;
  conditions: StreamConditions;

  constructor(clock: Clock, random: Random, conditions: StreamConditions = goodStreams) {
    this.#clock = clock;
    this.#random = random;
    this.conditions = conditions;
  }

  /** Ends that have not been told `closed`: two for each connection. */
  get size(): number {
    return this.#ends.size;
  }

  get now(): number {
    return this.#clock.now;
  }

  /** Everything that was written has arrived, but may not have been read. */
  get isQuiet(): boolean {
    return !this.#ends.values().some(end => end.hasUnacknowledged);
  }

  /** @returns A function that ends the listening. Open connections stay. */
  listen(at: Endpoint, accept: Accept): () => void {
    this.#servers.set(endpointKey(at), accept);
    return () => this.#servers.delete(endpointKey(at));
  }

  /** @param localPort Any by default. If it is taken, `closed` comes with EADDRINUSE. */
  open(host: string, to: Endpoint, listener: OutgoingListener, localPort?: number): Connection {
    const local = {host, port: localPort ?? this.#freePort(host)};
    const client = new End(this, local, to);
    client.listener = listener;
    this.#ends.add(client);
    if (this.#ports.has(endpointKey(local))) {
      client.close('EADDRINUSE');
      return client;
    }
    this.occupy(local);
    client.ownsPort = true;
    this.carry(client, () => {
      if (client.isClosed) return;
      const accept = this.#servers.get(endpointKey(to));
      if (accept === undefined) this.carry(client, () => client.close('ECONNREFUSED'));
      else this.#accept(client, listener, accept);
    });
    return client;
  }

  /** Like that of the client's network: reserves a port for a later connection. */
  reserve(
    host: string,
    onReserved: (reservation: Reservation | undefined, now: number) => void,
  ): void {
    const local = {host, port: this.#freePort(host)};
    this.occupy(local);
    const release = (onFree: (now: number) => void) => {
      this.vacate(local);
      this.soon(onFree);
    };
    this.soon(now => onReserved({port: local.port, release}, now));
  }

  /** Somebody else has that local port. */
  occupy(local: Endpoint): void {
    this.#ports.add(endpointKey(local));
  }

  vacate(local: Endpoint): void {
    this.#ports.delete(endpointKey(local));
  }

  /**
   * Nothing arrives any more, in either direction, and neither side is told: their systems give it up sooner or later.
   *
   * @param connection Either end.
   */
  cut(connection: Connection): void {
    const end = this.#endOf(connection);
    for (const one of [end, end.peer]) {
      if (one === undefined) continue;
      one.isCut = true;
      this.#watch(one);
    }
  }

  /** Like {@link cut}, for all connections of a host. From now on it can connect again. */
  cutAll(host: string): void {
    for (const end of this.#ends) if (end.local.host === host) this.cut(end);
  }

  /** Both sides learn that the connection is gone. @param connection Either end. */
  reset(connection: Connection): void {
    const end = this.#endOf(connection);
    end.close('ECONNRESET');
    end.peer?.close('ECONNRESET');
  }

  /** Like {@link reset}, for all connections of a host. */
  resetAll(host: string): void {
    for (const end of this.#ends) if (end.local.host === host) this.reset(end);
  }

  /**
   * Nothing arrives from or at that host, and its clock stands still, until it is restored: sooner or later the systems
   * of the others give it up.
   */
  silence(host: string): void {
    this.#silent.add(host);
    for (const end of this.#ends) {
      if (end.local.host === host) end.givesUp = undefined;
      else if (end.remote.host === host) this.#watch(end);
    }
  }

  restore(host: string): void {
    this.#silent.delete(host);
    for (const end of this.#ends) {
      if (end.local.host === host) this.#wake(end);
      else if (end.remote.host === host && this.#isHeard(end)) end.givesUp = undefined;
    }
    const held = this.#held;
    this.#held = [];
    for (const action of held) action();
  }

  /** The program on that host has ended, and is not told what its system does with its connections. */
  kill(host: string): void {
    for (const end of this.#ends) {
      if (end.local.host !== host) continue;
      end.listener = undefined;
      end.destroy();
    }
  }

  delay(): number {
    return this.#random.next() * this.conditions.maximumDelayMs;
  }

  /** The number of arrived bytes that are received at once. */
  pieceOf(bytes: number): number {
    const {pieces} = this.conditions;
    if (pieces === 'bytes') return 1;
    if (pieces === 'whole' || this.#random.chance(0.3)) return bytes;
    return 1 + Math.floor(this.#random.next() * bytes);
  }

  soon(action: (now: number) => void): void {
    this.#clock.after(0, action);
  }

  /** Lets something travel between the hosts of a connection. */
  carry(end: End, arrive: () => void, delayMs = this.delay()): void {
    const attempt = () => {
      if (end.isCut) return;
      if (this.#isHeard(end)) arrive();
      else this.#held.push(attempt);
    };
    this.#clock.after(delayMs, attempt);
  }

  /** That end has written something: from now on its system sends no probes. */
  sent(end: End): void {
    if (end.givesUp?.reason === 'idle') this.#watch(end);
  }

  forget(end: End): void {
    this.#ends.delete(end);
    if (end.ownsPort) this.vacate(end.local);
  }

  #isHeard(end: End): boolean {
    return !end.isCut && !this.#silent.has(end.local.host) && !this.#silent.has(end.remote.host);
  }

  /** The other side is not heard any more: the system waits, for a time that depends on what it has written. */
  #watch(end: End): void {
    if (!end.isConnected || this.#silent.has(end.local.host)) return;
    const reason = end.hasUnacknowledged ? 'unacknowledged' : 'idle';
    if (end.givesUp?.reason === reason) return;
    const givesUp = {reason} as const;
    end.givesUp = givesUp;
    const patienceMs = reason === 'idle' ? keepAliveMs + probesMs : retransmissionMs;
    this.#clock.after(patienceMs, () => {
      if (end.givesUp === givesUp) end.timeOut();
    });
  }

  /** The system of that end goes on, and learns from the other side's system what has happened to the connection. */
  #wake(end: End): void {
    if (!this.#isHeard(end)) {
      this.#watch(end);
    } else if (end.peer?.isClosed) {
      this.#clock.after(keepAliveMs, () => end.close('ECONNRESET'));
    }
  }

  #accept(client: End, listener: OutgoingListener, accept: Accept): void {
    const server = new End(this, client.remote, client.local);
    this.#ends.add(server);
    server.peer = client;
    client.peer = server;
    server.start();
    this.carry(client, () => {
      if (client.isClosed) return;
      listener.opened(this.now);
      client.start();
    });
    server.listener = accept(server, this.now);
  }

  #endOf(connection: Connection): End {
    for (const end of this.#ends) if (end === connection) return end;
    throw new Error('that connection is not of this network, or is closed');
  }

  #freePort(host: string): number {
    do this.#lastPort++;
    while (this.#ports.has(endpointKey({host, port: this.#lastPort})));
    return this.#lastPort;
  }
}

/** One end of a connection: what its owner writes, and what has arrived for it. */
class End implements Connection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Undefined until the other side has accepted. */
  peer: End | undefined;
  listener: TimedListener | undefined;
  isCut = false;
  ownsPort = false;
  /** The reason for which the system gives the other side up, if it is not heard again. */
  givesUp: {readonly reason: 'idle' | 'unacknowledged'} | undefined;
  /** Nothing more happens here, but `closed` may still have to be told. */
  isClosed = false;
  readonly #streams: SimulatedStreams;
  /** As far as this end knows, both sides know that the connection is open. */
  #isStarted = false;
  #unsent: Uint8Array[] = [];
  #unsentBytes = 0;
  #owesDrained = false;
  #isEnding = false;
  #hasSentEnd = false;
  /** Under way to here, or arrived and not read. */
  #arriving: {at: number; bytes: Uint8Array}[] = [];
  #arrivingBytes = 0;
  #endArrivesAt: number | undefined;
  #lastArrivalAt = 0;
  #isExpecting = false;
  #isPaused = false;
  #hasReadEnd = false;

  constructor(streams: SimulatedStreams, local: Endpoint, remote: Endpoint) {
    this.#streams = streams;
    this.local = local;
    this.remote = remote;
  }

  get waiting(): number {
    return this.#unsentBytes;
  }

  get isConnected(): boolean {
    return this.#isStarted && !this.isClosed;
  }

  /** Something that was written has not arrived. */
  get hasUnacknowledged(): boolean {
    const {peer} = this;
    const {now} = this.#streams;
    if (!this.isConnected || peer === undefined) return false;
    return peer.#arriving.some(({at}) => at >= now) || (peer.#endArrivesAt ?? -1) >= now;
  }

  write(bytes: Uint8Array): void {
    if (this.isClosed || this.#isEnding || bytes.length === 0) return;
    this.#unsent.push(bytes);
    this.#unsentBytes += bytes.length;
    this.#send();
    if (this.waiting >= drainBytes) this.#owesDrained = true;
  }

  end(): void {
    this.#isEnding = true;
    this.#send();
  }

  destroy(): void {
    if (this.isClosed) return;
    // This end may not have been told yet that the connection is open.
    if (!this.#hasSentEnd) this.peer?.arriveEnd();
    this.close(undefined);
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#expect();
  }

  start(): void {
    this.#isStarted = true;
    this.#send();
    this.#expect();
  }

  /** The other side writes nothing more. */
  arriveEnd(): void {
    this.#endArrivesAt = this.#nextArrival();
    this.#expect();
  }

  /** Tells it once, and last. */
  close(code: string | undefined): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.givesUp = undefined;
    this.#unsent = [];
    this.#unsentBytes = 0;
    this.#streams.soon(now => {
      this.#streams.forget(this);
      this.listener?.closed(code, now);
    });
    // Bytes that are not read by now are refused.
    this.resume();
  }

  /** Bytes that the other side has not got by now never arrive. */
  timeOut(): void {
    if (this.peer !== undefined) {
      this.peer.#arriving = [];
      this.peer.#arrivingBytes = 0;
    }
    this.close('ETIMEDOUT');
  }

  /** Gives the network what it takes. */
  #send(): void {
    const {peer} = this;
    if (this.isClosed || !this.#isStarted || peer === undefined) return;
    for (;;) {
      const [next] = this.#unsent;
      const room = windowBytes - peer.#arrivingBytes;
      if (next === undefined || room <= 0) break;
      if (next.length > room) this.#unsent[0] = next.subarray(room);
      else this.#unsent.shift();
      const taken = next.slice(0, room);
      this.#unsentBytes -= taken.length;
      peer.#arrive(taken);
    }
    this.#streams.sent(this);
    if (this.#unsent.length > 0) return;
    if (this.#owesDrained) {
      this.#owesDrained = false;
      this.#streams.soon(now => {
        if (!this.isClosed) this.listener?.drained(now);
      });
    }
    if (!this.#isEnding || this.#hasSentEnd) return;
    this.#hasSentEnd = true;
    peer.arriveEnd();
    this.#streams.sent(this);
    this.#closeIfDone();
  }

  #arrive(bytes: Uint8Array): void {
    this.#arriving.push({at: this.#nextArrival(), bytes});
    this.#arrivingBytes += bytes.length;
    this.#expect();
  }

  #nextArrival(): number {
    this.#lastArrivalAt = Math.max(this.#lastArrivalAt, this.#streams.now + this.#streams.delay());
    return this.#lastArrivalAt;
  }

  /** Waits for one arrival at a time, so that nothing is overtaken. */
  #expect(): void {
    const at = this.#arriving[0]?.at ?? this.#endArrivesAt;
    if (at === undefined || this.#isExpecting || this.#isPaused || !this.#isStarted) return;
    this.#isExpecting = true;
    const receive = () => {
      this.#isExpecting = false;
      this.#receive();
    };
    this.#streams.carry(this, receive, Math.max(0, at - this.#streams.now));
  }

  #receive(): void {
    if (this.isClosed) {
      this.#refuse();
      return;
    }
    if (this.#isPaused) return;
    const {now} = this.#streams;
    const bytes = this.#take(now);
    if (bytes.length > 0) {
      this.listener?.received(bytes, now);
      // There is room for more.
      if (this.peer !== undefined) this.peer.#send();
    } else if ((this.#endArrivesAt ?? Number.POSITIVE_INFINITY) <= now) {
      this.#endArrivesAt = undefined;
      this.#hasReadEnd = true;
      this.listener?.ended(now);
      this.#closeIfDone();
    }
    this.#expect();
  }

  /** A part of what has arrived; the rest comes later. */
  #take(now: number): Uint8Array {
    const index = this.#arriving.findIndex(({at}) => at > now);
    const arrived = this.#arriving.splice(0, index === -1 ? this.#arriving.length : index);
    if (arrived.length === 0) return new Uint8Array(0);
    const bytes = Buffer.concat(arrived.map(part => part.bytes));
    const size = this.#streams.pieceOf(bytes.length);
    if (size < bytes.length) {
      this.#arriving.unshift({at: now + this.#streams.delay(), bytes: bytes.subarray(size)});
    }
    this.#arrivingBytes -= size;
    // A copy, so that a reader that wrongly keeps it is found out.
    return Uint8Array.from(bytes.subarray(0, size));
  }

  /** Bytes for a connection that is closed here: the other side is told that there is none. */
  #refuse(): void {
    const {peer} = this;
    if (this.#arriving.length === 0 || peer === undefined) return;
    this.#arriving = [];
    this.#arrivingBytes = 0;
    // After the bytes that are under way to it.
    const after = Math.max(0, peer.#nextArrival() - this.#streams.now);
    this.#streams.carry(peer, () => peer.close('ECONNRESET'), after);
  }

  #closeIfDone(): void {
    if (this.#hasReadEnd && this.#hasSentEnd) this.close(undefined);
  }
}

/** Connects, and remembers what happens: the other side of a hub or a client under test. */
export class StreamRecorder implements OutgoingListener {
  /** opened, ended, drained, closed, closed ECONNRESET… */
  readonly story: string[] = [];
  #received: Uint8Array[] = [];

  /** The bytes that have come since the last call. */
  take(): Uint8Array {
    const bytes = Buffer.concat(this.#received);
    this.#received = [];
    return Uint8Array.from(bytes);
  }

  /** Like {@link take}, for a protocol of lines. */
  takeText(): string {
    return new TextDecoder().decode(this.take());
  }

  opened(): void {
    this.story.push('opened');
  }

  received(bytes: Uint8Array): void {
    this.#received.push(bytes);
  }

  ended(): void {
    this.story.push('ended');
  }

  drained(): void {
    this.story.push('drained');
  }

  closed(code: string | undefined): void {
    this.story.push(code === undefined ? 'closed' : `closed ${code}`);
  }
}
