import type {ConnectionListener} from './connection.ts';
import type {Timer} from './timer.ts';

/** What happens to a connection, told to a machine that has no clock. */
export type TimedListener = {
  received(bytes: Uint8Array, now: number): void;
  /** The other side writes nothing more. */
  ended(now: number): void;
  /** All that was written has been taken. */
  drained(now: number): void;
  /** Once, and last. @param code Of the system, if it was not meant. */
  closed(code: string | undefined, now: number): void;
};

/** Of a connection that is ours to open. */
export type OutgoingListener = TimedListener & {opened(now: number): void};

/** Lets a connection talk to a machine, by the machine's own timer. */
export function timed(timer: Timer, listener: TimedListener): ConnectionListener {
  return {
    received: bytes => timer.run(now => listener.received(bytes, now)),
    ended: () => timer.run(now => listener.ended(now)),
    drained: () => timer.run(now => listener.drained(now)),
    closed: code => timer.run(now => listener.closed(code, now)),
  };
}
