/** Real hubs behind names that a resolver of the test's own knows. */
import {afterEach, expect, test} from 'vitest';
import {Client, type ClientOptions} from '../../source/client/client.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import {type RunningHub, serve} from '../../source/hub/serve.ts';
import {silentLog} from '../../source/hub/silent-log.ts';
import {cosp} from '../../source/protocols/cosp/index.ts';
import {protocols} from '../../source/protocols/index.ts';
import type {Protocol} from '../../source/protocols/protocol.ts';
import type {Resolver} from '../../source/transport/resolver.ts';

const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  for (const action of cleanUp.splice(0).reverse()) await action();
});

async function start(protocol: Protocol, host = '127.0.0.1', port = 0): Promise<RunningHub> {
  const hub = await serve({listeners: [{protocol, host, port}], log: silentLog});
  cleanUp.push(() => hub.close());
  return hub;
}

function join(
  protocol: Protocol,
  hub: RunningHub,
  nick: string,
  resolve: Resolver,
  options: Partial<ClientOptions> = {},
) {
  const port = hub.listeners[0]?.port ?? 0;
  const client = new Client({
    address: {protocol, host: 'hub.example', port},
    nick,
    resolve,
    ...options,
  });
  const events: EngineEvent[] = [];
  client.onEvent(event => events.push(event));
  cleanUp.push(() => client.close());
  client.start();
  return {client, events};
}

/** Resolves when that has happened that many times. */
function happened(
  {client, events}: ReturnType<typeof join>,
  isThat: (event: EngineEvent) => boolean,
  times = 1,
): Promise<void> {
  const isDone = () => events.filter(isThat).length >= times;
  if (isDone()) return Promise.resolve();
  return new Promise(resolve => {
    const stop = client.onEvent(() => {
      if (!isDone()) return;
      stop();
      resolve();
    });
  });
}

const isOf = (type: EngineEvent['type']) => (event: EngineEvent) => event.type === type;

/** As a name with an address of each family: datagrams have only one of them. */
const twoFamilies: Resolver = async (_host, family) =>
  family === 4 ? ['127.0.0.1'] : ['::1', '127.0.0.1'];

for (const protocol of protocols) {
  test(`${protocol.name} reaches a hub that listens on one of the two families of its name`, async () => {
    const hub = await start(protocol);
    await happened(join(protocol, hub, 'alice', twoFamilies), isOf('connected'));
    expect(hub.users).toBe(1);
  });

  test(`${protocol.name} leaves at once while the resolver does not answer`, async () => {
    const hub = await start(protocol);
    const {client, events} = join(protocol, hub, 'alice', () => new Promise(() => {}));
    await client.close();
    expect(events.map(({type}) => type)).toEqual(['connection', 'statistics', 'connection']);
    expect(client.state.connection.phase).toBe('closed');
  });
}

// Datagrams are given up after a long silence: test/network/reaching.test.ts does it in virtual time.
for (const protocol of protocols.filter(({transport}) => transport === 'tcp')) {
  test(`${protocol.name} finds a hub again that has moved to another address behind its name`, async () => {
    const former = await start(protocol);
    let address = '127.0.0.1';
    const alice = join(protocol, former, 'alice', async () => [address]);
    await happened(alice, isOf('connected'));
    address = '127.0.0.2';
    await start(protocol, address, former.listeners[0]?.port);
    await former.close();
    await happened(alice, isOf('connected'), 2);
  });
}

test('a private connection goes where the first connection has come to', async () => {
  const hub = await start(cosp);
  const alice = join(cosp, hub, 'alice', twoFamilies);
  const bob = join(cosp, hub, 'bob', twoFamilies);
  const knowsBob = (event: EngineEvent) =>
    (event.type === 'users' && event.users.length === 2) || event.type === 'arrived';
  await Promise.all([happened(alice, knowsBob), happened(bob, isOf('connected'))]);
  alice.client.request({type: 'link', to: 'bob'});
  await happened(bob, isOf('invitation'));
  bob.client.request({type: 'answer', from: 'alice', accepted: true});
  await Promise.all([happened(alice, isOf('link-opened')), happened(bob, isOf('link-opened'))]);
  alice.client.submit('salut', 'room');
  await happened(bob, event => event.type === 'message' && event.text === 'salut');
});

test('of a hub that cannot be found the form is shown until it is there', async () => {
  const hub = await start(cosp);
  let addresses: string[] = [];
  const alice = join(cosp, hub, 'alice', async () => addresses, {whenUnreachable: 'ask'});
  await happened(alice, isOf('refused'));
  expect(alice.client.state.connection).toMatchObject({phase: 'refused', reason: 'unreachable'});
  addresses = ['127.0.0.1'];
  await happened(alice, isOf('connected'));
});

test('nobody is let in while the form is filled in', async () => {
  const hub = await start(cosp);
  let addresses: string[] = [];
  let questions = 0;
  const resolve: Resolver = async () => {
    questions++;
    return addresses;
  };
  const alice = join(cosp, hub, 'alice', resolve, {whenUnreachable: 'ask'});
  await happened(alice, isOf('refused'));
  addresses = ['127.0.0.1'];
  const seen = alice.events.length;
  alice.client.stopTrying();
  await alice.client.close();
  const shown = alice.events.slice(seen);
  expect(shown).toMatchObject([{type: 'connection', connection: {phase: 'refused'}}]);
  expect(alice.client.state.connection).not.toHaveProperty('retryAt');
  expect(questions).toBe(1);

  // Enter: under the name that was chosen.
  alice.client.connect({nick: 'zoe'});
  await happened(alice, event => event.type === 'connected' && event.nick === 'zoe');
});
