/** Tells what happens, each fact once: events in, lines out. The screen draws the same state. */
import {withoutProtocol} from '../client/address.ts';
import type {ChatClient} from '../client/client.ts';
import {type ConversationId, conversationIds, directId, isDirect} from '../client/conversations.ts';
import {isOver, type MessageEntry, type NoticeEntry} from '../client/entries.ts';
import type {EngineEvent} from '../client/events.ts';
import {isMessageForYou} from '../client/for-you.ts';
import type {History} from '../client/history.ts';
import {passageIn} from '../client/reduce-people.ts';
import {connectedSentence, failureWords, renamedSentence} from '../client/sentences.ts';
import {type Entry, here, historyOf, type Invitation, type State} from '../client/state.ts';
import {timeOf} from '../client/times.ts';
import {linksIn} from '../client/web-links.ts';
import {defaultLinear, type LinearSettings} from '../linear-settings.ts';
import {nameLabel} from '../names/label.ts';
import type {EmojiWords} from './emoji-words.ts';
import {confirmedBy, triesOf} from './journey-lines.ts';
import {Numbers} from './numbers.ts';
import {type PassagePlace, Passages} from './passages.ts';
import {Unread} from './unread.ts';
import {
  counted,
  dayWords,
  durationWords,
  listOf,
  messageLines,
  modeWords,
  placeWords,
  prefixOf,
  quoted,
  readersWords,
  sentence,
  spoken,
  waitWords,
} from './words.ts';

type Event<Type extends EngineEvent['type']> = Extract<EngineEvent, {type: Type}>;

/** @param isCall It is for the user: a bell comes before it. */
export type Tell = (line: string, isCall?: boolean) => void;

/** A hub that has not answered for this time is said to be asked. */
const askingMs = 2000;
/** So long the first list of people is waited for. */
export const welcomeMs = 500;
/** Whoever has been invited is reminded when so much time is left. */
const warningMs = 30_000;
const maximumNumbers = 1000;

/** A text that was said to have failed. */
type Failure = {
  /** Members who have not confirmed it. */
  readonly pending: Set<string>;
  /** How many had not when it failed; 0 if it is not for members one by one. */
  readonly missing: number;
  /** It was sent again since. */
  isOnItsWay: boolean;
};

export class Teller {
  settings: LinearSettings = defaultLinear;
  /** Undefined: emoji are written as they are. */
  emojiWords: EmojiWords | undefined;
  /** Ids of the texts with trouble, by their numbers. */
  readonly troubles = new Numbers<number>(maximumNumbers);
  /** What can be opened. */
  readonly links = new Numbers<string>(maximumNumbers);
  /** Nicknames of those who have invited us. */
  readonly inviters = new Numbers<string>(maximumNumbers);
  readonly unread = new Unread();
  readonly #client: Pick<ChatClient, 'state' | 'journeys'>;
  readonly #out: Tell;
  readonly #passages = new Passages();
  /** The state before the event that is told. */
  #former: State;
  #now: number;
  #day: string;
  /** Where the last message to several people was said. */
  #place: ConversationId = 'public';
  #isAsking = false;
  #askedAt: number | undefined;
  #connectedAt: number | undefined;
  /** What is told after the line that says where we are. */
  readonly #behindWelcome: (readonly [line: string, isCall: boolean])[] = [];
  #loss: {readonly isClosed: boolean; readonly at: number} | undefined;
  #lostAt: number | undefined;
  /** Texts on their way or with trouble, by id. */
  #newest: number | undefined;
  readonly #texts = new Map<number, {readonly text: string; readonly to?: string}>();
  readonly #failures = new Map<number, Failure>();
  readonly #kept = new Set<number>();
  readonly #repeated = new Set<number>();
  /** Until when the invitations could be answered of which it was said that they end soon. */
  readonly #warned = new Map<string, number>();

  constructor(client: Pick<ChatClient, 'state' | 'journeys'>, tell: Tell, at: number) {
    this.#client = client;
    this.#out = tell;
    this.#former = client.state;
    this.#now = at;
    this.#day = dayWords(at);
  }

  /** When {@link onTime} wants to be called, in milliseconds since 1970. */
  get dueAt(): number {
    const after = (at: number | undefined, ms: number) => (at ?? Number.POSITIVE_INFINITY) + ms;
    const warnings = this.#client.state.invitations.flatMap(({from, until}) =>
      until === undefined || this.#warned.get(from) === until ? [] : [until - warningMs],
    );
    return Math.min(
      this.#passages.dueAt,
      after(this.#askedAt, askingMs),
      after(this.#connectedAt, welcomeMs),
      after(this.#loss?.at, 0),
      ...warnings,
    );
  }

  onTime(at: number): void {
    this.#now = at;
    if (this.#loss !== undefined) this.#tellLoss();
    if (at >= (this.#connectedAt ?? Number.POSITIVE_INFINITY) + welcomeMs) this.welcome();
    if (at >= (this.#askedAt ?? Number.POSITIVE_INFINITY) + askingMs) {
      this.#askedAt = undefined;
      const {server, protocol} = this.#client.state;
      this.#say(`Asking ${withoutProtocol(server)} in ${protocol}. No answer yet.`);
    }
    if (at >= this.#passages.dueAt) this.#tellPassages();
    this.#warn();
  }

  onEvent(event: EngineEvent, at: number): void {
    this.#now = at;
    const before = this.#former;
    const {state} = this.#client;
    this.#former = state;
    if (this.#loss !== undefined && event.type !== 'connection') this.#tellLoss();
    this.#tellEvent(event, before, state);
    for (const entry of this.#newEntries(before, state)) {
      if (entry.kind === 'notice' && !isRetold(event, entry, state)) this.#tellNotice(entry);
    }
    if (event.type === 'users') this.welcome();
    const readers = here(state);
    if (readers !== here(before) && event.type !== 'room-entered' && event.type !== 'link-opened') {
      this.#say(sentence(`What you type goes to ${readersWords(readers, state)}`));
    }
  }

  /** What was written, as a line says it: with the numbers of its links. */
  readonly render = (text: string): string => {
    let said = '';
    let end = 0;
    for (const link of linksIn(text)) {
      said += this.#pictures(text.slice(end, link.start)) + text.slice(link.start, link.end);
      said += ` (link ${this.links.numberOf(link.target)})`;
      end = link.end;
    }
    return said + this.#pictures(text.slice(end));
  };

  /** Id of the newest text of the user. */
  get newest(): number | undefined {
    return this.#newest;
  }

  /** Texts that wait for the hub. */
  get kept(): number {
    return this.#kept.size;
  }

  /** Numbers of the texts that have failed and were not sent again. */
  get failures(): readonly number[] {
    return [...this.#failures].flatMap(([id, {isOnItsWay}]) =>
      isOnItsWay ? [] : [this.troubles.numberOf(id)],
    );
  }

  /** Tells at once what waits to be folded. */
  flush(): void {
    if (this.#loss !== undefined) this.#tellLoss();
    this.welcome();
    this.#tellPassages();
  }

  #pictures(text: string): string {
    return this.settings.emoji === 'names' ? (this.emojiWords?.say(text) ?? text) : text;
  }

  #say(line: string, isCall = false): void {
    if (this.#connectedAt !== undefined) {
      this.#behindWelcome.push([line, isCall]);
      return;
    }
    const day = dayWords(this.#now);
    if (day !== this.#day) {
      this.#day = day;
      this.#out(`Day: ${day}.`);
    }
    this.#out(line, isCall);
  }

  #tellEvent(event: EngineEvent, before: State, state: State): void {
    switch (event.type) {
      case 'connection':
        this.#onConnection(event);
        break;
      case 'connected':
        this.#onConnected(event, before);
        break;
      case 'gap':
        this.#say(`Messages from ${clock(event.from)} to ${clock(event.to)} may be missing.`);
        break;
      case 'reconnecting':
        if (this.settings.verbosity === 'all' && event.attempt > 1) {
          this.#say(`Attempt ${event.attempt}, in ${waitWords(event.delay)}.`);
        }
        break;
      case 'disconnected':
        if (event.reason === 'left') break;
        this.#lostAt ??= this.#now;
        this.#loss = {isClosed: event.reason === 'hub-closed', at: this.#now};
        break;
      case 'refused':
        this.#onRefused(event, state);
        break;
      case 'error':
        this.#say(`Error: ${sentence(event.message)}`);
        break;
      case 'message':
        this.#onMessage(before, state);
        break;
      case 'arrived':
        if (before.users.has(event.nick)) break;
        this.#passed('public', 'came', event.nick, before);
        break;
      case 'departed':
        if (!before.users.has(event.nick)) break;
        this.#passed('public', 'gone', event.nick, before);
        break;
      case 'room-members':
        this.#onMembers(before, state);
        break;
      case 'member-state':
        this.#onMemberState(event, before, state);
        break;
      case 'room-entered':
        this.#onRoom(state);
        break;
      case 'room-left':
        this.#tellPassages(before);
        break;
      case 'invitation':
        this.#onInvitation(event, state);
        break;
      case 'invitation-ended':
        this.#onInvitationEnded(event, before);
        break;
      case 'asked':
        this.#onAsked(event, state);
        break;
      case 'sent':
        this.#onSent(event);
        break;
      case 'kept':
        this.#kept.add(event.id);
        break;
      case 'resent':
        this.#onResent(event);
        break;
      case 'retransmitted':
        this.#onRetransmitted(event);
        break;
      case 'progress':
        this.#onProgress(event, state);
        break;
      case 'delivered':
        this.#onDelivered(event, state);
        break;
      case 'failed':
        this.#onFailed(event, state);
        break;
      case 'cleared':
        this.#say(sentence(`Nothing is kept of ${placeWords(event.conversation, state)} any more`));
        break;
      default:
        // What is left is in notices, or is an answer to a command.
        break;
    }
  }

  // The connection

  #onConnection({connection}: Event<'connection'>): void {
    const isAsking = connection.phase === 'connecting';
    if (!isAsking) this.#askedAt = undefined;
    else if (!this.#isAsking) this.#askedAt = this.#now;
    this.#isAsking = isAsking;
    if (this.#loss !== undefined && connection.phase === 'retrying') this.#tellLoss();
  }

  #tellLoss(): void {
    const loss = this.#loss;
    this.#loss = undefined;
    if (loss === undefined) return;
    const {connection} = this.#client.state;
    const isRetrying = connection.phase === 'retrying';
    const since = isRetrying ? connection.since : undefined;
    if (since !== undefined) this.#lostAt = Math.min(since, this.#lostAt ?? since);
    const what = loss.isClosed
      ? 'Hub has ended the connection'
      : `Hub silent${since === undefined ? '' : ` for ${waitWords(this.#now - since)}`}`;
    const next = isRetrying ? `, next in ${waitWords(connection.at - this.#now)}` : '';
    this.#say(`${what}. Trying again${next}. What you send is kept.`);
  }

  #onConnected({server, nick}: Event<'connected'>, {entered}: State): void {
    const lostAt = this.#lostAt;
    this.#lostAt = undefined;
    if (entered?.server !== server) {
      this.#connectedAt = this.#now;
      return;
    }
    if (entered.nick !== nick) {
      this.#say(sentence(renamedSentence(nick)));
      return;
    }
    const after = lostAt === undefined ? '' : ` after ${waitWords(this.#now - lostAt)}`;
    const kept = this.#kept.size;
    const sent = kept === 0 ? '' : ` ${counted(kept, 'kept message')} sent.`;
    this.#say(`Hub is back${after}.${sent}`);
  }

  /** Tells where we are, before anything else; the number of people comes a moment after the connection. */
  welcome(): void {
    if (this.#connectedAt === undefined) return;
    this.#connectedAt = undefined;
    const others = this.#behindWelcome.splice(0);
    const {server, nick, users} = this.#client.state;
    const here = users.size === 0 ? '' : ` ${users.size} here.`;
    this.#say(
      `${connectedSentence(withoutProtocol(server), nick)}.${here} Type a message, or /help.`,
    );
    for (const [line, isCall] of others) this.#say(line, isCall);
  }

  #onRefused({message, offer}: Event<'refused'>, {connection}: State): void {
    const retryAt = connection.phase === 'refused' ? connection.retryAt : undefined;
    const again =
      retryAt === undefined ? '' : ` Trying again in ${waitWords(retryAt - this.#now)}.`;
    const there = offer === undefined ? '' : ` /connect ${offer} goes there.`;
    this.#say(`Error: ${sentence(message)}${again}${there}`);
  }

  // What others say and do

  #onMessage(before: State, state: State): void {
    for (const {conversation, entry} of newEntriesIn(before, state)) {
      if (entry.kind !== 'message' || entry.id !== undefined) continue;
      this.#tellPassages();
      this.#tellMessage(entry, conversation, state);
    }
  }

  #tellMessage(entry: MessageEntry, conversation: ConversationId, state: State): void {
    const isForYou = isMessageForYou(entry, conversation, state);
    const name = spoken(entry.author);
    if (isDirect(conversation)) {
      this.#sayAll(messageLines(entry, name, 'Privately, ', this.render), isForYou);
      return;
    }
    const prefix = conversation === this.#place ? '' : prefixOf(conversation, state);
    this.#place = conversation;
    const lead = `${prefix}${entry.isMention ? 'For you, ' : ''}`;
    this.#sayAll(messageLines(entry, name, lead, this.render), isForYou);
  }

  #sayAll(lines: readonly string[], isCall: boolean): void {
    for (const [index, line] of lines.entries()) this.#say(line, isCall && index === 0);
  }

  #passed(place: PassagePlace, direction: 'came' | 'gone', nick: string, before: State): void {
    const {state} = this.#client;
    if (place === 'public' && state.ignored.has(nick)) return;
    const label = state.people.labelOf(nick);
    // Of the public room it is told in the conversation with that person, too.
    const places = place === 'public' ? [place, directId(nick)] : [place];
    const [news] = places.flatMap(id => {
      const history = id === place ? historyOf(before, id) : before.conversations[id];
      return history === undefined ? [] : (passageIn(history, direction, nick, label) ?? []);
    });
    if (news === undefined) return;
    const {isSpeaker} = news;
    this.unread.passed(direction, label, isSpeaker);
    if (this.settings.verbosity === 'quiet') return;
    this.#passages.add(place, direction, label, isSpeaker, this.#now);
    if (this.settings.verbosity === 'all') this.#tellPassages();
  }

  #tellPassages(state: State = this.#client.state): void {
    for (const line of this.#passages.take(place => placeWords(place, state))) this.#say(line);
  }

  #onMembers(before: State, state: State): void {
    const [former, present] = [before.room?.members ?? [], state.room?.members ?? []];
    const [had, has] = [new Set(former), new Set(present)];
    for (const nick of present) {
      if (!had.has(nick) && nick !== state.nick) this.#passed('room', 'came', nick, before);
    }
    for (const nick of former) if (!has.has(nick)) this.#passed('room', 'gone', nick, before);
  }

  #onMemberState({nick}: Event<'member-state'>, before: State, state: State): void {
    if (this.settings.verbosity === 'quiet') return;
    const former = before.memberStates.get(nick)?.silentSince;
    const since = state.memberStates.get(nick)?.silentSince;
    const name = spoken(state.people.labelOf(nick));
    if (former === undefined && since !== undefined) {
      this.#say(
        `${name} has not answered for ${waitWords(this.#now - since)}. What you say is tried again.`,
      );
    } else if (former !== undefined && since === undefined) this.#say(`${name} answers again.`);
  }

  // Rooms and invitations

  #onRoom(state: State): void {
    const {room, nick, people} = state;
    if (room === undefined) return;
    this.#tellPassages();
    const others = room.members.filter(member => member !== nick);
    const names = listOf(others.map(other => spoken(people.labelOf(other))));
    const whom = others.length === 0 ? 'alone' : `with ${names}`;
    const readers =
      others.length === 0 ? 'nobody else yet' : others.length === 1 ? `${names} alone` : 'them';
    const what = room.name === undefined ? 'a private room' : quoted(nameLabel(room.name));
    this.#say(
      sentence(
        `You are in ${what}, ${modeWords[room.mode]}, ${whom}. What you type goes to ${readers}`,
      ),
    );
  }

  #onInvitation({from}: Event<'invitation'>, state: State): void {
    if (state.ignored.has(from)) return;
    const invitation = state.invitations.find(one => one.from === from);
    if (invitation !== undefined) this.#say(this.invitationLine(invitation, state), true);
  }

  /** `Invitation 1 from zoe to "cadeau", through the hub, 4 people. 4 minutes 12 left. …` */
  invitationLine({from, mode, room, until}: Invitation, state: State): string {
    const number = this.inviters.numberOf(from);
    const who = spoken(state.people.labelOf(from));
    const members = state.rooms?.find(({name}) => name === room)?.members;
    const what =
      mode === 'link'
        ? ['a private connection']
        : [
            room === undefined ? 'a private room' : quoted(nameLabel(room)),
            modeWords[mode],
            ...(members === undefined ? [] : [counted(members, 'person', 'people')]),
          ];
    const parts = [
      `Invitation ${number} from ${who} to ${what.join(', ')}.`,
      ...(until === undefined ? [] : [`${durationWords(Math.max(0, until - this.#now))} left.`]),
      ...(state.room === undefined || mode === 'link'
        ? []
        : [`Accepting leaves ${placeWords('room', state)}.`]),
      `/accept ${number} or /decline ${number}`,
    ];
    return parts.join(' ');
  }

  #onInvitationEnded({from, reason}: Event<'invitation-ended'>, before: State): void {
    const isKnown = before.invitations.some(one => one.from === from);
    this.#warned.delete(from);
    if (!isKnown || reason !== 'expired') return;
    const who = spoken(before.people.labelOf(from));
    this.#say(`Invitation ${this.inviters.numberOf(from)} from ${who} is over.`);
  }

  #warn(): void {
    const {invitations, people} = this.#client.state;
    for (const {from, until} of invitations) {
      if (until === undefined || this.#warned.get(from) === until) continue;
      if (this.#now < until - warningMs) continue;
      this.#warned.set(from, until);
      const number = this.inviters.numberOf(from);
      const left = until - this.#now;
      if (left <= 0) continue;
      this.#say(
        `Invitation ${number} from ${spoken(people.labelOf(from))}: ${waitWords(left)} left.`,
      );
    }
    for (const from of this.#warned.keys()) {
      if (!invitations.some(one => one.from === from)) this.#warned.delete(from);
    }
  }

  #onAsked({nicks, mode, lifetimeMs}: Event<'asked'>, {people}: State): void {
    const names = listOf(nicks.map(nick => spoken(people.labelOf(nick))));
    const what =
      mode === 'link'
        ? `Asked ${names} for a private connection`
        : `Invited ${names}, ${modeWords[mode]}`;
    const time = lifetimeMs === undefined ? '' : ` ${durationWords(lifetimeMs)} to answer.`;
    this.#say(`${what}.${time}`);
  }

  // Own texts

  #onSent({id, text, to}: Event<'sent'>): void {
    this.#newest = id;
    this.#texts.set(id, {text, ...(to === undefined ? {} : {to})});
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > maximumNumbers && oldest !== undefined) this.#forget(oldest);
  }

  #forget(id: number): void {
    this.#texts.delete(id);
    this.#failures.delete(id);
    this.#kept.delete(id);
    this.#repeated.delete(id);
  }

  #textOf(id: number): string {
    return quoted(this.#texts.get(id)?.text ?? '');
  }

  #onResent({id}: Event<'resent'>): void {
    this.#kept.delete(id);
    const failure = this.#failures.get(id);
    if (failure !== undefined) failure.isOnItsWay = true;
  }

  #onRetransmitted({id}: Event<'retransmitted'>): void {
    if (this.settings.marks !== 'all' || this.#repeated.has(id)) return;
    this.#repeated.add(id);
    this.#say(`Sent again, not confirmed yet: ${this.#textOf(id)}.`);
  }

  #onProgress({id, by, confirmed, of}: Event<'progress'>, {people}: State): void {
    const failure = this.#failures.get(id);
    const name = spoken(people.labelOf(by));
    if (failure !== undefined && !failure.isOnItsWay) {
      failure.pending.delete(by);
      this.#say(`Confirmed late: ${name} has ${this.#textOf(id)}.`);
    } else if (this.settings.marks === 'all') {
      this.#say(`${name} has ${this.#textOf(id)}, ${confirmed} of ${of}.`);
    }
  }

  #onDelivered({id}: Event<'delivered'>, {people}: State): void {
    const failure = this.#failures.get(id);
    const text = this.#textOf(id);
    if (failure?.isOnItsWay) this.#say(`Delivered: ${text}.`);
    else if (failure?.missing === 0) {
      this.#say(`Confirmed late: the hub has ${text}.`);
    } else if (failure !== undefined) {
      const names = [...failure.pending].map(nick => spoken(people.labelOf(nick)));
      const who = names.length === 0 ? 'everybody' : listOf(names);
      // Of the only one that was missing it was told that the text is there.
      const isNews = names.length > 0 || failure.missing > 1;
      if (isNews) {
        this.#say(`Confirmed late: ${who} ${names.length > 1 ? 'have' : 'has'} ${text}.`);
      }
    } else if (this.settings.marks === 'all') {
      this.#say(this.#texts.size === 1 ? 'Delivered.' : `Delivered: ${text}.`);
    }
    this.#forget(id);
  }

  /** `Not confirmed by carl after 5 tries, bob has it: "calling them now". /retry 3 sends it again, …` */
  #onFailed({id, reason, pending}: Event<'failed'>, state: State): void {
    const isForMembers = pending.length > 0;
    this.#kept.delete(id);
    this.#failures.set(id, {pending: new Set(pending), missing: pending.length, isOnItsWay: false});
    const names = pending.map(nick => spoken(state.people.labelOf(nick)));
    const isAlone = reason === 'peers-silent' && !isForMembers;
    const words = failureWords[reason] + (isAlone ? ', nobody else is in the room' : '');
    const said = isForMembers
      ? words.replace('not confirmed', `not confirmed by ${listOf(names)}`)
      : words;
    const journey = this.#client.journeys?.of({id});
    const tries = triesOf(journey, pending);
    const after = tries === undefined || tries === 1 ? '' : ` after ${tries} tries`;
    const {to} = this.#texts.get(id) ?? {};
    const reader = to === undefined ? '' : ` to ${spoken(state.people.labelOf(to))}`;
    const have = confirmedBy(journey).map(nick => spoken(state.people.labelOf(nick)));
    const others =
      have.length === 0 ? '' : `, ${listOf(have)} ${have.length === 1 ? 'has' : 'have'} it`;
    const number = this.troubles.numberOf(id);
    const isFinal = reason === 'left-room' || reason === 'entered-room' || reason === 'left-hub';
    const twice = reason === 'hub-silent' ? ', perhaps twice' : '';
    const again = isFinal ? '' : `/retry ${number} sends it again${twice}, `;
    this.#say(
      `${capital(said)}${after}${others}: ${this.#textOf(id)}${reader}. ${again}/journey ${number} tells more.`,
    );
  }

  #tellNotice({text, tone}: NoticeEntry): void {
    for (const line of noticeLines(text)) this.#say(tone === 'error' ? `Error: ${line}` : line);
  }

  #newEntries(before: State, state: State): readonly Entry[] {
    return newEntriesIn(before, state).map(({entry}) => entry);
  }
}

/**
 * The sentences of the program are lines of their own, with the facts that stand below one in its line. What goes on below a quoted
 * line is told as that, so that it cannot be misheard.
 */
export function noticeLines(text: string): readonly string[] {
  const lines: {head: string; facts: string[]}[] = [];
  for (const line of text.split('\n').filter(one => one.trim() !== '')) {
    const newest = lines.at(-1);
    const isFact = /^ {2,3}\S/.test(line);
    if (isFact && newest !== undefined) newest.facts.push(line.trim());
    else lines.push({head: `${/^ {4}/.test(line) ? 'Next line: ' : ''}${line.trim()}`, facts: []});
  }
  return lines.map(({head, facts}) =>
    sentence(facts.length === 0 ? head : `${head.replace(/:$/, '')}: ${facts.join('; ')}`),
  );
}

function newEntriesIn(
  before: State,
  state: State,
): readonly {readonly conversation: ConversationId; readonly entry: Entry}[] {
  if (before.conversations === state.conversations) return [];
  return conversationIds(state.conversations).flatMap(conversation => {
    const history: History<Entry> = historyOf(state, conversation);
    const former = before.conversations[conversation];
    if (former === history) return [];
    const start = former === undefined ? history.start : Math.max(former.end, history.start);
    return Array.from({length: Math.max(0, history.end - start)}, (_, offset) =>
      history.at(start + offset),
    ).flatMap(entry => (entry === undefined ? [] : [{conversation, entry}]));
  });
}

/** Whether the notice is what a line of our own has said of that event. Why a name is shown differently is another matter. */
function isRetold(event: EngineEvent, {tone, text}: NoticeEntry, state: State): boolean {
  switch (event.type) {
    case 'failed':
    case 'disconnected':
    case 'error':
    case 'refused':
      return tone === 'error';
    case 'connected':
    case 'gap':
    case 'invitation-ended':
      return true;
    case 'invitation':
      return !state.ignored.has(event.from) && isNewest(text, here(state), state);
    case 'room-entered':
      return isNewest(text, 'room', state);
    default:
      return false;
  }
}

function isNewest(text: string, conversation: ConversationId, state: State): boolean {
  const history = historyOf(state, conversation);
  const newest = history.at(history.end - 1);
  return newest?.kind === 'notice' && !isOver(newest) && newest.text === text;
}

function clock(iso: string): string {
  const at = Date.parse(iso);
  return `${timeOf(at)}:${new Date(at).toTimeString().slice(6, 8)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
