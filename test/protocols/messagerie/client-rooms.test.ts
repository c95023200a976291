import {describe, expect, test} from 'vitest';
import {show, type Unsent} from './bench.ts';
import {
  bob,
  carl,
  connected,
  dora,
  errors,
  failure,
  fate,
  gather,
  modes,
  record,
  refuse,
  story,
  withhold,
} from './client-setting.ts';
import {ScriptedHub} from './scripted-hub.ts';

describe('rooms', () => {
  test('the rooms are told as the hub has them', () => {
    const hub = ScriptedHub.connected();
    hub.rooms = [
      {room: 'équipe', mode: 'centralised', members: 3},
      {room: 'direct', mode: 'decentralised', members: 1},
    ];
    hub.alice.rooms();
    hub.run(0);
    expect(hub.alice.last('rooms')?.rooms).toEqual([
      {name: 'équipe', mode: 'centralised', members: 3},
      {name: 'direct', mode: 'decentralised', members: 1},
    ]);
  });

  test.each(modes)('a user who creates a %s room is alone in it, once the hub says so', mode => {
    const hub = ScriptedHub.connected();
    const request = withhold(hub, 'creerMessageriePrivee');
    hub.members = ['alice'];
    hub.alice.createRoom('den', mode, 12);
    hub.run(50);
    expect(hub.take().map(show)).toEqual([`3 #2 by 1 ${mode} den 12`]);
    expect(story(hub.alice)).toEqual([]);
    const {sequence} = request();
    hub.send({type: 'reponseCreer', sequence, status: 'created', id: 9});
    expect(story(hub.alice)).toEqual(['entered den: alice']);
    expect(hub.alice.room).toMatchObject({name: 'den', mode});
  });

  test.each(['room-name-invalid', 'room-name-in-use', 'room-size-invalid'] as const)(
    'a room refused as %s is an error, and we stay where we are',
    status => {
      const hub = ScriptedHub.inRoom('centralised');
      hub.answers.set('creerMessageriePrivee', () => ({type: 'reponseCreer', status, id: 0}));
      hub.alice.createRoom('lair', 'centralised', 10);
      hub.run(0);
      expect(errors(hub.alice)).toEqual([status]);
      expect(story(hub.alice)).toEqual(['entered den: alice bob']);
    },
  );

  test.each([
    ['too many rooms', 'too-many-rooms'],
    ['the moon is full', 'refused-by-hub'],
  ])('a room refused with ERREUR "%s" is the error %s', (text, code) => {
    const hub = ScriptedHub.connected();
    refuse(hub, 'creerMessageriePrivee', text);
    hub.alice.createRoom('den', 'centralised', 10);
    hub.run(0);
    expect(errors(hub.alice)).toEqual([code]);
    const id = hub.alice.say('in public');
    hub.run(0);
    expect(fate(hub.alice, id)).toEqual([{type: 'delivered', id}]);
  });

  test.each(['no-such-room', 'room-full'] as const)(
    'an entrance refused as %s is an error, and we stay where we are',
    status => {
      const hub = ScriptedHub.inRoom('centralised');
      const answer = {type: 'reponseChanger', mode: 'centralised', status, peers: []} as const;
      hub.answers.set('changerMessagerie', () => answer);
      hub.alice.joinRoom('lair');
      hub.run(0);
      expect(errors(hub.alice)).toEqual([status]);
      expect(story(hub.alice)).toEqual(['entered den: alice bob']);
    },
  );

  test('from public a room is entered with 7, from another room with 17', () => {
    const hub = ScriptedHub.connected();
    hub.alice.joinRoom('den');
    hub.run(50);
    hub.alice.joinRoom('lair');
    hub.run(50);
    expect(hub.take().map(show)).toEqual(['7 #2 by 1 den', '17 #4 by 1 lair']);
    expect(story(hub.alice)).toEqual([
      'entered den: alice bob',
      'left: left',
      'entered lair: alice bob',
    ]);
  });

  test('centralised: entered when the list says with whom; what comes before it is said there', () => {
    const hub = ScriptedHub.connected();
    const request = withhold(hub, 'demanderListeClient');
    hub.members = ['alice', 'bob'];
    hub.alice.joinRoom('den');
    hub.run(0);
    hub.text(0, 'bob', 'welcome');
    hub.text(1, 'carl', 'said in public, and late');
    expect(story(hub.alice)).toEqual([]);
    expect([...hub.alice.texts('room'), ...hub.alice.texts()]).toEqual([]);
    const {sequence} = request();
    hub.send({type: 'reponseDemanderListeClient', sequence, names: ['alice', 'bob']});
    expect(story(hub.alice)).toEqual(['entered den: alice bob']);
    expect(hub.alice.texts('room')).toEqual(['bob: welcome']);
    expect(hub.alice.texts('public')).toEqual(['carl: said in public, and late']);
  });

  test('a user who joins while the list is under way is not missing: it is asked for again', () => {
    const hub = ScriptedHub.connected();
    const request = withhold(hub, 'demanderListeClient');
    hub.alice.joinRoom('den');
    hub.run(0);
    hub.notice(0, 'carl joined');
    const {sequence} = request();
    hub.members = ['alice', 'bob', 'carl'];
    hub.send({type: 'reponseDemanderListeClient', sequence, names: ['alice', 'bob']});
    expect(story(hub.alice)).toEqual(['entered den: alice bob carl']);
  });

  test('a room that the list does not show us in was not entered', () => {
    const hub = ScriptedHub.connected();
    hub.members = ['bob', 'carl'];
    hub.alice.joinRoom('den');
    hub.run(0);
    expect(story(hub.alice)).toEqual([]);
    const id = hub.alice.say('in public');
    hub.run(0);
    expect(fate(hub.alice, id)).toEqual([{type: 'delivered', id}]);
  });

  test('a list that never comes does not hold back more than 100 texts', () => {
    const hub = ScriptedHub.connected();
    hub.answers.set('demanderListeClient', () => undefined);
    hub.alice.joinRoom('den');
    hub.run(0);
    for (let number = 0; number < 100; number++) hub.text(number, 'bob', `${number}`);
    expect(hub.alice.texts('room')).toEqual([]);
    hub.text(100, 'bob', '100');
    expect(hub.alice.texts('room')).toHaveLength(101);
    expect(story(hub.alice)).toEqual(['entered den: alice bob']);
  });

  test('a list that is refused with ERREUR is done without', () => {
    const hub = ScriptedHub.connected();
    refuse(hub, 'demanderListeClient', 'no lists here');
    hub.alice.joinRoom('den');
    hub.run(0);
    expect(story(hub.alice)).toEqual(['entered den: alice']);
  });

  test('decentralised: entered with those whose addresses came', () => {
    const hub = ScriptedHub.connected();
    hub.mode = 'decentralised';
    hub.peers = [bob, carl];
    hub.members = ['bob', 'carl', 'alice'];
    hub.alice.joinRoom('den');
    hub.run(0);
    expect(story(hub.alice)).toEqual(['entered den: alice bob carl']);
  });

  test('notices change the members in their order among the texts', () => {
    const hub = ScriptedHub.inRoom('centralised');
    hub.members = ['alice', 'bob', 'carl'];
    hub.text(1, 'carl', 'hello');
    hub.notice(0, 'carl joined');
    hub.notice(2, 'bob left');
    hub.notice(3, 'bob left');
    expect(story(hub.alice)).toEqual([
      'entered den: alice bob',
      'members: alice bob carl',
      'members: alice carl',
    ]);
    expect(hub.alice.texts('room')).toEqual(['carl: hello']);
    // Nobody had been invited.
    expect(hub.alice.of('invitation-answer')).toEqual([]);
  });

  test('the last text of somebody who has left is still said in the room', () => {
    const hub = ScriptedHub.inRoom('centralised');
    hub.notice(0, 'bob left');
    hub.text(1, 'bob', 'bye');
    expect(hub.alice.texts('room')).toEqual(['bob: bye']);
  });

  test('a text of somebody who was never a member is one said in public, and late', () => {
    const hub = ScriptedHub.inRoom('centralised');
    hub.text(0, 'carl', 'to all');
    expect(hub.alice.texts('public')).toEqual(['carl: to all']);
    expect(hub.alice.texts('room')).toEqual([]);
  });

  test('decentralised: a roster is the room’s new members', () => {
    const hub = ScriptedHub.inRoom('decentralised', [bob]);
    hub.members = ['alice', 'bob', 'carl'];
    hub.roster(0, bob, carl);
    hub.members = ['alice', 'carl'];
    hub.roster(1, carl);
    expect(story(hub.alice)).toEqual([
      'entered den: alice bob',
      'members: alice bob carl',
      'members: alice carl',
    ]);
  });

  test('a roster is nothing to somebody in public or in a centralised room', () => {
    const hub = ScriptedHub.connected();
    hub.roster(0, bob);
    expect(story(hub.alice)).toEqual([]);
    hub.alice.joinRoom('den');
    hub.run(0);
    hub.roster(1, bob, carl);
    expect(story(hub.alice)).toEqual(['entered den: alice bob']);
  });

  test('a user who leaves is in public at once, and what they then say is said there', () => {
    const {world, alice, bob, carl, dora} = connected(4);
    gather(world, 'centralised', alice, bob, carl);
    alice.leave();
    expect(story(alice).at(-1)).toBe('left: left');
    const id = alice.say('to all', 'public');
    world.run(0);
    expect(fate(alice, id)).toEqual([{type: 'delivered', id}]);
    expect(dora.texts()).toEqual(['alice: to all']);
    expect([...bob.texts('room'), ...bob.texts()]).toEqual([]);
    expect(bob.members).toEqual(['bob', 'carl']);
  });

  test('texts that their author leaves behind in the room are said there', () => {
    const {world, alice, bob, carl} = connected(3);
    gather(world, 'centralised', alice, bob);
    const ids = [alice.say('one'), alice.say('two'), alice.say('three')];
    alice.leave();
    world.run(1000);
    expect(ids.map(id => fate(alice, id).at(-1)?.type)).toEqual(ids.map(() => 'delivered'));
    expect(bob.texts('room')).toEqual(['alice: one', 'alice: two', 'alice: three']);
    expect(carl.texts()).toEqual([]);
  });

  test('what was under way in a room that we have left is shown as said there', () => {
    const hub = ScriptedHub.inRoom('centralised');
    hub.answers.set('quitter', () => undefined);
    hub.alice.leave();
    hub.text(0, 'bob', 'gone?');
    expect(hub.alice.texts('room')).toEqual(['bob: gone?']);
    expect(hub.alice.texts('public')).toEqual([]);
  });

  test.each(modes)(
    'the last one in a %s room is told that it is closed, and is in public',
    mode => {
      const {world, alice, bob, carl} = connected(3);
      gather(world, mode, alice, bob);
      alice.leave();
      world.run(0);
      expect(story(bob).at(-1)).toBe('left: closed');
      const id = bob.say('alone');
      world.run(1000);
      expect(fate(bob, id)).toEqual([{type: 'delivered', id}]);
      expect(carl.texts()).toEqual(['bob: alone']);
    },
  );

  test('a move takes all there: create, enter, change and leave at a real hub', () => {
    const {world, alice, bob, carl} = connected(3);
    gather(world, 'centralised', alice, bob);
    carl.createRoom('lair', 'decentralised', 10);
    world.run(0);
    bob.joinRoom('lair');
    world.run(2000);
    expect(story(alice)).toEqual([
      'entered den: alice',
      'members: alice bob',
      'members: alice',
      'left: closed',
    ]);
    expect(story(bob)).toEqual(['entered den: alice bob', 'left: left', 'entered lair: bob carl']);
    expect(story(carl)).toEqual(['entered lair: carl', 'members: carl bob']);
    const id = bob.say('psst');
    world.run(0);
    expect(fate(bob, id).at(-1)).toEqual({type: 'delivered', id});
    expect(carl.texts('room')).toEqual(['bob: psst']);
  });
});

describe('late copies', () => {
  test('a second copy of the answer to leaving does not close the next room', () => {
    const hub = ScriptedHub.inRoom('centralised');
    hub.alice.leave();
    hub.run(0);
    const [request] = hub.take();
    hub.alice.joinRoom('lair');
    hub.run(0);
    hub.take();
    hub.closing(request?.sequence ?? -1);
    expect(hub.take()).toEqual([]);
    expect(hub.alice.room?.name).toBe('lair');
  });

  test('a second copy of an entrance’s answer is no roster', () => {
    const hub = ScriptedHub.connected();
    hub.mode = 'decentralised';
    hub.peers = [bob];
    hub.members = ['alice', 'bob', 'carl'];
    hub.alice.joinRoom('den');
    hub.run(0);
    const entered = {type: 'reponseAcces', mode: 'decentralised', status: 'entered'} as const;
    hub.roster(0, bob, carl);
    hub.take();
    hub.send({...entered, sequence: 2, peers: [bob]});
    expect(hub.take()).toEqual([]);
    expect(hub.alice.members).toEqual(['alice', 'bob', 'carl']);
  });

  test('a closing and its copies are each confirmed', () => {
    const hub = ScriptedHub.inRoom('centralised');
    hub.closing(0);
    hub.alice.joinRoom('lair');
    hub.run(0);
    hub.take();
    hub.closing(0);
    expect(hub.take().map(show)).toEqual(['20 #0 by 1 true']);
    expect(hub.alice.room?.name).toBe('lair');
    const id = hub.alice.say('psst');
    hub.run(0);
    expect(fate(hub.alice, id)).toEqual([{type: 'delivered', id}]);
  });

  test('the closing of a former room that comes late does not take us out of the new one', () => {
    const hub = ScriptedHub.inRoom('centralised');
    hub.alice.joinRoom('lair');
    hub.run(0);
    hub.notice(0, 'bob left');
    hub.closing(1);
    hub.run(2000);
    expect(hub.alice.room?.name).toBe('lair');
    expect(hub.alice.members).toEqual(['alice', 'bob']);
    const id = hub.alice.say('psst');
    hub.run(0);
    expect(fate(hub.alice, id)).toEqual([{type: 'delivered', id}]);
  });

  test('the closing of the new room that comes soon takes us out of it, and says so', () => {
    const hub = ScriptedHub.inRoom('centralised');
    hub.alice.joinRoom('lair');
    hub.run(0);
    hub.members = ['carl'];
    hub.closing(0);
    expect(story(hub.alice).slice(-2)).toEqual(['entered lair: alice bob', 'left: closed']);
  });

  test('a notice of a former room brings nobody into the new one, and takes nobody out', () => {
    const hub = ScriptedHub.inRoom('centralised');
    hub.alice.joinRoom('lair');
    hub.run(0);
    hub.notice(0, 'stranger joined');
    hub.notice(1, 'bob left');
    hub.run(5000);
    expect(story(hub.alice).at(-1)).toBe('entered lair: alice bob');
  });

  test('a roster of a former room brings no stranger into the new one', () => {
    const hub = ScriptedHub.inRoom('decentralised', [bob]);
    hub.peers = [dora];
    hub.members = ['alice', 'dora'];
    hub.alice.joinRoom('lair');
    hub.run(0);
    hub.roster(0, bob, carl);
    hub.run(2000);
    expect(hub.alice.members).toEqual(['alice', 'dora']);
    expect(story(hub.alice).at(-1)).toBe('entered lair: alice dora');
  });

  test('addresses are not asked for once we are elsewhere: asking would let us in again', () => {
    const hub = ScriptedHub.inRoom('decentralised', [bob]);
    hub.alice.joinRoom('lair');
    hub.run(0);
    const creation = withhold(hub, 'creerMessageriePrivee');
    hub.alice.createRoom('nest', 'decentralised', 10);
    hub.run(0);
    // Within the time in which a roster may be one of the former room: alice wants to ask.
    hub.roster(0, bob, carl);
    hub.take();
    hub.members = ['alice'];
    hub.send({type: 'reponseCreer', sequence: creation().sequence, status: 'created', id: 1});
    hub.run(0);
    expect(hub.take()).toEqual([]);
    expect(hub.alice.room?.name).toBe('nest');
  });

  test('an invitation is not answered under a number that lately answered a request of ours', () => {
    const hub = ScriptedHub.connected();
    const refusal = {
      type: 'reponseAcces',
      mode: 'centralised',
      status: 'no-such-room',
      peers: [],
    } as const;
    hub.answers.set('demandeAcces', () => refusal);
    for (const number of [0, 1, 2]) hub.invite(number, `user${number}`);
    hub.alice.joinRoom('nowhere');
    hub.run(0);
    expect(hub.take().at(-1)).toMatchObject({type: 'demandeAcces', sequence: 2});
    hub.alice.answer('user2', true);
    // The late copy is what the 14 would have been answered with.
    hub.send({...refusal, sequence: 2});
    hub.run(4000);
    expect(hub.take()).toEqual([]);
    expect(hub.alice.of('invitation-ended')).toEqual([]);
    hub.run(6000);
    expect(hub.take().map(show)).toEqual(['14 #2 by 1 true']);
    expect(story(hub.alice)).toEqual(['entered lair: alice bob']);
  });

  test('a room is not asked for under a number that lately answered an invitation', () => {
    const hub = ScriptedHub.connected();
    for (const number of [0, 1, 2]) hub.invite(number, `user${number}`);
    const refusal = {
      type: 'reponseAcces',
      mode: 'centralised',
      status: 'no-such-room',
      peers: [],
    } as const;
    hub.answers.set('reponseMessageriePrivee', () => refusal);
    hub.alice.answer('user2', true);
    hub.run(0);
    hub.take();
    hub.alice.joinRoom('den');
    hub.send({...refusal, sequence: 2});
    hub.run(4999);
    expect(hub.take()).toEqual([]);
    hub.run(1);
    expect(errors(hub.alice)).toEqual([]);
    expect(hub.take().map(show)).toEqual(['7 #2 by 1 den']);
    expect(story(hub.alice)).toEqual(['entered den: alice bob']);
  });
});

describe('a text is said where it was meant to be, or not at all', () => {
  test('in public, while a room is being entered: it fails when we are in', () => {
    const hub = ScriptedHub.connected();
    hub.alice.joinRoom('den');
    const id = hub.alice.say('to all', 'public');
    hub.run(0);
    expect(fate(hub.alice, id)).toEqual([failure(id, 'entered-room')]);
    expect(hub.take().map(({type}) => type)).toEqual(['demandeAcces']);
  });

  test('in public, when we are in a room already and wait to hear with whom: it fails', () => {
    const hub = ScriptedHub.connected();
    const list = withhold(hub, 'demanderListeClient');
    hub.alice.joinRoom('den');
    hub.run(0);
    const id = hub.alice.say('to all', 'public');
    // Makes the list old that is under way, so that there is another one to wait for.
    hub.notice(0, 'carl joined');
    const {sequence} = list();
    hub.send({type: 'reponseDemanderListeClient', sequence, names: ['alice', 'bob']});
    expect(fate(hub.alice, id)).toEqual([failure(id, 'entered-room')]);
    expect(hub.take().map(({type}) => type)).not.toContain('texte');
  });

  test('in public, while a room is being entered that refuses us: it is said', () => {
    const hub = ScriptedHub.connected();
    const answer = {
      type: 'reponseAcces',
      mode: 'centralised',
      status: 'room-full',
      peers: [],
    } as const;
    hub.answers.set('demandeAcces', () => answer);
    hub.alice.joinRoom('den');
    const id = hub.alice.say('to all', 'public');
    hub.run(0);
    expect(fate(hub.alice, id)).toEqual([{type: 'delivered', id}]);
  });

  test('in public, before a room is asked for: it is said first', () => {
    const {world, alice, bob} = connected(2);
    const ids = [alice.say('one'), alice.say('two')];
    alice.createRoom('den', 'centralised', 10);
    world.run(0);
    expect(ids.map(id => fate(alice, id).at(-1)?.type)).toEqual(['delivered', 'delivered']);
    expect(bob.texts()).toEqual(['alice: one', 'alice: two']);
    expect(alice.room?.name).toBe('den');
  });

  test('in a room, while we go to another one: it is not said in that', () => {
    const hub = ScriptedHub.inRoom('centralised');
    hub.alice.joinRoom('lair');
    const id = hub.alice.say('for the den', 'room');
    hub.run(0);
    expect(fate(hub.alice, id)).toEqual([failure(id, 'left-room')]);
    expect(hub.take().map(({type}) => type)).toEqual(['changerMessagerie']);
  });

  test.each(['creerMessageriePrivee', 'reponseMessageriePrivee'] as const)(
    'while %s is under way it is held, and fails if that takes us elsewhere',
    type => {
      const hub = ScriptedHub.connected();
      hub.invite(0, 'bob', 'centralised', 'den');
      const request = withhold(hub, type);
      if (type === 'creerMessageriePrivee') hub.alice.createRoom('den', 'centralised', 10);
      else hub.alice.answer('bob', true);
      const id = hub.alice.say('to all', 'public');
      hub.run(500);
      expect(fate(hub.alice, id)).toEqual([]);
      const {sequence} = request();
      const answers: Record<typeof type, Unsent> = {
        creerMessageriePrivee: {type: 'reponseCreer', status: 'created', id: 1},
        reponseMessageriePrivee: {
          type: 'reponseAcces',
          mode: 'centralised',
          status: 'entered',
          peers: [],
        },
      };
      hub.send({...answers[type], sequence});
      expect(fate(hub.alice, id)).toEqual([failure(id, 'entered-room')]);
      expect(hub.take().map(message => message.type)).not.toContain('texte');
    },
  );

  test('texts for a room that has closed before the hub got them are said to nobody', () => {
    const {world, alice, bob, carl} = connected(3);
    gather(world, 'centralised', alice, bob);
    world.network.faults = {loss: 0, duplication: 0, maximumDelayMs: 50};
    bob.leave();
    const ids = [alice.say('one', 'room'), alice.say('two', 'room'), alice.say('three', 'room')];
    world.until(() => alice.engine.pending === 0, 'their ends');
    world.run(5000);
    expect(alice.of('failed')).toEqual(ids.map(id => failure(id, 'left-room')));
    expect([...carl.texts(), ...bob.texts(), ...bob.texts('room')]).toEqual([]);
  });

  test('the closing is not confirmed before the text that is under way has its answer', () => {
    const hub = ScriptedHub.inRoom('centralised');
    const request = withhold(hub, 'texte');
    const id = hub.alice.say('psst', 'room');
    hub.run(0);
    hub.take();
    hub.closing(0);
    expect(hub.take()).toEqual([]);
    hub.send({type: 'erreur', sequence: request().sequence, text: 'the room is closed'});
    expect(fate(hub.alice, id)).toEqual([failure(id, 'left-room')]);
    hub.closing(0);
    expect(hub.take().map(show)).toEqual(['20 #0 by 1 true']);
    expect(story(hub.alice).at(-1)).toBe('left: closed');
  });

  test('in a room that may have been closed it waits until the list tells', () => {
    const hub = ScriptedHub.inRoom('centralised');
    hub.alice.joinRoom('lair');
    hub.run(0);
    const rooms = withhold(hub, 'demanderListeMessagerie');
    hub.alice.rooms();
    hub.run(0);
    const id = hub.alice.say('psst', 'room');
    hub.members = ['carl'];
    hub.closing(0);
    hub.take();
    hub.send({type: 'reponseDemanderListeMessagerie', sequence: rooms().sequence, rooms: []});
    expect(fate(hub.alice, id)).toEqual([failure(id, 'left-room')]);
    expect(story(hub.alice).at(-1)).toBe('left: closed');
    expect(hub.take()).toEqual([]);
  });

  test('a user who leaves while a room is closed behind them and another entered talks in public', () => {
    const hub = ScriptedHub.inRoom('centralised');
    const entrance = withhold(hub, 'changerMessagerie');
    const leaving = withhold(hub, 'quitter');
    hub.alice.joinRoom('lair');
    hub.alice.leave();
    hub.run(0);
    const entered = {mode: 'centralised', status: 'entered', peers: []} as const;
    hub.send({type: 'reponseChanger', ...entered, sequence: entrance().sequence});
    hub.closing(0);
    hub.send({type: 'reponseQuitter', sequence: leaving().sequence, done: true});
    const id = hub.alice.say('to all', 'public');
    hub.run(0);
    expect(story(hub.alice)).toEqual(['entered den: alice bob', 'left: left']);
    expect(fate(hub.alice, id)).toEqual([{type: 'delivered', id}]);
  });

  test('what is said while a closing waits for its turn is said to nobody', () => {
    const hub = ScriptedHub.inRoom('centralised');
    hub.closing(1);
    const id = hub.alice.say('psst', 'room');
    hub.run(50);
    expect(hub.take().map(show)).toEqual(['20 #1 by 1 true']);
    hub.notice(0, 'bob left');
    expect(fate(hub.alice, id)).toEqual([failure(id, 'left-room')]);
    expect(hub.take().map(({type}) => type)).not.toContain('texte');
  });

  test('what is said in a room that we enter after asking to leave is not said in public', () => {
    const hub = ScriptedHub.inRoom('centralised');
    const creation = withhold(hub, 'creerMessageriePrivee');
    const leaving = withhold(hub, 'quitter');
    hub.alice.createRoom('lair', 'centralised', 10);
    hub.alice.leave();
    hub.run(0);
    hub.send({type: 'reponseCreer', sequence: creation().sequence, status: 'created', id: 1});
    const id = hub.alice.say('psst', 'room');
    hub.run(0);
    hub.send({type: 'reponseQuitter', sequence: leaving().sequence, done: true});
    hub.run(0);
    expect(story(hub.alice).slice(-2)).toEqual(['entered lair: alice', 'left: left']);
    expect(fate(hub.alice, id)).toEqual([failure(id, 'left-room')]);
    expect(hub.take().map(({type}) => type)).not.toContain('texte');
  });

  /** A client in a room that has registered anew, and whose requests for lists are not answered yet. */
  function reconnected() {
    const hub = ScriptedHub.inRoom('centralised');
    hub.isAnswering = false;
    hub.alice.list();
    hub.run(3100);
    expect(hub.alice.isConnected).toBe(false);
    hub.isAnswering = true;
    const request = withhold(hub, 'demanderListeClient');
    hub.run(1300);
    expect(hub.alice.isConnected).toBe(true);
    hub.take();
    /** Answers the request for everybody; the one for the room gets its answer at once. */
    const answer = () => {
      const {sequence} = request();
      hub.send({type: 'reponseDemanderListeClient', sequence, names: hub.everyone});
      hub.run(0);
    };
    return {hub, answer};
  }

  test('after a loss of the hub it waits until the list tells where we are', () => {
    const {hub, answer} = reconnected();
    const id = hub.alice.say('still here?', 'room');
    hub.run(50);
    expect(hub.take()).toEqual([]);
    answer();
    expect(fate(hub.alice, id)).toEqual([{type: 'delivered', id}]);
    expect(story(hub.alice)).toEqual(['entered den: alice bob']);
  });

  test('after a loss of the hub it fails when the list shows us in public', () => {
    const {hub, answer} = reconnected();
    hub.members = ['bob'];
    const id = hub.alice.say('still here?', 'room');
    answer();
    expect(fate(hub.alice, id)).toEqual([failure(id, 'left-room')]);
    expect(story(hub.alice).at(-1)).toBe('left: disconnected');
    expect(hub.take()).toEqual([]);
  });

  test('a user who leaves while their place is not known still talks in public', () => {
    const {hub, answer} = reconnected();
    hub.alice.leave();
    const id = hub.alice.say('to all', 'public');
    answer();
    expect(fate(hub.alice, id)).toEqual([{type: 'delivered', id}]);
  });
});

describe('decentralised rooms', () => {
  test('between peers it is the bare text, under the author’s id', () => {
    const hub = ScriptedHub.inRoom('decentralised', [bob]);
    const lines = record(hub, bob.endpoint);
    hub.alice.say('psst');
    hub.run(0);
    expect(lines).toEqual(['15 #0 by 1 "psst"']);
  });

  test('a peer that never confirms makes the text fail after 3.1 s, and is named', () => {
    const {world, alice, bob, carl, dora} = connected(4);
    gather(world, 'decentralised', alice, bob, carl, dora);
    world.network.silence(dora.endpoint);
    const id = alice.say('psst');
    world.run(3099);
    expect(alice.of('failed')).toEqual([]);
    world.run(1);
    expect(alice.of('failed')).toEqual([failure(id, 'peers-silent', ['dora'])]);
    world.network.restore(dora.endpoint);
    alice.retry(id);
    world.run(0);
    expect(fate(alice, id).slice(-2)).toEqual([
      {type: 'progress', id, confirmed: 3, of: 3, by: 'dora'},
      {type: 'delivered', id},
    ]);
    for (const peer of [bob, carl, dora]) expect(peer.texts('room')).toEqual(['alice: psst']);
  });

  test('a text alone in a room fails: nobody is there to read it', () => {
    const {world, alice} = connected(1);
    alice.createRoom('den', 'decentralised', 10);
    world.run(0);
    const id = alice.say('anybody?');
    expect(fate(alice, id)).toEqual([failure(id, 'peers-silent')]);
  });

  test('a text under way when its author goes to another room has failed', () => {
    const hub = ScriptedHub.inRoom('decentralised', [bob]);
    const id = hub.alice.say('psst');
    hub.peers = [carl];
    hub.members = ['alice', 'carl'];
    hub.alice.joinRoom('lair');
    hub.run(5000);
    expect(fate(hub.alice, id)).toEqual([failure(id, 'left-room', ['bob'])]);
  });

  test('a text on its way to somebody who leaves is delivered to those who stay', () => {
    const {world, alice, bob, carl} = connected(3);
    gather(world, 'decentralised', alice, bob, carl);
    world.network.silence(carl.endpoint);
    const id = alice.say('psst');
    world.run(250);
    world.network.restore(carl.endpoint);
    carl.leave();
    world.run(4000);
    expect(fate(alice, id).at(-1)).toEqual({type: 'delivered', id});
    expect(bob.texts('room')).toEqual(['alice: psst']);
  });

  test('a peer is believed for its address, whatever user id it writes', () => {
    const hub = ScriptedHub.inRoom('decentralised', [bob]);
    hub.send({type: 'texte', userId: 99, sequence: 7, text: 'psst'}, bob.endpoint);
    hub.send({type: 'texte', userId: 255, sequence: 8, text: '#bob left'}, bob.endpoint);
    expect(hub.alice.texts('room')).toEqual(['bob: psst', 'bob: #bob left']);
    expect(story(hub.alice)).toEqual(['entered den: alice bob']);
  });

  test('what comes from a stranger is neither shown nor confirmed', () => {
    const hub = ScriptedHub.inRoom('decentralised', [bob]);
    const answers = record(hub, carl.endpoint);
    hub.send({type: 'texte', userId: 2, text: 'I am bob'}, carl.endpoint);
    const neighbour = {...bob.endpoint, port: bob.endpoint.port + 1};
    hub.send({type: 'texte', userId: 2, text: 'I am bob'}, neighbour);
    expect(hub.alice.texts('room')).toEqual([]);
    expect(answers).toEqual([]);
  });

  test('a second copy of a peer’s text is confirmed again and not shown again', () => {
    const hub = ScriptedHub.inRoom('decentralised', [bob]);
    const answers = record(hub, bob.endpoint);
    for (let copy = 0; copy < 2; copy++) {
      hub.send({type: 'texte', userId: 2, sequence: 3, text: 'psst'}, bob.endpoint);
    }
    expect(answers).toEqual(['16 #3 by 1', '16 #3 by 1']);
    expect(hub.alice.texts('room')).toEqual(['bob: psst']);
  });

  test('what a former member still says is neither shown nor confirmed', () => {
    const hub = ScriptedHub.inRoom('decentralised', [bob, carl]);
    hub.members = ['alice', 'bob'];
    hub.roster(0, bob);
    const answers = record(hub, carl.endpoint);
    hub.send({type: 'texte', userId: 3, sequence: 5, text: 'one more thing'}, carl.endpoint);
    expect(hub.alice.texts('room')).toEqual([]);
    expect(answers).toEqual([]);
  });
});
