/** Nothing counts as delivered that nobody got, and nothing of a client that left stays behind. */
import {describe, expect, test} from 'vitest';
import {protocols} from '../../source/protocols/index.ts';
import {gather, impossibleNickname} from './scenarios.ts';
import {hubEndpoint, type SimulatedUser, World} from './world.ts';

function pair(world: World): {alice: SimulatedUser; bob: SimulatedUser} {
  const [alice, bob] = world.connect('alice', 'bob');
  if (alice === undefined || bob === undefined) throw new Error('somebody is missing');
  return {alice, bob};
}

describe.each(protocols)('$name', protocol => {
  test('a client that leaves before it was let in leaves no name behind', () => {
    const world = new World(protocol, 3);
    const alice = world.add('alice');
    alice.start();
    alice.close();
    world.run(10_000);
    expect(world.hub.users).toBe(0);
  });

  test('a client whose name cannot be one can be closed all the same', () => {
    const world = new World(protocol, 4);
    const nobody = world.add(impossibleNickname(protocol));
    nobody.start();
    nobody.close();
    expect(nobody.last('refused')?.reason).toBe('nickname-invalid');
    expect(nobody.engine.isClosed).toBe(true);
    expect(nobody.of('disconnected')).toEqual([]);
  });

  describe.runIf(protocol.features.has('centralised-rooms'))('in rooms', () => {
    test('a text for a room that was closed before the hub got it has failed', () => {
      const world = new World(protocol, 1);
      const {alice, bob} = pair(world);
      gather(world, [alice, bob], 'centralised');
      bob.leave();
      const id = alice.say('anybody there?', 'room');
      world.until(() => alice.engine.pending === 0, 'an end');
      expect(alice.last('failed')).toMatchObject({id, reason: 'left-room'});
      expect(alice.of('delivered')).toEqual([]);
    });

    test('a text that its author leaves behind in the room has arrived', () => {
      const world = new World(protocol, 2);
      const {alice, bob} = pair(world);
      gather(world, [alice, bob], 'centralised');
      const id = alice.say('see you', 'room');
      alice.leave();
      world.run(1000);
      expect(alice.last('delivered')).toEqual({type: 'delivered', id});
      expect(bob.texts('room')).toEqual(['alice: see you']);
    });

    test('what failed in a room that is gone does not stand before what failed in public', () => {
      const world = new World(protocol, 5);
      const {alice, bob} = pair(world);
      world.silence(bob.endpoint);
      world.silence(hubEndpoint);
      const id = alice.say('in public', 'public');
      world.until(() => alice.last('failed')?.id === id, 'the failure');
      alice.say('in no room', 'room');
      world.restore(hubEndpoint);
      world.until(() => alice.isConnected, 'the hub');
      expect(alice.engine.retry(undefined, world.network.now)).toBeUndefined();
      world.until(() => alice.last('delivered')?.id === id, 'the delivery');
    });
  });
});
