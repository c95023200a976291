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
  // Timers stand still while the process does. In an orphaned process group, which nobody could continue, the system
  // ignores the signal, and this resolves as if the process had been continued.
  await delay(settleMs);
  // The size of the terminal may have changed in the meantime: only the program in front was told.
  process.kill(process.pid, 'SIGWINCH');
}
