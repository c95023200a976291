import type {DatagramProtocol, Protocol, StreamProtocol} from '../protocols/protocol.ts';
import type {Endpoint} from '../transport/endpoint.ts';
import {TcpServer} from '../transport/tcp.ts';
import {timed} from '../transport/timed-listener.ts';
import {Timer} from '../transport/timer.ts';
import {UdpSocket} from '../transport/udp-socket.ts';
import {Hub, type HubOptions} from './hub.ts';

export type Listener = {
  readonly protocol: string;
  readonly transport: string;
  readonly host: string;
  readonly port: number;
};

/** An address to listen on, and the protocol for it. */
export type ListenAddress = {
  readonly protocol: Protocol;
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
};

export type ServeOptions = Pick<HubOptions, 'publicHost' | 'log' | 'admit' | 'onOutcome'> & {
  /** A protocol may have several. */
  readonly listeners: readonly ListenAddress[];
};

export type RunningHub = {
  readonly listeners: readonly Listener[];
  readonly users: number;
  /** Counts the input from the network that was not served, by reason. */
  readonly drops: ReadonlyMap<string, number>;
  /** Tells everybody, waits a moment for their confirmations, and closes the sockets. */
  close(): Promise<void>;
};

/** The longest wait for confirmations of the hub's goodbye. */
const goodbyeMs = 1000;

/**
 * Starts a hub: every listener, or none.
 *
 * @throws What binding throws, with the address in `address` and `port`.
 */
export async function serve({listeners, ...options}: ServeOptions): Promise<RunningHub> {
  const sockets: Socket[] = [];
  const hub = new Hub({
    ...options,
    protocols: [...new Set(listeners.map(({protocol}) => protocol))],
    send: (_protocol, datagram, to) => sockets[to.via ?? 0]?.send?.(datagram, to),
  });
  const timer = new Timer(hub);
  try {
    for (const {protocol, host, port} of listeners) {
      const socket =
        protocol.transport === 'udp'
          ? await bind(protocol, {host, port}, sockets.length, hub, timer)
          : await listen(protocol, {host, port}, hub, timer);
      sockets.push(socket);
    }
  } catch (error) {
    timer.stop();
    await Promise.all(sockets.map(socket => socket.close()));
    throw error;
  }
  return {
    listeners: sockets.map(({protocol: {name, transport}, address}) => ({
      protocol: name,
      transport,
      ...address,
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
      await Promise.all(sockets.map(socket => socket.close()));
    },
  };
}

/** One socket of a listener. */
type Socket = {
  readonly protocol: Protocol;
  readonly address: Endpoint;
  /** Only for datagrams. */
  send?(datagram: Uint8Array, to: Endpoint): void;
  close(): Promise<void>;
};

/** @param via The socket's place among all sockets. Answers to datagrams that it has received leave through it. */
async function bind(
  protocol: DatagramProtocol,
  at: Endpoint,
  via: number,
  hub: Hub,
  timer: Timer,
): Promise<Socket> {
  const socket = await UdpSocket.bind(at, (datagram, {host, port}) =>
    timer.run(now => hub.receive(protocol, datagram, {host, port, via}, now)),
  );
  return {
    protocol,
    address: socket.address,
    send: (datagram, to) => socket.send(datagram, to),
    close: () => socket.close(),
  };
}

async function listen(
  protocol: StreamProtocol,
  at: Endpoint,
  hub: Hub,
  timer: Timer,
): Promise<Socket> {
  const server = await TcpServer.listen(at, connection =>
    timed(
      timer,
      timer.run(now => hub.accept(protocol, connection, now)),
    ),
  );
  return {protocol, address: server.address, close: () => server.close()};
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
