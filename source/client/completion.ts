/** What can stand where somebody is typing: names, commands and their arguments, emoji. */
import {roomKey} from '../names/key.ts';
import {withoutProtocol} from './address.ts';
import {type Command, isThere} from './command.ts';
import type {ConversationId} from './conversations.ts';
import type {EmojiNames} from './emoji.ts';
import {topicNames, topicSummaries} from './help-topics.ts';
import {type Crowd, readQuoteSoFar, writeNickname} from './nicknames.ts';
import {historyOf, type State} from './state.ts';

/** What can be completed. */
export type Vocabulary = {
  readonly commands: readonly Command[];
  /** Of the protocol. */
  readonly features: State['features'];
  /** All people who can be named, in the order in which they are offered. */
  readonly nicknames: readonly string[];
  /** Who wrote last, newest first. They are offered before all others. */
  readonly speakers: readonly string[];
  /** Those whose invitations wait for an answer. */
  readonly inviters: readonly string[];
  readonly ignored: readonly string[];
  /** The people among whom a nickname will be looked for. */
  readonly crowd: Crowd;
  /** The labels of the rooms; there may be spaces in them. */
  readonly rooms: readonly string[];
  /** Addresses, the newest first. */
  readonly hubs: readonly string[];
  /** None until they are loaded. */
  readonly emoji: EmojiNames;
};

export type Candidate = {
  /** What stands for it in the list. */
  readonly shown: string;
  /** What it is, beside it. */
  readonly note?: string;
  /** What is put into the draft. There may be thousands of candidates, and only one at a time is written. */
  write(): string;
};

/** The candidates for the end of a text. */
export type Found = {
  /** Where the completed words begin, in UTF-16 code units. */
  readonly start: number;
  readonly candidates: readonly Candidate[];
};

/** @returns undefined if nothing begins with what stands there. @param before The text up to the cursor. */
export function candidatesFor(before: string, vocabulary: Vocabulary): Found | undefined {
  const {command, argument} = commandIn(before, vocabulary.commands);
  const start = before.length - argument.length;
  const finders = [
    () => commandsFor(before, vocabulary),
    () => flagsFor(before, command),
    () => argumentsFor(command, {argument, start}, vocabulary),
    () => nicknamesFor(before, command, start, vocabulary),
    () => emojiFor(before, command, vocabulary),
  ];
  for (const find of finders) {
    const found = find();
    if (found.candidates.length > 0) return found;
  }
  return undefined;
}

/** The name of an emoji that is being typed before the cursor, without its colon. */
export function emojiNameIn({
  text,
  cursor,
}: {
  readonly text: string;
  readonly cursor: number;
}): string | undefined {
  return /(?:^|\s):([\w+-]+)$/.exec(text.slice(0, cursor))?.[1];
}

/**
 * The commands whose name begins so, or one of their other names. Those that the protocol lacks only if there is no other: they
 * then say what does the job.
 */
export function commandsBeginning(
  word: string,
  {commands, features}: Pick<Vocabulary, 'commands' | 'features'>,
): readonly {readonly name: string; readonly command: Command}[] {
  const wanted = word.toLowerCase();
  const named = commands
    .filter(({name}) => name.startsWith(wanted))
    .map(command => ({name: command.name, command}));
  const aliased = commands.flatMap(command =>
    command.aliases.filter(alias => alias.startsWith(wanted)).map(name => ({name, command})),
  );
  const found = wanted === '' ? named.toSorted(commonFirst) : [...named, ...aliased];
  const there = found.filter(({command}) => isThere(command, features));
  return there.length === 0 ? found : there;
}

/** What somebody probably wants who has typed no more than a slash. */
const common = ['help', 'invite', 'link', 'msg', 'me', 'list', 'rooms'];

function commonFirst(one: {readonly name: string}, other: {readonly name: string}): number {
  const rankOf = ({name}: {readonly name: string}) =>
    common.includes(name) ? common.indexOf(name) : common.length;
  return rankOf(one) - rankOf(other);
}

/** The command at the beginning of a line, and the text behind it. */
export function commandIn(
  before: string,
  commands: readonly Command[],
): {readonly command: Command | undefined; readonly argument: string} {
  const [, word = '', argument = ''] = /^\/(?!\/)(\S+)\s+(.*)$/s.exec(before) ?? [];
  const typed = word.toLowerCase();
  const command = commands.find(({name, aliases}) => name === typed || aliases.includes(typed));
  return {command, argument};
}

function commandsFor(before: string, vocabulary: Vocabulary): Found {
  if (!/^\/\S*$/.test(before)) return nothing;
  const candidates = commandsBeginning(before.slice(1), vocabulary).map(({name, command}) => ({
    shown: `/${name} ${command.usage}`.trimEnd(),
    note: command.summary,
    write: () => `/${name} `,
  }));
  return {start: 0, candidates};
}

function flagsFor(before: string, command: Command | undefined): Found {
  const [word = ''] = /(?<=\s)-\S*$/.exec(before) ?? [];
  if (word === '') return nothing;
  const flags = command?.usage.match(/--[a-z]+/g) ?? [];
  return {
    start: before.length - word.length,
    candidates: words(beginningWith(word, flags), flag => `${flag} `),
  };
}

type Typed = {readonly argument: string; readonly start: number};

/** Arguments that are no nicknames of people who are here. */
function argumentsFor(
  command: Command | undefined,
  {argument, start}: Typed,
  vocabulary: Vocabulary,
): Found {
  const {rooms, hubs} = vocabulary;
  switch (command?.argument) {
    case 'room':
      return {start, candidates: words(beginningWith(argument, rooms))};
    case 'hub':
      return {start, candidates: words(hubs.filter(hub => isHub(hub, argument)))};
    case 'topic': {
      const named = commandsBeginning(argument, vocabulary).map(({name, command: {summary}}) => ({
        shown: name,
        note: summary,
        write: () => name,
      }));
      const topics = topicNames
        .filter(name => name.startsWith(argument.toLowerCase()))
        .map(name => ({shown: name, note: topicSummaries[name], write: () => name}));
      return {start, candidates: [...topics, ...named]};
    }
    default:
      return nothing;
  }
}

/** Whether the address, or the host in it, begins so. */
function isHub(address: string, typed: string): boolean {
  const wanted = typed.toLowerCase();
  return address.startsWith(wanted) || withoutProtocol(address).startsWith(wanted);
}

/**
 * Names contain spaces, so this takes the longest end of the text with which a name begins. For a command that wants a
 * nickname, the candidate is written so that the command can read it; in a text it is the label.
 */
function nicknamesFor(
  before: string,
  command: Command | undefined,
  start: number,
  vocabulary: Vocabulary,
): Found {
  const {crowd} = vocabulary;
  const kind = command?.argument ?? 'text';
  if (kind !== 'text' && kind !== 'people' && !isPerson(kind)) return nothing;
  const isList = kind === 'people';
  const candidateFor = (begin: number, sign: string, {nick, label}: Named): Candidate => {
    const isRead = isList || (isPerson(kind) && begin === start);
    // At the beginning of a text the name of the person addressed gets a colon, as in every chat.
    const end = begin === 0 && sign === '' ? ': ' : ' ';
    return {
      shown: label,
      write: () => (isRead ? `${writeNickname(nick, crowd)} ` : `${sign}${label}${end}`),
    };
  };
  for (const begin of wordStarts(before, isList ? /[\s,]/ : /\s/)) {
    if (command !== undefined && begin < start) continue;
    const isRead = isList || (isPerson(kind) && begin === start);
    const sign = !isRead && before[begin] === '@' ? '@' : '';
    const typed = before.slice(begin + sign.length);
    const wanted = roomKey(isRead ? readQuoteSoFar(typed) : typed);
    const found = wanted === '' ? [] : peopleFor(isRead ? kind : 'text', wanted, vocabulary);
    if (found.length === 0) continue;
    return {start: begin, candidates: found.map(one => candidateFor(begin, sign, one))};
  }
  const isNext = isList ? /(?:^|[\s,])$/ : /^$/;
  if (kind === 'text' || !isNext.test(before.slice(start))) return nothing;
  const people = peopleFor(kind, '', vocabulary);
  const end = before.length;
  return {start: end, candidates: people.map(one => candidateFor(end, '', one))};
}

type Named = {readonly nick: string; readonly label: string};

const personKinds = ['person', 'inviter', 'ignored'] as const;

function isPerson(kind: string): boolean {
  return personKinds.some(one => one === kind);
}

/** The people whom that argument can mean and whose label begins so: those who wrote last, then the others. */
function peopleFor(
  kind: string,
  wanted: string,
  {nicknames, inviters, ignored, speakers, crowd}: Vocabulary,
): readonly Named[] {
  const people = kind === 'inviter' ? inviters : kind === 'ignored' ? ignored : nicknames;
  const ranks = new Map(speakers.map((nick, rank) => [nick, rank]));
  const rankOf = ({nick}: Named) => ranks.get(nick) ?? ranks.size;
  const found = people
    .map(nick => ({nick, label: crowd.people.labelOf(nick)}))
    .filter(({label}) => roomKey(label).startsWith(wanted));
  // The others are not sorted again: there may be thousands.
  return [
    ...found.filter(({nick}) => ranks.has(nick)).sort((one, other) => rankOf(one) - rankOf(other)),
    ...found.filter(({nick}) => !ranks.has(nick)),
  ];
}

/** A name between colons is written as the emoji. */
function emojiFor(before: string, command: Command | undefined, {emoji}: Vocabulary): Found {
  const kind = command?.argument ?? 'text';
  const name = emojiNameIn({text: before, cursor: before.length});
  if (name === undefined || (kind !== 'text' && kind !== 'person')) return nothing;
  const wanted = name.toLowerCase();
  const found = emoji.filter(([other]) => other.startsWith(wanted));
  const candidates = found.map(([other, sign]) => ({
    shown: `:${other}:`,
    note: sign,
    write: () => `${sign} `,
  }));
  return {start: before.length - name.length - 1, candidates};
}

const nothing: Found = {start: 0, candidates: []};

function words(found: readonly string[], write = (word: string) => word): readonly Candidate[] {
  return found.map(word => ({shown: word, write: () => write(word)}));
}

/** In UTF-16 code units. A longer end of a text is not tried as the beginning of a name. */
const maximumBeginning = 80;

/** The offsets where words begin, in ascending order. */
function* wordStarts(text: string, separator: RegExp): Generator<number> {
  for (let index = Math.max(0, text.length - maximumBeginning); index < text.length; index++) {
    const isStart = index === 0 || separator.test(text.charAt(index - 1));
    if (isStart && !separator.test(text.charAt(index))) yield index;
  }
}

const inEnglish = new Intl.Collator('en');

function beginningWith(word: string, names: readonly string[]): string[] {
  const wanted = roomKey(word);
  return names.filter(name => roomKey(name).startsWith(wanted)).toSorted(inEnglish.compare);
}

/** Who else wrote last in that conversation, newest first and each once. Only its newest entries are searched. */
export function speakersOf(state: State, id: ConversationId): readonly string[] {
  const speakers = new Set<string>();
  let left = maximumSearched;
  for (const [, entry] of historyOf(state, id).backwards()) {
    if (entry.kind === 'message' && entry.from !== state.nick) speakers.add(entry.from);
    if (--left === 0) break;
  }
  return [...speakers];
}

const maximumSearched = 500;
