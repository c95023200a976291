import {graphemes, widthOf, withoutInvisible} from './width.ts';

/**
 * The text in rows of at most `columns` cells. A row ends at a space, which is dropped; a word is broken only if it is
 * longer than a whole row.
 */
export function wrap(text: string, columns: number): string[] {
  return text.split('\n').flatMap(line => wrapLine(withoutInvisible(line), Math.max(1, columns)));
}

function wrapLine(line: string, columns: number): string[] {
  if (widthOf(line) <= columns) return [line];
  const rows: string[] = [];
  let row = '';
  let width = 0;
  const endRow = () => {
    rows.push(row);
    row = '';
    width = 0;
  };
  for (const word of line.match(/ +|[^ ]+/g) ?? []) {
    const wordWidth = widthOf(word);
    if (width + wordWidth <= columns) {
      row += word;
      width += wordWidth;
    } else if (word.startsWith(' ')) {
      endRow();
    } else {
      if (wordWidth <= columns && row !== '') endRow();
      for (const grapheme of graphemes(word)) {
        // A grapheme that is wider than a row is replaced.
        const [cell, cells] =
          grapheme.width > columns ? ['\ufffd', 1] : [grapheme.text, grapheme.width];
        if (width + cells > columns) endRow();
        row += cell;
        width += cells;
      }
    }
  }
  if (row !== '' || rows.length === 0) rows.push(row);
  return rows.map(text => text.trimEnd());
}
