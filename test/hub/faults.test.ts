/** A bug of ours costs the user it is about, and nobody else. */
import {describe, expect, test} from 'vitest';
import {Chat} from '../../source/chat/chat.ts';
import type {ChatEvent} from '../../source/chat/events.ts';
import {protocols} from '../../source/protocols/index.ts';
import type {
  DatagramHubEnd,
  DatagramHubHost,
  Endpoint,
  HubEnd,
  HubHost,
  Protocol,
  StreamHubEnd,
} from '../../source/protocols/protocol.ts';
import {res302} from '../../source/protocols/res302/index.ts';
import * as wire from '../../source/protocols/res302/wire.ts';
import {whoiam} from '../../source/protocols/whoiam/index.ts';
import type {TimedMachine} from '../../source/transport/timer.ts';
import {World} from '../network/world.ts';
import {bareHost} from './bare-host.ts';

/** A text at which the codec of these tests throws. */
const bomb = 'boom';

class Bug extends Error {}

/** Where the bug is. */
type Place = {
  /** Told to readers: whatever else has happened, nobody hears of it. */
  readonly inTelling?: boolean;
  /** At what comes from there. */
  readonly inReading?: (from: Endpoint) => boolean;
  /** At the time that something is due. */
  readonly inTime?: () => boolean;
  readonly inExpelling?: boolean;
};

/** The protocol with that bug in its hub end. */
function faulty(protocol: Protocol, place: Place): Protocol {
  const read = (from: Endpoint) => {
    if (place.inReading?.(from)) throw new Bug('in reading');
  };
  const spoil = <End extends HubEnd>(end: End): End => {
    const {deliver, expel} = end;
    Object.assign(end, {
      deliver(event: ChatEvent, ...rest: [to: readonly number[], now: number]) {
        const isBomb = event.type === 'said' && event.text.includes(bomb);
        if (place.inTelling && isBomb) throw new Bug('in telling');
        deliver.call(end, event, ...rest);
      },
      expel(...given: Parameters<HubEnd['expel']>) {
        if (place.inExpelling) throw new Bug('in expelling');
        expel.call(end, ...given);
      },
    });
    spoilTime(end, place);
    return end;
  };
  if (protocol.transport === 'udp') {
    return {
      ...protocol,
      createHubEnd(host: DatagramHubHost) {
        const end: DatagramHubEnd = spoil(protocol.createHubEnd(host));
        const {receive} = end;
        return Object.assign(end, {
          receive(...given: Parameters<typeof receive>) {
            read(given[1]);
            receive.call(end, ...given);
          },
        });
      },
    };
  }
  return {
    ...protocol,
    createHubEnd(host: HubHost) {
      const end: StreamHubEnd = spoil(protocol.createHubEnd(host));
      const {accept} = end;
      return Object.assign(end, {
        accept(...given: Parameters<typeof accept>) {
          const listener = accept.call(end, ...given);
          return {
            ...listener,
            received(bytes: Uint8Array, now: number) {
              read(given[0].remote);
              listener.received(bytes, now);
            },
          };
        },
      });
    },
  };
}

function spoilTime(end: TimedMachine, {inTime}: Place): void {
  if (inTime === undefined) return;
  const {onTime} = end;
  Object.assign(end, {
    onTime(now: number) {
      if (inTime()) throw new Bug('in time');
      onTime.call(end, now);
    },
  });
}

/** Two people of the faulty protocol and one of each of the others. */
function meet(protocol: Protocol, place: Place) {
  const others = protocols.filter(({name}) => name !== protocol.name);
  const spoilt = faulty(protocol, place);
  const world = new World(spoilt, 1, {}, others);
  world.expectsFaults = true;
  const mallory = world.add('mallory');
  const alice = world.add('alice');
  const strangers = others.map((other, index) => world.add(`user${index}`, other));
  const everybody = [mallory, alice, ...strangers];
  for (const user of everybody) user.start();
  world.until(() => everybody.every(user => user.isConnected), 'everybody connected');
  return {world, mallory, alice, strangers};
}

describe.each(protocols)('in $name', protocol => {
  test('a codec that throws at what one user sends ends the session of that user alone', () => {
    let isSpoilt = false;
    const {world, mallory, alice, strangers} = meet(protocol, {
      inReading: ({host}) => isSpoilt && host === mallory.endpoint.host,
    });
    isSpoilt = true;
    mallory.say(bomb, 'public');
    world.until(() => world.departures.length > 0, 'the end of a session');
    expect(world.bugs.map(({error}) => (error as Error).message)).toContain('in reading');
    expect(world.departures).toMatchObject([{nick: 'mallory', reason: 'internal-error'}]);
    expect(world.hub.drops.get('internal-error')).toBeGreaterThan(0);
    mallory.close();
    alice.say('still here?', 'public');
    const haveRead = () => strangers.every(user => user.texts().includes('alice: still here?'));
    world.until(haveRead, 'what the others say');
    expect(world.departures).toHaveLength(1);
  });

  test('a codec that throws at telling what one user has done ends the session of that user alone', () => {
    const {world, mallory, alice, strangers} = meet(protocol, {inTelling: true});
    mallory.say(bomb, 'public');
    world.until(() => world.departures.length > 0, 'the end of a session');
    expect(world.bugs).toMatchObject([{nickname: 'mallory', error: {message: 'in telling'}}]);
    expect(world.departures).toMatchObject([{nick: 'mallory', reason: 'internal-error'}]);
    // Where the codec is whole the text is read.
    const haveRead = () => strangers.every(user => user.texts().includes(`mallory: ${bomb}`));
    world.until(haveRead, 'the text');
    mallory.close();
    strangers[0]?.say('still here?', 'public');
    world.until(() => alice.texts().includes('user0: still here?'), 'what the others say');
  });

  test('a user whose session cannot even be ended has left the chat nevertheless', () => {
    const {world, mallory, alice} = meet(protocol, {inTelling: true, inExpelling: true});
    mallory.say(bomb, 'public');
    world.until(() => world.chat.find('mallory') === undefined, 'an end');
    expect(world.bugs.map(({error}) => (error as Error).message)).toEqual([
      'in telling',
      'in expelling',
    ]);
    expect(world.chat.find('alice')?.nickname).toBe(alice.nick);
  });

  test('an operator can end a session, and the user hears it or finds it out', () => {
    const {world, mallory, alice} = meet(protocol, {});
    const {id = 0} = world.chat.find('mallory') ?? {};
    world.hub.expel(id, 'expelled', world.network.now);
    expect(world.departures).toMatchObject([{nick: 'mallory', reason: 'expelled'}]);
    expect(world.chat.find('mallory')).toBeUndefined();
    expect(world.chat.find('alice')?.nickname).toBe(alice.nick);
    world.until(() => !mallory.isConnected, 'that they have noticed', 200_000);
    // Told twice, it still ends only once.
    world.hub.expel(id, 'expelled', world.network.now);
    expect(world.departures).toHaveLength(1);
  });
});

test('of many readers one at whom telling fails costs the others nothing: over datagrams', () => {
  const chat = new Chat(10, [res302]);
  const {host} = bareHost(chat, res302);
  const faults: number[] = [];
  const told: number[] = [];
  const broken = 40_002;
  const end = res302.createHubEnd({
    ...host,
    fault: user => faults.push(user),
    send(_datagram, {port}) {
      if (isSpoilt && port === broken) throw new Bug('in sending');
      told.push(port);
    },
  });
  let isSpoilt = false;
  for (const port of [40_001, broken, 40_003]) {
    const data = {nickname: `user${port}`, sequence: 0};
    end.receive(wire.encode(wire.message('A', data)), {host: '198.51.100.1', port}, 0);
  }
  const [author, second, third] = Array.from(chat.users(), ({id}) => id);
  if (author === undefined || second === undefined || third === undefined) throw new Error('who?');
  told.length = 0;
  isSpoilt = true;
  const said = {type: 'said', scope: 'public', text: 'salut', user: author, nickname: 'x'} as const;
  end.deliver({...said, to: [second, third]}, [second, third], 0);
  expect(faults).toEqual([second]);
  expect(told).toEqual([40_003]);
});

test('of many readers one at whom telling fails costs the others nothing: over connections', () => {
  const chat = new Chat(10, [whoiam]);
  const {host} = bareHost(chat, whoiam);
  const faults: number[] = [];
  const end = whoiam.createHubEnd({...host, fault: user => faults.push(user)});
  let isSpoilt = false;
  const visit = (nickname: string, isBroken: boolean) => {
    const lines: string[] = [];
    const connection = {
      remote: {host: '198.51.100.1', port: 40_000},
      waiting: 0,
      write(bytes: Uint8Array) {
        if (isSpoilt && isBroken) throw new Bug('in writing');
        lines.push(Buffer.from(bytes).toString().trim());
      },
      end() {},
      destroy() {},
      pause() {},
      resume() {},
    };
    end.accept(connection, 0).received(Buffer.from(`IAM ${nickname}\n`), 0);
    return lines;
  };
  const [, broken, whole] = [visit('alice', false), visit('bob', true), visit('carl', false)];
  const [alice = 0, bob = 0, carl = 0] = Array.from(chat.users(), ({id}) => id);
  isSpoilt = true;
  const said = {type: 'said', scope: 'public', text: 'salut', user: alice} as const;
  end.deliver({...said, nickname: 'alice', to: [bob, carl]}, [bob, carl], 0);
  expect(faults).toEqual([bob]);
  expect(broken).not.toContain('MSG alice salut');
  expect(whole).toContain('MSG alice salut');
});

test('a protocol whose own time fails leaves the others theirs', () => {
  const [first, ...others] = protocols;
  if (first === undefined) throw new Error('no protocol');
  let fails = false;
  const world = new World(faulty(first, {inTime: () => fails}), 1, {}, others);
  world.expectsFaults = true;
  const [shen] = others.filter(({name}) => name === 'shen');
  if (shen === undefined) throw new Error('no shen');
  const [alice, bob] = [world.add('alice', shen), world.add('bob', shen)];
  for (const user of [alice, bob]) user.start();
  world.until(() => [alice, bob].every(user => user.isConnected), 'both connected');
  fails = true;
  world.silence(bob.endpoint);
  world.run(120_000);
  expect(world.departures).toMatchObject([{nick: 'bob', reason: 'silent'}]);
});

test('every command and its outcome pass the tap, in the order in which they happen', () => {
  const [protocol] = protocols;
  if (protocol === undefined) throw new Error('no protocol');
  const world = new World(protocol, 1);
  const [alice] = world.connect('alice', 'bob');
  alice?.say('salut', 'public');
  world.run(1000);
  expect(world.applied.map(({command, outcome}) => [command.type, outcome.refusal])).toEqual([
    ['connect', undefined],
    ['connect', undefined],
    ['say', undefined],
  ]);
  // Plain data: what is written down is what was said.
  for (const {command} of world.applied) {
    expect(JSON.parse(JSON.stringify(command))).toEqual(command);
  }
});
