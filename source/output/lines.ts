import {Socket} from 'node:net';
import type {Writable} from 'node:stream';
import {writeFully} from './standard-output.ts';

/** Takes whole lines, each with its line feed, and never makes the caller wait. */
export type LineTarget = {
  /** @returns false if the line is lost because there is no room for it now. */
  write(line: string): boolean;
  /** Called when there is room again, if that can be noticed. */
  onRoom?: (() => void) | undefined;
};

/** In UTF-16 code units that wait to be read. */
const maximumWaiting = 1024 * 1024;

/** The lines for a pipe, a socket or a terminal that somebody may have stopped (Ctrl-S). */
export class StreamLines implements LineTarget {
  readonly #stream: Writable;
  #isUnread = false;
  onRoom: (() => void) | undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('drain', () => this.onRoom?.());
    // The reader of the lines has gone.
    stream.on('error', () => {
      this.#isUnread = true;
    });
  }

  write(line: string): boolean {
    if (this.#isUnread) return true;
    if (this.#stream.writableLength + line.length > maximumWaiting) return false;
    this.#stream.write(line);
    return true;
  }
}

/** The lines for a file. On a full disk they are lost, and the next one that fits begins on a new line. */
export class FileLines implements LineTarget {
  readonly #fd: number;
  /** Only a part of the last line was written. */
  #isTorn = false;

  constructor(fd: number) {
    this.#fd = fd;
  }

  write(line: string): boolean {
    const bytes = Buffer.from(this.#isTorn ? `\n${line}` : line);
    const {written} = writeFully(this.#fd, bytes);
    if (written > 0) this.#isTorn = bytes[written - 1] !== lineFeed;
    return written === bytes.length;
  }
}

const lineFeed = 0x0a;

/** @param stdout As Node opens it. */
export function lineTarget(stdout: Writable & {readonly fd: number}): LineTarget {
  return stdout instanceof Socket ? new StreamLines(stdout) : new FileLines(stdout.fd);
}

/** Counts the lost lines, and reports them as soon as a line can be written again. */
export class CountedLines {
  readonly #target: LineTarget;
  readonly #tell: (lost: number) => void;
  #lost = 0;

  /** @param tell Writes a line to this target that reports the number. */
  constructor(target: LineTarget, tell: (lost: number) => void) {
    this.#target = target;
    this.#tell = tell;
    target.onRoom = () => this.#tellLost();
  }

  write(line: string): void {
    this.#tellLost();
    if (this.#lost > 0 || !this.#target.write(line)) this.#lost++;
  }

  #tellLost(): void {
    if (this.#lost === 0) return;
    const lost = this.#lost;
    this.#lost = 0;
    this.#tell(lost);
    // Even that line was not taken.
    if (this.#lost > 0) this.#lost = lost;
  }
}
