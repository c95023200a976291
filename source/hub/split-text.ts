const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'});
const encoder = new TextEncoder();

/**
 * The text in pieces of so many UTF-8 bytes at the most, which joined are the text. It is cut behind white
 * space; a word that is longer than a piece between graphemes, and such a grapheme between code points.
 */
export function splitText(text: string, maximumBytes: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (Buffer.byteLength(rest) > maximumBytes) {
    const end = endOfPiece(rest, maximumBytes);
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...pieces, rest];
}

function endOfPiece(text: string, maximumBytes: number): number {
  const {read: longest} = encoder.encodeInto(text, new Uint8Array(maximumBytes));
  const borders = graphemes.segment(text);
  for (let end = longest; end > 0; end--) {
    if (/\s/.test(text.charAt(end - 1)) && borders.containing(end)?.index === end) return end;
  }
  // The beginning of the grapheme that has no room any more; 0 if there is no other.
  return borders.containing(longest)?.index || longest;
}
