/** What the user can choose of how the linear mode speaks, in the settings file, by options and by commands. */

/** The choices with a few words each; the first is the default. */
export const linearChoices = {
  /** How much is told: no comings and goings; as it is usual; every single one, and every attempt. */
  verbosity: ['normal', 'quiet', 'all'],
  /** Of your messages: what went wrong, or their success too. */
  marks: ['problems', 'all'],
  /** Whether lines wait while you type. */
  hold: ['typing', 'never'],
  /** Before what is for you. */
  bell: ['on', 'off'],
  /** Whether emoji are written as they are, or by their names. */
  emoji: ['signs', 'names'],
} as const;

export type LinearChoice = keyof typeof linearChoices;

export type LinearSettings = {
  readonly [Choice in LinearChoice]: (typeof linearChoices)[Choice][number];
} & {
  /** Before each line that you type. Empty, since it is read aloud. */
  readonly prompt: string;
};

export const defaultLinear: LinearSettings = {
  verbosity: 'normal',
  marks: 'problems',
  hold: 'typing',
  bell: 'on',
  emoji: 'signs',
  prompt: '',
};

export const linearChoiceNames = Object.keys(linearChoices) as readonly LinearChoice[];

/** Whether that is one of the values of a choice. */
export function isValueOf<Choice extends LinearChoice>(
  choice: Choice,
  value: string,
): value is LinearSettings[Choice] {
  const values: readonly string[] = linearChoices[choice];
  return values.includes(value);
}

/** Of the settings file, as JSON Schema. */
export const linearSchema = {
  linear: {
    type: 'object',
    properties: {
      ...Object.fromEntries(
        linearChoiceNames.map(name => [name, {type: 'string', enum: [...linearChoices[name]]}]),
      ),
      prompt: {type: 'string', maxLength: 40},
    },
  },
};
