import type {
  Connection,
  Endpoint,
  OutgoingListener,
  Reservation,
  StreamClientHost,
} from '../protocols/protocol.ts';

/** What a protocol speaks over: datagrams, or connections. */
export type Network = {
  send(datagram: Uint8Array, to: Endpoint): void;
  open(to: Endpoint, listener: OutgoingListener, localPort?: number): Connection;
  reserve: StreamClientHost['reserve'];
};

/**
 * The same network, whose news are served like requests.
 *
 * @param serve Calls `action`, and does what has to be done after each of them.
 */
export function serving(
  network: Network,
  serve: (now: number, action: () => void) => void,
): Network {
  const served = (listener: OutgoingListener): OutgoingListener => ({
    opened: now => serve(now, () => listener.opened(now)),
    received: (bytes, now) => serve(now, () => listener.received(bytes, now)),
    ended: now => serve(now, () => listener.ended(now)),
    drained: now => serve(now, () => listener.drained(now)),
    closed: (code, now) => serve(now, () => listener.closed(code, now)),
  });
  const held = ({port, release}: Reservation): Reservation => ({
    port,
    release: onFree => release(now => serve(now, () => onFree(now))),
  });
  return {
    send: network.send,
    open: (to, listener, localPort) => network.open(to, served(listener), localPort),
    reserve: onReserved =>
      network.reserve((reservation, now) =>
        serve(now, () => onReserved(reservation && held(reservation), now)),
      ),
  };
}
