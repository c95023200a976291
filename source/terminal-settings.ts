/** What the user can choose of how the program uses the terminal, in the settings file. */

/** What calls the user: a message with their name, one for them alone, an invitation. */
export const callKinds = ['mentions', 'private', 'invitations'] as const;

export type CallKind = (typeof callKinds)[number];

export type TerminalSettings = {
  /** Which calls ring the bell; by default all. */
  readonly bell?: boolean | readonly CallKind[] | undefined;
  /** Which calls put a notice on the desktop; by default all. */
  readonly notices?: boolean | readonly CallKind[] | undefined;
  /** Whether a notice shows what was written, or only who calls; by default the text. */
  readonly noticeText?: 'text' | 'who' | undefined;
  /** Whether the program gets the wheel of the mouse; by default not, so that the mouse selects text. */
  readonly mouse?: 'on' | 'off' | undefined;
  /** Whether addresses are links (OSC 8); by default where the terminal is known to follow them. */
  readonly links?: 'auto' | 'on' | 'off' | undefined;
};

const calls = {
  anyOf: [
    {type: 'boolean'},
    {type: 'array', items: {type: 'string', enum: callKinds}, uniqueItems: true},
  ],
};

/** Of {@link TerminalSettings}, as JSON Schema. */
export const terminalSchema = {
  bell: calls,
  notices: calls,
  noticeText: {type: 'string', enum: ['text', 'who']},
  mouse: {type: 'string', enum: ['on', 'off']},
  links: {type: 'string', enum: ['auto', 'on', 'off']},
} as const;

/** Of the settings as they were read. */
export function terminalSettingsOf(settings: {
  get<Key extends keyof TerminalSettings>(key: Key): TerminalSettings[Key];
}): TerminalSettings {
  return {
    bell: settings.get('bell'),
    notices: settings.get('notices'),
    noticeText: settings.get('noticeText'),
    mouse: settings.get('mouse'),
    links: settings.get('links'),
  };
}
