import type {Request} from '../protocols/protocol.ts';

/** Of your messages, so many are kept that did not arrive: what `/retry` can send again. */
export const maximumUndelivered = 1000;

/** A text of ours that is not known to have arrived. */
export type Undelivered = {
  readonly text: string;
  /** Counts the rooms we have been in; 0 for the public one. A text for one is never said in another. */
  readonly room: number;
  /** Of a message to one person: whom it is for, wherever we are. */
  readonly to?: string;
  /** That one reads it over the private connection with them, or not at all. */
  readonly isForLink?: boolean;
  /** Members of a decentralised room that have not confirmed it. */
  readonly only?: readonly string[];
  readonly state: 'pending' | 'failed';
};

/** What is not delivered, by id, oldest first; the newest failure last. */
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

  /** What can still be sent when the connection is made anew: not what was for a room. */
  get lasting(): ReadonlyMap<number, Undelivered> {
    return new Map([...this.#byId].filter(([, {room}]) => room === 0));
  }

  /** It is on its way, for the first time or again. */
  sent(id: number, message: Undelivered): void {
    this.#byId.set(id, message);
  }

  delivered(id: number): void {
    this.#byId.delete(id);
  }

  /**
   * @param pending Members that have not confirmed it: it is sent again to them alone.
   * @returns false if it is none of ours, or was forgotten.
   */
  failed(id: number, pending: readonly string[]): boolean {
    const message = this.#byId.get(id);
    if (message === undefined) return false;
    const {only: _, ...kept} = message;
    const only = pending.length > 0 ? {only: pending} : {};
    // Set anew at the end: the newest failure is what /retry means.
    this.#byId.delete(id);
    this.#byId.set(id, {...kept, state: 'failed', ...only});
    if (this.#byId.size > maximumUndelivered) {
      const oldest = [...this.#byId].find(([, {state}]) => state === 'failed');
      if (oldest !== undefined) this.#byId.delete(oldest[0]);
    }
    return true;
  }

  /** The one with that id that has failed; without an id the newest, if possible one that can be sent again. */
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
