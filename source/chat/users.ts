import type {Dialect} from './commands.ts';
import type {RegistrationRefusal} from './refusals.ts';
import type {RoomId, UserId} from './words.ts';

export type User = {
  readonly id: UserId;
  readonly nickname: string;
  readonly dialect: Dialect;
  /** The private room they are in; undefined in the public one. */
  readonly room: RoomId | undefined;
};

type MutableUser = {-readonly [Key in keyof User]: User[Key]};

/** What has to differ between two nicknames: case, width and the composition of accents do not. */
export function foldNickname(nickname: string): string {
  // Upper case last: in lower case a sigma at the end of a word is a letter of its own.
  return nickname.normalize('NFKC').toLowerCase().toUpperCase().normalize('NFKC');
}

/** Who is connected, and in which room. */
export class Users {
  readonly #maximum: number;
  readonly #byId = new Map<UserId, MutableUser>();
  readonly #byName = new Map<string, MutableUser>();
  readonly #inPublic = new Map<UserId, MutableUser>();
  readonly #countByDialect = new Map<string, number>();
  #lastId = 0;
  #version = 0;

  constructor(maximum: number) {
    this.#maximum = maximum;
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
    return this.#byName.get(foldNickname(nickname));
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

  add(nickname: string, dialect: Dialect): User | RegistrationRefusal {
    const name = foldNickname(nickname);
    if (name === '') return 'name-invalid';
    if (this.#byName.has(name)) return 'name-in-use';
    const ofDialect = this.#countByDialect.get(dialect.name) ?? 0;
    if (this.#byId.size >= this.#maximum || ofDialect >= dialect.maximumUsers) return 'hub-full';
    const user: MutableUser = {id: ++this.#lastId, nickname, dialect, room: undefined};
    this.#byId.set(user.id, user);
    this.#byName.set(name, user);
    this.#inPublic.set(user.id, user);
    this.#countByDialect.set(dialect.name, ofDialect + 1);
    this.#version++;
    return user;
  }

  remove({id, nickname, dialect}: User): void {
    this.#byId.delete(id);
    this.#byName.delete(foldNickname(nickname));
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
