import type {Endpoint} from './endpoint.ts';

/** One end of a stream of bytes, as a machine without sockets sees it. Nothing here throws. */
export type Connection = {
  /** Where the other end is, from when the connection is there. */
  readonly remote: Endpoint;
  /** Bytes written that the network has not taken yet. */
  readonly waiting: number;
  /** The bytes must not be changed afterwards. After {@link end} or {@link destroy} they go nowhere. */
  write(bytes: Uint8Array): void;
  /** Nothing more is written: the other side learns it after all that was. Reading goes on. */
  end(): void;
  /** Both directions, at once: what waits is lost. */
  destroy(): void;
  /** Stops reading, so that whoever writes has to wait. */
  pause(): void;
  resume(): void;
};

/** What happens to a connection. `closed` comes once, and last. */
export type ConnectionListener = {
  received(bytes: Uint8Array): void;
  /** The other side writes nothing more. */
  ended(): void;
  /** All that was written has been taken. */
  drained(): void;
  /** @param code Of the system, if it was not meant: ECONNREFUSED, ECONNRESET, EADDRINUSE… */
  closed(code: string | undefined): void;
};
