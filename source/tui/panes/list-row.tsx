import {Text} from 'ink';
import {memo} from 'react';
import {toWidth, truncate, widthOf} from '../text/width.ts';
import {authorColour} from '../theme.ts';

type Props = {
  readonly nick: string;
  /** What stands at the end of the row. */
  readonly detail: string;
  readonly columns: number;
  readonly isSelected: boolean;
  readonly isBold?: boolean;
};

/** A nickname and what there is to say about it. */
export const ListRow = memo(function ListRow(props: Props) {
  const {nick, detail, columns, isSelected, isBold = false} = props;
  const shown = truncate(detail, Math.max(0, Math.floor(columns / 2)));
  const left = columns - 3 - widthOf(shown);
  return (
    <Text wrap="truncate" inverse={isSelected}>
      {isSelected ? '▸' : ' '}
      <Text color={authorColour(nick)} bold={isBold}>
        {toWidth(nick, left)}
      </Text>
      <Text dimColor={!isSelected}> {shown} </Text>
    </Text>
  );
});
