import {connect, createServer, isIP, type Server, type Socket} from 'node:net';
import type {Connection, ConnectionListener} from './connection.ts';
import type {Endpoint} from './endpoint.ts';
import {countSpent} from './spent-buffers.ts';

/** A side that has gone without a word is noticed by the system: it begins to ask after that time. */
const keepAliveMs = 60_000;

/** Accepts connections. */
export class TcpServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /**
   * @param port 0 for any that is free.
   * @param accept Is given each new connection, and says who listens to it.
   * @throws What binding throws: EADDRINUSE, EACCES, EADDRNOTAVAIL.
   */
  static async listen(
    {host, port}: Endpoint,
    accept: (connection: Connection) => ConnectionListener,
  ): Promise<TcpServer> {
    const server = createServer({
      allowHalfOpen: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveMs,
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    return new TcpServer(server, accept);
  }

  private constructor(server: Server, accept: (connection: Connection) => ConnectionListener) {
    this.#server = server;
    server.on('connection', socket => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      listen(socket, accept(new TcpConnection(socket)));
    });
    // Out of descriptors, for one: whoever came has not been let in, and the others go on.
    server.on('error', () => {});
  }

  /** Where it is bound. */
  get address(): Endpoint {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') return {host: '', port: 0};
    return {host: address.address, port: address.port};
  }

  /** Accepts nobody any more, and cuts off whoever is still there. */
  close(): Promise<void> {
    return new Promise(resolve => {
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
  }
}

export type OutgoingConnection = ConnectionListener & {opened(): void};

/** With several addresses, each but the last is given that long. Node's own 250 ms leave out whoever is far away. */
const attemptMs = 1000;

/**
 * @param to The addresses of one host, with one port: tried in turn as Node does it (RFC 8305) until one answers.
 * @param localPort To connect from; any by default. If it is taken, `closed` comes with EADDRINUSE.
 */
export function connectTcp(
  to: readonly [Endpoint, ...Endpoint[]],
  listener: OutgoingConnection,
  localPort?: number,
): Connection {
  const [{host, port}] = to;
  const socket = connect({
    // Node tries several addresses only of what is no address itself.
    host: to.length === 1 ? host : 'several',
    port,
    lookup: (_name, _options, answer) =>
      answer(
        null,
        to.map(({host: address}) => ({address, family: isIP(address)})),
      ),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: attemptMs,
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveMs,
    ...(localPort === undefined ? {} : {localPort}),
  });
  const connection = new TcpConnection(socket);
  socket.once('connect', () => listener.opened());
  listen(socket, listener);
  return connection;
}

/**
 * Finds a port to connect from later, and keeps it by listening on it: nobody who comes is let in.
 *
 * @returns The port, and what frees it; undefined if the system gives none.
 */
export async function reservePort(): Promise<
  {readonly port: number; release(): Promise<void>} | undefined
> {
  try {
    const server = await TcpServer.listen({host: '0.0.0.0', port: 0}, connection => {
      connection.destroy();
      return silentListener;
    });
    return {port: server.address.port, release: () => server.close()};
  } catch {
    return undefined;
  }
}

const silentListener: ConnectionListener = {
  received() {},
  ended() {},
  drained() {},
  closed() {},
};

class TcpConnection implements Connection {
  readonly #socket: Socket;
  #remote: Endpoint | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#remote = remoteOf(socket);
  }

  get remote(): Endpoint {
    this.#remote ??= remoteOf(this.#socket);
    return this.#remote ?? nowhere;
  }

  get waiting(): number {
    return this.#socket.writableLength;
  }

  write(bytes: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  end(): void {
    if (this.#socket.writable) this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }
}

/** Of a connection that has never been there. */
const nowhere: Endpoint = {host: '', port: 0};

/** The socket knows it from when it is connected until it is closed. */
function remoteOf({remoteAddress, remotePort}: Socket): Endpoint | undefined {
  if (remoteAddress === undefined || remotePort === undefined) return undefined;
  return {host: remoteAddress, port: remotePort};
}

function listen(socket: Socket, listener: ConnectionListener): void {
  let code: string | undefined;
  socket.on('data', bytes => {
    listener.received(bytes);
    countSpent(bytes.length);
  });
  socket.on('end', () => listener.ended());
  socket.on('drain', () => listener.drained());
  socket.on('error', (error: NodeJS.ErrnoException) => {
    code = error.code;
  });
  socket.once('close', () => listener.closed(code));
}
