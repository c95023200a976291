import {Text} from 'ink';
import {memo} from 'react';
import {truncate, widthOf} from '../text/width.ts';
import {type Word, Words} from '../text/words.tsx';
import {Styled} from '../theme/styled.tsx';

type AcrossProps = {
  /** For each of the panes beside each other: its cells, and words at the right end. */
  readonly parts: readonly {readonly columns: number; readonly words: string}[];
  /** Where the dividers between the panes meet this one. */
  readonly joint: '┬' | '┴';
};

/** A line across the screen. */
export const DividerAcross = memo(function DividerAcross({parts, joint}: AcrossProps) {
  const words = parts.flatMap(({columns, words}, index): Word[] => {
    const shown = words === '' ? '' : truncate(` ${words} `, columns - 2);
    const end = shown === '' ? 0 : 2;
    const line = '─'.repeat(Math.max(0, columns - widthOf(shown) - end));
    return [
      {as: 'divider', text: index === 0 ? line : joint + line},
      ...(shown === '' ? [] : [{as: 'accent', text: shown} as const]),
      {as: 'divider', text: '─'.repeat(end)},
    ];
  });
  return <Words words={words} />;
});

type DownProps = {
  readonly rows: number;
  /** Row at which a line goes off to the right. */
  readonly branch: number | undefined;
};

/** A line between two panes. */
export const DividerDown = memo(function DividerDown({rows, branch}: DownProps) {
  const cells = Array.from({length: rows}, (_, row) => (row === branch ? '├' : '│'));
  return (
    <Text>
      <Styled as="divider">{cells.join('\n')}</Styled>
    </Text>
  );
});
