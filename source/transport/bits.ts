/** Fields of any width side by side, most significant bit first, without alignment. */
import type {FieldLog, FieldName} from './fields.ts';
import {Malformed} from './malformed.ts';

/** Reads fields in their order. Checks before every read, and before anything is allocated, that enough is left. */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #log: FieldLog | undefined;
  /** In bits. */
  #position = 0;

  /** @param log Is told of each field. */
  constructor(bytes: Uint8Array, log?: FieldLog) {
    this.#bytes = bytes;
    this.#log = log;
  }

  /** Bits not read yet, including those that fill the last byte. */
  get remaining(): number {
    return this.#bytes.length * 8 - this.#position;
  }

  /**
   * @param width 1 to 32 bits.
   * @throws Malformed if fewer are left.
   */
  unsigned(width: number, name?: FieldName<number>): number {
    this.#require(width);
    const start = this.#position;
    let value = 0;
    for (let left = width; left > 0; ) {
      const offset = this.#position & 7;
      const taken = Math.min(8 - offset, left);
      const byte = this.#bytes[this.#position >> 3] ?? 0;
      // Multiplied, not shifted: a shift keeps only 31 bits positive.
      value = value * (1 << taken) + ((byte >> (8 - offset - taken)) & ((1 << taken) - 1));
      this.#position += taken;
      left -= taken;
    }
    this.#log?.note(name, start, width, value);
    return value;
  }

  /** A view where the bytes are aligned: the caller keeps a copy of what has to last. @throws Malformed if fewer are left. */
  bytes(length: number, name?: FieldName<Uint8Array>): Uint8Array {
    this.#require(length * 8);
    const bytes = this.#view(this.#position, length);
    this.#log?.note(name, this.#position, length * 8, bytes);
    this.#position += length * 8;
    return bytes;
  }

  /** The next bytes, which are not read yet. The caller has checked that they are there. */
  ahead(length: number): Uint8Array {
    return this.#view(this.#position, length);
  }

  /**
   * The bytes before the next one with that value, which is read too.
   *
   * @throws Malformed if there is none.
   */
  bytesBefore(end: number, name?: FieldName<Uint8Array>, endName?: FieldName<number>): Uint8Array {
    const first = this.#position;
    let length = 0;
    while (this.#byteAt(first + length * 8) !== end) length++;
    const bytes = this.#view(first, length);
    const last = first + length * 8;
    this.#position = last + 8;
    this.#log?.note(name, first, length * 8, bytes);
    this.#log?.note(endName, last, 8, end);
    return bytes;
  }

  #byteAt(bit: number): number {
    const left = this.#bytes.length * 8 - bit;
    if (left < 8) throw new Malformed(`8 bits expected, ${left} left`);
    const offset = bit % 8;
    const high = (this.#bytes[bit >> 3] ?? 0) << offset;
    return (high | ((this.#bytes[(bit >> 3) + 1] ?? 0) >> (8 - offset))) & 0xff;
  }

  #view(firstBit: number, length: number): Uint8Array {
    const start = firstBit >> 3;
    const offset = firstBit % 8;
    if (offset === 0) return this.#bytes.subarray(start, start + length);
    const bytes = new Uint8Array(length);
    for (let index = 0; index < length; index++) {
      const high = (this.#bytes[start + index] ?? 0) << offset;
      bytes[index] = high | ((this.#bytes[start + index + 1] ?? 0) >> (8 - offset));
    }
    return bytes;
  }

  #require(bits: number): void {
    if (bits > this.remaining) throw new Malformed(`${bits} bits expected, ${this.remaining} left`);
  }
}

/** Writes fields in their order; the last byte is filled with zero bits. */
export class BitWriter {
  #bytes = new Uint8Array(64);
  /** In bits. */
  #length = 0;

  /**
   * @param width 1 to 32 bits.
   * @throws RangeError if the value does not fit: a mistake of ours.
   */
  unsigned(width: number, value: number): this {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** width) {
      throw new RangeError(`${value} does not fit ${width} bits`);
    }
    this.#reserve(width);
    for (let left = width; left > 0; ) {
      const offset = this.#length % 8;
      const taken = Math.min(8 - offset, left);
      const part = Math.floor(value / 2 ** (left - taken)) % 2 ** taken;
      const index = this.#length >> 3;
      this.#bytes[index] = (this.#bytes[index] ?? 0) | (part << (8 - offset - taken));
      this.#length += taken;
      left -= taken;
    }
    return this;
  }

  bytes(bytes: Uint8Array): this {
    this.#reserve(bytes.length * 8);
    const start = this.#length >> 3;
    const offset = this.#length % 8;
    if (offset === 0) this.#bytes.set(bytes, start);
    else {
      for (let index = 0; index < bytes.length; index++) {
        const at = start + index;
        const byte = bytes[index] ?? 0;
        this.#bytes[at] = (this.#bytes[at] ?? 0) | (byte >> offset);
        this.#bytes[at + 1] = byte << (8 - offset);
      }
    }
    this.#length += bytes.length * 8;
    return this;
  }

  /** The bytes written so far, the last one filled. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, Math.ceil(this.#length / 8));
  }

  #reserve(bits: number): void {
    const needed = Math.ceil((this.#length + bits) / 8) + 1;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
