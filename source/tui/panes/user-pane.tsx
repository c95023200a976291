import {Box} from 'ink';
import {memo} from 'react';
import type {User} from '../../client/state.ts';
import type {Size} from './layout.ts';
import {ListRow} from './list-row.tsx';
import {windowAround} from './window-around.ts';

type Props = {
  readonly users: readonly User[];
  readonly selected: string | undefined;
  readonly size: Size;
};

/** Who is here, and whether in public or in a private room. */
export const UserPane = memo(function UserPane({users, selected, size}: Props) {
  const index = users.findIndex(({nick}) => nick === selected);
  return (
    <Box flexDirection="column" height={size.rows} overflow="hidden">
      {windowAround(users, index, size.rows).map(({nick, status, self}, row) => (
        <ListRow
          // biome-ignore lint/suspicious/noArrayIndexKey: nobody says that a hub lists a name once.
          key={row}
          nick={nick}
          detail={status?.padEnd(statusColumns) ?? ''}
          columns={size.columns}
          isSelected={nick === selected}
          isBold={self}
        />
      ))}
    </Box>
  );
});

const statusColumns = 'public'.length;
