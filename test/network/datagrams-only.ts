import type {Network} from '../../source/client/engine.ts';
import {protocols} from '../../source/protocols/index.ts';
import type {DatagramProtocol} from '../../source/protocols/protocol.ts';

export const datagramProtocols = protocols.filter(
  (protocol): protocol is DatagramProtocol => protocol.transport === 'udp',
);

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
