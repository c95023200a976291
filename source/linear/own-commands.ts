/** The commands that only the linear mode has, or that take a number there. */
import {commands} from '../client/commands.ts';
import {findCommands} from '../client/find-commands.ts';
import {linearChoiceNames, linearChoices} from '../linear-settings.ts';

export type OwnCommand = {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
};

export const ownCommands: readonly OwnCommand[] = [
  {
    name: 'retry',
    usage: '[N]',
    summary: 'send message N again, or the newest that was not delivered',
  },
  {
    name: 'journey',
    usage: '[N or NICK]',
    summary: 'what happened to message N, to your newest one, or to the newest of somebody',
  },
  {name: 'open', usage: '[N]', summary: 'open link N, or the newest'},
  {name: 'accept', usage: '[N or NICK]', summary: 'accept an invitation'},
  {name: 'decline', usage: '[N or NICK]', summary: 'decline an invitation'},
  {
    name: 'last',
    usage: '[N]',
    summary: 'the last N messages of this conversation, with their time',
  },
  {
    name: 'unread',
    usage: '',
    summary: 'what has come since you wrote last, or while you were away',
  },
  {name: 'where', usage: '', summary: 'who and where you are, and what waits for you'},
  {name: 'status', usage: '', summary: 'how the connection is, and what has not arrived'},
  {name: 'to', usage: 'public, room or NICK', summary: 'what you type next is for them'},
  {name: 'carry', usage: '', summary: 'carry a room from peer to peer over to the hub'},
  {name: 'again', usage: '', summary: 'the last line that could not be sent, to edit it'},
  {name: 'parts', usage: '', summary: 'send the last line that was too long in parts'},
  {name: 'paste', usage: '[one]', summary: 'send pasted lines as messages, or as one message'},
  ...linearChoiceNames.map(name => ({
    name,
    usage: linearChoices[name].join(' or '),
    summary: {
      verbosity: 'how much is told',
      marks: 'whether success is told too',
      hold: 'whether lines wait while you type',
      bell: 'whether a bell comes before what is for you',
      emoji: 'whether emoji are written or named',
    }[name],
  })),
];

/**
 * The command of that name, with the argument behind it; undefined if the line is none of them. A unique beginning is enough
 * if no other command begins so.
 */
export function readOwn(
  line: string,
): {readonly name: string; readonly argument: string} | undefined {
  const [, word = '', argument = ''] = /^\s*\/(?!\/)(\S+)\s*(.*)$/s.exec(line) ?? [];
  const typed = word.toLowerCase();
  const beginning = ownCommandsBeginning(typed);
  const isUnique = beginning.length === 1 && findCommands(commands, typed).length === 0;
  const command =
    ownCommands.find(({name}) => name === typed) ?? (isUnique ? beginning[0] : undefined);
  return command && {name: command.name, argument: argument.trim()};
}

/** Those whose name begins so. */
export function ownCommandsBeginning(typed: string): readonly OwnCommand[] {
  return typed === '' ? [] : ownCommands.filter(({name}) => name.startsWith(typed));
}
