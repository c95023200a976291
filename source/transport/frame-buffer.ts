/** Frames out of a byte stream, whose chunks begin and end where they like. */
import {ByteReader, Incomplete, type LineSearch} from './byte-reader.ts';
import type {Decoded} from './decoded.ts';
import {Malformed} from './malformed.ts';

/**
 * Reads one frame. The reader stops it where bytes are missing; it is called anew, from the frame's
 * beginning, when more are there. So it has no effects, looks at a number of fields that does not grow
 * with the frame, and checks a length before it asks for as many bytes.
 *
 * @throws Malformed if the bytes are no frame.
 */
export type Parse<Frame> = (reader: ByteReader) => Frame;

const nothing = new Uint8Array(0);

/**
 * Keeps what is pending of a stream. Push a chunk, then read until there is no frame.
 *
 * What is kept is at most one frame that has not ended, in at most twice its bytes: a frame is
 * as long as the parser lets it be. Each byte is copied a bounded number of times, however it arrives, and none
 * if the frames of a chunk end with it.
 */
export class FrameBuffer {
  #bytes: Uint8Array = nothing;
  #start = 0;
  #end = 0;
  /** Whether `#bytes` is our own, with room behind `#end`; otherwise it is the caller's chunk. */
  #isOwn = false;
  #search: LineSearch = {start: 0, end: 0};
  #isBroken = false;

  /** Bytes that wait for a reader, or for the rest of their frame. */
  get pending(): number {
    return this.#end - this.#start;
  }

  /** @param chunk is the caller's again once {@link read} has returned undefined. */
  push(chunk: Uint8Array): void {
    if (this.#isBroken || chunk.length === 0) return;
    // Node's Buffer has a `slice` that copies nothing: seen as plain bytes, it cannot be taken for a copy.
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (this.pending > 0) this.#append(bytes);
    else this.#replace(bytes, false);
  }

  /**
   * The next frame; undefined if it is not all there. `parse` may be another one each time, for
   * streams in which a frame decides what the next one is.
   *
   * Malformed bytes are told of once. Where the next frame would begin nobody knows then: what is there and what
   * comes is dropped, and never a frame again.
   */
  read<Frame>(parse: Parse<Frame>): Decoded<Frame> | undefined {
    if (this.pending === 0) return undefined;
    const reader = new ByteReader(this.#bytes.subarray(this.#start, this.#end), this.#search);
    try {
      const message = parse(reader);
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

  /** Copies the rest out of a chunk that is not ours, or that has frames before it which nobody needs. */
  #keep(): void {
    if (this.#isOwn && this.#start === 0) return;
    this.#replace(this.#bytes.slice(this.#start, this.#end), true);
  }

  /** Room is doubled, so that a frame is not copied for each of its bytes. */
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
