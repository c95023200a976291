import type {HubLog, Protocol} from '../protocols/protocol.ts';
import {Timer} from '../transport/timer.ts';
import {UdpSocket} from '../transport/udp-socket.ts';
import {Hub} from './hub.ts';

export type Listener = {
  readonly protocol: string;
  readonly transport: string;
  readonly host: string;
  readonly port: number;
};

export type ServeOptions = {
  readonly host: string;
  /** Each protocol with the port to listen on; 0 for any that is free. */
  readonly ports: ReadonlyMap<Protocol, number>;
  readonly publicHost?: string | undefined;
  readonly log: HubLog;
};

export type RunningHub = {
  readonly listeners: readonly Listener[];
  readonly users: number;
  /** Datagrams that were not served, by reason. */
  readonly drops: ReadonlyMap<string, number>;
  /** Tells everybody, waits a moment for their confirmations, and closes the sockets. */
  close(): Promise<void>;
};

/** What is not confirmed by then is not waited for. */
const goodbyeMs = 1000;

/**
 * Starts a hub: every listener, or none.
 *
 * @throws What binding throws, with the address in `address` and `port`.
 */
export async function serve({host, ports, publicHost, log}: ServeOptions): Promise<RunningHub> {
  const sockets = new Map<Protocol, UdpSocket>();
  const hub = new Hub({
    protocols: [...ports.keys()],
    publicHost,
    log,
    send: (protocol, datagram, to) => sockets.get(protocol)?.send(datagram, to),
  });
  const timer = new Timer(hub);
  try {
    for (const [protocol, port] of ports) {
      const socket = await UdpSocket.bind({host, port}, (datagram, from) =>
        timer.run(now => hub.receive(protocol, datagram, from, now)),
      );
      sockets.set(protocol, socket);
    }
  } catch (error) {
    timer.stop();
    await Promise.all([...sockets.values()].map(socket => socket.close()));
    throw error;
  }
  return {
    listeners: [...sockets].map(([{name, transport}, socket]) => ({
      protocol: name,
      transport,
      ...socket.address,
    })),
    get users() {
      return hub.users;
    },
    get drops() {
      return hub.drops;
    },
    async close() {
      timer.run(now => hub.close(now));
      await confirmed(hub);
      timer.stop();
      await Promise.all([...sockets.values()].map(socket => socket.close()));
    },
  };
}

/** Resolves when nothing waits for a confirmation, or their time is over. */
function confirmed(hub: Hub): Promise<void> {
  return new Promise(resolve => {
    const startedAt = performance.now();
    const check = () => {
      if (!hub.isBusy || performance.now() - startedAt > goodbyeMs) resolve();
      else setTimeout(check, 10);
    };
    check();
  });
}
