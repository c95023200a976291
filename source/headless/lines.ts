import type {Readable} from 'node:stream';

/** A line without its end; or only the length of a line that is too long to be kept. */
export type Line = {readonly text: string} | {readonly bytes: number};

/** In bytes: more than the longest text of any protocol with a command before it. */
export const maximumLineBytes = 131_072;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * The lines of a stream of UTF-8, each read only on demand. A line ends only at LF or CR LF: other characters that break
 * lines are part of the text. The rest after the last LF is a line, too.
 */
export class LineReader implements AsyncIterableIterator<Line> {
  readonly #input: Readable;
  readonly #maximumBytes: number;
  /** The beginning of a line that has not ended and is not too long. */
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #lastByte: number | undefined;
  /** Bytes that have not been searched for the end of a line. */
  #unread: Buffer = Buffer.alloc(0);
  #isOver = false;
  #resolve: ((result: IteratorResult<Line, undefined>) => void) | undefined;

  constructor(input: Readable, maximumBytes = maximumLineBytes) {
    this.#input = input;
    this.#maximumBytes = maximumBytes;
    input.on('data', this.#onData);
    input.on('end', this.#onEnd);
    input.on('error', this.#onEnd);
    input.pause();
  }

  /** One call at a time. Done when there are no more lines, or the reader is closed. */
  next(): Promise<IteratorResult<Line, undefined>> {
    const line = this.#take();
    if (line !== undefined || this.#isOver) return Promise.resolve(resultOf(line));
    return new Promise(resolve => {
      this.#resolve = resolve;
      this.#input.resume();
    });
  }

  async return(): Promise<IteratorResult<Line, undefined>> {
    this.close();
    return resultOf(undefined);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Stops reading, and drops lines that were not taken. */
  close(): void {
    this.#input.off('data', this.#onData);
    this.#input.off('end', this.#onEnd);
    this.#input.off('error', this.#onEnd);
    // A later error does not matter.
    this.#input.on('error', () => {});
    this.#input.pause();
    this.#unread = Buffer.alloc(0);
    this.#forget();
    this.#isOver = true;
    this.#answer(undefined);
  }

  readonly #onData = (chunk: Buffer | string): void => {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    this.#unread = this.#unread.length === 0 ? bytes : Buffer.concat([this.#unread, bytes]);
    const line = this.#resolve === undefined ? undefined : this.#take();
    if (line !== undefined) this.#answer(line);
    if (this.#resolve === undefined) this.#input.pause();
  };

  readonly #onEnd = (): void => {
    this.#isOver = true;
    if (this.#resolve !== undefined) this.#answer(this.#take());
  };

  #answer(line: Line | undefined): void {
    const resolve = this.#resolve;
    this.#resolve = undefined;
    resolve?.(resultOf(line));
  }

  /** The next line, if it has been read whole. */
  #take(): Line | undefined {
    const end = this.#unread.indexOf(lineFeed);
    if (end !== -1) {
      this.#add(this.#unread.subarray(0, end));
      this.#unread = this.#unread.subarray(end + 1);
      return this.#finish(this.#lastByte === carriageReturn ? 1 : 0);
    }
    this.#add(this.#unread);
    this.#unread = Buffer.alloc(0);
    return this.#isOver && this.#pendingBytes > 0 ? this.#finish(0) : undefined;
  }

  #add(bytes: Buffer): void {
    this.#pendingBytes += bytes.length;
    this.#lastByte = bytes.at(-1) ?? this.#lastByte;
    // One more byte, which may be the CR before the LF.
    if (this.#pendingBytes > this.#maximumBytes + 1) this.#pending = [];
    else if (bytes.length > 0) this.#pending.push(bytes);
  }

  /** @param endBytes Bytes that belong to the end of the line. */
  #finish(endBytes: number): Line {
    const length = this.#pendingBytes - endBytes;
    const bytes = Buffer.concat(this.#pending);
    this.#forget();
    return length > this.#maximumBytes
      ? {bytes: length}
      : {text: bytes.toString('utf8', 0, length)};
  }

  #forget(): void {
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#lastByte = undefined;
  }
}

function resultOf(line: Line | undefined): IteratorResult<Line, undefined> {
  return line === undefined ? {done: true, value: undefined} : {done: false, value: line};
}
