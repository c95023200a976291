/** Moving about on the screen: which pane has the focus, what is selected, how far it is scrolled. */
import {type ConversationId, isDirect} from '../client/conversations.ts';
import {canSpeakIn, here, historyOf, isOver, openConversations} from '../client/state.ts';
import {blocksOf} from './conversation/pane-blocks.ts';
import {reveal, scroll, viewport} from './conversation/viewport.ts';
import {isShown, type Layout, messageArea, type PaneName} from './panes/layout.ts';
import {selectableUsers} from './panes/people.ts';
import {stepName} from './selection.ts';
import {
  conversationView,
  isConversation,
  scrolledConversation,
  type View,
  withConversation,
} from './view.ts';

type Step = -1 | 1;

/** A message pane that gets the focus selects the newest message that was not delivered. */
export function focusOn(view: View, layout: Layout, focus: View['focus']): View {
  if (focus === 'room' && !canSpeakIn(view.state, 'room')) return view;
  const focused = {...view, focus};
  if (!isConversation(focus)) return focused;
  const newestFailed = historyOf(view.state, focus)
    .backwards()
    .take(searchedEntries)
    .find(([, entry]) => entry.kind === 'message' && entry.delivery?.state === 'failed');
  if (newestFailed === undefined) return withConversation(focused, focus, {selected: undefined});
  return selectEntry(focused, layout, focus, newestFailed[0]);
}

/** Pressing the key a second time goes back. */
export function toggleSide(view: View, layout: Layout, name: 'users' | 'invitations'): View {
  return focusOn(view, layout, view.focus === name ? 'composer' : name);
}

export function focusNext(view: View, layout: Layout): View {
  // Another conversation is one key away, wherever it is shown; a list on a wide screen is there or it is empty.
  const isReachable = (name: PaneName) =>
    isShown(layout, name) ||
    (name === 'room'
      ? canSpeakIn(view.state, name)
      : name === 'public' || layout.kind === 'narrow');
  const current = here(view.state);
  const names: readonly PaneName[] = [
    'public',
    'room',
    ...(isDirect(current) ? [current] : []),
    'users',
    'invitations',
  ];
  const stops: readonly View['focus'][] = ['composer', ...names.filter(isReachable)];
  const next = stops[(stops.indexOf(view.focus) + 1) % stops.length];
  return focusOn(view, layout, next ?? 'composer');
}

export function scrollPage(view: View, layout: Layout, by: Step): View {
  const name = scrolledConversation(view);
  // One row stays in view, so that the eye finds its place.
  const rows = Math.max(1, (messageArea(layout, name)?.rows ?? 0) - 1);
  return scrollRows(view, layout, name, by * rows);
}

/** Scrolls the conversation in that column of the screen; if there is none, the one that the keys scroll. */
export function scrollAt(view: View, layout: Layout, by: number, column: number): View {
  const {waiting, main, panes} = layout.kind === 'wide' ? layout : {};
  const start = waiting === undefined ? 0 : (panes?.[waiting]?.columns ?? 0) + 1;
  const end = main === undefined ? 0 : start + (panes?.[main]?.columns ?? 0);
  const under = column < start ? waiting : column < end ? main : undefined;
  return scrollRows(view, layout, under ?? scrolledConversation(view), by);
}

function scrollRows(view: View, layout: Layout, name: ConversationId, by: number): View {
  const pane = blocksOf(view, layout, name);
  if (pane === undefined) return view;
  const {anchor} = conversationView(view, name);
  return withConversation(view, name, {anchor: scroll(pane.blocks, pane.rows, anchor, by)});
}

export function scrollToEnd(view: View, end: 'oldest' | 'newest'): View {
  const name = scrolledConversation(view);
  const {start} = historyOf(view.state, name);
  return withConversation(view, name, {
    anchor: end === 'newest' ? 'bottom' : {index: start, at: Number.NEGATIVE_INFINITY},
  });
}

export function select(view: View, layout: Layout, by: Step): View {
  const {focus, state} = view;
  if (focus === 'composer') return view;
  if (focus === 'users') {
    const names = selectableUsers(state);
    return {...view, selectedUser: stepName(names, view.selectedUser, by)};
  }
  if (focus === 'invitations') {
    const names = state.invitations.map(({from}) => from);
    return {...view, selectedInvitation: stepName(names, view.selectedInvitation, by)};
  }
  const history = historyOf(state, focus);
  const {start, end} = history;
  const isPassed = (index: number) => {
    const entry = history.at(index);
    return entry !== undefined && isOver(entry);
  };
  let selected = (conversationView(view, focus).selected ?? end) + by;
  while (isPassed(selected)) selected += by;
  return selected < start || selected >= end ? view : selectEntry(view, layout, focus, selected);
}

/** Shows an entry of a conversation, and selects it. */
export function goToEntry(view: View, layout: Layout, name: ConversationId, index: number): View {
  return selectEntry({...view, focus: name}, layout, name, index);
}

/** The index of the next message above or below that names the user; undefined if there is none. */
export function nextMention(view: View, layout: Layout, by: Step): number | undefined {
  const name = scrolledConversation(view);
  const {start, end} = historyOf(view.state, name);
  const {anchor, selected} = conversationView(view, name);
  const isSelected = view.focus === name && selected !== undefined;
  const pane = blocksOf(view, layout, name);
  const rows = pane === undefined ? [] : viewport(pane.blocks, pane.rows, anchor).rows;
  // What is in view counts as below when one goes up from there, and the other way round.
  const edge = by === -1 ? (rows.at(-1)?.index ?? end - 1) + 1 : (rows[0]?.index ?? start) - 1;
  const from = isSelected ? selected : edge;
  const indexes = view.state.mentions
    .filter(({conversation, index}) => conversation === name && index >= start)
    .map(({index}) => index);
  return by === -1 ? indexes.findLast(index => index < from) : indexes.find(index => index > from);
}

/** Shows the rule for new messages at the top of its pane. @returns undefined if there is none. */
export function goToNew(view: View, layout: Layout): View | undefined {
  const name = scrolledConversation(view);
  const {firstUnread} = conversationView(view, name);
  const pane = blocksOf(view, layout, name);
  const {start} = historyOf(view.state, name);
  if (firstUnread === undefined || pane === undefined) return undefined;
  const top = {index: Math.max(start, firstUnread), at: Number.NEGATIVE_INFINITY};
  return withConversation(view, name, {anchor: scroll(pane.blocks, pane.rows, top, 0)});
}

/** The conversation before or after the one that is looked at. @returns undefined if there is only one. */
export function nextConversation(view: View, by: Step): ConversationId | undefined {
  const ids = openConversations(view.state);
  const index = ids.indexOf(scrolledConversation(view));
  return ids.length === 1 ? undefined : ids.at((index + by) % ids.length);
}

/** The selected message stays in view when its pane has become smaller. */
export function revealSelected(view: View, layout: Layout): View {
  const {focus} = view;
  if (!isConversation(focus)) return view;
  const {selected} = conversationView(view, focus);
  return selected === undefined ? view : selectEntry(view, layout, focus, selected);
}

/** Only the newest entries are searched for a failure. */
const searchedEntries = 200;

function selectEntry(view: View, layout: Layout, name: ConversationId, selected: number): View {
  const pane = blocksOf(view, layout, name);
  const {anchor} = conversationView(view, name);
  return withConversation(view, name, {
    selected,
    anchor: pane === undefined ? anchor : reveal(pane.blocks, pane.rows, anchor, selected),
  });
}
