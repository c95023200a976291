import {Engine} from '../../source/client/engine.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import {Hub} from '../../source/hub/hub.ts';
import type {
  DepartureReason,
  Endpoint,
  HubHost,
  OutgoingListener,
  StreamProtocol,
} from '../../source/protocols/protocol.ts';
import {Random} from './random.ts';
import {SimulatedNetwork} from './simulated-network.ts';
import {SimulatedStreams, type StreamConditions} from './simulated-streams.ts';
import type {Applied} from './world.ts';

export const streamHubEndpoint: Endpoint = {host: '192.0.2.1', port: 30_203};

type Event<Type extends EngineEvent['type']> = Extract<EngineEvent, {readonly type: Type}>;

/** A user in the simulation: the real engine, and everything it has said happened. */
export class StreamUser {
  readonly nick: string;
  readonly host: string;
  readonly engine: Engine;
  readonly events: EngineEvent[] = [];
  /** When each of the events happened, in virtual milliseconds. */
  readonly times: number[] = [];
  readonly #network: SimulatedNetwork;
  #lastId = 0;

  constructor(
    nick: string,
    host: string,
    protocol: StreamProtocol,
    network: SimulatedNetwork,
    streams: SimulatedStreams,
    random: Random,
  ) {
    this.nick = nick;
    this.host = host;
    this.#network = network;
    this.engine = new Engine({
      protocol,
      hub: streamHubEndpoint,
      server: 'simulated',
      nick,
      network: {
        send() {
          throw new Error('there are only connections here');
        },
        open: (to, listener: OutgoingListener, localPort) =>
          streams.open(host, to, listener, localPort),
        reserve: onReserved => streams.reserve(host, onReserved),
      },
      emit: event => {
        this.events.push(event);
        this.times.push(network.now);
      },
      wallClock: () => network.now,
      random: () => random.next(),
    });
    network.attach({host, port: 0}, this.engine);
  }

  get phase(): string | undefined {
    return this.last('connection')?.connection.phase;
  }

  get isConnected(): boolean {
    return this.phase === 'connected';
  }

  /** Nicknames in the newest list. */
  get users(): readonly string[] | undefined {
    return this.last('users')?.users.map(({nick}) => nick);
  }

  of<Type extends EngineEvent['type']>(type: Type): Event<Type>[] {
    return this.events.filter((event): event is Event<Type> => event.type === type);
  }

  last<Type extends EngineEvent['type']>(type: Type): Event<Type> | undefined {
    return this.of(type).at(-1);
  }

  /** Texts shown, as `author: text`. */
  texts(scope: 'public' | 'direct' | 'link' = 'public'): string[] {
    return this.of('message')
      .filter(event => event.scope === scope)
      .map(({from, text}) => `${from}: ${text}`);
  }

  /** What became of the texts, as `1 delivered` and `2 no-such-user`. */
  ends(): string[] {
    return this.events.flatMap(event => {
      if (event.type === 'delivered') return `${event.id} delivered`;
      return event.type === 'failed' ? `${event.id} ${event.reason}` : [];
    });
  }

  start(): void {
    this.engine.start(this.#network.now);
  }

  say(text: string): number {
    this.engine.say(++this.#lastId, 'public', text, this.#network.now);
    return this.#lastId;
  }

  tell(to: string, text: string): number {
    this.engine.tell(++this.#lastId, to, text, this.#network.now);
    return this.#lastId;
  }

  list(): void {
    this.engine.list(this.#network.now);
  }

  close(): void {
    this.engine.close(this.#network.now);
  }
}

/** A real hub and real client engines on one network of simulated connections. */
export class StreamWorld {
  readonly random: Random;
  readonly network: SimulatedNetwork;
  readonly streams: SimulatedStreams;
  readonly hub: Hub;
  /** Nobody is let in any more. */
  readonly stopListening: () => void;
  readonly applied: Applied[] = [];
  readonly departures: {
    readonly nick: string;
    readonly reason: DepartureReason;
    readonly at: number;
  }[] = [];
  readonly users: StreamUser[] = [];
  readonly #protocol: StreamProtocol;

  constructor(protocol: StreamProtocol, seed: number, conditions?: StreamConditions) {
    this.random = new Random(seed);
    this.#protocol = protocol;
    this.network = new SimulatedNetwork(this.random);
    this.streams = new SimulatedStreams(this.network, this.random, conditions);
    const recorded = {
      ...protocol,
      createHubEnd: (host: HubHost) => protocol.createHubEnd(this.#record(host)),
    };
    this.hub = new Hub({
      protocols: [recorded],
      log: {
        connected: () => {},
        refused: () => {},
        left: (nick, _from, reason) => this.departures.push({nick, reason, at: this.network.now}),
      },
      send() {
        throw new Error('there are only connections here');
      },
    });
    const {hub} = this;
    this.stopListening = this.streams.listen(streamHubEndpoint, (connection, now) =>
      hub.accept(recorded, connection, now),
    );
    this.network.attach(streamHubEndpoint, {
      get dueAt() {
        return hub.dueAt;
      },
      receive() {},
      onTime: now => hub.onTime(now),
    });
  }

  add(nick: string): StreamUser {
    const host = `198.51.100.${this.users.length + 1}`;
    const {network, streams, random} = this;
    const user = new StreamUser(nick, host, this.#protocol, network, streams, random);
    this.users.push(user);
    return user;
  }

  /** Users that are connected and have seen the first list. */
  connect(...nicks: readonly string[]): StreamUser[] {
    const users = nicks.map(nick => this.add(nick));
    for (const user of users) user.start();
    this.until(() => users.every(user => user.last('users') !== undefined), 'everybody connected');
    return users;
  }

  /** Takes the hub off the network, without a word to anybody. */
  silenceHub(): void {
    this.network.silence(streamHubEndpoint);
    this.streams.silence(streamHubEndpoint.host);
  }

  restoreHub(): void {
    this.network.restore(streamHubEndpoint);
    this.streams.restore(streamHubEndpoint.host);
  }

  until(isReached: () => boolean, what: string, maximumMs = 120_000): void {
    this.network.runUntil(isReached, maximumMs, what);
  }

  run(durationMs: number): void {
    this.network.run(durationMs);
  }

  #record(host: HubHost): HubHost {
    return {
      ...host,
      apply: command => {
        const outcome = host.apply(command);
        this.applied.push({at: this.network.now, command, outcome});
        return outcome;
      },
    };
  }
}
