import {Readable} from 'node:stream';
import type {Key} from '../input/keys.ts';

/**
 * What Ink gets for its stdin. The real one is read by {@link TerminalInput}; what a form with
 * fields of `ink-text-input` is to have comes here, one character at a time: Ink takes what it reads
 * at once for one key (`hello⏎` would be five letters and no Enter), and the field computes its next
 * value from the one that was rendered last, so that of two keys in one turn the first is lost.
 */
export class FormInput extends Readable {
  readonly isTTY = true;
  #waiting: string[] = [];
  #isPassing = false;

  constructor() {
    // In object mode two keys stay two, even before Ink has read the first.
    super({objectMode: true, read() {}});
  }

  /** Keys that a field has no use for are dropped. */
  type(key: Exclude<Key, {readonly type: 'refused-paste'}>): void {
    const typed = key.type === 'chord' ? [sequences[key.chord] ?? ''] : [...firstLine(key.text)];
    this.#waiting.push(...typed.filter(sequence => sequence !== ''));
    if (!this.#isPassing) this.#pass();
  }

  /** One, and the next when React has rendered what it did. */
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
