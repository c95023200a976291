/**
 * What a front shows: one immutable value, computed from the engine's events by {@link reduce}.
 * All text of others has passed the gate of `clean-text.ts` before it is kept here.
 */
import type {Conversation, Feature, ListedRoom, Mode, PresentUser} from '../protocols/protocol.ts';
import {cleanLine, cleanText} from './clean-text.ts';
import {
  type Delivery,
  directMessage,
  type Entry,
  type MessageEntry,
  mentions,
  message,
  type NoticeEntry,
} from './entries.ts';
import type {ConnectionChange, EngineEvent, Scope, Statistics} from './events.ts';
import {History} from './history.ts';
import {declinedSentence, failureSentence} from './sentences.ts';
import {maximumUndelivered} from './undelivered.ts';

export type {Delivery, Entry, ListedRoom, MessageEntry, NoticeEntry};
export type Connection = ConnectionChange;

export type User = PresentUser & {readonly self: boolean};

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
  readonly connection: Connection;
  readonly statistics: Statistics;
  readonly users: readonly User[];
  readonly room: Room | undefined;
  readonly link: Link | undefined;
  /** With whom the private connection was that is shown, or was shown last. */
  readonly linkedLast: string | undefined;
  /** The named rooms, as they were told last; undefined while they are still to be told. */
  readonly rooms: readonly ListedRoom[] | undefined;
  readonly invitations: readonly Invitation[];
  readonly conversations: Readonly<Record<Conversation, History<Entry>>>;
  /** Folded nicknames whose messages are not shown. */
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
    users: [],
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

/** @param at Milliseconds since 1970. */
export function reduce(state: State, event: EngineEvent, at: number): State {
  switch (event.type) {
    case 'connection': {
      const {connection, server, nick} = event;
      const isElsewhere = server !== state.server;
      const former = isElsewhere
        ? {...state, rooms: undefined, directWriter: undefined, linkedLast: undefined}
        : state;
      const changed = {...former, connection, server, nick};
      // Another name or another hub: who was at the former one is no news here.
      return connection.phase === 'connecting'
        ? {...changed, users: [], invitations: [], link: undefined}
        : changed;
    }
    case 'connected':
      return {
        ...notice(state, here(state), `Connected to ${event.server} as ${event.nick}`, at),
        protocol: event.protocol,
        features: new Set(event.features),
      };
    case 'refused':
      return notice(state, 'public', event.message, at, 'error');
    case 'disconnected':
      return event.reason === 'left'
        ? state
        : notice(state, here(state), 'The hub does not answer: trying again', at, 'error');
    case 'reconnecting':
      return state;
    case 'statistics':
      return {...state, statistics: event.statistics};
    case 'sent':
      return sent(state, event, at);
    case 'resent':
      return deliver(state, event.id, () => ({state: 'sending'}));
    case 'retransmitted':
      return deliver(state, event.id, ({confirmed, of}) => ({
        state: 'retransmitting',
        ...(confirmed === undefined || of === undefined ? {} : {confirmed, of}),
      }));
    case 'progress':
      return deliver(state, event.id, ({state: current}) => ({
        state: current === 'retransmitting' ? current : 'sending',
        confirmed: event.confirmed,
        of: event.of,
      }));
    case 'delivered':
      return deliver(state, event.id, ({of}) => ({
        state: 'delivered',
        ...(of === undefined ? {} : {of}),
      }));
    case 'failed':
      return failed(state, event, at);
    case 'message':
      return received(state, event, at);
    case 'users': {
      const users = event.users.map(user => ({...user, nick: cleanLine(user.nick)}));
      return arrivals({...state, users}, state.users, at);
    }
    case 'rooms':
      return {...state, rooms: event.rooms.map(room => ({...room, name: cleanLine(room.name)}))};
    case 'invitation':
      return invited(state, event, at);
    case 'invitation-ended':
      return invitationEnded(state, event, at);
    case 'invitation-answer': {
      // Whoever accepts is shown as a member, or with the private connection.
      if (event.accepted) return state;
      const what = state.features.has('links') ? 'link' : 'room';
      return notice(state, here(state), declinedSentence(cleanLine(event.nick), what), at);
    }
    case 'room-entered':
      return roomEntered(state, event, at);
    case 'room-members':
      return membersChanged(state, event.members, at);
    case 'room-left':
      return notice({...state, room: undefined}, 'public', leftSentences[event.reason], at);
    case 'link-opened':
      return linkOpened(state, cleanLine(event.nick), at);
    case 'link-closed': {
      const nick = cleanLine(event.nick);
      const text = `The private connection with ${nick} is closed`;
      return notice(withoutLink(state, nick), 'public', text, at);
    }
    case 'unlinked':
      return withoutLink(state, cleanLine(event.nick));
    case 'turned': {
      const {link} = state;
      const isAside = event.conversation === 'public';
      return link === undefined || link.isAside === isAside
        ? state
        : {...state, link: {...link, isAside}};
    }
    case 'error':
      return notice(state, here(state), event.message, at, 'error');
    case 'notice':
      return notice(state, here(state), event.text, at);
    case 'ignoring': {
      const ignored = new Set(state.ignored);
      const nick = cleanLine(event.nick).toLowerCase();
      if (event.isIgnored) ignored.add(nick);
      else ignored.delete(nick);
      return {...state, ignored};
    }
    case 'cleared':
      return withConversation(
        state,
        event.conversation,
        state.conversations[event.conversation].clear(),
      );
    case 'room-list':
      // Those of some time ago may be gone: who sees them would choose one that is not there.
      return {...state, rooms: undefined};
    case 'help':
    case 'quit':
      return state;
  }
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

const leftSentences = {
  left: 'You left the private room',
  closed: 'The private room is closed: you were the last one in it',
  disconnected: 'The private room is gone: the hub no longer knows you in it',
};

type Event<Type extends EngineEvent['type']> = Extract<EngineEvent, {type: Type}>;

function sent(state: State, {id, scope, to, text}: Event<'sent'>, at: number): State {
  const conversation = conversationOf(state, scope, to === undefined ? to : cleanLine(to));
  const index = state.conversations[conversation].end;
  const reader = to === undefined ? {} : {to: cleanLine(to)};
  const own = new Map(state.own).set(id, {conversation, index, ...reader});
  const [oldest] = own.keys();
  if (own.size > maximumUndelivered && oldest !== undefined) own.delete(oldest);
  const entry =
    to === undefined || scope === 'link'
      ? message(state.nick, text, at)
      : directMessage(state.nick, cleanLine(to), text, at);
  return append({...state, own}, conversation, {...entry, id, delivery: {state: 'sending'}});
}

function received(state: State, {scope, from, text}: Event<'message'>, at: number): State {
  const isDirect = scope === 'direct';
  const entry = isDirect ? directMessage(from, state.nick, text, at) : message(from, text, at);
  if (state.ignored.has(entry.from.toLowerCase())) return state;
  const isMention = mentions(entry.text, state.nick);
  const heard = isDirect ? {...state, directWriter: entry.from} : state;
  return append(heard, conversationOf(state, scope, entry.from), {...entry, isMention});
}

/**
 * A direct message has no conversation of its own: it stands where one is looking. So does what was
 * said in a room that we have just left. What comes over a private connection that is not shown any
 * more stands in public.
 *
 * @param peer Of a private connection: with whom.
 */
function conversationOf(state: State, scope: Scope, peer: string | undefined): Conversation {
  if (scope === 'link') return state.link?.nick === peer ? 'room' : 'public';
  return scope === 'public' ? 'public' : here(state);
}

/** Changes how one of your own messages stands; one that is no longer shown stays forgotten. */
function deliver(
  state: State,
  id: number,
  change: (former: {
    readonly state: string;
    readonly confirmed?: number;
    readonly of?: number;
  }) => Delivery,
): State {
  const place = state.own.get(id);
  if (place === undefined) return state;
  const history = state.conversations[place.conversation].update(place.index, entry =>
    entry.kind === 'message'
      ? {...entry, delivery: change(entry.delivery ?? {state: 'sending'})}
      : entry,
  );
  const changed = withConversation(state, place.conversation, history);
  const entry = history.at(place.index);
  const isDone = entry?.kind !== 'message' || entry.delivery?.state === 'delivered';
  if (!isDone) return changed;
  const own = new Map(state.own);
  own.delete(id);
  return {...changed, own};
}

function failed(state: State, {id, reason, pending}: Event<'failed'>, at: number): State {
  const {conversation: said, to} = state.own.get(id) ?? {};
  const conversation = placeOfFailure(state, reason, to === undefined ? said : undefined);
  const names = pending.map(cleanLine);
  const changed = deliver(state, id, () => ({state: 'failed', reason, pending: names}));
  const text = failureSentence(reason, names, to);
  const newest = changed.conversations[conversation].at(
    changed.conversations[conversation].end - 1,
  );
  const isSaid = newest?.kind === 'notice' && newest.text === text;
  return isSaid ? changed : notice(changed, conversation, text, at, 'error');
}

/** Where one will read of it. @param said Where that was, of a text for everybody there. */
function placeOfFailure(
  state: State,
  reason: Event<'failed'>['reason'],
  said: Conversation | undefined,
): Conversation {
  // The private connection is about to leave the screen, or has left it.
  if (reason === 'link-closed') return 'public';
  // A room that one has left since is not where one would read of a direct message.
  return said ?? here(state);
}

function arrivals(state: State, former: readonly User[], at: number): State {
  // The first list tells who was here before us.
  if (former.length === 0) return state;
  const before = new Set(former.map(({nick}) => nick));
  const after = new Set(state.users.map(({nick}) => nick));
  return [
    ...[...after].filter(nick => !before.has(nick)).map(nick => [nick, 'arrived'] as const),
    ...[...before].filter(nick => !after.has(nick)).map(nick => [nick, 'left'] as const),
  ].reduce(
    (changed, [nick, what]) =>
      notice(changed, 'public', `${nick} ${what}`, at, what === 'left' ? 'departure' : 'arrival'),
    state,
  );
}

function invited(state: State, {from, mode, room}: Event<'invitation'>, at: number): State {
  const nick = cleanLine(from);
  const others = state.invitations.filter(invitation => invitation.from !== nick);
  const invitation = {from: nick, mode, at, ...(room === undefined ? {} : {room: cleanLine(room)})};
  const where = invitation.room === undefined ? '' : `${invitation.room}, `;
  const what =
    mode === 'link' ? 'asks for a private connection' : `invites you to ${where}a ${mode} room`;
  const text = `${nick} ${what}: /accept ${nick} or /decline ${nick}`;
  return notice({...state, invitations: [...others, invitation]}, here(state), text, at);
}

function invitationEnded(
  state: State,
  {from, reason}: Event<'invitation-ended'>,
  at: number,
): State {
  const nick = cleanLine(from);
  const ended = state.invitations.find(invitation => invitation.from === nick);
  const invitations = state.invitations.filter(invitation => invitation !== ended);
  const changed = {...state, invitations};
  if (reason !== 'expired') return changed;
  const text =
    ended?.mode === 'link'
      ? `${nick} does not ask for a private connection any more`
      : `The invitation from ${nick} is over`;
  return notice(changed, here(state), text, at);
}

function roomEntered(
  state: State,
  {name, mode, members}: Event<'room-entered'>,
  at: number,
): State {
  const room = {
    mode,
    members: members.map(cleanLine),
    ...(name === undefined ? {} : {name: cleanLine(name)}),
  };
  // What was said in another room is not for the members of this one to find on the screen.
  const emptied = withConversation(state, 'room', state.conversations.room.clear());
  const others = room.members.filter(nick => nick !== state.nick);
  const where = room.name === undefined ? `a ${mode} room` : `${room.name}, a ${mode} room`;
  const text = `You are in ${where}${others.length > 0 ? ` with ${others.join(', ')}` : ''}`;
  return notice({...emptied, room}, 'room', text, at);
}

function linkOpened(state: State, nick: string, at: number): State {
  // There is one at a time: the client closes this one.
  if (state.link !== undefined) {
    const text = `${nick} accepts too late: you have a private connection with ${state.link.nick}`;
    return notice(state, here(state), text, at);
  }
  const isAgain = state.linkedLast?.toLowerCase() === nick.toLowerCase();
  // What was not delivered is still there to be sent again; what was said to others is not for this one's pane.
  const conversation = isAgain ? state.conversations.room : state.conversations.room.clear();
  const linked = {...state, link: {nick, isAside: false}, linkedLast: nick};
  const text = `You have a private connection with ${nick}: what you type goes to ${nick} alone`;
  return notice(withConversation(linked, 'room', conversation), 'room', text, at);
}

function withoutLink(state: State, nick: string): State {
  return state.link?.nick === nick ? {...state, link: undefined} : state;
}

function membersChanged(state: State, names: readonly string[], at: number): State {
  const {room} = state;
  if (room === undefined) return state;
  const members = names.map(cleanLine);
  const [before, after] = [new Set(room.members), new Set(members)];
  const joined = members.filter(nick => !before.has(nick) && nick !== state.nick);
  const left = room.members.filter(nick => !after.has(nick));
  let changed: State = {...state, room: {...room, members}};
  for (const nick of joined) changed = notice(changed, 'room', `${nick} joined`, at, 'arrival');
  for (const nick of left)
    changed = notice(changed, 'room', `${nick} left the room`, at, 'departure');
  return changed;
}

function notice(
  state: State,
  conversation: Conversation,
  text: string,
  at: number,
  tone: NoticeEntry['tone'] = 'info',
): State {
  return append(state, conversation, {kind: 'notice', at, text: cleanText(text), tone});
}

function append(state: State, conversation: Conversation, entry: Entry): State {
  return withConversation(state, conversation, state.conversations[conversation].append(entry));
}

function withConversation(
  state: State,
  conversation: Conversation,
  history: History<Entry>,
): State {
  return {...state, conversations: {...state.conversations, [conversation]: history}};
}
