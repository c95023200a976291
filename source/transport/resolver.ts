import {type LookupAddress, lookup} from 'node:dns';
import {isIP} from 'node:net';

/**
 * Resolves to the present addresses of a name, the best first; to none if none can be found. Never rejects.
 *
 * @param family 0 means IPv4 and IPv6.
 */
export type Resolver = (host: string, family: 0 | 4) => Promise<readonly string[]>;

let asking = 0;

/** True while the system has not answered a question for a name. */
export function isResolving(): boolean {
  return asking > 0;
}

/** Asks the system, like other programs: its hosts file, its resolver, its local names. */
export const systemResolver: Resolver = (host, family) => {
  // An address is returned without asking the system, so that nobody has to wait.
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
      // It cannot be a name.
      answer();
    }
  });
};
