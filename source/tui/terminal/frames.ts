/** Draws once for any number of requests within a frame, the first of them at once. */
export class Frames {
  readonly #intervalMs: number;
  readonly #draw: () => void;
  #timer: NodeJS.Timeout | undefined;
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(intervalMs: number, draw: () => void) {
    this.#intervalMs = intervalMs;
    this.#draw = draw;
  }

  request(): void {
    if (this.#timer !== undefined) return;
    const wait = this.#drawnAt + this.#intervalMs - performance.now();
    this.#timer = setTimeout(this.#onTime, Math.max(0, wait));
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  readonly #onTime = (): void => {
    this.#timer = undefined;
    this.#drawnAt = performance.now();
    this.#draw();
  };
}
