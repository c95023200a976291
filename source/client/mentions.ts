import {textKey} from '../names/key.ts';

/**
 * Whether a text names somebody: the whole nickname, compared by the rule on names, and not as a part of another word
 * (`bobx_2`, `bobx-builder`), of an address or of a path.
 */
export function mentions(text: string, nick: string): boolean {
  return !placesOf(keyOf(nick), textKey(text)).next().done;
}

/** A part of a text, in UTF-16 code units. */
export type Place = {readonly start: number; readonly end: number};

/** Where a text names somebody, in order. */
export function mentionsIn(text: string, nick: string): readonly Place[] {
  const keys: string[] = [];
  // The place in the text of each code unit of the key.
  const starts: number[] = [];
  for (const {segment, index} of segmenter.segment(text)) {
    const key = textKey(segment);
    keys.push(key);
    for (let unit = 0; unit < key.length; unit++) starts.push(index);
  }
  return [...placesOf(keyOf(nick), keys.join(''))].map(({start, end}) => ({
    start: starts[start] ?? 0,
    end: starts[end] ?? text.length,
  }));
}

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** The places of a key in a longer one, where it is a whole name. */
function* placesOf(wanted: string, searched: string): Generator<Place, undefined> {
  if (wanted === '') return;
  let start = searched.indexOf(wanted);
  for (; start !== -1; start = searched.indexOf(wanted, start + 1)) {
    const end = start + wanted.length;
    const isWhole = !isJoinedBefore(searched, start) && !isJoinedBehind(searched, end);
    if (isWhole && !isInAddress(searched, start)) yield {start, end};
  }
}

let last = {nick: '', key: ''};

/** Remembered, because every message asks for the same nickname. */
function keyOf(nick: string): string {
  if (last.nick !== nick) last = {nick, key: textKey(nick)};
  return last.key;
}

const joining = /[\p{L}\p{N}\p{M}_\-/\\]/u;
const inWord = /[\p{L}\p{N}\p{M}]/u;

function isJoinedBefore(text: string, index: number): boolean {
  const before = characterBefore(text, index);
  if (/[.@]/.test(before)) return inWord.test(characterBefore(text, index - before.length));
  return joining.test(before);
}

function isJoinedBehind(text: string, index: number): boolean {
  const behind = characterAt(text, index);
  if (/[.@]/.test(behind)) return inWord.test(characterAt(text, index + behind.length));
  return joining.test(behind);
}

/** Whether `https://` or the like stands before it in the same word. */
function isInAddress(text: string, index: number): boolean {
  let start = index;
  while (start > 0 && !/\s/.test(text.charAt(start - 1))) start--;
  return text.slice(start, index).includes('://');
}

function characterAt(text: string, index: number): string {
  const code = text.codePointAt(index);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function characterBefore(text: string, index: number): string {
  const unit = text.charAt(index - 1);
  return /[\udc00-\udfff]/.test(unit) ? text.slice(index - 2, index) : unit;
}
