/** What a terminal sends for the keys that are not a character, in xterm's encoding. */
export const key = {
  enter: '\r',
  escape: '\u001B',
  tab: '\t',
  shiftTab: '\u001B[Z',
  backspace: '\u007F',
  up: '\u001B[A',
  down: '\u001B[B',
  right: '\u001B[C',
  left: '\u001B[D',
  pageUp: '\u001B[5~',
  pageDown: '\u001B[6~',
} as const;

/** Control and a letter: the letter's place in the alphabet. */
export function ctrl(letter: string): string {
  return String.fromCharCode(letter.toUpperCase().charCodeAt(0) & 0x1f);
}

/** Alt and any key: the key after an Escape, in the same write. */
export function alt(character: string): string {
  return key.escape + character;
}

/** A pasted text, as a terminal sends it to a program that asked for bracketed paste. */
export function paste(text: string): string {
  return `\u001B[200~${text}\u001B[201~`;
}
