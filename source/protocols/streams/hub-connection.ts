import type {Decoded} from '../../transport/decoded.ts';
import type {Connection, RegistrationRefusal, StreamClientHost} from '../protocol.ts';

/** A hub that has not let us in within this time cannot be reached. */
const registrationMs = 10_000;

/** Leaving takes at most this long. */
const leavingMs = 3000;

/** Reads the hub's messages of one connection, in order. Push a chunk, then read until there is no message. */
export type HubReader<Message> = {
  push(chunk: Uint8Array): void;
  /** Undefined: the next message has not come whole. */
  read(): Decoded<Message> | undefined;
};

/** What a {@link HubConnection} needs from its protocol's client end. */
export type HubConnectionHost<Message> = Pick<StreamClientHost, 'open' | 'emit'> & {
  /** Makes a reader for a new connection. */
  createReader(): HubReader<Message>;
  /** The connection is open, and nothing has been said on it. */
  opened(now: number): void;
  hear(message: Message, now: number): void;
  /** Says goodbye. {@link HubConnection.finish} is to be called if the hub answers. */
  leave(now: number): void;
  /** While we leave, the hub has ended its direction. */
  ended(now: number): void;
  /** The connection is closed, and no more answers will come. Called before the event that says so. */
  abandoned(now: number): void;
};

/**
 * A client's connection to the hub, and its registration there. The content belongs to the protocol.
 *
 *     new          connect → connecting
 *     connecting   registered → registered; refused, not reached or too slow → lost
 *     registered   the connection ends, or is given up → lost; disconnect → leaving
 *     leaving      the connection ends, or the time is over → gone
 *     lost         connect → connecting
 *
 * Before we are registered, disconnect leads to gone at once. Nothing more is read from a connection that was given up.
 */
export class HubConnection<Message> {
  readonly #host: HubConnectionHost<Message>;
  #state: 'new' | 'connecting' | 'registered' | 'leaving' | 'lost' | 'gone' = 'new';
  #connection: Connection | undefined;
  /** Time limit of connecting, or of leaving. */
  #deadline = Number.POSITIVE_INFINITY;

  constructor(host: HubConnectionHost<Message>) {
    this.#host = host;
  }

  get isConnecting(): boolean {
    return this.#state === 'connecting';
  }

  /** Whether requests make sense. */
  get isRegistered(): boolean {
    return this.#state === 'registered';
  }

  get isLeaving(): boolean {
    return this.#state === 'leaving';
  }

  get dueAt(): number {
    return this.#deadline;
  }

  connect(now: number): void {
    const reader = this.#host.createReader();
    const isCurrent = () => this.#connection === connection;
    const connection = this.#host.open({
      opened: at => {
        if (isCurrent()) this.#host.opened(at);
      },
      received: (bytes, at) => {
        reader.push(bytes);
        // After some messages we give the connection up.
        while (isCurrent() && this.#hearNext(reader, at));
      },
      ended: at => {
        if (!isCurrent()) return;
        if (this.#state === 'leaving') this.#host.ended(at);
        else this.lose(at, true);
      },
      drained() {},
      closed: (code, at) => {
        // With an error of the system nobody knows whether the hub is still there.
        if (isCurrent()) this.lose(at, code === undefined);
      },
    });
    this.#connection = connection;
    this.#state = 'connecting';
    this.#deadline = now + registrationMs;
  }

  write(bytes: Uint8Array): void {
    this.#connection?.write(bytes);
  }

  /** Ends our direction. */
  end(): void {
    this.#connection?.end();
  }

  /** The hub has let us in. */
  registered(): void {
    this.#state = 'registered';
    this.#deadline = Number.POSITIVE_INFINITY;
    this.#host.emit({type: 'connected'});
  }

  refused(reason: RegistrationRefusal, now: number): void {
    this.#hangUp('lost', now);
    this.#host.emit({type: 'refused', reason});
  }

  /** The hub is silent, has closed the connection, or speaks another language. */
  lose(now: number, isClosed = false): void {
    const former = this.#state;
    if (former === 'leaving') {
      this.finish(now);
      return;
    }
    this.#hangUp('lost', now);
    this.#host.emit(
      former === 'registered'
        ? {type: 'lost', ...(isClosed && {isClosed})}
        : {type: 'refused', reason: 'unreachable'},
    );
  }

  disconnect(now: number): void {
    if (this.#state === 'leaving' || this.#state === 'gone') return;
    if (this.#state !== 'registered') {
      this.finish(now);
      return;
    }
    this.#state = 'leaving';
    this.#deadline = now + leavingMs;
    this.#host.leave(now);
  }

  /** We have left. */
  finish(now: number): void {
    this.#hangUp('gone', now);
    this.#host.emit({type: 'disconnected'});
  }

  onTime(now: number): void {
    if (now >= this.#deadline) this.lose(now);
  }

  /** @returns Whether there was something to read. */
  #hearNext(reader: HubReader<Message>, now: number): boolean {
    const decoded = reader.read();
    if (decoded === undefined) return false;
    if (decoded.ok) this.#host.hear(decoded.message, now);
    else this.lose(now);
    return true;
  }

  #hangUp(state: 'lost' | 'gone', now: number): void {
    this.#state = state;
    this.#deadline = Number.POSITIVE_INFINITY;
    this.#connection?.destroy();
    this.#connection = undefined;
    this.#host.abandoned(now);
  }
}
