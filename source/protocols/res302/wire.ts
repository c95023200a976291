/** The datagram of `res302` and its payloads (docs/protocols/res302.md, "Datagram"). */
import {BitReader} from '../../transport/bits.ts';
import type {Decoded} from '../../transport/decoded.ts';
import {type Endpoint, parseIPv4, parsePort} from '../../transport/endpoint.ts';
import {explainDatagram} from '../../transport/explain.ts';
import {type Field, type FieldLog, numbered, quoted} from '../../transport/fields.ts';
import {Malformed} from '../../transport/malformed.ts';
import type {ListedUser} from '../protocol.ts';

export const messageTypes = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I'] as const;
export type MessageType = (typeof messageTypes)[number];

/** One datagram, one message. Fields in the order of the table. */
export type Message = {
  readonly ack: boolean;
  /** 7 bits. */
  readonly sequence: number;
  readonly flag: boolean;
  /** 7 bits; has a meaning only in a B. */
  readonly code: number;
  readonly type: MessageType;
  /** Empty where the table has an X. After decoding it may break {@link isNickname}, and the hub has to refuse it. */
  readonly nickname: string;
  readonly data: Uint8Array;
};

export const headerBytes = 15;
export const maximumDataBytes = 65_452;
export const maximumTextBytes = 500;

const nicknameBytes = 10;
const noData = new Uint8Array(0);
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', {ignoreBOM: true});

export function isNickname(text: string): boolean {
  return /^[a-zA-Z0-9]{1,10}$/.test(text);
}

/** Codes of a B with FLAG 0. */
export const notices = {declined: 0x01, accepted: 0x02, left: 0x04, closed: 0x08} as const;

/** Codes of a B with FLAG 1; the full hub is R2. */
export const errors = {
  'name-in-use': 0x01,
  'name-invalid': 0x02,
  'no-such-user': 0x04,
  'already-in-room': 0x08,
  'hub-full': 0x10,
} as const;

const typeMeanings: Readonly<Record<MessageType, string>> = {
  A: 'connect',
  B: 'notice, error',
  C: 'public text',
  D: 'room text',
  E: 'list',
  F: 'invite',
  G: 'answer, member',
  H: 'leave room',
  I: 'disconnect',
};

/** What 0 and 1 mean; the same words where the flag means nothing. */
const flagMeanings: Readonly<Record<MessageType, readonly [string, string]>> = {
  A: ['0', '1'],
  B: ['0, a notice', '1, an error'],
  C: ['0', '1'],
  D: ['0, through the hub', '1, from peer to peer'],
  E: ['0, everybody', '1, the own room'],
  F: ['0, centralised', '1, decentralised'],
  G: ['0, accept', '1, refuse'],
  H: ['0, centralised', '1, decentralised'],
  I: ['0', '1'],
};

function meaningIn(codes: Readonly<Record<string, number>>) {
  return (code: number) => Object.keys(codes).find(name => codes[name] === code);
}

const fieldNames = {
  ack: numbered('ACK', bit => (bit === 1 ? 'it answers that number' : 'to be confirmed')),
  sequence: 'sequence',
  flag: {name: 'FLAG', say: String},
  notice: numbered('code', meaningIn(notices)),
  error: numbered('code', meaningIn(errors)),
  type: {
    name: 'type',
    say(letter: number) {
      const type = messageTypes[letter - 0x41];
      return type === undefined ? `${letter}, unknown` : `${type}, ${typeMeanings[type]}`;
    },
  },
  nickname: {
    name: 'nickname',
    say: (bytes: Uint8Array) => quoted(decodeNickname(bytes)),
  },
  length: 'length of the data',
};

/** Where the table has data. */
const dataNames: Readonly<Partial<Record<MessageType, string>>> = {
  C: 'text',
  D: 'text',
  E: 'list',
  F: 'nicknames',
  G: 'port and address',
};

/** A message whose other fields are zero or empty. */
export function message(type: MessageType, fields: Partial<Omit<Message, 'type'>> = {}): Message {
  return {
    ack: false,
    sequence: 0,
    flag: false,
    code: 0,
    type,
    nickname: '',
    data: noData,
    ...fields,
  };
}

export function encode({ack, sequence, flag, code, type, nickname, data}: Message): Uint8Array {
  if ((sequence | code) >>> 7 !== 0) throw new RangeError('sequence and code have seven bits');
  if (data.length > maximumDataBytes) throw new RangeError(`${data.length} bytes of data`);
  if (nickname !== '' && !isNickname(nickname)) throw new RangeError(`nickname ${nickname}`);
  const datagram = new Uint8Array(headerBytes + data.length);
  datagram[0] = (ack ? 0x80 : 0) | sequence;
  datagram[1] = (flag ? 0x80 : 0) | code;
  datagram[2] = type.charCodeAt(0);
  encoder.encodeInto(nickname, datagram.subarray(3, 3 + nicknameBytes));
  datagram[13] = data.length >> 8;
  datagram[14] = data.length & 0xff;
  datagram.set(data, headerBytes);
  return datagram;
}

/** The same datagram with another number, so that one encoding serves many readers. */
export function withSequence(datagram: Uint8Array, sequence: number): Uint8Array {
  const copy = Uint8Array.from(datagram);
  copy[0] = ((copy[0] ?? 0) & 0x80) | sequence;
  return copy;
}

/** @param log Is told of the fields. */
export function decode(datagram: Uint8Array, log?: FieldLog): Decoded<Message> {
  try {
    return {ok: true, message: read(new BitReader(datagram, log), log)};
  } catch (error) {
    if (error instanceof Malformed) return {ok: false, reason: error.message};
    throw error;
  }
}

export function explain(datagram: Uint8Array): readonly Field[] {
  return explainDatagram(datagram, decode);
}

function read(reader: BitReader, log: FieldLog | undefined): Message {
  const ack = reader.unsigned(1, fieldNames.ack) === 1;
  const sequence = reader.unsigned(7, fieldNames.sequence);
  const flag = reader.unsigned(1, fieldNames.flag) === 1;
  const code = reader.unsigned(7, flag ? fieldNames.error : fieldNames.notice);
  const letter = reader.unsigned(8, fieldNames.type);
  const type = messageTypes[letter - 0x41];
  if (type === undefined) throw new Malformed(`unknown type ${letter}`);
  log?.amend(fieldNames.flag.name, flagMeanings[type][flag ? 1 : 0]);
  const nickname = decodeNickname(reader.bytes(nicknameBytes, fieldNames.nickname));
  const length = reader.unsigned(16, fieldNames.length);
  if (length > maximumDataBytes) throw new Malformed(`${length} bytes of data`);
  if (reader.remaining !== length * 8) {
    throw new Malformed(`${length} bytes of data announced, ${reader.remaining / 8} there`);
  }
  return {
    ack,
    sequence,
    flag,
    code,
    type,
    nickname,
    data: reader.bytes(length, dataNames[type] ?? 'ignored'),
  };
}

/** One character for each byte, without the padding, so that bytes that are no letter or digit can still be recognised. */
function decodeNickname(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return String.fromCharCode(...bytes.subarray(0, end));
}

export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Invalid UTF-8 becomes U+FFFD. */
export function decodeText(data: Uint8Array): string {
  return decoder.decode(data);
}

/** The list of an E: `nick: Pu&nick: Pr`. */
export function encodeList(users: Iterable<ListedUser>): Uint8Array {
  return encodeText(
    Array.from(users, ({nick, status}) => `${nick}: ${status === 'room' ? 'Pr' : 'Pu'}`).join('&'),
  );
}

/** Drops entries that cannot be read. */
export function decodeList(data: Uint8Array): ListedUser[] {
  const users: ListedUser[] = [];
  for (const entry of decodeText(data).split('&')) {
    const [, nick, status] = /^([a-zA-Z0-9]{1,10}): (Pu|Pr)$/.exec(entry) ?? [];
    if (nick !== undefined) users.push({nick, status: status === 'Pr' ? 'room' : 'public'});
  }
  return users;
}

/** The invitees of an F: nicknames joined by `&`. */
export function encodeNicknames(nicknames: readonly string[]): Uint8Array {
  return encodeText(nicknames.join('&'));
}

/** Every requested name once. The chat decides who exists. */
export function decodeNicknames(data: Uint8Array): string[] {
  return [...new Set(decodeText(data).split('&'))].filter(nickname => nickname !== '');
}

/** The address of a member in a G: `port&ip`. */
export function encodeEndpoint({host, port}: Endpoint): Uint8Array {
  return encodeText(`${port}&${host}`);
}

export function decodeEndpoint(data: Uint8Array): Endpoint | undefined {
  const [portText = '', hostText = '', ...rest] = decodeText(data).split('&');
  const port = parsePort(portText);
  const host = parseIPv4(hostText);
  if (port === undefined || host === undefined || rest.length > 0) return undefined;
  return {host, port};
}
