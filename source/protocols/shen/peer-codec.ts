/** Messages between the members of a decentralised room (docs/protocols/shen.md, "Exchanges"). */
import type {PeerCodec, PeerMessage} from '../datagrams/peers.ts';
import {reliability} from './reliability.ts';
import * as wire from './wire.ts';

const ack = wire.encode({type: 'ack', sequence: 0, parts: []});
const goodbye = wire.encode({type: 'quitter', sequence: 0, parts: []});

export const peerCodec: PeerCodec = {
  reliability,
  withSequence: wire.withSequence,
  text: (text, recipient) => {
    const fields = {type: 'message', state: 'room', mode: 'decentralised'} as const;
    const parts = recipient === undefined ? [text] : [text, recipient];
    return wire.encode({...fields, sequence: 0, parts});
  },
  goodbye: () => goodbye,
  confirmation: () => ack,
};

/**
 * Undefined if it is no message between peers.
 *
 * @param nickname Our own. A text that names it is for us alone (R4).
 */
export function readPeer(message: wire.Message, nickname: string): PeerMessage | undefined {
  const {type, sequence} = message;
  if (type === 'message') {
    const [text = '', recipient] = message.parts;
    return {type: 'text', sequence, scope: recipient === nickname ? 'direct' : 'room', text};
  }
  if (type === 'quitter') return {type: 'goodbye', sequence};
  return type === 'ack' ? {type: 'confirmation', sequence, of: undefined} : undefined;
}
