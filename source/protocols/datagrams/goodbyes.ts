import {type Endpoint, endpointKey} from '../../transport/endpoint.ts';
import {Recent} from '../../transport/recent.ts';
import type {Reliability} from '../../transport/reliability.ts';

/** As many as a hub has users. */
const maximumRemembered = 2000;

/** No protocol's goodbye is longer. */
const maximumBytes = 64;

type Goodbye = {readonly datagram: Uint8Array; readonly answer: Uint8Array};

/**
 * The answers to goodbyes: all that is left of a client that is gone, so that a copy of its goodbye is answered
 * again (docs/protocols/reliability.md, "Giving up").
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

  /** Undefined if it is no copy of a goodbye, or of one from long ago. */
  answerTo(datagram: Uint8Array, from: Endpoint, now: number): Uint8Array | undefined {
    const goodbye = this.#byAddress.get(endpointKey(from), now);
    return goodbye && Buffer.compare(goodbye.datagram, datagram) === 0 ? goodbye.answer : undefined;
  }

  /** Somebody has registered from there again. */
  forget(from: Endpoint): void {
    this.#byAddress.delete(endpointKey(from));
  }
}
