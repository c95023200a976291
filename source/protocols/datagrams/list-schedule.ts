/** Between two requests for a short list: nobody tells us who comes and goes. */
const refreshMs = 5000;
/** The time between two requests for a long list, for each user on it: 2,000 users make 30 kB. */
const refreshMsPerUser = 50;
/** Something has changed: ask again, but not for each of the changes. */
const minimumRefreshMs = 1000;

/** When to ask for the list of users again. */
export class ListSchedule {
  #dueAt = Number.POSITIVE_INFINITY;
  #askedAt = 0;

  /** Infinity while an answer is waited for. */
  get dueAt(): number {
    return this.#dueAt;
  }

  /** Something makes the list old; at most once in a while, whatever it is. */
  soon(): void {
    this.#dueAt = Math.min(this.#dueAt, this.#askedAt + minimumRefreshMs);
  }

  /** Where there is no answer, the hub is lost, and connecting again asks. */
  asked(now: number): void {
    this.#dueAt = Number.POSITIVE_INFINITY;
    this.#askedAt = now;
  }

  answered(users: number, now: number): void {
    this.#dueAt = Math.min(this.#dueAt, now + Math.max(refreshMs, users * refreshMsPerUser));
  }

  stop(): void {
    this.#dueAt = Number.POSITIVE_INFINITY;
  }
}
