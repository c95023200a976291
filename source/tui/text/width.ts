/** Text in terminal cells, measured as Ink measures it. */
import stringWidth from 'string-width';

export type Grapheme = {
  readonly text: string;
  /** Offset in UTF-16 code units. */
  readonly index: number;
  /** In cells. */
  readonly width: number;
};

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});
const printableAscii = /^[ -~]*$/;

export const widthOf: (text: string) => number = stringWidth;

/** The characters as a reader sees them, from left to right. */
export function* graphemes(text: string): Generator<Grapheme> {
  if (printableAscii.test(text)) {
    for (let index = 0; index < text.length; index++) {
      yield {text: text.charAt(index), index, width: 1};
    }
    return;
  }
  for (const {segment, index} of segmenter.segment(text)) {
    yield {text: segment, index, width: graphemeWidth(segment)};
  }
}

/** Widths of recent graphemes: measuring one takes longer than finding it here. */
const widths = new Map<string, number>();
const maximumWidths = 4096;

function graphemeWidth(text: string): number {
  const known = widths.get(text);
  if (known !== undefined) return known;
  // A hostile text can have any number of graphemes, of any length.
  if (widths.size === maximumWidths) widths.clear();
  const width = stringWidth(text);
  if (text.length <= 32) widths.set(text, width);
  return width;
}

/** The beginning and the end of the grapheme around that offset, in UTF-16 code units. */
export function graphemeAt(text: string, offset: number): readonly [start: number, end: number] {
  const found = segmenter.segment(text).containing(offset);
  return found === undefined
    ? [text.length, text.length]
    : [found.index, found.index + found.segment.length];
}

/**
 * Stands behind a cluster for each cell that terminals need for it beyond those that Ink counts, and is not drawn. As no
 * character it is in no text, and has the width of a cell.
 */
export const filler = '\ufdd0';

/**
 * Removes the graphemes without a width, and gives those room that terminals draw wider than Ink counts. A mark without a base
 * would join the character before it on the screen, and Ink counts a cell for it.
 */
export function withoutInvisible(text: string): string {
  if (printableAscii.test(text)) return text;
  let visible = '';
  for (const grapheme of graphemes(withoutFillers(text))) {
    if (grapheme.width > 0) visible += grapheme.text + fillersBehind(grapheme);
  }
  return visible;
}

/** The text as it is when it is not on the screen. */
export function withoutFillers(text: string): string {
  return text.replaceAll(filler, '');
}

/** Most terminals draw letters that Ink counts as one beside each other: those of an Indic conjunct, or a Thai vowel. */
export function fillersBehind({text, width}: Grapheme): string {
  if (text.length === 1) return '';
  return filler.repeat(Math.max(0, (text.match(letters)?.length ?? 0) - width));
}

/** With the marks that have a place of their own. The letters of a Hangul syllable are one character for every terminal. */
const letters = /[[\p{L}\p{Mc}]--\p{Script=Hangul}]/gv;

/** Cut to at most `columns` cells, with an ellipsis for the missing part. */
export function truncate(text: string, columns: number): string {
  const visible = withoutInvisible(text.replaceAll('\n', ' '));
  if (widthOf(visible) <= columns) return visible;
  let kept = '';
  let width = 0;
  for (const grapheme of graphemes(visible)) {
    width += grapheme.width;
    if (width > columns - 1) break;
    kept += grapheme.text;
  }
  return columns < 1 ? '' : `${kept}…`;
}

/** Cut or filled to exactly `columns` cells. */
export function toWidth(text: string, columns: number): string {
  return padded(truncate(text, columns), columns);
}

/**
 * A label, cut to at most `columns` cells in the middle. Its end stays: many names differ only there, and the mark that
 * tells two people apart is there.
 */
export function truncateName(label: string, columns: number): string {
  const visible = withoutInvisible(label);
  if (widthOf(visible) <= columns) return visible;
  const [mark = ''] = /#\d+$/.exec(visible) ?? [];
  const wanted = Math.max(mark.length, Math.floor((columns - 1) / 3));
  let end = '';
  for (const {text} of [...graphemes(visible)].reverse()) {
    if (widthOf(text + end) > Math.min(wanted, columns - 2)) break;
    end = text + end;
  }
  return truncate(visible, columns - widthOf(end)) + end;
}

/** The same in exactly `columns` cells. */
export function nameToWidth(label: string, columns: number): string {
  return padded(truncateName(label, columns), columns);
}

function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)));
}
