import {describe, expect, test} from 'vitest';
import * as wire from '../../../source/protocols/shen/wire.ts';
import {connected, failed, fate, gather, modes, numberOf, record, text} from './client-setting.ts';
import {ScriptedHub} from './scripted-hub.ts';

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

  test('a user who joins the room after we have left it says things there, too', () => {
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

  test('the room that comes after the end of the one that we are leaving is not entered: our 0x07 takes us out of it', () => {
    const hub = ScriptedHub.inRoom();
    hub.isAnswering = false;
    hub.alice.leave();
    hub.run(0);
    hub.alice.invite(['carl']);
    hub.say('fermer', 1);
    hub.say('invitationValide', 2, 'carl');
    hub.say('diffusion', 3, 'hello', 'bob');
    expect(hub.alice.room).toBeUndefined();
    expect(hub.alice.texts()).toEqual(['bob: hello']);
    hub.say('ack', numberOf(hub.take(), '0x07'));
    hub.say('invitationValide', 4, 'carl');
    expect(hub.alice.members).toEqual(['alice', 'carl']);
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

describe('decentralised rooms', () => {
  test('a text goes to each peer, and is delivered when the last of them has confirmed', () => {
    const {world, alice, bob, carl, dora} = connected(4);
    gather(world, 'decentralised', alice, bob, carl, dora);
    const before = world.applied.length;
    const id = alice.say('psst');
    world.run(0);
    expect(fate(alice, id)).toEqual([
      {type: 'progress', id, confirmed: 1, of: 3, by: 'bob'},
      {type: 'progress', id, confirmed: 2, of: 3, by: 'carl'},
      {type: 'progress', id, confirmed: 3, of: 3, by: 'dora'},
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

  test('a user who leaves says goodbye to each peer', () => {
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
