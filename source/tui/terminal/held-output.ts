import {Console} from 'node:console';
import process from 'node:process';
import {Writable} from 'node:stream';

/** In UTF-16 code units. The newest output is kept. */
const maximumHeld = 65_536;

/**
 * Keeps other output (console, stderr, warnings of Node) away from the screen while it is shown: a single line would
 * shift everything on it.
 */
export class HeldOutput {
  #text = '';
  readonly #console = globalThis.console;
  readonly #write = process.stderr.write;
  readonly #warningListeners = process.listeners('warning');

  constructor() {
    const sink = new Writable({
      decodeStrings: false,
      write: (chunk, _encoding, done) => {
        this.#hold(String(chunk));
        done();
      },
    });
    globalThis.console = new Console({stdout: sink, stderr: sink});
    process.stderr.write = sink.write.bind(sink);
    process.removeAllListeners('warning');
    process.on('warning', warning => this.#hold(`${warning.stack ?? warning.message}\n`));
  }

  /** Restores the streams, and writes the held output to them. */
  release(): void {
    globalThis.console = this.#console;
    process.stderr.write = this.#write;
    process.removeAllListeners('warning');
    for (const listener of this.#warningListeners) process.on('warning', listener);
    if (this.#text !== '') process.stderr.write(this.#text);
  }

  #hold(text: string): void {
    this.#text = (this.#text + text).slice(-maximumHeld);
  }
}
