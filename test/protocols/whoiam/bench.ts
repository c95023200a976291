import {Hub} from '../../../source/hub/hub.ts';
import {silentLog} from '../../../source/hub/silent-log.ts';
import type {Connection, DropReason} from '../../../source/protocols/protocol.ts';
import {whoiam} from '../../../source/protocols/whoiam/index.ts';
import {Random} from '../../network/random.ts';
import {SimulatedNetwork} from '../../network/simulated-network.ts';
import {
  goodStreams,
  SimulatedStreams,
  type StreamConditions,
  StreamRecorder,
} from '../../network/simulated-streams.ts';
import {hubEndpoint} from '../../network/world.ts';

/** The real hub in virtual time, and people who write lines to it. */
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
      protocols: [whoiam],
      log: () => ({
        ...silentLog(),
        connected: nickname => this.story.push(`${nickname} connected`),
        refused: (nickname, _from, reason) => this.story.push(`${nickname} refused: ${reason}`),
        left: (nickname, _from, reason) => this.story.push(`${nickname} left: ${reason}`),
      }),
      send() {},
    });
    const {hub} = this;
    this.streams.listen(hubEndpoint, (connection, now) => hub.accept(whoiam, connection, now));
    this.network.attach(hubEndpoint, {
      get dueAt() {
        return hub.dueAt;
      },
      receive() {},
      onTime: now => hub.onTime(now),
    });
  }

  /** Somebody who has connected, and said nothing yet. */
  visit(host = `198.51.100.${++this.#people}`): Person {
    const person = new Person(this, host);
    this.run(0);
    return person;
  }

  /** Those people, identified, with nothing left to read. */
  connect(...nicknames: readonly string[]): Person[] {
    const people = nicknames.map(nickname => {
      const person = this.visit();
      person.say(`IAM ${nickname}`);
      return person;
    });
    for (const person of people) person.take();
    return people;
  }

  run(durationMs: number): void {
    this.network.run(durationMs);
  }

  dropped(reason: DropReason): number {
    return this.hub.drops.get(reason) ?? 0;
  }
}

/** Somebody with nothing but a connection: `nc`, say. */
export class Person {
  readonly connection: Connection;
  readonly #bench: Bench;
  readonly #recorder = new StreamRecorder();

  readonly host: string;

  constructor(bench: Bench, host: string) {
    this.#bench = bench;
    this.host = host;
    this.connection = bench.streams.open(host, hubEndpoint, this.#recorder);
  }

  /** opened, ended, closed… */
  get story(): readonly string[] {
    return this.#recorder.story;
  }

  /** Those lines, written at once. */
  say(...lines: readonly string[]): void {
    this.write(lines.map(line => `${line}\n`).join(''));
  }

  write(bytes: string | Uint8Array): void {
    this.connection.write(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
    this.#bench.run(0);
  }

  /** The lines that have come since the last time. */
  take(): string[] {
    const text = this.#recorder.takeText();
    if (text !== '' && !text.endsWith('\n')) throw new Error(`half a line: ${text}`);
    return text.split('\n').slice(0, -1);
  }
}
