import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import * as pty from '@lydell/node-pty';
// A CommonJS bundle whose names Node cannot see from outside.
import xterm from '@xterm/headless';
import {type Cell, readCell} from './cell.ts';
import {Changes} from './changes.ts';
import {type Environment, isolatedEnvironment} from './environment.ts';
import {UnicodeGraphemesAddon} from './graphemes-addon.ts';

export type TerminalOptions = {
  readonly columns?: number;
  readonly rows?: number;
  /** Over and above those of {@link isolatedEnvironment}. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
};

/** Columns and rows count from 0. */
export type TerminalState = {
  readonly isAlternateScreen: boolean;
  readonly isCursorVisible: boolean;
  readonly isWrapping: boolean;
  readonly isPasteBracketed: boolean;
  readonly isFocusReported: boolean;
  readonly mouseTracking: 'none' | 'x10' | 'vt200' | 'drag' | 'any';
  readonly title: string;
  readonly cursor: {readonly column: number; readonly row: number};
};

/** `signal`: the number of the one that ended the program, if one did. */
export type Exit = {readonly code: number; readonly signal: number | undefined};

type Condition = string | RegExp | ((rows: readonly string[]) => boolean);

/**
 * A program in a pseudo-terminal of its own, and the screen that somebody in front of it would see,
 * kept by a terminal emulator that answers the program's questions.
 */
export class Terminal {
  /** Resolves when the program has ended and all it wrote is on the screen. */
  readonly exited: Promise<Exit>;

  readonly #environment: Environment;
  readonly #emulator: xterm.Terminal;
  readonly #pty: pty.IPty;
  readonly #changes = new Changes();
  #raw = '';
  #title = '';
  #isCursorVisible = true;
  #exit: Exit | undefined;

  private constructor(file: string, args: readonly string[], options: TerminalOptions) {
    const {columns = 80, rows = 24, env, cwd} = options;
    this.#environment = isolatedEnvironment(env);
    this.#emulator = new xterm.Terminal({
      cols: columns,
      rows,
      allowProposedApi: true,
      // Programs put the title back with these two; xterm leaves them to those who ask.
      windowOptions: {pushTitle: true, popTitle: true},
    });
    this.#emulator.loadAddon(new UnicodeGraphemesAddon());
    this.#watchModes();
    this.#pty = pty.spawn(file, [...args], {
      cols: columns,
      rows,
      env: this.#environment.variables,
      ...(cwd !== undefined && {cwd}),
    });
    this.#emulator.onData(answer => this.#pty.write(answer));
    this.#pty.onData(output => this.#show(output));
    this.exited = new Promise(resolve => {
      this.#pty.onExit(({exitCode, signal}) => {
        // An empty write is parsed after everything before it.
        this.#emulator.write('', () => {
          this.#exit = {code: exitCode, signal: signal || undefined};
          resolve(this.#exit);
          this.#changes.notify();
        });
      });
    });
  }

  static start(file: string, args: readonly string[], options: TerminalOptions = {}): Terminal {
    return new Terminal(file, args, options);
  }

  /** All the program has written so far. */
  get raw(): string {
    return this.#raw;
  }

  get columns(): number {
    return this.#emulator.cols;
  }

  /** Types, as bytes: see keys.ts for the keys that are not a character. */
  write(text: string): void {
    this.#pty.write(text);
  }

  resize(columns: number, rows: number): void {
    this.#emulator.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  /** Another program writes to the terminal. Resolves when that is on the screen. */
  disturb(output: string): Promise<void> {
    return new Promise(resolve => this.#emulator.write(output, resolve));
  }

  /** Takes nothing more of what is written, until {@link resume}. */
  pause(): void {
    this.#pty.pause();
  }

  resume(): void {
    this.#pty.resume();
  }

  signal(name: NodeJS.Signals): void {
    this.#pty.kill(name);
  }

  /** The rows in view, without the spaces at their ends. */
  screen(): string[] {
    const buffer = this.#emulator.buffer.active;
    return Array.from(
      {length: this.#emulator.rows},
      (_, row) => buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? '',
    );
  }

  /** @throws RangeError outside the screen. */
  cell(column: number, row: number): Cell {
    const buffer = this.#emulator.buffer.active;
    const cell = buffer.getLine(buffer.baseY + row)?.getCell(column);
    if (cell === undefined) throw new RangeError(`No cell ${column}, ${row} on this screen.`);
    return readCell(cell);
  }

  state(): TerminalState {
    const {buffer, modes} = this.#emulator;
    return {
      isAlternateScreen: buffer.active.type === 'alternate',
      isCursorVisible: this.#isCursorVisible,
      isWrapping: modes.wraparoundMode,
      isPasteBracketed: modes.bracketedPasteMode,
      isFocusReported: modes.sendFocusMode,
      mouseTracking: modes.mouseTrackingMode,
      title: this.#title,
      cursor: {column: buffer.active.cursorX, row: buffer.active.cursorY},
    };
  }

  /**
   * Resolves with the rows of the first screen for which the condition holds: a text or a pattern in
   * one of them, or a function of all.
   *
   * @throws Error showing the screen, if that takes longer or the program ends before.
   */
  waitFor(condition: Condition, {timeoutMs = 10_000} = {}): Promise<string[]> {
    const failure = (why: string) =>
      new Error(`${why}, waiting for ${condition}. The screen:\n${this.#drawing()}`);
    const look = () => {
      const rows = this.screen();
      if (isMet(condition, rows)) return rows;
      if (this.#exit) throw failure(`The program ended with code ${this.#exit.code}`);
      return undefined;
    };
    return this.#changes.until(look, timeoutMs, () => failure(`${timeoutMs} ms passed`));
  }

  /** Resolves when the process has ended, read or unread. */
  async gone({timeoutMs = 10_000} = {}): Promise<void> {
    const endsAt = performance.now() + timeoutMs;
    while (isAlive(this.#pty.pid)) {
      if (performance.now() > endsAt)
        throw new Error(`${timeoutMs} ms passed, waiting for the end`);
      await delay(20);
    }
  }

  /** Ends the program, whatever it is doing, and frees what belonged to it. */
  async dispose(): Promise<void> {
    if (this.#exit === undefined) this.#pty.kill('SIGKILL');
    await this.exited;
    this.#emulator.dispose();
    this.#environment.dispose();
  }

  #show(output: string): void {
    this.#raw += output;
    this.#emulator.write(output, () => {
      // A synchronised frame is not there for anybody to see until its end.
      if (!this.#emulator.modes.synchronizedOutputMode) this.#changes.notify();
    });
  }

  #watchModes(): void {
    this.#emulator.onTitleChange(title => {
      this.#title = title;
    });
    // xterm knows whether the cursor is shown, but tells nobody: read it from the sequences (DECTCEM).
    for (const final of ['h', 'l']) {
      this.#emulator.parser.registerCsiHandler({prefix: '?', final}, parameters => {
        if (parameters.includes(25)) this.#isCursorVisible = final === 'h';
        return false;
      });
    }
  }

  #drawing(): string {
    const edge = '─'.repeat(this.#emulator.cols);
    return [`┌${edge}`, ...this.screen().map(row => `│${row}`), `└${edge}`].join('\n');
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function isMet(condition: Condition, rows: readonly string[]): boolean {
  if (typeof condition === 'function') return condition(rows);
  return rows.some(row =>
    typeof condition === 'string' ? row.includes(condition) : condition.test(row),
  );
}
