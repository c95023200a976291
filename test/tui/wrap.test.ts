import fc from 'fast-check';
import {expect, test} from 'vitest';
import {toWidth, truncate, widthOf} from '../../source/tui/text/width.ts';
import {wrap} from '../../source/tui/text/wrap.ts';

test.each([
  ['one two three', 8, ['one two', 'three']],
  ['one two', 7, ['one two']],
  ['onetwothree', 4, ['onet', 'woth', 'ree']],
  ['a onetwothree', 4, ['a on', 'etwo', 'thre', 'e']],
  ['日本語テキスト', 5, ['日本', '語テ', 'キス', 'ト']],
  ['a日本', 2, ['a', '日', '本']],
  ['👩‍👩‍👧👩‍👩‍👧', 2, ['👩‍👩‍👧', '👩‍👩‍👧']],
  ['日', 1, ['\ufffd']],
  ['one\n\ntwo', 8, ['one', '', 'two']],
  ['  indented text', 10, ['  indented', 'text']],
  ['', 5, ['']],
  ['\u0301a', 5, ['a']],
])('%j in %i cells is %j', (text, columns, rows) => {
  expect(wrap(text, columns)).toEqual(rows);
});

test('no row is wider than asked for, and nothing but spaces is lost', () => {
  const text = fc.array(
    fc.oneof(fc.constantFrom(' ', '日本', '👩‍👩‍👧', 'e\u0301'), fc.string({unit: 'grapheme'})),
  );
  fc.assert(
    fc.property(text, fc.integer({min: 2, max: 40}), (parts, columns) => {
      const given = parts.join('').replaceAll(/\p{Cc}/gu, '');
      const rows = wrap(given, columns);
      for (const row of rows) expect(widthOf(row)).toBeLessThanOrEqual(columns);
      const isWideAllowed = ![...new Intl.Segmenter().segment(given)].some(({segment}) => {
        const width = widthOf(segment);
        return width === 0 || width > columns;
      });
      if (isWideAllowed) {
        const letters = (shown: string) => shown.replaceAll(/\s/gu, '');
        expect(letters(rows.join(''))).toBe(letters(given));
      }
    }),
    {numRuns: 500},
  );
});

test('a text cut to a width has at most that width, and one made to fit exactly that', () => {
  fc.assert(
    fc.property(fc.string({unit: 'grapheme'}), fc.nat({max: 30}), (text, columns) => {
      const given = text.replaceAll(/\p{Cc}/gu, '');
      expect(widthOf(truncate(given, columns))).toBeLessThanOrEqual(columns);
      expect(widthOf(toWidth(given, columns))).toBe(columns);
    }),
  );
});
