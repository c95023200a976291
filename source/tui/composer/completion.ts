import type {Command} from '../../client/commands.ts';
import {type Editor, replaceRange} from './line-editor.ts';

/** Names that can be completed. */
export type Vocabulary = {
  readonly commands: readonly Command[];
  readonly nicknames: readonly string[];
  /** Names of rooms; they may contain spaces. */
  readonly rooms: readonly string[];
};

/** A completion going on: every further Tab shows the next candidate. */
export type Completion = {
  /** Where the completed word begins, in UTF-16 code units. */
  readonly start: number;
  readonly candidates: readonly string[];
  readonly chosen: number;
};

export type Completed = {readonly editor: Editor; readonly completion: Completion};

/** @returns undefined if nothing begins like what is before the cursor. */
export function complete(editor: Editor, vocabulary: Vocabulary): Completed | undefined {
  const before = editor.text.slice(0, editor.cursor);
  const room = roomAtEnd(before, vocabulary.commands);
  const word = room ?? /\S*$/.exec(before)?.[0] ?? '';
  const start = editor.cursor - word.length;
  const candidates =
    room === undefined
      ? candidatesFor(before.slice(0, start), word, vocabulary)
      : beginningWith(room, vocabulary.rooms);
  if (candidates.length === 0) return undefined;
  return choose(editor, {start, candidates, chosen: 0});
}

/** @param by 1 for the next candidate, -1 for the one before. */
export function completeOther(editor: Editor, completion: Completion, by: -1 | 1): Completed {
  const {candidates, chosen} = completion;
  const other = (chosen + by + candidates.length) % candidates.length;
  return choose(editor, {...completion, chosen: other});
}

function choose(editor: Editor, completion: Completion): Completed {
  const {start, candidates, chosen} = completion;
  const edited = replaceRange(editor, start, editor.cursor, candidates[chosen] ?? '');
  return {editor: edited, completion};
}

/** What there is already of a room's name, all of it, behind a command that takes one. */
function roomAtEnd(before: string, commands: readonly Command[]): string | undefined {
  const [, word = '', argument] = /^\/(\S+)\s+(.*)$/.exec(before) ?? [];
  return commandOf(word, commands)?.completes === 'rooms' ? argument : undefined;
}

function commandOf(word: string, commands: readonly Command[]): Command | undefined {
  const typed = word.toLowerCase();
  return commands.find(({name, aliases}) => name === typed || aliases.includes(typed));
}

function candidatesFor(before: string, word: string, vocabulary: Vocabulary): string[] {
  const {commands, nicknames} = vocabulary;
  if (before === '' && word.startsWith('/')) {
    const names = commands.flatMap(({name, aliases}) => [name, ...aliases]);
    return beginningWith(
      word,
      names.map(name => `/${name}`),
    ).map(name => `${name} `);
  }
  if (word.startsWith('-')) {
    const command = commandOf(/^\/(\S+)/.exec(before)?.[1] ?? '', commands);
    return beginningWith(word, command?.usage.match(/--[a-z]+/g) ?? []).map(flag => `${flag} `);
  }
  if (word === '') return [];
  // Who is addressed at the beginning of a text is followed by a colon, as in every chat.
  return beginningWith(word, nicknames).map(nick => (before === '' ? `${nick}: ` : `${nick} `));
}

function beginningWith(word: string, names: readonly string[]): string[] {
  const folded = word.toLowerCase();
  return names
    .filter(name => name.toLowerCase().startsWith(folded))
    .toSorted((one, other) => one.localeCompare(other));
}
