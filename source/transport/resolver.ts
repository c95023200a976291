import {type LookupAddress, lookup} from 'node:dns';
import {isIP} from 'node:net';

/**
 * Tells the addresses that a name has now, the best first; none if none can be found. Never rejects.
 *
 * @param family 0 for IPv4 and IPv6.
 */
export type Resolver = (host: string, family: 0 | 4) => Promise<readonly string[]>;

let asking = 0;

/** True while the system has been asked for a name and has not answered. */
export function isResolving(): boolean {
  return asking > 0;
}

/** Asks the system, as every program does: its hosts file, its resolver, its local names. */
export const systemResolver: Resolver = (host, family) => {
  // The system is not asked, and can keep nobody waiting.
  const literal = isIP(host);
  if (literal !== 0) return Promise.resolve(family === 0 || family === literal ? [host] : []);
  asking++;
  return new Promise(resolve => {
    const answer = (found: readonly LookupAddress[] = []) => {
      asking--;
      resolve(found.map(({address}) => address));
    };
    try {
      lookup(host, {all: true, family}, (_error, found) => answer(found));
    } catch {
      // What can be no name.
      answer();
    }
  });
};
