import {Box} from 'ink';
import type {Command} from '../../client/commands.ts';
import {helpRows, type Size} from '../panes/layout.ts';
import {Styled} from '../theme/styled.tsx';
import type {Help} from '../view.ts';
import {helpLines} from './help-lines.ts';

type Props = {
  readonly commands: readonly Command[];
  readonly help: Help;
  readonly size: Size;
};

/** Keys and commands, over everything but the status bar. */
export function HelpView({commands, help, size}: Props) {
  const {columns} = size;
  const rows = helpRows(size);
  const lines = helpLines(commands, help.topic, columns);
  const left = lines.length - help.top - rows;
  return (
    <Box flexDirection="column" width={columns} height={rows + 1} overflow="hidden">
      <Box flexDirection="column" height={rows} overflow="hidden">
        {lines.slice(help.top, help.top + rows).map(({text, isTitle}, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen has no other name.
          <Styled key={index} as={isTitle ? 'accent' : 'text'} wrap="truncate">
            {text}
          </Styled>
        ))}
      </Box>
      <Styled as="quiet" wrap="truncate">
        {` Esc closes${left > 0 ? `, PgDn shows ${left} lines more` : ''}`}
      </Styled>
    </Box>
  );
}
