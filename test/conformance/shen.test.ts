import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import * as text from '../../source/protocols/shen/wire/text.ts';
import * as wire from '../../source/protocols/shen/wire.ts';
import {BitWriter} from '../../source/transport/bits.ts';
import vectors from './vectors/shen.json' with {type: 'json'};

const encoder = new TextEncoder();
const typeNames = Object.keys(wire.types) as wire.MessageType[];
const statuses = ['public', 'room'] as const;
const modes = ['centralised', 'decentralised'] as const;

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** The vectors write a last half byte of zero bits as one digit. */
function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.padEnd(Math.ceil(hex.length / 2) * 2, '0'), 'hex'));
}

type Fields = {
  readonly type: number;
  readonly sequence: number;
  readonly state?: number;
  readonly mode?: number;
  readonly parts?: readonly string[];
  readonly users?: readonly {readonly status: number; readonly name: string}[];
};

function messageOf({type, sequence, state = 0, mode = 0, parts = [], users}: Fields): wire.Message {
  const name = typeNames.find(candidate => wire.types[candidate] === type);
  if (name === undefined) throw new RangeError(`no type ${type}`);
  if (name === 'liste') {
    const listed = users?.map(user => ({
      nick: user.name,
      status: statuses[user.status] ?? 'public',
    }));
    return {type: name, sequence, users: listed ?? []};
  }
  if (name === 'message' || name === 'invitation' || name === 'choisirLeMode') {
    return {
      type: name,
      sequence,
      state: statuses[state] ?? 'public',
      mode: modes[mode] ?? 'centralised',
      parts,
    };
  }
  return {type: name, sequence, parts};
}

/** A datagram by hand, with the text length that the test wants. */
function datagramOf(
  type: wire.TextType | wire.StateType,
  bytes: Uint8Array,
  {length = bytes.length, sequence = 0, state = 0, mode = 0} = {},
): Uint8Array {
  const writer = new BitWriter().unsigned(10, sequence).unsigned(8, wire.types[type]);
  writer.unsigned(10, length);
  if (type in wire.stateTypes) writer.unsigned(2, state).unsigned(2, mode);
  return writer.bytes(bytes).finish();
}

function lengthOf(datagram: Uint8Array): number {
  return (((datagram[2] ?? 0) & 0x3f) << 4) | ((datagram[3] ?? 0) >> 4);
}

/** The same datagram with another text length. */
function withLength(datagram: Uint8Array, length: number): Uint8Array {
  const copy = Uint8Array.from(datagram);
  copy[2] = ((copy[2] ?? 0) & 0xc0) | (length >> 4);
  copy[3] = ((length & 0xf) << 4) | ((copy[3] ?? 0) & 0xf);
  return copy;
}

function partsOf(datagram: Uint8Array): readonly string[] | string {
  const decoded = wire.decode(datagram);
  if (!decoded.ok) return decoded.reason;
  return decoded.message.type === 'liste' ? 'a list' : decoded.message.parts;
}

describe.each(vectors as (Fields & {what: string; hex: string})[])(
  '$what ($type, $hex)',
  vector => {
    const message = messageOf(vector);
    const datagram = fromHex(vector.hex);

    test('encodes to the published bytes', () => {
      expect(toHex(wire.encode(message))).toBe(toHex(datagram));
    });

    test('decodes from the published bytes', () => {
      expect(wire.decode(datagram)).toEqual({ok: true, message});
    });

    test('is malformed when it is cut at any byte, or at any bit of its text', () => {
      const cuts = Array.from(datagram, (_, length) => datagram.subarray(0, length));
      for (let bits = 28; bits < (datagram.length - 1) * 8; bits++) {
        const cut = datagram.slice(0, Math.ceil(bits / 8));
        const last = cut.length - 1;
        cut[last] = (cut[last] ?? 0) & (0xff << (-bits & 7));
        cuts.push(cut);
      }
      for (const cut of cuts) {
        expect(wire.decode(cut), toHex(cut)).toMatchObject({ok: false});
      }
    });

    test('its text length may be two short, and neither three short nor one too large (R2)', () => {
      const length = lengthOf(datagram);
      for (const short of [0, 1, 2].filter(bytes => bytes <= length)) {
        expect(wire.decode(withLength(datagram, length - short))).toEqual({ok: true, message});
      }
      const wrong = [length - 3, length + 1, 1023].filter(other => other >= 0);
      for (const other of wrong) {
        expect(wire.decode(withLength(datagram, other)), `${other}`).toMatchObject({ok: false});
      }
    });

    test('is malformed with three bytes more than it announces', () => {
      const longer = Uint8Array.of(...datagram, 0x61, 0x61, 0x61);
      expect(wire.decode(longer)).toMatchObject({ok: false});
    });

    test('another sequence is patched in as if it had been encoded so', () => {
      for (const sequence of [0, 1, 2, 3, 4, 255, 256, 512, 1022, 1023]) {
        const patched = wire.withSequence(datagram, sequence);
        expect(toHex(patched)).toBe(toHex(wire.encode({...message, sequence})));
      }
      expect(toHex(datagram)).toBe(toHex(wire.encode(message)));
    });
  },
);

test('the vectors show every type of message', () => {
  expect(new Set(vectors.map(({type}) => type))).toEqual(
    new Set(Array.from({length: 21}, (_, index) => index + 1)),
  );
  expect(new Set(vectors.map(({type}) => type))).toEqual(new Set(Object.values(wire.types)));
});

/** "detail de scenario" of the original, in its order; what it gives twice stands here once. */
const examples = [
  ['connexion1', 0, 'connexion', 4, '6c7563790a', ['lucy']],
  [
    'ConnexionInvalide',
    0,
    'connexionInvalide',
    25,
    '6e6f6d20646520636c69656e742064656a61207574696c697365',
    ['nom de client deja utilise'],
  ],
  ['connexion2', 1, 'connexion', 4, '5368656e67', ['Sheng']],
  ['ACK1', 1, 'ack', 0, '', []],
  ['envoyer un message a Bob', 2, 'message', 6, '426f6e6a6f7572', ['Bonjour']],
  [
    'InvalideEnvoie',
    2,
    'envoieInvalide',
    29,
    '6e6f6d20646520726563657074657572206e2765786973746520706173',
    ["nom de recepteur n'existe pas"],
  ],
  ['Demande de liste', 3, 'demandeDeListe', 0, '', []],
  [
    'diffuser un message1',
    4,
    'diffusion',
    20,
    '426f6e6a6f75722c205368656e6720656e766f6965',
    ['Bonjour, Sheng envoie'],
  ],
  [
    'envoyer un message a Sheng',
    5,
    'message',
    14,
    '426f6e6a6f75722c205368656e6721',
    ['Bonjour, Sheng!'],
  ],
  [
    'diffuser un message2',
    5,
    'diffusion',
    26,
    '426f6e6a6f75722c205368656e6721204c75637920656e766f6965',
    ['Bonjour, Sheng! Lucy envoie'],
  ],
  ['Invitation', 6, 'invitation', 9, '5368656e672c4c756379', ['Sheng,Lucy']],
  [
    'offrir deux modes',
    6,
    'offrirDeuxModes',
    25,
    '63656e7472616c697365206f7520646563656e7472616c697365',
    ['centralise ou decentralise'],
  ],
  ['choisir le mode', 7, 'choisirLeMode', 9, '63656e7472616c697365', ['centralise']],
  [
    'Invitation a la messagerie prive',
    8,
    'invitation',
    27,
    '5368656e6720766f757320696e76697465206d657373616765726965',
    ['Sheng vous invite messagerie'],
  ],
  ['Accepter une invitation', 8, 'accepter', 0, '', []],
  ['InvitationValide', 8, 'invitationValide', 0, '', []],
  ['envoyer un message3', 9, 'message', 8, '5265626f6e6a6f7572', ['Rebonjour']],
  [
    'diffuser un message3',
    10,
    'diffusion',
    20,
    '5265626f6e6a6f75722c7368656e20656e766f6965',
    ['Rebonjour,shen envoie'],
  ],
  ['quitter la messagerie', 13, 'quitter', 0, '', []],
  ['compter', 14, 'compter', 0, '', []],
  ['Deconnexion', 16, 'deconnexion', 0, '', []],
] as const;

describe('worked examples of the original', () => {
  test.each(examples)(
    '%s is accepted as it stands there',
    (_, sequence, type, length, hex, parts) => {
      const datagram = datagramOf(type, fromHex(hex), {length, sequence});
      expect(wire.decode(datagram)).toMatchObject({ok: true, message: {type, sequence, parts}});
    },
  );

  test.each([
    ['diffuser un message1', 'Bonjour', 'Sheng'],
    ['diffuser un message2', 'Bonjour, Sheng!', 'Lucy'],
    ['diffuser un message3', 'Rebonjour', 'shen'],
  ])('%s says who wrote what', (what, message, author) => {
    const parts = examples.find(([name]) => name === what)?.[5] ?? [];
    expect(text.readDiffusion(parts)).toEqual({message, author, recipient: undefined});
  });

  test('the last one, whose length is 17 short, is malformed, and with 0x32 for 0x22 is not', () => {
    const bytes = encoder.encode(text.sentences.fermer);
    expect(wire.decode(datagramOf('fermer', bytes, {length: 0x22}))).toMatchObject({ok: false});
    expect(partsOf(datagramOf('fermer', bytes, {length: 0x32}))).toEqual([text.sentences.fermer]);
  });

  test('the list that is written as a text is malformed: it has entries (R3)', () => {
    const datagram = new BitWriter().unsigned(10, 3).unsigned(8, 0x15).unsigned(10, 13);
    datagram.bytes(encoder.encode('publique, Lucy'));
    expect(wire.decode(datagram.finish())).toMatchObject({ok: false});
  });
});

describe('decode', () => {
  test('types are 1 to 21, and every other byte is malformed', () => {
    const accepted = Array.from({length: 256}, (_, code) => code).filter(code => {
      const writer = new BitWriter().unsigned(10, 0).unsigned(8, code).unsigned(10, 0);
      return wire.decode(writer.unsigned(4, 0).finish()).ok;
    });
    expect(accepted).toEqual(Array.from({length: 21}, (_, index) => index + 1));
  });

  test('nothing at all, or less than a header, is malformed', () => {
    for (const length of [0, 1, 2, 3]) {
      expect(wire.decode(new Uint8Array(length))).toMatchObject({ok: false});
    }
  });

  test('the bits that fill the last byte become no character, whatever they are', () => {
    const clean = wire.encode({type: 'connexion', sequence: 5, parts: ['Sheng']});
    const filled = Uint8Array.from(clean);
    filled[filled.length - 1] = (filled.at(-1) ?? 0) | 0x0f;
    expect(wire.decode(filled)).toEqual(wire.decode(clean));
    const withoutEnd = datagramOf('connexion', encoder.encode('Sheng'));
    withoutEnd[withoutEnd.length - 1] = (withoutEnd.at(-1) ?? 0) | 0x0f;
    expect(partsOf(withoutEnd)).toEqual(['Sheng']);
  });

  test('the extent of a text is that of the datagram, not the length that falls short', () => {
    const bytes = encoder.encode('Bonjour\r\n');
    expect(partsOf(datagramOf('message', bytes, {length: 7}))).toEqual(['Bonjour']);
    expect(partsOf(datagramOf('diffusion', encoder.encode('abc'), {length: 1}))).toEqual(['abc']);
  });

  test.each([
    ['state', {state: 2}],
    ['state', {state: 3}],
    ['mode', {mode: 2}],
    ['mode', {mode: 3}],
  ])('a %s without a meaning is malformed: %o', (_, bits) => {
    const bytes = encoder.encode('a\r\n');
    expect(wire.decode(datagramOf('message', bytes, bits))).toMatchObject({ok: false});
    expect(wire.decode(datagramOf('message', bytes))).toMatchObject({ok: true});
  });

  test('a text above the limit of a message is read, so that it can be confirmed', () => {
    const message = 'm'.repeat(1021);
    expect(partsOf(datagramOf('message', encoder.encode(`${message}\r\n`)))).toEqual([message]);
    const longest = 'm'.repeat(1025);
    const announced = (bytes: string) =>
      wire.decode(datagramOf('message', encoder.encode(bytes), {length: 1023})).ok;
    expect([announced(longest), announced(`${longest}m`)]).toEqual([true, false]);
  });

  test('bytes that are no UTF-8 are read as U+FFFD, and a byte order mark stays', () => {
    const bytes = fromHex('efbbbf630d0a61ff620d0ae2820d0a');
    expect(partsOf(datagramOf('diffusion', bytes))).toEqual([
      '\u{feff}c',
      'a\u{fffd}b',
      '\u{fffd}',
    ]);
  });

  test('random bytes never throw, and what is read of them is written and read the same again', () => {
    const plausible = fc
      .tuple(
        fc.integer({min: 0, max: 1023}),
        fc.constantFrom(...typeNames),
        fc.uint8Array({maxLength: 60}),
        fc.integer({min: -1, max: 3}),
      )
      .map(([sequence, type, bytes, short]) => {
        const writer = new BitWriter().unsigned(10, sequence).unsigned(8, wire.types[type]);
        writer.unsigned(10, Math.max(0, bytes.length - short));
        if (type in wire.stateTypes) writer.unsigned(4, sequence & 0b0101);
        return writer.bytes(bytes).finish();
      });
    let read = 0;
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({maxLength: 100}), plausible), datagram => {
        const decoded = wire.decode(datagram);
        if (!decoded.ok) {
          expect(decoded.reason).not.toBe('');
          return;
        }
        read++;
        const {message} = decoded;
        if (message.type === 'liste') {
          expect(wire.decode(wire.encode(message))).toEqual(decoded);
          return;
        }
        text.readDiffusion(message.parts);
        text.readRoster(message.parts);
        text.readInvitationRequest(message.parts.join());
        text.readInviter(message.parts.join());
        const parts = message.parts.map(part => part.replaceAll(/[\r\n]/g, ' '));
        const again = {ok: true, message: {...message, parts}};
        expect(wire.decode(wire.encode(message))).toEqual(again);
      }),
      {numRuns: 3000},
    );
    expect(read).toBeGreaterThan(300);
  });
});

describe('encode', () => {
  const part = (length: number) => 'm'.repeat(length);

  test.each<[string, wire.Message]>([
    ['a sequence of 11 bits', {type: 'ack', sequence: 1024, parts: []}],
    ['a negative sequence', {type: 'ack', sequence: -1, parts: []}],
    ['half a sequence', {type: 'ack', sequence: 0.5, parts: []}],
    ['1,024 bytes of text', {type: 'connexion', sequence: 0, parts: [part(1022)]}],
    ['512 empty parts', {type: 'invitationValide', sequence: 0, parts: Array(512).fill('')}],
    ['accents that take more bytes', {type: 'diffusion', sequence: 0, parts: ['é'.repeat(511)]}],
    [
      'a list with an empty name',
      {type: 'liste', sequence: 0, users: [{nick: '', status: 'room'}]},
    ],
    [
      'a list with a name of 21 letters',
      {type: 'liste', sequence: 0, users: [{nick: part(21), status: 'room'}]},
    ],
    [
      'a list that no datagram holds',
      {
        type: 'liste',
        sequence: 0,
        users: Array(3047).fill({nick: part(20), status: 'public'}),
      },
    ],
  ])('refuses %s', (_, message) => {
    expect(() => wire.encode(message)).toThrow(RangeError);
  });

  test('a sequence that does not fit is not patched in either', () => {
    const datagram = wire.encode({type: 'ack', sequence: 0, parts: []});
    for (const sequence of [1024, -1, 0.5, 2 ** 32, Number.NaN]) {
      expect(() => wire.withSequence(datagram, sequence)).toThrow(RangeError);
    }
  });

  test('the longest message has room for the longest author and recipient', () => {
    const diffusion = {message: part(977), author: part(20), recipient: part(20)};
    const parts = text.diffusionParts(diffusion);
    const message = {type: 'diffusion', sequence: 1023, parts} as const;
    const datagram = wire.encode(message);
    expect(lengthOf(datagram)).toBe(1023);
    expect(wire.decode(datagram)).toEqual({ok: true, message});
    expect(text.readDiffusion(parts)).toEqual(diffusion);
    const longer = {...message, parts: [part(978), part(20), part(20)]};
    expect(() => wire.encode(longer)).toThrow(RangeError);
  });

  test('whatever is written is read the same', () => {
    const fields = {sequence: fc.integer({min: 0, max: 1023})};
    const parts = fc.array(
      fc.string({unit: 'grapheme', maxLength: 30}).map(one => one.replaceAll(/[\r\n]/g, '')),
      {maxLength: 4},
    );
    const nick = fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/);
    const message: fc.Arbitrary<wire.Message> = fc.oneof(
      fc.record({
        ...fields,
        type: fc.constantFrom(...(Object.keys(wire.textTypes) as wire.TextType[])),
        parts,
      }),
      fc.record({
        ...fields,
        type: fc.constantFrom(...(Object.keys(wire.stateTypes) as wire.StateType[])),
        state: fc.constantFrom(...statuses),
        mode: fc.constantFrom(...modes),
        parts,
      }),
      fc.record({
        ...fields,
        type: fc.constant('liste' as const),
        users: fc.array(fc.record({nick, status: fc.constantFrom(...statuses)})),
      }),
    );
    fc.assert(
      fc.property(message, fields.sequence, (written, sequence) => {
        const fits =
          written.type === 'liste' || text.joinParts(written.parts).length <= text.maximumTextBytes;
        fc.pre(fits);
        const datagram = wire.encode(written);
        expect(wire.decode(datagram)).toEqual({ok: true, message: written});
        const patched = wire.withSequence(datagram, sequence);
        expect(toHex(patched)).toBe(toHex(wire.encode({...written, sequence})));
      }),
    );
  });
});

describe('lists', () => {
  const everybody = Array.from({length: wire.maximumUsers}, (_, index) => ({
    nick: `${index}`.padStart(20, 'u'),
    status: statuses[index % 2] ?? 'public',
  }));
  const list = (users: readonly {nick: string; status: 'public' | 'room'}[]) =>
    wire.encode({type: 'liste', sequence: 0, users});

  test('1,024 users with the longest names are in one list, whose length stays at 1,023 (R3)', () => {
    const datagram = list(everybody);
    expect(lengthOf(datagram)).toBe(1023);
    expect(datagram).toHaveLength(Math.ceil((28 + 1024 * (12 + 20 * 8)) / 8));
    expect(wire.decode(datagram)).toMatchObject({ok: true, message: {users: everybody}});
    expect(wire.decode(withLength(datagram, 1020))).toMatchObject({ok: false});
  });

  test('the length counts the bytes of entries rounded up, until there are more than 1,023', () => {
    const lengths = [0, 1, 2, 47, 48].map(count => lengthOf(list(everybody.slice(0, count))));
    expect(lengths).toEqual([0, 22, 43, 1011, 1023]);
  });

  test('any number of users is read, no fill bits become an entry, and cuts are malformed', () => {
    for (let count = 0; count < 40; count++) {
      const users = everybody.slice(0, count).map(({nick, status}) => ({
        nick: nick.slice(-1 - (count % 5)),
        status,
      }));
      const datagram = list(users);
      expect(wire.decode(datagram)).toMatchObject({message: {users}});
      for (let length = 0; length < datagram.length; length++) {
        expect(wire.decode(datagram.subarray(0, length)), `${length}`).toMatchObject({ok: false});
      }
    }
  });

  test.each([
    ['a status without a meaning', 2, 'Lucy'],
    ['an empty name', 0, ''],
    ['a name of 21 letters', 0, 'abcdefghijklmnopqrstu'],
    ['a name with a space', 1, 'Lu cy'],
    ['a name with an escape', 1, '\u{1b}[2J'],
  ])('an entry with %s is left out, and the others stay', (_, status, name) => {
    const writer = new BitWriter().unsigned(10, 4).unsigned(8, 0x15);
    writer.unsigned(10, Math.ceil((3 * 12 + 8 * (name.length + 6)) / 8));
    writer.unsigned(2, 0).unsigned(10, 3).bytes(encoder.encode('Bob'));
    writer.unsigned(2, status).unsigned(10, name.length).bytes(encoder.encode(name));
    writer.unsigned(2, 1).unsigned(10, 3).bytes(encoder.encode('Zoe'));
    const users = [
      {nick: 'Bob', status: 'public'},
      {nick: 'Zoe', status: 'room'},
    ];
    expect(wire.decode(writer.finish())).toMatchObject({ok: true, message: {users}});
  });

  test('twelve bits are an entry, the four that fill a byte are not', () => {
    const empty = (length: number) =>
      new BitWriter().unsigned(10, 0).unsigned(8, 0x15).unsigned(10, length);
    const twelve = empty(2).unsigned(12, 0).finish();
    const four = empty(2).unsigned(4, 0).finish();
    expect(wire.decode(twelve)).toMatchObject({ok: true, message: {users: []}});
    expect(wire.decode(four)).toMatchObject({ok: false});
  });

  test('a name longer than what is left is malformed', () => {
    const writer = new BitWriter().unsigned(10, 0).unsigned(8, 0x15).unsigned(10, 1023);
    writer.unsigned(2, 0).unsigned(10, 1023).bytes(encoder.encode('Bob'));
    expect(wire.decode(writer.finish())).toMatchObject({ok: false});
  });
});

describe('hostile lengths', () => {
  test('the longest length in the shortest datagram is refused before bytes are taken', () => {
    const short = (type: number) => {
      const writer = new BitWriter().unsigned(10, 0).unsigned(8, type).unsigned(10, 1023);
      return wire.decode(writer.unsigned(4, 0).finish());
    };
    for (const type of Object.values(wire.types)) {
      expect(short(type)).toEqual({
        ok: false,
        reason: '1023 bytes of text announced, 0 there',
      });
    }
  });

  test('the largest datagram that announces nothing is refused', () => {
    for (const type of Object.values(wire.types)) {
      const datagram = new Uint8Array(wire.maximumDatagramBytes);
      datagram.set(new BitWriter().unsigned(10, 0).unsigned(8, type).unsigned(10, 0).finish());
      expect(wire.decode(datagram)).toMatchObject({ok: false});
    }
  });
});

describe('names', () => {
  test.each(['a', 'Z', '0', 'jean-pierre_dupont', 'a.b', '..', 'abcdefghijklmnopqrst'])(
    '%s may be a name',
    name => {
      expect(text.isName(name)).toBe(true);
    },
  );

  test.each(['', 'abcdefghijklmnopqrstu', 'a b', 'a,b', 'a:b', 'zoé', 'a\n', 'a\r\n', 'ａ', 'a/b'])(
    '"%s" may not',
    name => {
      expect(text.isName(name)).toBe(false);
    },
  );
});

describe('parts', () => {
  const split = (one: string) => {
    let start = 0;
    return text.partsOf(encoder.encode(one)).map(({length, ending}) => {
      const part = one.slice(start, start + length);
      start += length + ending;
      return part;
    });
  };

  test('each part ends with CR LF, and CR and LF inside it become spaces', () => {
    const join = (...parts: readonly string[]) => Buffer.from(text.joinParts(parts)).toString();
    expect(join('a', 'b')).toBe('a\r\nb\r\n');
    expect(join('a\nb\rc\r\nd')).toBe('a b c  d\r\n');
    expect(join('')).toBe('\r\n');
    expect(join()).toBe('');
  });

  test('a text without CR LF is one part, and none at all is no part', () => {
    expect(split('Bonjour')).toEqual(['Bonjour']);
    expect(split('')).toEqual([]);
    expect(split('\r\n')).toEqual(['']);
    expect(split('a\r\n\r\nb\r\n')).toEqual(['a', '', 'b']);
    expect(split('Bonjour\r\nSheng')).toEqual(['Bonjour', 'Sheng']);
  });

  test('a lone LF or CR at the very end belongs to no part, one inside stays', () => {
    expect([split('lucy\n'), split('lucy\r')]).toEqual([['lucy'], ['lucy']]);
    expect(split('a\nb\r\n')).toEqual(['a\nb']);
  });
});

describe('diffusions', () => {
  test.each([
    [['Bonjour', 'Sheng'], 'Bonjour', 'Sheng', undefined],
    [['Bonjour', 'Sheng', 'Lucy'], 'Bonjour', 'Sheng', 'Lucy'],
    [['a, Bob envoie', 'Sheng'], 'a, Bob envoie', 'Sheng', undefined],
    [['Bonjour, Sheng envoie'], 'Bonjour', 'Sheng', undefined],
    [['Bonjour,Sheng envoie'], 'Bonjour', 'Sheng', undefined],
    [['Bonjour Sheng envoie'], 'Bonjour', 'Sheng', undefined],
    [['a, Bob envoie, Sheng envoie'], 'a, Bob envoie', 'Sheng', undefined],
    [['a,, Sheng envoie'], 'a,', 'Sheng', undefined],
    [[', Sheng envoie'], '', 'Sheng', undefined],
    [['a\nb, Sheng envoie'], 'a\nb', 'Sheng', undefined],
  ])('%o is read', (parts, message, author, recipient) => {
    expect(text.readDiffusion(parts)).toEqual({message, author, recipient});
  });

  test.each([
    [[]],
    [['Bonjour']],
    [['Sheng envoie']],
    [['Bonjour, Sheng envoie.']],
    [['Bonjour, zoé envoie']],
    [['Bonjour, abcdefghijklmnopqrstu envoie']],
  ])('%o names nobody', parts => {
    expect(text.readDiffusion(parts)).toBeUndefined();
  });

  test('a public text has two parts, a directed one three', () => {
    const diffusion = {message: 'Bonjour', author: 'Sheng'};
    expect(text.diffusionParts({...diffusion, recipient: undefined})).toEqual(['Bonjour', 'Sheng']);
    expect(text.diffusionParts({...diffusion, recipient: 'Lucy'})).toEqual([
      'Bonjour',
      'Sheng',
      'Lucy',
    ]);
  });
});

describe('rosters', () => {
  const lucy = {nick: 'Lucy', endpoint: {host: '192.0.2.7', port: 40_123}};
  const bob = {nick: 'Bob', endpoint: undefined};

  test('members are written with the address that they have, and read the same', () => {
    expect(text.rosterParts([lucy, bob])).toEqual(['Lucy 192.0.2.7:40123', 'Bob']);
    expect(text.readRoster(['Lucy 192.0.2.7:40123', 'Bob'])).toEqual([lucy, bob]);
    expect(text.readRoster(['Lucy 192.000.02.007:40123'])).toEqual([lucy]);
    expect(text.rosterParts([])).toEqual([]);
    expect(text.readRoster([])).toEqual([]);
  });

  test.each([
    '',
    ' ',
    'Lu,cy',
    'Lucy ',
    ' 192.0.2.7:40123',
    'Lucy 192.0.2.7',
    'Lucy 192.0.2.7:',
    'Lucy 192.0.2.7:0',
    'Lucy 192.0.2.7:65536',
    'Lucy 192.0.2.256:1',
    'Lucy localhost:1',
    'Lucy ::1:1',
    'Lucy 192.0.2.7:1 x',
    'Lucy  192.0.2.7:1',
    'Lucy 192.0.2.7:1:2',
  ])('"%s" is no member', part => {
    expect(text.readRoster([part, 'Bob'])).toEqual([bob]);
  });

  test('a roster too long for a text holds the first members: 46 at least, 23 with addresses', () => {
    const nicks = Array.from({length: 99}, (_, index) => `${index}`.padStart(20, 'u'));
    const endpoint = {host: '192.168.100.200', port: 65_535};
    const plain = nicks.map(nick => ({nick, endpoint: undefined}));
    const addressed = nicks.map(nick => ({nick, endpoint}));
    for (const [members, count] of [
      [plain, 46],
      [addressed, 23],
    ] as const) {
      const parts = text.rosterParts(members);
      expect(text.readRoster(parts)).toEqual(members.slice(0, count));
      expect(() => wire.encode({type: 'invitationValide', sequence: 0, parts})).not.toThrow();
    }
  });
});

describe('invitations', () => {
  test('the hub is told of the inviter and the invitees', () => {
    expect(text.invitationRequest('Sheng', ['Lucy', 'Bob'])).toBe('Sheng,Lucy,Bob');
    expect(text.readInvitationRequest('Sheng,Lucy,Bob')).toEqual({
      inviter: 'Sheng',
      invitees: ['Lucy', 'Bob'],
    });
  });

  test('somebody named twice is invited once, and nobody by an empty name', () => {
    const read = (part: string) => text.readInvitationRequest(part).invitees;
    expect(read('Sheng, Lucy ,,Bob,Lucy,')).toEqual(['Lucy', 'Bob']);
    expect([read('Sheng'), read(''), read(',')]).toEqual([[], [], []]);
  });

  test('an invitee is told by whom', () => {
    expect(text.invitationNotice('Sheng')).toBe('Sheng vous invite messagerie');
    expect(text.readInviter('Sheng vous invite messagerie')).toBe('Sheng');
    for (const part of ['', 'Sheng', ' vous invite messagerie', 'a b vous invite messagerie']) {
      expect(text.readInviter(part)).toBeUndefined();
    }
  });
});

test('the sentences are those of the vectors', () => {
  for (const [type, sentence] of Object.entries(text.sentences)) {
    const code = wire.types[type as keyof typeof text.sentences];
    expect(vectors.find(vector => vector.type === code)?.parts).toEqual([sentence]);
  }
});
