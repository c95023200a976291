import type {DatagramMachine} from '../../protocols/protocol.ts';
import type {Connection} from '../../transport/connection.ts';
import type {Resolver} from '../../transport/resolver.ts';
import {connectTcp, reservePort} from '../../transport/tcp.ts';
import {type OutgoingListener, timed} from '../../transport/timed-listener.ts';
import {Timer} from '../../transport/timer.ts';
import {UdpSocket} from '../../transport/udp-socket.ts';
import type {Address} from '../address.ts';
import type {Located, Network, NotLocated} from './network.ts';

/** The socket, the connections and the timer that a machine needs to reach one address. */
export class Line<Machine extends DatagramMachine> {
  readonly machine: Machine;
  readonly #address: Address;
  readonly #resolve: Resolver;
  readonly #timer: Timer;
  /** Only if the protocol speaks in datagrams, from the first attempt on. */
  #socket: UdpSocket | undefined;
  readonly #connections = new Set<Connection>();
  #isPaused = false;
  #isClosed = false;

  constructor(address: Address, resolve: Resolver, create: (network: Network) => Machine) {
    this.#address = address;
    this.#resolve = resolve;
    this.machine = create(this.#network());
    this.#timer = new Timer(this.machine);
  }

  /** Calls the machine, and does afterwards what has to be done after each call. */
  run<Result>(action: (machine: Machine, now: number) => Result): Result {
    return this.#timer.run(now => action(this.machine, now));
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

  /** Frees everything. The connections are the machine's to end. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer.stop();
    await this.#socket?.close();
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
        this.run((machine, now) => machine.receive(datagram, from, now)),
      );
      if (this.#isClosed) await socket.close();
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
