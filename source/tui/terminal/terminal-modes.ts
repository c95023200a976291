import {writeSync} from 'node:fs';
import process from 'node:process';
import {unblockedFd} from '../../output/standard-output.ts';

type Stdout = Pick<typeof process.stdout, 'fd' | 'write'>;

const keepTitle = '\u001b[22;0t';
/**
 * Sets our title, marks pastes, and switches wrapping at the right edge off: an emoji that the terminal draws wider
 * than we count would shift every row below it.
 */
const on = '\u001b]0;chat-tui\u0007\u001b[?2004h\u001b[?7l';
/** The modes that Ink switches on, once: the alternate screen, and no cursor until Ink shows one. */
const ofInk = '\u001b[?1049h\u001b[?25l';

/** Undoes {@link on} and {@link keepTitle}, and switches off mouse and focus reports of any other program. */
const off =
  '\u001b[?7h\u001b[?2004l\u001b[?1000l\u001b[?1002l\u001b[?1006l\u001b[?1004l\u001b[23;0t';

/** The modes of the terminal that Ink knows nothing of. */
export class TerminalModes {
  readonly #stdout: Stdout;
  #isOn = false;

  constructor(stdout: Stdout) {
    this.#stdout = stdout;
  }

  enter(): void {
    if (this.#isOn) return;
    this.#isOn = true;
    this.#stdout.write(keepTitle + on);
    process.on('exit', this.leave);
  }

  /** Sets all modes again, also those of Ink: another program may have had the terminal without our knowledge. */
  renew(): void {
    if (this.#isOn) this.#stdout.write(ofInk + on);
  }

  /** Writes synchronously: the process may end directly after it. */
  readonly leave = (): void => {
    if (!this.#isOn) return;
    this.#isOn = false;
    process.off('exit', this.leave);
    try {
      writeSync(unblockedFd(this.#stdout), off);
    } catch {
      // The terminal is gone, and its modes too; or it takes no output.
    }
  };
}
