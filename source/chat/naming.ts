import anyAscii from 'any-ascii';
import {isPresentable} from '../names/admission.ts';
import {nameKeys} from '../names/key.ts';
import type {Chat} from './chat.ts';
import type {Command, Dialect} from './commands.ts';

/** Somebody's nickname, and what they are called where it cannot be written or is taken, by dialect. */
export type Named = {
  readonly nickname: string;
  readonly aliases?: ReadonlyMap<string, string>;
};

/** What users of that dialect call them. */
export function nameIn(dialect: string, {nickname, aliases}: Named): string {
  return aliases?.get(dialect) ?? nickname;
}

/** What somebody is called in each dialect, their own included, with the keys under which nobody else can be. */
export type Naming = Readonly<Record<string, GivenName>>;
export type GivenName = {readonly name: string; readonly keys: readonly string[]};

/**
 * The command by which somebody registers under that nickname, with a name for them in every dialect that is spoken.
 *
 * It is the proposer who chooses the names: the tables of Unicode that this needs may differ between two machines.
 *
 * @returns Undefined if that cannot be a nickname.
 */
export function registration(
  chat: Chat,
  nickname: string,
  {name: own, isNickname}: Dialect,
): Extract<Command, {type: 'connect'}> | undefined {
  if (!isNickname(nickname) || !isPresentable(nickname)) return undefined;
  const names: Record<string, GivenName> = {};
  for (const dialect of chat.dialects.values()) {
    // Under their own nickname or not at all: whether it is free there is for the chat to say.
    names[dialect.name] =
      dialect.name === own
        ? {name: nickname, keys: nameKeys(nickname)}
        : chooseName(nickname, dialect, key => chat.isTaken(dialect.name, key));
  }
  return {type: 'connect', nickname, dialect: own, names};
}

/** What is left of a name that has nothing to be written. */
const nobodyInParticular = 'user';

const graphemes = new Intl.Segmenter('en', {granularity: 'grapheme'});

/** The nickname as it is, or as it can be written in that dialect; with a number from 2 on if that is taken. */
function chooseName(
  nickname: string,
  {isNickname}: Dialect,
  isTaken: (key: string) => boolean,
): GivenName {
  const isFree = ({keys}: GivenName) => !keys.some(isTaken);
  const itself = {name: nickname, keys: nameKeys(nickname)};
  if (isNickname(nickname) && isFree(itself)) return itself;
  const letters = lettersOf(nickname, isNickname);
  const whole = cut(letters, 0, isNickname);
  const shortened = {name: whole, keys: nameKeys(whole)};
  if (isFree(shortened)) return shortened;
  for (let digits = 1; ; digits++) {
    const stem = cut(letters, digits, isNickname);
    // Folded once: a crowd whose names are alike must not cost everybody who arrives a look at each in full.
    const keys = nameKeys(stem);
    for (let number = Math.max(2, 10 ** (digits - 1)); number < 10 ** digits; number++) {
      if (keys.some(key => isTaken(`${key}${number}`))) continue;
      return {name: `${stem}${number}`, keys: keys.map(key => `${key}${number}`)};
    }
  }
}

/** The name in pieces that can be written: its own, or what they sound like. */
function lettersOf(nickname: string, isNickname: Dialect['isNickname']): string[] {
  const letters = Array.from(graphemes.segment(nickname.normalize('NFC'))).flatMap(({segment}) =>
    isNickname(segment) ? segment : [...anyAscii(segment)].filter(isNickname),
  );
  const first = letters.findIndex(letter => letter.trim() !== '');
  return first === -1 ? [...nobodyInParticular] : letters.slice(first);
}

/** As many letters as there is room for before that many digits. */
function cut(
  letters: readonly string[],
  digits: number,
  isNickname: Dialect['isNickname'],
): string {
  const ending = '0'.repeat(digits);
  let name = '';
  for (const letter of letters) {
    if (!isNickname(name + letter + ending)) break;
    name += letter;
  }
  return name.trim();
}
