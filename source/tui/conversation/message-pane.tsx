import {Box} from 'ink';
import {memo} from 'react';
import {LineText} from '../text/line-text.tsx';
import {Styled} from '../theme/styled.tsx';
import type {Line} from './entry-lines.ts';
import type {VisibleRow} from './viewport.ts';

type Props = {
  readonly rows: readonly VisibleRow<Line>[];
  readonly height: number;
  /** Index of an entry. */
  readonly selected: number | undefined;
  readonly isDimmed: boolean;
  /** What is said in the free rows below, if there are enough. */
  readonly note: readonly string[];
};

/** The part of a conversation that is in view. */
export const MessagePane = memo(function MessagePane(props: Props) {
  const {rows, height, selected, isDimmed, note} = props;
  const hasNote = note.length > 0 && rows.length + note.length < height;
  return (
    <Box flexDirection="column" height={height} overflow="hidden">
      {rows.map(({index, line, row}) => (
        <LineText
          key={`${index} ${line}`}
          line={row}
          isSelected={index === selected && row.at >= 0}
          isDimmed={isDimmed}
        />
      ))}
      {hasNote && (
        <Box flexDirection="column" marginTop={1}>
          {note.map(words => (
            <Styled key={words} as="quiet" wrap="truncate">
              {` ${words}`}
            </Styled>
          ))}
        </Box>
      )}
    </Box>
  );
});
