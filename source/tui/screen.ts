import type {ChatClient} from '../client/client.ts';
import type {Command} from '../client/command.ts';
import type {EngineEvent} from '../client/events.ts';
import {here} from '../client/state.ts';
import {type Call, callOf} from './calls.ts';
import {Clock} from './clock.ts';
import * as composing from './composer/composer.ts';
import {ComposerController} from './composer/composer-controller.ts';
import {type EditCommand, isEditCommand} from './composer/line-editor.ts';
import {withNames} from './conversation/pane-blocks.ts';
import {Bursts} from './input/bursts.ts';
import {
  type Action,
  type Actions,
  actionFor,
  type Context,
  isPrefix,
} from './input/key-bindings.ts';
import type {Key} from './input/keys.ts';
import {JourneyController} from './journey/journey-controller.ts';
import {isLive} from './journey/open-journey.ts';
import {LeavingController} from './leaving-controller.ts';
import type {Form} from './overlays/form.ts';
import {FormController, type Places} from './overlays/form-controller.ts';
import type {FormInput} from './overlays/form-input.ts';
import {HelpController} from './overlays/help-controller.ts';
import {MentionListController} from './overlays/mention-list-controller.ts';
import {RoomListController} from './overlays/room-list-controller.ts';
import {SwitcherController} from './overlays/switcher-controller.ts';
import {isShown, type Size} from './panes/layout.ts';
import {movesAmongPanes, PaneController} from './panes/pane-controller.ts';
import {ScreenModel} from './screen-model.ts';
import type {ScreenTerminal} from './screen-terminal.ts';
import {Store} from './store.ts';
import {Frames} from './terminal/frames.ts';
import {withSeen} from './unread.ts';
import {
  conversationView,
  dependsOnTime,
  initialView,
  isConversation,
  isCovered,
  isFormShown,
  type View,
} from './view.ts';

export type ScreenOptions = {
  readonly client: ChatClient;
  readonly commands: readonly Command[];
  readonly size: Size;
  readonly terminal: ScreenTerminal;
  /** Addresses of the hubs that the user was at, newest first. */
  readonly hubs?: () => readonly string[];
  /** Where the form leads, besides an address that is typed. */
  readonly places?: Places | undefined;
};

/** Where keys go that are no actions: text, pastes, and the commands that edit text. */
type TextInput = {
  type(key: Key): void;
  edit(command: EditCommand): void;
};

/** At least this time is between two looks at the chat, whatever the traffic. */
const frameMs = 33;
/** Rows that a notch of the wheel moves. */
const wheelRows = 3;
/** Time between two looks at what counts seconds. */
const secondMs = 1000;
/** Time between two looks at a journey in which something moves. */
const journeyStepMs = 200;
/** Esc and a digit within this time mean Alt and the digit. */
const escapedDigitMs = 500;

/**
 * Does what the keys say, and keeps what is to be drawn: the view of the chat, and separately the composer, so that
 * typing never waits for traffic. Finds out which action a key is; what the actions do is the controllers'.
 */
export class Screen {
  readonly view: Store<View>;
  readonly composer: Store<composing.Composer>;
  readonly commands: readonly Command[];
  readonly #client: ChatClient;
  readonly #terminal: ScreenTerminal;
  readonly #model: ScreenModel;
  readonly #leaving: LeavingController;
  readonly #composing: ComposerController;
  readonly #panes: PaneController;
  readonly #journey: JourneyController;
  readonly #form: FormController;
  readonly #help: HelpController;
  readonly #rooms: RoomListController;
  readonly #switcher: SwitcherController;
  readonly #mentions: MentionListController;
  readonly #actions: Actions;
  readonly #inputs: Readonly<Record<Exclude<Context, 'everywhere'>, TextInput>>;
  readonly #bursts = new Bursts();
  readonly #frames = new Frames(frameMs, () => this.#onFrame());
  readonly #clock = new Clock(() => this.#frames.request());
  readonly #unsubscribe: ReadonlyArray<() => void>;
  /** When the first key came whose effect is not written yet. */
  #keyAt: number | undefined;
  /** The first of two keys that mean something together. */
  #prefix: string | undefined;
  #escapedAt = Number.NEGATIVE_INFINITY;
  /** What has called the user since the last frame: the first of each kind in each conversation. */
  readonly #calls = new Map<string, Call>();
  /** What the client says now, it says to a key of the user's. */
  #isAnswering = false;

  constructor({client, commands, size, terminal, places, hubs = () => []}: ScreenOptions) {
    this.commands = commands;
    this.#client = client;
    this.#terminal = terminal;
    const model = new ScreenModel(client, initialView(client.state, size));
    this.#model = model;
    const show = () => this.#show();
    this.#leaving = new LeavingController(model, terminal);
    this.#composing = new ComposerController(model, {
      commands,
      hubs,
      leaving: this.#leaving,
      editOutside: text => terminal.edit(text),
      show,
    });
    this.#panes = new PaneController(model, target => terminal.open(target));
    this.#journey = new JourneyController(model, (text, what) => terminal.copy(text, what));
    this.#form = new FormController(model, places, show);
    this.#help = new HelpController(model, commands);
    this.#rooms = new RoomListController(model);
    this.#switcher = new SwitcherController(model);
    this.#mentions = new MentionListController(model);
    this.#actions = {
      ...this.#leaving.actions,
      ...this.#composing.actions,
      ...this.#panes.actions,
      ...this.#journey.actions,
      ...this.#form.actions,
      ...this.#help.actions,
      ...this.#rooms.actions,
      ...this.#switcher.actions,
      ...this.#mentions.actions,
      'close-overlay': () => model.update({overlay: undefined}),
      'to-composer': () => this.#goBack(),
      repaint: () => terminal.repaint(),
    };
    this.#inputs = {
      help: this.#help,
      form: this.#form,
      share: nowhere,
      rooms: nowhere,
      switcher: this.#switcher,
      mentions: {...nowhere, type: key => this.#mentions.type(key)},
      // Text that is typed in a pane goes into the composer.
      composer: this.#composing,
      search: this.#composing,
      messages: this.#composing,
      journey: this.#composing,
      users: this.#composing,
      invitations: this.#composing,
    };
    if (places?.isFirst) this.#form.open();
    model.view = withSeen(model.view, model.layout);
    this.view = new Store(model.view);
    this.composer = new Store(model.composer);
    this.#unsubscribe = [
      client.subscribe(() => this.#frames.request()),
      client.onEvent(event => this.#onEvent(event)),
    ];
  }

  dispose(): void {
    this.#frames.cancel();
    this.#clock.stop();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  /** What Ink reads for the fields of the form. */
  get formInput(): FormInput {
    return this.#form.input;
  }

  readonly onKeys = (keys: readonly Key[]): void => {
    const model = this.#model;
    // Whoever types is there, whatever the terminal has told of its focus, and has read what is in sight.
    if (keys.length > 0 && !model.view.isFocused) this.onFocusChange(true);
    const {view, composer} = model;
    this.#keyAt ??= performance.now();
    this.#leaving.beginRead();
    this.#isAnswering = true;
    try {
      this.#takeKeys(keys);
    } finally {
      this.#isAnswering = false;
    }
    this.#show();
    // There is nothing to be drawn.
    if (view === model.view && composer === model.composer) this.#keyAt = undefined;
  };

  /** A frame is written. */
  onDrawn(): void {
    if (this.#keyAt !== undefined) this.#client.keyTimes.add(performance.now() - this.#keyAt);
    this.#keyAt = undefined;
  }

  /** A notch of the wheel: moves the conversation under the pointer, or the one that the keys scroll. */
  onWheel(by: -1 | 1, column: number): void {
    const context = this.#context;
    if (context === 'help') this.#help.scroll(by * wheelRows);
    else if (context === 'rooms') this.#rooms.select(by);
    else if (['composer', 'messages', 'users', 'invitations'].includes(context)) {
      this.#panes.scrollAt(by * wheelRows, column);
    }
    this.#show();
  }

  resize(size: Size): void {
    this.#model.update({size});
    this.#help.scroll(0);
    this.#show();
  }

  /** While the terminal has not the focus, nothing counts as read. */
  onFocusChange(isFocused: boolean): void {
    if (this.#model.view.isFocused !== isFocused) this.#model.update({isFocused});
    this.#show();
  }

  /** A field of the form has changed. */
  readonly changeForm = (change: Partial<Form>): void => {
    this.#form.fill(change);
    this.#show();
  };

  /** The terminal has taken what was drawn. */
  readonly onRoom = (): void => this.#frames.request();

  #takeKeys(keys: readonly Key[]): void {
    const model = this.#model;
    const taken = this.#composing.beginsWithQuit(keys)
      ? keys
      : this.#bursts.take(keys, performance.now());
    // Tab goes to the next field of a form, however fast it comes.
    const isPasted = this.#context !== 'form' || taken.some(composing.hasLines);
    for (const key of isPasted ? taken : keys) {
      if (this.#leaving.isRestDropped) return;
      const {feedback} = model.view;
      if (feedback !== undefined) model.update({feedback: undefined});
      const {instead} = feedback ?? {};
      if (instead !== undefined && isTab(key) && model.isDraftEmpty) {
        model.compose(composer => composing.rewrite(composer, instead));
      } else this.#onKey(key);
    }
  }

  #onKey(key: Key): void {
    const prefix = this.#prefix;
    this.#prefix = undefined;
    const context = this.#context;
    if (context === 'composer' && prefix === undefined && isPrefixKey(key)) {
      this.#prefix = key.chord;
      return;
    }
    const action = this.#actionOf(key, prefix);
    if (action !== undefined) this.#act(action);
    else if (key.type === 'chord' && key.escaped !== undefined) {
      // Esc, and a key right behind it: on a slow line both come in one read.
      this.#onKey({type: 'chord', chord: 'escape'});
      this.#onKey(key.escaped);
    } else this.#inputs[context].type(key);
  }

  get #context(): Exclude<Context, 'everywhere'> {
    const {help, overlay, focus, journey} = this.#model.view;
    if (help !== undefined) return 'help';
    if (isFormShown(this.#model.view)) return 'form';
    if (overlay !== undefined) return overlay.kind;
    if (focus === 'composer' && this.#model.composer.search !== undefined) return 'search';
    if (!isConversation(focus)) return focus;
    return journey === undefined ? 'messages' : 'journey';
  }

  /** @param prefix The key before it, if that may be the first of two. */
  #actionOf(key: Key, prefix: string | undefined): Action | undefined {
    switch (key.type) {
      case 'chord': {
        const both = prefix && actionFor(this.#context, `${prefix} ${key.chord}`);
        return both || this.#actionOfChord(key.chord);
      }
      case 'text':
        return this.#actionOfText(key.text);
      case 'paste':
      case 'refused-paste':
        return undefined;
    }
  }

  /** What is looked for, in the help or in what was sent, is edited with the same keys as a draft. */
  #actionOfChord(chord: string): Action | undefined {
    const action = actionFor(this.#context, chord);
    const isEditing = this.#context === 'search' || this.#context === 'help';
    if (action !== undefined || !isEditing) return action;
    const editing = actionFor('composer', chord);
    return editing !== undefined && isEditCommand(editing) ? editing : undefined;
  }

  #actionOfText(text: string): Action | undefined {
    const isEscaped = performance.now() - this.#escapedAt < escapedDigitMs;
    this.#escapedAt = Number.NEGATIVE_INFINITY;
    return actionFor(this.#context, isEscaped && /^\d$/.test(text) ? `alt-${text}` : text);
  }

  #act(action: Action): void {
    const model = this.#model;
    // Where the panes cannot be seen, one does not go from one to another.
    if (isCovered(model.view) && movesAmongPanes.has(action)) return;
    const {question} = model.composer;
    const isAnswer = question !== undefined && composing.answers(question, action);
    if (!isAnswer) model.compose(composing.keepLines);
    if (isAnswer && action === 'new-line') this.#composing.sendAsOne();
    else if (isEditCommand(action)) this.#inputs[this.#context].edit(action);
    else this.#actions[action]();
  }

  /** Esc: out of a completion or of connecting; then into the composer, and out of what is open beside it. */
  #goBack(): void {
    const model = this.#model;
    this.#escapedAt = performance.now();
    if (model.composer.completion !== undefined) {
      model.compose(composing.undoCompletion);
      return;
    }
    const {focus, state} = model.view;
    if (state.connection.phase === 'connecting') {
      this.#form.open();
      return;
    }
    model.focusComposer();
    if (focus !== 'composer') return;
    this.#journey.close();
    model.compose(composer => composing.switchTo(composer, here(state)));
  }

  #onFrame(): void {
    if (this.#terminal.isBehind()) return;
    this.#model.take();
    for (const call of this.#calls.values()) this.#terminal.call(call, this.#isInView(call));
    this.#calls.clear();
    this.#show();
  }

  #onEvent(event: EngineEvent): void {
    const model = this.#model;
    this.#composing.onEvent(event);
    this.#journey.onEvent(event);
    this.#keepCall(callOf(event, this.#client.state));
    switch (event.type) {
      case 'quit':
        this.#leaving.quit();
        break;
      case 'help':
        this.#help.open(event.topic);
        break;
      case 'mentions':
        this.#mentions.open();
        break;
      case 'room-list':
        this.#rooms.open();
        break;
      case 'share':
        model.update({overlay: {kind: 'share', link: event.link, note: event.note}});
        break;
      case 'choose-hub':
        this.#form.open();
        break;
      case 'muted':
        this.#terminal.mute(event.until);
        break;
      case 'open-link':
        this.#terminal.open(event.target);
        break;
      case 'copy':
        model.say(this.#terminal.copy(event.text, event.what));
        break;
      case 'error':
        this.#onError(event.message);
    }
    this.#frames.request();
  }

  #onError(message: string): void {
    const model = this.#model;
    const {feedback} = model.view;
    if (isFormShown(model.view)) this.#form.fill({problem: message});
    else if (this.#isAnswering) {
      model.say(feedback === undefined ? message : `${feedback.text}\n${message}`);
    }
  }

  /** Brings all that depends on something else up to date, and draws what has changed. */
  #show(): void {
    const model = this.#model;
    this.#composing.followConversation();
    this.#leaving.follow();
    this.#composing.followDraft();
    this.#form.follow();
    this.#journey.follow();
    this.#keepTime();
    model.view = withSeen(model.view, model.layout);
    model.view = withNames(model.view, model.layout);
    this.composer.set(model.composer);
    this.view.set(model.view);
  }

  /** The clock goes while something on the screen depends on it. */
  #keepTime(): void {
    const {view} = this.#model;
    if (view.journey !== undefined && isLive(view.journey)) this.#clock.wakeIn(journeyStepMs);
    const isCounting = dependsOnTime(view);
    if (!isCounting && !isFormShown(view)) return;
    const now = Date.now();
    const isNextSecond = Math.floor(now / secondMs) !== Math.floor(view.now / secondMs);
    if (isNextSecond) this.#model.update({now});
    if (isCounting) this.#clock.wakeIn(secondMs);
  }

  #keepCall(call: Call | undefined): void {
    const key = `${call?.kind} ${call?.conversation}`;
    if (call !== undefined && !this.#calls.has(key)) this.#calls.set(key, call);
  }

  #isInView({conversation}: Call): boolean {
    if (conversation === undefined) return false;
    const {view, layout} = this.#model;
    const isAtEnd = conversationView(view, conversation).anchor === 'bottom';
    return isAtEnd && isShown(layout, conversation);
  }
}

/** Where nothing is typed. */
const nowhere: TextInput = {type() {}, edit() {}};

function isPrefixKey(key: Key): key is Key & {type: 'chord'} {
  return key.type === 'chord' && isPrefix(key.chord);
}

function isTab(key: Key): boolean {
  return key.type === 'chord' && key.chord === 'tab';
}
