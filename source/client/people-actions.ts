/** The work of the commands about people, and about what they have written. */
import {type Addressed, type CommandHost, fail, show} from './command.ts';
import {ambiguity, readOne} from './command-arguments.ts';
import type {MessageEntry} from './entries.ts';
import {readNickname, writeNickname} from './nicknames.ts';
import type {Problem} from './requests.ts';
import {errorSentence} from './sentences.ts';
import {crowdOf, historyOf, type State} from './state.ts';
import {dayOf, timeOf} from './times.ts';

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
