import {type ConversationId, isDirect, peopleIn} from './conversations.ts';
import {Dictionary} from './dictionary.ts';
import type {EngineEvent, Statistics} from './events.ts';
import {People} from './people.ts';
import * as messages from './reduce-messages.ts';
import * as people from './reduce-people.ts';
import * as rooms from './reduce-rooms.ts';
import {
  connectedSentence,
  gapSentence,
  hubClosedSentence,
  hubSilentSentence,
  reconnectedSentence,
  renamedSentence,
} from './sentences.ts';
import {
  canSpeakIn,
  here,
  historyOf,
  notice,
  type State,
  withConversation,
  withDirect,
  withoutDirect,
} from './state.ts';

/** The state after an event. @param at Milliseconds since 1970. */
export function reduce(former: State, event: EngineEvent, at: number): State {
  const state = people.introduce(former, people.namedIn(event), at);
  switch (event.type) {
    case 'connection': {
      const {connection, server, nick} = event;
      const changed = {...elsewhere(state, server, nick), connection, server, nick};
      // Another name or another hub: the people of the former one are not here.
      return connection.phase === 'connecting'
        ? {
            ...changed,
            users: Dictionary.empty(),
            invitations: [],
            sentInvitations: [],
            link: undefined,
          }
        : changed;
    }
    case 'connected':
      return connected(state, event, at);
    case 'disconnected':
      return event.reason === 'left'
        ? state
        : lost(state, event.reason === 'hub-closed' ? hubClosedSentence : hubSilentSentence, at);
    case 'gap':
      return found(state, gapSentence(event.from, event.to), at);
    case 'statistics':
      return withStatistics(state, event.statistics);
    case 'sent':
      return messages.sent(state, event, at);
    case 'resent':
      return messages.resent(state, event);
    case 'kept':
      return messages.kept(state, event, at);
    case 'retransmitted':
      return messages.deliver(state, event.id, former => ({
        state: 'retransmitting',
        ...messages.countOf(former),
      }));
    case 'progress':
      return messages.progressed(state, event);
    case 'delivered':
      return messages.delivered(state, event);
    case 'failed':
      return messages.failed(state, event, at);
    case 'message':
      return messages.received(state, event, at);
    case 'users':
      return people.listed(state, event);
    case 'arrived':
      return people.arrived(state, event, at);
    case 'departed':
      return people.departed(state, event, at);
    case 'ignoring':
      return people.ignoring(state, event);
    case 'rooms':
      return {...state, rooms: event.rooms};
    case 'room-list':
      // An old list may contain rooms that are gone, and the user would choose one of them.
      return {...state, rooms: undefined};
    case 'room-entered':
      return rooms.entered(state, event, at);
    case 'room-members':
      return rooms.membersChanged(state, event, at);
    case 'member-state':
      return rooms.memberAnswered(state, event);
    case 'room-left':
      return rooms.left(state, event, at);
    case 'invitation':
      return rooms.invited(state, event, at);
    case 'invitation-ended':
      return rooms.invitationEnded(state, event, at);
    case 'invitation-answer':
      return rooms.answered(state, event, at);
    case 'asked':
      return rooms.asked(state, event, at);
    case 'not-asked':
      return people.withoutSent(state, event.nick);
    case 'link-opened':
      return rooms.linkOpened(state, event, at);
    case 'link-closed':
      return rooms.linkClosed(state, event, at);
    case 'unlinked':
      return rooms.withoutLink(state, event.nick);
    case 'turned':
      return turned(state, event.conversation);
    case 'conversation-closed':
      return withoutDirect(state, [event.conversation]);
    case 'error':
      return notice(state, here(state), event.message, at, 'error');
    case 'notice':
      return notice(state, here(state), event.text, at);
    case 'cleared': {
      const {conversation} = event;
      return withConversation(state, conversation, historyOf(state, conversation).clear());
    }
    // The form says why, while the user is refused.
    case 'refused':
    case 'reconnecting':
    case 'found':
    case 'choose-hub':
    case 'share':
    case 'help':
    case 'mentions':
    case 'open-link':
    case 'copy':
    case 'muted':
    case 'quit':
      return state;
  }
}

/** A round trip is new if it is not the one before: it is measured far finer than any two are equal. */
function withStatistics(state: State, statistics: Statistics): State {
  const {roundTripMs} = statistics;
  const isNew = roundTripMs !== undefined && roundTripMs !== state.statistics.roundTripMs;
  const roundTrips = isNew
    ? [...state.roundTrips, roundTripMs].slice(-maximumRoundTrips)
    : state.roundTrips;
  return {...state, statistics, roundTrips};
}

const maximumRoundTrips = 8;

/** The hub is lost: one line, which is changed when it is back. */
function lost(state: State, text: string, at: number): State {
  const conversation = here(state);
  const told = notice(state, conversation, text, at, 'error');
  return {...told, lossNotice: {conversation, index: historyOf(told, conversation).end - 1}};
}

/** The hub is back: the line that said that it was lost says so. */
function found(state: State, text: string, at: number): State {
  const {lossNotice: place} = state;
  if (place === undefined) return notice(state, here(state), text, at);
  const history = historyOf(state, place.conversation).update(place.index, entry =>
    entry.kind === 'notice' ? {...entry, text, tone: 'info'} : entry,
  );
  return withConversation(state, place.conversation, history);
}

function connected(
  state: State,
  {server, nick, protocol, features}: Extract<EngineEvent, {type: 'connected'}>,
  at: number,
): State {
  const {entered} = state;
  const present = {...state, protocol, features: new Set(features), entered: {server, nick}};
  if (entered?.server !== server) {
    return notice(
      {...present, lossNotice: undefined},
      here(state),
      connectedSentence(server, nick),
      at,
    );
  }
  return entered.nick === nick
    ? found(present, reconnectedSentence, at)
    : notice(present, here(state), renamedSentence(nick), at);
}

/** At another hub the same name may belong to somebody else. */
function elsewhere(state: State, server: string, nick: string): State {
  const isSameHub = server === state.server;
  if (isSameHub && nick === state.nick) return state;
  // The user's own name comes first, so that nobody else gets it as a label.
  const renamed = {...state, people: People.nobody.with([nick])};
  if (isSameHub) {
    return {...renamed, people: renamed.people.with(peopleIn(state.conversations))};
  }
  return {
    ...withoutDirect(renamed),
    rooms: undefined,
    roundTrips: [],
    directWriter: undefined,
    linkedLast: undefined,
  };
}

/** Where nobody can speak, what is typed does not go. */
function turned(state: State, conversation: ConversationId): State {
  if (!canSpeakIn(state, conversation)) return state;
  if (conversation === here(state)) return state;
  if (isDirect(conversation)) return {...withDirect(state, conversation), turnedTo: conversation};
  const {link} = state;
  const isAside = conversation === 'public';
  return {...state, turnedTo: undefined, link: link && {...link, isAside}};
}
