import type {UserId} from '../../../chat/words.ts';
import {Agenda} from '../../../transport/agenda.ts';
import {endpointKey} from '../../../transport/endpoint.ts';
import type {Connection, Endpoint, HubListener} from '../../protocol.ts';
import {Relay, type Side} from './relay.ts';

/** The private connections of a hub: their users, the endpoints that are expected, and their deadlines. */
export class Relays {
  readonly #awaited = new Map<string, {readonly relay: Relay; readonly user: UserId}>();
  readonly #byUser = new Map<UserId, Set<Relay>>();
  readonly #all = new Set<Relay>();
  readonly #agenda = new Agenda<Relay>();
  readonly #onParting: (relay: Relay) => void;

  /** @param onParting Called when a private connection is over. Its users may have left before. */
  constructor(onParting: (relay: Relay) => void) {
    this.#onParting = onParting;
  }

  get dueAt(): number {
    return this.#agenda.dueAt;
  }

  /** Whether bytes wait to be taken by the network. */
  get isBusy(): boolean {
    return this.#all.values().some(({isBusy}) => isBusy);
  }

  /** Whether a connection from that endpoint is expected. */
  isAwaited(endpoint: Endpoint): boolean {
    return this.#awaited.has(endpointKey(endpoint));
  }

  /** Expects both sides, each from its endpoint. */
  expect(sides: readonly [Side, Side], now: number): void {
    const relay = new Relay(sides, this.#onParting, now);
    this.#all.add(relay);
    for (const {user, endpoint} of sides) {
      this.#awaited.set(endpointKey(endpoint), {relay, user});
      this.#byUser.set(user, (this.#byUser.get(user) ?? new Set()).add(relay));
    }
    this.#look(relay);
  }

  /** @returns The listener of that connection; undefined if none is expected from its endpoint. */
  join(connection: Connection): HubListener | undefined {
    const key = endpointKey(connection.remote);
    const found = this.#awaited.get(key);
    if (found === undefined) return undefined;
    const {relay, user} = found;
    this.#awaited.delete(key);
    const listener = relay.join(user, connection);
    this.#look(relay);
    return {
      ...listener,
      ended: at => {
        listener.ended(at);
        this.#look(relay);
      },
      closed: (code, at) => {
        listener.closed(code, at);
        this.#look(relay);
      },
      expel: (_reason, at) => {
        relay.part(at);
        this.#look(relay);
      },
    };
  }

  /** That user has left. */
  partOf(user: UserId, now: number): void {
    for (const relay of [...(this.#byUser.get(user) ?? [])]) {
      relay.leave(now);
      this.#look(relay);
    }
  }

  /** If that user has ended their direction of the private connection between the two, ends it as a whole. */
  partEndedBy(user: UserId, other: UserId, now: number): void {
    for (const relay of this.#byUser.get(user) ?? []) {
      if (!relay.sides.some(side => side.user === other) || !relay.hasEnded(user)) continue;
      relay.part(now);
      this.#look(relay);
    }
  }

  partAll(now: number): void {
    for (const relay of this.#all) {
      relay.part(now);
      this.#look(relay);
    }
  }

  onTime(now: number): void {
    for (;;) {
      const relay = this.#agenda.take(now);
      if (relay === undefined) return;
      relay.onTime(now);
      this.#look(relay);
    }
  }

  #look(relay: Relay): void {
    this.#agenda.schedule(relay, relay.dueAt);
    if (!relay.isOver) return;
    this.#all.delete(relay);
    for (const {user, endpoint} of relay.sides) {
      const key = endpointKey(endpoint);
      if (this.#awaited.get(key)?.relay === relay) this.#awaited.delete(key);
      const relays = this.#byUser.get(user);
      relays?.delete(relay);
      if (relays?.size === 0) this.#byUser.delete(user);
    }
  }
}
