import type {Network} from '../../source/client/network.ts';

/** A network for a protocol that opens no connections. */
export function datagramsOnly(send: Network['send']): Network {
  return {
    send,
    open() {
      throw new Error('there are only datagrams here');
    },
    reserve() {
      throw new Error('there are only datagrams here');
    },
  };
}
