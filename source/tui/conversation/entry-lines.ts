import {
  type Delivery,
  type Entry,
  isOver,
  type MessageEntry,
  type NoticeEntry,
} from '../../client/state.ts';
import {nameToWidth, truncate, truncateName, widthOf, withoutInvisible} from '../text/width.ts';
import {wrap} from '../text/wrap.ts';
import {withLinks} from './links.ts';

/** The meaning of a piece of a line; the theme gives its look. */
export type Role =
  | 'time'
  | 'author'
  | 'text'
  | 'mention'
  | 'action'
  | 'link'
  | 'quiet'
  | 'error'
  | 'on-its-way'
  | 'delivered'
  | 'rule'
  | 'unread';

export type Span = {
  readonly role: Role;
  readonly text: string;
  /** Of an author only: whose name it is. */
  readonly nick?: string;
  /** Of a link only: what it leads to. */
  readonly target?: string;
};

/** One row of a message pane, without its margin. */
export type Line = {
  readonly spans: readonly Span[];
  /** Shown by a sign in the margin, with or without colour. */
  readonly isMention: boolean;
};

/** The layout of the entries of one pane. */
export type Format = {
  /** Cells of a line. */
  readonly columns: number;
  /** Cells of the column of nicknames; 0 if the pane has no room for one. */
  readonly nickColumns: number;
};

/** @param widest Cells of the longest name of somebody who may write there. */
export function formatFor(columns: number, widest: number): Format {
  if (columns < minimumForColumns) return {columns, nickColumns: 0};
  const wanted = Math.max(widest, minimumNick);
  return {columns, nickColumns: Math.min(wanted, Math.floor(columns / 4), maximumNick)};
}

/** The lines of an entry, remembered until the entry or the format changes. */
export function entryLines(entry: Entry, format: Format): readonly Line[] {
  const cached = cache.get(entry);
  const isSame =
    cached?.format.columns === format.columns && cached.format.nickColumns === format.nickColumns;
  if (cached !== undefined && isSame) return cached.lines;
  const lines = entry.kind === 'message' ? messageLines(entry, format) : noticeLines(entry, format);
  cache.set(entry, {format, lines});
  return lines;
}

/** A line across the pane, with words in it. */
export function ruleLine(words: string, role: Role, columns: number): Line {
  const label = truncate(` ${words} `, columns);
  const left = Math.min(3, Math.max(0, columns - widthOf(label)));
  const right = Math.max(0, columns - left - widthOf(label));
  const text = '─'.repeat(left) + label + '─'.repeat(right);
  return {spans: [{role, text}], isMention: false};
}

/** In cells. In narrower panes the text follows directly behind the author. */
const minimumForColumns = 36;
const minimumNick = 4;
const maximumNick = 16;

const cache = new WeakMap<Entry, {readonly format: Format; readonly lines: readonly Line[]}>();

function messageLines(entry: MessageEntry, format: Format): Line[] {
  const {columns} = format;
  const head = headOf(entry, format);
  const indent = indentFor(head, format);
  const mark = entry.delivery === undefined ? undefined : deliveryMark(entry.delivery);
  const reserved = mark === undefined ? 0 : widthReserved(entry.delivery) + 1;
  const role = entry.isMention ? 'mention' : entry.isAction ? 'action' : 'text';
  const rows = hang(entry.text, columns - reserved, widthOf(textOf(head)), indent);
  return withLinks(entry.text, rows, role).map((said, index) => {
    const before = index === 0 ? head : [{role: 'text' as const, text: ' '.repeat(indent)}];
    const spans = [...before, ...said];
    const isLast = index === rows.length - 1;
    return {
      spans: isLast && mark !== undefined ? withMark(spans, mark, columns) : spans,
      isMention: entry.isMention && index === 0,
    };
  });
}

function noticeLines(entry: NoticeEntry, format: Format): Line[] {
  if (isOver(entry)) return [];
  const role = entry.tone === 'error' ? 'error' : 'quiet';
  const head: Span[] = [
    ...timeSpans(entry.at, format),
    {role, text: `${noticeSigns[entry.tone]} `},
  ];
  const indent = widthOf(textOf(head));
  return hang(entry.text, format.columns, indent, indent).map((text, index) => ({
    spans: [
      ...(index === 0 ? head : [{role, text: ' '.repeat(indent)} satisfies Span]),
      {role, text},
    ],
    isMention: false,
  }));
}

const noticeSigns = {info: '·', arrival: '→', departure: '←', error: '✗'} as const;

/** Rows of a text whose first row begins at cell `first` and whose other rows begin at cell `indent`. */
function hang(text: string, columns: number, first: number, indent: number): string[] {
  if (first <= indent) return wrap(text, columns - indent);
  const gap = first - indent;
  const lineEnd = text.indexOf('\n');
  const line = withoutInvisible(lineEnd === -1 ? text : text.slice(0, lineEnd));
  const below = lineEnd === -1 ? [] : wrap(text.slice(lineEnd + 1), columns - indent);
  // The cells that the first row lacks are filled, so that it is wrapped like the others.
  const filler = 'x'.repeat(gap);
  const [head = '', ...rows] = wrap(filler + line, columns - indent);
  const beside =
    head.length < gap ? ['', ...wrap(line, columns - indent)] : [head.slice(gap), ...rows];
  return [...beside, ...below];
}

function headOf(entry: MessageEntry, format: Format): Span[] {
  const {nickColumns} = format;
  const time = timeSpans(entry.at, format);
  if (nickColumns === 0) {
    const nick = truncateName(entry.author, Math.max(1, Math.floor(format.columns / 2)));
    const text = entry.isAction ? `* ${nick}` : nick;
    const name: Span = {role: 'author', text, nick: entry.from};
    return [...time, name, {role: 'text', text: ' '}];
  }
  // An action has no column for the nickname: it reads as one sentence.
  const nick = entry.isAction
    ? `* ${truncateName(entry.author, nickColumns)}`
    : nameToWidth(entry.author, nickColumns);
  return [
    ...time,
    {role: 'author', text: nick, nick: entry.from},
    {role: 'text', text: entry.isAction ? ' ' : '  '},
  ];
}

/** The time goes first when there is no room for everything. */
function timeSpans(at: number, {columns}: Format): Span[] {
  return columns < 24 ? [] : [{role: 'time', text: `${timeOf(at)} `}];
}

function indentFor(head: readonly Span[], {columns, nickColumns}: Format): number {
  if (nickColumns > 0) return timeWidth + nickColumns + 2;
  return columns < 24 ? 1 : Math.min(timeWidth, widthOf(textOf(head)));
}

/** `12:03 `. */
const timeWidth = 6;

function timeOf(at: number): string {
  const date = new Date(at);
  const digits = (number: number) => String(number).padStart(2, '0');
  return `${digits(date.getHours())}:${digits(date.getMinutes())}`;
}

function deliveryMark(delivery: Delivery): Span {
  switch (delivery.state) {
    case 'kept':
    case 'sending':
      return {role: 'on-its-way', text: progressOf(delivery) || '…'};
    case 'retransmitting':
      return {role: 'on-its-way', text: `⟳${progressOf(delivery)}`};
    case 'delivered':
      return {role: 'delivered', text: delivery.of === undefined ? '✓' : '✓✓'};
    case 'failed': {
      const progress = progressOf(delivery);
      return {role: 'error', text: progress === '' ? '✗' : `✗ ${progress}`};
    }
  }
}

function progressOf({confirmed, of}: {readonly confirmed?: number; readonly of?: number}): string {
  return confirmed === undefined || of === undefined ? '' : `${confirmed}/${of}`;
}

/** Cells of the widest mark that this message will have, so that its text is not wrapped again. */
function widthReserved(delivery: Delivery | undefined): number {
  const of = delivery !== undefined && 'of' in delivery ? (delivery.of ?? 1) : 1;
  return 2 * String(of).length + 3;
}

function withMark(spans: readonly Span[], mark: Span, columns: number): Span[] {
  const gap = columns - widthOf(textOf(spans)) - widthOf(mark.text);
  return [...spans, {role: 'text', text: ' '.repeat(Math.max(1, gap))}, mark];
}

function textOf(spans: readonly Span[]): string {
  return spans.map(({text}) => text).join('');
}
