import {widthOf} from '../text/width.ts';
import type {PaneName} from './layout.ts';

export type Tab = {
  readonly name: PaneName;
  /** Of the key that goes there, if there is one. */
  readonly digit: string;
  readonly title: string;
  /** Short: the number of unread messages, or of people. */
  readonly count: string;
};

/** The tabs with the digits of their keys, and as many names as fit. */
export function tabLine(tabs: readonly Tab[], shown: PaneName, columns: number): string {
  const lines = [
    tabs.map(tab => label(tab, shown, true)),
    tabs.map(tab => label(tab, shown, tab.name === shown)),
    tabs.map(tab => label(tab, shown, false)),
  ].map(labels => labels.join(''));
  return lines.find(line => widthOf(line) <= columns) ?? '';
}

function label({name, digit, title, count}: Tab, shown: PaneName, isNamed: boolean): string {
  const words = [
    ...(digit === '' ? [] : [digit]),
    ...(isNamed ? [title] : []),
    ...(count === '' ? [] : [count]),
  ].join(' ');
  return name === shown ? `[${words}]` : ` ${words} `;
}
