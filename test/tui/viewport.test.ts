import fc from 'fast-check';
import {expect, test} from 'vitest';
import {
  type Anchor,
  type Blocks,
  reveal,
  scroll,
  viewport,
} from '../../source/tui/conversation/viewport.ts';
import {wrapRows} from '../../source/tui/text/wrap.ts';

type Row = {readonly at: number; readonly words: string};

/** Blocks of that many rows each, counted from `start`; a row has ten characters. */
function blocksOf(lengths: readonly number[], start = 0): Blocks<Row> {
  return {
    start,
    end: start + lengths.length,
    rowsOf: index =>
      Array.from({length: lengths[index - start] ?? 0}, (_, line) => ({
        at: 10 * line,
        words: `${index}.${line}`,
      })),
  };
}

function shown(blocks: Blocks<Row>, height: number, anchor: Anchor): string[] {
  return viewport(blocks, height, anchor).rows.map(({row}) => row.words);
}

test('at the bottom the newest rows are seen', () => {
  expect(shown(blocksOf([1, 3, 2]), 4, 'bottom')).toEqual(['1.1', '1.2', '2.0', '2.1']);
  expect(shown(blocksOf([1]), 4, 'bottom')).toEqual(['0.0']);
  expect(shown(blocksOf([]), 4, 'bottom')).toEqual([]);
});

test('new blocks do not move a view that is scrolled up, and are counted', () => {
  const anchor = scroll(blocksOf([2, 2, 2]), 3, 'bottom', -1);
  expect(shown(blocksOf([2, 2, 2]), 3, anchor)).toEqual(['1.0', '1.1', '2.0']);
  const grown = viewport(blocksOf([2, 2, 2, 5, 1]), 3, anchor);
  expect(grown.rows.map(({row}) => row.words)).toEqual(['1.0', '1.1', '2.0']);
  expect(grown.below).toBe(2);
});

test('scrolling down to the end follows the newest again', () => {
  const blocks = blocksOf([1, 1, 1, 1, 1]);
  const anchor = scroll(blocks, 2, 'bottom', -2);
  expect(scroll(blocks, 2, anchor, 1)).toEqual({index: 2, at: 0});
  expect(scroll(blocks, 2, anchor, 2)).toBe('bottom');
});

test('scrolling up ends at the oldest row', () => {
  expect(
    shown(blocksOf([2, 2, 2], 7), 3, scroll(blocksOf([2, 2, 2], 7), 3, 'bottom', -99)),
  ).toEqual(['7.0', '7.1', '8.0']);
});

test('a place that is no longer held gives way to the oldest that is', () => {
  expect(shown(blocksOf([1, 1, 1, 1], 5), 2, {index: 2, at: 0})).toEqual(['5.0', '6.0']);
});

test('a block is revealed with as little movement as possible', () => {
  const blocks = blocksOf([1, 2, 1, 1, 2, 1]);
  expect(shown(blocks, 3, reveal(blocks, 3, 'bottom', 4))).toEqual(['4.0', '4.1', '5.0']);
  expect(shown(blocks, 3, reveal(blocks, 3, 'bottom', 1))).toEqual(['1.0', '1.1', '2.0']);
  expect(shown(blocks, 3, reveal(blocks, 3, {index: 0, at: 0}, 4))).toEqual(['3.0', '4.0', '4.1']);
});

test('what stands at the top is in the top row, however the text is wrapped anew', () => {
  const text = Array.from({length: 100}, (_, word) => `word${word} `.padEnd(8)).join('');
  const wrapped = (columns: number): Blocks<Row> => ({
    start: 0,
    end: 3,
    rowsOf: () => wrapRows(text, columns).map(row => ({at: row.start, words: row.text})),
  });
  const height = 10;
  const anchor = scroll(wrapped(120), height, 'bottom', -12);
  const [word] = (shown(wrapped(120), height, anchor)[0] ?? '').split(' ');
  for (const columns of [120, 60, 160, 20, 33, 120]) {
    expect(shown(wrapped(columns), height, anchor)[0]?.split(/ +/)).toContain(word);
  }
  expect(shown(wrapped(120), height, anchor)[0]).toMatch(new RegExp(`^${word} `));
});

const someBlocks = fc.array(fc.integer({min: 1, max: 5}), {maxLength: 30});
const someAnchor = fc.oneof(
  fc.constant('bottom' as const),
  fc.record({index: fc.nat({max: 30}), at: fc.integer({min: -2, max: 50})}),
);

test('a view is a run of rows, as full as there are rows', () => {
  fc.assert(
    fc.property(
      someBlocks,
      fc.integer({min: 1, max: 20}),
      someAnchor,
      (lengths, height, anchor) => {
        const blocks = blocksOf(lengths);
        const all = lengths.flatMap((_, index) => blocks.rowsOf(index).map(({words}) => words));
        const rows = shown(blocks, height, anchor);
        expect(rows).toHaveLength(Math.min(height, all.length));
        const start = all.indexOf(rows[0] ?? '');
        if (rows.length > 0) expect(rows).toEqual(all.slice(start, start + height));
      },
    ),
  );
});

test('scrolling up and down again by as much comes back, unless an end was met', () => {
  fc.assert(
    fc.property(
      someBlocks,
      fc.integer({min: 1, max: 10}),
      fc.nat({max: 20}),
      (lengths, height, by) => {
        const blocks = blocksOf(lengths);
        const total = lengths.reduce((sum, length) => sum + length, 0);
        const reachable = Math.max(0, total - height);
        const up = scroll(blocks, height, 'bottom', -by);
        const back = scroll(blocks, height, up, Math.min(by, reachable));
        expect(shown(blocks, height, back)).toEqual(shown(blocks, height, 'bottom'));
      },
    ),
  );
});

test('only what is seen or passed is looked at', () => {
  const seen = new Set<number>();
  const blocks: Blocks<{readonly at: number}> = {
    start: 0,
    end: 1_000_000,
    rowsOf: index => {
      seen.add(index);
      return [{at: 0}];
    },
  };
  viewport(blocks, 40, scroll(blocks, 40, 'bottom', -39));
  expect(seen.size).toBeLessThan(200);
});
