import type {Reliability} from '../../transport/reliability.ts';

/** The row of `messagerie` in docs/protocols/reliability.md (R12). */
export const reliability: Reliability = {
  timeoutMs: 100,
  retransmissions: 30,
  modulus: 65_536,
  remembered: 1024,
  memoryMs: 5000,
};
