import type {Dialect} from './commands.ts';
import {foldNickname} from './fold-nickname.ts';
import {type Named, Names, nameIn} from './names.ts';
import type {RegistrationRefusal} from './refusals.ts';
import type {RoomId, UserId} from './words.ts';

export type User = Named & {
  readonly id: UserId;
  readonly dialect: Dialect;
  /** The private room they are in; undefined in the public one. */
  readonly room: RoomId | undefined;
};

type MutableUser = {-readonly [Key in keyof User]: User[Key]};

/** Who is connected, and in which room. */
export class Users {
  readonly #maximum: number;
  readonly #byId = new Map<UserId, MutableUser>();
  readonly #byNickname = new Map<string, MutableUser>();
  /** By dialect. */
  readonly #names: ReadonlyMap<string, Names>;
  readonly #inPublic = new Map<UserId, MutableUser>();
  readonly #countByDialect = new Map<string, number>();
  #lastId = 0;
  #version = 0;

  constructor(maximum: number, dialects: Iterable<Dialect>) {
    this.#maximum = maximum;
    this.#names = new Map(
      Array.from(dialects, ({name, isNickname}) => [name, new Names(isNickname)]),
    );
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
    return this.#byNickname.get(foldNickname(nickname));
  }

  /** Whom users of that dialect call so. */
  findIn(dialect: string, name: string): User | undefined {
    return this.#byId.get(this.#names.get(dialect)?.find(name) ?? 0);
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

  /** @throws RangeError if the dialect is none of those that the chat was made for: a mistake of ours. */
  add(nickname: string, dialect: Dialect): User | RegistrationRefusal {
    const own = this.#names.get(dialect.name);
    if (own === undefined) throw new RangeError(`nobody speaks ${dialect.name} here`);
    if (!dialect.isNickname(nickname)) return 'name-invalid';
    const folded = foldNickname(nickname);
    if (folded === '') return 'name-invalid';
    // An alias of somebody else's is in use where it is read.
    if (this.#byNickname.has(folded) || own.find(nickname) !== undefined) return 'name-in-use';
    const ofDialect = this.#countByDialect.get(dialect.name) ?? 0;
    if (this.#byId.size >= this.#maximum || ofDialect >= dialect.maximumUsers) return 'hub-full';
    const id = ++this.#lastId;
    const user: MutableUser = {id, ...this.#named(id, nickname), dialect, room: undefined};
    this.#byId.set(id, user);
    this.#byNickname.set(folded, user);
    this.#inPublic.set(id, user);
    this.#countByDialect.set(dialect.name, ofDialect + 1);
    this.#version++;
    return user;
  }

  remove(user: User): void {
    const {id, nickname, dialect} = user;
    this.#byId.delete(id);
    this.#byNickname.delete(foldNickname(nickname));
    for (const [name, names] of this.#names) names.release(nameIn(name, user));
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

  /** Given a name in every dialect, whoever is there to read it. */
  #named(id: UserId, nickname: string): Named {
    const aliases = new Map<string, string>();
    for (const [dialect, names] of this.#names) {
      const name = names.give(id, nickname);
      if (name !== nickname) aliases.set(dialect, name);
    }
    return aliases.size === 0 ? {nickname} : {nickname, aliases};
  }
}
