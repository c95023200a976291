/** A user who leaves is gone within 3 s: with every protocol, whatever is going on, even if nobody answers. */
import {describe, expect, test} from 'vitest';
import {protocols} from '../../source/protocols/index.ts';
import type {Protocol} from '../../source/protocols/protocol.ts';
import {gather} from './scenarios.ts';
import {type SimulatedUser, World} from './world.ts';

const longestMs = 3000;

/** Brings alice into a state; everybody else falls silent at its end. */
type State = {
  readonly name: string;
  isPossible?(protocol: Protocol): boolean;
  reach(world: World): SimulatedUser;
};

function silence(world: World, ...others: readonly SimulatedUser[]): void {
  world.silence(world.endpointOf(world.protocol));
  for (const other of others) world.silence(other.endpoint);
}

function connected(world: World, ...nicks: readonly string[]): [SimulatedUser, ...SimulatedUser[]] {
  const [alice, ...others] = world.connect('alice', ...nicks);
  if (alice === undefined) throw new Error('alice is missing');
  return [alice, ...others];
}

/** Alice and bob in a private room. */
function roomed(
  world: World,
  mode: 'centralised' | 'decentralised',
): [SimulatedUser, SimulatedUser] {
  const [alice, bob] = connected(world, 'bob');
  if (bob === undefined) throw new Error('bob is missing');
  gather(world, [alice, bob], mode);
  return [alice, bob];
}

/** Alice and bob with a private connection. */
function linked(world: World): [SimulatedUser, SimulatedUser] {
  const [alice, bob] = connected(world, 'bob');
  if (bob === undefined) throw new Error('bob is missing');
  alice.link('bob');
  world.until(() => bob.isInvitedBy('alice'), 'the request');
  bob.answer('alice', true);
  world.until(() => alice.isLinkedWith('bob') && bob.isLinkedWith('alice'), 'the connection');
  return [alice, bob];
}

const has = (feature: string) => (protocol: Protocol) =>
  [...protocol.features].some(one => one === feature);

const states: readonly State[] = [
  {
    name: 'while the address of the hub is looked up',
    reach(world) {
      const alice = world.add('alice');
      alice.located = 'never';
      alice.start();
      return alice;
    },
  },
  {
    name: 'while the hub does not answer the registration',
    reach(world) {
      silence(world);
      const alice = world.add('alice');
      alice.start();
      world.run(100);
      return alice;
    },
  },
  {
    name: 'behind the form, between two attempts',
    reach(world) {
      silence(world);
      const alice = world.add('alice');
      alice.whenUnreachable = 'ask';
      alice.start();
      world.until(() => alice.phase === 'refused', 'the refusal');
      return alice;
    },
  },
  {
    name: 'in public',
    reach(world) {
      const [alice] = connected(world);
      silence(world);
      return alice;
    },
  },
  {
    name: 'with a text under way',
    reach(world) {
      const [alice] = connected(world);
      silence(world);
      alice.say('salut');
      world.run(50);
      return alice;
    },
  },
  {
    name: 'with a hundred texts under way, and questions',
    reach(world) {
      const [alice, bob] = connected(world, 'bob');
      silence(world);
      for (let text = 0; text < 100; text++) alice.say(`text ${text}`);
      if (bob !== undefined && has('invitations')(world.protocol)) alice.invite(['bob']);
      alice.list();
      world.run(50);
      return alice;
    },
  },
  {
    name: 'in a centralised room, with a text under way',
    isPossible: has('centralised-rooms'),
    reach(world) {
      const [alice, bob] = roomed(world, 'centralised');
      silence(world, bob);
      alice.say('salut', 'room');
      world.run(50);
      return alice;
    },
  },
  {
    name: 'in a decentralised room, with a text under way',
    isPossible: has('decentralised-rooms'),
    reach(world) {
      const [alice, bob] = roomed(world, 'decentralised');
      silence(world, bob);
      alice.say('salut', 'room');
      world.run(50);
      return alice;
    },
  },
  {
    name: 'on the way out of a decentralised room',
    isPossible: has('decentralised-rooms'),
    reach(world) {
      const [alice, bob] = roomed(world, 'decentralised');
      silence(world, bob);
      alice.leave();
      world.run(50);
      return alice;
    },
  },
  {
    name: 'over a private connection, with a text under way',
    isPossible: has('links'),
    reach(world) {
      const [alice, bob] = linked(world);
      silence(world, bob);
      alice.tellOverLink('bob', 'salut');
      world.run(50);
      return alice;
    },
  },
  {
    name: 'while a private connection is being opened',
    isPossible: has('links'),
    reach(world) {
      const [alice, bob] = connected(world, 'bob');
      alice.link('bob');
      world.until(() => bob?.isInvitedBy('alice') === true, 'the request');
      silence(world);
      bob?.answer('alice', true);
      world.run(50);
      return alice;
    },
  },
  {
    name: 'between two attempts to come back',
    reach(world) {
      const [alice] = connected(world);
      silence(world);
      alice.say('salut');
      world.until(() => alice.phase === 'retrying', 'the loss');
      return alice;
    },
  },
  {
    name: 'in the middle of an attempt to come back',
    reach(world) {
      const [alice] = connected(world);
      silence(world);
      alice.say('salut');
      world.until(() => alice.phase === 'retrying', 'the loss');
      const {searches} = alice;
      world.until(() => alice.searches > searches, 'the attempt');
      world.run(50);
      return alice;
    },
  },
];

for (const protocol of protocols) {
  describe(protocol.name, () => {
    for (const {name, isPossible, reach} of states) {
      if (isPossible?.(protocol) === false) continue;
      test(`${name} it is over in 3 s`, () => {
        const world = new World(protocol, 30);
        const alice = reach(world);
        const since = world.network.now;
        alice.close();
        world.until(() => alice.engine.isClosed, 'the end', 60_000);
        expect(world.network.now - since).toBeLessThanOrEqual(longestMs);
        expect(alice.engine.dueAt).toBe(Number.POSITIVE_INFINITY);
        expect(alice.phase).toBe('closed');
        const {length} = alice.events;
        world.run(120_000);
        expect(alice.events.length).toBe(length);
      });
    }
  });
}
