import type {
  Connection,
  Endpoint,
  OutgoingListener,
  Reservation,
  StreamClientHost,
} from '../protocols/protocol.ts';

/** The addresses that a hub has at the moment, the best first. */
export type Located = readonly [Endpoint, ...Endpoint[]];

/** Why there is nobody to ask. */
export type NotLocated = 'no-address' | 'no-socket';

/** What a protocol speaks over: datagrams, or connections. */
export type Network = {
  /** Finds out where the hub is now, and opens what it takes to speak to it. May answer at once, or never. */
  locate(onLocated: (found: Located | NotLocated, now: number) => void): void;
  send(datagram: Uint8Array, to: Endpoint): void;
  /** @param to Tried in turn. */
  open(to: Located, listener: OutgoingListener, localPort?: number): Connection;
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
    locate: onLocated => network.locate((found, now) => serve(now, () => onLocated(found, now))),
    send: network.send,
    open: (to, listener, localPort) => network.open(to, served(listener), localPort),
    reserve: onReserved =>
      network.reserve((reservation, now) =>
        serve(now, () => onReserved(reservation && held(reservation), now)),
      ),
  };
}
