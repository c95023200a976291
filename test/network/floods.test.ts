/** Over connections people write faster than datagrams are confirmed: nobody may lose their place, or a text, by it. */
import {describe, expect, test} from 'vitest';
import {cosp} from '../../source/protocols/cosp/index.ts';
import {messagerie} from '../../source/protocols/messagerie/index.ts';
import {res302} from '../../source/protocols/res302/index.ts';
import {shen} from '../../source/protocols/shen/index.ts';
import {whoiam} from '../../source/protocols/whoiam/index.ts';
import {seeds} from './random.ts';
import {StreamRecorder} from './simulated-streams.ts';
import {type SimulatedUser, World} from './world.ts';

const lines = 2000;
const spoken = [res302, messagerie, shen, cosp];

/** A hub with one reader of each protocol, on a network with a round trip of some 20 ms. */
function readers(seed: number) {
  const conditions = {loss: 0.01, duplication: 0.01, maximumDelayMs: 20, pieces: 'random'} as const;
  const world = new World(res302, seed, conditions, [messagerie, shen, whoiam, cosp]);
  const users = spoken.map((protocol, index) => world.add(`reader${index}`, protocol));
  for (const user of users) user.start();
  world.until(() => users.every(user => user.last('users') !== undefined), 'everybody connected');
  return {world, users};
}

/** Somebody with `nc` and a long file. */
function flood(world: World, nickname: string) {
  const recorder = new StreamRecorder();
  const connection = world.streams.open('203.0.113.1', world.endpointOf(whoiam), recorder);
  const text = Array.from({length: lines}, (_, number) => `MSG ${number}\n`).join('');
  connection.write(Buffer.from(`IAM ${nickname}\n${text}`));
  return connection;
}

function numbers(user: SimulatedUser): number[] {
  return user.of('message').map(({text}) => Number(text));
}

const everything = Array.from({length: lines}, (_, number) => number);

describe.each(seeds(1, 2, 3))('thousands of lines at once, seed %i', seed => {
  test('are all read, in order, by users of every protocol, though their author has gone', () => {
    const {world, users} = readers(seed);
    flood(world, 'flood').end();
    const haveAll = () => users.every(user => user.of('message').length >= lines);
    world.until(haveAll, 'all lines', 180_000);
    world.run(20_000);
    for (const user of users) expect(numbers(user), user.protocol.name).toEqual(everything);
    expect(world.departures).toMatchObject([{nick: 'flood', reason: 'disconnected'}]);
  });

  test('wait for a reader who is silent, but not for long, and then reach all others', () => {
    const {world, users} = readers(seed);
    const silent = users.find(({protocol}) => protocol === shen) as SimulatedUser;
    world.silence(silent.endpoint);
    const {now} = world.network;
    flood(world, 'flood');
    const others = users.filter(user => user !== silent);
    const haveAll = () => others.every(user => user.of('message').length >= lines);
    world.until(haveAll, 'all lines', 180_000);
    for (const user of others) expect(numbers(user), user.protocol.name).toEqual(everything);
    expect(world.departures).toMatchObject([{nick: silent.nick, reason: 'too-slow'}]);
    expect((world.departures[0]?.at ?? 0) - now).toBeLessThan(9000);
  });

  test('of one author do not keep another waiting, not even while a reader is behind', () => {
    const {world, users} = readers(seed);
    const [rosa, , jean, marie] = users as [
      SimulatedUser,
      SimulatedUser,
      SimulatedUser,
      SimulatedUser,
    ];
    world.silence(jean.endpoint);
    flood(world, 'flood');
    world.run(2000);
    const {now} = world.network;
    marie.say('and I');
    world.until(() => rosa.of('message').some(({text}) => text === 'and I'), 'the line');
    expect(world.network.now - now).toBeLessThan(4000);
    // The author of many waits meanwhile.
    expect(rosa.of('message').length).toBeLessThan(lines / 4);
  });
});
