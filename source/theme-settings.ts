/** What the user can choose of how the screen looks, in the settings file. */

/** A number of the 256 colours, one of {@link namedColours}, or `#rrggbb`. */
export type Colour = number | string;

/** The terminal's own sixteen, as Ink calls them. */
export const namedColours = [
  'black',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'white',
  'blackBright',
  'redBright',
  'greenBright',
  'yellowBright',
  'blueBright',
  'magentaBright',
  'cyanBright',
  'whiteBright',
] as const;

/** Everything that the user can choose a colour for, names aside. */
export const colourNames = [
  /** Times and what the program says. */
  'notices',
  /** Frames and lines. */
  'dividers',
  /** What has the focus, and the prompt. */
  'accent',
  'bar',
  'barBackground',
  'selection',
  'selectionBackground',
  'delivered',
  'onItsWay',
  'failed',
  'mention',
  'mentionBackground',
  /** The `!` beside it. */
  'mentionMark',
  /** The rule above what is new. */
  'unread',
  'links',
] as const;

/** Without a colour, bold, dim or reverse take its place. */
export type Colours = {readonly [Name in (typeof colourNames)[number]]?: Colour} & {
  /** Of people's names. The first is for your own. */
  readonly names?: readonly Colour[];
};

export type Background = 'dark' | 'light';

export type ThemeChoice = 'auto' | Background | 'terminal';

/** What the user has chosen, in the settings. */
export type ThemeSettings = {
  readonly theme?: ThemeChoice | undefined;
  readonly colours?: Colours | undefined;
};

const colour = {
  anyOf: [
    {type: 'integer', minimum: 0, maximum: 255},
    {type: 'string', enum: namedColours},
    {type: 'string', pattern: '^#[0-9a-fA-F]{6}$'},
  ],
};

/** Of {@link ThemeSettings}, as JSON Schema. */
export const themeSchema = {
  theme: {type: 'string', enum: ['auto', 'dark', 'light', 'terminal']},
  colours: {
    type: 'object',
    properties: {
      ...Object.fromEntries(colourNames.map(name => [name, colour])),
      names: {type: 'array', items: colour, minItems: 1, maxItems: 64},
    },
    additionalProperties: false,
  },
} as const;
