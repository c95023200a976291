/** How the program ends: in 3 s at the most, whatever still waits for somebody. */
import process from 'node:process';
import {isResolving} from './transport/resolver.ts';

/** How long leaving waits for what is on its way, and for what was written to be taken. */
export const settleMs = 500;
export const flushMs = 200;
/** How long it then takes to say goodbye, of which a hub of one's own gets a second to tell its guests. */
const closeMs = 1800;
const hubCloseMs = 1000;

type Closable = {close(): Promise<void>};

/** Says goodbye to the hub, and then to the guests of one's own. */
export async function sayGoodbye(client: Closable, ownHub?: Closable): Promise<void> {
  await within(ownHub === undefined ? closeMs : closeMs - hubCloseMs, client.close());
  if (ownHub !== undefined) await within(hubCloseMs, ownHub.close());
}

/** Waits for the promise, but no longer than that. */
export async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise.catch(() => {}), timeout]);
  clearTimeout(timer);
}

/**
 * Ends the process. Node would first wait for the system to answer what address a name has, and
 * without a network that takes long: there another program takes the place of this one.
 */
export function exit(code: number): never {
  if (isResolving()) {
    try {
      process.execve?.('/bin/sh', ['sh', '-c', `exit ${code}`], {});
    } catch {
      // Not on this system.
    }
    process.kill(process.pid, 'SIGKILL');
  }
  process.exit(code);
}
