import {roomKey} from '../names/key.ts';
import type {Chat} from './chat.ts';
import {nameIn} from './naming.ts';
import type {Room} from './rooms.ts';
import type {User} from './users.ts';
import type {UserId} from './words.ts';

/** The chat as the users of one dialect know it: everybody has their name in that dialect. */
export class ChatView {
  readonly #chat: Chat;
  readonly #dialect: string;

  constructor(chat: Chat, dialect: string) {
    this.#chat = chat;
    this.#dialect = dialect;
  }

  /** Number of connected users. */
  get size(): number {
    return this.#chat.size;
  }

  /** Changes whenever a list of users, rooms or members changes. */
  get rosterVersion(): number {
    return this.#chat.rosterVersion;
  }

  /** Everybody, in the order in which they came. */
  users(): Iterable<User> {
    return this.#named(this.#chat.users());
  }

  user(id: UserId): User | undefined {
    const user = this.#chat.user(id);
    return user && this.#asKnown(user);
  }

  /** The user of that name, however it is spelt. */
  find(name: string): User | undefined {
    const user = this.#chat.findIn(this.#dialect, name);
    return user && this.#asKnown(user);
  }

  /** The private room in which that user is. */
  roomOf(id: UserId): Room | undefined {
    return this.#chat.roomOf(id);
  }

  /** The users in the same room, which may be the public one, in the order in which they came. */
  membersOf(id: UserId): Iterable<User> {
    return this.#named(this.#chat.membersOf(id));
  }

  usersIn(room: Room): Iterable<User> {
    return this.#named(this.#chat.usersIn(room));
  }

  rooms(): Iterable<Room> {
    return this.#chat.rooms();
  }

  /** The room's name. A room that began with an invitation has the name of the inviter. */
  nameOf({name, founder}: Room): string {
    return name ?? nameIn(this.#dialect, founder);
  }

  /** The room that the asker means by that name: their own room, or a named one. */
  findRoom(name: string, asker: UserId): Room | undefined {
    const own = this.roomOf(asker);
    const isOwn = own !== undefined && roomKey(this.nameOf(own)) === roomKey(name);
    return isOwn ? own : this.#chat.findRoom(name);
  }

  *#named(users: Iterable<User>): Generator<User> {
    for (const user of users) yield this.#asKnown(user);
  }

  #asKnown(user: User): User {
    const nickname = nameIn(this.#dialect, user);
    return nickname === user.nickname ? user : {...user, nickname};
  }
}
