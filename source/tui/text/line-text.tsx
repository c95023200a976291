import {Text} from 'ink';
import {memo} from 'react';
import type {Line} from '../conversation/entry-lines.ts';
import {authorColour, styles} from '../theme.ts';

type Props = {
  readonly line: Line;
  readonly isSelected: boolean;
  readonly isDimmed: boolean;
};

/** One row of a message pane, with its margin. */
export const LineText = memo(function LineText({line, isSelected, isDimmed}: Props) {
  const sign = isSelected ? '▸' : line.isMention ? '!' : ' ';
  return (
    <Text wrap="truncate" dimColor={isDimmed} inverse={isSelected}>
      <Text bold>{sign}</Text>
      {line.spans.map(({role, text}, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the spans of a line never change places.
        <Text key={index} {...styles[role]} {...(role === 'author' && authorStyle(text))}>
          {text}
        </Text>
      ))}
    </Text>
  );
});

function authorStyle(text: string): {readonly color: string} {
  return {color: authorColour(text.replace(/^\* /, '').trim())};
}
