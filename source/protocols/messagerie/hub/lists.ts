import type {User} from '../../../chat/users.ts';
import type {UserId} from '../../../chat/words.ts';
import {RosterCache} from '../../datagrams/roster-cache.ts';
import type {HubHost} from '../../protocol.ts';
import {maximumEntries} from '../wire/messages.ts';
import {encode} from '../wire.ts';
import {header} from './messages.ts';

/** Keys of lists that do not belong to a room: rooms are numbered from 1. */
const everybody = 0;
const allRooms = -1;

type Asker = {readonly user: UserId; readonly nickname: string};

/** Lists of rooms and users (docs/protocols/messagerie.md, "Look around"), encoded with number 0. */
export class HubLists {
  readonly #host: Pick<HubHost, 'chat' | 'log'>;
  readonly #cache: RosterCache<number>;
  /** Clients that got a list without room for everybody. The log says so once. */
  readonly #loggedAsCut = new WeakSet<Asker>();

  constructor(host: Pick<HubHost, 'chat' | 'log'>) {
    this.#host = host;
    this.#cache = new RosterCache(host.chat);
  }

  rooms(): Uint8Array {
    return this.#cache.get(allRooms, () => {
      const rooms = [...this.#host.chat.rooms()].flatMap(({name, mode, members}) =>
        name === undefined ? [] : [{mode, room: name, members: members.size}],
      );
      return encode({type: 'reponseDemanderListeMessagerie', ...header, rooms});
    });
  }

  /** @param name Name of a room; empty for everybody (R3). */
  clients(name: string, asker: Asker): Uint8Array {
    const {chat} = this.#host;
    if (name === '') {
      return chat.size > maximumEntries
        ? this.#beginning(asker)
        : this.#cache.get(everybody, () => encodeNames(chat.users()));
    }
    const room = chat.findRoom(name, asker.user);
    if (room === undefined) return encodeNames([]);
    return this.#cache.get(room.id, () => encodeNames(chat.usersIn(room)));
  }

  /** As many users as fit into a list, the asker among them. */
  #beginning(asker: Asker): Uint8Array {
    const {chat, log} = this.#host;
    if (!this.#loggedAsCut.has(asker)) {
      log.cut(asker.nickname, 'users', maximumEntries, chat.size);
      this.#loggedAsCut.add(asker);
    }
    const others = Array.from(chat.users()).filter(({id}) => id !== asker.user);
    return encodeNames([asker, ...others.slice(0, maximumEntries - 1)]);
  }
}

function encodeNames(users: Iterable<Pick<User, 'nickname'>>): Uint8Array {
  const names = Array.from(users, ({nickname}) => nickname);
  return encode({type: 'reponseDemanderListeClient', ...header, names});
}
