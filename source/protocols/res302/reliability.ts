import type {Reliability} from '../../transport/reliability.ts';

/** The row of `res302` in docs/protocols/reliability.md. */
export const reliability: Reliability = {
  timeoutMs: 500,
  retransmissions: 5,
  modulus: 128,
  remembered: 64,
  memoryMs: 4000,
};
