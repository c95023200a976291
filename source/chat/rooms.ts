import type {Dialect} from './commands.ts';
import type {User} from './users.ts';
import type {Mode, RoomId, UserId} from './words.ts';

/** A private room. */
export type Room = {
  readonly id: RoomId;
  /** A named room is listed and open to everybody; the others are entered by invitation. */
  readonly name: string | undefined;
  /** Key of that name. */
  readonly key: string | undefined;
  readonly mode: Mode;
  /** They may have left since. */
  readonly founder: User;
  readonly maximumMembers: number;
  /** In the order in which they came. */
  readonly members: ReadonlySet<UserId>;
};

type MutableRoom = Omit<Room, 'members'> & {readonly members: Set<UserId>};

export class Rooms {
  readonly #byId = new Map<RoomId, MutableRoom>();
  readonly #byKey = new Map<string, MutableRoom>();
  readonly #countByDialect = new Map<string, number>();
  #lastId = 0;

  get(id: RoomId | undefined): Room | undefined {
    return id === undefined ? undefined : this.#byId.get(id);
  }

  /** The named room whose name has that key. */
  find(key: string): Room | undefined {
    return this.#byKey.get(key);
  }

  all(): Iterable<Room> {
    return this.#byId.values();
  }

  openedBy({name}: Dialect): number {
    return this.#countByDialect.get(name) ?? 0;
  }

  open({
    founder,
    name,
    key,
    mode,
    maximumMembers,
  }: Pick<Room, 'founder' | 'name' | 'key' | 'mode' | 'maximumMembers'>): Room {
    const room: MutableRoom = {
      id: ++this.#lastId,
      name,
      key,
      mode,
      founder,
      maximumMembers: Math.min(maximumMembers, founder.dialect.maximumRoomMembers),
      members: new Set(),
    };
    this.#byId.set(room.id, room);
    if (key !== undefined) this.#byKey.set(key, room);
    this.#countByDialect.set(founder.dialect.name, this.openedBy(founder.dialect) + 1);
    return room;
  }

  addMember({id}: Room, user: User): void {
    this.#byId.get(id)?.members.add(user.id);
  }

  removeMember({id}: Room, user: User): void {
    this.#byId.get(id)?.members.delete(user.id);
  }

  close({id, key, founder: {dialect}}: Room): void {
    this.#byId.delete(id);
    if (key !== undefined) this.#byKey.delete(key);
    this.#countByDialect.set(dialect.name, this.openedBy(dialect) - 1);
  }
}
