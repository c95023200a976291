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
  /** What is said of them may not be true any more. */
  readonly isDimmed?: boolean;
};

/** A person, and a detail about them. */
export const ListRow = memo(function ListRow(props: Props) {
  const {nick, label, detail, columns, isSelected, isBold = false, isDimmed = false} = props;
  const {styles, authors, draw} = useTheme();
  const shown = truncate(detail, Math.max(0, Math.floor(columns / 2)));
  const left = columns - 3 - widthOf(shown);
  const style = isDimmed ? styles.quiet : authors.styleOf(nick);
  return (
    <Text wrap="truncate" {...(isSelected && styles.selection)}>
      {draw(isSelected ? '▸' : ' ')}
      <Text {...(!isSelected && style)} {...(isBold && {bold: true})}>
        {draw(nameToWidth(label, left))}
      </Text>
      <Styled as={isSelected ? 'text' : 'quiet'}>{` ${shown} `}</Styled>
    </Text>
  );
});
