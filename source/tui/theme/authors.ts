import {Dictionary} from '../../client/dictionary.ts';
import type {PresentUser, State} from '../../client/state.ts';
import type {Style} from './palettes.ts';

/** The colours of this many people who left last are given to somebody else only if there is no other. */
const maximumLately = 12;
/** At least this many people who have left are remembered, with their colours. */
const maximumPast = 5000;

/**
 * The colours of names. Your own name has the first colour, and nobody else gets that one. Everybody else gets the colour that
 * the hash of the name points to, or the next one that nobody here has, and keeps it while they are here. An arrival costs
 * the same however many people are here.
 */
export class Authors {
  readonly #styles: readonly Style[];
  /** Index of the colour, by nickname. */
  readonly #numbers = new Map<string, number>();
  /** How many people have a colour, by its index: of those who are here, and of those who left lately. */
  readonly #here: number[];
  readonly #lately: number[];
  /** Those who left lately, in the order in which they left. */
  readonly #left = new Set<string>();
  #own = '';
  #users: Dictionary<PresentUser> = Dictionary.empty();

  constructor(styles: readonly Style[]) {
    this.#styles = styles;
    this.#here = styles.map(() => 0);
    this.#lately = styles.map(() => 0);
  }

  /** Gives colours to those who have arrived since the last call, and takes note of those who have left. */
  follow({users, nick}: Pick<State, 'users' | 'nick'>): void {
    this.#own = nick;
    if (users === this.#users) return;
    const former = this.#users;
    this.#users = users;
    const {added, removed} = users.differences(former);
    for (const user of removed) if (!users.has(user.nick)) this.#depart(user.nick);
    for (const user of added) if (!former.has(user.nick)) this.#arrive(user.nick);
    this.#forget();
  }

  styleOf(nick: string): Style {
    if (nick === this.#own) return this.#styles[0] ?? {};
    const known = this.#numbers.get(nick);
    if (known !== undefined) return this.#styles[known] ?? {};
    // They are not in the list of users, but have written something or are invited.
    const number = this.#choose(nick);
    this.#numbers.set(nick, number);
    this.#remember(nick, number);
    return this.#styles[number] ?? {};
  }

  #arrive(nick: string): void {
    if (nick === this.#own) return;
    if (this.#left.delete(nick)) this.#count(this.#lately, nick, -1);
    const former = this.#numbers.get(nick);
    const isFree = former !== undefined && this.#here[former] === 0;
    this.#numbers.set(nick, isFree ? former : this.#choose(nick));
    this.#count(this.#here, nick, 1);
  }

  #depart(nick: string): void {
    const number = this.#numbers.get(nick);
    if (number === undefined) return;
    this.#count(this.#here, nick, -1);
    this.#remember(nick, number);
  }

  #remember(nick: string, number: number): void {
    this.#left.add(nick);
    this.#lately[number] = (this.#lately[number] ?? 0) + 1;
    const [eldest] = this.#left;
    if (this.#left.size <= maximumLately || eldest === undefined) return;
    this.#left.delete(eldest);
    this.#count(this.#lately, eldest, -1);
  }

  #count(counts: number[], nick: string, by: 1 | -1): void {
    const number = this.#numbers.get(nick);
    if (number !== undefined) counts[number] = (counts[number] ?? 0) + by;
  }

  /** Searches from the colour of the hash on, for the one that the fewest people have. */
  #choose(nick: string): number {
    const others = this.#styles.length - 1;
    if (others < 1) return 0;
    const first = hashOf(nick) % others;
    let best = 1 + first;
    for (let step = 1; step < others; step++) {
      const number = 1 + ((first + step) % others);
      if (this.#usesOf(number) < this.#usesOf(best)) best = number;
    }
    return best;
  }

  /** One person who is here counts more than all who left lately. */
  #usesOf(number: number): number {
    return (this.#here[number] ?? 0) * (maximumLately + 1) + (this.#lately[number] ?? 0);
  }

  #forget(): void {
    if (this.#numbers.size <= 2 * this.#users.size + maximumPast) return;
    for (const nick of this.#numbers.keys()) {
      if (!this.#users.has(nick) && !this.#left.has(nick)) this.#numbers.delete(nick);
    }
  }
}

/** FNV-1a. */
function hashOf(nick: string): number {
  let hash = 0x81_1c_9d_c5;
  for (const byte of new TextEncoder().encode(nick)) {
    hash = Math.imul(hash ^ byte, 0x01_00_01_93);
  }
  return hash >>> 0;
}
