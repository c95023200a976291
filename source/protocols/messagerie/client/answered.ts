import type {Reliability} from '../../../transport/reliability.ts';
import type {MessageType} from '../wire/messages.ts';

/**
 * Answers that have come lately, by their request's number. REPONSE_ACCES and REPONSE_QUITTER come as
 * answers and as messages of the hub's own (R8), and nothing but the number tells: a late copy of an
 * answer must not close or change the room we are in by then.
 */
export class Answered {
  readonly #memoryMs: number;
  /** Oldest first. */
  readonly #until = new Map<string, number>();

  constructor({memoryMs}: Reliability) {
    this.#memoryMs = memoryMs;
  }

  add(type: MessageType, sequence: number, now: number): void {
    for (const [key, until] of this.#until) {
      if (until > now) break;
      this.#until.delete(key);
    }
    const key = `${type} ${sequence}`;
    this.#until.delete(key);
    this.#until.set(key, now + this.#memoryMs);
  }

  has(type: MessageType, sequence: number, now: number): boolean {
    return (this.#until.get(`${type} ${sequence}`) ?? Number.NEGATIVE_INFINITY) > now;
  }
}
