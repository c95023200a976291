/** One press of a key. */
export type Key =
  /** A character (one code point), to be inserted at the cursor. */
  | {readonly type: 'text'; readonly text: string}
  /** Any other key: `enter`, `ctrl-a`, `alt-<`, `shift-tab`, `ctrl-left`, `f1`. */
  | {
      readonly type: 'chord';
      readonly chord: string;
      /** Of Esc and a key that came together: that key, for where the two have no meaning as one. */
      readonly escaped?: Key;
    }
  /** A text that the terminal marks as pasted. Line feeds are its only controls. */
  | {readonly type: 'paste'; readonly text: string}
  /** A paste of more than {@link maximumPaste} code points. Nothing of it is kept. */
  | {readonly type: 'refused-paste'; readonly characters: number};

/** In code points. */
export const maximumPaste = 262_144;

/** The key that sends that C0 or C1 control, or DEL. */
export function controlKey(character: string): Key | undefined {
  const name = controlNames[character];
  if (name !== undefined) return chord(name);
  const code = character.charCodeAt(0);
  if (code > 0x1f) return undefined;
  return chord(`ctrl-${String.fromCharCode(code + 0x40).toLowerCase()}`);
}

/** The key that sends Esc and then that character. */
export function altKey(character: string): Key {
  const control = controlKey(character);
  const name = control?.type === 'chord' ? control.chord : character.toLowerCase();
  const escaped: Key = control ?? {type: 'text', text: character};
  return {type: 'chord', chord: `alt-${name}`, escaped};
}

/** The key behind `ESC O` and that character. */
export function ss3Key(final: string): Key | undefined {
  const name = final === 'M' ? 'enter' : letterNames[final];
  return name === undefined ? undefined : chord(name);
}

/** The key behind `CSI parameters final`; undefined for a report of the terminal. */
export function csiKey(parameters: string, final: string): Key | undefined {
  if (parameters === '[') return named(linuxFunctionNames[final], 1);
  if (!/^[\d;:]*$/.test(parameters)) return undefined;
  const [first = '', second = '', third = ''] = parameters.split(';');
  const [modifiers = '1', event = '1'] = second.split(':');
  // A release of the key.
  if (event === '3') return undefined;
  const modifier = Number(modifiers || '1');
  if (final === 'Z') return chord('shift-tab');
  if (final === 'u') return codeKey(Number(first.split(':')[0]), modifier, third);
  if (final !== '~') {
    // `CSI row;column R` reports the cursor's position; F3 has the same form, with a 1.
    const isKey = first === '' || first === '1';
    return isKey ? named(letterNames[final], modifier) : undefined;
  }
  return first === '27' ? codeKey(Number(third), modifier, '') : named(tildeNames[first], modifier);
}

const controlNames: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\t': 'tab',
  '\u0000': 'ctrl-space',
  '\u001b': 'escape',
  '\u007f': 'backspace',
};

const letterNames: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
};

const linuxFunctionNames: Readonly<Record<string, string>> = {
  A: 'f1',
  B: 'f2',
  C: 'f3',
  D: 'f4',
  E: 'f5',
};

const tildeNames: Readonly<Record<string, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
};

/** Keys of the `CSI u` form that have a name instead of a character; 57414 is the keypad's Enter. */
const codeNames: Readonly<Record<number, string>> = {
  9: 'tab',
  13: 'enter',
  27: 'escape',
  57414: 'enter',
  127: 'backspace',
};

/** The keypad of the kitty protocol, from its 0 to its plus sign. */
const keypad = '0123456789./*-+';
const keypadStart = 57_399;

/** A key given by the code of its character: `CSI u`, and modifyOtherKeys of xterm. */
function codeKey(code: number, modifier: number, typed: string): Key | undefined {
  const name = codeNames[code];
  if (name !== undefined) return named(name, modifier);
  const character =
    code >= keypadStart && code < keypadStart + keypad.length
      ? keypad[code - keypadStart]
      : characterOf(code);
  if (character === undefined) return undefined;
  const {ctrl, alt, shift} = modifiersOf(modifier);
  if (ctrl || alt) {
    return chord(`${ctrl ? 'ctrl-' : ''}${alt ? 'alt-' : ''}${character.toLowerCase()}`);
  }
  const text = characterOf(Number(typed || Number.NaN));
  return {type: 'text', text: text ?? (shift ? character.toUpperCase() : character)};
}

/** Undefined for controls, surrogates, and the private area where kitty keeps its other keys. */
function characterOf(code: number): string | undefined {
  if (!Number.isInteger(code) || code < 0x20 || code > 0x10_ff_ff) return undefined;
  const character = String.fromCodePoint(code);
  return /[\p{Cc}\p{Cs}\p{Co}]/u.test(character) ? undefined : character;
}

function named(name: string | undefined, modifier: number): Key | undefined {
  if (name === undefined) return undefined;
  const {ctrl, alt, shift} = modifiersOf(modifier);
  return chord(`${ctrl ? 'ctrl-' : ''}${alt ? 'alt-' : ''}${shift ? 'shift-' : ''}${name}`);
}

/** @param modifier One more than the bits: 1 Shift, 2 Alt, 4 Control. */
function modifiersOf(modifier: number): {ctrl: boolean; alt: boolean; shift: boolean} {
  const bits = modifier - 1;
  return {ctrl: (bits & 4) !== 0, alt: (bits & 2) !== 0, shift: (bits & 1) !== 0};
}

function chord(name: string): Key {
  return {type: 'chord', chord: name};
}
