import {nameKey, nameKeys} from '../names/key.ts';
import {markedLabel, nameLabel, needsMark} from '../names/label.ts';
import {Dictionary} from './dictionary.ts';

/** Somebody whom the hub has named. */
export type Person = {
  /** The exact string from the hub: this is the identity. */
  readonly nick: string;
  /** Shown everywhere. No two people have labels that look alike, and a label never changes. */
  readonly label: string;
  /** The label of somebody else whose name looks like this one: the reason for the mark. */
  readonly resembles?: string;
};

/** People whose names have a key in common. */
type Group = {
  /** Number of the newest mark in the group; 1 before there is any. */
  readonly number: number;
  readonly eldest: Person;
  /** Newest first. */
  readonly people: Chain;
};
type Chain = {readonly person: Person; readonly others: Chain | undefined};

type Indexes = {
  readonly byNick: Dictionary<Person>;
  /** Only the people whose label is not their name. */
  readonly byLabel: Dictionary<Person>;
  readonly byKey: Dictionary<Group>;
  /** The keys of the first words of names with several words. */
  readonly firstWords: Dictionary<true>;
};

/**
 * Everybody whom the hub has named. People who have left are included, because their messages are still on the
 * screen. An immutable value. Adding a person costs the same however many there are.
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

  /** The label of that nickname. */
  labelOf(nick: string): string {
    return this.get(nick)?.label ?? nameLabel(nick);
  }

  /** The person with that label. */
  shownAs(label: string): Person | undefined {
    const person = this.get(label);
    return person?.label === label ? person : this.#indexes.byLabel.get(label);
  }

  /** The people whose name equals that text by the rule on names, newest first. */
  alike(text: string): readonly Person[] {
    const found: Person[] = [];
    let chain = this.#indexes.byKey.get(nameKey(text))?.people;
    for (; chain !== undefined; chain = chain.others) found.push(chain.person);
    return found;
  }

  /** Whether the word is the first of a name with several words. */
  isFirstWord(word: string): boolean {
    return this.#indexes.firstWords.has(nameKey(word));
  }

  values(): Generator<Person> {
    return this.#indexes.byNick.values();
  }

  /** Adds the people of those names. @returns The same value if all were known. */
  with(nicks: readonly string[]): People {
    const unknown = new Set(nicks.filter(nick => this.get(nick) === undefined));
    if (unknown.size === 0) return this;
    const draft = new Draft(this.#indexes);
    // If several come at once, ASCII names come first: they are the ones that others imitate.
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
      // The numbers of marks continue.
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

  /** A person whose name looks like nobody else's keeps it as the label; everybody else gets a mark. */
  add(nick: string): void {
    const label = nameLabel(nick);
    const keys = nameKeys(label);
    const groups = keys.flatMap(key => this.#byKey.get(key) ?? []);
    const [group] = groups;
    if (group === undefined && !needsMark(label)) {
      this.put({nick, label}, keys, 1);
      return;
    }
    // Larger than every number in its groups, so that nobody else there has the same.
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
