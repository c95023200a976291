/** Finding the hub: its name is looked up at each attempt, and every address is tried. */
import {describe, expect, test} from 'vitest';
import {protocols} from '../../source/protocols/index.ts';
import type {SimulatedUser} from './world.ts';
import {World} from './world.ts';

const nobody = {host: '192.0.2.99', port: 30_200};

function refusals(user: SimulatedUser): string[] {
  return user.of('refused').map(({message}) => message);
}

for (const protocol of protocols) {
  describe(protocol.name, () => {
    function newcomer(): {world: World; alice: SimulatedUser} {
      const world = new World(protocol, 41);
      return {world, alice: world.add('alice')};
    }

    test('a name that nobody knows is refused with a sentence that says so', () => {
      const {alice} = newcomer();
      alice.located = 'no-address';
      alice.start();
      expect(alice.phase).toBe('refused');
      expect(alice.last('refused')).toEqual({
        type: 'refused',
        reason: 'unreachable',
        message:
          'The address of simulated cannot be found: is the name right, and the network there?',
      });
    });

    test('a client that waits for a hub asks for its address until it is found and answers', () => {
      const {world, alice} = newcomer();
      alice.whenUnreachable = 'try-on';
      alice.located = 'no-address';
      alice.start();
      world.until(() => alice.searches === 3, 'the third question');
      alice.located = [nobody];
      world.until(() => alice.searches === 5, 'the fifth question');
      expect(alice.phase).toBe('retrying');
      alice.located = [world.endpointOf(protocol)];
      world.until(() => alice.isConnected, 'the connection');
      expect(refusals(alice)).toEqual([]);
      expect(alice.of('reconnecting').map(({attempt}) => attempt)).toEqual([1, 2, 3, 4, 5]);
    });

    test('a form goes on trying, says once why it is shown, and each time when the next attempt is', () => {
      const {world, alice} = newcomer();
      alice.whenUnreachable = 'ask';
      alice.located = 'no-address';
      alice.start();
      world.until(() => alice.searches === 4, 'the fourth question');
      expect(refusals(alice)).toHaveLength(1);
      const shown = alice.of('connection').map(({connection}) => connection);
      expect(shown.map(({phase}) => phase)).toEqual(['connecting', ...Array(4).fill('refused')]);
      const last = shown.at(-1);
      expect(last).toMatchObject({reason: 'unreachable'});
      expect(last?.phase === 'refused' && last.retryAt).toBeGreaterThan(world.network.now);
      alice.located = [world.endpointOf(protocol)];
      world.until(() => alice.isConnected, 'the connection');
    });

    test('a name that is taken is not waited for', () => {
      const {world, alice} = newcomer();
      world.connect('alice');
      alice.whenUnreachable = 'try-on';
      alice.start();
      world.until(() => alice.phase === 'refused', 'the refusal');
      expect(alice.last('refused')?.reason).toBe('nickname-in-use');
      world.run(60_000);
      expect(alice.searches).toBe(1);
    });

    test('a hub that has moved is found again where its name leads now', () => {
      const world = new World(protocol, 43);
      const [alice] = world.connect('alice');
      if (alice === undefined) throw new Error('alice is missing');
      expect(alice.searches).toBe(1);
      const home = world.endpointOf(protocol);
      // The name leads nowhere while the hub is away, and home again when it is back.
      alice.located = [nobody];
      world.silence(home);
      alice.list();
      world.until(() => alice.of('reconnecting').length === 2, 'a first attempt that fails');
      expect(alice.searches).toBe(2);
      world.restore(home);
      alice.located = [home];
      world.until(() => alice.isConnected, 'the connection');
      expect(alice.searches).toBe(1 + alice.of('reconnecting').length);
    });

    test('an answer where the hub is that comes after the goodbye is not heeded', () => {
      const {world, alice} = newcomer();
      alice.located = 'never';
      alice.start();
      alice.close();
      expect(alice.engine.isClosed).toBe(true);
      alice.answerSearches([world.endpointOf(protocol)]);
      world.run(60_000);
      expect(alice.of('connected')).toEqual([]);
      expect(world.chat.size).toBe(0);
    });
  });
}

for (const protocol of protocols.filter(({transport}) => transport === 'udp')) {
  test(`over ${protocol.name} every address is tried, one after the other`, () => {
    const world = new World(protocol, 47);
    const alice = world.add('alice');
    alice.located = [nobody, {...nobody, host: '192.0.2.98'}, world.endpointOf(protocol)];
    alice.start();
    world.until(() => alice.isConnected, 'the connection');
    expect(refusals(alice)).toEqual([]);
    expect(alice.searches).toBe(1);
  });

  test(`over ${protocol.name} nobody answers when none of the addresses does`, () => {
    const world = new World(protocol, 47);
    const alice = world.add('alice');
    alice.located = [nobody, {...nobody, host: '192.0.2.98'}];
    alice.start();
    world.until(() => alice.phase === 'refused', 'the refusal');
    expect(alice.last('refused')?.reason).toBe('unreachable');
  });

  test(`over ${protocol.name} the address that has answered is asked first the next time`, () => {
    const world = new World(protocol, 53);
    const alice = world.add('alice');
    const home = world.endpointOf(protocol);
    alice.located = [nobody, home];
    alice.start();
    world.until(() => alice.isConnected, 'the connection');
    world.silence(home);
    alice.list();
    world.until(() => alice.phase === 'retrying', 'the loss');
    world.restore(home);
    world.until(() => alice.isConnected, 'the connection', 5000);
    expect(alice.of('reconnecting')).toHaveLength(1);
  });
}
