import type {ReadStream} from 'node:tty';
import {type Key, KeyReader, type Report} from './keys.ts';

type Listeners = {
  onKeys(keys: readonly Key[]): void;
  /** The terminal has said something that nobody has typed. */
  onReport(report: Report): void;
  /** The terminal is gone. */
  onEnd(): void;
};

/**
 * A line that came in one read may be the first of several that were pasted, so that its end waits this long for
 * more. Nobody feels it, and a key that is pressed alone does not wait.
 */
const pasteGapMs = 30;
/** In bytes. When this much waits, it is read without further delay. */
const maximumWaiting = 65_536;

/** Reads the terminal in raw mode while it is started. */
export class TerminalInput {
  readonly #stdin: ReadStream;
  readonly #listeners: Listeners;
  readonly #reader: KeyReader;
  #timer: NodeJS.Timeout | undefined;
  #waiting: Buffer = Buffer.alloc(0);
  #gapTimer: NodeJS.Timeout | undefined;
  #heardAt = Number.NEGATIVE_INFINITY;
  /** Time of the last input without the end of a line. */
  #textAt = Number.NEGATIVE_INFINITY;

  constructor(stdin: ReadStream, listeners: Listeners) {
    this.#stdin = stdin;
    this.#listeners = listeners;
    this.#reader = new KeyReader(listeners.onReport);
  }

  start(): void {
    this.#stdin.setRawMode(true);
    this.#stdin.on('data', this.#onData);
    this.#stdin.on('end', this.#listeners.onEnd);
    this.#stdin.on('error', this.#listeners.onEnd);
    this.#stdin.ref();
    this.#stdin.resume();
    this.#read();
  }

  /** Switches raw mode off and on again: Node believes that it is still on. */
  renew(): void {
    this.#stdin.setRawMode(false);
    this.#stdin.setRawMode(true);
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#gapTimer);
    this.#stdin.off('data', this.#onData);
    this.#stdin.off('end', this.#listeners.onEnd);
    this.#stdin.off('error', this.#listeners.onEnd);
    this.#stdin.pause();
    this.#stdin.unref();
    try {
      this.#stdin.setRawMode(false);
    } catch {
      // The terminal is gone, and its mode too.
    }
  }

  readonly #onData = (chunk: Buffer): void => {
    const now = performance.now();
    if (!chunk.every(isLineEnd)) this.#textAt = now;
    this.#heardAt = now;
    this.#waiting = Buffer.concat([this.#waiting, chunk]);
    clearTimeout(this.#gapTimer);
    // The waiting input came before the time of this timer.
    clearTimeout(this.#timer);
    const isFast = isLineEnd(chunk.at(-1)) && now - this.#textAt < pasteGapMs;
    if (isFast && this.#waiting.length < maximumWaiting) {
      this.#gapTimer = setTimeout(this.#read, pasteGapMs);
    } else this.#read();
  };

  readonly #read = (): void => {
    const read = this.#waiting;
    this.#waiting = Buffer.alloc(0);
    this.#pass(this.#reader.read(read, this.#heardAt));
  };

  readonly #onTime = (): void => {
    this.#pass(this.#reader.onTime(performance.now()));
  };

  #pass(keys: readonly Key[]): void {
    clearTimeout(this.#timer);
    const delay = this.#reader.dueAt - performance.now();
    // Timers may come a fraction of a millisecond early.
    if (Number.isFinite(delay)) this.#timer = setTimeout(this.#onTime, Math.max(0, delay) + 1);
    if (keys.length > 0) this.#listeners.onKeys(keys);
  }
}

/** CR and LF. Also a tab, which completes if nothing follows it. */
function isLineEnd(byte: number | undefined): boolean {
  return byte === 0x0d || byte === 0x0a || byte === 0x09;
}
