import type {Command, Outcome} from '../../source/chat/chat.ts';
import {Engine} from '../../source/client/engine.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import {Hub} from '../../source/hub/hub.ts';
import type {
  DatagramHubHost,
  DatagramProtocol,
  DepartureReason,
  Mode,
} from '../../source/protocols/protocol.ts';
import type {Endpoint} from '../../source/transport/endpoint.ts';
import {datagramsOnly} from './datagrams-only.ts';
import {Random} from './random.ts';
import {type Faults, SimulatedNetwork} from './simulated-network.ts';

export const hubEndpoint: Endpoint = {host: '192.0.2.1', port: 30_200};

type Event<Type extends EngineEvent['type']> = Extract<EngineEvent, {readonly type: Type}>;

/** A user in the simulation: the real engine, and everything it has said happened. */
export class SimulatedUser {
  readonly nick: string;
  readonly endpoint: Endpoint;
  readonly engine: Engine;
  readonly events: EngineEvent[] = [];
  /** When each of the events happened, in virtual milliseconds. */
  readonly times: number[] = [];
  readonly #network: SimulatedNetwork;
  #lastId = 0;

  constructor(
    nick: string,
    endpoint: Endpoint,
    protocol: DatagramProtocol,
    network: SimulatedNetwork,
    random: Random,
  ) {
    this.nick = nick;
    this.endpoint = endpoint;
    this.#network = network;
    this.engine = new Engine({
      protocol,
      hub: hubEndpoint,
      server: 'simulated',
      nick,
      network: datagramsOnly(network.sender(endpoint)),
      emit: event => {
        this.events.push(event);
        this.times.push(network.now);
      },
      wallClock: () => network.now,
      random: () => random.next(),
    });
    network.attach(endpoint, this.engine);
  }

  get isConnected(): boolean {
    return this.last('connection')?.connection.phase === 'connected';
  }

  get room(): Event<'room-entered'> | undefined {
    const index = this.events.findLastIndex(
      ({type}) => type === 'room-entered' || type === 'room-left',
    );
    const event = this.events[index];
    return event?.type === 'room-entered' ? event : undefined;
  }

  of<Type extends EngineEvent['type']>(type: Type): Event<Type>[] {
    return this.events.filter((event): event is Event<Type> => event.type === type);
  }

  last<Type extends EngineEvent['type']>(type: Type): Event<Type> | undefined {
    return this.of(type).at(-1);
  }

  /** Our private room's members as shown; undefined in the public room. */
  get members(): readonly string[] | undefined {
    const index = this.events.findLastIndex(
      ({type}) => type === 'room-entered' || type === 'room-members' || type === 'room-left',
    );
    const event = this.events[index];
    if (event?.type !== 'room-entered' && event?.type !== 'room-members') return undefined;
    return event.members.toSorted();
  }

  /** Everybody on the list as shown. */
  get present(): readonly string[] {
    return (this.last('users')?.users ?? []).map(({nick}) => nick).toSorted();
  }

  /** Whether there is an invitation of theirs to be answered. */
  isInvitedBy(from: string): boolean {
    const last = this.events.findLast(
      event =>
        (event.type === 'invitation' || event.type === 'invitation-ended') && event.from === from,
    );
    return last?.type === 'invitation';
  }

  /** Texts shown, as `author: text`. */
  texts(scope: 'public' | 'room' | 'direct' = 'public'): string[] {
    return this.of('message')
      .filter(event => event.scope === scope)
      .map(({from, text}) => `${from}: ${text}`);
  }

  start(): void {
    this.engine.start(this.#network.now);
  }

  say(
    text: string,
    conversation = this.room === undefined ? ('public' as const) : ('room' as const),
  ): number {
    this.engine.say(++this.#lastId, conversation, text, this.#network.now);
    return this.#lastId;
  }

  tell(to: string, text: string): number {
    this.engine.tell(++this.#lastId, to, text, this.#network.now);
    return this.#lastId;
  }

  retry(id?: number): ReturnType<Engine['retry']> {
    return this.engine.retry(id, this.#network.now);
  }

  rooms(): void {
    this.engine.rooms(this.#network.now);
  }

  createRoom(name: string, mode: Mode, maximumMembers: number): void {
    this.engine.createRoom(name, mode, maximumMembers, this.#network.now);
  }

  joinRoom(name: string): void {
    this.engine.joinRoom(name, this.#network.now);
  }

  invite(nicknames: readonly string[], mode: Mode = 'centralised'): void {
    this.engine.invite(nicknames, mode, this.#network.now);
  }

  answer(from: string, accepted: boolean): void {
    this.engine.answer(from, accepted, this.#network.now);
  }

  leave(): void {
    this.engine.leave(this.#network.now);
  }

  list(): void {
    this.engine.list(this.#network.now);
  }

  close(): void {
    this.engine.close(this.#network.now);
  }
}

/** What the hub has carried out, and what came of it. */
export type Applied = {readonly at: number; readonly command: Command; readonly outcome: Outcome};

/** A real hub and real client engines on one simulated network. */
export class World {
  readonly network: SimulatedNetwork;
  readonly hub: Hub;
  readonly applied: Applied[] = [];
  readonly departures: {
    readonly nick: string;
    readonly reason: DepartureReason;
    readonly at: number;
  }[] = [];
  readonly users: SimulatedUser[] = [];
  readonly protocol: DatagramProtocol;
  /** Of users at once: one more is told that the hub is full. */
  capacity = Number.POSITIVE_INFINITY;
  readonly #random: Random;
  #chat: DatagramHubHost['chat'] | undefined;

  constructor(protocol: DatagramProtocol, seed: number, faults?: Faults) {
    this.#random = new Random(seed);
    this.protocol = protocol;
    this.network = new SimulatedNetwork(this.#random, faults);
    const send = this.network.sender(hubEndpoint);
    const recorded = {
      ...protocol,
      createHubEnd: (host: DatagramHubHost) => protocol.createHubEnd(this.#record(host)),
    };
    this.hub = new Hub({
      protocols: [recorded],
      log: {
        connected: () => {},
        refused: () => {},
        left: (nick, _from, reason) => this.departures.push({nick, reason, at: this.network.now}),
      },
      send: (_protocol, datagram, to) => send(datagram, to),
    });
    const {hub} = this;
    this.network.attach(hubEndpoint, {
      get dueAt() {
        return hub.dueAt;
      },
      receive: (datagram, from, now) => hub.receive(recorded, datagram, from, now),
      onTime: now => hub.onTime(now),
    });
  }

  /** What the hub knows. */
  get chat(): DatagramHubHost['chat'] {
    if (this.#chat === undefined) throw new Error('the protocol has created no hub end');
    return this.#chat;
  }

  get random(): Random {
    return this.#random;
  }

  add(nick: string): SimulatedUser {
    const endpoint = {host: `198.51.100.${this.users.length + 1}`, port: 40_000};
    const user = new SimulatedUser(nick, endpoint, this.protocol, this.network, this.#random);
    this.users.push(user);
    return user;
  }

  /** Users that are connected and have seen the first list. */
  connect(...nicks: readonly string[]): SimulatedUser[] {
    const users = nicks.map(nick => this.add(nick));
    for (const user of users) user.start();
    this.until(() => users.every(user => user.last('users') !== undefined), 'everybody connected');
    return users;
  }

  until(isReached: () => boolean, what: string, maximumMs = 120_000): void {
    this.network.runUntil(isReached, maximumMs, what);
  }

  run(durationMs: number): void {
    this.network.run(durationMs);
  }

  #record(host: DatagramHubHost): DatagramHubHost {
    this.#chat = host.chat;
    return {
      ...host,
      apply: command => {
        const isTooMany = command.type === 'connect' && host.chat.size >= this.capacity;
        const outcome = isTooMany
          ? {refusal: 'hub-full' as const, events: []}
          : host.apply(command);
        this.applied.push({at: this.network.now, command, outcome});
        return outcome;
      },
    };
  }
}
