import {Readable} from 'node:stream';
import {
  type EditCommand,
  type Editor,
  editCommands,
  emptyEditor,
  insert,
  replaceText,
} from '../composer/line-editor.ts';

/**
 * The stdin that Ink gets, for the `ink-text-input` field that has the focus. Keys edit a line of our own, which knows all
 * the keys of the composer; the field gets what makes the same change: arrows, backspaces and characters, one at a time.
 * Two reasons: Ink takes everything in one read for one key (`hello⏎` would be five letters and no Enter), and a field
 * computes its next value from the one rendered last, so that the first of two keys in one turn would be lost.
 */
export class FormInput extends Readable {
  readonly isTTY = true;
  #editor: Editor = emptyEditor;
  #waiting: string[] = [];
  #isPassing = false;

  constructor() {
    // In object mode two keys stay separate, even before Ink has read the first.
    super({objectMode: true, read() {}});
  }

  /** What the field contains when it has got everything. */
  get text(): string {
    return this.#editor.text;
  }

  /** Whether the field has not got everything yet. */
  get isBusy(): boolean {
    return this.#waiting.length > 0;
  }

  /** A field is drawn anew with that text, and the cursor at its end. What waits for the former one is dropped. */
  begin(text: string): void {
    this.#waiting = [];
    this.#editor = {...replaceText(this.#editor, text), past: []};
  }

  /** Types the first line of it. */
  type(text: string): void {
    this.#change(insert(this.#editor, text.split('\n', 1)[0] ?? ''));
  }

  edit(command: EditCommand): void {
    this.#change(editCommands[command](this.#editor));
  }

  #change(next: Editor): void {
    this.#waiting.push(...keysBetween(this.#editor, next));
    this.#editor = next;
    if (!this.#isPassing) this.#pass();
  }

  /** Passes one key on, and the next when React has rendered its effect. */
  #pass(): void {
    this.#isPassing = this.#waiting.length > 0;
    if (!this.#isPassing) return;
    setImmediate(() => {
      const key = this.#waiting.shift();
      if (key !== undefined) this.push(key);
      this.#pass();
    });
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

type Place = Pick<Editor, 'text' | 'cursor'>;

/** The keys that lead from one text and cursor to another. */
function keysBetween(from: Place, to: Place): string[] {
  let start = 0;
  while (start < from.text.length && from.text[start] === to.text[start]) start++;
  let same = 0;
  const most = Math.min(from.text.length, to.text.length) - start;
  while (same < most && from.text.at(-1 - same) === to.text.at(-1 - same)) same++;
  const removed = from.text.length - same - start;
  const added = to.text.slice(start, to.text.length - same);
  if (removed === 0 && added === '') return moves(to.cursor - from.cursor);
  return [
    ...moves(start + removed - from.cursor),
    ...Array<string>(removed).fill('\u007f'),
    ...added,
    ...moves(to.cursor - (start + added.length)),
  ];
}

function moves(by: number): string[] {
  return Array<string>(Math.abs(by)).fill(by < 0 ? '\u001b[D' : '\u001b[C');
}
