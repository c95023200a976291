/** Big-endian numbers, bytes and lines from the beginning of a stream of which more may come. */
import {Malformed} from './malformed.ts';

/** Thrown by a {@link ByteReader} whose bytes end too early. Only the frame buffer catches it: more may come. */
export class Incomplete extends Error {}

/** Shared: a frame that arrives byte by byte throws it for each byte, and nobody reads its stack. */
const incomplete = new Incomplete('more bytes expected');

/**
 * The part of a line that has been searched for its end, so that the next attempt continues behind it.
 *
 * It is about the bytes, not about a parser: it stays true until something is consumed.
 */
export type LineSearch = {
  /** Offset of the line. */
  start: number;
  /** There is no LF before this offset. */
  end: number;
};

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Reads fields in their order, and checks for each that enough is left.
 *
 * Every read throws {@link Incomplete} if bytes are missing.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #search: LineSearch;
  #position = 0;

  constructor(bytes: Uint8Array, search: LineSearch = {start: 0, end: 0}) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#search = search;
  }

  /** Bytes read so far. */
  get position(): number {
    return this.#position;
  }

  /** @param width in bits. */
  signed(width: 8 | 16 | 32): number {
    const at = this.#take(width / 8);
    if (width === 8) return this.#view.getInt8(at);
    return width === 16 ? this.#view.getInt16(at) : this.#view.getInt32(at);
  }

  /** @param width in bits. */
  unsigned(width: 8 | 16 | 32): number {
    const at = this.#take(width / 8);
    if (width === 8) return this.#view.getUint8(at);
    return width === 16 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  /**
   * A view, not a copy: decode it before the parser returns, and `slice` the part to be kept.
   *
   * @param length The caller has to check it against the protocol's limit first, or it may wait for too many bytes.
   * @throws Malformed if it is negative.
   */
  bytes(length: number): Uint8Array {
    if (length < 0) throw new Malformed(`a length of ${length}`);
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /**
   * The bytes before the next LF, without the CR of a CR LF. A view, as {@link bytes}.
   *
   * @param maximum in bytes, line ending not included.
   * @throws Malformed as soon as the line is longer, whether it has ended or not.
   */
  line(maximum: number): Uint8Array {
    const start = this.#position;
    const end = this.#lineEnd();
    const last = (end ?? this.#bytes.length) - 1;
    const hasReturn = last >= start && this.#bytes[last] === carriageReturn;
    const textEnd = hasReturn ? last : last + 1;
    if (textEnd - start > maximum) throw new Malformed(`a line of more than ${maximum} bytes`);
    if (end === undefined) throw incomplete;
    this.#position = end + 1;
    return this.#bytes.subarray(start, textEnd);
  }

  #lineEnd(): number | undefined {
    const start = this.#position;
    const search = this.#search;
    const at = this.#bytes.indexOf(lineFeed, search.start === start ? search.end : start);
    if (at !== -1) return at;
    search.start = start;
    search.end = this.#bytes.length;
    return undefined;
  }

  /** @returns The offset where they begin. */
  #take(bytes: number): number {
    const at = this.#position;
    if (bytes > this.#bytes.length - at) throw incomplete;
    this.#position += bytes;
    return at;
  }
}
