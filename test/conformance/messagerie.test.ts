import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import * as messages from '../../source/protocols/messagerie/wire/messages.ts';
import * as text from '../../source/protocols/messagerie/wire/text.ts';
import * as wire from '../../source/protocols/messagerie/wire.ts';
import {BitWriter} from '../../source/transport/bits.ts';
import vectors from './vectors/messagerie.json' with {type: 'json'};

type Message = messages.Message;
type Mode = messages.ListedRoom['mode'];
type MessageType = messages.MessageType;

const typeNames = Object.keys(messages.types) as MessageType[];
const headerBits = 29;

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

function messageOf(vector: (typeof vectors)[number]): Message {
  const {userId, sequence, name, status = 0, id = 0, room = '', most = 0, names = []} = vector;
  const type = typeNames.find(candidate => messages.types[candidate] === vector.type);
  if (type === undefined) throw new RangeError(`no type ${vector.type}`);
  const header = {userId, sequence};
  const mode = modeOf(vector.mode);
  switch (type) {
    case 'connexion':
      return {type, ...header, name};
    case 'reponseConnexion':
      return vector.id === undefined
        ? {type, ...header, status: at(messages.keepAliveStatuses, status)}
        : {type, ...header, status: at(messages.registrationStatuses, status), id};
    case 'creerMessageriePrivee':
      return {type, ...header, mode, room, most};
    case 'reponseCreer':
      return {type, ...header, status: at(messages.creationStatuses, status), id};
    case 'reponseDemanderListeMessagerie': {
      const rooms = (vector.rooms ?? []).map(listed => ({...listed, mode: modeOf(listed.mode)}));
      return {type, ...header, rooms};
    }
    case 'demandeAcces':
    case 'changerMessagerie':
    case 'demanderListeClient':
      return {type, ...header, room};
    case 'reponseAcces':
    case 'reponseChanger': {
      const peers = (vector.peers ?? []).map(({ip, port, name}) => ({
        name,
        endpoint: {host: ip, port},
      }));
      return {type, ...header, mode, status: at(messages.accessStatuses, status), peers};
    }
    case 'reponseDemanderListeClient':
      return {type, ...header, names};
    case 'inviter':
      return {type, ...header, name: name ?? ''};
    case 'demandeMessageriePrivee':
      return {type, ...header, inviter: vector.inviter ?? '', mode, room};
    case 'reponseMessageriePrivee':
      return {type, ...header, accepted: vector.refuse === 0};
    case 'texte':
    case 'erreur':
      return {type, ...header, text: vector.text ?? ''};
    case 'reponseQuitter':
    case 'reponseDeconnexion':
      return {type, ...header, done: status === 0};
    case 'demanderListeMessagerie':
    case 'reponseInviter':
    case 'reponseTexte':
    case 'quitter':
    case 'deconnexion':
      return {type, ...header};
  }
}

function modeOf(mode: number | undefined): Mode {
  return mode === 1 ? 'decentralised' : 'centralised';
}

function at<Value>(values: readonly Value[], index: number): Value {
  const value = values[index];
  if (value === undefined) throw new RangeError(`no status ${index}`);
  return value;
}

/** A datagram by hand: a header, and whatever fields the test wants. */
function datagramOf(
  type: MessageType | number,
  fields: (writer: BitWriter) => void = () => {},
  {userId = 255, sequence = 0} = {},
): Uint8Array {
  const code = typeof type === 'number' ? type : messages.types[type];
  const writer = new BitWriter().unsigned(5, code).unsigned(8, userId).unsigned(16, sequence);
  fields(writer);
  return writer.finish();
}

function read(datagram: Uint8Array): Message | messages.UnknownMessage {
  const decoded = wire.decode(datagram);
  if (!decoded.ok) throw new RangeError(decoded.reason);
  return decoded.message;
}

function knownOf(message: Message | messages.UnknownMessage): Message {
  if (message.type === 'unknown') throw new RangeError(`unknown type ${message.code}`);
  return message;
}

/** The first bits of a datagram, and zero bits to the end of their last byte. */
function cutAt(datagram: Uint8Array, bits: number): Uint8Array {
  const cut = datagram.slice(0, Math.ceil(bits / 8));
  if (bits % 8 !== 0) cut[cut.length - 1] = (cut.at(-1) ?? 0) & (0xff00 >> (bits % 8));
  return cut;
}

// Whatever may be said, for fast-check.
const header = {
  userId: fc.integer({min: 0, max: 255}),
  sequence: fc.integer({min: 0, max: 65_535}),
};
const octet = fc.integer({min: 0, max: 255});
const mode = fc.constantFrom('centralised', 'decentralised');
const name = fc.string({unit: 'binary', minLength: 1, maxLength: 10}).filter(text.isName);
const room = fc.string({unit: 'binary', minLength: 1, maxLength: 50}).filter(text.isRoomName);
const wording = fc.string({unit: 'binary', maxLength: 200});
const peer = fc.record({
  name,
  endpoint: fc.record({host: fc.ipV4(), port: fc.integer({min: 1, max: 65_535})}),
});

function typed<const Type extends MessageType>(...types: readonly Type[]) {
  return fc.constantFrom(...types);
}

const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  fc.record({
    type: typed(
      'demanderListeMessagerie',
      'reponseInviter',
      'reponseTexte',
      'quitter',
      'deconnexion',
    ),
    ...header,
  }),
  fc.record({type: typed('connexion'), ...header, userId: fc.constant(0), name}),
  fc.record({
    type: typed('connexion'),
    ...header,
    userId: fc.integer({min: 1, max: 255}),
    name: fc.constant(undefined),
  }),
  fc.record({
    type: typed('reponseConnexion'),
    ...header,
    status: fc.constantFrom(...messages.registrationStatuses),
    id: octet,
  }),
  fc.record({
    type: typed('reponseConnexion'),
    ...header,
    status: fc.constantFrom(...messages.keepAliveStatuses),
  }),
  fc.record({type: typed('creerMessageriePrivee'), ...header, mode, room, most: octet}),
  fc.record({
    type: typed('reponseCreer'),
    ...header,
    status: fc.constantFrom(...messages.creationStatuses),
    id: octet,
  }),
  fc.record({
    type: typed('reponseDemanderListeMessagerie'),
    ...header,
    rooms: fc.array(fc.record({mode, room, members: octet}), {maxLength: 8}),
  }),
  fc.record({type: typed('demandeAcces', 'changerMessagerie'), ...header, room}),
  fc.record({
    type: typed('demanderListeClient'),
    ...header,
    room: fc.oneof(room, fc.constant('')),
  }),
  fc.record({
    type: typed('reponseAcces', 'reponseChanger'),
    ...header,
    mode,
    status: fc.constantFrom(...messages.accessStatuses),
    peers: fc.constant([]),
  }),
  fc.record({
    type: typed('reponseAcces', 'reponseChanger'),
    ...header,
    mode: fc.constant('decentralised'),
    status: fc.constant('entered'),
    peers: fc.array(peer, {maxLength: 8}),
  }),
  fc.record({
    type: typed('reponseDemanderListeClient'),
    ...header,
    names: fc.array(name, {maxLength: 8}),
  }),
  fc.record({type: typed('inviter'), ...header, name}),
  fc.record({type: typed('demandeMessageriePrivee'), ...header, inviter: name, mode, room}),
  fc.record({type: typed('reponseMessageriePrivee'), ...header, accepted: fc.boolean()}),
  fc.record({type: typed('texte', 'erreur'), ...header, text: wording}),
  fc.record({
    type: typed('reponseQuitter', 'reponseDeconnexion'),
    ...header,
    done: fc.boolean(),
  }),
);

describe.each(vectors)('$what ($type, $hex)', vector => {
  const message = messageOf(vector);
  const datagram = fromHex(vector.hex);

  test('encodes to the published bytes', () => {
    expect(toHex(wire.encode(message))).toBe(vector.hex);
  });

  test('decodes from the published bytes', () => {
    expect(wire.decode(datagram)).toEqual({ok: true, message});
  });

  test('is malformed when it is cut at any byte, or followed by one more', () => {
    const damaged = [
      ...Array.from(datagram, (_, length) => datagram.subarray(0, length)),
      Uint8Array.of(...datagram, 0),
    ];
    expect(damaged).toHaveLength(datagram.length + 1);
    for (const bytes of damaged) {
      const isOtherForm = message.type === 'reponseConnexion' && [4, 5].includes(bytes.length);
      expect(wire.decode(bytes), toHex(bytes)).toMatchObject({ok: isOtherForm});
    }
  });

  test('cut at any bit, with zero bits instead, is malformed or a shorter message of its own', () => {
    let malformed = 0;
    for (let bits = 0; bits <= (datagram.length - 1) * 8; bits++) {
      const cut = cutAt(datagram, bits);
      const decoded = wire.decode(cut);
      if (!decoded.ok) {
        malformed++;
        continue;
      }
      // The field that was cut to zero is a count, a length or a mode; or the answer is one to a keep-alive.
      const shorter = knownOf(decoded.message);
      expect(toHex(wire.encode(shorter))).toBe(toHex(cutAt(cut, bitsOf(shorter))));
    }
    expect(malformed).toBeGreaterThan(24);
  });

  test('is the same whatever fills its last byte', () => {
    const filling = 2 ** (datagram.length * 8 - bitsOf(message)) - 1;
    const filled = datagram.with(-1, (datagram.at(-1) ?? 0) | filling);
    expect(wire.decode(filled)).toEqual({ok: true, message});
  });

  test('under another number is what encoding with that number gives', () => {
    for (const sequence of [0, 1, 31, 32, 0x1fff, 0x2000, 0x5aa5, 0xa55a, 65_535]) {
      const patched = wire.withSequence(datagram, sequence);
      expect(toHex(patched)).toBe(toHex(wire.encode({...message, sequence})));
    }
    expect(toHex(datagram)).toBe(vector.hex);
  });
});

/** Without the bits that fill the last byte, counted by hand from the table of the document. */
function bitsOf(message: Message): number {
  const delimited = (...names: readonly string[]) =>
    names.reduce((sum, name) => sum + 8 * (Buffer.byteLength(name) + 1), 0);
  switch (message.type) {
    case 'connexion':
      return headerBits + (message.name === undefined ? 0 : delimited(message.name));
    case 'reponseConnexion':
      return headerBits + ('id' in message ? 10 : 1);
    case 'creerMessageriePrivee':
      return headerBits + 9 + delimited(message.room);
    case 'reponseCreer':
      return headerBits + 10;
    case 'reponseDemanderListeMessagerie':
      return headerBits + 8 + message.rooms.reduce((sum, {room}) => sum + 9 + delimited(room), 0);
    case 'demandeAcces':
    case 'changerMessagerie':
    case 'demanderListeClient':
      return headerBits + delimited(message.room);
    case 'reponseAcces':
    case 'reponseChanger': {
      if (message.mode === 'centralised' || message.status !== 'entered') return headerBits + 3;
      const peers = message.peers.reduce((sum, {name}) => sum + 48 + delimited(name), 0);
      return headerBits + 11 + peers;
    }
    case 'reponseDemanderListeClient':
      return headerBits + 8 + delimited(...message.names);
    case 'inviter':
      return headerBits + delimited(message.name);
    case 'demandeMessageriePrivee':
      return headerBits + 1 + delimited(message.inviter, message.room);
    case 'texte':
    case 'erreur':
      return headerBits + 16 + 8 * Buffer.byteLength(message.text);
    case 'reponseMessageriePrivee':
    case 'reponseQuitter':
    case 'reponseDeconnexion':
      return headerBits + 1;
    default:
      return headerBits;
  }
}

test('the vectors show every type of message', () => {
  expect(new Set(vectors.map(({type}) => type))).toEqual(new Set(Object.values(messages.types)));
  expect(typeNames).toHaveLength(23);
});

describe('decode', () => {
  test('of an unknown type the header is read, so that it can be answered with an ERREUR', () => {
    const known = new Set<number>(Object.values(messages.types));
    const unknown = Array.from({length: 32}, (_, code) => code).filter(code => !known.has(code));
    expect(unknown).toEqual([0, 23, 24, 25, 26, 27, 28, 29, 30]);
    for (const code of unknown) {
      const bare = datagramOf(code, undefined, {userId: 7, sequence: 4711});
      const long = Uint8Array.of(...bare, ...Array.from({length: 100}, () => 0xff));
      for (const datagram of [bare, long]) {
        expect(read(datagram)).toEqual({type: 'unknown', userId: 7, sequence: 4711, code});
      }
      expect(wire.decode(bare.subarray(0, 3))).toMatchObject({ok: false});
    }
  });

  test('a CONNEXION is a registration under user id 0, and a keep-alive under any other', () => {
    const alice = (writer: BitWriter) => writer.bytes(text.encodeText('alice#'));
    expect(read(datagramOf('connexion', alice, {userId: 0}))).toMatchObject({name: 'alice'});
    expect(read(datagramOf('connexion', undefined, {userId: 1}))).toMatchObject({name: undefined});
    expect(wire.decode(datagramOf('connexion', undefined, {userId: 0})).ok).toBe(false);
    expect(wire.decode(datagramOf('connexion', alice, {userId: 1})).ok).toBe(false);
  });

  test('a REPONSE_CONNEXION is a keep-alive’s in four bytes, and a registration’s in five', () => {
    const statusOf = (hex: string) => wire.decode(fromHex(hex));
    expect(statusOf('17f80004')).toMatchObject({message: {status: 'unknown'}});
    expect(statusOf('17f8000400')).toMatchObject({message: {status: 'name-in-use', id: 0}});
    expect(statusOf('17f800040000')).toMatchObject({ok: false});
  });

  test('peers follow only if a decentralised room was entered', () => {
    const refused = datagramOf('reponseAcces', writer => writer.unsigned(1, 1).unsigned(2, 2));
    expect(read(refused)).toMatchObject({mode: 'decentralised', status: 'room-full', peers: []});
    const uncounted = datagramOf('reponseAcces', writer => writer.unsigned(1, 1).unsigned(2, 0));
    expect(wire.decode(uncounted)).toMatchObject({ok: false});
  });

  test('a status that means nothing is malformed', () => {
    for (const type of ['reponseAcces', 'reponseChanger'] as const) {
      const datagram = datagramOf(type, writer => writer.unsigned(1, 0).unsigned(2, 3));
      expect(wire.decode(datagram)).toEqual({ok: false, reason: 'unknown status 3'});
    }
  });

  test.each([
    ['nothing', ''],
    ['eleven letters', 'abcdefghijk'],
    ['a control character', 'a\nb'],
    ['2,000 letters', 'x'.repeat(2000)],
  ])('a name of %s is read, so that it can be refused', (_, bad) => {
    const datagram = datagramOf('connexion', writer => writer.bytes(text.encodeText(`${bad}#`)), {
      userId: 0,
    });
    expect(read(datagram)).toMatchObject({name: bad});
    expect(text.isName(bad)).toBe(false);
  });

  test('a name of bytes that are no UTF-8 is no name', () => {
    const bytes = Uint8Array.of(0x61, 0xff, 0x23);
    const message = read(datagramOf('connexion', writer => writer.bytes(bytes), {userId: 0}));
    expect(message).toMatchObject({name: 'a\u{fffd}'});
    expect(text.isName('a\u{fffd}')).toBe(false);
  });

  test('entries of a list that break the rules are left out, and the others stay', () => {
    const delimited = (writer: BitWriter, wanted: string) =>
      writer.bytes(text.encodeText(`${wanted}#`));
    const names = datagramOf('reponseDemanderListeClient', writer => {
      writer.unsigned(8, 4);
      for (const wanted of ['alice', '', '\u{1b}[2J', 'bob']) delimited(writer, wanted);
    });
    expect(read(names)).toMatchObject({names: ['alice', 'bob']});

    const rooms = datagramOf('reponseDemanderListeMessagerie', writer => {
      writer.unsigned(8, 2);
      delimited(writer.unsigned(1, 1), 'x'.repeat(51)).unsigned(8, 9);
      delimited(writer.unsigned(1, 0), 'équipe').unsigned(8, 3);
    });
    const équipe = {mode: 'centralised', room: 'équipe', members: 3};
    expect(read(rooms)).toMatchObject({rooms: [équipe]});

    const peers = datagramOf('reponseAcces', writer => {
      writer.unsigned(1, 1).unsigned(2, 0).unsigned(8, 3);
      delimited(writer.unsigned(32, 0xc0000207).unsigned(16, 0), 'alice');
      delimited(writer.unsigned(32, 0xc0000207).unsigned(16, 1), '');
      delimited(writer.unsigned(32, 0xfffefdfc).unsigned(16, 65_535), 'bob');
    });
    const bob = {name: 'bob', endpoint: {host: '255.254.253.252', port: 65_535}};
    expect(read(peers)).toMatchObject({peers: [bob]});
  });

  test('a text above the limit is read whole, since the hub has to confirm it', () => {
    const long = 'x'.repeat(65_000);
    const datagram = datagramOf('texte', writer =>
      writer.unsigned(16, long.length).bytes(text.encodeText(long)),
    );
    expect(read(datagram)).toMatchObject({text: long});
  });

  test('lengths and counts that promise more than there is are malformed', () => {
    const promises: [MessageType, (writer: BitWriter) => void][] = [
      ['texte', writer => writer.unsigned(16, 65_535)],
      ['texte', writer => writer.unsigned(16, 2).unsigned(8, 0x61)],
      ['erreur', writer => writer.unsigned(16, 65_535)],
      ['reponseDemanderListeClient', writer => writer.unsigned(8, 255)],
      ['reponseDemanderListeClient', writer => writer.unsigned(8, 2).unsigned(8, 0x23)],
      ['reponseDemanderListeMessagerie', writer => writer.unsigned(8, 255)],
      ['reponseAcces', writer => writer.unsigned(1, 1).unsigned(2, 0).unsigned(8, 255)],
    ];
    for (const [type, fields] of promises) {
      expect(wire.decode(datagramOf(type, fields)), type).toMatchObject({ok: false});
    }
    const one = datagramOf('texte', writer => writer.unsigned(16, 1).bytes(text.encodeText('ab')));
    expect(wire.decode(one)).toMatchObject({ok: false});
  });

  test('a length that promises 64 KiB allocates none of them', () => {
    const datagram = datagramOf('texte', writer => writer.unsigned(16, 65_535));
    const before = process.memoryUsage().arrayBuffers;
    wire.decode(datagram);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024);
  });

  test('random bytes never throw, and what is read of them is written the same again', () => {
    const plausible = fc
      .tuple(fc.constantFrom(...typeNames), fc.uint8Array({maxLength: 40}), fc.boolean())
      .map(([type, data, isDelimited]) =>
        datagramOf(
          type,
          writer => {
            if (type === 'texte' || type === 'erreur') writer.unsigned(16, data.length);
            // Letters make names likely.
            writer.bytes(isDelimited ? data.map(byte => 0x61 + (byte % 26)) : data);
            if (isDelimited) writer.unsigned(8, 0x23);
          },
          {userId: data.length % 3},
        ),
      );
    const flipped = fc
      .tuple(anyMessage.map(wire.encode), fc.nat(), fc.integer({min: 0, max: 7}))
      .map(([datagram, position, bit]) => {
        const index = position % datagram.length;
        return datagram.with(index, (datagram[index] ?? 0) ^ (1 << bit));
      });
    const bytes = fc.oneof(fc.uint8Array({maxLength: 100}), plausible, flipped);
    let written = 0;
    let same = 0;
    fc.assert(
      fc.property(bytes, datagram => {
        const decoded = wire.decode(datagram);
        if (!decoded.ok) {
          expect(decoded.reason).not.toBe('');
          return;
        }
        const {message} = decoded;
        if (message.type === 'unknown') {
          expect(message.sequence).toBe(sequenceOf(datagram));
          return;
        }
        const canonical = encodeUnlessNameless(message);
        if (canonical === undefined) return;
        written++;
        expect(wire.decode(canonical)).toEqual(decoded);
        expect(toHex(wire.encode(message))).toBe(toHex(canonical));
        if (isKeptWhole(message, datagram)) {
          same++;
          expect(toHex(canonical)).toBe(toHex(cutAt(datagram, bitsOf(message))));
        }
      }),
      {numRuns: 3000},
    );
    expect(written).toBeGreaterThan(500);
    expect(same).toBeGreaterThan(300);
  });
});

function sequenceOf(datagram: Uint8Array): number {
  const [, second = 0, third = 0, fourth = 0] = datagram;
  return ((second & 7) << 13) | (third << 5) | (fourth >> 3);
}

/** Names that break the rule are read, and never written. */
function encodeUnlessNameless(message: Message): Uint8Array | undefined {
  try {
    return wire.encode(message);
  } catch (error) {
    if (error instanceof RangeError && /name/.test(error.message)) return undefined;
    throw error;
  }
}

/** False if entries were left out, or bytes that are no UTF-8 replaced. */
function isKeptWhole(message: Message, datagram: Uint8Array): boolean {
  return (
    !JSON.stringify(message).includes('\u{fffd}') &&
    Math.ceil(bitsOf(message) / 8) === datagram.length
  );
}

describe('encode', () => {
  test('whatever may be said comes back the same', () => {
    fc.assert(
      fc.property(anyMessage, message => {
        const datagram = wire.encode(message);
        expect(datagram).toHaveLength(Math.ceil(bitsOf(message) / 8));
        expect(wire.decode(datagram)).toEqual({ok: true, message});
      }),
      {numRuns: 2000},
    );
  });

  test('whatever may be said, under another number, is what encoding with that number gives', () => {
    fc.assert(
      fc.property(anyMessage, header.sequence, (message, sequence) => {
        const patched = wire.withSequence(wire.encode(message), sequence);
        expect(toHex(patched)).toBe(toHex(wire.encode({...message, sequence})));
      }),
    );
  });

  test.each([-1, 65_536, 1.5, Number.NaN])('there is no number %d', sequence => {
    const datagram = wire.encode({type: 'quitter', userId: 1, sequence: 0});
    expect(() => wire.withSequence(datagram, sequence)).toThrow(RangeError);
    expect(() => wire.encode({type: 'quitter', userId: 1, sequence})).toThrow(RangeError);
  });

  const hub = {userId: 255, sequence: 0};
  const user = {userId: 1, sequence: 0};
  const centralised = 'centralised';
  const access = {type: 'reponseAcces', ...hub, mode: 'decentralised', status: 'entered'} as const;
  const refused: [string, Message][] = [
    ['a user id of 9 bits', {type: 'quitter', userId: 256, sequence: 0}],
    ['a negative user id', {type: 'quitter', userId: -1, sequence: 0}],
    ['a registration without a name', {type: 'connexion', ...user, userId: 0, name: undefined}],
    ['a keep-alive with a name', {type: 'connexion', ...user, name: 'alice'}],
    ['a name of 11 bytes', {type: 'inviter', ...user, name: 'abcdefghié'}],
    ['a name with a delimiter', {type: 'inviter', ...user, name: 'a#b'}],
    ['an empty name', {type: 'connexion', ...user, userId: 0, name: ''}],
    [
      'an inviter without a name',
      {
        type: 'demandeMessageriePrivee',
        ...hub,
        inviter: '',
        mode: centralised,
        room: 'x',
      },
    ],
    ['a listed name that is none', {type: 'reponseDemanderListeClient', ...hub, names: ['']}],
    [
      '256 names',
      {
        type: 'reponseDemanderListeClient',
        ...hub,
        names: Array.from({length: 256}, () => 'a'),
      },
    ],
    ['entering no room', {type: 'demandeAcces', ...user, room: ''}],
    ['changing to no room', {type: 'changerMessagerie', ...user, room: ''}],
    ['listing a room of 51 bytes', {type: 'demanderListeClient', ...user, room: 'x'.repeat(51)}],
    [
      'a room for 256',
      {
        type: 'creerMessageriePrivee',
        ...user,
        mode: centralised,
        room: 'x',
        most: 256,
      },
    ],
    ['a room id of 9 bits', {type: 'reponseCreer', ...hub, status: 'created', id: 256}],
    [
      '256 members',
      {
        type: 'reponseDemanderListeMessagerie',
        ...hub,
        rooms: [{mode: centralised, room: 'x', members: 256}],
      },
    ],
    [
      'peers of a centralised room',
      {
        ...access,
        mode: centralised,
        peers: [{name: 'a', endpoint: {host: '192.0.2.7', port: 1}}],
      },
    ],
    [
      'peers of a full room',
      {
        ...access,
        status: 'room-full',
        peers: [{name: 'a', endpoint: {host: '192.0.2.7', port: 1}}],
      },
    ],
    [
      'a peer at no IPv4 address',
      {
        ...access,
        peers: [{name: 'a', endpoint: {host: '::1', port: 1}}],
      },
    ],
    ['a peer at port 0', {...access, peers: [{name: 'a', endpoint: {host: '192.0.2.7', port: 0}}]}],
    [
      'a peer at port 65,536',
      {
        ...access,
        peers: [{name: 'a', endpoint: {host: '192.0.2.7', port: 65_536}}],
      },
    ],
    ['1,036 bytes of text', {type: 'texte', ...hub, text: 'x'.repeat(1036)}],
    ['1,036 bytes of a reason', {type: 'erreur', ...hub, text: 'é'.repeat(518)}],
  ];

  test.each(refused)('refuses %s', (_, message) => {
    expect(() => wire.encode(message)).toThrow(RangeError);
  });

  test('takes the largest of everything', () => {
    const relayed = text.joinRelayedText({author: 'x'.repeat(10), text: 'é'.repeat(512)});
    expect(text.maximumRelayedTextBytes).toBe(1035);
    const largest: Message[] = [
      {type: 'texte', userId: 254, sequence: 65_535, text: relayed},
      {
        type: 'reponseDemanderListeClient',
        ...hub,
        names: Array.from({length: 255}, () => 'abcdefghij'),
      },
      {
        type: 'reponseDemanderListeMessagerie',
        ...hub,
        rooms: Array.from({length: 255}, () => ({
          mode: 'decentralised' as const,
          room: 'é'.repeat(25),
          members: 254,
        })),
      },
      {
        ...access,
        peers: Array.from({length: 253}, () => ({
          name: 'abcdefghij',
          endpoint: {host: '255.255.255.255', port: 65_535},
        })),
      },
    ];
    const sizes = largest.map(message => {
      const datagram = wire.encode(message);
      expect(wire.decode(datagram)).toEqual({ok: true, message});
      return datagram.length;
    });
    expect(sizes).toEqual([1041, 2810, 13_297, 4306]);
  });
});

describe('names', () => {
  test.each(['a', 'Z', '0', 'user.123', 'zoé', 'ａ', '😀', 'a b', '__proto__', 'abcdefghij'])(
    '"%s" may be a name',
    wanted => {
      expect(text.isName(wanted)).toBe(true);
      expect(text.isRoomName(wanted)).toBe(true);
    },
  );

  test.each(['', '#', 'a#', 'a\n', '\u{1b}[2J', 'a\u{7f}', 'a\u{85}', '\u{fffd}', '\u{d800}'])(
    '"%s" may not, neither of a user nor of a room',
    wanted => {
      expect(text.isName(wanted)).toBe(false);
      expect(text.isRoomName(wanted)).toBe(false);
    },
  );

  test('ten bytes are the most for a user, and fifty for a room', () => {
    expect(['x'.repeat(11), 'é'.repeat(6), '😀'.repeat(3)].map(text.isName)).toEqual([
      false,
      false,
      false,
    ]);
    expect(['é'.repeat(5), '😀😀ab'].map(text.isName)).toEqual([true, true]);
    expect(['x'.repeat(50), 'é'.repeat(25)].map(text.isRoomName)).toEqual([true, true]);
    expect(['x'.repeat(51), 'é'.repeat(26)].map(text.isRoomName)).toEqual([false, false]);
  });
});

describe('texts', () => {
  test('bytes that are no UTF-8 are read as U+FFFD, and a byte order mark is kept', () => {
    expect(text.decodeText(fromHex('61ff62'))).toBe('a\u{fffd}b');
    expect(text.decodeText(fromHex('efbbbf61'))).toBe('\u{feff}a');
  });

  test('a relayed text names its author first, who may write the delimiter too', () => {
    const relayed = {author: 'alice', text: 'we are #1'};
    expect(text.joinRelayedText(relayed)).toBe('alice#we are #1');
    expect(text.splitRelayedText('alice#we are #1')).toEqual(relayed);
    expect(text.splitRelayedText('alice#')).toEqual({author: 'alice', text: ''});
  });

  test.each(['', 'bonjour', 'bonjour à tous #1', 'a\nb#text'])('"%s" names nobody', relayed => {
    expect(text.splitRelayedText(relayed)).toBeUndefined();
  });

  test.each([
    ['#alice joined', {name: 'alice', event: 'joined'}],
    ['#bob left', {name: 'bob', event: 'left'}],
    ['#a left left', {name: 'a left', event: 'left'}],
    ['#zoé declined', {name: 'zoé', event: 'declined'}],
  ] as const)('"%s" is a notice of the hub', (notice, expected) => {
    expect(text.joinNotice(expected)).toBe(notice);
    const relayed = text.splitRelayedText(notice);
    expect(relayed).toMatchObject({author: ''});
    expect(relayed && text.readNotice(relayed)).toEqual(expected);
  });

  test.each([
    {author: 'bob', text: 'alice joined'},
    {author: '', text: 'alice'},
    {author: '', text: ' joined'},
    {author: '', text: 'the hub closes at noon'},
    {author: '', text: 'much too long a name left'},
    {author: '', text: 'alice joined\n'},
  ])('$author#$text is none', relayed => {
    expect(text.readNotice(relayed)).toBeUndefined();
  });
});
