import type {KnownHub} from '../../client/address.ts';
import * as composing from '../composer/composer.ts';
import type {EditCommand} from '../composer/line-editor.ts';
import type {Actions} from '../input/key-bindings.ts';
import type {Key} from '../input/keys.ts';
import type {ScreenModel} from '../screen-model.ts';
import {formFor, hasHub} from '../view.ts';
import * as forms from './form.ts';
import {FormInput} from './form-input.ts';

/** Where the form leads, besides an address that is typed. */
export type Places = {
  /** Hubs that have let the user in, the last one first. */
  hubs(): readonly KnownHub[];
  /** Starts a hub of the user's own, unless there is one. Resolves to its address; rejects with the system's error. */
  openOwn(): Promise<string>;
  /** The form is shown before anything is connected. */
  readonly isFirst: boolean;
};

/** The form: what is typed into its fields, and where it leads. */
export class FormController {
  /** What Ink reads. */
  readonly input = new FormInput();
  readonly #model: ScreenModel;
  readonly #places: Places | undefined;
  readonly #show: () => void;
  /** The field that {@link input} follows. */
  #revision = -1;
  #field: forms.FormField = 'nick';

  /** @param show Draws what has changed when no key was pressed. */
  constructor(model: ScreenModel, places: Places | undefined, show: () => void) {
    this.#model = model;
    this.#places = places;
    this.#show = show;
    // A hub on this machine refuses before there is a screen.
    model.update({form: formFor(model.client.state, this.#create())});
  }

  readonly actions = {
    'next-field': () =>
      this.#change(form => ({...form, field: form.field === 'nick' ? 'server' : 'nick'})),
    'hub-up': () => this.#change(form => forms.movePlace(form, -1)),
    'hub-down': () => this.#change(form => forms.movePlace(form, 1)),
    connect: () => {
      this.#change(form => ({...form, problem: undefined, revision: form.revision + 1}));
      this.submit();
    },
    'close-form': () => {
      const {state, form} = this.#model.view;
      if (hasHub(state)) this.#model.update({form: {...form, isOpen: false}});
    },
  } satisfies Partial<Actions>;

  open(): void {
    const {client} = this.#model;
    client.stopTrying();
    const present = hasHub(client.state) ? client.state.server : undefined;
    this.#model.update({form: forms.opened(this.#create(), present)});
  }

  /** Takes what is in its fields, or says what is wrong with it. */
  fill(change: Partial<forms.Form>): void {
    this.#model.update({form: {...this.#model.view.form, problem: undefined, ...change}});
  }

  submit(): void {
    const {form} = this.#model.view;
    const place = forms.chosenPlace(form);
    if (place.kind === 'own') void this.#goHome();
    else this.#connectTo(place.kind === 'hub' ? place.server : form.server.trim());
  }

  type(key: Key): void {
    // If a hub let the user in now, the rest would be typed into the chat.
    this.#model.client.stopTrying();
    this.#model.compose(composing.keepLines);
    if (key.type === 'refused-paste') {
      this.fill({problem: `A paste of ${key.characters} characters is too long for a field`});
    } else if (composing.hasLines(key)) {
      this.fill({problem: 'Not pasted: a field has one line'});
    } else if (key.type !== 'chord') {
      this.#change(forms.withTyping);
      this.input.type(key.type === 'paste' ? composing.pastedText(key.text) : key.text);
    }
  }

  edit(command: EditCommand): void {
    this.#model.client.stopTrying();
    this.#change(forms.withTyping);
    this.input.edit(command);
  }

  /** The field that has the focus may have been drawn anew, with another text. */
  follow(): void {
    const {form} = this.#model.view;
    if (form.revision === this.#revision && form.field === this.#field) return;
    this.#revision = form.revision;
    this.#field = form.field;
    this.input.begin(form[form.field]);
  }

  /** A change that is not typed: what is still on its way to a field is in it first. */
  #change(change: (form: forms.Form) => forms.Form): void {
    this.follow();
    const {form} = this.#model.view;
    const typed = this.input.isBusy ? {...form, [form.field]: this.input.text} : form;
    const changed = change(typed);
    const isSameField = changed.field === form.field && changed.revision === form.revision;
    this.#model.update({form: isSameField ? change(form) : changed});
    this.follow();
  }

  #create(): forms.Form {
    const hubs = this.#places?.hubs() ?? [];
    return forms.createForm(this.#model.client.state.nick, hubs, this.#places !== undefined);
  }

  #connectTo(server: string): void {
    const model = this.#model;
    const {form} = model.view;
    model.update({form: {...form, isOpen: false}});
    const isGoing = model.client.connect({nick: form.nick.trim(), server});
    if (!isGoing) model.update({form: {...model.view.form, isOpen: form.isOpen}});
  }

  async #goHome(): Promise<void> {
    try {
      const server = await this.#places?.openOwn();
      if (server !== undefined) this.#connectTo(server);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.fill({problem: `The hub could not be started: ${reason}`});
    }
    this.#show();
  }
}
