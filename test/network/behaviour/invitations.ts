import {expect} from 'vitest';
import {
  create,
  gather,
  invite,
  quietMs,
  roomOf,
  type Setting,
  untilPublic,
  untilTogether,
} from '../scenarios.ts';
import type {SimulatedUser, World} from '../world.ts';

const names = ['alice', 'bob', 'carl', 'dora'] as const;

/** Time after which an unanswered invitation is over. */
const pendingMs = 5 * 60_000;

/** Being asked into a room. */
export function invitations(setting: Setting): void {
  const isNamed = setting.has('named-rooms');
  const [mode = 'centralised'] = setting.modes;
  /** The room of an inviter whom nobody has joined. */
  const alone = (inviter: SimulatedUser) => (isNamed ? [inviter.nick] : undefined);

  for (const mode of setting.modes) {
    setting.scenario(`accepting leads into one ${mode} room`, names, ({alice, bob}, world) => {
      invite(world, alice, [bob], mode);
      const name = isNamed ? {room: roomOf(alice)} : {};
      expect(bob.last('invitation')).toEqual({
        type: 'invitation',
        from: 'alice',
        mode,
        ...name,
        lifetimeMs: 5 * 60_000,
      });
      bob.answer('alice', true);
      untilTogether(world, [alice, bob]);
      for (const {room} of [alice, bob]) {
        expect(room?.mode).toBe(mode);
        expect(room?.name).toBe(isNamed ? roomOf(alice) : undefined);
      }
      expectEnd(world, bob, 'alice', 'accepted');
      world.until(() => alice.last('invitation-answer') !== undefined, 'the answer');
      expect(alice.of('invitation-answer')).toMatchObject([{nick: 'bob', accepted: true}]);
    });

    setting.scenario(`refusing a ${mode} room changes nothing`, names, ({alice, bob}, world) => {
      invite(world, alice, [bob], mode);
      bob.answer('alice', false);
      world.until(() => alice.last('invitation-answer') !== undefined, 'the answer');
      expect(alice.of('invitation-answer')).toMatchObject([{nick: 'bob', accepted: false}]);
      expectEnd(world, bob, 'alice', 'declined');
      world.run(quietMs);
      expect(alice.members).toEqual(alone(alice));
      expect(bob.of('room-entered')).toEqual([]);
    });
  }

  setting.scenario('several are invited at once', names, ({alice, bob, carl, dora}, world) => {
    invite(world, alice, [bob, carl, dora], mode);
    bob.answer('alice', true);
    carl.answer('alice', false);
    dora.answer('alice', true);
    untilTogether(world, [alice, bob, dora]);
    world.until(() => alice.of('invitation-answer').length === 3, 'the answers');
    const answers = alice.of('invitation-answer').map(({nick, accepted}) => `${nick} ${accepted}`);
    expect(answers.toSorted()).toEqual(['bob true', 'carl false', 'dora true']);
    expect(carl.of('room-entered')).toEqual([]);
  });

  setting.scenario('nobody can be invited who is not there', names, ({alice, bob}, world) => {
    if (isNamed) create(world, alice, mode);
    alice.invite(['nobody'], mode);
    world.until(() => alice.last('error') !== undefined, 'the error');
    expect(alice.last('error')?.code).toBe('no-such-user');
    expect(alice.last('error')?.message).toContain('nobody');
    alice.invite(['nobody', 'bob'], mode);
    world.until(() => bob.isInvitedBy('alice'), 'the invitation of the one who is there');
    world.until(() => alice.of('error').length === 2, 'the second error');
    bob.answer('alice', true);
    untilTogether(world, [alice, bob]);
  });

  setting.scenario('nobody answers: the invitation is over', names, ({alice, bob}, world) => {
    invite(world, alice, [bob], mode);
    world.run(pendingMs + quietMs);
    expectEnd(world, bob, 'alice', 'expired');
    bob.answer('alice', true);
    world.until(() => bob.last('error')?.code === 'invitation-over', 'the error');
    world.run(quietMs);
    expect(alice.members).toEqual(alone(alice));
    expect(bob.of('room-entered')).toEqual([]);
    invite(world, alice, [bob], mode);
    bob.answer('alice', true);
    untilTogether(world, [alice, bob]);
  });

  setting.scenario('an answer that comes too late leads nowhere', names, ({alice, bob}, world) => {
    // The invitation reaches bob late, so that it is still open at his client when it is over at the hub.
    world.until(() => !world.hub.isBusy, 'a hub that waits for nobody');
    world.silence(bob.endpoint);
    world.network.after(900, () => world.restore(bob.endpoint));
    invite(world, alice, [bob], mode);
    const invited = world.applied.findLast(({command}) => command.type === 'invite');
    world.run((invited?.at ?? 0) + pendingMs - world.network.now);
    bob.answer('alice', true);
    expect(bob.of('error')).toEqual([]);
    expectEnd(world, bob, 'alice', 'expired');
    world.run(quietMs);
    expect(bob.of('room-entered')).toEqual([]);
    expect(alice.members).toEqual(alone(alice));
  });

  setting.scenario('an invitation ends with its inviter', names, ({alice, bob, carl}, world) => {
    invite(world, alice, [bob], mode);
    alice.close();
    // If the goodbye gets lost, it is repeated only as long as leaving may take: then the hub notices her absence later.
    world.until(() => world.hub.users === names.length - 1, 'her departure');
    if (bob.isInvitedBy('alice')) bob.answer('alice', true);
    expectEnd(world, bob, 'alice', 'expired');
    expect(bob.of('room-entered')).toEqual([]);
    carl.say('you are with us');
    world.until(() => bob.texts().length === 1, 'the public text');
  });

  setting.scenario('an invitation ends when its inviter goes elsewhere', names, (users, world) => {
    const {alice, bob, carl} = users;
    invite(world, alice, [bob], mode);
    invite(world, carl, [alice], mode);
    alice.answer('carl', true);
    untilTogether(world, [alice, carl]);
    if (bob.isInvitedBy('alice')) bob.answer('alice', true);
    expectEnd(world, bob, 'alice', 'expired');
    expect(bob.of('room-entered')).toEqual([]);
    expect(alice.members).toEqual(['alice', 'carl']);
  });

  const busy = isNamed
    ? 'somebody in a private room can be invited into another'
    : 'somebody in a private room cannot be invited';
  setting.scenario(busy, names, ({alice, bob, carl}, world) => {
    gather(world, [alice, bob], mode);
    if (isNamed) {
      invite(world, carl, [bob], mode);
      bob.answer('carl', true);
      untilTogether(world, [bob, carl]);
      untilPublic(world, alice);
      expect(alice.last('room-left')?.reason).toBe('closed');
      return;
    }
    carl.invite(['bob'], mode);
    // The inviter is told, by an error or by a refusal.
    const isTold = () =>
      carl.last('error')?.code === 'already-in-room' ||
      carl.last('invitation-answer')?.accepted === false;
    world.until(isTold, 'the refusal');
    world.run(quietMs);
    expect(bob.of('invitation')).toHaveLength(1);
    expect(bob.members).toEqual(['alice', 'bob']);
    expect(carl.of('room-entered')).toEqual([]);
  });

  setting.scenario('of two invitations both can be accepted, in turn', names, (users, world) => {
    const {alice, bob, carl} = users;
    invite(world, alice, [carl], mode);
    invite(world, bob, [carl], mode);
    carl.answer('alice', true);
    untilTogether(world, [alice, carl]);
    carl.answer('bob', true);
    untilTogether(world, [bob, carl]);
    untilPublic(world, alice);
    expectEnd(world, carl, 'alice', 'accepted');
    expectEnd(world, carl, 'bob', 'accepted');
    expect(alice.last('room-left')?.reason).toBe('closed');
  });

  setting.scenario('of two invitations one can be refused', names, ({alice, bob, carl}, world) => {
    invite(world, alice, [carl], mode);
    invite(world, bob, [carl], mode);
    carl.answer('alice', false);
    carl.answer('bob', true);
    untilTogether(world, [bob, carl]);
    world.until(() => alice.last('invitation-answer')?.accepted === false, 'the refusal');
    expect(alice.members).toEqual(alone(alice));
    expectEnd(world, carl, 'alice', 'declined');
    expectEnd(world, carl, 'bob', 'accepted');
  });

  const other = setting.modes.find(one => one !== mode);
  if (!isNamed && other !== undefined) {
    const title = 'of invitations into rooms of both modes the first accepted decides';
    setting.scenario(title, names, ({alice, bob, carl}, world) => {
      invite(world, alice, [bob], mode);
      invite(world, alice, [carl], other);
      bob.answer('alice', true);
      untilTogether(world, [alice, bob]);
      for (const {room} of [alice, bob]) expect(room?.mode).toBe(mode);
      if (carl.isInvitedBy('alice')) carl.answer('alice', true);
      expectEnd(world, carl, 'alice', 'expired');
      expect(carl.of('room-entered')).toEqual([]);
    });
  }

  setting.scenario('two who invite each other meet', ['alice', 'bob'], ({alice, bob}, world) => {
    invite(world, alice, [bob], mode);
    invite(world, bob, [alice], mode);
    alice.answer('bob', true);
    untilTogether(world, [alice, bob]);
  });
}

/** That invitation has one end, and that one. */
function expectEnd(world: World, user: SimulatedUser, from: string, reason: string): void {
  const ends = () => user.of('invitation-ended').filter(event => event.from === from);
  world.until(() => ends().length > 0, `an end of the invitation of ${from}`);
  expect(ends().map(event => event.reason)).toEqual([reason]);
}
