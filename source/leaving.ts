/** How the program ends: within 3 s, whatever still waits. */
import process from 'node:process';
import {isResolving} from './transport/resolver.ts';

/** The time that leaving waits for texts on their way, and for output to be taken. */
export const settleMs = 500;
export const flushMs = 200;
/** The time for the goodbye after that. Our own hub gets a second of it to tell its guests. */
const closeMs = 1800;
const hubCloseMs = 1000;

type Closable = {close(): Promise<void>};

/** Says goodbye to the hub, and then to the guests of our own hub, if there is one. */
export async function sayGoodbye(client: Closable, ownHub?: Closable): Promise<void> {
  await within(ownHub === undefined ? closeMs : closeMs - hubCloseMs, client.close());
  if (ownHub !== undefined) await within(hubCloseMs, ownHub.close());
}

/** Waits for the promise, but at most `ms` milliseconds. */
export async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise.catch(() => {}), timeout]);
  clearTimeout(timer);
}

/**
 * Ends the process. Node would first wait for the system's answer to a look-up of a name, which takes long without a
 * network. In that case another program replaces this one.
 */
export function exit(code: number): never {
  if (isResolving()) {
    try {
      process.execve?.('/bin/sh', ['sh', '-c', `exit ${code}`], {});
    } catch {
      // This system cannot do that.
    }
    process.kill(process.pid, 'SIGKILL');
  }
  process.exit(code);
}
