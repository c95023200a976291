import {mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

/** The environment of a program: only the search path comes from the machine. */
export type Environment = {
  readonly variables: Record<string, string>;
  /** Deletes the folder that the program took for its home. */
  dispose(): void;
};

/**
 * An environment with a fresh home, made of nothing: what the developer or the CI has set (`CI`,
 * `NO_COLOR`, `TMUX`, a settings file, vitest's own variables) must not decide what a test sees.
 */
export function isolatedEnvironment(extra: Readonly<Record<string, string>> = {}): Environment {
  const {PATH = ''} = process.env;
  const home = mkdtempSync(path.join(os.tmpdir(), 'chat-tui-home-'));
  return {
    variables: {
      PATH,
      TERM: 'xterm-256color',
      COLORTERM: 'truecolor',
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      HOME: home,
      XDG_CONFIG_HOME: path.join(home, 'config'),
      XDG_DATA_HOME: path.join(home, 'data'),
      XDG_STATE_HOME: path.join(home, 'state'),
      XDG_CACHE_HOME: path.join(home, 'cache'),
      XDG_RUNTIME_DIR: home,
      ...extra,
    },
    dispose: () => rmSync(home, {recursive: true, force: true}),
  };
}
