import {expect} from 'vitest';
import {gather, impossibleNickname, quietMs, type Setting} from '../scenarios.ts';
import type {SimulatedUser, World} from '../world.ts';

/** Arriving, being refused, being listed, leaving. */
export function connections(setting: Setting): void {
  setting.scenario('whoever connects sees who is there', ['alice', 'bob'], ({alice}, world) => {
    const [carl] = world.connect('carl');
    expect(carl?.present).toEqual(['alice', 'bob', 'carl']);
    const self = carl?.last('users')?.users.filter(user => user.self);
    expect(self?.map(({nick}) => nick)).toEqual(['carl']);
    expect(alice.last('connected')).toMatchObject({nick: 'alice', protocol: setting.protocol.name});
  });

  setting.scenario('the list follows who comes and goes', ['alice', 'bob'], (users, world) => {
    const {alice, bob} = users;
    world.connect('carl');
    world.until(() => alice.present.join() === 'alice,bob,carl', 'an arrival');
    bob.close();
    world.until(() => bob.engine.isClosed, 'the goodbye');
    world.until(() => alice.present.join() === 'alice,carl', 'a departure');
    expect(bob.last('disconnected')?.reason).toBe('left');
    expect(bob.engine.isClosed).toBe(true);
    expect(world.hub.users).toBe(2);
  });

  setting.scenario('a nickname that somebody has is refused', ['alice', 'bob'], (users, world) => {
    const {alice, bob} = users;
    for (const nick of ['alice', 'ALICE']) {
      const second = world.add(nick);
      second.start();
      world.until(() => second.last('refused') !== undefined, 'the refusal');
      expect(second.last('refused')?.reason).toBe('nickname-in-use');
      expect(second.of('connected')).toEqual([]);
    }
    const id = alice.say('it is me');
    world.until(() => bob.texts().includes('alice: it is me'), 'the text');
    world.until(() => alice.last('delivered')?.id === id, 'its delivery');
    expect(world.hub.users).toBe(2);
  });

  setting.scenario('a nickname that has become free is given again', ['alice'], (users, world) => {
    // A late copy of her registration would take the name once more.
    world.run(quietMs);
    users.alice.close();
    world.until(() => users.alice.engine.isClosed, 'the goodbye');
    const [other] = world.connect('alice');
    expect(other?.isConnected).toBe(true);
  });

  setting.scenario('a nickname that cannot be one is refused', ['alice'], ({alice}, world) => {
    const nobody = world.add(impossibleNickname(setting.protocol));
    nobody.start();
    world.until(() => nobody.last('refused') !== undefined, 'the refusal');
    expect(nobody.last('refused')?.reason).toBe('nickname-invalid');
    expect(alice.present).toEqual(['alice']);
  });

  setting.scenario('a full hub lets nobody in', ['alice', 'bob'], ({alice}, world) => {
    world.capacity = 2;
    const carl = world.add('carl');
    carl.start();
    world.until(() => carl.last('refused') !== undefined, 'the refusal');
    // These two have the same word for a hub that is full as for a name that is taken.
    const hasOneWord = ['whoiam', 'cosp'].includes(setting.protocol.name);
    const reason = hasOneWord ? 'nickname-in-use' : 'hub-full';
    expect(carl.last('refused')?.reason).toBe(reason);
    // A late copy of the refused request would take the place.
    world.run(quietMs);
    alice.close();
    world.until(() => world.hub.users === 1, 'a place');
    const [dora] = world.connect('dora');
    expect(dora?.present).toEqual(['bob', 'dora']);
  });

  // With named rooms, the list does not say who is in them.
  const isTold = !setting.has('named-rooms');
  for (const mode of setting.modes) {
    const title = `the list says as much as it may of who is in a ${mode} room`;
    setting.scenario(title, ['alice', 'bob', 'carl'], ({alice, bob, carl}, world) => {
      gather(world, [alice, bob], mode);
      const own = isTold ? 'alice:room bob:room carl:public' : 'alice:room bob:room carl:undefined';
      for (const member of [alice, bob]) untilListed(world, member, own);
      const others = isTold ? own : 'alice:undefined bob:undefined carl:public';
      untilListed(world, carl, others);
      alice.leave();
      const left = isTold
        ? 'alice:public bob:public carl:public'
        : 'alice:undefined bob:undefined carl:public';
      untilListed(world, carl, left);
    });
  }
}

function untilListed(world: World, reader: SimulatedUser, expected: string): void {
  const listed = () =>
    (reader.last('users')?.users ?? []).map(({nick, status}) => `${nick}:${status}`).toSorted();
  world.until(() => listed().join(' ') === expected, `${expected} on the list of ${reader.nick}`);
}
