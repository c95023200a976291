import fc from 'fast-check';
import {expect, test} from 'vitest';
import {withLinks} from '../../source/tui/conversation/links.ts';
import {wrap} from '../../source/tui/text/wrap.ts';

/** Links in angle brackets, row by row. */
function marked(text: string, columns: number): string[] {
  return withLinks(text, wrap(text, columns), 'text').map(spans =>
    spans.map(span => (span.role === 'link' ? `<${span.text}>` : span.text)).join(''),
  );
}

test.each([
  ['https://example.org/a?b=c#d', ['<https://example.org/a?b=c#d>']],
  ['see (http://example.org).', ['see (<http://example.org>).']],
  ['HTTPS://A.B, and https://c.d!', ['<HTTPS://A.B>, and <https://c.d>!']],
  ['https:// is none, xhttps://a.b neither', ['https:// is none, xhttps://a.b neither']],
  ['one\nhttps://a.b\n\nhttps://a.b', ['one', '<https://a.b>', '', '<https://a.b>']],
  ['no address', ['no address']],
  ['', ['']],
])('the addresses in %j are links', (text, rows) => {
  expect(marked(text, 80)).toEqual(rows);
});

test('an address that the end of a row cuts is a link on each row, and what follows is none', () => {
  expect(marked('see https://example.org/a/long/path now', 12)).toEqual([
    'see <https://>',
    '<example.org/>',
    '<a/long/path>',
    'now',
  ]);
});

test('no text is lost or changed by links in it', () => {
  const word = fc.oneof(
    fc.constantFrom('https://a.b/c', 'http://例え.jp/パス', '👨‍👩‍👧', '\u200b', '\n', ')', 'नमस्ते'),
    fc.string({unit: 'grapheme', maxLength: 8}),
  );
  fc.assert(
    fc.property(fc.array(word), fc.integer({min: 1, max: 40}), (words, columns) => {
      const text = words.join(' ');
      const rows = wrap(text, columns);
      const joined = withLinks(text, rows, 'text').map(spans => spans.map(s => s.text).join(''));
      expect(joined).toEqual(rows);
    }),
  );
});
