/** The journey of a message in words, signs and bytes: the rows of the view. */
import {cleanLine} from '../../client/clean-text.ts';
import {framesOf, lastRound, triedUntil} from '../../client/courses.ts';
import type {Delivery} from '../../client/entries.ts';
import type {Course, Journey, ReceivedJourney, SentJourney} from '../../client/journeys.ts';
import {failureWords} from '../../client/sentences.ts';
import {truncate, truncateName, widthOf} from '../text/width.ts';
import {fieldRow, fieldsOf, frameRow, hexRows, selectedFrame} from './frame-rows.ts';
import {clockOf, durationOf, ordinal} from './time-words.ts';
import {courseLine, type Piece, type Row, scaleLine, scaleOf} from './timeline.ts';

/** What is shown of it. */
export type Shown = {
  readonly journey: Journey;
  /** What has become of a text of ours, as far as the user has been told. */
  readonly delivery: Delivery | undefined;
  /** By the monotonic clock. */
  readonly now: number;
  /** Index of the selected frame; undefined: the newest. */
  readonly frame: number | undefined;
  /** Index of the selected field. */
  readonly field: number | undefined;
  /** What may be done with it now. */
  readonly isRetryPossible: boolean;
  readonly isCarryPossible: boolean;
};

/** Exactly `rows` of them, none wider than `columns`. @param labelOf What is shown of a name. */
export function journeyRows(
  shown: Shown,
  {columns, rows}: {readonly columns: number; readonly rows: number},
  labelOf: (nick: string) => string,
  joints: readonly number[] = [],
): readonly Row[] {
  const {journey} = shown;
  const inside = columns - 2 * margin;
  const fields = fieldsOf(shown);
  const field = shown.field === undefined ? undefined : fields[shown.field];
  const bytes = selectedFrame(journey, shown.frame)?.frame.bytes;
  // What is left out first stands last; of the ways and the bytes one row each stays.
  const left = (others: number) => Math.max(0, rows - others);
  const hasKeys = rows >= 4;
  const hasFields = rows >= 6;
  const hasFrame = rows >= 7;
  const hasBytes = rows >= 5;
  const hasScale = rows >= 8;
  const fixed = [true, true, hasKeys, hasFields, hasFrame].filter(Boolean).length;
  const forCourses = left(fixed + [hasScale, hasBytes].filter(Boolean).length);
  const courses =
    journey.kind === 'sent'
      ? courseRows(journey, shown, {columns: inside, rows: Math.max(1, forCourses)}, labelOf)
      : receivedRows(journey, labelOf);
  const above = [...(hasScale ? courses.scale : []), ...courses.rows];
  const forBytes = hasBytes ? Math.max(1, left(fixed + above.length)) : 0;
  const hex = hexRows(bytes, field, inside, forBytes);
  const spare = left(fixed + above.length + hex.length);
  const gap = (wanted: boolean): Row[] => (wanted ? [[]] : []);
  const all: Row[] = [
    titleRow(journey, columns, joints),
    headRow(shown, labelOf),
    ...above,
    ...gap(spare >= 1),
    ...(hasFrame ? [frameRow(shown, labelOf)] : []),
    ...hex,
    ...(hasFields ? [fieldRow(fields, shown.field)] : []),
    ...gap(spare >= 2),
    ...(hasKeys ? [keyRow(shown)] : []),
  ];
  const cut = all
    .slice(0, rows)
    .map((row, index) => truncated(index === 0 ? row : [indent, ...row], columns));
  return [...cut, ...Array.from({length: left(cut.length)}, () => [])];
}

const margin = 2;
const indent: Piece = {as: 'text', text: ' '.repeat(margin)};

/** A line across, with the text in it. @param joints The columns at which dividers from above meet it. */
function titleRow({text}: Journey, columns: number, joints: readonly number[]): Row {
  const words = ` the journey of “${truncate(cleanLine(text), Math.max(8, columns - 32))}” `;
  const before = Math.max(0, Math.floor((columns - widthOf(words)) / 2));
  const after = Math.max(0, columns - before - widthOf(words));
  const line = (from: number, to: number) =>
    Array.from({length: to - from}, (_, cell) => (joints.includes(from + cell) ? '┴' : '─')).join(
      '',
    );
  return [
    {as: 'divider', text: line(0, before)},
    {as: 'accent', text: words},
    {as: 'divider', text: line(columns - after, columns)},
  ];
}

function headRow(shown: Shown, labelOf: (nick: string) => string): Row {
  const {journey} = shown;
  const time = clockOf(journey.wallClock);
  if (journey.kind === 'received') {
    return [
      {as: 'quiet', text: `${time} · from ${labelOf(journey.from)}${whereReceived(journey)}`},
    ];
  }
  const again = journey.resentAt === undefined ? '' : ` · sent at ${clockOf(journey.resentAt)}`;
  return [
    {as: 'quiet', text: `${time} · ${routeOf(journey, labelOf)}${again}   now: `},
    outcomeOf(journey, shown.delivery),
  ];
}

function routeOf({scope, to, courses}: SentJourney, labelOf: (nick: string) => string): string {
  const members = courses.flatMap(course => course.to ?? []);
  const reader = to === undefined ? '' : `to ${labelOf(to)}, `;
  if (scope === 'link') return `${reader}over the private connection`;
  if (members.length === 0) return `${reader}through the hub`;
  return to === undefined
    ? `peer to peer to ${members.length} member${members.length === 1 ? '' : 's'}`
    : `${reader}peer to peer`;
}

function whereReceived({scope}: ReceivedJourney): string {
  switch (scope) {
    case 'public':
      return ', said to everybody';
    case 'room':
      return ', said in the room';
    case 'direct':
      return ', to you alone';
    case 'link':
      return ', over the private connection';
  }
}

function outcomeOf({courses, isCut}: SentJourney, delivery: Delivery | undefined): Piece {
  const members = courses.filter(({to}) => to !== undefined);
  const have = members.filter(hasConfirmed).length;
  const cut = isCut ? ' · not everything is shown' : '';
  const count = members.length > 1 ? `${have} of ${members.length} have it` : undefined;
  switch (delivery?.state) {
    case undefined:
    case 'delivered':
      return {as: 'delivered', text: `${count ?? 'it has arrived'}${cut}`};
    case 'failed':
      return {as: 'error', text: `${count ?? failureWords[delivery.reason]}${cut}`};
    case 'kept':
      return {as: 'on-its-way', text: 'kept, it goes out when the hub is back'};
    default:
      return {as: 'on-its-way', text: `${count ?? 'on its way'}${cut}`};
  }
}

function hasConfirmed(course: Course): boolean {
  return course.marks.some(({type}) => type === 'confirmed');
}

type CourseRows = {
  readonly scale: readonly Row[];
  readonly rows: readonly Row[];
};

/** A line for each reader that there is room for; a row says how many are not shown. */
function courseRows(
  journey: SentJourney,
  {now, delivery}: Shown,
  {columns, rows}: {readonly columns: number; readonly rows: number},
  labelOf: (nick: string) => string,
): CourseRows {
  const {courses} = journey;
  const shown = firstToShow(courses, rows);
  if (shown.length === 0) return onlyRow({as: 'on-its-way', text: 'It waits for its turn'});
  const names = shown.map(({to}) => (to === undefined ? 'hub' : labelOf(to)));
  const nameColumns = Math.min(Math.max(...names.map(widthOf)), maximumName);
  const words = shown.map(course => statusOf(course, journey, delivery, now));
  // Wide enough for most words, so that the line does not become shorter when they change.
  const usual = columns < roomyColumns ? 0 : usualWords;
  const wordColumns = Math.max(usual, ...words.map(({text}) => widthOf(text)));
  const cells = Math.min(maximumCells, columns - nameColumns - wordColumns - 8);
  const hasLine = cells >= minimumCells;
  const scaleMs = scaleOf(journey);
  const lines = shown.map((course, index): Row => {
    const label = truncateName(names[index] ?? '', nameColumns);
    const name = label.padStart(label.length + nameColumns - widthOf(label));
    const {to} = course;
    const who: Piece =
      to === undefined ? {as: 'text', text: name} : {as: 'author', text: name, nick: to};
    const line = hasLine ? courseLine(course, scaleMs, cells, now) : [];
    const gap: Piece = {as: 'text', text: '  '};
    return [who, gap, ...line, words[index] ?? gap];
  });
  const scale: Row = [{as: 'quiet', text: ' '.repeat(nameColumns + 2) + scaleLine(scaleMs, cells)}];
  const missing = courses.length - shown.length;
  const more: readonly Row[] =
    missing > 0 && rows > 1 ? [[{as: 'quiet', text: `and ${missing} more`}]] : [];
  return {scale: hasLine ? [scale] : [], rows: [...lines, ...more]};
}

/** If there is no room for all, those who have not confirmed come first. */
function firstToShow(courses: readonly Course[], rows: number): readonly Course[] {
  if (courses.length <= rows) return courses;
  const inOrder = [
    ...courses.filter(course => !hasConfirmed(course)),
    ...courses.filter(hasConfirmed),
  ];
  return inOrder.slice(0, Math.max(1, rows - 1));
}

function onlyRow(...row: Row): CourseRows {
  return {scale: [], rows: [row]};
}

const maximumName = 16;
const minimumCells = 12;
const roomyColumns = 76;
const usualWords = 36;
const maximumCells = 70;

/** What has become of it on the way to one reader. */
function statusOf(
  course: Course,
  journey: SentJourney,
  delivery: Delivery | undefined,
  now: number,
): Piece {
  const round = lastRound(course);
  const [first] = round;
  const last = round.at(-1);
  const tries = round.filter(({type}) => type === 'sent').length;
  if (first === undefined || last === undefined) return {as: 'quiet', text: ''};
  const confirmed = round.find(({type}) => type === 'confirmed');
  if (confirmed !== undefined) {
    const after = durationOf(confirmed.at - first.at);
    const isLate = round.some(({type}) => type === 'given-up');
    const how = tries === 1 ? '' : `, ${tries} tries`;
    // The hub has answered, but not with a yes.
    const isRefused = course.to === undefined && delivery?.state === 'failed';
    const has = journey.scope === 'link' ? 'the hub has it' : 'has it';
    const what = isRefused ? 'has answered' : has;
    return {as: 'delivered', text: `✓ ${what}, ${isLate ? 'late, ' : ''}after ${after}${how}`};
  }
  if (last.type === 'given-up') {
    if (last.reason === 'gone') return {as: 'error', text: '✗ no longer there'};
    const until = clockOf(journey.wallClock + last.at - journey.startedAt, false);
    return {as: 'error', text: `✗ tried until ${until}`};
  }
  if (last.type !== 'sent') return {as: 'quiet', text: ''};
  const hasEnded = (triedUntil(course) ?? 0) < now;
  if (hasEnded) return {as: 'error', text: '✗ no answer'};
  // Over a connection nothing is sent again.
  if (tries === 1 && last.left === 0) return {as: 'on-its-way', text: '● written, no answer yet'};
  const sign = tries === 1 ? '●' : '⟳';
  const text = `${sign} ${ordinal(tries)} try, no answer, ${last.left} left`;
  return {as: 'on-its-way', text};
}

function receivedRows(
  {readAt, startedAt, frame, from}: ReceivedJourney,
  labelOf: (nick: string) => string,
): CourseRows {
  const who: Piece = {as: 'author', text: labelOf(from), nick: from};
  if (frame === undefined) return onlyRow(who, {as: 'quiet', text: '  its frame is not known'});
  const waited = readAt - startedAt;
  const text =
    waited < 1
      ? '  ✓ it came and was shown at once'
      : `  ✓ it came, and was shown ${durationOf(waited)} later, in its turn`;
  return onlyRow(who, {as: 'delivered', text});
}

function keyRow({journey, isRetryPossible, isCarryPossible}: Shown): Row {
  const keys: readonly (readonly [string, string])[] = [
    ...(isRetryPossible ? [['r', 'send again'] as const] : []),
    ...(isCarryPossible ? [['c', 'carry this room over to the hub'] as const] : []),
    ['y', 'copy the text'],
    ...(framesOf(journey).length > 1 ? [['↑ ↓', 'frames'] as const] : []),
    ['Tab', 'fields'],
    ['Esc', 'close'],
  ];
  return keys.flatMap(([key, does], index): Piece[] => [
    {as: 'accent', text: `${index === 0 ? '' : '   '}${key}`},
    {as: 'quiet', text: ` ${does}`},
  ]);
}

function truncated(row: Row, columns: number): Row {
  const pieces: Piece[] = [];
  let left = columns;
  for (const piece of row) {
    if (left <= 0) break;
    const text = truncate(piece.text, left);
    pieces.push({...piece, text});
    left -= widthOf(text);
    if (text !== piece.text) break;
  }
  return pieces;
}
