/** What the members of a decentralised room say to each other (docs/protocols/shen.md, "Exchanges"). */
import type {PeerCodec, PeerMessage} from '../datagrams/peers.ts';
import {reliability} from './reliability.ts';
import * as wire from './wire.ts';

const ack = wire.encode({type: 'ack', sequence: 0, parts: []});
const goodbye = wire.encode({type: 'quitter', sequence: 0, parts: []});

export const peerCodec: PeerCodec = {
  reliability,
  withSequence: wire.withSequence,
  text: text => {
    const fields = {type: 'message', state: 'room', mode: 'decentralised'} as const;
    return wire.encode({...fields, sequence: 0, parts: [text]});
  },
  goodbye: () => goodbye,
  confirmation: () => ack,
};

/** Undefined if it is nothing that a peer says. */
export function readPeer(message: wire.Message): PeerMessage | undefined {
  const {type, sequence} = message;
  if (type === 'message') return {type: 'text', sequence, text: message.parts[0] ?? ''};
  if (type === 'quitter') return {type: 'goodbye', sequence};
  return type === 'ack' ? {type: 'confirmation', sequence, of: undefined} : undefined;
}
