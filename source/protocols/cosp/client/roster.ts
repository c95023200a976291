/** The other users at the hub, by id and by nickname. In other hubs several users may have the same name. */
export class Roster {
  readonly #byId = new Map<number, string>();
  /** In the order in which they came. */
  readonly #byName = new Map<string, number[]>();

  /** Every nickname once. */
  get nicknames(): Iterable<string> {
    return this.#byName.keys();
  }

  has(id: number): boolean {
    return this.#byId.has(id);
  }

  nicknameOf(id: number): string | undefined {
    return this.#byId.get(id);
  }

  /** @param nickname The exact string from the hub: a name that only looks like it is somebody else's. */
  idOf(nickname: string): number | undefined {
    return this.#byName.get(nickname)?.[0];
  }

  /** @returns Whether nobody had that name before. The id must be free. */
  add(id: number, nickname: string): boolean {
    const namesakes = this.#byName.get(nickname);
    this.#byId.set(id, nickname);
    if (namesakes === undefined) this.#byName.set(nickname, [id]);
    else namesakes.push(id);
    return namesakes === undefined;
  }

  /** @returns Whether nobody has that name any more. */
  delete(id: number, nickname: string): boolean {
    const namesakes = (this.#byName.get(nickname) ?? []).filter(other => other !== id);
    this.#byId.delete(id);
    if (namesakes.length > 0) this.#byName.set(nickname, namesakes);
    else this.#byName.delete(nickname);
    return namesakes.length === 0;
  }

  clear(): void {
    this.#byId.clear();
    this.#byName.clear();
  }
}
