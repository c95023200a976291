/** Ctrl-R: the lines that were sent before, found by what is in them. */
import {type Editor, emptyEditor} from './line-editor.ts';
import type {SentLine} from './sent-lines.ts';

export type Search = {
  /** What is looked for, in the place of the draft. */
  readonly query: Editor;
  /** Number of newer lines that were found and passed over. */
  readonly passed: number;
};

export const emptySearch: Search = {query: emptyEditor, passed: 0};

/** The texts that contain the query, whatever the case, newest first and each once. */
export function foundIn(
  sent: readonly SentLine[],
  audiences: ReadonlySet<string>,
  {query}: Search,
): readonly string[] {
  const wanted = query.text.toLowerCase();
  const texts = sent
    .filter(({text, audience}) => audiences.has(audience) && text.toLowerCase().includes(wanted))
    .map(({text}) => text);
  return [...new Set(texts.reverse())];
}

/** @param by 1 for an older line, -1 for a newer one. Stays at the ends. */
export function passOver(search: Search, by: -1 | 1, found: readonly string[]): Search {
  const passed = Math.max(0, Math.min(search.passed + by, found.length - 1));
  return {...search, passed};
}
