/**
 * The fields of a frame, told by the reader that reads them. So an explanation of some bytes cannot disagree with what the
 * program makes of them. Without a log, a reader tells nothing and loses no time.
 */

/** Consecutive bits of a frame. */
export type Field = {
  /** In the words of the protocol's document. */
  readonly name: string;
  /** Offset in the frame. */
  readonly firstBit: number;
  readonly bits: number;
  /** What they say. It may contain anything that somebody has sent. */
  readonly value: string;
};

/** The name of the bits that are read, and how their value is said. With a name alone, bytes are said as UTF-8. */
export type FieldName<Value> = string | {readonly name: string; say(value: Value): string};

/** Collects the fields of one frame, in their order. */
export class FieldLog {
  readonly #fields: Field[] = [];
  #end = 0;

  /** Fields without bits are left out. */
  note<Value>(
    name: FieldName<Value> | undefined,
    firstBit: number,
    bits: number,
    value: Value,
  ): void {
    this.#end = firstBit + bits;
    if (bits === 0) return;
    const said = typeof name === 'object' ? name.say(value) : plainly(value);
    const called = (typeof name === 'object' ? name.name : name) ?? 'data';
    this.#fields.push({name: called, firstBit, bits, value: said});
  }

  /** Says more of the last field with that name, when a later one has told what it means. */
  amend(name: string, value: string): void {
    const index = this.#fields.findLastIndex(field => field.name === name);
    const field = this.#fields[index];
    if (field !== undefined) this.#fields[index] = {...field, value};
  }

  /**
   * All fields: together they have every bit once.
   *
   * @param problem Why the rest was not read. Undefined: what is left fills the last byte.
   */
  finish({length}: Uint8Array, problem: string | undefined): readonly Field[] {
    const firstBit = this.#end;
    const bits = length * 8 - firstBit;
    if (problem !== undefined) {
      return [...this.#fields, {name: 'not read', firstBit, bits, value: problem}];
    }
    if (bits === 0) return this.#fields;
    return [...this.#fields, {name: 'filling', firstBit, bits, value: 'fills the last byte'}];
  }
}

const decoder = new TextDecoder('utf-8', {ignoreBOM: true});

function plainly(value: unknown): string {
  return value instanceof Uint8Array ? quoted(decoder.decode(value)) : String(value);
}

/** A text as the value of a field. */
export function quoted(text: string): string {
  return `“${text}”`;
}

/** The values of a field of numbers with a meaning: `3, decentralised`. */
export function numbered(name: string, meaning: (number: number) => string | undefined) {
  const say = (number: number) => {
    const words = meaning(number);
    return words === undefined ? String(number) : `${number}, ${words}`;
  };
  return {name, say};
}
