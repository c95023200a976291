/** The slash commands: one table, from which help, completion and the README are made too. */
import leven from 'leven';
import type {Feature, Mode} from '../protocols/protocol.ts';
import {version} from '../version.ts';
import {parseAddress} from './address.ts';
import type {EngineEvent} from './events.ts';
import {here, type State} from './state.ts';

/** What a command can do. */
export type CommandHost = {
  readonly state: State;
  emit(event: EngineEvent): void;
  say(text: string): void;
  retry(): void;
  list(): void;
  invite(nicknames: readonly string[], mode: Mode): void;
  answer(from: string, accepted: boolean): void;
  leave(): void;
  connect(to: {readonly nick?: string; readonly server?: string}): void;
  reconnect(): void;
  quit(): void;
};

export type CommandGroup = 'talking' | 'rooms' | 'people' | 'program';

export type Command = {
  readonly name: string;
  readonly aliases: readonly string[];
  /** What follows the name: `NICK… [--decentralised]`. */
  readonly usage: string;
  readonly summary: string;
  readonly group: CommandGroup;
  /** Without it in the protocol, `instead` is said and nothing done. */
  readonly feature?: Feature;
  /** What does the job where the feature is missing, as the end of a sentence. */
  readonly instead?: string;
  readonly needsConnection?: boolean;
  run(host: CommandHost, argument: string): void;
};

const inviteInstead = '/invite NICK opens a private room';

export const commands: readonly Command[] = [
  {
    name: 'me',
    aliases: [],
    usage: 'ACTION',
    summary: 'say what you do: * alice waves',
    group: 'talking',
    run(host, argument) {
      if (argument === '') usage(host, 'me');
      else host.say(`* ${host.state.nick} ${argument}`);
    },
  },
  {
    name: 'msg',
    aliases: ['query', 'w'],
    usage: 'NICK TEXT',
    summary: 'write to one user alone',
    group: 'talking',
    feature: 'direct-messages',
    instead: inviteInstead,
    run: () => {},
  },
  {
    name: 'reply',
    aliases: ['r'],
    usage: 'TEXT',
    summary: 'write to whoever wrote to you alone last',
    group: 'talking',
    feature: 'direct-messages',
    instead: inviteInstead,
    run: () => {},
  },
  {
    name: 'retry',
    aliases: [],
    usage: '',
    summary: 'send the newest message that was not delivered again',
    group: 'talking',
    run: host => host.retry(),
  },
  {
    name: 'invite',
    aliases: [],
    usage: 'NICK… [--decentralised]',
    summary: 'invite into your private room, or into a new one',
    group: 'rooms',
    feature: 'invitations',
    instead: 'everybody talks in public',
    needsConnection: true,
    run: invite,
  },
  {
    name: 'accept',
    aliases: [],
    usage: '[NICK]',
    summary: 'accept an invitation',
    group: 'rooms',
    feature: 'invitations',
    instead: 'nobody can invite you',
    needsConnection: true,
    run: (host, argument) => answer(host, argument, true),
  },
  {
    name: 'decline',
    aliases: [],
    usage: '[NICK]',
    summary: 'decline an invitation',
    group: 'rooms',
    feature: 'invitations',
    instead: 'nobody can invite you',
    needsConnection: true,
    run: (host, argument) => answer(host, argument, false),
  },
  {
    name: 'leave',
    aliases: ['part', 'close'],
    usage: '',
    summary: 'leave the private room; never ends the program',
    group: 'rooms',
    run(host) {
      if (host.state.room === undefined) {
        fail(host, 'not-in-room', 'You are in the public room: /quit ends the program');
      } else host.leave();
    },
  },
  {
    name: 'rooms',
    aliases: [],
    usage: '',
    summary: 'list the rooms that can be joined',
    group: 'rooms',
    feature: 'named-rooms',
    instead: inviteInstead,
    run: () => {},
  },
  {
    name: 'create',
    aliases: [],
    usage: 'NAME [--decentralised] [--max N]',
    summary: 'open a named room',
    group: 'rooms',
    feature: 'named-rooms',
    instead: inviteInstead,
    run: () => {},
  },
  {
    name: 'join',
    aliases: ['j'],
    usage: 'NAME',
    summary: 'enter a named room',
    group: 'rooms',
    feature: 'named-rooms',
    instead: inviteInstead,
    run: () => {},
  },
  {
    name: 'link',
    aliases: [],
    usage: 'NICK',
    summary: 'open a private connection',
    group: 'rooms',
    feature: 'links',
    instead: '/invite NICK --decentralised speaks from peer to peer',
    run: () => {},
  },
  {
    name: 'unlink',
    aliases: [],
    usage: '',
    summary: 'close the private connection',
    group: 'rooms',
    feature: 'links',
    instead: '/leave leaves a private room',
    run: () => {},
  },
  {
    name: 'list',
    aliases: ['who', 'names', 'users'],
    usage: '',
    summary: 'who is here',
    group: 'people',
    needsConnection: true,
    run: host => host.list(),
  },
  {
    name: 'ignore',
    aliases: [],
    usage: 'NICK',
    summary: 'do not show what somebody writes',
    group: 'people',
    run: (host, argument) => ignore(host, argument, true),
  },
  {
    name: 'unignore',
    aliases: [],
    usage: 'NICK',
    summary: 'show it again',
    group: 'people',
    run: (host, argument) => ignore(host, argument, false),
  },
  {
    name: 'search',
    aliases: [],
    usage: 'TEXT',
    summary: 'find messages in the conversation you are in',
    group: 'people',
    run: search,
  },
  {
    name: 'help',
    aliases: [],
    usage: '[COMMAND]',
    summary: 'keys and commands, or one command',
    group: 'program',
    run: help,
  },
  {
    name: 'clear',
    aliases: [],
    usage: '',
    summary: 'empty the conversation on your screen',
    group: 'program',
    run: host => host.emit({type: 'cleared', conversation: here(host.state)}),
  },
  {
    name: 'nick',
    aliases: [],
    usage: 'NAME',
    summary: 'connect again under another nickname',
    group: 'program',
    run(host, argument) {
      if (argument === '' || /\s/.test(argument)) usage(host, 'nick');
      else host.connect({nick: argument});
    },
  },
  {
    name: 'connect',
    aliases: ['server'],
    usage: 'ADDRESS',
    summary: 'go to another hub',
    group: 'program',
    run(host, argument) {
      const parsed = parseAddress(argument);
      if (parsed.ok) host.connect({server: argument});
      else fail(host, 'address-invalid', parsed.message);
    },
  },
  {
    name: 'reconnect',
    aliases: [],
    usage: '',
    summary: 'connect again now',
    group: 'program',
    run: host => host.reconnect(),
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
    run: host =>
      host.emit({type: 'notice', text: `chat-tui ${version}, Node ${process.versions.node}`}),
  },
  {
    name: 'quit',
    aliases: ['exit', 'q'],
    usage: '',
    summary: 'say goodbye and leave',
    group: 'program',
    run: host => host.quit(),
  },
];

/**
 * Does what a line that starts with one slash says; case does not matter, and a unique beginning of
 * the name is enough.
 *
 * @returns false if nothing was done and the user may want to mend the line.
 */
export function runCommand(line: string, host: CommandHost): boolean {
  const [, word = '', argument = ''] = /^\/(\S*)\s*([\s\S]*)$/.exec(line) ?? [];
  const found = findCommands(word);
  const [command] = found;
  if (command === undefined) {
    fail(host, 'unknown-command', `There is no /${word}: did you mean /${nearest(word)}?`);
    return false;
  }
  if (found.length > 1) {
    const names = found.map(({name}) => `/${name}`).join(', ');
    fail(host, 'ambiguous-command', `/${word} could be ${names}: type one letter more`);
    return false;
  }
  const {feature, instead} = command;
  if (feature !== undefined && !host.state.features.has(feature)) {
    const protocol = host.state.protocol;
    fail(host, 'unsupported', `${protocol} has no ${describeFeature(feature)}: ${instead}`);
    return false;
  }
  if (command.needsConnection && host.state.connection.phase !== 'connected') {
    fail(host, 'not-connected', `/${command.name} needs the hub, and there is no connection now`);
    return false;
  }
  command.run(host, argument.trim());
  return true;
}

/** The command of that name, or those that begin so. */
export function findCommands(word: string): readonly Command[] {
  const name = word.toLowerCase();
  const exact = commands.find(command => command.name === name || command.aliases.includes(name));
  if (exact !== undefined) return [exact];
  if (name === '') return [];
  return commands.filter(command =>
    [command.name, ...command.aliases].some(candidate => candidate.startsWith(name)),
  );
}

function nearest(word: string): string {
  const names = commands.flatMap(({name, aliases}) => [name, ...aliases]);
  const distance = (name: string) => leven(word.toLowerCase(), name);
  return names.reduce((best, name) => (distance(name) < distance(best) ? name : best), 'help');
}

function describeFeature(feature: Feature): string {
  return feature === 'links' ? 'private connections' : feature.replace('-', ' ');
}

function fail(host: CommandHost, code: string, message: string): void {
  host.emit({type: 'error', code, message});
}

function usage(host: CommandHost, name: string): void {
  const command = commands.find(candidate => candidate.name === name);
  fail(host, 'usage', `Type /${name} ${command?.usage}`);
}

function invite(host: CommandHost, argument: string): void {
  const words = argument.split(/[\s,]+/).filter(word => word !== '');
  const flags = words.filter(word => word.startsWith('-'));
  const nicknames = words
    .filter(word => !word.startsWith('-'))
    .map(word => asListed(host.state, word));
  const isDecentralised = flags.some(flag => '--decentralised'.startsWith(flag) && flag.length > 2);
  const isCentralised = flags.some(flag => '--centralised'.startsWith(flag) && flag.length > 2);
  if (nicknames.length === 0 || flags.length > (isDecentralised || isCentralised ? 1 : 0)) {
    usage(host, 'invite');
  } else if (nicknames.includes(host.state.nick)) {
    fail(host, 'self-invitation', 'You cannot invite yourself: name somebody else');
  } else {
    host.invite([...new Set(nicknames)], isDecentralised ? 'decentralised' : 'centralised');
  }
}

function answer(host: CommandHost, argument: string, accepted: boolean): void {
  const {invitations} = host.state;
  const [first, ...others] = invitations;
  const verb = accepted ? 'accept' : 'decline';
  if (first === undefined) {
    fail(host, 'no-invitation', 'Nobody has invited you');
  } else if (argument === '' && others.length > 0) {
    const names = invitations.map(({from}) => from).join(', ');
    fail(host, 'usage', `Invitations from ${names} are waiting: type /${verb} and a nickname`);
  } else {
    const wanted = argument === '' ? first.from : argument;
    const found = invitations.find(({from}) => from.toLowerCase() === wanted.toLowerCase());
    if (found === undefined) fail(host, 'no-invitation', `${wanted} has not invited you`);
    else host.answer(found.from, accepted);
  }
}

function ignore(host: CommandHost, argument: string, isIgnored: boolean): void {
  if (argument === '') {
    usage(host, isIgnored ? 'ignore' : 'unignore');
    return;
  }
  const nick = asListed(host.state, argument);
  host.emit({type: 'ignoring', nick, isIgnored});
  const text = isIgnored
    ? `What ${nick} writes is not shown until /unignore ${nick}`
    : `What ${nick} writes is shown`;
  host.emit({type: 'notice', text});
}

const maximumFound = 10;

function search(host: CommandHost, argument: string): void {
  if (argument === '') {
    usage(host, 'search');
    return;
  }
  const wanted = argument.toLowerCase();
  const lines: string[] = [];
  for (const [, entry] of host.state.conversations[here(host.state)].backwards()) {
    if (entry.kind !== 'message' || !entry.text.toLowerCase().includes(wanted)) continue;
    const time = new Date(entry.at).toTimeString().slice(0, 5);
    lines.unshift(`${time} ${entry.from}  ${entry.text}`);
    if (lines.length === maximumFound) break;
  }
  const text =
    lines.length === 0
      ? `Nobody has written ${argument} here`
      : `The newest with ${argument}:\n${lines.join('\n')}`;
  host.emit({type: 'notice', text});
}

function help(host: CommandHost, argument: string): void {
  const [command] = argument === '' ? [] : findCommands(argument.replace(/^\//, ''));
  if (argument !== '' && command === undefined) {
    fail(host, 'unknown-command', `There is no /${argument}: did you mean /${nearest(argument)}?`);
  } else {
    host.emit({type: 'help', topic: command?.name});
  }
}

function stats(host: CommandHost): void {
  const {sent, received, retransmissions, roundTripMs} = host.state.statistics;
  const roundTrip = roundTripMs === undefined ? 'not known yet' : `${roundTripMs.toFixed(1)} ms`;
  const text = `${sent} messages sent, ${received} received, ${retransmissions} retransmissions, round trip ${roundTrip}`;
  host.emit({type: 'notice', text});
}

/** As the list spells it, whatever the case it was typed in. */
function asListed({users}: State, typed: string): string {
  return users.find(({nick}) => nick.toLowerCase() === typed.toLowerCase())?.nick ?? typed;
}
