import {Hub} from '../../../source/hub/hub.ts';
import {silentLog} from '../../../source/hub/silent-log.ts';
import {HubStream} from '../../../source/protocols/cosp/client/hub-stream.ts';
import {cosp} from '../../../source/protocols/cosp/index.ts';
import * as wire from '../../../source/protocols/cosp/wire.ts';
import type {Connection, DropReason} from '../../../source/protocols/protocol.ts';
import {Random} from '../../network/random.ts';
import {SimulatedNetwork} from '../../network/simulated-network.ts';
import {
  goodStreams,
  SimulatedStreams,
  type StreamConditions,
  StreamRecorder,
} from '../../network/simulated-streams.ts';
import {hubEndpoint} from '../../network/world.ts';

/** The real hub in virtual time, and clients that send it bytes. */
export class Bench {
  readonly network: SimulatedNetwork;
  readonly streams: SimulatedStreams;
  readonly hub: Hub;
  /** What the log has heard. */
  readonly story: string[] = [];
  #people = 0;

  constructor(conditions: StreamConditions = goodStreams, seed = 1) {
    const random = new Random(seed);
    this.network = new SimulatedNetwork(random);
    this.streams = new SimulatedStreams(this.network, random, conditions);
    this.hub = new Hub({
      protocols: [cosp],
      log: () => ({
        ...silentLog(),
        connected: nickname => this.story.push(`${nickname} connected`),
        refused: (nickname, _from, reason) => this.story.push(`${nickname} refused: ${reason}`),
        left: (nickname, _from, reason) => this.story.push(`${nickname} left: ${reason}`),
      }),
      send() {},
    });
    const {hub} = this;
    this.streams.listen(hubEndpoint, (connection, now) => hub.accept(cosp, connection, now));
    this.network.attach(hubEndpoint, {
      get dueAt() {
        return hub.dueAt;
      },
      receive() {},
      onTime: now => hub.onTime(now),
    });
  }

  /** Somebody who has connected, and said nothing yet. */
  visit(): RawClient {
    const client = new RawClient(this, `198.51.100.${++this.#people}`);
    this.run(0);
    return client;
  }

  /** Those users, registered, with nothing left to read. Their ids go up from 0. */
  connect(...nicknames: readonly string[]): RawClient[] {
    const clients = nicknames.map(nickname => {
      const client = this.visit();
      client.register(nickname);
      return client;
    });
    for (const client of clients) client.take();
    return clients;
  }

  run(durationMs: number): void {
    this.network.run(durationMs);
  }

  dropped(reason: DropReason): number {
    return this.hub.drops.get(reason) ?? 0;
  }
}

/** A client that does what the test says, and nothing else. */
export class RawClient {
  readonly host: string;
  readonly connection: Connection;
  readonly #bench: Bench;
  readonly #recorder = new StreamRecorder();
  readonly #stream = new HubStream();

  constructor(bench: Bench, host: string) {
    this.#bench = bench;
    this.host = host;
    this.connection = bench.streams.open(host, hubEndpoint, this.#recorder);
  }

  /** opened, ended, closed… */
  get story(): readonly string[] {
    return this.#recorder.story;
  }

  register(nickname: string): void {
    const bytes = new TextEncoder().encode(nickname);
    this.write(Uint8Array.of(bytes.length >> 8, bytes.length & 0xff, ...bytes));
  }

  say(...requests: readonly wire.Request[]): void {
    this.write(Buffer.concat(requests.map(request => wire.encodeRequest(request))));
  }

  ask(id: number, port: number): void {
    this.say({type: 'askConnection', id, port});
  }

  accept(id: number, port: number): void {
    this.say({type: 'acceptConnection', id, port});
  }

  refuse(id: number): void {
    this.say({type: 'refuseConnection', id});
  }

  write(bytes: Uint8Array): void {
    this.connection.write(bytes);
    this.#bench.run(0);
  }

  /** What has come since the last time, each as a line. */
  take(): string[] {
    this.#stream.push(this.#recorder.take());
    const lines: string[] = [];
    for (let next = this.#stream.read(); next !== undefined; next = this.#stream.read()) {
      lines.push(next.ok ? show(next.message) : `malformed: ${next.reason}`);
    }
    return lines;
  }

  /** A second connection, from that port. */
  second(port: number): Second {
    const second = new Second(this.#bench, this.host, port);
    this.#bench.run(0);
    return second;
  }
}

/** One side of a private connection. */
export class Second extends StreamRecorder {
  readonly connection: Connection;

  constructor(bench: Bench, host: string, port: number) {
    super();
    this.connection = bench.streams.open(host, hubEndpoint, this, port);
  }
}

function show(message: wire.Registration | wire.Notice): string {
  switch (message.type) {
    case 'accepted':
      return `accepted ${message.users.map(({id, nickname}) => `${id}=${nickname}`).join(' ')}`.trimEnd();
    case 'refused':
    case 'gone':
      return message.type;
    case 'arrival':
      return `arrival ${message.id}=${message.nickname}`;
    case 'publicText':
    case 'privateText':
      return `${message.type} ${message.author}: ${message.text}`;
    default:
      return `${message.type} ${message.id}`;
  }
}
