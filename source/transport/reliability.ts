/**
 * The numbers in which the datagram protocols differ
 * (docs/protocols/reliability.md; the table there has one column for each field).
 */
export type Reliability = {
  /** Between two transmissions of a message that is not confirmed. */
  readonly timeoutMs: number;
  /** Not counting the first transmission. */
  readonly retransmissions: number;
  /** Sequence numbers go from 0 to this, exclusive. */
  readonly modulus: number;
  /** How many accepted numbers are remembered for each sender, and for how long. */
  readonly remembered: number;
  readonly memoryMs: number;
};

/** From a message's first transmission to giving it up. */
export function horizonMs({timeoutMs, retransmissions}: Reliability): number {
  return timeoutMs * (retransmissions + 1);
}

/** A hub keeps that many consecutive numbers unconfirmed for each client; a client keeps one. */
export const hubWindow = 16;
export const clientWindow = 1;
