import unhomoglyph from 'unhomoglyph';

/**
 * The key of a nickname: two nicknames with the same key are one. Keys only compare, nobody is shown one.
 *
 * NFKC, case folded, spaces removed, then look-alikes of other scripts replaced by what they look like
 * (the skeleton of Unicode UTS #39). Letters and digits of ASCII stay what they are: `user1` and `userl` are two.
 */
export function nameKey(name: string): string {
  return resolved(withoutSpaces(foldCase(name)));
}

/** The key of a text in which a nickname is looked for: spaces stay what they are. */
export function textKey(text: string): string {
  return resolved(foldCase(text));
}

/**
 * All keys that a nickname takes, the one of {@link nameKey} first. The second is that of the name as it is seen, where
 * folding has changed what a letter looks like: a Greek `Νina` is `vina` in small letters, and seen as `nina`. A newcomer
 * is somebody else only if none of their keys is taken.
 */
export function nameKeys(name: string): readonly string[] {
  const key = nameKey(name);
  if (isAscii(name)) return [key];
  const seen = foldCase(skeleton(withoutSpaces(name)));
  return seen === key ? [key] : [key, seen];
}

/** Whether the two are one nickname. */
export function isSameName(one: string, other: string): boolean {
  return one === other || nameKey(one) === nameKey(other);
}

/** The key of a room's name: width, composition and case are no difference; look-alikes and spaces are. */
export function roomKey(name: string): string {
  return foldCase(name);
}

function foldCase(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  // Through capitals, so that ß becomes ss; a sigma at the end of a word has a small letter of its own.
  return text.normalize('NFKC').toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC');
}

function resolved(folded: string): string {
  // Most end here. The others are folded again: a look-alike may stand for a capital letter.
  return isAscii(folded) ? folded : foldCase(skeleton(folded));
}

function skeleton(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\P{ASCII}+/gu, unhomoglyph)
    .normalize('NFD');
}

function withoutSpaces(text: string): string {
  return text.replaceAll(/\p{Zs}/gu, '');
}

function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(text);
}
