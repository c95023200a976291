import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {ByteReader, Incomplete} from '../../source/transport/byte-reader.ts';
import {Malformed} from '../../source/transport/malformed.ts';

const encoder = new TextEncoder();

function readerOf(text: string): ByteReader {
  return new ByteReader(encoder.encode(text));
}

function lineOf(text: string, maximum: number): string {
  return new TextDecoder().decode(readerOf(text).line(maximum));
}

test('numbers are big-endian, with and without a sign', () => {
  const bytes = Uint8Array.of(0xfe, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xfe, 0, 0, 0x9c, 0xbb);
  const signed = new ByteReader(bytes);
  expect([8, 16, 32, 32].map(width => signed.signed(width as 8 | 16 | 32))).toEqual([
    -2, -2, -2, 40_123,
  ]);
  const unsigned = new ByteReader(bytes);
  expect([8, 16, 32, 32].map(width => unsigned.unsigned(width as 8 | 16 | 32))).toEqual([
    0xfe, 0xfffe, 0xffff_fffe, 40_123,
  ]);
  expect([signed.position, unsigned.position]).toEqual([11, 11]);
});

test('numbers stand where the bytes begin, in the middle of a larger buffer too', () => {
  const inside = Uint8Array.of(9, 9, 1, 2, 9).subarray(2, 4);
  expect(new ByteReader(inside).signed(16)).toBe(0x0102);
  const reader = new ByteReader(inside);
  expect(() => reader.signed(32)).toThrow(Incomplete);
});

test.each([8, 16, 32] as const)('a number of %i bits is whole or not there', width => {
  const bytes = new Uint8Array(width / 8);
  expect(new ByteReader(bytes).signed(width)).toBe(0);
  expect(new ByteReader(bytes).unsigned(width)).toBe(0);
  const short = new ByteReader(bytes.subarray(1));
  expect(() => short.signed(width)).toThrow(Incomplete);
  expect(() => short.unsigned(width)).toThrow(Incomplete);
  expect(short.position).toBe(0);
});

test('bytes are a view of what is there, and are waited for if they are not', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4);
  const reader = new ByteReader(bytes);
  reader.signed(8);
  const view = reader.bytes(2);
  expect([...view]).toEqual([2, 3]);
  expect(view.buffer).toBe(bytes.buffer);
  expect(() => reader.bytes(2)).toThrow(Incomplete);
  expect(() => reader.bytes(2 ** 31 - 1)).toThrow(Incomplete);
  expect([...reader.bytes(0)]).toEqual([]);
  expect([...reader.bytes(1)]).toEqual([4]);
});

test('a negative length is malformed and moves nothing back', () => {
  const reader = readerOf('abc');
  reader.bytes(2);
  expect(() => reader.bytes(-1)).toThrow(Malformed);
  expect(reader.position).toBe(2);
});

describe('lines', () => {
  test('end with LF or CR LF, and a CR elsewhere belongs to them', () => {
    const reader = readerOf('one\ntwo\r\n\n\r\na\rb\r\r\n');
    const lines = Array.from({length: 5}, () => new TextDecoder().decode(reader.line(10)));
    expect(lines).toEqual(['one', 'two', '', '', 'a\rb\r']);
    expect(() => reader.line(10)).toThrow(Incomplete);
  });

  test('have as many bytes as they may, however they end', () => {
    expect(lineOf('12345\n', 5)).toBe('12345');
    expect(lineOf('12345\r\n', 5)).toBe('12345');
  });

  test.each(['123456\n', '123456\r\n', '12345\r\r\n', '123456', '12345\ra', '123456\r'])(
    '%j is too long for five, as soon as that can be seen',
    text => {
      expect(() => lineOf(text, 5)).toThrow(Malformed);
    },
  );

  test.each(['', '1', '12345', '12345\r', '\r'])('%j may still become a line of five', text => {
    expect(() => lineOf(text, 5)).toThrow(Incomplete);
  });

  test('a search goes on where it stopped, and only for the same line', () => {
    const search = {start: 0, end: 0};
    const text = encoder.encode('ab\ncdef');
    const attempt = (length: number, skip: number) => {
      const reader = new ByteReader(text.subarray(0, length), search);
      reader.bytes(skip);
      return new TextDecoder().decode(reader.line(10));
    };
    expect(() => attempt(2, 1)).toThrow(Incomplete);
    expect(search).toEqual({start: 1, end: 2});
    expect(attempt(3, 1)).toBe('b');
    expect(() => attempt(6, 3)).toThrow(Incomplete);
    expect(search).toEqual({start: 3, end: 6});
    expect(attempt(6, 0)).toBe('ab');
  });
});

test('whatever is asked of whatever bytes, the reader is within them', () => {
  const question = fc.oneof(
    fc.constantFrom(8, 16, 32).map(width => (reader: ByteReader) => {
      reader.signed(width as 8 | 16 | 32);
    }),
    fc.integer({min: -5, max: 40}).map(length => (reader: ByteReader) => {
      reader.bytes(length);
    }),
    fc.nat(40).map(maximum => (reader: ByteReader) => {
      reader.line(maximum);
    }),
  );
  const bytes = fc.array(fc.oneof(fc.nat(255), fc.constantFrom(10, 13)), {maxLength: 60});
  fc.assert(
    fc.property(bytes, fc.array(question), (values, questions) => {
      const reader = new ByteReader(Uint8Array.from(values));
      for (const ask of questions) {
        const before = reader.position;
        try {
          ask(reader);
        } catch (error) {
          expect(error instanceof Incomplete || error instanceof Malformed).toBe(true);
          expect(reader.position).toBe(before);
        }
        expect(reader.position).toBeGreaterThanOrEqual(before);
        expect(reader.position).toBeLessThanOrEqual(values.length);
      }
    }),
  );
});
