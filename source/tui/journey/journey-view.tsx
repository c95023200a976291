import {Box, Text} from 'ink';
import {canCarryOver} from '../../client/carry-over.ts';
import type {Size} from '../panes/layout.ts';
import {useTheme} from '../theme/styled.tsx';
import type {View} from '../view.ts';
import {journeyRows} from './journey-rows.ts';
import {isRetryPossible, messageAt, type OpenJourney} from './open-journey.ts';
import type {Row} from './timeline.ts';

type Props = {
  readonly view: View;
  readonly open: OpenJourney;
  readonly size: Size;
  /** The columns at which the dividers of the panes above meet it. */
  readonly joints: readonly number[];
};

/** How one message has travelled, and what its bytes mean. */
export function JourneyView({view: {state}, open, size, joints}: Props) {
  const entry = messageAt(state, open.conversation, open.index);
  const shown = {
    ...open,
    delivery: entry?.delivery,
    isRetryPossible: isRetryPossible(entry),
    isCarryPossible: open.conversation === 'room' && canCarryOver(state),
  };
  const rows = journeyRows(shown, size, nick => state.people.labelOf(nick), joints);
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows} overflow="hidden">
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen has no other name.
        <RowText key={index} row={row} />
      ))}
    </Box>
  );
}

function RowText({row}: {readonly row: Row}) {
  const {styles, authors, draw} = useTheme();
  // An empty text has no height.
  if (row.length === 0) return <Text> </Text>;
  return (
    <Text wrap="truncate">
      {row.map(({as, text, nick}, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a row never change places.
        <Text key={index} {...(nick === undefined ? styles[as] : authors.styleOf(nick))}>
          {draw(text)}
        </Text>
      ))}
    </Text>
  );
}
