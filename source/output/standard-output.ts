import {writeSync} from 'node:fs';
import {Socket} from 'node:net';
import {Writable} from 'node:stream';

/** The handle behind Node's standard streams if they are no files. Not documented, but it has existed for long. */
type WithHandle = {
  readonly _handle?: {readonly fd?: number; setBlocking?(isBlocking: boolean): void} | null;
};

/**
 * Makes a terminal that takes nothing (Ctrl-S, a connection that hangs) stop only the output to it. Node would wait for it
 * and block the whole process.
 */
export function neverBlock(stdout: Writable): void {
  (stdout as WithHandle)._handle?.setBlocking?.(false);
}

/** The descriptor that {@link neverBlock} changes: Node opens a terminal a second time for itself. */
export function unblockedFd(stdout: {readonly fd: number}): number {
  const {fd} = (stdout as WithHandle)._handle ?? {};
  return fd !== undefined && fd >= 0 ? fd : stdout.fd;
}

/** Writes as much to a file as it has room for. @returns The number of bytes, and the error that stopped the rest. */
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
 * Standard output as a stream that never makes the program wait, and that fails if a file has no room for everything: Node
 * itself would ignore that only a part was written.
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

/** Resolves when everything has been taken, or when nobody is there to take it; at the latest after `longestMs`. */
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
    // The callback comes after everything that was written before.
    stdout.write('', end);
  });
}
