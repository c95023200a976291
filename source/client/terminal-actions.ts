/** The work of the commands about the terminal. They say what is wanted; the screen does it. */
import {type CommandHost, fail, show} from './command.ts';
import type {MessageEntry} from './entries.ts';
import {historyOf} from './state.ts';
import {timeOf} from './times.ts';
import {newestLinks} from './web-links.ts';

export function openLink(host: CommandHost, argument: string): boolean {
  const target = linkAt(host, argument, 'open');
  if (target === undefined) return false;
  host.client.emit({type: 'open-link', target});
  return true;
}

export function copy(host: CommandHost, argument: string): boolean {
  const [, isLink, place = ''] = /^(link\b)?\s*(.*)$/is.exec(argument) ?? [];
  if (isLink !== undefined) {
    const target = linkAt(host, place, 'copy link');
    if (target === undefined) return false;
    host.client.emit({type: 'copy', text: target, what: target});
    return true;
  }
  const number = numberIn(place);
  if (number === undefined) {
    return fail(host, 'usage', 'Type /copy, and 2 for the newest message but one, or /copy link');
  }
  const message = messages(host)
    .drop(number - 1)
    .next().value;
  if (message === undefined) {
    return fail(host, 'nothing-there', missing(number, 'message'));
  }
  const what = message.id === undefined ? `what ${message.author} wrote` : 'what you wrote';
  host.client.emit({type: 'copy', text: message.text, what});
  return true;
}

/** The longest time that makes sense: a year. */
const maximumMuteMs = 365 * 86_400_000;
const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

export function mute(host: CommandHost, argument: string): boolean {
  const wanted = argument.toLowerCase().replaceAll(' ', '');
  if (wanted === 'off') {
    host.client.emit({type: 'muted', until: undefined});
    return show(host, 'Mentions, private messages and invitations call you again');
  }
  const ms = durationIn(wanted);
  if (ms === undefined) {
    return fail(host, 'usage', 'Type /mute and how long: 30m, 1h, 1h30m, 2d; or /mute off');
  }
  const until = Date.now() + Math.min(ms, maximumMuteMs);
  host.client.emit({type: 'muted', until});
  return show(
    host,
    `No bell and no notices until ${timeFrom(Date.now(), until)}: /mute off ends that`,
  );
}

/** Milliseconds of `90s`, `1h30m`; undefined if it is no duration, or none at all. */
export function durationIn(text: string): number | undefined {
  if (!/^(?:\d{1,9}[smhd])+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+)([smhd])/g)];
  const ms = parts.reduce(
    (sum, [, digits, unit = '']) => sum + Number(digits) * (unitMs[unit] ?? 0),
    0,
  );
  return ms > 0 ? ms : undefined;
}

function timeFrom(now: number, at: number): string {
  const date = new Date(at);
  const time = timeOf(at);
  if (new Date(now).toDateString() === date.toDateString()) return time;
  const day = date.toLocaleDateString('en-GB', {weekday: 'long', day: 'numeric', month: 'long'});
  return `${time} on ${day}`;
}

function linkAt(host: CommandHost, argument: string, verb: string): string | undefined {
  const number = numberIn(argument);
  if (number === undefined) {
    fail(host, 'usage', `Type /${verb}, or /${verb} 2 for the newest link but one`);
    return undefined;
  }
  const history = historyOf(host.client.state, host.conversation);
  const target = newestLinks(history)
    .drop(number - 1)
    .next().value;
  if (target === undefined) fail(host, 'nothing-there', missing(number, 'link'));
  return target;
}

function messages(host: CommandHost): IteratorObject<MessageEntry> {
  return historyOf(host.client.state, host.conversation)
    .backwards()
    .map(([, entry]) => entry)
    .filter(entry => entry.kind === 'message');
}

/** The newest is 1, which is also what no number means. */
function numberIn(argument: string): number | undefined {
  if (argument === '') return 1;
  return /^[1-9]\d{0,4}$/.test(argument) ? Number(argument) : undefined;
}

function missing(number: number, what: string): string {
  return number === 1 ? `There is no ${what} here` : `There are not ${number} ${what}s here`;
}
