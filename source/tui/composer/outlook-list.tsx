import {Box} from 'ink';
import {windowAround} from '../panes/window-around.ts';
import {toWidth, truncate, widthOf} from '../text/width.ts';
import {Styled} from '../theme/styled.tsx';
import type {OutlookRow} from './composer.ts';

type Props = {
  readonly rows: readonly OutlookRow[];
  /** Rows of the screen. */
  readonly height: number;
  readonly columns: number;
};

/** The list above the draft: what can be typed, completed or recalled, or what is asked. */
export function OutlookList({rows, height, columns}: Props) {
  const items = rows.filter(({note}) => note !== undefined);
  const widest = items.reduce((most, {text}) => Math.max(most, widthOf(text)), 0);
  const left = Math.min(widest, columns < minimumForNotes ? columns : Math.floor(columns / 2));
  const chosen = rows.findIndex(({isChosen}) => isChosen);
  const shown = windowAround(rows, Math.max(0, chosen), height);
  return (
    <Box flexDirection="column" height={height} overflow="hidden">
      {shown.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen has no other name.
        <Row key={index} row={row} left={left} columns={columns} />
      ))}
    </Box>
  );
}

/** In cells. A narrower list has no room for notes. */
const minimumForNotes = 40;

type RowProps = {
  readonly row: OutlookRow;
  /** Cells for the texts, where they have notes. */
  readonly left: number;
  readonly columns: number;
};

function Row({row: {text, note, isChosen, isWords}, left, columns}: RowProps) {
  const words = note === undefined ? text : `${toWidth(text, left)}  ${note}`;
  if (isChosen) {
    return (
      <Styled as="selection" wrap="truncate">
        {toWidth(`▸${words}`, columns)}
      </Styled>
    );
  }
  return (
    <Styled as={isWords ? 'text' : 'quiet'} wrap="truncate">
      {truncate(` ${words}`, columns)}
    </Styled>
  );
}
