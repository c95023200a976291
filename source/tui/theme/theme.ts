import type {Background, Colour, Colours, ThemeSettings} from '../../theme-settings.ts';
import type {Role as LineRole} from '../conversation/entry-lines.ts';
import {Authors} from './authors.ts';
import {palettes, type Style, terminalPalettes} from './palettes.ts';
import {asIs, inAscii} from './signs.ts';
import type {ColourDepth, Terminal} from './terminal.ts';

/** What a piece of the screen is. The theme decides how it looks. */
export type Role =
  | LineRole
  | 'divider'
  | 'accent'
  | 'bar'
  | 'bar-hint'
  /** The bar while the hub is silent. */
  | 'bar-lost'
  | 'selection'
  | 'mention-mark'
  /** A QR code: dark on light, whatever the terminal is, because readers want it so. */
  | 'code'
  /** Everything in the public pane while you are in a private room. */
  | 'muted';

/** How everything on the screen looks. Components get it by `useTheme`. */
export type Theme = {
  readonly styles: Readonly<Record<Role, Style>>;
  readonly authors: Authors;
  readonly isAscii: boolean;
  /** Replaces the signs in a text of the program that the terminal cannot show. The width stays the same. */
  draw(text: string): string;
  /** The terminal can follow links. */
  readonly hasLinks: boolean;
};

export function createTheme(
  {depth, isAscii}: Pick<Terminal, 'depth' | 'isAscii'>,
  background: Background,
  {theme = 'auto', colours: chosen = {}}: ThemeSettings = {},
  hasLinks = false,
): Theme {
  const palette = theme === 'light' || theme === 'dark' ? theme : background;
  const isPlain = theme === 'terminal' || depth === 1;
  const known: Colours = depth === 0 ? {} : (isPlain ? terminalPalettes : palettes)[palette];
  const colours = {...known, ...shown(chosen, depth)};
  return {
    styles: {...stylesFor(colours), code: codeStyle(depth, background)},
    isAscii,
    authors: new Authors(authorStyles(colours, isPlain && palette === 'light')),
    draw: isAscii ? inAscii : asIs,
    hasLinks,
  };
}

/** Whether the theme depends on the background of the terminal. */
export function dependsOnBackground({depth}: Terminal, {theme}: ThemeSettings): boolean {
  return depth > 0 && theme !== 'light' && theme !== 'dark';
}

/** A sign or a word also says everything that a colour says. Without colours, bold, dim and reverse remain. */
function stylesFor(colours: Colours): Record<Exclude<Role, 'code'>, Style> {
  const quiet = coloured(colours.notices, {dimColor: true});
  return {
    text: {},
    author: {},
    time: quiet,
    quiet,
    muted: quiet,
    rule: quiet,
    divider: coloured(colours.dividers, {dimColor: true}),
    action: {italic: true},
    link: {underline: true, ...coloured(colours.links)},
    accent: {bold: true, ...coloured(colours.accent)},
    bar: onBackground(colours.bar, colours.barBackground),
    // Dim and reversed at once, it could hardly be read.
    'bar-hint': colours.barBackground === undefined ? {} : quiet,
    'bar-lost': {inverse: true, bold: true, ...coloured(colours.failed)},
    selection: onBackground(colours.selection, colours.selectionBackground),
    mention: {bold: true},
    'mentioned-name': {bold: true, ...onBackground(colours.mention, colours.mentionBackground)},
    'mention-mark': {bold: true, ...coloured(colours.mentionMark)},
    delivered: coloured(colours.delivered),
    'on-its-way': coloured(colours.onItsWay, {bold: true}),
    error: coloured(colours.failed),
    unread: {bold: true, ...coloured(colours.unread)},
  };
}

/** The first and the last of the 256 colours are the same everywhere; the first sixteen belong to the user. */
function codeStyle(depth: ColourDepth, background: Background): Style {
  if (depth === 0) return background === 'dark' ? {inverse: true} : {};
  if (depth === 1) return {color: 'black', backgroundColor: 'whiteBright'};
  return {color: forInk(16), backgroundColor: forInk(231)};
}

function authorStyles({names = []}: Colours, isWithBold: boolean): Style[] {
  const styles = names.map(name => coloured(name));
  // Few of the sixteen can be read on a light background, so each is used twice: plain and bold.
  return isWithBold ? [...styles, ...styles.map(style => ({...style, bold: true}))] : styles;
}

function coloured(colour: Colour | undefined, otherwise: Style = {}): Style {
  return colour === undefined ? otherwise : {color: forInk(colour)};
}

function onBackground(colour: Colour | undefined, background: Colour | undefined): Style {
  if (background === undefined) return {inverse: true};
  return {...coloured(colour), backgroundColor: forInk(background)};
}

function forInk(colour: Colour): string {
  return typeof colour === 'number' ? `ansi256(${colour})` : colour;
}

/** Those of the chosen colours that the terminal has. */
function shown(chosen: Colours, depth: ColourDepth): Colours {
  const has = (colour: Colour) =>
    depth > 1 ||
    (depth === 1 && (typeof colour === 'number' ? colour < 16 : !colour.startsWith('#')));
  const entries = Object.entries(chosen).filter(([, colour]) => [colour].flat().every(has));
  return Object.fromEntries(entries);
}
