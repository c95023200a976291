import type * as wire from '../wire.ts';

type RoomCheckHost = {
  /** Asks the hub whether we are in our room. @returns false if it cannot be asked now. */
  ask(now: number): boolean;
  deliver(message: wire.Message, now: number): void;
};

/**
 * Asks whether the hub still has us in the room in which we believe to be, or which we are leaving. Until it answers, its
 * messages are kept, because they may be from any room.
 */
export class RoomCheck {
  readonly #host: RoomCheckHost;
  #kept: wire.Message[] | undefined;
  #isWanted = false;

  constructor(host: RoomCheckHost) {
    this.#host = host;
  }

  /** A peer does not answer: perhaps we are not in that room any more. */
  suspect(): void {
    this.#isWanted = true;
  }

  /** Asks the hub if {@link suspect} was called since the last time and there is a room to ask about. */
  askIfSuspected(hasRoom: boolean, now: number): void {
    if (this.#isWanted && hasRoom) this.ask(now);
    this.#isWanted = false;
  }

  ask(now: number): void {
    if (this.#kept === undefined && this.#host.ask(now)) this.#kept = [];
  }

  /** @returns Whether the message has to wait for the answer. */
  keeps(message: wire.Message): boolean {
    this.#kept?.push(message);
    return this.#kept !== undefined;
  }

  /** The answer has come, or will not come. */
  end(now: number): void {
    const kept = this.#kept ?? [];
    this.#kept = undefined;
    for (const message of kept) this.#host.deliver(message, now);
  }
}
