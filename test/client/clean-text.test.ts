import fc from 'fast-check';
import {expect, test} from 'vitest';
import {
  cleanLine,
  cleanText,
  cleanWhole,
  maximumShownCharacters,
} from '../../source/client/clean-text.ts';

test.each([
  ['\u001b[31mred\u001b[0m', '␛[31mred␛[0m'],
  ['\u001b]0;title\u0007', '␛]0;title␇'],
  ['\u009b31m', '\ufffd31m'],
  ['bell\u0007 nul\u0000 del\u007f', 'bell␇ nul␀ del␡'],
  ['one\r\ntwo\rthree\nfour', 'one\ntwo\nthree\nfour'],
  ['one\u2028two\u2029three\u0085four', 'one\ntwo\nthree\nfour'],
  ['a\tb', 'a    b'],
  ['abc\u202ecba', 'abccba'],
  ['soft\u00adhyphen zero\u200bwidth \ufeffbom', 'softhyphen zerowidth bom'],
  ['lone \ud800 surrogate', 'lone  surrogate'],
  [`z${'\u0301'.repeat(50)}algo`, `z${'\u0301'.repeat(4)}algo`],
  ['👩‍👩‍👧 नमस्ते می‌خواهم 🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👩‍👩‍👧 नमस्ते می‌خواهم 🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
])('%j is shown as %j', (text, shown) => {
  expect(cleanText(text)).toBe(shown);
});

test('a line has no line breaks', () => {
  expect(cleanLine('two\nlines\r\n')).toBe('two lines ');
});

test('of a text that never ends the beginning is shown, and how much is missing', () => {
  const cleaned = cleanText('🙂'.repeat(500_000));
  expect(cleaned.length).toBeLessThanOrEqual(maximumShownCharacters);
  const [, shown = '', missing] =
    /^(🙂+) \[…and (\d+) characters more, not shown\]$/u.exec(cleaned) ?? [];
  expect([...shown].length + Number(missing)).toBe(500_000);
  expect(cleanText(cleaned)).toBe(cleaned);
});

test('a text of the greatest length is shown whole, and one’s own whatever its length', () => {
  const most = 'x'.repeat(maximumShownCharacters);
  expect(cleanText(most)).toBe(most);
  expect(cleanWhole(`${most}x`)).toBe(`${most}x`);
});

test('whatever comes in, nothing that acts on a terminal comes out', () => {
  fc.assert(
    fc.property(fc.string({unit: 'binary'}), text => {
      const cleaned = cleanText(text);
      expect(cleaned).not.toMatch(/[^\P{Cc}\n]/u);
      expect(cleaned).not.toMatch(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
      expect(cleaned).not.toMatch(/\p{Cs}/u);
      expect(cleanText(cleaned)).toBe(cleaned);
    }),
    {numRuns: 1000},
  );
});
