/** Messages of a client to its hub, encoded with number 0, and their possible answers. */
import type {ReceivedInvitation} from '../../datagrams/received-invitations.ts';
import type {Mode, UserStatus} from '../../protocol.ts';
import * as wire from '../wire.ts';

export type OutgoingText = {
  readonly about: 'text';
  readonly id: number;
  readonly scope: UserStatus;
  /** The place where it was said: see `Membership.place`. */
  readonly place: number;
  /** The reader, if it is for one person. */
  readonly to: string | undefined;
  readonly datagram: Uint8Array;
};

/** A text for somebody who is not in our decentralised room. The list will tell why it cannot be sent. */
export type Unsent = {readonly id: number; readonly to: string};

/** A message to the hub, and what its answer means to us. */
export type Outgoing = {readonly datagram: Uint8Array} & (
  | {readonly about: 'registration' | 'invitation' | 'mode' | 'leaving' | 'goodbye'}
  | {readonly about: 'list'; readonly unsent?: Unsent}
  | OutgoingText
  /** Asks whether the hub still has us in the room in which we believe to be, or which we are leaving. */
  | {readonly about: 'room'; readonly place: number}
  | {
      readonly about: 'answer';
      readonly invitation: ReceivedInvitation;
      readonly accepted: boolean;
    }
);

const textAnswers = [
  'ack',
  'envoieInvalide',
  'clientPriveeRecoitUnMessagePublic',
  'messagerieSeTermine',
] as const;

const answersTo: Readonly<Record<Outgoing['about'], readonly wire.MessageType[]>> = {
  registration: ['ack', 'connexionInvalide', 'tropDeClients'],
  leaving: ['ack'],
  goodbye: ['ack'],
  text: textAnswers,
  room: textAnswers,
  list: ['liste'],
  invitation: ['offrirDeuxModes', 'envoieInvalide', 'tropDeClients'],
  mode: ['ack', 'tropDeClients', 'messagerieSeTermine'],
  answer: ['ack', 'messagerieSeTermine', 'tropDeClients'],
};

/** Whether a message of that type can be the answer. */
export function isAnsweredBy(outgoing: Outgoing, type: wire.MessageType): boolean {
  if (!answersTo[outgoing.about].includes(type)) return false;
  // For a text to everybody, 0x0E is an answer only in a decentralised room, whose texts the hub does not relay.
  const isPublic =
    outgoing.about === 'text' && outgoing.to === undefined && outgoing.scope === 'public';
  return !(isPublic && type === 'envoieInvalide');
}

/** Messages of the hub with numbers of its own. */
export const numbered: ReadonlySet<wire.MessageType> = new Set([
  'refuser',
  'diffusion',
  'invitationValide',
  'compter',
  'fermer',
  'envoieInvalide',
  'invitation',
]);

export const ack = encode('ack');

export const listRequest = {about: 'list', datagram: encode('demandeDeListe')} as const;

/** Encodes a message of a type without state and mode. */
export function encode(type: wire.TextType, ...parts: readonly string[]): Uint8Array {
  return wire.encode({type, sequence: 0, parts});
}

export function encodeIn(
  state: UserStatus,
  mode: Mode,
  type: wire.StateType,
  ...parts: readonly string[]
): Uint8Array {
  return wire.encode({type, sequence: 0, state, mode, parts});
}
