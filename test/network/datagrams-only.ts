import type {Network} from '../../source/client/connecting/network.ts';
import type {Endpoint} from '../../source/transport/endpoint.ts';

/** A network for a protocol that opens no connections, with the hub at that endpoint. */
export function datagramsOnly(send: Network['send'], hub: Endpoint, now = () => 0): Network {
  return {
    locate: onLocated => onLocated([hub], now()),
    send,
    open() {
      throw new Error('there are only datagrams here');
    },
    reserve() {
      throw new Error('there are only datagrams here');
    },
  };
}
