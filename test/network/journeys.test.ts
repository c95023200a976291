/** Whatever happens on the wire is in the journeys of the texts, at its time and with its bytes, and nothing else is. */
import assert from 'node:assert/strict';
import {describe, expect, test} from 'vitest';
import {
  type Course,
  explain,
  type Journey,
  maximumBytes,
  maximumJourneys,
  type SentJourney,
} from '../../source/client/journeys.ts';
import {protocols} from '../../source/protocols/index.ts';
import type {Connection, Endpoint, Protocol} from '../../source/protocols/protocol.ts';
import {endpointKey} from '../../source/transport/endpoint.ts';
import {areOwnSeeds, seeds} from './random.ts';
import {gather} from './scenarios.ts';
import {hubEndpoint, type SimulatedUser, World} from './world.ts';

const overDatagrams = protocols.filter(({transport}) => transport === 'udp');
const overStreams = protocols.filter(({transport}) => transport === 'tcp');

type Sent = {readonly at: number; readonly to: string; readonly hex: string};

/** What one user writes and hears, seen from the network. */
class Wire {
  readonly written: Sent[] = [];
  readonly heard: {readonly at: number; readonly from: string; readonly bytes: Uint8Array}[] = [];

  /** To be called before the user is added. */
  constructor({network}: World, host: string) {
    const sender = network.sender.bind(network);
    network.sender = from => {
      const send = sender(from);
      return (datagram, to) => {
        if (from.host === host) this.#write(datagram, to, network.now);
        send(datagram, to);
      };
    };
    const attach = network.attach.bind(network);
    network.attach = (endpoint, machine) => {
      if (endpoint.host !== host) return attach(endpoint, machine);
      attach(endpoint, {
        get dueAt() {
          return machine.dueAt;
        },
        onTime: now => machine.onTime(now),
        receive: (bytes, from, now) => {
          this.heard.push({at: now, from: endpointKey(from), bytes});
          machine.receive(bytes, from, now);
        },
      });
    };
  }

  #write(bytes: Uint8Array, to: Endpoint, at: number): void {
    this.written.push({at, to: endpointKey(to), hex: Buffer.from(bytes).toString('hex')});
  }
}

/** The value of a field, without words. */
function fieldOf(protocol: Protocol, bytes: Uint8Array, name: string): string | undefined {
  const field = protocol.explain(bytes, 'client').find(one => one.name === name);
  return field?.value.split(',')[0];
}

/** The types of a text's confirmation, and in res302 the bit that makes it one. */
const confirmations: Readonly<Record<string, readonly string[]>> = {
  res302: ['C', 'D'],
  messagerie: ['16', '31'],
  shen: ['0x08', '0x0E', '0x0F', '0x10'],
};

function isConfirmation(protocol: Protocol, bytes: Uint8Array): boolean {
  const type = fieldOf(protocol, bytes, 'type') ?? '';
  if (protocol.name === 'res302' && fieldOf(protocol, bytes, 'ACK') !== '1') return false;
  return confirmations[protocol.name]?.includes(type) ?? false;
}

function sentBy(user: SimulatedUser, id: number): SentJourney {
  const journey = user.journeys?.of({id});
  assert.equal(journey?.kind, 'sent');
  return journey as SentJourney;
}

function hexOf(frame: {readonly bytes: Uint8Array | undefined}): string {
  return Buffer.from(frame.bytes ?? []).toString('hex');
}

const conditions = {loss: 0.3, duplication: 0.1, maximumDelayMs: 400, hasJourneys: true};

/** Compares what the wire has seen of a text with its journey. */
function compare(
  world: World,
  wire: Wire,
  user: SimulatedUser,
  id: number,
  text: string,
  endpoints: ReadonlyMap<string | undefined, string>,
): void {
  const {protocol} = world;
  const {courses} = sentBy(user, id);
  const bytesOf = ({hex}: Sent) => Uint8Array.from(Buffer.from(hex, 'hex'));
  const ofText = wire.written.filter(sent =>
    protocol.explain(bytesOf(sent), 'client').some(({value}) => value === `“${text}”`),
  );
  const inJourney = courses.flatMap(({to, marks}) =>
    marks.flatMap(mark =>
      mark.type === 'sent'
        ? {at: mark.at, to: endpoints.get(to) ?? '', hex: hexOf(mark.frame)}
        : [],
    ),
  );
  const inOrder = (some: readonly Sent[]) =>
    some.toSorted((one, other) => one.at - other.at || (one.to < other.to ? -1 : 1));
  assert.deepEqual(inOrder(inJourney), inOrder(ofText), `the attempts of ${text}`);
  for (const course of courses) compareAnswers(protocol, wire, course, endpoints, text);
}

/** Each series of attempts under one number is confirmed when the first confirmation with that number comes. */
function compareAnswers(
  protocol: Protocol,
  wire: Wire,
  {to, marks}: Course,
  endpoints: ReadonlyMap<string | undefined, string>,
  text: string,
): void {
  const firstOf = new Map<string, number>();
  for (const mark of marks) {
    if (mark.type !== 'sent') continue;
    const sequence = fieldOf(protocol, mark.frame.bytes ?? new Uint8Array(0), 'sequence') ?? '';
    if (!firstOf.has(sequence)) firstOf.set(sequence, mark.at);
  }
  const expected = [...firstOf].flatMap(([sequence, sentAt]) => {
    const answer = wire.heard.find(
      ({at, from, bytes}) =>
        at >= sentAt &&
        from === endpoints.get(to) &&
        isConfirmation(protocol, bytes) &&
        fieldOf(protocol, bytes, 'sequence') === sequence,
    );
    return answer === undefined ? [] : answer.at;
  });
  const confirmed = marks.flatMap(({type, at}) => (type === 'confirmed' ? at : []));
  const byTime = (one: number, other: number) => one - other;
  assert.deepEqual(
    confirmed.toSorted(byTime),
    expected.toSorted(byTime),
    `answers to ${text}, ${to}`,
  );
}

describe.each(overDatagrams)('$name', protocol => {
  test.each(seeds(1, 2, 3))('texts to the hub on a bad network, seed %i', seed => {
    const world = new World(protocol, seed, conditions);
    const wire = new Wire(world, '198.51.100.1');
    const [alice] = world.connect('alice', 'bob');
    assert.ok(alice !== undefined);
    const texts = new Map<number, string>();
    for (let number = 0; number < 40; number++) {
      const text = `text ${seed}.${number}.`;
      texts.set(alice.say(text), text);
      world.run(world.random.next() * 4000);
      if (number % 10 !== 5) continue;
      // Longer than anything is repeated: some are given up, and some of those confirmed late.
      const thaw = world.network.freeze(hubEndpoint);
      const lost = `lost ${seed}.${number}.`;
      texts.set(alice.say(lost), lost);
      world.run(16_000);
      thaw();
      world.run(20_000);
      alice.retry();
    }
    world.run(60_000);
    const endpoints = new Map([[undefined, endpointKey(hubEndpoint)]]);
    for (const [id, text] of texts) compare(world, wire, alice, id, text, endpoints);
    if (!areOwnSeeds) return;
    const marks = [...texts.keys()].flatMap(id => sentBy(alice, id).courses.flatMap(c => c.marks));
    expect(new Set(marks.map(({type}) => type))).toEqual(
      new Set(['sent', 'confirmed', 'given-up']),
    );
  });

  test.each(seeds(1, 2, 3))('texts from peer to peer on a bad network, seed %i', seed => {
    const world = new World(protocol, seed, {hasJourneys: true});
    const wire = new Wire(world, '198.51.100.1');
    const [alice, bob, carl] = world.connect('alice', 'bob', 'carl');
    assert.ok(alice !== undefined && bob !== undefined && carl !== undefined);
    world.run(5000);
    gather(world, [alice, bob, carl], 'decentralised');
    world.network.faults = {...world.network.faults, ...conditions, loss: 0.2};
    const texts = new Map<number, string>();
    for (let number = 0; number < 25 && alice.members !== undefined; number++) {
      const text = `text ${seed}.${number}.`;
      texts.set(alice.say(text, 'room'), text);
      world.run(world.random.next() * 3000);
      if (number % 6 !== 5) continue;
      const thaw = world.network.freeze(carl.endpoint);
      const lost = `lost ${seed}.${number}.`;
      texts.set(alice.say(lost, 'room'), lost);
      world.run(14_000);
      thaw();
      world.run(2000);
      if (world.random.chance(0.5)) alice.retry();
    }
    world.run(60_000);
    const endpoints = new Map([
      ['bob', endpointKey(bob.endpoint)],
      ['carl', endpointKey(carl.endpoint)],
    ]);
    for (const [id, text] of texts) compare(world, wire, alice, id, text, endpoints);
    if (areOwnSeeds) expect(texts.size).toBeGreaterThan(10);
  });

  test.each(seeds(4, 5))('received messages on a bad network, seed %i', seed => {
    const world = new World(protocol, seed, conditions);
    const wire = new Wire(world, '198.51.100.1');
    const [alice, bob] = world.connect('alice', 'bob');
    assert.ok(alice !== undefined && bob !== undefined);
    for (let number = 0; number < 30; number++) {
      bob.say(`text ${number}.`);
      world.run(world.random.next() * 2000);
    }
    world.run(30_000);
    if (areOwnSeeds) expect(alice.of('message').length).toBeGreaterThan(20);
    for (const message of alice.of('message')) {
      const journey = receivedAs(alice, message.receipt);
      assert.ok(journey.frame?.bytes !== undefined);
      const hex = hexOf(journey.frame);
      const came = wire.heard.find(({bytes}) => Buffer.from(bytes).toString('hex') === hex);
      assert.equal(journey.startedAt, came?.at, `when ${message.text} came`);
      assert.ok(journey.readAt >= journey.startedAt);
      const said = explain(journey, journey.frame.bytes).map(({value}) => value);
      assert.ok(said.some(value => value.includes(message.text)));
    }
  });
});

function receivedAs(
  user: SimulatedUser,
  receipt: number | undefined,
): Journey & {kind: 'received'} {
  assert.ok(receipt !== undefined);
  const journey = user.journeys?.of({receipt});
  assert.equal(journey?.kind, 'received');
  return journey as Journey & {kind: 'received'};
}

describe.each(overStreams)('$name', protocol => {
  test.each(seeds(1, 2))(
    'texts over a connection, written once and answered once, seed %i',
    seed => {
      const world = new World(protocol, seed, {
        maximumDelayMs: 30,
        pieces: 'random',
        hasJourneys: true,
      });
      const written: {readonly at: number; readonly hex: string}[] = [];
      const open = world.streams.open.bind(world.streams);
      world.streams.open = (host, to, listener, localPort) => {
        const connection: Connection = open(host, to, listener, localPort);
        const write = connection.write.bind(connection);
        if (host !== '198.51.100.1') return connection;
        connection.write = bytes => {
          written.push({at: world.network.now, hex: Buffer.from(bytes).toString('hex')});
          write(bytes);
        };
        return connection;
      };
      const [alice, bob] = world.connect('alice', 'bob');
      assert.ok(alice !== undefined && bob !== undefined);
      const texts = new Map<number, string>();
      for (let number = 0; number < 30; number++) {
        const text = `text ${seed}.${number}.`;
        texts.set(world.random.chance(0.3) ? alice.tell('bob', text) : alice.say(text), text);
        if (world.random.chance(0.5)) world.run(world.random.next() * 500);
      }
      world.run(30_000);
      for (const [id, text] of texts) {
        const {courses, deliveredAt} = sentBy(alice, id);
        const [course, ...others] = courses;
        const [sent, confirmed, ...more] = course?.marks ?? [];
        assert.deepEqual([course?.to, others, more], [undefined, [], []], text);
        assert.ok(sent?.type === 'sent' && confirmed?.type === 'confirmed', text);
        const hex = hexOf(sent.frame);
        assert.deepEqual(
          written.filter(one => one.hex.includes(Buffer.from(text).toString('hex'))),
          [{at: sent.at, hex}],
        );
        assert.equal(confirmed.at, deliveredAt);
      }
      const told = bob.of('message');
      expect(told).toHaveLength(texts.size);
      for (const {receipt, text} of told) {
        const journey = receivedAs(bob, receipt);
        const fields = explain(journey, journey.frame?.bytes ?? new Uint8Array(0));
        assert.ok(fields.some(({value}) => value === `“${text}”`));
        assert.ok(!fields.some(({name}) => name === 'not read'));
      }
    },
  );
});

test('a text over a private connection has its journey at both ends', () => {
  const cosp = protocols.find(({features}) => features.has('links'));
  assert.ok(cosp !== undefined);
  const world = new World(cosp, 3, {maximumDelayMs: 10, hasJourneys: true});
  const [alice, bob] = world.connect('alice', 'bob');
  assert.ok(alice !== undefined && bob !== undefined);
  alice.link('bob');
  world.until(() => bob.isInvitedBy('alice'), 'the request');
  bob.answer('alice', true);
  world.until(() => alice.isLinkedWith('bob') && bob.isLinkedWith('alice'), 'the connection');
  const id = alice.tellOverLink('bob', 'psst');
  world.run(5000);
  const journey = sentBy(alice, id);
  expect(journey.courses.map(({to, marks}) => [to, marks.map(({type}) => type)])).toEqual([
    ['bob', ['sent', 'confirmed']],
  ]);
  const received = receivedAs(bob, bob.last('message')?.receipt);
  const said = (one: Journey, bytes: Uint8Array | undefined) =>
    explain(one, bytes ?? new Uint8Array(0)).map(({name, value}) => `${name}: ${value}`);
  const [sent] = journey.courses[0]?.marks ?? [];
  assert.ok(sent?.type === 'sent');
  expect(said(journey, sent.frame.bytes)).toEqual(['length in bytes: 4', 'text: “psst”']);
  expect(said(received, received.frame?.bytes)).toEqual(['length in bytes: 4', 'text: “psst”']);
});

test('the last messages are kept, and never more bytes than there may be', () => {
  const [protocol] = overStreams;
  assert.ok(protocol !== undefined);
  const world = new World(protocol, 1, {hasJourneys: true});
  const [alice] = world.connect('alice', 'bob');
  assert.ok(alice?.journeys !== undefined);
  const short = Array.from({length: maximumJourneys + 50}, (_, number) => {
    const id = alice.say(`text ${number}`);
    world.run(100);
    return id;
  });
  expect(alice.journeys.size).toBe(maximumJourneys);
  expect(alice.journeys.of({id: short[49] ?? 0})).toBeUndefined();
  expect(alice.journeys.of({id: short[50] ?? 0})).toBeDefined();
  for (let number = 0; number < maximumJourneys; number++) {
    alice.say('x'.repeat(protocol.maximumTextBytes));
    world.run(100);
    expect(alice.journeys.bytes).toBeLessThanOrEqual(maximumBytes);
  }
  expect(alice.journeys.size).toBeLessThan(maximumJourneys);
});
