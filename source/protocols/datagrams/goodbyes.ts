import {type Endpoint, endpointKey} from '../../transport/endpoint.ts';
import {Recent} from '../../transport/recent.ts';
import type {Reliability} from '../../transport/reliability.ts';

/** A hub has at most this many users. */
const maximumRemembered = 2000;

/** In no protocol is a goodbye longer. */
const maximumBytes = 64;

type Goodbye = {readonly datagram: Uint8Array; readonly answer: Uint8Array};

/**
 * The answers to goodbyes. Nothing else is kept of a client that has left. A copy of its goodbye gets the same answer
 * (docs/protocols/reliability.md, "Giving up").
 */
export class Goodbyes {
  readonly #byAddress: Recent<string, Goodbye>;

  constructor({memoryMs}: Reliability) {
    this.#byAddress = new Recent({remembered: maximumRemembered, memoryMs});
  }

  add(from: Endpoint, goodbye: Goodbye, now: number): void {
    if (goodbye.datagram.length > maximumBytes) return;
    this.#byAddress.add(endpointKey(from), now, goodbye);
  }

  /** Undefined if the datagram is no copy of a recent goodbye. */
  answerTo(datagram: Uint8Array, from: Endpoint, now: number): Uint8Array | undefined {
    const goodbye = this.#byAddress.get(endpointKey(from), now);
    return goodbye && Buffer.compare(goodbye.datagram, datagram) === 0 ? goodbye.answer : undefined;
  }

  /** Somebody has registered from there again. */
  forget(from: Endpoint): void {
    this.#byAddress.delete(endpointKey(from));
  }
}
