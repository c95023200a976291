import {performance} from 'node:perf_hooks';

/** A state machine that has no clock: it says when it wants to be called. */
export type TimedMachine = {
  /** Milliseconds of the monotonic clock; Infinity for never. */
  readonly dueAt: number;
  onTime(now: number): void;
};

/** setTimeout takes 31 bits; a longer wait is made in several. */
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

  /** Lets somebody call the machine, and arms the timer for what it wants afterwards. */
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

  /** One that is set too early only wakes up once more; moving it with every datagram costs more. */
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
