import {type ChildProcessByStdio, spawn} from 'node:child_process';
import {createInterface} from 'node:readline';
import type {Readable, Writable} from 'node:stream';
import {text} from 'node:stream/consumers';
import {Changes} from './changes.ts';
import {type Environment, isolatedEnvironment} from './environment.ts';

export type JsonProgramOptions = {
  /** Over and above those of {@link isolatedEnvironment}. */
  readonly env?: Readonly<Record<string, string>>;
  /** Throws if that is no line that the program promises. */
  readonly check?: (event: unknown) => void;
};

/** As Node tells it: one of the two is null. */
export type Ending = {readonly code: number | null; readonly signal: NodeJS.Signals | null};

/** A child process that is told lines and answers with one JSON object per line, each with a type. */
export class JsonProgram<Event extends {readonly type: string}> {
  /** Resolves when the program has ended and all it printed has been read. */
  readonly exited: Promise<Ending>;
  /** All of stderr, once the program has ended. */
  readonly errors: Promise<string>;

  readonly #environment: Environment;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #changes = new Changes();
  /** In the order they came, without those that somebody waited for. */
  readonly #events: Event[] = [];
  #ending: Ending | undefined;
  /** What `check` has thrown first. */
  #broken: unknown;

  constructor(
    file: string,
    args: readonly string[],
    {env, check = () => {}}: JsonProgramOptions = {},
  ) {
    this.#environment = isolatedEnvironment(env);
    this.#child = spawn(file, args, {
      env: this.#environment.variables,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    // The program has gone: the callers that wait for its answer are told.
    this.#child.stdin.on('error', () => {});
    this.errors = text(this.#child.stderr);
    createInterface({input: this.#child.stdout}).on('line', line => {
      const event: unknown = JSON.parse(line);
      try {
        check(event);
      } catch (error) {
        this.#broken ??= error;
      }
      // The one place that trusts a program to print what its documentation says.
      this.#events.push(event as Event);
      this.#changes.notify();
    });
    this.exited = new Promise(resolve => {
      this.#child.once('close', (code, signal) => {
        this.#ending = {code, signal};
        resolve(this.#ending);
        this.#changes.notify();
      });
    });
  }

  write(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** Ends the program's standard input. */
  end(): void {
    this.#child.stdin.end();
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /**
   * The first event of that type that nobody has taken yet, be it already there or still to come.
   * Those before it stay for others.
   *
   * @throws Error showing the newest events that nobody has taken, if that takes longer or the program
   * ends before.
   */
  next<Type extends Event['type']>(
    type: Type,
    predicate: (event: Extract<Event, {readonly type: Type}>) => boolean = () => true,
    {timeoutMs = 10_000} = {},
  ): Promise<Extract<Event, {readonly type: Type}>> {
    const isWanted = (event: Event): event is Extract<Event, {readonly type: Type}> =>
      event.type === type && predicate(event as Extract<Event, {readonly type: Type}>);
    const failure = (why: string) => {
      const newest = this.#events.slice(-20).map(event => JSON.stringify(event));
      const events = [`The newest of ${this.#events.length} not taken:`, ...newest].join('\n');
      return new Error(`${why}, waiting for ${type} ${predicate}. ${events}`);
    };
    const look = () => {
      if (this.#broken !== undefined) throw this.#broken;
      const event = this.#events.find(isWanted);
      if (event) this.#events.splice(this.#events.indexOf(event), 1);
      else if (this.#ending) throw failure(`The program ended with code ${this.#ending.code}`);
      return event;
    };
    return this.#changes.until(look, timeoutMs, () => failure(`${timeoutMs} ms passed`));
  }

  /** Ends the program, whatever it is doing, and frees what belonged to it. */
  async dispose(): Promise<void> {
    if (!this.#ending) this.#child.kill('SIGKILL');
    await this.exited;
    this.#environment.dispose();
    if (this.#broken !== undefined) throw this.#broken;
  }
}
