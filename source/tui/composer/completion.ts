import type {Command} from '../../client/commands.ts';
import {type Crowd, readQuoteSoFar, writeNickname} from '../../client/nicknames.ts';
import {roomKey} from '../../names/key.ts';
import {type Editor, replaceRange} from './line-editor.ts';

/** Names that can be completed. */
export type Vocabulary = {
  readonly commands: readonly Command[];
  /** Of all people who can be named. */
  readonly nicknames: readonly string[];
  /** The people among whom a nickname will be looked for. */
  readonly crowd: Crowd;
  /** The labels of the rooms; there may be spaces in them. */
  readonly rooms: readonly string[];
};

/** A completion that is under way: every further Tab shows the next candidate. */
export type Completion = {
  /** Where the completed words begin, in UTF-16 code units. */
  readonly start: number;
  /** Functions that write each one: there may be thousands, and only one at a time is shown. */
  readonly candidates: ReadonlyArray<() => string>;
  readonly chosen: number;
};

export type Completed = {readonly editor: Editor; readonly completion: Completion};

/** The candidates for what stands before the cursor, and where that begins. */
type Found = Pick<Completion, 'start' | 'candidates'>;

/** @returns undefined if no name begins with what stands before the cursor. */
export function complete(editor: Editor, vocabulary: Vocabulary): Completed | undefined {
  const before = editor.text.slice(0, editor.cursor);
  const found = [commandsFor, roomsFor, flagsFor, nicknamesFor]
    .map(find => find(before, vocabulary))
    .find(({candidates}) => candidates.length > 0);
  return found && choose(editor, {...found, chosen: 0});
}

/** @param by 1 for the next candidate, -1 for the one before. */
export function completeOther(editor: Editor, completion: Completion, by: -1 | 1): Completed {
  const {candidates, chosen} = completion;
  const other = (chosen + by + candidates.length) % candidates.length;
  return choose(editor, {...completion, chosen: other});
}

function choose(editor: Editor, completion: Completion): Completed {
  const {start, candidates, chosen} = completion;
  const edited = replaceRange(editor, start, editor.cursor, candidates[chosen]?.() ?? '');
  return {editor: edited, completion};
}

function commandsFor(before: string, {commands}: Vocabulary): Found {
  if (!/^\/\S*$/.test(before)) return nothing;
  const names = commands.flatMap(({name, aliases}) => [name, ...aliases]);
  const found = beginningWith(
    before,
    names.map(name => `/${name}`),
  );
  return {start: 0, candidates: found.map(name => () => `${name} `)};
}

/** Everything behind a command that takes a room is the beginning of that room's name. */
function roomsFor(before: string, {commands, rooms}: Vocabulary): Found {
  const {command, argument} = commandIn(before, commands);
  if (command?.completes !== 'rooms') return nothing;
  return {
    start: before.length - argument.length,
    candidates: beginningWith(argument, rooms).map(room => () => room),
  };
}

function flagsFor(before: string, {commands}: Vocabulary): Found {
  const [word = ''] = /(?<=\s)-\S*$/.exec(before) ?? [];
  if (word === '') return nothing;
  const flags = commandIn(before, commands).command?.usage.match(/--[a-z]+/g) ?? [];
  const candidates = beginningWith(word, flags).map(flag => () => `${flag} `);
  return {start: before.length - word.length, candidates};
}

/**
 * Names contain spaces, so this takes the longest end of the text with which a name begins. For a command that wants a
 * nickname, the candidate is written so that the command can read it; in a text it is the label.
 */
function nicknamesFor(before: string, vocabulary: Vocabulary): Found {
  const {commands, nicknames, crowd} = vocabulary;
  const {command, argument} = commandIn(before, commands);
  const start = before.length - argument.length;
  const isList = command?.usage.startsWith('NICK…') ?? false;
  const isNickname = /^\[?NICK/.test(command?.usage ?? '');
  const people = nicknames
    .map(nick => ({nick, label: crowd.people.labelOf(nick)}))
    .map(person => ({...person, key: roomKey(person.label)}))
    .sort((one, other) => inEnglish.compare(one.label, other.label));
  for (const begin of wordStarts(before, isList ? /[\s,]/ : /\s/)) {
    const isRead = isNickname && (isList || begin === start);
    const typed = before.slice(begin);
    const wanted = roomKey(isRead ? readQuoteSoFar(typed) : typed);
    const found = wanted === '' ? [] : people.filter(({key}) => key.startsWith(wanted));
    if (found.length === 0) continue;
    // At the beginning of a text the name of the person addressed gets a colon, as in every chat.
    const end = begin === 0 ? ': ' : ' ';
    const candidates = found.map(
      ({nick, label}) =>
        () =>
          isRead ? `${writeNickname(nick, crowd)} ` : `${label}${end}`,
    );
    return {start: begin, candidates};
  }
  return nothing;
}

const nothing: Found = {start: 0, candidates: []};

/** In UTF-16 code units. A longer end of a text is not tried as the beginning of a name. */
const maximumBeginning = 80;

/** The offsets where words begin, in ascending order. */
function* wordStarts(text: string, separator: RegExp): Generator<number> {
  for (let index = Math.max(0, text.length - maximumBeginning); index < text.length; index++) {
    const isStart = index === 0 || separator.test(text.charAt(index - 1));
    if (isStart && !separator.test(text.charAt(index))) yield index;
  }
}

/** The command at the beginning of a line, and the text behind it. */
function commandIn(
  before: string,
  commands: readonly Command[],
): {readonly command: Command | undefined; readonly argument: string} {
  const [, word = '', argument = ''] = /^\/(?!\/)(\S+)\s+(.*)$/s.exec(before) ?? [];
  const typed = word.toLowerCase();
  const command = commands.find(({name, aliases}) => name === typed || aliases.includes(typed));
  return {command, argument};
}

const inEnglish = new Intl.Collator('en');

function beginningWith(word: string, names: readonly string[]): string[] {
  const wanted = roomKey(word);
  return names.filter(name => roomKey(name).startsWith(wanted)).toSorted(inEnglish.compare);
}
