/** What the terminal can do beyond showing text, as far as its name tells. Nothing is sent to a terminal that does not know it. */
import type {Variables} from '../theme/terminal.ts';
import {type Multiplexer, multiplexerIn} from './passthrough.ts';

/**
 * How a notice is put on the desktop: OSC 9 of iTerm2, OSC 99 of kitty, OSC 777 of rxvt.
 * https://sw.kovidgoyal.net/kitty/desktop-notifications/
 */
export type NoticeProtocol = 'osc-9' | 'osc-99' | 'osc-777';

export type Features = {
  readonly multiplexer: Multiplexer;
  readonly notices: NoticeProtocol | undefined;
  /** OSC 8 makes a text a link. */
  readonly links: boolean;
  /** OSC 52 copies. Many terminals must be told to allow it, and do not say whether they have. */
  readonly clipboard: boolean;
};

type Program = {
  readonly notices?: NoticeProtocol;
  readonly links?: true;
  /** At the beginning of its answer to XTVERSION. */
  readonly answer?: RegExp;
  isHere(variables: Variables): boolean;
};

/** In this order: a terminal that is started from another one inherits the variables of that. */
const programs: readonly Program[] = [
  {
    notices: 'osc-99',
    links: true,
    answer: /^kitty/i,
    isHere: ({TERM, KITTY_WINDOW_ID}) => TERM === 'xterm-kitty' || !!KITTY_WINDOW_ID,
  },
  {
    notices: 'osc-9',
    links: true,
    answer: /^ghostty/i,
    isHere: ({TERM, TERM_PROGRAM}) => TERM === 'xterm-ghostty' || TERM_PROGRAM === 'ghostty',
  },
  {
    notices: 'osc-9',
    links: true,
    answer: /^wezterm/i,
    isHere: ({TERM, TERM_PROGRAM, WEZTERM_PANE}) =>
      TERM === 'wezterm' || TERM_PROGRAM === 'WezTerm' || !!WEZTERM_PANE,
  },
  {
    notices: 'osc-9',
    links: true,
    answer: /^iterm2/i,
    isHere: ({TERM_PROGRAM, LC_TERMINAL, ITERM_SESSION_ID}) =>
      TERM_PROGRAM === 'iTerm.app' || LC_TERMINAL === 'iTerm2' || !!ITERM_SESSION_ID,
  },
  {
    notices: 'osc-777',
    links: true,
    answer: /^foot/i,
    isHere: ({TERM = ''}) => /^foot\b/.test(TERM),
  },
  {
    notices: 'osc-777',
    answer: /^rxvt-unicode/i,
    isHere: ({TERM = ''}) => /^rxvt-unicode/.test(TERM),
  },
  {
    notices: 'osc-777',
    links: true,
    answer: /^mintty/i,
    isHere: ({TERM_PROGRAM}) => TERM_PROGRAM === 'mintty',
  },
  {
    notices: 'osc-777',
    links: true,
    answer: /^contour/i,
    isHere: ({TERM = '', TERMINAL_NAME}) => /^contour/.test(TERM) || TERMINAL_NAME === 'contour',
  },
  // Since 0.50; some distributions have added notices to it, and all others ignore those.
  {
    notices: 'osc-777',
    links: true,
    answer: /^vte/i,
    isHere: ({VTE_VERSION = ''}) => Number(VTE_VERSION) >= 5000,
  },
  {
    links: true,
    answer: /^konsole/i,
    isHere: ({KONSOLE_VERSION = ''}) => Number(KONSOLE_VERSION) >= 201_200,
  },
  {
    links: true,
    answer: /^(?:windows terminal|windowsterminal)/i,
    isHere: ({WT_SESSION}) => !!WT_SESSION,
  },
  {
    links: true,
    answer: /^alacritty/i,
    isHere: ({TERM = '', ALACRITTY_WINDOW_ID}) => /^alacritty/.test(TERM) || !!ALACRITTY_WINDOW_ID,
  },
  {
    links: true,
    answer: /^xterm\.js/i,
    isHere: ({TERM_PROGRAM = ''}) => /^(?:vscode|Hyper|Tabby|rio|WarpTerminal)$/.test(TERM_PROGRAM),
  },
];

/** @param answer Of the terminal to {@link versionQuestion}, if it has given one. */
export function featuresOf(variables: Variables, answer?: string): Features {
  const {TERM = ''} = variables;
  const multiplexer = multiplexerIn(variables);
  // The Linux console shows parts of what it does not know as text.
  if (multiplexer === 'nested' || /^(?:linux|dumb|vt\d)/.test(TERM)) {
    return {multiplexer, notices: undefined, links: false, clipboard: false};
  }
  const isAnswer = (program: Program) => answer !== undefined && program.answer?.test(answer);
  const program = programs.find(isAnswer) ?? programs.find(({isHere}) => isHere(variables));
  const links = multiplexer === undefined ? (program?.links ?? false) : hasLinks(variables);
  return {multiplexer, notices: program?.notices, links, clipboard: true};
}

/** Asks the terminal for its name and version (XTVERSION), where the environment does not tell: over SSH, it hardly does. */
export function versionQuestion(variables: Variables): string {
  const isKnown = programs.some(({isHere}) => isHere(variables));
  const {TERM = '', TERM_PROGRAM} = variables;
  const isNamed = TERM_PROGRAM !== undefined || multiplexerIn(variables) !== undefined;
  const isAsked = /^xterm/.test(TERM) && !isNamed;
  return isAsked && !isKnown ? '\u001b[>q' : '';
}

/** @param body Of a DCS. @returns undefined if it is the answer to another question. */
export function versionIn(body: string): string | undefined {
  return /^>\|(.*)$/s.exec(body)?.[1];
}

/** Of the multiplexers, tmux knows links since 3.4, and passes them on to terminals that can follow them. */
function hasLinks({TMUX, TERM_PROGRAM, TERM_PROGRAM_VERSION = ''}: Variables): boolean {
  if (!TMUX || TERM_PROGRAM !== 'tmux') return false;
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(TERM_PROGRAM_VERSION) ?? [];
  return Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 4);
}
