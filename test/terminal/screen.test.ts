import {setInterval} from 'node:timers/promises';
import {beforeEach, expect, onTestFinished, test} from 'vitest';
import {alt, ctrl, key} from './keys.ts';
import {chatTui, type Hub, headless, startHub, withoutTerminal} from './processes.ts';
import type {Terminal} from './terminal.ts';

let hub: Hub;

beforeEach(async () => {
  hub = await startHub();
  return () => hub.stop();
});

/** A full-screen client that has arrived. */
async function enter(nick: string, size = {columns: 104, rows: 26}): Promise<Terminal> {
  const terminal = chatTui(['--server', hub.address, '--nick', nick], size);
  onTestFinished(() => terminal.dispose());
  await terminal.waitFor('●');
  return terminal;
}

async function enterHeadless(nick: string) {
  const client = headless(['--server', hub.address, '--nick', nick]);
  onTestFinished(() => client.dispose());
  await client.next('connected');
  return client;
}

/** The shell's screen, which a program has to leave behind as it was. */
const untouched = {
  isAlternateScreen: false,
  isCursorVisible: true,
  isWrapping: true,
  isPasteBracketed: false,
  isFocusReported: false,
  mouseTracking: 'none',
  title: '',
};

function count(rows: readonly string[], text: string): number {
  return rows.join('\n').split(text).length - 1;
}

test("two full-screen clients see each other's messages, and that theirs arrived", async () => {
  const alice = await enter('alice');
  const bob = await enter('bob');

  alice.write(`salut tout le monde${key.enter}`);
  await bob.waitFor(/alice[ │|]+salut tout le monde/);
  await alice.waitFor(/alice[ │|]+salut tout le monde +✓/);

  bob.write(`ça va 👍 漢字${key.enter}`);
  await alice.waitFor(/bob[ │|]+ça va 👍 漢字/);
});

test('an invitation is accepted with a key, and the two talk in their room', async () => {
  const alice = await enter('alice');
  const bob = await enter('bob');

  alice.write(`/invite bob --decentralised${key.enter}`);
  await bob.waitFor('Invitations 1');
  bob.write(alt('4'));
  bob.write('a');
  await Promise.all([alice, bob].map(client => client.waitFor('room · peer to peer')));

  bob.write(`psst${key.enter}`);
  await alice.waitFor(/bob[ │|]+psst/);
  await bob.waitFor(/psst +✓✓/);
});

test('the frame fits after every resize, and what was said is still there', async () => {
  const alice = await enter('alice');
  alice.write(`still here${key.enter}`);
  await alice.waitFor('✓');
  alice.write('a draft');
  await alice.waitFor('a draft');
  for (const [columns, rows] of [
    [60, 20],
    [140, 40],
    [20, 6],
    [104, 26],
  ] as const) {
    alice.resize(columns, rows);
    const screen = await alice.waitFor(
      screen => screen.slice(-2).join('').includes('a draft') && screen.join('').includes('still'),
    );
    expect(screen).toHaveLength(rows);
    // A frame one row too high would have moved the bar out of view.
    expect(screen[0]).toMatch(/^ alice/);
    if (rows > 9) expect(count(screen, '─'.repeat(columns - 30))).toBeGreaterThan(0);
  }
  alice.resize(15, 4);
  await alice.waitFor(screen => screen.filter(row => row !== '').length === 1);
  alice.resize(104, 26);
  await alice.waitFor('a draft');
});

test('Ctrl-C clears a draft, on an empty line asks once, then leaves the terminal as it was', async () => {
  const alice = await enter('alice');
  const bob = await enterHeadless('bob');
  alice.write('a draft');
  await alice.waitFor('a draft');
  expect(alice.state()).toMatchObject({
    isAlternateScreen: true,
    isCursorVisible: true,
    isPasteBracketed: true,
  });

  alice.write(ctrl('c'));
  await alice.waitFor(rows => count(rows, 'a draft') === 0);
  alice.write(ctrl('c'));
  await alice.waitFor(/Ctrl-C again/i);
  alice.write(ctrl('c'));
  expect(await alice.exited).toEqual({code: 0, signal: undefined});
  expect(alice.state()).toMatchObject(untouched);
  bob.write('/list');
  await bob.next('users', ({users}) => users.every(({nick}) => nick !== 'alice'));
});

test.each(['SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
  '%s says goodbye to the hub and leaves the terminal as it was',
  async signal => {
    const alice = await enter('alice');
    const bob = await enterHeadless('bob');
    alice.signal(signal);
    await alice.exited;
    expect(alice.state()).toMatchObject(untouched);
    bob.write('/list');
    await bob.next('users', ({users}) => users.every(({nick}) => nick !== 'alice'));
  },
);

test('keys typed while 500 messages a second arrive are all there', async () => {
  const alice = await enter('alice');
  const bob = await enterHeadless('bob');
  const draft = 'every one of these keys, é and 漢 and 👍 too, is in the draft';
  const keys = [...draft];
  let sent = 0;
  for await (const _ of setInterval(20)) {
    for (let burst = 0; burst < 10; burst++) bob.write(`flood ${++sent}`);
    const next = keys.shift();
    if (next === undefined) break;
    alice.write(next);
  }
  const rows = await alice.waitFor(`flood ${sent}`);
  expect(rows.at(-2)).toContain(draft);
  alice.write(key.enter);
  await bob.next('message', ({text}) => text === draft);
});

test('after the first paint, no frame clears the screen', async () => {
  const alice = await enter('alice');
  const painted = alice.raw.length;
  const bob = await enterHeadless('bob');
  for (let line = 1; line <= 50; line++) bob.write(`line ${line}`);
  await alice.waitFor('line 50');
  bob.write('/invite alice');
  await alice.waitFor('Invitations 1');
  alice.write(`/accept bob${key.enter}`);
  await alice.waitFor('by hub · 2 people');
  alice.write(`/leave${key.enter}`);
  await bob.next('room-left');
  alice.write(`/help${key.enter}`);
  await alice.waitFor('Esc closes');
  expect(alice.raw.slice(painted)).not.toContain('\u001B[2J');
});

test('without a terminal one line names --headless, and the exit code is 2', async () => {
  const program = withoutTerminal(['--server', hub.address, '--nick', 'alice']);
  onTestFinished(() => program.dispose());
  expect(await program.exited).toEqual({code: 2, signal: null});
  expect(await program.errors).toMatch(/^chat-tui: .*--headless.*\n$/);
});

test('the first command a newcomer types shows a chat, and says how somebody joins it', async () => {
  const alice = chatTui(['--nick', 'alice'], {columns: 80, rows: 24});
  onTestFinished(() => alice.dispose());
  const rows = await alice.waitFor('Nobody else is here');
  const [, port = ''] = /127\.0\.0\.1:(\d+)/.exec(rows.join('\n')) ?? [];
  const bob = headless(['--server', `127.0.0.1:${port}`, '--nick', 'bob']);
  onTestFinished(() => bob.dispose());
  await bob.next('connected');
  bob.write('me voilà');
  await alice.waitFor(/bob[ │|]+me voilà/);
});

test('whose nickname is taken chooses another without starting again', async () => {
  await enterHeadless('alice');
  const late = chatTui(['--server', hub.address, '--nick', 'Alice'], {columns: 80, rows: 24});
  onTestFinished(() => late.dispose());
  await late.waitFor('Somebody is called Alice here already');
  late.write(`${key.backspace.repeat(5)}lucie${key.enter}`);
  await late.waitFor('●');
  late.write(`c’est moi${key.enter}`);
  await late.waitFor(/lucie[ │|]+c’est moi +✓/);
});

test('a message the hub did not get is sent again with Enter on it', async () => {
  const alice = await enter('alice');
  const bob = await enterHeadless('bob');
  hub.signal('SIGSTOP');
  alice.write(`es-tu là ?${key.enter}`);
  await alice.waitFor(/es-tu là \? +⟳/);
  await alice.waitFor(/es-tu là \? +✗/);
  hub.signal('SIGCONT');
  await alice.waitFor('●');
  // The pane begins with what was not delivered.
  alice.write(alt('1') + key.enter);
  await alice.waitFor(/es-tu là \? +✓/);
  await bob.next('message', ({text}) => text === 'es-tu là ?');
});
