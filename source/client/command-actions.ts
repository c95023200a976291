/** What the longer slash commands do: reading their arguments, and the state they are about. */
import type {Conversation, Mode} from '../protocols/protocol.ts';
import type {EngineEvent} from './events.ts';
import type {MessageEntry, State} from './state.ts';

/** What a command can do. Its own result says whether it has done anything. */
export type CommandHost = {
  readonly state: State;
  /** The one that the line was typed for. */
  readonly conversation: Conversation;
  emit(event: EngineEvent): void;
  retry(): boolean;
  list(): void;
  rooms(): void;
  /** @param maximumMembers Undefined: as many as can be. */
  createRoom(name: string, mode: Mode, maximumMembers: number | undefined): boolean;
  joinRoom(name: string): boolean;
  invite(nicknames: readonly string[], mode: Mode): void;
  answer(from: string, accepted: boolean): void;
  link(to: string): boolean;
  unlink(from: string): void;
  leave(): void;
  connect(to: {readonly nick?: string; readonly server?: string}): boolean;
  reconnect(): void;
  quit(): void;
};

/** A text, and who it is for. */
export type Addressed = {
  /** Undefined: the conversation that it was typed for. */
  readonly nick?: string;
  /** What each message begins with. */
  readonly prefix?: string;
  readonly text: string;
};

/** Why nothing is done. */
export type Problem = {readonly code: string; readonly message: string};

export function invite(host: CommandHost, argument: string): boolean {
  const words = argument.split(/[\s,]+/).filter(word => word !== '');
  const flags = words.filter(word => word.startsWith('-'));
  const typed = words.filter(word => !word.startsWith('-'));
  const nicknames = [...new Set(typed.map(word => asListed(host.state, word)))];
  const isDecentralised = flags.some(flag => isFlag(flag, '--decentralised'));
  const isCentralised = flags.some(flag => isFlag(flag, '--centralised'));
  if (nicknames.length === 0 || flags.length > (isDecentralised || isCentralised ? 1 : 0)) {
    const message = 'Type /invite and whom, and --decentralised for a room from peer to peer';
    return fail(host, 'usage', message);
  }
  if (nicknames.includes(host.state.nick)) {
    return fail(host, 'self-invitation', 'You cannot invite yourself: name somebody else');
  }
  const wanted = isDecentralised ? 'decentralised' : 'centralised';
  const {protocol, features, room} = host.state;
  // A named room is there, and has its mode, before anybody is invited into it.
  const mode = features.has('named-rooms') ? room?.mode : wanted;
  if (mode === undefined) {
    const message = `${protocol} invites into a named room: /create NAME opens one, then /invite ${nicknames.join(' ')}`;
    return fail(host, 'not-in-room', message);
  }
  host.invite(nicknames, mode);
  return true;
}

export function addressTo(state: State, argument: string): Addressed | Problem {
  const [, typed, text] = /^(\S+)\s+([\s\S]+)$/.exec(argument) ?? [];
  if (typed === undefined || text === undefined) {
    return {code: 'usage', message: 'Type /msg, a nickname and your text'};
  }
  const nick = asListed(state, typed);
  if (nick.toLowerCase() === state.nick.toLowerCase()) {
    const message = 'You cannot write to yourself: name somebody else';
    return {code: 'self-message', message};
  }
  return {nick, text};
}

export function addressReply({directWriter}: State, argument: string): Addressed | Problem {
  if (argument === '') return {code: 'usage', message: 'Type /reply and your text'};
  if (directWriter === undefined) {
    const message = 'Nobody has written to you directly: /msg NICK TEXT writes to somebody';
    return {code: 'nobody-to-reply-to', message};
  }
  return {nick: directWriter, text: argument};
}

export function link(host: CommandHost, argument: string): boolean {
  if (argument === '' || /\s/.test(argument)) {
    return fail(host, 'usage', 'Type /link and a nickname');
  }
  const to = asListed(host.state, argument);
  if (to.toLowerCase() === host.state.nick.toLowerCase()) {
    return fail(host, 'self-link', 'You cannot connect to yourself: name somebody else');
  }
  return host.link(to);
}

/** Without a nickname it is the private connection there is; with one, it may be what was asked. */
export function unlink(host: CommandHost, argument: string): boolean {
  const from = argument === '' ? host.state.link?.nick : asListed(host.state, argument);
  if (from === undefined) {
    const message =
      'There is no private connection: /link NICK asks for one, /unlink NICK withdraws that';
    return fail(host, 'no-such-link', message);
  }
  host.unlink(from);
  return true;
}

export function leave(host: CommandHost): boolean {
  const {room, link: open} = host.state;
  if (room !== undefined) host.leave();
  else if (open !== undefined) host.unlink(open.nick);
  else return fail(host, 'not-in-room', 'You are in the public room: /quit ends the program');
  return true;
}

export function createRoom(host: CommandHost, argument: string): boolean {
  const wanted = readRoom(argument);
  if (wanted === undefined) {
    const message =
      'Type /create and a name, --decentralised for a room from peer to peer, --max and the most members';
    return fail(host, 'usage', message);
  }
  return host.createRoom(wanted.name, wanted.mode, wanted.maximumMembers);
}

export function joinRoom(host: CommandHost, argument: string): boolean {
  if (argument === '') {
    return fail(host, 'usage', 'Type /join and the name of a room: /rooms shows those there are');
  }
  const names = host.state.rooms?.map(({name}) => name) ?? [];
  const isSame = (name: string) => name.toLowerCase() === argument.toLowerCase();
  // As the list spells it; but two names may differ in their case alone.
  const name = names.includes(argument) ? argument : (names.find(isSame) ?? argument);
  return host.joinRoom(name);
}

export function answer(host: CommandHost, argument: string, accepted: boolean): boolean {
  const {invitations} = host.state;
  const [first, ...others] = invitations;
  const verb = accepted ? 'accept' : 'decline';
  if (first === undefined) return fail(host, 'no-invitation', nobody(host.state));
  if (argument === '' && others.length > 0) {
    const names = invitations.map(({from}) => from).join(', ');
    const message = `Invitations from ${names} are waiting: type /${verb} and a nickname`;
    return fail(host, 'usage', message);
  }
  const wanted = argument === '' ? first.from : argument;
  const found = invitations.find(({from}) => from.toLowerCase() === wanted.toLowerCase());
  if (found === undefined) {
    const what = isAboutLinks(host.state) ? 'asked for a private connection' : 'invited you';
    return fail(host, 'no-invitation', `${wanted} has not ${what}`);
  }
  host.answer(found.from, accepted);
  return true;
}

export function listInvitations(host: CommandHost): boolean {
  const waiting = host.state.invitations.map(({from, mode, room}) => {
    const what = mode === 'link' ? 'private connection' : mode;
    return `${from} (${room === undefined ? what : `${room}, ${what}`})`;
  });
  const text =
    waiting.length === 0
      ? nobody(host.state)
      : `Invited by ${waiting.join(', ')}: /accept or /decline, and a nickname`;
  return show(host, text);
}

export function ignore(host: CommandHost, argument: string, isIgnored: boolean): boolean {
  if (argument === '') {
    return fail(host, 'usage', `Type /${isIgnored ? 'ignore' : 'unignore'} and a nickname`);
  }
  const nick = asListed(host.state, argument);
  host.emit({type: 'ignoring', nick, isIgnored});
  const text = isIgnored
    ? `What ${nick} writes is not shown until /unignore ${nick}`
    : `What ${nick} writes is shown`;
  return show(host, text);
}

const maximumFound = 10;

export function search(host: CommandHost, argument: string): boolean {
  if (argument === '') return fail(host, 'usage', 'Type /search and what to look for');
  const wanted = argument.toLowerCase();
  const lines: string[] = [];
  for (const [, entry] of host.state.conversations[host.conversation].backwards()) {
    if (entry.kind !== 'message' || !entry.text.toLowerCase().includes(wanted)) continue;
    const time = new Date(entry.at).toTimeString().slice(0, 5);
    // Set in, so that no line of a text looks like another message that was found.
    const text = entry.text.replaceAll('\n', '\n      ');
    lines.unshift(`${time} ${authorOf(entry)}  ${text}`);
    if (lines.length === maximumFound) break;
  }
  const text =
    lines.length === 0
      ? `Nobody has written ${argument} here`
      : `The newest with ${argument}:\n${lines.join('\n')}`;
  return show(host, text);
}

export function stats(host: CommandHost): boolean {
  const {sent, received, retransmissions, roundTripMs} = host.state.statistics;
  const roundTrip = roundTripMs === undefined ? 'not known yet' : `${roundTripMs.toFixed(1)} ms`;
  const text = `${sent} messages sent, ${received} received, ${retransmissions} retransmissions, round trip ${roundTrip}`;
  return show(host, text);
}

function nobody(state: State): string {
  return isAboutLinks(state) ? 'Nobody asks for a private connection' : 'Nobody has invited you';
}

/** Where there are no private rooms, an invitation is one to a private connection. */
function isAboutLinks({features}: State): boolean {
  return features.has('links') && !features.has('invitations');
}

/** Why nothing was done. */
export function fail(host: CommandHost, code: string, message: string): false {
  host.emit({type: 'error', code, message});
  return false;
}

export function show(host: CommandHost, text: string): true {
  host.emit({type: 'notice', text});
  return true;
}

/** A direct message is seen to be one. */
function authorOf({from, to, id}: MessageEntry): string {
  if (to === undefined) return from;
  return id === undefined ? `${from} → you` : `→ ${to}`;
}

type WantedRoom = {
  readonly name: string;
  readonly mode: Mode;
  readonly maximumMembers: number | undefined;
};

/** A name of one or several words with flags among them; undefined if that is not what it is. */
function readRoom(argument: string): WantedRoom | undefined {
  // With the spaces behind each, so that those inside the name stay as they are.
  const words = argument.match(/\S+\s*/g) ?? [];
  const modes: Mode[] = [];
  let name = '';
  let maximum: string | undefined;
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const [flag = '', value] = word.trim().split('=', 2);
    if (!flag.startsWith('--')) name += word;
    else if (isFlag(flag, '--max')) maximum = value ?? words.shift()?.trim() ?? '';
    else if (isFlag(flag, '--decentralised') && value === undefined) modes.push('decentralised');
    else if (isFlag(flag, '--centralised') && value === undefined) modes.push('centralised');
    else return undefined;
  }
  const [mode = 'centralised', ...others] = modes;
  const isNumber = maximum === undefined || /^-?\d+$/.test(maximum);
  if (name === '' || others.length > 0 || !isNumber) return undefined;
  const maximumMembers = maximum === undefined ? undefined : Number(maximum);
  return {name: name.trim(), mode, maximumMembers};
}

/** The beginning of a flag is enough. */
function isFlag(word: string, flag: string): boolean {
  return flag.startsWith(word) && word.length > 2;
}

/** As the list spells it, whatever the case it was typed in. */
function asListed({users}: State, typed: string): string {
  return users.find(({nick}) => nick.toLowerCase() === typed.toLowerCase())?.nick ?? typed;
}
