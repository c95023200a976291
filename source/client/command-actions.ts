/** The work of the longer slash commands: they read their arguments and the state. */

import {nameLabel} from '../names/label.ts';
import type {Mode} from '../protocols/protocol.ts';
import type {Client} from './client.ts';
import {type ConversationId, isDirect} from './conversations.ts';
import {quantilesOf} from './durations.ts';
import {type Meant, readNickname, readNicknames, unquoted, writeNickname} from './nicknames.ts';
import type {Problem} from './requests.ts';
import {findRoom} from './room-names.ts';
import {ambiguitySentence, errorSentence, memberSentence} from './sentences.ts';
import {crowdOf, historyOf, type MessageEntry, type State} from './state.ts';

export type {Problem};

/** What a command works on. */
export type CommandHost = {
  readonly client: Pick<
    Client,
    | 'state'
    | 'journeys'
    | 'keyTimes'
    | 'emit'
    | 'retry'
    | 'request'
    | 'connect'
    | 'reconnect'
    | 'share'
  >;
  /** The conversation that the line was typed for. */
  readonly conversation: ConversationId;
};

/** A text, and the person it is for. */
export type Addressed = {
  /** Undefined: the text is for the conversation in which it was typed. */
  readonly nick?: string;
  /** Each message begins with it. */
  readonly prefix?: string;
  /** Empty, and for one person: what is typed next is for that person. */
  readonly text: string;
};

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

export function addressTo(state: State, argument: string): Addressed | Problem {
  const read = readNickname(argument, crowdOf(state));
  if (read === undefined) return {code: 'usage', message: usageOfMsg};
  const {meant, rest: text} = read;
  if (meant.is === 'several') return ambiguity(meant, state);
  if (meant.nick === state.nick) {
    const message = 'You cannot write to yourself: name somebody else';
    return {code: 'self-message', message};
  }
  return {nick: meant.nick, text};
}

export const usageOfMsg = 'Type /msg, a nickname and your text';

export function addressReply({directWriter}: State, argument: string): Addressed | Problem {
  if (argument === '') return {code: 'usage', message: 'Type /reply and your text'};
  if (directWriter === undefined) {
    const message = 'Nobody has written to you directly: /msg NICK TEXT writes to somebody';
    return {code: 'nobody-to-reply-to', message};
  }
  return {nick: directWriter, text: argument};
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

export function ignore(host: CommandHost, argument: string, isIgnored: boolean): boolean {
  const nick = readOne(host, argument, isIgnored ? 'ignore' : 'unignore');
  if (nick === undefined) return false;
  host.client.emit({type: 'ignoring', nick, isIgnored});
  const {state} = host.client;
  const label = state.people.labelOf(nick);
  const text = isIgnored
    ? `What ${label} writes is not shown until /unignore ${writeNickname(nick, crowdOf(state))}`
    : `What ${label} writes is shown`;
  return show(host, text);
}

/** Only the newest entries of a conversation are searched for what somebody has written last. */
const maximumSearched = 2000;

/** What is known of somebody. No hub tells with which program or protocol its users come. */
export function whois(host: CommandHost, argument: string): boolean {
  const nick = readOne(host, argument, 'whois');
  if (nick === undefined) return false;
  const {state} = host.client;
  const {people, users, room, ignored, invitations} = state;
  if (people.get(nick) === undefined) {
    return fail(host, 'no-such-user', errorSentence('no-such-user', nick, crowdOf(state)));
  }
  const label = people.labelOf(nick);
  const user = users.get(nick);
  const wroteAt = lastWritten(state, nick);
  const facts = [
    nick === state.nick ? 'that is you' : undefined,
    label === nick ? undefined : `the exact name is ${JSON.stringify(nick)}`,
    room?.members.includes(nick)
      ? 'is in the room with you'
      : user === undefined
        ? 'is not here'
        : user.status === 'room'
          ? 'is in a private room'
          : 'is here',
    answersOf(state, nick),
    state.link?.nick === nick ? 'has a private connection with you' : undefined,
    invitations.some(({from}) => from === nick) ? 'waits for your answer: /invites' : undefined,
    wroteAt === undefined
      ? 'has written nothing that you have'
      : `wrote last on ${dayOf(wroteAt)} at ${timeOf(wroteAt)}`,
    ignored.has(nick) ? `is ignored: /unignore ${writeNickname(nick, crowdOf(state))}` : undefined,
  ];
  const known = facts.filter(fact => fact !== undefined).map(fact => `  ${fact}`);
  return show(host, [label, ...known].join('\n'));
}

/** How a member of a decentralised room answers, if that is known. */
function answersOf({memberStates}: State, nick: string): string | undefined {
  const {roundTripMs, silentSince} = memberStates.get(nick) ?? {};
  if (silentSince !== undefined) return `has not answered since ${timeOf(silentSince)}`;
  return roundTripMs === undefined ? undefined : `answers after ${roundTripMs.toFixed(1)} ms`;
}

function lastWritten(state: State, nick: string): number | undefined {
  const times = Object.values(state.conversations).map(history => {
    let left = maximumSearched;
    for (const [, entry] of history.backwards()) {
      if (entry.kind === 'message' && entry.from === nick) return entry.at;
      if (--left === 0) break;
    }
    return Number.NEGATIVE_INFINITY;
  });
  const newest = Math.max(...times);
  return Number.isFinite(newest) ? newest : undefined;
}

export function ping(host: CommandHost, argument: string): boolean {
  const {state} = host.client;
  const nick = argument === '' ? undefined : readOne(host, argument, 'ping');
  if (argument !== '' && nick === undefined) return false;
  if (nick !== undefined) {
    const label = state.people.labelOf(nick);
    const answers = answersOf(state, nick);
    if (answers !== undefined) return show(host, `${label} ${answers}`);
    const message = `${state.protocol} does not tell how long ${label} takes to answer: only in a room from peer to peer that is known. /ping alone is about the hub`;
    return fail(host, 'unsupported', message);
  }
  const {roundTripMs} = state.statistics;
  return show(
    host,
    roundTripMs === undefined
      ? 'No answer of the hub has been measured yet: say something, then ask again'
      : `The hub answers after ${roundTripMs.toFixed(1)} ms, measured when it confirmed you last`,
  );
}

const maximumFound = 10;

export function search(host: CommandHost, argument: string): boolean {
  if (argument === '') return fail(host, 'usage', 'Type /search and what to look for');
  const wanted = argument.toLowerCase();
  const found: MessageEntry[] = [];
  let count = 0;
  for (const [, entry] of historyOf(host.client.state, host.conversation).backwards()) {
    if (entry.kind !== 'message' || !entry.text.toLowerCase().includes(wanted)) continue;
    count++;
    if (count <= maximumFound) found.unshift(entry);
  }
  if (count === 0) return show(host, `Nobody has written ${argument} here`);
  const isOneDay = new Set(found.map(({at}) => dayOf(at))).size === 1;
  const lines = found.map(entry => {
    const time = isOneDay ? timeOf(entry.at) : `${dayOf(entry.at)} ${timeOf(entry.at)}`;
    // Indented, so that no line of a text looks like another message that was found.
    return `${time} ${entry.author}  ${entry.text.replaceAll('\n', '\n      ')}`;
  });
  const which = count > found.length ? ` ${found.length} of ${count}` : '';
  return show(host, `The newest${which} with ${argument}:\n${lines.join('\n')}`);
}

function timeOf(at: number): string {
  return new Date(at).toTimeString().slice(0, 5);
}

/** `Jan 01`. */
function dayOf(at: number): string {
  return new Date(at).toDateString().slice(4, 10);
}

export function stats(host: CommandHost): boolean {
  const {sent, received, retransmissions, roundTripMs} = host.client.state.statistics;
  const roundTrip = roundTripMs === undefined ? 'not known yet' : `${roundTripMs.toFixed(1)} ms`;
  const {journeys, keyTimes} = host.client;
  const lines = [
    `${sent} messages sent, ${received} received, ${retransmissions} retransmissions, round trip ${roundTrip}`,
    ...timesLine('From Enter to its mark', journeys?.deliveryTimes ?? [], 'texts'),
    ...timesLine('From a key to the screen', keyTimes.all, 'keys', keyToScreenMs),
  ];
  return show(host, lines.join('\n'));
}

/** Later than this, typing feels slow. */
const keyToScreenMs = 50;

/** @param budgetMs What the 99th should not be above, if there is such a number. */
function timesLine(
  what: string,
  times: readonly number[],
  things: string,
  budgetMs?: number,
): readonly string[] {
  const quantiles = quantilesOf(times);
  if (quantiles === undefined) return [];
  const {median, p99} = quantiles;
  const budget = budgetMs === undefined ? '' : ` (at most ${budgetMs} ms wanted)`;
  return [
    `${what}: half within ${median.toFixed(1)} ms, 99 of 100 within ${p99.toFixed(1)} ms${budget}, of the last ${times.length} ${things}`,
  ];
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

/** Tells the user why nothing was done. @returns false */
export function fail(host: CommandHost, code: string, message: string): false {
  host.client.emit({type: 'error', code, message});
  return false;
}

export function show(host: CommandHost, text: string): true {
  host.client.emit({type: 'notice', text});
  return true;
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

/** Reads one nickname that is the whole argument. @returns undefined if it is not one and an error said why. */
function readOne(host: CommandHost, argument: string, command: string): string | undefined {
  const read = readNickname(argument, crowdOf(host.client.state));
  if (read?.rest === '') return onlyOne(host, read.meant);
  const quotes = read === undefined ? '' : ', in quotes if it has spaces: "jean paul"';
  fail(host, 'usage', `Type /${command} and a nickname${quotes}`);
  return undefined;
}

/** The person whom a nickname means. @returns undefined if that is not clear and an error said so. */
function onlyOne(host: CommandHost, meant: Meant): string | undefined {
  if (meant.is !== 'several') return meant.nick;
  const {code, message} = ambiguity(meant, host.client.state);
  fail(host, code, message);
  return undefined;
}

function ambiguity({typed, people}: Meant & {is: 'several'}, state: State): Problem {
  const message = ambiguitySentence(typed, people, crowdOf(state));
  return {code: 'ambiguous-nickname', message};
}
