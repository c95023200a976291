/** The editor of the user's choice, for a draft: it gets the terminal until it ends. */
import {type ChildProcess, spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {maximumPaste} from '../input/keys.ts';
import type {Edited} from '../screen-terminal.ts';

/** In bytes: a larger file cannot be a draft, and is not read. */
const maximumBytes = 4 * maximumPaste;

/** Runs `$VISUAL` or `$EDITOR`. One at a time. */
export class Editor {
  #child: ChildProcess | undefined;

  /** While the editor has the terminal, its Ctrl-C is not for us. */
  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  /** Resolves when the editor has ended. The file is only readable by the user, and removed in any case. */
  async edit(text: string, environment: NodeJS.ProcessEnv): Promise<Edited> {
    const command = environment['VISUAL'] || environment['EDITOR'] || 'vi';
    const unchanged = 'the draft is as it was';
    let folder: string | undefined;
    const remove = () => {
      if (folder !== undefined) rmSync(folder, {recursive: true, force: true});
    };
    process.on('exit', remove);
    try {
      // Nobody else can enter the folder, so that nothing else is in the place of the file when it is read.
      folder = mkdtempSync(path.join(tmpdir(), 'chat-tui-'));
      const file = path.join(folder, 'draft.txt');
      // Without a line feed at the end, many editors complain.
      writeFileSync(file, `${text}\n`, {mode: 0o600, flag: 'wx'});
      const failure = await this.#run(command, file);
      if (failure !== undefined) return {problem: `${command} ${failure}: ${unchanged}`};
      if (statSync(file).size > maximumBytes) {
        return {problem: `The text is too long for a draft: ${unchanged}`};
      }
      return {text: readFileSync(file, 'utf8')};
    } catch (error) {
      return {problem: `${command}: ${(error as Error).message}: ${unchanged}`};
    } finally {
      process.off('exit', remove);
      remove();
    }
  }

  /** The program ends: so does the editor, which would fight with the shell for the terminal. */
  stop(): void {
    this.#child?.kill();
  }

  /** @returns Why the edited text does not count. */
  #run(command: string, file: string): Promise<string | undefined> {
    return new Promise(resolve => {
      // There may be arguments in the variable, and assignments before them. The shell makes room for the editor, so
      // that the editor itself is ended when we are.
      const script = `exec env ${command} "$@"`;
      const child = spawn('sh', ['-c', script, command, file], {stdio: 'inherit'});
      this.#child = child;
      const end = (failure: string | undefined) => {
        this.#child = undefined;
        resolve(failure);
      };
      child.on('error', ({message}) => end(`cannot be started (${message})`));
      child.on('exit', (code, signal) => {
        if (code === 0) end(undefined);
        else if (code === 127) end('cannot be found');
        else end(code === null ? `was ended by ${signal}` : `has failed with ${code}`);
      });
    });
  }
}
