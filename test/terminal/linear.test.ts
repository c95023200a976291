/** The linear mode: the built program in a terminal that can do nothing, and between pipes. */
import {spawn} from 'node:child_process';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {beforeEach, expect, onTestFinished, test} from 'vitest';
import {hears, say} from './conversation.ts';
import {isolatedEnvironment} from './environment.ts';
import {ctrl, key} from './keys.ts';
import {chatTui, type Hub, headless, program, startHub} from './processes.ts';

let hub: Hub;

beforeEach(async () => {
  hub = await startHub();
  return () => hub.stop();
});

async function arrived(nick: string) {
  const client = headless(['--server', hub.address, '--nick', nick]);
  onTestFinished(() => client.dispose());
  await client.next('connected');
  return client;
}

/** Everything but printable characters, line ends, the bell, and what takes back a character that was typed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what may not be there
const controls = /[\u0000-\u0006\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

test('a dumb terminal gets lines, in which nothing is redrawn and no escape sequence is written', async () => {
  const bob = await arrived('bob');
  const alice = chatTui(['--server', hub.address, '--nick', 'alice'], {
    columns: 100,
    rows: 40,
    env: {TERM: 'dumb'},
  });
  onTestFinished(() => alice.dispose());
  await alice.waitFor(
    'TERM is dumb, so this is the linear mode. chat-tui --screen gets the screen.',
  );
  await alice.waitFor(/^Connected to .* as alice\. 2 here\./);

  await say(bob, 'alice, are you there?');
  await alice.waitFor('For you, bob: alice, are you there?');
  expect(alice.raw).toContain('\x07For you, bob');

  // Half a line is typed, and changed: what bob says meanwhile waits for Enter.
  alice.write('yez');
  await alice.waitFor(/^yez$/);
  await say(bob, 'take your time');
  alice.write(key.backspace);
  await alice.waitFor(/^ye *$/);
  alice.write(`s${key.enter}`);
  await hears(bob, 'alice', 'yes', 'public');
  const rows = await alice.waitFor('bob: take your time');
  expect(rows.indexOf('yes')).toBeLessThan(rows.indexOf('bob: take your time'));

  alice.write(`${key.up}${key.up}`);
  await alice.waitFor(rows => rows.filter(row => row.trim() === 'yes').length === 2);
  alice.write(`${ctrl('u')}/serach${key.enter}`);
  await alice.waitFor(/^Error: There is no \/serach: did you mean \/search\?.*/);
  alice.write(`/again${key.enter}`);
  await alice.waitFor(rows => rows.filter(row => row.trim() === '/serach').length === 2);
  alice.write(`${ctrl('u')}bo${key.tab}`);
  await alice.waitFor(/^bob: *$/);
  alice.write(`${ctrl('u')}one${key.enter}two${key.enter}`);
  await alice.waitFor('2 lines pasted, the first is "one".');
  alice.write(`/paste one${key.enter}`);
  await hears(bob, 'alice', 'one\ntwo', 'public');
  alice.write(`/quit${key.enter}`);
  expect(await alice.exited).toEqual({code: 0, signal: undefined});
  expect(alice.raw).not.toMatch(controls);
});

test('a screen is there for a dumb terminal as well, if it is asked for', async () => {
  const alice = chatTui(['--screen', '--server', hub.address, '--nick', 'alice'], {
    env: {TERM: 'dumb'},
  });
  onTestFinished(() => alice.dispose());
  await alice.waitFor('public ▸');
  expect(alice.state().isAlternateScreen).toBe(true);
});

test('a script is carried out between pipes, each line in its turn', async () => {
  const bob = await arrived('bob');
  const {variables, dispose} = isolatedEnvironment();
  onTestFinished(dispose);
  const child = spawn(
    process.execPath,
    [program, '--linear', '--marks', 'all', '--server', hub.address, '--nick', 'alice'],
    {env: variables, stdio: ['pipe', 'pipe', 'pipe']},
  );
  child.stdin.end('salut\n/me waves\n/nosuch\n/last 2\n');
  const [lines] = await Promise.all([text(child.stdout), hears(bob, 'alice', 'salut', 'public')]);
  const told = lines.split('\n');
  expect(told[0]).toMatch(/^Connected to .* as alice\. 2 here\. Type a message, or \/help\.$/);
  expect(told.slice(1).filter(line => !line.startsWith('Delivered'))).toEqual([
    expect.stringMatching(/^Error: There is no \/nosuch: .*Your line is kept: \/again edits it\.$/),
    expect.stringMatching(/^You: salut \(\d\d:\d\d\)$/),
    expect.stringMatching(/^alice waves\. \(\d\d:\d\d\)$/),
    '',
  ]);
  expect(told.filter(line => line.startsWith('Delivered')).length).toBe(2);
});

test('without a hub a script says so, and fails', async () => {
  const address = hub.address;
  await hub.stop();
  const {variables, dispose} = isolatedEnvironment();
  onTestFinished(dispose);
  const child = spawn(
    process.execPath,
    [program, '--linear', '--server', address, '--nick', 'alice'],
    {
      env: variables,
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  child.stdin.end('salut\n');
  const code = new Promise(resolve => child.once('exit', resolve));
  expect(await text(child.stdout)).toMatch(/Error: Nobody answers at /);
  expect(await code).toBe(1);
});
