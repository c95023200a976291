import {Box} from 'ink';
import type {State} from '../../client/state.ts';
import {selectedOf} from '../selection.ts';
import {Styled} from '../theme/styled.tsx';
import type {View} from '../view.ts';
import type {Size} from './layout.ts';
import {ListRow} from './list-row.tsx';
import {type ListedPerson, selectableUsers, sortedUsers} from './people.ts';
import {numberedWindow} from './window-around.ts';

type Props = {readonly view: View; readonly size: Size};

/** The people who are here, and where they are. */
export function UserPane({view, size}: Props) {
  const {state, focus, selectedUser} = view;
  const users = sortedUsers(state);
  const selected = focus === 'users' ? selectedOf(selectableUsers(state), selectedUser) : undefined;
  const place = users.findIndex(({nick}) => nick === selected);
  const {items, above, below} = numberedWindow(users, place, size.rows);
  const isOld = state.connection.phase === 'retrying';
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows} overflow="hidden">
      {above > 0 && <More words={`${above} more ↑`} />}
      {items.map(user => (
        <ListRow
          key={user.nick}
          nick={user.nick}
          label={user.label}
          detail={placeOf(user, state)}
          columns={size.columns}
          isSelected={user.nick === selected}
          isBold={user.nick === state.nick}
          isDimmed={isOld}
        />
      ))}
      {below > 0 && <More words={`${below} more ↓`} />}
    </Box>
  );
}

function More({words}: {readonly words: string}) {
  return <Styled as="quiet" wrap="truncate">{` ${words}`}</Styled>;
}

/** Most people are in public, so that this is not said. */
function placeOf({nick, status}: ListedPerson, {nick: own, room, link}: State): string {
  if (nick === own) return 'you';
  if (room?.members.includes(nick)) return 'here';
  if (link?.nick === nick) return 'private';
  return status === 'room' ? 'in a room' : '';
}
