import {expect} from 'vitest';
import type {Mode} from '../../../source/protocols/protocol.ts';
import {gather, invite, quietMs, type Setting, untilPublic, untilTogether} from '../scenarios.ts';
import {expectDelivered, longestText, sayAndWait} from './public-texts.ts';

const names = ['alice', 'bob', 'carl', 'dora', 'eve'] as const;

/** Private rooms of one mode. */
export function rooms(setting: Setting, mode: Mode): void {
  setting.scenario('a text reaches every member, once and in order', names, (users, world) => {
    const {alice, bob, carl, dora, eve} = users;
    const members = [alice, bob, carl] as const;
    gather(world, members, mode);
    const said = members.flatMap(author =>
      [1, 2, 3].map(number => {
        const text = `${author.nick} says ${number}`;
        return {author, text, id: author.say(text)};
      }),
    );
    world.until(() => members.every(({engine}) => engine.pending === 0), 'every end');
    world.run(quietMs);
    for (const {author, id} of said) expectDelivered(author, id);
    for (const reader of members) {
      for (const author of members) {
        const expected = said.filter(one => one.author === author && author !== reader);
        const shown = reader.of('message').filter(({from}) => from === author.nick);
        expect(shown.map(({text}) => text)).toEqual(expected.map(({text}) => text));
        expect(shown.every(({scope}) => scope === 'room')).toBe(true);
      }
    }
    for (const outsider of [dora, eve]) expect(outsider.of('message')).toEqual([]);
  });

  setting.scenario('an author sees how far a text has come', names, (users, world) => {
    const {alice, bob, carl} = users;
    gather(world, [alice, bob, carl], mode);
    sayAndWait(world, alice, 'who has it?');
    const progress = alice.of('progress').map(({confirmed, of}) => `${confirmed} of ${of}`);
    // In a centralised room only the hub confirms, when it has the text.
    expect(progress).toEqual(mode === 'decentralised' ? ['1 of 2', '2 of 2'] : []);
  });

  setting.scenario('the longest text arrives whole', ['alice', 'bob'], ({alice, bob}, world) => {
    gather(world, [alice, bob], mode);
    const text = longestText(setting);
    sayAndWait(world, alice, text);
    world.until(() => bob.last('message') !== undefined, 'the text');
    expect(bob.last('message')).toMatchObject({scope: 'room', from: 'alice', text});
  });

  setting.scenario('marks that have a meaning arrive as text', ['alice', 'bob'], (users, world) => {
    const {alice, bob} = users;
    gather(world, [alice, bob], mode);
    const texts = ['#alice left', '#carl joined', 'bob: Pr&carl: Pr', 'a,b 10.0.0.1:80', '##'];
    for (const text of texts) alice.say(text);
    world.until(() => bob.texts('room').length === texts.length, 'the texts');
    expect(bob.of('message').map(({text}) => text)).toEqual(texts);
    expect(bob.members).toEqual(['alice', 'bob']);
  });

  setting.scenario(
    'a member neither hears the public nor is heard by it',
    names,
    (users, world) => {
      const {alice, bob, carl, dora} = users;
      gather(world, [alice, bob], mode);
      sayAndWait(world, carl, 'is anybody there?');
      world.until(() => dora.texts().includes('carl: is anybody there?'), 'the text in public');
      const id = alice.say('I am not there', 'public');
      world.run(quietMs);
      for (const member of [alice, bob]) expect(member.texts()).toEqual([]);
      for (const user of [carl, dora]) expect(user.texts()).not.toContain('alice: I am not there');
      expect(alice.last('failed')?.id).toBe(id);
    },
  );

  setting.scenario(
    'the others learn who leaves, and who leaves is in public',
    names,
    (users, world) => {
      const {alice, bob, carl, dora} = users;
      gather(world, [alice, bob, carl], mode);
      bob.leave();
      untilTogether(world, [alice, carl]);
      untilPublic(world, bob);
      expect(bob.last('room-left')?.reason).toBe('left');
      sayAndWait(world, dora, 'welcome back');
      world.until(() => bob.texts().includes('dora: welcome back'), 'the public text');
      sayAndWait(world, bob, 'thank you');
      world.until(() => dora.texts().includes('bob: thank you'), 'the answer');
      sayAndWait(world, alice, 'he is gone');
      world.until(() => carl.texts('room').includes('alice: he is gone'), 'the text');
      expect(bob.texts('room')).toEqual([]);
    },
  );

  setting.scenario('a member can invite one more', names, (users, world) => {
    const {alice, bob, carl, dora} = users;
    gather(world, [alice, bob], mode);
    invite(world, bob, [carl], mode);
    expect(carl.last('invitation')).toMatchObject({from: 'bob', mode});
    carl.answer('bob', true);
    untilTogether(world, [alice, bob, carl]);
    sayAndWait(world, carl, 'hello, alice');
    sayAndWait(world, alice, 'hello, carl');
    world.run(quietMs);
    expect(carl.texts('room')).toEqual(['alice: hello, carl']);
    expect(bob.texts('room').toSorted()).toEqual(['alice: hello, carl', 'carl: hello, alice']);
    expect(dora.of('message')).toEqual([]);
  });

  setting.scenario("a member's invitation is for the room as it is", names, (users, world) => {
    const {alice, bob, carl} = users;
    gather(world, [alice, bob], mode);
    const other = setting.modes.find(one => one !== mode) ?? mode;
    invite(world, alice, [carl], other);
    expect(carl.last('invitation')?.mode).toBe(mode);
    carl.answer('alice', true);
    untilTogether(world, [alice, bob, carl]);
    expect(carl.room?.mode).toBe(mode);
  });

  setting.scenario(
    'the last one in a room is back in public, and told why',
    names,
    (users, world) => {
      const {alice, bob, carl} = users;
      gather(world, [alice, bob], mode);
      alice.leave();
      untilPublic(world, bob);
      expect(bob.last('room-left')?.reason).toBe('closed');
      expect(alice.last('room-left')?.reason).toBe('left');
      sayAndWait(world, bob, 'I am back');
      world.until(() => carl.texts().includes('bob: I am back'), 'the text');
      world.until(() => alice.texts().includes('bob: I am back'), 'the text');
    },
  );

  setting.scenario('whoever disconnects leaves the room', names, (users, world) => {
    const {alice, bob, carl, dora} = users;
    gather(world, [alice, bob, carl], mode);
    carl.close();
    untilTogether(world, [alice, bob]);
    world.until(() => !dora.present.includes('carl'), 'a departure');
    world.until(() => carl.engine.isClosed, 'the goodbye');
    sayAndWait(world, alice, 'still here');
    world.until(() => bob.texts('room').includes('alice: still here'), 'the text');
    bob.close();
    untilPublic(world, alice);
    expect(alice.last('room-left')?.reason).toBe('closed');
  });

  setting.scenario('those who part can meet again', names, (users, world) => {
    const {alice, bob, carl} = users;
    gather(world, [alice, bob], mode);
    sayAndWait(world, alice, 'first room');
    alice.leave();
    untilPublic(world, bob);
    gather(world, [bob, alice, carl], mode);
    sayAndWait(world, alice, 'second room');
    world.until(() => bob.texts('room').length === 2, 'the text');
    world.until(() => carl.texts('room').length === 1, 'the text');
    expect(bob.texts('room')).toEqual(['alice: first room', 'alice: second room']);
    expect(carl.texts('room')).toEqual(['alice: second room']);
  });

  setting.scenario('two rooms do not hear each other', names, (users, world) => {
    const {alice, bob, carl, dora, eve} = users;
    gather(world, [alice, bob], mode);
    gather(world, [carl, dora], mode);
    sayAndWait(world, alice, 'in the first');
    sayAndWait(world, carl, 'in the second');
    world.run(quietMs);
    expect(bob.texts('room')).toEqual(['alice: in the first']);
    expect(dora.texts('room')).toEqual(['carl: in the second']);
    for (const silent of [alice, carl, eve]) expect(silent.of('message')).toEqual([]);
  });
}
