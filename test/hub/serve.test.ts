import {createSocket, type Socket} from 'node:dgram';
import {once} from 'node:events';
import {afterEach, describe, expect, test} from 'vitest';
import {Client} from '../../source/client/client.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import {
  type ListenAddress,
  type RunningHub,
  type ServeOptions,
  serve,
} from '../../source/hub/serve.ts';
import {silentLog} from '../../source/hub/silent-log.ts';
import type {HubLog, Protocol} from '../../source/protocols/protocol.ts';
import {res302} from '../../source/protocols/res302/index.ts';
import {whoiam} from '../../source/protocols/whoiam/index.ts';

/** A second protocol, as far as listeners are concerned. */
const second: Protocol = {...res302, name: 'second'};

const host = '127.0.0.1';
const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  for (const action of cleanUp.splice(0).reverse()) await action();
});

function at(protocol: Protocol, port: number): ListenAddress {
  return {protocol, host, port};
}

async function start(options: Partial<ServeOptions> = {}): Promise<RunningHub> {
  const hub = await serve({listeners: [at(res302, 0)], log: silentLog, ...options});
  cleanUp.push(() => hub.close());
  return hub;
}

/** A socket of somebody else. */
async function occupy(port = 0): Promise<{socket: Socket; port: number}> {
  const socket = createSocket('udp4');
  socket.bind(port, host);
  await once(socket, 'listening');
  cleanUp.push(() => new Promise<void>(resolve => socket.close(() => resolve())));
  return {socket, port: socket.address().port};
}

/** @param listener Which of the hub's they come to. */
function client(
  hub: RunningHub,
  nick: string,
  protocol: Protocol = res302,
  listener = 0,
): {client: Client; events: EngineEvent[]} {
  const port = hub.listeners[listener]?.port ?? 0;
  const joined = new Client({address: {protocol, host, port}, nick});
  const events: EngineEvent[] = [];
  joined.onEvent(event => events.push(event));
  cleanUp.push(() => joined.close());
  joined.start();
  return {client: joined, events};
}

/** The first event of that type, whether it has come or is still to come. */
function event<Type extends EngineEvent['type']>(
  {client: joined, events}: ReturnType<typeof client>,
  type: Type,
): Promise<Extract<EngineEvent, {type: Type}>> {
  const isThat = (candidate: EngineEvent): candidate is Extract<EngineEvent, {type: Type}> =>
    candidate.type === type;
  const found = events.find(isThat);
  if (found !== undefined) return Promise.resolve(found);
  return new Promise(resolve => {
    const stop = joined.onEvent(candidate => {
      if (!isThat(candidate)) return;
      stop();
      resolve(candidate);
    });
  });
}

describe('listeners', () => {
  test('are where the hub can be reached, port 0 being any that is free', async () => {
    const hub = await start();
    const [listener] = hub.listeners;
    expect(hub.listeners).toHaveLength(1);
    expect(listener).toMatchObject({protocol: 'res302', transport: 'udp', host});
    expect(listener?.port).toBeGreaterThan(0);
    expect(hub.users).toBe(0);
  });

  test('have the ports that were asked for', async () => {
    const {socket, port} = await occupy();
    socket.close();
    cleanUp.pop();
    const hub = await start({listeners: [at(res302, port)]});
    expect(hub.listeners).toMatchObject([{port}]);
  });

  test('are one for each protocol, each on its own port', async () => {
    const {listeners} = await start({listeners: [at(res302, 0), at(second, 0)]});
    expect(listeners.map(({protocol}) => protocol)).toEqual(['res302', 'second']);
    expect(new Set(listeners.map(({port}) => port)).size).toBe(2);
  });

  test('are none if one port is in use: nothing is started', async () => {
    const taken = await occupy();
    const free = await occupy();
    free.socket.close();
    cleanUp.pop();
    const listeners = [at(res302, free.port), at(second, taken.port)];
    await expect(serve({listeners, log: silentLog})).rejects.toMatchObject({
      code: 'EADDRINUSE',
      address: host,
      port: taken.port,
    });
    // The port of the first listener is free again.
    const again = await start({listeners: [at(res302, free.port)]});
    expect(again.listeners).toMatchObject([{port: free.port}]);
  });

  test('are none at an address that is not of this machine', async () => {
    const options = {
      listeners: [{protocol: res302, host: '192.0.2.1', port: 0}],
      log: silentLog,
    };
    await expect(serve(options)).rejects.toMatchObject({code: 'EADDRNOTAVAIL'});
  });
});

test.each([res302, whoiam])(
  '$name can listen at several places: people meet, wherever they came in',
  async protocol => {
    const hub = await start({listeners: [at(protocol, 0), at(protocol, 0)]});
    expect(new Set(hub.listeners.map(({port}) => port)).size).toBe(2);
    const alice = client(hub, 'alice', protocol, 0);
    const bob = client(hub, 'bob', protocol, 1);
    await event(alice, 'connected');
    await event(bob, 'connected');
    alice.client.submit('from the first', 'public');
    expect(await event(bob, 'message')).toMatchObject({from: 'alice', text: 'from the first'});
    bob.client.submit('from the second', 'public');
    expect(await event(alice, 'message')).toMatchObject({from: 'bob', text: 'from the second'});
    await event(alice, 'delivered');
    await event(bob, 'delivered');
  },
);

describe('over real sockets', () => {
  test('two clients talk, and each is told what became of it', async () => {
    const hub = await start();
    const alice = client(hub, 'alice');
    await event(alice, 'connected');
    const bob = client(hub, 'bob');
    await event(bob, 'users');
    expect(hub.users).toBe(2);
    expect(alice.client.submit('salut, ça va 🙂', 'public')).toBe(true);
    expect(await event(bob, 'message')).toEqual({
      type: 'message',
      scope: 'public',
      from: 'alice',
      text: 'salut, ça va 🙂',
    });
    expect(await event(alice, 'delivered')).toMatchObject({id: 1});
  });

  test('a nickname that is in use is refused', async () => {
    const hub = await start();
    await event(client(hub, 'alice'), 'connected');
    expect(await event(client(hub, 'Alice'), 'refused')).toMatchObject({reason: 'nickname-in-use'});
    expect(hub.users).toBe(1);
  });

  test('what is no message of the protocol is survived', async () => {
    const hub = await start();
    const {socket} = await occupy();
    const port = hub.listeners[0]?.port ?? 0;
    for (const length of [0, 1, 14, 15, 1500]) socket.send(Buffer.alloc(length, 0xff), port, host);
    await event(client(hub, 'alice'), 'connected');
    expect(hub.users).toBe(1);
  });

  test('the log hears who has come and gone', async () => {
    const story: string[] = [];
    const log = (protocol: string): HubLog => ({
      ...silentLog(),
      connected: (nick, {host: at}) => story.push(`${nick} connected from ${at}, ${protocol}`),
      refused: (nick, _from, reason) => story.push(`${nick} refused: ${reason}`),
      left: (nick, _from, reason) => story.push(`${nick} left: ${reason}`),
    });
    const hub = await start({log});
    const alice = client(hub, 'alice');
    await event(alice, 'connected');
    await event(client(hub, 'ALICE'), 'refused');
    await alice.client.close();
    expect(story).toEqual([
      `alice connected from ${host}, res302`,
      'ALICE refused: name-in-use',
      'alice left: disconnected',
    ]);
  });

  test('a hub that is closed gives its port back', async () => {
    const hub = await start();
    const port = hub.listeners[0]?.port ?? 0;
    await hub.close();
    const next = await start({listeners: [at(res302, port)]});
    expect(next.listeners).toMatchObject([{port}]);
  });
});
