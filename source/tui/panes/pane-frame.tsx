import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import {truncate, widthOf} from '../text/width.ts';
import {accent} from '../theme.ts';
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
  const style = {dimColor: isDimmed ?? false, ...(isFocused && {color: accent})};
  // Focus can be seen without colour too.
  const sign = isFocused ? '▸' : ' ';
  return (
    <Box flexDirection="column" width={columns} height={rows} flexShrink={0}>
      <Text {...style} bold={isFocused}>
        {edge('╭', `${sign}${title} `, '╮', columns, 'left')}
      </Text>
      <Box
        borderStyle="round"
        borderTop={false}
        borderBottom={false}
        borderDimColor={style.dimColor}
        {...(isFocused && {borderColor: accent})}
        height={rows - 2}
        flexDirection="column"
        overflow="hidden"
      >
        {children}
      </Box>
      <Text {...style}>{edge('╰', footer === '' ? '' : ` ${footer} `, '╯', columns, 'right')}</Text>
    </Box>
  );
}

/** @param side Where in the edge the words stand. */
function edge(
  start: string,
  words: string,
  end: string,
  columns: number,
  side: 'left' | 'right',
): string {
  const label = truncate(words, columns - 3);
  const line = '─'.repeat(Math.max(0, columns - 3 - widthOf(label)));
  return side === 'left' ? `${start}${label}${line}─${end}` : `${start}─${line}${label}${end}`;
}
