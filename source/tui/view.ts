/** What the screen knows beyond the chat itself: where the user looks, and what the user has seen. */

import {cleanText} from '../client/clean-text.ts';
import {
  type ConversationId,
  conversationIds,
  type DirectId,
  isDirect,
  isOwn,
} from '../client/conversations.ts';
import {canSpeakIn, here, historyOf, type State} from '../client/state.ts';
import type {Anchor} from './conversation/viewport.ts';
import {isShown, type Layout, layoutOf, type PaneName, type Size} from './panes/layout.ts';
import {wrap} from './text/wrap.ts';

export type Focus = 'composer' | PaneName;

export type ConversationView = {
  readonly anchor: Anchor;
  /** One more than the index of the newest entry that was shown. */
  readonly seenEnd: number;
  /** Index of the entry below the rule for new entries. */
  readonly firstUnread: number | undefined;
  /** Index of the selected entry while the pane has the focus. */
  readonly selected: number | undefined;
};

export type View = {
  readonly state: State;
  readonly size: Size;
  readonly focus: Focus;
  /** Undefined: shown if there is room. */
  readonly isSideShown: boolean | undefined;
  /** {@link conversationView} knows those that have just been opened too. */
  readonly conversations: Readonly<Record<'public' | 'room', ConversationView>> & {
    readonly [id: DirectId]: ConversationView;
  };
  readonly selectedUser: string | undefined;
  /** Sender of the selected invitation. */
  readonly selectedInvitation: string | undefined;
  readonly help: Help | undefined;
  /** Undefined while it is not shown. */
  readonly roomList: RoomList | undefined;
  readonly form: Form;
  /** Why what the user did last was not done; gone at the next key. */
  readonly feedback: Feedback | undefined;
};

export type Feedback = {
  readonly text: string;
  /** A line that Tab writes in place of the one that was meant. */
  readonly instead?: string;
};

export type Help = {
  /** The command that is explained; undefined: all of them. */
  readonly topic: string | undefined;
  /** Number of rows above the part in view. */
  readonly top: number;
};

export type RoomList = {
  /** The name of a room. */
  readonly selected: string | undefined;
};

export type FormField = 'nick' | 'server';

/** The fields that are shown while no hub lets us in. */
export type Form = {
  readonly field: FormField;
  readonly nick: string;
  readonly server: string;
  /** Why the entered values cannot be tried. */
  readonly problem: string | undefined;
};

export function initialView(state: State, size: Size): View {
  const {nick, server} = state;
  return {
    state,
    size,
    focus: 'composer',
    isSideShown: undefined,
    conversations: {
      public: unseen(state.conversations.public.end),
      room: unseen(state.conversations.room.end),
    },
    selectedUser: undefined,
    selectedInvitation: undefined,
    help: undefined,
    roomList: undefined,
    form: {field: 'nick', nick, server, problem: undefined},
    feedback: undefined,
  };
}

/** @param seenEnd One more than the index of the newest entry that was shown. */
function unseen(seenEnd: number): ConversationView {
  return {anchor: 'bottom', seenEnd, firstUnread: undefined, selected: undefined};
}

export function conversationView(
  {state, conversations}: Pick<View, 'state' | 'conversations'>,
  id: ConversationId,
): ConversationView {
  return conversations[id] ?? unseen(historyOf(state, id).start);
}

export function isFormShown({state}: Pick<View, 'state'>): boolean {
  return state.connection.phase === 'refused';
}

/** @param composerRows The rows that the draft needs to be shown whole. */
export function layoutFor(view: View, composerRows: number): Layout {
  const {size, state, isSideShown, focus} = view;
  const hasRoom = canSpeakIn(state, 'room');
  const invitations = state.invitations.length;
  return layoutOf({
    ...size,
    composerRows,
    feedbackRows: feedbackRows(view).length,
    hasRoom,
    here: here(state),
    invitations,
    isSideShown,
    focus,
  });
}

/** What stands above the composer. */
export function feedbackRows({feedback, size}: View): readonly string[] {
  if (feedback === undefined) return [];
  return wrap(cleanText(feedback.text), Math.max(1, size.columns - 2)).slice(0, maximumFeedback);
}

const maximumFeedback = 3;

/** Takes a new state of the chat. Panes and rooms that are gone lose focus and selection. */
export function withState(view: View, state: State): View {
  const {nick, server, connection} = state;
  const former = view.state.connection;
  const wasRefused = former.phase === 'refused' ? former.reason : undefined;
  // The same reason again means that another attempt has failed: the typed values stay.
  const isRefusal = connection.phase === 'refused' && connection.reason !== wasRefused;
  return {
    ...view,
    state,
    roomList: roomListFor(view, state),
    focus: focusFor(view, state),
    form: isRefusal ? {field: formFieldFor(state), nick, server, problem: undefined} : view.form,
  };
}

/** A private connection that opens takes the focus from the public pane: typed texts go to it. */
function focusFor({focus, state: former}: View, state: State): Focus {
  const isGone =
    (focus === 'room' && !canSpeakIn(state, 'room')) || (isDirect(focus) && focus !== here(state));
  const isNew = focus === 'public' && former.link === undefined && state.link !== undefined;
  return isGone || isNew ? 'composer' : focus;
}

/** Puts the rule for new entries above the first entry that came while its place was out of view. */
export function withSeen(view: View, layout: Layout): View {
  const update = (name: ConversationId): ConversationView => {
    const conversation = conversationView(view, name);
    const {end} = historyOf(view.state, name);
    const {anchor, seenEnd, firstUnread} = conversation;
    if (anchor === 'bottom' && isShown(layout, name)) {
      return end === seenEnd ? conversation : {...conversation, seenEnd: end};
    }
    const isRuleOld = firstUnread === undefined || firstUnread < seenEnd;
    return end > seenEnd && isRuleOld ? {...conversation, firstUnread: seenEnd} : conversation;
  };
  const ids = conversationIds(view.state.conversations);
  const updated = ids.map(id => [id, update(id)] as const);
  const isSame =
    updated.length === Object.keys(view.conversations).length &&
    updated.every(([id, conversation]) => conversation === view.conversations[id]);
  if (isSame) return view;
  return {...view, conversations: Object.fromEntries(updated) as View['conversations']};
}

export function withConversation(
  view: View,
  name: ConversationId,
  change: Partial<ConversationView>,
): View {
  const changed = {...conversationView(view, name), ...change};
  return {...view, conversations: {...view.conversations, [name]: changed}};
}

export function hasNewMention(former: State, state: State): boolean {
  return conversationIds(state.conversations).some(name => {
    const history = historyOf(state, name);
    const {end} = former.conversations[name] ?? {end: history.start};
    for (let index = Math.max(end, history.start); index < history.end; index++) {
      const entry = history.at(index);
      if (entry?.kind === 'message' && entry.isMention) return true;
    }
    return false;
  });
}

/** Number of messages of others that were not shown yet, counted up to a hundred. */
export function unreadOf(view: View, name: ConversationId): number {
  const history = historyOf(view.state, name);
  let unread = 0;
  for (
    let index = Math.max(conversationView(view, name).seenEnd, history.start);
    index < history.end;
    index++
  ) {
    const entry = history.at(index);
    if (entry?.kind === 'message' && !isOwn(entry)) unread++;
    if (unread === 100) break;
  }
  return unread;
}

/** The conversation that the scroll keys move. */
export function scrolledConversation({focus, state}: View): ConversationId {
  return isConversation(focus) ? focus : here(state);
}

export function isConversation(focus: Focus): focus is ConversationId {
  return focus === 'public' || focus === 'room' || isDirect(focus);
}

/** The names of the rooms, in the order in which they are shown. */
export function roomNames({rooms = []}: State): readonly string[] {
  return rooms.map(({name}) => name);
}

/** The user, invitation or room on which the keys act: the selected one, or the first. */
export function selectedOf(
  names: readonly string[],
  selected: string | undefined,
): string | undefined {
  return selected !== undefined && names.includes(selected) ? selected : names[0];
}

/** The selection stays while rooms come and go; the list of another hub is another list. */
function roomListFor(view: View, state: State): RoomList | undefined {
  const {roomList} = view;
  const isElsewhere = state.server !== view.state.server || isFormShown({state});
  if (roomList === undefined || isElsewhere) return undefined;
  const selected = selectedOf(roomNames(state), roomList.selected);
  return selected === roomList.selected ? roomList : {selected};
}

function formFieldFor({connection}: State): FormField {
  return connection.phase === 'refused' && connection.reason === 'unreachable' ? 'server' : 'nick';
}
