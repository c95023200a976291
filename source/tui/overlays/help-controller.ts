import {cleanWhole} from '../../client/clean-text.ts';
import type {Command} from '../../client/command.ts';
import {
  type EditCommand,
  type Editor,
  editCommands,
  emptyEditor,
  insert,
} from '../composer/line-editor.ts';
import type {Actions} from '../input/key-bindings.ts';
import type {Key} from '../input/keys.ts';
import {helpRows} from '../panes/layout.ts';
import type {ScreenModel} from '../screen-model.ts';
import {helpRowsFor} from './help-lines.ts';

export type Help = {
  /** The command or the topic that is explained; undefined: everything. */
  readonly topic: string | undefined;
  /** What is looked for in it. */
  readonly filter: Editor;
  /** Number of rows above the part in view. */
  readonly top: number;
};

/** The help: scrolled by keys, and searched by what is typed. */
export class HelpController {
  readonly #model: ScreenModel;
  readonly #commands: readonly Command[];

  constructor(model: ScreenModel, commands: readonly Command[]) {
    this.#model = model;
    this.#commands = commands;
  }

  readonly actions = {
    help: () => this.open(undefined),
    'close-help': () => {
      const isFiltered = this.#model.view.help?.filter.text !== '';
      if (isFiltered) this.#filter(() => emptyEditor);
      else this.#model.update({help: undefined});
    },
    'help-up': () => this.scroll(-1),
    'help-down': () => this.scroll(1),
    'help-page-up': () => this.scroll(-helpRows(this.#model.view.size)),
    'help-page-down': () => this.scroll(helpRows(this.#model.view.size)),
  } satisfies Partial<Actions>;

  /** @param topic Name of a command or a topic; undefined: everything. */
  open(topic: string | undefined): void {
    this.#model.update({help: {topic, filter: emptyEditor, top: 0}});
  }

  /** @param by In rows. 0 keeps what is in view within a screen of another size. */
  scroll(by: number): void {
    const {help, size, state} = this.#model.view;
    if (help === undefined) return;
    const lines = helpRowsFor({
      commands: this.#commands,
      features: state.features,
      topic: help.topic,
      filter: help.filter.text,
      columns: size.columns,
    });
    const most = lines.length - helpRows(size);
    const top = Math.max(0, Math.min(help.top + by, most));
    this.#model.update({help: {...help, top}});
  }

  type(key: Key): void {
    if (key.type !== 'text' && key.type !== 'paste') return;
    const [line = ''] = cleanWhole(key.text).split('\n', 1);
    this.#filter(filter => insert(filter, line));
  }

  edit(command: EditCommand): void {
    this.#filter(editCommands[command]);
  }

  #filter(change: (filter: Editor) => Editor): void {
    const {help} = this.#model.view;
    if (help === undefined) return;
    this.#model.update({help: {...help, filter: change(help.filter), top: 0}});
  }
}
