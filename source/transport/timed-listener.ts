import type {ConnectionListener} from './connection.ts';
import type {Timer} from './timer.ts';

/** A {@link ConnectionListener} for a machine without a clock. */
export type TimedListener = {
  received(bytes: Uint8Array, now: number): void;
  /** The other side writes nothing more. */
  ended(now: number): void;
  /** The network has taken everything that was written. */
  drained(now: number): void;
  /** Comes once, and last. @param code The system's error code, if it was an error. */
  closed(code: string | undefined, now: number): void;
};

/** For a connection that we open. */
export type OutgoingListener = TimedListener & {opened(now: number): void};

/** Passes the events of a connection to a machine, through the machine's timer. */
export function timed(timer: Timer, listener: TimedListener): ConnectionListener {
  return {
    received: bytes => timer.run(now => listener.received(bytes, now)),
    ended: () => timer.run(now => listener.ended(now)),
    drained: () => timer.run(now => listener.drained(now)),
    closed: code => timer.run(now => listener.closed(code, now)),
  };
}
