import {ByteReader, Incomplete} from './byte-reader.ts';
import type {Decoded} from './decoded.ts';
import {type Field, FieldLog} from './fields.ts';
import type {Parse} from './frame-buffer.ts';
import {Malformed} from './malformed.ts';

/** The fields of a datagram, from its decoder. What it does not read is one field, which says why. */
export function explainDatagram(
  datagram: Uint8Array,
  decode: (datagram: Uint8Array, log: FieldLog) => Decoded<unknown>,
): readonly Field[] {
  const log = new FieldLog();
  const decoded = decode(datagram, log);
  return log.finish(datagram, decoded.ok ? undefined : decoded.reason);
}

/** The same of bytes of a stream, which begin with a frame, and may contain others behind it. */
export function explainFrames(bytes: Uint8Array, parse: Parse<unknown>): readonly Field[] {
  const log = new FieldLog();
  const reader = new ByteReader(bytes, undefined, log);
  try {
    while (reader.position < bytes.length) parse(reader);
    return log.finish(bytes, undefined);
  } catch (error) {
    if (error instanceof Incomplete || error instanceof Malformed) {
      return log.finish(bytes, error.message);
    }
    throw error;
  }
}
