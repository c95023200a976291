/** What is confirmed after it was given up: whoever was frozen reads it all the same, and says so. */
import {describe, expect, test} from 'vitest';
import {protocols} from '../../source/protocols/index.ts';
import {seeds} from './random.ts';
import {expectOneEnd, gather} from './scenarios.ts';
import {hubEndpoint, type SimulatedUser, World} from './world.ts';

const overDatagrams = protocols.filter(({transport}) => transport === 'udp');

/** Three who know each other. */
function three(world: World): [SimulatedUser, SimulatedUser, SimulatedUser] {
  const [alice, bob, carl] = world.connect('alice', 'bob', 'carl');
  if (alice === undefined || bob === undefined || carl === undefined) throw new Error('missing');
  world.run(5000);
  return [alice, bob, carl];
}

describe.each(overDatagrams)('$name', protocol => {
  test('a text that a frozen hub reads later is delivered late, and is not to be sent again', () => {
    const world = new World(protocol, 1);
    const [alice, bob] = three(world);
    const thaw = world.network.freeze(hubEndpoint);
    const id = alice.say('into the void');
    world.until(() => alice.of('failed').length > 0, 'the failure');
    expect(alice.last('failed')).toMatchObject({id, reason: 'hub-silent'});
    thaw();
    world.until(() => alice.of('delivered').length > 0, 'the late confirmation');
    expect(alice.of('delivered')).toEqual([{type: 'delivered', id, late: true}]);
    expect(alice.retry(id)).toBe('nothing-failed');
    world.run(60_000);
    expect(bob.texts()).toEqual(['alice: into the void']);
    expectOneEnd(alice, id, 'the text');
  });

  test('one that was sent again meanwhile is kept, and does not go out when the first copy is confirmed', () => {
    const world = new World(protocol, 1);
    const [alice, bob] = three(world);
    const thaw = world.network.freeze(hubEndpoint);
    const id = alice.say('into the void');
    world.until(() => alice.of('failed').length > 0, 'the failure');
    world.run(100);
    expect(alice.retry(id)).toBeUndefined();
    expect(alice.last('kept')).toEqual({type: 'kept', id});
    thaw();
    world.run(60_000);
    expect(bob.texts()).toEqual(['alice: into the void']);
    expect(alice.of('delivered').map(event => event.id)).toEqual([id]);
  });

  describe.runIf(protocol.features.has('decentralised-rooms'))('in a decentralised room', () => {
    test('it is told how each member answers, and since when one does not', () => {
      const world = new World(protocol, 5, {maximumDelayMs: 20});
      const [alice, bob, carl] = three(world);
      gather(world, [alice, bob, carl], 'decentralised');
      const thaw = world.network.freeze(carl.endpoint);
      const asked = world.network.now;
      alice.say('carl is frozen now');
      world.run(1900);
      const ofCarl = () => alice.of('member-state').filter(({nick}) => nick === carl.nick);
      const before = ofCarl().length;
      const ofBob = alice.of('member-state').findLast(({nick}) => nick === bob.nick)?.state;
      expect(ofBob).toEqual({roundTripMs: expect.any(Number)});
      expect(ofBob?.roundTripMs).toBeLessThanOrEqual(40);
      world.until(() => ofCarl().length > before, 'the silence');
      expect(ofCarl().at(-1)?.state.silentSince).toBe(asked);
      world.run(10_000);
      expect(ofCarl()).toHaveLength(before + 1);
      thaw();
      world.run(5000);
      expect(ofCarl().at(-1)?.state).not.toHaveProperty('silentSince');
    });

    test('a member who was frozen confirms late, and the count of members is right', () => {
      const world = new World(protocol, 2);
      const [alice, bob, carl] = three(world);
      gather(world, [alice, bob, carl], 'decentralised');
      const thaw = world.network.freeze(carl.endpoint);
      const id = alice.say('carl is frozen now');
      world.until(() => alice.of('failed').length > 0, 'the failure');
      expect(alice.last('failed')).toMatchObject({id, reason: 'peers-silent', pending: ['carl']});
      expect(alice.last('progress')).toMatchObject({confirmed: 1, of: 2, by: 'bob'});
      thaw();
      world.until(() => alice.of('delivered').length > 0, 'the late confirmation');
      expect(alice.last('progress')).toMatchObject({id, confirmed: 2, of: 2, by: 'carl'});
      expect(alice.of('delivered')).toEqual([{type: 'delivered', id, late: true}]);
      expect(alice.retry(id)).toBe('nothing-failed');
      expect(carl.texts('room')).toEqual(['alice: carl is frozen now']);
    });

    test('of two who were frozen, a retry is for the one who has not confirmed', () => {
      const world = new World(protocol, 3);
      const [alice, bob, carl] = three(world);
      gather(world, [alice, bob, carl], 'decentralised');
      const thaw = [world.network.freeze(bob.endpoint), world.network.freeze(carl.endpoint)];
      const id = alice.say('are you there?');
      world.until(() => alice.of('failed').length > 0, 'the failure');
      thaw[0]?.();
      world.until(() => alice.of('progress').length > 0, 'the late confirmation');
      expect(alice.last('progress')).toMatchObject({confirmed: 1, of: 2, by: 'bob'});
      expect(alice.of('delivered')).toEqual([]);
      thaw[1]?.();
      world.run(100);
      expect(alice.of('delivered')).toEqual([{type: 'delivered', id, late: true}]);
      for (const reader of [bob, carl])
        expect(reader.texts('room')).toEqual(['alice: are you there?']);
    });

    test('a text that its author leaves behind is known to have arrived', () => {
      const world = new World(protocol, 4);
      const [alice, bob, carl] = three(world);
      gather(world, [alice, bob, carl], 'decentralised');
      const id = alice.say('see you');
      const thaw = world.network.freeze(alice.endpoint);
      world.run(1);
      alice.leave();
      thaw();
      world.run(5000);
      expect(alice.of('failed')).toMatchObject([{id, reason: 'left-room'}]);
      for (const reader of [bob, carl]) expect(reader.texts('room')).toEqual(['alice: see you']);
      expect(alice.of('delivered')).toEqual([{type: 'delivered', id, late: true}]);
    });
  });
});

describe.each(seeds(1, 2, 3))('after laps of the counter, seed %i', seed => {
  test.each(overDatagrams)(
    '$name: no text is called delivered that the hub has not got',
    protocol => {
      const world = new World(protocol, seed);
      const [alice] = three(world);
      world.network.faults = {loss: 0.2, duplication: 0.2, maximumDelayMs: 50};
      const ids = new Map<number, string>();
      for (let index = 0; index < 300; index++) {
        const text = `text ${index}`;
        ids.set(alice.say(text), text);
        world.run(world.random.next() * 500);
        if (!world.random.chance(0.1)) continue;
        const thaw = world.network.freeze(hubEndpoint);
        world.run(5000 + world.random.next() * 20_000);
        thaw();
      }
      world.until(() => alice.engine.pending === 0, 'the end of all', 2_000_000);
      const said = new Set(
        world.applied.flatMap(({command}) => (command.type === 'say' ? [command.text] : [])),
      );
      const delivered = alice.of('delivered').map(({id}) => ids.get(id) ?? '');
      expect(delivered.filter(text => !said.has(text))).toEqual([]);
      expect(alice.of('failed')).not.toEqual([]);
      for (const [id, text] of ids) expectOneEnd(alice, id, text);
    },
    60_000,
  );
});
