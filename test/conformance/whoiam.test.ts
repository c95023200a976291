import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import * as wire from '../../source/protocols/whoiam/wire.ts';
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
import vectors from './vectors/whoiam.json' with {type: 'json'};

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const ofClient = {
  identify: {type: 'identify', nickname: 'alice'},
  'who is here': {type: 'who'},
  'public text': {type: 'publicText', text: 'bonjour à tous'},
  'private text': {type: 'privateText', to: 'bob', text: 'psst  two spaces'},
  leave: {type: 'leave'},
} as const;

const ofHub = {
  greeting: {type: 'whoAreYou'},
  'space in the nickname': {type: 'error', about: 'Pseu do'},
  taken: {type: 'taken', nickname: 'alice'},
  arrival: {type: 'arrival', nickname: 'alice'},
  everyone: {type: 'everyone', nicknames: ['alice', 'bob', 'zoé']},
  'public text relayed': {type: 'publicText', author: 'alice', text: 'bonjour à tous'},
  'private text relayed': {type: 'privateText', author: 'alice', text: 'psst  two spaces'},
  'no such recipient': {type: 'error', about: 'alice'},
  departure: {type: 'departure', nickname: 'alice'},
} as const;

type Side = {readonly bytes: Uint8Array; readonly message: unknown; readonly parse: Parse<unknown>};

function sideOf({what, from, hex}: (typeof vectors)[number]): Side & {encoded: Uint8Array} {
  const bytes = fromHex(hex);
  if (from === 'client') {
    const message = ofClient[what as keyof typeof ofClient];
    const encoded = wire.encodeClientMessage(message);
    return {bytes, message, parse: wire.readClientMessage, encoded};
  }
  const message = ofHub[what as keyof typeof ofHub];
  return {bytes, message, parse: wire.readHubMessage, encoded: wire.encodeHubMessage(message)};
}

/** What the other side makes of lines. */
function fromClient(...lines: readonly string[]): wire.ClientMessage[] {
  return readMessages(streamOf(wire.readClientMessage), ...lines.map(line => encoder.encode(line)));
}

function fromHub(...lines: readonly string[]): wire.HubMessage[] {
  return readMessages(streamOf(wire.readHubMessage), ...lines.map(line => encoder.encode(line)));
}

describe.each(vectors)('$what from the $from ($hex)', vector => {
  const {bytes, message, parse, encoded} = sideOf(vector);

  test('encodes to the published bytes', () => {
    expect(toHex(encoded)).toBe(vector.hex);
    expect(decoder.decode(encoded)).toBe(vector.line);
  });

  test('decodes from the published bytes, with LF and with CR LF', () => {
    const withReturn = Uint8Array.of(...bytes.subarray(0, -1), 0x0d, 0x0a);
    expect(readMessages(streamOf(parse), bytes)).toEqual([message]);
    expect(readMessages(streamOf(parse), withReturn)).toEqual([message]);
  });

  test('decodes one byte at a time, and cut at every byte: no part of it is a message', () => {
    expect(readMessages(streamOf(parse), ...oneByOne(bytes))).toEqual([message]);
    for (const [first, second] of cutEverywhere(bytes)) {
      const stream = streamOf(parse);
      expect(readMessages(stream, first)).toEqual([]);
      expect(readMessages(stream, second)).toEqual([message]);
    }
  });
});

test.each(['client', 'hub'])('all lines from the %s, glued and one byte at a time', from => {
  const sides = vectors.filter(vector => vector.from === from).map(sideOf);
  const glued = Uint8Array.from(sides.flatMap(({bytes}) => [...bytes]));
  const parse = from === 'client' ? wire.readClientMessage : wire.readHubMessage;
  const messages = sides.map(({message}) => message);
  expect(readMessages(streamOf<unknown>(parse), glued)).toEqual(messages);
  expect(readMessages(streamOf<unknown>(parse), ...oneByOne(glued))).toEqual(messages);
  for (const chunks of cutEverywhere(glued)) {
    expect(readMessages(streamOf<unknown>(parse), ...chunks)).toEqual(messages);
  }
});

test('the vectors show every message', () => {
  const count = (from: string) => vectors.filter(vector => vector.from === from).length;
  expect(count('client')).toBe(Object.keys(ofClient).length);
  expect(count('hub')).toBe(Object.keys(ofHub).length);
});

describe('what the hub reads', () => {
  test('an impossible nickname is seen, so that it can be refused', () => {
    const nicknames = ['Pseu do', '', 'alice ', ' alice', 'x'.repeat(33), 'a\tb', 'a\rb', 'a\0'];
    expect(fromClient(...nicknames.map(nickname => `IAM ${nickname}\n`))).toEqual(
      nicknames.map(nickname => ({type: 'identify', nickname})),
    );
    expect(nicknames.filter(wire.isNickname)).toEqual([]);
    expect(fromClient('IAM\n')).toEqual([{type: 'identify', nickname: ''}]);
  });

  test('a nickname that is no UTF-8 is one no more, and the line goes on after it', () => {
    const bytes = Uint8Array.of(...encoder.encode('IAM zo'), 0xe9, ...encoder.encode('\nWHO\n'));
    expect(readMessages(streamOf(wire.readClientMessage), bytes)).toEqual([
      {type: 'identify', nickname: 'zo\u{fffd}'},
      {type: 'who'},
    ]);
    expect(wire.isNickname('zo\u{fffd}')).toBe(false);
  });

  test('a text is the rest of its line, with its spaces; what is no UTF-8 in it is U+FFFD', () => {
    expect(fromClient('MSG  a  b \n', 'PRV bob  c \n', 'MSG \u{feff}d\te\n')).toEqual([
      {type: 'publicText', text: ' a  b '},
      {type: 'privateText', to: 'bob', text: ' c '},
      {type: 'publicText', text: '\u{feff}d\te'},
    ]);
    const bytes = Uint8Array.of(...encoder.encode('MSG a'), 0xff, ...encoder.encode('b\n'));
    expect(readMessages(streamOf(wire.readClientMessage), bytes)).toEqual([
      {type: 'publicText', text: 'a\u{fffd}b'},
    ]);
  });

  test('a text, or a recipient, may be missing', () => {
    expect(fromClient('MSG\n', 'MSG \n', 'PRV\n', 'PRV bob\n', 'PRV bob \n', 'PRV  hi\n')).toEqual([
      {type: 'publicText', text: ''},
      {type: 'publicText', text: ''},
      {type: 'privateText', to: '', text: ''},
      {type: 'privateText', to: 'bob', text: ''},
      {type: 'privateText', to: 'bob', text: ''},
      {type: 'privateText', to: '', text: 'hi'},
    ]);
  });

  test('an unknown keyword is told, so that it can be answered; case counts', () => {
    const lines = [
      'HELO\n',
      'who\n',
      'MSGhi\n',
      'ARR bob\n',
      'toString x\n',
      '__proto__\n',
      ' WHO\n',
    ];
    expect(fromClient(...lines)).toEqual(
      ['HELO', 'who', 'MSGhi', 'ARR', 'toString', '__proto__', ''].map(keyword => ({
        type: 'unknown',
        keyword,
      })),
    );
  });

  test('what follows a keyword that needs nothing is not looked at', () => {
    expect(fromClient('WHO is there\n', 'BYE bye\n')).toEqual([{type: 'who'}, {type: 'leave'}]);
  });

  test('empty lines are blank', () => {
    expect(fromClient('\n\r\n', '\nWHO\r\n')).toEqual([
      {type: 'blank'},
      {type: 'blank'},
      {type: 'blank'},
      {type: 'who'},
    ]);
  });

  test('the same keywords mean what a client means by them', () => {
    expect(fromClient('MSG alice hello\n')).toEqual([{type: 'publicText', text: 'alice hello'}]);
    expect(fromHub('MSG alice hello\n')).toEqual([
      {type: 'publicText', author: 'alice', text: 'hello'},
    ]);
  });

  test.each(['\n', '\r\n'])(
    'a line of 8,192 bytes before %j is one, a byte more is malformed',
    end => {
      const line = (length: number) => encoder.encode(`MSG ${'x'.repeat(length - 4)}${end}`);
      expect(fromClient(decoder.decode(line(8192)))).toEqual([
        {type: 'publicText', text: 'x'.repeat(8188)},
      ]);
      const malformed = [{ok: false, reason: 'a line of more than 8192 bytes'}];
      expect(readAll(streamOf(wire.readClientMessage), [line(8193)])).toEqual(malformed);
      expect(readAll(streamOf(wire.readClientMessage), oneByOne(line(8193)))).toEqual(malformed);
    },
  );

  test('a line that does not end is not waited for', () => {
    const stream = streamOf(wire.readClientMessage);
    const seen = readAll(stream, [new Uint8Array(8192).fill(0x61)]);
    expect(seen).toEqual([]);
    expect(readAll(stream, [Uint8Array.of(0x61)])).toMatchObject([{ok: false}]);
    expect(readAll(stream, [encoder.encode('\nWHO\n')])).toEqual([]);
  });
});

describe('what a client reads', () => {
  test('WHO alone asks, WHO with nicknames answers', () => {
    expect(fromHub('WHO\n', 'WHO \n', 'WHO alice\n')).toEqual([
      {type: 'whoAreYou'},
      {type: 'whoAreYou'},
      {type: 'everyone', nicknames: ['alice']},
    ]);
  });

  test('what is no nickname in a list is left out', () => {
    const line = `WHO alice  b\u{7}b ${'x'.repeat(33)} bob \n`;
    expect(fromHub(line)).toEqual([{type: 'everyone', nicknames: ['alice', 'bob']}]);
  });

  test('a list is one line, however long: 31,774 of the longest nicknames fit', () => {
    const nicknames = Array.from({length: 31_774}, (_, index) => `${index}`.padStart(32, 'u'));
    const line = wire.encodeHubMessage({type: 'everyone', nicknames});
    expect(line).toHaveLength(3 + 33 * 31_774 + 1);
    expect(readMessages(streamOf(wire.readHubMessage), line)).toEqual([
      {type: 'everyone', nicknames},
    ]);
    expect(() =>
      wire.encodeHubMessage({type: 'everyone', nicknames: [...nicknames, 'u'.repeat(32)]}),
    ).toThrow(RangeError);
    const endless = new Uint8Array(wire.maximumListBytes + 1).fill(0x61);
    expect(readAll(streamOf(wire.readHubMessage), [endless])).toMatchObject([{ok: false}]);
  });

  test('an error may be about a keyword, a nickname, or nothing', () => {
    expect(fromHub('ERR\n', 'ERR HELO\n', 'ERR Pseu do\n')).toEqual(
      ['', 'HELO', 'Pseu do'].map(about => ({type: 'error', about})),
    );
  });

  test.each([
    'ARR\n',
    'ARR \n',
    'ARR a b\n',
    'LFT\n',
    'LFT \u{1b}[2J\n',
    'MSG\n',
    'MSG  hello\n',
    `PRV ${'x'.repeat(33)} hello\n`,
    'IAM alice\n',
    'BYE\n',
    'HELO x\n',
  ])('%j says nothing, and the lines after it are read', line => {
    const [keyword = ''] = line.trimEnd().split(' ');
    expect(fromHub(line, '\n', 'ARR bob\n')).toEqual([
      {type: 'unknown', keyword},
      {type: 'blank'},
      {type: 'arrival', nickname: 'bob'},
    ]);
  });
});

describe('what is written', () => {
  test('a line break in a text is a space: it can end no line', () => {
    expect(
      decoder.decode(wire.encodeClientMessage({type: 'publicText', text: 'a\nb\r\nc\rBYE\n'})),
    ).toBe('MSG a b  c BYE \n');
    const relayed = {type: 'privateText', author: 'alice', text: '\nLFT bob\r'} as const;
    expect(decoder.decode(wire.encodeHubMessage(relayed))).toBe('PRV alice  LFT bob \n');
    const about = 'a\nLFT bob';
    expect(decoder.decode(wire.encodeHubMessage({type: 'error', about}))).toBe('ERR a LFT bob\n');
  });

  test('the longest text fits a line with the longest nickname, in both directions', () => {
    expect(wire.maximumTextBytes).toBe(8154);
    const nickname = 'é'.repeat(16);
    const text = 'à'.repeat(8154 / 2);
    const lines = [
      wire.encodeHubMessage({type: 'publicText', author: nickname, text}),
      wire.encodeHubMessage({type: 'privateText', author: nickname, text}),
      wire.encodeClientMessage({type: 'privateText', to: nickname, text}),
    ];
    expect(lines.map(line => line.length)).toEqual([8192, 8192, 8192]);
    expect(readMessages(streamOf(wire.readHubMessage), ...lines.slice(0, 2))).toEqual([
      {type: 'publicText', author: nickname, text},
      {type: 'privateText', author: nickname, text},
    ]);
  });

  test.each([
    ['a text of 8,155 bytes', {type: 'publicText', text: `${'à'.repeat(4077)}x`}],
    ['a private one', {type: 'privateText', to: 'bob', text: 'x'.repeat(8155)}],
    ['a recipient with a space', {type: 'privateText', to: 'a b', text: ''}],
    ['a nickname of 33 bytes', {type: 'identify', nickname: `${'é'.repeat(16)}x`}],
    ['no nickname', {type: 'identify', nickname: ''}],
  ] as const)('a client does not write %s', (_, message) => {
    expect(() => wire.encodeClientMessage(message)).toThrow(RangeError);
  });

  test.each([
    ['a text of 8,155 bytes', {type: 'publicText', author: 'bob', text: 'x'.repeat(8155)}],
    ['a private one', {type: 'privateText', author: 'bob', text: 'x'.repeat(8155)}],
    ['an author with a line break', {type: 'publicText', author: 'a\nb', text: ''}],
    ['an arrival of nobody', {type: 'arrival', nickname: ''}],
    ['a departure with a space', {type: 'departure', nickname: 'a b'}],
    ['a taken name that is none', {type: 'taken', nickname: '\u{fffd}'}],
    ['a list with a space in a name', {type: 'everyone', nicknames: ['alice', 'b b']}],
    ['an empty list, which would ask', {type: 'everyone', nicknames: []}],
  ] as const)('a hub does not write %s', (_, message) => {
    expect(() => wire.encodeHubMessage(message)).toThrow(RangeError);
  });

  test('an error about more than a line holds is cut between code points', () => {
    const write = (about: string) => wire.encodeHubMessage({type: 'error', about});
    expect(decoder.decode(write(''))).toBe('ERR\n');
    expect(write('x'.repeat(8187))).toHaveLength(8192);
    expect(write('x'.repeat(9000))).toHaveLength(8192);
    const cut = write(`x${'😀'.repeat(3000)}`);
    expect(decoder.decode(cut)).toBe(`ERR x${'😀'.repeat(2046)}\n`);
  });

  test('what a client asks for comes back to it in an error of one line, whatever it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 9000, size: 'max'}), bytes => {
        for (const decoded of readAll(streamOf(wire.readClientMessage), [bytes])) {
          if (!decoded.ok) continue;
          const {message} = decoded;
          const about = message.type === 'unknown' ? message.keyword : '';
          const line = wire.encodeHubMessage({type: 'error', about});
          expect(line.indexOf(0x0a)).toBe(line.length - 1);
          expect(line.length).toBeLessThanOrEqual(wire.maximumLineBytes);
        }
      }),
    );
  });
});

describe('nicknames', () => {
  test.each([
    'a',
    'alice',
    'zoé',
    'x'.repeat(32),
    'é'.repeat(16),
    '😀'.repeat(8),
    'WHO',
    'a\u{300}',
  ])('%s may be one', nickname => {
    expect(wire.isNickname(nickname)).toBe(true);
  });

  test.each([
    '',
    ' ',
    'a b',
    ' a',
    'a ',
    'x'.repeat(33),
    `${'é'.repeat(16)}x`,
    '😀'.repeat(9),
    'a\n',
    'a\r',
    'a\0',
    'a\u{7f}',
    'a\u{85}',
    'a\u{9f}',
    '\u{fffd}',
    'a\u{d800}',
  ])('%j may not', nickname => {
    expect(wire.isNickname(nickname)).toBe(false);
  });
});

test.each([
  ['hub', wire.readClientMessage],
  ['client', wire.readHubMessage],
] as const)('random bytes never throw at the %s, and read the same in any chunks', (_, parse) => {
  const keyword = fc.constantFrom('WHO', 'IAM', 'ERR', 'TKN', 'ARR', 'MSG', 'PRV', 'BYE', 'LFT');
  const line = fc
    .tuple(keyword, fc.string({unit: 'binary'}), fc.uint8Array({maxLength: 5}))
    .map(([word, text, bytes]) =>
      Uint8Array.of(...encoder.encode(`${word} ${text}`), ...bytes, 0x0a),
    );
  const chunk = fc.oneof(fc.uint8Array({maxLength: 40}), line);
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(chunk), chunks => {
      const decoded = readAll(streamOf<wire.ClientMessage | wire.HubMessage>(parse), chunks);
      const bytes = Uint8Array.from(chunks.flatMap(part => [...part]));
      expect(readAll(streamOf<unknown>(parse), [bytes])).toEqual(decoded);
      expect(readAll(streamOf<unknown>(parse), oneByOne(bytes))).toEqual(decoded);
      expect(decoded.every(({ok}) => ok)).toBe(true);
      for (const one of decoded) if (one.ok) seen.add(one.message.type);
    }),
    {numRuns: 500},
  );
  expect(seen.size).toBeGreaterThan(6);
});

test('whatever text is written, the same is read, but for its line breaks', () => {
  const nickname = fc
    .string({unit: 'grapheme', minLength: 1, maxLength: 8})
    .filter(wire.isNickname);
  fc.assert(
    fc.property(nickname, fc.string({unit: 'binary'}), (name, text) => {
      const kept = text.replaceAll(/[\r\n]/g, ' ');
      const asked = {type: 'privateText', to: name, text} as const;
      expect(fromClient(decoder.decode(wire.encodeClientMessage(asked)))).toEqual([
        {...asked, text: kept},
      ]);
      const told = {type: 'publicText', author: name, text} as const;
      expect(readMessages(streamOf(wire.readHubMessage), wire.encodeHubMessage(told))).toEqual([
        {...told, text: kept},
      ]);
    }),
  );
});
