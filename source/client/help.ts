import type {Feature} from '../protocols/protocol.ts';
import {type Command, type CommandGroup, isThere} from './command.ts';
import {commands} from './commands.ts';
import {findCommands} from './find-commands.ts';
import {type HelpPair, invitationPairs, marks, topicNames, topicSummaries} from './help-topics.ts';

export const groupTitles: Readonly<Record<CommandGroup, string>> = {
  talking: 'Talking',
  rooms: 'Private rooms and connections',
  people: 'People',
  program: 'The program',
};

/** Help as plain lines: for one command or topic, or for all commands that the protocol has, by group. */
export function helpText(topic: string | undefined, features: ReadonlySet<Feature>): string {
  if (topic === 'keys')
    return 'Without a screen there are no keys: a line of input is a text or a command\n';
  if (topic === 'marks') return lines(marks);
  if (topic === 'invitations') return lines(invitationPairs(features));
  const [command] = topic === undefined ? [] : findCommands(commands, topic);
  if (command !== undefined) {
    const [usage, does] = commandPair(command);
    return `${usage}\n  ${does}\n`;
  }
  const blocks = Object.entries(groupTitles).map(([group, title]) => {
    const there = commands.filter(
      candidate => candidate.group === group && isThere(candidate, features),
    );
    return `${title}\n${lines(there.map(({name, usage, summary}) => [usageOf(name, usage), summary]))}`;
  });
  const topics = topicNames.map(name => [`/help ${name}`, topicSummaries[name]] as const);
  return `${blocks.join('')}${lines([...topics, ['//text', 'a text that begins with a slash']])}`;
}

/** A command with its arguments, and what it does, with its other names. */
export function commandPair({name, usage, summary, aliases}: Command): HelpPair {
  const also = aliases.length === 0 ? '' : ` (also ${aliases.map(word => `/${word}`).join(' ')})`;
  return [usageOf(name, usage), summary + also];
}

function usageOf(name: string, usage: string): string {
  return `/${name} ${usage}`.trimEnd();
}

/** Two columns, the first as wide as the longest command. */
function lines(pairs: readonly HelpPair[]): string {
  return pairs.map(([typed, does]) => `  ${typed.padEnd(42)}${does}\n`).join('');
}
