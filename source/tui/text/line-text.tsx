import {Text} from 'ink';
import {memo} from 'react';
import type {Line, Role, Span} from '../conversation/entry-lines.ts';
import {Styled, useTheme} from '../theme/styled.tsx';
import {hyperlink} from './hyperlink.ts';

type Props = {
  readonly line: Line;
  readonly isSelected: boolean;
  readonly isDimmed: boolean;
};

/** One row of a message pane, with its gutter. */
export const LineText = memo(function LineText({line, isSelected, isDimmed}: Props) {
  const {styles, authors, draw, hasLinks} = useTheme();
  const sign = isSelected ? '▸' : line.isMention ? '!' : ' ';
  const styleOf = ({role, nick}: Span) => {
    if (nick !== undefined) return authors.styleOf(nick);
    return isDimmed && isSaid(role) ? styles.muted : styles[role];
  };
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
          {...(!isSelected && styleOf(span))}
        >
          {linked(
            isSaid(span.role) ? span.text : draw(span.text),
            hasLinks ? span.target : undefined,
          )}
        </Text>
      ))}
    </Text>
  );
});

function linked(text: string, target: string | undefined): string {
  return target === undefined ? text : hyperlink(text, target);
}

const said: ReadonlySet<Role> = new Set(['text', 'mention', 'mentioned-name', 'action', 'link']);

/** What people write is drawn as it is, in whatever signs. */
function isSaid(role: Role): boolean {
  return said.has(role);
}
