/** What the screen knows beyond the chat itself: where the user looks, and what the user has seen. */

import {cleanText} from '../client/clean-text.ts';
import {
  type ConversationId,
  type DirectId,
  directIds,
  isDirect,
  personOf,
} from '../client/conversations.ts';
import type {Share} from '../client/share.ts';
import {canSpeakIn, here, historyOf, type State} from '../client/state.ts';
import {nameLabel} from '../names/label.ts';
import type {Anchor} from './conversation/viewport.ts';
import {journeyRowsIn, type OpenJourney} from './journey/open-journey.ts';
import {createForm, type Form, refusedAt} from './overlays/form.ts';
import type {Help} from './overlays/help-controller.ts';
import type {MentionList} from './overlays/mention-list-controller.ts';
import {type RoomList, withRooms} from './overlays/room-list-controller.ts';
import type {Switcher} from './overlays/switcher.ts';
import {invitationRows, openSent} from './panes/invitations.ts';
import {
  type Layout,
  layoutOf,
  type PaneName,
  type Size,
  smallRows,
  wideColumns,
} from './panes/layout.ts';
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
  /** How wide the column of names has become, in a pane of that many columns. */
  readonly names: {readonly columns: number; readonly width: number};
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
  /** {@link conversationView} knows those that have just been opened too. */
  readonly conversations: Readonly<Record<'public' | 'room', ConversationView>> & {
    readonly [id: DirectId]: ConversationView;
  };
  readonly selectedUser: string | undefined;
  /** Sender of the selected invitation. */
  readonly selectedInvitation: string | undefined;
  /** Undefined while none is shown. */
  readonly journey: OpenJourney | undefined;
  /** Over everything else, which is there again when it is closed. */
  readonly help: Help | undefined;
  /** Shown while {@link isFormShown}, over everything but the help. */
  readonly form: Form;
  /** What is shown in place of the panes. */
  readonly overlay: Overlay | undefined;
  /** Why what the user did last was not done; gone at the next key. */
  readonly feedback: Feedback | undefined;
  /** Milliseconds since 1970. It goes on only while something that is shown depends on it. */
  readonly now: number;
};

export type Feedback = {
  readonly text: string;
  /** A line that Tab writes in place of the one that was meant. */
  readonly instead?: string;
};

/** There is one at a time. Each is called as the context of its keys. */
export type Overlay = RoomList | Switcher | MentionList | (Share & {readonly kind: 'share'});

type OverlayOf<Kind extends Overlay['kind']> = Extract<Overlay, {readonly kind: Kind}>;

/** The overlay, if it is of that kind. */
export function overlayOf<Kind extends Overlay['kind']>(
  {overlay}: Pick<View, 'overlay'>,
  kind: Kind,
): OverlayOf<Kind> | undefined {
  const isOfKind = (given: Overlay): given is OverlayOf<Kind> => given.kind === kind;
  return overlay !== undefined && isOfKind(overlay) ? overlay : undefined;
}

export function initialView(state: State, size: Size): View {
  return {
    state,
    size,
    focus: 'composer',
    isFocused: true,
    conversations: {
      public: unseen(state.conversations.public.end),
      room: unseen(state.conversations.room.end),
    },
    selectedUser: undefined,
    selectedInvitation: undefined,
    journey: undefined,
    help: undefined,
    form: createForm(state.nick, [], false),
    overlay: undefined,
    feedback: undefined,
    now: Date.now(),
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
    names: {columns: 0, width: 0},
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
  return view.help !== undefined || view.overlay !== undefined || isFormShown(view);
}

/** Whether something that is shown changes by itself: the time left for an invitation, or until the next attempt. */
export function dependsOnTime({state, now}: View): boolean {
  const {connection, invitations, memberStates} = state;
  return (
    connection.phase === 'retrying' ||
    (connection.phase === 'refused' && connection.retryAt !== undefined) ||
    [...memberStates.values()].some(({silentSince}) => silentSince !== undefined) ||
    invitations.some(({until}) => until !== undefined) ||
    openSent(state, now).length > 0
  );
}

export function isFormShown({state, form}: Pick<View, 'state' | 'form'>): boolean {
  return form.isOpen || state.connection.phase === 'refused';
}

/** Whether there is a conversation to go back to from the form. */
export function hasHub({connection}: State): boolean {
  return connection.phase === 'connected' || connection.phase === 'retrying';
}

/** @param composerRows The rows that the draft needs to be shown whole. */
export function layoutFor(view: View, composerRows: number): Layout {
  const {size, state, focus, now, journey} = view;
  const journeyRows = journey === undefined ? 0 : (journeyRowsIn(size) ?? 0);
  const feedback = feedbackRows(view).length;
  return layoutOf({
    ...size,
    rows: size.rows - journeyRows,
    composerRows,
    feedbackRows: feedback || connectingRows(view).length || (hasInvitationBar(view) ? 1 : 0),
    main: mainConversation(view),
    hasOthers: state.link !== undefined || directIds(state.conversations).length > 0,
    invitationRows: invitationRows(state, now),
    focus,
    hasHints: journey === undefined,
  });
}

/** The conversation with the most room: the one with the focus, if it is open, or the one to which typed texts go. */
function mainConversation({focus, state}: View): ConversationId {
  const isOpen = isConversation(focus) && canSpeakIn(state, focus);
  return isOpen ? focus : here(state);
}

/** Whether an invitation is told above the composer, because no pane shows it. */
function hasInvitationBar({state, size, focus}: View): boolean {
  const isPaneShown = size.columns >= wideColumns || focus === 'invitations';
  return state.invitations.length > 0 && !isPaneShown && size.rows > smallRows;
}

/** What stands above the composer. */
export function feedbackRows({feedback, size}: View): readonly string[] {
  if (feedback === undefined) return [];
  return wrap(cleanText(feedback.text), Math.max(1, size.columns - 2)).slice(0, maximumFeedback);
}

/** What is being done to reach the hub, when it has not answered at once. */
export function connectingRows({state, size, form}: View): readonly string[] {
  const {connection, server} = state;
  if (connection.phase !== 'connecting' || isFormShown({state, form})) return [];
  const {tries, isInquiring = false} = connection;
  if (!isInquiring && (tries === undefined || tries.count === 1)) return [];
  const [protocol, address] = server.split('://');
  const count = tries === undefined ? '' : ` … ${tries.count} of ${tries.of} tries`;
  const others = isInquiring ? ', and in the other protocols' : '';
  const words = `asking ${address} in ${protocol}${count}${others} · Esc: another hub`;
  return wrap(words, Math.max(1, size.columns - 2)).slice(0, maximumFeedback);
}

const maximumFeedback = 3;

/** Takes a new state of the chat. Panes and rooms that are gone lose focus and selection. */
export function withState(view: View, state: State): View {
  const {connection} = state;
  const former = view.state.connection;
  const wasRefused = former.phase === 'refused' ? former.reason : undefined;
  // The same reason again means that another attempt has failed: the typed values stay.
  const isRefusal = connection.phase === 'refused' && connection.reason !== wasRefused;
  return {
    ...view,
    state,
    overlay: overlayFor(view, state),
    focus: focusFor(view, state),
    form: isRefusal ? formFor(state, view.form) : view.form,
  };
}

/** The form as a refusal leaves it: at the hub that has refused, or at the one that is offered instead. */
export function formFor({connection, server, nick}: State, form: Form): Form {
  if (connection.phase !== 'refused') return form;
  const field = connection.reason === 'unreachable' ? 'server' : 'nick';
  return refusedAt(form, connection.offer ?? server, nick, field);
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

/** What was found at one hub is not at another. */
function overlayFor({overlay, form, state: {server}}: View, state: State): Overlay | undefined {
  if (state.server !== server || isFormShown({state, form})) return undefined;
  return overlay?.kind === 'rooms' ? withRooms(overlay, state) : overlay;
}
