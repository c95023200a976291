import {nameKey, nameKeys} from '../names/key.ts';
import {markedLabel, nameLabel, needsMark} from '../names/label.ts';
import {Dictionary} from './dictionary.ts';

/** Somebody whom the hub has named. */
export type Person = {
  /** The exact string from the hub: it decides who somebody is. */
  readonly nick: string;
  /** What is shown, everywhere. No two people have labels that look alike, and a label never changes. */
  readonly label: string;
  /** The label of somebody else whom the name looks like: why there is a mark. */
  readonly resembles?: string;
};

/** Those whose names have a key in common. */
type Group = {
  /** Of the newest mark in the group; 1 before there is any. */
  readonly number: number;
  readonly eldest: Person;
  /** Newest first. */
  readonly people: Chain;
};
type Chain = {readonly person: Person; readonly others: Chain | undefined};

type Indexes = {
  readonly byNick: Dictionary<Person>;
  /** Of those alone whose label is not their name. */
  readonly byLabel: Dictionary<Person>;
  readonly byKey: Dictionary<Group>;
  /** The keys of the first words of names that have several. */
  readonly firstWords: Dictionary<true>;
};

/**
 * Everybody whom the hub has named, those who have left included: what they wrote is still on the screen. An immutable
 * value. Getting to know one more costs the same however many there are.
 */
export class People {
  static readonly nobody = new People({
    byNick: Dictionary.empty(),
    byLabel: Dictionary.empty(),
    byKey: Dictionary.empty(),
    firstWords: Dictionary.empty(),
  });

  readonly #indexes: Indexes;

  private constructor(indexes: Indexes) {
    this.#indexes = indexes;
  }

  get size(): number {
    return this.#indexes.byNick.size;
  }

  get(nick: string): Person | undefined {
    return this.#indexes.byNick.get(nick);
  }

  /** What is shown of that nickname. */
  labelOf(nick: string): string {
    return this.get(nick)?.label ?? nameLabel(nick);
  }

  /** The person of whom that is shown. */
  shownAs(label: string): Person | undefined {
    const person = this.get(label);
    return person?.label === label ? person : this.#indexes.byLabel.get(label);
  }

  /** Those whose name is the same as that text by the rule on names, newest first. */
  alike(text: string): readonly Person[] {
    const found: Person[] = [];
    let chain = this.#indexes.byKey.get(nameKey(text))?.people;
    for (; chain !== undefined; chain = chain.others) found.push(chain.person);
    return found;
  }

  /** Whether some name has several words, and that one is the first. */
  isFirstWord(word: string): boolean {
    return this.#indexes.firstWords.has(nameKey(word));
  }

  values(): Generator<Person> {
    return this.#indexes.byNick.values();
  }

  /** With those as well. @returns The same value if all were known. */
  with(nicks: readonly string[]): People {
    const unknown = new Set(nicks.filter(nick => this.get(nick) === undefined));
    if (unknown.size === 0) return this;
    const draft = new Draft(this.#indexes);
    // Of several that come at once, a name in ASCII is the one that others imitate.
    for (const isFirst of [true, false]) {
      for (const nick of unknown) if (isAscii(nick) === isFirst) draft.add(nick);
    }
    return new People(draft.finish());
  }

  /** Forgets everybody else. */
  only(isKept: (nick: string) => boolean): People {
    const draft = new Draft(People.nobody.#indexes);
    for (const person of this.values()) {
      if (!isKept(person.nick)) continue;
      const keys = nameKeys(nameLabel(person.nick));
      // The numbers of marks go on from where they were.
      const numbers = keys.map(key => this.#indexes.byKey.get(key)?.number ?? 1);
      draft.put(person, keys, Math.max(...numbers));
    }
    return new People(draft.finish());
  }
}

class Draft {
  readonly #byNick;
  readonly #byLabel;
  readonly #byKey;
  readonly #firstWords;

  constructor({byNick, byLabel, byKey, firstWords}: Indexes) {
    this.#byNick = byNick.draft();
    this.#byLabel = byLabel.draft();
    this.#byKey = byKey.draft();
    this.#firstWords = firstWords.draft();
  }

  /** Somebody who looks like nobody else is shown under their own label, everybody else with a mark. */
  add(nick: string): void {
    const label = nameLabel(nick);
    const keys = nameKeys(label);
    const groups = keys.flatMap(key => this.#byKey.get(key) ?? []);
    const [group] = groups;
    if (group === undefined && !needsMark(label)) {
      this.put({nick, label}, keys, 1);
      return;
    }
    // More than any in a group that it belongs to: nobody else there has the same one.
    const number = Math.max(1, ...groups.map(({number}) => number)) + 1;
    const resembles = group === undefined ? {} : {resembles: group.eldest.label};
    this.put({nick, label: markedLabel(label, number), ...resembles}, keys, number);
  }

  put(person: Person, keys: readonly string[], number: number): void {
    const {nick, label} = person;
    this.#byNick.set(nick, person);
    if (label !== nick) this.#byLabel.set(label, person);
    for (const key of keys) {
      const {eldest = person, people: others} = this.#byKey.get(key) ?? {};
      this.#byKey.set(key, {number, eldest, people: {person, others}});
    }
    for (const name of [nick, label]) {
      const [first = '', ...rest] = name.split(/[\s,]+/, 2);
      if (rest.length > 0) this.#firstWords.set(nameKey(first), true);
    }
  }

  finish(): Indexes {
    return {
      byNick: this.#byNick.finish(),
      byLabel: this.#byLabel.finish(),
      byKey: this.#byKey.finish(),
      firstWords: this.#firstWords.finish(),
    };
  }
}

function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(text);
}
