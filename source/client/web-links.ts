/** Addresses of the web and of mailboxes in what people write. */

import type {Entry} from './entries.ts';
import type {History} from './history.ts';

export type Link = {
  /** In the text, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** In ASCII: what the text says, in the form in which it can be opened. */
  readonly target: string;
};

/**
 * Punctuation at the end belongs to the sentence around an address. A mailbox has no fields, which could attach a file;
 * its name has 64 characters and its host 255 at the most (RFC 5321), so that a text without an end is read once.
 */
const address =
  /\b(?:https?:\/\/[^\s<>"]*[^\s<>"'.,;:!?)\]}]|mailto:[^\s<>"?@]{1,64}@[^\s<>"?@]{0,254}[^\s<>"'.,;:!?)\]}@])/giu;

/** In UTF-16 code units, as much as terminals take. */
const maximumTarget = 2048;

/** Where the links in a text are, in order. */
export function linksIn(text: string): readonly Link[] {
  if (!text.includes(':')) return [];
  return [...text.matchAll(address)].flatMap(({0: shown, index}) => {
    const target = targetOf(shown);
    return target === undefined ? [] : [{start: index, end: index + shown.length, target}];
  });
}

/**
 * The targets of the links in a conversation, newest first, each once.
 *
 * @param from Index of the entry that is the newest to look at.
 */
export function* newestLinks(
  history: History<Entry>,
  from = Number.POSITIVE_INFINITY,
): Generator<string> {
  const told = new Set<string>();
  for (const [index, entry] of history.backwards()) {
    if (index > from || entry.kind !== 'message') continue;
    for (const {target} of linksIn(entry.text).toReversed()) {
      if (told.has(target)) continue;
      told.add(target);
      yield target;
    }
  }
}

/**
 * What an address leads to: a name in other letters becomes `xn--…`, which is what is asked for in the network.
 *
 * @returns undefined if it cannot be opened.
 */
export function targetOf(shown: string): string | undefined {
  if (shown.length > maximumTarget || !URL.canParse(shown)) return undefined;
  const target = new URL(shown).href;
  return target.length > maximumTarget || !/^[!-~]+$/.test(target) ? undefined : target;
}
