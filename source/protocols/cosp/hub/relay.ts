import type {UserId} from '../../../chat/words.ts';
import type {Connection, Endpoint, TimedListener} from '../../protocol.ts';

/** If one side has not come within this time after the acceptance, there is no private connection. */
const arrivalMs = 10_000;

/** A connection that comes up to this much later is ended, and not taken for a new user. */
const latenessMs = 5000;

/** Bytes that may wait for a reader. With more, its writer is not read until they have been taken. */
const maximumWaitingBytes = 65_536;

/** When one side is gone, the other has this time to end too. */
const partingMs = 1000;

/** A side that is still taking bytes gets that time again, at most this many times. */
const maximumPartings = 600;

export type Side = {
  readonly user: UserId;
  /** The address of the user's first connection, with the port that was announced (R2). */
  readonly endpoint: Endpoint;
};

type Party = Side & {
  /** Undefined until it comes. */
  connection: Connection | undefined;
  /** Bytes from before the other side has come. */
  held: Uint8Array[];
  heldBytes: number;
  /** It will write nothing more. */
  hasEnded: boolean;
  /** It has gone, or will never come. */
  isGone: boolean;
};

/**
 * One private connection: the bytes of each side go to the other, untouched (R2, R3).
 *
 *     awaited   both have come → open
 *     awaited   one does not come in time, or is gone again → parting
 *     open      both have ended, or one is gone → parting
 *     parting   both are gone, or their time is over → over
 *
 * Everything that was sent is delivered before anything ends. The end of one direction is passed on like its bytes, and
 * the other direction goes on. For each direction, at most {@link maximumWaitingBytes} and the chunk that has exceeded
 * them wait here or in the connection to the reader; then the writer has to wait.
 */
export class Relay {
  readonly sides: readonly [Side, Side];
  readonly #parties: readonly [Party, Party];
  readonly #onParting: (relay: Relay) => void;
  #state: 'awaited' | 'open' | 'parting' | 'over' = 'awaited';
  readonly #lateAt: number;
  #dueAt: number;
  #partingsLeft = maximumPartings;
  /** A side has left the hub. */
  #isLeft = false;
  /** Bytes have been passed on since the last look. */
  #hasPassed = false;

  /** @param onParting Called when there is no private connection any more. Bytes may still be under way. */
  constructor(sides: readonly [Side, Side], onParting: (relay: Relay) => void, now: number) {
    this.sides = sides;
    this.#parties = [awaited(sides[0]), awaited(sides[1])];
    this.#onParting = onParting;
    this.#dueAt = now + arrivalMs;
    this.#lateAt = now + arrivalMs + latenessMs;
  }

  get dueAt(): number {
    return this.#dueAt;
  }

  /** Whether that side will write nothing more. */
  hasEnded(user: UserId): boolean {
    return this.#parties.some(side => side.user === user && side.hasEnded);
  }

  /** Whether nothing more will happen here. */
  get isOver(): boolean {
    return this.#state === 'over';
  }

  /** Whether bytes wait to be taken by the network. */
  get isBusy(): boolean {
    return this.#parties.some(({connection}) => connection !== undefined && connection.waiting > 0);
  }

  /** @param user The side that has come. */
  join(user: UserId, connection: Connection): TimedListener {
    const [one, other] = this.#parties;
    if (user === one.user) return this.#join(one, other, connection);
    return this.#join(other, one, connection);
  }

  /** A side leaves. Its bytes are passed on as long as they are read, then the connection ends. */
  leave(now: number): void {
    if (this.#state !== 'open') {
      this.part(now);
      return;
    }
    this.#isLeft = true;
    this.#dueAt = now + partingMs;
  }

  /** Ends it. Bytes that were sent still arrive. */
  part(now: number): void {
    if (this.#state === 'parting' || this.#state === 'over') return;
    this.#state = 'parting';
    this.#dueAt = now + partingMs;
    this.#onParting(this);
    for (const {connection} of this.#parties) {
      connection?.end();
      // Read and dropped, because only by reading do we learn that the other side has ended.
      connection?.resume();
    }
  }

  onTime(now: number): void {
    if (now < this.#dueAt) return;
    if (this.#isLeft && this.#state === 'open' && (this.#hasPassed || this.isBusy)) {
      this.#hasPassed = false;
      this.#dueAt = now + partingMs;
      return;
    }
    if (this.#state === 'awaited' || this.#state === 'open') {
      this.part(now);
      return;
    }
    this.#dueAt = now + partingMs;
    this.#partingsLeft--;
    for (const side of this.#parties) {
      if (side.connection === undefined) side.isGone = now >= this.#lateAt;
      else if (side.connection.waiting === 0 || this.#partingsLeft <= 0) this.#cutOff(side);
    }
    this.#finish();
  }

  #join(side: Party, other: Party, connection: Connection): TimedListener {
    side.connection = connection;
    for (const bytes of other.held.splice(0)) connection.write(bytes);
    if (this.#state === 'parting' || other.hasEnded) connection.end();
    if (this.#state === 'awaited' && other.connection !== undefined) {
      this.#state = 'open';
      this.#dueAt = Number.POSITIVE_INFINITY;
      if (connection.waiting <= maximumWaitingBytes) other.connection.resume();
    }
    return {
      received: bytes => this.#pass(bytes, side, other),
      ended: at => this.#ended(side, other, at),
      drained: () => other.connection?.resume(),
      closed: (_code, at) => this.#closed(side, at),
    };
  }

  #pass(bytes: Uint8Array, from: Party, to: Party): void {
    if (this.#state === 'parting' || this.#state === 'over') return;
    if (to.connection === undefined) {
      from.held.push(bytes);
      from.heldBytes += bytes.length;
      if (from.heldBytes >= maximumWaitingBytes) from.connection?.pause();
    } else {
      this.#hasPassed = true;
      to.connection.write(bytes);
      if (to.connection.waiting > maximumWaitingBytes) from.connection?.pause();
    }
  }

  #ended(side: Party, other: Party, now: number): void {
    side.hasEnded = true;
    other.connection?.end();
    if (other.hasEnded) this.part(now);
  }

  #closed(side: Party, now: number): void {
    side.isGone = true;
    this.part(now);
    this.#finish();
  }

  #cutOff(side: Party): void {
    side.isGone = true;
    side.connection?.destroy();
  }

  #finish(): void {
    if (!this.#parties.every(({isGone}) => isGone)) return;
    this.#state = 'over';
    this.#dueAt = Number.POSITIVE_INFINITY;
  }
}

function awaited(side: Side): Party {
  return {
    ...side,
    connection: undefined,
    held: [],
    heldBytes: 0,
    hasEnded: false,
    isGone: false,
  };
}
