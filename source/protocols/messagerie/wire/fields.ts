/** The fields that several messages of `messagerie` share (docs/protocols/messagerie.md, "Datagram"). */
import type {BitReader, BitWriter} from '../../../transport/bits.ts';
import {type Endpoint, isIPv4} from '../../../transport/endpoint.ts';
import {type FieldName, numbered} from '../../../transport/fields.ts';
import {Malformed} from '../../../transport/malformed.ts';
import type {Mode} from '../../protocol.ts';
import {type AccessAnswer, accessStatuses, type ListedRoom, type Peer} from './messages.ts';
import {
  decodeText,
  delimiter,
  encodeText,
  isName,
  isRoomName,
  maximumRelayedTextBytes,
} from './text.ts';

const delimiterByte = delimiter.charCodeAt(0);
const countBits = 8;
const membersBits = 8;
const accessStatusBits = 2;
const textLengthBits = 16;
const portBits = 16;

/** Values of the one bit, in their order. */
const modes: readonly Mode[] = ['centralised', 'decentralised'];

const addressField = {name: 'IPv4', say: (bytes: Uint8Array) => bytes.join('.')};
const delimiterField = {name: delimiter, say: () => 'ends the name'};
const lengthField = 'length in bytes';
const modeField = statusField(modes, 'mode');
const accessField = statusField(accessStatuses);

export function statusField(statuses: readonly string[], name = 'status'): FieldName<number> {
  return numbered(name, value => statuses[value] ?? 'unknown');
}

export function writeMode(writer: BitWriter, mode: Mode): BitWriter {
  return writer.unsigned(1, modes.indexOf(mode));
}

export function readMode(reader: BitReader): Mode {
  return readStatus(reader, 1, modes, modeField);
}

/** @param statuses what the numbers mean, from 0 on. */
export function writeStatus<Status>(
  writer: BitWriter,
  width: number,
  statuses: readonly Status[],
  status: Status,
): BitWriter {
  return writer.unsigned(width, statuses.indexOf(status));
}

export function readStatus<Status>(
  reader: BitReader,
  width: number,
  statuses: readonly Status[],
  name: FieldName<number>,
): Status {
  const number = reader.unsigned(width, name);
  const status = statuses[number];
  if (status === undefined) throw new Malformed(`unknown status ${number}`);
  return status;
}

export function writeName(writer: BitWriter, name: string): BitWriter {
  if (!isName(name)) throw new RangeError(`name ${name}`);
  return writeDelimited(writer, name);
}

export function writeRoomName(writer: BitWriter, room: string): BitWriter {
  if (!isRoomName(room)) throw new RangeError(`room name ${room}`);
  return writeDelimited(writer, room);
}

/** A `text#` of the protocol. */
export function writeDelimited(writer: BitWriter, text: string): BitWriter {
  return writer.bytes(encodeText(text)).unsigned(8, delimiterByte);
}

/** A `text#` of any length: the caller has to check whether it is a name. */
export function readDelimited(reader: BitReader, name: FieldName<Uint8Array>): string {
  return decodeText(reader.bytesBefore(delimiterByte, name, delimiterField));
}

/** Length, then text. The limit leaves room for the author of a relayed text (R9). */
export function writeText(writer: BitWriter, text: string): BitWriter {
  const bytes = encodeText(text);
  if (bytes.length > maximumRelayedTextBytes) throw new RangeError(`${bytes.length} bytes of text`);
  return writer.unsigned(textLengthBits, bytes.length).bytes(bytes);
}

export function readText(reader: BitReader, name: FieldName<Uint8Array>): string {
  return decodeText(reader.bytes(reader.unsigned(textLengthBits, lengthField), name));
}

export function writeNames(writer: BitWriter, names: readonly string[]): BitWriter {
  writer.unsigned(countBits, names.length);
  for (const name of names) writeName(writer, name);
  return writer;
}

export function readNames(reader: BitReader): string[] {
  return readEntries(reader, () => readDelimited(reader, 'name')).filter(isName);
}

export function writeRooms(writer: BitWriter, rooms: readonly ListedRoom[]): BitWriter {
  writer.unsigned(countBits, rooms.length);
  for (const {mode, room, members} of rooms) {
    writeMode(writer, mode);
    writeRoomName(writer, room);
    writer.unsigned(membersBits, members);
  }
  return writer;
}

export function readRooms(reader: BitReader): ListedRoom[] {
  return readEntries(reader, () => ({
    mode: readMode(reader),
    room: readDelimited(reader, 'room'),
    members: reader.unsigned(membersBits, 'members'),
  })).filter(({room}) => isRoomName(room));
}

type Access = Pick<AccessAnswer, 'mode' | 'status' | 'peers'>;

/** The data of REPONSE_ACCES and of REPONSE_CHANGER. */
export function writeAccess(writer: BitWriter, {mode, status, peers}: Access): BitWriter {
  writeMode(writer, mode);
  writeStatus(writer, accessStatusBits, accessStatuses, status);
  if (hasPeers(mode, status)) return writePeers(writer, peers);
  if (peers.length > 0) throw new RangeError(`peers with ${mode}, ${status}`);
  return writer;
}

export function readAccess(reader: BitReader): Access {
  const mode = readMode(reader);
  const status = readStatus(reader, accessStatusBits, accessStatuses, accessField);
  return {mode, status, peers: hasPeers(mode, status) ? readPeers(reader) : []};
}

function hasPeers(mode: Mode, status: AccessAnswer['status']): boolean {
  return mode === 'decentralised' && status === 'entered';
}

function writePeers(writer: BitWriter, peers: readonly Peer[]): BitWriter {
  writer.unsigned(countBits, peers.length);
  for (const {name, endpoint} of peers) {
    writeEndpoint(writer, endpoint);
    writeName(writer, name);
  }
  return writer;
}

/** Drops peers to whom no datagram can be sent. */
function readPeers(reader: BitReader): Peer[] {
  return readEntries(reader, () => {
    const endpoint = readEndpoint(reader);
    return {name: readDelimited(reader, 'name'), endpoint};
  }).filter(({name, endpoint}) => isName(name) && endpoint.port !== 0);
}

function writeEndpoint(writer: BitWriter, {host, port}: Endpoint): BitWriter {
  if (!isIPv4(host) || port === 0) throw new RangeError(`endpoint ${host}:${port}`);
  for (const number of host.split('.')) writer.unsigned(8, Number(number));
  return writer.unsigned(portBits, port);
}

function readEndpoint(reader: BitReader): Endpoint {
  return {host: reader.bytes(4, addressField).join('.'), port: reader.unsigned(portBits, 'port')};
}

/** Reads entries one by one, so that a large count allocates nothing before its entries are there. */
function readEntries<Entry>(reader: BitReader, read: () => Entry): Entry[] {
  const entries: Entry[] = [];
  for (let left = reader.unsigned(countBits, 'count'); left > 0; left--) entries.push(read());
  return entries;
}
