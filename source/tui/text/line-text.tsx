import {Text} from 'ink';
import {memo} from 'react';
import type {Line, Span} from '../conversation/entry-lines.ts';
import {Styled, useTheme} from '../theme/styled.tsx';
import {hyperlink} from './hyperlink.ts';

type Props = {
  readonly line: Line;
  readonly isSelected: boolean;
  readonly isDimmed: boolean;
};

/** One row of a message pane, with its margin. */
export const LineText = memo(function LineText({line, isSelected, isDimmed}: Props) {
  const {styles, authors, draw, hasLinks} = useTheme();
  const sign = isSelected ? '▸' : line.isMention ? '!' : ' ';
  const styleOf = ({role, nick}: Span) =>
    nick === undefined ? styles[role] : authors.styleOf(nick);
  return (
    <Text wrap="truncate" {...(isSelected && styles.selection)}>
      <Styled as={isSelected ? 'text' : 'mention-mark'} bold>
        {sign}
      </Styled>
      {line.spans.map((span, index) => (
        <Text
          // biome-ignore lint/suspicious/noArrayIndexKey: the spans of a line never change places.
          key={index}
          // Other colours could hardly be read on the background of a selection.
          {...(!isSelected && (isDimmed ? styles.muted : styleOf(span)))}
        >
          {linked(isSaid(span) ? span.text : draw(span.text), hasLinks ? span.target : undefined)}
        </Text>
      ))}
    </Text>
  );
});

function linked(text: string, target: string | undefined): string {
  return target === undefined ? text : hyperlink(text, target);
}

/** What people write is drawn as it is, in whatever signs. */
function isSaid({role}: Span): boolean {
  return role === 'text' || role === 'mention' || role === 'action' || role === 'link';
}
