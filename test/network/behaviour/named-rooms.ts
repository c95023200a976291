import {expect} from 'vitest';
import type {ListedRoom} from '../../../source/protocols/protocol.ts';
import {create, quietMs, roomOf, type Setting, untilPublic, untilTogether} from '../scenarios.ts';
import type {SimulatedUser, World} from '../world.ts';
import {sayAndWait} from './public-texts.ts';

const names = ['alice', 'bob', 'carl', 'dora'] as const;

/** Rooms with names, which everybody may enter. */
export function namedRooms(setting: Setting): void {
  const [mode = 'centralised'] = setting.modes;

  setting.scenario('the rooms are listed with mode and members', names, (users, world) => {
    const {alice, bob, carl, dora} = users;
    expect(listed(world, dora)).toEqual([]);
    const [first = mode, second = first] = setting.modes;
    create(world, alice, first);
    create(world, bob, second);
    carl.joinRoom(roomOf(alice));
    untilTogether(world, [alice, carl]);
    for (const reader of [dora, alice]) {
      expect(listed(world, reader)).toEqual([
        {name: roomOf(alice), mode: first, members: 2},
        {name: roomOf(bob), mode: second, members: 1},
      ]);
    }
    bob.leave();
    untilPublic(world, bob);
    world.until(() => listed(world, dora).length === 1, 'the end of an empty room');
    alice.leave();
    untilPublic(world, carl);
    expect(listed(world, dora)).toEqual([]);
  });

  for (const mode of setting.modes) {
    setting.scenario(`a ${mode} room is entered by its name`, names, (users, world) => {
      const {alice, bob, carl, dora} = users;
      create(world, alice, mode);
      expect(alice.room).toMatchObject({name: roomOf(alice), mode, members: ['alice']});
      bob.joinRoom(roomOf(alice));
      untilTogether(world, [alice, bob]);
      expect(bob.room).toMatchObject({name: roomOf(alice), mode});
      carl.joinRoom(roomOf(alice));
      untilTogether(world, [alice, bob, carl]);
      sayAndWait(world, carl, 'hello to both');
      world.until(() => alice.texts('room').length + bob.texts('room').length === 2, 'the text');
      expect(dora.of('message')).toEqual([]);
    });

    setting.scenario(`whoever opens a ${mode} room can wait in it`, names, (users, world) => {
      const {alice, bob} = users;
      create(world, alice, mode);
      world.run(10 * 60_000);
      expect(alice.members).toEqual(['alice']);
      bob.joinRoom(roomOf(alice));
      untilTogether(world, [alice, bob]);
      bob.leave();
      untilPublic(world, alice);
      expect(alice.last('room-left')?.reason).toBe('closed');
    });

    for (const former of setting.modes) {
      const title = `one can change from a ${former} room to a ${mode} one`;
      setting.scenario(title, names, ({alice, bob, carl, dora}, world) => {
        create(world, alice, former);
        create(world, bob, mode);
        for (const user of [carl, dora]) user.joinRoom(roomOf(alice));
        untilTogether(world, [alice, carl, dora]);
        carl.joinRoom(roomOf(bob));
        untilTogether(world, [bob, carl]);
        untilTogether(world, [alice, dora]);
        expect(carl.room).toMatchObject({name: roomOf(bob), mode});
        sayAndWait(world, carl, 'here now');
        sayAndWait(world, dora, 'there still');
        world.run(quietMs);
        expect(bob.texts('room')).toEqual(['carl: here now']);
        expect(alice.texts('room')).toEqual(['dora: there still']);
        for (const user of [carl, dora]) expect(user.of('message')).toEqual([]);
      });
    }
  }

  setting.scenario('a room that is left for another and empty closes', names, (users, world) => {
    const {alice, bob} = users;
    create(world, alice, mode);
    create(world, bob, mode);
    alice.joinRoom(roomOf(bob));
    untilTogether(world, [alice, bob]);
    expect(listed(world, alice)).toEqual([{name: roomOf(bob), mode, members: 2}]);
  });

  setting.scenario('a name that a room has is refused', names, ({alice, bob}, world) => {
    create(world, alice, mode);
    bob.createRoom(roomOf(alice), mode, 10);
    expectRefusal(world, bob, 'room-name-in-use', roomOf(alice));
    expect(listed(world, bob)).toEqual([{name: roomOf(alice), mode, members: 1}]);
  });

  setting.scenario('a room for fewer than two is refused', names, ({alice}, world) => {
    alice.createRoom(roomOf(alice), mode, 1);
    expectRefusal(world, alice, 'room-size-invalid', '');
    expect(listed(world, alice)).toEqual([]);
  });

  setting.scenario('a room that is not there cannot be entered', names, ({alice, bob}, world) => {
    bob.joinRoom('nowhere');
    expectRefusal(world, bob, 'no-such-room', 'nowhere');
    create(world, alice, mode);
    alice.joinRoom('nowhere');
    expectRefusal(world, alice, 'no-such-room', 'nowhere');
    expect(alice.members).toEqual(['alice']);
  });

  setting.scenario('a full room cannot be entered', names, (users, world) => {
    const {alice, bob, carl} = users;
    create(world, alice, mode, 2);
    bob.joinRoom(roomOf(alice));
    untilTogether(world, [alice, bob]);
    carl.joinRoom(roomOf(alice));
    expectRefusal(world, carl, 'room-full', roomOf(alice));
    create(world, carl, mode);
    carl.joinRoom(roomOf(alice));
    expectRefusal(world, carl, 'room-full', roomOf(alice));
    expect(carl.members).toEqual(['carl']);
  });

  setting.scenario('one can invite only into a room', names, ({alice, bob}, world) => {
    alice.invite(['bob'], mode);
    world.until(() => alice.last('error') !== undefined, 'the error');
    expect(alice.last('error')?.code).toBe('not-in-room');
    expect(bob.of('invitation')).toEqual([]);
  });

  setting.scenario('an invitation into a room that is full by then ends', names, (users, world) => {
    const {alice, bob, carl} = users;
    create(world, alice, mode, 2);
    alice.invite(['bob', 'carl'], mode);
    world.until(() => bob.isInvitedBy('alice') && carl.isInvitedBy('alice'), 'the invitations');
    bob.answer('alice', true);
    untilTogether(world, [alice, bob]);
    carl.answer('alice', true);
    world.until(() => !carl.isInvitedBy('alice'), 'its end');
    world.run(quietMs);
    expect(carl.of('room-entered')).toEqual([]);
    expect(alice.members).toEqual(['alice', 'bob']);
  });
}

/** The hub's answer when that user asks for the rooms now. */
function listed(world: World, reader: SimulatedUser): readonly ListedRoom[] {
  const before = reader.of('rooms').length;
  reader.rooms();
  world.until(() => reader.of('rooms').length > before, 'the rooms');
  const rooms = reader.last('rooms')?.rooms ?? [];
  return rooms.toSorted((one, other) => one.name.localeCompare(other.name));
}

/** The hub refuses with a reason, and the user stays where they are. */
function expectRefusal(world: World, user: SimulatedUser, code: string, about: string): void {
  const errors = user.of('error').length;
  const {room, members} = user;
  world.until(() => user.of('error').length > errors || user.room !== room, 'the refusal');
  expect(user.last('error')?.code).toBe(code);
  expect(user.last('error')?.message).toContain(about);
  expect(user.members).toEqual(members);
}
