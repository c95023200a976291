/** Frames explained by the decoders themselves: every bit once, whatever the bytes are. */
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import * as cospWire from '../../source/protocols/cosp/wire.ts';
import {protocols} from '../../source/protocols/index.ts';
import type {Field, Writer} from '../../source/protocols/protocol.ts';
import {explainFrames} from '../../source/transport/explain.ts';
import type {Parse} from '../../source/transport/frame-buffer.ts';
import cosp from './vectors/cosp.json' with {type: 'json'};
import messagerie from './vectors/messagerie.json' with {type: 'json'};
import res302 from './vectors/res302.json' with {type: 'json'};
import shen from './vectors/shen.json' with {type: 'json'};
import whoiam from './vectors/whoiam.json' with {type: 'json'};

type Vector = {readonly what: string; readonly hex: string; readonly from?: string};
type Case = {
  readonly protocol: string;
  readonly what: string;
  readonly frame: Uint8Array;
  readonly explain: (frame: Uint8Array) => readonly Field[];
};

/** The vectors of shen write a last half byte of zero bits as one digit. */
function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.padEnd(Math.ceil(hex.length / 2) * 2, '0'), 'hex'));
}

function explainer(protocol: string, by: Writer = 'client') {
  const found = protocols.find(({name}) => name === protocol);
  if (found === undefined) throw new RangeError(`no protocol ${protocol}`);
  return (frame: Uint8Array) => found.explain(frame, by);
}

/** What the hub answers to a nickname: a piece, and then as many users as it says. */
const registration: Parse<unknown> = reader => {
  const piece = cospWire.readRegistration(reader);
  if (piece.type === 'refused') return piece;
  return Array.from({length: piece.count}, () => cospWire.readUser(reader));
};

/** Before the registration, `cosp` reads the same bytes as other messages. */
const cospParsers: Readonly<Record<string, Parse<unknown>>> = {
  nickname: cospWire.readNickname,
  'accepted, nobody else': registration,
  'accepted, two others': registration,
  'nickname taken': registration,
};

function caseOf(protocol: string, {what, hex, from}: Vector): Case {
  const frame = Uint8Array.from(Buffer.from(hex.padEnd(Math.ceil(hex.length / 2) * 2, '0'), 'hex'));
  const parse = protocol === 'cosp' ? cospParsers[what] : undefined;
  const by = from === 'hub' || from === 'peer' ? from : 'client';
  const explain =
    parse === undefined
      ? explainer(protocol, by)
      : (bytes: Uint8Array) => explainFrames(bytes, parse);
  return {protocol, what, frame, explain};
}

const cases = Object.entries({res302, messagerie, shen, whoiam, cosp}).flatMap(
  ([protocol, vectors]) => vectors.map((vector: Vector) => caseOf(protocol, vector)),
);

function expectEveryBitOnce(fields: readonly Field[], {length}: Uint8Array): void {
  let end = 0;
  for (const {name, firstBit, bits, value} of fields) {
    expect(firstBit, name).toBe(end);
    expect(name).not.toBe('');
    expect(name, 'a field without a name').not.toBe('data');
    expect(typeof value).toBe('string');
    if (name !== 'not read') expect(bits, name).toBeGreaterThan(0);
    end += bits;
  }
  expect(end).toBe(length * 8);
}

function problemOf(fields: readonly Field[]): string | undefined {
  return fields.find(({name}) => name === 'not read')?.value;
}

describe.each(cases)('$protocol: $what', ({frame, explain}) => {
  test('each bit belongs to one field, and all are read', () => {
    const fields = explain(frame);
    expectEveryBitOnce(fields, frame);
    expect(problemOf(fields)).toBeUndefined();
  });

  test('cut at any byte, it is explained as far as it goes, and the rest has a reason', () => {
    const whole = explain(frame).filter(({name}) => name !== 'filling');
    for (let length = 0; length < frame.length; length++) {
      const cut = frame.subarray(0, length);
      const fields = explain(cut);
      expectEveryBitOnce(fields, cut);
      const read = fields.filter(({name}) => name !== 'not read' && name !== 'filling');
      // FLAG is said in more words when the type is known.
      const spans = (some: readonly Field[]) =>
        some.map(({name, firstBit, bits}) => `${name} ${firstBit} ${bits}`);
      expect(spans(whole)).toEqual(expect.arrayContaining(spans(read.slice(0, -1))));
    }
  });
});

describe('examples', () => {
  const said = (protocol: string, hex: string, by?: Writer) =>
    explainer(
      protocol,
      by,
    )(fromHex(hex)).map(({name, bits, value}) => `${name} (${bits}): ${value}`);
  const hexOf = (vectors: readonly {readonly type: number; readonly hex: string}[], type: number) =>
    vectors.find(vector => vector.type === type)?.hex ?? '';
  const bytes = (text: string) => Buffer.from(text).toString('hex');

  test('a room text of res302, from peer to peer', () => {
    expect(
      said('res302', `0380 44 ${bytes('alice')}0000000000 0002 ${bytes('ok')}`.replaceAll(' ', '')),
    ).toMatchInlineSnapshot(`
      [
        "ACK (1): 0, to be confirmed",
        "sequence (7): 3",
        "FLAG (1): 1, from peer to peer",
        "code (7): 0",
        "type (8): D, room text",
        "nickname (80): “alice”",
        "length of the data (16): 2",
        "text (16): “ok”",
      ]
    `);
  });

  test('a text of messagerie', () => {
    expect(said('messagerie', hexOf(messagerie, 15))).toMatchInlineSnapshot(`
      [
        "type (5): 15, TEXTE",
        "user id (8): 1",
        "sequence (16): 65535",
        "length in bytes (16): 15",
        "text (120): “bonjour à tous”",
        "filling (3): fills the last byte",
      ]
    `);
  });

  test('a relayed text of shen', () => {
    expect(said('shen', hexOf(shen, 9), 'hub')).toMatchInlineSnapshot(`
      [
        "sequence (10): 0",
        "type (8): 0x09, relayed text",
        "text length (10): 16",
        "message (56): “Bonjour”",
        "CR LF (16): ends the part",
        "author (40): “Sheng”",
        "CR LF (16): ends the part",
        "filling (4): fills the last byte",
      ]
    `);
  });

  test('a text of whoiam, with the question behind it', () => {
    expect(said('whoiam', bytes('PRV bob psst  two\nWHO\n'))).toMatchInlineSnapshot(`
      [
        "keyword (24): PRV, a text for one user",
        "space (8): before an argument",
        "nickname (24): “bob”",
        "space (8): before an argument",
        "text (72): “psst  two”",
        "end of the line (8): LF",
        "keyword (24): WHO, who is here?",
        "end of the line (8): LF",
      ]
    `);
  });

  test('a text of cosp, with the fence behind it', () => {
    expect(
      said('cosp', `00 0002 ${bytes('ok')} ff 7fff`.replaceAll(' ', '')),
    ).toMatchInlineSnapshot(`
      [
        "code (8): 0, a text for everyone",
        "length in bytes (16): 2",
        "text (16): “ok”",
        "code (8): -1, refuse it; from nobody it is a fence",
        "id (16): 32767",
      ]
    `);
  });

  test('a frame that cannot be read to its end', () => {
    expect(said('res302', '0300')).toMatchInlineSnapshot(`
      [
        "ACK (1): 0, to be confirmed",
        "sequence (7): 3",
        "FLAG (1): 0",
        "code (7): 0",
        "not read (0): 8 bits expected, 0 left",
      ]
    `);
    expect(
      said('messagerie', `78 08 00 18 00 28 ${bytes('ab')}`.replaceAll(' ', '')),
    ).toMatchInlineSnapshot(`
      [
        "type (5): 15, TEXTE",
        "user id (8): 1",
        "sequence (16): 3",
        "length in bytes (16): 5",
        "not read (19): 40 bits expected, 19 left",
      ]
    `);
    expect(said('cosp', '09')).toMatchInlineSnapshot(`
      [
        "code (8): 9, unknown",
        "not read (0): unknown request 9",
      ]
    `);
  });
});

test('every bit belongs to one field, also in frames with changed bytes', () => {
  fc.assert(
    fc.property(fc.constantFrom(...cases), fc.infiniteStream(fc.nat(255)), (one, noise) => {
      const frame = Uint8Array.from(one.frame);
      // Some bytes of a good frame are changed.
      for (const at of noise.take(3)) if (frame.length > 0) frame[at % frame.length] = at;
      expectEveryBitOnce(one.explain(frame), frame);
    }),
    {numRuns: 3000},
  );
});
