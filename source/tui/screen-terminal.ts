import type {Call} from './calls.ts';

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
