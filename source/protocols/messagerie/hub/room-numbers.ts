import type {RoomId} from '../../../chat/words.ts';
import {Numbers} from '../../numbers.ts';
import type {HubHost} from '../../protocol.ts';

/** The number of room ids. */
export const maximumRooms = 255;

/** The room ids on the wire. */
export class RoomNumbers {
  readonly #chat: HubHost['chat'];
  readonly #byRoom = new Map<RoomId, number>();
  readonly #free = new Numbers(maximumRooms);

  constructor(chat: HubHost['chat']) {
    this.#chat = chat;
  }

  /** Gives a new room its number. Numbers of rooms that do not exist any more are free again. */
  assign(room: RoomId): number {
    const rooms = new Set(Array.from(this.#chat.rooms(), ({id}) => id));
    for (const [id, number] of this.#byRoom) {
      if (rooms.has(id)) continue;
      this.#byRoom.delete(id);
      this.#free.giveBack(number);
    }
    const number = this.#free.take();
    this.#byRoom.set(room, number);
    return number;
  }
}
