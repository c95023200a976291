/** For whoever watches messages on their way: in which frame each has come. Without a watcher nothing is kept. */
import type {ClientHost, Step} from './protocol.ts';

/** Which datagram each message has come in, until the message is read: it may have to wait for its turn. */
export class Arrivals {
  readonly #trace: ClientHost['trace'];
  readonly #byMessage = new WeakMap<object, Extract<Step, {type: 'arrival'}>>();

  constructor({trace}: Pick<ClientHost, 'trace'>) {
    this.#trace = trace;
  }

  came(message: object, frame: Uint8Array, at: number): void {
    if (this.#trace !== undefined) this.#byMessage.set(message, {type: 'arrival', frame, at});
  }

  /** What was made of the message waits in its place. */
  pass(message: object, made: object): void {
    const arrival = this.#byMessage.get(message);
    if (arrival !== undefined) this.#byMessage.set(made, arrival);
  }

  /** What is told until this call ends has come with that message. */
  read(message: object): void {
    const arrival = this.#byMessage.get(message);
    if (arrival !== undefined) this.#trace?.(arrival);
  }
}

/** The same of a stream, whose frames are read as they come: for a `FrameBuffer`. */
export function frameListener({
  trace,
}: Pick<ClientHost, 'trace'>): ((frame: Uint8Array) => void) | undefined {
  return trace && (frame => trace({type: 'arrival', frame}));
}
