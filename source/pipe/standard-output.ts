import {closeSync, createWriteStream, fstatSync, openSync} from 'node:fs';
import {Socket} from 'node:net';
import {devNull} from 'node:os';
import type {Writable} from 'node:stream';
import {isatty, WriteStream} from 'node:tty';
import {neverBlock} from '../output/standard-output.ts';

/**
 * Standard output as a stream that can end before the program does. `process.stdout` cannot, and its reader would have to
 * wait.
 */
export function openStandardOutput(fd = 1): Writable {
  if (isatty(fd)) {
    const terminal = new WriteStream(fd);
    neverBlock(terminal);
    return terminal;
  }
  const kind = fstatSync(fd);
  if (!kind.isFIFO() && !kind.isSocket()) return createWriteStream('', {fd, autoClose: false});
  // A pipe may have been made non-blocking. Then it can only be written to when the system says so.
  const socket = new Socket({fd, readable: false, writable: true});
  socket.once('finish', () => socket.destroy());
  // Node never closes the first three descriptors, and the next file that is opened must not get this one.
  socket.once('close', () => {
    closeSync(fd);
    openSync(devNull, 'w');
  });
  return socket;
}
