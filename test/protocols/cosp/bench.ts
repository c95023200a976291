import {HubStream} from '../../../source/protocols/cosp/client/hub-stream.ts';
import {cosp} from '../../../source/protocols/cosp/index.ts';
import * as wire from '../../../source/protocols/cosp/wire.ts';
import type {Connection} from '../../../source/protocols/protocol.ts';
import {type StreamConditions, StreamRecorder} from '../../network/simulated-streams.ts';
import {hubEndpoint} from '../../network/world.ts';
import {StreamBench} from '../streams/bench.ts';

/** Clients that send bytes to the hub. The ids of their users go up from 0. */
export class Bench extends StreamBench<RawClient> {
  constructor(conditions?: StreamConditions, seed?: number) {
    super(cosp, conditions, seed);
  }

  protected create(host: string): RawClient {
    return new RawClient(this, host);
  }

  protected register(client: RawClient, nickname: string): void {
    client.register(nickname);
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
