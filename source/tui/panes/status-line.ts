import type {ConnectionState, State} from '../../client/state.ts';
import {truncate, widthOf} from '../text/width.ts';

export type StatusLine = {
  readonly left: string;
  readonly connection: string;
  readonly counters: string;
  /** Flush with the right edge of the screen. */
  readonly right: string;
};

/**
 * The words of the status bar in at most `columns` cells. If there are few, the least important is left out first, in
 * this order: the hint, the name of the program, the address, the counters, the nickname.
 *
 * @param now Milliseconds since 1970.
 */
export function statusLine(state: State, hint: string, columns: number, now: number): StatusLine {
  const {sent, received, retransmissions} = state.statistics;
  const connection = connectionWords(state, now);
  const counters = ` ↑${sent} ↓${received} ⟳${retransmissions}`;
  const nick = state.people.labelOf(state.nick);
  const full = ['chat-tui', state.server, nick];
  const choices = [
    {left: full, counters, right: hint},
    {left: full, counters, right: ''},
    {left: full.slice(1), counters, right: ''},
    {left: [nick], counters, right: ''},
    {left: [nick], counters: '', right: ''},
    {left: [], counters: '', right: ''},
  ].map(({left, ...others}) => ({
    ...others,
    left: left.map(word => ` ${word} `).join(''),
    connection: ` ${connection} `,
  }));
  const fits = (line: StatusLine) =>
    widthOf(line.left + line.connection + line.counters + line.right) +
      (line.right === '' ? 0 : 3) <=
    columns;
  return (
    choices.find(fits) ?? {
      left: '',
      connection: truncate(` ${connection}`, columns),
      counters: '',
      right: '',
    }
  );
}

function connectionWords({connection, statistics}: State, now: number): string {
  switch (connection.phase) {
    case 'connecting':
      return 'connecting';
    case 'connected':
      return `●${roundTrip(statistics.roundTripMs)}`;
    case 'retrying':
      return retryWords(connection, now);
    case 'refused':
      return connection.reason === 'unreachable' ? 'lost' : 'refused';
    case 'closed':
      return 'disconnected';
  }
}

function retryWords({at}: ConnectionState & {phase: 'retrying'}, now: number): string {
  const seconds = Math.ceil((at - now) / 1000);
  return seconds > 0 ? `retrying in ${seconds} s` : 'retrying';
}

function roundTrip(ms: number | undefined): string {
  if (ms === undefined) return '';
  return ms < 10 ? ` ${ms.toFixed(1)} ms` : ` ${Math.round(ms)} ms`;
}
