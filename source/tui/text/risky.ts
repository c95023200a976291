/**
 * Characters of whose width every terminal has the same idea, of one code point each: alphabets without marks of their own, signs
 * without an emoji form of two cells, kana, Han, Hangul syllables, and controls. Accents (U+0300 and on) take no cell anywhere.
 */
const agreed =
  '[[\\0-\\x7e\\xa0-\\xac\\xae-\\u034e\\u0350-\\u0482\\u048a-\\u052f\\u05d0-\\u05ea\\u0621-\\u063a\\u0641-\\u064a' +
  '\\u10d0-\\u10ff\\u1e00-\\u1fff\\u2010-\\u2027\\u2030-\\u205e\\u20a0-\\u20bf\\u2100-\\u27ff\\u2800-\\u28ff' +
  '\\u3001-\\u3020\\u3041-\\u3096\\u309b-\\u30ff\\u3131-\\u3163\\u3400-\\u4db5\\u4e00-\\u9fa5\\uac00-\\ud7a3' +
  '\\uff01-\\uff60\\uff61-\\uff9d\\uffe0-\\uffe6\\ufffd]--[\\p{Emoji_Presentation}\\u2630-\\u2637\\u268a-\\u268f]]';

const risky = new RegExp(`[^${agreed}]`, 'v');

/**
 * Whether terminals may disagree about the width of that text: emoji, above all those of several code points, flags, Indic
 * conjuncts, whatever is newer than some of them.
 */
export function isRisky(text: string): boolean {
  return risky.test(text);
}
