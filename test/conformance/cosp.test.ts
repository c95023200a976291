import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {HubStream} from '../../source/protocols/cosp/client/hub-stream.ts';
import * as wire from '../../source/protocols/cosp/wire.ts';
import type {Parse} from '../../source/transport/frame-buffer.ts';
import {
  cutEverywhere,
  fromHex,
  oneByOne,
  readAll,
  readMessages,
  streamOf,
  toHex,
} from '../transport/streams.ts';
import vectors from './vectors/cosp.json' with {type: 'json'};

const encoder = new TextEncoder();
const noOne = fromHex('000000');

type Vector = {
  readonly what: string;
  readonly from: string;
  readonly hex: string;
  readonly code?: number;
  readonly id?: number;
  readonly port?: number;
  readonly nickname?: string;
  readonly text?: string;
  readonly users?: readonly wire.User[];
};

type Side = {
  readonly bytes: Uint8Array;
  readonly message: unknown;
  readonly encoded: Uint8Array;
  /** A stream in the state in which the message is understood. */
  readonly open: () => ReturnType<typeof streamOf<unknown>>;
};

/** The hub's words to a client that it has accepted. */
function registered(): HubStream {
  const stream = new HubStream();
  expect(readMessages(stream, noOne)).toEqual([{type: 'accepted', users: []}]);
  return stream;
}

function opener(parse: Parse<unknown>): Side['open'] {
  return () => streamOf(parse);
}

function requestOf({code, id = 0, port = 0, text = ''}: Vector): wire.Request {
  switch (code) {
    case 0:
      return {type: 'publicText', text};
    case 1:
      return {type: 'privateText', id, text};
    case 2:
      return {type: 'askConnection', port, id};
    case 3:
      return {type: 'acceptConnection', port, id};
    default:
      return {type: 'refuseConnection', id};
  }
}

function noticeOf({code, id = 0, nickname = '', text = ''}: Vector): wire.Notice {
  switch (code) {
    case 0:
      return {type: 'arrival', id, nickname};
    case 1:
      return {type: 'departure', id};
    case 2:
      return {type: 'publicText', author: id, text};
    case 3:
      return {type: 'privateText', author: id, text};
    case 4:
      return {type: 'connectionAsked', id};
    case 5:
      return {type: 'connectionAccepted', id};
    case 6:
      return {type: 'acceptanceRegistered', id};
    case -2:
      return {type: 'connectionRefused', id};
    default:
      return {type: 'gone'};
  }
}

function sideOf(vector: Vector): Side {
  const bytes = fromHex(vector.hex);
  if (vector.from === 'peer') {
    const message = vector.text ?? '';
    return {bytes, message, encoded: wire.encodePeerText(message), open: opener(wire.readPeerText)};
  }
  if (vector.from === 'client' && vector.code === undefined) {
    const message = vector.nickname ?? '';
    return {bytes, message, encoded: wire.encodeNickname(message), open: opener(wire.readNickname)};
  }
  if (vector.from === 'client') {
    const message = requestOf(vector);
    return {bytes, message, encoded: wire.encodeRequest(message), open: opener(wire.readRequest)};
  }
  if (vector.users !== undefined || vector.what === 'nickname taken') {
    const {users} = vector;
    const message: wire.Registration = users ? {type: 'accepted', users} : {type: 'refused'};
    const encoded = wire.encodeRegistration(message);
    return {bytes, message, encoded, open: () => new HubStream()};
  }
  const message = noticeOf(vector);
  return {bytes, message, encoded: wire.encodeNotice(message), open: registered};
}

describe.each(vectors as Vector[])('$what from the $from ($hex)', vector => {
  const {bytes, message, encoded, open} = sideOf(vector);

  test('encodes to the published bytes', () => {
    expect(toHex(encoded)).toBe(vector.hex);
  });

  test('decodes from the published bytes', () => {
    expect(readMessages(open(), bytes)).toEqual([message]);
  });

  test('decodes one byte at a time, and cut at every byte: no part of it is a message', () => {
    expect(readMessages(open(), ...oneByOne(bytes))).toEqual([message]);
    for (const [first, second] of cutEverywhere(bytes)) {
      const stream = open();
      expect(readMessages(stream, first)).toEqual([]);
      expect(readMessages(stream, second)).toEqual([message]);
    }
  });
});

describe('the vectors', () => {
  const sides = (vectors as Vector[]).map(vector => ({...vector, ...sideOf(vector)}));

  test('show every message', () => {
    const typesOf = (from: string) =>
      new Set(
        sides
          .filter(side => side.from === from && side.code !== undefined)
          .map(({message}) => (message as {type: string}).type),
      );
    expect(typesOf('client')).toEqual(new Set(Object.keys(wire.requestCodes)));
    expect(typesOf('hub')).toEqual(
      new Set([...Object.keys(wire.registrationCodes), ...Object.keys(wire.noticeCodes)]),
    );
  });

  test('from the hub are a whole session, glued, one byte at a time, or cut anywhere', () => {
    const notices = sides.filter(side => side.from === 'hub' && side.open === registered);
    const [refused, accepted] = ['nickname taken', 'accepted, two others'].map(name =>
      sides.find(({what}) => what === name),
    );
    const session = [refused, refused, accepted, ...notices].filter(side => side !== undefined);
    expect(session).toHaveLength(12);
    const glued = Uint8Array.from(session.flatMap(({bytes}) => [...bytes]));
    const messages = session.map(({message}) => message);
    expect(readMessages(new HubStream(), glued)).toEqual(messages);
    expect(readMessages(new HubStream(), ...oneByOne(glued))).toEqual(messages);
    for (const chunks of cutEverywhere(glued)) {
      expect(readMessages(new HubStream(), ...chunks)).toEqual(messages);
    }
  });

  test('from a client are a whole session, glued, one byte at a time, or cut anywhere', () => {
    const requests = sides.filter(side => side.from === 'client' && side.code !== undefined);
    const glued = Uint8Array.from(requests.flatMap(({bytes}) => [...bytes]));
    const messages = requests.map(({message}) => message);
    expect(messages).toHaveLength(5);
    expect(readMessages(streamOf(wire.readRequest), glued)).toEqual(messages);
    expect(readMessages(streamOf(wire.readRequest), ...oneByOne(glued))).toEqual(messages);
    for (const chunks of cutEverywhere(glued)) {
      expect(readMessages(streamOf(wire.readRequest), ...chunks)).toEqual(messages);
    }
  });
});

/** `short` length, then as many bytes. */
function string(length: number, bytes: Uint8Array = new Uint8Array(length).fill(0x61)): string {
  return toHex(Uint8Array.of((length >> 8) & 0xff, length & 0xff, ...bytes));
}

describe('strings', () => {
  /** What stands before the string, and how it is read. */
  const places = [
    ['a nickname', '', opener(wire.readNickname)],
    ['a public text', '00', opener(wire.readRequest)],
    ['a private text', '010007', opener(wire.readRequest)],
    ['a text between peers', '', opener(wire.readPeerText)],
    ['a listed user', '0000010007', () => new HubStream()],
    ['an arrival', '000007', registered],
    ['a public text from the hub', '020007', registered],
    ['a private text from the hub', '030007', registered],
  ] as const;

  describe.each(places)('as %s', (_, before, open) => {
    test('have 4,096 bytes at the most', () => {
      expect(readMessages<unknown>(open(), fromHex(before + string(4096)))).toHaveLength(1);
    });

    test.each([4097, 32_767, -1, -32_768])(
      'of %i bytes are malformed once the length is there, without waiting for more',
      length => {
        const header = fromHex(before + string(length, new Uint8Array(0)));
        const stream = open();
        expect(readAll<unknown>(stream, [header.subarray(0, -1)])).toEqual([]);
        const seen = readAll<unknown>(stream, [header.subarray(-1)]);
        expect(seen).toMatchObject([{ok: false}]);
        expect(readAll<unknown>(stream, [noOne, new Uint8Array(70_000)])).toEqual([]);
      },
    );

    test('that are no UTF-8 are read with U+FFFD', () => {
      const bytes = fromHex(before + string(3, Uint8Array.of(0x61, 0xff, 0x62)));
      expect(JSON.stringify(readMessages<unknown>(open(), bytes))).toContain('a\u{fffd}b');
    });
  });

  test('may be empty, and keep line breaks and byte order marks', () => {
    expect(readMessages(streamOf(wire.readRequest), fromHex('000000'))).toEqual([
      {type: 'publicText', text: ''},
    ]);
    expect(readMessages(streamOf(wire.readNickname), fromHex('0000'))).toEqual(['']);
    const text = '\u{feff}a\r\nb\0';
    expect(readMessages(streamOf(wire.readPeerText), wire.encodePeerText(text))).toEqual([text]);
  });
});

describe('an impossible nickname is seen, so that it can be refused', () => {
  test.each(['', 'x'.repeat(33), 'a\n', 'a\u{9b}b', 'é'.repeat(2048)])('%j', nickname => {
    const bytes = encoder.encode(nickname);
    const sent = fromHex(string(bytes.length, bytes));
    expect(readMessages(streamOf(wire.readNickname), sent)).toEqual([nickname]);
    expect(wire.isNickname(nickname)).toBe(false);
    expect(() => wire.encodeNickname(nickname)).toThrow(RangeError);
  });

  test('and one that is no UTF-8', () => {
    const [nickname = ''] = readMessages(streamOf(wire.readNickname), fromHex('00037a6fe9'));
    expect([nickname, wire.isNickname(nickname)]).toEqual(['zo\u{fffd}', false]);
  });
});

describe('nicknames', () => {
  test.each(['a', 'alice cooper', 'zoé', 'x'.repeat(32), 'é'.repeat(16), '😀'.repeat(8)])(
    '%s may be one',
    nickname => {
      expect(wire.isNickname(nickname)).toBe(true);
      const bytes = wire.encodeNickname(nickname);
      expect(readMessages(streamOf(wire.readNickname), bytes)).toEqual([nickname]);
    },
  );

  test.each(['', 'x'.repeat(33), `${'é'.repeat(16)}x`, 'a\t', 'a\u{7f}', '\u{fffd}', 'a\u{d800}'])(
    '%j may not',
    nickname => {
      expect(wire.isNickname(nickname)).toBe(false);
    },
  );
});

describe('codes', () => {
  function accepted(open: () => ReturnType<typeof streamOf<unknown>>): number[] {
    const codes = Array.from({length: 256}, (_, index) => index - 128);
    return codes.filter(code => readAll(open(), [Uint8Array.of(code)])[0]?.ok !== false);
  }

  test('that are in no table are malformed', () => {
    expect(accepted(() => streamOf(wire.readRequest))).toEqual([-1, 0, 1, 2, 3]);
    expect(accepted(() => new HubStream())).toEqual([-1, 0]);
    expect(accepted(registered)).toEqual([-2, -1, 0, 1, 2, 3, 4, 5, 6]);
  });

  test('after registration mean something else than before it', () => {
    expect(readMessages(new HubStream(), fromHex('ff000000ff000000000161'))).toEqual([
      {type: 'refused'},
      {type: 'accepted', users: []},
      {type: 'gone'},
      {type: 'arrival', id: 0, nickname: 'a'},
    ]);
  });
});

describe('numbers', () => {
  test('from the network are read as they are, even if nobody has them', () => {
    expect(
      readMessages(streamOf(wire.readRequest), fromHex('02ffffffff8000' + '037fffffffffff')),
    ).toEqual([
      {type: 'askConnection', port: -1, id: -32_768},
      {type: 'acceptConnection', port: 2 ** 31 - 1, id: -1},
    ]);
    expect(readMessages(registered(), fromHex('01ffff'))).toEqual([{type: 'departure', id: -1}]);
  });

  test.each([
    ['a negative id', {type: 'refuseConnection', id: -1}],
    ['an id of 16 bits', {type: 'privateText', id: 32_768, text: ''}],
    ['a broken id', {type: 'refuseConnection', id: 0.5}],
    ['port 0', {type: 'askConnection', port: 0, id: 0}],
    ['port 65,536', {type: 'acceptConnection', port: 65_536, id: 0}],
    ['no port', {type: 'askConnection', port: Number.NaN, id: 0}],
    ['4,097 bytes of text', {type: 'publicText', text: 'x'.repeat(4097)}],
    ['4,098 bytes of text', {type: 'privateText', id: 0, text: 'à'.repeat(2049)}],
  ] as const)('a client does not write %s', (_, request) => {
    expect(() => wire.encodeRequest(request)).toThrow(RangeError);
  });

  test('a hub does not write what does not fit either', () => {
    const text = 'x'.repeat(4097);
    expect(() => wire.encodeNotice({type: 'departure', id: -1})).toThrow(RangeError);
    expect(() => wire.encodeNotice({type: 'arrival', id: 0, nickname: ''})).toThrow(RangeError);
    expect(() => wire.encodeNotice({type: 'publicText', author: 0, text})).toThrow(RangeError);
    const users = [{id: 32_768, nickname: 'a'}];
    expect(() => wire.encodeRegistration({type: 'accepted', users})).toThrow(RangeError);
    expect(() => wire.encodePeerText(text)).toThrow(RangeError);
  });

  test('the largest of everything fits', () => {
    expect(wire.maximumTextBytes).toBe(4096);
    const text = 'à'.repeat(2048);
    const request = {type: 'privateText', id: 32_767, text} as const;
    expect(readMessages(streamOf(wire.readRequest), wire.encodeRequest(request))).toEqual([
      request,
    ]);
    const ask = {type: 'askConnection', port: 65_535, id: 32_767} as const;
    expect(toHex(wire.encodeRequest(ask))).toBe('020000ffff7fff');
  });
});

describe('the list of users', () => {
  const users = Array.from({length: 32_767}, (_, id) => ({
    id,
    nickname: `${id}`.padStart(32, 'u'),
  }));
  const bytes = wire.encodeRegistration({type: 'accepted', users});

  test('holds as many as there are ids', () => {
    expect(bytes).toHaveLength(3 + 36 * 32_767);
    expect(readMessages(new HubStream(), bytes)).toEqual([{type: 'accepted', users}]);
    expect(() =>
      wire.encodeRegistration({type: 'accepted', users: [...users, {id: 0, nickname: 'a'}]}),
    ).toThrow(RangeError);
  });

  test('is not read from its beginning for each of its bytes', () => {
    // Read anew, this would take many minutes.
    expect(readAll(new HubStream(), oneByOne(bytes))).toEqual([
      {ok: true, message: {type: 'accepted', users}},
    ]);
  });

  test('of a negative number of users is malformed', () => {
    expect(readAll(new HubStream(), [fromHex('00ffff')])).toEqual([
      {ok: false, reason: '-1 users'},
    ]);
  });

  test('of claimed users is waited for, and what follows the last is no user', () => {
    const stream = new HubStream();
    expect(readAll(stream, [fromHex('007fff')])).toEqual([]);
    expect(readAll(stream, [fromHex(`0000${string(4097, new Uint8Array(0))}`)])).toMatchObject([
      {ok: false},
    ]);
    expect(readAll(stream, [noOne])).toEqual([]);
  });
});

describe('random bytes never throw, and read the same in any chunks', () => {
  const strings = ['0000', '000161', '0003c3a9ff', '0002'];
  const places = [
    ['a nickname', strings, opener(wire.readNickname)],
    ['a request', hexOf('client'), opener(wire.readRequest)],
    ['an answer to a nickname', ['ff', '000000', ...hexOf('hub')], () => new HubStream()],
    ['a notice', hexOf('hub'), registered],
    ['a text between peers', strings, opener(wire.readPeerText)],
  ] as const;

  function hexOf(from: string): string[] {
    return vectors.filter(vector => vector.from === from).map(({hex}) => hex);
  }

  test.each(places)('as %s', (_, frames, open) => {
    const frame = fc.constantFrom(...frames).map(fromHex);
    const chunk = fc.oneof(
      {weight: 1, arbitrary: fc.uint8Array({maxLength: 20})},
      {weight: 9, arbitrary: frame},
    );
    let read = 0;
    fc.assert(
      fc.property(fc.array(chunk), chunks => {
        const decoded = readAll<unknown>(open(), chunks);
        const bytes = Uint8Array.from(chunks.flatMap(part => [...part]));
        expect(readAll<unknown>(open(), [bytes])).toEqual(decoded);
        expect(readAll<unknown>(open(), oneByOne(bytes))).toEqual(decoded);
        expect([-1, decoded.length - 1]).toContain(decoded.findIndex(({ok}) => !ok));
        read += decoded.filter(({ok}) => ok).length;
      }),
      {numRuns: 500},
    );
    expect(read).toBeGreaterThan(100);
  });

  test('and what is read of a request or a notice is written the same again', () => {
    const text = fc.string({unit: 'binary', maxLength: 50}).filter(some => some.isWellFormed());
    const id = fc.nat(32_767);
    const port = fc.integer({min: 1, max: 65_535});
    const request = fc.oneof(
      fc.record({type: fc.constant('privateText' as const), id, text}),
      fc.record({type: fc.constantFrom('askConnection', 'acceptConnection'), port, id}),
    );
    const notice = fc.record({
      type: fc.constantFrom('publicText', 'privateText'),
      author: id,
      text,
    });
    fc.assert(
      fc.property(fc.array(request), fc.array(notice), (requests, notices) => {
        expect(
          readMessages(streamOf(wire.readRequest), ...requests.map(wire.encodeRequest)),
        ).toEqual(requests);
        expect(readMessages(registered(), ...notices.map(wire.encodeNotice))).toEqual(notices);
      }),
    );
  });
});
