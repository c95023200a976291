import type {Readable, Writable} from 'node:stream';
import type {LinkConnection, LinkListener} from '../client/client.ts';

export type Streams = {
  /** A terminal has no end of its own: if it is the input, the other side's end ends both directions. */
  readonly input: Readable & {readonly isTTY?: boolean};
  readonly output: Writable;
};

/** How it ended. `whole`: both sides have ended, and everything is written. */
export type Ending =
  | {readonly is: 'whole'}
  /** The private connection was lost before both sides had ended. */
  | {readonly is: 'broken'}
  /** The reader of our output has gone, or a signal has stopped the program. */
  | {readonly is: 'unwanted'}
  | {readonly is: 'failed'; readonly what: 'input' | 'output'; readonly error: Error};

/** When more bytes than this wait for the network, no more are read. It is more than Node buffers by itself. */
export const maximumWaitingBytes = 1024 * 1024;

/**
 * Connects two streams of bytes with a private connection, in both directions, each as fast as its reader. The end of one
 * direction is passed on, and the other direction goes on.
 */
export class Pump {
  /** Resolves once, when nothing more will be read or written. */
  readonly ended: Promise<Ending>;
  readonly #streams: Streams;
  readonly #resolve: (ending: Ending) => void;
  #connection: LinkConnection | undefined;
  #sent = 0;
  #received = 0;
  #hasSentEnd = false;
  #hasTheirEnd = false;
  #isWritten = false;
  #isClosed = false;
  #isOver = false;

  constructor(streams: Streams) {
    const {promise, resolve} = Promise.withResolvers<Ending>();
    this.ended = promise;
    this.#streams = streams;
    this.#resolve = resolve;
    streams.output.on('error', (error: NodeJS.ErrnoException) => {
      const isUnread = error.code === 'EPIPE' || error.code === 'ECONNRESET';
      this.#end(isUnread ? {is: 'unwanted'} : {is: 'failed', what: 'output', error});
    });
  }

  /** Number of bytes so far. */
  get sent(): number {
    return this.#sent;
  }

  get received(): number {
    return this.#received;
  }

  /** The private connection is open: from now on bytes flow. @returns Its listener. */
  open(connection: LinkConnection): LinkListener {
    this.#connection = connection;
    if (this.#isOver) connection.destroy();
    else this.#flow(connection);
    return {
      received: bytes => this.#onReceived(bytes),
      ended: () => this.#onTheirEnd(),
      drained: () => this.#streams.input.resume(),
      closed: code => this.#onClosed(code),
    };
  }

  /** The other side has left the hub. If our end was not sent yet, the connection counts as broken. */
  desert(): void {
    if (this.#connection !== undefined && !this.#hasSentEnd) this.#end({is: 'broken'});
  }

  /** Ends it at once. */
  destroy(): void {
    this.#end({is: 'unwanted'});
    this.#streams.output.destroy();
  }

  #flow(connection: LinkConnection): void {
    const {input, output} = this.#streams;
    input.on('data', (bytes: Uint8Array) => {
      if (this.#hasSentEnd) return;
      this.#sent += bytes.length;
      connection.write(bytes);
      if (connection.waiting >= maximumWaitingBytes) input.pause();
    });
    input.on('end', () => this.#sendEnd());
    input.on('error', error => this.#end({is: 'failed', what: 'input', error}));
    output.on('drain', () => connection.resume());
    output.on('finish', () => {
      this.#isWritten = true;
      this.#look();
    });
  }

  #onReceived(bytes: Uint8Array): void {
    if (this.#isOver) return;
    this.#received += bytes.length;
    if (!this.#streams.output.write(bytes)) this.#connection?.pause();
  }

  #onTheirEnd(): void {
    this.#hasTheirEnd = true;
    if (this.#isOver) return;
    this.#streams.output.end();
    if (this.#streams.input.isTTY) this.#sendEnd();
  }

  #sendEnd(): void {
    if (this.#hasSentEnd) return;
    this.#hasSentEnd = true;
    this.#connection?.end();
  }

  #onClosed(code: string | undefined): void {
    const areEnded = this.#hasSentEnd && this.#hasTheirEnd;
    if (!areEnded || code !== undefined) this.#end({is: 'broken'});
    this.#isClosed = true;
    this.#look();
  }

  #look(): void {
    if (this.#isClosed && this.#isWritten) this.#end({is: 'whole'});
  }

  #end(ending: Ending): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const {input, output} = this.#streams;
    if (ending.is !== 'whole') this.#connection?.destroy();
    input.pause();
    // Bytes that have come are still written while somebody reads them.
    if (ending.is === 'broken') output.end();
    this.#resolve(ending);
  }
}
