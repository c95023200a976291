import {graphemes, widthOf, withoutInvisible} from './width.ts';

/** One row of a wrapped text. */
export type TextRow = {
  readonly text: string;
  /** Where it begins in the text, in UTF-16 code units. */
  readonly start: number;
};

/**
 * The text in rows of at most `columns` cells. A row ends at a space, which is dropped; a word is broken only if it is
 * longer than a whole row, an address before one of its separators.
 */
export function wrap(text: string, columns: number): string[] {
  return wrapRows(visibleText(text), columns).map(row => row.text);
}

/** The text without what has no width: what {@link wrapRows} takes. */
export function visibleText(text: string): string {
  return text.includes('\n')
    ? text.split('\n').map(withoutInvisible).join('\n')
    : withoutInvisible(text);
}

/**
 * The same rows, with their places in the text.
 *
 * @param text A {@link visibleText}.
 * @param taken Cells of the first row that something else takes.
 */
export function wrapRows(text: string, columns: number, taken = 0): TextRow[] {
  const rows: TextRow[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    wrapLine(line, start, Math.max(1, columns), start === 0 ? taken : 0, rows);
    start += line.length + 1;
  }
  return rows;
}

function wrapLine(line: string, start: number, columns: number, taken: number, rows: TextRow[]) {
  if (taken + widthOf(line) <= columns) {
    rows.push({text: line, start});
    return;
  }
  const firstRow = rows.length;
  let row = '';
  let rowStart = start;
  let width = taken;
  let place = start;
  const endRow = (next: number) => {
    rows.push({text: row.trimEnd(), start: rowStart});
    row = '';
    rowStart = next;
    width = 0;
  };
  for (const word of line.match(/ +|[^ ]+/g) ?? []) {
    const wordWidth = widthOf(word);
    if (width + wordWidth <= columns) {
      row += word;
      width += wordWidth;
    } else if (word.startsWith(' ')) {
      endRow(place + word.length);
    } else {
      const isAddress = word.includes('://');
      if ((wordWidth <= columns || isAddress) && width > 0) endRow(place);
      for (const grapheme of graphemes(word)) {
        // A grapheme that is wider than a row is replaced.
        const [cell, cells] =
          grapheme.width > columns ? ['\ufffd', 1] : [grapheme.text, grapheme.width];
        if (width + cells > columns) {
          const part = isAddress ? partOfAddress(row) : row.length;
          const rest = row.slice(part);
          row = row.slice(0, part);
          endRow(place + grapheme.index - rest.length);
          row = rest;
          width = widthOf(rest);
        }
        row += cell;
        width += cells;
      }
    }
    place += word.length;
  }
  if (row !== '' || rows.length === firstRow) endRow(place);
}

/** An address is broken before a separator, if there is one in the second half of the row. */
function partOfAddress(row: string): number {
  const part = Math.max(...['/', '?', '&', '#'].map(sign => row.lastIndexOf(sign)));
  const isEarly = part <= row.length / 2 || part < row.indexOf('://') + '://'.length;
  return isEarly ? row.length : part;
}
