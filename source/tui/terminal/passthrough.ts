import type {Variables} from '../theme/terminal.ts';

/** What stands between this program and the terminal. */
export type Multiplexer = 'tmux' | 'screen' | 'nested' | undefined;

/** GNU screen drops a longer string that it is to pass on; in bytes. */
const maximumPassed = 256;

/** `nested`: one of them in the other. The variables do not tell which, and each would show what is meant for the other as text. */
export function multiplexerIn({TMUX, STY}: Variables): Multiplexer {
  if (TMUX && STY) return 'nested';
  if (TMUX) return 'tmux';
  return STY ? 'screen' : undefined;
}

/**
 * The same sequence for the terminal around tmux or GNU screen; nothing if they are nested. tmux passes it on only if
 * `allow-passthrough` is on.
 *
 * @param sequence An OSC. For screen it ends with BEL: an ESC could end the string that it passes on.
 */
export function passedThrough(sequence: string, multiplexer: Multiplexer): string {
  switch (multiplexer) {
    case 'tmux':
      // tmux wants each ESC doubled.
      return `\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`;
    case 'screen':
      return piecesOf(sequence)
        .map(piece => `\u001bP${piece}\u001b\\`)
        .join('');
    case 'nested':
      return '';
    case undefined:
      return sequence;
  }
}

/** Cut between characters. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  let bytes = 0;
  for (const character of text) {
    const size = Buffer.byteLength(character);
    if (bytes + size > maximumPassed) {
      pieces.push(piece);
      piece = '';
      bytes = 0;
    }
    piece += character;
    bytes += size;
  }
  return [...pieces, piece];
}
