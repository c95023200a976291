import fc from 'fast-check';
import {expect, test} from 'vitest';
import {type Entry, message} from '../../source/client/entries.ts';
import {People} from '../../source/client/people.ts';
import {entryLines} from '../../source/tui/conversation/entry-lines.ts';
import {widthOf} from '../../source/tui/text/width.ts';

const at = new Date(2026, 10, 21, 12).getTime();

/** With a column of nicknames, behind the author, and without a time. */
const formats = [
  {columns: 60, nickColumns: 8},
  {columns: 30, nickColumns: 0},
  {columns: 20, nickColumns: 0},
];

function rowsOf(entry: Entry, format = formats[0] ?? {columns: 60, nickColumns: 8}): string[] {
  return entryLines(entry, format).map(({spans}) => spans.map(({text}) => text).join(''));
}

test.each(formats)('a text with line feeds has a row for each of its lines: %j', format => {
  const text = 'first\nsecond\n\n  fourth';
  const entries: readonly Entry[] = [
    message('bob', text, at, People.nobody),
    message('bob', `* bob ${text}`, at, People.nobody),
    {...message('alice', text, at, People.nobody), id: 1, delivery: {state: 'sending'}},
    {kind: 'notice', at, text, tone: 'info'},
  ];
  for (const entry of entries) {
    const rows = rowsOf(entry, format);
    expect(rows).toHaveLength(4);
    expect(rows.map(row => /first|second|fourth/.exec(row)?.[0] ?? '')).toEqual([
      'first',
      'second',
      '',
      'fourth',
    ]);
  }
});

test('no row of a text begins where another message does', () => {
  const rows = rowsOf(message('bob', 'hello\n12:00 alice     yes', at, People.nobody));
  expect(rows).toEqual(['12:00 bob       hello', '                12:00 alice     yes']);
});

test('whatever a text is, a line feed always ends a row and no row is too wide', () => {
  const unit = fc.constantFrom('a', 'word ', '\n', '漢', '👩‍👩‍👧', '\u0301', '\u200d');
  const text = fc.array(unit, {maxLength: 60}).map(parts => parts.join(''));
  fc.assert(
    fc.property(text, fc.constantFrom(...formats), (written, format) => {
      const rows = rowsOf(message('bob', written, at, People.nobody), format);
      expect(rows.length).toBeGreaterThanOrEqual(written.split('\n').length);
      for (const row of rows) expect(widthOf(row)).toBeLessThanOrEqual(format.columns);
    }),
    {numRuns: 500},
  );
});
