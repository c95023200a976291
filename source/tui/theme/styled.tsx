import {Text, type TextProps} from 'ink';
import {Children, createContext, useContext} from 'react';
import type {Role, Theme} from './theme.ts';

const ThemeContext = createContext<Theme | undefined>(undefined);

export const ThemeProvider = ThemeContext;

/** @throws Error outside of a {@link ThemeProvider}. */
export function useTheme(): Theme {
  const theme = useContext(ThemeContext);
  if (theme === undefined) throw new Error('no theme');
  return theme;
}

type Props = Pick<TextProps, 'bold' | 'wrap' | 'children'> & {readonly as?: Role};

/** A text of the program itself in the colours and signs of the theme. For what people write, use `Text`. */
export function Styled({as = 'text', children, ...more}: Props) {
  const {styles, draw} = useTheme();
  return (
    <Text {...styles[as]} {...more}>
      {Children.map(children, child => (typeof child === 'string' ? draw(child) : child))}
    </Text>
  );
}
