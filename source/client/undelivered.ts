import type {Request} from '../protocols/protocol.ts';

/** At most this many of your messages that did not arrive are remembered for `/retry`, and as many wait for the hub. */
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
  /** `kept`: it was never sent, and goes out when the hub is back. */
  readonly state: 'pending' | 'kept' | 'failed';
};

/** The texts that are not delivered, by id, oldest first; the newest failure last. */
export class UndeliveredTexts {
  readonly #byId: Map<number, Undelivered>;
  /** Ids of those that are kept, in the order in which they go out. */
  readonly #kept = new Set<number>();

  /** @param former Of a connection before this one; what was for a room is not taken over. */
  constructor(former: ReadonlyMap<number, Undelivered> = new Map()) {
    this.#byId = new Map([...former].filter(([, {room}]) => room === 0));
    for (const [id, {state}] of this.#byId) if (state === 'kept') this.#kept.add(id);
  }

  get all(): ReadonlyMap<number, Undelivered> {
    return this.#byId;
  }

  /** Texts on their way, or waiting for the hub. */
  get pending(): number {
    let pending = this.#kept.size;
    for (const {state} of this.#byId.values()) if (state === 'pending') pending++;
    return pending;
  }

  /** Ids of those that wait for the hub, in the order in which they go out. */
  get kept(): ReadonlySet<number> {
    return this.#kept;
  }

  get(id: number): Undelivered | undefined {
    return this.#byId.get(id);
  }

  /** The text is on its way, for the first time or again. */
  sent(id: number, message: Undelivered): void {
    this.#kept.delete(id);
    this.#byId.set(id, {...message, state: 'pending'});
  }

  /** @returns false if there is no room for another. */
  keep(id: number, message: Undelivered): boolean {
    if (this.#kept.size >= maximumUndelivered) return false;
    this.#byId.set(id, {...message, state: 'kept'});
    this.#kept.add(id);
    return true;
  }

  /** @returns What it was, or undefined if it is none of ours. */
  delivered(id: number): Undelivered | undefined {
    const message = this.#byId.get(id);
    this.#byId.delete(id);
    this.#kept.delete(id);
    return message;
  }

  /** That member need not get it again. */
  confirmedBy(id: number, nick: string): void {
    const message = this.#byId.get(id);
    if (message?.only === undefined) return;
    this.#byId.set(id, {...message, only: message.only.filter(other => other !== nick)});
  }

  /**
   * @param pending Members that have not confirmed it: only they get it again.
   * @returns false if it is none of ours, was forgotten, or has failed already.
   */
  failed(id: number, pending: readonly string[]): boolean {
    const message = this.#byId.get(id);
    if (message === undefined || message.state === 'failed') return false;
    const {only: _, ...kept} = message;
    const only = pending.length > 0 ? {only: pending} : {};
    // Moved to the end: /retry means the newest failure.
    this.#byId.delete(id);
    this.#kept.delete(id);
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
