import {performance} from 'node:perf_hooks';

/** A state machine without a clock: it says when it wants to be called. */
export type TimedMachine = {
  /** In milliseconds of the monotonic clock; Infinity for never. */
  readonly dueAt: number;
  onTime(now: number): void;
};

/** setTimeout takes 31 bits; a longer wait is split. */
const longestTimeoutMs = 2 ** 31 - 1;

/** The one timer of a program, and its clock. */
export class Timer {
  readonly #machine: TimedMachine;
  #timeout: NodeJS.Timeout | undefined;
  #armedFor = Number.POSITIVE_INFINITY;
  #isStopped = false;

  constructor(machine: TimedMachine) {
    this.#machine = machine;
  }

  /** Calls the machine, and then arms the timer for its next deadline. */
  run<Result>(action: (now: number) => Result): Result {
    try {
      return action(performance.now());
    } finally {
      this.#arm();
    }
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timeout);
  }

  /** A timer that is set too early only wakes up once more; moving it with every datagram would cost more. */
  #arm(): void {
    const {dueAt} = this.#machine;
    if (this.#isStopped || dueAt >= this.#armedFor) return;
    clearTimeout(this.#timeout);
    this.#armedFor = dueAt;
    const delayMs = Math.ceil(dueAt - performance.now());
    this.#timeout = setTimeout(
      () => this.#wake(),
      Math.min(Math.max(delayMs, 0), longestTimeoutMs),
    );
  }

  #wake(): void {
    this.#armedFor = Number.POSITIVE_INFINITY;
    this.run(now => {
      if (this.#machine.dueAt <= now) this.#machine.onTime(now);
    });
  }
}
