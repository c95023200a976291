import {connect, createServer, isIP, type Server, type Socket} from 'node:net';
import type {Connection, ConnectionListener} from './connection.ts';
import type {Endpoint} from './endpoint.ts';
import {freeSpentBuffers} from './spent-buffers.ts';

/** After this time without traffic the system begins to ask whether the other side is still there. */
const keepAliveMs = 60_000;

/** Accepts connections. */
export class TcpServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /**
   * @param port 0 for any free port.
   * @param accept Gets each new connection, and returns its listener.
   * @throws The error of binding: EADDRINUSE, EACCES, EADDRNOTAVAIL.
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
    // For example out of descriptors: the new connection is not accepted, and the others go on.
    server.on('error', () => {});
  }

  /** The address to which it is bound. */
  get address(): Endpoint {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') return {host: '', port: 0};
    return {host: address.address, port: address.port};
  }

  /** Accepts no more connections, and destroys the present ones. */
  close(): Promise<void> {
    return new Promise(resolve => {
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
  }
}

export type OutgoingConnection = ConnectionListener & {opened(): void};

/** With several addresses, each but the last gets this time. Node's own 250 ms are too short for a distant host. */
const attemptMs = 1000;

/**
 * @param to The addresses of one host, with one port. Node tries them in turn (RFC 8305) until one answers.
 * @param localPort Local port of the connection; any by default. If it is taken, `closed` comes with EADDRINUSE.
 */
export function connectTcp(
  to: readonly [Endpoint, ...Endpoint[]],
  listener: OutgoingConnection,
  localPort?: number,
): Connection {
  const [{host, port}] = to;
  const socket = connect({
    // Node tries several addresses only if the host is not an address itself.
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
 * Finds a local port for a later connection, and keeps it by listening on it. Nobody who connects to it is let in.
 *
 * @returns The port, and a function that frees it; undefined if the system gives none.
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

/** Remote address of a connection that was never open. */
const nowhere: Endpoint = {host: '', port: 0};

/** A socket knows it only while it is connected. */
function remoteOf({remoteAddress, remotePort}: Socket): Endpoint | undefined {
  if (remoteAddress === undefined || remotePort === undefined) return undefined;
  return {host: remoteAddress, port: remotePort};
}

function listen(socket: Socket, listener: ConnectionListener): void {
  let code: string | undefined;
  socket.on('data', bytes => {
    listener.received(bytes);
    freeSpentBuffers(bytes.length);
  });
  socket.on('end', () => listener.ended());
  socket.on('drain', () => listener.drained());
  socket.on('error', (error: NodeJS.ErrnoException) => {
    code = error.code;
  });
  socket.once('close', () => listener.closed(code));
}
