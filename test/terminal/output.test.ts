/** The built program, when nobody reads what it writes, or there is no room for it. */
import {spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {connect} from 'node:net';
import path from 'node:path';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {beforeEach, describe, expect, onTestFinished, test} from 'vitest';
import {isolatedEnvironment} from './environment.ts';
import {ctrl} from './keys.ts';
import {chatTui, type Hub, headless, program, startHub} from './processes.ts';

/** Runs a line of bash in which `$chat` is the program. Resolves with what it has written and its exit code. */
async function shell(script: string) {
  const environment = isolatedEnvironment({chat: `${process.execPath} ${program}`});
  onTestFinished(() => environment.dispose());
  const child = spawn('bash', ['-c', script], {env: environment.variables});
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [output, errors] = [text(child.stdout), text(child.stderr)];
  const code = await new Promise(resolve => child.once('close', resolve));
  return {
    code,
    output: await output,
    errors: await errors,
    home: environment.variables['HOME'] ?? '',
  };
}

/** The port in an address. */
function portOf(address: string): number {
  return Number(address.split(':').at(-1));
}

let hub: Hub;

beforeEach(async () => {
  hub = await startHub();
  return () => hub.stop();
});

describe('nobody reads to the end', () => {
  test.each(['--help', '--version', '--config', 'serve --help', 'pipe --help', 'help serve'])(
    '%s: it is quiet about that',
    async words => {
      const {errors} = await shell(`for i in 1 2 3 4 5; do $chat ${words} | true; done`);
      expect(errors).toBe('');
    },
  );

  test('what is said to people by a client without a screen', async () => {
    const line = `$chat --headless --server ${hub.address} --nick alice`;
    const {output, code} = await shell(
      `set -o pipefail; (sleep 0.2; printf '/help\\n/stats\\nsalut\\n') | ${line} 2> >(true)`,
    );
    expect(code).toBe(0);
    expect(output).toContain('"type":"delivered"');
  });

  test('the events of a client without a screen: it ends without a word', async () => {
    const line = `$chat --headless --server ${hub.address} --nick alice`;
    const {errors} = await shell(
      `(printf 'un\\ndeux\\n'; sleep 0.5; printf 'trois\\n') | ${line} | head -n 1`,
    );
    expect(errors).toBe('');
  });
});

describe.skipIf(process.platform !== 'linux')('a full disk', () => {
  test('ends a client without a screen with one sentence, and not with 0', async () => {
    const line = `$chat --headless --server ${hub.address} --nick alice`;
    const {code, errors} = await shell(`echo salut | ${line} > /dev/full`);
    expect(code).toBe(1);
    expect(errors).toMatch(/^chat-tui: standard output: ENOSPC: .*\n$/);
  });

  test('is told of a help that cannot be written', async () => {
    const {code, errors} = await shell('$chat --help > /dev/full');
    expect(code).toBe(1);
    expect(errors).toMatch(/^chat-tui: standard output: ENOSPC: .*\n$/);
  });

  test('loses whole lines of a log, whose number is told when there is room again', async () => {
    // A file may have 4 KiB here: a write across that limit is torn, as on a disk that is full.
    const {output, errors, home} = await shell(`
      (ulimit -f 4; exec $chat serve --host 127.0.0.1 --port 0 --protocols whoiam --json >> "$HOME/log" 2> "$HOME/errors") &
      until grep -qs listening "$HOME/log"; do sleep 0.05; done
      port=$(grep -o '"port":[0-9]*' "$HOME/log" | grep -o '[0-9]*')
      join() { exec 3<> "/dev/tcp/127.0.0.1/$port"; printf 'IAM %s\\n' "$1" >&3; read -r -t 5 answer <&3; exec 3>&-; }
      for i in $(seq 1 40); do join "guest$i"; done
      # Until the hub has seen all of them off, what it says of them is not all lost yet.
      exec 4<> "/dev/tcp/127.0.0.1/$port"; printf 'IAM watcher\\n' >&4
      until [ "$who" = 'WHO watcher' ]; do printf 'WHO\\n' >&4; read -r -t 5 who <&4; done
      cp "$HOME/log" "$HOME/first"
      : > "$HOME/log"
      join late
      until grep -q '"left".*"late"' "$HOME/log"; do sleep 0.05; done
      kill %1; wait %1
      cat "$HOME/errors"
    `);
    expect(errors).toBe('');
    expect(output).toBe('');
    const first = readFileSync(path.join(home, 'first'), 'utf8').split('\n');
    const torn = first.pop() ?? '';
    expect(first.length).toBeGreaterThan(5);
    for (const line of first) expect(() => JSON.parse(line), line).not.toThrow();
    expect(torn).not.toBe('');
    const [empty, ...lines] = readFileSync(path.join(home, 'log'), 'utf8').trimEnd().split('\n');
    // The torn line ends where the next begins.
    expect(empty).toBe('');
    const events = lines.map(line => JSON.parse(line));
    expect(events[0]).toMatchObject({level: 'warn', type: 'lost', lines: expect.any(Number)});
    // 40 that came and went, and the watcher that came; the torn one is among those that are lost.
    const complete = first.length - 1;
    expect(events[0].lines).toBe(81 - complete);
    expect(events.slice(1).map(({type}) => type)).toEqual([
      'connected',
      'left',
      'stopping',
      'stopped',
    ]);
  });
});

test('a hub goes on while its terminal is stopped, and tells later what happened', async () => {
  const terminal = chatTui(['serve', '--host', '127.0.0.1', '--port', '0']);
  onTestFinished(() => terminal.dispose());
  const rows = await terminal.waitFor(/cosp tcp 127\.0\.0\.1:\d+/);
  const [, port] = /res302 udp 127\.0\.0\.1:(\d+)/.exec(rows.join('\n')) ?? [];
  terminal.write(ctrl('s'));
  const alice = headless(['--server', `res302://127.0.0.1:${port}`, '--nick', 'alice']);
  onTestFinished(() => alice.dispose());
  await alice.next('connected');
  const bob = headless(['--server', `res302://127.0.0.1:${port}`, '--nick', 'bob']);
  onTestFinished(() => bob.dispose());
  await bob.next('connected');
  bob.write('salut');
  await alice.next('message', ({text: said}) => said === 'salut');
  expect(terminal.screen().join('\n')).not.toContain('alice connected');
  terminal.write(ctrl('q'));
  await terminal.waitFor('bob connected');
  expect(terminal.screen().join('\n')).toContain('alice connected');
});

test('a hub ends in time though its terminal is stopped', async () => {
  const terminal = chatTui(['serve', '--host', '127.0.0.1', '--port', '0']);
  onTestFinished(() => terminal.dispose());
  await terminal.waitFor(/cosp tcp 127\.0\.0\.1:\d+/);
  terminal.write(ctrl('s'));
  const since = performance.now();
  terminal.signal('SIGTERM');
  expect(await terminal.exited).toEqual({code: 0, signal: undefined});
  expect(performance.now() - since).toBeLessThan(3000);
});

test.skipIf(process.platform !== 'linux')(
  'a client whose events nobody reads keeps little of them, and ends when it is told to',
  async () => {
    const environment = isolatedEnvironment();
    onTestFinished(() => environment.dispose());
    const server = hub.addressOf('whoiam');
    const child = spawn(
      process.execPath,
      [program, '--headless', '--server', server, '--nick', 'reader'],
      {env: environment.variables, stdio: ['pipe', 'pipe', 'pipe']},
    );
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    await hub.logged('connected', 'reader');
    const memory = () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024;
    const before = memory();
    const writer = connect(portOf(server), '127.0.0.1');
    onTestFinished(() => {
      writer.destroy();
    });
    writer.on('error', () => {});
    writer.resume();
    writer.write('IAM writer\n');
    const line = `MSG ${'x'.repeat(200)}\n`.repeat(100);
    // 10 MB: the hub gives up a client that leaves a mebibyte unread.
    for (let batch = 0; batch < 500; batch++) {
      if (!writer.write(line)) await new Promise(resolve => writer.once('drain', resolve));
    }
    await hub.logged('left', 'reader');
    expect(memory() - before).toBeLessThan(60);
    const since = performance.now();
    child.kill('SIGTERM');
    const code = await new Promise(resolve => child.once('exit', resolve));
    expect(code).toBe(143);
    expect(performance.now() - since).toBeLessThan(3000);
  },
);
