import type {State} from '../../client/state.ts';
import {widthOf} from '../text/width.ts';
import {Styled} from '../theme/styled.tsx';
import {useSeconds} from '../use-store.ts';
import {statusLine} from './status-line.ts';

type Props = {
  readonly state: State;
  readonly columns: number;
  /** At the right end, if there is room. */
  readonly hint: string;
};

/** The user's nickname, the hub, and how well the network carries messages. */
export function StatusBar({state, columns, hint}: Props) {
  const now = useSeconds(state.connection.phase === 'retrying');
  const {left, connection, counters, right} = statusLine(state, hint, columns, now);
  const gap = columns - widthOf(left + connection + counters + right);
  return (
    <Styled as="bar" wrap="truncate">
      {left}
      <Styled as={roles[state.connection.phase]} bold>
        {connection}
      </Styled>
      {counters + ' '.repeat(Math.max(0, gap))}
      <Styled as="bar-hint">{right}</Styled>
    </Styled>
  );
}

const roles = {
  connecting: 'on-its-way',
  connected: 'delivered',
  retrying: 'on-its-way',
  refused: 'error',
  closed: 'error',
} as const;
