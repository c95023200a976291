import {describe, expect, test} from 'vitest';
import {shen} from '../../../source/protocols/shen/index.ts';
import {hubEndpoint, World} from '../../network/world.ts';
import {
  connected,
  everywhere,
  failed,
  fate,
  gather,
  minuteMs,
  modes,
  nowhere,
  numberOf,
} from './client-setting.ts';
import {ScriptedHub} from './scripted-hub.ts';

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

  test('a text that the hub never confirms fails after 12 s, and those behind it are kept', () => {
    const {world, alice} = connected(2);
    world.network.silence(hubEndpoint);
    const [first, second] = [alice.say('one'), alice.say('two')];
    world.run(11_999);
    expect(alice.of('failed')).toEqual([]);
    world.run(1);
    expect(alice.of('failed')).toEqual(failed(first, 'hub-silent'));
    expect(alice.of('kept')).toEqual([{type: 'kept', id: second}]);
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

  test('a 0x0E that comes when its text was given up is no message of the hub: what the hub says next is heard in order', () => {
    const hub = ScriptedHub.connected();
    // Her next number is 52, far from the hub's.
    for (let number = 2; number < 52; number++) {
      hub.alice.list();
      hub.run(0);
    }
    hub.isAnswering = false;
    const id = hub.alice.tell('ghost', 'psst');
    hub.run(12_000);
    expect(hub.alice.ends()).toEqual([`${id} hub-silent`]);
    // The next message shows that the hub still has her.
    hub.say('compter', 0);
    expect(hub.alice.isConnected).toBe(true);
    hub.take();
    hub.say('envoieInvalide', 52);
    expect(hub.take()).toEqual([]);
    hub.say('diffusion', 2, 'two', 'bob');
    hub.say('diffusion', 1, 'one', 'bob');
    expect(hub.alice.texts()).toEqual(['bob: one', 'bob: two']);
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

  test('a user who leaves while the hub is asked about the room tells it once', () => {
    const hub = back();
    const check = numberOf(hub.take(), '0x12');
    hub.alice.leave();
    hub.alice.list();
    hub.isAnswering = true;
    hub.say('envoieInvalide', check);
    hub.run(4000);
    expect(hub.take().filter(line => line.startsWith('0x07'))).toHaveLength(1);
  });

  test('a user who leaves while the hub is asked reads in public once it says that there is no such room', () => {
    const hub = back();
    const check = numberOf(hub.take(), '0x12');
    hub.alice.leave();
    hub.say('messagerieSeTermine', check);
    hub.say('diffusion', 1, 'hello', 'bob');
    expect(hub.alice.texts()).toEqual(['bob: hello']);
    // Our 0x07 is still to come, and takes us out of any room in which we are by then.
    hub.say('invitationValide', 2, 'bob');
    expect(hub.alice.room).toBeUndefined();
  });

  test('a user who has left without the hub tells it before accepting another invitation', () => {
    const hub = ScriptedHub.inRoom();
    hub.invite(1, 'carl');
    hub.isAnswering = false;
    hub.alice.leave();
    back(hub);
    const check = numberOf(hub.take(), '0x12');
    hub.alice.answer('carl', true);
    hub.isAnswering = true;
    hub.say('envoieInvalide', check);
    hub.run(4000);
    const types = hub.take().map(line => line.slice(0, 4));
    expect(types.filter(type => type === '0x07' || type === '0x05')).toEqual([
      '0x07',
      '0x05',
      '0x05',
      '0x05',
    ]);
  });

  test('what was held when the hub was lost was said in the room, though the hub has no such room now', () => {
    const hub = ScriptedHub.inRoom();
    hub.say('diffusion', 2, 'two', 'bob');
    hub.say('diffusion', 4, 'four', 'bob');
    hub.say('diffusion', 6, 'six', 'bob');
    back(hub);
    hub.say('messagerieSeTermine', numberOf(hub.take(), '0x12'));
    hub.run(24_000);
    expect(hub.alice.of('room-left').map(({reason}) => reason)).toEqual(['disconnected']);
    expect(hub.alice.texts()).toEqual([]);
    expect(hub.alice.texts('room')).toEqual(['bob: two', 'bob: four', 'bob: six']);
  });

  test('a user who has left a room without the hub leaves it when the hub is back, if it is still there', () => {
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

  test.each(modes)('a user who says goodbye in a %s room leaves it first', mode => {
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

  test('a user who gives up while connecting leaves no name behind', () => {
    const world = new World(shen, 1);
    const alice = world.add('alice');
    alice.start();
    alice.close();
    world.run(20_000);
    expect(world.hub.users).toBe(0);
  });
});
