/** Coming late, being stopped, and leaving: the built program in a real terminal. */
import {once} from 'node:events';
import {type AddressInfo, createServer} from 'node:net';
import process from 'node:process';
import {beforeEach, describe, expect, onTestFinished, test} from 'vitest';
import {JsonProgram} from './json-program.ts';
import {ctrl, key} from './keys.ts';
import {chatTui, type Hub, headless, program, startHub} from './processes.ts';
import {Terminal} from './terminal.ts';

/** What the screen asks of the terminal. */
const ours = {isAlternateScreen: true, isWrapping: false, isPasteBracketed: true};

/** A full-screen client that has arrived, as a job of a shell that shows its process id. */
async function startedByShell(shell: string, server: string) {
  const terminal = Terminal.start(
    shell,
    shell === 'bash' ? ['--norc', '--noediting', '-i'] : ['-f', '-i'],
    {
      columns: 104,
      rows: 26,
      env: {PS1: '$ ', chat: `${process.execPath} ${program}`, server},
    },
  );
  onTestFinished(() => terminal.dispose());
  terminal.write(`$chat --server $server --nick alice & echo "pid is $!;"; fg${key.enter}`);
  const isThere = (rows: readonly string[]) => rows.some(row => row.includes('●'));
  const pid = () => Number(/pid is (\d+);/.exec(terminal.raw)?.[1]);
  await terminal.waitFor(isThere);
  return {terminal, pid: pid(), isThere};
}

describe('with a hub', () => {
  let hub: Hub;

  beforeEach(async () => {
    hub = await startHub();
    return () => hub.stop();
  });

  test('stopped from outside and continued by the shell, it has the terminal as before', async () => {
    const {terminal, pid} = await startedByShell('bash', hub.address);
    expect(terminal.state()).toMatchObject(ours);
    process.kill(pid, 'SIGSTOP');
    await terminal.waitFor('Stopped');
    // Meanwhile another program has the terminal, and cleans up when it ends.
    terminal.write(
      `stty sane; printf '\\033[?1049l\\033[?2004l\\033[?7hin between\\n'${key.enter}`,
    );
    await terminal.waitFor(/^in between$/);
    terminal.write(`fg${key.enter}`);
    await terminal.waitFor('●');
    expect(terminal.state()).toMatchObject({...ours, title: 'chat-tui'});
    expect(terminal.screen().join('\n')).not.toContain('in between');
    // Raw again: a letter is there at once and only once, and Ctrl-L is no ^L.
    terminal.write(`me revoilà${ctrl('l')}`);
    await terminal.waitFor(/▸ me revoilà$/);
    expect(terminal.screen().join('\n')).not.toContain('^L');
    terminal.write(key.enter);
    await terminal.waitFor(/me revoilà +✓/);
    terminal.write(ctrl('c') + ctrl('c'));
    await terminal.waitFor(rows => !rows.some(row => row.includes('●')));
    terminal.write(`echo "code $?;"${key.enter}`);
    await terminal.waitFor(/code 0;/);
    expect(terminal.state()).toMatchObject({isAlternateScreen: false, isPasteBracketed: false});
  });

  test('told to end while it is suspended, it ends without a trace when it goes on', async () => {
    const {terminal, pid} = await startedByShell('bash', hub.address);
    terminal.write(ctrl('z'));
    await terminal.waitFor('Stopped');
    process.kill(pid, 'SIGTERM');
    terminal.write(`fg; echo "code $?;"${key.enter}`);
    await terminal.waitFor(/code 0;/);
    expect(terminal.state()).toMatchObject({
      isAlternateScreen: false,
      isCursorVisible: true,
      isWrapping: true,
    });
    expect(terminal.screen().join('\n')).not.toMatch(/●|chat-tui has a bug/);
    terminal.write(`echo cooked${key.enter}`);
    await terminal.waitFor(/^cooked/);
  });

  test('Ctrl-L gives back what another program has taken', async () => {
    const alice = chatTui(['--server', hub.address, '--nick', 'alice'], {columns: 104, rows: 26});
    onTestFinished(() => alice.dispose());
    await alice.waitFor('●');
    await alice.disturb('\u001B[?1049l\u001B[?2004l\u001B[?7h');
    expect(alice.state()).not.toMatchObject(ours);
    alice.write(ctrl('l'));
    await alice.waitFor('●');
    expect(alice.state()).toMatchObject(ours);
  });

  test('a hub whose terminal closes says goodbye to everybody', async () => {
    const guest = headless(['--server', hub.addressOf('whoiam'), '--nick', 'alice']);
    onTestFinished(() => guest.dispose());
    await guest.next('connected');
    hub.signal('SIGHUP');
    expect(await hub.exited).toEqual({code: 0, signal: null});
    await guest.next('disconnected');
  });

  test.each(['res302', 'messagerie', 'shen', 'whoiam', 'cosp'])(
    'a text under way to a hub of %s that is silent keeps nobody for more than 3 s',
    async protocol => {
      const args = ['--server', hub.addressOf(protocol), '--nick', 'alice'];
      const alice = chatTui(args, {columns: 104, rows: 26});
      onTestFinished(() => alice.dispose());
      await alice.waitFor('●');
      hub.signal('SIGSTOP');
      alice.write(`es-tu là${key.enter}`);
      await alice.waitFor(/es-tu là +[^ ✓]/);
      const since = performance.now();
      if (protocol === 'res302') alice.signal('SIGTERM');
      else alice.write(`/quit${key.enter}`);
      expect(await alice.exited).toEqual({code: 0, signal: undefined});
      expect(performance.now() - since).toBeLessThan(3000);
    },
  );
});

describe('with guests in a hub of one’s own', () => {
  async function host() {
    const alice = chatTui(['--nick', 'alice'], {columns: 104, rows: 26});
    onTestFinished(() => alice.dispose());
    const rows = await alice.waitFor('Nobody else is here');
    const [, port = ''] = /127\.0\.0\.1:(\d+)/.exec(rows.join('\n')) ?? [];
    const guests = ['bob', 'carl'].map(nick => {
      const guest = headless(['--server', `127.0.0.1:${port}`, '--nick', nick]);
      onTestFinished(() => guest.dispose());
      return guest;
    });
    for (const guest of guests) await guest.next('connected');
    return {alice, guests};
  }

  test.each([
    ['Ctrl-C', ctrl('c'), ctrl('c'), 'Ctrl-C again leaves'],
    ['Ctrl-D', ctrl('d'), ctrl('d'), 'Ctrl-D again leaves'],
    ['/quit', `/quit${key.enter}`, key.enter, 'Enter leaves'],
  ])('%s asks first, and names how many they are', async (_name, keys, answer, words) => {
    const {alice} = await host();
    alice.write(keys);
    await alice.waitFor(`2 others are here and lose your hub: ${words}`);
    alice.write('never mind');
    await alice.waitFor(/▸ never mind/);
    alice.write(ctrl('u') + keys);
    await alice.waitFor('2 others are here and lose your hub');
    alice.write(answer);
    expect((await alice.exited).code).toBe(0);
  });

  test('what is typed behind /quit in one read is neither an answer nor said', async () => {
    const {alice, guests} = await host();
    alice.write(`/quit${key.enter}after${key.enter}`);
    await alice.waitFor('2 others are here and lose your hub');
    alice.write(`now${key.enter}`);
    const [bob] = guests;
    const {text} = (await bob?.next('message')) ?? {};
    expect(text).toBe('now');
  });

  test('they talk on while nobody reads the terminal of the hub, which shows the end of it later', async () => {
    const {alice, guests} = await host();
    const [bob, carl] = guests;
    alice.pause();
    for (let line = 1; line <= 400; line++) {
      bob?.write(`${line} ${'x'.repeat(200)}`);
      await carl?.next('message', ({text}) => text.startsWith(`${line} `));
    }
    alice.resume();
    await alice.waitFor(/│ 400 x/);
    alice.write(`bien reçu${key.enter}`);
    await carl?.next('message', ({text}) => text === 'bien reçu');
  });

  test('it ends in time though nobody reads its terminal', async () => {
    const {alice, guests} = await host();
    alice.pause();
    const [bob, carl] = guests;
    for (let line = 1; line <= 400; line++) {
      bob?.write(`${line} ${'x'.repeat(200)}`);
      await carl?.next('message', ({text}) => text.startsWith(`${line} `));
    }
    const since = performance.now();
    alice.signal('SIGTERM');
    await alice.gone();
    expect(performance.now() - since).toBeLessThan(3000);
    alice.resume();
    await alice.exited;
  });

  test('Ctrl-Z asks, and a signal does not', async () => {
    const {alice} = await host();
    alice.write(ctrl('z'));
    await alice.waitFor('2 others are here and lose your hub: Ctrl-Z again suspends');
    expect(alice.state()).toMatchObject(ours);
    alice.signal('SIGTERM');
    await alice.exited;
  });
});

describe('a hub that is not there yet', () => {
  /** A port that is free as far as anybody knows, and what starts a hub there. */
  async function reserved() {
    const passing = createServer();
    passing.listen(0, '127.0.0.1');
    await once(passing, 'listening');
    const {port} = passing.address() as AddressInfo;
    passing.close();
    const start = () => {
      const args = ['serve', '--host', '127.0.0.1', '--port', `${port}`, '--protocols', 'res302'];
      const late = new JsonProgram(process.execPath, [program, ...args, '--json']);
      onTestFinished(() => late.dispose());
    };
    return {server: `res302://127.0.0.1:${port}`, start};
  }

  test('is waited for by a program that is told to', async () => {
    const {server, start} = await reserved();
    const alice = headless(['--server', server, '--nick', 'alice', '--wait']);
    onTestFinished(() => alice.dispose());
    alice.write('me voilà');
    await alice.next('reconnecting');
    start();
    await alice.next('connected');
    await alice.next('delivered');
  });

  test('is tried behind the form, which says so', async () => {
    const {server, start} = await reserved();
    const alice = chatTui(['--server', server, '--nick', 'alice'], {columns: 104, rows: 26});
    onTestFinished(() => alice.dispose());
    await alice.waitFor(/Nobody answers at res302:\/\//);
    await alice.waitFor(/Trying again (in \d s|now)\. Typing here stops it/);
    start();
    await alice.waitFor('●');
    alice.write(`me voilà${key.enter}`);
    await alice.waitFor(/me voilà +✓/);
  });

  test('is not tried any more while somebody types another one', async () => {
    const {server} = await reserved();
    const alice = chatTui(['--server', server, '--nick', 'alice'], {columns: 104, rows: 26});
    onTestFinished(() => alice.dispose());
    await alice.waitFor('Trying again');
    alice.write('9');
    await alice.waitFor(rows => !rows.join('').includes('Trying again'));
    await alice.waitFor(`${server}9`);
    const since = performance.now();
    alice.write(ctrl('c') + ctrl('c'));
    expect((await alice.exited).code).toBe(0);
    expect(performance.now() - since).toBeLessThan(3000);
  });
});
