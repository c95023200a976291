import {Text} from 'ink';
import {memo} from 'react';
import {nameToWidth, truncate, widthOf} from '../text/width.ts';
import {authorColour} from '../theme.ts';

type Props = {
  /** Label of a person. */
  readonly label: string;
  /** Shown at the end of the row. */
  readonly detail: string;
  readonly columns: number;
  readonly isSelected: boolean;
  readonly isBold?: boolean;
};

/** A person, and a detail about them. */
export const ListRow = memo(function ListRow(props: Props) {
  const {label, detail, columns, isSelected, isBold = false} = props;
  const shown = truncate(detail, Math.max(0, Math.floor(columns / 2)));
  const left = columns - 3 - widthOf(shown);
  return (
    <Text wrap="truncate" inverse={isSelected}>
      {isSelected ? '▸' : ' '}
      <Text color={authorColour(label)} bold={isBold}>
        {nameToWidth(label, left)}
      </Text>
      <Text dimColor={!isSelected}> {shown} </Text>
    </Text>
  );
});
