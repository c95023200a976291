import {Writable} from 'node:stream';
// A CommonJS bundle whose names Node cannot see from outside.
import xterm from '@xterm/headless';
import type {Stdout} from '../../source/tui/terminal/mount.tsx';
import {blankCell, type Cell, readCell} from '../terminal/cell.ts';
import {UnicodeGraphemesAddon} from '../terminal/graphemes-addon.ts';

/** A terminal emulator that Ink can write to. */
export class TerminalStdout extends Writable {
  readonly isTTY = true;
  /** All that was written. */
  raw = '';
  readonly #emulator: xterm.Terminal;

  /** @param measures Whole clusters as new terminals do, or code points as old ones do. */
  constructor(columns: number, rows: number, measures: 'clusters' | 'code points' = 'clusters') {
    super({decodeStrings: false});
    this.#emulator = new xterm.Terminal({
      cols: columns,
      rows,
      allowProposedApi: true,
      // As the terminal driver does for a program.
      convertEol: true,
    });
    if (measures === 'clusters') this.#emulator.loadAddon(new UnicodeGraphemesAddon());
  }

  /** As what Ink and {@link mount} take for a terminal. */
  get stdout(): Stdout {
    return this as unknown as Stdout;
  }

  get columns(): number {
    return this.#emulator.cols;
  }

  get rows(): number {
    return this.#emulator.rows;
  }

  get cursor(): {readonly x: number; readonly y: number} {
    const {cursorX, cursorY} = this.#emulator.buffer.active;
    return {x: cursorX, y: cursorY};
  }

  resize(columns: number, rows: number): void {
    this.#emulator.resize(columns, rows);
    this.emit('resize');
  }

  /** The rows in view, without the spaces at their ends. */
  lines(): string[] {
    const {active} = this.#emulator.buffer;
    // After a resize, rows of the emulator may be longer than they are shown.
    return Array.from(
      {length: this.rows},
      (_, row) =>
        active
          .getLine(active.baseY + row)
          ?.translateToString(false, 0, this.columns)
          .trimEnd() ?? '',
    );
  }

  /** The characters of each cell, which are empty behind a wide one. */
  cells(row: number): string[] {
    const {active} = this.#emulator.buffer;
    const line = active.getLine(active.baseY + row);
    return Array.from(
      {length: this.columns},
      (_, column) => line?.getCell(column)?.getChars() ?? '',
    );
  }

  /** The cells of a row, with their looks. */
  looks(row: number): Cell[] {
    const {active} = this.#emulator.buffer;
    const line = active.getLine(active.baseY + row);
    return Array.from({length: this.columns}, (_, column) => {
      const cell = line?.getCell(column);
      return cell === undefined ? blankCell : readCell(cell);
    });
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.raw += chunk;
    this.#emulator.write(chunk, done);
  }
}
