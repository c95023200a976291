import {writeSync} from 'node:fs';
import {Socket} from 'node:net';
import {Writable} from 'node:stream';

/** What Node has behind its standard streams, where they are no files; not documented, but long there. */
type WithHandle = {
  readonly _handle?: {readonly fd?: number; setBlocking?(isBlocking: boolean): void} | null;
};

/**
 * A terminal that takes nothing (Ctrl-S, a connection that hangs) stops nothing but what is shown there.
 * Node would wait for it, and with it everything else in this process.
 */
export function neverBlock(stdout: Writable): void {
  (stdout as WithHandle)._handle?.setBlocking?.(false);
}

/** The descriptor that {@link neverBlock} is about: Node opens a terminal anew for itself. */
export function unblockedFd(stdout: {readonly fd: number}): number {
  const {fd} = (stdout as WithHandle)._handle ?? {};
  return fd !== undefined && fd >= 0 ? fd : stdout.fd;
}

/** Writes to a file all that it has room for. @returns How many bytes that were, and what stands in the way of the rest. */
export function writeFully(
  fd: number,
  bytes: Uint8Array,
): {readonly written: number; readonly error?: Error} {
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(fd, bytes, written);
    return {written};
  } catch (error) {
    return {written, error: error as Error};
  }
}

/**
 * Standard output as a stream that never makes the program wait, and that fails when a file has no
 * room for all: Node takes a part of it for enough.
 *
 * @param stdout As Node opens it.
 */
export function openOutput(stdout: Writable & {readonly fd: number}): Writable {
  if (stdout instanceof Socket) {
    neverBlock(stdout);
    return stdout;
  }
  return new Writable({
    write(bytes: Buffer, _encoding, done) {
      done(writeFully(stdout.fd, bytes).error);
    },
  });
}

/** Resolves when everything has been taken, or nobody takes it; at the latest after that time. */
export function flushed(stdout: Writable, longestMs = Number.POSITIVE_INFINITY): Promise<void> {
  return new Promise(resolve => {
    if (stdout.writableLength === 0 || stdout.destroyed) {
      resolve();
      return;
    }
    const timer = Number.isFinite(longestMs) ? setTimeout(resolve, longestMs) : undefined;
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    stdout.once('error', end);
    stdout.once('close', end);
    // Called in the turn of what was written before it.
    stdout.write('', end);
  });
}
