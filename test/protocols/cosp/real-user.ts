import {createHash} from 'node:crypto';
import {cosp} from '../../../source/protocols/cosp/index.ts';
import type {
  ClientEnd,
  ClientEvent,
  Connection,
  Request,
  StreamClientHost,
  TimedListener,
} from '../../../source/protocols/protocol.ts';
import {connectTcp, reservePort} from '../../../source/transport/tcp.ts';
import {timed} from '../../../source/transport/timed-listener.ts';
import {Timer} from '../../../source/transport/timer.ts';
import {Changes} from '../../terminal/changes.ts';
import {presentAfter} from './present.ts';

const host = '127.0.0.1';
const patienceMs = 15_000;

/** The end of a client over sockets of the system, with what it says has happened. */
export class RealUser {
  readonly nick: string;
  readonly events: ClientEvent[] = [];
  readonly connections: Connection[] = [];
  /** By whom the next private connections are taken. */
  takeLink: StreamClientHost['takeLink'] = () => undefined;
  readonly #end: ClientEnd;
  readonly #timer: Timer;
  readonly #changes = new Changes();

  constructor(port: number, nick: string) {
    this.nick = nick;
    this.#end = cosp.createClientEnd({
      nickname: nick,
      emit: event => {
        this.events.push(event);
        this.#changes.notify();
      },
      open: (listener, localPort) => {
        const opened = () => this.#timer.run(now => listener.opened(now));
        const connection = connectTcp(
          [{host, port}],
          {...timed(this.#timer, listener), opened},
          localPort,
        );
        this.connections.push(connection);
        return connection;
      },
      reserve: onReserved => {
        void reservePort().then(reserved => {
          const reservation = reserved && {
            port: reserved.port,
            release: (onFree: (now: number) => void) => {
              void reserved.release().then(() => this.#timer.run(onFree));
            },
          };
          this.#timer.run(now => onReserved(reservation, now));
        });
      },
      takeLink: (nick, connection) => this.takeLink(nick, connection),
    });
    this.#timer = new Timer(this.#end);
  }

  /** Connected, with the others in their lists. */
  static async join(port: number, ...nicks: readonly string[]): Promise<RealUser[]> {
    const users = nicks.map(nick => new RealUser(port, nick));
    for (const user of users) user.#timer.run(now => user.#end.connect(now));
    await Promise.all(
      users.map(user => user.until(events => presentAfter(events).length >= nicks.length)),
    );
    return users;
  }

  request(request: Request): void {
    this.#timer.run(now => this.#end.request(request, now));
  }

  /** Opens a private connection with somebody, and resolves when both have it. */
  async link(other: RealUser): Promise<void> {
    const isOpen = (nick: string) => (events: readonly ClientEvent[]) =>
      events.some(event => event.type === 'link-opened' && event.nick === nick);
    this.request({type: 'link', to: other.nick});
    await other.until(events =>
      events.some(event => event.type === 'invitation' && event.from === this.nick),
    );
    other.request({type: 'answer', from: this.nick, accepted: true});
    await Promise.all([this.until(isOpen(other.nick)), other.until(isOpen(this.nick))]);
  }

  /** @throws Error if it has not become so in time. */
  async until(isReached: (events: readonly ClientEvent[]) => boolean): Promise<void> {
    await this.#changes.until(
      () => isReached(this.events) || undefined,
      patienceMs,
      () => new Error(`${this.nick} has: ${this.events.map(({type}) => type).join(', ')}`),
    );
  }

  async leave(): Promise<void> {
    this.#timer.run(now => this.#end.disconnect(now));
    await this.until(events => events.some(({type}) => type === 'disconnected'));
    this.#timer.stop();
  }
}

/** One side of a private connection: writes what it is given, and digests what comes. */
export class Carrier implements TimedListener {
  readonly #hash = createHash('sha256');
  readonly #changes = new Changes();
  #connection: Connection | undefined;
  #chunks: Iterator<Uint8Array> = [][Symbol.iterator]();
  #isWriting = false;
  bytes = 0;
  written = 0;
  hasEnded = false;
  isClosed = false;

  /** For `takeLink`. */
  readonly take = (_nick: string, connection: Connection): TimedListener => {
    this.#connection = connection;
    return this;
  };

  get connection(): Connection {
    if (this.#connection === undefined) throw new Error('there is no private connection');
    return this.#connection;
  }

  get digest(): string {
    return this.#hash.copy().digest('hex');
  }

  /** Writes as fast as the network takes it, then ends. */
  write(chunks: Iterable<Uint8Array>): void {
    this.#chunks = chunks[Symbol.iterator]();
    this.#isWriting = true;
    this.drained();
  }

  received(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.bytes += bytes.length;
    this.#changes.notify();
  }

  ended(): void {
    this.hasEnded = true;
    this.#changes.notify();
  }

  drained(): void {
    // So much makes a socket say when all is taken.
    while (this.#isWriting && this.connection.waiting < 65_536) {
      const {value, done} = this.#chunks.next();
      if (done) {
        this.#isWriting = false;
        this.connection.end();
      } else {
        this.written += value.length;
        this.connection.write(value);
      }
    }
    this.#changes.notify();
  }

  closed(): void {
    this.isClosed = true;
    this.#changes.notify();
  }

  async until(isReached: () => boolean, withinMs = patienceMs): Promise<void> {
    await this.#changes.until(
      () => isReached() || undefined,
      withinMs,
      () =>
        new Error(`${this.bytes} bytes received, ${this.written} written, ended: ${this.hasEnded}`),
    );
  }
}

/** Random bytes that come again and again, so that making them costs nothing. */
export function* repeated(chunk: Uint8Array, bytes: number): Generator<Uint8Array> {
  for (let left = bytes; left > 0; left -= chunk.length) yield chunk.subarray(0, left);
}
