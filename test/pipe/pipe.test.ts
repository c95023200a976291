import {PassThrough} from 'node:stream';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import type {EngineEvent} from '../../source/client/events.ts';
import {reduce} from '../../source/client/reduce.ts';
import type {UserRequest} from '../../source/client/requests.ts';
import {initialState} from '../../source/client/state.ts';
import {type PipeClient, runPipe} from '../../source/pipe/pipe.ts';
import {Pump} from '../../source/pipe/pump.ts';
import {FakeConnection} from './fake-connection.ts';

beforeEach(() => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval']});
});
afterEach(() => {
  vi.useRealTimers();
});

/** A client whose hub is the test. */
class FakeClient implements PipeClient {
  state = initialState({
    protocol: 'cosp',
    server: 'cosp://h:30204',
    nick: 'alice',
    features: new Set(['links']),
  });
  readonly calls: string[] = [];
  readonly #listeners = new Set<(event: EngineEvent) => void>();

  tell(...events: readonly EngineEvent[]): void {
    for (const event of events) {
      this.state = reduce(this.state, event, 0);
      for (const listener of this.#listeners) listener(event);
    }
  }

  onEvent(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  request(request: UserRequest): boolean {
    if (request.type === 'link') this.calls.push(`link ${request.to}`);
    else if (request.type === 'answer' && request.accepted) {
      this.calls.push(`accept ${request.from}`);
    } else this.calls.push(request.type);
    return true;
  }
}

const connected: EngineEvent = {
  type: 'connected',
  protocol: 'cosp',
  server: 'cosp://h:30204',
  nick: 'alice',
  features: ['links'],
};
const linked: EngineEvent = {type: 'link-opened', nick: 'Bob'};
const asks = (from: string): EngineEvent => ({type: 'invitation', from, mode: 'link'});
const users = (...nicks: readonly string[]): EngineEvent => ({
  type: 'users',
  users: nicks.map(nick => ({nick, self: nick === 'alice'})),
});

/** alice, who wants a private connection with bob. */
function run({isAccepting = false, isTTY = false} = {}) {
  const client = new FakeClient();
  const input = new PassThrough();
  const output = new PassThrough();
  const diagnostics = Object.assign(new PassThrough().setEncoding('utf8'), {isTTY});
  let written = '';
  diagnostics.on('data', text => {
    written += text;
  });
  const pump = new Pump({input, output});
  const exitCode = runPipe(client, pump, {peer: 'bob', isAccepting, diagnostics});
  return {
    client,
    pump,
    input,
    output,
    exitCode,
    /** The private connection is there. */
    open() {
      const connection = new FakeConnection();
      const listener = pump.open(connection);
      client.tell(linked);
      return {connection, listener};
    },
    async said() {
      await new Promise(resolve => setImmediate(resolve));
      return written;
    },
  };
}

test('asks when it is connected, and says nothing if all goes well', async () => {
  const {client, input, exitCode, said, open, output} = run();
  client.tell(connected, users('alice', 'bob'));
  expect(client.calls).toEqual(['link bob']);
  client.tell({type: 'invitation-answer', nick: 'bob', accepted: true});
  const {listener} = open();
  input.end();
  output.resume();
  await new Promise(resolve => setImmediate(resolve));
  listener.ended(0);
  listener.closed(undefined, 0);
  client.tell({type: 'link-closed', nick: 'bob'}, users('alice'));
  expect(await exitCode).toBe(0);
  expect(await said()).toBe('');
});

test('waits for one who asks, and lets others ask', () => {
  const {client} = run({isAccepting: true});
  client.tell(connected, users('alice'), asks('carl'), asks('BOB'));
  expect(client.calls).toEqual(['accept BOB']);
  vi.advanceTimersByTime(24 * 3_600_000);
});

test('a side that only asks answers nobody', () => {
  const {client} = run();
  client.tell(connected, asks('carl'), asks('bob'));
  expect(client.calls).toEqual(['link bob']);
});

test('after a request that has expired, the next one is accepted', () => {
  const {client} = run({isAccepting: true});
  client.tell(connected, asks('bob'));
  client.tell({type: 'invitation-ended', from: 'bob', reason: 'expired'}, asks('bob'));
  expect(client.calls).toEqual(['accept bob', 'accept bob']);
});

test.each<[string, EngineEvent, string]>([
  ['declined', {type: 'invitation-answer', nick: 'bob', accepted: false}, 'bob has declined'],
  [
    'for somebody who is not there',
    {type: 'error', code: 'no-such-user', message: '/list'},
    'nobody here is called bob',
  ],
  ['not opened', {type: 'error', code: 'no-such-link', message: 'x\u001b[2J'}, 'with bob: x␛[2J'],
  [
    'refused for the nickname',
    {type: 'refused', reason: 'nickname-in-use', message: 'Taken'},
    'Taken (--nick)',
  ],
  ['not let in', {type: 'refused', reason: 'unreachable', message: 'Nobody'}, 'Nobody'],
  ['without a hub', {type: 'disconnected', reason: 'hub-silent'}, 'the hub does not answer'],
])('%s: one line says so, exit code 1', async (_what, event, words) => {
  const {client, exitCode, said} = run();
  client.tell(connected, event);
  expect(await exitCode).toBe(1);
  expect(await said()).toMatch(/^chat-tui: [^\n]*\n$/);
  expect(await said()).toContain(words);
});

test('nobody answers in five minutes', async () => {
  const {client, exitCode, said} = run();
  client.tell(connected);
  vi.advanceTimersByTime(5 * 60_000);
  expect(await exitCode).toBe(1);
  expect(await said()).toBe('chat-tui: bob has not answered in five minutes\n');
});

test('a connection that breaks says so', async () => {
  const {open, exitCode, said} = run();
  const {listener} = open();
  vi.advanceTimersByTime(10 * 60_000);
  listener.closed('ECONNRESET', 0);
  expect(await exitCode).toBe(1);
  expect(await said()).toBe(
    'chat-tui: the private connection with bob broke before both sides had ended\n',
  );
});

test('one who leaves the hub without having ended has broken it', async () => {
  const {client, open, exitCode} = run();
  const {connection} = open();
  client.tell(users('alice', 'bob', 'Bob'));
  expect(connection.calls).toEqual([]);
  client.tell({type: 'departed', nick: 'bob'});
  expect(connection.calls).toEqual([]);
  client.tell({type: 'departed', nick: 'Bob'});
  expect(await exitCode).toBe(1);
  expect(connection.calls).toEqual(['(destroy)']);
});

test('a reader who has gone ends it without a word', async () => {
  const {open, output, exitCode, said} = run();
  open();
  output.destroy(Object.assign(new Error('write EPIPE'), {code: 'EPIPE'}));
  expect(await exitCode).toBe(1);
  expect(await said()).toBe('');
});

test('an input that cannot be read says why', async () => {
  const {open, input, exitCode, said} = run();
  open();
  input.destroy(new Error('EISDIR: illegal operation on a directory, read'));
  expect(await exitCode).toBe(1);
  expect(await said()).toMatch(/^chat-tui: standard input: EISDIR: [^\n]*\n$/);
});

test('a terminal is told on one line how far it is', async () => {
  const {client, open, input, exitCode, said} = run({isTTY: true});
  client.tell(connected);
  const {listener} = open();
  input.write('a'.repeat(2048));
  await new Promise(resolve => setImmediate(resolve));
  vi.advanceTimersByTime(500);
  listener.closed(undefined, 0);
  expect(await exitCode).toBe(1);
  const lines = (await said()).split('\n');
  expect(lines[0]).toContain('\rwaiting for bob\u001b[K\rbob  ↑ 0 B\u001b[K\rbob  ↑ 2.0 KiB');
  expect(lines[1]).toMatch(/^chat-tui: .*broke/);
  expect(lines).toHaveLength(3);
});
