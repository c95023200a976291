import type {ReadStream} from 'node:tty';
import {type Key, KeyReader} from './keys.ts';

type Listeners = {
  onKeys(keys: readonly Key[]): void;
  /** The terminal is gone. */
  onEnd(): void;
};

/** Reads the terminal in raw mode, as long as it is started. */
export class TerminalInput {
  readonly #stdin: ReadStream;
  readonly #listeners: Listeners;
  readonly #reader = new KeyReader();
  #timer: NodeJS.Timeout | undefined;

  constructor(stdin: ReadStream, listeners: Listeners) {
    this.#stdin = stdin;
    this.#listeners = listeners;
  }

  start(): void {
    this.#stdin.setRawMode(true);
    this.#stdin.on('data', this.#onData);
    this.#stdin.on('end', this.#listeners.onEnd);
    this.#stdin.on('error', this.#listeners.onEnd);
    this.#stdin.ref();
    this.#stdin.resume();
  }

  /** Raw mode anew: Node takes it for on as long as nobody has told it otherwise. */
  renew(): void {
    this.#stdin.setRawMode(false);
    this.#stdin.setRawMode(true);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#stdin.off('data', this.#onData);
    this.#stdin.off('end', this.#listeners.onEnd);
    this.#stdin.off('error', this.#listeners.onEnd);
    this.#stdin.pause();
    this.#stdin.unref();
    try {
      this.#stdin.setRawMode(false);
    } catch {
      // The terminal is gone, and with it its mode.
    }
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#pass(this.#reader.read(chunk, performance.now()));
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
