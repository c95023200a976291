/** What a client says to its hub, under number 0, and what may come back. */
import type {ReceivedInvitation} from '../../datagrams/received-invitations.ts';
import type {Mode, UserStatus} from '../../protocol.ts';
import * as wire from '../wire.ts';

export type OutgoingText = {
  readonly about: 'text';
  readonly id: number;
  readonly scope: UserStatus;
  /** Where it was said: see `Membership.place`. */
  readonly place: number;
  /** For one reader alone: who that is. */
  readonly to: string | undefined;
  readonly datagram: Uint8Array;
};

/** A text for somebody who is no member of our decentralised room: the list tells why it cannot be sent. */
export type Unsent = {readonly id: number; readonly to: string};

/** What is said to the hub, and what its answer means to us. */
export type Outgoing = {readonly datagram: Uint8Array} & (
  | {readonly about: 'registration' | 'invitation' | 'mode' | 'leaving' | 'goodbye'}
  | {readonly about: 'list'; readonly unsent?: Unsent}
  | OutgoingText
  /** Whether we still are in the room that we believe to be in, or to leave. */
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
  // Of a text for everybody the hub says so only if it is for a room that it has no part in.
  const isPublic =
    outgoing.about === 'text' && outgoing.to === undefined && outgoing.scope === 'public';
  return !(isPublic && type === 'envoieInvalide');
}

/** What the hub sends under numbers of its own. */
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

/** Of the types that have neither state nor mode. */
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
