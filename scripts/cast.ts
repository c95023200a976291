import type {Cell} from '../test/terminal/cell.ts';
import type {Frame, Rows} from './svg.ts';

/**
 * The frames as a recording for `asciinema play`: asciicast version 2, a line of JSON each. Only rows that have changed
 * are written again.
 */
export function cast(frames: readonly Frame[], title: string, restMs: number): string {
  const [first] = frames;
  const height = first?.rows.length ?? 0;
  const width = Math.max(0, ...(first?.rows ?? []).map(cells => cells.length));
  const header = {version: 2, width, height, title, env: {TERM: 'xterm-256color'}};
  const events = frames.map(({at, rows}, index) => [
    at / 1000,
    'o',
    (index === 0 ? hideCursor : '') + changed(frames[index - 1]?.rows ?? [], rows),
  ]);
  const end = ((frames.at(-1)?.at ?? 0) + restMs) / 1000;
  return [header, ...events, [end, 'o', '']].map(line => `${JSON.stringify(line)}\n`).join('');
}

const hideCursor = '\u001b[?25l';

function changed(former: Rows, rows: Rows): string {
  const written = rows.map((cells, row) => {
    const line = ansi(cells);
    return line === ansi(former[row] ?? []) ? '' : `\u001b[${row + 1}H${line}`;
  });
  return written.join('');
}

/** A row with the sequences for its colours, each cell where it belongs. */
function ansi(cells: readonly Cell[]): string {
  let look = '';
  let line = '';
  for (const cell of cells) {
    if (cell.width === 0) continue;
    const wanted = sgr(cell);
    if (wanted !== look) line += wanted;
    look = wanted;
    line += cell.text || ' ';
  }
  return `${line}\u001b[0m`;
}

function sgr(cell: Cell): string {
  const codes = [
    0,
    ...(cell.isBold ? [1] : []),
    ...(cell.isDim ? [2] : []),
    ...(cell.isItalic ? [3] : []),
    ...(cell.isUnderlined ? [4] : []),
    ...(cell.isInverse ? [7] : []),
    ...rgb(38, cell.foreground),
    ...rgb(48, cell.background),
  ];
  return `\u001b[${codes.join(';')}m`;
}

function rgb(code: number, colour: string | undefined): number[] {
  if (colour === undefined) return [];
  const value = Number.parseInt(colour.slice(1), 16);
  return [code, 2, value >> 16, (value >> 8) & 255, value & 255];
}
