/** `chat-tui pipe`: real processes, a real hub, and what goes through. */
import {type ChildProcess, spawn} from 'node:child_process';
import {createHash, randomBytes} from 'node:crypto';
import {once} from 'node:events';
import {buffer, text} from 'node:stream/consumers';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {isolatedEnvironment} from './environment.ts';
import {type Hub, headless, program, startHub} from './processes.ts';

let hub: Hub;
const started: {dispose(): Promise<void>}[] = [];

beforeEach(async () => {
  hub = await startHub();
});

afterEach(async () => {
  await Promise.all(started.splice(0).map(process => process.dispose()));
  await hub.stop();
});

/** One side, with its streams in the hands of the test. */
function pipe(nick: string, ...args: readonly string[]) {
  const environment = isolatedEnvironment();
  const server = hub.addressOf('cosp');
  const child = spawn(
    process.execPath,
    [program, 'pipe', ...args, '--server', server, '--nick', nick],
    {env: environment.variables, stdio: ['pipe', 'pipe', 'pipe']},
  );
  child.stdin.on('error', () => {});
  const exited = once(child, 'exit').then(([code, signal]) => ({code, signal}));
  started.push({
    async dispose() {
      if (isRunning(child)) child.kill('SIGKILL');
      await exited;
      environment.dispose();
    },
  });
  const {stdin, stdout, stderr} = child;
  return {child, stdin, stdout, exited, errors: text(stderr)};
}

function isRunning({exitCode, signalCode}: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

/** Both sides; bob waits for alice to ask. */
async function pair() {
  const watcher = headless(['--server', hub.addressOf('cosp'), '--nick', 'watcher']);
  started.push(watcher);
  const bob = pipe('bob', '--accept', 'alice');
  await watcher.next('users', ({users}) => users.some(({nick}) => nick === 'bob'));
  return {alice: pipe('alice', 'bob'), bob, watcher};
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test.each([
  ['nothing', Buffer.alloc(0), Buffer.alloc(0)],
  ['a line', Buffer.from('salut\n'), Buffer.alloc(0)],
  ['bytes of every kind, both ways', randomBytes(8_000_000), randomBytes(5_000_001)],
  ['much one way', randomBytes(16_000_000), Buffer.alloc(0)],
  ['much the other way', Buffer.alloc(0), randomBytes(16_000_000)],
])('%s: arrives as it is, and both sides end with 0', async (_what, forBob, forAlice) => {
  const {alice, bob} = await pair();
  alice.stdin.end(forBob);
  bob.stdin.end(forAlice);
  const [toAlice, toBob] = await Promise.all([buffer(alice.stdout), buffer(bob.stdout)]);
  expect(digest(toBob)).toBe(digest(forBob));
  expect(digest(toAlice)).toBe(digest(forAlice));
  for (const side of [alice, bob]) {
    expect(await side.exited).toEqual({code: 0, signal: null});
    expect(await side.errors).toBe('');
  }
});

test('the end of one direction arrives while the other goes on', async () => {
  const {alice, bob} = await pair();
  alice.stdin.end('question');
  expect(await text(bob.stdout)).toBe('question');
  bob.stdin.end('answer');
  expect(await text(alice.stdout)).toBe('answer');
  expect((await alice.exited).code).toBe(0);
  expect((await bob.exited).code).toBe(0);
});

test('a user who reads slowly gets everything, and the other side waits', async () => {
  const {alice, bob} = await pair();
  const sent = randomBytes(32_000_000);
  bob.stdin.end();
  let isTaken = false;
  alice.stdin.write(sent, () => {
    isTaken = true;
  });
  await once(bob.stdout, 'readable');
  await new Promise(resolve => setTimeout(resolve, 500));
  expect(isTaken).toBe(false);
  alice.stdin.end();
  expect(digest(await buffer(bob.stdout))).toBe(digest(sent));
  expect((await alice.exited).code).toBe(0);
});

test('a side that is killed before it has ended breaks the other', async () => {
  const {alice, bob} = await pair();
  alice.stdin.write('so far');
  await once(bob.stdout, 'data');
  alice.child.kill('SIGKILL');
  expect((await bob.exited).code).toBe(1);
  expect(await bob.errors).toMatch(/^chat-tui: the private connection with alice broke[^\n]*\n$/);
});

test('a signal ends it with 128 and its number, and breaks the other side', async () => {
  const {alice, bob} = await pair();
  alice.stdin.write('so far');
  await once(bob.stdout, 'data');
  bob.child.kill('SIGTERM');
  expect((await bob.exited).code).toBe(128 + 15);
  expect((await alice.exited).code).toBe(1);
});

test('when nobody reads any more, it ends with 1 and without a word', async () => {
  const {alice, bob} = await pair();
  bob.stdout.destroy();
  alice.stdin.write(randomBytes(1_000_000));
  expect((await bob.exited).code).toBe(1);
  expect(await bob.errors).toBe('');
  expect((await alice.exited).code).toBe(1);
});

test('the hub is gone: both sides say so', async () => {
  const {alice, bob} = await pair();
  alice.stdin.write('so far');
  await once(bob.stdout, 'data');
  hub.signal('SIGKILL');
  for (const side of [alice, bob]) {
    expect((await side.exited).code).toBe(1);
    expect(await side.errors).toMatch(/^chat-tui: [^\n]*\n$/);
  }
});

test('nobody of that name, a name that is taken, a refusal: one line and 1', async () => {
  const {watcher} = await pair();
  const lonely = pipe('carl', 'zoe');
  expect((await lonely.exited).code).toBe(1);
  expect(await lonely.errors).toMatch(/^chat-tui: nobody here is called zoe[^\n]*\n$/);
  const impostor = pipe('watcher', 'bob');
  expect((await impostor.exited).code).toBe(1);
  expect(await impostor.errors).toMatch(/^chat-tui: Somebody is called watcher[^\n]*--nick\)\n$/);
  const refused = pipe('dora', 'watcher');
  await watcher.next('invitation', ({from, mode}) => from === 'dora' && mode === 'link');
  watcher.write('/decline dora');
  expect((await refused.exited).code).toBe(1);
  expect(await refused.errors).toBe(
    'chat-tui: watcher has declined the private connection, or speaks a protocol without any\n',
  );
});

test('a chat can talk to a pipe’s owner, and no request but the one that is waited for is answered', async () => {
  const {alice, bob, watcher} = await pair();
  watcher.write('/link bob');
  alice.stdin.end('x');
  bob.stdin.end();
  expect(await text(bob.stdout)).toBe('x');
  expect((await bob.exited).code).toBe(0);
});

test.each([
  [['--server', 'res302://127.0.0.1:9'], 'no private connections'],
  [['--bogus'], '--bogus'],
])('wrong usage %j: exit code 2', async (args, words) => {
  const child = spawn(process.execPath, [program, 'pipe', 'bob', ...args]);
  const errors = text(child.stderr);
  const [code] = await once(child, 'exit');
  expect(code).toBe(2);
  expect(await errors).toContain(words);
});
