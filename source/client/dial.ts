import {lookup} from 'node:dns/promises';
import {connectTcp, reservePort} from '../transport/tcp.ts';
import {timed} from '../transport/timed-listener.ts';
import {Timer} from '../transport/timer.ts';
import {UdpSocket} from '../transport/udp-socket.ts';
import {type Address, formatAddress} from './address.ts';
import {Engine, type EngineOptions} from './engine.ts';
import type {EngineEvent} from './events.ts';
import type {Network} from './network.ts';

export type DialOptions = Pick<EngineOptions, 'nick' | 'emit' | 'undelivered'> & {
  readonly address: Address;
  readonly takeLink: EngineOptions['takeLink'];
};

/** A {@link Call}, or a sentence for the user: why nobody could be asked. */
export type Dialled =
  | {readonly ok: true; readonly call: Call}
  | {readonly ok: false; readonly message: string};

type Socket = Pick<UdpSocket, 'send' | 'close'>;

/** Of a protocol that speaks over connections. */
const noDatagrams: Socket = {send() {}, close: () => Promise.resolve()};

/** Finds the hub and opens what the protocol needs to reach it. {@link Call.start} registers. */
export async function dial(options: DialOptions): Promise<Dialled> {
  const {protocol, host, port} = options.address;
  // Datagrams tell peers four bytes of address.
  const family = protocol.transport === 'udp' ? 4 : 0;
  const found = await lookup(host, family).catch(() => undefined);
  if (found === undefined) {
    const message = `${host} has no address that can be found: is the name right, and the network there?`;
    return {ok: false, message};
  }
  const hub = {host: found.address, port};
  const socket =
    protocol.transport === 'udp'
      ? await UdpSocket.bind({host: '0.0.0.0', port: 0}, (datagram, from) =>
          call.run((engine, now) => engine.receive(datagram, from, now)),
        ).catch(() => undefined)
      : noDatagrams;
  if (socket === undefined) {
    const message = 'The system gives no socket: close other programs, and try again';
    return {ok: false, message};
  }
  const call = new Call(options, hub, socket);
  return {ok: true, call};
}

/** An engine with its socket and its timer. */
export class Call {
  readonly #engine: Engine;
  readonly #timer: Timer;
  readonly #socket: Socket;
  readonly #over = Promise.withResolvers<void>();

  constructor(
    {address, nick, takeLink, emit, undelivered}: DialOptions,
    hub: EngineOptions['hub'],
    socket: Socket,
  ) {
    this.#socket = socket;
    this.#engine = new Engine({
      protocol: address.protocol,
      hub,
      server: formatAddress(address),
      nick,
      network: this.#network(),
      emit: event => this.#onEvent(event, emit),
      ...(takeLink && {takeLink}),
      ...(undelivered && {undelivered}),
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

  /** Lets somebody call the engine. */
  run<Result>(action: (engine: Engine, now: number) => Result): Result {
    return this.#timer.run(now => action(this.#engine, now));
  }

  /** Says goodbye and frees everything. */
  async hangUp(): Promise<void> {
    this.run((engine, now) => engine.close(now));
    if (!this.#engine.isClosed) await this.#over.promise;
    this.#timer.stop();
    await this.#socket.close();
  }

  #onEvent(event: EngineEvent, emit: DialOptions['emit']): void {
    emit(event);
    if (event.type === 'connection' && event.connection.phase === 'closed') this.#over.resolve();
  }

  #network(): Network {
    const run = <Result>(action: (now: number) => Result) => this.#timer.run(action);
    return {
      send: (datagram, to) => this.#socket.send(datagram, to),
      open: (to, listener, localPort) =>
        connectTcp(
          to,
          {...timed(this.#timer, listener), opened: () => run(now => listener.opened(now))},
          localPort,
        ),
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
