/** Time between two requests for a short list. The hub does not tell us of arrivals and departures by itself. */
const refreshMs = 5000;
/** For a long list, the time between two requests is this time for each user on it: 2,000 users make 30 kB. */
const refreshMsPerUser = 50;
/** Least time between two requests when something has changed, so that not every change costs one. */
const minimumRefreshMs = 1000;

/** When to ask for the list of users again. */
export class ListSchedule {
  #dueAt = Number.POSITIVE_INFINITY;
  #askedAt = 0;

  /** Infinity while we wait for an answer. */
  get dueAt(): number {
    return this.#dueAt;
  }

  /** Something has changed: asks soon. Many changes in a short time make one request. */
  soon(): void {
    this.#dueAt = Math.min(this.#dueAt, this.#askedAt + minimumRefreshMs);
  }

  /** If no answer comes, the hub is lost, and the next connection asks again. */
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
