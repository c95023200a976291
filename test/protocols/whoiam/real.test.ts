/** The same over sockets of the system: our client, and people with `nc`. */
import {type ChildProcessWithoutNullStreams, spawn, spawnSync} from 'node:child_process';
import {connect, type Socket} from 'node:net';
import {afterEach, describe, expect, test} from 'vitest';
import {Client} from '../../../source/client/client.ts';
import {type RunningHub, serve} from '../../../source/hub/serve.ts';
import {silentLog} from '../../../source/hub/silent-log.ts';
import type {HubLog} from '../../../source/protocols/protocol.ts';
import {whoiam} from '../../../source/protocols/whoiam/index.ts';
import {Changes} from '../../terminal/changes.ts';

const host = '127.0.0.1';
const cleanUp: (() => unknown)[] = [];
/** Debian has it in the package netcat-openbsd. */
const hasNetcat = spawnSync('nc', ['-h']).error === undefined;

afterEach(async () => {
  for (const action of cleanUp.splice(0).reverse()) await action();
});

async function start() {
  const story: string[] = [];
  const log = (): HubLog => ({
    ...silentLog(),
    connected: nick => story.push(`${nick} connected`),
    refused: (nick, _from, reason) => story.push(`${nick} refused: ${reason}`),
    left: (nick, _from, reason) => story.push(`${nick} left: ${reason}`),
  });
  const hub = await serve({listeners: [{protocol: whoiam, host, port: 0}], log});
  cleanUp.push(() => hub.close());
  return {hub, story, port: portOf(hub)};
}

function portOf({listeners}: RunningHub): number {
  return listeners[0]?.port ?? 0;
}

/** Our client, with what it has shown as lines. */
class Joined {
  readonly client: Client;
  readonly story: string[] = [];
  readonly #changes = new Changes();
  #present: readonly string[] = [];

  constructor(port: number, nick: string) {
    this.client = new Client({address: {protocol: whoiam, host, port}, nick});
    this.client.onEvent(event => {
      if (event.type === 'message') this.story.push(`${event.scope} ${event.from}: ${event.text}`);
      else if (event.type === 'users') this.#tellPresent(event.users.map(({nick}) => nick));
      else if (event.type === 'arrived') this.#tellPresent([...this.#present, event.nick]);
      else if (event.type === 'departed') {
        this.#tellPresent(this.#present.filter(nick => nick !== event.nick));
      } else if (event.type === 'failed') this.story.push(`${event.id} ${event.reason}`);
      else if (event.type === 'delivered') this.story.push(`${event.id} delivered`);
      else if (event.type === 'connection') this.story.push(event.connection.phase);
      this.#changes.notify();
    });
    cleanUp.push(() => this.client.close());
    this.client.start();
  }

  #tellPresent(nicks: readonly string[]): void {
    this.#present = nicks;
    this.story.push(nicks.join(' '));
  }

  /** Waits for that line. Output before it is not looked at any more. */
  has(line: string): Promise<unknown> {
    return this.#changes.until(
      () => {
        const index = this.story.indexOf(line);
        return index === -1 ? undefined : this.story.splice(0, index + 1);
      },
      5000,
      () => new Error(`no ${line} in: ${this.story.join(', ')}`),
    );
  }
}

/** Lines of text to and from a process or a socket. */
class Lines {
  text = '';
  isOver = false;
  readonly #changes = new Changes();
  readonly #write: (text: string) => void;

  static netcat(port: number, ...options: readonly string[]): Lines & {readonly nc: Netcat} {
    const nc = spawn('nc', [...options, host, `${port}`]);
    cleanUp.push(() => nc.kill('SIGKILL'));
    const lines = new Lines(text => nc.stdin.write(text));
    nc.stdout.on('data', bytes => lines.#read(bytes));
    nc.once('exit', () => lines.#end());
    return Object.assign(lines, {nc});
  }

  static socket(port: number): Lines & {readonly socket: Socket} {
    const socket = connect({host, port});
    cleanUp.push(() => socket.destroy());
    const lines = new Lines(text => socket.write(text));
    socket.on('data', bytes => lines.#read(bytes));
    socket.on('error', () => {});
    socket.once('close', () => lines.#end());
    return Object.assign(lines, {socket});
  }

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  say(...lines: readonly string[]): void {
    this.#write(lines.map(line => `${line}\n`).join(''));
  }

  /** @param text With its line's end. */
  has(text: string): Promise<unknown> {
    return this.#until(() => this.text.includes(text), text);
  }

  over(): Promise<unknown> {
    return this.#until(() => this.isOver, 'an end');
  }

  #read(bytes: Buffer): void {
    this.text += bytes.toString();
    this.#changes.notify();
  }

  #end(): void {
    this.isOver = true;
    this.#changes.notify();
  }

  #until(isReached: () => boolean, what: string): Promise<unknown> {
    return this.#changes.until(
      () => isReached() || undefined,
      5000,
      () => new Error(`not ${JSON.stringify(what)}, but ${JSON.stringify(this.text)}`),
    );
  }
}

type Netcat = ChildProcessWithoutNullStreams;

describe('over real sockets', () => {
  test('two clients see each other come, talk, whisper and leave', async () => {
    const {hub, story, port} = await start();
    const alice = new Joined(port, 'alice');
    await alice.has('alice');
    const bob = new Joined(port, 'Zoë');
    await bob.has('alice Zoë');
    await alice.has('alice Zoë');
    alice.client.submit('salut, ça va 🙂', 'public');
    await bob.has('public alice: salut, ça va 🙂');
    await alice.has('1 delivered');
    bob.client.submit('/msg alice psst', 'public');
    await alice.has('direct Zoë: psst');
    await bob.has('1 delivered');
    bob.client.submit('/msg ghost psst', 'public');
    await bob.has('2 no-such-user');
    await bob.client.close();
    expect(hub.users).toBe(1);
    await alice.client.close();
    expect(story).toEqual([
      'alice connected',
      'Zoë connected',
      'Zoë left: disconnected',
      'alice left: disconnected',
    ]);
  });

  test('a nickname that is taken is refused, and nobody there is unreachable', async () => {
    const {hub, port} = await start();
    await new Joined(port, 'alice').has('connected');
    await new Joined(port, 'ALICE').has('refused');
    await hub.close();
    const late = new Joined(port, 'late');
    await late.has('refused');
    expect(late.client.state.connection).toMatchObject({reason: 'unreachable'});
  });

  test('a hub that closes tells everybody, and clients come back to the next', async () => {
    const {hub, port} = await start();
    const alice = new Joined(port, 'alice');
    const bob = Lines.socket(port);
    await alice.has('alice');
    bob.say('IAM bob');
    await bob.has('ARR bob\n');
    await hub.close();
    await bob.has('LFT bob\n');
    await bob.over();
    await alice.has('retrying');
    const next = await serve({
      listeners: [{protocol: whoiam, host, port}],
      log: silentLog,
    });
    cleanUp.push(() => next.close());
    await alice.has('connected');
  });

  test('a user who never reads is cut off, while the others talk on', async () => {
    const {hub, story, port} = await start();
    const [mute, reader, author] = ['mute', 'reader', 'author'].map(nick => {
      const lines = Lines.socket(port);
      lines.say(`IAM ${nick}`);
      return lines;
    });
    if (mute === undefined || reader === undefined || author === undefined) throw new Error();
    await Promise.all([mute.has('ARR mute'), reader.has('ARR reader'), author.has('ARR author')]);
    (mute as ReturnType<typeof Lines.socket>).socket.pause();
    const text = 'x'.repeat(8000);
    // More than two sockets of the system hold and the hub keeps.
    for (let count = 0; count < 4000 && hub.users === 3; count++) {
      author.say(`MSG ${text}`, 'WHO');
      await author.has('WHO ');
      author.text = '';
      reader.text = reader.text.slice(-100);
    }
    expect(story.at(-1)).toBe('mute left: too-slow');
    author.say('MSG the end');
    await reader.has('MSG author the end\n');
  });
});

describe.runIf(hasNetcat)('nc, which this machine has to have (package netcat-openbsd)', () => {
  test('is enough to chat', async () => {
    const {hub, port} = await start();
    const alice = new Joined(port, 'alice');
    await alice.has('alice');
    const person = Lines.netcat(port);
    await person.has('WHO\n');
    person.say('hello?', 'IAM somebody with nc', 'IAM zoe', 'WHO');
    await person.has('ARR zoe\nWHO alice zoe\n');
    expect(person.text).toBe('WHO\nWHO\nERR somebody with nc\nARR zoe\nWHO alice zoe\n');
    await alice.has('alice zoe');
    person.say('MSG hello, everybody');
    await alice.has('public zoe: hello, everybody');
    alice.client.submit('salut 🙂', 'public');
    await person.has('MSG alice salut 🙂\n');
    alice.client.submit('/msg zoe psst', 'public');
    await person.has('PRV alice psst\n');
    person.say('PRV alice psst yourself', 'PRV ghost hello');
    await alice.has('direct zoe: psst yourself');
    await person.has('ERR zoe\n');
    person.say('BYE');
    await person.has('LFT zoe\n');
    await alice.has('alice');
    person.nc.stdin.end();
    await person.over();
    expect(hub.users).toBe(1);
  });

  test('whose input ends, or that is killed, is somebody who leaves', async () => {
    const {hub, port} = await start();
    const alice = new Joined(port, 'alice');
    await alice.has('alice');
    const bob = Lines.netcat(port, '-N');
    bob.say('IAM bob', 'MSG just this');
    bob.nc.stdin.end();
    await alice.has('public bob: just this');
    await bob.over();
    const carl = Lines.netcat(port);
    carl.say('IAM carl');
    await alice.has('alice carl');
    carl.nc.kill('SIGKILL');
    await carl.over();
    await alice.has('alice');
    expect(hub.users).toBe(1);
  });
});
