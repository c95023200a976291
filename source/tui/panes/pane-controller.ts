import {noRoomSentence} from '../../client/absences.ts';
import {type ConversationId, directId, directIds} from '../../client/conversations.ts';
import {canSpeakIn, historyOf, type State} from '../../client/state.ts';
import {newestLinks} from '../../client/web-links.ts';
import type {Action, Actions} from '../input/key-bindings.ts';
import * as navigation from '../navigation.ts';
import type {ScreenModel} from '../screen-model.ts';
import {selectedOf} from '../selection.ts';
import {unreadConversations} from '../unread.ts';
import {conversationView, scrolledConversation, withConversation} from '../view.ts';
import {approachLine, selectableUsers} from './people.ts';

/** The panes: going from one to another, scrolling and selecting, and what is done with what is selected. */
export class PaneController {
  readonly #model: ScreenModel;
  readonly #openLink: (target: string) => void;

  constructor(model: ScreenModel, openLink: (target: string) => void) {
    this.#model = model;
    this.#openLink = openLink;
  }

  readonly actions = {
    'next-pane': () => this.#model.navigate(navigation.focusNext),
    'pane-1': () => this.#focusOn('public'),
    'pane-2': () => this.#focusOn('room'),
    'pane-3': () => this.#toggle('users'),
    'pane-4': () => this.#toggle('invitations'),
    'pane-5': () => this.#focusOnDirect(0),
    'pane-6': () => this.#focusOnDirect(1),
    'pane-7': () => this.#focusOnDirect(2),
    'pane-8': () => this.#focusOnDirect(3),
    'pane-9': () => this.#focusOnDirect(4),
    'pane-10': () => this.#focusOnDirect(5),
    'next-unread': () => this.#goToUnread(),
    'first-unread': () => {
      const {view, layout} = this.#model;
      const shown = navigation.goToNew(view, layout);
      if (shown === undefined) this.#model.say('Nothing is new here');
      else this.#model.view = shown;
    },
    'previous-mention': () => this.#goToMention(-1),
    'next-mention': () => this.#goToMention(1),
    'previous-conversation': () => this.#goToConversation(-1),
    'next-conversation': () => this.#goToConversation(1),
    'page-up': () => this.#scrollPage(-1),
    'page-down': () => this.#scrollPage(1),
    oldest: () => this.#model.navigate(view => navigation.scrollToEnd(view, 'oldest')),
    newest: () => this.#model.navigate(view => navigation.scrollToEnd(view, 'newest')),
    'select-up': () => this.#select(-1),
    'select-down': () => this.#select(1),
    invite: () => this.#approach(),
    accept: () => this.#answer(true),
    decline: () => this.#answer(false),
    'open-link': () => this.#openNewestLink(),
  } satisfies Partial<Actions>;

  /** @param column Of the pointer: the conversation there is scrolled, or else the one that the keys scroll. */
  scrollAt(rows: number, column: number): void {
    this.#model.navigate((view, layout) => navigation.scrollAt(view, layout, rows, column));
  }

  #scrollPage(by: -1 | 1): void {
    this.#model.navigate((view, layout) => navigation.scrollPage(view, layout, by));
  }

  #select(by: -1 | 1): void {
    this.#model.navigate((view, layout) => navigation.select(view, layout, by));
  }

  #toggle(name: 'users' | 'invitations'): void {
    this.#model.navigate((view, layout) => navigation.toggleSide(view, layout, name));
  }

  #focusOn(conversation: ConversationId): void {
    const model = this.#model;
    if (conversation === 'room' && !canSpeakIn(model.view.state, 'room')) {
      model.say(noRoomSentence(model.view.state));
      return;
    }
    // First, so that the layout has a place for it.
    model.turnTo(conversation);
    model.navigate((view, layout) => navigation.focusOn(view, layout, conversation));
  }

  #focusOnDirect(index: number): void {
    const {state} = this.#model.view;
    const conversation = directIds(state.conversations)[index];
    if (conversation === undefined) this.#model.say(noSuchDirect(state));
    else this.#focusOn(conversation);
  }

  #goToUnread(): void {
    const model = this.#model;
    const [next] = unreadConversations(model.view);
    if (next === undefined) {
      model.say('Nothing is unread');
      return;
    }
    model.goTo(next);
    model.view = withConversation(model.view, next, {anchor: 'bottom'});
  }

  #goToConversation(by: -1 | 1): void {
    const next = navigation.nextConversation(this.#model.view, by);
    if (next === undefined) this.#model.say('There is no other conversation');
    else this.#model.goTo(next);
  }

  #goToMention(by: -1 | 1): void {
    const {view, layout} = this.#model;
    const index = navigation.nextMention(view, layout, by);
    if (index === undefined) this.#model.say(`No mention ${by === -1 ? 'above' : 'below'}`);
    else {
      const name = scrolledConversation(view);
      this.#model.view = navigation.goToEntry(view, layout, name, index);
    }
  }

  /**
   * Opens the conversation with the selected person. Where there are none, writes the command into the composer, where
   * the user can add other names and the mode.
   */
  #approach(): void {
    const {state, selectedUser} = this.#model.view;
    const nick = selectedOf(selectableUsers(state), selectedUser);
    if (nick === undefined) return;
    const conversation = directId(nick);
    if (canSpeakIn(state, conversation)) this.#model.goTo(conversation);
    else this.#model.write(approachLine(state, nick));
  }

  #answer(accepted: boolean): void {
    const {client, view} = this.#model;
    const names = view.state.invitations.map(({from}) => from);
    const from = selectedOf(names, view.selectedInvitation);
    if (from === undefined) return;
    client.request({type: 'answer', from, accepted});
    this.#model.focusComposer();
  }

  /** From the selected message back, or from the newest. */
  #openNewestLink(): void {
    const {client, view} = this.#model;
    const name = scrolledConversation(view);
    const {selected} = conversationView(view, name);
    const [target] = newestLinks(historyOf(client.state, name), selected);
    if (target === undefined) this.#model.say('There is no link here');
    else this.#openLink(target);
  }
}

/** What is not done where the panes cannot be seen. */
export const movesAmongPanes: ReadonlySet<Action> = new Set<Action>([
  'pane-1',
  'pane-2',
  'pane-3',
  'pane-4',
  'pane-5',
  'pane-6',
  'pane-7',
  'pane-8',
  'pane-9',
  'pane-10',
  'next-unread',
  'first-unread',
  'next-mention',
  'previous-mention',
  'next-conversation',
  'previous-conversation',
  'switch',
]);

/** Why no conversation with one person has that key. */
function noSuchDirect({features}: State): string {
  return features.has('direct-messages')
    ? 'There is no such conversation: /query NICK opens one'
    : 'There is no such conversation';
}
