/**
 * Decides what a draft is: a text, a command with a text, or a command. It is the one place for drafts that are
 * typed, pasted, recalled or written by a program. The result says where each text goes.
 */
import type {Conversation, Protocol} from '../protocols/protocol.ts';
import {splitText} from '../protocols/split-text.ts';
import type {ActionCommand, TextCommand} from './command.ts';
import {commands} from './commands.ts';
import {type ConversationId, type DirectId, directId, isDirect, personOf} from './conversations.ts';
import {commandFor} from './find-commands.ts';
import type {Problem} from './requests.ts';
import type {State} from './state.ts';

export type Draft = {
  readonly text: string;
  /** The conversation that it was typed for. */
  readonly conversation: ConversationId;
  /**
   * Where pasted lines begin, in UTF-16 code units, if their author was asked about them. Then each line is a
   * message, and a slash at the beginning of one is no command.
   */
  readonly pastedAt?: number;
  /** A text that is too long for one message is cut into several, at words. */
  readonly isInParts?: true;
};

/** One message, and where it goes. */
export type Letter = {
  readonly to: Conversation | {readonly nick: string};
  readonly text: string;
};

export type Reading =
  /** White space only: nothing to send. */
  | {readonly kind: 'nothing'}
  | {
      readonly kind: 'texts';
      /** At least one. */
      readonly letters: readonly Letter[];
      /** With which they were written. */
      readonly command?: TextCommand;
      /** What is typed next is for that conversation. */
      readonly turnsTo?: DirectId;
    }
  /** What is typed next is for that person: `/query bob`. */
  | {readonly kind: 'turn'; readonly to: DirectId; readonly command: TextCommand}
  | {
      readonly kind: 'command';
      readonly conversation: ConversationId;
      readonly command: ActionCommand;
      readonly argument: string;
    }
  | ({readonly kind: 'refused'} & Problem);

/** What one text of the protocol can be. */
export type TextRules = Pick<Protocol, 'maximumTextBytes' | 'carriesLineFeeds'>;

export type Circumstances = TextRules & {readonly state: State};

/**
 * A draft that begins with a slash, or with spaces and a slash, is a command. Two slashes make a text that begins
 * with one slash.
 */
export function readDraft(
  draft: Draft,
  {state, carriesLineFeeds, maximumTextBytes}: Circumstances,
): Reading {
  const {text, conversation, pastedAt, isInParts} = draft;
  if (text.trim() === '') return {kind: 'nothing'};
  const isApart = pastedAt !== undefined || !carriesLineFeeds;
  /** The texts of the messages, each with that prefix. */
  const split = (whole: string, prefix = ''): readonly string[] => {
    // Without line feeds on the wire, a lone carriage return becomes a space as well.
    const carried = carriesLineFeeds ? whole : whole.replaceAll(/\r(?!\n)/g, ' ');
    const lines = isApart ? carried.split(/\r?\n/).filter(line => line.trim() !== '') : [carried];
    const room = maximumTextBytes - Buffer.byteLength(prefix);
    const parts = isInParts && room > 0 ? lines.flatMap(line => partsOf(line, room)) : lines;
    return parts.map(part => prefix + part);
  };

  const slash = typedSlash(draft);
  if (slash === undefined || !isCommand(text)) {
    const said = slash === undefined ? text : text.slice(0, slash) + text.slice(slash + 1);
    const letters = split(said).map(line => ({to: readersIn(conversation), text: line}));
    return {kind: 'texts', letters};
  }

  const line = text.slice(slash + 1).trimEnd();
  const [, word = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(line) ?? [];
  const command = commandFor(commands, state, word, rest);
  if ('code' in command) return {kind: 'refused', ...command};
  if ('address' in command) {
    const addressed = command.address(state, rest);
    if ('code' in addressed) return {kind: 'refused', ...addressed};
    const {nick, prefix = ''} = addressed;
    if (nick !== undefined && addressed.text === '') {
      return {kind: 'turn', to: directId(nick), command};
    }
    const to = nick === undefined ? readersIn(conversation) : {nick};
    const letters = split(addressed.text, prefix).map(part => ({to, text: part}));
    const turns = command.turns && nick !== undefined ? {turnsTo: directId(nick)} : {};
    return {kind: 'texts', letters, command, ...turns};
  }
  if (line.includes('\n')) {
    const message = `Nothing was done or sent: /${command.name} takes one line. Take the others away, or begin with another / to say them all`;
    return {kind: 'refused', code: 'usage', message};
  }
  return {kind: 'command', conversation, command, argument: rest};
}

function readersIn(conversation: ConversationId): Letter['to'] {
  return isDirect(conversation) ? {nick: personOf(conversation)} : conversation;
}

/** The text that gives the same draft when it is typed, without a question about pasted lines. */
export function asTyped(draft: Draft): string {
  const {text} = draft;
  const slash = firstSlash(text);
  const isTalk = slash !== undefined && typedSlash(draft) === undefined;
  return isTalk ? `${text.slice(0, slash)}/${text.slice(slash)}` : text;
}

/** The number of bytes of the longest of these texts. */
export function longestOf(letters: readonly Letter[]): number {
  return letters.reduce((most, {text}) => Math.max(most, Buffer.byteLength(text)), 0);
}

/** Whether a typed text is a command, or the attempt at one. */
export function isCommand(text: string): boolean {
  const slash = firstSlash(text);
  return slash !== undefined && text[slash + 1] !== '/';
}

/** Whether something inserted at that offset would stand before the slash of a command. */
export function isBeforeCommand(text: string, offset: number): boolean {
  return isCommand(text) && offset <= (firstSlash(text) ?? 0);
}

function typedSlash({text, pastedAt = text.length}: Draft): number | undefined {
  const slash = firstSlash(text);
  return slash !== undefined && slash < pastedAt ? slash : undefined;
}

/**
 * The offset of a slash that begins a text. Before it may be spaces of any kind, tabs, line feeds or a byte order
 * mark: a keyboard or an editor puts those there unseen. Other white space is part of a text.
 */
function firstSlash(text: string): number | undefined {
  const slash = /^[\p{Zs}\t\n\ufeff]*\//u.exec(text)?.[0].length;
  return slash === undefined ? undefined : slash - 1;
}

/** A text that fits is one part, as it is. Otherwise the white space where it is cut is left out. */
function partsOf(text: string, maximumBytes: number): readonly string[] {
  const [whole = '', ...others] = splitText(text, maximumBytes);
  if (others.length === 0) return [whole];
  return [whole, ...others].map(part => part.trim()).filter(part => part !== '');
}
