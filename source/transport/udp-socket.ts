import {createSocket, type Socket} from 'node:dgram';
import type {Endpoint} from './endpoint.ts';

/** Large enough for the confirmations of a thousand readers at once; the kernel may give less. */
const bufferBytes = 4 * 1024 * 1024;

/** Sends and receives datagrams. Nothing can throw once it is bound. */
export class UdpSocket {
  readonly #socket: Socket;
  #isClosed = false;

  /**
   * @param port 0 for any free port.
   * @throws The error of binding: EADDRINUSE, EACCES, EADDRNOTAVAIL.
   */
  static async bind(
    {host, port}: Endpoint,
    onDatagram: (datagram: Uint8Array, from: Endpoint) => void,
  ): Promise<UdpSocket> {
    const socket = createSocket({
      type: 'udp4',
      recvBufferSize: bufferBytes,
      sendBufferSize: bufferBytes,
      lookup,
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(port, host, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    return new UdpSocket(socket, onDatagram);
  }

  private constructor(socket: Socket, onDatagram: (datagram: Uint8Array, from: Endpoint) => void) {
    this.#socket = socket;
    socket.on('message', (datagram, {address, port}) => {
      // From port 0 nobody wants an answer, and the socket would throw at one.
      if (port !== 0) onDatagram(datagram, {host: address, port});
    });
    // For example nobody listens on the port: for a protocol that is one more lost datagram.
    socket.on('error', () => {});
  }

  /** The address to which it is bound. */
  get address(): Endpoint {
    const {address, port} = this.#socket.address();
    return {host: address, port};
  }

  /** The bytes must not be changed afterwards. */
  send(datagram: Uint8Array, {host, port}: Endpoint): void {
    if (!this.#isClosed) this.#socket.send(datagram, port, host, ignoreLoss);
  }

  close(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#isClosed = true;
    return new Promise(resolve => this.#socket.close(resolve));
  }
}

/** Only addresses come here, so that a datagram leaves at once and without the resolver. */
function lookup(
  address: string,
  _options: unknown,
  callback: (error: null, address: string, family: number) => void,
): void {
  callback(null, address, 4);
}

function ignoreLoss(): void {
  // A datagram that the kernel does not take is lost, like any other on its way.
}
