import {presenceWords} from '../../client/entries.ts';
import {mentionsIn, type Place} from '../../client/mentions.ts';
import {type Delivery, type Entry, isOver, type MessageEntry} from '../../client/state.ts';
import {timeOf} from '../../client/times.ts';
import {linksIn, targetOf} from '../../client/web-links.ts';
import {truncate, truncateName, widthOf, withoutFillers} from '../text/width.ts';
import {type TextRow, visibleText, wrapRows} from '../text/wrap.ts';

/** The meaning of a piece of a line; the theme gives its look. */
export type Role =
  | 'time'
  | 'author'
  | 'text'
  | 'mention'
  | 'mentioned-name'
  | 'action'
  | 'link'
  | 'quiet'
  | 'error'
  | 'on-its-way'
  | 'delivered'
  | 'rule'
  | 'divider'
  | 'unread';

export type Span = {
  readonly role: Role;
  readonly text: string;
  /** Of an author only: whose name it is. */
  readonly nick?: string;
  /** Of a link only: what it leads to. */
  readonly target?: string;
};

/** One row of a message pane, without the gutter at its left. */
export type Line = {
  readonly spans: readonly Span[];
  /** Where the row begins in the text of its entry. Rules above the text have negative places. */
  readonly at: number;
  /** Shown by a sign in the gutter, with or without colour. */
  readonly isMention: boolean;
};

/** The layout of the entries of one pane. */
export type Format = {
  /**
   * How names stand beside the texts: right-aligned to a rule, in a column without one, or each in the row of its text,
   * if there is no room for a column.
   */
  readonly names: 'ruled' | 'column' | 'inline';
  /** Cells of a line. */
  readonly columns: number;
  /** Cells of the column of names. */
  readonly nameColumns: number;
  /** Cells at the right that are reserved for marks, so that a text stays as it is when its mark changes. */
  readonly markColumns: number;
  /** The user's own nickname, which is highlighted where somebody mentions it. */
  readonly own: string;
};

/** What is said at the head of an entry. Both are left out if they are the same as above. */
export type Head = {readonly hasTime: boolean; readonly hasName: boolean};

/** In cells, of the column of names. */
export const minimumName = 5;
const maximumName = 12;
const maximumUnruledName = 8;

/** Cells of the label of that entry's author, with the sign of an action. */
export function nameWidth(entry: Entry): number {
  return entry.kind === 'message' ? widthOf(nameOf(entry)) : 0;
}

/** How wide the column of names can be. */
export function maximumNameColumns({names, columns}: Pick<Format, 'names' | 'columns'>): number {
  return names === 'ruled' ? Math.min(maximumName, Math.floor(columns / 4)) : maximumUnruledName;
}

/** The lines of an entry, remembered until the entry, its head or the format changes. */
export function entryLines(entry: Entry, format: Format, head: Head): readonly Line[] {
  const cached = cache.get(entry);
  if (cached !== undefined && isSameFormat(cached.format, format) && isSame(cached.head, head)) {
    return cached.lines;
  }
  const lines = linesOf(entry, format, head);
  cache.set(entry, {format, head, lines});
  return lines;
}

/** The line with the head of its entry, whatever it has now: the first line of a pane says who and when. */
export function withWholeHead(line: Line, entry: Entry, format: Format): Line {
  if (format.names === 'inline' || entry.kind === 'presence') return line;
  const bare = headSpans(entry, format, noHead);
  return {
    ...line,
    spans: [...headSpans(entry, format, wholeHead), ...line.spans.slice(bare.length)],
  };
}

/** A line across the pane, with words in it. @param at Its place above the text of an entry. */
export function ruleLine(words: string, role: Role, columns: number, at: number): Line {
  const label = truncate(` ${words} `, columns);
  const left = Math.min(3, Math.max(0, columns - widthOf(label)));
  const right = Math.max(0, columns - left - widthOf(label));
  return {
    spans: [
      {role: 'divider', text: '─'.repeat(left)},
      {role, text: label},
      {role: 'divider', text: '─'.repeat(right)},
    ],
    at,
    isMention: false,
  };
}

const cache = new WeakMap<
  Entry,
  {readonly format: Format; readonly head: Head; readonly lines: readonly Line[]}
>();

const wholeHead: Head = {hasTime: true, hasName: true};
const noHead: Head = {hasTime: false, hasName: false};

function isSame(one: Head, other: Head): boolean {
  return one.hasTime === other.hasTime && one.hasName === other.hasName;
}

function isSameFormat(one: Format, other: Format): boolean {
  return (
    one === other ||
    (one.columns === other.columns &&
      one.nameColumns === other.nameColumns &&
      one.markColumns === other.markColumns &&
      one.names === other.names &&
      one.own === other.own)
  );
}

function linesOf(entry: Entry, format: Format, head: Head): Line[] {
  if (isOver(entry)) return [];
  const body = bodyOf(entry, format.own);
  const text = visibleText(body.text);
  const before = headSpans(entry, format, head);
  const behind = format.names === 'inline' ? continued : headSpans(entry, format, noHead);
  const indent = widthOf(textOf(behind));
  const columns = format.columns - format.markColumns - indent;
  const rows = wrapRows(text, columns, widthOf(textOf(before)) - indent);
  const places = placesIn(text, body);
  const mark = markOf(entry, format);
  return rows.map((row, index) => {
    const spans = [...(index === 0 ? before : behind), ...spansOf(row, body.role, places)];
    return {
      spans:
        mark !== undefined && index === rows.length - 1 ? withMark(spans, mark, format) : spans,
      at: row.start,
      isMention: entry.kind === 'message' && entry.isMention && index === 0,
    };
  });
}

/** What an entry says. */
type Body = {
  readonly text: string;
  readonly role: Role;
  /** Nickname to highlight. */
  readonly mentioned?: string;
};

function bodyOf(entry: Entry, own: string): Body {
  switch (entry.kind) {
    case 'message': {
      if (entry.isMention) return {text: entry.text, role: 'mention', mentioned: own};
      return {text: entry.text, role: entry.isAction ? 'action' : 'text'};
    }
    case 'notice':
      return {text: entry.text, role: entry.tone === 'error' ? 'error' : 'quiet'};
    case 'presence':
      return {text: presenceWords(entry), role: 'quiet'};
  }
}

type RolePlace = Place & {readonly role: Role; readonly target?: string | undefined};

/** The parts of a text that are something else than the rest of it, in order. */
function placesIn(text: string, {mentioned}: Body): readonly RolePlace[] {
  const links = linksIn(text).map(
    ({start, end}): RolePlace => ({
      start,
      end,
      role: 'link',
      target: targetOf(withoutFillers(text.slice(start, end))),
    }),
  );
  if (mentioned === undefined) return links;
  const names = mentionsIn(text, mentioned).map(
    place => ({...place, role: 'mentioned-name'}) as const,
  );
  // A mention is never in an address.
  return [...links, ...names].sort((one, other) => one.start - other.start);
}

function spansOf({text, start}: TextRow, role: Role, places: readonly RolePlace[]): Span[] {
  const end = start + text.length;
  const spans: Span[] = [];
  let done = start;
  for (const place of places) {
    const [from, to] = [Math.max(place.start, done), Math.min(place.end, end)];
    if (from >= to) continue;
    if (from > done) spans.push({role, text: text.slice(done - start, from - start)});
    const {role: special, target} = place;
    spans.push({
      role: special,
      text: text.slice(from - start, to - start),
      ...(target !== undefined && {target}),
    });
    done = to;
  }
  if (done < end || spans.length === 0) spans.push({role, text: text.slice(done - start)});
  return spans;
}

/** Of the rows below the first one, if names stand in the row of the text. */
const continued: readonly Span[] = [{role: 'text', text: '  '}];

/** Everything before the text: always as many spans of as many cells, unless names are inline. */
function headSpans(entry: Entry, format: Format, {hasTime, hasName}: Head): Span[] {
  const {names, columns, nameColumns} = format;
  // Who has come and gone is about a span of time.
  const time = hasTime && entry.kind !== 'presence' ? timeOf(entry.at) : '';
  if (names === 'inline') {
    return [
      ...(time !== '' && columns >= minimumForTime
        ? [{role: 'time', text: `${time} `} as const]
        : []),
      ...(entry.kind === 'presence'
        ? []
        : [
            nameSpan(entry, Math.max(1, Math.floor(columns / 2))),
            {role: 'text', text: ' '} as const,
          ]),
    ];
  }
  const name: Span = hasName ? nameSpan(entry, nameColumns) : {role: 'text', text: ''};
  const gap = ' '.repeat(Math.max(0, nameColumns - widthOf(name.text)));
  const timeSpan: Span = {role: 'time', text: time.padEnd(timeColumns)};
  return names === 'ruled'
    ? [timeSpan, {role: 'text', text: gap}, name, {role: 'divider', text: ' │ '}]
    : [timeSpan, name, {role: 'text', text: gap}, {role: 'text', text: ' '}];
}

/** `12:03 `. */
const timeColumns = 6;
/** Narrower lines have none. */
const minimumForTime = 24;

function nameSpan(entry: Entry, columns: number): Span {
  if (entry.kind === 'message') {
    const {isAction, author, from} = entry;
    const sign = isAction ? '* ' : '';
    return {
      role: 'author',
      text: sign + truncateName(author, Math.max(1, columns - sign.length)),
      nick: from,
    };
  }
  if (entry.kind === 'presence') return {role: 'text', text: ''};
  return entry.tone === 'error' ? {role: 'error', text: '✗'} : {role: 'quiet', text: '·'};
}

function nameOf({isAction, author}: MessageEntry): string {
  return isAction ? `* ${author}` : author;
}

function markOf(entry: Entry, {markColumns}: Format): Span | undefined {
  if (entry.kind !== 'message' || entry.delivery === undefined) return undefined;
  const mark = deliveryMark(entry.delivery);
  return {...mark, text: truncate(mark.text, markColumns)};
}

function deliveryMark(delivery: Delivery): Span {
  const progress = progressOf(delivery);
  const beside = progress === '' ? '' : ` ${progress}`;
  switch (delivery.state) {
    case 'kept':
    case 'sending':
      return {role: 'on-its-way', text: progress || '…'};
    case 'retransmitting':
      return {role: 'on-its-way', text: `⟳${beside}`};
    case 'delivered':
      return {role: 'delivered', text: delivery.of === undefined ? '✓' : '✓✓'};
    case 'failed':
      return {role: 'error', text: `✗${beside}`};
  }
}

function progressOf({confirmed, of}: {readonly confirmed?: number; readonly of?: number}): string {
  return confirmed === undefined || of === undefined ? '' : `${confirmed}/${of}`;
}

function withMark(spans: readonly Span[], mark: Span, {columns}: Format): Span[] {
  const gap = columns - widthOf(textOf(spans)) - widthOf(mark.text);
  return [...spans, {role: 'text', text: ' '.repeat(Math.max(0, gap))}, mark];
}

function textOf(spans: readonly Span[]): string {
  return spans.map(({text}) => text).join('');
}
