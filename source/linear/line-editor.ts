/**
 * The line that is typed on a terminal, edited at its end alone: nothing is redrawn, and the cursor goes nowhere but back over
 * what is taken away, as the terminal itself does it where no program edits. Node's own line editor redraws the line with
 * control sequences, and in TERM=dumb it has no Backspace.
 */
import type {Key} from 'node:readline';
import stringWidth from 'string-width';
import type {Found} from '../client/completion.ts';

export type LineEditorHost = {
  /** Puts out exactly that. */
  write(text: string): void;
  onLine(line: string): void;
  /** Several lines that came at once. */
  onPaste(lines: readonly string[]): void;
  complete(before: string): Promise<Found | undefined>;
  /** There are several; what is typed is written again below them. */
  tellCandidates(found: Found): void;
  /** The user wants to leave. */
  leave(): void;
  /** The user wants to stop the program for a while. */
  suspend(): void;
};

const maximumHistory = 200;
/** In UTF-16 code units: more than any text can have. */
const maximumLine = 65_536;

export class LineEditor {
  readonly #host: LineEditorHost;
  readonly #prompt: string;
  #text = '';
  /** Something stands in the row of the cursor. */
  #isRowBegun = false;
  /** Lines of the bytes that are being read, which may turn out to be a paste. */
  #burst: string[] | undefined;
  readonly #history: string[] = [];
  /** Steps back from the newest line; 0 is the line that is typed. */
  #back = 0;
  #typed = '';

  constructor(host: LineEditorHost, prompt: string) {
    this.#host = host;
    this.#prompt = prompt;
  }

  /** Whether something stands in the line. */
  get isTyping(): boolean {
    return this.#text !== '';
  }

  /** Writes the prompt, and what is typed behind it, unless they are there. */
  show(): void {
    if (!this.#isRowBegun) this.#put(this.#prompt + this.#text);
  }

  /** Other lines are about to be written: they begin in a row of their own. */
  breakLine(): void {
    if (!this.#isRowBegun) return;
    // A prompt with nothing behind it would leave a row for each line.
    this.#host.write(this.#text === '' ? erasing(this.#prompt) : '\n');
    this.#isRowBegun = false;
  }

  /** Puts that line in place of what is typed. */
  replace(text: string): void {
    const next = oneLine(text);
    let start = 0;
    const [old, now] = [graphemes(this.#text), graphemes(next)];
    while (start < old.length && old[start] === now[start]) start++;
    this.#erase(old.slice(start).join(''));
    this.#put(now.slice(start).join(''));
    this.#text = next;
  }

  /** A key as `node:readline` reads it. */
  onKey(characters: string | undefined, key: Key): void {
    if (key.ctrl) this.#onControl(key.name);
    else {
      switch (key.name) {
        case 'return':
        case 'enter':
          this.#enter();
          break;
        case 'backspace':
          this.replace(graphemes(this.#text).slice(0, -1).join(''));
          break;
        case 'up':
          this.#recall(1);
          break;
        case 'down':
          this.#recall(-1);
          break;
        case 'tab':
          void this.#complete();
          break;
        default:
          if (key.meta || characters === undefined || isControl(characters)) break;
          if (this.#text.length + characters.length > maximumLine) break;
          this.#text += characters;
          this.#put(characters);
      }
    }
  }

  #onControl(name: string | undefined): void {
    switch (name) {
      case 'c':
        if (this.#text === '') this.#host.leave();
        else {
          this.breakLine();
          this.#text = '';
          this.show();
        }
        break;
      case 'd':
        if (this.#text === '') this.#host.leave();
        break;
      case 'h':
        this.replace(graphemes(this.#text).slice(0, -1).join(''));
        break;
      case 'j':
      case 'm':
        this.#enter();
        break;
      case 'n':
        this.#recall(-1);
        break;
      case 'p':
        this.#recall(1);
        break;
      case 'u':
        this.replace('');
        break;
      case 'w':
        this.replace(this.#text.replace(/\S*\s*$/u, ''));
        break;
      case 'z':
        this.#host.suspend();
        break;
      default:
        break;
    }
  }

  #enter(): void {
    const line = this.#text;
    this.#text = '';
    this.#back = 0;
    this.#isRowBegun = false;
    this.#host.write('\n');
    if (line.trim() !== '' && this.#history.at(-1) !== line) {
      this.#history.push(line);
      if (this.#history.length > maximumHistory) this.#history.shift();
    }
    if (this.#burst !== undefined) {
      this.#burst.push(line);
      return;
    }
    this.#burst = [line];
    // All keys of what was read at once come before that.
    setImmediate(() => {
      const lines = this.#burst ?? [];
      this.#burst = undefined;
      const [only] = lines;
      if (lines.length > 1) this.#host.onPaste(lines);
      else if (only !== undefined) this.#host.onLine(only);
      this.show();
    });
  }

  #recall(by: 1 | -1): void {
    const back = this.#back + by;
    if (back < 0 || back > this.#history.length) return;
    if (this.#back === 0) this.#typed = this.#text;
    this.#back = back;
    this.replace(back === 0 ? this.#typed : (this.#history.at(-back) ?? ''));
  }

  async #complete(): Promise<void> {
    const before = this.#text;
    const found = await this.#host.complete(before);
    if (found === undefined || this.#text !== before) return;
    const head = before.slice(0, found.start);
    const [first = '', ...others] = found.candidates.map(candidate => candidate.write());
    const written = others.reduce(commonStart, first);
    // Only if it goes on with what is typed: a shorter one would take letters away.
    if (others.length === 0 || written.length > before.length - found.start) {
      this.replace(head + written);
    }
    if (others.length === 0) return;
    this.breakLine();
    this.#host.tellCandidates(found);
    this.show();
  }

  #put(text: string): void {
    if (text === '') return;
    this.#isRowBegun = true;
    this.#host.write(text);
  }

  /** Takes that away from the end of what the terminal shows. */
  #erase(text: string): void {
    this.#put(erasing(text));
  }
}

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

function graphemes(text: string): readonly string[] {
  return [...segmenter.segment(text)].map(({segment}) => segment);
}

/** Goes back over a text that the terminal shows, as terminals do it themselves. */
function erasing(text: string): string {
  return '\b \b'.repeat(stringWidth(text));
}

function isControl(characters: string): boolean {
  return /\p{Cc}/u.test(characters);
}

function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}

function commonStart(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return one.slice(0, length);
}
