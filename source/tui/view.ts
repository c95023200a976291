/** What the screen knows beyond the chat itself: where the user looks, and what the user has seen. */

import {cleanText} from '../client/clean-text.ts';
import {type ConversationId, type DirectId, isDirect, personOf} from '../client/conversations.ts';
import type {Mention} from '../client/last-mentions.ts';
import {canSpeakIn, here, historyOf, type State} from '../client/state.ts';
import {nameLabel} from '../names/label.ts';
import {type Editor, emptyEditor} from './composer/line-editor.ts';
import type {Anchor} from './conversation/viewport.ts';
import {journeyRowsIn, type OpenJourney} from './journey/open-journey.ts';
import {type Layout, layoutOf, type PaneName, type Size} from './panes/layout.ts';
import type {Switcher} from './switcher.ts';
import {wrap} from './text/wrap.ts';

export type Focus = 'composer' | PaneName;

export type ConversationView = {
  readonly anchor: Anchor;
  /** What others have written and nobody has looked at. */
  readonly unread: Unread;
  /** One more than the index of the newest entry that was counted. */
  readonly countedEnd: number;
  /** Index of the entry below the rule for new messages. */
  readonly firstUnread: number | undefined;
  /** The number in that rule. */
  readonly newMessages: number;
  /** Whether the conversation is on a screen that has the focus. */
  readonly isInSight: boolean;
  /** Index of the selected entry while the pane has the focus. */
  readonly selected: number | undefined;
};

/** Numbers of messages. */
export type Unread = {
  readonly messages: number;
  /** Those among them that call the user (client/for-you.ts). */
  readonly mentions: number;
};

export type View = {
  readonly state: State;
  readonly size: Size;
  readonly focus: Focus;
  /** Whether the terminal has the focus, or does not tell. */
  readonly isFocused: boolean;
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
  /** Undefined while none is shown. */
  readonly journey: OpenJourney | undefined;
  /** Undefined while it is not shown. */
  readonly roomList: RoomList | undefined;
  /** Undefined while it is not shown. */
  readonly switcher: Switcher | undefined;
  /** Undefined while it is not shown. */
  readonly mentionList: MentionList | undefined;
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
  /** The command or the topic that is explained; undefined: everything. */
  readonly topic: string | undefined;
  /** What is looked for in it. */
  readonly filter: Editor;
  /** Number of rows above the part in view. */
  readonly top: number;
};

export type RoomList = {
  /** The name of a room. */
  readonly selected: string | undefined;
};

export type MentionList = {
  /** Those there were when it was opened, newest first: they do not move while the user reads them. */
  readonly mentions: readonly Mention[];
  readonly selected: number;
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
    isFocused: true,
    isSideShown: undefined,
    conversations: {
      public: unseen(state.conversations.public.end),
      room: unseen(state.conversations.room.end),
    },
    selectedUser: undefined,
    selectedInvitation: undefined,
    help: undefined,
    journey: undefined,
    roomList: undefined,
    switcher: undefined,
    mentionList: undefined,
    form: {field: 'nick', nick, server, problem: undefined},
    feedback: undefined,
  };
}

export const nothingUnread: Unread = {messages: 0, mentions: 0};

/** @param countedEnd One more than the index of the newest entry that is not new. */
function unseen(countedEnd: number): ConversationView {
  return {
    anchor: 'bottom',
    unread: nothingUnread,
    countedEnd,
    firstUnread: undefined,
    newMessages: 0,
    isInSight: false,
    selected: undefined,
  };
}

export function conversationView(
  {state, conversations}: Pick<View, 'state' | 'conversations'>,
  id: ConversationId,
): ConversationView {
  return conversations[id] ?? unseen(historyOf(state, id).start);
}

/** The name of a conversation in a list of them. */
export function conversationLabel({room, link, people}: State, id: ConversationId): string {
  if (isDirect(id)) return people.labelOf(personOf(id));
  if (id === 'public') return 'public';
  if (room === undefined) return link === undefined ? 'room' : people.labelOf(link.nick);
  return room.name === undefined ? 'room' : nameLabel(room.name);
}

/** Whether something else is drawn in place of the panes. */
export function isCovered(view: View): boolean {
  const {help, roomList, switcher, mentionList} = view;
  return isFormShown(view) || [help, roomList, switcher, mentionList].some(Boolean);
}

export function openHelp(view: View, topic: string | undefined): View {
  return {...view, help: {topic, filter: emptyEditor, top: 0}};
}

export function isFormShown({state}: Pick<View, 'state'>): boolean {
  return state.connection.phase === 'refused';
}

/** @param composerRows The rows that the draft needs to be shown whole. */
export function layoutFor(view: View, composerRows: number): Layout {
  const {size, state, isSideShown, focus, journey} = view;
  const journeyRows = journey === undefined ? 0 : (journeyRowsIn(size) ?? 0);
  const hasRoom = canSpeakIn(state, 'room');
  const invitations = state.invitations.length;
  return layoutOf({
    ...size,
    rows: size.rows - journeyRows,
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
    ...overlaysFor(view, state),
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

export function withConversation(
  view: View,
  name: ConversationId,
  change: Partial<ConversationView>,
): View {
  const changed = {...conversationView(view, name), ...change};
  return {...view, conversations: {...view.conversations, [name]: changed}};
}

export function unreadOf(view: View, id: ConversationId): Unread {
  return conversationView(view, id).unread;
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

/** What was found at one hub is not at another. */
function overlaysFor(view: View, state: State): Pick<View, 'switcher' | 'mentionList'> {
  const isElsewhere = state.server !== view.state.server || isFormShown({state});
  const {switcher, mentionList} = view;
  return isElsewhere ? {switcher: undefined, mentionList: undefined} : {switcher, mentionList};
}

function formFieldFor({connection}: State): FormField {
  return connection.phase === 'refused' && connection.reason === 'unreachable' ? 'server' : 'nick';
}
