import {describe, expect, test} from 'vitest';
import {hubEndpoint} from '../../network/world.ts';
import {connected, gather, minuteMs, numberOf} from './client-setting.ts';
import {ScriptedHub} from './scripted-hub.ts';

describe('invitations', () => {
  test('the inviter asks, chooses the mode, and the invitee is told', () => {
    const hub = ScriptedHub.connected();
    hub.alice.invite(['bob', 'carl'], 'decentralised');
    hub.run(0);
    expect(hub.take()).toEqual(['0x13 #2 public decentralised alice,bob,carl']);
    hub.say('offrirDeuxModes', 2);
    expect(hub.take()).toEqual(['0x14 #3 public decentralised']);
  });

  test('a copy of the question is not answered again', () => {
    const hub = ScriptedHub.connected();
    hub.alice.invite(['bob']);
    hub.run(0);
    hub.say('offrirDeuxModes', 2);
    hub.say('offrirDeuxModes', 2);
    expect(hub.take()).toEqual([
      '0x13 #2 public centralised alice,bob',
      '0x14 #3 public centralised',
    ]);
  });

  test('each invitation gets its own mode: the second is asked for when the first is through', () => {
    const hub = ScriptedHub.connected();
    hub.alice.invite(['bob'], 'decentralised');
    hub.alice.invite(['carl'], 'centralised');
    hub.run(0);
    hub.say('offrirDeuxModes', 2);
    expect(hub.take()).toEqual([
      '0x13 #2 public decentralised alice,bob',
      '0x14 #3 public decentralised',
    ]);
    hub.say('ack', 3);
    hub.say('offrirDeuxModes', 4);
    expect(hub.take()).toEqual([
      '0x13 #4 public centralised alice,carl',
      '0x14 #5 public centralised',
    ]);
  });

  test('a hundred invitees are asked for in as many texts as they need', () => {
    const {world, alice} = connected(1);
    const names = Array.from({length: 100}, (_, index) => `guest${index}`.padEnd(20, '_'));
    const guests = world.connect(...names);
    alice.invite(names);
    world.run(0);
    expect(guests.filter(guest => guest.isInvitedBy('alice'))).toHaveLength(100);
  });

  test('somebody in a private room counts as declining', () => {
    const {world, alice, bob, carl} = connected(3);
    gather(world, 'centralised', bob, carl);
    alice.invite(['carl']);
    world.run(0);
    expect(alice.of('invitation-answer')).toEqual([
      {type: 'invitation-answer', nick: 'carl', accepted: false},
    ]);
  });

  test('invitees who cannot exist are told at once, and the others invited', () => {
    const {world, alice, bob} = connected(2);
    alice.invite(['no name', 'bob']);
    expect(alice.of('error').map(({message}) => message)).toEqual([
      expect.stringContaining('no name'),
    ]);
    world.run(0);
    expect(bob.isInvitedBy('alice')).toBe(true);
  });

  test('where nobody is known, all of them are named', () => {
    const {world, alice} = connected(1);
    alice.invite(['ghost', 'spirit']);
    world.run(0);
    expect(alice.of('error')).toMatchObject([
      {code: 'no-such-user', message: expect.stringContaining('ghost, spirit')},
    ]);
  });

  test('where some are known, each of the others is named once, out of the list', () => {
    const {world, alice, bob} = connected(2);
    alice.invite(['ghost', 'BOB', 'spirit']);
    world.run(5000);
    expect(alice.of('error').map(({message}) => message)).toEqual([
      expect.stringContaining('ghost'),
      expect.stringContaining('spirit'),
    ]);
    expect(bob.isInvitedBy('alice')).toBe(true);
    alice.invite(['wraith', 'bob']);
    world.run(5000);
    expect(alice.of('error').at(-1)?.message).toContain('wraith');
    expect(alice.of('error')).toHaveLength(3);
  });

  test('as often as somebody is unknown, somebody is named, though one list shows all of them', () => {
    const hub = ScriptedHub.connected();
    const invite = (...names: readonly string[]) => {
      hub.alice.invite(names);
      hub.run(0);
      const sequence = numberOf(hub.take(), '0x13');
      hub.say('offrirDeuxModes', sequence);
      hub.say('ack', sequence + 1);
      hub.take();
    };
    const errors = () => hub.alice.of('error').length;
    invite('bob', 'ghost', 'spirit');
    hub.say('envoieInvalide', 0);
    expect(errors()).toBe(2);
    hub.say('envoieInvalide', 1);
    expect(errors()).toBe(2);
    hub.say('envoieInvalide', 2);
    expect(errors()).toBe(3);
    // The next invitation has other invitees, even if answers about the former one are still missing.
    invite('bob', 'wraith', 'shade');
    hub.say('envoieInvalide', 3);
    expect(errors()).toBe(5);
    invite('bob', 'phantom');
    hub.say('envoieInvalide', 4);
    expect(errors()).toBe(6);
  });

  test('a user who is unknown is named at once if the hub says who, and the list is not asked for', () => {
    const hub = ScriptedHub.connected();
    hub.alice.invite(['bob', 'ghost', 'spirit']);
    hub.run(0);
    hub.answer('offrirDeuxModes');
    hub.answer('ack');
    hub.takeLines();
    hub.say('envoieInvalide', 0, 'nom de recepteur', 'SPIRIT');
    expect(hub.alice.of('error').map(({message}) => message)).toEqual([
      expect.stringContaining('spirit'),
    ]);
    expect(hub.takeLines()).toEqual(['0x08 #0']);
    // The hub says nothing about the other one: then the list tells.
    hub.say('envoieInvalide', 1);
    expect(hub.alice.of('error').at(-1)?.message).toContain('ghost');
    expect(hub.alice.of('error')).toHaveLength(2);
  });

  test('an invitation that the hub does not hear leaves the way free for the next', () => {
    const {world, alice, bob} = connected(2);
    world.network.silence(hubEndpoint);
    alice.invite(['bob']);
    world.until(() => !alice.isConnected, 'the hub missed', 2 * minuteMs);
    world.network.restore(hubEndpoint);
    world.until(() => alice.isConnected && bob.isConnected, 'both back', 2 * minuteMs);
    alice.invite(['bob']);
    world.run(0);
    expect(bob.isInvitedBy('alice')).toBe(true);
  });

  test('a user who was not invited after all has not accepted by joining later', () => {
    const hub = ScriptedHub.inRoom();
    hub.alice.invite(['ghost']);
    hub.run(0);
    hub.answer('envoieInvalide');
    hub.say('invitationValide', 1, 'bob', 'ghost');
    expect(hub.alice.of('invitation-answer').map(({nick}) => nick)).toEqual(['bob']);
  });

  test('one of several who do not exist, as the list shows, has not answered either', () => {
    const hub = ScriptedHub.inRoom();
    hub.alice.invite(['bob', 'ghost']);
    hub.run(0);
    hub.answer('offrirDeuxModes');
    hub.answer('ack');
    hub.say('envoieInvalide', 1);
    expect(hub.alice.of('error')).toHaveLength(1);
    hub.say('invitationValide', 2, 'bob', 'ghost');
    expect(hub.alice.of('invitation-answer').map(({nick}) => nick)).not.toContain('ghost');
  });

  test('of two acceptances the second counts', () => {
    const hub = ScriptedHub.connected();
    hub.invite(0, 'bob');
    hub.invite(1, 'carl');
    hub.alice.answer('bob', true);
    hub.alice.answer('carl', true);
    expect(hub.alice.of('invitation-ended')).toEqual([
      {type: 'invitation-ended', from: 'bob', reason: 'expired'},
    ]);
  });

  test('a roster may be too long to show the inviter', () => {
    const hub = ScriptedHub.connected();
    hub.invite(0, 'bob');
    hub.alice.answer('bob', true);
    hub.run(0);
    hub.say('ack', 0);
    hub.say('invitationValide', 1, 'carl');
    expect(hub.alice.room?.members).toEqual(['alice', 'carl']);
    hub.run(12_000);
    expect(hub.alice.of('invitation-ended').map(({reason}) => reason)).toEqual(['accepted']);
  });

  test('an invitee who has come in the meantime is not named: the hub’s words are', () => {
    const hub = ScriptedHub.connected();
    hub.alice.invite(['bob', 'carl']);
    hub.run(0);
    hub.say('offrirDeuxModes', 2);
    hub.users = [
      {nick: 'bob', status: 'public'},
      {nick: 'carl', status: 'public'},
    ];
    hub.say('ack', 3);
    hub.say('envoieInvalide', 0);
    expect(hub.alice.of('error')).toMatchObject([
      {code: 'refused-by-hub', message: expect.stringContaining("n'existe pas")},
    ]);
  });

  test.each([
    ['public', 'too-many-rooms', () => ScriptedHub.connected()],
    ['a room', 'room-full', () => ScriptedHub.inRoom()],
  ] as const)('0x11 to an inviter in %s is the error %s, at either step', (_, code, create) => {
    const hub = create();
    hub.alice.invite(['carl']);
    hub.run(0);
    hub.answer('tropDeClients');
    hub.alice.invite(['dora']);
    hub.run(0);
    hub.answer('offrirDeuxModes');
    hub.answer('tropDeClients');
    expect(hub.alice.of('error').map(error => error.code)).toEqual([code, code]);
  });

  test('a mode that the hub has not asked for, for all it knows, is an error in its words', () => {
    const hub = ScriptedHub.connected();
    hub.alice.invite(['bob']);
    hub.run(0);
    hub.say('offrirDeuxModes', 2);
    hub.say('messagerieSeTermine', 3);
    expect(hub.alice.of('error')).toMatchObject([
      {code: 'refused-by-hub', message: expect.stringContaining('Messagerie se termine')},
    ]);
  });

  test('an acceptance that finds no place ends as expired, with an error', () => {
    const hub = ScriptedHub.connected();
    hub.invite(0, 'bob');
    hub.alice.answer('bob', true);
    hub.run(0);
    expect(hub.take()).toEqual(['0x08 #0', '0x05 #0']);
    hub.say('tropDeClients', 0);
    expect(hub.alice.of('invitation-ended').map(({reason}) => reason)).toEqual(['expired']);
    expect(hub.alice.of('error').map(({code}) => code)).toEqual(['room-full']);
  });

  test('a refusal goes out under the number of the invitation', () => {
    const hub = ScriptedHub.connected();
    hub.invite(0, 'bob');
    hub.alice.answer('bob', false);
    hub.run(0);
    expect(hub.take()).toEqual(['0x08 #0', '0x06 #0']);
    hub.say('ack', 0);
    expect(hub.alice.of('invitation-ended').map(({reason}) => reason)).toEqual(['declined']);
  });

  test('an acceptance is no room yet; one that no roster follows for 12 s has expired', () => {
    const hub = ScriptedHub.connected();
    hub.invite(0, 'bob');
    hub.alice.answer('bob', true);
    hub.run(0);
    hub.say('ack', 0);
    hub.run(11_999);
    expect(hub.alice.room).toBeUndefined();
    expect(hub.alice.of('invitation-ended')).toEqual([]);
    hub.run(1);
    expect(hub.alice.of('invitation-ended').map(({reason}) => reason)).toEqual(['expired']);
  });

  test('a roster that overtakes the confirmation enters the room, an empty one in the mode of the invitation', () => {
    const hub = ScriptedHub.connected();
    hub.invite(0, 'bob', 'decentralised');
    hub.alice.answer('bob', true);
    hub.run(0);
    hub.say('invitationValide', 1);
    expect(hub.alice.room).toMatchObject({mode: 'decentralised', members: ['alice', 'bob']});
    hub.say('ack', 0);
    hub.run(minuteMs);
    expect(hub.alice.of('invitation-ended').map(({reason}) => reason)).toEqual(['accepted']);
  });

  test('an empty roster, as the original has it, enters the room with the inviter', () => {
    const hub = ScriptedHub.connected();
    hub.invite(0, 'bob');
    hub.alice.answer('bob', true);
    hub.run(0);
    hub.say('ack', 0);
    hub.say('invitationValide', 1);
    expect(hub.alice.room?.members).toEqual(['alice', 'bob']);
    hub.say('invitationValide', 2);
    expect(hub.alice.members).toEqual(['alice', 'bob']);
  });

  test('an answer that the hub never hears can be given again', () => {
    const {world, alice, bob} = connected(2);
    alice.invite(['bob']);
    world.run(0);
    world.network.silence(hubEndpoint);
    bob.answer('alice', true);
    world.run(12_000);
    expect(bob.of('error').map(({code}) => code)).toEqual(['no-answer']);
    world.network.restore(hubEndpoint);
    world.until(() => alice.isConnected && bob.isConnected, 'both back', 2 * minuteMs);
    bob.answer('alice', true);
    world.run(1000);
    expect([alice.members, bob.members]).toEqual([
      ['alice', 'bob'],
      ['alice', 'bob'],
    ]);
    expect(bob.of('invitation-ended').map(({reason}) => reason)).toEqual(['accepted']);
  });

  test('a user who accepts while in a room leaves that one first', () => {
    const hub = ScriptedHub.inRoom();
    hub.invite(1, 'carl');
    hub.take();
    hub.alice.answer('carl', true);
    expect(hub.alice.of('room-left').map(({reason}) => reason)).toEqual(['left']);
    hub.run(0);
    expect(hub.take()).toEqual([expect.stringMatching(/^0x07 /), '0x05 #1']);
  });

  test('invited ourselves and in our own invitee’s room by then, we go to the inviter’s', () => {
    const hub = ScriptedHub.connected();
    hub.alice.invite(['bob']);
    hub.run(0);
    hub.answer('offrirDeuxModes');
    hub.answer('ack');
    hub.invite(0, 'carl', 'decentralised');
    hub.alice.answer('carl', true);
    hub.run(0);
    hub.say('invitationValide', 1, 'bob');
    expect(hub.alice.room).toMatchObject({mode: 'centralised', members: ['alice', 'bob']});
    hub.say('invitationValide', 2, 'carl 192.0.2.3:3');
    expect(hub.alice.of('room-left').map(({reason}) => reason)).toEqual(['left']);
    expect(hub.alice.room).toMatchObject({mode: 'decentralised', members: ['alice', 'carl']});
    expect(hub.alice.of('invitation-ended')).toEqual([
      {type: 'invitation-ended', from: 'carl', reason: 'accepted'},
    ]);
  });
});
