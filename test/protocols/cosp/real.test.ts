/** Private connections over sockets of the system. */
import {createHash, randomBytes} from 'node:crypto';
import {afterEach, expect, test} from 'vitest';
import {type RunningHub, serve} from '../../../source/hub/serve.ts';
import {silentLog} from '../../../source/hub/silent-log.ts';
import {cosp} from '../../../source/protocols/cosp/index.ts';
import {HubProcess} from './hub-process.ts';
import {Carrier, RealUser, repeated} from './real-user.ts';

const mebibyte = 1024 * 1024;
const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  for (const action of cleanUp.splice(0).reverse()) await action();
});

async function start(): Promise<RunningHub> {
  const hub = await serve({
    listeners: [{protocol: cosp, host: '127.0.0.1', port: 0}],
    log: silentLog,
  });
  cleanUp.push(() => hub.close());
  return hub;
}

async function join(port: number, ...nicks: readonly string[]): Promise<RealUser[]> {
  const users = await RealUser.join(port, ...nicks);
  for (const user of users) cleanUp.push(() => user.leave());
  return users;
}

/** alice and bob with a private connection, and a carrier at each side of it. */
async function linked(port: number) {
  const [alice, bob] = (await join(port, 'alice', 'bob')) as [RealUser, RealUser];
  const one = new Carrier();
  const other = new Carrier();
  alice.takeLink = one.take;
  bob.takeLink = other.take;
  await alice.link(bob);
  return {alice, bob, one, other};
}

function digestOf(chunks: Iterable<Uint8Array>): string {
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

function portOf({listeners}: RunningHub): number {
  return listeners[0]?.port ?? 0;
}

test('64 MiB each way at once arrive as they were, and the hub does not hold them', async () => {
  const hub = await HubProcess.start();
  cleanUp.push(() => hub.stop());
  const {one, other} = await linked(hub.port);
  const size = 64 * mebibyte;
  const [there, back] = [randomBytes(mebibyte), randomBytes(mebibyte)];
  const before = (await hub.memory()).rss;
  one.write(repeated(there, size));
  other.write(repeated(back, size));
  await one.until(() => one.isClosed);
  await other.until(() => other.isClosed);
  expect(other.digest).toBe(digestOf(repeated(there, size)));
  expect(one.digest).toBe(digestOf(repeated(back, size)));
  const {highest} = await hub.memory();
  // Young garbage included: what 128 MiB would be is far beyond it.
  expect(highest - before).toBeLessThan(64 * mebibyte);
});

test('a reader that stops makes the writer stop, and gets everything in the end', async () => {
  const hub = await HubProcess.start();
  cleanUp.push(() => hub.stop());
  const {one, other} = await linked(hub.port);
  const size = 64 * mebibyte;
  const chunk = randomBytes(mebibyte);
  const before = (await hub.memory()).rss;
  other.connection.pause();
  one.write(repeated(chunk, size));
  // Asked three times, with a hub's round trip between: nothing moves any more.
  let written = -1;
  while (written !== one.written) {
    written = one.written;
    for (let round = 0; round < 20; round++) await hub.memory();
  }
  expect(written).toBeLessThan(size / 2);
  expect((await hub.memory()).highest - before).toBeLessThan(16 * mebibyte);
  other.connection.resume();
  await other.until(() => other.hasEnded);
  expect(other.digest).toBe(digestOf(repeated(chunk, size)));
});

test('one direction can end long before the other', async () => {
  const {one, other, alice, bob} = await linked(portOf(await start()));
  one.write([Buffer.from('question')]);
  await other.until(() => other.hasEnded);
  expect(other.digest).toBe(digestOf([Buffer.from('question')]));
  other.write([Buffer.from('answer')]);
  await one.until(() => one.isClosed);
  expect(one.digest).toBe(digestOf([Buffer.from('answer')]));
  await alice.until(events => events.some(({type}) => type === 'link-closed'));
  await bob.until(events => events.some(({type}) => type === 'link-closed'));
});

test.each(['dies', 'is busy and dies'])(
  'a side that %s ends the other within a second',
  async how => {
    const {one, other} = await linked(portOf(await start()));
    if (how === 'is busy and dies') {
      other.write(repeated(randomBytes(mebibyte), 1024 * mebibyte));
      await one.until(() => one.bytes > mebibyte);
    }
    one.connection.destroy();
    await other.until(() => other.hasEnded || other.isClosed, 1000);
    other.connection.end();
    await other.until(() => other.isClosed, 2000);
  },
);

test('a user who leaves the hub takes private connections along, after what was said there', async () => {
  const hub = await start();
  const [alice, bob] = (await join(portOf(hub), 'alice', 'bob')) as [RealUser, RealUser];
  await alice.link(bob);
  for (let id = 1; id <= 50; id++) {
    alice.request({type: 'tell', id, scope: 'link', to: 'bob', text: `${id}`});
  }
  await alice.leave();
  await bob.until(events => events.some(({type}) => type === 'link-closed'));
  const texts = bob.events.flatMap(event => (event.type === 'message' ? event.text : []));
  expect(texts).toEqual(Array.from({length: 50}, (_, index) => `${index + 1}`));
});

test('two hundred at once carry what is theirs', async () => {
  const hub = await start();
  const nicks = Array.from({length: 21}, (_, index) => `user${index}`);
  const users = await join(portOf(hub), ...nicks);
  const pairs = users.flatMap((one, index) =>
    users.slice(index + 1).map(other => [one, other] as const),
  );
  const links = pairs.slice(0, 200);
  const carriers = new Map<string, Carrier>();
  for (const user of users) {
    user.takeLink = (nick, connection) => {
      const carrier = new Carrier();
      carriers.set(`${user.nick} ${nick}`, carrier);
      return carrier.take(nick, connection);
    };
  }
  await Promise.all(links.map(([one, other]) => one.link(other)));
  expect(carriers.size).toBe(400);
  const chunk = randomBytes(65_536);
  for (const [name, carrier] of carriers) carrier.write([Buffer.from(name), chunk]);
  for (const [one, other] of links) {
    const carrier = carriers.get(`${one.nick} ${other.nick}`);
    if (carrier === undefined) throw new Error('a private connection is missing');
    await carrier.until(() => carrier.isClosed);
    expect(carrier.digest).toBe(digestOf([Buffer.from(`${other.nick} ${one.nick}`), chunk]));
  }
});
