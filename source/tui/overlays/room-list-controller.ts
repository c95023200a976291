import type {State} from '../../client/state.ts';
import type {Actions} from '../input/key-bindings.ts';
import {roomListRows} from '../panes/layout.ts';
import type {ScreenModel} from '../screen-model.ts';
import {selectedOf, stepName} from '../selection.ts';
import {overlayOf} from '../view.ts';

export type RoomList = {
  readonly kind: 'rooms';
  /** The name of a room; undefined while there is none to choose. */
  readonly selected: string | undefined;
};

/** The selection stays while rooms come and go. */
export function withRooms(list: RoomList, state: State): RoomList {
  const selected = selectedOf(roomNames(state), list.selected);
  return selected === list.selected ? list : {...list, selected};
}

/** The list of named rooms, from which one is entered. */
export class RoomListController {
  readonly #model: ScreenModel;

  constructor(model: ScreenModel) {
    this.#model = model;
  }

  readonly actions = {
    'room-up': () => this.select(-1),
    'room-down': () => this.select(1),
    'room-page-up': () => this.select(-roomListRows(this.#model.view.size)),
    'room-page-down': () => this.select(roomListRows(this.#model.view.size)),
    'first-room': () => this.select(Number.NEGATIVE_INFINITY),
    'last-room': () => this.select(Number.POSITIVE_INFINITY),
    join: () => this.#join(),
  } satisfies Partial<Actions>;

  open(): void {
    this.#model.update({overlay: {kind: 'rooms', selected: undefined}});
  }

  /** @param by In rooms. Stops at the first and at the last. */
  select(by: number): void {
    const {view} = this.#model;
    const list = overlayOf(view, 'rooms');
    if (list === undefined) return;
    const selected = stepName(roomNames(view.state), list.selected, by);
    this.#model.update({overlay: {...list, selected}});
  }

  /** Does nothing while there is no room to choose. */
  #join(): void {
    const {selected} = overlayOf(this.#model.view, 'rooms') ?? {};
    if (selected === undefined) return;
    this.#model.update({overlay: undefined});
    this.#model.client.request({type: 'join-room', name: selected});
  }
}

/** In the order in which they are shown. */
function roomNames({rooms = []}: State): readonly string[] {
  return rooms.map(({name}) => name);
}
