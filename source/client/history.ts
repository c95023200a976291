/**
 * An immutable list of the entries of a conversation. Appending or changing an entry copies one chunk, never the
 * whole list, so that a long history does not slow down a keypress.
 */
export class History<Entry> {
  static readonly chunkSize = 256;
  readonly #chunks: readonly (readonly Entry[])[];
  /** At least this many entries are kept: the oldest chunk goes when the others hold that many. */
  readonly #maximum: number;
  /** Index of the oldest entry that is still held. An index is never given to another entry. */
  readonly start: number;
  /** One more than the index of the newest entry. */
  readonly end: number;

  /** @param start Index of the first entry that will be appended. */
  static empty<Entry>(maximum = 10_000, start = 0): History<Entry> {
    return new History<Entry>([], start, start, maximum);
  }

  private constructor(
    chunks: readonly (readonly Entry[])[],
    start: number,
    end: number,
    maximum: number,
  ) {
    this.#chunks = chunks;
    this.start = start;
    this.end = end;
    this.#maximum = maximum;
  }

  /** The entry with that index, or undefined if it is not held. */
  at(index: number): Entry | undefined {
    const offset = index - this.start;
    return this.#chunks[Math.floor(offset / History.chunkSize)]?.[offset % History.chunkSize];
  }

  append(entry: Entry): History<Entry> {
    const newest = this.#chunks.at(-1);
    const hasRoom = newest !== undefined && newest.length < History.chunkSize;
    const chunks = hasRoom ? this.#chunks.with(-1, [...newest, entry]) : [...this.#chunks, [entry]];
    const length = this.end + 1 - this.start;
    return length - History.chunkSize >= this.#maximum
      ? new History(chunks.slice(1), this.start + History.chunkSize, this.end + 1, this.#maximum)
      : new History(chunks, this.start, this.end + 1, this.#maximum);
  }

  /** Changes the entry with that index; does nothing if it is no longer held. */
  update(index: number, change: (entry: Entry) => Entry): History<Entry> {
    const offset = index - this.start;
    const position = Math.floor(offset / History.chunkSize);
    const chunk = this.#chunks[position];
    const entry = chunk?.[offset % History.chunkSize];
    if (chunk === undefined || entry === undefined) return this;
    const chunks = this.#chunks.with(
      position,
      chunk.with(offset % History.chunkSize, change(entry)),
    );
    return new History(chunks, this.start, this.end, this.#maximum);
  }

  /** Forgets every entry. Indexes go on. */
  clear(): History<Entry> {
    return new History<Entry>([], this.end, this.end, this.#maximum);
  }

  /** Newest first. */
  *backwards(): Generator<readonly [index: number, entry: Entry]> {
    let index = this.end;
    for (let position = this.#chunks.length - 1; position >= 0; position--) {
      const chunk = this.#chunks[position] ?? [];
      for (let offset = chunk.length - 1; offset >= 0; offset--) {
        yield [--index, chunk[offset] as Entry];
      }
    }
  }
}
