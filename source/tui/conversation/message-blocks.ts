import type {History} from '../../client/history.ts';
import type {Entry} from '../../client/state.ts';
import {entryLines, type Format, type Line, ruleLine} from './entry-lines.ts';
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
      const isNewDay = former !== undefined && dayOf(former.at) !== dayOf(entry.at);
      const lines = entryLines(entry, format);
      if (!isNewDay && index !== firstUnread) return lines;
      return [
        ...(isNewDay ? [ruleLine(dayFormat.format(entry.at), 'rule', columns)] : []),
        ...(index === firstUnread ? [ruleLine(`${newMessages} new`, 'unread', columns)] : []),
        ...lines,
      ];
    },
  };
}

const dayFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});

function dayOf(at: number): string {
  return new Date(at).toDateString();
}
