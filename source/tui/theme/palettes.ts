/**
 * The colours of the screen. They were chosen by measurement: text has a contrast of at least 4.5 with every background it is
 * drawn on (WCAG 2.2, 1.4.3), and times, notices and lines one of at least 3. test/tui/theme/contrast.test.ts computes them.
 */
import type {TextProps} from 'ink';
import type {Background, Colours} from '../../theme-settings.ts';

export type Style = Pick<
  TextProps,
  'color' | 'backgroundColor' | 'bold' | 'dimColor' | 'italic' | 'underline' | 'inverse'
>;

/** For terminals with 256 colours. */
export const palettes: Readonly<Record<Background, Required<Colours>>> = {
  dark: {
    notices: 246,
    dividers: 243,
    accent: 80,
    bar: 252,
    barBackground: 236,
    selection: 252,
    selectionBackground: 238,
    delivered: 114,
    onItsWay: 179,
    failed: 204,
    mention: 252,
    mentionBackground: 237,
    mentionMark: 221,
    unread: 204,
    links: 75,
    names: [114, 110, 179, 175, 80, 215, 147, 151, 217, 186, 74, 141],
  },
  light: {
    notices: 241,
    dividers: 245,
    accent: 23,
    bar: 235,
    barBackground: 255,
    selection: 235,
    selectionBackground: 253,
    delivered: 22,
    onItsWay: 94,
    failed: 160,
    mention: 235,
    mentionBackground: 230,
    mentionMark: 94,
    unread: 160,
    links: 25,
    names: [22, 25, 94, 125, 23, 61, 55, 127, 88, 58, 96, 90],
  },
};

/**
 * For terminals with sixteen colours, which the user of the terminal has chosen. Times and lines have none of them but are
 * dim: bright black, which others use, is the background itself in Solarized.
 */
export const terminalPalettes: Readonly<Record<Background, Colours>> = {
  dark: {
    accent: 'cyan',
    delivered: 'green',
    onItsWay: 'yellow',
    failed: 'red',
    mentionMark: 'yellow',
    unread: 'red',
    names: ['green', 'cyan', 'yellow', 'magenta', 'blueBright'],
  },
  light: {
    accent: 'blue',
    delivered: 'green',
    failed: 'red',
    unread: 'red',
    names: ['blue', 'magenta', 'red'],
  },
};
