/** The commands that only the linear mode has, or that take a number there. */
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

/** The command of that name, with the argument behind it; undefined if the line is none of them. */
export function readOwn(
  line: string,
): {readonly name: string; readonly argument: string} | undefined {
  const [, word = '', argument = ''] = /^\s*\/(?!\/)(\S+)\s*(.*)$/s.exec(line) ?? [];
  const name = word.toLowerCase();
  return ownCommands.some(command => command.name === name)
    ? {name, argument: argument.trim()}
    : undefined;
}
