/** The package as somebody gets it: packed, installed into an empty folder, and tried out there. */
import {type ChildProcess, execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import path from 'node:path';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {text} from 'node:stream/consumers';
import {promisify} from 'node:util';

const root = path.resolve(import.meta.dirname, '..');
const execute = promisify(execFile);
const timeoutMs = 30_000;

export type Packed = {
  readonly file: string;
  /** From the root of the package. */
  readonly contents: readonly string[];
  readonly bytes: number;
};

/** Packs what is built. */
export async function pack(folder: string): Promise<Packed> {
  const words = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const {stdout} = await npm(words, root);
  const [{filename, files, size}] = JSON.parse(stdout) as [
    {filename: string; files: ReadonlyArray<{path: string}>; size: number},
  ];
  const file = path.join(folder, filename);
  return {file, contents: files.map(({path}) => path), bytes: size};
}

/** Installs the packed file, and nothing from the network: it has no dependencies. */
export async function install(packed: Packed, folder: string, ...options: string[]): Promise<void> {
  const quiet = ['--no-audit', '--no-fund', '--offline', '--omit=dev'];
  await npm(['install', ...quiet, '--prefix', folder, ...options, packed.file], folder);
}

/** Whoever runs this through npm has settings for that run in the environment, which are about another folder. */
function npm(words: readonly string[], cwd: string) {
  const entries = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  return execute('npm', words, {cwd, env: Object.fromEntries(entries), timeout: timeoutMs});
}

/**
 * Runs the program on that Node: its version, and a hub with a client that says something there.
 *
 * @param words The program behind `node`, for example the path of its file.
 * @returns What `--version` has printed.
 * @throws Error with what the program has written, if something is not as it should be.
 */
export async function tryOut(
  node: string,
  words: readonly string[],
  home: string,
): Promise<string> {
  const env = {PATH: process.env['PATH'], HOME: home, XDG_CONFIG_HOME: home, TMPDIR: home};
  const options = {env, cwd: home, timeout: timeoutMs};
  const {stdout: version} = await execute(node, [...words, '--version'], options);
  const hub = spawn(node, [...words, 'serve', '--host', '127.0.0.1', '--port', '0', '--json'], {
    ...options,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const address = await firstListener(hub);
    const client = spawn(node, [...words, '--headless', '--server', address, '--nick', 'robot'], {
      ...options,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    client.stdin.end('salut\n');
    const [events, [code]] = await Promise.all([text(client.stdout), once(client, 'exit')]);
    const types = events
      .trim()
      .split('\n')
      .map(line => JSON.parse(line).type);
    if (code !== 0 || !types.includes('connected') || !types.includes('delivered')) {
      throw new Error(`the headless client ended with ${code}:\n${events}`);
    }
    hub.kill('SIGTERM');
    const [hubCode] = await once(hub, 'exit');
    if (hubCode !== 0) throw new Error(`the hub ended with ${hubCode}`);
  } finally {
    hub.kill('SIGKILL');
  }
  return version;
}

/** @throws Error if the hub ends before it listens. */
async function firstListener({stdout}: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('the hub has no output');
  for await (const line of createInterface({input: stdout})) {
    const {type, host, port} = JSON.parse(line);
    if (type !== 'listening') continue;
    stdout.resume();
    return `${host}:${port}`;
  }
  throw new Error('the hub ended before it listened');
}
