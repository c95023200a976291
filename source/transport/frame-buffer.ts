/** Frames from a stream of bytes, whose chunks begin and end anywhere. */
import {ByteReader, Incomplete, type LineSearch} from './byte-reader.ts';
import type {Decoded} from './decoded.ts';
import {Malformed} from './malformed.ts';

/**
 * Reads one frame. If bytes are missing, the reader stops it, and it is called again from the frame's beginning when
 * more have come. So it must have no effects, must read a number of fields that does not grow with the frame, and must
 * check a length before it asks for that number of bytes.
 *
 * @throws Malformed if the bytes are no frame.
 */
export type Parse<Frame> = (reader: ByteReader) => Frame;

const nothing = new Uint8Array(0);

/**
 * Keeps the pending bytes of a stream. Push a chunk, then read until there is no frame.
 *
 * It keeps at most one unfinished frame, in at most twice its bytes; the parser limits the length of a frame. Each byte
 * is copied a bounded number of times, however it arrives, and not at all if the last frame of a chunk ends with it.
 */
export class FrameBuffer {
  #bytes: Uint8Array = nothing;
  #start = 0;
  #end = 0;
  /** Whether `#bytes` is our own, with room behind `#end`; otherwise it is the caller's chunk. */
  #isOwn = false;
  #search: LineSearch = {start: 0, end: 0};
  #isBroken = false;
  readonly #onFrame: ((frame: Uint8Array) => void) | undefined;

  /** @param onFrame Gets the bytes of each frame before {@link read} returns. They are valid until the next chunk. */
  constructor(onFrame?: (frame: Uint8Array) => void) {
    this.#onFrame = onFrame;
  }

  /** Number of bytes that wait for a reader, or for the rest of their frame. */
  get pending(): number {
    return this.#end - this.#start;
  }

  /** @param chunk The caller may use it again once {@link read} has returned undefined. */
  push(chunk: Uint8Array): void {
    if (this.#isBroken || chunk.length === 0) return;
    // A plain Uint8Array, because the `slice` of Node's Buffer does not copy.
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (this.pending > 0) this.#append(bytes);
    else this.#replace(bytes, false);
  }

  /**
   * The next frame; undefined if it has not come whole. `parse` may be another function each time, for streams in
   * which a frame decides about the format of the next.
   *
   * Malformed bytes are reported once. After them nobody knows where the next frame would begin, so all further bytes
   * are dropped, and there is never a frame again.
   */
  read<Frame>(parse: Parse<Frame>): Decoded<Frame> | undefined {
    if (this.pending === 0) return undefined;
    const reader = new ByteReader(this.#bytes.subarray(this.#start, this.#end), this.#search);
    try {
      const message = parse(reader);
      this.#onFrame?.(this.#bytes.subarray(this.#start, this.#start + reader.position));
      this.#consume(reader.position);
      return {ok: true, message};
    } catch (error) {
      if (error instanceof Incomplete) {
        this.#keep();
        return undefined;
      }
      if (!(error instanceof Malformed)) throw error;
      this.#isBroken = true;
      this.#replace(nothing, false);
      return {ok: false, reason: error.message};
    }
  }

  #consume(bytes: number): void {
    this.#start += bytes;
    this.#search = {start: 0, end: 0};
    if (this.pending === 0) this.#replace(nothing, false);
  }

  /** Copies the rest out of a chunk that is the caller's, or in which frames before it have been read. */
  #keep(): void {
    if (this.#isOwn && this.#start === 0) return;
    this.#replace(this.#bytes.slice(this.#start, this.#end), true);
  }

  /** Doubles the room, so that a frame is not copied for each of its bytes. */
  #append(chunk: Uint8Array): void {
    const needed = this.pending + chunk.length;
    if (!this.#isOwn || this.#start + needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.pending * 2));
      larger.set(this.#bytes.subarray(this.#start, this.#end));
      this.#end = this.pending;
      this.#start = 0;
      this.#bytes = larger;
      this.#isOwn = true;
    }
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  #replace(bytes: Uint8Array, isOwn: boolean): void {
    this.#bytes = bytes;
    this.#start = 0;
    this.#end = bytes.length;
    this.#isOwn = isOwn;
  }
}
