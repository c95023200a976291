import {describe, expect, test} from 'vitest';
import {hubEndpoint} from '../../network/world.ts';
import {show} from './bench.ts';
import {connected, errors, fate, gather, minuteMs, story} from './client-setting.ts';
import {ScriptedHub} from './scripted-hub.ts';

describe('invitations', () => {
  test('somebody in another room can accept, and changes', () => {
    const {world, alice, bob, carl} = connected(3);
    gather(world, 'centralised', bob, carl);
    alice.createRoom('lair', 'decentralised', 10);
    world.run(0);
    alice.invite(['carl']);
    world.run(0);
    carl.answer('alice', true);
    world.run(2000);
    expect([alice.members, carl.members, bob.members]).toEqual([
      ['alice', 'carl'],
      ['alice', 'carl'],
      undefined,
    ]);
    expect(story(bob).at(-1)).toBe('left: closed');
  });

  test('it is answered under the number of the 13, after it was confirmed with 12 (R6)', () => {
    const hub = ScriptedHub.connected();
    hub.invite(0, 'bob');
    hub.invite(1, 'carl', 'decentralised', 'nest');
    expect(hub.take().map(show)).toEqual(['12 #0 by 1', '12 #1 by 1']);
    hub.alice.answer('carl', false);
    hub.alice.answer('bob', true);
    hub.run(0);
    expect(hub.take().map(show)).toEqual(['14 #1 by 1 false', '14 #0 by 1 true']);
    expect(story(hub.alice)).toEqual(['entered lair: alice bob']);
  });

  test('a second copy is confirmed again, and shown once', () => {
    const hub = ScriptedHub.connected();
    hub.invite(0, 'bob');
    hub.invite(0, 'bob');
    expect(hub.take().map(show)).toEqual(['12 #0 by 1', '12 #0 by 1']);
    expect(hub.alice.of('invitation')).toHaveLength(1);
  });

  test('the inviter is told who is unknown, who is there already and that the room is full', () => {
    const {world, alice, bob, carl} = connected(3);
    alice.createRoom('den', 'centralised', 2);
    world.run(0);
    bob.joinRoom('den');
    world.run(0);
    alice.invite(['ghost', 'bob', 'carl']);
    world.run(0);
    expect(errors(alice)).toEqual(['no-such-user', 'already-in-room', 'room-full']);
    expect(carl.of('invitation')).toEqual([]);
  });

  test('from public nobody is invited, and the hub not bothered', () => {
    const hub = ScriptedHub.connected();
    hub.alice.invite(['bob']);
    hub.run(0);
    expect(errors(hub.alice)).toEqual(['not-in-room']);
    expect(hub.take()).toEqual([]);
  });

  test('an acceptance that comes too late ends as expired, and leaves us where we are (R10)', () => {
    const {world, alice, bob, carl} = connected(3);
    alice.createRoom('den', 'centralised', 10);
    world.run(0);
    alice.invite(['bob']);
    world.run(0);
    alice.leave();
    world.run(0);
    bob.answer('alice', true);
    const id = bob.say('where are you?');
    world.run(2000);
    expect(bob.of('invitation-ended')).toEqual([
      {type: 'invitation-ended', from: 'alice', reason: 'expired'},
    ]);
    expect(story(bob)).toEqual([]);
    expect(fate(bob, id)).toEqual([{type: 'delivered', id}]);
    expect(carl.texts()).toEqual(['bob: where are you?']);
  });

  test('an acceptance into a room that has filled up since ends as expired, and says why', () => {
    const hub = ScriptedHub.connected();
    hub.invite(0, 'bob');
    const answer = {mode: 'centralised', status: 'room-full', peers: []} as const;
    hub.answers.set('reponseMessageriePrivee', () => ({type: 'reponseAcces', ...answer}));
    hub.alice.answer('bob', true);
    hub.run(0);
    expect(hub.alice.of('invitation-ended').map(({reason}) => reason)).toEqual(['expired']);
    expect(errors(hub.alice)).toEqual(['room-full']);
    expect(story(hub.alice)).toEqual([]);
  });

  test('an answer that the hub never hears can be given again', () => {
    const {world, alice, bob} = connected(2);
    alice.createRoom('den', 'centralised', 10);
    world.run(0);
    alice.invite(['bob']);
    world.run(0);
    world.network.silence(hubEndpoint);
    bob.answer('alice', true);
    world.run(3100);
    expect(errors(bob)).toEqual(['no-answer']);
    world.network.restore(hubEndpoint);
    world.until(() => bob.isConnected, 'bob back', minuteMs);
    bob.answer('alice', true);
    world.run(2000);
    expect(bob.members).toEqual(['alice', 'bob']);
  });

  test('a hub cannot make us keep more than 64 of them', () => {
    const hub = ScriptedHub.connected();
    for (let number = 0; number < 200; number++) hub.invite(number, `user${number}`);
    expect(hub.alice.of('invitation-ended')).toHaveLength(200 - 64);
    hub.alice.answer('user0', true);
    expect(errors(hub.alice)).toEqual(['invitation-over']);
  });
});
