/** Something that changes from outside, and those who wait for it to become as they want it. */
export class Changes {
  readonly #watchers = new Set<() => void>();

  /** To be called after each change. */
  notify(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  /**
   * Resolves with what `look` finds, now or after one of the next changes. Nothing is polled.
   *
   * @param look returns undefined to go on waiting, throws to give up.
   * @throws what `look` throws, or `late()` when the time has passed.
   */
  async until<Found>(
    look: () => Found | undefined,
    timeoutMs: number,
    late: () => Error,
  ): Promise<Found> {
    const {promise, resolve, reject} = Promise.withResolvers<Found>();
    const check = () => {
      try {
        const found = look();
        if (found === undefined) return;
        resolve(found);
      } catch (error) {
        reject(error);
      }
      // At once, and not when the promise is seen: later changes are for the next caller.
      this.#watchers.delete(check);
    };
    const timer = setTimeout(() => reject(late()), timeoutMs);
    this.#watchers.add(check);
    try {
      check();
      return await promise;
    } finally {
      this.#watchers.delete(check);
      clearTimeout(timer);
    }
  }
}
