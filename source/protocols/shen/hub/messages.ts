/** Messages of the hub, encoded once with number 0 for all their readers. */
import type {ToClient} from '../../datagrams/sessions.ts';
import type {ListedUser, Mode} from '../../protocol.ts';
import {type Diffusion, diffusionParts, invitationNotice, isName, sentences} from '../wire/text.ts';
import * as wire from '../wire.ts';

/** A message to be confirmed. */
export type HubMessage = ToClient & {
  /** A list has the number of the client's request; the others have a number of the hub. */
  readonly kind: 'message' | 'invitation' | 'place' | 'roll-call' | 'list';
};

/** Whether it is neither a roll call nor a list. If such a message is taken for confirmed by mistake, its reader loses it. */
export function isMessage(kind: HubMessage['kind']): boolean {
  return kind !== 'roll-call' && kind !== 'list';
}

/** Takes the answer to a request: once, when there is an outcome. */
export type Answer = (answer: Uint8Array) => void;

/** Answers to requests that are the same for every reader. */
export const answers = {
  ack: encode('ack'),
  connexionInvalide: encode('connexionInvalide', sentences.connexionInvalide),
  offrirDeuxModes: encode('offrirDeuxModes', sentences.offrirDeuxModes),
  envoieInvalide: encode('envoieInvalide', sentences.envoieInvalide),
  clientPriveeRecoitUnMessagePublic: encode(
    'clientPriveeRecoitUnMessagePublic',
    sentences.clientPriveeRecoitUnMessagePublic,
  ),
  messagerieSeTermine: encode('messagerieSeTermine', sentences.messagerieSeTermine),
  tropDeClients: encode('tropDeClients', sentences.tropDeClients),
} as const;

export const rollCall: HubMessage = {
  kind: 'roll-call',
  datagram: encode('compter'),
  isRequired: true,
};

/** Tells its reader, like a roster, in which place they are. */
export const closed: HubMessage = {...message('fermer', [sentences.fermer]), kind: 'place'};

/** One of several invitees does not exist. A second part says which one, if it can be a name at all (R8). */
export function unknownInvitee(nickname: string): HubMessage {
  const {envoieInvalide} = sentences;
  return message(
    'envoieInvalide',
    isName(nickname) ? [envoieInvalide, nickname] : [envoieInvalide],
  );
}

/** A text. A client that confirms neither it nor a roll call is taken for gone (R8). */
export function diffusion(text: Diffusion): HubMessage {
  return {...message('diffusion', diffusionParts(text)), isRequired: true};
}

/** An addition of ours (R6). */
export function refusal(invitee: string): HubMessage {
  return message('refuser', [invitee]);
}

/** @param parts One for each other member, as many as fit (R5). */
export function roster(parts: readonly string[]): HubMessage {
  return {...message('invitationValide', parts), kind: 'place'};
}

export function invitation(inviter: string, mode: Mode): HubMessage {
  const parts = [invitationNotice(inviter)];
  const fields = {type: 'invitation', sequence: 0, state: 'public', mode, parts} as const;
  return {kind: 'invitation', datagram: wire.encode(fields), isRequired: false};
}

export function list(users: readonly ListedUser[]): HubMessage {
  const datagram = wire.encode({type: 'liste', sequence: 0, users});
  return {kind: 'list', datagram, isRequired: false};
}

function message(type: wire.TextType, parts: readonly string[]): HubMessage {
  return {kind: 'message', datagram: encode(type, ...parts), isRequired: false};
}

function encode(type: wire.TextType, ...parts: readonly string[]): Uint8Array {
  return wire.encode({type, sequence: 0, parts});
}
