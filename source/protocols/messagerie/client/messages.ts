/** Messages of a client to its hub, encoded with number 0, and their possible answers. */
import type {ReceivedInvitation} from '../../datagrams/received-invitations.ts';
import type {ClientHost, Conversation, Mode} from '../../protocol.ts';
import {type Message, type MessageType, unregisteredUserId} from '../wire/messages.ts';
import {encode} from '../wire.ts';

/** A message to the hub, and what its answer will mean to us. */
export type HubRequest =
  | {readonly about: 'registration'; readonly name: string}
  | {readonly about: 'keep-alive' | 'leaving' | 'goodbye' | 'list' | 'rooms'}
  | {
      readonly about: 'text';
      readonly id: number;
      readonly scope: Conversation;
      /** The place it was written for. The message names no room: the hub would say it in our place at that time. */
      readonly place: number;
      readonly text: string;
    }
  | {readonly about: 'members'; readonly room: string; readonly epoch: number}
  | {readonly about: 'addresses'; readonly room: string}
  | {
      readonly about: 'creation';
      readonly room: string;
      readonly mode: Mode;
      readonly most: number;
    }
  /** `isMoving`: from another room. */
  | {readonly about: 'entrance'; readonly room: string; readonly isMoving: boolean}
  | {readonly about: 'invitation'; readonly nick: string}
  | {
      readonly about: 'answer';
      readonly invitation: ReceivedInvitation;
      readonly accepted: boolean;
    };

/** A request on its way, and the type of its answer, unless an ERREUR comes. */
export type Outgoing = HubRequest & {readonly datagram: Uint8Array; readonly answer: MessageType};

/** What the parts of the client need to ask the hub something. */
export type RequestHost = Pick<ClientHost, 'emit'> & {
  /** Queues the request until its turn. */
  ask(request: HubRequest): void;
};

/** @param userId Ours. */
export function encodeRequest(request: HubRequest, userId: number): Outgoing {
  const header = {userId, sequence: 0};
  const outgoing = (message: Message, answer: MessageType): Outgoing => ({
    ...request,
    datagram: encode(message),
    answer,
  });
  switch (request.about) {
    case 'registration': {
      const {name} = request;
      const message = {type: 'connexion', userId: unregisteredUserId, sequence: 0, name} as const;
      return outgoing(message, 'reponseConnexion');
    }
    case 'keep-alive':
      return outgoing({type: 'connexion', ...header, name: undefined}, 'reponseConnexion');
    case 'goodbye':
      return outgoing({type: 'deconnexion', ...header}, 'reponseDeconnexion');
    case 'text':
      return outgoing({type: 'texte', ...header, text: request.text}, 'reponseTexte');
    case 'list':
      return outgoing(
        {type: 'demanderListeClient', ...header, room: ''},
        'reponseDemanderListeClient',
      );
    case 'members':
      return outgoing(
        {type: 'demanderListeClient', ...header, room: request.room},
        'reponseDemanderListeClient',
      );
    case 'rooms':
      return outgoing(
        {type: 'demanderListeMessagerie', ...header},
        'reponseDemanderListeMessagerie',
      );
    case 'creation': {
      const {mode, room, most} = request;
      return outgoing({type: 'creerMessageriePrivee', ...header, mode, room, most}, 'reponseCreer');
    }
    case 'entrance':
      if (!request.isMoving) {
        return outgoing({type: 'demandeAcces', ...header, room: request.room}, 'reponseAcces');
      }
      return outgoing({type: 'changerMessagerie', ...header, room: request.room}, 'reponseChanger');
    case 'addresses':
      // A member asks to be let in again, with 17 and not 7: the answer to a 7 could be mistaken for a roster, and a
      // roster for the answer.
      return outgoing({type: 'changerMessagerie', ...header, room: request.room}, 'reponseChanger');
    case 'invitation':
      return outgoing({type: 'inviter', ...header, name: request.nick}, 'reponseInviter');
    case 'answer': {
      const {accepted} = request;
      const answer = accepted ? 'reponseAcces' : 'reponseInviter';
      return outgoing({type: 'reponseMessageriePrivee', ...header, accepted}, answer);
    }
    case 'leaving':
      return outgoing({type: 'quitter', ...header}, 'reponseQuitter');
  }
}

/** The answer to a registration has an id, that to a keep-alive has none. Any other request may be refused. */
export function isAnsweredBy({about, answer}: Outgoing, message: Message): boolean {
  if (message.type === 'erreur') return about !== 'registration';
  if (message.type !== answer) return false;
  const isConnection = about === 'registration' || about === 'keep-alive';
  return !isConnection || 'id' in message === (about === 'registration');
}

/**
 * The confirmation of a message that the hub sends by itself. Undefined for other messages.
 *
 * @param userId Ours.
 */
export function confirmationOf(message: Message, userId: number): Uint8Array | undefined {
  const header = {userId, sequence: 0};
  switch (message.type) {
    case 'texte':
      return encode({type: 'reponseTexte', ...header});
    case 'demandeMessageriePrivee':
      return encode({type: 'reponseInviter', ...header});
    case 'reponseAcces': {
      const {type, mode, status} = message;
      if (mode !== 'decentralised' || status !== 'entered') return undefined;
      return encode({type, ...header, mode, status, peers: []});
    }
    case 'reponseQuitter':
      return message.done ? encode({type: 'reponseQuitter', ...header, done: true}) : undefined;
    default:
      return undefined;
  }
}
