/** Facts in words, for people who hear them: who first, the time last, and no signs. */
import {cleanLine, cleanText} from '../client/clean-text.ts';
import type {ConversationId} from '../client/conversations.ts';
import {personOf} from '../client/conversations.ts';
import type {MessageEntry, State} from '../client/state.ts';
import {nameLabel} from '../names/label.ts';

/** `bob`, `bob and carl`, `bob, carl and 3 more`. */
export function listOf(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** `1 message`, `3 messages`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** With a full stop, unless it has an end of its own. */
export function sentence(text: string): string {
  return /[.!?…:]["”')]?$/u.test(text) ? text : `${text}.`;
}

/** In UTF-16 code units, of a message that is only meant. */
const maximumQuoted = 60;

/** A message in few words. */
export function quoted(text: string): string {
  const line = cleanLine(text);
  const characters = [...line];
  const isLong = characters.length > maximumQuoted;
  return `"${isLong ? `${characters.slice(0, maximumQuoted - 1).join('')}…` : line}"`;
}

/** `4 minutes 12`, `30 seconds`, `3 milliseconds`. */
export function durationWords(ms: number): string {
  if (ms < 1000) return counted(Math.max(1, Math.round(ms)), 'millisecond');
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return counted(seconds, 'second');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    const rest = seconds % 60;
    return rest === 0 ? counted(minutes, 'minute') : `${counted(minutes, 'minute')} ${rest}`;
  }
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return rest === 0 ? counted(hours, 'hour') : `${counted(hours, 'hour')} ${rest}`;
}

/** In seconds, for what people wait for: `12 seconds`, and never 0. */
export function waitWords(ms: number): string {
  return durationWords(Math.max(1, Math.round(ms / 1000)) * 1000);
}

export function dayWords(at: number): string {
  const date = new Date(at);
  const weekday = date.toLocaleDateString('en-GB', {weekday: 'long'});
  return `${weekday}, ${date.toLocaleDateString('en-GB', {day: 'numeric', month: 'long'})}`;
}

/** Words with which our own lines begin. */
const beginnings = new Set(
  'asking at attempt confirmed connected connection day delivered error example everybody for frame group hub invitation invited kept last link message not nobody others people privately room say sent the there this to type unread waiting what while who with you your'.split(
    ' ',
  ),
);

/**
 * A name as it stands in a line. One that could be taken for the beginning of a line of ours, or has punctuation in it, is put in
 * quotes: nobody can be called `For you, bob` and be heard as bob.
 */
export function spoken(label: string): string {
  const [first = ''] = /^[^\s]*/u.exec(label) ?? [];
  const isClear =
    /^[\p{L}\p{N}\p{M}_#.'-]+(?: [\p{L}\p{N}\p{M}_#.'-]+)*$/u.test(label) &&
    !/[.']$/.test(label) &&
    !/^\d+$/.test(first) &&
    !beginnings.has(first.toLowerCase());
  return isClear ? label : `"${label.replaceAll('"', "'")}"`;
}

/** `by the hub` and the like, as it stands behind the name of a room. */
export const modeWords = {
  centralised: 'through the hub',
  decentralised: 'peer to peer',
} as const;

/** What a conversation is called in a sentence. */
export function placeWords(conversation: ConversationId, state: State): string {
  const person = personOf(conversation);
  if (person !== undefined) return spoken(state.people.labelOf(person));
  return conversation === 'public' ? 'public' : roomWords(state);
}

/** The same before a message. */
export function prefixOf(conversation: ConversationId, state: State): string {
  if (conversation === 'public') return '[public] ';
  const {room, link} = state;
  if (room !== undefined) {
    return room.name === undefined ? '[room] ' : `[${nameLabel(room.name).replaceAll(']', ')')}] `;
  }
  return link === undefined ? '[room] ' : '[private connection] ';
}

function roomWords({room, link, people}: State): string {
  if (room?.name !== undefined) return quoted(nameLabel(room.name));
  if (room === undefined && link !== undefined) {
    return `the private connection with ${spoken(people.labelOf(link.nick))}`;
  }
  return 'the private room';
}

/** Who reads what is typed there. */
export function readersWords(conversation: ConversationId, state: State): string {
  const person = personOf(conversation);
  if (person !== undefined) return `${spoken(state.people.labelOf(person))} alone`;
  if (conversation === 'public') return 'everybody';
  const {room, link} = state;
  if (room === undefined) {
    return link === undefined ? 'nobody' : `${spoken(state.people.labelOf(link.nick))} alone`;
  }
  return room.members.length > 1 ? `those in ${roomWords(state)}` : 'nobody else yet';
}

/** How a text is written in a line: emoji by name or not, and a number for each link. */
export type Rendering = (text: string) => string;

/**
 * The lines of a message. Each of them says who speaks: what somebody writes cannot be heard as another person's, nor as a line of
 * the program.
 *
 * @param name The author, as it is spoken.
 * @param lead Before the author: `For you, `.
 */
export function messageLines(
  {text, isAction}: Pick<MessageEntry, 'text' | 'isAction'>,
  name: string,
  lead: string,
  render: Rendering,
): readonly string[] {
  const [first = '', ...others] = cleanText(text)
    .split('\n')
    .filter((line, index) => index === 0 || line.trim() !== '');
  const head = isAction ? `${name} ${sentence(render(first))}` : `${name}: ${render(first)}`;
  return [lead + head, ...others.map(line => `${name}, next line: ${render(line)}`)];
}
