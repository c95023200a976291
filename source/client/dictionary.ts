type Buckets<Value> = readonly (ReadonlyMap<string, Value> | undefined)[];

const bucketCount = 256;

/**
 * An immutable map with strings as keys. A change copies one bucket of 256, so that the arrival of one person costs
 * much less than a copy of all people.
 */
export class Dictionary<Value> {
  readonly #buckets: Buckets<Value>;
  readonly size: number;

  static empty<Value>(): Dictionary<Value> {
    return new Dictionary<Value>(new Array(bucketCount).fill(undefined), 0);
  }

  constructor(buckets: Buckets<Value>, size: number) {
    this.#buckets = buckets;
    this.size = size;
  }

  has(key: string): boolean {
    return this.#buckets[bucketOf(key)]?.has(key) ?? false;
  }

  get(key: string): Value | undefined {
    return this.#buckets[bucketOf(key)]?.get(key);
  }

  set(key: string, value: Value): Dictionary<Value> {
    return this.draft().set(key, value).finish();
  }

  delete(key: string): Dictionary<Value> {
    return this.draft().delete(key).finish();
  }

  /** In no particular order. */
  *values(): Generator<Value> {
    for (const bucket of this.#buckets) if (bucket !== undefined) yield* bucket.values();
  }

  /** What this one has and the former has not, and the other way round. Buckets that both share are skipped. */
  differences(former: Dictionary<Value>): {
    readonly added: readonly Value[];
    readonly removed: readonly Value[];
  } {
    return {added: this.#without(former), removed: former.#without(this)};
  }

  #without(other: Dictionary<Value>): Value[] {
    return this.#buckets.flatMap((bucket, index) => {
      const others = other.#buckets[index];
      if (bucket === undefined || bucket === others) return [];
      return [...bucket].flatMap(([key, value]) => (others?.get(key) === value ? [] : [value]));
    });
  }

  /** A copy for several changes at once. */
  draft(): DictionaryDraft<Value> {
    return new DictionaryDraft(this, this.#buckets);
  }
}

/** A {@link Dictionary} that is being changed; its original stays as it is. */
export class DictionaryDraft<Value> {
  readonly #former: Dictionary<Value>;
  readonly #buckets: (ReadonlyMap<string, Value> | undefined)[];
  /** The buckets that were copied, by their index. */
  readonly #copied = new Map<number, Map<string, Value>>();
  #size: number;

  constructor(former: Dictionary<Value>, buckets: Buckets<Value>) {
    this.#former = former;
    this.#buckets = [...buckets];
    this.#size = former.size;
  }

  get(key: string): Value | undefined {
    return this.#buckets[bucketOf(key)]?.get(key);
  }

  set(key: string, value: Value): this {
    const bucket = this.#copyOf(bucketOf(key));
    if (!bucket.has(key)) this.#size++;
    bucket.set(key, value);
    return this;
  }

  delete(key: string): this {
    const index = bucketOf(key);
    if (this.#buckets[index]?.has(key) && this.#copyOf(index).delete(key)) this.#size--;
    return this;
  }

  /** @returns The original if nothing was changed. */
  finish(): Dictionary<Value> {
    return this.#copied.size === 0 ? this.#former : new Dictionary(this.#buckets, this.#size);
  }

  #copyOf(index: number): Map<string, Value> {
    const copied = this.#copied.get(index);
    if (copied !== undefined) return copied;
    const bucket = new Map(this.#buckets[index]);
    this.#copied.set(index, bucket);
    this.#buckets[index] = bucket;
    return bucket;
  }
}

/** FNV-1a over the beginning: a long name costs no more than a short one. */
function bucketOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < Math.min(key.length, 64); index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  return (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (bucketCount - 1);
}
