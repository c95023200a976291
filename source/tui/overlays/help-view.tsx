import {Box, Text} from 'ink';
import type {Command} from '../../client/commands.ts';
import {helpRows, type Size} from '../panes/layout.ts';
import {accent} from '../theme.ts';
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
          <Text key={index} bold={isTitle} wrap="truncate" {...(isTitle && {color: accent})}>
            {text}
          </Text>
        ))}
      </Box>
      <Text dimColor wrap="truncate">
        {` Esc closes${left > 0 ? `, PgDn shows ${left} lines more` : ''}`}
      </Text>
    </Box>
  );
}
