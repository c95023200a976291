import {nameKeys} from './key.ts';

/** In characters. The nicknames of our protocols are shorter; another hub may send any. */
const maximumLabel = 64;

/** Shown in place of characters that cannot be shown. */
const hidden = '\ufffd';

/** Matches nearly all names. */
const plain = /^[!-~]+(?: [!-~]+)*$/;

// The characters that `isPresentable` refuses, and a braille cell without dots.
const invisible = /(?:[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|[^\P{Zs} ])+/gu;
const misplacedSpaces = /^ +| +$|(?<= ) +/g;
/** Marks without a letter, and marks after the third on a letter. */
const misplacedMarks = /(?<=^|[ \ufffd])\p{M}+|(?<=\p{M}{3})\p{M}+/gu;

/**
 * The form in which a nickname or the name of a room is shown: one line of at most 64 visible characters. Characters
 * that would be invisible or would change the text around them are shown as U+FFFD. A name that is what it looks like
 * (`isPresentable`) is its own label.
 *
 * Two names can have the same label. A caller that has to tell them apart adds a mark ({@link markedLabel}).
 */
export function nameLabel(name: string): string {
  if (name.length <= maximumLabel && plain.test(name)) return name;
  // Cut first: another hub may send a name of any length.
  const characters = [...name.slice(0, 2 * maximumLabel + 2)];
  const isLong = characters.length > maximumLabel;
  const cut = isLong ? characters.slice(0, maximumLabel - 1).join('') : name;
  const label = cut
    .replaceAll(invisible, hidden)
    .replaceAll(misplacedSpaces, hidden)
    .replaceAll(misplacedMarks, hidden);
  return isLong ? `${label}…` : label || hidden;
}

/** The label of somebody whose own label looks like another one: `alice#2`. */
export function markedLabel(label: string, number: number): string {
  return `${label}#${number}`;
}

// Includes the signs that look like a number sign. Any letter may look like a digit.
const mark = /.[#\u266f\u22d5\u2317][\p{N}\p{L}\p{M}]+$/u;
const letter = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;
const time = /^\d{1,2}:\d\d$/;

/**
 * Whether a person with this label gets a mark even if no other label looks like it.
 *
 * A name that ends like a marked label gets one. So the last mark of a label was always added by us, and nobody can
 * choose a name that passes for the label of another person. A name that could pass for something that the screen
 * writes before messages or its own sentences, like `✗` or `12:00`, gets a mark too.
 */
export function needsMark(label: string): boolean {
  const isPlain = /^[a-z]/i.test(label) && /^[ -"$-~]*$/.test(label);
  if (isPlain) return false;
  return !letter.test(label) || time.test(label) || nameKeys(label).some(key => mark.test(key));
}
