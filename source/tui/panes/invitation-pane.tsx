import {Box} from 'ink';
import {memo} from 'react';
import type {People} from '../../client/people.ts';
import type {Invitation} from '../../client/state.ts';
import {nameLabel} from '../../names/label.ts';
import type {Size} from './layout.ts';
import {ListRow} from './list-row.tsx';
import {shortModes} from './mode-words.ts';
import {windowAround} from './window-around.ts';

type Props = {
  readonly invitations: readonly Invitation[];
  readonly people: People;
  /** Sender of the selected invitation. */
  readonly selected: string | undefined;
  readonly size: Size;
};

/** Invitations that wait for an answer. */
export const InvitationPane = memo(function InvitationPane(props: Props) {
  const {invitations, people, selected, size} = props;
  const index = invitations.findIndex(({from}) => from === selected);
  return (
    <Box flexDirection="column" height={size.rows} overflow="hidden">
      {windowAround(invitations, index, size.rows).map(({from, mode, room}) => (
        <ListRow
          key={from}
          nick={from}
          label={people.labelOf(from)}
          detail={room === undefined ? shortModes[mode] : nameLabel(room)}
          columns={size.columns}
          isSelected={from === selected}
        />
      ))}
    </Box>
  );
});
