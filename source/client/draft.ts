/**
 * What a draft is: the one place where that is decided, for what is typed, pasted, recalled, and
 * read by a program. What comes out says where each text goes.
 */
import type {Conversation} from '../protocols/protocol.ts';
import {type ActionCommand, commandFor, type Problem, type TextCommand} from './commands.ts';
import type {State} from './state.ts';

export type Draft = {
  readonly text: string;
  /** The one that it was typed for. */
  readonly conversation: Conversation;
  /**
   * Where lines that were pasted begin, in UTF-16 code units, if their author was asked about them:
   * each line is a message then, and a slash among them is no command.
   */
  readonly pastedAt?: number;
};

/** One message, and who reads it. */
export type Letter = {
  readonly to: Conversation | {readonly nick: string};
  readonly text: string;
};

export type Reading =
  /** Nothing to send: white space. */
  | {readonly kind: 'nothing'}
  /** At least one. `command`: the one that they were written with. */
  | {readonly kind: 'texts'; readonly letters: readonly Letter[]; readonly command?: TextCommand}
  | {
      readonly kind: 'command';
      readonly conversation: Conversation;
      readonly command: ActionCommand;
      readonly argument: string;
    }
  | ({readonly kind: 'refused'} & Problem);

export type Circumstances = {
  readonly state: State;
  /** Of the protocol: whether a text can have several lines. */
  readonly carriesLineFeeds: boolean;
};

/**
 * A draft whose first character is a slash is a command, spaces before it or not; two slashes are a
 * text that begins with one.
 */
export function readDraft(draft: Draft, {state, carriesLineFeeds}: Circumstances): Reading {
  const {text, conversation, pastedAt} = draft;
  if (text.trim() === '') return {kind: 'nothing'};
  const isApart = pastedAt !== undefined || !carriesLineFeeds;
  const split = (whole: string): readonly string[] => {
    // A wire without line feeds has a space for a lone carriage return, too.
    const carried = carriesLineFeeds ? whole : whole.replaceAll(/\r(?!\n)/g, ' ');
    return isApart ? carried.split(/\r?\n/).filter(line => line.trim() !== '') : [carried];
  };

  const slash = typedSlash(draft);
  if (slash === undefined || !isCommand(text)) {
    const said = slash === undefined ? text : text.slice(0, slash) + text.slice(slash + 1);
    const letters = split(said).map(line => ({to: conversation, text: line}));
    return {kind: 'texts', letters};
  }

  const line = text.slice(slash + 1).trimEnd();
  const [, word = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(line) ?? [];
  const command = commandFor(state, word, rest);
  if ('code' in command) return {kind: 'refused', ...command};
  if ('address' in command) {
    const addressed = command.address(state, rest);
    if ('code' in addressed) return {kind: 'refused', ...addressed};
    const {nick, prefix = ''} = addressed;
    const to = nick === undefined ? conversation : {nick};
    const letters = split(addressed.text).map(part => ({to, text: prefix + part}));
    return {kind: 'texts', letters, command};
  }
  if (line.includes('\n')) {
    const message = `Nothing was done or sent: /${command.name} takes one line. Take the others away, or begin with another / to say them all`;
    return {kind: 'refused', code: 'usage', message};
  }
  return {kind: 'command', conversation, command, argument: rest};
}

/** The text of a draft as it would have to be typed to be the same, without any question. */
export function asTyped(draft: Draft): string {
  const {text} = draft;
  const slash = firstSlash(text);
  const isTalk = slash !== undefined && typedSlash(draft) === undefined;
  return isTalk ? `${text.slice(0, slash)}/${text.slice(slash)}` : text;
}

/** Whether a text that is typed is a command, or tries to be one. */
export function isCommand(text: string): boolean {
  const slash = firstSlash(text);
  return slash !== undefined && text[slash + 1] !== '/';
}

/** Whether something that is put in at that offset comes before the command that the text is. */
export function isBeforeCommand(text: string, offset: number): boolean {
  return isCommand(text) && offset <= (firstSlash(text) ?? 0);
}

function typedSlash({text, pastedAt = text.length}: Draft): number | undefined {
  const slash = firstSlash(text);
  return slash !== undefined && slash < pastedAt ? slash : undefined;
}

/**
 * Of a text that begins with one, behind spaces of any kind, tabs, line feeds or a byte order mark:
 * what a keyboard or an editor puts there unseen. Other white space is part of a text.
 */
function firstSlash(text: string): number | undefined {
  const slash = /^[\p{Zs}\t\n\ufeff]*\//u.exec(text)?.[0].length;
  return slash === undefined ? undefined : slash - 1;
}
