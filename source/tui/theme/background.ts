/** Asks the terminal for its background colour, and reads the answer: OSC 11 of xterm's control sequences. */
import type {Background} from '../../theme-settings.ts';

type Variables = Readonly<Record<string, string | undefined>>;

const question = '\u001b]11;?\u001b\\';

/**
 * The bytes that ask the terminal. Inside tmux or GNU screen they also ask the terminal around it, because not every version
 * of those answers by itself. tmux passes the question on only if `allow-passthrough` is on.
 */
export function backgroundQuestion({TMUX, STY, TERM = ''}: Variables): string {
  // The Linux console does not answer, and old ones show the question as text.
  if (/^linux\b/.test(TERM)) return '';
  // tmux wants each ESC doubled. For screen an ESC would end the string that it passes on: BEL ends the question.
  if (TMUX)
    return `${question}\u001bPtmux;${question.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`;
  return STY ? `\u001bP\u001b]11;?\u0007\u001b\\` : question;
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
