/** The journey of a message in words, signs and bytes: the rows of the view. */
import {cleanLine} from '../../client/clean-text.ts';
import type {Delivery} from '../../client/entries.ts';
import {
  type Course,
  explain,
  type Field,
  type Frame,
  type Journey,
  type ReceivedJourney,
  type SentJourney,
} from '../../client/journeys.ts';
import {truncate, truncateName, widthOf} from '../text/width.ts';
import {
  courseLine,
  durationOf,
  lastRound,
  type Piece,
  scaleLine,
  scaleOf,
  triedUntil,
} from './timeline.ts';

export type Row = readonly Piece[];

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

/** A frame of a journey, and when and where it was sent. */
export type SentFrame = {
  readonly frame: Frame;
  readonly course: Course | undefined;
  /** 1 for the first try of its round. */
  readonly attempt: number;
};

/** In the order in which they were sent. */
export function framesOf(journey: Journey): readonly SentFrame[] {
  if (journey.kind === 'received') {
    const {frame} = journey;
    return frame === undefined ? [] : [{frame, course: undefined, attempt: 1}];
  }
  const sent = journey.courses.flatMap(course => {
    let attempt = 0;
    return course.marks.flatMap(mark => {
      if (mark.type === 'given-up') attempt = 0;
      return mark.type === 'sent'
        ? {at: mark.at, frame: mark.frame, course, attempt: ++attempt}
        : [];
    });
  });
  return sent.toSorted((one, other) => one.at - other.at);
}

/** The fields of the selected frame. */
export function fieldsOf({journey, frame}: Pick<Shown, 'journey' | 'frame'>): readonly Field[] {
  const bytes = selectedFrame(journey, frame)?.frame.bytes;
  return bytes === undefined ? [] : explain(journey, bytes);
}

export function selectedFrame(journey: Journey, index: number | undefined): SentFrame | undefined {
  const frames = framesOf(journey);
  return index === undefined ? frames.at(-1) : frames[index];
}

/** Exactly `rows` of them, none wider than `columns`. @param labelOf What is shown of a name. */
export function journeyRows(
  shown: Shown,
  {columns, rows}: {readonly columns: number; readonly rows: number},
  labelOf: (nick: string) => string,
): readonly Row[] {
  const {journey} = shown;
  const inside = columns - 2 * margin;
  const courses =
    journey.kind === 'sent'
      ? courseRows(journey, shown.now, inside, labelOf)
      : receivedRows(journey, labelOf);
  const fields = fieldsOf(shown);
  const field = shown.field === undefined ? undefined : fields[shown.field];
  const bytes = selectedFrame(journey, shown.frame)?.frame.bytes;
  // What is left out first stands last; of the ways and the bytes one row each stays.
  const left = (others: number) => Math.max(0, rows - others);
  const hasKeys = rows >= 4;
  const hasFields = rows >= 6;
  const hasFrame = rows >= 7;
  const hasScale = rows >= 8 && courses.scale.length > 0;
  const fixed = [true, true, hasKeys, hasFields, hasFrame, hasScale].filter(Boolean).length;
  const hasBytes = rows >= 5;
  const forCourses = Math.max(1, left(fixed + (hasBytes ? 1 : 0)));
  const shownCourses = windowed(courses, forCourses);
  const forBytes = hasBytes ? Math.max(1, left(fixed + shownCourses.length)) : 0;
  const hex = hexRows(bytes, field, inside, forBytes);
  const spare = left(fixed + shownCourses.length + hex.length);
  const gap = (wanted: boolean): Row[] => (wanted ? [[]] : []);
  const all: Row[] = [
    titleRow(journey, columns),
    headRow(shown, labelOf),
    ...(hasScale ? courses.scale : []),
    ...shownCourses,
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

/** A line across, with the text in it. */
function titleRow({text}: Journey, columns: number): Row {
  const words = ` the journey of “${truncate(cleanLine(text), Math.max(8, columns - 32))}” `;
  const before = Math.max(0, Math.floor((columns - widthOf(words)) / 2));
  const after = Math.max(0, columns - before - widthOf(words));
  return [
    {as: 'divider', text: '─'.repeat(before)},
    {as: 'accent', text: words},
    {as: 'divider', text: '─'.repeat(after)},
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
      return {as: 'error', text: `${count ?? failures[delivery.reason]}${cut}`};
    case 'kept':
      return {as: 'on-its-way', text: 'kept, it goes out when the hub is back'};
    default:
      return {as: 'on-its-way', text: `${count ?? 'on its way'}${cut}`};
  }
}

const failures: Readonly<Record<(Delivery & {readonly state: 'failed'})['reason'], string>> = {
  'hub-silent': 'not confirmed by the hub',
  'peers-silent': 'not confirmed',
  'not-connected': 'not sent, there was no connection',
  'left-room': 'not confirmed, you had left the room',
  'entered-room': 'not confirmed, you were entering a room',
  'no-such-user': 'not delivered, nobody has that name',
  'recipient-in-room': 'not delivered, they are in a private room',
  'recipient-outside': 'not delivered, they are not in this room',
  'refused-by-hub': 'refused by the hub',
  'link-closed': 'not confirmed, the private connection is closed',
  'left-hub': 'not sent, you have left the hub',
};

function hasConfirmed(course: Course): boolean {
  return course.marks.some(({type}) => type === 'confirmed');
}

type CourseRows = {
  readonly scale: readonly Row[];
  /** A line for each reader. */
  readonly rows: readonly Row[];
  /** Indexes of those who have not confirmed. */
  readonly waiting: ReadonlySet<number>;
};

function courseRows(
  journey: SentJourney,
  now: number,
  columns: number,
  labelOf: (nick: string) => string,
): CourseRows {
  const {courses} = journey;
  if (courses.length === 0) {
    return onlyRow({as: 'on-its-way', text: 'It waits for its turn'});
  }
  const names = courses.map(({to}) => (to === undefined ? 'hub' : labelOf(to)));
  const nameColumns = Math.min(Math.max(...names.map(widthOf)), maximumName);
  const words = courses.map(course => statusOf(course, journey, now));
  // Wide enough for most words, so that the line does not become shorter when they change.
  const usual = columns < roomyColumns ? 0 : usualWords;
  const wordColumns = Math.max(usual, ...words.map(({text}) => widthOf(text)));
  const cells = Math.min(maximumCells, columns - nameColumns - wordColumns - 8);
  const hasLine = cells >= minimumCells;
  const scaleMs = scaleOf(journey);
  const rows = courses.map((course, index) => {
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
  const waiting = new Set(
    courses.keys().filter(index => {
      const course = courses[index];
      return course !== undefined && !hasConfirmed(course);
    }),
  );
  return {scale: hasLine ? [scale] : [], rows, waiting};
}

function onlyRow(...row: Row): CourseRows {
  return {scale: [], rows: [row], waiting: new Set()};
}

const maximumName = 16;
const minimumCells = 12;
const roomyColumns = 76;
const usualWords = 36;
const maximumCells = 70;

/** What has become of it on the way to one reader. */
function statusOf(course: Course, journey: SentJourney, now: number): Piece {
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
    const what = journey.scope === 'link' ? '✓ the hub has it' : '✓ has it';
    return {as: 'delivered', text: `${what}, ${isLate ? 'late, ' : ''}after ${after}${how}`};
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

function frameRow({journey, frame}: Shown, labelOf: (nick: string) => string): Row {
  const frames = framesOf(journey);
  const selected = selectedFrame(journey, frame);
  if (selected === undefined) return [{as: 'quiet', text: 'no frame was sent yet'}];
  const {length} = selected.frame;
  const size = `${length} byte${length === 1 ? '' : 's'}`;
  if (journey.kind === 'received') return [{as: 'quiet', text: `the frame, ${size}`}];
  const to = selected.course?.to;
  const number = (frame ?? frames.length - 1) + 1;
  const which = frames.length === 1 ? 'the frame' : `frame ${number} of ${frames.length}`;
  const reader = to === undefined ? 'the hub' : labelOf(to);
  const text = `${which}, ${ordinal(selected.attempt)} try to ${reader}, ${size}`;
  return [{as: 'quiet', text}];
}

/** The bytes, with the selected field in view and marked. */
function hexRows(
  bytes: Uint8Array | undefined,
  field: Field | undefined,
  columns: number,
  rows: number,
): readonly Row[] {
  if (rows === 0) return [];
  if (bytes === undefined) return [[{as: 'quiet', text: 'its bytes are not kept'}]];
  const perRow = Math.max(1, Math.floor((columns - 2) / 3));
  const all = Math.ceil(bytes.length / perRow);
  const first = field === undefined ? -1 : field.firstBit >> 3;
  const end = field === undefined ? -1 : Math.ceil((field.firstBit + field.bits) / 8);
  const wanted = Math.max(0, Math.floor(first / perRow));
  const top = Math.max(0, Math.min(wanted, all - rows));
  return Array.from({length: Math.min(rows, all - top)}, (_, index) => {
    const start = (top + index) * perRow;
    const isLast = index === rows - 1 && top + rows < all;
    const row: Piece[] = [...bytes.subarray(start, start + perRow)].map((byte, offset) => {
      const at = start + offset;
      const isMarked = at >= first && at < end;
      const text = byte.toString(16).padStart(2, '0');
      return {as: isMarked ? 'selection' : 'text', text: `${text} `};
    });
    return isLast ? [...row, {as: 'quiet', text: '…'}] : row;
  });
}

/** They say what the frame is. */
const kinds: ReadonlySet<string> = new Set(['type', 'keyword']);
/** They say nothing but where others end. */
const separators: ReadonlySet<string> = new Set([
  'space',
  'CR LF',
  '#',
  'filling',
  'end of the line',
]);

/** The selected field; or all that say something, what the frame is first. */
function fieldRow(fields: readonly Field[], index: number | undefined): Row {
  const field = index === undefined ? undefined : fields[index];
  if (field === undefined) {
    const told = fields.filter(({name}) => !separators.has(name));
    const kind = told.find(({name}) => kinds.has(name));
    const inOrder = kind === undefined ? told : [kind, ...told.filter(one => one !== kind)];
    const words = inOrder.map(({name, value}) => `${name} = ${cleanLine(value)}`);
    return [{as: 'quiet', text: words.join(' · ')}];
  }
  const {name, value, firstBit, bits} = field;
  const problem = name === 'not read';
  const size = bits % 8 === 0 ? bytesWords(bits / 8) : `${bits} bit${bits === 1 ? '' : 's'}`;
  return [
    {as: problem ? 'error' : 'accent', text: name},
    {as: 'text', text: ` = ${truncate(cleanLine(value), 60)}`},
    {as: 'quiet', text: `   ${size} at bit ${firstBit} · ${(index ?? 0) + 1} of ${fields.length}`},
  ];
}

function bytesWords(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`;
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

/** As many as fit, those who have not confirmed first; a row says how many are not shown. */
function windowed({rows, waiting}: CourseRows, most: number): readonly Row[] {
  if (rows.length <= most) return rows;
  const urgent = [
    ...rows.filter((_, index) => waiting.has(index)),
    ...rows.filter((_, index) => !waiting.has(index)),
  ];
  if (most <= 1) return urgent.slice(0, most);
  const shown = urgent.slice(0, most - 1);
  return [...shown, [{as: 'quiet', text: `and ${rows.length - shown.length} more`}]];
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

const ordinals = ['no', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh'];

function ordinal(number: number): string {
  // No text is sent a hundred times.
  const ending = number > 20 ? ['th', 'st', 'nd', 'rd'][number % 10] : undefined;
  return ordinals[number] ?? `${number}${ending ?? 'th'}`;
}

/** `16:22:07.412`, or without milliseconds. */
function clockOf(wallClock: number, hasMilliseconds = true): string {
  const date = new Date(wallClock);
  const digits = (part: number, length = 2) => String(part).padStart(length, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map(part => digits(part))
    .join(':');
  return hasMilliseconds ? `${time}.${digits(date.getMilliseconds(), 3)}` : time;
}
