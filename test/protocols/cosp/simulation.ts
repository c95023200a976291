import {cosp} from '../../../source/protocols/cosp/index.ts';
import * as wire from '../../../source/protocols/cosp/wire.ts';
import type {
  ClientEnd,
  ClientEvent,
  Connection,
  Request,
  StreamClientHost,
  TimedListener,
} from '../../../source/protocols/protocol.ts';
import {FrameBuffer} from '../../../source/transport/frame-buffer.ts';
import {Random} from '../../network/random.ts';
import {SimulatedNetwork} from '../../network/simulated-network.ts';
import {SimulatedStreams} from '../../network/simulated-streams.ts';
import {hubEndpoint} from '../../network/world.ts';
import {Bench} from './bench.ts';

type Event<Type extends ClientEvent['type']> = Extract<ClientEvent, {readonly type: Type}>;
const presence: ReadonlySet<ClientEvent['type']> = new Set(['users', 'arrived', 'departed']);

type Surroundings = {readonly network: SimulatedNetwork; readonly streams: SimulatedStreams};

/** Ends of clients, without an engine, and all that they have said happened. */
export class User {
  readonly nick: string;
  readonly host: string;
  readonly end: ClientEnd;
  readonly events: ClientEvent[] = [];
  /** The connections it has opened, the first one to the hub. */
  readonly connections: Connection[] = [];
  /** The ports that it has kept. */
  readonly ports: number[] = [];
  /** Whether the system has one to give. */
  hasPorts = true;
  takeLink: StreamClientHost['takeLink'] = () => undefined;
  readonly #network: SimulatedNetwork;
  #lastId = 0;

  constructor({network, streams}: Surroundings, nick: string, host: string) {
    this.nick = nick;
    this.host = host;
    this.#network = network;
    this.end = cosp.createClientEnd({
      nickname: nick,
      emit: event => this.events.push(event),
      open: (listener, localPort) => {
        const connection = streams.open(host, hubEndpoint, listener, localPort);
        this.connections.push(connection);
        return connection;
      },
      reserve: onReserved =>
        streams.reserve(host, (reservation, now) => {
          const given = this.hasPorts ? reservation : undefined;
          if (given !== undefined) this.ports.push(given.port);
          onReserved(given, now);
        }),
      takeLink: (nick, connection) => this.takeLink(nick, connection),
    });
    const {end} = this;
    network.attach(
      {host, port: 0},
      {
        get dueAt() {
          return end.dueAt;
        },
        receive() {},
        onTime: now => end.onTime(now),
      },
    );
  }

  of<Type extends ClientEvent['type']>(type: Type): Event<Type>[] {
    return this.events.filter((event): event is Event<Type> => event.type === type);
  }

  /** Everything since the last time, but who is there. */
  take(): ClientEvent[] {
    return this.events.splice(0).filter(({type}) => !presence.has(type));
  }

  /** What became of the texts, as `1 delivered` and `2 no-such-user`. */
  ends(): string[] {
    return this.events.flatMap(event => {
      if (event.type === 'delivered') return `${event.id} delivered`;
      return event.type === 'failed' ? `${event.id} ${event.reason}` : [];
    });
  }

  connect(): void {
    this.end.connect(this.#network.now);
  }

  request(request: Request): void {
    this.end.request(request, this.#network.now);
  }

  say(text: string): number {
    this.request({type: 'say', id: ++this.#lastId, scope: 'public', text});
    return this.#lastId;
  }

  tell(to: string, text: string, scope: 'direct' | 'link' = 'direct'): number {
    this.request({type: 'tell', id: ++this.#lastId, scope, to, text});
    return this.#lastId;
  }

  link(to: string): void {
    this.request({type: 'link', to});
  }

  unlink(from: string): void {
    this.request({type: 'unlink', from});
  }

  answer(from: string, accepted: boolean): void {
    this.request({type: 'answer', from, accepted});
  }

  disconnect(): void {
    this.end.disconnect(this.#network.now);
  }
}

/** The real hub, and real ends of clients. */
export class Simulation extends Bench {
  add(nick: string, number: number): User {
    return new User(this, nick, `192.0.2.${100 + number}`);
  }

  /** Those users, let in, with no event left. */
  join(...nicks: readonly string[]): User[] {
    const users = nicks.map((nick, index) => this.add(nick, index));
    for (const user of users) {
      user.connect();
      this.run(0);
    }
    this.run(200);
    for (const user of users) user.take();
    return users;
  }

  /** A private connection between the two, with no event left. */
  link(alice: User, bob: User): void {
    alice.link(bob.nick);
    this.run(200);
    bob.answer(alice.nick, true);
    this.run(200);
    alice.take();
    bob.take();
  }
}

/** One user, and a hub that says what the test says. */
export class ScriptedHub {
  readonly network = new SimulatedNetwork(new Random(1));
  readonly streams = new SimulatedStreams(this.network, new Random(2));
  readonly user = new User(this, 'alice', '192.0.2.100');
  /** What it has been told, each as a line, fences left out. */
  readonly heard: string[] = [];
  /** The client's first connection, and those that came after. */
  readonly accepted: Connection[] = [];
  /** Whether a fence is answered, or ends the connection. */
  answersFences = true;
  endsAtFences = false;
  fences = 0;
  /** The newest that is no private connection. */
  #main: Connection | undefined;
  #isMainNext = true;
  readonly stopListening: () => void;

  constructor() {
    this.stopListening = this.streams.listen(hubEndpoint, connection => this.#accept(connection));
  }

  /** Lets the user in, with these others. */
  letIn(...users: readonly wire.User[]): void {
    this.#isMainNext = true;
    this.user.connect();
    this.run(0);
    this.write(wire.encodeRegistration({type: 'accepted', users}));
    this.run(200);
    this.user.take();
  }

  write(bytes: Uint8Array): void {
    this.#main?.write(bytes);
    this.run(0);
  }

  tell(...notices: readonly wire.Notice[]): void {
    this.write(Buffer.concat(notices.map(notice => wire.encodeNotice(notice))));
  }

  run(durationMs: number): void {
    this.network.run(durationMs);
  }

  #accept(connection: Connection): TimedListener {
    this.accepted.push(connection);
    const isMain = this.#isMainNext;
    this.#isMainNext = false;
    if (isMain) this.#main = connection;
    const frames = new FrameBuffer();
    let isIn = false;
    return {
      received: bytes => {
        if (!isMain) return;
        frames.push(bytes);
        if (!isIn) isIn = frames.read(wire.readNickname) !== undefined;
        for (;;) {
          const decoded = frames.read(wire.readRequest);
          if (decoded === undefined) return;
          if (decoded.ok) this.#hear(decoded.message);
        }
      },
      ended: () => connection.end(),
      drained() {},
      closed() {},
    };
  }

  #hear(request: wire.Request): void {
    if (request.type === 'refuseConnection' && request.id === wire.maximumId) {
      this.fences++;
      if (this.endsAtFences) this.#main?.end();
      else if (this.answersFences) this.#main?.write(wire.encodeNotice({type: 'gone'}));
    } else {
      this.heard.push(Object.values(request).join(' '));
    }
  }
}
