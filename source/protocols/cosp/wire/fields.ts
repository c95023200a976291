/** The fields of `cosp` (docs/protocols/cosp.md, "Fields"): signed numbers, and strings with a length. */
import {BitWriter} from '../../../transport/bits.ts';
import type {ByteReader} from '../../../transport/byte-reader.ts';
import type {FieldName} from '../../../transport/fields.ts';
import {Malformed} from '../../../transport/malformed.ts';

/** Limit of every string. A longer one ends the connection (R4). */
export const maximumStringBytes = 4096;
export const maximumNicknameBytes = 32;
export const maximumId = 32_767;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', {ignoreBOM: true});

const asciiPattern = /^[ -~]{1,32}$/;
const nicknamePattern = /^[^\p{Cc}\p{Cs}\ufffd]{1,32}$/u;

/** 1 to 32 bytes without control characters, and without U+FFFD, which stands for invalid UTF-8 (R1). */
export function isNickname(text: string): boolean {
  // Most are ASCII, and a newcomer reads up to two thousand.
  if (asciiPattern.test(text)) return true;
  return nicknamePattern.test(text) && textBytes(text) <= maximumNicknameBytes;
}

/** Length in UTF-8. */
export function textBytes(text: string): number {
  return encoder.encode(text).length;
}

/** A writer that begins with the code of a message, a `byte`. */
export function writerOf(code: number): BitWriter {
  return new BitWriter().unsigned(8, code & 0xff);
}

/** `short`: a user id. */
export function writeId(writer: BitWriter, id: number): BitWriter {
  if (id > maximumId) throw new RangeError(`id ${id}`);
  return writer.unsigned(16, id);
}

/** `int`: a port. */
export function writePort(writer: BitWriter, port: number): BitWriter {
  if (port < 1 || port > 65_535) throw new RangeError(`port ${port}`);
  return writer.unsigned(32, port);
}

export function writeNickname(writer: BitWriter, nickname: string): BitWriter {
  if (!isNickname(nickname)) throw new RangeError(`nickname ${nickname}`);
  return writeString(writer, nickname);
}

/** `short` length in bytes, then UTF-8. */
export function writeString(writer: BitWriter, text: string): BitWriter {
  const bytes = encoder.encode(text);
  if (bytes.length > maximumStringBytes) throw new RangeError(`${bytes.length} bytes of text`);
  return writer.unsigned(16, bytes.length).bytes(bytes);
}

/**
 * Invalid UTF-8 becomes U+FFFD.
 *
 * @throws Malformed if the length is negative, or more than {@link maximumStringBytes}.
 */
export function readString(reader: ByteReader, name: FieldName<Uint8Array>): string {
  const length = reader.signed(16, 'length in bytes');
  if (length > maximumStringBytes) throw new Malformed(`a string of ${length} bytes`);
  return decoder.decode(reader.bytes(length, name));
}
