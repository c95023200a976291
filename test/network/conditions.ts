import type {Conditions, World} from './world.ts';

/**
 * Bad, but every message gets through: of two copies of a datagram one arrives, so that no end gives the other up.
 * bad-network.test.ts looks at messages that do not get through.
 */
export const bad: Conditions = {
  loss: 0.2,
  duplication: 0.2,
  maximumDelayMs: 300,
  maximumLosses: 1,
  pieces: 'random',
};

/** For connections: less than the time that a client of cosp waits for the second of two answers (docs/decisions/0007). */
const maximumStreamDelayMs = 40;

/** For tests in which users of cosp write to somebody in a room: with longer delays two answers would look like one. */
export function quicken({streams}: World): void {
  const {conditions} = streams;
  const maximumDelayMs = Math.min(conditions.maximumDelayMs, maximumStreamDelayMs);
  streams.conditions = {...conditions, maximumDelayMs};
}

export type Network = {
  readonly network: string;
  readonly conditions: Conditions;
  readonly seed: number;
};

/** A network for each of those seeds. */
export function on(network: string, conditions: Conditions, seeds: readonly number[]): Network[] {
  return seeds.map(seed => ({network, conditions, seed}));
}
