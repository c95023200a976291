/** What there is to read: which messages nobody has looked at, and where they are. */
import {
  type ConversationId,
  conversationIds,
  directIds,
  isDirect,
  isOwn,
} from '../client/conversations.ts';
import {isMessageForYou} from '../client/for-you.ts';
import {historyOf, openConversations} from '../client/state.ts';
import {isShown, type Layout} from './panes/layout.ts';
import {
  type ConversationView,
  conversationView,
  isCovered,
  nothingUnread,
  type Unread,
  unreadOf,
  type View,
} from './view.ts';

/**
 * Counts what has come, and forgets what was looked at: what stands at the end of a conversation that is on a
 * screen with the focus. The rule for new messages stands above the first that came while nobody looked. It stays,
 * with its number, while the user reads, and goes when they go.
 */
export function withSeen(view: View, layout: Layout): View {
  const ids = conversationIds(view.state.conversations);
  const updated = ids.map(id => [id, seen(view, layout, id)] as const);
  const isSame =
    updated.length === Object.keys(view.conversations).length &&
    updated.every(([id, conversation]) => conversation === view.conversations[id]);
  if (isSame) return view;
  return {...view, conversations: Object.fromEntries(updated) as View['conversations']};
}

function seen(view: View, layout: Layout, id: ConversationId): ConversationView {
  const isInSight = view.isFocused && isShown(layout, id);
  const known = withHistory(view, id);
  const isGoing = known.isInSight && !isInSight && known.unread.messages === 0;
  const kept = isGoing ? {...known, firstUnread: undefined, newMessages: 0} : known;
  const {end} = historyOf(view.state, id);
  const wasRead = kept.unread.messages === 0;
  const isRead = isInSight && kept.anchor === 'bottom' && !isCovered(view);
  const isUnchanged = end === kept.countedEnd && isInSight === kept.isInSight;
  if (isUnchanged && (wasRead || !isRead)) return kept;
  // What comes while the user reads is not new.
  const counted = isRead && wasRead ? kept : withNew(view, id, kept);
  const unread = isRead ? nothingUnread : counted.unread;
  return {...counted, unread, countedEnd: end, isInSight};
}

/** Without what stood in a history that was emptied, or was another with the same person. */
function withHistory(view: View, id: ConversationId): ConversationView {
  const known = conversationView(view, id);
  const {start} = historyOf(view.state, id);
  if (start < known.countedEnd) return known;
  if (start === known.countedEnd && known.firstUnread === undefined) return known;
  return {
    ...known,
    unread: nothingUnread,
    countedEnd: start,
    firstUnread: undefined,
    newMessages: 0,
  };
}

/** Counts the messages of others that were not counted yet. */
function withNew(view: View, id: ConversationId, known: ConversationView): ConversationView {
  const {state} = view;
  const history = historyOf(state, id);
  let {messages, mentions} = known.unread;
  let {firstUnread, newMessages} = known;
  for (let index = Math.max(known.countedEnd, history.start); index < history.end; index++) {
    const entry = history.at(index);
    if (entry?.kind !== 'message' || isOwn(entry)) continue;
    messages++;
    newMessages++;
    firstUnread ??= index;
    if (isMessageForYou(entry, id, state)) mentions++;
  }
  return {...known, unread: {messages, mentions}, firstUnread, newMessages};
}

/** All that is unread, for the title of the terminal. */
export function attentionOf(view: View): Unread {
  return openConversations(view.state)
    .map(id => unreadOf(view, id))
    .reduce((sum, {messages, mentions}) => ({
      messages: sum.messages + messages,
      mentions: sum.mentions + mentions,
    }));
}

/** The conversations with something unread: first those that call the user, then those that have waited longest. */
export function unreadConversations(view: View): readonly ConversationId[] {
  const waiting = openConversations(view.state).filter(id => unreadOf(view, id).messages > 0);
  const calls = (id: ConversationId) => (unreadOf(view, id).mentions > 0 ? 0 : 1);
  const since = (id: ConversationId) => {
    const {firstUnread = 0} = conversationView(view, id);
    return historyOf(view.state, id).at(firstUnread)?.at ?? 0;
  };
  return waiting.toSorted((one, other) => calls(one) - calls(other) || since(one) - since(other));
}

/** `+3 @1`; empty if there is nothing. With one person, every message calls the user. */
export function unreadWords(view: View, id: ConversationId): string {
  const {messages, mentions} = unreadOf(view, id);
  if (messages === 0) return '';
  const words = `+${shortNumber(messages)}`;
  return mentions === 0 || isDirect(id) ? words : `${words} @${shortNumber(mentions)}`;
}

function shortNumber(count: number): string {
  return count > 99 ? '99' : String(count);
}

/** The digit of the key that goes to that conversation; empty if there is none. */
export function digitOf(view: View, id: ConversationId): string {
  if (!isDirect(id)) return id === 'public' ? '1' : '2';
  return directDigits.charAt(directIds(view.state.conversations).indexOf(id));
}

/** In the order of the conversations with one person. */
const directDigits = '567890';
