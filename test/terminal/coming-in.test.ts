/** Coming in: the form, hubs of another protocol, and sharing, as somebody in front of the terminal sees them. */
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import jsqr from 'jsqr';
import {expect, onTestFinished, test} from 'vitest';
import {gathering} from './gathering.ts';
import {alt, ctrl, key} from './keys.ts';
import {chatTui} from './processes.ts';
import type {Terminal, TerminalOptions} from './terminal.ts';

/** The types are of another module than the bundle, which is the function itself. */
const readQr = jsqr as unknown as typeof jsqr.default;

const people = gathering();

function start(args: readonly string[], options: TerminalOptions = {}): Terminal {
  const terminal = chatTui(args, {columns: 80, rows: 26, ...options});
  onTestFinished(() => terminal.dispose());
  return terminal;
}

/** The environment of somebody with these settings, and what they are afterwards. */
function withSettings(settings: object) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'chat-tui-settings-'));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  const file = path.join(folder, 'chat-tui', 'settings.json');
  mkdirSync(path.dirname(file));
  writeFileSync(file, JSON.stringify(settings));
  return {env: {XDG_CONFIG_HOME: folder}, read: () => JSON.parse(readFileSync(file, 'utf8'))};
}

const hour = 3_600_000;

test('who has been at a hub joins it again with Enter, under the same name', async () => {
  const server = people.hub.addressOf('shen');
  const {env, read} = withSettings({
    nickname: 'alice',
    hubs: [
      {server, nick: 'alice-2', at: Date.now() - 2.5 * hour},
      {server: 'res302://chat.example:30200', nick: 'ally', at: Date.now() - hour},
    ],
  });
  const alice = start([], {env});
  const rows = await alice.waitFor('Who are you?  alice-2');
  expect(rows.join('\n')).toMatch(/▸ shen:\/\/127\.0\.0\.1:\d+ · (2 h ago|yesterday)/);
  expect(rows.join('\n')).toMatch(/\n +chat\.example:30200 · .*\n +a hub of my own, here\n/);
  expect(rows.join('\n')).not.toContain('type a message');
  alice.write(key.enter);
  await alice.waitFor(/alice-2 at \S+ · shen +●/);
  await people.hub.logged('connected', 'alice-2');
  alice.write(ctrl('d'));
  await alice.exited;
  expect(read().hubs[0]).toMatchObject({server, nick: 'alice-2'});
  expect(read().hubs).toHaveLength(2);
});

test('the form has the keys of a line, chooses with the arrows, and says the rule for names', async () => {
  const {env} = withSettings({nickname: 'alice', hubs: [{server: 'res302://chat.example:30200'}]});
  const alice = start(['--ask'], {env});
  await alice.waitFor('Who are you?  alice ');
  await alice.waitFor('res302: 1 to 10 letters or digits');
  alice.write(`${ctrl('a')}big${ctrl('e')}2`);
  await alice.waitFor('Who are you?  bigalice2');
  alice.write(`${ctrl('a')}${alt('f')}${ctrl('h')}3`);
  await alice.waitFor('Who are you?  bigalice3');
  alice.write(ctrl('w'));
  await alice.waitFor(/Who are you\? +res302/);
  alice.write(`carl x${ctrl('b')}${ctrl('k')}${key.backspace}`);
  await alice.waitFor(/Who are you\? {2}carl *$|Who are you\? {2}carl {3}res302/m);
  // Down to the other address, in one read with what is typed there.
  alice.write(`${key.down}${key.down}${people.hub.addressOf('whoiam')}`);
  await alice.waitFor(`▸ ${people.hub.addressOf('whoiam')}`);
  await alice.waitFor('whoiam: ');
  alice.write(key.enter);
  await alice.waitFor(/carl at \S+ · whoiam +●/);
});

test('/connect asks where, and what is typed there never gets into the chat', async () => {
  const bob = await people.connected('res302', 'bob');
  const alice = start([people.hub.address, '--nick', 'alice']);
  await alice.waitFor('●');
  alice.write(`/connect${key.enter}`);
  await alice.waitFor('another address');
  alice.write('9');
  await alice.waitFor('Who are you?  alice9');
  alice.write(key.escape);
  await alice.waitFor('public ▸ type a message');
  alice.resize(20, 6);
  alice.write(`/connect${key.enter}`);
  const rows = await alice.waitFor(/Who +alice/);
  expect(rows.filter(row => row !== '').length).toBeGreaterThanOrEqual(4);
  alice.write(key.escape);
  await alice.waitFor(rows => !rows.join().includes('Who'));
  alice.write(`fin${key.enter}`);
  expect((await bob.next('message')).text).toBe('fin');
});

test('a hub of another protocol is offered, and Enter joins it', async () => {
  const [, port = ''] = people.hub.addressOf('messagerie').split('127.0.0.1:');
  const alice = start([`res302://127.0.0.1:${port}`, '--nick', 'alice']);
  await alice.waitFor(/asking 127\.0\.0\.1:\d+ in res302.*2 of 6 tries/);
  await alice.waitFor('A hub that speaks');
  await alice.waitFor('Enter joins the hub that answers there');
  alice.write(key.enter);
  await alice.waitFor(/alice at 127\.0\.0\.1:\d+ · messagerie +●/);
});

test('Esc while nobody answers opens the form', async () => {
  const {env} = withSettings({});
  // A hub that has stopped: nobody answers, whatever is asked.
  people.hub.signal('SIGSTOP');
  const alice = start([people.hub.address, '--nick', 'alice'], {env});
  await alice.waitFor('Esc: another hub');
  alice.write(key.escape);
  await alice.waitFor('Who are you?  alice');
  people.hub.signal('SIGCONT');
  alice.write(key.enter);
  await alice.waitFor('●');
});

/** Reads a QR code from what the cells look like: the upper half of each, and the lower half. */
function readCode(terminal: Terminal): string | undefined {
  const height = 2 * terminal.screen().length;
  const width = terminal.columns;
  const scale = 4;
  const picture = new Uint8ClampedArray(4 * width * scale * height * scale).fill(255);
  const rgb = (colour = '#16181d') =>
    [1, 3, 5].map(at => Number.parseInt(colour.slice(at, at + 2), 16));
  for (let y = 0; y < height * scale; y++) {
    for (let x = 0; x < width * scale; x++) {
      const half = Math.floor(y / scale);
      const cell = terminal.cell(Math.floor(x / scale), Math.floor(half / 2));
      const isInk =
        cell.text === '█' || cell.text === '#' || cell.text === (half % 2 === 0 ? '▀' : '▄');
      const colours = [cell.foreground ?? '#dddddd', cell.background ?? '#16181d'];
      const shown = isInk !== cell.isInverse ? colours[0] : colours[1];
      picture.set(rgb(shown), 4 * (y * width * scale + x));
    }
  }
  return readQr(picture, width * scale, height * scale, {inversionAttempts: 'dontInvert'})?.data;
}

test.each([
  ['in half blocks', {}],
  ['without colours', {NO_COLOR: '1'}],
  ['in sixteen colours', {TERM: 'xterm', COLORTERM: ''}],
])('/share shows a link, and the same as a QR code %s that readers read', async (_how, env) => {
  const alice = start(['--nick', 'alice'], {env});
  const rows = await alice.waitFor('Nobody else is here');
  const [, port = ''] = /127\.0\.0\.1:(\d+)/.exec(rows.join('\n')) ?? [];
  alice.write(`/share${key.enter}`);
  const shown = await alice.waitFor('Esc closes');
  const [link = ''] = /chat-tui:\/\/\S+/.exec(shown.join('\n')) ?? [];
  expect(link).toContain(`chat-tui://127.0.0.1:${port}`);
  expect(readCode(alice)).toBe(link);
  // What it says leads to the same hub.
  const bob = people.run(link, '--nick', 'bob');
  await bob.next('connected', ({server}) => server.endsWith(`:${port}`));
  alice.write(key.escape);
  await alice.waitFor('public ▸');
});

test('in ASCII a module of the code is two signs, and where there is no room there is none', async () => {
  const {hub} = people;
  const alice = start([hub.addressOf('cosp'), '--nick', 'alice'], {
    columns: 100,
    rows: 50,
    env: {LANG: 'C'},
  });
  await alice.waitFor('public >');
  alice.write(`/share${key.enter}`);
  await alice.waitFor('##');
  const [link = ''] = /chat-tui:\/\/\S+/.exec(alice.screen().join('\n')) ?? [];
  expect(link).toMatch(/^chat-tui:\/\/.*\?protocol=cosp$/);
  expect(alice.screen().join('')).toMatch(/^\p{ASCII}*$/u);
  alice.resize(60, 20);
  // A terminal that is resized is drawn twice, the second time from an empty screen.
  const rows = await alice.waitFor(
    rows => rows.some(row => /a QR code needs \d+x\d+/.test(row)) && rows.join('').includes(link),
  );
  expect(rows.join('')).not.toContain('##');
});
