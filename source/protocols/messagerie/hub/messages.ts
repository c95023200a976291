/** Messages that the hub sends by itself, encoded once with number 0 for all their readers. */
import type {Refusal} from '../../../chat/refusals.ts';
import type {Mode} from '../../../chat/words.ts';
import type {ToClient} from '../../datagrams/sessions.ts';
import {type Reason, reasons} from '../reasons.ts';
import {hubUserId, type Message, type MessageType, type Peer} from '../wire/messages.ts';
import {joinNotice, joinRelayedText, type Notice, type RelayedText} from '../wire/text.ts';
import {encode} from '../wire.ts';

/** A message to be confirmed. */
export type HubMessage = ToClient & {readonly confirmedBy: MessageType};

/** Takes the answer to a request: once, when there is an outcome. */
export type Answer = (answer: Message | Uint8Array) => void;

/** The header of all messages of the hub except relayed texts (R5), before they get their number. */
export const header = {userId: hubUserId, sequence: 0} as const;

export function relayedText(userId: number, relayed: RelayedText): HubMessage {
  return text(userId, joinRelayedText(relayed));
}

export function notice(what: Notice): HubMessage {
  return text(hubUserId, joinNotice(what));
}

function text(userId: number, relayed: string): HubMessage {
  const datagram = encode({type: 'texte', userId, sequence: 0, text: relayed});
  return {datagram, confirmedBy: 'reponseTexte', isRequired: true};
}

/** The confirmation is an addition of ours (R6): a client that does not send it is invited nevertheless. */
export function invitation(inviter: string, mode: Mode, room: string): HubMessage {
  const datagram = encode({type: 'demandeMessageriePrivee', ...header, inviter, mode, room});
  return {datagram, confirmedBy: 'reponseInviter', isRequired: false};
}

/** A decentralised room has changed: tells a member who else is in it (R8). */
export function roster(peers: readonly Peer[]): HubMessage {
  const message: Message = {
    type: 'reponseAcces',
    ...header,
    mode: 'decentralised',
    status: 'entered',
    peers,
  };
  return {datagram: encode(message), confirmedBy: 'reponseAcces', isRequired: false};
}

/** The reader was the last member of a room, and is in public again (R8). */
export const closing: HubMessage = {
  datagram: encode({type: 'reponseQuitter', ...header, done: true}),
  confirmedBy: 'reponseQuitter',
  isRequired: false,
};

/** Answers DECONNEXION. */
export const departed = encode({type: 'reponseDeconnexion', ...header, done: true});

/** ERREUR, in place of an answer (R4). */
export function error(reason: Reason): Message {
  return {type: 'erreur', ...header, text: reasons[reason]};
}

/** ERREUR, because the chat has refused the request. */
export function refused(refusal: Refusal): Message {
  return error(refusal in reasons ? (refusal as Reason) : 'no-such-user');
}
