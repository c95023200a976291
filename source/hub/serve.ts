import type {DatagramProtocol, HubLog, Protocol, StreamProtocol} from '../protocols/protocol.ts';
import type {Endpoint} from '../transport/endpoint.ts';
import {TcpServer} from '../transport/tcp.ts';
import {timed} from '../transport/timed-listener.ts';
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
  /** Where it is written who of that protocol has come and gone. */
  log(protocol: string): HubLog;
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
  const hub = new Hub({
    protocols: [...ports.keys()],
    publicHost,
    log,
    send: (protocol, datagram, to) => sockets.get(protocol)?.send?.(datagram, to),
  });
  const timer = new Timer(hub);
  try {
    for (const [protocol, port] of ports) {
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
