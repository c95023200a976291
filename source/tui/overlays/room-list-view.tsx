import {Box} from 'ink';
import {roomLabels} from '../../client/room-names.ts';
import {noRooms} from '../../client/sentences.ts';
import type {ListedRoom} from '../../client/state.ts';
import {roomListRows, type Size} from '../panes/layout.ts';
import {shortModes} from '../panes/mode-words.ts';
import {windowAround} from '../panes/window-around.ts';
import {nameToWidth, toWidth, widthOf} from '../text/width.ts';
import {wrap} from '../text/wrap.ts';
import {Styled} from '../theme/styled.tsx';

type Props = {
  /** Undefined while the hub has not told them. */
  readonly rooms: readonly ListedRoom[] | undefined;
  /** Name of the selected room. */
  readonly selected: string | undefined;
  readonly size: Size;
};

/** The named rooms to choose from, over everything but the status bar. */
export function RoomListView({rooms, selected, size}: Props) {
  const {columns} = size;
  const rows = roomListRows(size);
  const index = rooms?.findIndex(({name}) => name === selected) ?? -1;
  const hint = index === -1 ? 'Esc closes' : 'Esc closes, Enter joins';
  return (
    <Box flexDirection="column" width={columns} height={rows + 2} overflow="hidden">
      <Styled as="accent" wrap="truncate">
        {rooms === undefined ? ' Rooms' : ` Rooms ${rooms.length}`}
      </Styled>
      <Box flexDirection="column" height={rows} overflow="hidden">
        {rooms === undefined || rooms.length === 0 ? (
          <Words text={rooms === undefined ? 'Asking the hub…' : noRooms} columns={columns} />
        ) : (
          <Rows rooms={rooms} index={index} size={{columns, rows}} />
        )}
      </Box>
      <Styled as="quiet" wrap="truncate">{` ${hint}`}</Styled>
    </Box>
  );
}

function Words({text, columns}: {readonly text: string; readonly columns: number}) {
  return wrap(text, columns - 2).map(row => (
    <Styled key={row} wrap="truncate">
      {` ${row}`}
    </Styled>
  ));
}

type RowsProps = {
  readonly rooms: readonly ListedRoom[];
  readonly index: number;
  readonly size: Size;
};

/** Name, mode and number of members, each in a column of its own. */
function Rows({rooms, index, size: {columns, rows}}: RowsProps) {
  const isNarrow = columns < narrowColumns;
  const gap = isNarrow ? ' ' : '  ';
  const labels = roomLabels(rooms);
  const labelOf = ({name}: ListedRoom) => labels.get(name) ?? '';
  const modeOf = ({mode}: ListedRoom) => (isNarrow ? shortModes[mode] : mode);
  const widest = (textOf: (room: ListedRoom) => string) =>
    rooms.reduce((most, room) => Math.max(most, widthOf(textOf(room))), 0);
  const modeColumns = widest(modeOf);
  const memberColumns = widest(({members}) => String(members));
  const left = columns - margin - modeColumns - memberColumns - 2 * gap.length;
  const nameColumns = Math.min(left, widest(labelOf));
  return windowAround(rooms, index, rows).map((room, row) => {
    const isSelected = room === rooms[index];
    const words = [
      nameToWidth(labelOf(room), nameColumns),
      toWidth(modeOf(room), modeColumns),
      String(room.members).padStart(memberColumns),
    ].join(gap);
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: a hub may list a name twice.
      <Styled key={row} as={isSelected ? 'selection' : 'text'} wrap="truncate">
        {toWidth(`${isSelected ? '▸' : ' '}${words}`, columns)}
      </Styled>
    );
  });
}

/** In cells, for the sign of the selected room. */
const margin = 1;
/** On a narrower screen, the names of the modes would leave too little for those of the rooms. */
const narrowColumns = 40;
