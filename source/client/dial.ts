import type {Connection} from '../transport/connection.ts';
import type {Resolver} from '../transport/resolver.ts';
import {connectTcp, reservePort} from '../transport/tcp.ts';
import {type OutgoingListener, timed} from '../transport/timed-listener.ts';
import {Timer} from '../transport/timer.ts';
import {UdpSocket} from '../transport/udp-socket.ts';
import {type Address, formatAddress} from './address.ts';
import {Engine, type EngineOptions} from './engine.ts';
import type {EngineEvent} from './events.ts';
import type {Located, Network, NotLocated} from './network.ts';

export type DialOptions = Pick<
  EngineOptions,
  'nick' | 'emit' | 'crowd' | 'undelivered' | 'takeLink' | 'whenUnreachable' | 'isReturning'
> & {
  readonly address: Address;
  readonly resolve: Resolver;
};

/** An engine with the socket and the timer that it needs to reach its hub. */
export class Call {
  readonly #address: Address;
  readonly #resolve: Resolver;
  readonly #engine: Engine;
  readonly #timer: Timer;
  /** Only if the protocol speaks in datagrams, from the first attempt on. */
  #socket: UdpSocket | undefined;
  readonly #connections = new Set<Connection>();
  #isPaused = false;
  readonly #over = Promise.withResolvers<void>();

  constructor({address, resolve, emit, ...options}: DialOptions) {
    this.#address = address;
    this.#resolve = resolve;
    this.#engine = new Engine({
      ...options,
      protocol: address.protocol,
      server: formatAddress(address),
      network: this.#network(),
      emit: event => this.#onEvent(event, emit),
      wallClock: Date.now,
      random: Math.random,
    });
    this.#timer = new Timer(this.#engine);
  }

  get engine(): Engine {
    return this.#engine;
  }

  start(): void {
    this.run((engine, now) => engine.start(now));
  }

  /** Calls the engine, and does afterwards what has to be done after each call. */
  run<Result>(action: (engine: Engine, now: number) => Result): Result {
    return this.#timer.run(now => action(this.#engine, now));
  }

  /** Reads nothing from connections, including those opened later, until {@link resume}. */
  pause(): void {
    this.#isPaused = true;
    for (const connection of this.#connections) connection.pause();
  }

  resume(): void {
    this.#isPaused = false;
    for (const connection of this.#connections) connection.resume();
  }

  /** Says goodbye and frees everything. */
  async hangUp(): Promise<void> {
    this.run((engine, now) => engine.close(now));
    if (!this.#engine.isClosed) await this.#over.promise;
    this.#timer.stop();
    await this.#socket?.close();
  }

  #onEvent(event: EngineEvent, emit: DialOptions['emit']): void {
    emit(event);
    if (event.type === 'connection' && event.connection.phase === 'closed') this.#over.resolve();
  }

  async #locate(): Promise<Located | NotLocated> {
    const {protocol, host, port} = this.#address;
    // The UDP protocols tell peers an address in four bytes.
    const hosts = await this.#resolve(host, protocol.transport === 'udp' ? 4 : 0);
    const [first, ...others] = hosts.map(address => ({host: address, port}));
    if (first === undefined) return 'no-address';
    if (protocol.transport === 'udp' && !(await this.#bind())) return 'no-socket';
    return [first, ...others];
  }

  /** @returns false if the system gives no socket. */
  async #bind(): Promise<boolean> {
    if (this.#socket !== undefined) return true;
    try {
      const socket = await UdpSocket.bind({host: '0.0.0.0', port: 0}, (datagram, from) =>
        this.run((engine, now) => engine.receive(datagram, from, now)),
      );
      if (this.#engine.isClosed) await socket.close();
      else this.#socket = socket;
      return true;
    } catch {
      return false;
    }
  }

  #open(to: Located, listener: OutgoingListener, localPort: number | undefined): Connection {
    const told = timed(this.#timer, listener);
    const connection = connectTcp(
      to,
      {
        ...told,
        opened: () => this.#timer.run(now => listener.opened(now)),
        closed: code => {
          this.#connections.delete(connection);
          told.closed(code);
        },
      },
      localPort,
    );
    this.#connections.add(connection);
    if (this.#isPaused) connection.pause();
    return connection;
  }

  #network(): Network {
    const run = <Result>(action: (now: number) => Result) => this.#timer.run(action);
    return {
      locate: onLocated => {
        void this.#locate().then(found => run(now => onLocated(found, now)));
      },
      send: (datagram, to) => this.#socket?.send(datagram, to),
      open: (to, listener, localPort) => this.#open(to, listener, localPort),
      reserve: onReserved => {
        void reservePort().then(reserved => {
          const reservation = reserved && {
            port: reserved.port,
            release: (onFree: (now: number) => void) => {
              void reserved.release().then(() => run(onFree));
            },
          };
          run(now => onReserved(reservation, now));
        });
      },
    };
  }
}
