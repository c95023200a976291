/** What the built program does with a terminal beyond showing text: as bytes, in the terminals that know it and in others. */
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {gathering} from './gathering.ts';
import {ctrl, key} from './keys.ts';
import {chatTui} from './processes.ts';
import type {Terminal} from './terminal.ts';

const people = gathering();

const focusIn = '\u001b[I';
const focusOut = '\u001b[O';
const wheelUp = '\u001b[<64;10;10M';

type Variables = Readonly<Record<string, string>>;

async function enter(env: Variables = {}, settings?: object): Promise<Terminal> {
  const terminal = chatTui(['--server', people.hub.address, '--nick', 'alice'], {
    columns: 104,
    rows: 26,
    env: {...env, ...(settings && configuration(settings))},
  });
  onTestFinished(() => terminal.dispose());
  await terminal.waitFor(/[●*] \d/);
  return terminal;
}

function configuration(settings: object): Variables {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'chat-tui-features-'));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  mkdirSync(path.join(folder, 'chat-tui'));
  writeFileSync(path.join(folder, 'chat-tui', 'settings.json'), JSON.stringify(settings));
  return {XDG_CONFIG_HOME: folder};
}

async function enterHeadless(nick: string) {
  const client = people.run('--server', people.hub.address, '--nick', nick);
  await client.next('connected');
  return client;
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

test('a mention is on the desktop while the terminal is not looked at, and only then', async () => {
  const alice = await enter({TERM: 'foot'});
  const bob = await enterHeadless('bob');
  alice.write(focusIn);
  const drawn = alice.raw.length;
  bob.write('alice: are you there?');
  await alice.waitFor('are you there?');
  expect(alice.raw.slice(drawn)).not.toContain('\u0007');
  alice.write(focusOut);
  bob.write('alice; hello?');
  await alice.waitFor('hello?');
  expect(alice.raw).toContain('\u0007\u001b]777;notify;bob mentions you;alice, hello?\u0007');
  // A burst is one.
  for (let text = 1; text <= 5; text++) bob.write(`alice, ${text}`);
  await alice.waitFor('alice, 5');
  expect(count(alice.raw, '\u001b]777')).toBe(1);
  expect(alice.state().title).toBe('(6!) chat-tui');
  // Nothing of the reports was typed.
  expect(alice.screen().join('\n')).toMatch(/public ▸ type/);
});

test.each([
  {TERM: 'xterm-256color'},
  {TERM: 'linux'},
  {TERM: 'tmux-256color', TMUX: '/tmp/tmux-0/default,1,0'},
  {TERM: 'screen', STY: '1.pts-0.host'},
])('in a terminal that knows no notices there are none: %j', async env => {
  const alice = await enter(env);
  const bob = await enterHeadless('bob');
  alice.write(focusOut);
  bob.write('alice: are you there?');
  await alice.waitFor('are you there?');
  expect(alice.raw).not.toMatch(/\](?:9|99|777);/);
});

test('/mute silences, and says until when', async () => {
  const alice = await enter({TERM: 'xterm-kitty'});
  const bob = await enterHeadless('bob');
  alice.write(`/mute 1h${key.enter}`);
  await alice.waitFor(/until \d\d:\d\d/);
  alice.write(focusOut);
  bob.write('alice: are you there?');
  await alice.waitFor('are you there?');
  expect(alice.raw).not.toContain(']99;');
});

test('the modes are switched on, and all of them off at the end', async () => {
  const alice = await enter({}, {mouse: 'on'});
  expect(alice.raw).toContain('\u001b[?1007s');
  expect(alice.raw).toContain('\u001b[?1007l');
  expect(alice.state()).toMatchObject({isFocusReported: true, mouseTracking: 'vt200'});
  const bob = await enterHeadless('bob');
  for (let line = 1; line <= 40; line++) bob.write(`line ${line}`);
  await alice.waitFor('line 40');
  alice.write('a draft');
  await alice.waitFor('a draft');
  alice.write(wheelUp + wheelUp);
  await alice.waitFor('below');
  expect(alice.screen().join('\n')).toContain('▸ a draft');
  alice.write(ctrl('c'));
  alice.write(ctrl('c'));
  await alice.waitFor(/Ctrl-C again/i);
  alice.write(ctrl('c'));
  expect(await alice.exited).toEqual({code: 0, signal: undefined});
  expect(alice.state()).toMatchObject({isFocusReported: false, mouseTracking: 'none', title: ''});
  expect(alice.raw).toContain('\u001b[?1007r');
});

test('without the setting the mouse is left to the terminal', async () => {
  expect((await enter()).state().mouseTracking).toBe('none');
});

test('/copy and /open without a display copy, through tmux too', async () => {
  const alice = await enter({TERM: 'tmux-256color', TMUX: '/tmp/tmux-0/default,1,0'});
  const bob = await enterHeadless('bob');
  bob.write('see https://example.org/plan.');
  await alice.waitFor('example.org/plan');
  alice.write(`/copy${key.enter}`);
  await alice.waitFor('Copied what bob wrote');
  const osc = `]52;c;${btoa('see https://example.org/plan.')}\u0007`;
  expect(alice.raw).toContain(`\u001b${osc}\u001bPtmux;\u001b\u001b${osc}\u001b\\`);
  alice.write(`/open${key.enter}`);
  await alice.waitFor('cannot be opened from here');
  expect(alice.raw).toContain(`]52;c;${btoa('https://example.org/plan')}\u0007`);
});

test.each([
  [{TERM: 'foot'}, undefined, true],
  [
    {TERM: 'tmux-256color', TMUX: '1', TERM_PROGRAM: 'tmux', TERM_PROGRAM_VERSION: '3.4'},
    undefined,
    true,
  ],
  [
    {TERM: 'tmux-256color', TMUX: '1', TERM_PROGRAM: 'tmux', TERM_PROGRAM_VERSION: '3.3a'},
    undefined,
    false,
  ],
  [{TERM: 'xterm-256color'}, undefined, false],
  [{TERM: 'xterm-256color'}, {links: 'on'}, true],
  [{TERM: 'foot'}, {links: 'off'}, false],
] as const)(
  'with %j and the settings %j, an address is a link: %s',
  async (env, settings, isLink) => {
    const alice = await enter(env, settings);
    const bob = await enterHeadless('bob');
    const target = `https://example.org/${'long/'.repeat(20)}end`;
    bob.write(`see ${target}, or https://a.example`);
    await alice.waitFor('a.example');
    const opened = alice.raw.split('\u001b]8;').filter(part => part.startsWith('id='));
    if (!isLink) {
      expect(opened).toEqual([]);
      return;
    }
    // The long one is on two rows, and one link.
    const links = opened.map(part => part.slice(0, part.indexOf('\u0007')));
    const [id = ''] = links[0]?.split(';') ?? [];
    expect(links.slice(0, 2)).toEqual([`${id};${target}`, `${id};${target}`]);
    expect(links.at(-1)).toMatch(/;https:\/\/a\.example\/$/);
    expect(links.length).toBe(alice.raw.split('\u001b]8;;\u0007').length - 1);
    // What stands behind a link is where it was.
    const edges = alice
      .screen()
      .slice(4, 14)
      .map(row => row.lastIndexOf('│'));
    expect(new Set(edges).size).toBe(1);
  },
);

test('a terminal that says its name gets what it knows', async () => {
  const alice = await enter({TERM: 'xterm-256color'});
  const bob = await enterHeadless('bob');
  expect(alice.raw).toContain('\u001b[>q');
  alice.write('\u001bP>|WezTerm 20240203-110809\u001b\\');
  alice.write(focusOut);
  bob.write('alice: are you there?');
  await alice.waitFor('are you there?');
  expect(alice.raw).toContain('\u001b]9;bob mentions you: alice: are you there?\u0007');
});
