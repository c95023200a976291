import {expect} from 'vitest';
import {gather, quietMs, type Setting} from '../scenarios.ts';
import {expectDelivered, longestText} from './public-texts.ts';

const names = ['alice', 'bob', 'carl', 'dora'] as const;

/** Texts to one user. */
export function directMessages(setting: Setting): void {
  setting.scenario('a direct message reaches its reader alone', names, (users, world) => {
    const {alice, bob, carl, dora} = users;
    const ids = [1, 2, 3].map(number => alice.tell('bob', `secret ${number}`));
    bob.say('in between');
    world.until(() => alice.engine.pending + bob.engine.pending === 0, 'every end');
    world.run(quietMs);
    for (const id of ids) expectDelivered(alice, id);
    expect(alice.of('sent')[0]).toMatchObject({scope: 'direct', to: 'bob', text: 'secret 1'});
    expect(bob.of('message')).toEqual(
      [1, 2, 3].map(number => ({
        type: 'message',
        scope: 'direct',
        from: 'alice',
        text: `secret ${number}`,
      })),
    );
    for (const other of [alice, carl, dora]) {
      expect(other.of('message').map(({text}) => text)).toEqual(['in between']);
    }
  });

  setting.scenario('the longest direct message arrives whole', names, ({alice, bob}, world) => {
    const text = longestText(setting);
    alice.tell('bob', text);
    world.until(() => bob.last('message') !== undefined, 'the message');
    expect(bob.last('message')).toMatchObject({scope: 'direct', from: 'alice', text});
  });

  setting.scenario('a direct message to nobody fails', names, ({alice}, world) => {
    const id = alice.tell('nobody', 'hello?');
    world.until(() => alice.engine.pending === 0, 'its end');
    expect(alice.last('failed')).toMatchObject({id, reason: 'no-such-user'});
  });

  for (const mode of setting.modes) {
    setting.scenario(`nobody in a ${mode} room is reached from outside`, names, (users, world) => {
      const {alice, bob, carl} = users;
      gather(world, [alice, bob], mode);
      const id = carl.tell('bob', 'come out');
      world.until(() => carl.engine.pending === 0, 'its end');
      expect(carl.last('failed')).toMatchObject({id, reason: 'recipient-in-room'});
      world.run(quietMs);
      expect(bob.of('message')).toEqual([]);
      alice.leave();
      world.until(() => bob.members === undefined, 'the public room');
      expect(carl.retry(id)).toBeUndefined();
      world.until(() => bob.texts('direct').length === 1, 'the message');
      expect(bob.texts('direct')).toEqual(['carl: come out']);
    });

    setting.scenario(`a member of a ${mode} room reaches nobody outside`, names, (users, world) => {
      const {alice, bob, carl} = users;
      gather(world, [alice, bob], mode);
      const id = alice.tell('carl', 'come in');
      world.until(() => alice.engine.pending === 0, 'its end');
      expect(alice.last('failed')).toMatchObject({id, reason: 'recipient-outside'});
      world.run(quietMs);
      expect(carl.of('message')).toEqual([]);
    });

    setting.scenario(`members of a ${mode} room can tell each other`, names, (users, world) => {
      const {alice, bob, carl} = users;
      gather(world, [alice, bob, carl], mode);
      const id = alice.tell('bob', 'not for carl');
      world.until(() => alice.engine.pending === 0, 'its end');
      world.run(quietMs);
      expectDelivered(alice, id);
      expect(bob.texts('direct')).toEqual(['alice: not for carl']);
      expect(carl.of('message')).toEqual([]);
    });
  }
}
