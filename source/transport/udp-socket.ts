import {createSocket, type Socket} from 'node:dgram';
import type {Endpoint} from './endpoint.ts';

/** A burst of a thousand readers' confirmations fits; the kernel may give less. */
const bufferBytes = 4 * 1024 * 1024;

/** Datagrams out and in, and nothing that can throw once it is bound. */
export class UdpSocket {
  readonly #socket: Socket;
  #isClosed = false;

  /**
   * @param port 0 for any that is free.
   * @throws What binding throws: EADDRINUSE, EACCES, EADDRNOTAVAIL.
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
    // A port nobody listens on, and the like: to a protocol one more datagram that was lost.
    socket.on('error', () => {});
  }

  /** Where it is bound. */
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

/** Only addresses come here: a datagram leaves at once instead of after a trip to the resolver. */
function lookup(
  address: string,
  _options: unknown,
  callback: (error: null, address: string, family: number) => void,
): void {
  callback(null, address, 4);
}

function ignoreLoss(): void {
  // What the kernel would not take is lost like anything else on the way.
}
