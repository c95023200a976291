import fc from 'fast-check';
import {expect, test} from 'vitest';
import {BitReader, BitWriter} from '../../source/transport/bits.ts';
import {Malformed} from '../../source/transport/malformed.ts';

const field = fc.oneof(
  fc
    .integer({min: 1, max: 32})
    .chain(width => fc.tuple(fc.constant(width), fc.integer({min: 0, max: 2 ** width - 1}))),
  fc.uint8Array({maxLength: 40}),
);

test('fields stand side by side, most significant bit first, and zero bits fill the last byte', () => {
  const bytes = new BitWriter()
    .unsigned(5, 0b10011)
    .unsigned(10, 0b01_1111_1111)
    .unsigned(1, 0)
    .unsigned(3, 0b101)
    .finish();
  expect([...bytes]).toEqual([0b1001_1011, 0b1111_1110, 0b1010_0000]);
});

test('bytes that begin inside a byte keep their bits', () => {
  const bytes = new BitWriter().unsigned(4, 0xf).bytes(Uint8Array.of(0x12, 0x34)).finish();
  expect([...bytes]).toEqual([0xf1, 0x23, 0x40]);
});

test('whatever fields are written, the same are read', () => {
  fc.assert(
    fc.property(fc.array(field, {maxLength: 30}), fields => {
      const writer = new BitWriter();
      for (const one of fields) {
        if (one instanceof Uint8Array) writer.bytes(one);
        else writer.unsigned(...one);
      }
      const reader = new BitReader(writer.finish());
      for (const one of fields) {
        if (one instanceof Uint8Array) expect(reader.bytes(one.length)).toEqual(one);
        else expect(reader.unsigned(one[0])).toBe(one[1]);
      }
      expect(reader.remaining).toBeLessThan(8);
    }),
  );
});

test.each([
  [4, 16],
  [1, 2],
  [32, 2 ** 32],
  [8, -1],
  [8, 1.5],
])('%i bits refuse %f', (width, value) => {
  expect(() => new BitWriter().unsigned(width, value)).toThrow(RangeError);
});

test('a number or bytes beyond the end are malformed, and nothing is read', () => {
  const reader = new BitReader(Uint8Array.of(0xff, 0xff));
  reader.unsigned(3);
  expect(() => reader.unsigned(14)).toThrow(Malformed);
  expect(() => reader.bytes(2)).toThrow(Malformed);
  expect(() => reader.bytes(2 ** 31)).toThrow(Malformed);
  expect(reader.remaining).toBe(13);
});
