/** `chat-tui say`, `chat-tui wait` and what `--headless` does with more than one hub or name. */
import {spawnSync} from 'node:child_process';
import process from 'node:process';
import {afterAll, beforeAll, expect, onTestFinished, test} from 'vitest';
import {jsonSchema} from '../../source/headless/schema.ts';
import {checkEvent} from '../headless/valid.ts';
import {JsonProgram} from './json-program.ts';
import {type HeadlessEvent, type Hub, headless, program, startHub} from './processes.ts';

let hub: Hub;

beforeAll(async () => {
  hub = await startHub();
});

afterAll(() => hub.stop());

function run(...args: readonly string[]): JsonProgram<HeadlessEvent> {
  const ran = new JsonProgram<HeadlessEvent>(process.execPath, [program, ...args], {
    check: checkEvent,
  });
  onTestFinished(() => ran.dispose());
  return ran;
}

async function join(nick: string, ...options: readonly string[]) {
  const person = headless(['--server', hub.address, '--nick', nick, ...options]);
  onTestFinished(async () => {
    // With a goodbye: its name is for the next test.
    person.signal('SIGTERM');
    await person.exited;
    await person.dispose();
  });
  await person.next('connected');
  return person;
}

const as = (nick: string) => ['--server', hub.address, '--nick', nick];

test('say says exactly one text, and ends when it is confirmed', async () => {
  const alice = await join('alice');
  const said = run('say', ...as('robot'), '/etc/motd', 'is', '007');
  expect(await said.exited).toMatchObject({code: 0});
  expect(await said.errors).toBe('');
  expect(await alice.next('message')).toMatchObject({from: 'robot', text: '/etc/motd is 007'});
});

test('say tells by its exit code what went wrong', async () => {
  await join('alice');
  const taken = run('say', ...as('alice'), 'salut');
  expect(await taken.exited).toMatchObject({code: 1});
  expect(await taken.errors).toContain('alice');
  const direct = run('say', ...as('robot'), '--to', 'alice', 'salut');
  expect(await direct.exited).toMatchObject({code: 1});
  expect(await direct.errors).toContain('has no direct messages');
});

test('say gives a hub that does not answer as long as it is told, and ends with 3', async () => {
  const frozen = await startHub();
  onTestFinished(() => frozen.stop());
  frozen.signal('SIGSTOP');
  const said = run('say', '--server', frozen.address, '--nick', 'robot', '--timeout', '0.3', 'x');
  expect(await said.exited).toMatchObject({code: 3});
  expect(await said.errors).toBe('chat-tui: not confirmed within 0.3 s\n');
});

test('wait prints the first event that is wanted, and passes over what takes for ever to compare', async () => {
  const bob = await join('bob');
  const waiting = run('wait', ...as('robot'), '--from', 'bob', '--match', '^(a+)+$|^go');
  await bob.next('arrived', ({nick}) => nick === 'robot');
  bob.write(`${'a'.repeat(60)}!`);
  bob.write('go on');
  const event = await waiting.next('message');
  expect(event).toMatchObject({from: 'bob', text: 'go on', id: 2});
  expect(await waiting.exited).toMatchObject({code: 0});
  expect(await waiting.errors).toContain('--match takes too long');
});

test('wait ends with 3 when the time is over, and with 2 for what never comes', async () => {
  const waiting = run('wait', ...as('robot'), '--for', 'invitation', '--timeout', '0.2');
  expect(await waiting.exited).toMatchObject({code: 3});
  const wrong = run('wait', ...as('robot'), '--for', 'rain');
  expect(await wrong.exited).toMatchObject({code: 2});
  expect(await wrong.errors).toContain('--for has to be one of connected, refused, message');
});

test('a refused name leads back to the former one, if that is wanted', async () => {
  await join('alice');
  const bob = await join('bob', '--on-refusal', 'stay');
  bob.write('{"do":"nick","nick":"alice","tag":"n"}');
  bob.write('still here');
  expect(await bob.next('refused')).toMatchObject({
    reason: 'nickname-in-use',
    back: true,
    tag: 'n',
  });
  expect(await bob.next('connected')).toMatchObject({nick: 'bob'});
  const {id} = await bob.next('sent');
  await bob.next('delivered', event => event.id === id);
});

test('every attempt and every confirmation is told with --trace', async () => {
  const alice = await join('alice', '--trace');
  alice.write('{"do":"say","text":"salut","tag":"t"}');
  const attempt = await alice.next('attempt');
  expect(attempt).toMatchObject({id: 1, number: 1, left: 5, timeoutMs: 500, tag: 't'});
  expect(Buffer.from(attempt.frame, 'hex').toString('latin1')).toContain('salut');
  expect(await alice.next('confirmation')).toMatchObject({id: 1, tag: 't'});
  expect(await alice.next('delivered')).toMatchObject({id: 1, tag: 't'});
});

test('the schema that is printed is the one that is tested', () => {
  const {stdout} = spawnSync(process.execPath, [program, '--json-schema'], {encoding: 'utf8'});
  expect(JSON.parse(stdout)).toEqual(jsonSchema);
});
