/** What the client asks for when a decentralised room is carried over to the hub, at real hubs. */
import {describe, expect, test} from 'vitest';
import {protocols} from '../../source/protocols/index.ts';
import {gather} from './scenarios.ts';
import {World} from './world.ts';

const withRooms = protocols.filter(({features}) => features.has('decentralised-rooms'));

describe.each(withRooms)('$name', protocol => {
  // Elsewhere nobody can be invited out of a room.
  const guests = protocol.features.has('named-rooms') ? ['bob', 'carl'] : ['bob'];

  test('those who were in it meet again through the hub', () => {
    const world = new World(protocol, 1, {maximumDelayMs: 20});
    const [alice, ...others] = world.connect('alice', ...guests);
    if (alice === undefined) throw new Error('nobody is here');
    world.run(5000);
    gather(world, [alice, ...others], 'decentralised');
    if (protocol.features.has('named-rooms')) {
      alice.createRoom('projet-hub', 'centralised', 10);
      world.until(() => alice.room?.mode === 'centralised', 'the new room');
    } else alice.leave();
    const answered = alice.events.length;
    alice.invite(guests, 'centralised');
    world.run(2000);
    expect(alice.events.slice(answered).filter(({type}) => type === 'error')).toEqual([]);
    for (const other of others) other.answer('alice', true);
    world.run(20_000);
    const together = ['alice', ...guests];
    for (const user of [alice, ...others]) {
      expect([user.room?.mode, user.members]).toEqual(['centralised', together]);
    }
    alice.say('here again', 'room');
    world.run(5000);
    for (const other of others) expect(other.texts('room')).toContain('alice: here again');
  });
});
