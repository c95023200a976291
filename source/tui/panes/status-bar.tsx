import {Box, Text} from 'ink';
import type {State} from '../../client/state.ts';
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
  return (
    <Box width={columns} height={1} justifyContent="space-between">
      <Text wrap="truncate">
        {left}
        <Text bold color={colours[state.connection.phase]}>
          {connection}
        </Text>
        {counters}
      </Text>
      <Text dimColor wrap="truncate">
        {right}
      </Text>
    </Box>
  );
}

const colours = {
  connecting: 'yellow',
  connected: 'green',
  retrying: 'yellow',
  refused: 'red',
  closed: 'red',
} as const;
