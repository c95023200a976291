/** The package as npm packs it: what is in it, and that it works without anything else. */
import {execFile} from 'node:child_process';
import {cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {promisify} from 'node:util';
import {publint} from 'publint';
import {afterAll, beforeAll, expect, test} from 'vitest';
import manifest from '../../package.json' with {type: 'json'};
import {install, type Packed, pack, tryOut} from '../../scripts/package.ts';
import {protocols} from '../../source/protocols/index.ts';

/** For what runs npm or the build: other tests are busy at the same time. */
const timeout = 60_000;
const execute = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
let folder: string;
let packed: Packed;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'chat-tui-package-'));
  packed = await pack(folder);
}, timeout);

afterAll(() => rm(folder, {recursive: true}));

test('has the program, its manual and the licences, and nothing else', () => {
  const {contents} = packed;
  const others = contents.filter(
    file => !/^(dist\/[\w-]+\.js|man\/chat-tui[\w-]*\.\d)$/.test(file),
  );
  expect(others.toSorted()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'dist/LICENCES.txt',
    'package.json',
  ]);
  expect(contents).toEqual(expect.arrayContaining(manifest.man.map(page => page.slice(2))));
  expect(contents).toContain(manifest.bin['chat-tui']);
  expect(packed.bytes).toBeLessThan(1_500_000);
  expect(manifest).not.toHaveProperty('dependencies');
});

test('says of each package that is bundled under which licence it is', async () => {
  const licences = await readFile(path.join(root, 'dist/LICENCES.txt'), 'utf8');
  for (const name of ['ink', 'react', 'yoga-layout', 'meow', 'conf', 'pino']) {
    expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\([\\w-]+\\)$`, 'm'));
  }
});

test('is as publint wants it', async () => {
  const tarball = await readFile(packed.file);
  const {messages} = await publint({
    strict: true,
    pack: {tarball: new Uint8Array(tarball).buffer},
  });
  expect(messages).toEqual([]);
});

test('works in an empty folder, on its own and by npx', {timeout}, async () => {
  const home = path.join(folder, 'local');
  await mkdir(home);
  await install(packed, home);
  const installed = await readdir(path.join(home, 'node_modules'));
  expect(installed.filter(name => !name.startsWith('.'))).toEqual(['chat-tui']);
  const program = path.join(home, 'node_modules/chat-tui/dist/chat-tui.js');
  const version = await tryOut(process.execPath, [program], home);
  expect(version).toMatch(`chat-tui ${manifest.version} (Node ${process.versions.node}; `);
  const byNpx = await execute('npx', ['--no-install', 'chat-tui', '--version'], {
    cwd: home,
    env: {...process.env, PATH: `${path.dirname(process.execPath)}:${process.env['PATH']}`},
  });
  expect(byNpx.stdout).toBe(version);
});

test('works when it is installed for everybody, with its manual', {timeout}, async () => {
  const prefix = path.join(folder, 'global');
  await mkdir(prefix);
  await install(packed, prefix, '--global');
  const words = [path.join(prefix, 'bin/chat-tui')];
  expect(await tryOut(process.execPath, words, prefix)).toContain(manifest.version);
  const pages = await readdir(path.join(prefix, 'share/man'), {recursive: true});
  const names = pages.filter(name => name.includes('.')).map(name => path.basename(name));
  expect(names.toSorted()).toEqual(manifest.man.map(page => path.basename(page)).toSorted());
});

test('works from a checkout by node --run, which builds it', {timeout}, async () => {
  // A copy: other tests run what is built in the real one.
  const checkout = path.join(folder, 'checkout');
  await mkdir(checkout);
  for (const name of ['package.json', 'cli.tsx', 'source', 'scripts']) {
    await cp(path.join(root, name), path.join(checkout, name), {recursive: true});
  }
  await symlink(
    await realpath(path.join(root, 'node_modules')),
    path.join(checkout, 'node_modules'),
  );
  const words = ['--run', 'start', '--', '--version'];
  const {stdout} = await execute(process.execPath, words, {cwd: checkout});
  expect(stdout).toContain(`chat-tui ${manifest.version} `);
});

test('the container opens the port of each protocol', async () => {
  const containerfile = await readFile(path.join(root, 'Containerfile'), 'utf8');
  const ports = protocols.map(({defaultPort, transport}) => `${defaultPort}/${transport}`);
  expect(containerfile).toContain(`\nEXPOSE ${ports.join(' ')}\n`);
});
