import {noRoomSentence} from '../../client/absences.ts';
import {cleanLine} from '../../client/clean-text.ts';
import {isDirect, personOf} from '../../client/conversations.ts';
import {canSpeakIn} from '../../client/state.ts';
import {type EditCommand, editCommands, insert} from '../composer/line-editor.ts';
import type {Actions} from '../input/key-bindings.ts';
import type {Key} from '../input/keys.ts';
import {roomListRows} from '../panes/layout.ts';
import {approachLine} from '../panes/people.ts';
import type {ScreenModel} from '../screen-model.ts';
import {overlayOf} from '../view.ts';
import {openSwitcher, type Switcher, search, step} from './switcher.ts';

/** Goes to a conversation or a person who was found by a few letters. */
export class SwitcherController {
  readonly #model: ScreenModel;

  constructor(model: ScreenModel) {
    this.#model = model;
  }

  readonly actions = {
    switch: () => this.#model.update({overlay: openSwitcher(this.#model.view)}),
    'place-up': () => this.#select(-1),
    'place-down': () => this.#select(1),
    'place-page-up': () => this.#select(-roomListRows(this.#model.view.size)),
    'place-page-down': () => this.#select(roomListRows(this.#model.view.size)),
    'go-to-place': () => this.#goToPlace(),
  } satisfies Partial<Actions>;

  type(key: Key): void {
    if (key.type !== 'text' && key.type !== 'paste') return;
    this.#change(switcher => search(switcher, insert(switcher.query, cleanLine(key.text))));
  }

  edit(command: EditCommand): void {
    this.#change(switcher => search(switcher, editCommands[command](switcher.query)));
  }

  #select(by: number): void {
    this.#change(switcher => step(switcher, by));
  }

  #change(change: (switcher: Switcher) => Switcher): void {
    const switcher = overlayOf(this.#model.view, 'switcher');
    if (switcher !== undefined) this.#model.update({overlay: change(switcher)});
  }

  /** Where there are no direct messages, the command that the protocol has is written for a person. */
  #goToPlace(): void {
    const model = this.#model;
    const switcher = overlayOf(model.view, 'switcher');
    const place = switcher?.found[switcher.selected];
    if (place === undefined) return;
    model.update({overlay: undefined});
    const {id} = place;
    const {state} = model.view;
    if (isDirect(id) && !canSpeakIn(state, id)) model.write(approachLine(state, personOf(id)));
    else if (id === 'room' && !canSpeakIn(state, id)) model.say(noRoomSentence(state));
    else model.goTo(id);
  }
}
