import table from 'unhomoglyph/data.json' with {type: 'json'};

/** By a single character: what it looks like. The package's function makes a pattern of all of them at start. */
const lookAlikes: Readonly<Record<string, string>> = table;

/**
 * The key of a nickname: two nicknames with the same key are one. Keys are only compared, never shown.
 *
 * NFKC, case folded, spaces removed, then look-alikes of other scripts replaced by the characters that they look like
 * (the skeleton of Unicode UTS #39). ASCII letters and digits are not replaced: `user1` and `userl` are two names.
 */
export function nameKey(name: string): string {
  return resolved(withoutSpaces(foldCase(name)));
}

/** The key of a text in which a nickname is looked for: spaces stay. */
export function textKey(text: string): string {
  return resolved(foldCase(text));
}

/**
 * All keys that a nickname takes, that of {@link nameKey} first. If folding has changed how a letter looks, there is a
 * second one for the name as it is seen: a Greek `Νina` is `vina` in small letters, but looks like `nina`. A newcomer's
 * name is free only if none of its keys is taken.
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

/** The key of a room's name. Width, composition and case make no difference; look-alikes and spaces do. */
export function roomKey(name: string): string {
  return foldCase(name);
}

function foldCase(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  // By way of capitals, so that ß becomes ss. A sigma at the end of a word has a small letter of its own.
  return text.normalize('NFKC').toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC');
}

function resolved(folded: string): string {
  // Most names end here. The others are folded again: a look-alike may stand for a capital letter.
  return isAscii(folded) ? folded : foldCase(skeleton(folded));
}

function skeleton(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\P{ASCII}/gu, character => lookAlikes[character] ?? character)
    .normalize('NFD');
}

function withoutSpaces(text: string): string {
  return text.replaceAll(/\p{Zs}/gu, '');
}

function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(text);
}
