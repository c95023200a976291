import type {Connection} from '../../../source/protocols/protocol.ts';
import {whoiam} from '../../../source/protocols/whoiam/index.ts';
import {type StreamConditions, StreamRecorder} from '../../network/simulated-streams.ts';
import {hubEndpoint} from '../../network/world.ts';
import {StreamBench} from '../streams/bench.ts';

/** People who write lines to the hub. */
export class Bench extends StreamBench<Person> {
  constructor(conditions?: StreamConditions, seed?: number) {
    super(whoiam, conditions, seed);
  }

  protected create(host: string): Person {
    return new Person(this, host);
  }

  protected register(person: Person, nickname: string): void {
    person.say(`IAM ${nickname}`);
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
