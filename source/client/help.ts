import {type CommandGroup, commands, findCommands} from './commands.ts';

export const groupTitles: Readonly<Record<CommandGroup, string>> = {
  talking: 'Talking',
  rooms: 'Private rooms and connections',
  people: 'People',
  program: 'The program',
};

/** Help as plain lines: for one command, or for all of them by group. */
export function helpText(topic: string | undefined): string {
  const [command] = topic === undefined ? [] : findCommands(topic);
  if (command !== undefined) {
    const {name, usage, summary, aliases} = command;
    const also =
      aliases.length === 0 ? '' : ` (also ${aliases.map(alias => `/${alias}`).join(', ')})`;
    return `${`/${name} ${usage}`.trimEnd()}\n  ${summary}${also}\n`;
  }
  const blocks = Object.entries(groupTitles).map(([group, title]) => {
    const lines = commands
      .filter(candidate => candidate.group === group)
      .map(({name, usage, summary}) => line(`/${name} ${usage}`.trimEnd(), summary));
    return [title, ...lines].join('\n');
  });
  return `${blocks.join('\n')}\n${line('//text', 'a text that begins with a slash')}\n`;
}

/** Two columns, the first as wide as the longest command. */
function line(typed: string, does: string): string {
  return `  ${typed.padEnd(42)}${does}`;
}
