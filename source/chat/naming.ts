import anyAscii from 'any-ascii';
import {isPresentable} from '../names/admission.ts';
import {nameKeys} from '../names/key.ts';
import type {Chat} from './chat.ts';
import type {Command, Dialect} from './commands.ts';

/** A user's nickname, and by dialect another name wherever the nickname cannot be written or is taken. */
export type Named = {
  readonly nickname: string;
  readonly aliases?: ReadonlyMap<string, string>;
};

/** The name of that user in that dialect. */
export function nameIn(dialect: string, {nickname, aliases}: Named): string {
  return aliases?.get(dialect) ?? nickname;
}

/** The names of a user by dialect, their own included, with the keys that nobody else can then have. */
export type Naming = Readonly<Record<string, GivenName>>;
export type GivenName = {readonly name: string; readonly keys: readonly string[]};

/**
 * The command that registers a user under that nickname, with a name in every dialect that is spoken.
 *
 * The proposer chooses the names, because the Unicode tables that this needs may differ between two machines.
 *
 * @returns undefined if that cannot be a nickname.
 */
export function registration(
  chat: Chat,
  nickname: string,
  {name: own, isNickname}: Dialect,
): Extract<Command, {type: 'connect'}> | undefined {
  if (!isNickname(nickname) || !isPresentable(nickname)) return undefined;
  const names: Record<string, GivenName> = {};
  for (const dialect of chat.dialects.values()) {
    // In their own dialect users have their own nickname or none. The chat decides whether it is free.
    names[dialect.name] =
      dialect.name === own
        ? {name: nickname, keys: nameKeys(nickname)}
        : chooseName(nickname, dialect, key => chat.isTaken(dialect.name, key));
  }
  return {type: 'connect', nickname, dialect: own, names};
}

/** The name of a user whose nickname has no character that can be written. */
const nobodyInParticular = 'user';

const graphemes = new Intl.Segmenter('en', {granularity: 'grapheme'});

/** The nickname, or the form of it that the dialect can write; with a number from 2 on if that is taken. */
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
    // Computed once and not for each number: many users with similar names must not make each arrival expensive.
    const keys = nameKeys(stem);
    for (let number = Math.max(2, 10 ** (digits - 1)); number < 10 ** digits; number++) {
      if (keys.some(key => isTaken(`${key}${number}`))) continue;
      return {name: `${stem}${number}`, keys: keys.map(key => `${key}${number}`)};
    }
  }
}

/** The name in pieces that can be written: its own characters, or their transcription. */
function lettersOf(nickname: string, isNickname: Dialect['isNickname']): string[] {
  const letters = Array.from(graphemes.segment(nickname.normalize('NFC'))).flatMap(({segment}) =>
    isNickname(segment) ? segment : [...anyAscii(segment)].filter(isNickname),
  );
  const first = letters.findIndex(letter => letter.trim() !== '');
  return first === -1 ? [...nobodyInParticular] : letters.slice(first);
}

/** As many letters as there is room for before the digits. */
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
