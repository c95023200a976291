/** What the hub says by itself, encoded under number 0: once for all its readers. */
import type {Refusal} from '../../../chat/refusals.ts';
import type {Mode} from '../../../chat/words.ts';
import type {ToClient} from '../../datagrams/sessions.ts';
import {type Reason, reasons} from '../reasons.ts';
import {hubUserId, type Message, type MessageType, type Peer} from '../wire/messages.ts';
import {joinNotice, joinRelayedText, type Notice, type RelayedText} from '../wire/text.ts';
import {encode} from '../wire.ts';

/** A message to be confirmed. */
export type HubMessage = ToClient & {readonly confirmedBy: MessageType};

/** Takes what a request is answered with: when there is an outcome, and once. */
export type Answer = (answer: Message | Uint8Array) => void;

/** The header of everything the hub says but relayed texts (R5), until it has its number. */
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

/** The confirmation is an addition of ours (R6): who does not send it is still invited. */
export function invitation(inviter: string, mode: Mode, room: string): HubMessage {
  const datagram = encode({type: 'demandeMessageriePrivee', ...header, inviter, mode, room});
  return {datagram, confirmedBy: 'reponseInviter', isRequired: false};
}

/** A decentralised room has changed: who else is in it now (R8). */
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

/** The reader was the last in a room, and is in public again (R8). */
export const closing: HubMessage = {
  datagram: encode({type: 'reponseQuitter', ...header, done: true}),
  confirmedBy: 'reponseQuitter',
  isRequired: false,
};

/** Answers DECONNEXION. */
export const departed = encode({type: 'reponseDeconnexion', ...header, done: true});

/** In place of an answer (R4). */
export function error(reason: Reason): Message {
  return {type: 'erreur', ...header, text: reasons[reason]};
}

/** ERREUR, because the chat does not do what was asked. */
export function refused(refusal: Refusal): Message {
  return error(refusal in reasons ? (refusal as Reason) : 'no-such-user');
}
