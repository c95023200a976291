/** The usage scenarios of the original specifications, one hub and real processes. */
import {expect, test} from 'vitest';
import {hears, say} from './conversation.ts';
import {gathering} from './gathering.ts';

const people = gathering();
const {start, connected} = people;

test('messagerie: somebody opens a room and invites another, and a third finds it in the list', async () => {
  const alice = await connected('messagerie', 'alice');
  const bob = await connected('messagerie', 'bob');
  // First scenario.
  alice.write('/create équipe --max 3');
  expect(await alice.next('room-entered')).toMatchObject({
    name: 'équipe',
    mode: 'centralised',
    members: ['alice'],
  });
  alice.write('/invite bob');
  expect(await bob.next('invitation')).toMatchObject({
    from: 'alice',
    mode: 'centralised',
    room: 'équipe',
  });
  bob.write('/accept');
  expect(await alice.next('invitation-answer')).toMatchObject({nick: 'bob', accepted: true});
  expect(await bob.next('room-entered')).toMatchObject({
    name: 'équipe',
    members: ['alice', 'bob'],
  });
  // Second scenario.
  const carl = await connected('messagerie', 'carl');
  carl.write('/rooms');
  expect((await carl.next('rooms')).rooms).toEqual([
    {name: 'équipe', mode: 'centralised', members: 2},
  ]);
  carl.write('/join équipe');
  await carl.next('room-entered', ({members}) => members.length === 3);
  await say(carl, 'bonjour à tous');
  await hears(alice, 'carl', 'bonjour à tous', 'room');
  await hears(bob, 'carl', 'bonjour à tous', 'room');

  const dora = await connected('messagerie', 'dora');
  dora.write('/join équipe');
  expect((await dora.next('error')).code).toBe('room-full');
  dora.write('/create équipe');
  expect((await dora.next('error')).code).toBe('room-name-in-use');
  dora.write('/msg alice psst');
  expect((await dora.next('error')).code).toBe('unsupported');

  // From one room straight into another; the last one left is told.
  dora.write('/create ailleurs --decentralised');
  await dora.next('room-entered');
  carl.write('/join ailleurs');
  await carl.next('room-entered', ({name}) => name === 'ailleurs');
  await dora.next('room-members', ({members}) => members.length === 2);
  await alice.next('room-members', ({members}) => members.length === 2);
  await say(dora, 'sans le hub');
  await hears(carl, 'dora', 'sans le hub', 'room');
  bob.write('/leave');
  expect(await bob.next('room-left')).toMatchObject({reason: 'left'});
  expect(await alice.next('room-left')).toMatchObject({reason: 'closed'});
  await say(alice, 'de retour');
  await hears(bob, 'alice', 'de retour', 'public');
  alice.end();
  expect((await alice.exited).code).toBe(0);
});

test('shen: Sheng finds Lucy, writes to her alone, and they have a room until Sheng leaves', async () => {
  const lucy = await connected('shen', 'Lucy');
  const impostor = start('shen', 'lucy');
  expect((await impostor.next('refused')).reason).toBe('nickname-in-use');
  const sheng = await connected('shen', 'Sheng');
  sheng.write('/msg Bob Bonjour');
  const {id} = await sheng.next('sent');
  expect(await sheng.next('failed')).toMatchObject({id, reason: 'no-such-user'});
  sheng.write('/list');
  const {users} = await sheng.next('users', event => event.users.length === 2);
  expect(users).toContainEqual({nick: 'Lucy', status: 'public', self: false});

  await say(sheng, 'Bonjour', '/msg lucy Bonjour');
  await hears(lucy, 'Sheng', 'Bonjour', 'direct');
  await say(lucy, 'Bonjour, Sheng!', '/reply Bonjour, Sheng!');
  await hears(sheng, 'Lucy', 'Bonjour, Sheng!', 'direct');

  sheng.write('/invite Lucy');
  expect(await lucy.next('invitation')).toMatchObject({from: 'Sheng', mode: 'centralised'});
  lucy.write('/accept');
  expect(await sheng.next('invitation-answer')).toMatchObject({nick: 'Lucy', accepted: true});
  await sheng.next('room-entered');
  await lucy.next('room-entered');
  await say(sheng, 'Rebonjour');
  await hears(lucy, 'Sheng', 'Rebonjour', 'room');
  await say(lucy, 'Rebonjour');
  await hears(sheng, 'Lucy', 'Rebonjour', 'room');

  sheng.write('/leave');
  await sheng.next('room-left', ({reason}) => reason === 'left');
  await lucy.next('room-left', ({reason}) => reason === 'closed');
  sheng.write('/quit');
  expect((await sheng.exited).code).toBe(0);
});

test('shen: a room from peer to peer, whose texts the hub never sees', async () => {
  const [alice, bob, carl] = await Promise.all(
    ['alice', 'bob', 'carl'].map(nick => connected('shen', nick)),
  );
  if (alice === undefined || bob === undefined || carl === undefined) throw new Error('who?');
  alice.write('/invite bob carl --decentralised');
  expect(await bob.next('invitation')).toMatchObject({from: 'alice', mode: 'decentralised'});
  await carl.next('invitation');
  bob.write('/accept');
  await alice.next('room-entered', ({mode}) => mode === 'decentralised');
  await bob.next('room-entered');
  carl.write('/decline');
  await alice.next('invitation-answer', ({accepted}) => !accepted);
  people.hub.signal('SIGSTOP');
  await say(alice, 'entre nous');
  await hears(bob, 'alice', 'entre nous', 'room');
  people.hub.signal('SIGCONT');
  bob.write('/leave');
  await alice.next('room-left', ({reason}) => reason === 'closed');
});

test('what a script says after /create is said in the room', async () => {
  const alice = start('messagerie', 'alice');
  const bob = await connected('messagerie', 'bob');
  for (const line of ['/create projet', 'dans la salle', '/leave', 'dehors']) alice.write(line);
  await alice.next('sent', ({scope, text}) => scope === 'room' && text === 'dans la salle');
  await alice.next('delivered');
  await hears(bob, 'alice', 'dehors', 'public');
  await expect(
    bob.next('message', ({text}) => text === 'dans la salle', {timeoutMs: 1}),
  ).rejects.toThrow('1 ms');
});
