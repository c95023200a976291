import anyAscii from 'any-ascii';
import {foldNickname} from './fold-nickname.ts';
import type {UserId} from './words.ts';

/** Somebody's nickname, and what they are called where it cannot be written or is taken, by dialect. */
export type Named = {
  readonly nickname: string;
  readonly aliases?: ReadonlyMap<string, string>;
};

/** What users of that dialect call them. */
export function nameIn(dialect: string, {nickname, aliases}: Named): string {
  return aliases?.get(dialect) ?? nickname;
}

/** What is left of a name that has nothing to be written. */
const nobodyInParticular = 'user';

const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** What the users of one dialect call everybody: nicknames as they are, or as they can be written there. */
export class Names {
  readonly #isNickname: (text: string) => boolean;
  readonly #byName = new Map<string, UserId>();

  /** @param isNickname What can be written. Of a longer name the beginning can be, too. */
  constructor(isNickname: (text: string) => boolean) {
    this.#isNickname = isNickname;
  }

  find(name: string): UserId | undefined {
    return this.#byName.get(foldNickname(name));
  }

  /** @returns What that user is called until {@link release}. */
  give(user: UserId, nickname: string): string {
    const name = this.#nameFor(nickname);
    this.#byName.set(foldNickname(name), user);
    return name;
  }

  release(name: string): void {
    this.#byName.delete(foldNickname(name));
  }

  #nameFor(nickname: string): string {
    if (this.#isNickname(nickname) && this.find(nickname) === undefined) return nickname;
    const letters = this.#letters(nickname);
    const name = this.#cut(letters, 0);
    if (this.find(name) === undefined) return name;
    for (let digits = 1; ; digits++) {
      const stem = this.#cut(letters, digits);
      const number = this.#firstFree(stem, digits);
      if (number !== undefined) return `${stem}${number}`;
    }
  }

  /** Folded once: a crowd whose names are alike must not cost everybody who arrives a look at each in full. */
  #firstFree(stem: string, digits: number): number | undefined {
    const folded = foldNickname(stem);
    for (let number = Math.max(2, 10 ** (digits - 1)); number < 10 ** digits; number++) {
      if (!this.#byName.has(`${folded}${number}`)) return number;
    }
    return undefined;
  }

  /** The name in pieces that can be written: its own, or what they sound like. */
  #letters(nickname: string): string[] {
    const letters = Array.from(graphemes.segment(nickname.normalize('NFC'))).flatMap(({segment}) =>
      this.#isNickname(segment) ? segment : [...anyAscii(segment)].filter(this.#isNickname),
    );
    const first = letters.findIndex(letter => letter.trim() !== '');
    return first === -1 ? [...nobodyInParticular] : letters.slice(first);
  }

  /** As many letters as there is room for before so many digits. */
  #cut(letters: readonly string[], digits: number): string {
    const ending = '0'.repeat(digits);
    let name = '';
    for (const letter of letters) {
      if (!this.#isNickname(name + letter + ending)) break;
      name += letter;
    }
    return name.trim();
  }
}
