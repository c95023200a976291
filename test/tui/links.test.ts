import {expect, test} from 'vitest';
import {message} from '../../source/client/entries.ts';
import {People} from '../../source/client/people.ts';
import {entryLines} from '../../source/tui/conversation/entry-lines.ts';

/** Links in angle brackets, row by row. @param columns Of the text. */
function marked(text: string, columns: number): string[] {
  const format = {
    names: 'column',
    columns: columns + 12,
    nameColumns: 5,
    markColumns: 0,
    own: 'alice',
  } as const;
  const head = {hasTime: false, hasName: false};
  return entryLines(message('bob', text, 0, People.nobody), format, head).map(({spans}) =>
    spans
      .slice(4)
      .map(span => (span.role === 'link' ? `<${span.text}>` : span.text))
      .join(''),
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

test('an address that is longer than a row is a link on each, and breaks before a separator', () => {
  expect(marked('see https://example.org/a/long/path now', 14)).toEqual([
    'see',
    '<https://exampl>',
    '<e.org/a/long>',
    '</path> now',
  ]);
  expect(marked('see https://a.org/b now', 18)).toEqual(['see', '<https://a.org/b>', 'now']);
});
