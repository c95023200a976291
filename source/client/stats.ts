/** How well the network carries the user's messages, and how fast the screen is. */
import {type CommandHost, show} from './command.ts';
import {quantilesOf} from './durations.ts';

export function stats(host: CommandHost): boolean {
  const {sent, received, retransmissions, roundTripMs} = host.client.state.statistics;
  const roundTrip = roundTripMs === undefined ? 'not known yet' : `${roundTripMs.toFixed(1)} ms`;
  const {journeys, keyTimes} = host.client;
  const lines = [
    `${sent} messages sent, ${received} received, ${retransmissions} retransmissions, round trip ${roundTrip}`,
    ...timesLine('From Enter to its mark', journeys?.deliveryTimes ?? [], 'texts'),
    ...timesLine('From a key to the screen', keyTimes.all, 'keys', keyToScreenMs),
  ];
  return show(host, lines.join('\n'));
}

/** Later than this, typing feels slow. */
const keyToScreenMs = 50;

/** @param budgetMs What the 99th should not be above, if there is such a number. */
function timesLine(
  what: string,
  times: readonly number[],
  things: string,
  budgetMs?: number,
): readonly string[] {
  const quantiles = quantilesOf(times);
  if (quantiles === undefined) return [];
  const {median, p99} = quantiles;
  const budget = budgetMs === undefined ? '' : ` (at most ${budgetMs} ms wanted)`;
  return [
    `${what}: half within ${median.toFixed(1)} ms, 99 of 100 within ${p99.toFixed(1)} ms${budget}, of the last ${times.length} ${things}`,
  ];
}
