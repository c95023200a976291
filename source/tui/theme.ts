import type {TextProps} from 'ink';
import type {Role} from './conversation/entry-lines.ts';

type Style = Pick<TextProps, 'color' | 'bold' | 'dimColor' | 'italic' | 'inverse'>;

/** A sign or a word also says everything that a colour says. */
export const styles = {
  time: {dimColor: true},
  author: {},
  text: {},
  mention: {bold: true},
  action: {italic: true},
  quiet: {dimColor: true},
  error: {color: 'red'},
  'on-its-way': {color: 'yellow'},
  delivered: {color: 'green'},
  rule: {dimColor: true},
  unread: {color: 'red'},
} as const satisfies Record<Role, Style>;

export const accent = 'cyan';

/** Readable on a dark and on a light background. Red is kept for errors. */
const authorColours = [
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'greenBright',
  'blueBright',
  'magentaBright',
  'cyanBright',
] as const;

/** Always the same for a nickname, on every screen (FNV-1a). */
export function authorColour(nickname: string): string {
  let hash = 0x81_1c_9d_c5;
  for (const byte of new TextEncoder().encode(nickname.toLowerCase())) {
    hash = Math.imul(hash ^ byte, 0x01_00_01_93);
  }
  return authorColours[(hash >>> 0) % authorColours.length] ?? accent;
}
