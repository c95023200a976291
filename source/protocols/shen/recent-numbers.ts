import {reliability} from './reliability.ts';

/**
 * Numbers that something lately was about, of which copies may still be under way. An ACK says nothing
 * but a number (docs/protocols/shen.md, "Numbers"), so nothing new goes under one of these.
 */
export class RecentNumbers {
  /** With the time of their addition. */
  readonly #numbers = new Map<number, number>();

  add(sequence: number, now: number): void {
    this.#numbers.set(sequence, now);
    const [oldest] = this.#numbers.keys();
    if (oldest !== undefined && this.#numbers.size > reliability.remembered) {
      this.#numbers.delete(oldest);
    }
  }

  has(sequence: number, now: number): boolean {
    const addedAt = this.#numbers.get(sequence);
    return addedAt !== undefined && now - addedAt < reliability.memoryMs;
  }
}
