import fc from 'fast-check';
import {expect, test} from 'vitest';
import {type Entry, message, presence, withPassage} from '../../source/client/entries.ts';
import {mentions} from '../../source/client/mentions.ts';
import {People} from '../../source/client/people.ts';
import type {Delivery} from '../../source/client/state.ts';
import {
  entryLines,
  type Format,
  type Head,
  type Line,
} from '../../source/tui/conversation/entry-lines.ts';
import {widthOf} from '../../source/tui/text/width.ts';

const at = new Date(2026, 10, 21, 12).getTime();

const wide: Format = {names: 'ruled', columns: 60, nameColumns: 8, markColumns: 6, own: 'alice'};
const formats: readonly Format[] = [
  wide,
  {...wide, names: 'column', columns: 50},
  {...wide, names: 'inline', columns: 30, markColumns: 2},
  {...wide, names: 'inline', columns: 20, markColumns: 2},
];
const whole: Head = {hasTime: true, hasName: true};
const heads: readonly Head[] = [
  whole,
  {hasTime: false, hasName: true},
  {hasTime: false, hasName: false},
];

const textOf = ({spans}: Line) => spans.map(({text}) => text).join('');

function rowsOf(entry: Entry, format = wide, head = whole): string[] {
  return entryLines(entry, format, head).map(textOf);
}

function own(text: string, delivery: Delivery): Entry {
  return {...message('alice', text, at, People.nobody), id: 1, delivery};
}

test.each(formats)('a text with line feeds has a row for each of its lines: %j', format => {
  const text = 'first\nsecond\n\n  fourth';
  const entries: readonly Entry[] = [
    message('bob', text, at, People.nobody),
    message('bob', `* bob ${text}`, at, People.nobody),
    own(text, {state: 'sending'}),
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

test('names are right-aligned to a rule, and what is as above is not said again', () => {
  const bob = message('bob', 'hello there', at, People.nobody);
  expect(rowsOf(bob)).toEqual(['12:00      bob │ hello there']);
  expect(rowsOf(bob, wide, {hasTime: false, hasName: true})).toEqual([
    '           bob │ hello there',
  ]);
  expect(rowsOf(bob, wide, {hasTime: false, hasName: false})).toEqual([
    '               │ hello there',
  ]);
  expect(rowsOf(message('mei', '* mei waves', at, People.nobody))).toEqual([
    '12:00    * mei │ waves',
  ]);
});

test('no row of a text begins where another message does', () => {
  const rows = rowsOf(message('bob', 'hello\n12:00      bob │ yes', at, People.nobody));
  expect(rows).toEqual(['12:00      bob │ hello', '               │ 12:00      bob │ yes']);
});

test('a mark that changes never wraps its text again', () => {
  const text = 'word '.repeat(40);
  const deliveries: readonly Delivery[] = [
    {state: 'sending'},
    {state: 'sending', confirmed: 1, of: 2},
    {state: 'retransmitting', confirmed: 1, of: 2},
    {state: 'delivered', of: 2},
    {state: 'failed', reason: 'peers-silent', pending: ['bob'], confirmed: 1, of: 2},
  ];
  for (const format of formats.slice(0, 2)) {
    const [first, ...others] = deliveries.map(delivery =>
      entryLines(own(text, delivery), format, whole).map(({spans}) =>
        spans.filter(({role}) => role === 'text').map(span => span.text.trimEnd()),
      ),
    );
    for (const other of others) expect(other).toEqual(first);
  }
  expect(rowsOf(own('ok', {state: 'retransmitting', confirmed: 1, of: 2})).at(-1)).toMatch(
    /⟳ 1\/2$/,
  );
});

test.each([
  ['alice, can you call them?', 'alice', ['alice']],
  ['ask Alice or ALICE, not alice_2', 'alice', ['Alice', 'ALICE']],
  ['je demande à zoe\u0301 !', 'zoé', ['zoe\u0301']],
  ['see http://x/alice.html, alice', 'alice', ['alice']],
  ['漢字 \uff21lice', 'alice', ['\uff21lice']],
])('in %j the name alone is marked', (text, name, marked) => {
  const entry = {
    ...message('bob', text, at, People.nobody),
    isMention: mentions(text, name),
  };
  const spans = entryLines(entry, {...wide, own: name}, whole).flatMap(line => line.spans);
  expect(spans.filter(({role}) => role === 'mentioned-name').map(span => span.text)).toEqual(
    marked,
  );
  expect(
    spans
      .slice(4)
      .map(span => span.text)
      .join(''),
  ).toBe(text);
});

test('who has come and gone is one line, with the names of those who have spoken', () => {
  let entry = presence(at);
  const silent = ['ann', 'ben', 'cid', 'dan', 'eva'];
  for (const nick of ['dora', 'mei']) entry = withPassage(entry, 'came', nick, true);
  expect(rowsOf(entry)).toEqual(['               │ → dora and mei came']);
  for (const nick of silent) entry = withPassage(entry, 'came', nick, false);
  entry = withPassage(entry, 'gone', 'xter', false);
  expect(rowsOf(entry, {...wide, columns: 80})).toEqual([
    '               │ → dora, mei and 5 more came · ← xter left',
  ]);
  let crowd = presence(at);
  for (const nick of silent) crowd = withPassage(crowd, 'gone', nick, false);
  expect(rowsOf(crowd)).toEqual(['               │ ← 5 left']);
});

test('whatever a text is, a line feed always ends a row and no row is too wide', () => {
  const unit = fc.constantFrom(
    'a',
    'word ',
    '\n',
    '漢',
    '👩‍👩‍👧',
    '\u0301',
    '\u200d',
    'http://a.b/',
  );
  const text = fc.array(unit, {maxLength: 60}).map(parts => parts.join(''));
  fc.assert(
    fc.property(
      text,
      fc.constantFrom(...formats),
      fc.constantFrom(...heads),
      fc.boolean(),
      (written, format, head, isMention) => {
        const entry = {...message('bob', written, at, People.nobody), isMention};
        const lines = entryLines(entry, format, head);
        expect(lines.length).toBeGreaterThanOrEqual(written.split('\n').length);
        for (const line of lines) {
          expect(widthOf(textOf(line))).toBeLessThanOrEqual(format.columns);
        }
        const places = lines.map(line => line.at);
        expect(places).toEqual(places.toSorted((one, other) => one - other));
      },
    ),
    {numRuns: 500},
  );
});
