import type {Command, Outcome} from '../../source/chat/chat.ts';
import type {Located, Network, NotLocated} from '../../source/client/connecting/network.ts';
import {Engine, type EngineOptions} from '../../source/client/engine.ts';
import type {EngineEvent, Scope} from '../../source/client/events.ts';
import {Journeys} from '../../source/client/journeys.ts';
import type {Crowd} from '../../source/client/nicknames.ts';
import {People} from '../../source/client/people.ts';
import {Hub} from '../../source/hub/hub.ts';
import {silentLog} from '../../source/hub/silent-log.ts';
import type {
  Connection,
  DatagramHubHost,
  DepartureReason,
  HubHost,
  Mode,
  Protocol,
  Request,
} from '../../source/protocols/protocol.ts';
import type {Endpoint} from '../../source/transport/endpoint.ts';
import {Random} from './random.ts';
import {type Faults, noFaults, SimulatedNetwork} from './simulated-network.ts';
import {goodStreams, SimulatedStreams, type StreamConditions} from './simulated-streams.ts';

/** The people for an engine without a front: everybody is shown with their name. */
export const nobody: Crowd = {people: People.nobody, isHere: () => false};

export const hubEndpoint: Endpoint = {host: '192.0.2.1', port: 30_200};

/** The faults of the network; each transport has its own part of them. */
export type Conditions = Partial<Faults & StreamConditions> & {
  /** Time that a command is under way before it is carried out, as in a log that several hubs share. */
  readonly logMs?: number;
  /** Whether everybody records the journeys of messages. */
  readonly hasJourneys?: boolean;
};

type WithoutId<Text> = Text extends unknown ? Omit<Text, 'id'> : never;

type Event<Type extends EngineEvent['type']> = Extract<EngineEvent, {readonly type: Type}>;

/** A user in the simulation: the real engine, and all its events. */
export class SimulatedUser {
  readonly nick: string;
  readonly protocol: Protocol;
  readonly endpoint: Endpoint;
  readonly engine: Engine;
  readonly journeys: Journeys | undefined;
  readonly events: EngineEvent[] = [];
  /** Times of the events, in virtual milliseconds. */
  readonly times: number[] = [];
  /** The answer to a look-up of the hub; `never` while nobody answers. */
  located: Located | NotLocated | 'never';
  /** Number of look-ups. */
  searches = 0;
  whenUnreachable: EngineOptions['whenUnreachable'];
  readonly #searching: Parameters<Network['locate']>[0][] = [];
  readonly #network: SimulatedNetwork;
  #lastId = 0;
  #present = new Set<string>();

  constructor(
    nick: string,
    endpoint: Endpoint,
    protocol: Protocol,
    network: SimulatedNetwork,
    random: Random,
    streams = new SimulatedStreams(network, random),
    hub = hubEndpoint,
    hasJourneys = false,
  ) {
    this.nick = nick;
    this.protocol = protocol;
    this.endpoint = endpoint;
    this.#network = network;
    this.located = [hub];
    const whenUnreachable = () => this.whenUnreachable;
    this.journeys = hasJourneys ? new Journeys(() => network.now) : undefined;
    this.engine = new Engine({
      get whenUnreachable() {
        return whenUnreachable();
      },
      protocol,
      server: 'simulated',
      nick,
      network: {
        send: network.sender(endpoint),
        locate: onLocated => {
          this.searches++;
          this.#searching.push(onLocated);
          if (this.located !== 'never') this.answerSearches(this.located);
        },
        open: ([to], listener, localPort) => streams.open(endpoint.host, to, listener, localPort),
        reserve: onReserved => streams.reserve(endpoint.host, onReserved),
      },
      emit: event => {
        this.events.push(event);
        this.times.push(network.now);
        this.#follow(event);
      },
      crowd: () => nobody,
      watch: this.journeys?.watch(protocol),
      wallClock: () => network.now,
      random: () => random.next(),
    });
    network.attach(endpoint, this.engine);
  }

  /** Answers all look-ups of the hub. */
  answerSearches(found: Located | NotLocated): void {
    for (const onLocated of this.#searching.splice(0)) onLocated(found, this.#network.now);
  }

  get phase(): string | undefined {
    return this.last('connection')?.connection.phase;
  }

  get isConnected(): boolean {
    return this.phase === 'connected';
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

  /** Everybody who is here as shown: on the last list, or come since. */
  get present(): readonly string[] {
    return [...this.#present].toSorted();
  }

  /** Whether there is an invitation of theirs to be answered. */
  isInvitedBy(from: string): boolean {
    const last = this.events.findLast(
      event =>
        (event.type === 'invitation' || event.type === 'invitation-ended') && event.from === from,
    );
    return last?.type === 'invitation';
  }

  /** Whether there is a private connection with that user, as shown. */
  isLinkedWith(nick: string): boolean {
    const last = this.events.findLast(
      event =>
        (event.type === 'link-opened' || event.type === 'link-closed') && event.nick === nick,
    );
    return last?.type === 'link-opened';
  }

  /** Texts shown, as `author: text`. */
  texts(scope: Scope = 'public'): string[] {
    return this.of('message')
      .filter(event => event.scope === scope)
      .map(({from, text}) => `${from}: ${text}`);
  }

  /** The outcome of the texts, as `1 delivered` and `2 no-such-user`. */
  ends(): string[] {
    return this.events.flatMap(event => {
      if (event.type === 'delivered') return `${event.id} delivered`;
      return event.type === 'failed' ? `${event.id} ${event.reason}` : [];
    });
  }

  start(): void {
    this.engine.start(this.#network.now);
  }

  say(
    text: string,
    conversation = this.room === undefined ? ('public' as const) : ('room' as const),
  ): number {
    return this.#text({type: 'say', scope: conversation, text});
  }

  tell(to: string, text: string): number {
    return this.#text({type: 'tell', scope: 'direct', to, text});
  }

  link(to: string): void {
    this.#ask({type: 'link', to});
  }

  unlink(nick: string): void {
    this.#ask({type: 'unlink', from: nick});
  }

  tellOverLink(to: string, text: string): number {
    return this.#text({type: 'tell', scope: 'link', to, text});
  }

  retry(id?: number): ReturnType<Engine['retry']> {
    return this.engine.retry(id, this.#network.now);
  }

  rooms(): void {
    this.#ask({type: 'rooms'});
  }

  createRoom(name: string, mode: Mode, maximumMembers: number): void {
    this.#ask({type: 'create-room', name, mode, maximumMembers});
  }

  joinRoom(name: string): void {
    this.#ask({type: 'join-room', name});
  }

  invite(nicknames: readonly string[], mode: Mode = 'centralised'): void {
    this.#ask({type: 'invite', nicknames, mode});
  }

  answer(from: string, accepted: boolean): void {
    this.#ask({type: 'answer', from, accepted});
  }

  leave(): void {
    this.#ask({type: 'leave'});
  }

  list(): void {
    this.#ask({type: 'list'});
  }

  close(): void {
    this.engine.close(this.#network.now);
  }

  #follow(event: EngineEvent): void {
    if (event.type === 'users') this.#present = new Set(event.users.map(({nick}) => nick));
    else if (event.type === 'arrived') this.#present.add(event.nick);
    else if (event.type === 'departed') this.#present.delete(event.nick);
  }

  #ask(request: Request): void {
    this.engine.request(request, this.#network.now);
  }

  #text(text: WithoutId<Request & {type: 'say' | 'tell'}>): number {
    const id = ++this.#lastId;
    this.#ask({...text, id});
    return id;
  }
}

/** A command that the hub has carried out, and its outcome. */
export type Applied = {readonly at: number; readonly command: Command; readonly outcome: Outcome};

/** A real hub and real client engines on one simulated network, over the transport of their protocol. */
export class World {
  readonly network: SimulatedNetwork;
  readonly streams: SimulatedStreams;
  readonly hub: Hub;
  readonly random: Random;
  readonly applied: Applied[] = [];
  readonly departures: {
    readonly nick: string;
    readonly reason: DepartureReason;
    readonly at: number;
  }[] = [];
  /** All but those that were killed. */
  readonly users: SimulatedUser[] = [];
  /** The protocol of users for whom no other is given: the first. */
  readonly protocol: Protocol;
  /** Number of users at the same time: one more is told that the hub is full. */
  capacity = Number.POSITIVE_INFINITY;
  /** True if the test makes faults on purpose: otherwise a fault makes it fail. */
  expectsFaults = false;
  readonly bugs: {readonly nickname: string | undefined; readonly error: unknown}[] = [];
  /** The log's lines about lists that were cut. */
  readonly cuts: string[] = [];
  readonly #stopListening: (() => void)[] = [];
  /** Endpoints of the hub, by protocol. */
  readonly #endpoints: ReadonlyMap<Protocol, Endpoint>;
  readonly #chats = new Map<string, HubHost['chat']>();
  /** Time that a command is under way in a log before it is carried out. */
  readonly logMs: number;
  readonly #hasJourneys: boolean;
  #lastHost = 0;

  constructor(
    protocol: Protocol,
    seed: number,
    conditions: Conditions = {},
    others: readonly Protocol[] = [],
  ) {
    const protocols = [protocol, ...others];
    this.random = new Random(seed);
    this.logMs = conditions.logMs ?? 0;
    this.#hasJourneys = conditions.hasJourneys ?? false;
    this.protocol = protocol;
    this.#endpoints = new Map(
      protocols.map((one, index) => [one, {...hubEndpoint, port: hubEndpoint.port + index}]),
    );
    this.network = new SimulatedNetwork(this.random, {...noFaults, ...conditions});
    this.streams = new SimulatedStreams(this.network, this.random, {...goodStreams, ...conditions});
    const observed = new Map(protocols.map(one => [one, this.#observed(one)]));
    const senders = new Map(
      protocols.map(one => [one.name, this.network.sender(this.endpointOf(one))]),
    );
    const hub = new Hub({
      protocols: [...observed.values()],
      log: name => ({
        ...silentLog(),
        left: (nick, _from, reason) => this.departures.push({nick, reason, at: this.network.now}),
        cut: (nick, list, told, of) => this.cuts.push(`${name} ${nick}: ${told} of ${of} ${list}`),
        fault: (nickname, error) => {
          if (!this.expectsFaults) throw error;
          this.bugs.push({nickname, error});
        },
      }),
      admit: () => (this.chat.size >= this.capacity ? 'hub-full' : undefined),
      onOutcome: (command, outcome, at) => this.applied.push({at, command, outcome}),
      send: ({name}, datagram, to) => senders.get(name)?.(datagram, to),
    });
    this.hub = hub;
    for (const [one, spoken] of observed) {
      const endpoint = this.endpointOf(one);
      this.network.attach(endpoint, {
        get dueAt() {
          return one === protocol ? hub.dueAt : Number.POSITIVE_INFINITY;
        },
        receive: (datagram, from, now) => {
          if (spoken.transport === 'udp') hub.receive(spoken, datagram, from, now);
        },
        onTime: now => hub.onTime(now),
      });
      if (spoken.transport === 'udp') continue;
      const accept = (connection: Connection, now: number) => hub.accept(spoken, connection, now);
      this.#stopListening.push(this.streams.listen(endpoint, accept));
    }
  }

  /** The hub's chat, as the users of {@link protocol} know it. */
  get chat(): HubHost['chat'] {
    return this.chatOf(this.protocol);
  }

  /** The hub's chat, as the users of that protocol know it. */
  chatOf({name}: Protocol): HubHost['chat'] {
    const chat = this.#chats.get(name);
    if (chat === undefined) throw new Error(`${name} has created no hub end`);
    return chat;
  }

  endpointOf(protocol: Protocol): Endpoint {
    return this.#endpoints.get(protocol) ?? hubEndpoint;
  }

  add(nick: string, protocol = this.protocol): SimulatedUser {
    const number = ++this.#lastHost;
    const endpoint = {
      host: `198.51.${100 + Math.floor(number / 250)}.${number % 250}`,
      port: 40_000,
    };
    const {network, random, streams} = this;
    const hub = this.endpointOf(protocol);
    const user = new SimulatedUser(
      nick,
      endpoint,
      protocol,
      network,
      random,
      streams,
      hub,
      this.#hasJourneys,
    );
    this.users.push(user);
    return user;
  }

  /** Users who are connected and have seen the first list; and each other, if the protocol tells arrivals. */
  connect(...nicks: readonly string[]): SimulatedUser[] {
    const users = nicks.map(nick => this.add(nick));
    const seen = this.protocol.features.has('presence') ? nicks : [];
    const isReady = (user: SimulatedUser) =>
      user.last('users') !== undefined && seen.every(nick => user.present.includes(nick));
    for (const user of users) user.start();
    this.until(() => users.every(isReady), 'everybody connected');
    return users;
  }

  /** Cuts the machine at that endpoint off and stops its clock: nobody is told. */
  silence(endpoint: Endpoint): void {
    this.network.silence(endpoint);
    this.streams.silence(endpoint.host);
  }

  restore(endpoint: Endpoint): void {
    this.network.restore(endpoint);
    this.streams.restore(endpoint.host);
  }

  /** Ends that user's program without a goodbye; the system closes the connections that it had. */
  kill(user: SimulatedUser): void {
    this.network.silence(user.endpoint);
    this.streams.kill(user.endpoint.host);
    this.users.splice(this.users.indexOf(user), 1);
  }

  /** Ends the hub in good order: everybody is told, and nobody connects any more. */
  closeHub(): void {
    this.hub.close(this.network.now);
    for (const stop of this.#stopListening) stop();
  }

  until(isReached: () => boolean, what: string, maximumMs = 120_000): void {
    this.network.runUntil(isReached, maximumMs, what);
  }

  run(durationMs: number): void {
    this.network.run(durationMs);
  }

  /** The protocol, whose view of the chat is noted when its hub end is created. */
  #observed(protocol: Protocol): Protocol {
    return protocol.transport === 'udp'
      ? {
          ...protocol,
          createHubEnd: (host: DatagramHubHost) =>
            protocol.createHubEnd(this.#note(protocol, host)),
        }
      : {
          ...protocol,
          createHubEnd: (host: HubHost) => protocol.createHubEnd(this.#note(protocol, host)),
        };
  }

  #note<Host extends HubHost>({name}: Protocol, host: Host): Host {
    this.#chats.set(name, host.chat);
    const {logMs} = this;
    if (logMs === 0) return host;
    // In the order in which they were proposed.
    const later = (action: () => void) =>
      this.network.after(logMs, now => {
        action();
        this.hub.onTime(now);
      });
    return {
      ...host,
      register: (nickname, from, onOutcome) =>
        later(() => host.register(nickname, from, onOutcome)),
      propose: (command, onOutcome) => later(() => host.propose(command, onOutcome)),
    };
  }
}
