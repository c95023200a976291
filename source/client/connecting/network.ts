import type {
  Connection,
  Endpoint,
  OutgoingListener,
  Reservation,
  StreamClientHost,
} from '../../protocols/protocol.ts';

/** The addresses that a hub has at the moment, the best first. */
export type Located = readonly [Endpoint, ...Endpoint[]];

/** Why the hub cannot be asked. */
export type NotLocated = 'no-address' | 'no-socket';

/** What the engine needs of the network. */
export type Network = {
  /** Finds the hub's present addresses, and opens the socket if one is needed. May answer at once, or never. */
  locate(onLocated: (found: Located | NotLocated, now: number) => void): void;
  send(datagram: Uint8Array, to: Endpoint): void;
  /** @param to The addresses, tried in turn. */
  open(to: Located, listener: OutgoingListener, localPort?: number): Connection;
  reserve: StreamClientHost['reserve'];
};

/**
 * The same network, whose callbacks are served like requests.
 *
 * @param serve Calls `action`, and does afterwards what has to be done after each call.
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
