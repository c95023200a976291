import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import {truncate, widthOf} from '../text/width.ts';
import {Styled, useTheme} from '../theme/styled.tsx';
import type {Role} from '../theme/theme.ts';
import type {PaneSize} from './layout.ts';

type Props = {
  readonly title: string;
  /** In the lower edge: the number of entries below, or what the keys do. */
  readonly footer?: string | undefined;
  readonly size: PaneSize;
  readonly isFocused: boolean;
  readonly isDimmed?: boolean;
  readonly children: ReactNode;
};

/** A frame with words in its edges. */
export function PaneFrame({title, footer = '', size, isFocused, isDimmed, children}: Props) {
  const {columns, rows} = size;
  const {styles, borderStyle} = useTheme();
  const line = isFocused ? 'accent' : 'divider';
  const words = isFocused ? 'accent' : isDimmed ? 'muted' : 'text';
  const {color, dimColor = false} = styles[line];
  // Focus can be seen without colour too.
  const sign = isFocused ? '▸' : ' ';
  return (
    <Box flexDirection="column" width={columns} height={rows} flexShrink={0}>
      <Edge
        corners={['╭', '╮']}
        label={`${sign}${title} `}
        side="left"
        {...{columns, line, words}}
      />
      <Box
        borderStyle={borderStyle}
        borderTop={false}
        borderBottom={false}
        borderDimColor={dimColor}
        {...(color !== undefined && {borderColor: color})}
        height={rows - 2}
        flexDirection="column"
        overflow="hidden"
      >
        {children}
      </Box>
      <Edge
        corners={['╰', '╯']}
        label={footer === '' ? '' : ` ${footer} `}
        side="right"
        {...{columns, line, words}}
      />
    </Box>
  );
}

type EdgeProps = {
  readonly corners: readonly [left: string, right: string];
  readonly label: string;
  /** Where in the edge the label stands. */
  readonly side: 'left' | 'right';
  readonly columns: number;
  /** What the line and the label are. */
  readonly line: Role;
  readonly words: Role;
};

function Edge({corners: [start, end], label, side, columns, line, words}: EdgeProps) {
  const shown = truncate(label, columns - 3);
  const rest = '─'.repeat(Math.max(0, columns - 3 - widthOf(shown)));
  const [before, after] = side === 'left' ? ['', `${rest}─`] : [`─${rest}`, ''];
  return (
    <Text>
      <Styled as={line}>{start + before}</Styled>
      <Styled as={words}>{shown}</Styled>
      <Styled as={line}>{after + end}</Styled>
    </Text>
  );
}
