/**
 * Computes which rows of a long list of blocks (an entry with its lines) a pane shows. Reads only the blocks that it
 * shows or passes, however many there are.
 */

/** What stands at the top of a pane: a place in a text, wherever it is wrapped; or the newest row at the bottom. */
export type Anchor = 'bottom' | {readonly index: number; readonly at: number};

/** A row: line `line` of the block with index `index`. */
export type Position = {readonly index: number; readonly line: number};

/** A row knows where it begins in the text of its block. */
type Placed = {readonly at: number};

export type Blocks<Row extends Placed> = {
  /** Index of the first block. Indexes are stable: blocks may only disappear at the beginning. */
  readonly start: number;
  readonly end: number;
  /** The rows of the block with that index; perhaps none. */
  rowsOf(index: number): readonly Row[];
};

export type VisibleRow<Row> = Position & {readonly row: Row};

export type Viewport<Row extends Placed> = {
  /** At most `height` rows. */
  readonly rows: readonly VisibleRow<Row>[];
  /** Number of blocks below the last one of which something is shown. */
  readonly below: number;
};

export function viewport<Row extends Placed>(
  blocks: Blocks<Row>,
  height: number,
  anchor: Anchor,
): Viewport<Row> {
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
export function scroll<Row extends Placed>(
  blocks: Blocks<Row>,
  height: number,
  anchor: Anchor,
  by: number,
): Anchor {
  const top = topOf(blocks, height, anchor);
  return settled(blocks, height, by < 0 ? up(blocks, top, -by) : down(blocks, top, by));
}

/** Scrolls just far enough to show the block with that index. */
export function reveal<Row extends Placed>(
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
function topOf<Row extends Placed>(blocks: Blocks<Row>, height: number, anchor: Anchor): Position {
  const top = anchor === 'bottom' ? undefined : held(blocks, height, positionOf(blocks, anchor));
  if (top !== undefined) return top;
  const end = {index: blocks.end, line: 0};
  return up(blocks, end, height);
}

function settled<Row extends Placed>(
  blocks: Blocks<Row>,
  height: number,
  position: Position,
): Anchor {
  const top = held(blocks, height, position);
  if (top === undefined) return 'bottom';
  return {index: top.index, at: blocks.rowsOf(top.index)[top.line]?.at ?? 0};
}

/** The position, if it still is and there are enough rows below it; otherwise undefined. */
function held<Row extends Placed>(
  blocks: Blocks<Row>,
  height: number,
  position: Position,
): Position | undefined {
  const {start, end} = blocks;
  const top = position.index < start ? {index: start, line: 0} : position;
  let rows = -top.line;
  for (let index = top.index; index < end; index++) {
    rows += blocks.rowsOf(index).length;
    if (rows > height) return top;
  }
  return undefined;
}

/** The row that contains that place. */
function positionOf<Row extends Placed>(
  blocks: Blocks<Row>,
  {index, at}: Exclude<Anchor, 'bottom'>,
): Position {
  const rows = blocks.rowsOf(index);
  const start = rows.findLast(row => row.at <= at)?.at;
  // An empty row may be before the one with the place.
  return {
    index,
    line: Math.max(
      0,
      rows.findIndex(row => row.at === start),
    ),
  };
}

function up<Row extends Placed>(blocks: Blocks<Row>, from: Position, by: number): Position {
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

function down<Row extends Placed>(blocks: Blocks<Row>, from: Position, by: number): Position {
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
