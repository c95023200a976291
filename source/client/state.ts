/**
 * Everything a front shows: one immutable value, computed from the engine's events by `reduce`.
 *
 * People and rooms are kept under the exact names that the hub gives them. The screen shows the label of a name:
 * `state.people.labelOf(nick)`. Texts have passed `clean-text.ts` before they are kept here.
 */
import type {Conversation, Feature, ListedRoom, Mode, PresentUser} from '../protocols/protocol.ts';
import {cleanText} from './clean-text.ts';
import {
  type ConversationId,
  type Conversations,
  conversationIds,
  type DirectId,
  directIds,
  dispensable,
  emptyDirect,
  isDirect,
} from './conversations.ts';
import {Dictionary} from './dictionary.ts';
import {
  type Delivery,
  type Entry,
  isOver,
  type MessageEntry,
  type NoticeEntry,
  type PresenceEntry,
} from './entries.ts';
import type {ConnectionState, MemberState, Statistics} from './events.ts';
import {History} from './history.ts';
import type {Place} from './last-mentions.ts';
import type {Crowd} from './nicknames.ts';
import {People} from './people.ts';

export type {
  ConnectionState,
  Delivery,
  Entry,
  ListedRoom,
  MemberState,
  MessageEntry,
  NoticeEntry,
  PresenceEntry,
  PresentUser,
};
export {isOver};

export type Room = {
  readonly name?: string;
  readonly mode: Mode;
  readonly members: readonly string[];
};

/** The present private connection: a conversation with one person, beside the public one. */
export type Link = {
  readonly nick: string;
  /** What you type goes to everybody nevertheless. */
  readonly isAside: boolean;
};

export type Invitation = {
  readonly from: string;
  readonly mode: Mode | 'link';
  readonly room?: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** When it can no longer be answered, where the protocol says so. Milliseconds since 1970. */
  readonly until?: number;
};

/** What the user has asked somebody, and that one has not answered. */
export type SentInvitation = {
  readonly to: string;
  readonly mode: Invitation['mode'];
  /** As in {@link Invitation}. */
  readonly until?: number;
};

export type State = {
  readonly protocol: string;
  /** As an address that can be given to `--server`. */
  readonly server: string;
  readonly nick: string;
  readonly features: ReadonlySet<Feature>;
  readonly connection: ConnectionState;
  /** Where and under which name a hub let us in last. */
  readonly entered: {readonly server: string; readonly nick: string} | undefined;
  /** Where it is told that the hub was lost, the last time that it was. */
  readonly lossNotice: {readonly conversation: ConversationId; readonly index: number} | undefined;
  readonly statistics: Statistics;
  /** Everybody who was named at this hub, with their labels. */
  readonly people: People;
  /** Those who are here, by nickname. */
  readonly users: Dictionary<PresentUser>;
  readonly room: Room | undefined;
  /** How each member of a decentralised room answers, by nickname, as far as we have heard. */
  readonly memberStates: ReadonlyMap<string, MemberState>;
  readonly link: Link | undefined;
  /** The other side of the private connection that is shown, or was shown last. */
  readonly linkedLast: string | undefined;
  /** The named rooms of the hub's last list; undefined until it has come. */
  readonly rooms: readonly ListedRoom[] | undefined;
  readonly invitations: readonly Invitation[];
  readonly sentInvitations: readonly SentInvitation[];
  /** The newest round trips that were measured, in milliseconds, oldest first. */
  readonly roundTrips: readonly number[];
  readonly conversations: Conversations;
  /** The conversation with one person that the user has turned to. It is one of those above. */
  readonly turnedTo: DirectId | undefined;
  /** No entry of a conversation that was closed has this index or a larger one: another with the same person begins here. */
  readonly directStart: number;
  /** Where the user was mentioned, oldest first. */
  readonly mentions: readonly Place[];
  /** Nicknames of the people whose messages and invitations are not shown. */
  readonly ignored: ReadonlySet<string>;
  /** The last person who has written to you directly. */
  readonly directWriter: string | undefined;
  /** The places of your messages that failed or are not delivered yet. */
  readonly own: ReadonlyMap<number, OwnPlace>;
};

export type OwnPlace = {
  readonly conversation: ConversationId;
  readonly index: number;
  /** The recipient of a message to one person. */
  readonly to?: string;
  /** Where it is told that it has not arrived yet. */
  readonly notice?: {readonly conversation: ConversationId; readonly index: number};
};

export function initialState(
  identity: Pick<State, 'protocol' | 'server' | 'nick' | 'features'>,
): State {
  return {
    ...identity,
    connection: {phase: 'connecting'},
    entered: undefined,
    lossNotice: undefined,
    statistics: {sent: 0, received: 0, retransmissions: 0, roundTripMs: undefined},
    // The user's own name comes first, so that nobody else gets it as a label.
    people: People.nobody.with([identity.nick]),
    users: Dictionary.empty(),
    room: undefined,
    memberStates: new Map(),
    link: undefined,
    linkedLast: undefined,
    rooms: undefined,
    invitations: [],
    sentInvitations: [],
    roundTrips: [],
    conversations: {public: History.empty<Entry>(), room: History.empty<Entry>()},
    turnedTo: undefined,
    directStart: 0,
    mentions: [],
    ignored: new Set(),
    directWriter: undefined,
    own: new Map(),
  };
}

/** The conversation to which typed texts go: with the person to whom the user has turned, or the one with all. */
export function here(state: Pick<State, 'room' | 'link' | 'turnedTo'>): ConversationId {
  return state.turnedTo ?? hereWithAll(state);
}

/** The conversation to which typed texts go unless they are for one person. A private connection takes the place of a room. */
export function hereWithAll({room, link}: Pick<State, 'room' | 'link'>): Conversation {
  const isLinked = link !== undefined && !link.isAside;
  return room !== undefined || isLinked ? 'room' : 'public';
}

/** Whether a text said there now reaches anybody. The public conversation stays open beside a private connection. */
export function canSpeakIn(
  {room, link, features}: Pick<State, 'room' | 'link' | 'features'>,
  conversation: ConversationId,
): boolean {
  if (isDirect(conversation)) return features.has('direct-messages');
  return conversation === 'public' ? room === undefined : room !== undefined || link !== undefined;
}

/** The conversations that can be looked at, in the order in which they are shown. */
export function openConversations(state: State): readonly ConversationId[] {
  return conversationIds(state.conversations).filter(
    id => id !== 'room' || canSpeakIn(state, 'room'),
  );
}

/** The people among whom a typed nickname is looked for. */
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

/** Adds a sentence of the program at the end of a conversation. */
export function notice(
  state: State,
  conversation: ConversationId,
  text: string,
  at: number,
  tone: NoticeEntry['tone'] = 'info',
): State {
  return append(state, conversation, {kind: 'notice', at, text: cleanText(text), tone});
}

export function append(state: State, conversation: ConversationId, entry: Entry): State {
  const opened = isDirect(conversation) ? withDirect(state, conversation) : state;
  return withConversation(opened, conversation, historyOf(opened, conversation).append(entry));
}

/** What was said in that conversation; nothing if there is no such conversation. */
export function historyOf(
  {conversations, directStart}: Pick<State, 'conversations' | 'directStart'>,
  conversation: ConversationId,
): History<Entry> {
  return conversations[conversation] ?? emptyDirect(directStart);
}

export function withConversation(
  state: State,
  conversation: ConversationId,
  history: History<Entry>,
): State {
  return {...state, conversations: {...state.conversations, [conversation]: history}};
}

/** Opens a conversation with one person, unless there is one. Another closes if there are too many. */
export function withDirect(state: State, conversation: DirectId): State {
  const {conversations, turnedTo} = state;
  if (conversations[conversation] !== undefined) return state;
  const closed = dispensable(conversations, turnedTo);
  const freed = closed === undefined ? state : withoutDirect(state, [closed]);
  return withConversation(freed, conversation, emptyDirect(freed.directStart));
}

/** Closes conversations with one person; by default all of them. */
export function withoutDirect(
  state: State,
  closed: readonly DirectId[] = directIds(state.conversations),
): State {
  const {turnedTo, directStart} = state;
  const conversations: {-readonly [Id in keyof State['conversations']]: History<Entry>} = {
    ...state.conversations,
  };
  for (const id of closed) delete conversations[id];
  return {
    ...state,
    conversations,
    turnedTo: turnedTo !== undefined && closed.includes(turnedTo) ? undefined : turnedTo,
    directStart: Math.max(directStart, ...closed.map(id => historyOf(state, id).end)),
  };
}
