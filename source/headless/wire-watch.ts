import type {TextStep, Watch} from '../client/journeys.ts';

/** Numbers the messages that come, and passes on what happens to our texts on the wire. */
export class WireWatch implements Watch {
  #received = 0;
  #onStep: ((step: TextStep) => void) | undefined;

  /** Listens to the steps, as the one listener. */
  onStep(listener: (step: TextStep) => void): void {
    this.#onStep = listener;
  }

  told(): void {}

  step(step: TextStep): void {
    this.#onStep?.(step);
  }

  received(): number {
    return ++this.#received;
  }
}
