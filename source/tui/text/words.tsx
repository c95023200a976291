import {Text} from 'ink';
import {Styled, useTheme} from '../theme/styled.tsx';
import type {Role} from '../theme/theme.ts';
import {truncate, widthOf} from './width.ts';

/** A piece of a row of the program's own words. */
export type Word = {
  readonly as: Role;
  readonly text: string;
  /** Of a name: whose it is. */
  readonly nick?: string;
};

type Props = {
  readonly words: readonly Word[];
  /** What lies behind all of them. */
  readonly as?: Role;
};

/** One row of words, cut at the edge of the screen. */
export function Words({words, as = 'text'}: Props) {
  const {authors, draw} = useTheme();
  return (
    <Styled as={as} wrap="truncate">
      {words.map(({as: role, text, nick}, index) =>
        nick === undefined ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the words of a row have no other name.
          <Styled key={index} as={role}>
            {text}
          </Styled>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above.
          <Text key={index} {...authors.styleOf(nick)}>
            {draw(text)}
          </Text>
        ),
      )}
    </Styled>
  );
}

export function widthOfWords(words: readonly Word[]): number {
  return words.reduce((sum, {text}) => sum + widthOf(text), 0);
}

/** Cut to at most that many cells. */
export function truncateWords(words: readonly Word[], columns: number): readonly Word[] {
  const shown: Word[] = [];
  let left = columns;
  for (const word of words) {
    const text = truncate(word.text, left);
    if (text !== '') shown.push({...word, text});
    left -= widthOf(text);
    if (text !== word.text) break;
  }
  return shown;
}
