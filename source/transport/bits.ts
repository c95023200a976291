/** Fields of any width side by side, most significant bit first, without alignment. */
import {Malformed} from './malformed.ts';

/** Reads fields in their order. Checks before every read, and before anything is allocated, that enough is left. */
export class BitReader {
  readonly #bytes: Uint8Array;
  /** In bits. */
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Bits not read yet, including those that fill the last byte. */
  get remaining(): number {
    return this.#bytes.length * 8 - this.#position;
  }

  /**
   * @param width 1 to 32 bits.
   * @throws Malformed if fewer are left.
   */
  unsigned(width: number): number {
    this.#require(width);
    let value = 0;
    for (let left = width; left > 0; ) {
      const offset = this.#position % 8;
      const taken = Math.min(8 - offset, left);
      const byte = this.#bytes[this.#position >> 3] ?? 0;
      // Multiplied, not shifted: a shift keeps only 31 bits positive.
      value = value * 2 ** taken + ((byte >> (8 - offset - taken)) & (2 ** taken - 1));
      this.#position += taken;
      left -= taken;
    }
    return value;
  }

  /** @throws Malformed if fewer bytes are left. */
  bytes(length: number): Uint8Array {
    this.#require(length * 8);
    const start = this.#position >> 3;
    const offset = this.#position % 8;
    this.#position += length * 8;
    if (offset === 0) return this.#bytes.slice(start, start + length);
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
