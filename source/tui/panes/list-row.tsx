import {Text} from 'ink';
import {memo} from 'react';
import {nameToWidth, truncate, widthOf} from '../text/width.ts';
import {Styled, useTheme} from '../theme/styled.tsx';

type Props = {
  readonly nick: string;
  /** Label of that person. */
  readonly label: string;
  /** Shown at the end of the row. */
  readonly detail: string;
  readonly columns: number;
  readonly isSelected: boolean;
  readonly isBold?: boolean;
};

/** A person, and a detail about them. */
export const ListRow = memo(function ListRow(props: Props) {
  const {nick, label, detail, columns, isSelected, isBold = false} = props;
  const {styles, authors, draw} = useTheme();
  const shown = truncate(detail, Math.max(0, Math.floor(columns / 2)));
  const left = columns - 3 - widthOf(shown);
  return (
    <Text wrap="truncate" {...(isSelected && styles.selection)}>
      {draw(isSelected ? '▸' : ' ')}
      <Text {...(!isSelected && authors.styleOf(nick))} {...(isBold && {bold: true})}>
        {draw(nameToWidth(label, left))}
      </Text>
      <Styled as={isSelected ? 'text' : 'quiet'}>{` ${shown} `}</Styled>
    </Text>
  );
});
