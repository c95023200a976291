import {Box} from 'ink';
import {memo} from 'react';
import type {Invitation} from '../../client/state.ts';
import type {Size} from './layout.ts';
import {ListRow} from './list-row.tsx';
import {shortModes} from './mode-words.ts';
import {windowAround} from './window-around.ts';

type Props = {
  readonly invitations: readonly Invitation[];
  /** Who has sent the invitation that is selected. */
  readonly selected: string | undefined;
  readonly size: Size;
};

/** Invitations that wait for an answer. */
export const InvitationPane = memo(function InvitationPane({invitations, selected, size}: Props) {
  const index = invitations.findIndex(({from}) => from === selected);
  return (
    <Box flexDirection="column" height={size.rows} overflow="hidden">
      {windowAround(invitations, index, size.rows).map(({from, mode, room}, row) => (
        <ListRow
          // biome-ignore lint/suspicious/noArrayIndexKey: nobody says that a hub lists a name once.
          key={row}
          nick={from}
          detail={room ?? shortModes[mode]}
          columns={size.columns}
          isSelected={from === selected}
        />
      ))}
    </Box>
  );
});
