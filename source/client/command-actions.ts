/** What the longer slash commands do: reading their arguments, and the state they are about. */
import type {Mode} from '../protocols/protocol.ts';
import type {EngineEvent} from './events.ts';
import {here, type State} from './state.ts';

/** What a command can do. Its own result says whether it has done anything. */
export type CommandHost = {
  readonly state: State;
  emit(event: EngineEvent): void;
  say(text: string): boolean;
  retry(): boolean;
  list(): void;
  invite(nicknames: readonly string[], mode: Mode): void;
  answer(from: string, accepted: boolean): void;
  leave(): void;
  connect(to: {readonly nick?: string; readonly server?: string}): boolean;
  reconnect(): void;
  quit(): void;
};

export function invite(host: CommandHost, argument: string): boolean {
  const words = argument.split(/[\s,]+/).filter(word => word !== '');
  const flags = words.filter(word => word.startsWith('-'));
  const nicknames = words
    .filter(word => !word.startsWith('-'))
    .map(word => asListed(host.state, word));
  const isDecentralised = flags.some(flag => '--decentralised'.startsWith(flag) && flag.length > 2);
  const isCentralised = flags.some(flag => '--centralised'.startsWith(flag) && flag.length > 2);
  if (nicknames.length === 0 || flags.length > (isDecentralised || isCentralised ? 1 : 0)) {
    const message = 'Type /invite and whom, and --decentralised for a room from peer to peer';
    return fail(host, 'usage', message);
  }
  if (nicknames.includes(host.state.nick)) {
    return fail(host, 'self-invitation', 'You cannot invite yourself: name somebody else');
  }
  host.invite([...new Set(nicknames)], isDecentralised ? 'decentralised' : 'centralised');
  return true;
}

export function answer(host: CommandHost, argument: string, accepted: boolean): boolean {
  const {invitations} = host.state;
  const [first, ...others] = invitations;
  const verb = accepted ? 'accept' : 'decline';
  if (first === undefined) return fail(host, 'no-invitation', 'Nobody has invited you');
  if (argument === '' && others.length > 0) {
    const names = invitations.map(({from}) => from).join(', ');
    const message = `Invitations from ${names} are waiting: type /${verb} and a nickname`;
    return fail(host, 'usage', message);
  }
  const wanted = argument === '' ? first.from : argument;
  const found = invitations.find(({from}) => from.toLowerCase() === wanted.toLowerCase());
  if (found === undefined) return fail(host, 'no-invitation', `${wanted} has not invited you`);
  host.answer(found.from, accepted);
  return true;
}

export function listInvitations(host: CommandHost): boolean {
  const waiting = host.state.invitations.map(({from, mode}) => `${from} (${mode})`);
  const text =
    waiting.length === 0
      ? 'Nobody has invited you'
      : `Invited by ${waiting.join(', ')}: /accept or /decline, and a nickname`;
  return tell(host, text);
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
  return tell(host, text);
}

const maximumFound = 10;

export function search(host: CommandHost, argument: string): boolean {
  if (argument === '') return fail(host, 'usage', 'Type /search and what to look for');
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
  return tell(host, text);
}

export function stats(host: CommandHost): boolean {
  const {sent, received, retransmissions, roundTripMs} = host.state.statistics;
  const roundTrip = roundTripMs === undefined ? 'not known yet' : `${roundTripMs.toFixed(1)} ms`;
  const text = `${sent} messages sent, ${received} received, ${retransmissions} retransmissions, round trip ${roundTrip}`;
  return tell(host, text);
}

/** Why nothing was done. */
export function fail(host: CommandHost, code: string, message: string): false {
  host.emit({type: 'error', code, message});
  return false;
}

export function tell(host: CommandHost, text: string): true {
  host.emit({type: 'notice', text});
  return true;
}

/** As the list spells it, whatever the case it was typed in. */
function asListed({users}: State, typed: string): string {
  return users.find(({nick}) => nick.toLowerCase() === typed.toLowerCase())?.nick ?? typed;
}
