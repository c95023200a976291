import {Hub} from '../../../source/hub/hub.ts';
import {silentLog} from '../../../source/hub/silent-log.ts';
import type {DatagramProtocol, DropReason, Endpoint} from '../../../source/protocols/protocol.ts';
import {endpointKey} from '../../../source/transport/endpoint.ts';

/** The client at an address of the network. */
type Client = {readonly endpoint: Endpoint; receive(datagram: Uint8Array): void; take(): unknown};

/** The real hub in virtual time, and clients that send it bytes, over a network that takes no time. */
export abstract class DatagramBench<RawClient extends Client> {
  readonly hub: Hub;
  /** Users who were removed, as `nickname: reason`. */
  readonly departures: string[] = [];
  /** Users who were refused, as `nickname: reason`. */
  readonly refusals: string[] = [];
  now = 0;
  readonly #protocol: DatagramProtocol;
  readonly #clients = new Map<string, RawClient>();
  readonly #queue: (() => void)[] = [];
  #isFlushing = false;

  constructor(protocol: DatagramProtocol, publicHost?: string) {
    this.#protocol = protocol;
    this.hub = new Hub({
      protocols: [protocol],
      log: () => ({
        ...silentLog(),
        refused: (nickname, _from, reason) => this.refusals.push(`${nickname}: ${reason}`),
        left: (nickname, _from, reason) => this.departures.push(`${nickname}: ${reason}`),
      }),
      publicHost,
      send: (_protocol, datagram, to) =>
        this.#queue.push(() => this.#clients.get(endpointKey(to))?.receive(datagram)),
    });
  }

  protected abstract create(nickname: string, endpoint: Endpoint): RawClient;

  /** Registers. */
  protected abstract register(client: RawClient): void;

  /** A client that has not said anything yet. */
  add(nickname: string, host = `198.51.100.${(this.#clients.size % 250) + 1}`): RawClient {
    const client = this.create(nickname, {host, port: 40_000 + this.#clients.size});
    this.#clients.set(endpointKey(client.endpoint), client);
    return client;
  }

  connect(nickname: string, host?: string): RawClient {
    const client = this.add(nickname, host);
    this.register(client);
    client.take();
    return client;
  }

  /** Nothing is left to read. */
  clear(): void {
    for (const client of this.#clients.values()) client.take();
  }

  send(datagram: Uint8Array, from: Endpoint): void {
    this.#queue.push(() => this.hub.receive(this.#protocol, datagram, from, this.now));
    this.flush();
  }

  run(durationMs: number): void {
    const end = this.now + durationMs;
    while (this.hub.dueAt <= end) {
      this.now = Math.max(this.now, this.hub.dueAt);
      this.hub.onTime(this.now);
      this.flush();
    }
    this.now = end;
  }

  dropped(reason: DropReason): number {
    return this.hub.drops.get(reason) ?? 0;
  }

  flush(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) next();
    this.#isFlushing = false;
  }
}
