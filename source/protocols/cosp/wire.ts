/** The messages of `cosp` (docs/protocols/cosp.md). */
import {BitWriter} from '../../transport/bits.ts';
import type {ByteReader} from '../../transport/byte-reader.ts';
import {explainFrames} from '../../transport/explain.ts';
import {type Field, numbered} from '../../transport/fields.ts';
import {Malformed} from '../../transport/malformed.ts';
import type {Writer} from '../protocol.ts';
import {
  maximumId,
  maximumStringBytes,
  readString,
  writeId,
  writeNickname,
  writePort,
  writerOf,
  writeString,
} from './wire/fields.ts';

export {isNickname, maximumId, maximumNicknameBytes, textBytes} from './wire/fields.ts';

/** In UTF-8 bytes. */
export const maximumTextBytes = maximumStringBytes;

/** A request of a registered client. Ids and ports are as they came: any number of their width. */
export type Request =
  | {readonly type: 'publicText'; readonly text: string}
  | {readonly type: 'privateText'; readonly id: number; readonly text: string}
  | {readonly type: 'askConnection'; readonly port: number; readonly id: number}
  | {readonly type: 'acceptConnection'; readonly port: number; readonly id: number}
  | {readonly type: 'refuseConnection'; readonly id: number};

export const requestCodes = {
  publicText: 0,
  privateText: 1,
  askConnection: 2,
  acceptConnection: 3,
  refuseConnection: -1,
} as const satisfies Record<Request['type'], number>;

/** Codes of the answer to a nickname. */
export const registrationCodes = {accepted: 0, refused: -1} as const;

export type User = {readonly id: number; readonly nickname: string};

/** The hub's whole answer to a nickname. It is read in pieces: see {@link RegistrationPiece}. */
export type Registration =
  /** With the other users. */
  | {readonly type: 'accepted'; readonly users: readonly User[]}
  /** Taken, or invalid (R1). */
  | {readonly type: 'refused'};

/** A message of the hub to a registered client. Ids and nicknames are as they came. */
export type Notice =
  | {readonly type: 'arrival'; readonly id: number; readonly nickname: string}
  | {readonly type: 'departure'; readonly id: number}
  | {readonly type: 'publicText'; readonly author: number; readonly text: string}
  | {readonly type: 'privateText'; readonly author: number; readonly text: string}
  | {readonly type: 'connectionAsked'; readonly id: number}
  /** To the user who has asked. */
  | {readonly type: 'connectionAccepted'; readonly id: number}
  /** To the user who has accepted. */
  | {readonly type: 'acceptanceRegistered'; readonly id: number}
  /** The user to whom something was addressed is gone. */
  | {readonly type: 'gone'}
  | {readonly type: 'connectionRefused'; readonly id: number};

export const noticeCodes = {
  arrival: 0,
  departure: 1,
  publicText: 2,
  privateText: 3,
  connectionAsked: 4,
  connectionAccepted: 5,
  acceptanceRegistered: 6,
  gone: -1,
  connectionRefused: -2,
} as const satisfies Record<Notice['type'], number>;

const requestMeanings: Readonly<Record<Request['type'], string>> = {
  publicText: 'a text for everyone',
  privateText: 'a text for one user',
  askConnection: 'ask for a private connection',
  acceptConnection: 'accept a private connection',
  refuseConnection: 'refuse it; from nobody it is a fence',
};

const noticeMeanings: Readonly<Record<Notice['type'], string>> = {
  arrival: 'a user arrived',
  departure: 'a user left',
  publicText: 'a text for everyone',
  privateText: 'a text for you alone',
  connectionAsked: 'a user asks for a private connection',
  connectionAccepted: 'a user accepted yours',
  acceptanceRegistered: 'your acceptance is registered',
  gone: 'the user is gone; or the answer to a fence',
  connectionRefused: 'a user refused yours',
};

const requestField = codeField(requestCodes, requestMeanings);
const noticeField = codeField(noticeCodes, noticeMeanings);
const registrationField = codeField(registrationCodes, {
  accepted: 'you are in; these are the others',
  refused: 'taken, or invalid',
});

function codeField<Type extends string>(
  codes: Readonly<Record<Type, number>>,
  meanings: Readonly<Record<Type, string>>,
) {
  const types = Object.keys(codes) as Type[];
  return numbered('code', code => {
    const type = types.find(candidate => codes[candidate] === code);
    return type === undefined ? 'unknown' : meanings[type];
  });
}

/** After the registration. */
export function explain(frames: Uint8Array, by: Writer): readonly Field[] {
  return explainFrames(frames, readers[by]);
}

/** @throws RangeError if the nickname is invalid: a mistake of ours. */
export function encodeNickname(nickname: string): Uint8Array {
  return writeNickname(new BitWriter(), nickname).finish();
}

/** @throws RangeError if something does not fit its field: a mistake of ours. */
export function encodeRequest(request: Request): Uint8Array {
  const writer = writerOf(requestCodes[request.type]);
  switch (request.type) {
    case 'publicText':
      return writeString(writer, request.text).finish();
    case 'privateText':
      return writeString(writeId(writer, request.id), request.text).finish();
    case 'askConnection':
    case 'acceptConnection':
      return writeId(writePort(writer, request.port), request.id).finish();
    case 'refuseConnection':
      return writeId(writer, request.id).finish();
  }
}

/** @throws RangeError if something does not fit its field: a mistake of ours. */
export function encodeRegistration(registration: Registration): Uint8Array {
  const writer = writerOf(registrationCodes[registration.type]);
  if (registration.type === 'refused') return writer.finish();
  const {users} = registration;
  if (users.length > maximumId) throw new RangeError(`${users.length} users`);
  writer.unsigned(16, users.length);
  for (const {id, nickname} of users) writeNickname(writeId(writer, id), nickname);
  return writer.finish();
}

/** @throws RangeError if something does not fit its field: a mistake of ours. */
export function encodeNotice(notice: Notice): Uint8Array {
  const writer = writerOf(noticeCodes[notice.type]);
  switch (notice.type) {
    case 'arrival':
      return writeNickname(writeId(writer, notice.id), notice.nickname).finish();
    case 'publicText':
    case 'privateText':
      return writeString(writeId(writer, notice.author), notice.text).finish();
    case 'departure':
    case 'connectionAsked':
    case 'connectionAccepted':
    case 'acceptanceRegistered':
    case 'connectionRefused':
      return writeId(writer, notice.id).finish();
    case 'gone':
      return writer.finish();
  }
}

/** A text on a private connection between two of our clients (R3). */
export function encodePeerText(text: string): Uint8Array {
  return writeString(new BitWriter(), text).finish();
}

/**
 * The readers are for a {@link FrameBuffer}. The state of the conversation decides which one it gets. They throw
 * Malformed for an unknown code, and for a string that is too long or has a negative length.
 *
 * This one is for the hub until it has accepted a nickname. The nickname may break {@link isNickname}, and the hub has to
 * refuse it.
 */
export function readNickname(reader: ByteReader): string {
  return readString(reader, 'nickname');
}

/** The hub's reader after registration. */
export function readRequest(reader: ByteReader): Request {
  const code = reader.signed(8, requestField);
  switch (code) {
    case requestCodes.publicText:
      return {type: 'publicText', text: readString(reader, 'text')};
    case requestCodes.privateText:
      return {type: 'privateText', id: readId(reader), text: readString(reader, 'text')};
    case requestCodes.askConnection:
      return {type: 'askConnection', port: reader.signed(32, 'port'), id: readId(reader)};
    case requestCodes.acceptConnection:
      return {type: 'acceptConnection', port: reader.signed(32, 'port'), id: readId(reader)};
    case requestCodes.refuseConnection:
      return {type: 'refuseConnection', id: readId(reader)};
    default:
      throw new Malformed(`unknown request ${code}`);
  }
}

/**
 * The first piece of a {@link Registration}: after `accepted` come that many users, each a frame of its own for
 * {@link readUser}. In one frame, a list that arrives slowly would be read again from its beginning for each user.
 */
export type RegistrationPiece =
  | {readonly type: 'accepted'; readonly count: number}
  | {readonly type: 'refused'};

/** The client's reader until its nickname is accepted. {@link HubStream} does the rest. */
export function readRegistration(reader: ByteReader): RegistrationPiece {
  const code = reader.signed(8, registrationField);
  if (code === registrationCodes.refused) return {type: 'refused'};
  if (code !== registrationCodes.accepted) throw new Malformed(`unknown answer ${code}`);
  const count = reader.signed(16, 'count');
  if (count < 0) throw new Malformed(`${count} users`);
  return {type: 'accepted', count};
}

export function readUser(reader: ByteReader): User {
  return {id: readId(reader), nickname: readString(reader, 'nickname')};
}

/** The client's reader after registration. */
export function readNotice(reader: ByteReader): Notice {
  const code = reader.signed(8, noticeField);
  switch (code) {
    case noticeCodes.arrival:
      return {type: 'arrival', ...readUser(reader)};
    case noticeCodes.departure:
      return {type: 'departure', id: readId(reader)};
    case noticeCodes.publicText:
      return {
        type: 'publicText',
        author: readId(reader, 'author'),
        text: readString(reader, 'text'),
      };
    case noticeCodes.privateText:
      return {
        type: 'privateText',
        author: readId(reader, 'author'),
        text: readString(reader, 'text'),
      };
    case noticeCodes.connectionAsked:
      return {type: 'connectionAsked', id: readId(reader)};
    case noticeCodes.connectionAccepted:
      return {type: 'connectionAccepted', id: readId(reader)};
    case noticeCodes.acceptanceRegistered:
      return {type: 'acceptanceRegistered', id: readId(reader)};
    case noticeCodes.gone:
      return {type: 'gone'};
    case noticeCodes.connectionRefused:
      return {type: 'connectionRefused', id: readId(reader)};
    default:
      throw new Malformed(`unknown notice ${code}`);
  }
}

/** The reader of a private connection, at either end. */
export function readPeerText(reader: ByteReader): string {
  return readString(reader, 'text');
}

/** A negative id belongs to nobody: no user is found by it. */
function readId(reader: ByteReader, name = 'id'): number {
  return reader.signed(16, name);
}

const readers = {client: readRequest, hub: readNotice, peer: readPeerText} as const;
