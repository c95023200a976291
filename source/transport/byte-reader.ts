/** Big-endian numbers, bytes and lines from the beginning of a stream of which more may come. */
import type {FieldLog, FieldName} from './fields.ts';
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
const space = 0x20;

/**
 * Reads fields in their order, and checks for each that enough is left.
 *
 * Every read throws {@link Incomplete} if bytes are missing.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #search: LineSearch;
  readonly #log: FieldLog | undefined;
  #position = 0;

  /** @param log Is told of each field. */
  constructor(bytes: Uint8Array, search: LineSearch = {start: 0, end: 0}, log?: FieldLog) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#search = search;
    this.#log = log;
  }

  /** Bytes read so far. */
  get position(): number {
    return this.#position;
  }

  /** @param width in bits. */
  signed(width: 8 | 16 | 32, name?: FieldName<number>): number {
    const at = this.#take(width / 8);
    const value = this.#signedAt(at, width);
    this.#log?.note(name, at * 8, width, value);
    return value;
  }

  /** @param width in bits. */
  unsigned(width: 8 | 16 | 32, name?: FieldName<number>): number {
    const at = this.#take(width / 8);
    const value = this.#unsignedAt(at, width);
    this.#log?.note(name, at * 8, width, value);
    return value;
  }

  /**
   * A view, not a copy: decode it before the parser returns, and `slice` the part to be kept.
   *
   * @param length The caller has to check it against the protocol's limit first, or it may wait for too many bytes.
   * @throws Malformed if it is negative.
   */
  bytes(length: number, name?: FieldName<Uint8Array>): Uint8Array {
    if (length < 0) throw new Malformed(`a length of ${length}`);
    const at = this.#take(length);
    const bytes = this.#bytes.subarray(at, at + length);
    this.#log?.note(name, at * 8, length * 8, bytes);
    return bytes;
  }

  /**
   * The bytes before the next LF, without the CR of a CR LF. A view, as {@link bytes}.
   *
   * @param maximum in bytes, line ending not included.
   * @param name Without it, a log is not told of the line.
   * @throws Malformed as soon as the line is longer, whether it has ended or not.
   */
  line(maximum: number, name?: FieldName<Uint8Array>): Uint8Array {
    const start = this.#position;
    const end = this.#lineEnd();
    const last = (end ?? this.#bytes.length) - 1;
    const hasReturn = last >= start && this.#bytes[last] === carriageReturn;
    const textEnd = hasReturn ? last : last + 1;
    if (textEnd - start > maximum) throw new Malformed(`a line of more than ${maximum} bytes`);
    if (end === undefined) throw incomplete;
    this.#position = end + 1;
    const line = this.#bytes.subarray(start, textEnd);
    if (name === undefined) return line;
    this.#log?.note(name, start * 8, line.length * 8, line);
    const ending = end + 1 - textEnd;
    this.#log?.note(lineEndName, textEnd * 8, ending * 8, ending);
    return line;
  }

  /** As {@link line}, word by word. Call {@link Words.end} when all that matter are read. */
  words(maximum: number): Words {
    const start = this.#position;
    const line = this.line(maximum);
    return new Words(line, start, this.#position, this.#log);
  }

  #signedAt(at: number, width: 8 | 16 | 32): number {
    if (width === 8) return this.#view.getInt8(at);
    return width === 16 ? this.#view.getInt16(at) : this.#view.getInt32(at);
  }

  #unsignedAt(at: number, width: 8 | 16 | 32): number {
    if (width === 8) return this.#view.getUint8(at);
    return width === 16 ? this.#view.getUint16(at) : this.#view.getUint32(at);
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

/** The words of a line, with a space before each but the first. */
export class Words {
  readonly #line: Uint8Array;
  /** Offsets of the line, and of what comes behind its ending. */
  readonly #start: number;
  readonly #end: number;
  readonly #log: FieldLog | undefined;
  #position = 0;

  constructor(line: Uint8Array, start: number, end: number, log: FieldLog | undefined) {
    this.#line = line;
    this.#start = start;
    this.#end = end;
    this.#log = log;
  }

  /** Whether the line has no bytes at all. */
  get isBlank(): boolean {
    return this.#line.length === 0;
  }

  /** The bytes up to the next space, which is read too. A view. */
  next(name?: FieldName<Uint8Array>): Uint8Array {
    const at = this.#line.indexOf(space, this.#position);
    const end = at === -1 ? this.#line.length : at;
    const word = this.#take(end, name);
    if (at !== -1) this.#take(at + 1, spaceName);
    return word;
  }

  /** All that is left, with its spaces. A view. */
  rest(name?: FieldName<Uint8Array>): Uint8Array {
    return this.#take(this.#line.length, name);
  }

  /** The rest of the line means nothing. */
  end(): void {
    this.#take(this.#line.length, ignoredName);
    const at = this.#start + this.#position;
    this.#log?.note(lineEndName, at * 8, (this.#end - at) * 8, this.#end - at);
  }

  #take(end: number, name: FieldName<Uint8Array> | undefined): Uint8Array {
    const from = this.#position;
    const bytes = this.#line.subarray(from, end);
    this.#position = end;
    this.#log?.note(name, (this.#start + from) * 8, bytes.length * 8, bytes);
    return bytes;
  }
}

const spaceName = {name: 'space', say: () => 'before an argument'};
const ignoredName = {name: 'ignored', say: () => 'means nothing here'};
const lineEndName = {
  name: 'end of the line',
  say: (bytes: number) => (bytes === 1 ? 'LF' : 'CR LF'),
};
