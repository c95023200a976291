/** What was said, by others and by the user, and whether it was delivered. */
import {cleanText} from './clean-text.ts';
import {type ConversationId, directId, isDirect} from './conversations.ts';
import {type Delivery, isOver, message, type NoticeEntry} from './entries.ts';
import type {EngineEvent, Scope} from './events.ts';
import {withMention} from './last-mentions.ts';
import {mentions} from './mentions.ts';
import {failureSentence, keptSentence} from './sentences.ts';
import {
  append,
  crowdOf,
  here,
  hereWithAll,
  historyOf,
  notice,
  type OwnPlace,
  type State,
  withConversation,
} from './state.ts';
import {maximumUndelivered} from './undelivered.ts';

type Event<Type extends EngineEvent['type']> = Extract<EngineEvent, {type: Type}>;

export function sent(state: State, {id, scope, to, text}: Event<'sent'>, at: number): State {
  const {nick, people} = state;
  const conversation = conversationOf(state, scope, to);
  const index = historyOf(state, conversation).end;
  const own = new Map(state.own).set(id, {
    conversation,
    index,
    ...(to === undefined ? {} : {to}),
  });
  const [oldest] = own.keys();
  if (own.size > maximumUndelivered && oldest !== undefined) own.delete(oldest);
  const entry = message(nick, text, at, people);
  return append({...state, own}, conversation, {...entry, id, delivery: {state: 'sending'}});
}

export function received(
  state: State,
  {scope, from, text, receipt}: Event<'message'>,
  at: number,
): State {
  const {nick, people} = state;
  if (state.ignored.has(from)) return state;
  const entry = message(from, text, at, people);
  const isMention = mentions(entry.text, nick);
  const heard = scope === 'direct' ? {...state, directWriter: from} : state;
  const conversation = conversationOf(state, scope, from);
  const found = receipt === undefined ? {} : {receipt};
  const told = append(heard, conversation, {...entry, isMention, ...found});
  if (!isMention) return told;
  const index = historyOf(told, conversation).end - 1;
  return {...told, mentions: withMention(told.mentions, {conversation, index})};
}

/** Changes the delivery mark of one of your own messages; does nothing if it is no longer shown. */
export function deliver(
  state: State,
  id: number,
  change: (former: Delivery | undefined) => Delivery,
): State {
  const place = state.own.get(id);
  if (place === undefined) return state;
  const history = historyOf(state, place.conversation).update(place.index, entry =>
    entry.kind === 'message' ? {...entry, delivery: change(entry.delivery)} : entry,
  );
  return withHistory(state, place.conversation, history);
}

/** How many of a decentralised room's members have confirmed, if any have. */
export function countOf(delivery: Delivery | undefined): {
  readonly confirmed?: number;
  readonly of?: number;
} {
  if (delivery === undefined || !('confirmed' in delivery)) return {};
  const {confirmed, of} = delivery;
  return confirmed === undefined || of === undefined ? {} : {confirmed, of};
}

export function resent(state: State, {id}: Event<'resent'>): State {
  const changed = deliver(state, id, former => ({state: 'sending', ...countOf(former)}));
  return withoutNotice(changed, id);
}

export function kept(state: State, {id}: Event<'kept'>, at: number): State {
  const changed = deliver(withoutNotice(state, id), id, former => ({
    state: 'kept',
    ...countOf(former),
  }));
  const conversation = state.own.get(id)?.conversation;
  if (conversation === undefined) return changed;
  // One sentence for all that is kept there.
  const said = [...state.own.values()].find(
    ({notice: place}) =>
      place?.conversation === conversation && noticeAt(state, place)?.text === keptSentence,
  );
  return said?.notice === undefined
    ? withNotice(changed, id, conversation, keptSentence, at, 'info')
    : joinNotice(changed, id, said.notice);
}

export function progressed(state: State, {id, confirmed, of, by}: Event<'progress'>): State {
  const changed = deliver(state, id, former => {
    if (former?.state === 'failed') {
      const pending = former.pending.filter(nick => nick !== by);
      return {...former, pending, confirmed, of};
    }
    const isAgain = former?.state === 'retransmitting';
    return {state: isAgain ? 'retransmitting' : 'sending', confirmed, of};
  });
  return renewNotice(changed, id);
}

export function delivered(state: State, {id}: Event<'delivered'>): State {
  const changed = deliver(state, id, former => {
    const {of} = countOf(former);
    return {state: 'delivered', ...(of === undefined ? {} : {of})};
  });
  const settled = withoutNotice(changed, id);
  if (!settled.own.has(id)) return settled;
  const own = new Map(settled.own);
  own.delete(id);
  return {...settled, own};
}

export function failed(state: State, {id, reason, pending}: Event<'failed'>, at: number): State {
  const own = state.own.get(id);
  const conversation = placeOfFailure(state, reason, own);
  const changed = deliver(withoutNotice(state, id), id, former => ({
    state: 'failed',
    reason,
    pending,
    ...countOf(former),
  }));
  const text = failureSentence(reason, pending, own?.to, crowdOf(state));
  const index = historyOf(changed, conversation).end - 1;
  const isSaid = noticeAt(changed, {conversation, index})?.text === text;
  return isSaid
    ? joinNotice(changed, id, {conversation, index})
    : withNotice(changed, id, conversation, text, at, 'error');
}

type NoticePlace = NonNullable<OwnPlace['notice']>;

function noticeAt(state: State, {conversation, index}: NoticePlace): NoticeEntry | undefined {
  const entry = historyOf(state, conversation).at(index);
  return entry?.kind === 'notice' && !isOver(entry) ? entry : undefined;
}

/** Says something of that message, until it has arrived or is sent again. */
function withNotice(
  state: State,
  id: number,
  conversation: ConversationId,
  text: string,
  at: number,
  tone: NoticeEntry['tone'],
): State {
  const index = historyOf(state, conversation).end;
  return joinNotice(notice(state, conversation, text, at, tone), id, {conversation, index});
}

/** The sentence there is about that message too. */
function joinNotice(state: State, id: number, place: NoticePlace): State {
  const own = state.own.get(id);
  const joined = changeNotice(state, place, entry => ({
    ...entry,
    about: [...(entry.about ?? []), id],
  }));
  return own === undefined
    ? joined
    : {...joined, own: new Map(state.own).set(id, {...own, notice: place})};
}

/** What was said of that message is over. */
function withoutNotice(state: State, id: number): State {
  const own = state.own.get(id);
  if (own?.notice === undefined) return state;
  const {notice: place, ...kept} = own;
  const changed = changeNotice(state, place, entry => ({
    ...entry,
    about: (entry.about ?? []).filter(other => other !== id),
  }));
  return {...changed, own: new Map(state.own).set(id, kept)};
}

/** Fewer members are missing than the sentence about that message alone says. */
function renewNotice(state: State, id: number): State {
  const {conversation, index, to, notice: place} = state.own.get(id) ?? {};
  if (place === undefined || conversation === undefined || index === undefined) return state;
  const entry = historyOf(state, conversation).at(index);
  const delivery = entry?.kind === 'message' ? entry.delivery : undefined;
  if (delivery?.state !== 'failed' || noticeAt(state, place)?.about?.length !== 1) return state;
  const text = failureSentence(delivery.reason, delivery.pending, to, crowdOf(state));
  return changeNotice(state, place, said => ({...said, text: cleanText(text)}));
}

function changeNotice(
  state: State,
  {conversation, index}: NoticePlace,
  change: (entry: NoticeEntry) => NoticeEntry,
): State {
  const history = historyOf(state, conversation).update(index, entry =>
    entry.kind === 'notice' ? change(entry) : entry,
  );
  return withHistory(state, conversation, history);
}

/** A conversation that was closed is not opened again by what becomes of its texts. */
function withHistory(
  state: State,
  conversation: ConversationId,
  history: State['conversations']['public'],
): State {
  return state.conversations[conversation] === undefined
    ? state
    : withConversation(state, conversation, history);
}

/**
 * A message from a room that we have just left is shown in the conversation in which the user is. A message over a
 * private connection that is no longer shown goes to the public conversation.
 *
 * @param peer The other side of a direct message or of a private connection.
 */
function conversationOf(state: State, scope: Scope, peer: string | undefined): ConversationId {
  if (scope === 'direct' && peer !== undefined) return directId(peer);
  if (scope === 'link') return state.link?.nick === peer ? 'room' : 'public';
  return scope === 'public' ? 'public' : hereWithAll(state);
}

/** Where the user will read of it. */
function placeOfFailure(
  state: State,
  reason: Event<'failed'>['reason'],
  own: OwnPlace | undefined,
): ConversationId {
  // The private connection leaves the screen now, or has left it.
  if (reason === 'link-closed') return 'public';
  if (own === undefined) return here(state);
  // The conversations with the people of a hub end with it.
  if (isDirect(own.conversation)) return reason === 'left-hub' ? 'public' : own.conversation;
  // What was said over a private connection is read of where the user is.
  return own.to === undefined ? own.conversation : here(state);
}
