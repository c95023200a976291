/**
 * The one gate through which text of others goes before any front shows it: what comes out can
 * neither act on a terminal nor draw outside the cells it is given.
 */

/**
 * In UTF-16 code units, far above what our client sends in any protocol. Of a longer text the
 * beginning is shown, with the size of the rest.
 */
export const maximumShownCharacters = 16_384;

/** Combining marks that a base character keeps; more would paint over its neighbours. */
const maximumMarks = 4;

// C0 and C1 controls except line feed, DEL, bidirectional overrides, embeddings and isolates, zero-width space, soft hyphen, BOM, interlinear marks, lone surrogates.
// The zero-width joiners stay, they are part of emoji and of Persian and Indic spelling.
const forbidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this expression is what removes them
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Surrogate}|[\u{e0000}-\u{e001f}]/gu;

const tooManyMarks = new RegExp(`(\\p{M}{${maximumMarks}})\\p{M}+`, 'gu');

/** Text of several lines: line feeds stay, tabs become spaces, everything forbidden is shown as a picture or removed. */
export function cleanText(text: string): string {
  return cleanWhole(withMark(text));
}

/** The same for the user's own text, however long it is. */
export function cleanWhole(text: string): string {
  return text
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replaceAll('\t', '    ')
    .replaceAll(forbidden, picture)
    .replaceAll(tooManyMarks, '$1');
}

/** Text of one line, a nickname for one. */
export function cleanLine(text: string): string {
  return cleanText(text).replaceAll('\n', ' ');
}

function withMark(text: string): string {
  if (text.length <= maximumShownCharacters) return text;
  // 64 characters are left for the mark, so that a text that was cut is not cut again.
  const end = maximumShownCharacters - 64;
  const missing = [...text.slice(end)].length;
  return `${text.slice(0, end)} […and ${missing} characters more, not shown]`;
}

/** Controls that could have acted are shown as their picture, so that nobody reads around them. */
function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  if (code < 0xa0) return '\ufffd';
  return '';
}
