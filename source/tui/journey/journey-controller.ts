import type {EngineEvent} from '../../client/events.ts';
import {openConversations} from '../../client/state.ts';
import * as composing from '../composer/composer.ts';
import type {Actions} from '../input/key-bindings.ts';
import * as navigation from '../navigation.ts';
import type {ScreenModel} from '../screen-model.ts';
import {conversationView, isConversation} from '../view.ts';
import {
  isRetryPossible,
  messageAt,
  messagePlace,
  type OpenJourney,
  openJourney,
  refreshed,
  stepField,
  stepFrame,
} from './open-journey.ts';

/** The journey of the selected message, and what can be done with that message. */
export class JourneyController {
  readonly #model: ScreenModel;
  readonly #copy: (text: string, what: string) => string;
  /** The members of a room that is carried over to the hub: the draft for it is for the same people there. */
  #carried: ReadonlySet<string> = new Set();

  constructor(model: ScreenModel, copy: (text: string, what: string) => string) {
    this.#model = model;
    this.#copy = copy;
  }

  readonly actions = {
    'open-journey': () => this.#open(),
    'close-journey': () => this.close(),
    'frame-before': () => this.#change(open => stepFrame(open, -1)),
    'frame-after': () => this.#change(open => stepFrame(open, 1)),
    'field-before': () => this.#change(open => stepField(open, -1)),
    'field-after': () => this.#change(open => stepField(open, 1)),
    'send-again': () => {
      const entry = this.#message;
      if (isRetryPossible(entry)) this.#model.client.retry(entry?.id);
      else this.#model.say('It has arrived, or is still on its way');
    },
    'carry-over': () => {
      const {client} = this.#model;
      const members = client.state.room?.members;
      if (client.carryOver()) this.#carried = new Set(members);
    },
    'copy-text': () => {
      const {text} = this.#message ?? {};
      if (text !== undefined) this.#model.say(this.#copy(text, 'the text'));
    },
  } satisfies Partial<Actions>;

  close(): void {
    this.#model.update({journey: undefined});
  }

  onEvent(event: EngineEvent): void {
    if (event.type !== 'room-entered') return;
    const isSame = event.members.every(nick => this.#carried.has(nick));
    if (isSame) this.#model.compose(composing.carryDraft);
    this.#carried = new Set();
  }

  /** Shows the open journey as it is now. It closes with its conversation. */
  follow(): void {
    const {view, client} = this.#model;
    const {journey, state} = view;
    if (journey === undefined) return;
    if (openConversations(state).includes(journey.conversation)) {
      this.#model.update({journey: refreshed(journey, state, client.journeys, performance.now())});
    } else this.close();
  }

  get #message() {
    const {journey, state} = this.#model.view;
    return journey && messageAt(state, journey.conversation, journey.index);
  }

  /** Of a message that has no journey and has not arrived, it is sent again. */
  #open(): void {
    const model = this.#model;
    const {client, view} = model;
    const {focus, state} = view;
    if (!isConversation(focus)) return;
    const {selected} = conversationView(view, focus);
    if (selected === undefined) return;
    const place = messagePlace(state, {conversation: focus, index: selected});
    const journey = openJourney(state, client.journeys, place, performance.now());
    const entry = messageAt(state, place.conversation, place.index);
    if (journey !== undefined) model.update({journey});
    else if (isRetryPossible(entry)) client.retry(entry?.id);
    else model.say('There is no journey of that: only the last messages have one');
    model.navigate(navigation.revealSelected);
  }

  #change(change: (open: OpenJourney) => OpenJourney): void {
    const {journey} = this.#model.view;
    if (journey !== undefined) this.#model.update({journey: change(journey)});
  }
}
