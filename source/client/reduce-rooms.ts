/** Private rooms, private connections, and the invitations to both. */
import type {EngineEvent} from './events.ts';
import {passed, withoutSent} from './reduce-people.ts';
import {
  declinedSentence,
  enteredSentence,
  invitationOverSentence,
  invitationSentence,
  lateLinkSentence,
  leftSentences,
  linkClosedSentence,
  linkOpenedSentence,
} from './sentences.ts';
import {crowdOf, here, notice, type State, withConversation} from './state.ts';

type Event<Type extends EngineEvent['type']> = Extract<EngineEvent, {type: Type}>;

export function entered(
  state: State,
  {name, mode, members}: Event<'room-entered'>,
  at: number,
): State {
  const room = {mode, members, ...(name === undefined ? {} : {name})};
  // The pane of this room does not show what was said in another.
  const emptied = withConversation(state, 'room', state.conversations.room.clear());
  const others = members.filter(nick => nick !== state.nick);
  const text = enteredSentence(
    name,
    mode,
    others.map(nick => state.people.labelOf(nick)),
  );
  const entered = {...emptied, room, turnedTo: undefined, memberStates: new Map()};
  return notice(entered, 'room', text, at);
}

export function membersChanged(state: State, {members}: Event<'room-members'>, at: number): State {
  const {room} = state;
  if (room === undefined) return state;
  const [before, after] = [new Set(room.members), new Set(members)];
  const joined = members.filter(nick => !before.has(nick) && nick !== state.nick);
  const gone = room.members.filter(nick => !after.has(nick));
  const memberStates = new Map([...state.memberStates].filter(([nick]) => after.has(nick)));
  let changed: State = {...state, room: {...room, members}, memberStates};
  for (const nick of joined) changed = passed(changed, 'room', 'came', nick, at);
  for (const nick of gone) changed = passed(changed, 'room', 'gone', nick, at);
  return changed;
}

export function left(state: State, {reason}: Event<'room-left'>, at: number): State {
  const outside = {...state, room: undefined, memberStates: new Map(), sentInvitations: []};
  return notice(outside, 'public', leftSentences[reason], at);
}

/** Of somebody who is no member nothing is kept. */
export function memberAnswered(state: State, {nick, state: now}: Event<'member-state'>): State {
  if (!state.room?.members.includes(nick)) return state;
  return {...state, memberStates: new Map(state.memberStates).set(nick, now)};
}

/** An invitation from somebody who is ignored is not shown. */
export function invited(
  state: State,
  {from, mode, room, lifetimeMs}: Event<'invitation'>,
  at: number,
): State {
  if (state.ignored.has(from)) return state;
  const others = state.invitations.filter(invitation => invitation.from !== from);
  const invitation = {
    from,
    mode,
    at,
    ...(room === undefined ? {} : {room}),
    ...(lifetimeMs === undefined ? {} : {until: at + lifetimeMs}),
  };
  const text = invitationSentence(invitation, crowdOf(state));
  return notice({...state, invitations: [...others, invitation]}, here(state), text, at);
}

export function invitationEnded(
  state: State,
  {from, reason}: Event<'invitation-ended'>,
  at: number,
): State {
  const ended = state.invitations.find(invitation => invitation.from === from);
  if (ended === undefined) return state;
  const invitations = state.invitations.filter(invitation => invitation !== ended);
  const changed = {...state, invitations};
  if (reason !== 'expired') return changed;
  const text = invitationOverSentence(state.people.labelOf(from), ended.mode);
  return notice(changed, here(state), text, at);
}

export function answered(
  former: State,
  {nick, accepted}: Event<'invitation-answer'>,
  at: number,
): State {
  const state = withoutSent(former, nick);
  // Somebody who accepts appears as a member, or with the private connection.
  if (accepted) return state;
  const what = state.features.has('links') ? 'link' : 'room';
  const text = declinedSentence(state.people.labelOf(nick), what);
  return notice(state, here(state), text, at);
}

/** The user has invited these people. The oldest that cannot be answered any more are forgotten. */
export function asked(state: State, {nicks, mode, lifetimeMs}: Event<'asked'>, at: number): State {
  const until = lifetimeMs === undefined ? {} : {until: at + lifetimeMs};
  const again = new Set(nicks);
  const others = state.sentInvitations.filter(
    ({to, until = Number.POSITIVE_INFINITY}) => !again.has(to) && until > at,
  );
  const sent = nicks.map(to => ({to, mode, ...until}));
  return {...state, sentInvitations: [...others, ...sent].slice(-maximumSent)};
}

const maximumSent = 64;

export function linkOpened(former: State, {nick}: Event<'link-opened'>, at: number): State {
  const state = withoutSent(former, nick);
  const {link, people, linkedLast} = state;
  const label = people.labelOf(nick);
  // Only one at a time: the client closes the new one.
  if (link !== undefined) {
    return notice(state, here(state), lateLinkSentence(label, people.labelOf(link.nick)), at);
  }
  // Undelivered texts stay and can be sent again; texts that were said to others do not belong in this pane.
  const {room} = state.conversations;
  const linked = withConversation(
    {...state, link: {nick, isAside: false}, linkedLast: nick, turnedTo: undefined},
    'room',
    linkedLast === nick ? room : room.clear(),
  );
  return notice(linked, 'room', linkOpenedSentence(label), at);
}

export function linkClosed(state: State, {nick}: Event<'link-closed'>, at: number): State {
  const text = linkClosedSentence(state.people.labelOf(nick));
  return notice(withoutLink(state, nick), 'public', text, at);
}

export function withoutLink(state: State, nick: string): State {
  return state.link?.nick === nick ? {...state, link: undefined} : state;
}
