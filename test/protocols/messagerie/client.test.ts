import {describe, expect, test} from 'vitest';
import {types} from '../../../source/protocols/messagerie/wire/messages.ts';
import {BitWriter} from '../../../source/transport/bits.ts';
import {hubEndpoint} from '../../network/world.ts';
import {show, type Unsent, vector} from './bench.ts';
import {
  bob,
  bytesTo,
  carl,
  connected,
  everywhere,
  failure,
  fate,
  gather,
  minuteMs,
  modes,
  nowhere,
  refuse,
  sequences,
  story,
  withhold,
} from './client-setting.ts';
import {ScriptedHub} from './scripted-hub.ts';

describe('the published bytes', () => {
  test('what a client says is what the vectors have', () => {
    const hub = new ScriptedHub();
    const bytes = bytesTo(hub);
    hub.alice.start();
    hub.run(0);
    expect(bytes.splice(0)).toEqual([vector('connect'), '4808000918']);
    hub.alice.createRoom('équipe', 'centralised', 10);
    hub.run(0);
    expect(bytes.splice(0)).toEqual([vector('create')]);
    hub.alice.rooms();
    hub.run(0);
    expect(bytes.splice(0)).toEqual([vector('list rooms')]);
  });

  test('what it answers to what the hub says by itself carries the same number', () => {
    const hub = ScriptedHub.inRoom('decentralised', [bob]);
    hub.text(0, 'bob', 'hello');
    hub.notice(1, 'bob left');
    hub.invite(2, 'bob');
    hub.roster(3, bob, carl);
    hub.closing(4);
    expect(hub.take().map(show)).toEqual([
      '16 #0 by 1',
      '16 #1 by 1',
      '12 #2 by 1',
      '8 #3 by 1 decentralised entered',
      '20 #4 by 1 true',
    ]);
  });
});

describe('connecting', () => {
  test.each([
    ['name-in-use', 'nickname-in-use'],
    ['name-invalid', 'nickname-invalid'],
    ['hub-full', 'hub-full'],
  ] as const)(
    'status %s under the number of the registration is the refusal %s',
    (status, reason) => {
      const hub = new ScriptedHub();
      hub.isAnswering = false;
      hub.alice.start();
      hub.run(0);
      const answer = {type: 'reponseConnexion', status, id: 0} as const;
      hub.send({...answer, sequence: 1});
      hub.send({type: 'reponseConnexion', status: 'unknown', sequence: 0});
      expect(hub.alice.of('refused')).toEqual([]);
      hub.send({...answer, sequence: 0});
      expect(hub.alice.of('refused').map(refused => refused.reason)).toEqual([reason]);
    },
  );

  test('an ERREUR is no answer to a registration', () => {
    const hub = new ScriptedHub();
    refuse(hub, 'connexion', 'who are you?');
    hub.alice.start();
    hub.run(1000);
    expect(hub.alice.of('refused')).toEqual([]);
    hub.answers.delete('connexion');
    hub.run(100);
    expect(hub.alice.isConnected).toBe(true);
  });

  test('a hub that does not answer is unreachable after 3.1 s and 31 datagrams', () => {
    const hub = new ScriptedHub();
    hub.isAnswering = false;
    hub.alice.start();
    hub.run(3099);
    expect(hub.alice.of('refused')).toEqual([]);
    hub.run(1);
    expect(hub.alice.of('refused').map(({reason}) => reason)).toEqual(['unreachable']);
    expect(hub.take()).toHaveLength(31);
  });

  test('what is said under the user id is what the hub has given', () => {
    const hub = new ScriptedHub();
    hub.answers.set('connexion', () => ({type: 'reponseConnexion', status: 'registered', id: 77}));
    hub.alice.start();
    hub.run(0);
    hub.alice.say('hello');
    hub.run(0);
    expect(hub.take().map(show)).toEqual(['1 #0 by 0 alice', '15 #2 by 77 "hello"']);
  });

  test('everybody is listed, at once and again every 5 s', () => {
    const {world, alice} = connected(1);
    expect(alice.last('users')?.users).toEqual([{nick: 'alice', status: 'public', self: true}]);
    world.connect('bob');
    world.run(6000);
    expect(alice.present).toEqual(['alice', 'bob']);
  });
});

describe('staying connected', () => {
  test('a keep-alive goes out every 45 s, under the own id and without data', () => {
    const hub = ScriptedHub.connected();
    const keepAlives = () => hub.take().filter(({type}) => type === 'connexion');
    hub.run(44_999);
    expect(keepAlives()).toEqual([]);
    hub.run(1);
    expect(keepAlives().map(show)).toEqual([expect.stringMatching(/^1 #\d+ by 1$/)]);
    hub.run(44_999);
    expect(keepAlives()).toEqual([]);
    hub.run(1);
    expect(keepAlives()).toHaveLength(1);
  });

  test('a silent user stays at the hub for as long as the client runs', () => {
    const {world, alice} = connected(1);
    world.run(10 * minuteMs);
    expect(world.departures).toEqual([]);
    expect(alice.isConnected).toBe(true);
  });

  test('an unknown user registers again after 5 s, and is there again', () => {
    const hub = ScriptedHub.connected();
    hub.answers.set('connexion', () => {
      hub.answers.delete('connexion');
      return {type: 'reponseConnexion', status: 'unknown'};
    });
    hub.run(45_000);
    expect(hub.alice.isConnected).toBe(false);
    expect(hub.alice.last('disconnected')?.reason).toBe('hub-silent');
    hub.run(10_000);
    expect(hub.alice.isConnected).toBe(true);
    const id = hub.alice.say('back');
    hub.run(0);
    expect(fate(hub.alice, id)).toEqual([{type: 'delivered', id}]);
  });

  test.each(modes)(
    'a user who was forgotten in a %s room is out of it when that is known',
    mode => {
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
    },
  );
});

describe('texts', () => {
  test('a text that gets lost is repeated every 100 ms, and then delivered', () => {
    const {world, alice, bob} = connected(2);
    world.network.faults = nowhere;
    const id = alice.say('hello');
    world.run(250);
    world.network.faults = everywhere;
    world.run(1000);
    const repeated = {type: 'retransmitted', id};
    expect(fate(alice, id)).toEqual([repeated, repeated, repeated, {type: 'delivered', id}]);
    expect(bob.texts()).toEqual(['alice: hello']);
  });

  test('a text that the hub never confirms fails after 3.1 s, and those behind it are kept', () => {
    const {world, alice} = connected(2);
    world.network.silence(hubEndpoint);
    const ids = [alice.say('one'), alice.say('two'), alice.say('three')];
    world.run(3099);
    expect(alice.of('failed')).toEqual([]);
    world.run(1);
    expect(alice.of('failed')).toEqual([failure(ids[0] ?? 0, 'hub-silent')]);
    expect(alice.of('kept').map(({id}) => id)).toEqual(ids.slice(1));
  });

  test('a text that the hub answers with ERREUR has failed, and is not said again', () => {
    const hub = ScriptedHub.connected();
    refuse(hub, 'texte', 'the room is closed');
    const id = hub.alice.say('hello');
    hub.run(5000);
    expect(fate(hub.alice, id)).toEqual([failure(id, 'left-room')]);
    expect(hub.take().filter(({type}) => type === 'texte')).toHaveLength(1);
  });

  test('one text is under way at a time, each under the next number', () => {
    const hub = ScriptedHub.connected();
    const request = withhold(hub, 'texte');
    const ids = [hub.alice.say('one'), hub.alice.say('two')];
    hub.run(0);
    expect(hub.take().map(show)).toEqual(['15 #2 by 1 "one"']);
    hub.send({type: 'reponseTexte', sequence: request().sequence});
    expect(hub.take().map(show)).toEqual(['15 #3 by 1 "two"']);
    expect(ids.map(id => fate(hub.alice, id).at(-1)?.type)).toEqual(['delivered', 'delivered']);
  });

  test('texts are shown in the order of their numbers, and each is confirmed as it comes', () => {
    const hub = ScriptedHub.connected();
    hub.text(2, 'bob', 'three');
    hub.text(1, 'bob', 'two');
    expect(hub.alice.texts()).toEqual([]);
    hub.text(0, 'bob', 'one');
    hub.text(0, 'bob', 'one');
    expect(hub.alice.texts()).toEqual(['bob: one', 'bob: two', 'bob: three']);
    expect(sequences(hub.take())).toEqual([2, 1, 0, 0]);
  });

  test('a text that never comes is waited for 3.1 s', () => {
    const hub = ScriptedHub.connected();
    hub.text(1, 'bob', 'two');
    hub.run(3099);
    expect(hub.alice.texts()).toEqual([]);
    hub.run(1);
    expect(hub.alice.texts()).toEqual(['bob: two']);
  });

  test('the author is whom the hub names, and a # in the text stays in it', () => {
    const hub = ScriptedHub.connected();
    hub.text(0, 'bob', '#carl left');
    hub.text(1, 'bob', 'carl#hello');
    expect(hub.alice.texts()).toEqual(['bob: #carl left', 'bob: carl#hello']);
  });

  test('what comes before the registration is confirmed is neither shown nor confirmed', () => {
    const hub = new ScriptedHub();
    hub.isAnswering = false;
    hub.alice.start();
    hub.text(0, 'bob', 'of a former life');
    expect(hub.take().map(show)).toEqual(['1 #0 by 0 alice']);
    expect(hub.alice.texts()).toEqual([]);
  });
});

describe('hostile input', () => {
  test('what does not come from the hub is not taken for its word', () => {
    const hub = ScriptedHub.inRoom('centralised');
    const elsewhere = {...hubEndpoint, port: hubEndpoint.port + 1};
    hub.send({type: 'texte', sequence: 0, text: 'bob#hello'}, elsewhere);
    hub.send({type: 'reponseQuitter', sequence: 0, done: true}, elsewhere);
    hub.send(
      {type: 'demandeMessageriePrivee', inviter: 'bob', mode: 'centralised', room: 'x'},
      elsewhere,
    );
    expect(hub.alice.texts('room')).toEqual([]);
    expect(hub.alice.of('invitation')).toEqual([]);
    expect(story(hub.alice)).toEqual(['entered den: alice bob']);
    expect(hub.take()).toEqual([]);
  });

  test('a peer cannot speak for the hub', () => {
    const hub = ScriptedHub.inRoom('decentralised', [bob]);
    hub.send({type: 'reponseQuitter', sequence: 0, done: true}, bob.endpoint);
    hub.send(
      {type: 'reponseAcces', mode: 'decentralised', status: 'entered', peers: [carl]},
      bob.endpoint,
    );
    expect(story(hub.alice)).toEqual(['entered den: alice bob']);
  });

  test.each([
    ['nobody', 'no author at all'],
    ['too long', 'abcdefghijk#hello'],
    ['a control character', 'a\u001b[2J#hello'],
    ['a notice of nobody', '# joined'],
    ['a notice of a name that is none', '#a\u0007 joined'],
    ['a notice that is none of ours', '#server says hello'],
  ])('a text by %s is confirmed and not shown', (_, text) => {
    const hub = ScriptedHub.inRoom('centralised');
    const before = story(hub.alice);
    hub.send({type: 'texte', sequence: 0, text});
    expect(hub.take().map(show)).toEqual(['16 #0 by 1']);
    expect([...hub.alice.texts('room'), ...hub.alice.texts('public')]).toEqual([]);
    expect(story(hub.alice)).toEqual(before);
  });

  test('an invitation from a name that is none is confirmed and not shown', () => {
    const hub = ScriptedHub.connected();
    const writer = new BitWriter().unsigned(5, types.demandeMessageriePrivee).unsigned(8, 255);
    const inviter = Buffer.from('\u0007#');
    writer.unsigned(16, 0).bytes(inviter).unsigned(1, 0).bytes(Buffer.from('den#'));
    hub.sendBytes(writer.finish());
    expect(hub.take().map(show)).toEqual(['12 #0 by 1']);
    expect(hub.alice.of('invitation')).toEqual([]);
  });

  test('datagrams that do not parse, and types that nobody knows, change nothing', () => {
    const hub = ScriptedHub.connected();
    const before = hub.alice.events.length;
    for (const hex of ['', '7f', '7ff80000', '7ff80000ffff00', 'f7f8000000', '47f8002401']) {
      hub.sendBytes(hex);
    }
    expect(hub.alice.events).toHaveLength(before);
    expect(hub.take()).toEqual([]);
    hub.text(0, 'bob', 'still there?');
    expect(hub.alice.texts()).toEqual(['bob: still there?']);
  });

  test('answers to what nobody has asked change nothing', () => {
    const hub = ScriptedHub.connected();
    const before = hub.alice.events.length;
    const unasked: Unsent[] = [
      {type: 'reponseCreer', status: 'created', id: 1},
      {type: 'reponseChanger', mode: 'centralised', status: 'entered', peers: []},
      {type: 'reponseAcces', mode: 'centralised', status: 'entered', peers: []},
      {type: 'reponseDemanderListeClient', names: ['mallory']},
      {type: 'reponseDemanderListeMessagerie', rooms: []},
      {type: 'reponseQuitter', done: false},
      {type: 'reponseDeconnexion', done: true},
      {type: 'reponseConnexion', status: 'unknown'},
      {type: 'reponseConnexion', status: 'name-in-use', id: 0},
      {type: 'erreur', text: 'you are wrong'},
    ];
    for (const message of unasked)
      for (const sequence of [0, 1, 2, 99]) hub.send({...message, sequence});
    expect(hub.take()).toEqual([]);
    expect(hub.alice.events).toHaveLength(before);
  });

  test('a list that shows us in a room that we are not in moves nobody', () => {
    const hub = ScriptedHub.connected();
    hub.everyone = ['bob'];
    hub.run(10_000);
    expect(hub.alice.present).toEqual(['bob']);
    expect(story(hub.alice)).toEqual([]);
    expect(hub.alice.isConnected).toBe(true);
  });

  test('a thousand who come and go are not all remembered', () => {
    const hub = ScriptedHub.inRoom('centralised');
    hub.answers.set('demanderListeClient', () => undefined);
    for (let number = 0; number < 1200; number++) {
      hub.notice(2 * number, `u${number} joined`);
      hub.notice(2 * number + 1, `u${number} left`);
    }
    hub.text(2400, 'u1199', 'the last');
    hub.text(2401, 'u0', 'the first');
    expect(hub.alice.texts('room')).toEqual(['u1199: the last']);
    expect(hub.alice.texts('public')).toEqual(['u0: the first']);
  });

  test('a hub that makes us doubt again and again is asked no more than it answers', () => {
    const hub = ScriptedHub.inRoom('centralised');
    hub.alice.joinRoom('lair');
    hub.run(0);
    const list = withhold(hub, 'demanderListeClient');
    hub.takeAll();
    for (let number = 0; number < 1000; number++) {
      if (number % 2 === 0) hub.notice(number, `user${number} joined`);
      else hub.closing(number);
    }
    const {sequence} = list();
    hub.send({type: 'reponseDemanderListeClient', sequence, names: ['alice']});
    hub.run(0);
    const asked = hub.takeAll().filter(({type}) => type === 'demanderListeClient');
    expect(asked).toHaveLength(2);
    expect(hub.alice.room?.name).toBe('lair');
  });

  test('a hub that hands out the address of its own as a member’s is the hub', () => {
    const hub = ScriptedHub.inRoom('decentralised', [{name: 'bob', endpoint: hubEndpoint}]);
    hub.text(0, 'carl', 'in public');
    expect(hub.alice.texts('public')).toEqual(['carl: in public']);
    expect(hub.alice.texts('room')).toEqual([]);
  });
});

describe('goodbye', () => {
  test.each(['public', ...modes] as const)(
    'who says it in %s is forgotten, and nothing is due',
    place => {
      const {world, alice, bob, carl} = connected(3);
      if (place !== 'public') gather(world, place, alice, bob, carl);
      alice.close();
      expect(alice.engine.isClosed).toBe(false);
      world.run(0);
      expect(alice.engine.isClosed).toBe(true);
      expect(alice.engine.dueAt).toBe(Number.POSITIVE_INFINITY);
      expect(world.departures.map(({nick, reason}) => `${nick} ${reason}`)).toEqual([
        'alice disconnected',
      ]);
      world.run(6000);
      expect(bob.present).toEqual(['bob', 'carl']);
      if (place !== 'public') expect(bob.members).toEqual(['bob', 'carl']);
    },
  );

  test.each(['public', 'centralised'] as const)(
    'texts on their way in %s are delivered first',
    place => {
      const {world, alice, bob} = connected(2);
      if (place === 'centralised') gather(world, 'centralised', alice, bob);
      const ids = [alice.say('one'), alice.say('two'), alice.say('three')];
      alice.close();
      world.run(0);
      expect(ids.map(id => fate(alice, id).at(-1)?.type)).toEqual(ids.map(() => 'delivered'));
      expect(bob.texts(place === 'public' ? 'public' : 'room')).toHaveLength(3);
      expect(alice.engine.isClosed).toBe(true);
    },
  );

  test('a text whose place is not known any more fails, and is said nowhere', () => {
    const hub = ScriptedHub.connected();
    hub.answers.set('demandeAcces', () => undefined);
    hub.alice.joinRoom('den');
    const id = hub.alice.say('to all', 'public');
    hub.alice.close();
    hub.run(3100);
    expect(fate(hub.alice, id)).toEqual([failure(id, 'not-connected')]);
    expect(hub.take().map(({type}) => type)).not.toContain('texte');
    expect(hub.alice.engine.isClosed).toBe(true);
  });

  test('a text behind a move fails, and one before it is said', () => {
    const hub = ScriptedHub.connected();
    const rooms = withhold(hub, 'demanderListeMessagerie');
    hub.alice.rooms();
    hub.run(0);
    const first = hub.alice.say('one', 'public');
    hub.alice.joinRoom('den');
    const second = hub.alice.say('two', 'public');
    hub.alice.close();
    hub.send({type: 'reponseDemanderListeMessagerie', sequence: rooms().sequence, rooms: []});
    expect(fate(hub.alice, first)).toEqual([{type: 'delivered', id: first}]);
    expect(fate(hub.alice, second)).toEqual([failure(second, 'not-connected')]);
    expect(hub.alice.engine.isClosed).toBe(true);
  });

  test('a hub that does not answer is waited for 3 s', () => {
    const {world, alice} = connected(1);
    world.network.silence(hubEndpoint);
    alice.close();
    world.run(2999);
    expect(alice.engine.isClosed).toBe(false);
    world.run(1);
    expect(alice.engine.isClosed).toBe(true);
  });

  test('an ERREUR to it ends it, too', () => {
    const hub = ScriptedHub.connected();
    refuse(hub, 'deconnexion', 'never heard of you');
    hub.alice.close();
    hub.run(0);
    expect(hub.alice.engine.isClosed).toBe(true);
  });

  test('a user who gives up before the hub has given an id says it when they have one', () => {
    const hub = new ScriptedHub();
    hub.alice.start();
    hub.alice.close();
    hub.run(0);
    expect(hub.takeAll().map(show)).toEqual(['1 #0 by 0 alice', '21 #1 by 1']);
    expect(hub.alice.engine.isClosed).toBe(true);
    expect(hub.alice.of('connected')).toEqual([]);
  });

  test('nothing of a closed client is left to happen', () => {
    const hub = ScriptedHub.inRoom('decentralised', [bob]);
    hub.invite(0, 'carl');
    hub.alice.close();
    hub.run(0);
    const events = [...hub.alice.events];
    hub.text(1, 'bob', 'gone?');
    hub.run(10 * minuteMs);
    expect(hub.alice.events).toEqual(events);
    expect(hub.alice.engine.dueAt).toBe(Number.POSITIVE_INFINITY);
  });
});
