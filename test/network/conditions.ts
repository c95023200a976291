import type {Conditions} from './world.ts';

/**
 * Bad, but every message gets through: of two copies of a datagram one arrives, so that no end gives
 * the other up. What becomes of messages that do not get through, bad-network.test.ts looks at.
 */
export const bad: Conditions = {
  loss: 0.2,
  duplication: 0.2,
  maximumDelayMs: 300,
  maximumLosses: 1,
  pieces: 'random',
};

export type Network = {
  readonly network: string;
  readonly conditions: Conditions;
  readonly seed: number;
};

/** With each of those seeds. */
export function on(network: string, conditions: Conditions, seeds: readonly number[]): Network[] {
  return seeds.map(seed => ({network, conditions, seed}));
}
