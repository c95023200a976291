import {nameKey} from '../../../names/key.ts';

/** The others at the hub, by id and by nickname. A hub of a stranger may have several of one name. */
export class Roster {
  readonly #byId = new Map<number, string>();
  /** In the order in which they came. */
  readonly #byName = new Map<string, number[]>();

  /** Each once. */
  get nicknames(): Iterable<string> {
    return this.#byName.keys();
  }

  has(id: number): boolean {
    return this.#byId.has(id);
  }

  nicknameOf(id: number): string | undefined {
    return this.#byId.get(id);
  }

  /** The string from the hub is who somebody is; what was typed may be spelt otherwise. */
  idOf(nickname: string): number | undefined {
    const [exact] = this.#byName.get(nickname) ?? [];
    if (exact !== undefined) return exact;
    const key = nameKey(nickname);
    for (const [name, [id]] of this.#byName) if (nameKey(name) === key) return id;
    return undefined;
  }

  /** @returns Whether nobody of that name was there. The id must be nobody's. */
  add(id: number, nickname: string): boolean {
    const namesakes = this.#byName.get(nickname);
    this.#byId.set(id, nickname);
    if (namesakes === undefined) this.#byName.set(nickname, [id]);
    else namesakes.push(id);
    return namesakes === undefined;
  }

  /** @returns Whether nobody of that name is there any more. */
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
