import type {ConnectionState} from '../client/state.ts';

/** A script may write faster than one message for each round trip; memory is not where that waits. */
export const maximumPending = 64;

/** After that, no line is read until so few are left: so that a fast writer is told once, and not for each line. */
export const fewPending = 32;

/** Before anything was measured. */
const firstMs = 50;
const longestMs = 60_000;

/** How fast the user's texts arrive. */
export class Pace {
  #perTextMs = firstMs;
  #lastAt: number | undefined;

  /** One has arrived, or has failed. @param pending How many were on their way until then. */
  settled(pending: number, now: number): void {
    // Without others behind it, the time since the one before says nothing.
    const since = this.#lastAt;
    this.#lastAt = pending > 1 ? now : undefined;
    if (since !== undefined) this.#perTextMs += (now - since - this.#perTextMs) / 8;
  }

  /** About how many milliseconds it takes until few are left. */
  waitMs(pending: number, connection: ConnectionState, now: number): number {
    // While the hub is away nothing arrives.
    const away = connection.phase === 'retrying' ? connection.at - now : 0;
    const wait = Math.max(0, away) + (pending - fewPending) * this.#perTextMs;
    return Math.min(longestMs, Math.max(1, Math.ceil(wait)));
  }
}
