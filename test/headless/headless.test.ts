import {once} from 'node:events';
import process from 'node:process';
import {PassThrough} from 'node:stream';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {describe, expect, test} from 'vitest';
import type {ChatClient} from '../../source/client/client.ts';
import type {Reading} from '../../source/client/draft.ts';
import {Durations} from '../../source/client/durations.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import {reduce} from '../../source/client/reduce.ts';
import {initialState, type State} from '../../source/client/state.ts';
import {runHeadless} from '../../source/headless/headless.ts';
import {isPublic, toJsonLine} from '../../source/headless/json.ts';
import {checkEvent} from './valid.ts';

const server = 'res302://h:30200';

/** A client with the test as its network: it records requests, and emits the events it is given. */
class ScriptedClient implements ChatClient {
  readonly journeys = undefined;
  readonly keyTimes = new Durations();
  readonly carryOver = () => false;
  state: State = initialState({protocol: 'res302', server, nick: 'alice', features: new Set()});
  readonly textRules = {maximumTextBytes: 500, carriesLineFeeds: true};
  /** Lines that were submitted, as `conversation: line`. */
  readonly lines: string[] = [];
  /** Texts on their way, as the test says. */
  pending = 0;
  isClosed = false;
  /** Nothing is read from the network. */
  isPaused = false;
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  readonly #watchers = new Set<() => void>();

  tell(...events: readonly EngineEvent[]): void {
    for (const event of events) {
      this.state = reduce(this.state, event, 0);
      for (const listener of this.#listeners) listener(event);
    }
    this.#changed();
  }

  /** The hub has let it in. */
  online(): void {
    this.tell(
      {type: 'connection', connection: {phase: 'connected'}, server, nick: 'alice'},
      {type: 'connected', protocol: 'res302', server, nick: 'alice', features: ['invitations']},
    );
  }

  /** Everything on its way has arrived. */
  settle(): void {
    this.pending = 0;
    this.#changed();
  }

  onEvent(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  subscribe(): () => void {
    return () => {};
  }

  submit(line: string, conversation: 'public' | 'room'): boolean {
    this.lines.push(`${conversation}: ${line}`);
    this.#changed();
    if (line === '/help') this.tell({type: 'help', topic: undefined});
    if (line === '/mentions') this.tell({type: 'mentions'});
    if (line === '/quit') this.tell({type: 'quit'});
    return true;
  }

  read(): Reading {
    return {kind: 'nothing'};
  }

  carryOut(): boolean {
    return false;
  }

  announce(): void {}

  leave(): void {
    this.tell(
      {type: 'connection', connection: {phase: 'closed'}, server, nick: 'alice'},
      {type: 'disconnected', reason: 'left'},
    );
  }

  async settled(pending = 0): Promise<void> {
    await this.until(() => this.pending <= pending);
  }

  stopTrying(): void {}

  readonly undelivered = [];

  /** As over a connection. */
  pause(): boolean {
    this.isPaused = true;
    return true;
  }

  resume(): void {
    this.isPaused = false;
    this.#changed();
  }

  async close(): Promise<void> {
    if (!this.isClosed && this.state.connection.phase === 'connected') this.leave();
    this.isClosed = true;
  }

  retry(): boolean {
    return false;
  }

  connect(): boolean {
    return false;
  }

  turnTo(): boolean {
    return false;
  }

  request(): boolean {
    return false;
  }

  /** Resolves when something is so: asked again after each thing that happens here. */
  until(isReached: () => boolean): Promise<void> {
    if (isReached()) return Promise.resolve();
    return new Promise(resolve => {
      const watch = () => {
        if (!isReached()) return;
        this.#watchers.delete(watch);
        resolve();
      };
      this.#watchers.add(watch);
    });
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

/** A headless client at work, and what it has written so far. */
function run() {
  const client = new ScriptedClient();
  const input = new PassThrough();
  const output = new PassThrough().setEncoding('utf8');
  const diagnostics = new PassThrough().setEncoding('utf8');
  const written = {output: '', diagnostics: ''};
  output.on('data', text => {
    written.output += text;
  });
  diagnostics.on('data', text => {
    written.diagnostics += text;
  });
  const exitCode = runHeadless(client, {input, output, diagnostics});
  return {
    client,
    input,
    output,
    exitCode,
    /** The exit code, when all that was written has been read. */
    async end(): Promise<number> {
      const code = await exitCode;
      const ended = [output, diagnostics].map(
        stream => new Promise(resolve => stream.once('end', resolve)),
      );
      output.end();
      diagnostics.end();
      await Promise.all(ended);
      return code;
    },
    get events(): Record<string, unknown>[] {
      return written.output
        .split('\n')
        .filter(line => line !== '')
        .map(eventOf);
    },
    get diagnostics(): string {
      return written.diagnostics;
    },
  };
}

/** Every line that is read here is one that the schema knows. */
function eventOf(line: string): Record<string, unknown> {
  const event = JSON.parse(line);
  checkEvent(event);
  return event;
}

const tick = () => new Promise<void>(resolve => setImmediate(resolve));

describe('a session without a screen', () => {
  test('is lines in and JSON out, and ends with the input', async () => {
    const session = run();
    session.client.online();
    session.input.end('salut\n/list\n');
    expect(await session.end()).toBe(0);
    expect(session.client.lines).toEqual(['public: salut', 'public: /list']);
    expect(session.client.isClosed).toBe(true);
    expect(session.events).toEqual([
      {
        type: 'connected',
        at: expect.any(String),
        v: 1,
        protocol: 'res302',
        server,
        nick: 'alice',
        features: ['invitations'],
      },
      {type: 'disconnected', at: expect.any(String), reason: 'left'},
    ]);
  });

  test('reads nothing before it is connected', async () => {
    const session = run();
    session.input.end('salut\n');
    await tick();
    expect(session.client.lines).toEqual([]);
    session.client.online();
    expect(await session.end()).toBe(0);
    expect(session.client.lines).toEqual(['public: salut']);
  });

  test('speaks where one is at that moment', async () => {
    const session = run();
    session.client.online();
    session.input.write('one\n');
    await session.client.until(() => session.client.lines.length === 1);
    session.client.tell({type: 'room-entered', mode: 'centralised', members: ['alice', 'bob']});
    session.input.end('two\n');
    await session.end();
    expect(session.client.lines).toEqual(['public: one', 'room: two']);
  });

  test('speaks over the private connection while there is one', async () => {
    const session = run();
    const {client, input} = session;
    client.online();
    client.tell({type: 'link-opened', nick: 'bob'});
    input.write('one\n');
    await client.until(() => client.lines.length === 1);
    client.tell({type: 'message', scope: 'link', from: 'bob', text: 'psst'});
    client.tell({type: 'link-closed', nick: 'bob'});
    input.end('two\n');
    await session.end();
    expect(client.lines).toEqual(['room: one', 'public: two']);
    expect(session.events.slice(1, -1)).toMatchObject([
      {type: 'link-opened', nick: 'bob'},
      {type: 'message', scope: 'link', from: 'bob', text: 'psst'},
      {type: 'link-closed', nick: 'bob'},
    ]);
  });

  test('takes a last line without an end, and lines that end as on Windows', async () => {
    const session = run();
    session.client.online();
    session.input.end('one\r\ntwo');
    await session.end();
    expect(session.client.lines).toEqual(['public: one', 'public: two']);
  });

  test('ends lines at line feeds alone', async () => {
    const session = run();
    session.client.online();
    session.input.end('a\u2028/quit\nb\r/quit\r\nc\n');
    expect(await session.end()).toBe(0);
    expect(session.client.lines).toEqual(['public: a\u2028/quit', 'public: b\r/quit', 'public: c']);
  });

  test('says how long a line is that it cannot take, and takes the next', async () => {
    const session = run();
    session.client.online();
    session.input.end(`${'x'.repeat(200_000)}\nnext\n`);
    expect(await session.end()).toBe(0);
    expect(session.client.lines).toEqual(['public: next']);
    expect(session.events).toContainEqual({
      type: 'error',
      at: expect.any(String),
      code: 'text-too-long',
      message: 'Not sent: the line has 200000 bytes, and can have 131072. Send it in parts',
    });
  });

  test('does not end while something is on its way', async () => {
    const session = run();
    session.client.online();
    session.client.pending = 1;
    session.input.end('salut\n');
    await session.client.until(() => session.client.lines.length === 1);
    await tick();
    expect(session.client.isClosed).toBe(false);
    session.client.tell({type: 'delivered', id: 1});
    session.client.settle();
    expect(await session.end()).toBe(0);
    expect(session.events.map(({type}) => type)).toEqual([
      'connected',
      'delivered',
      'disconnected',
    ]);
  });

  test('does not read on while very much is on its way', async () => {
    const session = run();
    session.client.online();
    session.client.pending = 1000;
    session.input.end('one\ntwo\n');
    await session.client.until(() => session.client.lines.length === 1);
    await tick();
    expect(session.client.lines).toEqual(['public: one']);
    session.client.settle();
    await session.end();
    expect(session.client.lines).toEqual(['public: one', 'public: two']);
  });

  test('ends with /quit, whatever is still to be read', async () => {
    const session = run();
    session.client.online();
    session.input.write('/quit\nnever said\n');
    expect(await session.end()).toBe(0);
    expect(session.client.lines).toEqual(['public: /quit']);
    expect(session.events.at(-1)).toMatchObject({type: 'disconnected', reason: 'left'});
  });

  test('that is refused ends with 1, having said so', async () => {
    const session = run();
    session.client.tell({type: 'refused', reason: 'nickname-in-use', message: 'Taken'});
    expect(await session.end()).toBe(1);
    expect(session.events).toEqual([
      {type: 'refused', at: expect.any(String), reason: 'nickname-in-use', message: 'Taken'},
    ]);
    expect(session.client.lines).toEqual([]);
  });

  test('that is thrown out later ends with 1 as well', async () => {
    const session = run();
    session.client.online();
    session.input.write('salut\n');
    await session.client.until(() => session.client.lines.length === 1);
    session.client.tell({type: 'refused', reason: 'nickname-in-use', message: 'Taken'});
    expect(await session.end()).toBe(1);
  });

  test('that is only interrupted goes on', async () => {
    const session = run();
    session.client.online();
    session.client.tell(
      {type: 'disconnected', reason: 'hub-silent'},
      {
        type: 'connection',
        connection: {phase: 'retrying', attempt: 1, at: 0},
        server,
        nick: 'alice',
      },
      {type: 'reconnecting', attempt: 1, delay: 1000},
    );
    session.client.online();
    session.input.end('salut\n');
    expect(await session.end()).toBe(0);
    expect(session.client.lines).toEqual(['public: salut']);
    expect(session.events.map(({type}) => type)).toEqual([
      'connected',
      'disconnected',
      'reconnecting',
      'connected',
      'disconnected',
    ]);
  });

  test('ends when nobody reads what it writes', async () => {
    const session = run();
    session.client.online();
    session.output.destroy(Object.assign(new Error('broken pipe'), {code: 'EPIPE'}));
    expect(await session.exitCode).toBe(0);
    expect(session.client.isClosed).toBe(true);
  });
});

const text = 'x'.repeat(1000);
const said = {type: 'message', scope: 'public', from: 'bob', text} as const;

/** A client whose events nobody reads until the test does. */
function unread() {
  const client = new ScriptedClient();
  const input = new PassThrough();
  const output = new PassThrough();
  const diagnostics = new PassThrough();
  const stopping = new AbortController();
  const exitCode = runHeadless(client, {input, output, diagnostics, signal: stopping.signal});
  client.online();
  return {client, input, output, diagnostics, stopping, exitCode};
}

/** All events that wait, and those that come while they are read. */
async function readEvents(output: PassThrough): Promise<Record<string, unknown>[]> {
  let lines = '';
  for (let chunk = output.read(); chunk !== null; chunk = output.read()) {
    lines += chunk;
    await tick();
  }
  return lines
    .split('\n')
    .filter(line => line !== '')
    .map(eventOf);
}

describe('events that nobody reads', () => {
  test('stop the network, until they are read', async () => {
    const {client, output} = unread();
    expect(client.isPaused).toBe(false);
    while (!client.isPaused && output.writableLength < 1_000_000) client.tell(said);
    expect(client.isPaused).toBe(true);
    const events = await readEvents(output);
    expect(client.isPaused).toBe(false);
    expect(events.at(-1)).toMatchObject(said);
  });

  test('are kept up to a mebibyte; of the rest the number is told, and what becomes of our own', async () => {
    const {client, output} = unread();
    for (let index = 0; index < 20_000; index++) client.tell(said);
    client.tell({type: 'delivered', id: 7});
    for (let index = 0; index < 20_000; index++) client.tell(said);
    expect(output.writableLength + output.readableLength).toBeLessThan(1_200_000);
    const events = await readEvents(output);
    const messages = events.filter(({type}) => type === 'message').length;
    expect(events.slice(messages + 1)).toMatchObject([
      {type: 'delivered', id: 7},
      {type: 'lost', count: 40_000 - messages},
    ]);
  });

  test('stop the input as well', async () => {
    const {client, input, output} = unread();
    while (!client.isPaused) client.tell(said);
    input.write('one\ntwo\n');
    await client.until(() => client.lines.length === 1);
    await tick();
    expect(client.lines).toEqual(['public: one']);
    await readEvents(output);
    await client.until(() => client.lines.length === 2);
  });

  test('do not keep the program when a signal comes', async () => {
    const {client, input, stopping, exitCode} = unread();
    while (!client.isPaused) client.tell(said);
    client.pending = 1;
    input.write('one\n');
    await client.until(() => client.lines.length === 1);
    stopping.abort();
    expect(await exitCode).toBe(0);
    expect(client.isClosed).toBe(true);
  });
});

test('a disk that is full ends it with a sentence, and not with 0', async () => {
  const session = run();
  session.client.online();
  const error = Object.assign(new Error('ENOSPC: no space left on device, write'), {
    code: 'ENOSPC',
  });
  session.output.destroy(error);
  expect(await session.exitCode).toBe(1);
  expect(session.diagnostics).toBe(`chat-tui: standard output: ${error.message}\n`);
  expect(session.client.isClosed).toBe(true);
});

test('lines that were read are not kept', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  const session = run();
  session.client.online();
  let submitted = 0;
  session.client.submit = () => {
    submitted++;
    return true;
  };
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let batch = 0; batch < 100; batch++) {
    const lines = Array.from({length: 1000}, (_, index) => `${batch} ${index}\n`);
    if (!session.input.write(lines.join(''))) await once(session.input, 'drain');
  }
  while (submitted < 100_000) await tick();
  collectGarbage();
  // 25 MB, if they were.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(5_000_000);
  session.input.end();
  await session.end();
});

describe('named rooms and direct messages', () => {
  const rooms: EngineEvent = {
    type: 'rooms',
    rooms: [{name: 'le projet', mode: 'decentralised', members: 3}],
  };

  test('are written with all that is known of them', async () => {
    const session = run();
    session.client.online();
    session.client.tell(
      rooms,
      {type: 'room-entered', name: 'le projet', mode: 'decentralised', members: ['alice']},
      {type: 'invitation', from: 'bob', mode: 'centralised', room: 'tp'},
      {type: 'message', scope: 'direct', from: 'bob', text: 'psst'},
      {type: 'sent', id: 1, scope: 'direct', to: 'bob', text: 'oui'},
      {type: 'failed', id: 1, reason: 'recipient-in-room', pending: []},
      {type: 'users', users: [{nick: 'bob', self: false}]},
    );
    session.input.end();
    await session.end();
    const at = expect.any(String);
    expect(session.events.slice(1, -1)).toEqual([
      {at, ...rooms},
      {
        at,
        type: 'room-entered',
        name: 'le projet',
        mode: 'decentralised',
        members: ['alice'],
      },
      {at, type: 'invitation', from: 'bob', mode: 'centralised', room: 'tp'},
      {at, type: 'message', scope: 'direct', from: 'bob', text: 'psst'},
      {at, type: 'sent', id: 1, scope: 'direct', to: 'bob', text: 'oui'},
      {at, type: 'failed', id: 1, reason: 'recipient-in-room', pending: []},
      {at, type: 'users', users: [{nick: 'bob', self: false}]},
    ]);
    expect(session.diagnostics).toBe('');
  });

  test('that were asked for are one event, and for people one line', async () => {
    const session = run();
    session.client.online();
    session.client.tell({type: 'room-list'}, rooms, rooms);
    session.input.end();
    await session.end();
    expect(session.events.map(({type}) => type)).toEqual([
      'connected',
      'rooms',
      'rooms',
      'disconnected',
    ]);
    expect(session.diagnostics).toBe('1 room: le projet (decentralised, 3)\n');
  });
});

describe('what is for people', () => {
  test('is help, on the side of the events', async () => {
    const session = run();
    session.client.online();
    session.input.end('/help\n');
    await session.end();
    expect(session.diagnostics).toContain('/invite NICK…');
    expect(session.events.map(({type}) => type)).toEqual(['connected', 'disconnected']);
  });

  test('is who has mentioned the user', async () => {
    const session = run();
    session.client.online();
    session.input.write('/mentions\n');
    await session.client.until(() => session.client.lines.length > 0);
    session.client.tell({type: 'message', scope: 'public', from: 'bob', text: 'alice:\nlook'});
    session.input.end('/mentions\n');
    await session.end();
    expect(session.diagnostics).toMatch(
      /^Nobody has mentioned you\n\d\d:\d\d bob {2}alice: look\n$/,
    );
  });

  test('is what the program has to say', async () => {
    const session = run();
    session.client.online();
    session.client.tell({type: 'notice', text: '2 here: alice (you), bob'});
    session.input.end();
    await session.end();
    expect(session.diagnostics).toBe('2 here: alice (you), bob\n');
  });

  test('acts on no terminal, whatever text of others it repeats', async () => {
    const session = run();
    session.client.online();
    session.client.tell({type: 'notice', text: 'here: \u001b[2Jbob\u009b31m\u202e'});
    session.input.end();
    await session.end();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what must not be written
    expect(session.diagnostics).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(session.diagnostics).toContain('bob');
  });

  test('of a person who is ignored is not written, until it is', async () => {
    const session = run();
    session.client.online();
    const {client} = session;
    client.tell({type: 'ignoring', nick: 'bob', isIgnored: true});
    const doings: readonly EngineEvent[] = [
      {type: 'message', scope: 'public', from: 'bob', text: 'psst'},
      {type: 'invitation', from: 'bob', mode: 'link'},
      {type: 'invitation', from: 'bob', mode: 'centralised'},
      {type: 'invitation-ended', from: 'bob', reason: 'expired'},
      {type: 'arrived', nick: 'bob'},
      {type: 'departed', nick: 'bob'},
    ];
    client.tell(...doings, {type: 'message', scope: 'public', from: 'carl', text: 'salut'});
    client.tell({type: 'ignoring', nick: 'bob', isIgnored: false});
    client.tell({type: 'message', scope: 'public', from: 'bob', text: 'at last'});
    session.input.end();
    await session.end();
    expect(session.events.filter(({type}) => type !== 'users')).toMatchObject([
      {type: 'connected'},
      {type: 'message', from: 'carl'},
      {type: 'message', from: 'bob', text: 'at last'},
      {type: 'disconnected'},
    ]);
  });

  test('of a screen alone is not written at all', async () => {
    const session = run();
    session.client.online();
    session.client.tell(
      {type: 'retransmitted', id: 1},
      {type: 'progress', id: 1, confirmed: 1, of: 2, by: 'bob'},
      {type: 'resent', id: 1},
      {type: 'ignoring', nick: 'bob', isIgnored: true},
      {type: 'cleared', conversation: 'public'},
      {
        type: 'statistics',
        statistics: {sent: 0, received: 0, retransmissions: 0, roundTripMs: undefined},
      },
    );
    session.input.end();
    await session.end();
    expect(session.events.map(({type}) => type)).toEqual(['connected', 'disconnected']);
    expect(session.diagnostics).toBe('');
  });
});

describe('a line of JSON', () => {
  const at = new Date('2026-11-21T12:00:00.123Z');

  test('begins with the type and the time, and has the fields of the event in their order', () => {
    const line = toJsonLine({type: 'message', scope: 'public', from: 'bob', text: 'salut'}, at);
    expect(line).toBe(
      '{"type":"message","at":"2026-11-21T12:00:00.123Z","scope":"public","from":"bob","text":"salut"}\n',
    );
  });

  test('has no fields for what there is not', () => {
    const line = toJsonLine({type: 'room-entered', mode: 'centralised', members: []}, at);
    expect(JSON.parse(line)).toEqual({
      type: 'room-entered',
      at: at.toISOString(),
      mode: 'centralised',
      members: [],
    });
  });

  test.each([
    ['control characters', '\u0000\u0007\b\n\r\u001b[2J\u007f'],
    ['C1 controls', '\u0080\u009b31m\u009d0;x\u009c'],
    ['bidirectional marks and overrides', '\u061c\u200e\u200f\u202a\u202e\u2066\u2069'],
    ['line and paragraph separators', 'a\u2028b\u2029c'],
    ['lone surrogates', '\ud800 \udfff'],
  ])('holds %s exactly, and escaped', (_what, text) => {
    const line = toJsonLine({type: 'message', scope: 'public', from: text, text}, at);
    expect(line).not.toMatch(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what must not be written
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/u,
    );
    expect(line.trimEnd()).not.toContain('\n');
    expect(JSON.parse(line)).toMatchObject({from: text, text});
  });

  test('shows letters and emoji as they are', () => {
    const text = 'Zoë 李雷 👩‍👩‍👧 \\ "';
    const line = toJsonLine({type: 'message', scope: 'public', from: 'bob', text}, at);
    expect(line).toContain('Zoë 李雷 👩‍👩‍👧');
    expect(JSON.parse(line)).toMatchObject({text});
  });

  test('is written for the events that are a promise to others, and those alone', () => {
    const promised: EngineEvent[] = [
      {type: 'connected', protocol: 'res302', server, nick: 'alice', features: []},
      {type: 'refused', reason: 'hub-full', message: ''},
      {type: 'message', scope: 'room', from: 'bob', text: ''},
      {type: 'sent', id: 1, scope: 'public', text: ''},
      {type: 'delivered', id: 1},
      {type: 'failed', id: 1, reason: 'hub-silent', pending: []},
      {type: 'users', users: []},
      {type: 'rooms', rooms: []},
      {type: 'invitation', from: 'bob', mode: 'centralised'},
      {type: 'invitation-ended', from: 'bob', reason: 'expired'},
      {type: 'invitation-answer', nick: 'bob', accepted: true},
      {type: 'room-entered', mode: 'centralised', members: []},
      {type: 'room-members', members: []},
      {type: 'room-left', reason: 'left'},
      {type: 'link-opened', nick: 'bob'},
      {type: 'link-closed', nick: 'bob'},
      {type: 'error', code: 'no-such-user', message: ''},
      {type: 'disconnected', reason: 'left'},
      {type: 'reconnecting', attempt: 1, delay: 1000},
    ];
    expect(promised.filter(event => !isPublic(event))).toEqual([]);
    expect(isPublic({type: 'help', topic: undefined})).toBe(false);
    expect(isPublic({type: 'notice', text: ''})).toBe(false);
    expect(isPublic({type: 'room-list'})).toBe(false);
    expect(isPublic({type: 'turned', conversation: 'public'})).toBe(false);
    expect(isPublic({type: 'unlinked', nick: 'bob'})).toBe(false);
  });
});
