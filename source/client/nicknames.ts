/**
 * Nicknames in what the user types: reads them, finds the people they mean, and writes them so that they can be read
 * back.
 *
 * A nickname may contain spaces, commas, quotes and anything else. Without quotes it is read if somebody has that
 * name; in quotes it is always read. In quotes a backslash works as in JSON, and `\u{200b}` also gives a character by
 * its number. A name that contains such a number is compared with the exact names from the hub, not with labels.
 */
import {isPresentable} from '../names/admission.ts';
import type {People, Person} from './people.ts';

/** The people among whom a nickname is looked for. */
export type Crowd = {
  readonly people: People;
  isHere(nick: string): boolean;
};

/** The person whom a typed nickname means. */
export type Meant =
  | {readonly is: 'one'; readonly nick: string}
  /** Nobody here has or had that name. It is taken as it was typed, and the hub decides. */
  | {readonly is: 'stranger'; readonly nick: string}
  | {readonly is: 'several'; readonly typed: string; readonly people: readonly Person[]};

export type Read = {
  readonly meant: Meant;
  /** The text behind the nickname, without the spaces between. */
  readonly rest: string;
};

/** In UTF-16 code units. A longer nickname with spaces has to be in quotes. */
const maximumLength = 256;

/**
 * An exact name or a label comes first; then the people whose name is the same by the rule on names, those who are
 * here before those who have left.
 */
export function findPerson(typed: string, crowd: Crowd): Meant {
  return known(typed, crowd) ?? {is: 'stranger', nick: typed};
}

/**
 * The nickname at the beginning of an argument: in quotes, or the longest that is somebody's name, or one word.
 *
 * @param separators Characters that can follow it; spaces always can.
 * @returns undefined if there is nothing to read.
 */
export function readNickname(argument: string, crowd: Crowd, separators = ''): Read | undefined {
  const text = argument.trimStart();
  if (text === '') return undefined;
  return (
    readQuoted(text, crowd, separators) ??
    readLongest(text, crowd, separators) ??
    readWord(text, separators)
  );
}

/** All nicknames of an argument, with spaces or commas between them, and the flags among them. */
export function readNicknames(
  argument: string,
  crowd: Crowd,
  isFlag: (word: string) => boolean,
): {readonly meant: readonly Meant[]; readonly flags: readonly string[]} {
  const meant: Meant[] = [];
  const flags: string[] = [];
  let areFlagsOver = false;
  for (let rest = skipSeparators(argument); rest !== ''; ) {
    const [word = ''] = /^[^\s,]+/.exec(rest) ?? [];
    if (!areFlagsOver && (word === '--' || isFlag(word))) {
      if (word === '--') areFlagsOver = true;
      else flags.push(word);
      rest = skipSeparators(rest.slice(word.length));
      continue;
    }
    const read = readNickname(rest, crowd, ',');
    if (read === undefined) break;
    // A word that begins with a dash and is nobody's name is a misspelt flag.
    const isUnknownFlag = !areFlagsOver && word.startsWith('-') && read.meant.is === 'stranger';
    if (isUnknownFlag) flags.push(word);
    else meant.push(read.meant);
    rest = skipSeparators(read.rest);
  }
  return {meant, flags};
}

/**
 * Writes that person so that {@link readNickname} reads them, whatever follows: by their label if that is possible,
 * and in quotes only if they are needed.
 */
export function writeNickname(nick: string, crowd: Crowd): string {
  const label = crowd.people.labelOf(nick);
  const meansThem = (written: string) => {
    const read = readNickname(`${written} x`, crowd, ',');
    return read?.rest === 'x' && read.meant.is !== 'several' && read.meant.nick === nick;
  };
  const isPlain = !/^["-]|[\s,]/.test(label) && !crowd.people.isFirstWord(label);
  return [...(isPlain ? [label] : []), quoted(label)].find(meansThem) ?? quotedExactly(nick);
}

/** A nickname that the user chooses, with or without quotes. */
export function unquoted(argument: string): string {
  const quote = quoteAtStart(argument);
  return quote?.length === argument.length ? quote.name : argument;
}

/** The beginning of a nickname that is being typed, without the quote that may stand before it. */
export function readQuoteSoFar(typed: string): string {
  return typed.startsWith('"') ? (quoteAtStart(`${typed}"`)?.name ?? typed) : typed;
}

function known(typed: string, crowd: Crowd): Meant | undefined {
  const {people} = crowd;
  const exact = people.get(typed);
  const shown = people.shownAs(typed);
  if (exact === undefined && shown === undefined) return oneOf(people.alike(typed), typed, crowd);
  return oneOf(
    [...new Set([exact, shown])].filter(person => person !== undefined),
    typed,
  );
}

/** @param crowd If given, people who are here come before people who have left. */
function oneOf(people: readonly Person[], typed: string, crowd?: Crowd): Meant | undefined {
  const here = people.filter(({nick}) => crowd?.isHere(nick));
  const [first, ...others] = here.length === 0 ? people : here;
  if (first === undefined) return undefined;
  return others.length === 0
    ? {is: 'one', nick: first.nick}
    : {is: 'several', typed, people: [first, ...others]};
}

type Quote = {readonly name: string; readonly isExact: boolean; readonly length: number};

function quoteAtStart(text: string): Quote | undefined {
  const [whole, inside = ''] = /^"((?:[^"\\]|\\.)*)"/su.exec(text) ?? [];
  if (whole === undefined) return undefined;
  let isExact = false;
  const escaped = /\\(?:u\{([\da-f]{1,6})\}|u([\da-f]{4})|(.))/gisu;
  const name = inside.replaceAll(escaped, (_all, long, short, character) => {
    if (character !== undefined) return controls[character] ?? character;
    isExact = true;
    return characterOf(Number.parseInt(long ?? short, 16));
  });
  return {name, isExact, length: whole.length};
}

const controls: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

function readQuoted(text: string, crowd: Crowd, separators: string): Read | undefined {
  const quote = quoteAtStart(text);
  if (quote === undefined || !isEnd(text, quote.length, separators)) return undefined;
  const {name, isExact, length} = quote;
  const isKnown = crowd.people.get(name) !== undefined;
  const meant: Meant = isExact
    ? {is: isKnown ? 'one' : 'stranger', nick: name}
    : findPerson(name, crowd);
  return {meant, rest: text.slice(length).trimStart()};
}

function readLongest(text: string, crowd: Crowd, separators: string): Read | undefined {
  const isHere = ({meant}: Read) => peopleOf(meant, crowd).some(({nick}) => crowd.isHere(nick));
  const [longest, ...shorter] = knownBeginnings(text, crowd, separators);
  if (longest === undefined || isHere(longest)) return longest;
  // It may mean somebody who has left, or somebody who is here and then the first words of a text.
  const present = shorter.find(isHere);
  if (present === undefined) return longest;
  const [first, ...others] = [longest, present].flatMap(({meant}) => peopleOf(meant, crowd));
  if (first === undefined) return longest;
  const typed = text.slice(0, text.length - longest.rest.length).trimEnd();
  return {...longest, meant: {is: 'several', typed, people: [first, ...others]}};
}

/** The beginnings of a line that are somebody's name, longest first. */
function* knownBeginnings(text: string, crowd: Crowd, separators: string): Generator<Read> {
  const [firstWord = ''] = /^[^\s,]*/.exec(text) ?? [];
  const [line = ''] = text.split('\n', 1);
  const hasSeveralWords = crowd.people.isFirstWord(firstWord);
  const longest = hasSeveralWords
    ? Math.min(maximumLength, line.length)
    : wordEnd(text, separators);
  for (let end = longest; end > 0; end--) {
    if (!isEnd(text, end, separators) || /\s/.test(text.charAt(end - 1))) continue;
    const typed = text.slice(0, end);
    const meant = known(typed, crowd);
    if (meant === undefined || !hasWordsOf(typed, meant, crowd)) continue;
    yield {meant, rest: text.slice(end).trimStart()};
  }
}

function readWord(text: string, separators: string): Read {
  const end = wordEnd(text, separators);
  return {
    meant: {is: 'stranger', nick: text.slice(0, end)},
    rest: text.slice(end).trimStart(),
  };
}

function peopleOf(meant: Meant, {people}: Crowd): readonly Person[] {
  if (meant.is === 'several') return meant.people;
  const person = people.get(meant.nick);
  return person === undefined ? [] : [person];
}

/** The rule on names ignores spaces, but `jo hn is late` is not for john. */
function hasWordsOf(typed: string, meant: Meant, crowd: Crowd): boolean {
  const words = wordsOf(typed);
  const hasAsMany = ({nick, label}: Person) => wordsOf(nick) === words || wordsOf(label) === words;
  return words === 1 || peopleOf(meant, crowd).some(hasAsMany);
}

function wordsOf(text: string): number {
  return text.split(/\s+/).length;
}

function wordEnd(text: string, separators: string): number {
  for (let index = 1; index < text.length; index++)
    if (isEnd(text, index, separators)) return index;
  return text.length;
}

function isEnd(text: string, index: number, separators: string): boolean {
  const next = text.charAt(index);
  return next === '' || /\s/.test(next) || separators.includes(next);
}

function skipSeparators(text: string): string {
  return text.replace(/^[\s,]+/, '');
}

function quoted(name: string): string {
  return `"${name.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** With at least one character by its number, so that it is read as the exact name. */
function quotedExactly(name: string): string {
  const isShown = isPresentable(name) ? /[^"\\]/ : /[ !#-[\]-~]/;
  const [first = '', ...rest] = name;
  const others = rest.map(character => (isShown.test(character) ? character : byNumber(character)));
  return `"${byNumber(first)}${others.join('')}"`;
}

function byNumber(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

function characterOf(code: number): string {
  return code > 0x10_ffff ? '' : String.fromCodePoint(code);
}
