import type {Command} from '../../client/commands.ts';
import {groupTitles} from '../../client/help.ts';
import {type Context, keyBindings, keyLabel} from '../input/key-bindings.ts';
import {toWidth, widthOf} from '../text/width.ts';
import {wrap} from '../text/wrap.ts';

export type HelpLine = {readonly text: string; readonly isTitle: boolean};

/**
 * The help, made from the table of commands and the table of keys.
 *
 * @param topic Name of a command: then only that one is explained.
 */
export function helpLines(
  commands: readonly Command[],
  topic: string | undefined,
  columns: number,
): HelpLine[] {
  const command = commands.find(({name}) => name === topic);
  if (command !== undefined) return commandLines([command], columns);
  return [
    ...Object.entries(groupTitles).flatMap(([group, words]) => [
      title(words),
      ...commandLines(
        commands.filter(candidate => candidate.group === group),
        columns,
      ),
    ]),
    ...contexts.flatMap(([context, words]) => [title(words), ...keyLines(context, columns)]),
  ];
}

const contexts: ReadonlyArray<readonly [Context, string]> = [
  ['everywhere', 'Keys everywhere'],
  ['composer', 'Keys in the composer'],
  ['messages', 'Keys in public and room'],
  ['journey', 'Keys in the journey of a message'],
  ['users', 'Keys in users'],
  ['invitations', 'Keys in invitations'],
  ['rooms', 'Keys in the list of rooms'],
  ['switcher', 'Keys behind Ctrl-G'],
  ['mentions', 'Keys in the list of mentions'],
];

function commandLines(commands: readonly Command[], columns: number): HelpLine[] {
  return commands.flatMap(({name, usage, summary, aliases}) => {
    const also = aliases.length === 0 ? '' : ` (also ${aliases.map(word => `/${word}`).join(' ')})`;
    return pair(`/${name} ${usage}`.trimEnd(), summary + also, columns);
  });
}

function keyLines(context: Context, columns: number): HelpLine[] {
  return keyBindings
    .filter(binding => binding.context === context)
    .flatMap(({keys, summary}) => pair(keys.map(keyLabel).join(', '), summary, columns));
}

function title(text: string): HelpLine {
  return {text: ` ${text}`, isTitle: true};
}

/** The name on the left and the summary on the right, or below it on a narrow screen. */
function pair(name: string, does: string, columns: number): HelpLine[] {
  const left = Math.min(38, Math.floor(columns / 2));
  const right = columns - left - margin;
  if (columns < 60 || widthOf(name) > left - 2) {
    return [
      ...wrap(name, columns - 2 * margin).map(row => line(`  ${row}`)),
      ...wrap(does, columns - 4 * margin).map(row => line(`      ${row}`)),
    ];
  }
  return wrap(does, right).map((row, index) =>
    line(`  ${toWidth(index === 0 ? name : '', left - 2)}${row}`),
  );
}

const margin = 2;

function line(text: string): HelpLine {
  return {text, isTitle: false};
}
