import type {Reliability} from '../../transport/reliability.ts';

/** The row of `shen` in docs/protocols/reliability.md. */
export const reliability: Reliability = {
  timeoutMs: 2000,
  retransmissions: 5,
  modulus: 1024,
  remembered: 256,
  memoryMs: 14_000,
};
