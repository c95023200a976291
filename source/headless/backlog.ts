import type {EngineEvent} from '../client/events.ts';

type Disconnected = Extract<EngineEvent, {readonly type: 'disconnected'}>;
type Gap = Extract<EngineEvent, {readonly type: 'gap'}>;

/** What the hub does to one who does not read may be seen this much later, when everything before it has been read. */
const afterwardsMs = 10_000;

/**
 * Whether the reader of the events has kept the hub waiting. A hub does not say that it closes a connection because nobody
 * reads from it, but we know that nobody did. What it had kept for us is lost, and that began when we stopped reading.
 */
export class Backlog {
  #since: number | undefined;
  #until = Number.NEGATIVE_INFINITY;
  /** When we stopped reading, if that is why the hub has closed the connection. */
  #missingFrom: number | undefined;

  /** Nothing is read from the hub any more. */
  begin(now: number): void {
    if (!this.#isFresh(now)) this.#since = now;
    this.#until = Number.POSITIVE_INFINITY;
  }

  /** It is read again. */
  end(now: number): void {
    if (this.#since !== undefined) this.#until = now;
  }

  disconnected(event: Disconnected, now: number): Disconnected {
    const isOurs = event.reason !== 'left' && this.#isFresh(now);
    this.#missingFrom = isOurs ? this.#since : undefined;
    return isOurs ? {...event, reason: 'too-slow'} : event;
  }

  gap(event: Gap): Gap {
    const from = this.#missingFrom;
    this.#missingFrom = undefined;
    if (from === undefined || from >= Date.parse(event.from)) return event;
    return {...event, from: new Date(from).toISOString()};
  }

  #isFresh(now: number): boolean {
    return this.#since !== undefined && now <= this.#until + afterwardsMs;
  }
}
