/** The completions that the program prints, in the shells that are on this machine. */
import {spawnSync} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {describe, expect, onTestFinished, test} from 'vitest';
import {completionFor} from '../../source/completion.ts';
import {chat, type Shell, type Subcommand, subcommands} from '../../source/options.ts';
import {ctrl, key} from './keys.ts';
import {program} from './processes.ts';
import {Terminal} from './terminal.ts';

/** How each is started without what its user has configured, and told where the completion is. */
const shells: Readonly<
  Record<Shell, {readonly args: readonly string[]; readonly source: (from: string) => string}>
> = {
  bash: {args: ['--norc', '--noprofile'], source: from => `source <(${from})`},
  zsh: {
    args: ['-f'],
    source: from => `autoload -U compinit && compinit -u; source <(${from})`,
  },
  fish: {args: ['--no-config'], source: from => `${from} | source`},
};

/** What is typed before Tab, and the line that comes of it; `=` is where zsh puts one and the others a space. */
const cases = [
  ['chat-tui ser', /chat-tui serve\b/],
  ['chat-tui serve --pu', /chat-tui serve --public-host/],
  ['chat-tui serve --protocols res302,co', /chat-tui serve --protocols res302,cosp/],
  ['chat-tui --protocol wh', /chat-tui --protocol whoiam/],
  ['chat-tui --protocol=mess', /chat-tui --protocol=messagerie/],
  ['chat-tui pipe --acc', /chat-tui pipe --accept/],
  ['chat-tui completion fi', /chat-tui completion fish/],
  ['chat-tui help pi', /chat-tui help pipe/],
] as const;

function isMissing(shell: string): boolean {
  return spawnSync(shell, ['--version']).error !== undefined;
}

/** The shell, in a folder where `chat-tui` is the program, with the completion that the command prints. */
async function start(shell: Shell, from: string): Promise<Terminal> {
  const folder = await mkdtemp(path.join(tmpdir(), 'chat-tui-completion-'));
  onTestFinished(() => rm(folder, {recursive: true}));
  const script = `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`;
  await writeFile(path.join(folder, 'chat-tui'), script, {mode: 0o755});
  await writeFile(path.join(folder, 'my settings.toml'), '');
  const withFile: readonly Subcommand[] = [fileChat, ...subcommands.slice(1)];
  await writeFile(path.join(folder, 'with-file'), completionFor(shell, withFile));
  const {args, source} = shells[shell];
  const terminal = Terminal.start(shell, args, {
    cwd: folder,
    columns: 120,
    env: {PATH: `${folder}:${process.env['PATH']}`, PS1: '$ '},
  });
  onTestFinished(() => terminal.dispose());
  // Then nothing of this line is on the screen any more.
  terminal.write(`${source(from)}; clear; echo ready""2\r`);
  await terminal.waitFor(/^ready2/);
  return terminal;
}

const fileChat: Subcommand = {
  ...chat,
  options: {log: {type: 'string', value: 'FILE', takes: 'file', summary: 'a [file]: it’s yours'}},
};

describe.each(Object.keys(shells) as Shell[])('%s', shell => {
  test.skipIf(isMissing(shell))('completes commands, options and their values', async () => {
    const terminal = await start(shell, `chat-tui completion ${shell}`);
    for (const [typed, expected] of cases) {
      terminal.write(typed + key.tab);
      await terminal.waitFor(expected);
      terminal.write(ctrl('U'));
      await terminal.waitFor(rows => !rows.some(row => row.includes(typed)));
    }
    expect(terminal.screen().join('\n')).not.toMatch(/error|not found|parse/i);
  });

  test.skipIf(isMissing(shell))(
    'completes the name of a file where an option takes one',
    async () => {
      const terminal = await start(shell, 'cat with-file');
      terminal.write(`chat-tui --log my${key.tab}`);
      await terminal.waitFor(/--log my\\ settings\.toml/);
    },
  );
});
