import {writeSync} from 'node:fs';
import process from 'node:process';
import {unblockedFd} from '../../output/standard-output.ts';

type Stdout = Pick<typeof process.stdout, 'fd' | 'write'>;

const keepTitle = '\u001b[22;0t';
/** Whether the wheel sends arrow keys (1007) is remembered as it was: here they would bring back what was typed. */
const keepWheel = '\u001b[?1007s';
/**
 * Marks pastes, reports the focus, keeps the wheel from being arrow keys, and switches wrapping at the right edge off: an emoji that
 * the terminal draws wider than we count would shift every row below it.
 */
const on = '\u001b[?2004h\u001b[?1004h\u001b[?1007l\u001b[?7l';
/** Reports clicks and the wheel, with decimal places. */
const mouse = '\u001b[?1000h\u001b[?1006h';
/** The modes that Ink switches on, once: the alternate screen, and no cursor until Ink shows one. */
const ofInk = '\u001b[?1049h\u001b[?25l';

/**
 * Undoes {@link on}, {@link mouse} and {@link keepTitle}, and switches off mouse reports of any other program. Terminals in which the
 * wheel sends arrow keys from the beginning may not know how to remember that, so it is switched on before it is as it was.
 */
const off =
  '\u001b[?7h\u001b[?2004l\u001b[?1000l\u001b[?1002l\u001b[?1006l\u001b[?1004l' +
  '\u001b[?1007h\u001b[?1007r\u001b[23;0t';

/** The modes of the terminal that Ink knows nothing of, and its title. */
export class TerminalModes {
  readonly #stdout: Stdout;
  readonly #isMouseOn: boolean;
  #title = 'chat-tui';
  #isOn = false;

  constructor(stdout: Stdout, {isMouseOn = false} = {}) {
    this.#stdout = stdout;
    this.#isMouseOn = isMouseOn;
  }

  enter(): void {
    if (this.#isOn) return;
    this.#isOn = true;
    this.#stdout.write(keepTitle + keepWheel + this.#on);
    process.on('exit', this.leave);
  }

  /** Sets all modes again, also those of Ink: another program may have had the terminal without our knowledge. */
  renew(): void {
    if (this.#isOn) this.#stdout.write(ofInk + this.#on);
  }

  /** @param title Without controls. It stays over a suspension. */
  changeTitle(title: string): void {
    if (title === this.#title) return;
    this.#title = title;
    if (this.#isOn) this.#stdout.write(titled(title));
  }

  get #on(): string {
    return titled(this.#title) + on + (this.#isMouseOn ? mouse : '');
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

function titled(title: string): string {
  return `\u001b]0;${title}\u0007`;
}
