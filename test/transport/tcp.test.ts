import {afterEach, expect, test} from 'vitest';
import type {Connection} from '../../source/transport/connection.ts';
import {connectTcp, TcpServer} from '../../source/transport/tcp.ts';
import {Changes} from '../terminal/changes.ts';

const loopback = {host: '127.0.0.1', port: 0};
const open: {close(): unknown}[] = [];

afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

/** What has happened at one end, to be waited for. */
class Recorder {
  readonly story: string[] = [];
  text = '';
  bytes = 0;
  readonly #changes = new Changes();

  opened(): void {
    this.#note('opened');
  }

  received(bytes: Uint8Array): void {
    this.bytes += bytes.length;
    if (this.bytes < 10_000) this.text += Buffer.from(bytes).toString();
    this.#changes.notify();
  }

  ended(): void {
    this.#note('ended');
  }

  drained(): void {
    this.#note('drained');
  }

  closed(code: string | undefined): void {
    this.#note(code === undefined ? 'closed' : `closed ${code}`);
  }

  until(isReached: () => boolean): Promise<unknown> {
    return this.#changes.until(
      () => isReached() || undefined,
      5000,
      () => new Error(`not reached: ${this.story.join(', ')}; ${this.bytes} bytes`),
    );
  }

  has(event: string): Promise<unknown> {
    return this.until(() => this.story.includes(event));
  }

  #note(event: string): void {
    this.story.push(event);
    this.#changes.notify();
  }
}

/** A server and one client, connected. */
async function pair() {
  const accepted = new Recorder();
  let theirs: Connection | undefined;
  const server = await TcpServer.listen(loopback, connection => {
    theirs = connection;
    return accepted;
  });
  open.push(server);
  const recorder = new Recorder();
  const ours = connectTcp([server.address], recorder);
  open.push({close: () => ours.destroy()});
  await recorder.has('opened');
  ours.write(Buffer.from('?'));
  await accepted.until(() => accepted.text === '?');
  if (theirs === undefined) throw new Error('nobody was accepted');
  return {server, ours, recorder, theirs, accepted};
}

test('bytes arrive in both directions, and each end knows the other', async () => {
  const {ours, recorder, theirs, accepted, server} = await pair();
  theirs.write(Buffer.from('salut'));
  await recorder.until(() => recorder.text === 'salut');
  ours.write(Buffer.from('!'));
  await accepted.until(() => accepted.text === '?!');
  expect(ours.remote).toEqual(server.address);
  expect(theirs.remote.host).toBe('127.0.0.1');
});

test('one side may end and still read what the other writes', async () => {
  const {ours, recorder, theirs, accepted} = await pair();
  ours.end();
  await accepted.has('ended');
  theirs.write(Buffer.from('and yet'));
  theirs.end();
  await recorder.until(() => recorder.text === 'and yet');
  await recorder.has('closed');
  await accepted.has('closed');
  expect(accepted.story).toEqual(['ended', 'closed']);
});

test('a user who does not read makes the writer wait, and gets everything in the end', async () => {
  const {ours, theirs, accepted} = await pair();
  theirs.pause();
  const size = 32 * 1024 * 1024;
  ours.write(new Uint8Array(size));
  expect(ours.waiting).toBeGreaterThan(size / 2);
  const before = accepted.bytes;
  theirs.resume();
  await accepted.until(() => accepted.bytes === before + size);
  expect(ours.waiting).toBe(0);
});

test('a destroyed connection takes nothing more, and the other side learns that it ends', async () => {
  const {ours, recorder, theirs, accepted} = await pair();
  ours.destroy();
  ours.write(Buffer.from('nobody hears this'));
  ours.end();
  await recorder.has('closed');
  await accepted.has('ended');
  theirs.end();
  await accepted.has('closed');
  expect(accepted.text).toBe('?');
});

test('a client connects from the port it says, and is told if that is taken', async () => {
  const sources: number[] = [];
  const other = await TcpServer.listen(loopback, ({remote}) => {
    sources.push(remote.port);
    return new Recorder();
  });
  open.push(other);
  const free = await TcpServer.listen(loopback, () => new Recorder());
  const {port} = free.address;
  const taken = new Recorder();
  connectTcp([other.address], taken, port);
  await taken.has('closed EADDRINUSE');
  await free.close();
  const recorder = new Recorder();
  const connection = connectTcp([other.address], recorder, port);
  open.push({close: () => connection.destroy()});
  await recorder.has('opened');
  await recorder.until(() => sources.length > 0);
  expect(sources).toEqual([port]);
});

test('nobody at the address is told as ECONNREFUSED', async () => {
  const server = await TcpServer.listen(loopback, () => new Recorder());
  const {address} = server;
  await server.close();
  const recorder = new Recorder();
  connectTcp([address], recorder);
  await recorder.has('closed ECONNREFUSED');
});

test('a port that is taken is refused with EADDRINUSE', async () => {
  const {server} = await pair();
  await expect(TcpServer.listen(server.address, () => new Recorder())).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});

test('a server that closes cuts everybody off and gives its port back', async () => {
  const {server, recorder} = await pair();
  const {address} = server;
  await server.close();
  await recorder.has('ended');
  open.push(await TcpServer.listen(address, () => new Recorder()));
});
