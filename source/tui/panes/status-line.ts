import {withoutProtocol} from '../../client/address.ts';
import type {ConnectionState, State} from '../../client/state.ts';
import {type Word, widthOfWords} from '../text/words.tsx';

export type StatusLine = {
  readonly left: readonly Word[];
  /** Flush with the right edge of the screen. */
  readonly right: readonly Word[];
};

/**
 * The words of the status bar in at most `columns` cells. If there are few, the least important is left out first.
 *
 * @param hints At the right end, the most important first.
 * @param now Milliseconds since 1970.
 */
export function statusLine(
  state: State,
  hints: readonly string[],
  columns: number,
  now: number,
): StatusLine {
  const {sent, received, retransmissions} = state.statistics;
  const isLost = state.connection.phase === 'retrying';
  const nick: Word[] = [
    {as: isLost ? 'text' : 'accent', text: ` ${state.people.labelOf(state.nick)}`},
  ];
  const server = withoutProtocol(state.server);
  const place: Word[] = [{as: 'text', text: ` at ${server} · ${state.protocol} `}];
  const shortPlace: Word[] = [{as: 'text', text: ` ${server}`}];
  const connection = connectionWords(state, now);
  const trips: Word[] =
    isLost || state.roundTrips.length < 2
      ? []
      : [{as: 'delivered', text: ` ${sparkline(state.roundTrips)}`}];
  const counts: Word[] = [{as: 'text', text: `  ↑${sent} ↓${received}`}];
  const again: Word[] = [{as: 'text', text: ` ⟳${retransmissions}`}];
  const right = (count: number): Word[] => {
    const text = hints.slice(0, count).join(' · ');
    return text === '' ? [] : [{as: isLost ? 'text' : 'bar-hint', text: ` ${text} `}];
  };
  const choices: readonly StatusLine[] = [
    ...hints.map((_, index) => ({
      left: [...nick, ...place, ...connection, ...trips, ...counts, ...again],
      right: right(hints.length - index),
    })),
    {left: [...nick, ...shortPlace, ...connection, ...trips, ...again], right: right(1)},
    {left: [...nick, ...connection, ...trips, ...again], right: right(1)},
    {left: [...nick, ...connection, ...again], right: right(1)},
    {left: [...nick, ...connection], right: right(1)},
    {left: [...nick, ...connection], right: []},
    {left: connection, right: []},
  ];
  const fits = ({left, right}: StatusLine) =>
    widthOfWords(left) + widthOfWords(right) + (right.length === 0 ? 0 : 1) <= columns;
  return choices.find(fits) ?? {left: connection, right: []};
}

function connectionWords({connection, statistics}: State, now: number): Word[] {
  switch (connection.phase) {
    case 'connecting':
      return [{as: 'on-its-way', text: ' connecting'}];
    case 'connected':
      return [{as: 'delivered', text: ` ●${roundTripWords(statistics.roundTripMs)}`}];
    case 'retrying':
      return [{as: 'text', text: ` ${retryWords(connection, now)}`}];
    case 'refused':
      return [{as: 'error', text: connection.reason === 'unreachable' ? ' lost' : ' refused'}];
    case 'closed':
      return [{as: 'error', text: ' disconnected'}];
  }
}

function retryWords({at, since}: ConnectionState & {phase: 'retrying'}, now: number): string {
  const silent =
    since === undefined
      ? 'hub silent'
      : `hub silent ${Math.max(0, Math.round((now - since) / 1000))} s`;
  const seconds = Math.ceil((at - now) / 1000);
  return `${silent} · ${seconds > 0 ? `next try in ${seconds} s` : 'trying'}`;
}

/** ` 3 ms`, with a space before it. */
export function roundTripWords(ms: number | undefined): string {
  if (ms === undefined) return '';
  return ms < 10 ? ` ${ms.toFixed(1)} ms` : ` ${Math.round(ms)} ms`;
}

const bars = '▁▂▃▄▅▆▇█';

/** A bar for each sample. What differs by less than a reader can feel is drawn as equal. */
export function sparkline(samples: readonly number[]): string {
  const least = Math.min(...samples);
  const range = Math.max(Math.max(...samples) - least, minimumRange);
  return samples
    .map(ms => bars.charAt(Math.round(((ms - least) / range) * (bars.length - 1))))
    .join('');
}

/** In milliseconds. */
const minimumRange = 10;
