import type {Connection, Endpoint, OutgoingListener} from '../../protocols/protocol.ts';
import {isSameEndpoint} from '../../transport/endpoint.ts';
import type {Located, Network, NotLocated} from './network.ts';

/** Longer than the time for which duplicates are remembered after a hub's last message. */
const firstDelayMs = 1000;
const maximumDelayMs = 30_000;

export type AttemptsOptions = {
  readonly network: Network;
  /** Over datagrams only one address is tried at a time: nothing tells that nobody is there but silence. */
  readonly hasDatagrams: boolean;
  /** From 0 to 1, exclusive. */
  random(): number;
  /** An address is known: register there. */
  connect(now: number): void;
  /** There is nothing to try now. */
  failed(why: NotLocated, now: number): void;
};

/** Where the hub is, and when to look for it again. */
export class Attempts {
  readonly #options: AttemptsOptions;
  /** Over connections: all of them, until one has answered. */
  #addresses: Located = [nowhere];
  /** Over datagrams: the hub's other addresses, to be tried if the current one does not answer. */
  #others: readonly Endpoint[] = [];
  /** Counts the look-ups, so that the answer to an earlier one is ignored. */
  #searches = 0;
  #dueAt = Number.POSITIVE_INFINITY;
  #count = 0;

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  /** The address that is tried, or has answered. */
  get address(): Endpoint {
    return this.#addresses[0];
  }

  /** Time of the next attempt, or Infinity. */
  get dueAt(): number {
    return this.#dueAt;
  }

  /** How many have been scheduled since the hub let us in. */
  get count(): number {
    return this.#count;
  }

  /** Begins an attempt. Looks the hub up again: its address may have changed. */
  begin(): void {
    const search = ++this.#searches;
    const {network, hasDatagrams, failed} = this.#options;
    network.locate((found, now) => {
      if (search !== this.#searches) return;
      if (found === 'no-address' || found === 'no-socket') failed(found, now);
      else if (hasDatagrams) this.#tryInTurn(found, now);
      else this.#try(found, [], now);
    });
  }

  onTime(now: number): void {
    if (now < this.#dueAt) return;
    this.#dueAt = Number.POSITIVE_INFINITY;
    const [next, ...others] = this.#others;
    if (next === undefined) this.begin();
    else this.#try([next], others, now);
  }

  /** Nobody answers at this address. @returns Whether there is another one, which is tried now. */
  goOn(now: number): boolean {
    const hasOther = this.#others.length > 0;
    if (hasOther) this.#dueAt = now;
    return hasOther;
  }

  /** The next attempt comes after a growing delay. @returns It, in milliseconds. */
  schedule(now: number): number {
    this.#count++;
    const growing = Math.min(firstDelayMs * 2 ** Math.min(this.#count - 1, 10), maximumDelayMs);
    // Spread, so that not everybody connects at once when a hub comes back.
    const delay = Math.round(growing * (1 + 0.25 * this.#options.random()));
    this.#dueAt = now + delay;
    return delay;
  }

  /** Does not wait for the time of the next attempt, if there is to be one. */
  hurry(now: number): void {
    if (this.#dueAt !== Number.POSITIVE_INFINITY) this.#dueAt = now;
  }

  /** Ends the attempts, and ignores the answer to a look-up that is under way. */
  stop(): void {
    this.#searches++;
    this.#others = [];
    this.#dueAt = Number.POSITIVE_INFINITY;
  }

  /** The hub has let us in. */
  succeeded(): void {
    this.stop();
    this.#count = 0;
  }

  /** Connects to the hub. Further connections go to the address that the first one has reached. */
  open(listener: OutgoingListener, localPort: number | undefined): Connection {
    const connection = this.#options.network.open(
      this.#addresses,
      {
        opened: now => {
          this.#addresses = [connection.remote];
          listener.opened(now);
        },
        received: (bytes, now) => listener.received(bytes, now),
        ended: now => listener.ended(now),
        drained: now => listener.drained(now),
        closed: (code, now) => listener.closed(code, now),
      },
      localPort,
    );
    return connection;
  }

  /** The address that has answered before comes first: it probably answers again. */
  #tryInTurn(found: Located, now: number): void {
    const isFormer = (one: Endpoint) => isSameEndpoint(one, this.address);
    const [first, ...others] = found.toSorted(
      (one, other) => Number(isFormer(other)) - Number(isFormer(one)),
    );
    this.#try([first ?? found[0]], others, now);
  }

  #try(addresses: Located, others: readonly Endpoint[], now: number): void {
    this.#addresses = addresses;
    this.#others = others;
    this.#options.connect(now);
  }
}

/** The address until the hub has been found: no datagram comes from it. */
const nowhere: Endpoint = {host: '', port: 0};
