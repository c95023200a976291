/** What was said, by others and by the user, and whether it was delivered. */
import type {Conversation} from '../protocols/protocol.ts';
import {type Delivery, directMessage, message} from './entries.ts';
import type {EngineEvent, Scope} from './events.ts';
import {mentions} from './mentions.ts';
import {failureSentence} from './sentences.ts';
import {append, crowdOf, here, notice, type State, withConversation} from './state.ts';
import {maximumUndelivered} from './undelivered.ts';

type Event<Type extends EngineEvent['type']> = Extract<EngineEvent, {type: Type}>;

export function sent(state: State, {id, scope, to, text}: Event<'sent'>, at: number): State {
  const {nick, people} = state;
  const conversation = conversationOf(state, scope, to);
  const index = state.conversations[conversation].end;
  const own = new Map(state.own).set(id, {
    conversation,
    index,
    ...(to === undefined ? {} : {to}),
  });
  const [oldest] = own.keys();
  if (own.size > maximumUndelivered && oldest !== undefined) own.delete(oldest);
  const entry =
    to === undefined || scope === 'link'
      ? message(nick, text, at, people)
      : directMessage(nick, to, text, at, people);
  return append({...state, own}, conversation, {...entry, id, delivery: {state: 'sending'}});
}

export function received(state: State, {scope, from, text}: Event<'message'>, at: number): State {
  const {nick, people} = state;
  if (state.ignored.has(from)) return state;
  const isDirect = scope === 'direct';
  const entry = isDirect
    ? directMessage(from, nick, text, at, people)
    : message(from, text, at, people);
  const isMention = mentions(entry.text, nick);
  const heard = isDirect ? {...state, directWriter: from} : state;
  return append(heard, conversationOf(state, scope, from), {...entry, isMention});
}

/** Changes the delivery mark of one of your own messages; does nothing if it is no longer shown. */
export function deliver(
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

export function failed(state: State, {id, reason, pending}: Event<'failed'>, at: number): State {
  const {conversation: said, to} = state.own.get(id) ?? {};
  const conversation = placeOfFailure(state, reason, to === undefined ? said : undefined);
  const changed = deliver(state, id, () => ({state: 'failed', reason, pending}));
  const text = failureSentence(reason, pending, to, crowdOf(state));
  const newest = changed.conversations[conversation].at(
    changed.conversations[conversation].end - 1,
  );
  const isSaid = newest?.kind === 'notice' && newest.text === text;
  return isSaid ? changed : notice(changed, conversation, text, at, 'error');
}

/**
 * A direct message has no conversation of its own: it is shown in the conversation in which the user is. So is a
 * message from a room that we have just left. A message over a private connection that is no longer shown goes to
 * the public conversation.
 *
 * @param peer The other side of a private connection.
 */
function conversationOf(state: State, scope: Scope, peer: string | undefined): Conversation {
  if (scope === 'link') return state.link?.nick === peer ? 'room' : 'public';
  return scope === 'public' ? 'public' : here(state);
}

/** Where the user will read of it. @param said The conversation of a text for everybody in it. */
function placeOfFailure(
  state: State,
  reason: Event<'failed'>['reason'],
  said: Conversation | undefined,
): Conversation {
  // The private connection leaves the screen now, or has left it.
  if (reason === 'link-closed') return 'public';
  // In a room that the user has left since, nobody would read of a direct message.
  return said ?? here(state);
}
