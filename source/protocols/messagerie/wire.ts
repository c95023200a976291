/** The datagram of `messagerie` (docs/protocols/messagerie.md, "Datagram"). */
import {BitReader, BitWriter} from '../../transport/bits.ts';
import type {Decoded} from '../../transport/decoded.ts';
import {explainDatagram} from '../../transport/explain.ts';
import {type Field, type FieldLog, numbered} from '../../transport/fields.ts';
import {Malformed} from '../../transport/malformed.ts';
import {
  readAccess,
  readDelimited,
  readMode,
  readNames,
  readRooms,
  readStatus,
  readText,
  statusField,
  writeAccess,
  writeDelimited,
  writeMode,
  writeName,
  writeNames,
  writeRoomName,
  writeRooms,
  writeStatus,
  writeText,
} from './wire/fields.ts';
import {
  type ConnectMessage,
  creationStatuses,
  hubUserId,
  type KeepAliveAnswer,
  keepAliveStatuses,
  type Message,
  type MessageType,
  maximumSequence,
  type RegistrationAnswer,
  registrationStatuses,
  types,
  type UnknownMessage,
  unregisteredUserId,
} from './wire/messages.ts';

const typeBits = 5;
const userIdBits = 8;
const sequenceBits = 16;
const idBits = 8;
const mostBits = 8;
const registrationStatusBits = 2;
const creationStatusBits = 2;

const typeNames = new Map<number, MessageType>(
  (Object.keys(types) as MessageType[]).map(name => [types[name], name]),
);

/** @throws RangeError if something does not fit its field, or breaks the rule of names: a mistake of ours. */
export function encode(message: Message): Uint8Array {
  const writer = new BitWriter()
    .unsigned(typeBits, types[message.type])
    .unsigned(userIdBits, message.userId)
    .unsigned(sequenceBits, message.sequence);
  return write(writer, message).finish();
}

/**
 * The same datagram with another number, so that one encoding serves many readers.
 *
 * @throws RangeError if the number has more than 16 bits.
 */
export function withSequence(datagram: Uint8Array, sequence: number): Uint8Array {
  if (!Number.isInteger(sequence) || sequence < 0 || sequence > maximumSequence) {
    throw new RangeError(`sequence ${sequence}`);
  }
  const copy = Uint8Array.from(datagram);
  // Bits 13 to 28: three in the second byte, eight in the third, five in the fourth.
  copy[1] = ((copy[1] ?? 0) & 0b1111_1000) | (sequence >> 13);
  copy[2] = (sequence >> 5) & 0xff;
  copy[3] = ((sequence & 0b1_1111) << 3) | ((copy[3] ?? 0) & 0b111);
  return copy;
}

/**
 * Of a message with an unknown type only the header is decoded, so that it can be answered.
 *
 * A message ends in the datagram's last byte: with a whole byte more it is malformed. The bits that fill the last byte
 * are written as zero and ignored.
 *
 * @param log Is told of the fields.
 */
export function decode(datagram: Uint8Array, log?: FieldLog): Decoded<Message | UnknownMessage> {
  try {
    const reader = new BitReader(datagram, log);
    const message = read(reader);
    if (message.type !== 'unknown' && reader.remaining >= 8) {
      throw new Malformed(`${reader.remaining} bits after ${message.type}`);
    }
    return {ok: true, message};
  } catch (error) {
    if (error instanceof Malformed) return {ok: false, reason: error.message};
    throw error;
  }
}

export function explain(datagram: Uint8Array): readonly Field[] {
  return explainDatagram(datagram, decode);
}

/** `TEXTE`, as in the document. */
function typeMeaning(code: number): string {
  const name = typeNames.get(code) ?? 'unknown';
  return name.replaceAll(/[A-Z]/g, letter => `_${letter}`).toUpperCase();
}

function userIdMeaning(userId: number): string | undefined {
  if (userId === unregisteredUserId) return 'before registration';
  return userId === hubUserId ? 'the hub' : undefined;
}

const typeField = numbered('type', typeMeaning);
const userIdField = numbered('user id', userIdMeaning);
const acceptanceField = numbered('answer', bit => (bit === 0 ? 'accept' : 'refuse'));
const creationField = statusField(creationStatuses);
const keepAliveField = statusField(keepAliveStatuses);
const registrationField = statusField(registrationStatuses);
const doneField = numbered('status', bit => (bit === 0 ? 'done' : 'not done'));

function write(writer: BitWriter, message: Message): BitWriter {
  switch (message.type) {
    case 'connexion':
      return writeConnect(writer, message);
    case 'reponseConnexion':
      return writeConnectAnswer(writer, message);
    case 'creerMessageriePrivee':
      writeMode(writer, message.mode);
      return writeRoomName(writer, message.room).unsigned(mostBits, message.most);
    case 'reponseCreer':
      writeStatus(writer, creationStatusBits, creationStatuses, message.status);
      return writer.unsigned(idBits, message.id);
    case 'reponseDemanderListeMessagerie':
      return writeRooms(writer, message.rooms);
    case 'demandeAcces':
    case 'changerMessagerie':
      return writeRoomName(writer, message.room);
    case 'reponseAcces':
    case 'reponseChanger':
      return writeAccess(writer, message);
    case 'demanderListeClient':
      return message.room === '' ? writeDelimited(writer, '') : writeRoomName(writer, message.room);
    case 'reponseDemanderListeClient':
      return writeNames(writer, message.names);
    case 'inviter':
      return writeName(writer, message.name);
    case 'demandeMessageriePrivee':
      writeName(writer, message.inviter);
      writeMode(writer, message.mode);
      return writeRoomName(writer, message.room);
    case 'reponseMessageriePrivee':
      return writer.unsigned(1, message.accepted ? 0 : 1);
    case 'texte':
    case 'erreur':
      return writeText(writer, message.text);
    case 'reponseQuitter':
    case 'reponseDeconnexion':
      return writer.unsigned(1, message.done ? 0 : 1);
    case 'demanderListeMessagerie':
    case 'reponseInviter':
    case 'reponseTexte':
    case 'quitter':
    case 'deconnexion':
      return writer;
  }
}

function read(reader: BitReader): Message | UnknownMessage {
  const code = reader.unsigned(typeBits, typeField);
  const userId = reader.unsigned(userIdBits, userIdField);
  const header = {userId, sequence: reader.unsigned(sequenceBits, 'sequence')};
  const type = typeNames.get(code);
  switch (type) {
    case undefined:
      return {type: 'unknown', ...header, code};
    case 'connexion':
      return {type, ...header, name: readConnectName(reader, userId)};
    case 'reponseConnexion':
      return {type, ...header, ...readConnectAnswer(reader)};
    case 'creerMessageriePrivee': {
      const mode = readMode(reader);
      const room = readDelimited(reader, 'room');
      return {type, ...header, mode, room, most: reader.unsigned(mostBits, 'most members')};
    }
    case 'reponseCreer': {
      const status = readStatus(reader, creationStatusBits, creationStatuses, creationField);
      return {type, ...header, status, id: reader.unsigned(idBits, 'room id')};
    }
    case 'reponseDemanderListeMessagerie':
      return {type, ...header, rooms: readRooms(reader)};
    case 'demandeAcces':
    case 'changerMessagerie':
    case 'demanderListeClient':
      return {type, ...header, room: readDelimited(reader, 'room')};
    case 'reponseAcces':
    case 'reponseChanger':
      return {type, ...header, ...readAccess(reader)};
    case 'reponseDemanderListeClient':
      return {type, ...header, names: readNames(reader)};
    case 'inviter':
      return {type, ...header, name: readDelimited(reader, 'name')};
    case 'demandeMessageriePrivee': {
      const inviter = readDelimited(reader, 'name');
      const mode = readMode(reader);
      return {type, ...header, inviter, mode, room: readDelimited(reader, 'room')};
    }
    case 'reponseMessageriePrivee':
      return {type, ...header, accepted: reader.unsigned(1, acceptanceField) === 0};
    case 'texte':
    case 'erreur':
      return {type, ...header, text: readText(reader, type === 'texte' ? 'text' : 'reason')};
    case 'reponseQuitter':
    case 'reponseDeconnexion':
      return {type, ...header, done: reader.unsigned(1, doneField) === 0};
    case 'demanderListeMessagerie':
    case 'reponseInviter':
    case 'reponseTexte':
    case 'quitter':
    case 'deconnexion':
      return {type, ...header};
  }
}

/** The user id tells the two forms of CONNEXION apart: 0 registers under a name, a user's own has no data. */
function writeConnect(writer: BitWriter, {userId, name}: ConnectMessage): BitWriter {
  if ((userId === unregisteredUserId) !== (name !== undefined)) {
    throw new RangeError(`name ${name} under user id ${userId}`);
  }
  return name === undefined ? writer : writeName(writer, name);
}

function readConnectName(reader: BitReader, userId: number): string | undefined {
  return userId === unregisteredUserId ? readDelimited(reader, 'name') : undefined;
}

function writeConnectAnswer(
  writer: BitWriter,
  message: RegistrationAnswer | KeepAliveAnswer,
): BitWriter {
  if (!('id' in message)) return writeStatus(writer, 1, keepAliveStatuses, message.status);
  writeStatus(writer, registrationStatusBits, registrationStatuses, message.status);
  return writer.unsigned(idBits, message.id);
}

/**
 * The length tells the two forms of REPONSE_CONNEXION apart, since the hub's user id is the same in both: a
 * registration needs a fifth byte, the answer to a keep-alive ends with the header's last one.
 */
function readConnectAnswer(
  reader: BitReader,
): Pick<RegistrationAnswer, 'status' | 'id'> | Pick<KeepAliveAnswer, 'status'> {
  if (reader.remaining < 8)
    return {status: readStatus(reader, 1, keepAliveStatuses, keepAliveField)};
  const status = readStatus(
    reader,
    registrationStatusBits,
    registrationStatuses,
    registrationField,
  );
  return {status, id: reader.unsigned(idBits, 'user id')};
}
