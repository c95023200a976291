/** Writing a draft with a list, in parts and in an editor, in the built program. */
import {chmod, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {hears, say} from './conversation.ts';
import {gathering} from './gathering.ts';
import {ctrl, key, paste} from './keys.ts';
import {chatTui} from './processes.ts';
import type {Terminal} from './terminal.ts';

const people = gathering();

/** A full-screen client that has arrived. */
async function enter(
  nick: string,
  env: Readonly<Record<string, string>> = {},
  size = {columns: 104, rows: 30},
): Promise<Terminal> {
  const args = ['--server', people.hub.address, '--nick', nick];
  const terminal = chatTui(args, {...size, env});
  onTestFinished(() => terminal.dispose());
  await terminal.waitFor('●');
  return terminal;
}

/** A program that is the user's editor: it shows the text, waits for a line, and adds it to the file. */
async function editor(): Promise<{readonly command: string; readonly log: string}> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'editor-'));
  onTestFinished(() => rm(folder, {recursive: true}));
  const command = path.join(folder, 'edit');
  const log = path.join(folder, 'log');
  const script = [
    '#!/bin/sh',
    `ls -l "$1" > "${log}"; ls -ld "$(dirname "$1")" >> "${log}"`,
    'echo "the editor has $(cat "$1")"',
    'read line',
    '[ "$line" = fail ] && exit 3',
    'printf "%s\\n" "$line" >> "$1"',
  ];
  await writeFile(command, script.join('\n'));
  await chmod(command, 0o755);
  return {command, log};
}

test('Ctrl-X Ctrl-E gives the terminal to the editor, and the draft gets what it leaves', async () => {
  const bob = await people.connected('res302', 'bob');
  const {command, log} = await editor();
  const alice = await enter('alice', {EDITOR: command});
  const {cursor: _, ...before} = alice.state();
  alice.write('first');
  await alice.waitFor('▸ first');
  alice.write(ctrl('x') + ctrl('e'));
  await alice.waitFor(/^the editor has first$/);
  expect(alice.state()).toMatchObject({isAlternateScreen: false, isPasteBracketed: false});
  // Nothing is drawn over the editor.
  await say(bob, 'while you write');
  alice.write(`second${key.enter}`);
  await alice.waitFor(
    rows => rows.some(row => /▸ first$/.test(row)) && rows.some(row => /^ +second$/.test(row)),
  );
  await alice.waitFor('while you write');
  expect(alice.state()).toMatchObject(before);
  alice.write(key.enter);
  await hears(bob, 'alice', 'first\nsecond', 'public');

  const [file = '', folder = ''] = (await readFile(log, 'utf8')).split('\n');
  expect(file).toMatch(/^-rw------- /);
  expect(folder).toMatch(/^drwx------ /);
  await expect(readFile(folder.split(' ').at(-1) ?? '')).rejects.toMatchObject({code: 'ENOENT'});

  alice.write('again');
  await alice.waitFor('▸ again');
  alice.write(ctrl('x') + ctrl('e'));
  await alice.waitFor(/^the editor has again$/);
  alice.write(`fail${key.enter}`);
  await alice.waitFor('has failed with 3: the draft is as it was');
  await alice.waitFor('▸ again');

  // The terminal sends Ctrl-C to all of them, and only the editor ends.
  alice.write(` and again${ctrl('x')}${ctrl('e')}`);
  await alice.waitFor(/^the editor has again and again$/);
  alice.write(ctrl('c'));
  await alice.waitFor('the draft is as it was');
  await alice.waitFor('▸ again and again');
});

test('on the smallest screen, what can be typed is a row above the draft', async () => {
  const alice = await enter('alice', {}, {columns: 20, rows: 6});
  alice.write('/');
  await alice.waitFor(/^ \/help/);
  alice.write(key.tab);
  await alice.waitFor(rows => rows.at(-2)?.startsWith('▸/help') ?? false);
  alice.write(key.tab);
  await alice.waitFor(rows => rows.at(-2)?.startsWith('▸/invite') ?? false);
  expect(alice.screen()).toHaveLength(6);
});

test('a text that is too long shows its parts, and goes out in them', async () => {
  const bob = await people.connected('res302', 'bob');
  const alice = await enter('alice');
  const words = 'one word and another '.repeat(30).trim();
  alice.write(paste(words));
  await alice.waitFor(/629\/500 · 2 parts/);
  alice.write(key.enter);
  await alice.waitFor('Enter sends 2 messages to everybody');
  alice.write(key.enter);
  const heard = [await bob.next('message'), await bob.next('message')].map(({text}) => text);
  expect(heard.join(' ')).toBe(words);

  await say(bob, 'ok');
  await alice.waitFor(/bob[ │]+ok/);
  alice.write(`:smirk${key.tab}`);
  await alice.waitFor('😏');
  alice.write(key.enter);
  await hears(bob, 'alice', '😏 ', 'public');
});

test('Tab offers first who wrote last, and takes back whom one ignores after they have left', async () => {
  const james = await people.connected('res302', 'james');
  const jimmy = await people.connected('res302', 'jimmy');
  const alice = await enter('alice');
  await say(james, 'hello');
  await say(jimmy, 'hello too');
  await alice.waitFor('hello too');
  alice.write(`j${key.tab}`);
  await alice.waitFor('▸ jimmy:');
  await alice.waitFor(/^ james$/);
  alice.write(`${ctrl('u')}/ignore jimmy${key.enter}`);
  await alice.waitFor('What jimmy writes is not shown');
  jimmy.write('/quit');
  await jimmy.exited;
  await alice.waitFor(rows => !rows.some(row => /jimmy +public/.test(row)));
  alice.write(`/unignore ji${key.tab}`);
  await alice.waitFor('▸ /unignore jimmy');
});

test('without a screen, an ignored person is not printed either', async () => {
  const alice = await people.connected('res302', 'alice');
  const carl = await people.connected('res302', 'carl');
  const bob = await people.connected('res302', 'bob');
  bob.write('/ignore alice');
  await say(alice, 'psst');
  alice.write('/invite bob');
  await say(alice, 'do come');
  await say(carl, 'salut');
  expect(await bob.next('message')).toMatchObject({from: 'carl', text: 'salut'});
  bob.write('/accept');
  expect(await bob.next('error')).toMatchObject({code: 'no-invitation'});
});
