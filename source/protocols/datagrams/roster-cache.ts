import type {Chat} from '../../chat/chat.ts';

/** Encoded lists, shared by all askers until somebody comes, goes or moves. */
export class RosterCache<Key> {
  readonly #chat: Pick<Chat, 'rosterVersion'>;
  readonly #datagrams = new Map<Key, Uint8Array>();
  #version = 0;

  constructor(chat: Pick<Chat, 'rosterVersion'>) {
    this.#chat = chat;
  }

  get(key: Key, make: () => Uint8Array): Uint8Array {
    const version = this.#chat.rosterVersion;
    if (version !== this.#version) this.#datagrams.clear();
    this.#version = version;
    const datagram = this.#datagrams.get(key) ?? make();
    this.#datagrams.set(key, datagram);
    return datagram;
  }
}
