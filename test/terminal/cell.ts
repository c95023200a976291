import type {IBufferCell} from '@xterm/headless';

/** One character cell of a screen, with the colours as they are meant to be seen. */
export type Cell = {
  /** A whole grapheme cluster; empty in the second half of a wide one and where nothing was written. */
  readonly text: string;
  /** In columns: 1, 2, or 0 for the second half of a wide character. */
  readonly width: number;
  /** `#rrggbb`, or undefined for the terminal's own. */
  readonly foreground: string | undefined;
  readonly background: string | undefined;
  readonly isBold: boolean;
  readonly isDim: boolean;
  readonly isItalic: boolean;
  readonly isUnderlined: boolean;
  readonly isInverse: boolean;
};

/** Where nothing was written. */
export const blankCell: Cell = {
  text: '',
  width: 1,
  foreground: undefined,
  background: undefined,
  isBold: false,
  isDim: false,
  isItalic: false,
  isUnderlined: false,
  isInverse: false,
};

export function readCell(cell: IBufferCell): Cell {
  return {
    text: cell.getChars(),
    width: cell.getWidth(),
    foreground: colour(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()),
    background: colour(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
    isBold: cell.isBold() !== 0,
    isDim: cell.isDim() !== 0,
    isItalic: cell.isItalic() !== 0,
    isUnderlined: cell.isUnderline() !== 0,
    isInverse: cell.isInverse() !== 0,
  };
}

/** @param value 0xrrggbb, or an index into the palette of 256. */
function colour(isDefault: boolean, isRgb: boolean, value: number): string | undefined {
  if (isDefault) return undefined;
  return isRgb ? hex(value) : paletteColour(value);
}

/** The first sixteen are anybody's choice; these are readable on a dark background. */
const namedColours = [
  '#3b4252',
  '#e06c75',
  '#98c379',
  '#e5c07b',
  '#61afef',
  '#c678dd',
  '#56b6c2',
  '#d8dee9',
  '#7f8896',
  '#ff7b86',
  '#b5e890',
  '#ffd68a',
  '#82c7ff',
  '#e39bf7',
  '#7fdbe6',
  '#ffffff',
] as const;

function paletteColour(index: number): string {
  const named = namedColours[index];
  if (named !== undefined) return named;
  if (index >= 232) return hex((8 + (index - 232) * 10) * 0x01_01_01);
  const cube = index - 16;
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const [red, green, blue] = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level);
  return hex(((red ?? 0) << 16) | ((green ?? 0) << 8) | (blue ?? 0));
}

function hex(rgb: number): string {
  return `#${rgb.toString(16).padStart(6, '0')}`;
}
