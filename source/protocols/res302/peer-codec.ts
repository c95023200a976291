/** Messages between the members of a decentralised room (docs/protocols/res302.md, "Exchanges"). */
import type {PeerCodec, PeerMessage} from '../datagrams/peers.ts';
import {reliability} from './reliability.ts';
import * as wire from './wire.ts';

export function peerCodec(nickname: string): PeerCodec {
  const encode = (type: 'D' | 'H', fields: Partial<wire.Message>) =>
    wire.encode(wire.message(type, {...fields, flag: true, nickname}));
  return {
    reliability,
    withSequence: wire.withSequence,
    text: text => encode('D', {data: wire.encodeText(text)}),
    goodbye: () => encode('H', {}),
    confirmation: of => encode(of === 'text' ? 'D' : 'H', {ack: true}),
  };
}

/** Undefined if it is no message between peers. */
export function readPeer({type, ack, flag, sequence, data}: wire.Message): PeerMessage | undefined {
  if (!flag || (type !== 'D' && type !== 'H')) return undefined;
  if (ack) return {type: 'confirmation', sequence, of: type === 'D' ? 'text' : 'goodbye'};
  return type === 'D'
    ? {type: 'text', sequence, scope: 'room', text: wire.decodeText(data)}
    : {type: 'goodbye', sequence};
}
