/** Lines that wait while somebody types, so that what is typed and what is told do not mix. */

export type HeldLine = {readonly text: string; readonly hasBell: boolean};

/** A line waits so long at most. */
const longestMs = 5000;
/** More do not wait. */
const maximumHeld = 500;

export class HeldLines {
  readonly #write: (lines: readonly HeldLine[]) => void;
  #held: HeldLine[] = [];
  #since: number | undefined;

  constructor(write: (lines: readonly HeldLine[]) => void) {
    this.#write = write;
  }

  /** When {@link flush} is due, in the time that {@link add} was given. */
  get dueAt(): number {
    return this.#since === undefined ? Number.POSITIVE_INFINITY : this.#since + longestMs;
  }

  /** @param mustWait Somebody is typing. */
  add(line: HeldLine, mustWait: boolean, now: number): void {
    this.#held.push(line);
    this.#since ??= now;
    if (!mustWait || this.#held.length > maximumHeld) this.flush();
  }

  flush(): void {
    const lines = this.#held;
    this.#held = [];
    this.#since = undefined;
    if (lines.length > 0) this.#write(lines);
  }
}
