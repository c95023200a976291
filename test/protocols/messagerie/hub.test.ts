import {describe, expect, test} from 'vitest';
import {types} from '../../../source/protocols/messagerie/wire/messages.ts';
import {Bench, type RawClient, type Unsent, vector} from './bench.ts';
import {clear, connected, delimited, hexOf, minuteMs, sayOften, textOf} from './hub-setting.ts';

describe('the published bytes', () => {
  test('a conversation goes as in the vectors', () => {
    const bench = new Bench();
    const [alice, bob] = [bench.add('alice'), bench.add('bob')];
    /** @returns What each of them gets for it. */
    const says = (client: RawClient, what: string) => {
      client.sendBytes(vector(what));
      return {alice: alice.takeBytes(), bob: bob.takeBytes()};
    };

    expect(says(alice, 'connect')).toEqual({alice: [vector('registered')], bob: []});
    expect(says(alice, 'keep-alive').alice).toEqual([vector('keep-alive answered')]);
    expect(says(alice, 'create').alice).toEqual([vector('created')]);
    bob.register(0);
    clear(bob);
    expect(says(alice, 'invite')).toEqual({
      alice: [vector('invite confirmed')],
      bob: [vector('invitation')],
    });
    expect(says(bob, 'list everyone').bob).toEqual([vector('names')]);
    bob.answer('refuse');
    clear(alice, bob);
    expect(says(bob, 'change room').bob).toEqual([vector('changed')]);
    clear(alice);
    expect(says(alice, 'text').alice).toEqual([hexOf('reponseTexte', 255, 65_535)]);
    clear(bob);
    expect(says(bob, 'leave').bob).toEqual([vector('left')]);
    expect(says(bob, 'disconnect').bob).toEqual([vector('disconnected')]);
  });

  test('a relayed text, and what refuses a registration, a room and an entrance', () => {
    const bench = new Bench();
    const [alice, bob] = [bench.connect('alice'), bench.connect('bob')];
    alice.say('first');
    clear(bob);
    alice.say('bonjour à tous');
    expect(bob.takeBytes()).toEqual([vector('text relayed')]);

    const other = bench.add('other');
    other.sendBytes(vector('connect'));
    other.sendRaw(types.connexion, delimited(), 0, 0);
    expect(other.takeBytes()).toEqual([vector('name in use'), vector('name invalid')]);

    bob.create('équipe');
    alice.take();
    alice.sendBytes(vector('create'));
    expect(alice.takeBytes()).toEqual([vector('room name in use')]);
  });

  test.each([
    ['enter', 'no such room'],
    ['leave', 'not in a private room'],
  ])('%s is answered with: %s', (request, answer) => {
    const bench = new Bench();
    bench.connect('alice');
    const bob = bench.connect('bob');
    bob.sendBytes(vector(request));
    expect(bob.takeBytes()).toEqual([vector(answer)]);
  });

  test('an entrance gets the address of who is there, or is refused', () => {
    const bench = new Bench();
    const alice = bench.connect('alice', '192.0.2.7');
    const bob = bench.connect('bob');
    alice.create('direct', 'decentralised');
    bob.sendBytes(vector('enter'));
    // The vector's alice has port 40123 where ours has 40000.
    expect(bob.takeBytes()).toEqual(['47f8002401c00002079c40616c69636523']);

    bob.leave();
    alice.create('lair');
    alice.create('direct', 'centralised', 2);
    bob.enter('direct');
    const carl = bench.connect('carl');
    carl.sendRaw(types.demandeAcces, delimited(...Buffer.from('direct')), carl.id, 4);
    expect(carl.takeBytes()).toEqual([vector('room full')]);
  });

  test('the rooms, and their absence', () => {
    const bench = new Bench();
    const [alice, bob, carl, dora] = ['alice', 'bob', 'carl', 'dora'].map(nick =>
      bench.connect(nick),
    );
    alice?.sendBytes(vector('list rooms'));
    expect(alice?.takeBytes()).toEqual([vector('no rooms')]);
    bench.run(5000);
    bob?.create('équipe');
    carl?.enter('équipe');
    alice?.enter('équipe');
    dora?.create('direct', 'decentralised');
    alice?.take();
    alice?.sendBytes(vector('list rooms'));
    expect(alice?.takeBytes()).toEqual([vector('rooms')]);
  });
});

describe('registration', () => {
  test('the first is user 1, the next user 2, and both are listed', () => {
    const bench = new Bench();
    const [alice, bob] = [bench.add('alice'), bench.add('bob')];
    alice.register(5);
    bob.register(0);
    expect([alice.take(), bob.take()]).toEqual([['2 #5 registered 1'], ['2 #0 registered 2']]);
    expect(alice.list()).toEqual(['alice', 'bob']);
  });

  test('the same name from the same address is answered the same, under each number', () => {
    const {bench, alice} = connected('alice');
    const numbers = [alice.register(), alice.register()];
    expect(alice.take()).toEqual(numbers.map(number => `2 #${number} registered 1`));
    expect(bench.hub.users).toBe(1);
  });

  test('a user who registers again from a room is still in it', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.gather('centralised', alice, bob);
    alice.register();
    expect(bob.take()).toEqual([]);
    expect(alice.list('den')).toEqual(['alice', 'bob']);
  });

  test('another name from the same address is dropped', () => {
    const {bench, alice} = connected('alice');
    alice.send({type: 'connexion', userId: 0, name: 'mallory'});
    expect(alice.take()).toEqual([]);
    expect(alice.list()).toEqual(['alice']);
    expect(bench.dropped('impostor')).toBe(1);
  });

  test.each(['alice', 'ALICE', 'aLiCe'])('a name in use is refused, spelt %s too', nickname => {
    const {bench} = connected('alice');
    const other = bench.add(nickname);
    other.register(5);
    expect(other.take()).toEqual(['2 #5 name-in-use 0']);
    expect(bench.hub.users).toBe(1);
    expect(bench.refusals).toEqual([`${nickname}: name-in-use`]);
  });

  test.each([
    ['nothing in it', []],
    ['11 bytes', Buffer.from('abcdefghijk')],
    ['11 bytes in 6 characters', Buffer.from('ééééé1')],
    ['a control character', [0x61, 0x1b, 0x5b]],
    ['a zero', [0x61, 0x00]],
    ['a line feed', [0x0a]],
    ['bytes that are no UTF-8', [0x61, 0xff]],
  ])('a name with %s is refused', (_, bytes) => {
    const bench = new Bench();
    const client = bench.add('x');
    client.sendRaw(types.connexion, delimited(...bytes), 0, 3);
    expect(client.take()).toEqual(['2 #3 name-invalid 0']);
    expect(bench.hub.users).toBe(0);
  });

  test.each(['a', 'abcdefghij', 'ééééé', 'a b', '!"$%&/()=?', '日本語'])(
    'a name may be "%s"',
    nickname => {
      const bench = new Bench();
      bench.add(nickname).register();
      expect(bench.connect('reader').list()).toEqual([nickname, 'reader']);
    },
  );

  test('a refusal is sent once, and again for a second copy', () => {
    const {bench} = connected('alice');
    const other = bench.add('alice');
    other.register(5);
    bench.run(10_000);
    expect(other.take()).toEqual(['2 #5 name-in-use 0']);
    other.register(5);
    expect(other.take()).toEqual(['2 #5 name-in-use 0']);
    expect(bench.hub.isBusy).toBe(false);
  });

  test('the 255th user is refused, and gets the place and the id of one who leaves', () => {
    const bench = new Bench();
    const users = Array.from({length: 254}, (_, index) => bench.connect(`user${index}`));
    expect(users.map(({id}) => id)).toEqual(Array.from({length: 254}, (_, index) => index + 1));
    const late = bench.add('late');
    late.register(7);
    expect(late.take()).toEqual(['2 #7 hub-full 0']);
    expect(bench.hub.users).toBe(254);

    users[41]?.disconnect();
    late.register(8);
    expect(late.take()).toEqual(['2 #8 registered 42']);
    expect(late.list()).toHaveLength(254);
  });

  test('the id of one who has left is given to nobody while another is free', () => {
    const {bench, alice} = connected('alice', 'bob');
    alice.disconnect();
    const next = Array.from({length: 252}, (_, index) => bench.connect(`user${index}`));
    expect(next.map(({id}) => id)).toEqual(Array.from({length: 252}, (_, index) => index + 3));
    expect(bench.connect('last').id).toBe(1);
  });
});

describe('staying connected', () => {
  test('a keep-alive is answered with 0, each copy of it, and nothing is to be confirmed', () => {
    const {bench, alice} = connected('alice');
    const number = alice.keepAlive();
    alice.send({type: 'connexion', name: undefined, sequence: number});
    expect(alice.take()).toEqual([`2 #${number} connected`, `2 #${number} connected`]);
    expect(bench.hub.isBusy).toBe(false);
  });

  test.each([1, 77, 254, 255])(
    'a keep-alive of user %i, who is unknown, is answered with 1',
    id => {
      const bench = new Bench();
      const ghost = bench.add('ghost');
      ghost.send({type: 'connexion', name: undefined, userId: id, sequence: 9});
      expect(ghost.take()).toEqual(['2 #9 unknown']);
      expect(bench.hub.users).toBe(0);
    },
  );

  test('a keep-alive of somebody else’s user is dropped, and keeps nobody alive', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const stranger = bench.add('stranger');
    bench.run(99_999);
    bob.keepAlive();
    stranger.send({type: 'connexion', name: undefined, userId: alice.id});
    bob.send({type: 'connexion', name: undefined, userId: alice.id});
    bob.take();
    expect(stranger.take()).toEqual([]);
    expect(bench.dropped('impostor')).toBe(2);
    bench.run(1);
    expect(bench.departures).toEqual(['alice: silent']);
  });

  test('a user who is silent for 100 s is gone then, and not before', () => {
    const {bench, alice} = connected('alice');
    bench.run(99_999);
    expect(bench.hub.users).toBe(1);
    bench.run(1);
    expect(bench.departures).toEqual(['alice: silent']);
    expect(alice.take()).toEqual([]);
    alice.keepAlive();
    expect(alice.take()).toEqual([expect.stringMatching(/^2 #\d+ unknown$/)]);
  });

  const signsOfLife: Record<string, (alice: RawClient) => void> = {
    'a keep-alive': alice => alice.keepAlive(),
    'another registration': alice => alice.register(),
    'a request': alice => alice.list(),
    'a confirmation of anything': alice => alice.send({type: 'reponseTexte', sequence: 9}),
    'a message that nobody knows': alice => alice.sendRaw(30),
  };

  test.each(Object.entries(signsOfLife))('%s is a sign of life', (_, act) => {
    const {bench, alice} = connected('alice');
    bench.run(99_999);
    act(alice);
    bench.run(99_999);
    expect(bench.departures).toEqual([]);
    bench.run(1);
    expect(bench.departures).toEqual(['alice: silent']);
  });

  test('the others in the room of somebody silent are told that they left', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, bob, carl);
    bench.run(60_000);
    for (const client of [alice, bob]) client.keepAlive();
    clear(alice, bob);
    bench.run(40_000);
    expect(bench.departures).toEqual(['carl: silent']);
    expect(alice.take()).toEqual(['15 #2 "#carl left"']);
    expect(bob.take()).toEqual(['15 #1 "#carl left"']);
  });
});

describe('the right to speak (R11)', () => {
  test('a message under the id of somebody else, or of nobody, is dropped', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.send({type: 'texte', text: 'I am bob', userId: bob.id});
    alice.send({type: 'deconnexion', userId: bob.id});
    alice.send({type: 'texte', text: 'I am nobody', userId: 99});
    alice.send({type: 'texte', text: 'I am the hub', userId: 255});
    expect([...alice.take(), ...bob.take()]).toEqual([]);
    expect(bench.dropped('impostor')).toBe(2);
    expect(bench.dropped('unregistered')).toBe(2);
    expect(bob.list()).toEqual(['alice', 'bob']);
  });

  test('id 0 is for registering alone', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.send({type: 'texte', text: 'who am I?', userId: 0});
    alice.send({type: 'quitter', userId: 0});
    expect([...alice.take(), ...bob.take()]).toEqual([]);
    expect(bench.dropped('unregistered')).toBe(2);
  });

  test('the right id from another address, or another port of the same, is dropped', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const stranger = bench.add('stranger');
    stranger.send({type: 'texte', text: 'I am alice', userId: alice.id});
    stranger.send({type: 'deconnexion', userId: alice.id});
    const neighbour = bench.add('neighbour', alice.endpoint.host);
    neighbour.send({type: 'texte', text: 'I am alice', userId: alice.id});
    expect([...stranger.take(), ...neighbour.take(), ...bob.take()]).toEqual([]);
    expect(bench.dropped('impostor')).toBe(3);
    expect(bob.list()).toEqual(['alice', 'bob']);
  });

  test('what comes from nobody we know, under an id of nobody, is dropped', () => {
    const bench = new Bench();
    const stranger = bench.add('stranger');
    stranger.send({type: 'demanderListeMessagerie', userId: 7});
    stranger.sendRaw(30, () => {}, 7);
    expect(stranger.take()).toEqual([]);
    expect(bench.dropped('unregistered')).toBe(2);
  });

  test('confirmations under another id or from elsewhere do not count', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.isSilent = true;
    alice.say('hello');
    bob.send({type: 'reponseTexte', sequence: 0, userId: alice.id});
    alice.send({type: 'reponseTexte', sequence: 0, userId: bob.id});
    alice.send({type: 'reponseTexte', sequence: 0});
    bench.run(3100);
    expect(bench.departures).toEqual(['bob: silent']);
  });

  test('a type that nobody knows is answered with ERREUR under its number, every time (R4)', () => {
    const {bench, alice} = connected('alice');
    for (const type of [0, 23, 30]) alice.sendRaw(type, writer => writer.unsigned(32, 7), 1, 9);
    expect(alice.takeBytes()).toEqual([vector('error'), vector('error'), vector('error')]);
    expect(bench.dropped('malformed')).toBe(0);
  });

  const hubsOwn: Record<string, Unsent> = {
    REPONSE_CONNEXION: {type: 'reponseConnexion', status: 'unknown'},
    REPONSE_CREER: {type: 'reponseCreer', status: 'created', id: 1},
    'the rooms': {type: 'reponseDemanderListeMessagerie', rooms: []},
    'the names': {type: 'reponseDemanderListeClient', names: ['bob']},
    DEMANDE_MESSAGERIE_PRIVEE: {
      type: 'demandeMessageriePrivee',
      inviter: 'bob',
      mode: 'centralised',
      room: 'den',
    },
    REPONSE_CHANGER: {type: 'reponseChanger', mode: 'centralised', status: 'entered', peers: []},
    REPONSE_DECONNEXION: {type: 'reponseDeconnexion', done: true},
    ERREUR: {type: 'erreur', text: 'you are wrong'},
  };

  test.each(Object.entries(hubsOwn))('%s is not taken from a client', (_, message) => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.send(message);
    expect([...alice.take(), ...bob.take()]).toEqual([]);
    expect(bench.dropped('unexpected')).toBe(1);
  });

  test('what does not parse is dropped and counted, and harms nobody', () => {
    const {bench, alice} = connected('alice');
    for (const hex of ['', '98', '980800', 'a808004800', '7808000800', '0800000309']) {
      alice.sendBytes(hex);
    }
    expect(bench.dropped('malformed')).toBe(6);
    expect(alice.take()).toEqual([]);
    expect(alice.list()).toEqual(['alice']);
  });
});

describe('texts', () => {
  test('in public: confirmed, and given to all others under numbers of their own', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    bob.say('first');
    clear(alice, bob, carl);
    const number = alice.say('bonjour à tous');
    expect(alice.take()).toEqual([`16 #${number}`]);
    expect(bob.take()).toEqual(['15 #0 by 1 "alice#bonjour à tous"']);
    expect(carl.take()).toEqual(['15 #1 by 1 "alice#bonjour à tous"']);
  });

  test('a user who is in a private room neither gets public texts nor says any', () => {
    const {bench, alice, bob, carl, dora} = connected('alice', 'bob', 'carl', 'dora');
    bench.gather('centralised', alice, bob);
    carl.say('hello');
    expect([...alice.take(), ...bob.take()]).toEqual([]);
    expect(dora.take()).toEqual(['15 #0 by 3 "carl#hello"']);
    alice.say('psst');
    expect(bob.take()).toEqual(['15 #0 by 1 "alice#psst"']);
    expect(dora.take()).toEqual([]);
  });

  test('alone in a room: confirmed, and given to nobody', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.create('den');
    clear(alice);
    const number = alice.say('anybody?');
    expect(alice.take()).toEqual([`16 #${number}`]);
    expect(bob.take()).toEqual([]);
  });

  test('for a decentralised room: given to nobody, counted, and answered with ERREUR', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.gather('decentralised', alice, bob);
    const number = alice.say('psst');
    const why = 'the members of a decentralised room send their texts to each other';
    expect(alice.take()).toEqual([`31 #${number} "${why}"`]);
    expect(bob.take()).toEqual([]);
    expect(bench.dropped('unexpected')).toBe(1);
  });

  test('a text may contain # and begin with it: the author in front of it is still the author', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.say('#bob left');
    alice.say('bob#I am bob');
    expect(bob.take()).toEqual(['15 #0 by 1 "alice##bob left"', '15 #1 by 1 "alice#bob#I am bob"']);
  });

  test.each([
    ['1,024 bytes', 'a'.repeat(1024)],
    ['1,024 bytes in two-byte letters', 'é'.repeat(512)],
  ])('a text of %s is given out behind a name of 10 bytes (R9)', (_, text) => {
    const bench = new Bench();
    const [author, reader] = [bench.connect('abcdefghij'), bench.connect('reader')];
    author.say(text);
    expect(reader.take()).toEqual([`15 #0 by 1 "abcdefghij#${text}"`]);
  });

  test.each([
    ['1,025 bytes', Buffer.from('a'.repeat(1025))],
    ['1,026 bytes in two-byte letters', Buffer.from('é'.repeat(513))],
    ['400 bytes that are no UTF-8, and grow to 1,200', new Uint8Array(400).fill(0xff)],
    ['all that a length can say', Buffer.from('a'.repeat(65_535))],
  ])('a text of %s is confirmed, counted and given to nobody', (_, bytes) => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const number = alice.sendRaw(types.texte, textOf(Uint8Array.from(bytes)));
    expect(alice.take()).toEqual([`16 #${number}`]);
    expect(bob.take()).toEqual([]);
    expect(bench.dropped('too-long')).toBe(1);
  });

  test('a text that is no UTF-8 is given out with U+FFFD', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.sendRaw(types.texte, textOf(Uint8Array.of(0x61, 0xff, 0x62)));
    expect(bob.take()).toEqual(['15 #0 by 1 "alice#a\u{fffd}b"']);
  });

  test('a second copy is confirmed again and not given out again', () => {
    const {alice, bob} = connected('alice', 'bob');
    const number = alice.say('hello');
    alice.send({type: 'texte', text: 'hello', sequence: number});
    expect(alice.take()).toEqual([`16 #${number}`, `16 #${number}`]);
    expect(bob.take()).toEqual(['15 #0 by 1 "alice#hello"']);
  });

  test('the number of the 1,024th text before is still a copy, that of the 1,025th is new', () => {
    const {alice, bob} = connected('alice', 'bob');
    const first = alice.say('text 0');
    sayOften(alice, 1023);
    clear(bob);
    alice.send({type: 'texte', text: 'copy', sequence: first});
    expect(bob.take()).toEqual([]);
    sayOften(alice, 1);
    clear(bob);
    alice.send({type: 'texte', text: 'new', sequence: first});
    expect(bob.take()).toEqual([expect.stringContaining('"alice#new"')]);
  });

  test('a confirmed text is not sent again', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.say('hello');
    bench.run(5000);
    expect(bob.take()).toEqual(['15 #0 by 1 "alice#hello"']);
    expect(bench.hub.isBusy).toBe(false);
  });

  test('a client that does not confirm a text gets it every 100 ms, and is gone after 3.1 s', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.isSilent = true;
    alice.say('hello');
    expect(bench.hub.isBusy).toBe(true);
    bench.run(99);
    expect(bob.take()).toHaveLength(1);
    bench.run(1);
    expect(bob.take()).toEqual(['15 #0 by 1 "alice#hello"']);
    bench.run(2999);
    expect(bob.take()).toHaveLength(29);
    expect(bench.departures).toEqual([]);
    bench.run(1);
    expect(bob.take()).toEqual([]);
    expect(bench.departures).toEqual(['bob: silent']);
    expect(alice.list()).toEqual(['alice']);
  });

  test('a client that does not confirm a notice is gone, too: the original requires it of every text', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.create('den');
    alice.isSilent = true;
    bob.enter('den');
    bench.run(3099);
    expect(bench.departures).toEqual([]);
    bench.run(1);
    expect(bench.departures).toEqual(['alice: silent']);
  });

  test('a confirmation of another kind under the same number is none', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.isSilent = true;
    alice.say('hello');
    bob.send({type: 'reponseInviter', sequence: 0});
    bob.send({type: 'reponseQuitter', done: true, sequence: 0});
    bob.send({type: 'reponseTexte', sequence: 1});
    bench.run(3100);
    expect(bench.departures).toEqual(['bob: silent']);
  });

  test('a reader gets at most 16 texts that it has not confirmed', () => {
    const {alice, bob} = connected('alice', 'bob');
    bob.isSilent = true;
    sayOften(alice, 20);
    expect(bob.take()).toHaveLength(16);
    bob.send({type: 'reponseTexte', sequence: 1});
    expect(bob.take()).toEqual([]);
    bob.send({type: 'reponseTexte', sequence: 0});
    expect(bob.take()).toEqual(['15 #16 by 1 "alice#text 16"', '15 #17 by 1 "alice#text 17"']);
  });

  test('a user who lets more than 1,024 texts wait is too slow, and gone at once', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.isSilent = true;
    sayOften(alice, 16 + 1024);
    expect(bench.departures).toEqual([]);
    sayOften(alice, 1);
    expect(bench.departures).toEqual(['bob: too-slow']);
  });
});

describe('disconnect', () => {
  test('it is answered with 0, and its sender forgotten', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const number = alice.disconnect();
    expect(alice.take()).toEqual([`22 #${number} true`]);
    expect(bench.departures).toEqual(['alice: disconnected']);
    expect(bob.list()).toEqual(['bob']);
    alice.say('still here?');
    expect([...alice.take(), ...bob.take()]).toEqual([]);
    expect(bench.dropped('unregistered')).toBe(1);
  });

  test('a copy is answered again for 5 s, and does nothing else', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const goodbye = {type: 'deconnexion', sequence: 900} as const;
    alice.send(goodbye);
    bench.run(4999);
    alice.send(goodbye);
    expect(alice.take()).toEqual(['22 #900 true', '22 #900 true']);
    alice.send({...goodbye, sequence: 901});
    bench.run(1);
    alice.send(goodbye);
    expect(alice.take()).toEqual([]);
    expect(bob.list()).toEqual(['bob']);
    expect(bench.departures).toEqual(['alice: disconnected']);
    expect(bench.dropped('unregistered')).toBe(2);
  });

  test('from a private room: the others learn it as when somebody leaves', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, bob, carl);
    alice.disconnect();
    expect(bob.take()).toEqual(['15 #1 "#alice left"']);
    bob.disconnect();
    expect(carl.take()).toEqual(['15 #0 "#alice left"', '15 #1 "#bob left"', '20 #2 true']);
    expect(carl.list()).toEqual(['carl']);
  });

  test('the name and the address are free at once, and the hub counts from 0 again', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    sayOften(alice, 3);
    bob.disconnect();
    clear(bob);
    bob.register(0);
    expect(bob.take()).toEqual(['2 #0 registered 3']);
    alice.say('back?');
    expect(bob.take()).toEqual(['15 #0 by 1 "alice#back?"']);
    expect(bench.connect('carl').list()).toEqual(['alice', 'bob', 'carl']);
  });

  test('nothing outlives its owners', () => {
    const {bench, alice, bob, carl, dora} = connected('alice', 'bob', 'carl', 'dora');
    bench.gather('decentralised', alice, bob);
    carl.isSilent = true;
    bob.isSilent = true;
    alice.invite('carl');
    dora.say('hello');
    dora.enter('den');
    expect(bench.hub.isBusy).toBe(true);
    for (const client of [alice, bob, carl, dora]) client.disconnect();
    expect(bench.hub.users).toBe(0);
    expect(bench.hub.isBusy).toBe(false);
    expect(bench.hub.dueAt).toBe(Number.POSITIVE_INFINITY);
    clear(alice, bob, carl, dora);
    bench.run(10 * minuteMs);
    expect([alice, bob, carl, dora].flatMap(client => client.take())).toEqual([]);
  });
});

describe('addresses of members', () => {
  test("who is on the hub's own machine is told to others under its public address", () => {
    const bench = new Bench('203.0.113.9');
    const [local, remote] = [bench.connect('local', '127.0.0.1'), bench.connect('remote')];
    local.create('den', 'decentralised');
    local.take();
    const number = remote.enter('den');
    expect(remote.take()).toEqual([`8 #${number} decentralised entered local@203.0.113.9:40000`]);
    expect(local.take()).toEqual(['8 #0 decentralised entered remote@198.51.100.2:40001']);
  });

  test("two on the hub's own machine reach each other there", () => {
    const bench = new Bench('203.0.113.9');
    const [one, other] = [bench.connect('one', '127.0.0.1'), bench.connect('other', '127.0.0.1')];
    one.create('den', 'decentralised');
    one.take();
    const number = other.enter('den');
    expect(other.take()).toEqual([`8 #${number} decentralised entered one@127.0.0.1:40000`]);
    expect(one.take()).toEqual(['8 #0 decentralised entered other@127.0.0.1:40001']);
  });

  test('without a public address the hub tells what it sees', () => {
    const bench = new Bench();
    const [local, remote] = [bench.connect('local', '127.0.0.1'), bench.connect('remote')];
    local.create('den', 'decentralised');
    const number = remote.enter('den');
    expect(remote.take()).toEqual([`8 #${number} decentralised entered local@127.0.0.1:40000`]);
  });
});

describe('the end of a hub', () => {
  test('members of centralised rooms are told that theirs is closed, and nobody else is told anything', () => {
    const {bench, alice, bob, carl, dora} = connected('alice', 'bob', 'carl', 'dora');
    const eve = bench.connect('eve');
    alice.create('lair');
    bob.enter('lair');
    bench.gather('decentralised', carl, dora);
    bench.hub.close(bench.now);
    expect(bench.hub.isBusy).toBe(true);
    bench.flush();
    expect(alice.take()).toEqual(['20 #1 true']);
    expect(bob.take()).toEqual(['20 #0 true']);
    expect([...carl.take(), ...dora.take(), ...eve.take()]).toEqual([]);
    expect(bench.hub.isBusy).toBe(false);
  });
});
