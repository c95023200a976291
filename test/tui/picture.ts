/** A screen as text that can be kept and read: what is written, and in which look. */
import {blankCell, type Cell} from '../terminal/cell.ts';

export type Rows = readonly (readonly Cell[])[];

/**
 * The rows; then, for each row that has any, its looks as the letters of a legend, one for each cell, a dot for a plain
 * one; then the legend.
 */
export function pictureOf(rows: Rows): string {
  const legend = new Map<string, string>();
  const letterOf = (cell: Cell) => {
    const look = lookOf(cell);
    if (look === '') return '.';
    const letter = legend.get(look) ?? letters[legend.size] ?? '?';
    legend.set(look, letter);
    return letter;
  };
  const texts = rows.map(row => textOf(row).trimEnd());
  const looks = rows.map(row => row.map(letterOf).join('').replace(/\.+$/, ''));
  const meanings = [...legend].map(([look, letter]) => `${letter} ${look}`);
  return [...texts, '', ...looks, '', ...meanings, ''].join('\n');
}

function textOf(row: readonly Cell[]): string {
  return row.map(({text, width}) => (width === 0 ? '' : text || ' ')).join('');
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

function lookOf(cell: Cell): string {
  const {foreground, background} = cell;
  // A blank cell shows its background alone.
  const isBlank = (cell.text || ' ') === ' ';
  const words = [
    ...(background === blankCell.background ? [] : [`on ${background}`]),
    ...(cell.isInverse ? ['inverse'] : []),
    ...(isBlank ? [] : [foreground ?? '']),
    ...(cell.isBold && !isBlank ? ['bold'] : []),
    ...(cell.isDim && !isBlank ? ['dim'] : []),
    ...(cell.isItalic && !isBlank ? ['italic'] : []),
    ...(cell.isUnderlined ? ['underlined'] : []),
  ];
  return words.filter(word => word !== '').join(' ');
}
