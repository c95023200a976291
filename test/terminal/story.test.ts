import {expect, test} from 'vitest';
import {hears, say} from './conversation.ts';
import {gathering} from './gathering.ts';

const people = gathering();
const start = (nick: string) => people.start('res302', nick);
const connected = (nick: string) => people.connected('res302', nick);

const members = (...names: readonly string[]) => expect.arrayContaining([...names]);

test('three people meet, talk, and have a room from peer to peer while their hub is stopped', async () => {
  const alice = await connected('alice');
  const bob = await connected('bob');
  const carl = await connected('carl');

  const impostor = start('Alice');
  const refused = await impostor.next('refused');
  expect(refused.reason).toBe('nickname-in-use');
  expect((await impostor.exited).code).toBe(1);

  await say(alice, 'salut à tous');
  await hears(bob, 'alice', 'salut à tous', 'public');
  await hears(carl, 'alice', 'salut à tous', 'public');

  alice.write('/list');
  const {users} = await alice.next('users', event => event.users.length === 3);
  expect(users.toSorted((one, other) => one.nick.localeCompare(other.nick))).toEqual([
    {nick: 'alice', status: 'public', self: true},
    {nick: 'bob', status: 'public', self: false},
    {nick: 'carl', status: 'public', self: false},
  ]);

  alice.write('/invite bob carl nobody --decentralised');
  const error = await alice.next('error');
  expect(error.code).toBe('no-such-user');
  expect(await bob.next('invitation')).toMatchObject({from: 'alice', mode: 'decentralised'});
  await carl.next('invitation');

  carl.write('/decline');
  expect(await alice.next('invitation-answer')).toMatchObject({nick: 'carl', accepted: false});
  bob.write('/accept');
  expect(await alice.next('invitation-answer')).toMatchObject({nick: 'bob', accepted: true});
  const entered = await bob.next('room-entered');
  expect(entered).toMatchObject({mode: 'decentralised', members: members('alice', 'bob')});
  await alice.next('room-entered');

  people.hub.signal('SIGSTOP');
  await say(alice, 'entre nous');
  await hears(bob, 'alice', 'entre nous', 'room');
  await say(bob, 'le hub dort');
  await hears(alice, 'bob', 'le hub dort', 'room');
  people.hub.signal('SIGCONT');

  // Clients that have missed the hub in the meantime find it again, and are still in the room.
  await say(alice, 'encore là');
  await hears(bob, 'alice', 'encore là', 'room');
  bob.write('/leave');
  expect(await bob.next('room-left')).toMatchObject({reason: 'left'});
  expect(await alice.next('room-left')).toMatchObject({reason: 'closed'});
  await say(alice, 'de retour');
  await hears(carl, 'alice', 'de retour', 'public');

  bob.write('/quit');
  expect((await bob.exited).code).toBe(0);
  carl.end();
  expect((await carl.exited).code).toBe(0);
  alice.signal('SIGTERM');
  expect((await alice.exited).code).toBe(128 + 15);
  people.hub.signal('SIGTERM');
  expect((await people.hub.exited).code).toBe(0);
});

test('a client reconnects by itself to a hub that has slept, and delivers what is sent again', async () => {
  const alice = await connected('alice');
  const bob = await connected('bob');
  people.hub.signal('SIGSTOP');
  alice.write('tu dors ?');
  const {id} = await alice.next('sent');
  expect(await alice.next('failed')).toMatchObject({id, reason: 'hub-silent'});
  await alice.next('reconnecting');
  people.hub.signal('SIGCONT');
  await alice.next('connected');
  alice.write('/retry');
  await alice.next('delivered', event => event.id === id);
  await hears(bob, 'alice', 'tu dors ?', 'public');
});

test('a script may write everything at once, and all of it arrives before the program ends', async () => {
  const bob = await connected('bob');
  const alice = start('alice');
  const texts = Array.from({length: 200}, (_, index) => `ligne ${index + 1}`);
  for (const text of texts) alice.write(text);
  alice.end();
  expect((await alice.exited).code).toBe(0);
  for (const text of texts) await hears(bob, 'alice', text, 'public');
});

test('nobody at the address: refused as unreachable, exit code 1', async () => {
  const alone = people.run('--server', '127.0.0.1:9', '--nick', 'alice');
  expect(await alone.next('refused')).toMatchObject({reason: 'unreachable'});
  expect((await alone.exited).code).toBe(1);
});

test('without an address a client has a hub of its own', async () => {
  const alone = people.run('--nick', 'alice');
  const {server} = await alone.next('connected');
  expect(server).toMatch(/^res302:\/\/127\.0\.0\.1:\d+$/);
  await say(alone, 'bonjour ?');
});

test('what a script says after /nick is said under the new name', async () => {
  const bob = await connected('bob');
  const alice = start('alice');
  alice.write('/nick zoe');
  alice.write('c’est encore moi');
  alice.end();
  expect((await alice.exited).code).toBe(0);
  await hears(bob, 'zoe', 'c’est encore moi', 'public');
});
