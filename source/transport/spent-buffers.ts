import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';

const collectEveryBytes = 4 * 1024 * 1024;

let bytesSince = 0;
let collect: ((options: {readonly type: 'minor'}) => void) | undefined;

/**
 * Lets V8 free spent buffers every few MiB. Node reads each chunk of a connection into a buffer of its own outside of
 * the heap. V8 frees them only after 64 MiB, so that a program that relays gigabytes would grow by that. A collection of
 * young objects is quick: it makes relaying a gigabyte less than a tenth slower.
 *
 * @param bytes Number of bytes read since the last call.
 */
export function freeSpentBuffers(bytes: number): void {
  bytesSince += bytes;
  if (bytesSince < collectEveryBytes) return;
  bytesSince = 0;
  collect ??= exposeCollector();
  collect({type: 'minor'});
}

/** Node offers no other access to the collector for a program that was started without flags. */
function exposeCollector(): typeof collect & {} {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}
