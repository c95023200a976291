/**
 * What a front shows: one immutable value, computed from the engine's events by `reduce`.
 *
 * People and rooms are kept under the exact names that the hub gives them. What is shown of a name is its label:
 * `state.people.labelOf(nick)`. Texts have passed the gate of `clean-text.ts` before they are kept here.
 */
import type {Conversation, Feature, ListedRoom, Mode, PresentUser} from '../protocols/protocol.ts';
import {cleanText} from './clean-text.ts';
import {Dictionary} from './dictionary.ts';
import type {Delivery, Entry, MessageEntry, NoticeEntry} from './entries.ts';
import type {ConnectionState, Statistics} from './events.ts';
import {History} from './history.ts';
import type {Crowd} from './nicknames.ts';
import {People} from './people.ts';

export type {ConnectionState, Delivery, Entry, ListedRoom, MessageEntry, NoticeEntry, PresentUser};

export type Room = {
  readonly name?: string;
  readonly mode: Mode;
  readonly members: readonly string[];
};

/** The private connection there is: a conversation with one person, beside the public one. */
export type Link = {
  readonly nick: string;
  /** What you type goes to everybody all the same. */
  readonly isAside: boolean;
};

export type Invitation = {
  readonly from: string;
  readonly mode: Mode | 'link';
  readonly room?: string;
  /** Milliseconds since 1970. */
  readonly at: number;
};

export type State = {
  readonly protocol: string;
  /** As an address that can be given to `--server`. */
  readonly server: string;
  readonly nick: string;
  readonly features: ReadonlySet<Feature>;
  readonly connection: ConnectionState;
  readonly statistics: Statistics;
  /** Everybody who was named at this hub, and what is shown of them. */
  readonly people: People;
  /** Those who are here, by nickname. */
  readonly users: Dictionary<PresentUser>;
  readonly room: Room | undefined;
  readonly link: Link | undefined;
  /** With whom the private connection was that is shown, or was shown last. */
  readonly linkedLast: string | undefined;
  /** The named rooms, as they were told last; undefined while they are still to be told. */
  readonly rooms: readonly ListedRoom[] | undefined;
  readonly invitations: readonly Invitation[];
  readonly conversations: Readonly<Record<Conversation, History<Entry>>>;
  /** Nicknames of those whose messages and invitations are not shown. */
  readonly ignored: ReadonlySet<string>;
  /** Who has written to you directly last. */
  readonly directWriter: string | undefined;
  /** Where your undelivered and not yet delivered messages stand. */
  readonly own: ReadonlyMap<number, OwnPlace>;
};

export type OwnPlace = {
  readonly conversation: Conversation;
  readonly index: number;
  /** Of a message to one person: whom it is for. */
  readonly to?: string;
};

export function initialState(
  identity: Pick<State, 'protocol' | 'server' | 'nick' | 'features'>,
): State {
  return {
    ...identity,
    connection: {phase: 'connecting'},
    statistics: {sent: 0, received: 0, retransmissions: 0, roundTripMs: undefined},
    // Nobody else is shown under one's own name.
    people: People.nobody.with([identity.nick]),
    users: Dictionary.empty(),
    room: undefined,
    link: undefined,
    linkedLast: undefined,
    rooms: undefined,
    invitations: [],
    conversations: {public: History.empty<Entry>(), room: History.empty<Entry>()},
    ignored: new Set(),
    directWriter: undefined,
    own: new Map(),
  };
}

/** The conversation that what you type goes to. A private connection stands where a room does. */
export function here({room, link}: Pick<State, 'room' | 'link'>): Conversation {
  const isLinked = link !== undefined && !link.isAside;
  return room !== undefined || isLinked ? 'room' : 'public';
}

/** Whether what is said there now reaches anybody: beside a private connection, the public one is open. */
export function canSpeakIn(
  {room, link}: Pick<State, 'room' | 'link'>,
  conversation: Conversation,
): boolean {
  return conversation === 'public' ? room === undefined : room !== undefined || link !== undefined;
}

/** Among whom a nickname is looked for that is typed. */
export function crowdOf({people, users, room, link, invitations, nick}: State): Crowd {
  return {
    people,
    isHere: name =>
      name === nick ||
      users.has(name) ||
      link?.nick === name ||
      (room?.members.includes(name) ?? false) ||
      invitations.some(({from}) => from === name),
  };
}

/** What the program has to say, at the end of a conversation. */
export function notice(
  state: State,
  conversation: Conversation,
  text: string,
  at: number,
  tone: NoticeEntry['tone'] = 'info',
): State {
  return append(state, conversation, {kind: 'notice', at, text: cleanText(text), tone});
}

export function append(state: State, conversation: Conversation, entry: Entry): State {
  return withConversation(state, conversation, state.conversations[conversation].append(entry));
}

export function withConversation(
  state: State,
  conversation: Conversation,
  history: History<Entry>,
): State {
  return {...state, conversations: {...state.conversations, [conversation]: history}};
}
