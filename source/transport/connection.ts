import type {Endpoint} from './endpoint.ts';

/** One end of a stream of bytes, as a machine without sockets sees it. Nothing here throws. */
export type Connection = {
  /** Address of the other end, valid once the connection is open. */
  readonly remote: Endpoint;
  /** Bytes written that the network has not taken yet. */
  readonly waiting: number;
  /** The bytes must not be changed afterwards. After {@link end} or {@link destroy} they are dropped. */
  write(bytes: Uint8Array): void;
  /** Ends writing. The other side learns of it after everything that was written. Reading goes on. */
  end(): void;
  /** Ends both directions at once. Bytes that wait are lost. */
  destroy(): void;
  /** Stops reading, so that the other side has to wait. */
  pause(): void;
  resume(): void;
};

/** Told of everything that happens to a connection. `closed` comes once, and last. */
export type ConnectionListener = {
  received(bytes: Uint8Array): void;
  /** The other side writes nothing more. */
  ended(): void;
  /** The network has taken everything that was written. */
  drained(): void;
  /** @param code The system's error code, if it was an error: ECONNREFUSED, ECONNRESET, EADDRINUSE… */
  closed(code: string | undefined): void;
};
