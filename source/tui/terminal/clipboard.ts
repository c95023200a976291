import type {Features} from './features.ts';
import {passedThrough} from './passthrough.ts';

/** In bytes of UTF-8. Terminals take at most 100 000 bytes of Base64, and some of them a little less. */
export const maximumCopied = 74_000;

/**
 * The bytes that copy a text (OSC 52); none where the terminal would not understand them. tmux takes them itself if `set-clipboard`
 * is on, and passes them on if `allow-passthrough` is.
 *
 * @param text Of at most {@link maximumCopied} bytes.
 */
export function copySequence(text: string, {clipboard, multiplexer}: Features): string {
  if (!clipboard) return '';
  const sequence = `\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`;
  const passed = passedThrough(sequence, multiplexer);
  return multiplexer === 'tmux' ? sequence + passed : passed;
}
