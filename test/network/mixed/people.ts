/** People with names that few protocols can write, and that are alike in some. */
import {cosp} from '../../../source/protocols/cosp/index.ts';
import {messagerie} from '../../../source/protocols/messagerie/index.ts';
import type {Protocol} from '../../../source/protocols/protocol.ts';
import {res302} from '../../../source/protocols/res302/index.ts';
import {shen} from '../../../source/protocols/shen/index.ts';
import {whoiam} from '../../../source/protocols/whoiam/index.ts';

export type Person = {
  readonly nick: string;
  readonly protocol: Protocol;
  /** The nickname in the protocols that cannot write it, as a person would write it. */
  readonly written: Readonly<Record<string, string>>;
};

export const people: readonly Person[] = [
  {nick: 'rosa', protocol: res302, written: {}},
  {nick: 'bob', protocol: res302, written: {}},
  {nick: 'Zoe', protocol: res302, written: {}},
  {nick: '李雷', protocol: messagerie, written: {res302: 'LiLei', shen: 'LiLei'}},
  {
    nick: 'B.o.b',
    protocol: messagerie,
    written: {res302: 'Bob'},
  },
  {nick: 'mia', protocol: messagerie, written: {}},
  {
    nick: 'jean-pierre_dupont',
    protocol: shen,
    written: {res302: 'jeanpierre', messagerie: 'jean-pierr'},
  },
  {
    nick: 'jean-pierre_durand',
    protocol: shen,
    written: {res302: 'jeanpierre', messagerie: 'jean-pierr'},
  },
  {nick: 'LiLei', protocol: shen, written: {}},
  {nick: 'Zoë', protocol: whoiam, written: {res302: 'Zoe', shen: 'Zoe'}},
  {nick: 'walt', protocol: whoiam, written: {}},
  {
    nick: 'Marie Anne Durand',
    protocol: cosp,
    written: {
      res302: 'MarieAnneD',
      messagerie: 'Marie Anne',
      shen: 'MarieAnneDurand',
      whoiam: 'MarieAnneDurand',
    },
  },
  {nick: 'jeanpierre', protocol: cosp, written: {}},
];

/** The longest nickname, in characters: those of the names above that are too long are ASCII. */
const longest: Readonly<Record<string, number>> = {
  res302: 10,
  messagerie: 10,
  shen: 20,
  whoiam: 32,
  cosp: 32,
};

/** The names of everybody who is here in one protocol. */
export class NamesThere {
  readonly #protocol: string;
  readonly #byPerson = new Map<Person, string>();

  constructor(protocol: string) {
    this.#protocol = protocol;
  }

  isTaken(name: string): boolean {
    return [...this.#byPerson.values()].some(other => other.toLowerCase() === name.toLowerCase());
  }

  arrive(person: Person): void {
    const written = person.written[this.#protocol] ?? person.nick;
    let name = written;
    for (let number = 2; this.isTaken(name); number++) {
      name = written.slice(0, (longest[this.#protocol] ?? 0) - `${number}`.length) + number;
    }
    this.#byPerson.set(person, name);
  }

  depart(person: Person): void {
    this.#byPerson.delete(person);
  }

  of(person: Person): string {
    return this.#byPerson.get(person) ?? '';
  }
}
