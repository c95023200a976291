type Item<Owner> = {readonly owner: Owner; dueAt: number; index: number};

/**
 * The deadlines of many owners, served by one timer. A binary heap, so that moving a deadline with every datagram costs
 * almost nothing, even with a thousand users.
 */
export class Agenda<Owner> {
  readonly #items = new Map<Owner, Item<Owner>>();
  readonly #heap: Item<Owner>[] = [];

  /** The earliest deadline, or Infinity. */
  get dueAt(): number {
    return this.#heap[0]?.dueAt ?? Number.POSITIVE_INFINITY;
  }

  /** Sets the one deadline of that owner; Infinity for none. */
  schedule(owner: Owner, dueAt: number): void {
    const item = this.#items.get(owner);
    if (dueAt === Number.POSITIVE_INFINITY) {
      if (item !== undefined) this.#remove(item);
    } else if (item === undefined) {
      const added = {owner, dueAt, index: this.#heap.length};
      this.#items.set(owner, added);
      this.#heap.push(added);
      this.#rise(added);
    } else if (item.dueAt !== dueAt) {
      const isEarlier = dueAt < item.dueAt;
      item.dueAt = dueAt;
      if (isEarlier) this.#rise(item);
      else this.#sink(item);
    }
  }

  cancel(owner: Owner): void {
    this.schedule(owner, Number.POSITIVE_INFINITY);
  }

  /** Removes and returns the owner with the earliest deadline that is over, or returns undefined. */
  take(now: number): Owner | undefined {
    const [first] = this.#heap;
    if (first === undefined || first.dueAt > now) return undefined;
    this.#remove(first);
    return first.owner;
  }

  #remove(item: Item<Owner>): void {
    this.#items.delete(item.owner);
    const last = this.#heap.pop();
    if (last === undefined || last === item) return;
    this.#place(last, item.index);
    this.#rise(last);
    this.#sink(last);
  }

  #rise(item: Item<Owner>): void {
    while (item.index > 0) {
      const parent = this.#heap[(item.index - 1) >> 1];
      if (parent === undefined || parent.dueAt <= item.dueAt) return;
      this.#swap(item, parent);
    }
  }

  #sink(item: Item<Owner>): void {
    for (;;) {
      const left = this.#heap[2 * item.index + 1];
      const right = this.#heap[2 * item.index + 2];
      const child =
        right !== undefined && left !== undefined && right.dueAt < left.dueAt ? right : left;
      if (child === undefined || item.dueAt <= child.dueAt) return;
      this.#swap(item, child);
    }
  }

  #swap(one: Item<Owner>, other: Item<Owner>): void {
    const {index} = one;
    this.#place(one, other.index);
    this.#place(other, index);
  }

  #place(item: Item<Owner>, index: number): void {
    item.index = index;
    this.#heap[index] = item;
  }
}
