import type {UserId} from '../../../chat/words.ts';
import {Numbers} from '../../numbers.ts';
import {maximumId} from '../wire.ts';

/**
 * The numbers that all users have in `cosp`, whatever protocol they speak. They go round, so that the number of somebody
 * who has left is used again as late as possible.
 */
export class Ids {
  readonly #byUser = new Map<UserId, number>();
  readonly #byId = new Map<number, UserId>();
  /** Each is the id plus one. */
  readonly #numbers = new Numbers(maximumId + 1);

  /**
   * That user's number, given at the first call.
   *
   * @throws RangeError if all are taken. A hub has fewer users than there are numbers.
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

  /** Nobody is left who knows a number. */
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
