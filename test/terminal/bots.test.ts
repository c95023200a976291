/** The programs of docs/bots/, each at work with the built program. */
import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {appendFileSync, chmodSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {afterAll, beforeAll, expect, onTestFinished, test} from 'vitest';
import {isolatedEnvironment} from './environment.ts';
import type {JsonProgram} from './json-program.ts';
import {type HeadlessEvent, type Hub, headless, program, startHub} from './processes.ts';

const bots = path.resolve(import.meta.dirname, '../../docs/bots');

/** A folder with `chat-tui` in it, as after an installation. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'chat-tui-bots-'));
const environment = isolatedEnvironment({PATH: `${folder}:${process.env['PATH']}`});
let hub: Hub;

beforeAll(async () => {
  const command = path.join(folder, 'chat-tui');
  writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  chmodSync(command, 0o755);
  hub = await startHub();
});

afterAll(async () => {
  await hub.stop();
  environment.dispose();
  rmSync(folder, {recursive: true});
});

/** Whether the machine has that interpreter. */
function has(command: string): boolean {
  return spawnSync(command, ['-c', ''], {env: environment.variables}).status === 0;
}

function start(command: string, ...args: readonly string[]): ChildProcess {
  const bot = spawn(command, args, {
    env: environment.variables,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(bot, 'exit');
  onTestFinished(async () => {
    bot.kill();
    await ended;
  });
  return bot;
}

async function join(nick: string, protocol: string): Promise<JsonProgram<HeadlessEvent>> {
  const person = headless(['--server', hub.addressOf(protocol), '--nick', nick]);
  onTestFinished(async () => {
    // With a goodbye: its name is for the next test.
    person.signal('SIGTERM');
    await person.exited;
    await person.dispose();
  });
  await person.next('connected');
  return person;
}

test('the bot in Node answers who names it, in public and alone', async () => {
  const server = hub.addressOf('shen');
  const alice = await join('alice', 'shen');
  start(process.execPath, path.join(bots, 'answer.mjs'), '--server', server, '--nick', 'robot');
  await hub.logged('connected', 'robot');
  alice.write('what time is it?');
  alice.write('robot: what time is it?');
  const answer = await alice.next('message');
  expect(answer).toMatchObject({scope: 'public', from: 'robot', mention: true});
  expect(answer.text).toMatch(/^alice: it is \d\d:\d\d$/);
  alice.write('/msg robot time');
  expect(await alice.next('message')).toMatchObject({scope: 'direct', from: 'robot'});
});

test.skipIf(!has('python3'))('the bot in Python says each new line of a file', async () => {
  const file = path.join(folder, 'build.log');
  writeFileSync(file, 'old\n');
  const server = hub.addressOf('res302');
  const alice = await join('alice', 'res302');
  start('python3', path.join(bots, 'tail.py'), file, '--server', server, '--nick', 'robot');
  await alice.next('arrived', ({nick}) => nick === 'robot');
  appendFileSync(file, '/quit is a text here\n\nΔ 2\n');
  expect(await alice.next('message')).toMatchObject({from: 'robot', text: '/quit is a text here'});
  expect(await alice.next('message')).toMatchObject({from: 'robot', text: 'Δ 2'});
});

test.skipIf(!has('sh'))('the bot in shell keeps a room open', async () => {
  const server = hub.addressOf('messagerie');
  const alice = await join('alice', 'messagerie');
  const keepRoom = path.join(bots, 'keep-room.sh');
  const bot = start('sh', keepRoom, 'tea', '--server', server, '--nick', 'host');
  const opened = createInterface({input: bot.stdout ?? process.stdin})[Symbol.asyncIterator]();
  // The hub closes a room in which one is left alone.
  for (let round = 0; round < 2; round++) {
    expect((await opened.next()).value).toBe('tea is open');
    alice.write('/join tea');
    expect(await alice.next('room-entered')).toMatchObject({members: ['host', 'alice']});
    alice.write('/leave');
    await alice.next('room-left');
  }
});
