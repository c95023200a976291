/** The three packet formats of `shen` (docs/protocols/shen.md, "Packets"). */
import {BitReader, BitWriter} from '../../transport/bits.ts';
import type {Decoded} from '../../transport/decoded.ts';
import {explainDatagram} from '../../transport/explain.ts';
import {type Field, type FieldLog, numbered} from '../../transport/fields.ts';
import {Malformed} from '../../transport/malformed.ts';
import type {ListedUser, Mode, UserStatus} from '../protocol.ts';
import {decodeText, encodeText, isName, joinParts, maximumTextBytes, partsOf} from './wire/text.ts';

/** Format 1: only a text. */
export const textTypes = {
  connexion: 0x01,
  connexionInvalide: 0x02,
  deconnexion: 0x03,
  demandeDeListe: 0x04,
  accepter: 0x05,
  refuser: 0x06,
  quitter: 0x07,
  ack: 0x08,
  diffusion: 0x09,
  offrirDeuxModes: 0x0a,
  invitationValide: 0x0b,
  compter: 0x0c,
  fermer: 0x0d,
  envoieInvalide: 0x0e,
  clientPriveeRecoitUnMessagePublic: 0x0f,
  messagerieSeTermine: 0x10,
  tropDeClients: 0x11,
} as const;

/** Format 2: state and mode before the text. */
export const stateTypes = {message: 0x12, invitation: 0x13, choisirLeMode: 0x14} as const;

/** Format 3: entries instead of a text. */
export const listTypes = {liste: 0x15} as const;

export const types = {...textTypes, ...stateTypes, ...listTypes} as const;

export type TextType = keyof typeof textTypes;
export type StateType = keyof typeof stateTypes;
export type MessageType = keyof typeof types;

export type TextMessage = {
  readonly type: TextType;
  /** 10 bits. */
  readonly sequence: number;
  /** Each ended by CR LF on the wire (R1). */
  readonly parts: readonly string[];
};

export type StateMessage = {
  readonly type: StateType;
  /** 10 bits. */
  readonly sequence: number;
  readonly state: UserStatus;
  readonly mode: Mode;
  /** Each ended by CR LF on the wire (R1). */
  readonly parts: readonly string[];
};

export type ListMessage = {
  readonly type: 'liste';
  /** 10 bits: the number of the request. */
  readonly sequence: number;
  readonly users: readonly ListedUser[];
};

/** One datagram, one message. */
export type Message = TextMessage | StateMessage | ListMessage;

export const maximumSequence = 1023;
export const maximumUsers = 1024;
export const maximumRooms = 100;
export const maximumMembers = 100;
/** The limit of UDP over IPv4: no list is longer. */
export const maximumDatagramBytes = 65_507;

const sequenceBits = 10;
const typeBits = 8;
const lengthBits = 10;
const statusBits = 2;
const modeBits = 2;
const entryHeaderBits = statusBits + lengthBits;
/** A text length may be this many bytes too small: for a CR LF that was not counted (R2). */
const lengthTolerance = 2;

/** Values of the two bits, in their order. */
const statuses: readonly UserStatus[] = ['public', 'room'];
const modes: readonly Mode[] = ['centralised', 'decentralised'];

const typeNames = new Map<number, MessageType>(keysOf(types).map(name => [types[name], name]));

/** @throws RangeError if something does not fit its field: a mistake of ours. */
export function encode(message: Message): Uint8Array {
  const writer = new BitWriter()
    .unsigned(sequenceBits, message.sequence)
    .unsigned(typeBits, types[message.type]);
  if (message.type === 'liste') {
    writeList(writer, message.users);
  } else {
    const text = joinParts(message.parts);
    writer.unsigned(lengthBits, text.length);
    if ('state' in message) {
      writer.unsigned(statusBits, statuses.indexOf(message.state));
      writer.unsigned(modeBits, modes.indexOf(message.mode));
    }
    writer.bytes(text);
  }
  return writer.finish();
}

/**
 * The same datagram with another number, so that one encoding serves many readers.
 *
 * @throws RangeError if the number has more than 10 bits.
 */
export function withSequence(datagram: Uint8Array, sequence: number): Uint8Array {
  if (!Number.isInteger(sequence) || sequence < 0 || sequence > maximumSequence) {
    throw new RangeError(`sequence ${sequence}`);
  }
  const copy = Uint8Array.from(datagram);
  copy[0] = sequence >> 2;
  copy[1] = ((sequence & 0b11) << 6) | ((copy[1] ?? 0) & 0b0011_1111);
  return copy;
}

/** @param log Is told of the fields. */
export function decode(datagram: Uint8Array, log?: FieldLog): Decoded<Message> {
  try {
    return {ok: true, message: read(new BitReader(datagram, log))};
  } catch (error) {
    if (error instanceof Malformed) return {ok: false, reason: error.message};
    throw error;
  }
}

export function explain(datagram: Uint8Array): readonly Field[] {
  return explainDatagram(datagram, decode);
}

const typeMeanings: Readonly<Record<MessageType, string>> = {
  connexion: 'connect',
  connexionInvalide: 'name refused',
  deconnexion: 'disconnect',
  demandeDeListe: 'list request',
  accepter: 'accept',
  refuser: 'refuse',
  quitter: 'leave room',
  ack: 'confirm (ACK)',
  diffusion: 'relayed text',
  offrirDeuxModes: 'which mode',
  invitationValide: 'roster',
  compter: 'roll call',
  fermer: 'room closed',
  envoieInvalide: 'no such user',
  clientPriveeRecoitUnMessagePublic: 'not in public',
  messagerieSeTermine: 'room ended',
  tropDeClients: 'too many',
  message: 'text',
  invitation: 'invite',
  choisirLeMode: 'mode chosen',
  liste: 'list',
};

const fieldNames = {
  type: {
    name: 'type',
    say(code: number) {
      const type = typeNames.get(code);
      const hex = `0x${code.toString(16).padStart(2, '0').toUpperCase()}`;
      return `${hex}, ${type === undefined ? 'unknown' : typeMeanings[type]}`;
    },
  },
  state: numbered('state', value => stateMeanings[value] ?? 'unknown'),
  status: numbered('status', value => stateMeanings[value] ?? 'unknown'),
  mode: numbered('mode', value => modes[value] ?? 'unknown'),
  partEnd: {name: 'CR LF', say: () => 'ends the part'},
};

const stateMeanings = ['public room', 'private room'];

/** The parts that have names of their own, in their order. */
const partNames: Readonly<Partial<Record<MessageType, readonly string[]>>> = {
  message: ['message', 'recipient'],
  diffusion: ['message', 'author', 'recipient'],
};

function read(reader: BitReader): Message {
  const sequence = reader.unsigned(sequenceBits, 'sequence');
  const code = reader.unsigned(typeBits, fieldNames.type);
  const announced = reader.unsigned(lengthBits, 'text length');
  const type = typeNames.get(code);
  if (type === undefined) throw new Malformed(`unknown type ${code}`);
  if (type === 'liste') return {type, sequence, users: readList(reader, announced)};
  if (!isStateType(type)) return {type, sequence, parts: readParts(reader, announced, type)};
  const state = statuses[reader.unsigned(statusBits, fieldNames.state)];
  const mode = modes[reader.unsigned(modeBits, fieldNames.mode)];
  if (state === undefined) throw new Malformed('unknown state');
  if (mode === undefined) throw new Malformed('unknown mode');
  return {type, sequence, state, mode, parts: readParts(reader, announced, type)};
}

/** Reads to the datagram's last whole byte. Four more bits only fill the last byte of format 1. */
function readParts(reader: BitReader, announced: number, type: MessageType): string[] {
  const there = Math.floor(reader.remaining / 8);
  checkLength(announced, there);
  const names = partNames[type] ?? [];
  return partsOf(reader.ahead(there)).map(({length, ending}, index) => {
    const bytes = reader.bytes(length, names[index] ?? 'part');
    reader.bytes(ending, fieldNames.partEnd);
    return decodeText(bytes);
  });
}

function writeList(writer: BitWriter, users: readonly ListedUser[]): void {
  const bits = users.reduce((sum, {nick}) => sum + entryHeaderBits + nick.length * 8, 0);
  const bytes = Math.ceil(bits / 8);
  if (bytes > maximumDatagramBytes - 4) throw new RangeError(`${bytes} bytes of entries`);
  writer.unsigned(lengthBits, Math.min(bytes, maximumTextBytes));
  for (const {nick, status} of users) {
    if (!isName(nick)) throw new RangeError(`name ${nick}`);
    writer.unsigned(statusBits, statuses.indexOf(status)).unsigned(lengthBits, nick.length);
    writer.bytes(encodeText(nick));
  }
}

/** Drops entries with an unknown status or an invalid name (R3). */
function readList(reader: BitReader, announced: number): ListedUser[] {
  const users: ListedUser[] = [];
  const start = reader.remaining;
  while (reader.remaining >= entryHeaderBits) {
    const status = statuses[reader.unsigned(statusBits, fieldNames.status)];
    const length = reader.unsigned(lengthBits, 'length of the name');
    const nick = decodeText(reader.bytes(length, 'name'));
    if (status !== undefined && isName(nick)) users.push({nick, status});
  }
  const there = Math.ceil((start - reader.remaining) / 8);
  checkLength(announced, Math.min(there, maximumTextBytes));
  return users;
}

/** @throws Malformed unless the length is exact or at most two short (R2). */
function checkLength(announced: number, there: number): void {
  if (announced > there || announced < there - lengthTolerance) {
    throw new Malformed(`${announced} bytes of text announced, ${there} there`);
  }
}

function isStateType(type: MessageType): type is StateType {
  return type in stateTypes;
}

function keysOf<Key extends string>(table: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(table) as Key[];
}
