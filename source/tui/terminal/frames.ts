/**
 * The share of the time that drawing may take at most is one in this and one. The rest is for the network: a
 * message is confirmed when nothing is being drawn, and a hub gives up a reader who confirms too little.
 */
const restFactor = 4;
/** However much a frame costs, the next one comes after that time. */
const maximumRestMs = 1000;

/** Draws once for any number of requests within a frame, the first of them at once. */
export class Frames {
  readonly #intervalMs: number;
  readonly #draw: () => void;
  #timer: NodeJS.Timeout | undefined;
  #nextAt = Number.NEGATIVE_INFINITY;

  constructor(intervalMs: number, draw: () => void) {
    this.#intervalMs = intervalMs;
    this.#draw = draw;
  }

  request(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(this.#onTime, Math.max(0, this.#nextAt - performance.now()));
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  readonly #onTime = (): void => {
    this.#timer = undefined;
    const begun = performance.now();
    this.#nextAt = begun + this.#intervalMs;
    this.#draw();
    // The requested frame is rendered after the first of these calls and before the second.
    setImmediate(() => setImmediate(() => this.#rest(begun)));
  };

  #rest(begun: number): void {
    const now = performance.now();
    const restMs = Math.min(restFactor * (now - begun), maximumRestMs);
    this.#nextAt = Math.max(this.#nextAt, now + restMs);
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onTime, Math.max(0, this.#nextAt - now));
  }
}
