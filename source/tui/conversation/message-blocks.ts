import type {History} from '../../client/history.ts';
import {type Entry, isOver} from '../../client/state.ts';
import {entryLines, type Format, type Head, type Line, ruleLine} from './entry-lines.ts';
import type {Blocks} from './viewport.ts';

/**
 * A conversation as blocks of lines: its entries, with a rule above the first of each day and above the first unread
 * one.
 *
 * @param firstUnread Index of an entry.
 * @param newMessages The number in the rule above it.
 */
export function messageBlocks(
  history: History<Entry>,
  format: Format,
  firstUnread: number | undefined,
  newMessages: number,
): Blocks<Line> {
  const {columns} = format;
  return {
    start: history.start,
    end: history.end,
    rowsOf(index) {
      const entry = history.at(index);
      if (entry === undefined) return [];
      const former = history.at(index - 1);
      const isNewDay = former === undefined || dayOf(former.at) !== dayOf(entry.at);
      const isUnread = index === firstUnread;
      const lines = entryLines(
        entry,
        format,
        isNewDay || isUnread ? wholeHead : headOf(history, index, entry, former),
      );
      if (!isNewDay && !isUnread) return lines;
      return [
        ...(isNewDay ? [ruleLine(dayWords(entry.at), 'rule', columns, -2)] : []),
        ...(isUnread ? [ruleLine(`${newMessages} new`, 'unread', columns, -1)] : []),
        ...lines,
      ];
    },
  };
}

const wholeHead: Head = {hasTime: true, hasName: true};

/** Far more entries in a row than those without a time. */
const searchedEntries = 8;

/** The time is said when the minute changes, the name when the author does. */
function headOf(
  history: History<Entry>,
  index: number,
  entry: Entry,
  directlyAbove: Entry | undefined,
): Head {
  const {kind, at} = entry;
  // It is about a span of time.
  if (kind === 'presence') return {hasTime: false, hasName: false};
  let above = index - 1;
  let former = directlyAbove;
  while (former !== undefined && isOver(former) && index - above < searchedEntries) {
    former = history.at(--above);
  }
  let timed = former;
  while (timed?.kind === 'presence' && index - above < searchedEntries) {
    timed = history.at(--above);
  }
  const timedAt = timed?.at;
  const isSameAuthor =
    kind === 'message' &&
    former?.kind === 'message' &&
    former.from === entry.from &&
    !former.isAction &&
    !entry.isAction;
  return {
    hasTime: timedAt === undefined || minuteOf(timedAt) !== minuteOf(at),
    hasName: !isSameAuthor,
  };
}

const day = {weekday: 'long', day: 'numeric', month: 'long'} as const;
const thisYear = new Intl.DateTimeFormat('en-GB', day);
const otherYear = new Intl.DateTimeFormat('en-GB', {...day, year: 'numeric'});

function dayWords(at: number): string {
  const isThisYear = new Date(at).getFullYear() === new Date().getFullYear();
  return (isThisYear ? thisYear : otherYear).format(at).replace(',', '');
}

function dayOf(at: number): string {
  return new Date(at).toDateString();
}

function minuteOf(at: number): number {
  return Math.floor(at / 60_000);
}
