import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import * as wire from '../../source/protocols/res302/wire.ts';
import vectors from './vectors/res302.json' with {type: 'json'};

const encoder = new TextEncoder();

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

function typeOf(letter: string): wire.MessageType {
  const type = wire.messageTypes.find(candidate => candidate === letter);
  if (type === undefined) throw new RangeError(`no type ${letter}`);
  return type;
}

/** The header of an A from alice, with some bytes changed. */
function header(changes: Readonly<Record<number, number>> = {}): Uint8Array {
  const bytes = fromHex('000041616c69636500000000000000');
  for (const [offset, byte] of Object.entries(changes)) bytes[Number(offset)] = byte;
  return bytes;
}

describe.each(vectors)('$what ($type, $hex)', vector => {
  const message: wire.Message = {
    ack: vector.ack === 1,
    sequence: vector.sequence,
    flag: vector.flag === 1,
    code: vector.code,
    type: typeOf(vector.type),
    nickname: vector.nickname,
    data: encoder.encode(vector.data),
  };

  test('encodes to the published bytes', () => {
    expect(toHex(wire.encode(message))).toBe(vector.hex);
  });

  test('decodes from the published bytes', () => {
    expect(wire.decode(fromHex(vector.hex))).toEqual({ok: true, message});
  });

  test('is malformed when it is cut at any byte, or followed by one more', () => {
    const datagram = fromHex(vector.hex);
    const damaged = [
      ...Array.from(datagram, (_, length) => datagram.subarray(0, length)),
      Uint8Array.of(...datagram, 0),
    ];
    expect(damaged).toHaveLength(datagram.length + 1);
    for (const bytes of damaged) {
      expect(wire.decode(bytes), `${bytes.length} bytes`).toMatchObject({ok: false});
    }
  });
});

test('the vectors show every type of message', () => {
  expect(new Set(vectors.map(({type}) => type))).toEqual(new Set(wire.messageTypes));
});

describe('decode', () => {
  test('letters from A to I are types, and every other byte is malformed', () => {
    const accepted = Array.from({length: 256}, (_, byte) => byte).filter(
      byte => wire.decode(header({2: byte})).ok,
    );
    expect(String.fromCharCode(...accepted)).toBe('ABCDEFGHI');
  });

  test('the high bits of the first two bytes are ACK and FLAG, and the rest sequence and code', () => {
    expect(wire.decode(header({0: 0xff, 1: 0x7f}))).toMatchObject({
      message: {ack: true, sequence: 127, flag: false, code: 127},
    });
    expect(wire.decode(header({0: 0x7f, 1: 0x80}))).toMatchObject({
      message: {ack: false, sequence: 127, flag: true, code: 0},
    });
  });

  test('a length that announces more or fewer bytes than there are is malformed', () => {
    const datagram = Uint8Array.of(...header(), 1, 2);
    const announced = (length: number) => {
      const copy = Uint8Array.from(datagram);
      copy[13] = length >> 8;
      copy[14] = length & 0xff;
      return wire.decode(copy).ok;
    };
    expect([0, 1, 2, 3, 0x0200, 0xffff].map(announced)).toEqual([
      false,
      false,
      true,
      false,
      false,
      false,
    ]);
  });

  test('forbidden characters in a nickname are seen, so that they can be refused', () => {
    const decode = (...bytes: readonly number[]) => {
      const decoded = wire.decode(
        header(Object.fromEntries(bytes.map((byte, i) => [3 + i, byte]))),
      );
      return decoded.ok ? decoded.message.nickname : decoded.reason;
    };
    const withSpace = decode(0x61, 0x20, 0x62, 0, 0);
    const withZeroInside = decode(0x61, 0, 0x62, 0, 0);
    const notAscii = decode(0xc3, 0xa9, 0, 0, 0);
    expect(withSpace).toBe('a b');
    expect([withSpace, withZeroInside, notAscii].map(wire.isNickname)).toEqual([
      false,
      false,
      false,
    ]);
    expect(decode(0, 0, 0, 0, 0)).toBe('');
  });

  test('random bytes never throw, and what is read of them is written the same again', () => {
    const plausible = fc
      .tuple(fc.uint8Array({minLength: 15, maxLength: 15}), fc.uint8Array({maxLength: 40}))
      .map(([head, data]) => {
        const datagram = Uint8Array.of(...head, ...data);
        datagram[2] = 0x41 + ((head[2] ?? 0) % 9);
        datagram[13] = 0;
        datagram[14] = data.length;
        return datagram;
      });
    const bytes = fc.oneof(fc.uint8Array({maxLength: 100}), plausible);
    let read = 0;
    fc.assert(
      fc.property(bytes, datagram => {
        const decoded = wire.decode(datagram);
        if (!decoded.ok) {
          expect(decoded.reason).not.toBe('');
          return;
        }
        read++;
        const {message} = decoded;
        wire.decodeText(message.data);
        wire.decodeList(message.data);
        wire.decodeNicknames(message.data);
        wire.decodeEndpoint(message.data);
        if (message.nickname === '' || wire.isNickname(message.nickname)) {
          expect(toHex(wire.encode(message))).toBe(toHex(datagram));
        }
      }),
      {numRuns: 2000},
    );
    expect(read).toBeGreaterThan(100);
  });
});

describe('encode', () => {
  test.each([
    ['a sequence of 8 bits', {sequence: 128}],
    ['a negative sequence', {sequence: -1}],
    ['a code of 8 bits', {code: 128}],
    ['a negative code', {code: -1}],
    ['a nickname of 11 letters', {nickname: 'abcdefghijk'}],
    ['a nickname with a space', {nickname: 'a b'}],
    ['a nickname with an accent', {nickname: 'zoé'}],
    ['65,453 bytes of data', {data: new Uint8Array(65_453)}],
  ])('refuses %s', (_, fields) => {
    expect(() => wire.encode(wire.message('C', fields))).toThrow(RangeError);
  });

  test('takes the largest of everything', () => {
    const data = new Uint8Array(65_452).fill(0x61);
    const message = wire.message('C', {
      ack: true,
      sequence: 127,
      flag: true,
      code: 127,
      nickname: 'abcdefghi9',
      data,
    });
    const datagram = wire.encode(message);
    expect(datagram).toHaveLength(65_467);
    expect(toHex(datagram.subarray(0, 15))).toBe('ffff4361626364656667686939ffac');
    expect(wire.decode(datagram)).toEqual({ok: true, message});
  });

  test('a datagram under another number differs in nothing else, and the first one stays', () => {
    const first = wire.encode(wire.message('C', {ack: true, sequence: 3, nickname: 'bob'}));
    const second = wire.withSequence(first, 127);
    expect(wire.decode(second)).toEqual({
      ok: true,
      message: wire.message('C', {ack: true, sequence: 127, nickname: 'bob'}),
    });
    expect(wire.decode(first)).toMatchObject({message: {sequence: 3}});
  });
});

describe('nicknames', () => {
  test.each(['a', 'Z', '0', 'user123', 'abcdefghij'])('%s may be a nickname', nickname => {
    expect(wire.isNickname(nickname)).toBe(true);
  });

  test.each(['', 'abcdefghijk', 'a b', 'a_b', 'zoé', 'a\n', 'a&b', 'a:b', 'ａ'])(
    '"%s" may not',
    nickname => {
      expect(wire.isNickname(nickname)).toBe(false);
    },
  );
});

describe('text', () => {
  test('a text goes out as UTF-8 and comes back the same, a byte order mark included', () => {
    expect(toHex(wire.encodeText('à€😀'))).toBe('c3a0e282acf09f9880');
    expect(wire.decodeText(fromHex('efbbbf61'))).toBe('\u{feff}a');
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), text => {
        expect(wire.decodeText(wire.encodeText(text))).toBe(text);
      }),
    );
  });

  test('bytes that are no UTF-8 are read as U+FFFD', () => {
    expect(wire.decodeText(fromHex('61ff62'))).toBe('a\u{fffd}b');
    expect(wire.decodeText(fromHex('e282'))).toBe('\u{fffd}');
  });
});

describe('lists', () => {
  const alice = {nick: 'alice', status: 'public'} as const;
  const bob = {nick: 'bob', status: 'room'} as const;

  test('entries are joined by an ampersand, with one space after the colon', () => {
    expect(wire.decodeText(wire.encodeList([alice, bob]))).toBe('alice: Pu&bob: Pr');
    expect(wire.encodeList([])).toHaveLength(0);
  });

  test('a list is read into who is there, and where', () => {
    expect(wire.decodeList(encoder.encode('alice: Pu&bob: Pr'))).toEqual([alice, bob]);
    expect(wire.decodeList(new Uint8Array(0))).toEqual([]);
  });

  test.each([
    'al ice: Pu',
    'alice:Pu',
    'alice:  Pu',
    'alice: Px',
    'alice: pu',
    'alice',
    ': Pu',
    'abcdefghijk: Pu',
    'alice: Pu\n',
    '\u{1b}[2J: Pu',
    '__proto__: Pu',
  ])('an entry that cannot be read, "%s", is left out, and the others stay', entry => {
    expect(wire.decodeList(encoder.encode(`alice: Pu&${entry}&bob: Pr`))).toEqual([alice, bob]);
  });

  test('2,000 users with the longest nicknames fit into one datagram: 15·n − 1 bytes', () => {
    const users = Array.from({length: 2000}, (_, index) => ({
      nick: `${index}`.padStart(10, 'u'),
      status: 'room' as const,
    }));
    const data = wire.encodeList(users);
    expect(data).toHaveLength(15 * 2000 - 1);
    expect(wire.decodeList(data)).toEqual(users);
    expect(wire.encode(wire.message('E', {ack: true, data}))).toHaveLength(15 + 15 * 2000 - 1);
  });
});

describe('invitees', () => {
  test('nicknames are joined by an ampersand', () => {
    expect(wire.decodeText(wire.encodeNicknames(['bob', 'user123']))).toBe('bob&user123');
    expect(wire.decodeNicknames(encoder.encode('bob&user123'))).toEqual(['bob', 'user123']);
  });

  test('somebody named twice is invited once, and nobody by an empty name', () => {
    expect(wire.decodeNicknames(encoder.encode('&bob&&carl&bob&'))).toEqual(['bob', 'carl']);
    expect(wire.decodeNicknames(new Uint8Array(0))).toEqual([]);
  });
});

describe('endpoints', () => {
  test('a port and an address are joined by an ampersand', () => {
    const endpoint = {host: '127.0.0.1', port: 40_123};
    expect(wire.decodeText(wire.encodeEndpoint(endpoint))).toBe('40123&127.0.0.1');
    expect(wire.decodeEndpoint(encoder.encode('40123&127.0.0.1'))).toEqual(endpoint);
    expect(wire.decodeEndpoint(encoder.encode('40123&127.00.000.01'))).toEqual(endpoint);
  });

  test.each([
    '',
    '&',
    '40123',
    '40123&',
    '&127.0.0.1',
    '0&127.0.0.1',
    '65536&127.0.0.1',
    '-1&127.0.0.1',
    '4e3&127.0.0.1',
    '40123&127.0.0.256',
    '40123&127.0.0',
    '40123&localhost',
    '40123&::1',
    '40123&127.0.0.1&',
    '40123& 127.0.0.1',
    '127.0.0.1&40123',
  ])('"%s" is no endpoint', text => {
    expect(wire.decodeEndpoint(encoder.encode(text))).toBeUndefined();
  });
});
