/** The facts that each front gives: of the screen those in the entries that it draws, of the linear mode those in its lines. */
import {expect} from 'vitest';
import {cleanText} from '../../source/client/clean-text.ts';
import {type ConversationId, conversationIds, isDirect} from '../../source/client/conversations.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import {passageIn} from '../../source/client/reduce-people.ts';
import {
  type Entry,
  historyOf,
  isOver,
  type MessageEntry,
  type State,
} from '../../source/client/state.ts';
import {entryLines} from '../../source/tui/conversation/entry-lines.ts';

const format = {
  names: 'ruled',
  columns: 400,
  nameColumns: 20,
  markColumns: 6,
  own: 'alice',
} as const;

/** What is drawn of an entry, without its layout. */
function drawn(entry: Entry): string {
  const lines = entryLines(entry, format, {hasTime: true, hasName: true});
  return lines.map(({spans}) => spans.map(({text}) => text).join('')).join('\n');
}

/** What the screen has new after an event: each thing as one string. */
export function factsOnScreen(
  event: EngineEvent,
  before: State,
  after: State,
  /** Of the user's own texts, by id. */
  tokens: ReadonlyMap<number, string>,
): readonly string[] {
  const facts: string[] = [];
  for (const id of conversationIds(after.conversations)) {
    const [former, history] = [historyOf(before, id), historyOf(after, id)];
    const start = before.conversations[id] === undefined ? history.start : former.end;
    for (let index = Math.max(start, history.start); index < history.end; index++) {
      const entry = history.at(index);
      if (entry === undefined || isOver(entry)) continue;
      facts.push(...factsOfEntry(entry, id, event));
    }
  }
  return [...facts, ...factsOfState(event, before, after, tokens)];
}

function factsOfEntry(entry: Entry, id: ConversationId, event: EngineEvent): readonly string[] {
  const picture = drawn(entry);
  if (entry.kind === 'message') {
    if (entry.id !== undefined) return [];
    // Names have a column of their own, and long ones are cut there.
    expect(picture).toContain([...entry.author].slice(0, 8).join(''));
    for (const line of entry.text.split('\n')) expect(picture).toContain(line.trim());
    return [said(entry, id)];
  }
  if (entry.kind === 'presence') return [];
  for (const line of entry.text.split('\n')) expect(picture).toContain(line.trim());
  const notices = entry.text.split('\n').map(noticed);
  switch (event.type) {
    case 'invitation':
      return /\/accept .* or \/decline /.test(entry.text) ? [] : notices;
    case 'room-entered':
      return /^You are in |; the hub sees none of it$/.test(entry.text) ? [] : notices;
    case 'failed':
      return entry.tone === 'error' ? [] : notices;
    case 'connected':
    case 'gap':
    case 'disconnected':
    case 'invitation-ended':
      return [];
    default:
      return notices;
  }
}

function factsOfState(
  event: EngineEvent,
  before: State,
  after: State,
  tokens: ReadonlyMap<number, string>,
): readonly string[] {
  const labelOf = (nick: string) => after.people.labelOf(nick);
  switch (event.type) {
    case 'arrived':
    case 'departed': {
      const is = after.users.has(event.nick);
      const isTold = is !== before.users.has(event.nick) && !after.ignored.has(event.nick);
      if (!isTold) return [];
      const places = ['public', `@${event.nick}`] as const;
      const isDrawn = places.some(id => newestPresence(after, id) !== newestPresence(before, id));
      if (!isDrawn) return [];
      return [`${is ? 'came' : 'left'} ${labelOf(event.nick)}`];
    }
    case 'room-members': {
      const [had, has] = [before.room?.members ?? [], after.room?.members ?? []];
      return [
        // Of somebody who has spoken there it is known.
        ...has
          .filter(nick => !had.includes(nick) && isPassageNew(nick, before))
          .map(nick => `came ${labelOf(nick)}`),
        ...had.filter(nick => !has.includes(nick)).map(nick => `left ${labelOf(nick)}`),
      ];
    }
    case 'failed':
      return [`failed ${tokenOf(event.id, tokens)}: ${event.pending.map(labelOf).sort()}`];
    case 'delivered':
      return [`delivered ${tokenOf(event.id, tokens)}`];
    case 'progress':
      return [`has ${tokenOf(event.id, tokens)}: ${labelOf(event.by)}`];
    case 'invitation': {
      const one = after.invitations.find(({from}) => from === event.from);
      return one === undefined || after.ignored.has(event.from)
        ? []
        : [`invited by ${labelOf(one.from)}: ${one.mode} ${one.room ?? ''}`];
    }
    case 'invitation-ended':
      return event.reason === 'expired' && before.invitations.some(({from}) => from === event.from)
        ? [`over ${labelOf(event.from)}`]
        : [];
    case 'room-entered': {
      const others = after.room?.members.filter(nick => nick !== after.nick).map(labelOf) ?? [];
      return [`room ${event.name ?? ''}: ${event.mode} ${others.sort()}`];
    }
    case 'connected':
      return [before.entered?.server === event.server ? 'back' : `connected as ${event.nick}`];
    case 'gap':
      return ['gap'];
    case 'disconnected':
      return [`lost: ${event.reason}`];
    case 'asked':
      return [`asked ${event.nicks.map(labelOf).sort()}: ${event.mode}`];
    case 'member-state': {
      const was = before.memberStates.get(event.nick)?.silentSince !== undefined;
      const is = after.memberStates.get(event.nick)?.silentSince !== undefined;
      return was === is ? [] : [`${is ? 'silent' : 'answers'} ${labelOf(event.nick)}`];
    }
    default:
      return [];
  }
}

function isPassageNew(nick: string, before: State): boolean {
  return (
    passageIn(historyOf(before, 'room'), 'came', nick, before.people.labelOf(nick)) !== undefined
  );
}

function newestPresence(state: State, id: ConversationId): Entry | undefined {
  for (const [, entry] of historyOf(state, id).backwards()) {
    if (entry.kind === 'presence') return entry;
  }
  return undefined;
}

/** The token in the text with that id. */
function tokenOf(id: number, tokens: ReadonlyMap<number, string>): string {
  return tokens.get(id) ?? '';
}

export function token(text: string): string {
  return /t\d+t/.exec(text)?.[0] ?? '';
}

function said({text, author, isMention, isAction}: MessageEntry, id: ConversationId): string {
  const place = isDirect(id) ? 'private' : id;
  const isForYou = isMention && place !== 'private';
  const spoken = text.split('\n').filter((line, index) => index === 0 || line.trim() !== '');
  return `${place}${isForYou ? ', for you' : ''}: ${author} ${isAction ? 'does' : 'says'} ${spoken.map(plain).join('|')}`;
}

function noticed(text: string): string {
  return `notice: ${plain(text)}`;
}

/** Without what a sentence has at its end. */
function plain(text: string): string {
  return cleanText(text).trim().replace(/\.$/, '');
}

/** A name in a line: in quotes, where it could be misheard. */
const name = '"[^"]*"|[^":,.]+?';

type Tokens = ReadonlyMap<number, string>;

type Reader = (found: readonly string[], event: EngineEvent, tokens: Tokens) => string | undefined;

/** What each kind of line says. A line of none of them is no line that the program can say. */
const grammar: readonly (readonly [RegExp, Reader])[] = [
  [/^Connected to \S+ as (.*?)\.(?: \d+ here\.)? Type/, ([, nick]) => `connected as ${nick}`],
  [/^Hub is back/, () => 'back'],
  [/^Messages from .* may be missing\.$/, () => 'gap'],
  [/^Hub silent/, () => 'lost: hub-silent'],
  [/^Hub has ended/, () => 'lost: hub-closed'],
  // The only text on its way: whose it is, the event says.
  [
    /^Delivered\.$/,
    (_, event, tokens) =>
      event.type === 'delivered' ? `delivered ${tokens.get(event.id)}` : 'delivered',
  ],
  [/^Delivered: "(.*)"\.$/s, ([, text = '']) => `delivered ${token(text)}`],
  [/^Confirmed late: the hub has "(.*)"\.$/, ([, text = '']) => `delivered ${token(text)}`],
  [
    /^Confirmed late: (.*) (?:has|have) "(.*)"\.$/,
    ([, who = '', text = ''], {type}) =>
      type === 'delivered' ? `delivered ${token(text)}` : `has ${token(text)}: ${unquoted(who)}`,
  ],
  [
    /^(?:Not |Refused).*?: "([^"]*(?:"[^"]+)*?)"(?: to [^.]*)?\. .*\/journey \d+ tells more\.$/,
    ([whole = '', text = '']) => {
      const by = /^Not confirmed by (.*?)(?: after \d+ tries)?: "t\d/.exec(whole)?.[1] ?? '';
      return `failed ${token(text)}: ${namesIn(by === 'the hub' ? '' : by).sort()}`;
    },
  ],
  [/^Sent again, not confirmed yet: /, () => undefined],
  [
    new RegExp(`^Invitation \\d+ from (${name}) is over\\.$`),
    ([, who = '']) => `over ${unquoted(who)}`,
  ],
  [new RegExp(`^Invitation \\d+ from (?:${name}): [\\d a-z]+ left\\.$`), () => undefined],
  [
    new RegExp(`^Invitation \\d+ from (${name}) to (.*?)\\. .*/accept \\d+ or /decline \\d+$`),
    ([, who = '', what = '']) => {
      const mode = what.endsWith('private connection') ? 'link' : modeIn(what);
      return `invited by ${unquoted(who)}: ${mode} ${/^"(.*)", /.exec(what)?.[1] ?? ''}`;
    },
  ],
  [
    /^You are in (.*), (through the hub|peer to peer), (alone|with .*)\. What you type goes to .*\.$/,
    ([, room = '', mode = '', whom = '']) => {
      const others = whom === 'alone' ? [] : namesIn(whom.slice(5));
      return `room ${room.startsWith('"') ? room.slice(1, -1) : ''}: ${modeIn(mode)} ${others.sort()}`;
    },
  ],
  [
    /^Asked (.*) for a private connection\. /,
    ([, names = '']) => `asked ${namesIn(names).sort()}: link`,
  ],
  [
    /^Invited (.*), (peer to peer|through the hub)\. /,
    ([, names = '', mode = '']) => `asked ${namesIn(names).sort()}: ${modeIn(mode)}`,
  ],
  [new RegExp(`^(${name}) has not answered for`), ([, who = '']) => `silent ${unquoted(who)}`],
  [new RegExp(`^(${name}) answers again\\.$`), ([, who = '']) => `answers ${unquoted(who)}`],
  [/^Error: (.*)$/s, ([, text = '']) => noticed(text)],
  [/^What you type goes to .*\.$/, () => undefined],
  [/^Nothing is kept of .* any more\.$/, () => undefined],
  [/^Day: .*\.$/, () => undefined],
  [
    new RegExp(`^(?!You )(${name}) (came|left)(?: (?:into )?.*)?\\.$`),
    ([, who = '', did]) => `${did} ${unquoted(who)}`,
  ],
];

/** Reads the lines of the linear mode. It knows their grammar and where the last message was, and nothing of the state. */
export class LineReader {
  #place = 'public';

  /** @param event What has just happened. @returns The facts in the lines. */
  read(lines: readonly string[], event: EngineEvent, tokens: Tokens): readonly string[] {
    const facts: string[] = [];
    const texts: string[] = [];
    for (const line of lines) {
      const more = new RegExp(`^(?:${name}), next line: (.*)$`, 's').exec(line);
      const isMessage = event.type === 'message' && /t\d+t/.test(line);
      const found = isMessage ? undefined : grammar.find(([pattern]) => pattern.test(line));
      if (more !== null) facts.push(`${facts.pop()}|${plain(unlinked(more[1] ?? ''))}`);
      else if (isMessage) facts.push(this.#message(line));
      else if (found !== undefined) {
        const fact = found[1](found[0].exec(line) ?? [], event, tokens);
        if (fact !== undefined) facts.push(fact);
      } else texts.push(plain(line));
    }
    // The rest are sentences of the program, a line each.
    return texts.length === 0 ? facts : [...facts, ...texts.map(text => `notice: ${text}`)];
  }

  #message(line: string): string {
    const [, prefix, lead = '', talker, text, actor, action] =
      new RegExp(
        `^(?:\\[(.*)\\] )?(For you, |Privately, )?(?:(${name}): (t\\d.*)|(${name}) (t\\d.*))$`,
        's',
      ).exec(line) ?? [];
    const who = unquoted(talker ?? actor ?? '');
    const words = plain(unlinked(text ?? action ?? ''));
    const does = text === undefined ? 'does' : 'says';
    if (lead === 'Privately, ') return `private: ${who} ${does} ${words}`;
    if (prefix !== undefined) this.#place = prefix === 'public' ? 'public' : 'room';
    return `${this.#place}${lead === '' ? '' : ', for you'}: ${who} ${does} ${words}`;
  }
}

function modeIn(words: string): string {
  return words.endsWith('peer to peer') ? 'decentralised' : 'centralised';
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1) : text;
}

function namesIn(list: string): string[] {
  return list === '' ? [] : list.split(/, | and /).map(unquoted);
}

/** Without the numbers of links. */
function unlinked(text: string): string {
  return text.replaceAll(/ \(link \d+\)/g, '');
}
