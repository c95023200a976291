import {lastMentions, type Mention} from '../../client/last-mentions.ts';
import {historyOf, openConversations} from '../../client/state.ts';
import type {Actions} from '../input/key-bindings.ts';
import type {Key} from '../input/keys.ts';
import * as navigation from '../navigation.ts';
import {roomListRows} from '../panes/layout.ts';
import type {ScreenModel} from '../screen-model.ts';
import {stepIndex} from '../selection.ts';
import {overlayOf} from '../view.ts';

export type MentionList = {
  readonly kind: 'mentions';
  /** Those there were when it was opened, newest first: they do not move while the user reads them. */
  readonly mentions: readonly Mention[];
  /** Position among them. */
  readonly selected: number;
};

/** The list of messages that name the user, from which one goes to one of them. */
export class MentionListController {
  readonly #model: ScreenModel;

  constructor(model: ScreenModel) {
    this.#model = model;
  }

  readonly actions = {
    'mention-up': () => this.#select(-1),
    'mention-down': () => this.#select(1),
    'mention-page-up': () => this.#select(-roomListRows(this.#model.view.size)),
    'mention-page-down': () => this.#select(roomListRows(this.#model.view.size)),
    'go-to-mention': () => this.#goTo(overlayOf(this.#model.view, 'mentions')?.selected ?? 0),
  } satisfies Partial<Actions>;

  open(): void {
    const mentions = lastMentions(this.#model.client.state);
    this.#model.update({overlay: {kind: 'mentions', mentions, selected: 0}});
  }

  /** Goes to a message by the digit in its row. */
  type(key: Key): void {
    if (key.type === 'text' && /^[1-9]$/.test(key.text)) this.#goTo(Number(key.text) - 1);
  }

  #select(by: number): void {
    const list = overlayOf(this.#model.view, 'mentions');
    if (list === undefined) return;
    const selected = stepIndex(list.selected, by, list.mentions.length);
    this.#model.update({overlay: {...list, selected}});
  }

  #goTo(selected: number): void {
    const model = this.#model;
    const mention = overlayOf(model.view, 'mentions')?.mentions[selected];
    if (mention === undefined) return;
    model.update({overlay: undefined});
    const {conversation, index} = mention;
    const {state} = model.view;
    const isOpen = openConversations(state).includes(conversation);
    if (!isOpen || historyOf(state, conversation).at(index) === undefined) {
      model.say('That message is gone');
      return;
    }
    model.goTo(conversation);
    model.view = navigation.goToEntry(model.view, model.layout, conversation, index);
  }
}
