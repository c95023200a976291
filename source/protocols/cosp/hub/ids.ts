import type {UserId} from '../../../chat/words.ts';
import {Numbers} from '../../numbers.ts';
import {maximumId} from '../wire.ts';

/**
 * The numbers that users have in `cosp`, whatever they speak themselves. They go round, so that
 * the number of somebody who has left is given to somebody else as late as possible.
 */
export class Ids {
  readonly #byUser = new Map<UserId, number>();
  readonly #byId = new Map<number, UserId>();
  /** Each is an id and one. */
  readonly #numbers = new Numbers(maximumId + 1);

  /**
   * That user's number, from the first time it is asked for.
   *
   * @throws RangeError if all are taken: a hub has fewer users than there are numbers.
   */
  of(user: UserId): number {
    return this.#byUser.get(user) ?? this.#assign(user);
  }

  userOf(id: number): UserId | undefined {
    return this.#byId.get(id);
  }

  release(user: UserId): void {
    const id = this.#byUser.get(user);
    if (id === undefined) return;
    this.#byUser.delete(user);
    this.#byId.delete(id);
    this.#numbers.giveBack(id + 1);
  }

  /** There is nobody left who knows a number. */
  releaseAll(): void {
    for (const user of this.#byUser.keys()) this.release(user);
  }

  #assign(user: UserId): number {
    const id = this.#numbers.take() - 1;
    this.#byUser.set(user, id);
    this.#byId.set(id, user);
    return id;
  }
}
