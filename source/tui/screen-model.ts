import type {ChatClient} from '../client/client.ts';
import type {ConversationId} from '../client/conversations.ts';
import {canSpeakIn, here, type State} from '../client/state.ts';
import * as composing from './composer/composer.ts';
import {rowsWanted} from './composer/composer-rows.ts';
import type {Layout} from './panes/layout.ts';
import {isConversation, layoutFor, type View, withState} from './view.ts';

/**
 * What is shown and what is typed, while keys and events change it. Every controller changes the part that it is
 * named after, and does to the rest what these methods do. Nothing is drawn before all keys of a read are handled.
 */
export class ScreenModel {
  readonly client: ChatClient;
  view: View;
  composer: composing.Composer = composing.emptyComposer;

  constructor(client: ChatClient, view: View) {
    this.client = client;
    this.view = view;
  }

  /** Where everything is at the moment. */
  get layout(): Layout {
    const {state, size} = this.view;
    return layoutFor(this.view, rowsWanted(this.composer, state, size.columns));
  }

  get isDraftEmpty(): boolean {
    return composing.draftOf(this.composer).text === '';
  }

  update(change: Partial<View>): void {
    this.view = {...this.view, ...change};
  }

  compose(change: (composer: composing.Composer) => composing.Composer): void {
    this.composer = change(this.composer);
  }

  /** Says something above the composer, until the next key. */
  say(text: string): void {
    this.update({feedback: {text}});
  }

  /** Takes the state of the chat as it is now. */
  take(state: State = this.client.state): void {
    this.view = withState(this.view, state);
  }

  /** Moves about in the panes. Typed texts go to the conversation that gets the focus. */
  navigate(change: (view: View, layout: Layout) => View): void {
    this.view = change(this.view, this.layout);
    const {focus} = this.view;
    if (isConversation(focus)) this.turnTo(focus);
  }

  /** Typed texts go there from now on, if one can speak there. */
  turnTo(conversation: ConversationId): void {
    if (!canSpeakIn(this.client.state, conversation)) return;
    if (here(this.client.state) !== conversation) this.client.turnTo(conversation);
    this.take();
    this.compose(composer => composing.switchTo(composer, conversation));
  }

  /** Shows a conversation. What is typed goes there, if one can speak there. */
  goTo(conversation: ConversationId): void {
    this.turnTo(conversation);
    const isHere = here(this.view.state) === conversation;
    this.update({focus: isHere ? 'composer' : conversation});
  }

  focusComposer(): void {
    if (this.view.focus !== 'composer') this.update({focus: 'composer'});
  }

  /** Writes a line into the composer, which the user can change before it is sent. */
  write(line: string): void {
    this.compose(composer => composing.rewrite(composer, line));
    this.focusComposer();
  }
}
