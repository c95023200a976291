import type {Writable} from 'node:stream';
import type {PublicEvent} from '../client/events.ts';
import {toJsonLine} from './json.ts';

/** In bytes: what waits for whoever reads the events, before those of others are left out. */
const maximumWaiting = 1024 * 1024;

/** What becomes of oneself and of one's own texts is always told: there is no more of it than one asks for. */
const always: ReadonlySet<PublicEvent['type']> = new Set([
  'connected',
  'refused',
  'reconnecting',
  'disconnected',
  'sent',
  'delivered',
  'failed',
  'room-entered',
  'room-left',
  'link-opened',
  'link-closed',
]);

export type EventOutputHost = {
  /** Whoever reads the events is behind: nothing that can wait should come. */
  behind(): void;
  /** All events so far have been taken. */
  ready(): void;
};

/** The events on standard output: in memory there are only as many as can be made to fit there. */
export class EventOutput {
  readonly #stream: Writable;
  readonly #host: EventOutputHost;
  #lost = 0;
  #onReady: (() => void) | undefined;

  constructor(stream: Writable, host: EventOutputHost) {
    this.#stream = stream;
    this.#host = host;
    stream.on('drain', () => this.#onDrain());
  }

  /** Resolves when all events so far have been taken. One call at a time. */
  async ready(): Promise<void> {
    if (!this.#stream.writableNeedDrain) return;
    await new Promise<void>(resolve => {
      this.#onReady = resolve;
    });
  }

  write(event: PublicEvent): void {
    // Once one is left out, so are the others up to the event that says so.
    const isFull = this.#lost > 0 || this.#stream.writableLength > maximumWaiting;
    if (isFull && !always.has(event.type)) this.#lost++;
    else if (!this.#stream.write(toJsonLine(event, new Date()))) this.#host.behind();
  }

  #onDrain(): void {
    const count = this.#lost;
    this.#lost = 0;
    if (count > 0) this.#stream.write(toJsonLine({type: 'lost', count}, new Date()));
    this.#host.ready();
    this.#onReady?.();
  }
}
