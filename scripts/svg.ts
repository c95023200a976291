import type {Cell} from '../test/terminal/cell.ts';

/** In the user units of the picture. */
const cellWidth = 8.4;
const cellHeight = 18;
const fontSize = 14;
const padding = 14;
/** From the top of a cell to the baseline of its letters. */
const baseline = 13.5;

const defaultBackground = '#16181d';
const defaultForeground = '#d8dee9';

/**
 * A picture of a screen, in one self-contained SVG. It uses the reader's own monospaced font, fits each piece of text to
 * the width of its cells, and draws frames as lines, so that they close in any font.
 */
export function svg(rows: readonly (readonly Cell[])[], title: string): string {
  const columns = Math.max(0, ...rows.map(cells => cells.length));
  const width = round(columns * cellWidth + 2 * padding);
  const height = round(rows.length * cellHeight + 2 * padding);
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeText(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="10" fill="${defaultBackground}"/>`,
    `<g transform="translate(${padding} ${padding})" font-family="ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="${fontSize}">`,
    ...rows.flatMap((cells, row) => runsOf(cells, isSameBackground).map(run => area(run, row))),
    ...rows.flatMap((cells, row) => runsOf(cells, isSamePiece).map(run => piece(run, row))),
    '</g>',
    '</svg>',
  ];
  return lines
    .filter(line => line !== '')
    .join('\n')
    .concat('\n');
}

/** Neighbouring cells that are drawn as one. */
type Run = {
  readonly first: Cell;
  readonly text: string;
  /** Distance from the left edge of the screen; in user units, like the width. */
  readonly x: number;
  readonly width: number;
};

function runsOf(cells: readonly Cell[], isSame: (a: Cell, b: Cell) => boolean): Run[] {
  const runs: {first: Cell; text: string; column: number; columns: number}[] = [];
  for (const [column, cell] of cells.entries()) {
    // The second half of a wide character is included in the width of the first.
    if (cell.width === 0) continue;
    const last = runs.at(-1);
    const text = cell.text || ' ';
    if (last && isSame(last.first, cell)) {
      last.text += text;
      last.columns += cell.width;
    } else runs.push({first: cell, text, column, columns: cell.width});
  }
  return runs.map(({first, text, column, columns}) => ({
    first,
    text,
    x: round(column * cellWidth),
    width: round(columns * cellWidth),
  }));
}

function isSameBackground(a: Cell, b: Cell): boolean {
  return colours(a).background === colours(b).background;
}

/**
 * Whether both can stand in one `<text>`. Only characters that every monospaced font has can: a sign borrowed from another
 * font has a width of its own, and would push its neighbours out of their cells.
 */
function isSamePiece(a: Cell, b: Cell): boolean {
  const isSameKind = isPlain(a) ? isPlain(b) : a.text === '─' && b.text === '─';
  return isSameKind && lookOf(a) === lookOf(b);
}

function isPlain({text}: Cell): boolean {
  return /^[\u0020-\u024F]?$/u.test(text);
}

function lookOf({text, width, ...look}: Cell): string {
  return JSON.stringify(look);
}

function area({first, x, width}: Run, row: number): string {
  const {background} = colours(first);
  if (background === defaultBackground) return '';
  return `<rect x="${x}" y="${row * cellHeight}" width="${width}" height="${cellHeight}" fill="${background}"/>`;
}

function piece({first, text, x, width}: Run, row: number): string {
  const visible = text.trim();
  if (visible === '') return '';
  const top = row * cellHeight;
  const {foreground} = colours(first);
  const opacity = first.isDim ? ' opacity="0.55"' : '';
  const frame = first.text === '─' ? `m0 9h${width}` : frames[first.text];
  if (frame !== undefined) {
    return `<path d="M${x} ${top}${frame}" fill="none" stroke="${foreground}"${opacity}/>`;
  }
  // Plain text has one character for each cell. Anything else stands alone and has no spaces.
  const left = (text.length - text.trimStart().length) * cellWidth;
  const length = width - (text.length - visible.length) * cellWidth;
  return `<text x="${round(x + left)}" y="${top + baseline}" textLength="${round(length)}" lengthAdjust="spacingAndGlyphs" fill="${foreground}"${opacity}${styleOf(first)} xml:space="preserve">${escapeText(visible)}</text>`;
}

/** Frames as paths from the upper left corner of their cell: 8.4 wide, 18 high, middle at 4.2, 9. */
const frames: Readonly<Record<string, string>> = {
  '│': 'm4.2 0v18',
  '╭': 'm4.2 18v-4.8q0 -4.2 4.2 -4.2',
  '╮': 'm0 9q4.2 0 4.2 4.2v4.8',
  '╰': 'm4.2 0v4.8q0 4.2 4.2 4.2',
  '╯': 'm0 9q4.2 0 4.2 -4.2v-4.8',
  '┌': 'm4.2 18v-9h4.2',
  '┐': 'm0 9h4.2v9',
  '└': 'm4.2 0v9h4.2',
  '┘': 'm0 9h4.2v-9',
};

function colours(cell: Cell): {readonly foreground: string; readonly background: string} {
  const {foreground = defaultForeground, background = defaultBackground} = cell;
  return cell.isInverse
    ? {foreground: background, background: foreground}
    : {foreground, background};
}

function styleOf({isBold, isItalic, isUnderlined}: Cell): string {
  return [
    isBold ? ' font-weight="bold"' : '',
    isItalic ? ' font-style="italic"' : '',
    isUnderlined ? ' text-decoration="underline"' : '',
  ].join('');
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
