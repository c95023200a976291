import {nameKeys} from './key.ts';

/** In characters. The nicknames of our protocols are shorter; another hub may send any. */
const maximumLabel = 64;

/** Stands for what cannot be shown. */
const hidden = '\ufffd';

/** What a name consists of nearly always. */
const plain = /^[!-~]+(?: [!-~]+)*$/;

// What `isPresentable` refuses, and a braille cell without dots.
const invisible = /(?:[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|[^\P{Zs} ])+/gu;
const misplacedSpaces = /^ +| +$|(?<= ) +/g;
/** Without a letter, or beyond the third of a letter. */
const misplacedMarks = /(?<=^|[ \ufffd])\p{M}+|(?<=\p{M}{3})\p{M}+/gu;

/**
 * What is shown of a nickname, or of the name of a room: one line of at most 64 characters, each of which is seen.
 * What would be invisible or would act on its surroundings is shown as U+FFFD. A name that is what it looks like
 * (`isPresentable`) is its own label.
 *
 * Two names can have one label: who tells them apart adds a mark ({@link markedLabel}).
 */
export function nameLabel(name: string): string {
  if (name.length <= maximumLabel && plain.test(name)) return name;
  // Cut before anything is searched: another hub may send a name of any length.
  const characters = [...name.slice(0, 2 * maximumLabel + 2)];
  const isLong = characters.length > maximumLabel;
  const cut = isLong ? characters.slice(0, maximumLabel - 1).join('') : name;
  const label = cut
    .replaceAll(invisible, hidden)
    .replaceAll(misplacedSpaces, hidden)
    .replaceAll(misplacedMarks, hidden);
  return isLong ? `${label}…` : label || hidden;
}

/** The label of somebody whose own looks like another's: `alice#2`. */
export function markedLabel(label: string, number: number): string {
  return `${label}#${number}`;
}

// With the signs that are taken for a number sign. What is taken for a digit may be any letter.
const mark = /.[#\u266f\u22d5\u2317][\p{N}\p{L}\p{M}]+$/u;
const letter = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;
const time = /^\d{1,2}:\d\d$/;

/**
 * Whether somebody who is called so is shown with a mark even if nobody looks like them.
 *
 * A name that ends like a marked label is one: so the last mark of a label is always one that was added, and nobody can
 * choose a name that is taken for another's label. So is one that could be taken for what a screen puts before a message
 * or before a sentence of its own, like `✗` or `12:00`.
 */
export function needsMark(label: string): boolean {
  const isPlain = /^[a-z]/i.test(label) && /^[ -"$-~]*$/.test(label);
  if (isPlain) return false;
  return !letter.test(label) || time.test(label) || nameKeys(label).some(key => mark.test(key));
}
