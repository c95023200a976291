import type {Reliability} from '../../source/transport/reliability.ts';

/** The row of `res302`, written out: 500 ms, 5 retransmissions, 7 bits, the last 64 of the last 4 s. */
export const reliability: Reliability = {
  timeoutMs: 500,
  retransmissions: 5,
  modulus: 128,
  remembered: 64,
  memoryMs: 4000,
};
