import type {Request} from '../protocols/protocol.ts';

/** At most this many of your messages that did not arrive are kept, for `/retry`. */
export const maximumUndelivered = 1000;

/** A text of ours that is not known to have arrived. */
export type Undelivered = {
  readonly text: string;
  /** Number of the room among those we have been in; 0 for the public one. A text for one is never said in another. */
  readonly room: number;
  /** The recipient of a message to one person, in whatever room we are. */
  readonly to?: string;
  /** The recipient gets it over the private connection, or not at all. */
  readonly isForLink?: boolean;
  /** Members of a decentralised room that have not confirmed it. */
  readonly only?: readonly string[];
  readonly state: 'pending' | 'failed';
};

/** The texts that are not delivered, by id, oldest first; the newest failure last. */
export class UndeliveredTexts {
  readonly #byId: Map<number, Undelivered>;

  constructor(former: ReadonlyMap<number, Undelivered> = new Map()) {
    this.#byId = new Map(former);
  }

  /** Texts on their way. */
  get pending(): number {
    let pending = 0;
    for (const {state} of this.#byId.values()) if (state === 'pending') pending++;
    return pending;
  }

  /** Texts that can still be sent after the next connection; texts for a room cannot. */
  get lasting(): ReadonlyMap<number, Undelivered> {
    return new Map([...this.#byId].filter(([, {room}]) => room === 0));
  }

  /** The text is on its way, for the first time or again. */
  sent(id: number, message: Undelivered): void {
    this.#byId.set(id, message);
  }

  delivered(id: number): void {
    this.#byId.delete(id);
  }

  /**
   * @param pending Members that have not confirmed it: only they get it again.
   * @returns false if it is none of ours, or was forgotten.
   */
  failed(id: number, pending: readonly string[]): boolean {
    const message = this.#byId.get(id);
    if (message === undefined) return false;
    const {only: _, ...kept} = message;
    const only = pending.length > 0 ? {only: pending} : {};
    // Moved to the end: /retry means the newest failure.
    this.#byId.delete(id);
    this.#byId.set(id, {...kept, state: 'failed', ...only});
    if (this.#byId.size > maximumUndelivered) {
      const oldest = [...this.#byId].find(([, {state}]) => state === 'failed');
      if (oldest !== undefined) this.#byId.delete(oldest[0]);
    }
    return true;
  }

  /** The failed text with that id; without an id the newest, if possible one that can be sent again. */
  findFailed(
    id: number | undefined,
    isPossible: (message: Undelivered) => boolean,
  ): readonly [id: number, message: Undelivered] | undefined {
    const failed = [...this.#byId].filter(([, {state}]) => state === 'failed');
    if (id !== undefined) return failed.find(([key]) => key === id);
    return failed.findLast(([, message]) => isPossible(message)) ?? failed.at(-1);
  }
}

export function requestFor(id: number, {text, room, to, isForLink, only}: Undelivered): Request {
  if (to !== undefined) return {type: 'tell', id, scope: isForLink ? 'link' : 'direct', to, text};
  const scope = room === 0 ? 'public' : 'room';
  return {type: 'say', id, scope, text, ...(only === undefined ? {} : {only})};
}
