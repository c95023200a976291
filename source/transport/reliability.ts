/**
 * The numbers that differ between the datagram protocols (docs/protocols/reliability.md; its table has one column for
 * each field).
 */
export type Reliability = {
  /** Time between two transmissions of a message that is not confirmed. */
  readonly timeoutMs: number;
  /** Not counting the first transmission. */
  readonly retransmissions: number;
  /** Sequence numbers go from 0 to this, exclusive. */
  readonly modulus: number;
  /** Accepted numbers that are remembered for each sender, and the time for which they are. */
  readonly remembered: number;
  readonly memoryMs: number;
};

/**
 * A message that was given up may be confirmed late, by somebody whose machine was asleep: so many are
 * remembered for each destination, and that long.
 */
export const lateMemory = {remembered: 64, memoryMs: 600_000} as const;

/** From a message's first transmission to giving it up. */
export function horizonMs({timeoutMs, retransmissions}: Reliability): number {
  return timeoutMs * (retransmissions + 1);
}

/** At most this many consecutive numbers of a hub may be unconfirmed for each client; for a client the limit is one. */
export const hubWindow = 16;
export const clientWindow = 1;
