import {nameKey} from '../names/key.ts';
import type {Command, Dialect} from './commands.ts';
import type {Named, Naming} from './naming.ts';
import type {RegistrationRefusal} from './refusals.ts';
import type {RoomId, UserId} from './words.ts';

export type User = Named & {
  readonly id: UserId;
  readonly dialect: Dialect;
  /** The private room in which they are; undefined in the public one. */
  readonly room: RoomId | undefined;
};

type MutableUser = {-readonly [Key in keyof User]: User[Key]} & {readonly names: Naming};

/** The connected users, and their rooms. */
export class Users {
  readonly #maximum: number;
  readonly #byId = new Map<UserId, MutableUser>();
  /** By each key of their nickname. */
  readonly #byKey = new Map<string, MutableUser>();
  readonly dialects: ReadonlyMap<string, Dialect>;
  /** By dialect, and by each key of their name in it. */
  readonly #byName: ReadonlyMap<string, Map<string, MutableUser>>;
  readonly #inPublic = new Map<UserId, MutableUser>();
  readonly #countByDialect = new Map<string, number>();
  #lastId = 0;
  #version = 0;

  constructor(maximum: number, dialects: Iterable<Dialect>) {
    this.#maximum = maximum;
    this.dialects = new Map(Array.from(dialects, dialect => [dialect.name, dialect]));
    this.#byName = new Map(Array.from(this.dialects.keys(), name => [name, new Map()]));
  }

  get size(): number {
    return this.#byId.size;
  }

  /** Goes up by one with every arrival, departure and move. */
  get version(): number {
    return this.#version;
  }

  get(id: UserId): User | undefined {
    return this.#byId.get(id);
  }

  find(nickname: string): User | undefined {
    return this.#byKey.get(nameKey(nickname));
  }

  findIn(dialect: string, name: string): User | undefined {
    return this.#byName.get(dialect)?.get(nameKey(name));
  }

  isTaken(dialect: string, key: string): boolean {
    return this.#byName.get(dialect)?.has(key) ?? false;
  }

  all(): Iterable<User> {
    return this.#byId.values();
  }

  inPublic(): Iterable<User> {
    return this.#inPublic.values();
  }

  *each(ids: Iterable<UserId>): Generator<User> {
    for (const id of ids) {
      const user = this.#byId.get(id);
      if (user !== undefined) yield user;
    }
  }

  /** @throws RangeError if the chat was created without that dialect: a mistake of ours. */
  add({
    nickname,
    dialect: name,
    names,
  }: Extract<Command, {type: 'connect'}>): User | RegistrationRefusal {
    const dialect = this.dialects.get(name);
    if (dialect === undefined) throw new RangeError(`nobody speaks ${name} here`);
    const keys = names[name]?.keys ?? [];
    // An alias of somebody else is in use as well, in the dialect where it is read.
    if (keys.some(key => this.#byKey.has(key) || this.isTaken(name, key))) return 'name-in-use';
    const ofDialect = this.#countByDialect.get(name) ?? 0;
    if (this.#byId.size >= this.#maximum || ofDialect >= dialect.maximumUsers) return 'hub-full';
    const id = ++this.#lastId;
    const user = {id, ...named(nickname, names), names, dialect, room: undefined};
    this.#byId.set(id, user);
    for (const key of keys) this.#byKey.set(key, user);
    for (const [place, byName] of this.#byName) {
      for (const key of names[place]?.keys ?? []) byName.set(key, user);
    }
    this.#inPublic.set(id, user);
    this.#countByDialect.set(name, ofDialect + 1);
    this.#version++;
    return user;
  }

  remove({id}: User): void {
    const user = this.#byId.get(id);
    if (user === undefined) return;
    const {dialect, names} = user;
    this.#byId.delete(id);
    for (const key of names[dialect.name]?.keys ?? []) this.#byKey.delete(key);
    for (const [place, byName] of this.#byName) {
      for (const key of names[place]?.keys ?? []) byName.delete(key);
    }
    this.#inPublic.delete(id);
    this.#countByDialect.set(dialect.name, (this.#countByDialect.get(dialect.name) ?? 0) - 1);
    this.#version++;
  }

  move({id}: User, room: RoomId | undefined): void {
    const user = this.#byId.get(id);
    if (user === undefined) return;
    user.room = room;
    if (room === undefined) this.#inPublic.set(id, user);
    else this.#inPublic.delete(id);
    this.#version++;
  }
}

function named(nickname: string, names: Naming): Named {
  const aliases = new Map<string, string>();
  for (const [dialect, {name}] of Object.entries(names)) {
    if (name !== nickname) aliases.set(dialect, name);
  }
  return aliases.size === 0 ? {nickname} : {nickname, aliases};
}
