/** Asks the terminal for its background colour, and reads the answer: OSC 11 of xterm's control sequences. */
import type {Background} from '../../theme-settings.ts';
import {multiplexerIn, passedThrough} from '../terminal/passthrough.ts';
import type {Variables} from './terminal.ts';

const question = '\u001b]11;?\u001b\\';

/**
 * The bytes that ask the terminal. Inside tmux or GNU screen they also ask the terminal around it, because not every version
 * of those answers by itself. tmux passes the question on only if `allow-passthrough` is on.
 */
export function backgroundQuestion(variables: Variables): string {
  const {TERM = ''} = variables;
  // The Linux console does not answer, and old ones show the question as text.
  if (/^linux\b/.test(TERM)) return '';
  const multiplexer = multiplexerIn(variables);
  if (multiplexer === 'screen') return passedThrough('\u001b]11;?\u0007', multiplexer);
  return (multiplexer === 'tmux' ? question : '') + passedThrough(question, multiplexer);
}

/**
 * Reads the body of an answer: `11;rgb:ffff/ffff/ffff`, `11;rgba:` with the opacity as a fourth part, or `11;#fff`. Each colour
 * has one to four digits (XParseColor).
 *
 * @returns undefined if it is the answer to another question, or cannot be read.
 */
export function backgroundIn(answer: string): Background | undefined {
  const [, spec = ''] = /^11;(.*)$/s.exec(answer) ?? [];
  const parts = /^rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})(?:\/[\da-f]{1,4})?$/i.exec(
    spec,
  );
  const [, digits = ''] = /^#((?:[\da-f]{3}){1,4})$/i.exec(spec) ?? [];
  const size = digits.length / 3;
  const channels =
    parts?.slice(1) ?? [0, 1, 2].map(place => digits.slice(place * size, (place + 1) * size));
  if (channels.includes('')) return undefined;
  const [red = 0, green = 0, blue = 0] = channels.map(
    channel => Number.parseInt(channel, 16) / (16 ** channel.length - 1),
  );
  const luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  return luminance > middleGrey ? 'light' : 'dark';
}

/** A grey of this luminance has the same contrast with black as with white. */
const middleGrey = 0.179;

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}
