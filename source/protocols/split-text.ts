const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'});
const encoder = new TextEncoder();

/**
 * Cuts the text into pieces of at most `maximumBytes` UTF-8 bytes, which joined give the text again. It is cut behind
 * white space. A word that is longer than a piece is cut between graphemes, and such a grapheme between code points.
 */
export function splitText(text: string, maximumBytes: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  for (let left = Buffer.byteLength(text); left > maximumBytes; ) {
    const piece = rest.slice(0, endOfPiece(rest, maximumBytes));
    pieces.push(piece);
    rest = rest.slice(piece.length);
    left -= Buffer.byteLength(piece);
  }
  return [...pieces, rest];
}

function endOfPiece(text: string, maximumBytes: number): number {
  const {read: longest} = encoder.encodeInto(text, new Uint8Array(maximumBytes));
  // One character more tells whether there is a border before it. The rest of a long text is not looked at.
  const borders = graphemes.segment(text.slice(0, longest + 2));
  for (let end = longest; end > 0; end--) {
    if (/\s/.test(text.charAt(end - 1)) && borders.containing(end)?.index === end) return end;
  }
  // The beginning of the grapheme that does not fit; 0 if it is the first one.
  return borders.containing(longest)?.index || longest;
}
