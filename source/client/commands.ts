/** The slash commands: one table. Help, completion and the list in the README are made from it too. */
import leven from 'leven';
import type {Feature} from '../protocols/protocol.ts';
import {version} from '../version.ts';
import {absenceSentence, type OptionalFeature, operatorSentence} from './absences.ts';
import {
  type Addressed,
  addressReply,
  addressTo,
  answer,
  type CommandHost,
  close,
  createRoom,
  fail,
  ignore,
  invite,
  joinRoom,
  leave,
  link,
  listInvitations,
  type Problem,
  ping,
  search,
  show,
  stats,
  unlink,
  whois,
} from './command-actions.ts';
import {topicFor} from './help-topics.ts';
import {readNickname, unquoted} from './nicknames.ts';
import {crowdOf, type State} from './state.ts';
import {copy, mute, openLink} from './terminal-actions.ts';

export type {CommandHost, Problem};

export type CommandGroup = 'talking' | 'rooms' | 'people' | 'program';

export type Command = TextCommand | ActionCommand;

/** A command that sends a text, which may have several lines. */
export type TextCommand = Described & {
  /** Reads from the argument whom the text is for, or says why it is for nobody. */
  address(state: State, argument: string): Addressed | Problem;
  /** What is typed next is for that person too. */
  readonly turns?: true;
};

/** A command that does something else, and is one line. */
export type ActionCommand = Described & {
  /** @returns false if nothing was done and an error said why. */
  run(host: CommandHost, argument: string): boolean;
};

type Described = {
  readonly name: string;
  readonly aliases: readonly string[];
  /** The arguments: `NICK… [--decentralised]`. */
  readonly usage: string;
  readonly summary: string;
  readonly group: CommandGroup;
  readonly needsConnection?: boolean;
  /** A protocol without this feature has no such command; {@link commandFor} then says what it has instead. */
  readonly needs?: OptionalFeature;
  /** What the argument is, for completion. By default it is a text, in which somebody can be named. */
  readonly argument?: ArgumentKind;
};

/** `person` may have a text behind it. `inviter` and `ignored` are those of the people whom the command can take. */
export type ArgumentKind =
  | 'person'
  | 'people'
  | 'inviter'
  | 'ignored'
  | 'room'
  | 'hub'
  | 'topic'
  | 'new-name';

export const commands: readonly Command[] = [
  {
    name: 'me',
    aliases: [],
    usage: 'ACTION',
    summary: 'say what you do: * alice waves',
    group: 'talking',
    address({nick}, argument) {
      if (argument === '') return {code: 'usage', message: 'Type /me and what you do'};
      return {prefix: `* ${nick} `, text: argument};
    },
  },
  {
    name: 'msg',
    aliases: ['w'],
    usage: 'NICK TEXT',
    argument: 'person',
    summary: 'write to one person alone',
    group: 'talking',
    needs: 'direct-messages',
    address: addressTo,
  },
  {
    name: 'query',
    aliases: [],
    usage: 'NICK [TEXT]',
    argument: 'person',
    summary: 'talk with one person alone, until /close',
    group: 'talking',
    needs: 'direct-messages',
    address: addressTo,
    turns: true,
  },
  {
    name: 'reply',
    aliases: ['r'],
    usage: 'TEXT',
    summary: 'answer the last person who wrote to you alone',
    group: 'talking',
    needs: 'direct-messages',
    address: addressReply,
  },
  {
    name: 'away',
    aliases: [],
    usage: '[TEXT]',
    summary: 'say that you are away, and why: * alice is away: lunch',
    group: 'talking',
    address: ({nick}, argument) => presence(nick, 'is away', argument),
  },
  {
    name: 'back',
    aliases: [],
    usage: '[TEXT]',
    summary: 'say that you are back',
    group: 'talking',
    address: ({nick}, argument) => presence(nick, 'is back', argument),
  },
  {
    name: 'shrug',
    aliases: [],
    usage: '[TEXT]',
    summary: 'your text, and a shrug behind it',
    group: 'talking',
    address: (_state, argument) => withFace(argument, '\u00af\\_(\u30c4)_/\u00af'),
  },
  {
    name: 'tableflip',
    aliases: [],
    usage: '[TEXT]',
    summary: 'your text, and a table that flies',
    group: 'talking',
    address: (_state, argument) =>
      withFace(argument, '(\u256f\u00b0\u25a1\u00b0)\u256f\ufe35 \u253b\u2501\u253b'),
  },
  {
    name: 'retry',
    aliases: [],
    usage: '',
    summary: 'send the newest message that was not delivered again',
    group: 'talking',
    run: host => host.client.retry(),
  },
  {
    name: 'rooms',
    aliases: [],
    usage: '',
    summary: 'the named rooms, to choose one',
    group: 'rooms',
    needsConnection: true,
    needs: 'named-rooms',
    run(host) {
      host.client.emit({type: 'room-list'});
      return host.client.request({type: 'rooms'});
    },
  },
  {
    name: 'create',
    aliases: [],
    usage: 'NAME [--decentralised] [--max N]',
    argument: 'new-name',
    summary: 'open a named room, for at most N members',
    group: 'rooms',
    needsConnection: true,
    needs: 'named-rooms',
    run: createRoom,
  },
  {
    name: 'join',
    aliases: ['j'],
    usage: 'NAME',
    summary: 'enter a named room',
    group: 'rooms',
    needsConnection: true,
    needs: 'named-rooms',
    argument: 'room',
    run: joinRoom,
  },
  {
    name: 'invite',
    aliases: [],
    usage: 'NICK… [--decentralised]',
    argument: 'people',
    summary: 'invite into your private room, or into a new one',
    group: 'rooms',
    needsConnection: true,
    needs: 'invitations',
    run: invite,
  },
  {
    name: 'accept',
    aliases: [],
    usage: '[NICK]',
    argument: 'inviter',
    summary: 'accept an invitation',
    group: 'rooms',
    needsConnection: true,
    run: (host, argument) => answer(host, argument, true),
  },
  {
    name: 'decline',
    aliases: [],
    usage: '[NICK]',
    argument: 'inviter',
    summary: 'decline an invitation',
    group: 'rooms',
    needsConnection: true,
    run: (host, argument) => answer(host, argument, false),
  },
  {
    name: 'invites',
    aliases: ['requests'],
    usage: '',
    summary: 'who has invited you',
    group: 'rooms',
    run: listInvitations,
  },
  {
    name: 'leave',
    aliases: ['part'],
    usage: '',
    summary: 'leave the private room; never ends the program',
    group: 'rooms',
    run: leave,
  },
  {
    name: 'close',
    aliases: ['wc'],
    usage: '',
    summary: 'close the conversation with one person; leave a room',
    group: 'rooms',
    run: close,
  },
  {
    name: 'link',
    aliases: [],
    usage: 'NICK',
    argument: 'person',
    summary: 'ask for a private connection: texts for that person alone',
    group: 'rooms',
    needsConnection: true,
    needs: 'links',
    run: link,
  },
  {
    name: 'unlink',
    aliases: [],
    usage: '[NICK]',
    argument: 'person',
    summary: 'close the private connection, or withdraw what you asked',
    group: 'rooms',
    needsConnection: true,
    needs: 'links',
    run: unlink,
  },
  {
    name: 'list',
    aliases: ['who', 'names', 'users'],
    usage: '',
    summary: 'who is here',
    group: 'people',
    needsConnection: true,
    run: host => host.client.request({type: 'list'}),
  },
  {
    name: 'whois',
    aliases: [],
    usage: 'NICK',
    argument: 'person',
    summary: 'what is known of somebody',
    group: 'people',
    run: whois,
  },
  {
    name: 'ping',
    aliases: [],
    usage: '[NICK]',
    argument: 'person',
    summary: 'how long the hub takes to answer',
    group: 'people',
    needsConnection: true,
    run: ping,
  },
  {
    name: 'ignore',
    aliases: [],
    usage: 'NICK',
    argument: 'person',
    summary: 'do not show what somebody writes',
    group: 'people',
    run: (host, argument) => ignore(host, argument, true),
  },
  {
    name: 'unignore',
    aliases: [],
    usage: 'NICK',
    argument: 'ignored',
    summary: 'show it again',
    group: 'people',
    run: (host, argument) => ignore(host, argument, false),
  },
  {
    name: 'mentions',
    aliases: [],
    usage: '',
    summary: 'the last messages that name you, to go to one',
    group: 'people',
    run(host) {
      host.client.emit({type: 'mentions'});
      return true;
    },
  },
  {
    name: 'search',
    aliases: ['lastlog'],
    usage: 'TEXT',
    summary: 'find messages in the conversation you are in',
    group: 'people',
    run: search,
  },
  {
    name: 'open',
    aliases: [],
    usage: '[N]',
    summary: 'open the newest link of the conversation, or the N-th newest',
    group: 'program',
    run: openLink,
  },
  {
    name: 'copy',
    aliases: [],
    usage: '[link] [N]',
    summary: 'copy the newest message or link, or the N-th newest',
    group: 'program',
    run: copy,
  },
  {
    name: 'mute',
    aliases: [],
    usage: 'TIME',
    summary: 'no bell and no notices for 30m, 1h, 2d; off ends that',
    group: 'program',
    run: mute,
  },
  {
    name: 'help',
    aliases: [],
    usage: '[TOPIC]',
    argument: 'topic',
    summary: 'keys and commands; one command; or keys, invitations, marks',
    group: 'program',
    run: help,
  },
  {
    name: 'clear',
    aliases: [],
    usage: '',
    summary: 'empty the conversation on your screen',
    group: 'program',
    run(host) {
      host.client.emit({type: 'cleared', conversation: host.conversation});
      return true;
    },
  },
  {
    name: 'nick',
    aliases: [],
    usage: 'NAME',
    argument: 'new-name',
    summary: 'connect again under another nickname',
    group: 'program',
    run(host, argument) {
      const nick = unquoted(argument);
      if (nick === '') return fail(host, 'usage', 'Type /nick and a name');
      return host.client.connect({nick});
    },
  },
  {
    name: 'connect',
    aliases: ['server'],
    usage: '[ADDRESS]',
    argument: 'hub',
    summary: 'go to another hub; without an address, choose one',
    group: 'program',
    run(host, argument) {
      if (argument !== '') return host.client.connect({server: argument});
      host.client.emit({type: 'choose-hub'});
      return true;
    },
  },
  {
    name: 'share',
    aliases: [],
    usage: '',
    summary: 'how others join this hub: a link and its QR code',
    group: 'program',
    run(host) {
      host.client.share();
      return true;
    },
  },
  {
    name: 'reconnect',
    aliases: [],
    usage: '',
    summary: 'connect again now',
    group: 'program',
    run(host) {
      host.client.reconnect();
      return true;
    },
  },
  {
    name: 'stats',
    aliases: [],
    usage: '',
    summary: 'how well the network carries your messages',
    group: 'program',
    run: stats,
  },
  {
    name: 'version',
    aliases: [],
    usage: '',
    summary: 'of this program',
    group: 'program',
    run: host => show(host, `chat-tui ${version}, Node ${process.versions.node}`),
  },
  {
    name: 'quit',
    aliases: ['exit', 'q'],
    usage: '',
    summary: 'say goodbye and leave',
    group: 'program',
    run(host) {
      host.client.emit({type: 'quit'});
      return true;
    },
  },
];

/**
 * The command of that word, or why it cannot be used now. Case does not matter, and a unique beginning
 * of the name is enough.
 */
export function commandFor(state: State, word: string, argument: string): Command | Problem {
  const absence = explainAbsence(state, word, argument);
  if (absence !== undefined) return {code: 'unsupported', message: absence};
  // Before the beginnings of our own: /op is not short for /open.
  const operators = operatorSentence(word, state.protocol);
  if (operators !== undefined) return {code: 'unsupported', message: operators};
  const found = meant(state, word);
  const [command] = found;
  if (command === undefined) {
    const near = nearest(word);
    const what = near === undefined ? '/help shows those there are' : `did you mean /${near}?`;
    const stop = near === undefined ? '.' : '';
    const message = `There is no /${word}: ${what}${stop} Another / before it says it as a text`;
    const problem = {code: 'unknown-command', message};
    return near === undefined ? problem : {...problem, nearest: near};
  }
  if (found.length > 1) {
    const names = found.map(({name}) => `/${name}`).join(', ');
    const message = `/${word} could be ${names}: type one letter more`;
    return {code: 'ambiguous-command', message};
  }
  if (command.needsConnection && state.connection.phase !== 'connected') {
    const message = `/${command.name} needs the hub, and there is no connection now`;
    return {code: 'not-connected', message};
  }
  return command;
}

/** The command of that name, or all whose name begins with the word. */
export function findCommands(word: string): readonly Command[] {
  const name = word.toLowerCase();
  const exact = commands.find(command => command.name === name || command.aliases.includes(name));
  if (exact !== undefined) return [exact];
  if (name === '') return [];
  return commands.filter(command =>
    [command.name, ...command.aliases].some(candidate => candidate.startsWith(name)),
  );
}

/** Whether a protocol with these features has the command. */
export function isThere({needs}: Command, features: ReadonlySet<Feature>): boolean {
  return needs === undefined || features.has(needs);
}

/** If several commands begin with the word, only those that the protocol has. */
function meant(state: State, word: string): readonly Command[] {
  const found = findCommands(word);
  const there = found.filter(command => isThere(command, state.features));
  return there.length === 0 ? found : there;
}

/** Why this protocol has no such command, and what does the job there. */
function explainAbsence(state: State, word: string, argument: string): string | undefined {
  const protocol = {name: state.protocol, features: state.features};
  const [command, ...others] = meant(state, word);
  const needs = others.length === 0 ? command?.needs : undefined;
  if (needs === undefined || state.features.has(needs)) return undefined;
  const isAboutSomebody = /^\[?NICK/.test(command?.usage ?? '') && !argument.startsWith('-');
  const read = isAboutSomebody ? readNickname(argument, crowdOf(state)) : undefined;
  // As it was typed, with its quotes.
  const typed = read && argument.slice(0, argument.length - read.rest.length).trim();
  return absenceSentence(needs, protocol, typed);
}

/**
 * The command that was probably meant: the same letters in another order, or at most two of them wrong, and at most a third of
 * the word. Undefined if none is near. With another first letter, it is another word.
 */
function nearest(word: string): string | undefined {
  const typed = word.toLowerCase();
  const names = commands.flatMap(({name, aliases}) => [name, ...aliases]);
  const distance = (name: string) => leven(typed, name);
  const isNear = (name: string) => {
    if (lettersOf(name) === lettersOf(typed)) return distance(name) <= maximumDistance;
    const most = Math.min(maximumDistance, Math.floor(typed.length / 3));
    return name[0] === typed[0] && distance(name) <= most;
  };
  const [best] = names.filter(isNear).toSorted((one, other) => distance(one) - distance(other));
  return best;
}

const maximumDistance = 2;

function lettersOf(word: string): string {
  return [...word].sort().join('');
}

function help(host: CommandHost, argument: string): boolean {
  const {state} = host.client;
  const word = argument.replace(/^\//, '');
  const topic = topicFor(word);
  const isMeant = topic === word.toLowerCase() || findCommands(word).length === 0;
  if (topic !== undefined && isMeant) {
    host.client.emit({type: 'help', topic});
    return true;
  }
  const absence = explainAbsence(state, word, '') ?? operatorSentence(word, state.protocol);
  if (absence !== undefined) return fail(host, 'unsupported', absence);
  const [command] = meant(state, word);
  if (argument !== '' && command === undefined) {
    const near = nearest(word);
    const what = near === undefined ? '/help shows those there are' : `did you mean /${near}?`;
    const message = `There is no /${argument}: ${what}`;
    return fail(host, 'unknown-command', message);
  }
  host.client.emit({type: 'help', topic: command?.name});
  return true;
}

/** No protocol knows who is away, so it is said to those who are there: as an action, which reads as a mark. */
function presence(nick: string, state: string, reason: string): Addressed {
  return {prefix: `* ${nick} `, text: reason === '' ? state : `${state}: ${reason}`};
}

function withFace(text: string, face: string): Addressed {
  return {text: `${text} ${face}`.trimStart()};
}
