import {stripVTControlCharacters} from 'node:util';
import {expect, test} from 'vitest';
import {FrameWriter} from '../../source/tui/terminal/frame-writer.ts';
import {isRisky} from '../../source/tui/text/risky.ts';
import {graphemes, widthOf, withoutFillers, withoutInvisible} from '../../source/tui/text/width.ts';
import {TerminalStdout} from './terminal-stdout.ts';

const columns = 40;

async function shownOn(measures: 'clusters' | 'code points', ...writes: readonly string[]) {
  const terminal = new TerminalStdout(columns, 4, measures);
  const writer = new FrameWriter();
  terminal.write('\u001b[?7l');
  for (const written of writes) {
    await new Promise(resolve =>
      terminal.write(writer.rewrite(written, columns), () => resolve(undefined)),
    );
  }
  return terminal;
}

/** The columns of a row where a cluster stands that terminals measure in several ways. */
function riskyColumns(row: string): Set<number> {
  const places = new Set<number>();
  let column = 0;
  for (const {text, width} of graphemes(row)) {
    if (isRisky(text)) for (let cell = 0; cell < width; cell++) places.add(column + cell);
    column += width;
  }
  return places;
}

const clusters = [
  'नमस्ते',
  'क्षत्रिय',
  '👍🏽',
  '👨‍👩‍👧',
  '👩‍',
  '🇫🇷',
  '🇫',
  '❤️',
  '☝',
  '⚠️',
  '1️⃣',
  '👍',
  '☰',
  'ᄒ\u1161\u11ab',
  'กำ',
  'ﷺ',
  'ก็',
  '日\u0301',
  'é🏽',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  '🫩',
  'ந்தி',
];

test.each(clusters)('no terminal moves a neighbour of %j', async cluster => {
  const rows = [
    `│${cluster}│ ${cluster} and ${cluster}${cluster}日│end`,
    `\u001b[7m│${cluster}\u001b[27m`,
    `│ ${cluster}日x`,
  ];
  // Of what was there before, nothing shows through.
  const before = Array.from(rows, () => '#'.repeat(columns)).join('\n');
  const frame = rows.map(row => `\u001b[G\u001b[K${row}`).join('\n');
  for (const measures of ['clusters', 'code points'] as const) {
    const terminal = await shownOn(measures, before, `\u001b[2A${frame}`);
    for (const [index, styled] of rows.entries()) {
      const row = stripVTControlCharacters(styled);
      const free = riskyColumns(row);
      const expected = await shownOn('clusters', withoutRisky(row));
      const [shown, wanted] = [terminal.cells(index), expected.cells(0)];
      const differing = wanted.flatMap((cell, column) =>
        free.has(column) || (shown[column]?.trim() ?? '') === cell.trim()
          ? []
          : [`${measures}: row ${index}, column ${column}: ${shown[column]} for ${cell}`],
      );
      expect(differing).toEqual([]);
    }
  }
});

function withoutRisky(row: string): string {
  return Array.from(graphemes(row), ({text, width}) =>
    isRisky(text) ? ' '.repeat(width) : text,
  ).join('');
}

test('all other characters are as wide on old and on new terminals as Ink counts', async () => {
  const characters: string[] = [];
  for (let point = 0xa0; point < 0x1_10_00; point++) {
    const character = String.fromCodePoint(point);
    const isAlone = !/[\p{M}\p{Cs}]/u.test(character);
    if (isAlone && !isRisky(character)) characters.push(character);
  }
  expect(characters.length).toBeGreaterThan(30_000);
  for (const measures of ['clusters', 'code points'] as const) {
    const rows = Array.from({length: Math.ceil(characters.length / 10)}, (_, row) =>
      characters.slice(10 * row, 10 * row + 10),
    );
    const terminal = new TerminalStdout(columns, rows.length, measures);
    const written = rows.map(row => row.map(character => `${character}|`).join(''));
    await new Promise(resolve => terminal.write(written.join('\n'), resolve));
    const wrong = rows.filter((row, index) => {
      const cells = terminal.cells(index);
      const shown = cells.flatMap((cell, column) => (cell === '|' ? [column] : []));
      let end = -1;
      const counted = row.map(character => {
        end += widthOf(character) + 1;
        return end;
      });
      return String(shown) !== String(counted);
    });
    expect(wrong).toEqual([]);
  }
});

test('a style with nothing in it is not written, and all others are as before', () => {
  const writer = new FrameWriter();
  const rewrite = (written: string) => writer.rewrite(written, columns);
  expect(rewrite('\u001b[1m\u001b[36m\u001b[39m\u001b[22ma')).toBe('a');
  const bold = '\u001b[1mbold\u001b[22m plain\n\u001b[38;5;80mcolour\u001b[39m';
  expect(rewrite(bold)).toBe(bold);
  // The colour outside goes on, though the one inside is empty.
  expect(rewrite('\u001b[31mred\u001b[36m\u001b[31m on\u001b[39m')).toBe(
    '\u001b[31mred on\u001b[39m',
  );
  // Bold and dim have one end.
  expect(rewrite('\u001b[1m\u001b[2mboth\u001b[22m\u001b[1mbold\u001b[22m')).toBe(
    '\u001b[1m\u001b[2mboth\u001b[22m\u001b[1mbold\u001b[22m',
  );
  expect(rewrite('\u001b[7mx\u001b[0m\u001b[K')).toBe('\u001b[7mx\u001b[27m\u001b[K');
});

test('rows that stay as they are are passed at once', () => {
  const writer = new FrameWriter();
  const written = `\u001b[9A${'\u001b[E'.repeat(9)}\u001b[4G\u001b[Ka\u001b[E\u001b[6G`;
  expect(writer.rewrite(written, columns)).toBe(
    '\u001b[9A\u001b[9E\u001b[4G\u001b[Ka\u001b[E\u001b[6G',
  );
});

test('a row without such clusters is written as it is', () => {
  const row = '│ 16:05 alice │ ça va, 日本 ✓ ─── \u001b[4mé\u001b[24m';
  expect(new FrameWriter().rewrite(row, columns)).toBe(row);
});

test.each([
  ['स्ते', 2],
  ['त्रि', 3],
  ['กำ', 2],
  ['한', 2],
  ['க', 1],
  ['👨‍👩‍👧', 2],
  ['日', 2],
  ['é', 1],
])('%j has %i cells, with those that Ink does not count', (cluster, cells) => {
  const visible = withoutInvisible(cluster);
  expect(widthOf(visible)).toBe(cells);
  expect(withoutFillers(visible)).toBe(cluster);
});

test('no letter of a conjunct is overwritten where terminals draw it wider than Ink counts', async () => {
  for (const measures of ['clusters', 'code points'] as const) {
    const text = withoutInvisible('│नमस्ते│ กำ│');
    const cells = (await shownOn(measures, text)).cells(0);
    expect(cells.join('')).toContain('│नमस्ते│');
    expect(cells.join('')).toContain('กำ');
    expect([cells[5], cells[9]]).toEqual(['│', '│']);
  }
});
