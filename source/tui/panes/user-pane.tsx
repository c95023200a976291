import {Box} from 'ink';
import {memo} from 'react';
import type {Size} from './layout.ts';
import {ListRow} from './list-row.tsx';
import type {ListedPerson} from './people.ts';
import {windowAround} from './window-around.ts';

type Props = {
  readonly users: readonly ListedPerson[];
  /** The user's own nickname. */
  readonly own: string;
  readonly selected: string | undefined;
  readonly size: Size;
};

/** The people who are here, and whether they are in public or in a private room. */
export const UserPane = memo(function UserPane({users, own, selected, size}: Props) {
  const index = users.findIndex(({nick}) => nick === selected);
  return (
    <Box flexDirection="column" height={size.rows} overflow="hidden">
      {windowAround(users, index, size.rows).map(({nick, label, status}) => (
        <ListRow
          key={nick}
          nick={nick}
          label={label}
          detail={status?.padEnd(statusColumns) ?? ''}
          columns={size.columns}
          isSelected={nick === selected}
          isBold={nick === own}
        />
      ))}
    </Box>
  );
});

const statusColumns = 'public'.length;
