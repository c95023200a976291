import {cleanWhole} from '../../client/clean-text.ts';
import type {Command} from '../../client/command.ts';
import {emojiNameIn, speakersOf, type Vocabulary} from '../../client/completion.ts';
import {type EmojiNames, loadEmojiNames} from '../../client/emoji.ts';
import type {EngineEvent} from '../../client/events.ts';
import {roomLabels} from '../../client/room-names.ts';
import {crowdOf, here} from '../../client/state.ts';
import type {Actions} from '../input/key-bindings.ts';
import {type Key, maximumPaste} from '../input/keys.ts';
import type {LeavingController} from '../leaving-controller.ts';
import * as navigation from '../navigation.ts';
import {othersOf} from '../panes/people.ts';
import type {ScreenModel} from '../screen-model.ts';
import type {Edited} from '../screen-terminal.ts';
import {Sending} from '../sending.ts';
import {withConversation} from '../view.ts';
import * as composing from './composer.ts';
import type {EditCommand, Editor} from './line-editor.ts';
import {isSameOutlook, outlookOf} from './outlook.ts';

export type ComposerOptions = {
  readonly commands: readonly Command[];
  /** Addresses of the hubs that the user was at, newest first. */
  readonly hubs: () => readonly string[];
  readonly leaving: LeavingController;
  /** Gives the terminal to the user's editor. */
  readonly editOutside: (text: string) => Promise<Edited>;
  /** Draws what has changed when no key was pressed. */
  readonly show: () => void;
};

/** The composer: typing, completing, searching in what was sent, and sending. */
export class ComposerController {
  readonly #model: ScreenModel;
  readonly #options: ComposerOptions;
  readonly #sending: Sending;
  #emoji: EmojiNames = [];

  constructor(model: ScreenModel, options: ComposerOptions) {
    this.#model = model;
    this.#options = options;
    this.#sending = new Sending(model.client);
    model.composer = this.#sending.begin();
  }

  readonly actions = {
    send: () => this.#send(),
    'line-up': () => this.#recall(-1),
    'line-down': () => this.#recall(1),
    complete: () => this.#complete(1),
    'complete-previous': () => {
      if (this.#model.composer.completion === undefined) this.#model.navigate(navigation.focusNext);
      else this.#complete(-1);
    },
    'search-sent': () => this.#model.compose(composing.beginSearch),
    'search-older': () => this.#searchOn(1),
    'search-newer': () => this.#searchOn(-1),
    'search-take': () =>
      this.#model.compose(composer => composing.takeFound(composer, this.#audiences)),
    'search-end': () => this.#model.compose(composing.endSearch),
    'edit-outside': () => void this.#editOutside(),
  } satisfies Partial<Actions>;

  onEvent(event: EngineEvent): void {
    const model = this.#model;
    model.composer = this.#sending.onEvent(model.composer, event, model.view.state);
    if (event.type === 'conversation-closed') {
      model.compose(composer => composing.forget(composer, event.conversation));
    }
  }

  /** Text that is typed in a pane goes into the composer. */
  type(key: Key): void {
    const model = this.#model;
    switch (key.type) {
      case 'text':
        model.compose(composer => composing.typeText(composing.keepLines(composer), key.text));
        model.focusComposer();
        break;
      case 'paste':
        model.compose(composer => this.#sending.paste(composer, key.text));
        model.focusComposer();
        break;
      case 'refused-paste':
        model.compose(composer => this.#sending.refusePaste(composer, key.characters));
        break;
      case 'chord':
        model.compose(composing.keepLines);
    }
  }

  edit(command: EditCommand): void {
    this.#model.compose(composer => composing.edit(composer, command));
  }

  /**
   * Whether the first line of one read is a whole `/quit`, on an empty draft. Then it was typed, perhaps by a
   * program: it is no paste to be asked about, and the text behind it is dropped.
   */
  beginsWithQuit(keys: readonly Key[]): boolean {
    const {client, composer, isDraftEmpty} = this.#model;
    const {question, conversation} = composer;
    if (!isDraftEmpty || question?.about === 'lines') return false;
    const end = keys.findIndex(({type}) => type !== 'text');
    const next = keys[end];
    if (next?.type !== 'chord' || next.chord !== 'enter') return false;
    const text = keys.slice(0, end).map(key => (key.type === 'text' ? key.text : ''));
    const reading = client.read({text: text.join(''), conversation});
    return reading.kind === 'command' && reading.command.name === 'quit';
  }

  /** Sends all pasted lines as one message. */
  sendAsOne(): void {
    this.#send(true);
  }

  /** An empty draft is one for where the user is. */
  followConversation(): void {
    const {view} = this.#model;
    this.#model.compose(composer => composing.follow(composer, here(view.state)));
  }

  /** Shows beside the draft what it is now. */
  followDraft(): void {
    const {client, composer, view} = this.#model;
    const outlook = outlookOf(composer, {
      client,
      commands: this.#options.commands,
      audiences: this.#audiences,
      columns: view.size.columns,
    });
    if (!isSameOutlook(outlook, composer.outlook)) this.#model.composer = {...composer, outlook};
  }

  /** Whose lines ↑ and the search may offer. */
  get #audiences(): ReadonlySet<string> {
    return this.#sending.audiencesFor(this.#model.composer);
  }

  #send(isOne = false): void {
    const model = this.#model;
    const {leaving} = this.#options;
    if (leaving.isAsked('send')) {
      leaving.leave();
      return;
    }
    const {conversation} = model.composer;
    const {isSent, change, suggestion} = this.#sending.send(model.composer, isOne);
    model.compose(change);
    if (suggestion !== undefined) model.update({feedback: suggestion});
    if (isSent) {
      const end = {anchor: 'bottom', firstUnread: undefined, newMessages: 0} as const;
      model.view = withConversation(model.view, conversation, end);
    }
    // The user's own text is on the screen at once.
    model.take();
  }

  #recall(by: -1 | 1): void {
    const audiences = this.#audiences;
    this.#model.compose(composer => composing.moveOrRecall(composer, by, audiences));
  }

  #searchOn(by: -1 | 1): void {
    const audiences = this.#audiences;
    this.#model.compose(composer => composing.searchOn(composer, by, audiences));
  }

  #complete(by: -1 | 1): void {
    const draft = composing.draftOf(this.#model.composer);
    if (emojiNameIn(draft) !== undefined && this.#emoji.length === 0) {
      void this.#loadEmoji(draft);
      return;
    }
    const vocabulary = this.#vocabulary;
    this.#model.compose(composer => composing.completeWord(composer, by, vocabulary));
  }

  /** Completes the draft when the names are there, if it has not changed meanwhile. */
  async #loadEmoji(draft: Editor): Promise<void> {
    this.#emoji = await loadEmojiNames();
    if (composing.draftOf(this.#model.composer) !== draft) return;
    this.#complete(1);
    this.#options.show();
  }

  get #vocabulary(): Vocabulary {
    const {commands, hubs} = this.#options;
    const {composer, view} = this.#model;
    const {state} = view;
    return {
      commands,
      features: state.features,
      nicknames: othersOf(state),
      speakers: speakersOf(state, composer.conversation),
      inviters: state.invitations.map(({from}) => from),
      ignored: [...state.ignored],
      crowd: crowdOf(state),
      rooms: [...roomLabels(state.rooms ?? []).values()],
      hubs: hubs(),
      emoji: this.#emoji,
    };
  }

  /** The edited text is put into the draft, and is not sent. */
  async #editOutside(): Promise<void> {
    const model = this.#model;
    const draft = composing.draftFor(model.composer);
    const edited = await this.#options.editOutside(draft.text);
    if (this.#options.leaving.isLeaving) return;
    if ('problem' in edited) model.say(edited.problem);
    else {
      const text = cleanWhole(edited.text.replace(/\r?\n$/, ''));
      const characters = [...text].length;
      if (characters > maximumPaste) {
        model.say(
          `The draft is as it was: the text has ${characters} characters, and can have ${maximumPaste}`,
        );
      } else if (text !== draft.text) {
        model.compose(composer => composing.putEdited(composer, draft, text));
      }
    }
    this.#options.show();
  }
}
