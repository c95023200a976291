import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';

const settleMs = 100;

/**
 * Stops this process as Ctrl-Z stops any other, and resolves when it goes on.
 *
 * @param scope `job`: everything the shell started with it, npm or a pipeline, stops too.
 */
export async function stopProcess(scope: 'process' | 'job'): Promise<void> {
  process.kill(scope === 'job' ? 0 : process.pid, 'SIGTSTP');
  // Timers stand still as long as the process does. Where nobody could continue it (an orphaned
  // process group) the system ignores the signal, and this goes on as if it had been.
  await delay(settleMs);
  // Whoever had the terminal in the meantime was told of its new size, we were not.
  process.kill(process.pid, 'SIGWINCH');
}
