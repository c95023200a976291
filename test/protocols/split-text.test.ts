import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {splitText} from '../../source/protocols/split-text.ts';
import {seeds} from '../network/random.ts';

const family = '👩‍👩‍👧';
const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

test.each<[string, string, number, readonly string[]]>([
  ['that fits is one piece', 'un deux', 7, ['un deux']],
  ['without anything in it too', '', 7, ['']],
  ['is cut behind a word', 'un deux trois', 9, ['un deux ', 'trois']],
  ['is cut behind a line', 'un\ndeux', 5, ['un\n', 'deux']],
  ['is cut in a word that is longer than a piece', 'abcdefgh ij', 5, ['abcde', 'fgh ', 'ij']],
  ['is measured in bytes', 'éèàù', 4, ['éè', 'àù']],
  ['keeps its accents', 'aaae\u0301', 4, ['aaa', 'e\u0301']],
  ['keeps its families together', `${family}${family}`, 20, [family, family]],
  [
    'loses nothing to a grapheme that is longer than a piece',
    family,
    8,
    ['👩\u200d', '👩\u200d', '👧'],
  ],
  ['does not part white space from its accent', 'ab \u0301c', 4, ['ab', ' \u0301c']],
])('a text %s', (_, text, maximumBytes, pieces) => {
  expect(splitText(text, maximumBytes)).toEqual(pieces);
});

const letters = ['a', 'b', 'é', ' ', '\n', 'e\u0301', '李', family, '🇫🇷', '\u0301', '\u200d'];
const texts = fc
  .array(fc.constantFrom(...letters), {maxLength: 200, size: 'max'})
  .map(units => units.join(''));

describe.each(seeds(1, 2))('whatever the text, seed %i', seed => {
  test('its pieces are short enough, few, and together the text; no more is parted than has to be', () => {
    const run = (text: string, maximumBytes: number) => {
      const pieces = splitText(text, maximumBytes);
      expect(pieces.join('')).toBe(text);
      const borders = new Set(Array.from(graphemes.segment(text), ({index}) => index));
      const most = 1 + (3 * Buffer.byteLength(text)) / maximumBytes;
      expect(pieces.length).toBeLessThanOrEqual(most);
      let start = 0;
      for (const [index, piece] of pieces.entries()) {
        expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(maximumBytes);
        if (index === pieces.length - 1) break;
        const end = start + piece.length;
        const first = graphemes.segment(piece)[Symbol.iterator]().next().value?.segment;
        // In a grapheme only if it is all there is.
        if (!borders.has(end)) expect(first).toBe(piece);
        start = end;
      }
    };
    fc.assert(fc.property(texts, fc.integer({min: 4, max: 60}), run), {seed, numRuns: 500});
  });
});
