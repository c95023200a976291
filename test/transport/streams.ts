/** What tests of byte streams share. */
import type {Decoded} from '../../source/transport/decoded.ts';
import {FrameBuffer, type Parse} from '../../source/transport/frame-buffer.ts';

type Stream<Message> = {
  push(chunk: Uint8Array): void;
  read(): Decoded<Message> | undefined;
};

export function streamOf<Message>(parse: Parse<Message>): Stream<Message> {
  const buffer = new FrameBuffer();
  return {push: chunk => buffer.push(chunk), read: () => buffer.read(parse)};
}

/** Everything that the stream makes of the chunks, read as far as possible after each of them. */
export function readAll<Message>(
  stream: Stream<Message>,
  chunks: Iterable<Uint8Array>,
): Decoded<Message>[] {
  const decoded: Decoded<Message>[] = [];
  for (const chunk of chunks) {
    stream.push(chunk);
    for (let next = stream.read(); next !== undefined; next = stream.read()) decoded.push(next);
  }
  return decoded;
}

/** As {@link readAll}, of a stream in which nothing is malformed. */
export function readMessages<Message>(
  stream: Stream<Message>,
  ...chunks: readonly Uint8Array[]
): Message[] {
  return readAll(stream, chunks).map(decoded => {
    if (!decoded.ok) throw new Error(decoded.reason);
    return decoded.message;
  });
}

export function oneByOne(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
}

/** The bytes in two chunks, for every place where they can be parted. */
export function cutEverywhere(bytes: Uint8Array): [Uint8Array, Uint8Array][] {
  return Array.from(bytes, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)]);
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
