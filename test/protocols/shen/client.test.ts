import {describe, expect, test} from 'vitest';
import {shen} from '../../../source/protocols/shen/index.ts';
import * as wire from '../../../source/protocols/shen/wire.ts';
import type {Endpoint} from '../../../source/transport/endpoint.ts';
import type {SimulatedNetwork} from '../../network/simulated-network.ts';
import {hubEndpoint, type SimulatedUser, World} from '../../network/world.ts';
import {show} from './bench.ts';
import {ScriptedHub} from './scripted-hub.ts';

const nowhere = {loss: 1, duplication: 0, maximumDelayMs: 0};
const everywhere = {loss: 0, duplication: 0, maximumDelayMs: 0};
const minuteMs = 60_000;
const modes = ['centralised', 'decentralised'] as const;

/** Users connected to a real hub, by the names most tests use. */
function connected(count: 1 | 2 | 3 | 4) {
  const world = new World(shen, 1);
  const users = world.connect(...['alice', 'bob', 'carl', 'dora'].slice(0, count));
  // Until what confirms the first lists has arrived, too.
  world.run(0);
  const [alice = world.add('x'), bob = alice, carl = bob, dora = carl] = users;
  return {world, alice, bob, carl, dora};
}

/** Brings them into one room that the first has founded. */
function gather(
  world: World,
  mode: 'centralised' | 'decentralised',
  founder: SimulatedUser,
  ...others: readonly SimulatedUser[]
): void {
  founder.invite(
    others.map(({nick}) => nick),
    mode,
  );
  world.run(0);
  for (const other of others) {
    other.answer(founder.nick, true);
    world.run(0);
  }
}

/** What became of a text: the events that carry its id, in their order. */
function fate(user: SimulatedUser, id: number) {
  return user.events.filter(event => 'id' in event && event.id === id && event.type !== 'sent');
}

function failed(id: number, reason: string) {
  return [{type: 'failed', id, reason, pending: []}];
}

function text(sequence: number, message: string): wire.Message {
  return {type: 'message', sequence, state: 'room', mode: 'decentralised', parts: [message]};
}

/** Of the first line of that type. */
function numberOf(lines: readonly string[], type: string): number {
  return Number(/#(\d+)/.exec(lines.find(line => line.startsWith(type)) ?? '')?.[1]);
}

/** Puts somebody at that address who only notes what comes. */
function record({network}: {readonly network: SimulatedNetwork}, endpoint: Endpoint): string[] {
  const lines: string[] = [];
  network.attach(endpoint, {
    dueAt: Number.POSITIVE_INFINITY,
    receive: datagram => {
      const decoded = wire.decode(datagram);
      lines.push(decoded.ok ? show(decoded.message) : decoded.reason);
    },
    onTime: () => {},
  });
  return lines;
}

describe('texts', () => {
  test('a text goes out with the state of the room it is said in', () => {
    const hub = ScriptedHub.connected();
    hub.alice.say('hello');
    hub.run(0);
    expect(hub.take()).toEqual(['0x12 #2 public centralised hello']);
    const room = ScriptedHub.inRoom();
    room.alice.say('psst');
    room.run(0);
    expect(room.take()).toEqual([expect.stringMatching(/^0x12 #\d room centralised psst$/)]);
  });

  test('a text that gets lost is repeated every 2 s, and then delivered', () => {
    const {world, alice, bob} = connected(2);
    world.network.faults = nowhere;
    const id = alice.say('hello');
    world.run(5000);
    world.network.faults = everywhere;
    world.run(1000);
    expect(fate(alice, id)).toEqual([
      {type: 'retransmitted', id},
      {type: 'retransmitted', id},
      {type: 'retransmitted', id},
      {type: 'delivered', id},
    ]);
    expect(bob.texts()).toEqual(['alice: hello']);
  });

  test('a text that the hub never confirms fails after 12 s, and those behind it too', () => {
    const {world, alice} = connected(2);
    world.network.silence(hubEndpoint);
    const [first, second] = [alice.say('one'), alice.say('two')];
    world.run(11_999);
    expect(alice.of('failed')).toEqual([]);
    world.run(1);
    expect(alice.of('failed')).toEqual([first, second].flatMap(id => failed(id, 'hub-silent')));
  });

  test('a text with line breaks is read with spaces', () => {
    const {world, alice, bob} = connected(2);
    alice.say('one\r\ntwo');
    world.run(0);
    expect(bob.texts()).toEqual(['alice: one  two']);
  });

  test('a text written as in the original’s examples is read (R8)', () => {
    const hub = ScriptedHub.connected();
    hub.say('diffusion', 0, 'Bonjour, bob envoie');
    expect(hub.alice.texts()).toEqual(['bob: Bonjour']);
  });

  test('a public text that finds us in a room has failed', () => {
    const hub = ScriptedHub.connected();
    hub.isAnswering = false;
    const id = hub.alice.say('anybody?');
    hub.run(0);
    hub.answer('clientPriveeRecoitUnMessagePublic');
    expect(fate(hub.alice, id)).toEqual(failed(id, 'entered-room'));
  });

  test('found in a room whose roster has not come after 12 s, we leave it: we are shown in public', () => {
    const hub = ScriptedHub.connected();
    hub.isAnsweringTexts = false;
    hub.alice.say('hello');
    hub.run(0);
    hub.answer('clientPriveeRecoitUnMessagePublic');
    hub.take();
    hub.run(11_999);
    expect(hub.take()).toEqual([]);
    hub.run(1);
    expect(hub.take()).toEqual([expect.stringMatching(/^0x07 /)]);
    hub.run(60_000);
    expect(hub.take()).toEqual([]);
  });

  test('found in a room whose roster comes later, we are in that room', () => {
    const hub = ScriptedHub.connected();
    hub.isAnsweringTexts = false;
    hub.alice.say('hello');
    hub.run(0);
    hub.answer('clientPriveeRecoitUnMessagePublic');
    hub.say('invitationValide', 0, 'bob');
    hub.take();
    hub.run(60_000);
    expect(hub.take()).toEqual([]);
    expect(hub.alice.members).toEqual(['alice', 'bob']);
  });

  test('a room text that finds us in no room has failed, and the room is over', () => {
    const hub = ScriptedHub.inRoom();
    hub.isAnswering = false;
    const id = hub.alice.say('psst');
    hub.run(0);
    hub.answer('messagerieSeTermine');
    expect(fate(hub.alice, id)).toEqual(failed(id, 'left-room'));
    expect(hub.alice.of('room-left').map(({reason}) => reason)).toEqual(['closed']);
    // The hub’s word for it comes second, and says nothing new.
    hub.say('fermer', 1);
    expect(hub.alice.of('room-left')).toHaveLength(1);
  });

  test('an answer to a text from before does not end the room we are in now', () => {
    const hub = ScriptedHub.inRoom();
    hub.isAnswering = false;
    hub.alice.say('psst');
    hub.run(0);
    hub.say('fermer', 1);
    hub.invite(2, 'carl');
    hub.say('invitationValide', 3, 'carl');
    hub.say('messagerieSeTermine', 4);
    expect(hub.alice.room?.members).toEqual(['alice', 'carl']);
  });

  test('a public text to everybody is not failed by a 0x0E: that is a message of the hub', () => {
    const hub = ScriptedHub.connected();
    hub.isAnswering = false;
    const id = hub.alice.say('hello');
    hub.run(0);
    hub.say('envoieInvalide', 2);
    expect(fate(hub.alice, id)).toEqual([]);
    expect(hub.take()).toEqual(['0x12 #2 public centralised hello', '0x08 #2']);
  });

  test('a room text that a 0x0E answers was refused: for the hub that room is decentralised', () => {
    const hub = ScriptedHub.inRoom();
    hub.isAnsweringTexts = false;
    const id = hub.alice.say('hello');
    hub.run(0);
    hub.answer('envoieInvalide');
    expect(fate(hub.alice, id)).toEqual(failed(id, 'refused-by-hub'));
    // A copy of the answer is not one of the hub's own numbers.
    hub.take();
    hub.say('envoieInvalide', 4);
    expect(hub.take()).toEqual([]);
  });
});

describe('directed texts (R4)', () => {
  test('within a decentralised room it goes to that member, with the name as second part', () => {
    const {world, alice, bob, carl} = connected(3);
    gather(world, 'decentralised', alice, bob, carl);
    const before = world.applied.length;
    const id = alice.tell('bob', 'psst');
    world.run(0);
    expect(fate(alice, id).at(-1)).toEqual({type: 'delivered', id});
    expect(bob.texts('direct')).toEqual(['alice: psst']);
    expect(carl.of('message')).toEqual([]);
    expect(world.applied.slice(before)).toEqual([]);
  });

  test('a member is found however the name is spelt, and named as they are called', () => {
    const hub = ScriptedHub.inRoom('decentralised', 'bob 203.0.113.2:2');
    const lines = record(hub, {host: '203.0.113.2', port: 2});
    hub.alice.tell('BOB', 'psst');
    hub.run(0);
    expect(lines).toEqual(['0x12 #0 room decentralised psst|bob']);
    expect(hub.take()).toEqual([]);
  });

  test('of two members whose names differ in case alone, the one who is named is told', () => {
    const hub = ScriptedHub.inRoom('decentralised', 'Bob 203.0.113.1:1');
    hub.say('invitationValide', 1, 'Bob 203.0.113.1:1', 'bob 203.0.113.2:2');
    const lines = record(hub, {host: '203.0.113.2', port: 2});
    hub.alice.tell('bob', 'psst');
    hub.run(0);
    expect(lines).toEqual(['0x12 #0 room decentralised psst|bob']);
  });

  test('from a decentralised room nobody outside is told, and the hub is not asked', () => {
    const hub = ScriptedHub.inRoom('decentralised', 'bob 203.0.113.2:2');
    hub.users = [
      {nick: 'bob', status: 'room'},
      {nick: 'carl', status: 'public'},
    ];
    hub.run(5000);
    hub.take();
    const ids = [hub.alice.tell('carl', 'psst'), hub.alice.tell('ghost', 'psst')];
    hub.run(0);
    expect(hub.take()).toEqual([]);
    expect(hub.alice.ends()).toEqual([`${ids[0]} recipient-outside`, `${ids[1]} no-such-user`]);
  });

  test('one from a peer that names somebody else is a text of the room', () => {
    const {world, alice, bob} = connected(2);
    gather(world, 'decentralised', alice, bob);
    const message = {...text(40, 'psst'), parts: ['psst', 'carl']};
    world.network.sender(alice.endpoint)(wire.encode(message), bob.endpoint);
    world.run(0);
    expect(bob.texts('room')).toEqual(['alice: psst']);
  });

  test.each(['ghost', 'no name', 'é'])('one to %s, who does not exist, has failed', to => {
    const {world, alice} = connected(2);
    const id = alice.tell(to, 'psst');
    world.run(0);
    expect(fate(alice, id)).toEqual(failed(id, 'no-such-user'));
  });

  test('one said in public that finds its author in a room has failed for that', () => {
    const hub = ScriptedHub.connected();
    hub.isAnswering = false;
    const id = hub.alice.tell('carl', 'psst');
    hub.run(0);
    hub.say('invitationValide', 0, 'bob');
    hub.say('clientPriveeRecoitUnMessagePublic', 2);
    expect(fate(hub.alice, id)).toEqual(failed(id, 'entered-room'));
  });

  test('one to somebody who has just left is for nobody, though the list still shows them', () => {
    const {world, alice} = connected(3);
    const carl = world.users.find(({nick}) => nick === 'carl');
    carl?.close();
    world.run(0);
    expect(alice.present).toContain('carl');
    const id = alice.tell('carl', 'psst');
    world.run(0);
    expect(fate(alice, id)).toEqual(failed(id, 'no-such-user'));
  });

  test('one that its author writes to herself is delivered, and not shown as somebody else’s', () => {
    const {world, alice} = connected(1);
    const id = alice.tell('alice', 'note');
    world.run(0);
    expect(fate(alice, id)).toEqual([{type: 'delivered', id}]);
    expect(alice.of('message')).toEqual([]);
  });

  test('one whose third part is another’s name is no direct one', () => {
    const hub = ScriptedHub.connected();
    hub.say('diffusion', 0, 'psst', 'bob', 'carl');
    expect(hub.alice.texts()).toEqual(['bob: psst']);
  });
});

describe('what a hub says', () => {
  test('whatever has a number of its own is confirmed with 0x08', () => {
    const hub = ScriptedHub.connected();
    hub.say('diffusion', 0, 'hello', 'bob');
    hub.say('compter', 1);
    hub.invite(2, 'bob');
    hub.say('refuser', 3, 'bob');
    hub.say('envoieInvalide', 4);
    hub.say('invitationValide', 5, 'bob');
    hub.say('fermer', 6);
    expect(hub.take()).toEqual([0, 1, 2, 3, 4, 5, 6].map(sequence => `0x08 #${sequence}`));
  });

  test('what answers nothing and has no number of its own is not confirmed', () => {
    const hub = ScriptedHub.connected();
    const types = [
      'connexionInvalide',
      'offrirDeuxModes',
      'clientPriveeRecoitUnMessagePublic',
      'messagerieSeTermine',
      'tropDeClients',
      'ack',
    ] as const;
    for (const [sequence, type] of types.entries()) hub.say(type, sequence);
    expect(hub.take()).toEqual([]);
  });

  test('a list is confirmed, every copy of it', () => {
    const hub = ScriptedHub.connected();
    hub.write({type: 'liste', sequence: 1, users: []});
    hub.write({type: 'liste', sequence: 1, users: []});
    expect(hub.take()).toEqual(['0x08 #1', '0x08 #1']);
  });

  test('texts are shown in the order of their numbers, and each is confirmed as it comes', () => {
    const hub = ScriptedHub.connected();
    hub.say('diffusion', 2, 'three', 'bob');
    hub.say('diffusion', 1, 'two', 'bob');
    expect(hub.alice.texts()).toEqual([]);
    hub.say('diffusion', 0, 'one', 'bob');
    expect(hub.alice.texts()).toEqual(['bob: one', 'bob: two', 'bob: three']);
    expect(hub.take()).toEqual(['0x08 #2', '0x08 #1', '0x08 #0']);
  });

  test('a second copy is confirmed again and not shown again', () => {
    const hub = ScriptedHub.connected();
    hub.say('diffusion', 0, 'hello', 'bob');
    hub.say('diffusion', 0, 'hello', 'bob');
    expect(hub.take()).toEqual(['0x08 #0', '0x08 #0']);
    expect(hub.alice.texts()).toEqual(['bob: hello']);
  });

  test('a text that never comes is waited for 12 s', () => {
    const hub = ScriptedHub.connected();
    hub.say('diffusion', 1, 'two', 'bob');
    hub.run(11_999);
    expect(hub.alice.texts()).toEqual([]);
    hub.run(1);
    expect(hub.alice.texts()).toEqual(['bob: two']);
  });

  test('hostile names, rosters and texts are confirmed and not believed', () => {
    const hub = ScriptedHub.connected();
    const events = () => hub.alice.events.filter(({type}) => type !== 'statistics');
    const before = events();
    hub.say('diffusion', 0, 'hello', '\u001B[J');
    hub.say('diffusion', 1, 'nobody is named');
    hub.say('diffusion', 2);
    hub.say('refuser', 3, 'no name');
    hub.say('refuser', 4);
    hub.write({
      type: 'invitation',
      sequence: 5,
      state: 'public',
      mode: 'centralised',
      parts: ['\u001B[J vous invite messagerie'],
    });
    hub.write({type: 'invitation', sequence: 6, state: 'public', mode: 'centralised', parts: []});
    expect(hub.take()).toHaveLength(7);
    expect(events()).toEqual(before);
  });

  test('a roster that shows us, too, has us once', () => {
    const hub = ScriptedHub.connected();
    hub.say('invitationValide', 0, 'bob', 'alice');
    expect(hub.alice.room?.members).toEqual(['alice', 'bob']);
  });

  test('no more members are kept than a room can have', () => {
    const hub = ScriptedHub.connected();
    const names = Array.from({length: 200}, (_, index) => index.toString(36));
    hub.say('invitationValide', 0, ...names);
    expect(hub.alice.room?.members).toHaveLength(100);
  });

  test('what does not come from the hub is not taken for its word', () => {
    const hub = ScriptedHub.connected();
    const elsewhere = {...hubEndpoint, port: hubEndpoint.port + 1};
    hub.write({type: 'diffusion', sequence: 0, parts: ['hello', 'bob']}, elsewhere);
    hub.write({type: 'invitationValide', sequence: 1, parts: ['bob']}, elsewhere);
    expect(hub.alice.texts()).toEqual([]);
    expect(hub.alice.room).toBeUndefined();
    expect(hub.take()).toEqual([]);
  });

  test('what comes before the registration is confirmed is neither shown nor confirmed', () => {
    const hub = new ScriptedHub();
    hub.isAnswering = false;
    hub.alice.start();
    hub.say('diffusion', 0, 'of a former life', 'bob');
    hub.write({type: 'liste', sequence: 1, users: []});
    expect(hub.take()).toEqual(['0x01 #0 alice']);
    expect(hub.alice.texts()).toEqual([]);
  });

  test('datagrams that do not parse change nothing', () => {
    const {world, alice, bob} = connected(2);
    const toAlice = world.network.sender(hubEndpoint);
    toAlice(new Uint8Array(0), alice.endpoint);
    toAlice(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff), alice.endpoint);
    world.run(0);
    bob.say('still there?');
    world.run(0);
    expect(alice.texts()).toEqual(['bob: still there?']);
  });
});

describe('connecting', () => {
  test.each([
    ['connexionInvalide', 'nickname-in-use'],
    ['tropDeClients', 'hub-full'],
  ] as const)('a %s under the number of our 0x01 is the refusal %s', (type, reason) => {
    const hub = new ScriptedHub();
    hub.isAnswering = false;
    hub.alice.start();
    hub.run(0);
    hub.say(type, 1);
    expect(hub.alice.of('refused')).toEqual([]);
    hub.say(type, 0);
    expect(hub.alice.of('refused').map(refused => refused.reason)).toEqual([reason]);
  });

  test('a hub that does not answer is unreachable after 12 s', () => {
    const world = new World(shen, 1);
    world.network.silence(hubEndpoint);
    const alice = world.add('alice');
    alice.start();
    world.run(11_999);
    expect(alice.of('refused')).toEqual([]);
    world.run(1);
    expect(alice.of('refused').map(({reason}) => reason)).toEqual(['unreachable']);
  });

  test('a name that is forbidden is not asked for', () => {
    const world = new World(shen, 1);
    const nobody = world.add('no body');
    nobody.start();
    world.run(0);
    expect(nobody.of('refused').map(({reason}) => reason)).toEqual(['nickname-invalid']);
  });
});

describe('the list', () => {
  test('it is there at once, with ourselves first, though the hub leaves us out', () => {
    const {alice, bob} = connected(2);
    expect(alice.last('users')?.users[0]).toEqual({nick: 'alice', status: 'public', self: true});
    expect(bob.last('users')?.users.map(({nick}) => nick)).toEqual(['bob', 'alice']);
  });

  test('a hub that lists us, too, has us shown once', () => {
    const hub = ScriptedHub.connected();
    hub.users = [
      {nick: 'bob', status: 'public'},
      {nick: 'alice', status: 'room'},
    ];
    hub.alice.list();
    hub.run(0);
    expect(hub.alice.present).toEqual(['alice', 'bob']);
    expect(hub.alice.last('users')?.users[0]?.status).toBe('public');
  });

  test('it shows who is in a room, ourselves among them', () => {
    const {world, alice, bob, carl} = connected(3);
    gather(world, 'centralised', alice, bob);
    world.run(6000);
    const room = {status: 'room'};
    expect(alice.last('users')?.users).toMatchObject([room, room, {status: 'public'}]);
    expect(carl.last('users')?.users).toMatchObject([{status: 'public'}, room, room]);
  });

  test('an author who is not on it makes us ask for it', () => {
    const hub = ScriptedHub.connected();
    hub.run(2000);
    hub.takeLines();
    hub.say('diffusion', 0, 'hello', 'bob');
    hub.run(0);
    expect(hub.takeLines()).toEqual(['0x08 #0']);
    hub.say('diffusion', 1, 'hello', 'carl');
    hub.run(0);
    expect(hub.takeLines()).toEqual(['0x08 #1', '0x04 #2']);
  });
});

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
    // Of the next invitation they are others, whatever was still to be said of the former one.
    invite('bob', 'wraith', 'shade');
    hub.say('envoieInvalide', 3);
    expect(errors()).toBe(5);
    invite('bob', 'phantom');
    hub.say('envoieInvalide', 4);
    expect(errors()).toBe(6);
  });

  test('who is unknown is named at once if the hub says who, and the list is not asked for', () => {
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
    // Of the other nothing is said: then the list tells.
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

  test('who was not invited after all has not accepted by joining later', () => {
    const hub = ScriptedHub.inRoom();
    hub.alice.invite(['ghost']);
    hub.run(0);
    hub.answer('envoieInvalide');
    hub.say('invitationValide', 1, 'bob', 'ghost');
    expect(hub.alice.of('invitation-answer').map(({nick}) => nick)).toEqual(['bob']);
  });

  test('nor has one of several of whom the list shows that they do not exist', () => {
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

  test('who accepts while in a room leaves that one first', () => {
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

describe('a confirmation says nothing but a number', () => {
  /** Alice has refused an invitation with that number, and the hub has confirmed it. */
  function refused(sequence: number): ScriptedHub {
    const hub = ScriptedHub.connected();
    for (let number = 0; number < sequence; number++) hub.say('compter', number);
    hub.invite(sequence, 'bob');
    hub.alice.answer('bob', false);
    hub.run(0);
    hub.say('ack', sequence);
    expect(hub.alice.of('invitation-ended')).toHaveLength(1);
    hub.takeLines();
    return hub;
  }

  test('the number of an answer to an invitation is spent on a list', () => {
    const hub = refused(2);
    const id = hub.alice.say('hello');
    hub.run(0);
    expect(hub.takeLines()).toEqual(['0x04 #2', '0x12 #3 public centralised hello']);
    expect(fate(hub.alice, id)).toEqual([{type: 'delivered', id}]);
  });

  test('that of the goodbye, too', () => {
    const hub = refused(2);
    hub.alice.close();
    hub.run(0);
    expect(hub.takeLines()).toEqual(['0x04 #2', '0x03 #3 alice']);
  });

  test('the number is taken as soon as the answer is given', () => {
    const hub = ScriptedHub.connected();
    for (const number of [0, 1]) hub.say('compter', number);
    hub.invite(2, 'bob');
    hub.alice.answer('bob', false);
    hub.alice.say('hello');
    hub.run(0);
    hub.takeLines();
    hub.say('ack', 2);
    expect(hub.takeLines()).toEqual(['0x04 #2', '0x12 #3 public centralised hello']);
  });

  test('and for 14 s from its confirmation, however late that comes', () => {
    const hub = ScriptedHub.connected();
    for (let number = 0; number < 20; number++) hub.say('compter', number);
    hub.invite(20, 'bob');
    hub.alice.answer('bob', false);
    hub.run(10_000);
    hub.say('ack', 20);
    hub.run(10_000);
    while (!hub.takeLines().at(-1)?.startsWith('0x04 #19')) {
      hub.alice.list();
      hub.run(0);
    }
    hub.alice.say('hello');
    hub.run(0);
    expect(hub.takeLines().at(-1)).toBe('0x12 #21 public centralised hello');
  });

  test.each([
    [13_999, '0x12 #21 public centralised hello'],
    [14_000, '0x12 #20 public centralised hello'],
  ])('%i ms after the answer it is a number like any other, or not yet', (waitedMs, line) => {
    const hub = refused(20);
    hub.run(waitedMs);
    // Lists spend the numbers before.
    while (!hub.takeLines().at(-1)?.startsWith('0x04 #19')) {
      hub.alice.list();
      hub.run(0);
    }
    hub.alice.say('hello');
    hub.run(0);
    expect(hub.takeLines().at(-1)).toBe(line);
  });

  test('a late copy of the confirmation of an answer delivers no text', () => {
    const hub = refused(2);
    hub.isAnswering = false;
    const id = hub.alice.say('hello');
    hub.run(0);
    hub.say('ack', 2);
    expect(fate(hub.alice, id)).toEqual([]);
  });

  test('a late copy of a 0x0E is neither a message of the hub nor confirmed', () => {
    const hub = ScriptedHub.connected();
    hub.isAnswering = false;
    hub.alice.tell('ghost', 'psst');
    hub.run(0);
    hub.take();
    hub.say('envoieInvalide', 2);
    hub.say('envoieInvalide', 2);
    hub.run(13_999);
    hub.say('envoieInvalide', 2);
    expect(hub.take()).toEqual([]);
    hub.run(1);
    hub.say('envoieInvalide', 2);
    expect(hub.take()).toEqual(['0x08 #2']);
  });

  test('after an invitation of several, nothing that 0x0E answers gets a number the hub may use for one', () => {
    const hub = ScriptedHub.connected();
    // The hub’s next number is 1, ours will be 4.
    hub.say('compter', 0);
    hub.alice.invite(['bob', 'ghost']);
    hub.run(0);
    hub.say('offrirDeuxModes', 2);
    hub.say('ack', 3);
    hub.takeLines();
    const id = hub.alice.tell('bob', 'psst');
    hub.run(0);
    const sent = hub.takeLines();
    expect(sent.at(-1)).toBe('0x12 #17 public centralised psst|bob');
    expect(sent).toHaveLength(1 + 13);
    expect(fate(hub.alice, id)).toEqual([{type: 'delivered', id}]);
    // A text to all may have any.
    hub.say('diffusion', 1, 'hello', 'bob');
    hub.take();
    hub.alice.say('hello');
    hub.run(0);
    expect(hub.take()).toEqual(['0x12 #18 public centralised hello']);
  });
});

describe('rooms', () => {
  test.each(modes)('%s: texts reach the members, and nobody else', mode => {
    const {world, alice, bob, carl, dora} = connected(4);
    gather(world, mode, alice, bob, carl);
    const id = bob.say('psst');
    world.run(0);
    expect(fate(bob, id).at(-1)).toEqual({type: 'delivered', id});
    expect([alice.texts('room'), carl.texts('room')]).toEqual([['bob: psst'], ['bob: psst']]);
    expect(dora.of('message')).toEqual([]);
  });

  test.each(modes)(
    '%s: who leaves is in public at once, and missing from the others’ room',
    mode => {
      const {world, alice, bob, carl} = connected(3);
      gather(world, mode, alice, bob, carl);
      carl.leave();
      expect(carl.of('room-left').map(({reason}) => reason)).toEqual(['left']);
      world.run(0);
      expect([alice.members, bob.members]).toEqual([
        ['alice', 'bob'],
        ['alice', 'bob'],
      ]);
    },
  );

  test.each(modes)(
    '%s: the last one is told that the room is closed, and talks in public',
    mode => {
      const {world, alice, bob, carl} = connected(3);
      gather(world, mode, alice, bob);
      alice.leave();
      world.run(0);
      expect(bob.of('room-left').map(({reason}) => reason)).toEqual(['closed']);
      const id = bob.say('alone');
      world.run(0);
      expect(fate(bob, id)).toEqual([{type: 'delivered', id}]);
      expect(carl.texts()).toEqual(['bob: alone']);
    },
  );

  test('a member gone without a word is missing 42 s later, by the roll call', () => {
    const {world, alice, bob, carl} = connected(3);
    gather(world, 'decentralised', alice, bob, carl);
    world.network.silence(carl.endpoint);
    world.run(42_000);
    expect(world.departures.map(({nick}) => nick)).toEqual(['carl']);
    expect([alice.members, bob.members]).toEqual([
      ['alice', 'bob'],
      ['alice', 'bob'],
    ]);
  });

  test('a roster that shows nobody else than before is no event', () => {
    const hub = ScriptedHub.inRoom();
    hub.say('invitationValide', 1, 'bob', 'carl');
    hub.say('invitationValide', 2, 'carl', 'bob');
    expect(hub.alice.of('room-members')).toHaveLength(1);
  });

  test('a roster with addresses is of a decentralised room, one without of a centralised one', () => {
    const hub = ScriptedHub.connected();
    hub.say('invitationValide', 0, 'bob 192.0.2.2:2');
    expect(hub.alice.room).toMatchObject({mode: 'decentralised', members: ['alice', 'bob']});
    const other = ScriptedHub.inRoom('decentralised', 'bob');
    expect(other.alice.room).toMatchObject({mode: 'centralised', members: ['alice', 'bob']});
  });
});

describe('leaving', () => {
  test('until the hub confirms, its texts are of the room; with later numbers they are public (R12)', () => {
    const hub = ScriptedHub.inRoom();
    hub.isAnswering = false;
    hub.alice.leave();
    hub.run(0);
    const sequence = numberOf(hub.take(), '0x07');
    hub.say('diffusion', 1, 'stay', 'bob');
    hub.say('ack', sequence);
    hub.say('diffusion', 2, 'in public', 'bob');
    expect(hub.alice.texts('room')).toEqual(['bob: stay']);
    expect(hub.alice.texts()).toEqual(['bob: in public']);
  });

  test('alone in public again by our leaving, the other member is read in public at once', () => {
    const hub = ScriptedHub.inRoom();
    hub.alice.leave();
    hub.run(0);
    hub.say('diffusion', 1, 'hello all', 'bob');
    expect(hub.alice.texts()).toEqual(['bob: hello all']);
  });

  test('what fills a gap before the newest number of then is of the room', () => {
    const hub = ScriptedHub.inRoom();
    hub.isAnswering = false;
    hub.alice.leave();
    hub.run(0);
    const sequence = numberOf(hub.take(), '0x07');
    hub.say('diffusion', 2, 'second', 'bob');
    hub.say('ack', sequence);
    hub.say('diffusion', 3, 'in public', 'bob');
    hub.say('diffusion', 1, 'first', 'carl');
    expect(hub.alice.texts('room')).toEqual(['carl: first', 'bob: second']);
    expect(hub.alice.texts()).toEqual(['bob: in public']);
  });

  test('what fills a gap so late that it was given up is of the room, too', () => {
    const hub = ScriptedHub.inRoom();
    // By then nothing of a former connection can come any more.
    hub.run(20_000);
    hub.say('invitationValide', 1, 'bob');
    hub.say('diffusion', 3, 'second', 'bob');
    hub.run(11_000);
    hub.alice.leave();
    hub.run(2000);
    hub.say('diffusion', 2, 'first', 'bob');
    hub.say('diffusion', 4, 'in public', 'bob');
    expect(hub.alice.texts('room')).toEqual(['bob: second', 'bob: first']);
    expect(hub.alice.texts()).toEqual(['bob: in public']);
  });

  test('where the hub calls the roll, what has a later number than that is public', () => {
    const hub = ScriptedHub.inRoom();
    hub.isAnswering = false;
    hub.alice.leave();
    hub.run(0);
    const sequence = numberOf(hub.take(), '0x07');
    hub.say('diffusion', 1, 'stay', 'bob');
    hub.say('compter', 2);
    hub.say('diffusion', 3, 'in public', 'bob');
    hub.say('ack', sequence);
    hub.say('diffusion', 4, 'still in public', 'bob');
    expect(hub.alice.texts('room')).toEqual(['bob: stay']);
    expect(hub.alice.texts()).toEqual(['bob: in public', 'bob: still in public']);
  });

  test('a usual roll call that comes while our leaving waits its turn says nothing', () => {
    const hub = ScriptedHub.inRoom();
    hub.isAnswering = false;
    hub.alice.say('goodbye');
    hub.alice.leave();
    hub.run(0);
    hub.say('compter', 1);
    hub.say('diffusion', 2, 'stay', 'bob');
    expect(hub.alice.texts('room')).toEqual(['bob: stay']);
    expect(hub.alice.texts()).toEqual([]);
  });

  test('what fills a gap before the roll call is of the room, whatever had come by the confirmation', () => {
    const hub = ScriptedHub.inRoom();
    hub.alice.leave();
    hub.run(0);
    hub.say('diffusion', 3, 'in public', 'bob');
    hub.say('compter', 2);
    hub.say('diffusion', 1, 'stay', 'bob');
    expect(hub.alice.texts('room')).toEqual(['bob: stay']);
    expect(hub.alice.texts()).toEqual(['bob: in public']);
  });

  test('who joins the room after we have left it says things there, too', () => {
    const hub = ScriptedHub.inRoom();
    hub.isAnswering = false;
    hub.alice.leave();
    hub.say('invitationValide', 1, 'bob', 'carl');
    hub.say('diffusion', 2, 'welcome me', 'carl');
    expect(hub.alice.texts('room')).toEqual(['carl: welcome me']);
    expect(hub.alice.room).toBeUndefined();
  });

  test('a roster of the room that we have left does not bring us back', () => {
    const hub = ScriptedHub.inRoom();
    hub.alice.leave();
    hub.run(1000);
    hub.say('invitationValide', 1, 'bob', 'carl');
    expect(hub.alice.room).toBeUndefined();
    hub.say('compter', 2);
    hub.say('invitationValide', 3, 'dora');
    expect(hub.alice.room?.members).toEqual(['alice', 'dora']);
  });

  test('a roster that shows whom we have invited since is of a room of ours', () => {
    const hub = ScriptedHub.inRoom();
    hub.alice.leave();
    hub.run(0);
    hub.alice.invite(['dora']);
    hub.say('invitationValide', 1, 'dora');
    expect(hub.alice.room?.members).toEqual(['alice', 'dora']);
  });

  test('whom we had invited before we left is no such sign', () => {
    const hub = ScriptedHub.inRoom();
    hub.alice.invite(['dora']);
    hub.alice.leave();
    hub.run(0);
    hub.answer('offrirDeuxModes');
    hub.answer('ack');
    hub.run(0);
    hub.say('invitationValide', 1, 'bob', 'dora');
    expect(hub.alice.room).toBeUndefined();
  });

  test('a roster that was doubted is not believed because another room lets us in', () => {
    const hub = ScriptedHub.inRoom();
    hub.alice.leave();
    hub.run(0);
    hub.say('invitationValide', 1, 'bob', 'dora');
    hub.invite(2, 'carl');
    hub.alice.answer('carl', true);
    hub.run(0);
    hub.say('ack', 2);
    expect(hub.alice.room).toBeUndefined();
  });

  test('nothing of a room that we have left counts after we have been in another', () => {
    const hub = ScriptedHub.inRoom();
    hub.alice.leave();
    hub.run(0);
    hub.alice.invite(['dora']);
    hub.say('invitationValide', 1, 'dora');
    hub.say('invitationValide', 2, 'eve');
    expect(hub.alice.members).toEqual(['alice', 'eve']);
    hub.say('fermer', 3);
    hub.say('diffusion', 4, 'in public', 'bob');
    expect(hub.alice.texts()).toEqual(['bob: in public']);
  });

  test('a roster that shows who has invited us is believed when the hub has let us in', () => {
    const hub = ScriptedHub.inRoom();
    hub.invite(1, 'carl');
    hub.alice.answer('carl', true);
    hub.run(0);
    hub.say('invitationValide', 2, 'carl');
    expect(hub.alice.room).toBeUndefined();
    hub.say('ack', 1);
    expect(hub.alice.room?.members).toEqual(['alice', 'carl']);
  });

  test('the end of the room that we are leaving is no event', () => {
    const hub = ScriptedHub.inRoom();
    hub.isAnswering = false;
    hub.alice.leave();
    hub.run(0);
    hub.say('fermer', 1);
    hub.say('diffusion', 2, 'in public', 'bob');
    expect(hub.alice.of('room-left').map(({reason}) => reason)).toEqual(['left']);
    expect(hub.alice.texts()).toEqual(['bob: in public']);
  });
});

describe('connecting again', () => {
  test('a hub that has kept our registration has kept our room, too', () => {
    const {world, alice, bob} = connected(2);
    gather(world, 'centralised', alice, bob);
    world.network.silence(hubEndpoint);
    world.until(() => !alice.isConnected && !bob.isConnected, 'the hub missed', 2 * minuteMs);
    world.network.restore(hubEndpoint);
    world.until(() => alice.isConnected && bob.isConnected, 'both back', 2 * minuteMs);
    world.run(10_000);
    expect(alice.of('room-left')).toEqual([]);
    const id = alice.say('still here');
    world.run(1000);
    expect(fate(alice, id)).toEqual([{type: 'delivered', id}]);
    expect(bob.texts('room')).toEqual(['alice: still here']);
    // The question whether we still are there is nobody’s text.
    expect(alice.of('message')).toEqual([]);
  });

  test.each(modes)('a hub that has forgotten us has forgotten our %s room: we are told', mode => {
    const {world, alice, bob} = connected(2);
    gather(world, mode, alice, bob);
    world.network.faults = nowhere;
    world.run(2 * minuteMs);
    expect(world.hub.users).toBe(0);
    world.network.faults = everywhere;
    world.until(() => alice.isConnected && bob.isConnected, 'both back', 2 * minuteMs);
    world.run(10_000);
    expect(alice.of('room-left').map(({reason}) => reason)).toEqual(['disconnected']);
    const id = alice.say('in public', 'public');
    world.run(1000);
    expect(fate(alice, id)).toEqual([{type: 'delivered', id}]);
    expect(bob.texts()).toEqual(['alice: in public']);
  });

  /** Alice has lost the hub while in a room with bob, and is connected again; the hub has not said more. */
  function back(hub = ScriptedHub.inRoom()): ScriptedHub {
    hub.isAnswering = false;
    hub.alice.list();
    hub.run(20_000);
    hub.take();
    while (!hub.alice.isConnected) {
      hub.run(1000);
      if (hub.take().some(line => line.startsWith('0x01'))) hub.isAnswering = true;
      if (hub.isAnswering) {
        hub.isAnswering = false;
        hub.run(2000);
        hub.answer('ack');
      }
    }
    return hub;
  }

  test('until the hub says whether we still are in our room, its texts wait', () => {
    const hub = back();
    expect(hub.take().at(-1)).toMatch(/^0x12 #\d+ room centralised \|alice$/);
    hub.say('diffusion', 1, 'hello', 'bob');
    expect(hub.alice.of('message')).toEqual([]);
    hub.run(2000);
    hub.answer('messagerieSeTermine');
    expect(hub.alice.texts()).toEqual(['bob: hello']);
    expect(hub.alice.of('room-left').map(({reason}) => reason)).toEqual(['disconnected']);
  });

  test('if the hub is lost again, they wait no longer', () => {
    const hub = back();
    hub.say('diffusion', 1, 'hello', 'bob');
    expect(hub.alice.of('message')).toEqual([]);
    hub.run(12_000);
    expect(hub.alice.isConnected).toBe(false);
    expect(hub.alice.texts('room')).toEqual(['bob: hello']);
  });

  test('who has left a room without the hub leaves it when the hub is back, if it is still there', () => {
    const {world, alice, bob, carl} = connected(3);
    gather(world, 'centralised', alice, bob, carl);
    world.network.silence(hubEndpoint);
    world.until(() => !alice.isConnected, 'the hub missed', 2 * minuteMs);
    alice.leave();
    world.network.restore(hubEndpoint);
    world.until(() => alice.isConnected && bob.isConnected, 'both back', 2 * minuteMs);
    world.run(1000);
    expect(bob.members).toEqual(['bob', 'carl']);
    const id = alice.say('in public');
    world.run(0);
    expect(fate(alice, id)).toEqual([{type: 'delivered', id}]);
  });
});

describe('decentralised rooms', () => {
  test('a text goes to each peer, and is delivered when the last of them has confirmed', () => {
    const {world, alice, bob, carl, dora} = connected(4);
    gather(world, 'decentralised', alice, bob, carl, dora);
    const before = world.applied.length;
    const id = alice.say('psst');
    world.run(0);
    expect(fate(alice, id)).toEqual([
      {type: 'progress', id, confirmed: 1, of: 3},
      {type: 'progress', id, confirmed: 2, of: 3},
      {type: 'progress', id, confirmed: 3, of: 3},
      {type: 'delivered', id},
    ]);
    for (const peer of [bob, carl, dora]) expect(peer.texts('room')).toEqual(['alice: psst']);
    // The hub has seen none of it.
    expect(world.applied.slice(before)).toEqual([]);
  });

  test('of two members at one address the text reaches one, and fails for the other', () => {
    const hub = ScriptedHub.inRoom('decentralised', 'bob 203.0.113.2:2');
    const address = {host: '203.0.113.2', port: 2};
    const lines = record(hub, address);
    hub.say('invitationValide', 1, 'bob 203.0.113.2:2', 'carl 203.0.113.2:2');
    const id = hub.alice.say('psst');
    hub.run(0);
    expect(lines).toEqual(['0x12 #0 room decentralised psst']);
    hub.write({type: 'ack', sequence: 0, parts: []}, address);
    expect(hub.alice.last('failed')).toMatchObject({id, reason: 'peers-silent', pending: ['bob']});
  });

  test('a peer that never confirms makes the text fail after 12 s, and is named; a retry is for them', () => {
    const {world, alice, bob, carl} = connected(3);
    gather(world, 'decentralised', alice, bob, carl);
    world.network.silence(carl.endpoint);
    const id = alice.say('psst');
    world.run(11_999);
    expect(alice.of('failed')).toEqual([]);
    world.run(1);
    expect(alice.of('failed')).toEqual([
      {type: 'failed', id, reason: 'peers-silent', pending: ['carl']},
    ]);
    world.network.restore(carl.endpoint);
    alice.retry(id);
    world.run(0);
    expect(fate(alice, id).at(-1)).toEqual({type: 'delivered', id});
    expect([bob, carl].map(user => user.texts('room'))).toEqual([['alice: psst'], ['alice: psst']]);
  });

  test('what a peer says is shown and confirmed, every copy; a goodbye takes them off', () => {
    const {world, alice, bob, carl} = connected(3);
    gather(world, 'decentralised', alice, bob, carl);
    const answers = record(world, carl.endpoint);
    const toBob = (message: wire.Message) => {
      world.network.sender(carl.endpoint)(wire.encode(message), bob.endpoint);
      world.run(0);
    };
    const goodbye: wire.Message = {type: 'quitter', sequence: 4, parts: []};
    for (const message of [text(3, 'psst'), text(3, 'psst'), goodbye, goodbye]) toBob(message);
    expect(answers).toEqual(['0x08 #3', '0x08 #3', '0x08 #4', '0x08 #4']);
    expect(bob.texts('room')).toEqual(['carl: psst']);
    expect(bob.members).toEqual(['alice', 'bob']);
  });

  test('what comes from strangers is neither shown nor confirmed', () => {
    const {world, alice, bob, carl} = connected(3);
    gather(world, 'decentralised', alice, bob);
    const stranger = {host: '203.0.113.66', port: 6666};
    const answers = record(world, stranger);
    world.network.sender(stranger)(wire.encode(text(40, 'trust me')), bob.endpoint);
    world.network.sender(carl.endpoint)(wire.encode(text(40, 'trust me')), bob.endpoint);
    const goodbye: wire.Message = {type: 'quitter', sequence: 41, parts: []};
    world.network.sender(carl.endpoint)(wire.encode(goodbye), bob.endpoint);
    world.run(0);
    expect(bob.texts('room')).toEqual([]);
    expect(answers).toEqual([]);
    expect(bob.members).toEqual(['alice', 'bob']);
  });

  test('what only a hub says is not taken from a peer', () => {
    const hub = ScriptedHub.inRoom('decentralised', 'bob 203.0.113.2:2');
    const bob = {host: '203.0.113.2', port: 2};
    hub.write({type: 'diffusion', sequence: 0, parts: ['hello', 'carl']}, bob);
    hub.write({type: 'fermer', sequence: 1, parts: []}, bob);
    expect(hub.alice.of('message')).toEqual([]);
    expect(hub.alice.members).toEqual(['alice', 'bob']);
  });

  test('a peer that does not answer makes us ask whether we are in that room at all', () => {
    const hub = ScriptedHub.inRoom('decentralised', 'bob 203.0.113.2:2');
    const id = hub.alice.say('psst');
    hub.run(12_000);
    expect(fate(hub.alice, id).at(-1)).toMatchObject({type: 'failed', reason: 'peers-silent'});
    const asked = hub.take().find(line => line.startsWith('0x12'));
    expect(asked).toMatch(/^0x12 #\d+ room decentralised \|alice$/);
  });

  test('what the hub has said waits for the answer, though another peer does not answer either', () => {
    const hub = ScriptedHub.inRoom('decentralised', 'bob 203.0.113.2:2');
    const alone = hub.alice.say('to bob');
    hub.run(5000);
    hub.say('invitationValide', 1, 'bob 203.0.113.2:2', 'carl 203.0.113.3:3');
    const both = hub.alice.say('to both');
    hub.run(0);
    hub.isAnsweringTexts = false;
    hub.run(7000);
    expect(fate(hub.alice, alone).at(-1)?.type).toBe('failed');
    hub.say('diffusion', 2, 'psst', 'bob', 'alice');
    hub.run(5000);
    expect(hub.alice.of('message')).toEqual([]);
    const asked = hub.take().filter(line => line.startsWith('0x12'));
    expect(new Set(asked).size).toBe(1);
    hub.say('ack', numberOf(asked, '0x12'));
    expect(hub.alice.texts('direct')).toEqual(['bob: psst']);
    expect(fate(hub.alice, both).at(-1)?.type).not.toBe('delivered');
  });

  test('who leaves says goodbye to each peer', () => {
    const hub = ScriptedHub.inRoom('decentralised', 'bob 203.0.113.2:2');
    const lines = record(hub, {host: '203.0.113.2', port: 2});
    hub.alice.leave();
    hub.run(0);
    expect(lines).toEqual(['0x07 #0']);
  });

  test('a text fails where nobody else is left to read it', () => {
    const hub = ScriptedHub.inRoom('decentralised', 'bob 203.0.113.2:2');
    hub.write({type: 'quitter', sequence: 0, parts: []}, {host: '203.0.113.2', port: 2});
    const id = hub.alice.say('anybody?', 'room');
    expect(fate(hub.alice, id)).toEqual(failed(id, 'peers-silent'));
  });
});

describe('goodbye', () => {
  test('the hub forgets who says goodbye, and nothing is due any more', () => {
    const {world, alice, bob} = connected(2);
    alice.close();
    expect(alice.engine.isClosed).toBe(false);
    world.run(0);
    expect(alice.engine.isClosed).toBe(true);
    expect(world.departures).toEqual([{nick: 'alice', reason: 'disconnected', at: 0}]);
    expect(alice.engine.dueAt).toBe(Number.POSITIVE_INFINITY);
    world.run(6000);
    expect(bob.present).toEqual(['bob']);
  });

  test.each(modes)('who says goodbye in a %s room leaves it first', mode => {
    const {world, alice, bob, carl} = connected(3);
    gather(world, mode, alice, bob, carl);
    alice.close();
    world.run(0);
    expect(alice.engine.isClosed).toBe(true);
    expect([bob.members, carl.members]).toEqual([
      ['bob', 'carl'],
      ['bob', 'carl'],
    ]);
  });

  test('a text on its way is delivered before the goodbye', () => {
    const {world, alice, bob} = connected(2);
    const ids = [alice.say('one'), alice.say('two')];
    alice.close();
    world.run(0);
    expect(ids.map(id => fate(alice, id).at(-1)?.type)).toEqual(['delivered', 'delivered']);
    expect(bob.texts()).toEqual(['alice: one', 'alice: two']);
    expect(alice.engine.isClosed).toBe(true);
  });

  test('a hub that does not answer is waited for 3 s, although 12 s are what it has', () => {
    const {world, alice} = connected(1);
    world.network.silence(hubEndpoint);
    alice.close();
    world.run(2999);
    expect(alice.engine.isClosed).toBe(false);
    world.run(1);
    expect(alice.engine.isClosed).toBe(true);
  });

  test('a text on its way when somebody leaves has failed before the goodbye is given up', () => {
    const {world, alice} = connected(1);
    world.network.silence(hubEndpoint);
    const id = alice.say('wait for it');
    alice.close();
    world.run(2999);
    expect(alice.engine.isClosed).toBe(false);
    world.run(1);
    expect(alice.engine.isClosed).toBe(true);
    expect(alice.last('failed')).toMatchObject({id, reason: 'hub-silent'});
  });

  test('who gives up while connecting leaves no name behind', () => {
    const world = new World(shen, 1);
    const alice = world.add('alice');
    alice.start();
    alice.close();
    world.run(20_000);
    expect(world.hub.users).toBe(0);
  });
});
