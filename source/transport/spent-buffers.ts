import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';

const collectEveryBytes = 4 * 1024 * 1024;

let bytesSince = 0;
let collect: ((options: {readonly type: 'minor'}) => void) | undefined;

/**
 * Has spent buffers freed. Every chunk that Node reads from a connection is a buffer of its own outside of the heap,
 * and V8 lets 64 MiB of them lie before it looks; who relays gigabytes would grow by that. The young are soon
 * looked through: a gigabyte costs less than a tenth of its time.
 *
 * @param bytes Read since the last call.
 */
export function countSpent(bytes: number): void {
  bytesSince += bytes;
  if (bytesSince < collectEveryBytes) return;
  bytesSince = 0;
  collect ??= exposeCollector();
  collect({type: 'minor'});
}

/** Node has no other door to it for a program that was started without flags. */
function exposeCollector(): typeof collect & {} {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}
