import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {ByteReader} from '../../source/transport/byte-reader.ts';
import {FrameBuffer} from '../../source/transport/frame-buffer.ts';
import {Malformed} from '../../source/transport/malformed.ts';
import {cutEverywhere, oneByOne, readAll, readMessages, streamOf, toHex} from './streams.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A text after its length. */
function readText(reader: ByteReader): string {
  const length = reader.signed(16);
  if (length > 10_000) throw new Malformed(`${length} bytes`);
  return decoder.decode(reader.bytes(length));
}

function readLine(reader: ByteReader): string {
  return decoder.decode(reader.line(2_000_000));
}

function frame(text: string): Uint8Array {
  const bytes = encoder.encode(text);
  return Uint8Array.of(bytes.length >> 8, bytes.length & 0xff, ...bytes);
}

function glue(...frames: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(frames.flatMap(bytes => [...bytes]));
}

describe('frames come out the same', () => {
  const texts = ['alice', '', 'bonjour à tous', 'x'.repeat(300)];
  const glued = glue(...texts.map(frame));

  test('glued together in one chunk', () => {
    expect(readMessages(streamOf(readText), glued)).toEqual(texts);
  });

  test('one byte at a time', () => {
    expect(readMessages(streamOf(readText), ...oneByOne(glued))).toEqual(texts);
  });

  test('parted anywhere', () => {
    for (const chunks of cutEverywhere(glued)) {
      expect(readMessages(streamOf(readText), ...chunks)).toEqual(texts);
    }
  });

  test('when they are lines, one byte at a time, parted anywhere or glued', () => {
    const lines = ['a long line', '', 'b', 'à tous', ''];
    const bytes = encoder.encode(`${lines.join('\n')}\n`);
    for (const chunks of [[bytes], oneByOne(bytes), ...cutEverywhere(bytes)]) {
      expect(readMessages(streamOf(readLine), ...chunks)).toEqual(lines);
    }
  });

  test('in chunks of any length, read at any time, from a buffer that its owner fills anew', () => {
    const sizes = fc.array(fc.integer({min: 0, max: 400}), {minLength: 1});
    fc.assert(
      fc.property(
        fc.array(fc.string({unit: 'binary'})),
        sizes,
        fc.nat(2),
        (some, lengths, lazy) => {
          const bytes = glue(...some.map(frame));
          const buffer = new FrameBuffer();
          const seen: unknown[] = [];
          const shared = Buffer.alloc(401);
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const length = Math.max(1, lengths[turn % lengths.length] ?? 1);
            shared.fill(0xff);
            shared.set(bytes.subarray(at, at + length));
            buffer.push(shared.subarray(0, Math.min(length, bytes.length - at)));
            at += length;
            // Some frames stay unread while the next chunk comes: then it is a chunk of its own.
            if (turn % 3 < lazy) {
              const chunk = bytes.slice(at, at + 7);
              buffer.push(chunk);
              at += chunk.length;
            }
            for (let next = buffer.read(readText); next; next = buffer.read(readText)) {
              seen.push(next.ok ? next.message : next);
            }
          }
          expect(seen).toEqual(some.map(text => decoder.decode(encoder.encode(text))));
          expect(buffer.pending).toBe(0);
        },
      ),
    );
  });
});

test('every frame may have a parser of its own, and a parser that stopped takes nothing from the next', () => {
  const buffer = new FrameBuffer();
  buffer.push(glue(frame('alice'), encoder.encode('WHO\n'), frame('bob')));
  expect(buffer.read(readText)).toEqual({ok: true, message: 'alice'});
  expect(buffer.read(reader => reader.bytes(100).length)).toBeUndefined();
  expect(buffer.read(readLine)).toEqual({ok: true, message: 'WHO'});
  expect(buffer.read(reader => decoder.decode(reader.line(5)))).toBeUndefined();
  expect(buffer.pending).toBe(5);
  expect(buffer.read(readText)).toEqual({ok: true, message: 'bob'});
  expect([buffer.read(readText), buffer.pending]).toEqual([undefined, 0]);
});

test('nothing is read of nothing', () => {
  const buffer = new FrameBuffer();
  expect(buffer.read(readText)).toBeUndefined();
  buffer.push(new Uint8Array(0));
  expect(buffer.read(readText)).toBeUndefined();
});

describe('malformed bytes', () => {
  test('are told of once, after the frames before them, and end the stream', () => {
    const buffer = new FrameBuffer();
    buffer.push(glue(frame('alice'), Uint8Array.of(0xff, 0xff), frame('bob')));
    expect(buffer.read(readText)).toEqual({ok: true, message: 'alice'});
    expect(buffer.read(readText)).toEqual({ok: false, reason: 'a length of -1'});
    expect([buffer.read(readText), buffer.pending]).toEqual([undefined, 0]);
    buffer.push(frame('carl'));
    expect([buffer.read(readText), buffer.pending]).toEqual([undefined, 0]);
  });

  test('are seen in the length, before a byte of what it announces is there', () => {
    const stream = streamOf(readText);
    expect(readAll(stream, [Uint8Array.of(0x7f)])).toEqual([]);
    expect(readAll(stream, [Uint8Array.of(0xff)])).toEqual([{ok: false, reason: '32767 bytes'}]);
  });
});

test('an exception that is no Malformed is a bug, and stays loud', () => {
  const buffer = new FrameBuffer();
  buffer.push(Uint8Array.of(1));
  const mistaken = () => {
    throw new TypeError('ours');
  };
  expect(() => buffer.read(mistaken)).toThrow(TypeError);
});

test('once there is no frame left, the chunk is its owner’s again', () => {
  const buffer = new FrameBuffer();
  // As Node gives them: a part of something larger, with a `slice` that does not copy.
  const chunk = Buffer.from(glue(frame('alice'), frame('bob').subarray(0, 3)));
  buffer.push(chunk);
  expect(readMessages({push: () => {}, read: () => buffer.read(readText)}, chunk)).toEqual([
    'alice',
  ]);
  chunk.fill(0xff);
  buffer.push(encoder.encode('ob'));
  expect(buffer.read(readText)).toEqual({ok: true, message: 'bob'});
});

test('the few bytes that wait do not keep a chunk of 64 KiB alive, nor does one that came to the rest of a frame', () => {
  const held = new Set<ArrayBufferLike>();
  const spy = (reader: ByteReader) => {
    held.add(reader.bytes(1).buffer);
    return readText(reader);
  };
  const tagged = (text: string) => glue(Uint8Array.of(1), frame(text));
  const chunk = glue(...Array.from({length: 4000}, () => tagged('x'.repeat(13))), tagged('bob'));
  const buffer = new FrameBuffer();
  for (const large of [chunk.subarray(0, -2), glue(encoder.encode('ob'), chunk.subarray(0, -2))]) {
    buffer.push(large);
    while (buffer.read(spy) !== undefined);
    held.clear();
    expect([buffer.read(spy), buffer.pending]).toEqual([undefined, 4]);
    expect([...held].map(({byteLength}) => byteLength)).toEqual([4]);
  }
});

test('a claimed length allocates nothing: what is held grows with what has come', () => {
  let held = 0;
  const buffer = new FrameBuffer();
  const claim = (reader: ByteReader) => {
    held = reader.bytes(1).buffer.byteLength;
    return reader.bytes(2 ** 31 - 1);
  };
  for (let come = 1; come <= 300; come++) {
    buffer.push(Uint8Array.of(0));
    expect(buffer.read(claim)).toBeUndefined();
    expect(held).toBeLessThanOrEqual(2 * come);
  }
});

test('a frame that comes byte by byte is not copied for each of them', () => {
  const buffers = new Set<ArrayBufferLike>();
  const buffer = new FrameBuffer();
  for (let come = 0; come < 10_000; come++) {
    buffer.push(Uint8Array.of(0x61));
    buffer.read(reader => {
      buffers.add(reader.bytes(0).buffer);
      return readLine(reader);
    });
  }
  expect(buffers.size).toBeLessThan(20);
});

test('a line of a megabyte that comes byte by byte is not searched from its beginning for each', () => {
  const length = 1_000_000;
  const stream = streamOf(readLine);
  const letter = Uint8Array.of(0x61);
  // Searched anew, this would take minutes.
  for (let come = 0; come < length; come++) {
    stream.push(letter);
    if (stream.read() !== undefined) throw new Error('a line that has not ended');
  }
  expect(readMessages(stream, Uint8Array.of(0x0a))).toEqual(['a'.repeat(length)]);
});

test('random bytes in random chunks never throw', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({maxLength: 30})), chunks => {
      const seen = readAll(streamOf(readText), chunks);
      const malformed = seen.findIndex(({ok}) => !ok);
      expect([-1, seen.length - 1]).toContain(malformed);
      // However they were cut.
      const together = readAll(streamOf(readText), [glue(...chunks)]);
      expect(toHex(encoder.encode(JSON.stringify(together)))).toBe(
        toHex(encoder.encode(JSON.stringify(seen))),
      );
    }),
  );
});
