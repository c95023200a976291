import type {
  ClientEnd,
  ClientEvent,
  Connection,
  OutgoingListener,
} from '../../../source/protocols/protocol.ts';
import {whoiam} from '../../../source/protocols/whoiam/index.ts';
import {Random} from '../../network/random.ts';
import {SimulatedNetwork} from '../../network/simulated-network.ts';
import {
  goodStreams,
  SimulatedStreams,
  type StreamConditions,
  StreamRecorder,
} from '../../network/simulated-streams.ts';
import {hubEndpoint, SimulatedUser} from '../../network/world.ts';

/**
 * A hub that says exactly what a test wants said to one real client, and answers by itself only what lets
 * the client be there: WHO on connecting, `ARR alice` to IAM, and a list to WHO.
 */
export class ScriptedHub {
  readonly network = new SimulatedNetwork(new Random(1));
  readonly streams: SimulatedStreams;
  readonly alice: SimulatedUser;
  /** What it answers by itself. */
  answers: ReadonlySet<'connection' | 'IAM' | 'WHO'> = new Set(['connection', 'IAM', 'WHO']);
  list = 'alice bob';
  /** Newest last. */
  readonly connections: Connection[] = [];
  readonly stories: (readonly string[])[] = [];
  readonly stopListening: () => void;
  #received: string[] = [];

  constructor(conditions: StreamConditions = goodStreams) {
    this.streams = new SimulatedStreams(this.network, new Random(1), conditions);
    this.alice = new SimulatedUser(
      'alice',
      {host: '198.51.100.1', port: 40_000},
      whoiam,
      this.network,
      new Random(1),
      this.streams,
    );
    this.stopListening = this.streams.listen(hubEndpoint, connection => this.#accept(connection));
  }

  /** With alice connected, and what was said for that out of the way. */
  static connected(conditions?: StreamConditions): ScriptedHub {
    const hub = new ScriptedHub(conditions);
    hub.alice.start();
    hub.run(0);
    hub.take();
    hub.alice.events.length = 0;
    return hub;
  }

  get connection(): Connection {
    const connection = this.connections.at(-1);
    if (connection === undefined) throw new Error('nobody has connected');
    return connection;
  }

  /** What has become of the newest connection: ended, closed… */
  get story(): readonly string[] {
    return this.stories.at(-1) ?? [];
  }

  /** Says those lines at once, and lets them arrive. */
  say(...lines: readonly string[]): void {
    this.write(lines.map(line => `${line}\n`).join(''));
  }

  write(bytes: string | Uint8Array): void {
    this.connection.write(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
    this.run(0);
  }

  run(durationMs: number): void {
    this.network.run(durationMs);
  }

  /** The lines that the client has written since the last time. */
  take(): string[] {
    return this.#received.splice(0);
  }

  #accept(connection: Connection) {
    const recorder = new StreamRecorder();
    this.connections.push(connection);
    this.stories.push(recorder.story);
    if (this.answers.has('connection')) connection.write(Buffer.from('WHO\n'));
    let rest = '';
    return {
      received: (bytes: Uint8Array) => {
        const lines = (rest + Buffer.from(bytes).toString()).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) this.#receive(line, connection);
      },
      ended: () => recorder.ended(),
      drained: () => recorder.drained(),
      closed: (code: string | undefined) => recorder.closed(code),
    };
  }

  #receive(line: string, connection: Connection): void {
    this.#received.push(line);
    if (line.startsWith('IAM ') && this.answers.has('IAM')) {
      connection.write(Buffer.from(`ARR ${line.slice(4)}\n`));
    } else if (line === 'WHO' && this.answers.has('WHO')) {
      connection.write(Buffer.from(`WHO ${this.list}\n`));
    }
  }
}

/** The end of a client alone, which is told what the test wants, and its events. */
export class ScriptedEnd {
  readonly events: ClientEvent[] = [];
  readonly end: ClientEnd;
  #listener: OutgoingListener | undefined;

  constructor() {
    this.end = whoiam.createClientEnd({
      nickname: 'alice',
      emit: event => this.events.push(event),
      open: listener => {
        this.#listener = listener;
        return {
          remote: hubEndpoint,
          waiting: 0,
          write() {},
          end() {},
          destroy() {},
          pause() {},
          resume() {},
        };
      },
      reserve() {},
      takeLink: () => undefined,
    });
    this.end.connect(0);
  }

  say(...lines: readonly string[]): void {
    this.#listener?.received(Buffer.from(lines.map(line => `${line}\n`).join('')), 0);
  }
}
