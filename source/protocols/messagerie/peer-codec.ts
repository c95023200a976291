/** Messages between the members of a decentralised room (docs/protocols/messagerie.md, "Exchanges"). */
import type {PeerCodec, PeerMessage} from '../datagrams/peers.ts';
import {reliability} from './reliability.ts';
import type {Message, UnknownMessage} from './wire/messages.ts';
import * as wire from './wire.ts';

/** @param userId Our own. Peers go by the source address and not by the id. */
export function peerCodec(userId: () => number): PeerCodec {
  const header = () => ({userId: userId(), sequence: 0});
  return {
    reliability,
    withSequence: wire.withSequence,
    text: text => wire.encode({type: 'texte', ...header(), text}),
    // The hub tells the other members with a new roster (R8).
    goodbye: () => undefined,
    confirmation: () => wire.encode({type: 'reponseTexte', ...header()}),
  };
}

/** Undefined if it is no message between peers. */
export function readPeer(message: Message | UnknownMessage): PeerMessage | undefined {
  const {type, sequence} = message;
  if (type === 'texte') return {type: 'text', sequence, scope: 'room', text: message.text};
  return type === 'reponseTexte' ? {type: 'confirmation', sequence, of: 'text'} : undefined;
}
