import {Readable} from 'node:stream';
import type {Key} from '../input/keys.ts';

/**
 * The stdin that Ink gets. The real one is read by {@link TerminalInput}, which passes the keys for a form with
 * `ink-text-input` fields to this stream, one character at a time. Two reasons: Ink takes everything in one read for
 * one key (`hello⏎` would be five letters and no Enter), and a field computes its next value from the one rendered
 * last, so that the first of two keys in one turn would be lost.
 */
export class FormInput extends Readable {
  readonly isTTY = true;
  #waiting: string[] = [];
  #isPassing = false;

  constructor() {
    // In object mode two keys stay separate, even before Ink has read the first.
    super({objectMode: true, read() {}});
  }

  /** Drops keys that a field does not need. */
  type(key: Exclude<Key, {readonly type: 'refused-paste'}>): void {
    const typed = key.type === 'chord' ? [sequences[key.chord] ?? ''] : [...firstLine(key.text)];
    this.#waiting.push(...typed.filter(sequence => sequence !== ''));
    if (!this.#isPassing) this.#pass();
  }

  /** Passes one key on, and the next when React has rendered its effect. */
  #pass(): void {
    const sequence = this.#waiting.shift();
    this.#isPassing = sequence !== undefined;
    if (sequence === undefined) return;
    this.push(sequence);
    setImmediate(() => this.#pass());
  }

  setRawMode(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

const sequences: Readonly<Record<string, string>> = {
  enter: '\r',
  backspace: '\u007f',
  'ctrl-h': '\u007f',
  left: '\u001b[D',
  right: '\u001b[C',
};

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
