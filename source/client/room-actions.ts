/** The work of the commands about rooms and private connections, and about invitations to them. */
import {nameLabel} from '../names/label.ts';
import type {Mode} from '../protocols/protocol.ts';
import {type CommandHost, fail, show} from './command.ts';
import {onlyOne, readOne} from './command-arguments.ts';
import {isDirect} from './conversations.ts';
import {readNicknames, unquoted, writeNickname} from './nicknames.ts';
import {findRoom} from './room-names.ts';
import {memberSentence} from './sentences.ts';
import {crowdOf, type State} from './state.ts';

export function invite(host: CommandHost, argument: string): boolean {
  const {state} = host.client;
  const {meant, flags} = readNicknames(argument, crowdOf(state), isModeFlag);
  const isDecentralised = flags.some(flag => isFlag(flag, '--decentralised'));
  const isCentralised = flags.some(flag => isFlag(flag, '--centralised'));
  if (meant.length === 0 || flags.length > (isDecentralised || isCentralised ? 1 : 0)) {
    const message = 'Type /invite and whom, and --decentralised for a room from peer to peer';
    return fail(host, 'usage', message);
  }
  const nicknames = new Set<string>();
  for (const one of meant) {
    const nick = onlyOne(host, one);
    if (nick === undefined) return false;
    nicknames.add(nick);
  }
  if (nicknames.has(state.nick)) {
    return fail(host, 'self-invitation', 'You cannot invite yourself: name somebody else');
  }
  const {protocol, features, room, people} = state;
  for (const nick of nicknames) {
    if (!room?.members.includes(nick)) continue;
    fail(host, 'already-in-room', memberSentence(people.labelOf(nick)));
    nicknames.delete(nick);
  }
  if (nicknames.size === 0) return false;
  const wanted = isDecentralised ? 'decentralised' : 'centralised';
  // A named room exists, and has its mode, before anybody is invited into it.
  const mode = features.has('named-rooms') ? room?.mode : wanted;
  if (mode === undefined) {
    const names = [...nicknames].map(nick => writeNickname(nick, crowdOf(state)));
    const message = `${protocol} invites into a named room: /create NAME opens one, then /invite ${names.join(' ')}`;
    return fail(host, 'not-in-room', message);
  }
  host.client.request({type: 'invite', nicknames: [...nicknames], mode});
  return true;
}

export function link(host: CommandHost, argument: string): boolean {
  const to = readOne(host, argument, 'link');
  if (to === undefined) return false;
  if (to === host.client.state.nick) {
    return fail(host, 'self-link', 'You cannot connect to yourself: name somebody else');
  }
  return host.client.request({type: 'link', to});
}

/** Without a nickname: closes the private connection. With one: that connection, or a request for one. */
export function unlink(host: CommandHost, argument: string): boolean {
  const open = host.client.state.link?.nick;
  if (argument === '' && open === undefined) {
    const message =
      'There is no private connection: /link NICK asks for one, /unlink NICK withdraws that';
    return fail(host, 'no-such-link', message);
  }
  const from = argument === '' ? open : readOne(host, argument, 'unlink');
  return from !== undefined && host.client.request({type: 'unlink', from});
}

export function leave(host: CommandHost): boolean {
  const {room, link: open} = host.client.state;
  if (room !== undefined) return host.client.request({type: 'leave'});
  if (open !== undefined) return host.client.request({type: 'unlink', from: open.nick});
  if (isDirect(host.conversation)) return close(host);
  return fail(host, 'not-in-room', 'You are in the public room: /quit ends the program');
}

/** Closes the conversation with one person; in a room, leaves it. */
export function close(host: CommandHost): boolean {
  const {conversation} = host;
  if (!isDirect(conversation)) return leave(host);
  host.client.emit({type: 'conversation-closed', conversation});
  return true;
}

export function createRoom(host: CommandHost, argument: string): boolean {
  const wanted = readRoom(argument);
  if (wanted === undefined) {
    const message =
      'Type /create and a name, --decentralised for a room from peer to peer, --max and the most members';
    return fail(host, 'usage', message);
  }
  return host.client.request({type: 'create-room', ...wanted, name: unquoted(wanted.name)});
}

export function joinRoom(host: CommandHost, argument: string): boolean {
  if (argument === '') {
    return fail(host, 'usage', 'Type /join and the name of a room: /rooms shows those there are');
  }
  const {rooms = []} = host.client.state;
  const isThere = rooms.some(({name}) => name === argument);
  const name = findRoom(isThere ? argument : unquoted(argument), rooms);
  return host.client.request({type: 'join-room', name});
}

export function answer(host: CommandHost, argument: string, accepted: boolean): boolean {
  const {state} = host.client;
  const {invitations, people} = state;
  const [first, ...others] = invitations;
  const verb = accepted ? 'accept' : 'decline';
  if (first === undefined) return fail(host, 'no-invitation', nobody(state));
  if (argument === '' && others.length > 0) {
    const names = invitations.map(({from}) => people.labelOf(from)).join(', ');
    const message = `Invitations from ${names} are waiting: type /${verb} and a nickname`;
    return fail(host, 'usage', message);
  }
  const from = argument === '' ? first.from : readOne(host, argument, verb);
  if (from === undefined) return false;
  if (!invitations.some(invitation => invitation.from === from)) {
    const what = isAboutLinks(state) ? 'asked for a private connection' : 'invited you';
    return fail(host, 'no-invitation', `${people.labelOf(from)} has not ${what}`);
  }
  return host.client.request({type: 'answer', from, accepted});
}

export function listInvitations(host: CommandHost): boolean {
  const {state} = host.client;
  const waiting = state.invitations.map(({from, mode, room}) => {
    const what = mode === 'link' ? 'private connection' : mode;
    const where = room === undefined ? what : `${nameLabel(room)}, ${what}`;
    return `${state.people.labelOf(from)} (${where})`;
  });
  const text =
    waiting.length === 0
      ? nobody(state)
      : `Invited by ${waiting.join(', ')}: /accept or /decline, and a nickname`;
  return show(host, text);
}

function nobody(state: State): string {
  return isAboutLinks(state)
    ? 'There is no request for a private connection'
    : 'Nobody has invited you';
}

/** Where a protocol has no private rooms, an invitation is a request for a private connection. */
function isAboutLinks({features}: State): boolean {
  return features.has('links') && !features.has('invitations');
}

type WantedRoom = {
  readonly name: string;
  readonly mode: Mode;
  readonly maximumMembers: number | undefined;
};

/** Reads a name of one or several words with flags among them; undefined if the argument is not one. */
function readRoom(argument: string): WantedRoom | undefined {
  // Each word with the spaces behind it, so that spaces inside the name stay as they are.
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

function isModeFlag(word: string): boolean {
  return isFlag(word, '--decentralised') || isFlag(word, '--centralised');
}
