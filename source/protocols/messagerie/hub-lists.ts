import type {User} from '../../chat/users.ts';
import {RosterCache} from '../datagrams/roster-cache.ts';
import type {HubHost} from '../protocol.ts';
import {header} from './hub-messages.ts';
import {encode} from './wire.ts';

/** Keys of lists that are not one room's: rooms are numbered from 1. */
const everybody = 0;
const allRooms = -1;

/** What there is to see (docs/protocols/messagerie.md, "Look around"), encoded under number 0. */
export class HubLists {
  readonly #chat: HubHost['chat'];
  readonly #cache: RosterCache<number>;

  constructor(chat: HubHost['chat']) {
    this.#chat = chat;
    this.#cache = new RosterCache(chat);
  }

  rooms(): Uint8Array {
    return this.#cache.get(allRooms, () => {
      const rooms = [...this.#chat.rooms()].flatMap(({name, mode, members}) =>
        name === undefined ? [] : [{mode, room: name, members: members.size}],
      );
      return encode({type: 'reponseDemanderListeMessagerie', ...header, rooms});
    });
  }

  /** @param name Of a room; empty for everybody (R3). */
  clients(name: string): Uint8Array {
    if (name === '') return this.#cache.get(everybody, () => encodeNames(this.#chat.users()));
    const room = this.#chat.findRoom(name);
    if (room === undefined) return encodeNames([]);
    return this.#cache.get(room.id, () => encodeNames(this.#chat.usersIn(room)));
  }
}

function encodeNames(users: Iterable<User>): Uint8Array {
  const names = Array.from(users, ({nickname}) => nickname);
  return encode({type: 'reponseDemanderListeClient', ...header, names});
}
