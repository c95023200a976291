/**
 * Computes which rows of a long list of blocks (an entry with its lines) a pane shows. Reads only the blocks that it
 * shows or passes, however many there are.
 */

/** The row at the top of a pane, or the newest row at its bottom. */
export type Anchor = 'bottom' | Position;

/** A row: line `line` of the block with index `index`. */
export type Position = {readonly index: number; readonly line: number};

export type Blocks<Row> = {
  /** Index of the first block. Indexes are stable: blocks may only disappear at the beginning. */
  readonly start: number;
  readonly end: number;
  /** The rows of the block with that index; perhaps none. */
  rowsOf(index: number): readonly Row[];
};

export type VisibleRow<Row> = Position & {readonly row: Row};

export type Viewport<Row> = {
  /** At most `height` rows. */
  readonly rows: readonly VisibleRow<Row>[];
  /** Number of blocks below the last one of which something is shown. */
  readonly below: number;
};

export function viewport<Row>(blocks: Blocks<Row>, height: number, anchor: Anchor): Viewport<Row> {
  const rows: VisibleRow<Row>[] = [];
  const top = topOf(blocks, height, anchor);
  let {line} = top;
  let index = top.index;
  for (; index < blocks.end && rows.length < height; index++) {
    for (const [number, row] of blocks.rowsOf(index).entries()) {
      if (number >= line && rows.length < height) rows.push({index, line: number, row});
    }
    line = 0;
  }
  return {rows, below: Math.max(0, blocks.end - index)};
}

/** @param by Rows; towards the newest if positive. */
export function scroll<Row>(
  blocks: Blocks<Row>,
  height: number,
  anchor: Anchor,
  by: number,
): Anchor {
  const top = topOf(blocks, height, anchor);
  return settled(blocks, height, by < 0 ? up(blocks, top, -by) : down(blocks, top, by));
}

/** Scrolls just far enough to show the block with that index. */
export function reveal<Row>(
  blocks: Blocks<Row>,
  height: number,
  anchor: Anchor,
  index: number,
): Anchor {
  const {rows} = viewport(blocks, height, anchor);
  const [first] = rows;
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return anchor;
  const top = {index, line: 0};
  if (isBefore(top, first)) return settled(blocks, height, top);
  const bottom = {index, line: blocks.rowsOf(index).length - 1};
  if (!isBefore(last, bottom)) return anchor;
  return settled(blocks, height, up(blocks, bottom, height - 1));
}

/** The row at the top of the pane. Corrects an anchor that is gone, or that has too few rows below it. */
function topOf<Row>(blocks: Blocks<Row>, height: number, anchor: Anchor): Position {
  const settledAnchor = anchor === 'bottom' ? anchor : settled(blocks, height, anchor);
  if (settledAnchor !== 'bottom') return settledAnchor;
  const end = {index: blocks.end, line: 0};
  return up(blocks, end, height);
}

function settled<Row>(blocks: Blocks<Row>, height: number, position: Position): Anchor {
  const {start, end} = blocks;
  const held = position.index < start ? {index: start, line: 0} : position;
  let rows = -held.line;
  for (let index = held.index; index < end; index++) {
    rows += blocks.rowsOf(index).length;
    if (rows > height) return held;
  }
  return 'bottom';
}

function up<Row>(blocks: Blocks<Row>, from: Position, by: number): Position {
  let {index, line} = from;
  for (let left = by; left > 0; ) {
    if (line === 0) {
      if (index <= blocks.start) break;
      index--;
      line = blocks.rowsOf(index).length;
    }
    const step = Math.min(left, line);
    line -= step;
    left -= step;
  }
  return {index, line};
}

function down<Row>(blocks: Blocks<Row>, from: Position, by: number): Position {
  let {index} = from;
  let line = from.line + by;
  for (; index < blocks.end; index++) {
    const length = blocks.rowsOf(index).length;
    if (line < length) break;
    line -= length;
  }
  return {index, line};
}

function isBefore(one: Position, other: Position): boolean {
  return one.index < other.index || (one.index === other.index && one.line < other.line);
}
