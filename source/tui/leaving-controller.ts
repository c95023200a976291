import * as composing from './composer/composer.ts';
import type {Actions} from './input/key-bindings.ts';
import type {ScreenModel} from './screen-model.ts';
import type {ScreenTerminal} from './screen-terminal.ts';
import {isFormShown} from './view.ts';

type Asking = composing.Leaving['by'];

/** Leaving and suspending the program. Who has guests in their hub is asked first; the same key again is the answer. */
export class LeavingController {
  readonly #model: ScreenModel;
  readonly #terminal: ScreenTerminal;
  #isLeaving = false;
  /** `/quit` was typed by a user with guests, who has not been asked yet. */
  #isQuitting = false;
  /** Keys that were typed before the question could be read are no answer to it, and no message. */
  #isRestDropped = false;

  constructor(model: ScreenModel, terminal: ScreenTerminal) {
    this.#model = model;
    this.#terminal = terminal;
  }

  readonly actions = {
    'delete-or-leave': () => {
      if (this.#model.isDraftEmpty) this.#leaveUnlessAsked('delete-or-leave');
      else this.#model.compose(composer => composing.edit(composer, 'delete-right'));
    },
    'clear-or-leave': () => {
      const model = this.#model;
      const {question} = model.composer;
      if (isFormShown(model.view)) this.#leaveForm();
      else if (question?.about === 'leaving') this.leave();
      else if (question !== undefined || !model.isDraftEmpty) model.compose(composing.discard);
      else this.#ask('clear-or-leave');
    },
    suspend: () => {
      if (this.isAsked('suspend') || this.#terminal.guests() === 0) this.#suspend();
      else this.#ask('suspend');
    },
  } satisfies Partial<Actions>;

  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /** Whether the keys behind the last one of a read do nothing. */
  get isRestDropped(): boolean {
    return this.#isLeaving || this.#isRestDropped;
  }

  /** The keys of another read come. */
  beginRead(): void {
    this.#isRestDropped = false;
  }

  /** Whether the action that asked is the answer now. */
  isAsked(by: Asking): boolean {
    const {question} = this.#model.composer;
    return question?.about === 'leaving' && question.by === by;
  }

  leave(): void {
    this.#isLeaving = true;
    this.#terminal.leave();
  }

  /** `/quit` was sent. */
  quit(): void {
    this.#isQuitting = this.#terminal.guests() > 0;
    if (this.#isQuitting) this.#isRestDropped = true;
    else this.leave();
  }

  /** Asks about a `/quit`, when its line is gone from the composer. */
  follow(): void {
    if (this.#isQuitting) this.#ask('send');
    this.#isQuitting = false;
  }

  #leaveUnlessAsked(by: Asking): void {
    if (this.isAsked(by) || this.#terminal.guests() === 0) this.leave();
    else this.#ask(by);
  }

  #ask(by: Asking): void {
    const guests = this.#terminal.guests();
    this.#model.compose(composer => composing.ask(composer, {about: 'leaving', by, guests}));
    this.#isRestDropped = guests > 0;
  }

  /** The form has no composer to ask in. */
  #leaveForm(): void {
    const guests = this.#terminal.guests();
    const problem = guestsProblem(guests);
    const {form} = this.#model.view;
    if (guests === 0 || form.problem === problem) this.leave();
    else this.#model.update({form: {...form, problem}});
  }

  #suspend(): void {
    this.#model.compose(composer => ({...composer, question: undefined}));
    this.#terminal.suspend();
  }
}

function guestsProblem(guests: number): string {
  const who = guests === 1 ? 'Somebody else is' : `${guests} others are`;
  return `${who} in your hub, which ends with this program: Ctrl-C again leaves`;
}
