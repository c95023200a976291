import {Box, Text} from 'ink';
import {useMemo} from 'react';
import type {Share} from '../../client/share.ts';
import {hyperlink} from '../text/hyperlink.ts';
import {wrap} from '../text/wrap.ts';
import {Styled, useTheme} from '../theme/styled.tsx';
import {qrRows} from './qr-rows.ts';

type Props = Share & {
  readonly columns: number;
  readonly rows: number;
};

/** How others join: a link, and the same as a QR code where there is room. */
export function ShareView({link, note, columns, rows}: Props) {
  const {isAscii, hasLinks, styles} = useTheme();
  // A target has to be ASCII, and a host may not be.
  const isTarget = hasLinks && /^[!-~]*$/.test(link);
  const code = useMemo(() => qrRows(link, isAscii), [link, isAscii]);
  const links = wrap(link, columns - 2);
  // The link comes first: without the whole of it nobody can join.
  const notes = wrap(note, columns - 2).slice(0, Math.max(0, rows - 1 - links.length));
  const left = rows - notes.length - links.length - 1;
  const isFitting = code.columns <= columns - 2 && code.rows.length <= left;
  const hasAir = left - code.rows.length >= 3;
  return (
    <Box flexDirection="column" width={columns} height={rows} paddingX={1} overflow="hidden">
      {hasAir && isFitting && <Styled> </Styled>}
      {notes.length > 0 && <Styled wrap="truncate">{notes.join('\n')}</Styled>}
      <Text {...styles.link} wrap="truncate">
        {links.map(row => (isTarget ? hyperlink(row, link) : row)).join('\n')}
      </Text>
      {hasAir && isFitting && <Styled> </Styled>}
      {isFitting && (
        <Box flexDirection="column" flexShrink={0}>
          {code.rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a code do not move.
            <Text key={index} {...styles.code}>
              {row}
            </Text>
          ))}
        </Box>
      )}
      {hasAir && isFitting && <Styled> </Styled>}
      <Styled as="quiet" wrap="truncate">
        {isFitting
          ? 'Esc closes'
          : `Esc closes · a QR code needs ${code.columns + 2}×${needed(code, notes, links)}`}
      </Styled>
    </Box>
  );
}

function needed(
  code: {readonly rows: readonly string[]},
  ...words: readonly (readonly string[])[]
): number {
  // The status bar and the line with the keys.
  return code.rows.length + words.flat().length + 2;
}
