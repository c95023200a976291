import {encode} from 'uqr';

/** Modules of light around the code. The standard wants four; readers do with two, which is the half of a terminal. */
const quietZone = 2;

export type QrRows = {
  readonly rows: readonly string[];
  /** Width of a row, in cells. */
  readonly columns: number;
};

/**
 * The text as a QR code, to be drawn dark on light. With half blocks a cell is two modules, one above the other; in ASCII a
 * module is two cells, which makes it nearly square too.
 */
export function qrRows(text: string, isAscii: boolean): QrRows {
  const {data, size} = encode(text, {ecc: 'L', border: quietZone});
  const isDark = (x: number, y: number) => data[y]?.[x] === true;
  const across = Array.from({length: size}, (_, x) => x);
  if (isAscii) {
    const rows = across.map(y => across.map(x => (isDark(x, y) ? '##' : '  ')).join(''));
    return {rows, columns: 2 * size};
  }
  const halves = Array.from({length: Math.ceil(size / 2)}, (_, half) => 2 * half);
  const rows = halves.map(y =>
    across.map(x => blocks[`${isDark(x, y)} ${isDark(x, y + 1)}`]).join(''),
  );
  return {rows, columns: size};
}

/** Of the upper and the lower module of a cell: whole, upper half, lower half, none. */
const blocks: Readonly<Record<string, string>> = {
  'true true': '\u2588',
  'true false': '\u2580',
  'false true': '\u2584',
  'false false': ' ',
};
