/** What the terminal can show, according to the environment. */
import type {Background} from '../../theme-settings.ts';

/** No colour, the terminal's own sixteen, 256, or any: the levels of chalk, which makes Ink's colours. */
export type ColourDepth = 0 | 1 | 2 | 3;

export type Terminal = {
  readonly depth: ColourDepth;
  /** The program's signs are drawn in ASCII. What people write is shown as it is. */
  readonly isAscii: boolean;
  /** A guess, for as long as the terminal itself has not answered. */
  readonly background: Background;
};

export type Variables = Readonly<Record<string, string | undefined>>;

export function terminalOf(variables: Variables, platform: NodeJS.Platform): Terminal {
  return {
    depth: colourDepth(variables, platform),
    isAscii: isLinuxConsole(variables) || !(platform === 'win32' || isUtf8(variables)),
    background: guessedBackground(variables),
  };
}

/**
 * NO_COLOR (no-color.org) wins over FORCE_COLOR (force-color.org), and that over CLICOLOR. CI plays no part, because the screen is
 * only drawn on a terminal.
 */
function colourDepth(variables: Variables, platform: NodeJS.Platform): ColourDepth {
  const {NO_COLOR, FORCE_COLOR, CLICOLOR, COLORTERM = '', TERM = ''} = variables;
  if (NO_COLOR) return 0;
  if (FORCE_COLOR === '0' || FORCE_COLOR === 'false') return 0;
  if (FORCE_COLOR === '1' || FORCE_COLOR === '2' || FORCE_COLOR === '3') {
    return Number(FORCE_COLOR) as ColourDepth;
  }
  const isForced = FORCE_COLOR !== undefined;
  if (!isForced && (CLICOLOR === '0' || /^(dumb$|vt\d|.*-m(ono)?$)/.test(TERM))) return 0;
  if (/^(truecolor|24bit)$/i.test(COLORTERM) || /direct/.test(TERM)) return 3;
  if (/256|kitty|ghostty|alacritty|wezterm|foot/.test(TERM)) return 2;
  return platform === 'win32' && TERM === '' ? 2 : 1;
}

function isLinuxConsole({TERM = ''}: Variables): boolean {
  return /^linux\b/.test(TERM);
}

/** The C library reads the locale in the same way: the first of the three variables that is not empty decides. */
function isUtf8({LC_ALL, LC_CTYPE, LANG}: Variables): boolean {
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || 'C');
}

/** Foreground and background by their numbers among the sixteen: `15;0`, `0;default;15` (rxvt, Konsole). */
function guessedBackground({COLORFGBG = ''}: Variables): Background {
  return /;(7|9|1[0-5])$/.test(COLORFGBG) ? 'light' : 'dark';
}
