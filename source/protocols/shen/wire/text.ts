/** The content of the texts of `shen` (docs/protocols/shen.md, "Texts"). */
import {type Endpoint, endpointKey, parseIPv4, parsePort} from '../../../transport/endpoint.ts';

/** All parts with their CR LFs. A text length has 10 bits. */
export const maximumTextBytes = 1023;
/** One message in UTF-8: beside it, author and recipient have to fit into a diffusion. */
export const maximumMessageBytes = 977;
export const maximumNameLength = 20;

/** The hub's sentences, for the types that carry one. */
export const sentences = {
  connexionInvalide: 'nom de client deja utilise',
  offrirDeuxModes: 'centralise ou decentralise',
  fermer: 'fermer cette messagerie car il reste seule personne',
  envoieInvalide: "nom de recepteur n'existe pas",
  clientPriveeRecoitUnMessagePublic: 'Client privee recoit un message public',
  messagerieSeTermine: "Messagerie se termine losqu'il y a plus de clients",
  tropDeClients: 'Nombre de client est superieur au limitation de nombre de groupe',
} as const;

const end = '\r\n';
const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', {ignoreBOM: true});

const name = `[A-Za-z0-9._-]{1,${maximumNameLength}}`;
const wholeName = new RegExp(`^${name}$`);
/** The worked examples put a comma, a space, or both before the author. */
const sentBy = new RegExp(`(?:, ?| )(${name}) envoie$`);
const invites = new RegExp(`^(${name}) vous invite`);

export function isName(text: string): boolean {
  return wholeName.test(text);
}

export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Invalid UTF-8 becomes U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Ends each part with CR LF, and replaces every CR or LF inside a part by a space (R1). */
export function joinParts(parts: readonly string[]): Uint8Array {
  return encodeText(parts.map(part => part.replaceAll(/[\r\n]/g, ' ') + end).join(''));
}

/** A part in the bytes of a text, and its ending behind it. In bytes. */
export type Part = {readonly length: number; readonly ending: number};

/** The rest after the last CR LF is a part too (R1), but not a lone LF: the original's first example ends with one. */
export function partsOf(text: Uint8Array): Part[] {
  const parts: Part[] = [];
  let start = 0;
  for (
    let at = text.indexOf(carriageReturn);
    at !== -1;
    at = text.indexOf(carriageReturn, at + 1)
  ) {
    if (text[at + 1] !== lineFeed) continue;
    parts.push({length: at - start, ending: 2});
    start = at + 2;
  }
  const left = text.length - start;
  const last = text.at(-1);
  const ending = left > 0 && (last === carriageReturn || last === lineFeed) ? 1 : 0;
  if (left > 0) parts.push({length: left - ending, ending});
  return parts;
}

/** A text that the hub passes on. */
export type Diffusion = {
  readonly message: string;
  readonly author: string;
  /** The reader's name, if it was for one reader (R4). */
  readonly recipient: string | undefined;
};

export function diffusionParts({message, author, recipient}: Diffusion): string[] {
  return recipient === undefined ? [message, author] : [message, author, recipient];
}

/** Two or three parts, or one part `message, NAME envoie` (R8). Undefined if no author is named. */
export function readDiffusion(parts: readonly string[]): Diffusion | undefined {
  const [message, author, recipient] = parts;
  if (message === undefined) return undefined;
  if (author !== undefined) return {message, author, recipient};
  const match = sentBy.exec(message);
  const [, named] = match ?? [];
  if (match === null || named === undefined) return undefined;
  return {message: message.slice(0, match.index), author: named, recipient: undefined};
}

/** Another member of a room, with an address if the room is decentralised. */
export type Member = {readonly nick: string; readonly endpoint: Endpoint | undefined};

/**
 * The parts of an invitationValide: `name` or `name ip:port` (R5).
 *
 * The first members, as many as fit into a text: at least 46 without addresses, 23 with them.
 */
export function rosterParts(members: readonly Member[]): string[] {
  const parts: string[] = [];
  let bytes = 0;
  for (const {nick, endpoint} of members) {
    const part = endpoint === undefined ? nick : `${nick} ${endpointKey(endpoint)}`;
    bytes += part.length + end.length;
    if (bytes > maximumTextBytes) break;
    parts.push(part);
  }
  return parts;
}

/** Drops parts that cannot be read. */
export function readRoster(parts: readonly string[]): Member[] {
  return parts.map(readMember).filter(member => member !== undefined);
}

function readMember(part: string): Member | undefined {
  const [nick = '', address, ...rest] = part.split(' ');
  if (!isName(nick) || rest.length > 0) return undefined;
  if (address === undefined) return {nick, endpoint: undefined};
  const [hostText = '', portText = '', ...more] = address.split(':');
  const host = parseIPv4(hostText);
  const port = parsePort(portText);
  if (host === undefined || port === undefined || more.length > 0) return undefined;
  return {nick, endpoint: {host, port}};
}

/** The one part of an invitation to the hub: `inviter,invitee,invitee…`. */
export function invitationRequest(inviter: string, invitees: readonly string[]): string {
  return [inviter, ...invitees].join(',');
}

/** Every requested name once. The chat decides who exists. */
export function readInvitationRequest(part: string): {inviter: string; invitees: string[]} {
  const [inviter = '', ...invitees] = part.split(',').map(nick => nick.trim());
  return {inviter, invitees: [...new Set(invitees)].filter(nick => nick !== '')};
}

/** The one part of an invitation from the hub. */
export function invitationNotice(inviter: string): string {
  return `${inviter} vous invite messagerie`;
}

/** The inviter, or undefined if the part names none. */
export function readInviter(part: string): string | undefined {
  return invites.exec(part)?.[1];
}
