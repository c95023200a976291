import type {Cell} from '../test/terminal/cell.ts';

/** In the user units of the picture. */
const cellWidth = 8.4;
const cellHeight = 18;
const fontSize = 14;
const padding = 14;
/** From the top of a cell to the baseline of its letters. */
const baseline = 13.5;

/** The colours that a terminal has by itself. */
export type Ground = {readonly background: string; readonly foreground: string};

export const grounds = {
  dark: {background: '#16181d', foreground: '#d8dee9'},
  light: {background: '#ffffff', foreground: '#24292f'},
} as const satisfies Record<string, Ground>;

/** A screen at one moment. */
export type Rows = readonly (readonly Cell[])[];

/**
 * A picture of a screen, in one self-contained SVG. It uses the reader's own monospaced font, fits each piece of text to
 * the width of its cells, and draws frames as lines, so that they close in any font.
 */
export function svg(rows: Rows, title: string, ground: Ground = grounds.dark): string {
  return picture(sizeOf(rows), title, ground, [
    ...rows.flatMap((cells, row) => areas(cells, row, ground)),
    ...rows.flatMap((cells, row) => pieces(cells, row, ground)),
  ]);
}

/** `at`: in milliseconds since the first frame. */
export type Frame = {readonly at: number; readonly rows: Rows};

/**
 * A film of a screen that begins again when it has ended. A row that looks the same in several frames is in the file
 * once. The frames lie beside each other, and the whole strip is moved.
 *
 * @param restMs How long the last frame is shown.
 */
export function film(
  frames: readonly Frame[],
  title: string,
  restMs: number,
  ground: Ground = grounds.dark,
): string {
  const size = sizeOf(frames.at(0)?.rows ?? []);
  const total = (frames.at(-1)?.at ?? 0) + restMs;
  const names = new Map<string, string>();
  const strip = frames.flatMap(({rows}, index) => [
    `<g transform="translate(${round(index * size.width)} 0)">`,
    ...rows.flatMap((cells, row) => {
      const drawn = [...areas(cells, 0, ground), ...pieces(cells, 0, ground)].join('');
      if (drawn === '') return [];
      const name = names.get(drawn) ?? `r${names.size}`;
      names.set(drawn, name);
      return [`<use href="#${name}" y="${row * cellHeight}"/>`];
    }),
    '</g>',
  ]);
  const moments = frames.map(({at}, index) => {
    const percent = ((100 * at) / total).toFixed(3);
    return `${percent}%{transform:translateX(${round(-index * size.width)}px)}`;
  });
  return picture(size, title, ground, [
    `<style>@keyframes play{${moments.join('')}}.strip{animation:play ${total}ms step-end infinite}</style>`,
    '<defs>',
    ...[...names].map(([drawn, name]) => `<g id="${name}">${drawn}</g>`),
    '</defs>',
    // What lies beside the frame that is shown is cut off.
    `<svg aria-hidden="true" width="${round(size.width - 2 * padding)}" height="${round(size.height - 2 * padding)}"><g class="strip">`,
    ...strip,
    '</g></svg>',
  ]);
}

type PictureSize = {readonly width: number; readonly height: number};

function sizeOf(rows: Rows): PictureSize {
  const columns = Math.max(0, ...rows.map(cells => cells.length));
  return {
    width: round(columns * cellWidth + 2 * padding),
    height: round(rows.length * cellHeight + 2 * padding),
  };
}

function picture(
  {width, height}: PictureSize,
  title: string,
  {background}: Ground,
  content: readonly string[],
): string {
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeText(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="10" fill="${background}"/>`,
    `<g transform="translate(${padding} ${padding})" font-family="ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="${fontSize}">`,
    ...content,
    '</g>',
    '</svg>',
  ];
  return lines
    .filter(line => line !== '')
    .join('\n')
    .concat('\n');
}

function areas(cells: readonly Cell[], row: number, ground: Ground): string[] {
  const isSame = (a: Cell, b: Cell) =>
    colours(a, ground).background === colours(b, ground).background;
  return runsOf(cells, isSame).map(run => area(run, row, ground));
}

function pieces(cells: readonly Cell[], row: number, ground: Ground): string[] {
  return runsOf(cells, isSamePiece).map(run => piece(run, row, ground));
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

function area({first, x, width}: Run, row: number, ground: Ground): string {
  const {background} = colours(first, ground);
  if (background === ground.background) return '';
  return `<rect x="${x}" y="${row * cellHeight}" width="${width}" height="${cellHeight}" fill="${background}"/>`;
}

function piece({first, text, x, width}: Run, row: number, ground: Ground): string {
  const visible = text.trim();
  if (visible === '') return '';
  const top = row * cellHeight;
  const {foreground} = colours(first, ground);
  const opacity = first.isDim ? ' opacity="0.55"' : '';
  const block = blockOf(first.text);
  if (block !== undefined) {
    const height = cellHeight * (block.bottom - block.top);
    return `<rect x="${x}" y="${round(top + cellHeight * block.top)}" width="${width}" height="${round(height)}" fill="${foreground}"${opacity}/>`;
  }
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
  '├': 'm4.2 0v18m0 -9h4.2',
  '┤': 'm4.2 0v18m0 -9h-4.2',
  '┬': 'm0 9h8.4m-4.2 0v9',
  '┴': 'm0 9h8.4m-4.2 0v-9',
  '┼': 'm0 9h8.4m-4.2 -9v18',
  '╌': 'm1 9h2.6m1.8 0h2.6',
};

/** Of a bar or a half block: the part of its cell that is filled, from the top. */
function blockOf(text: string): {readonly top: number; readonly bottom: number} | undefined {
  if (text === '▀') return {top: 0, bottom: 0.5};
  const eighths = '▁▂▃▄▅▆▇█'.indexOf(text) + 1;
  return text === '' || eighths === 0 ? undefined : {top: 1 - eighths / 8, bottom: 1};
}

function colours(cell: Cell, ground: Ground): Ground {
  const {foreground = ground.foreground, background = ground.background} = cell;
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
