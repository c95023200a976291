import {noRoomSentence} from '../client/absences.ts';
import type {KnownHub} from '../client/address.ts';
import {cleanLine, cleanWhole} from '../client/clean-text.ts';
import type {ChatClient} from '../client/client.ts';
import type {Command} from '../client/commands.ts';
import {type ConversationId, directIds, isDirect, personOf} from '../client/conversations.ts';
import type {MessageEntry} from '../client/entries.ts';
import type {EngineEvent} from '../client/events.ts';
import {lastMentions} from '../client/last-mentions.ts';
import {writeNickname} from '../client/nicknames.ts';
import {roomLabels} from '../client/room-names.ts';
import {
  canSpeakIn,
  crowdOf,
  here,
  historyOf,
  openConversations,
  type State,
} from '../client/state.ts';
import {newestLinks} from '../client/web-links.ts';
import {type Call, callOf} from './calls.ts';
import {emojiNameIn, type Vocabulary} from './composer/completion.ts';
import * as composing from './composer/composer.ts';
import {rowsWanted} from './composer/composer-rows.ts';
import {type EmojiNames, loadEmojiNames} from './composer/emoji.ts';
import {
  type EditCommand,
  type Editor,
  editCommands,
  emptyEditor,
  insert,
  isEditCommand,
} from './composer/line-editor.ts';
import {isSameOutlook, outlookOf} from './composer/outlook.ts';
import {withNames} from './conversation/pane-blocks.ts';
import {Bursts} from './input/bursts.ts';
import {type Action, actionFor, type Context, isPrefix} from './input/key-bindings.ts';
import {type Key, maximumPaste} from './input/keys.ts';
import {
  isLive,
  isRetryPossible,
  messageAt,
  messagePlace,
  type OpenJourney,
  openJourney,
  refreshed,
  stepField,
  stepFrame,
} from './journey/open-journey.ts';
import * as navigation from './navigation.ts';
import type {Form, FormField} from './overlays/form.ts';
import * as forms from './overlays/form.ts';
import {FormInput} from './overlays/form-input.ts';
import {helpRowsFor} from './overlays/help-lines.ts';
import {helpRows, isShown, type Layout, roomListRows, type Size} from './panes/layout.ts';
import {approachOf, othersOf, selectableUsers, speakersOf} from './panes/people.ts';
import {Sending} from './sending.ts';
import {Store} from './store.ts';
import * as switching from './switcher.ts';
import {Frames} from './terminal/frames.ts';
import {unreadConversations, withSeen} from './unread.ts';
import {
  conversationView,
  dependsOnTime,
  hasHub,
  initialView,
  isConversation,
  isCovered,
  isFormShown,
  layoutFor,
  openHelp,
  scrolledConversation,
  selectedOf,
  type View,
  withConversation,
  withState,
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

export type Places = {
  /** Hubs that have let the user in, the last one first. */
  hubs(): readonly KnownHub[];
  /** Starts a hub of the user's own, unless there is one. Resolves to its address; rejects with the system's error. */
  openOwn(): Promise<string>;
  /** The form is shown before anything is connected. */
  readonly isFirst: boolean;
};

/** What the screen needs from the terminal and from the program around it. */
export type ScreenTerminal = {
  /** @param isInView Whether the user sees it without doing anything, if they look at this terminal. */
  call(call: Call, isInView: boolean): void;
  mute(until: number | undefined): void;
  /** Opens a link in another program. If that cannot be, it is copied. */
  open(target: string): void;
  /** @returns What to tell the user. `what` is copied, in the words of a sentence. */
  copy(text: string, what: string): string;
  repaint(): void;
  /** True while the terminal has not taken the last frame. */
  isBehind(): boolean;
  suspend(): void;
  /** Gives the terminal to the user's editor. Resolves when that has ended. */
  edit(text: string): Promise<Edited>;
  leave(): void;
  /** Number of other people in our own hub, who lose it when we leave. */
  guests(): number;
};

/** The text after its author has edited it; or why nobody could. */
export type Edited = {readonly text: string} | {readonly problem: string};

/** At least this time is between two looks at the chat, whatever the traffic. */
const frameMs = 33;
/** Rows that a notch of the wheel moves. */
const wheelRows = 3;
/** Time between two looks at a journey in which something moves. */
const journeyStepMs = 200;
/** Esc and a digit within this time mean Alt and the digit. */
const escapedDigitMs = 500;

/**
 * Does what the keys say, and keeps what is to be drawn: the view of the chat, and separately the composer, so that
 * typing never waits for traffic.
 */
export class Screen {
  readonly view: Store<View>;
  readonly composer: Store<composing.Composer>;
  readonly formInput = new FormInput();
  readonly commands: readonly Command[];
  readonly #client: ChatClient;
  readonly #terminal: ScreenTerminal;
  readonly #sending: Sending;
  readonly #places: Places | undefined;
  readonly #bursts = new Bursts();
  readonly #frames: Frames;
  readonly #hubs: () => readonly string[];
  /** When the first key came whose effect is not written yet. */
  #keyAt: number | undefined;
  /** Runs while something in the open journey moves. */
  #journeyClock: NodeJS.Timeout | undefined;
  /** The members of a room that is carried over to the hub: the draft for it is for the same people there. */
  #carried: ReadonlySet<string> = new Set();
  readonly #unsubscribe: ReadonlyArray<() => void>;
  // Changed while keys are handled, and drawn when all of them are.
  #view: View;
  #composer: composing.Composer;
  /** The first of two keys that mean something together. */
  #prefix: string | undefined;
  #emoji: EmojiNames = [];
  #escapedAt = Number.NEGATIVE_INFINITY;
  /** Keys that were typed before the question could be read are no answer to it, and no message. */
  #isRestDropped = false;
  /** `/quit` was typed by a user with guests, who has not been asked yet. */
  #isQuitting = false;
  #isLeaving = false;
  /** What has called the user since the last frame: the first of each kind in each conversation. */
  readonly #calls = new Map<string, Call>();
  #clock: NodeJS.Timeout | undefined;
  /** What the client says now, it says to a key of the user's. */
  #isAnswering = false;
  /** The field that {@link formInput} follows. */
  #formRevision = -1;
  #formField: FormField = 'nick';

  constructor({client, commands, size, terminal, places, hubs = () => []}: ScreenOptions) {
    this.commands = commands;
    this.#client = client;
    this.#terminal = terminal;
    this.#places = places;
    this.#hubs = hubs;
    this.#view = initialView(client.state, size, this.#createForm());
    if (places?.isFirst) this.#openForm();
    this.#sending = new Sending(client);
    this.#composer = this.#sending.begin();
    this.#view = withSeen(this.#view, this.#layout);
    this.view = new Store(this.#view);
    this.composer = new Store(this.#composer);
    this.#frames = new Frames(frameMs, () => this.#onFrame());
    this.#unsubscribe = [
      client.subscribe(() => this.#frames.request()),
      client.onEvent(event => this.#onEvent(event)),
    ];
  }

  dispose(): void {
    this.#frames.cancel();
    clearTimeout(this.#journeyClock);
    clearTimeout(this.#clock);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  readonly onKeys = (keys: readonly Key[]): void => {
    // Whoever types is there, whatever the terminal has told of its focus, and has read what is in sight.
    if (keys.length > 0 && !this.#view.isFocused) this.onFocusChange(true);
    const [view, composer] = [this.#view, this.#composer];
    this.#keyAt ??= performance.now();
    this.#isRestDropped = false;
    this.#isAnswering = true;
    try {
      this.#takeKeys(keys);
    } finally {
      this.#isAnswering = false;
    }
    this.#show();
    // There is nothing to be drawn.
    if (view === this.#view && composer === this.#composer) this.#keyAt = undefined;
  };

  /** A frame is written. */
  onDrawn(): void {
    if (this.#keyAt !== undefined) this.#client.keyTimes.add(performance.now() - this.#keyAt);
    this.#keyAt = undefined;
  }

  #takeKeys(keys: readonly Key[]): void {
    const taken = this.#beginsWithQuit(keys) ? keys : this.#bursts.take(keys, performance.now());
    // Tab goes to the next field of a form, however fast it comes.
    const isPasted = this.#context !== 'form' || taken.some(hasLines);
    for (const key of isPasted ? taken : keys) {
      // Keys that were typed after leaving do nothing.
      if (this.#isLeaving) return;
      if (this.#isRestDropped) continue;
      const {feedback} = this.#view;
      if (feedback !== undefined) this.#view = {...this.#view, feedback: undefined};
      const isTaken = isTab(key) && feedback?.instead !== undefined && this.#isDraftEmpty;
      if (isTaken) this.#compose(composer => composing.rewrite(composer, feedback.instead ?? ''));
      else this.#onKey(key);
    }
  }

  /** A notch of the wheel: moves the conversation under the pointer, or the one that the keys scroll. */
  onWheel(by: -1 | 1, column: number): void {
    const context = this.#context;
    if (context === 'help') this.#scrollHelp(by * wheelRows);
    else if (context === 'rooms') this.#selectRoom(by);
    else if (isAmongPanes(context)) {
      this.#navigate((view, layout) => navigation.scrollAt(view, layout, by * wheelRows, column));
    }
    this.#show();
  }

  resize(size: Size): void {
    this.#view = {...this.#view, size};
    this.#scrollHelp(0);
    this.#show();
  }

  /** While the terminal has not the focus, nothing counts as read. */
  onFocusChange(isFocused: boolean): void {
    this.#view = withFocus(this.#view, isFocused);
    this.#show();
  }

  readonly changeForm = (change: Partial<Form>): void => {
    this.#view = {...this.#view, form: {...this.#view.form, problem: undefined, ...change}};
    this.#show();
  };

  readonly submitForm = (): void => {
    const place = forms.chosenPlace(this.#view.form);
    if (place.kind === 'own') void this.#goHome();
    else this.#connectTo(place.kind === 'hub' ? place.server : this.#view.form.server.trim());
  };

  /** The terminal has taken what was drawn. */
  readonly onRoom = (): void => this.#frames.request();

  #onFrame(): void {
    if (this.#terminal.isBehind()) return;
    this.#take(this.#client.state);
    for (const call of this.#calls.values()) this.#terminal.call(call, this.#isInView(call));
    this.#calls.clear();
    this.#show();
  }

  #onEvent(event: EngineEvent): void {
    this.#composer = this.#sending.onEvent(this.#composer, event, this.#view.state);
    if (event.type === 'conversation-closed') {
      this.#compose(composer => composing.forget(composer, event.conversation));
    }
    this.#keepCall(callOf(event, this.#client.state));
    if (event.type === 'room-entered') {
      const isSame = event.members.every(nick => this.#carried.has(nick));
      if (isSame) this.#compose(composing.carryDraft);
      this.#carried = new Set();
    }
    if (event.type === 'quit') {
      this.#isQuitting = this.#terminal.guests() > 0;
      if (this.#isQuitting) this.#isRestDropped = true;
      else this.#leave();
    } else if (event.type === 'help') {
      this.#view = openHelp(this.#view, event.topic);
    } else if (event.type === 'mentions') {
      this.#view = {
        ...this.#view,
        mentionList: {mentions: lastMentions(this.#client.state), selected: 0},
      };
    } else if (event.type === 'room-list') {
      this.#view = {...this.#view, roomList: {selected: undefined}};
    } else if (event.type === 'muted') {
      this.#terminal.mute(event.until);
    } else if (event.type === 'open-link') {
      this.#terminal.open(event.target);
    } else if (event.type === 'copy') {
      this.#say(this.#terminal.copy(event.text, event.what));
    } else if (event.type === 'choose-hub') {
      this.#openForm();
    } else if (event.type === 'share') {
      this.#view = {...this.#view, share: event};
    } else if (event.type === 'error' && isFormShown(this.#view)) {
      this.#view = {...this.#view, form: {...this.#view.form, problem: event.message}};
    } else if (event.type === 'error' && this.#isAnswering) {
      const said = this.#view.feedback?.text;
      const text = said === undefined ? event.message : `${said}\n${event.message}`;
      this.#view = {...this.#view, feedback: {text}};
    }
    this.#frames.request();
  }

  #take(state: State): void {
    this.#view = withState(this.#view, state);
    this.#followFields();
  }

  #show(): void {
    this.#composer = composing.follow(this.#composer, here(this.#view.state));
    if (this.#isQuitting) this.#askToLeave('send');
    this.#isQuitting = false;
    const outlook = outlookOf(this.#composer, {
      client: this.#client,
      commands: this.commands,
      audiences: this.#sending.audiencesFor(this.#composer),
      columns: this.#view.size.columns,
    });
    if (!isSameOutlook(outlook, this.#composer.outlook)) {
      this.#composer = {...this.#composer, outlook};
    }
    this.#followJourney();
    this.#keepTime();
    this.#view = withSeen(this.#view, this.#layout);
    this.#view = withNames(this.#view, this.#layout);
    this.composer.set(this.#composer);
    this.view.set(this.#view);
  }

  /** Shows the open journey as it is now. */
  #followJourney(): void {
    const {journey: open, state} = this.#view;
    if (open === undefined) return;
    const journey = refreshed(open, state, this.#client.journeys, performance.now());
    this.#view = {...this.#view, journey};
    if (journey === undefined || !isLive(journey)) return;
    this.#journeyClock ??= setTimeout(() => {
      this.#journeyClock = undefined;
      this.#frames.request();
    }, journeyStepMs);
  }

  /** The clock goes while something on the screen depends on it, a step each second. */
  #keepTime(): void {
    const now = Date.now();
    if (!dependsOnTime(this.#view)) return;
    if (Math.floor(now / 1000) !== Math.floor(this.#view.now / 1000)) {
      this.#view = {...this.#view, now};
    }
    this.#clock ??= setTimeout(() => {
      this.#clock = undefined;
      this.#show();
    }, 1000);
  }

  get #layout(): Layout {
    const {state, size} = this.#view;
    return layoutFor(this.#view, rowsWanted(this.#composer, state, size.columns));
  }

  get #context(): Context {
    const {help, roomList, switcher, mentionList, share, focus, journey} = this.#view;
    if (help !== undefined) return 'help';
    if (isFormShown(this.#view)) return 'form';
    if (share !== undefined) return 'share';
    if (roomList !== undefined) return 'rooms';
    if (switcher !== undefined) return 'switcher';
    if (mentionList !== undefined) return 'mentions';
    if (focus === 'composer' && this.#composer.search !== undefined) return 'search';
    if (!isConversation(focus)) return focus;
    return journey === undefined ? 'messages' : 'journey';
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
    if (action === undefined && key.type === 'chord' && key.escaped !== undefined) {
      // Esc, and a key right behind it: on a slow line both come in one read.
      this.#onKey({type: 'chord', chord: 'escape'});
      this.#onKey(key.escaped);
      return;
    }
    if (action !== undefined) this.#act(action);
    else if (context === 'form') this.#fill(key);
    else if (context === 'switcher') this.#search(key);
    else if (context === 'mentions') this.#chooseMention(key);
    else if (context === 'help') this.#searchHelp(key);
    else if (context !== 'rooms' && context !== 'share') this.#write(key);
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

  #fill(key: Key): void {
    // If a hub let the user in now, the rest would be typed into the chat.
    this.#client.stopTrying();
    this.#compose(composing.keepLines);
    if (key.type === 'refused-paste') {
      this.changeForm({problem: `A paste of ${key.characters} characters is too long for a field`});
    } else if (hasLines(key)) {
      this.changeForm({problem: 'Not pasted: a field has one line'});
    } else if (key.type !== 'chord') {
      this.#changeForm(forms.withTyping);
      this.formInput.type(key.type === 'paste' ? composing.pastedText(key.text) : key.text);
    }
  }

  #editField(command: EditCommand): void {
    this.#client.stopTrying();
    this.#changeForm(forms.withTyping);
    this.formInput.edit(command);
  }

  /** A change that is not typed: what is still on its way to a field is in it first. */
  #changeForm(change: (form: Form) => Form): void {
    const {form} = this.#view;
    const typed = this.formInput.isBusy ? {...form, [form.field]: this.formInput.text} : form;
    const changed = change(typed);
    const isSameField = changed.field === form.field && changed.revision === form.revision;
    if (isSameField) this.#view = {...this.#view, form: change(form)};
    else {
      this.#view = {...this.#view, form: changed};
      this.#followFields();
    }
  }

  /** The field that has the focus may have been drawn anew, with another text. */
  #followFields(): void {
    const {form} = this.#view;
    if (form.revision === this.#formRevision && form.field === this.#formField) return;
    this.#formRevision = form.revision;
    this.#formField = form.field;
    this.formInput.begin(form[form.field]);
  }

  #createForm(): Form {
    const hubs = this.#places?.hubs() ?? [];
    return forms.createForm(this.#client.state.nick, hubs, this.#places !== undefined);
  }

  #openForm(): void {
    this.#client.stopTrying();
    const {state} = this.#client;
    const present = hasHub(state) ? state.server : undefined;
    this.#view = {...this.#view, form: forms.opened(this.#createForm(), present)};
    this.#followFields();
  }

  #connectTo(server: string): void {
    const {form} = this.#view;
    this.#view = {...this.#view, form: {...form, isOpen: false}};
    const isGoing = this.#client.connect({nick: form.nick.trim(), server});
    if (!isGoing) this.#view = {...this.#view, form: {...this.#view.form, isOpen: form.isOpen}};
  }

  async #goHome(): Promise<void> {
    try {
      const server = await this.#places?.openOwn();
      if (server !== undefined) this.#connectTo(server);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.changeForm({problem: `The hub could not be started: ${reason}`});
    }
    this.#show();
  }

  /** Text that is typed in a pane goes into the composer. */
  #write(key: Key): void {
    switch (key.type) {
      case 'text':
        this.#compose(composer => composing.typeText(composing.keepLines(composer), key.text));
        this.#focusComposer();
        break;
      case 'paste':
        this.#compose(composer => this.#sending.paste(composer, key.text));
        this.#focusComposer();
        break;
      case 'refused-paste':
        this.#compose(composer => this.#sending.refusePaste(composer, key.characters));
        break;
      case 'chord':
        this.#compose(composing.keepLines);
    }
  }

  #act(action: Action): void {
    // Where the panes cannot be seen, one does not go from one to another.
    if (isCovered(this.#view) && movesAmongPanes.has(action)) return;
    const {question} = this.#composer;
    const isAnswer = question !== undefined && composing.answers(question, action);
    if (!isAnswer) this.#compose(composing.keepLines);
    if (isAnswer && action === 'new-line') this.#send(true);
    else if (isEditCommand(action) && this.#context === 'form') this.#editField(action);
    else if (isEditCommand(action)) this.#edit(action);
    else this.#actions[action]();
  }

  #edit(command: EditCommand): void {
    const {help, switcher} = this.#view;
    if (help !== undefined) this.#filterHelp(editCommands[command]);
    else if (switcher !== undefined) this.#changeQuery(editCommands[command](switcher.query));
    else this.#compose(composer => composing.edit(composer, command));
  }

  /** The actions of the keys that do not edit. */
  readonly #actions: Readonly<Record<Exclude<Action, EditCommand>, () => void>> = {
    send: () => this.#send(),
    'line-up': () => this.#recall(-1),
    'line-down': () => this.#recall(1),
    complete: () => this.#complete(1),
    'complete-previous': () => {
      if (this.#composer.completion === undefined) this.#navigate(navigation.focusNext);
      else this.#complete(-1);
    },
    'search-sent': () => this.#compose(composing.beginSearch),
    'search-older': () => this.#searchOn(1),
    'search-newer': () => this.#searchOn(-1),
    'search-take': () => {
      const audiences = this.#sending.audiencesFor(this.#composer);
      this.#compose(composer => composing.takeFound(composer, audiences));
    },
    'search-end': () => this.#compose(composing.endSearch),
    'edit-outside': () => void this.#editOutside(),
    'delete-or-leave': () => {
      if (this.#isDraftEmpty) this.#leaveUnlessAsked('delete-or-leave');
      else this.#compose(composer => composing.edit(composer, 'delete-right'));
    },
    'clear-or-leave': () => {
      const {question} = this.#composer;
      if (isFormShown(this.#view)) this.#leaveForm();
      else if (question?.about === 'leaving') this.#leave();
      else if (question !== undefined || !this.#isDraftEmpty) this.#compose(composing.discard);
      else this.#askToLeave('clear-or-leave');
    },
    'to-composer': () => {
      this.#escapedAt = performance.now();
      if (this.#composer.completion !== undefined) {
        this.#compose(composing.undoCompletion);
        return;
      }
      if (this.#view.state.connection.phase === 'connecting') {
        this.#openForm();
        return;
      }
      const isThere = this.#view.focus === 'composer';
      this.#focusComposer();
      if (isThere) this.#closeJourney();
      const current = here(this.#view.state);
      if (isThere) this.#compose(composer => composing.switchTo(composer, current));
    },
    'next-pane': () => this.#navigate(navigation.focusNext),
    'pane-1': () => this.#focusOn('public'),
    'pane-2': () => this.#focusOn('room'),
    'pane-3': () => this.#navigate((view, layout) => navigation.toggleSide(view, layout, 'users')),
    'pane-4': () =>
      this.#navigate((view, layout) => navigation.toggleSide(view, layout, 'invitations')),
    'pane-5': () => this.#focusOnDirect(0),
    'pane-6': () => this.#focusOnDirect(1),
    'pane-7': () => this.#focusOnDirect(2),
    'pane-8': () => this.#focusOnDirect(3),
    'pane-9': () => this.#focusOnDirect(4),
    'pane-10': () => this.#focusOnDirect(5),
    'next-unread': () => {
      const [next] = unreadConversations(this.#view);
      if (next === undefined) {
        this.#say('Nothing is unread');
        return;
      }
      this.#goTo(next);
      this.#view = withConversation(this.#view, next, {anchor: 'bottom'});
    },
    'first-unread': () => {
      const shown = navigation.goToNew(this.#view, this.#layout);
      if (shown === undefined) this.#say('Nothing is new here');
      else this.#view = shown;
    },
    'previous-mention': () => this.#goToMention(-1),
    'next-mention': () => this.#goToMention(1),
    'previous-conversation': () => this.#goToConversation(-1),
    'next-conversation': () => this.#goToConversation(1),
    switch: () => {
      this.#view = {...this.#view, switcher: switching.openSwitcher(this.#view)};
    },
    'place-up': () => this.#selectPlace(-1),
    'place-down': () => this.#selectPlace(1),
    'place-page-up': () => this.#selectPlace(-roomListRows(this.#view.size)),
    'place-page-down': () => this.#selectPlace(roomListRows(this.#view.size)),
    'go-to-place': () => this.#goToPlace(),
    'close-switcher': () => this.#closeSwitcher(),
    'mention-up': () => this.#selectMention(-1),
    'mention-down': () => this.#selectMention(1),
    'mention-page-up': () => this.#selectMention(-roomListRows(this.#view.size)),
    'mention-page-down': () => this.#selectMention(roomListRows(this.#view.size)),
    'go-to-mention': () => this.#goToListed(this.#view.mentionList?.selected ?? 0),
    'close-mentions': () => this.#closeMentions(),
    'page-up': () => this.#navigate((view, layout) => navigation.scrollPage(view, layout, -1)),
    'page-down': () => this.#navigate((view, layout) => navigation.scrollPage(view, layout, 1)),
    oldest: () => this.#navigate(view => navigation.scrollToEnd(view, 'oldest')),
    newest: () => this.#navigate(view => navigation.scrollToEnd(view, 'newest')),
    'select-up': () => this.#navigate((view, layout) => navigation.select(view, layout, -1)),
    'select-down': () => this.#navigate((view, layout) => navigation.select(view, layout, 1)),
    'open-journey': () => this.#openJourney(),
    'close-journey': () => this.#closeJourney(),
    'frame-before': () => this.#changeJourney(open => stepFrame(open, -1)),
    'frame-after': () => this.#changeJourney(open => stepFrame(open, 1)),
    'field-before': () => this.#changeJourney(open => stepField(open, -1)),
    'field-after': () => this.#changeJourney(open => stepField(open, 1)),
    'send-again': () => this.#retry(),
    'carry-over': () => {
      const members = this.#client.state.room?.members;
      if (this.#client.carryOver()) this.#carried = new Set(members);
    },
    'copy-text': () => {
      const {text} = this.#openMessage ?? {};
      if (text !== undefined) this.#say(this.#terminal.copy(text, 'the text'));
    },
    invite: () => this.#invite(),
    accept: () => this.#answer(true),
    decline: () => this.#answer(false),
    'next-field': () =>
      this.#changeForm(form => ({...form, field: form.field === 'nick' ? 'server' : 'nick'})),
    'hub-up': () => this.#changeForm(form => forms.movePlace(form, -1)),
    'hub-down': () => this.#changeForm(form => forms.movePlace(form, 1)),
    connect: () => {
      this.#changeForm(form => ({...form, problem: undefined, revision: form.revision + 1}));
      this.submitForm();
    },
    'close-form': () => {
      const {state, form} = this.#view;
      if (hasHub(state)) this.#view = {...this.#view, form: {...form, isOpen: false}};
    },
    'close-share': () => {
      this.#view = {...this.#view, share: undefined};
    },
    'room-up': () => this.#selectRoom(-1),
    'room-down': () => this.#selectRoom(1),
    'room-page-up': () => this.#selectRoom(-roomListRows(this.#view.size)),
    'room-page-down': () => this.#selectRoom(roomListRows(this.#view.size)),
    'first-room': () => this.#selectRoom(Number.NEGATIVE_INFINITY),
    'last-room': () => this.#selectRoom(Number.POSITIVE_INFINITY),
    join: () => this.#join(),
    'close-rooms': () => this.#closeRooms(),
    help: () => {
      this.#view = openHelp(this.#view, undefined);
    },
    'close-help': () => {
      const isFiltered = this.#view.help?.filter.text !== '';
      if (isFiltered) this.#filterHelp(() => emptyEditor);
      else this.#view = {...this.#view, help: undefined};
    },
    'help-up': () => this.#scrollHelp(-1),
    'help-down': () => this.#scrollHelp(1),
    'help-page-up': () => this.#scrollHelp(-helpRows(this.#view.size)),
    'help-page-down': () => this.#scrollHelp(helpRows(this.#view.size)),
    'open-link': () => this.#openLink(),
    repaint: () => this.#terminal.repaint(),
    suspend: () => {
      if (this.#isAsked('suspend') || this.#terminal.guests() === 0) this.#suspend();
      else this.#askToLeave('suspend');
    },
  };

  /** With guests, it asks first. */
  #leaveForm(): void {
    const guests = this.#terminal.guests();
    const problem = guestsProblem(guests);
    if (guests === 0 || this.#view.form.problem === problem) this.#leave();
    else this.changeForm({problem});
  }

  #isAsked(by: composing.Leaving['by']): boolean {
    const {question} = this.#composer;
    return question?.about === 'leaving' && question.by === by;
  }

  /**
   * Whether the first line of one read is a whole `/quit`, on an empty draft. Then it was typed, perhaps by a
   * program: it is no paste to be asked about, and the text behind it is dropped.
   */
  #beginsWithQuit(keys: readonly Key[]): boolean {
    const {question, conversation} = this.#composer;
    if (!this.#isDraftEmpty || question?.about === 'lines') return false;
    const end = keys.findIndex(({type}) => type !== 'text');
    const next = keys[end];
    if (next?.type !== 'chord' || next.chord !== 'enter') return false;
    const text = keys.slice(0, end).map(key => (key.type === 'text' ? key.text : ''));
    const reading = this.#client.read({text: text.join(''), conversation});
    return reading.kind === 'command' && reading.command.name === 'quit';
  }

  #suspend(): void {
    this.#compose(composer => ({...composer, question: undefined}));
    this.#terminal.suspend();
  }

  /** Asks a user who has guests. The answer is the same key again. */
  #leaveUnlessAsked(by: composing.Leaving['by']): void {
    if (this.#isAsked(by) || this.#terminal.guests() === 0) this.#leave();
    else this.#askToLeave(by);
  }

  #askToLeave(by: composing.Leaving['by']): void {
    const guests = this.#terminal.guests();
    this.#compose(composer => composing.ask(composer, {about: 'leaving', by, guests}));
    this.#isRestDropped = guests > 0;
  }

  #compose(change: (composer: composing.Composer) => composing.Composer): void {
    this.#composer = change(this.#composer);
  }

  #navigate(change: (view: View, layout: Layout) => View): void {
    this.#view = change(this.#view, this.#layout);
    const {focus} = this.#view;
    if (isConversation(focus)) this.#turnTo(focus);
  }

  #focusOn(conversation: ConversationId): void {
    if (conversation === 'room' && !canSpeakIn(this.#view.state, 'room')) {
      this.#say(noRoomSentence(this.#view.state));
      return;
    }
    // First, so that the layout has a place for it.
    this.#turnTo(conversation);
    this.#navigate((view, layout) => navigation.focusOn(view, layout, conversation));
  }

  #focusOnDirect(index: number): void {
    const conversation = directIds(this.#view.state.conversations)[index];
    if (conversation === undefined) this.#say(noSuchDirect(this.#view.state));
    else this.#focusOn(conversation);
  }

  /** Shows a conversation. What is typed goes there, if one can speak there. */
  #goTo(conversation: ConversationId): void {
    this.#turnTo(conversation);
    const isHere = here(this.#view.state) === conversation;
    this.#view = {...this.#view, focus: isHere ? 'composer' : conversation};
  }

  #goToConversation(by: -1 | 1): void {
    const next = navigation.nextConversation(this.#view, by);
    if (next === undefined) this.#say('There is no other conversation');
    else this.#goTo(next);
  }

  #goToMention(by: -1 | 1): void {
    const index = navigation.nextMention(this.#view, this.#layout, by);
    if (index === undefined) this.#say(`No mention ${by === -1 ? 'above' : 'below'}`);
    else this.#goToEntry(scrolledConversation(this.#view), index);
  }

  #goToEntry(conversation: ConversationId, index: number): void {
    this.#view = navigation.goToEntry(this.#view, this.#layout, conversation, index);
  }

  /** Above the composer, until the next key. */
  #say(text: string): void {
    this.#view = {...this.#view, feedback: {text}};
  }

  /** Typed texts go to the pane with the focus, if one can speak there. */
  #turnTo(conversation: ConversationId): void {
    if (!canSpeakIn(this.#client.state, conversation)) return;
    if (here(this.#client.state) !== conversation) this.#client.turnTo(conversation);
    this.#take(this.#client.state);
    this.#compose(composer => composing.switchTo(composer, conversation));
  }

  #focusComposer(): void {
    if (this.#view.focus !== 'composer') this.#view = {...this.#view, focus: 'composer'};
  }

  get #isDraftEmpty(): boolean {
    return composing.draftOf(this.#composer).text === '';
  }

  /** @param isOne Pasted lines are sent as one message. */
  #send(isOne = false): void {
    if (this.#isAsked('send')) {
      this.#leave();
      return;
    }
    const {conversation} = this.#composer;
    const {isSent, change, suggestion} = this.#sending.send(this.#composer, isOne);
    this.#compose(change);
    if (suggestion !== undefined) this.#view = {...this.#view, feedback: suggestion};
    if (isSent) {
      const end = {anchor: 'bottom', firstUnread: undefined, newMessages: 0} as const;
      this.#view = withConversation(this.#view, conversation, end);
    }
    // The user's own text is on the screen at once.
    this.#take(this.#client.state);
  }

  #searchOn(by: -1 | 1): void {
    const audiences = this.#sending.audiencesFor(this.#composer);
    this.#compose(composer => composing.searchOn(composer, by, audiences));
  }

  /** The edited text is put into the draft, and is not sent. */
  async #editOutside(): Promise<void> {
    const draft = composing.draftFor(this.#composer);
    const edited = await this.#terminal.edit(draft.text);
    if (this.#isLeaving) return;
    if ('problem' in edited) this.#say(edited.problem);
    else {
      const text = cleanWhole(edited.text.replace(/\r?\n$/, ''));
      const characters = [...text].length;
      if (characters > maximumPaste) {
        this.#say(
          `The draft is as it was: the text has ${characters} characters, and can have ${maximumPaste}`,
        );
      } else if (text !== draft.text) {
        this.#compose(composer => composing.putEdited(composer, draft, text));
      }
    }
    this.#show();
  }

  #recall(by: -1 | 1): void {
    const audiences = this.#sending.audiencesFor(this.#composer);
    this.#compose(composer => composing.moveOrRecall(composer, by, audiences));
  }

  #leave(): void {
    this.#isLeaving = true;
    this.#terminal.leave();
  }

  #complete(by: -1 | 1): void {
    const draft = composing.draftOf(this.#composer);
    if (emojiNameIn(draft) !== undefined && this.#emoji.length === 0) {
      void this.#loadEmoji(draft);
      return;
    }
    const vocabulary = this.#vocabulary;
    this.#compose(composer => composing.completeWord(composer, by, vocabulary));
  }

  /** Completes the draft when the names are there, if it has not changed meanwhile. */
  async #loadEmoji(draft: Editor): Promise<void> {
    this.#emoji = await loadEmojiNames();
    if (composing.draftOf(this.#composer) !== draft) return;
    this.#complete(1);
    this.#show();
  }

  get #vocabulary(): Vocabulary {
    const {state} = this.#view;
    return {
      commands: this.commands,
      features: state.features,
      nicknames: othersOf(state),
      speakers: speakersOf(state, this.#composer.conversation),
      inviters: state.invitations.map(({from}) => from),
      ignored: [...state.ignored],
      crowd: crowdOf(state),
      rooms: [...roomLabels(state.rooms ?? []).values()],
      hubs: this.#hubs(),
      emoji: this.#emoji,
    };
  }

  get #openMessage(): MessageEntry | undefined {
    const {journey, state} = this.#view;
    return journey && messageAt(state, journey.conversation, journey.index);
  }

  #openJourney(): void {
    const {focus, state} = this.#view;
    if (!isConversation(focus)) return;
    const {selected} = conversationView(this.#view, focus);
    if (selected === undefined) return;
    const {journeys} = this.#client;
    const place = messagePlace(state, {conversation: focus, index: selected});
    const journey = openJourney(state, journeys, place, performance.now());
    const entry = messageAt(state, place.conversation, place.index);
    if (journey !== undefined) this.#view = {...this.#view, journey};
    else if (isRetryPossible(entry)) this.#client.retry(entry?.id);
    else this.#say('There is no journey of that: only the last messages have one');
    this.#navigate(navigation.revealSelected);
  }

  #closeJourney(): void {
    this.#view = {...this.#view, journey: undefined};
  }

  #changeJourney(change: (open: OpenJourney) => OpenJourney): void {
    const {journey} = this.#view;
    if (journey !== undefined) this.#view = {...this.#view, journey: change(journey)};
  }

  #retry(): void {
    const entry = this.#openMessage;
    if (isRetryPossible(entry)) this.#client.retry(entry?.id);
    else this.#say('It has arrived, or is still on its way');
  }

  /** Writes the command into the composer, where the user can add other names and the mode. */
  #invite(): void {
    const {state, selectedUser} = this.#view;
    const nick = selectedOf(selectableUsers(state), selectedUser);
    if (nick !== undefined) this.#approach(nick);
  }

  #approach(nick: string): void {
    const {state} = this.#view;
    this.#compose(composer =>
      composing.rewrite(
        composer,
        `/${approachOf(state).command} ${writeNickname(nick, crowdOf(state))} `,
      ),
    );
    this.#focusComposer();
  }

  #answer(accepted: boolean): void {
    const {state, selectedInvitation} = this.#view;
    const names = state.invitations.map(({from}) => from);
    const from = selectedOf(names, selectedInvitation);
    if (from === undefined) return;
    this.#client.request({type: 'answer', from, accepted});
    this.#focusComposer();
  }

  #selectRoom(by: number): void {
    this.#navigate(view => navigation.selectRoom(view, by));
  }

  /** Does nothing while there is no room to choose. */
  #join(): void {
    const selected = this.#view.roomList?.selected;
    if (selected === undefined) return;
    this.#closeRooms();
    this.#client.request({type: 'join-room', name: selected});
  }

  #closeRooms(): void {
    this.#view = {...this.#view, roomList: undefined};
  }

  /** Text that is typed while one looks for a place. */
  #search(key: Key): void {
    const {switcher} = this.#view;
    if (switcher === undefined || (key.type !== 'text' && key.type !== 'paste')) return;
    this.#changeQuery(insert(switcher.query, cleanLine(key.text)));
  }

  #changeQuery(query: Editor): void {
    const {switcher} = this.#view;
    if (switcher === undefined) return;
    this.#view = {...this.#view, switcher: switching.search(switcher, query)};
  }

  #selectPlace(by: number): void {
    const {switcher} = this.#view;
    if (switcher === undefined) return;
    this.#view = {...this.#view, switcher: switching.step(switcher, by)};
  }

  /** Where there are no direct messages, the command that the protocol has is written for a person. */
  #goToPlace(): void {
    const {switcher, state} = this.#view;
    const place = switcher?.found[switcher.selected];
    if (place === undefined) return;
    this.#closeSwitcher();
    const {id} = place;
    if (isDirect(id) && !canSpeakIn(state, id)) this.#approach(personOf(id));
    else if (id === 'room' && !canSpeakIn(state, id)) this.#focusOn(id);
    else this.#goTo(id);
  }

  #closeSwitcher(): void {
    this.#view = {...this.#view, switcher: undefined};
  }

  #selectMention(by: number): void {
    const {mentionList} = this.#view;
    if (mentionList === undefined) return;
    const {mentions, selected} = mentionList;
    const next = Math.max(0, Math.min(selected + by, mentions.length - 1));
    this.#view = {...this.#view, mentionList: {mentions, selected: next}};
  }

  /** By the digit in its row. */
  #chooseMention(key: Key): void {
    if (key.type === 'text' && /^[1-9]$/.test(key.text)) this.#goToListed(Number(key.text) - 1);
  }

  #goToListed(selected: number): void {
    const {mentionList, state} = this.#view;
    const mention = mentionList?.mentions[selected];
    if (mention === undefined) return;
    this.#closeMentions();
    const {conversation, index} = mention;
    const isOpen = openConversations(state).includes(conversation);
    if (isOpen && historyOf(state, conversation).at(index) !== undefined) {
      this.#goTo(conversation);
      this.#goToEntry(conversation, index);
    } else this.#say('That message is gone');
  }

  #closeMentions(): void {
    this.#view = {...this.#view, mentionList: undefined};
  }

  /** From the selected message back, or from the newest. */
  #openLink(): void {
    const name = scrolledConversation(this.#view);
    const {selected} = conversationView(this.#view, name);
    const [target] = newestLinks(historyOf(this.#client.state, name), selected);
    if (target === undefined) this.#say('There is no link here');
    else this.#terminal.open(target);
  }

  #keepCall(call: Call | undefined): void {
    const key = `${call?.kind} ${call?.conversation}`;
    if (call !== undefined && !this.#calls.has(key)) this.#calls.set(key, call);
  }

  #isInView({conversation}: Call): boolean {
    if (conversation === undefined) return false;
    const isAtEnd = conversationView(this.#view, conversation).anchor === 'bottom';
    return isAtEnd && isShown(this.#layout, conversation);
  }

  #searchHelp(key: Key): void {
    if (key.type !== 'text' && key.type !== 'paste') return;
    const [line = ''] = cleanWhole(key.text).split('\n', 1);
    this.#filterHelp(filter => insert(filter, line));
  }

  #filterHelp(change: (filter: Editor) => Editor): void {
    const {help} = this.#view;
    if (help === undefined) return;
    this.#view = {...this.#view, help: {...help, filter: change(help.filter), top: 0}};
  }

  #scrollHelp(by: number): void {
    const {help, size, state} = this.#view;
    if (help === undefined) return;
    const lines = helpRowsFor({
      commands: this.commands,
      features: state.features,
      topic: help.topic,
      filter: help.filter.text,
      columns: size.columns,
    });
    const most = lines.length - helpRows(size);
    const top = Math.max(0, Math.min(help.top + by, most));
    this.#view = {...this.#view, help: {...help, top}};
  }
}

const movesAmongPanes: ReadonlySet<Action> = new Set<Action>([
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

function withFocus(view: View, isFocused: boolean): View {
  return view.isFocused === isFocused ? view : {...view, isFocused};
}

function isPrefixKey(key: Key): key is Key & {type: 'chord'} {
  return key.type === 'chord' && isPrefix(key.chord);
}

/** Whether nothing lies over the panes. */
function isAmongPanes(context: Context): boolean {
  return ['composer', 'messages', 'users', 'invitations'].includes(context);
}

function guestsProblem(guests: number): string {
  const who = guests === 1 ? 'Somebody else is' : `${guests} others are`;
  return `${who} in your hub, which ends with this program: Ctrl-C again leaves`;
}

/** Whether it is a paste of several lines. */
function hasLines(key: Key): boolean {
  return key.type === 'paste' && composing.pastedText(key.text).includes('\n');
}

/** Why no conversation with one person has that key. */
function noSuchDirect({features}: State): string {
  return features.has('direct-messages')
    ? 'There is no such conversation: /query NICK opens one'
    : 'There is no such conversation';
}

function isTab(key: Key): boolean {
  return key.type === 'chord' && key.chord === 'tab';
}
