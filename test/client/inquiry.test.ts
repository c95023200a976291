/** Which protocol a hub speaks is found out. Real hubs on loopback, one for each protocol. */
import {afterEach, expect, test} from 'vitest';
import type {Address} from '../../source/client/address.ts';
import {Client, type ClientOptions} from '../../source/client/client.ts';
import {inquire} from '../../source/client/connecting/inquiry.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import {type RunningHub, serve} from '../../source/hub/serve.ts';
import {silentLog} from '../../source/hub/silent-log.ts';
import {protocols} from '../../source/protocols/index.ts';
import type {HubLog, Protocol} from '../../source/protocols/protocol.ts';
import {systemResolver} from '../../source/transport/resolver.ts';

const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  for (const action of cleanUp.splice(0).reverse()) await action();
});

type Visited = {readonly hub: RunningHub; readonly port: number; readonly visitors: string[]};

/** A hub of one protocol, and everybody whom it has ever let in. */
async function start(protocol: Protocol): Promise<Visited> {
  const visitors: string[] = [];
  const log = (): HubLog => ({...silentLog(), connected: nickname => visitors.push(nickname)});
  const hub = await serve({listeners: [{protocol, host: '127.0.0.1', port: 0}], log});
  cleanUp.push(() => hub.close());
  return {hub, port: hub.listeners[0]?.port ?? 0, visitors};
}

function join(address: Address, options: Partial<ClientOptions> = {}) {
  const client = new Client({address, nick: 'alice', ...options});
  const events: EngineEvent[] = [];
  client.onEvent(event => events.push(event));
  cleanUp.push(() => client.close());
  client.start();
  return {client, events};
}

function next<Type extends EngineEvent['type']>(
  {client}: Pick<ReturnType<typeof join>, 'client'>,
  type: Type,
): Promise<Extract<EngineEvent, {type: Type}>> {
  return new Promise(resolve => {
    const stop = client.onEvent(event => {
      if (event.type !== type) return;
      stop();
      resolve(event as Extract<EngineEvent, {type: Type}>);
    });
  });
}

for (const spoken of protocols) {
  const others = protocols.filter(protocol => protocol !== spoken);

  test(`a hub of ${spoken.name} is found in each of the other protocols, and lets nobody in for it`, async () => {
    const {port, visitors} = await start(spoken);
    await Promise.all(
      others.map(async protocol => {
        const address = {protocol, host: '127.0.0.1', port};
        const {found} = inquire(address, systemResolver);
        await expect(found).resolves.toEqual({protocol: spoken, host: '127.0.0.1', port});
      }),
    );
    expect(visitors).toEqual([]);
  });

  test(`where a hub of ${spoken.name} is, no hub of another protocol is found`, async () => {
    const {port, visitors} = await start(spoken);
    const {found} = inquire({protocol: spoken, host: '127.0.0.1', port}, systemResolver);
    await expect(found).resolves.toBeUndefined();
    expect(visitors).toEqual([]);
  });

  test(`with a guess, everybody gets into a hub of ${spoken.name}, and into nothing else`, async () => {
    const {port, visitors} = await start(spoken);
    const joined = others.map(async (protocol, index) => {
      const address = {protocol, host: '127.0.0.1', port, isGuess: true};
      const guest = join(address, {nick: `guest${index}`});
      const {server} = await next(guest, 'connected');
      expect(server).toBe(`${spoken.name}://127.0.0.1:${port}`);
      expect(guest.events.filter(({type}) => type === 'refused')).toEqual([]);
    });
    await Promise.all(joined);
    expect(visitors.toSorted()).toEqual(others.map((_protocol, index) => `guest${index}`));
  });

  // Over the other transport another hub could have the port: the client first waits until its own is given up.
  const sure = others.filter(({transport}) => transport === spoken.transport);
  test(`with a wrong protocol, that of a hub of ${spoken.name} is offered`, async () => {
    const {port, visitors} = await start(spoken);
    const offered = sure.map(async protocol => {
      const guest = join({protocol, host: '127.0.0.1', port}, {whenUnreachable: 'ask'});
      const {reason, offer, message} = await next(guest, 'refused');
      expect({reason, offer}).toEqual({
        reason: 'unreachable',
        offer: `${spoken.name}://127.0.0.1:${port}`,
      });
      expect(message).toContain(`A hub that speaks ${spoken.name} does`);
      expect(guest.client.state.connection).not.toHaveProperty('retryAt');
    });
    await Promise.all(offered);
    expect(visitors).toEqual([]);
  });
}

test('a nickname that only the found protocol allows is used there', async () => {
  const [res302, , shen] = protocols;
  if (res302 === undefined || shen === undefined) throw new Error('protocols are missing');
  const {port} = await start(shen);
  const guest = join(
    {protocol: res302, host: '127.0.0.1', port, isGuess: true},
    {nick: 'alice-in-the-evening'},
  );
  await expect(next(guest, 'connected')).resolves.toMatchObject({nick: 'alice-in-the-evening'});
});
