import type {Dialect} from './commands.ts';
import {foldNickname} from './fold-nickname.ts';
import type {User} from './users.ts';
import type {Mode, RoomId, UserId} from './words.ts';

/** A private room. */
export type Room = {
  readonly id: RoomId;
  /** A named room is listed and open to everybody; the others are entered by invitation. */
  readonly name: string | undefined;
  readonly mode: Mode;
  /** Whether or not they are still there. */
  readonly founder: User;
  readonly maximumMembers: number;
  /** In the order in which they came. */
  readonly members: ReadonlySet<UserId>;
};

type MutableRoom = Omit<Room, 'members'> & {readonly members: Set<UserId>};

export class Rooms {
  readonly #byId = new Map<RoomId, MutableRoom>();
  readonly #byName = new Map<string, MutableRoom>();
  readonly #countByDialect = new Map<string, number>();
  #lastId = 0;

  get(id: RoomId | undefined): Room | undefined {
    return id === undefined ? undefined : this.#byId.get(id);
  }

  find(name: string): Room | undefined {
    return this.#byName.get(foldNickname(name));
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
    mode,
    maximumMembers,
  }: {
    readonly founder: User;
    readonly name: string | undefined;
    readonly mode: Mode;
    readonly maximumMembers: number;
  }): Room {
    const room: MutableRoom = {
      id: ++this.#lastId,
      name,
      mode,
      founder,
      maximumMembers: Math.min(maximumMembers, founder.dialect.maximumRoomMembers),
      members: new Set(),
    };
    this.#byId.set(room.id, room);
    if (name !== undefined) this.#byName.set(foldNickname(name), room);
    this.#countByDialect.set(founder.dialect.name, this.openedBy(founder.dialect) + 1);
    return room;
  }

  addMember({id}: Room, user: User): void {
    this.#byId.get(id)?.members.add(user.id);
  }

  removeMember({id}: Room, user: User): void {
    this.#byId.get(id)?.members.delete(user.id);
  }

  close({id, name, founder: {dialect}}: Room): void {
    this.#byId.delete(id);
    if (name !== undefined) this.#byName.delete(foldNickname(name));
    this.#countByDialect.set(dialect.name, this.openedBy(dialect) - 1);
  }
}
