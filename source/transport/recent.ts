import type {Reliability} from './reliability.ts';

/** The number of notes that are kept, and the time. */
type Memory = Pick<Reliability, 'remembered' | 'memoryMs'>;

/** Recent notes, each under a key: the last N, for a limited time. The time begins again if a note is made again. */
export class Recent<Key, Note> {
  readonly #memory: Memory;
  /** Oldest first. */
  readonly #notes = new Map<Key, {readonly at: number; readonly note: Note}>();

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  add(key: Key, now: number, note: Note): void {
    this.#notes.delete(key);
    this.#notes.set(key, {at: now, note});
    this.#forget(now);
  }

  delete(key: Key): void {
    this.#notes.delete(key);
  }

  has(key: Key, now: number): boolean {
    return this.#youngAt(key, now) !== undefined;
  }

  get(key: Key, now: number): Note | undefined {
    return this.#youngAt(key, now)?.note;
  }

  /** When the newest note is forgotten; -Infinity if there is none. */
  get until(): number {
    const newest = [...this.#notes.values()].at(-1);
    return newest === undefined ? Number.NEGATIVE_INFINITY : newest.at + this.#memory.memoryMs;
  }

  /** The note, however old it is. */
  peek(key: Key): Note | undefined {
    return this.#notes.get(key)?.note;
  }

  #youngAt(key: Key, now: number) {
    const known = this.#notes.get(key);
    return known !== undefined && this.#isYoung(known, now) ? known : undefined;
  }

  #forget(now: number): void {
    for (const [key, known] of this.#notes) {
      if (this.#notes.size <= this.#memory.remembered && this.#isYoung(known, now)) return;
      this.#notes.delete(key);
    }
  }

  #isYoung({at}: {readonly at: number}, now: number): boolean {
    return now - at < this.#memory.memoryMs;
  }
}
