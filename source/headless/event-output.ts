import type {Writable} from 'node:stream';
import type {PrintedEvent} from './events.ts';
import {toJsonLine} from './json.ts';

/** In bytes. When this much waits to be read, events about others are left out. */
const maximumWaiting = 1024 * 1024;

/** Events about the user and the user's texts are always printed: there are only as many as the user has caused. */
const always: ReadonlySet<PrintedEvent['type']> = new Set([
  'connected',
  'refused',
  'reconnecting',
  'disconnected',
  'gap',
  'slow-down',
  'sent',
  'delivered',
  'failed',
  'confirmed',
  'invitation-sent',
  'invitation-failed',
  'room-entered',
  'room-left',
  'link-opened',
  'link-closed',
]);

export type EventOutputHost = {
  /** The reader of the events is behind: nothing more should come that can wait. */
  behind(): void;
  /** All events so far have been taken. */
  ready(): void;
};

/** Writes the events to standard output, and limits how many wait in memory. */
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

  write(event: PrintedEvent): void {
    // After one event was left out, the others are too, until an event has said so.
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
