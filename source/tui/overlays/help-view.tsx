import {Box} from 'ink';
import type {Command} from '../../client/command.ts';
import type {State} from '../../client/state.ts';
import {helpRows, type Size} from '../panes/layout.ts';
import {truncate} from '../text/width.ts';
import {Styled} from '../theme/styled.tsx';
import type {Help} from './help-controller.ts';
import {type HelpRow, helpRowsFor} from './help-lines.ts';

type Props = {
  readonly commands: readonly Command[];
  readonly features: State['features'];
  readonly help: Help;
  readonly size: Size;
};

/** Keys, commands and topics, over everything but the status bar. What is typed searches in them. */
export function HelpView({commands, features, help, size}: Props) {
  const {columns} = size;
  const {topic, top} = help;
  const rows = helpRows(size);
  const filter = help.filter.text;
  const lines = helpRowsFor({commands, features, topic, filter, columns});
  return (
    <Box flexDirection="column" width={columns} height={rows + 1} overflow="hidden">
      <Box flexDirection="column" height={rows} overflow="hidden">
        {lines.slice(top, top + rows).map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen has no other name.
          <Row key={index} row={row} />
        ))}
      </Box>
      <Styled as="quiet" wrap="truncate">
        {truncate(footer(filter, lines.length, top + rows), columns)}
      </Styled>
    </Box>
  );
}

function Row({row}: {readonly row: HelpRow}) {
  return (
    <Box>
      {row.map(({text, isTitle}, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a column has no other name.
        <Styled key={index} as={isTitle ? 'accent' : 'text'} wrap="truncate">
          {text}
        </Styled>
      ))}
    </Box>
  );
}

function footer(filter: string, lines: number, shownEnd: number): string {
  const left = lines - shownEnd;
  const more = left > 0 ? ` · PgDn ${left} more` : '';
  if (filter === '') return ` Esc closes · type to search${more}`;
  const found = lines === 0 ? ' · nothing has that' : more;
  return ` search: ${filter}${found} · Esc shows all`;
}
