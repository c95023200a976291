/** The ways of one text to its readers, as lines of time below a scale. */
import {lastRound, triedUntil} from '../../client/courses.ts';
import type {Course, Mark, SentJourney} from '../../client/journeys.ts';
import type {Role} from '../theme/theme.ts';
import {durationOf} from './time-words.ts';

/** One cell. */
type Cell = {readonly sign: string; readonly as: Role};

/** A piece of a line of the program's own. */
export type Piece = {
  readonly as: Role;
  readonly text: string;
  /** Whose name it is, for its colour. */
  readonly nick?: string;
};

export type Row = readonly Piece[];

/** A shorter scale would make milliseconds look long. */
const minimumScaleMs = 500;

/** Beyond the scale: the marks behind its end. */
const spareCells = 3;

/** How much time the scale shows. */
export function scaleOf({courses}: SentJourney): number {
  const lengths = courses.map(course => {
    const round = lastRound(course);
    const start = round[0]?.at ?? 0;
    const answered = round.find(({type}) => type !== 'sent')?.at;
    return (answered ?? triedUntil(course) ?? start) - start;
  });
  return Math.max(minimumScaleMs, ...lengths);
}

/** `0    0.5 s    1 s` in that many cells. */
export function scaleLine(scaleMs: number, cells: number): string {
  const step = stepFor(scaleMs, cells);
  let line = '';
  for (let at = 0; at <= scaleMs; at += step) {
    const label = at === 0 ? '0' : durationOf(at);
    const start = cellOf(at, scaleMs, cells);
    if (start < line.length + 1 && at > 0) continue;
    if (start + label.length > cells + spareCells) break;
    line = line.padEnd(start) + label;
  }
  return line.padEnd(cells + spareCells);
}

/** Exactly `cells` and some to spare. Each way begins at 0 when it was written to that reader. */
export function courseLine(
  course: Course,
  scaleMs: number,
  cells: number,
  now: number,
): readonly Piece[] {
  const round = lastRound(course);
  const start = round[0]?.at ?? 0;
  const last = round.at(-1);
  const hasArrived = round.some(({type}) => type === 'confirmed');
  const line: Cell[] = [];
  const waiting: Cell = {sign: '╌', as: hasArrived ? 'quiet' : 'on-its-way'};
  const fillTo = (cell: number) => {
    while (line.length < cell) line.push(waiting);
  };
  for (const [index, mark] of round.entries()) {
    const cell = Math.min(cellOf(mark.at - start, scaleMs, cells), cells - 1);
    const former = round[index - 1];
    if (mark.type === 'sent') {
      // Two attempts in one cell are one sign.
      if (cell < line.length) continue;
      fillTo(cell);
      const as = hasArrived ? 'delivered' : 'on-its-way';
      line.push({sign: index === 0 ? '●' : '⟳', as});
    } else if (former?.type === 'given-up') {
      // It comes late: how late, the words tell.
      line.push({sign: ' ', as: 'text'}, signOf(mark));
    } else {
      fillTo(cell);
      line.push(signOf(mark));
    }
  }
  const until = triedUntil(course);
  if (last?.type === 'sent' && until !== undefined) {
    const cell = Math.min(cellOf(Math.min(now, until) - start, scaleMs, cells), cells - 1);
    fillTo(cell);
    if (now < until && line.length <= cell) line.push({sign: '▸', as: 'on-its-way'});
  }
  return piecesOf(line, cells + spareCells);
}

function signOf({type}: Mark): Cell {
  return type === 'confirmed' ? {sign: '✓', as: 'delivered'} : {sign: '✗', as: 'error'};
}

function cellOf(ms: number, scaleMs: number, cells: number): number {
  return Math.max(0, Math.round((ms / scaleMs) * (cells - 1)));
}

/** 1, 2 or 5 with zeros: far enough apart to be read. */
function stepFor(scaleMs: number, cells: number): number {
  const most = Math.max(1, Math.floor(cells / 10));
  for (let power = 1; ; power *= 10) {
    const step = [1, 2, 5].find(digit => scaleMs / (digit * power) <= most);
    if (step !== undefined) return step * power;
  }
}

/** Cells with the same look in one piece. */
function piecesOf(line: readonly Cell[], cells: number): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const {sign, as} of line.slice(0, cells)) {
    const last = pieces.at(-1);
    if (last?.as === as) pieces[pieces.length - 1] = {as, text: last.text + sign};
    else pieces.push({as, text: sign});
  }
  return [...pieces, {as: 'text', text: ' '.repeat(Math.max(0, cells - line.length))}];
}
