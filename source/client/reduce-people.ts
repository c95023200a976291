/** The people who are here, their labels, and those whom the user ignores. */
import type {PresentUser} from '../protocols/protocol.ts';
import {type ConversationId, directId, peopleIn} from './conversations.ts';
import {type Entry, mayHaveGone, presence, withPassage} from './entries.ts';
import type {EngineEvent} from './events.ts';
import type {History} from './history.ts';
import {likenessSentence} from './sentences.ts';
import {append, crowdOf, here, historyOf, notice, type State, withConversation} from './state.ts';

type Event<Type extends EngineEvent['type']> = Extract<EngineEvent, {type: Type}>;

/** At least this many people who have left are remembered. */
const maximumPast = 5000;

/** Everybody whom an event names. */
export function namedIn(event: EngineEvent): readonly string[] {
  switch (event.type) {
    case 'arrived':
    case 'departed':
    case 'invitation-answer':
    case 'link-opened':
    case 'link-closed':
    case 'ignoring':
      return [event.nick];
    case 'message':
    case 'invitation':
    case 'invitation-ended':
      return [event.from];
    case 'sent':
      return event.to === undefined ? [] : [event.to];
    case 'users':
      return event.users.map(({nick}) => nick);
    case 'room-entered':
    case 'room-members':
      return event.members;
    case 'failed':
      return event.pending;
    default:
      return [];
  }
}

/** Gives a label to people who are named for the first time. If it is not their name, a sentence says why. */
export function introduce(state: State, nicks: readonly string[], at: number): State {
  const people = state.people.with(nicks);
  if (people === state.people) return state;
  const unlike = nicks.flatMap(nick => {
    const person = state.people.get(nick) === undefined ? people.get(nick) : undefined;
    return person === undefined || person.label === nick ? [] : [person];
  });
  const known = forgetPast({...state, people}, nicks);
  return unlike.length === 0 ? known : notice(known, here(known), likenessSentence(unlike), at);
}

/** Takes the whole list. Sentences about arrivals and departures come from the other events. */
export function listed(state: State, {users}: Event<'users'>): State {
  const draft = state.users.draft();
  const listedNicks = new Set(users.map(({nick}) => nick));
  for (const {nick} of state.users.values()) if (!listedNicks.has(nick)) draft.delete(nick);
  for (const {nick, status} of users) {
    const former = draft.get(nick);
    const isSame = former !== undefined && former.status === status;
    if (!isSame) draft.set(nick, presentUser(nick, status));
  }
  // People who have not changed stay the same value, so that nothing is drawn or sorted again for them.
  return {...state, users: draft.finish()};
}

export function arrived(state: State, {nick, status}: Event<'arrived'>, at: number): State {
  const isNews = !state.users.has(nick);
  const present = {...state, users: state.users.set(nick, presentUser(nick, status))};
  if (!isNews || state.ignored.has(nick)) return present;
  return told(present, nick, 'came', at);
}

export function departed(state: State, {nick}: Event<'departed'>, at: number): State {
  const isNews = state.users.has(nick);
  const absent = {...state, users: state.users.delete(nick)};
  if (!isNews || state.ignored.has(nick)) return absent;
  return told(withoutSent(absent, nick), nick, 'gone', at);
}

/** In public, and in the conversation with that person if there is one. */
function told(state: State, nick: string, direction: 'came' | 'gone', at: number): State {
  const changed = passed(state, 'public', direction, nick, at);
  const own = directId(nick);
  return state.conversations[own] === undefined
    ? changed
    : passed(changed, own, direction, nick, at);
}

/** Tells that somebody has come or gone: in the newest line, if that tells of others who have. */
export function passed(
  state: State,
  conversation: ConversationId,
  direction: 'came' | 'gone',
  nick: string,
  at: number,
): State {
  const history = historyOf(state, conversation);
  const label = state.people.labelOf(nick);
  const news = passageIn(history, direction, nick, label);
  if (news === undefined) return state;
  const newest = history.at(history.end - 1);
  const entry = newest?.kind === 'presence' ? newest : presence(at);
  const next = withPassage(entry, direction, label, news.isSpeaker);
  return newest === entry
    ? withConversation(
        state,
        conversation,
        history.update(history.end - 1, () => next),
      )
    : append(state, conversation, next);
}

/**
 * Whether somebody who comes or goes has spoken there lately; undefined if that is no news there. Whoever has spoken is known to be
 * there, however late a list says so.
 */
export function passageIn(
  history: History<Entry>,
  direction: 'came' | 'gone',
  nick: string,
  label: string,
): {readonly isSpeaker: boolean} | undefined {
  if (direction === 'came' && lastTrace(history, nick, label) === 'spoke') return undefined;
  const isSpeaker = history
    .backwards()
    .take(searchedEntries)
    .some(([, said]) => said.kind === 'message' && said.from === nick);
  return {isSpeaker};
}

/** What a conversation tells last of somebody: a text, or that they have gone. Undefined if it tells neither. */
function lastTrace(
  history: History<Entry>,
  nick: string,
  label: string,
): 'spoke' | 'gone' | undefined {
  for (const [, entry] of history.backwards().take(searchedEntries)) {
    if (entry.kind === 'message' && entry.from === nick) return 'spoke';
    if (entry.kind === 'presence' && mayHaveGone(entry, label)) return 'gone';
  }
  return undefined;
}

/** Who has written one of the newest entries has spoken lately. */
const searchedEntries = 200;

export function ignoring(state: State, {nick, isIgnored}: Event<'ignoring'>): State {
  const ignored = new Set(state.ignored);
  if (isIgnored) ignored.add(nick);
  else ignored.delete(nick);
  return {...state, ignored};
}

function presentUser(nick: string, status: PresentUser['status']): PresentUser {
  return status === undefined ? {nick} : {nick, status};
}

/** Keeps a hub that names ever new people from filling the memory. @param named The people of the present event. */
function forgetPast(state: State, named: readonly string[]): State {
  const {people, users, ignored, directWriter, conversations} = state;
  if (people.size <= 2 * users.size + named.length + maximumPast) return state;
  const {isHere} = crowdOf(state);
  const others = new Set([...named, ...ignored, ...peopleIn(conversations), directWriter]);
  const isKept = (nick: string) => isHere(nick) || others.has(nick);
  return {...state, people: people.only(isKept)};
}

/** What the user has asked somebody is answered, or cannot be. */
export function withoutSent(state: State, nick: string): State {
  const sentInvitations = state.sentInvitations.filter(({to}) => to !== nick);
  return sentInvitations.length === state.sentInvitations.length
    ? state
    : {...state, sentInvitations};
}
