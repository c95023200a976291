import {Box} from 'ink';
import {memo} from 'react';
import {LineText} from '../text/line-text.tsx';
import type {Line} from './entry-lines.ts';
import type {VisibleRow} from './viewport.ts';

type Props = {
  readonly rows: readonly VisibleRow<Line>[];
  readonly height: number;
  /** Index of an entry. */
  readonly selected: number | undefined;
  readonly isDimmed: boolean;
};

/** The part of a conversation that is in view. */
export const MessagePane = memo(function MessagePane({rows, height, selected, isDimmed}: Props) {
  return (
    <Box flexDirection="column" height={height} overflow="hidden">
      {rows.map(({index, line, row}) => (
        <LineText
          key={`${index} ${line}`}
          line={row}
          isSelected={index === selected}
          isDimmed={isDimmed}
        />
      ))}
    </Box>
  );
});
