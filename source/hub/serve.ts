import type {DatagramProtocol, HubLog, Protocol, StreamProtocol} from '../protocols/protocol.ts';
import type {Endpoint} from '../transport/endpoint.ts';
import {TcpServer} from '../transport/tcp.ts';
import {timed} from '../transport/timed-listener.ts';
import {type TimedMachine, Timer} from '../transport/timer.ts';
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
  /** What came from the network and was not served, by reason. */
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
  const sockets = new Map<Protocol, Socket>();
  // Users of different protocols do not meet yet: each protocol has a hub of its own.
  const hubs = new Map(
    [...ports.keys()].map(protocol => [
      protocol,
      new Hub({
        protocols: [protocol],
        publicHost,
        log,
        send: (_protocol, datagram, to) => sockets.get(protocol)?.send?.(datagram, to),
      }),
    ]),
  );
  const timer = new Timer(together([...hubs.values()]));
  try {
    for (const [protocol, port] of ports) {
      const hub = hubs.get(protocol);
      if (hub === undefined) continue;
      const socket =
        protocol.transport === 'udp'
          ? await bind(protocol, {host, port}, hub, timer)
          : await listen(protocol, {host, port}, hub, timer);
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
      return hubs.values().reduce((sum, hub) => sum + hub.users, 0);
    },
    get drops() {
      const drops = new Map<string, number>();
      for (const hub of hubs.values()) {
        for (const [reason, count] of hub.drops)
          drops.set(reason, (drops.get(reason) ?? 0) + count);
      }
      return drops;
    },
    async close() {
      timer.run(now => {
        for (const hub of hubs.values()) hub.close(now);
      });
      await confirmed([...hubs.values()]);
      timer.stop();
      await Promise.all([...sockets.values()].map(socket => socket.close()));
    },
  };
}

/** What a protocol listens with. */
type Socket = {
  readonly address: Endpoint;
  /** Of datagrams. */
  send?(datagram: Uint8Array, to: Endpoint): void;
  close(): Promise<void>;
};

function bind(protocol: DatagramProtocol, at: Endpoint, hub: Hub, timer: Timer): Promise<Socket> {
  return UdpSocket.bind(at, (datagram, from) =>
    timer.run(now => hub.receive(protocol, datagram, from, now)),
  );
}

function listen(protocol: StreamProtocol, at: Endpoint, hub: Hub, timer: Timer): Promise<Socket> {
  return TcpServer.listen(at, connection =>
    timed(
      timer,
      timer.run(now => hub.accept(protocol, connection, now)),
    ),
  );
}

/** Several machines on one timer. */
function together(machines: readonly TimedMachine[]): TimedMachine {
  return {
    get dueAt() {
      return Math.min(...machines.map(({dueAt}) => dueAt));
    },
    onTime(now) {
      for (const machine of machines) if (machine.dueAt <= now) machine.onTime(now);
    },
  };
}

/** Resolves when nothing waits for a confirmation, or their time is over. */
function confirmed(hubs: readonly Hub[]): Promise<void> {
  return new Promise(resolve => {
    const startedAt = performance.now();
    const check = () => {
      if (!hubs.some(({isBusy}) => isBusy) || performance.now() - startedAt > goodbyeMs) resolve();
      else setTimeout(check, 10);
    };
    check();
  });
}
