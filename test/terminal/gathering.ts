import {afterEach, beforeEach, expect} from 'vitest';
import type {Client} from './conversation.ts';
import {type Hub, headless, startHub} from './processes.ts';

/** For each test of the file a hub, and the headless clients that it asks for. */
export function gathering() {
  let hub: Hub;
  const clients: Client[] = [];

  beforeEach(async () => {
    hub = await startHub();
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose();
    await hub.stop();
  });

  function run(...args: readonly string[]): Client {
    const client = headless(args);
    clients.push(client);
    return client;
  }

  function start(protocol: string, nick: string): Client {
    return run('--server', hub.addressOf(protocol), '--nick', nick);
  }

  return {
    get hub(): Hub {
      return hub;
    },
    run,
    start,
    async connected(protocol: string, nick: string): Promise<Client> {
      const client = start(protocol, nick);
      expect(await client.next('connected')).toMatchObject({protocol, nick});
      return client;
    },
  };
}
