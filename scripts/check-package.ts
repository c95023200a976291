/**
 * Tries the packed program on each version of Node that it is for, as far as they can be had. Fails if one of them fails, or
 * none can be had. The test of the package does the same with the one Node that runs the tests.
 */
import {execFileSync} from 'node:child_process';
import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {install, pack, tryOut} from './package.ts';

const versions = process.argv.length > 2 ? process.argv.slice(2) : ['22', '24', '26'];
const folder = await mkdtemp(path.join(tmpdir(), 'chat-tui-package-'));
let passed = 0;
let failed = 0;
try {
  const installed = path.join(folder, 'installed');
  await mkdir(installed);
  await install(await pack(folder), installed);
  const program = path.join(installed, 'node_modules/chat-tui/dist/chat-tui.js');
  for (const version of versions) {
    const node = nodeOf(version);
    if (node === undefined) {
      console.log(`Node ${version} cannot be had here`);
      continue;
    }
    try {
      console.log((await tryOut(node, [program], installed)).trim());
      passed++;
    } catch (error) {
      console.error(`Node ${version}:`, error);
      failed++;
    }
  }
} finally {
  await rm(folder, {recursive: true});
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/** The path of that Node, from the registry or the cache of npm. */
function nodeOf(version: string): string | undefined {
  const words = ['--yes', '--package', `node@${version}`, 'node', '-p', 'process.execPath'];
  try {
    return execFileSync('npx', words, {
      cwd: folder,
      encoding: 'utf8',
      timeout: 120_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}
