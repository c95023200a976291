/** The messages of a hub to a `cosp` client, in order. */
import type {Decoded} from '../../../transport/decoded.ts';
import {FrameBuffer} from '../../../transport/frame-buffer.ts';
import {
  type Notice,
  type Registration,
  readNotice,
  readRegistration,
  readUser,
  type User,
} from '../wire.ts';

/**
 * A code has different meanings before the nickname is accepted, while the users are listed, and afterwards.
 *
 *     registering  refused → registering
 *                  accepted → listing, as many users as it announces
 *     listing      the last user → registered
 */
type State =
  | {readonly name: 'registering'}
  | {readonly name: 'listing'; readonly users: User[]; readonly count: number}
  | {readonly name: 'registered'};

/** The messages of one connection. Push a chunk, then read until there is no message. */
export class HubStream {
  readonly #frames: FrameBuffer;
  #state: State = {name: 'registering'};

  constructor(onFrame?: (frame: Uint8Array) => void) {
    this.#frames = new FrameBuffer(onFrame);
  }

  push(chunk: Uint8Array): void {
    this.#frames.push(chunk);
  }

  /** The next message; undefined if it has not come whole. Malformed bytes are reported once, as by a frame buffer. */
  read(): Decoded<Registration | Notice> | undefined {
    if (this.#state.name === 'registered') return this.#frames.read(readNotice);
    if (this.#state.name === 'registering') {
      const decoded = this.#frames.read(readRegistration);
      if (decoded === undefined || !decoded.ok) return decoded;
      const {message} = decoded;
      if (message.type === 'refused') return {ok: true, message};
      this.#state = {name: 'listing', users: [], count: message.count};
    }
    return this.#readList(this.#state);
  }

  #readList({users, count}: Extract<State, {name: 'listing'}>): Decoded<Registration> | undefined {
    while (users.length < count) {
      const decoded = this.#frames.read(readUser);
      if (decoded === undefined || !decoded.ok) return decoded;
      users.push(decoded.message);
    }
    this.#state = {name: 'registered'};
    return {ok: true, message: {type: 'accepted', users}};
  }
}
