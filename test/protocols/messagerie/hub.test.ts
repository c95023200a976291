import {describe, expect, test} from 'vitest';
import {types} from '../../../source/protocols/messagerie/wire/messages.ts';
import type {BitWriter} from '../../../source/transport/bits.ts';
import {Bench, type RawClient, type Unsent, vector} from './bench.ts';

const modes = ['centralised', 'decentralised'] as const;
const minuteMs = 60_000;

/** A hub with those users connected, in the public room. */
function connected(...nicknames: readonly string[]) {
  const bench = new Bench();
  const clients = nicknames.map(nickname => bench.connect(nickname));
  const [alice, bob, carl, dora] = clients;
  const spare = bench.add('spare');
  return {
    bench,
    alice: alice ?? spare,
    bob: bob ?? spare,
    carl: carl ?? spare,
    dora: dora ?? spare,
  };
}

/** What comes every 100 ms, 31 times, and then no more. */
function thirtyOneTimes(line: string): string[] {
  return Array.from({length: 31}, () => line);
}

/** Says that text as often, each copy under a number of its own. */
function sayOften(author: RawClient, count: number): void {
  for (let index = 0; index < count; index++) author.say(`text ${index}`);
}

/** What stands in the datagram of a `text#`. */
function delimited(...bytes: readonly number[]) {
  return (writer: BitWriter) => writer.bytes(Uint8Array.from(bytes)).unsigned(8, 0x23);
}

function textOf(bytes: Uint8Array) {
  return (writer: BitWriter) => writer.unsigned(16, bytes.length).bytes(bytes);
}

function clear(...clients: readonly RawClient[]): void {
  for (const client of clients) client.take();
}

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

function hexOf(type: keyof typeof types, userId: number, sequence: number): string {
  const bits = types[type] * 2 ** 27 + userId * 2 ** 19 + sequence * 2 ** 3;
  return bits.toString(16).padStart(8, '0');
}

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

  test('who registers again from a room is still in it', () => {
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

  test('who is silent for 100 s is gone then, and not before', () => {
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

describe('who may say what (R11)', () => {
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

describe('create', () => {
  test.each(modes)('a %s room is there at once, with its creator alone in it (R7)', mode => {
    const {bench, alice, bob} = connected('alice', 'bob');
    const number = alice.create('den', mode, 2);
    expect(alice.take()).toEqual([`4 #${number} created 1`]);
    expect(bob.take()).toEqual([]);
    expect(bob.rooms()).toEqual([`den ${mode} 1`]);
    expect(bob.list('den')).toEqual(['alice']);
    bench.run(99_000);
    expect(bob.rooms()).toEqual([`den ${mode} 1`]);
  });

  test.each([
    ['no name', []],
    ['51 bytes of name', Buffer.from('a'.repeat(51))],
    ['a control character in its name', [0x64, 0x07]],
    ['a name that is no UTF-8', [0xc3]],
  ])('a room with %s is refused', (_, bytes) => {
    const {alice} = connected('alice');
    const number = alice.sendRaw(types.creerMessageriePrivee, writer => {
      delimited(...bytes)(writer.unsigned(1, 0));
      writer.unsigned(8, 10);
    });
    expect(alice.take()).toEqual([`4 #${number} room-name-invalid 0`]);
    expect(alice.rooms()).toEqual([]);
  });

  test.each(['d', 'é'.repeat(25), 'a den with spaces', '"quoted" & <more>'])(
    'a room may be called "%s"',
    name => {
      const {alice} = connected('alice');
      alice.create(name);
      expect(alice.rooms()).toEqual([`${name} centralised 1`]);
    },
  );

  test.each(['den', 'DEN'])('a name in use is refused, spelt %s too', name => {
    const {alice, bob} = connected('alice', 'bob');
    alice.create('den');
    const number = bob.create(name, 'decentralised');
    expect(bob.take()).toEqual([`4 #${number} room-name-in-use 0`]);
    expect(bob.list('den')).toEqual(['alice']);
  });

  test.each([0, 1])('a room for %i is refused', most => {
    const {alice} = connected('alice');
    const number = alice.create('den', 'centralised', most);
    expect(alice.take()).toEqual([`4 #${number} room-size-invalid 0`]);
    expect(alice.rooms()).toEqual([]);
  });

  test('a room for 255 is one for 254: the hub has no more users', () => {
    const bench = new Bench();
    const users = Array.from({length: 254}, (_, index) => bench.connect(`user${index}`));
    users[0]?.create('den', 'centralised', 255);
    for (const user of users.slice(1)) user.enter('den');
    expect(users[253]?.rooms()).toEqual(['den centralised 254']);
  });

  test('a refusal leaves its reader in the room they are in', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, bob);
    carl.create('lair');
    alice.create('lair');
    alice.create('tiny', 'centralised', 1);
    clear(alice);
    expect(bob.take()).toEqual([]);
    expect(carl.rooms()).toEqual(['den centralised 2', 'lair centralised 1']);
  });

  test('who creates a room from another one leaves that, and it may close behind them', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.gather('centralised', alice, bob);
    const number = bob.create('lair');
    expect(bob.take()).toEqual([`4 #${number} created 2`]);
    expect(alice.take()).toEqual(['15 #1 "#bob left"', '20 #2 true']);
    expect(alice.rooms()).toEqual(['lair centralised 1']);
  });

  test('a second copy gets the very same answer, and not that the name is in use', () => {
    const {alice} = connected('alice');
    const number = alice.create('den');
    alice.send({
      type: 'creerMessageriePrivee',
      mode: 'centralised',
      room: 'den',
      most: 254,
      sequence: number,
    });
    expect(alice.take()).toEqual([`4 #${number} created 1`, `4 #${number} created 1`]);
  });

  test('as many rooms as users, each under a number of its own, and all of them listed', () => {
    const bench = new Bench();
    const users = Array.from({length: 254}, (_, index) => bench.connect(`user${index}`));
    const name = (index: number) => `${index}`.padEnd(50, '-');
    const answers = users.flatMap((user, index) => {
      user.create(name(index));
      return user.take();
    });
    const numbers = answers.map(answer => Number(/created (\d+)$/.exec(answer)?.[1]));
    expect(numbers).toEqual(Array.from({length: 254}, (_, index) => index + 1));
    expect(users[0]?.rooms()).toHaveLength(254);
  });

  test('room numbers are given again when they have gone round, and not while a room has them', () => {
    const {alice, bob} = connected('alice', 'bob');
    bob.create('kept');
    expect(bob.take()).toEqual([expect.stringMatching(/ created 1$/)]);
    const numbers: number[] = [];
    for (let round = 0; round < 300; round++) {
      alice.create(`room ${round}`);
      numbers.push(Number(/ created (\d+)$/.exec(alice.take()[0] ?? '')?.[1]));
    }
    const expected = Array.from({length: 300}, (_, index) => 2 + (index % 254));
    expect(numbers).toEqual(expected);
  });
});

describe('look around', () => {
  test('everybody is listed under an empty name, whoever asks included (R3)', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('decentralised', alice, bob);
    const number = carl.send({type: 'demanderListeClient', room: ''});
    expect(carl.take()).toEqual([`10 #${number} alice bob carl`]);
  });

  test('a room is listed to those in it and to those outside, however its name is spelt', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, bob);
    expect([alice.list('den'), carl.list('den'), carl.list('DEN')]).toEqual([
      ['alice', 'bob'],
      ['alice', 'bob'],
      ['alice', 'bob'],
    ]);
  });

  test('an unknown room has nobody in it (R3)', () => {
    const {alice} = connected('alice');
    const number = alice.send({type: 'demanderListeClient', room: 'nowhere'});
    expect(alice.take()).toEqual([`10 #${number}`]);
  });

  test('lists show every move, though they are made once for all who ask', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.create('den');
    expect([carl.list('den'), carl.rooms()]).toEqual([['alice'], ['den centralised 1']]);
    bob.enter('den');
    expect([carl.list('den'), carl.rooms()]).toEqual([['alice', 'bob'], ['den centralised 2']]);
    bob.leave();
    expect([carl.list('den'), carl.rooms()]).toEqual([[], []]);
  });

  test('a second copy of a request gets the very same list, a new one the new list', () => {
    const {bench, alice} = connected('alice');
    const request = {type: 'demanderListeClient', room: ''} as const;
    const first = alice.send(request);
    bench.connect('bob');
    alice.send({...request, sequence: first});
    const second = alice.send(request);
    expect(alice.take()).toEqual([
      `10 #${first} alice`,
      `10 #${first} alice`,
      `10 #${second} alice bob`,
    ]);
  });

  test('a number used again after 5 s is a new request', () => {
    const {bench, alice} = connected('alice');
    const request = {type: 'demanderListeClient', room: ''} as const;
    const number = alice.send(request);
    bench.connect('bob');
    bench.run(4999);
    alice.send({...request, sequence: number});
    bench.run(1);
    alice.send({...request, sequence: number});
    expect(alice.take()).toEqual([
      `10 #${number} alice`,
      `10 #${number} alice`,
      `10 #${number} alice bob`,
    ]);
  });
});

describe('enter a room', () => {
  const requests = [
    ['DEMANDE_ACCES', 8, (client: RawClient, room: string) => client.enter(room)],
    ['CHANGER_MESSAGERIE', 18, (client: RawClient, room: string) => client.change(room)],
  ] as const;

  describe.each(requests)('with %s', (_, answer, enter) => {
    test('centralised: the others get a notice, and who enters no addresses', () => {
      const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
      bench.gather('centralised', alice, bob);
      const number = enter(carl, 'den');
      expect(carl.take()).toEqual([`${answer} #${number} centralised entered`]);
      expect(alice.take()).toEqual(['15 #1 "#carl joined"']);
      expect(bob.take()).toEqual(['15 #0 "#carl joined"']);
      expect(alice.list('den')).toEqual(['alice', 'bob', 'carl']);
    });

    test('decentralised: who enters gets the addresses, and the others the new roster (R8)', () => {
      const {alice, bob, carl} = connected('alice', 'bob', 'carl');
      alice.create('den', 'decentralised');
      bob.enter('den');
      clear(alice, bob);
      const number = enter(carl, 'den');
      expect(carl.take()).toEqual([
        `${answer} #${number} decentralised entered alice@198.51.100.1:40000 bob@198.51.100.2:40001`,
      ]);
      expect(alice.take()).toEqual([
        '8 #1 decentralised entered bob@198.51.100.2:40001 carl@198.51.100.3:40002',
      ]);
      expect(bob.take()).toEqual([
        '8 #0 decentralised entered alice@198.51.100.1:40000 carl@198.51.100.3:40002',
      ]);
    });

    test('the name may be spelt in another case', () => {
      const {alice, bob} = connected('alice', 'bob');
      alice.create('den');
      enter(bob, 'DEN');
      expect(alice.list('den')).toEqual(['alice', 'bob']);
    });

    test('an unknown room is refused, and a room that is full with its mode', () => {
      const {alice, bob, carl, dora} = connected('alice', 'bob', 'carl', 'dora');
      alice.create('den', 'decentralised', 2);
      bob.enter('den');
      carl.create('lair');
      clear(alice, bob, carl);
      const numbers = [enter(carl, 'nowhere'), enter(carl, 'den'), enter(dora, 'den')];
      expect(carl.take()).toEqual([
        `${answer} #${numbers[0]} centralised no-such-room`,
        `${answer} #${numbers[1]} decentralised room-full`,
      ]);
      expect(dora.take()).toEqual([`${answer} #${numbers[2]} decentralised room-full`]);
      expect([...alice.take(), ...bob.take()]).toEqual([]);
      expect(alice.rooms()).toEqual(['den decentralised 2', 'lair centralised 1']);
    });

    test('from another room: its members learn it, and a last one is alone in public', () => {
      const {alice, bob, carl, dora} = connected('alice', 'bob', 'carl', 'dora');
      alice.create('den');
      bob.enter('den');
      carl.enter('den');
      dora.create('lair');
      clear(alice, bob, carl, dora);
      const first = enter(carl, 'lair');
      expect(carl.take()).toEqual([`${answer} #${first} centralised entered`]);
      expect(alice.take()).toEqual(['15 #2 "#carl left"']);
      expect(bob.take()).toEqual(['15 #1 "#carl left"']);
      expect(dora.take()).toEqual(['15 #0 "#carl joined"']);
      enter(bob, 'lair');
      expect(alice.take()).toEqual(['15 #3 "#bob left"', '20 #4 true']);
      expect(alice.rooms()).toEqual(['lair centralised 3']);
    });

    test('from a decentralised room: those who stay get a roster, a last one the closing alone', () => {
      const {alice, bob, carl, dora} = connected('alice', 'bob', 'carl', 'dora');
      alice.create('den', 'decentralised');
      bob.enter('den');
      carl.enter('den');
      dora.create('lair', 'decentralised');
      clear(alice, bob, carl, dora);
      enter(carl, 'lair');
      expect(alice.take()).toEqual(['8 #2 decentralised entered bob@198.51.100.2:40001']);
      expect(bob.take()).toEqual(['8 #1 decentralised entered alice@198.51.100.1:40000']);
      enter(bob, 'lair');
      expect(alice.take()).toEqual(['20 #3 true']);
    });

    test('the room one is in: entered, with the addresses, and nobody is told', () => {
      const {bench, alice, bob} = connected('alice', 'bob');
      bench.gather('decentralised', alice, bob);
      const number = enter(bob, 'den');
      expect(bob.take()).toEqual([
        `${answer} #${number} decentralised entered alice@198.51.100.1:40000`,
      ]);
      expect(alice.take()).toEqual([]);
    });

    test('the room one is in although it is full: entered', () => {
      const {alice} = connected('alice', 'bob');
      alice.create('den', 'centralised', 2);
      const number = enter(alice, 'den');
      expect(alice.take().at(-1)).toBe(`${answer} #${number} centralised entered`);
    });

    test('a second copy gets the very same answer, and moves nobody again', () => {
      const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
      bench.gather('decentralised', alice, bob);
      const number = enter(carl, 'den');
      bob.leave();
      carl.leave();
      clear(alice, bob);
      const type = answer === 8 ? 'demandeAcces' : 'changerMessagerie';
      carl.send({type, room: 'den', sequence: number});
      const [first, ...others] = carl.take();
      expect(others.at(-1)).toBe(first);
      expect(alice.take()).toEqual([]);
      expect(alice.rooms()).toEqual([]);
    });
  });
});

describe('invite', () => {
  test.each(modes)('into a %s room: answered at once, and passed on', mode => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather(mode, alice, bob);
    const number = alice.invite('carl');
    expect(alice.take()).toEqual([`12 #${number}`]);
    expect(carl.take()).toEqual([`13 #0 alice ${mode} den`]);
    expect(bob.take()).toEqual([]);
    bench.run(5000);
    expect(carl.take()).toEqual([]);
  });

  const refusals: Record<string, [(alice: RawClient) => number, string]> = {
    'somebody unknown': [alice => alice.invite('ghost'), 'no such user'],
    oneself: [alice => alice.invite('alice'), 'no such user'],
    'somebody with a name that is none': [
      alice => alice.sendRaw(types.inviter, delimited(0x1b)),
      'no such user',
    ],
    'a member of the room': [alice => alice.invite('bob'), 'already in that room'],
  };

  test.each(Object.entries(refusals))('%s is refused with ERREUR', (_, [invite, reason]) => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, bob);
    const number = invite(alice);
    expect(alice.take()).toEqual([`31 #${number} "${reason}"`]);
    expect([...bob.take(), ...carl.take()]).toEqual([]);
  });

  test('from the public room it is refused with ERREUR', () => {
    const {alice, bob} = connected('alice', 'bob');
    const number = alice.invite('bob');
    expect(alice.take()).toEqual([`31 #${number} "not in a private room"`]);
    expect(bob.take()).toEqual([]);
  });

  test('into a full room it is refused with ERREUR', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.create('den', 'centralised', 2);
    bob.enter('den');
    clear(alice);
    const number = alice.invite('carl');
    expect(alice.take()).toEqual([`31 #${number} "room full"`]);
    expect(carl.take()).toEqual([]);
  });

  test('an ERREUR is final: a second copy gets it again, and it is not repeated', () => {
    const {bench, alice} = connected('alice', 'bob');
    const number = alice.invite('bob');
    bench.run(5000 - 1);
    alice.send({type: 'inviter', name: 'bob', sequence: number});
    const line = `31 #${number} "not in a private room"`;
    expect(alice.take()).toEqual([line, line]);
  });

  test('somebody in another private room, spelt in another case, is invited all the same', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.create('den');
    bob.create('lair');
    carl.enter('lair');
    clear(alice, bob, carl);
    const number = alice.invite('CARL');
    expect(alice.take()).toEqual([`12 #${number}`]);
    expect(carl.take()).toEqual(['13 #0 alice centralised den']);
  });

  test('a second copy invites nobody again', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.create('den');
    clear(alice);
    const number = alice.invite('bob');
    alice.send({type: 'inviter', name: 'bob', sequence: number});
    expect(alice.take()).toEqual([`12 #${number}`, `12 #${number}`]);
    expect(bob.take()).toEqual(['13 #0 alice centralised den']);
  });

  test('who never confirms a 13 gets it 31 times, keeps the place and is still invited (R6)', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.create('den');
    bob.isSilent = true;
    alice.invite('bob');
    bench.run(10_000);
    expect(bob.take()).toEqual(thirtyOneTimes('13 #0 alice centralised den'));
    expect(bench.departures).toEqual([]);
    bob.answer('accept');
    expect(alice.list('den')).toEqual(['alice', 'bob']);
  });

  test('who answers a 13 has received it, without a 12', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.create('den');
    bob.isSilent = true;
    alice.invite('bob');
    bob.answer('refuse');
    bench.run(10_000);
    expect(bob.take()).toEqual(['13 #0 alice centralised den', '12 #0']);
  });

  test('accepted, centralised: answered under the number of the 13, moved, and told', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, bob);
    carl.say('in public');
    alice.invite('carl');
    clear(alice, bob, carl);
    carl.answer('accept');
    expect(carl.take()).toEqual(['8 #0 centralised entered']);
    expect(alice.take()).toEqual(['15 #1 "#carl joined"']);
    expect(bob.take()).toEqual(['15 #0 "#carl joined"']);
    expect(alice.list('den')).toEqual(['alice', 'bob', 'carl']);
  });

  test('accepted, decentralised: answered with the addresses, and the others get the roster', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('decentralised', alice, bob);
    alice.invite('carl');
    clear(alice, bob, carl);
    carl.answer('accept');
    expect(carl.take()).toEqual([
      '8 #0 decentralised entered alice@198.51.100.1:40000 bob@198.51.100.2:40001',
    ]);
    expect(alice.take()).toEqual([
      '8 #1 decentralised entered bob@198.51.100.2:40001 carl@198.51.100.3:40002',
    ]);
    expect(bob.take()).toEqual([
      '8 #0 decentralised entered alice@198.51.100.1:40000 carl@198.51.100.3:40002',
    ]);
  });

  test('accepted in another private room: that one is left', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.create('den');
    bob.create('lair');
    carl.enter('lair');
    alice.invite('carl');
    clear(alice, bob, carl);
    carl.answer('accept');
    expect(carl.take()).toEqual(['8 #0 centralised entered']);
    expect(bob.take()).toEqual(['15 #1 "#carl left"', '20 #2 true']);
    expect(alice.take()).toEqual(['15 #0 "#carl joined"']);
  });

  test('accepted into a room that has filled up since: it is full', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.create('den', 'decentralised', 2);
    alice.invite('bob');
    carl.enter('den');
    clear(alice, bob, carl);
    bob.answer('accept');
    // Answered in the mode of where they are: of the public room there is none.
    expect(bob.take()).toEqual([expect.stringMatching(/^8 #0 \w+ room-full$/)]);
    expect([...alice.take(), ...carl.take()]).toEqual([]);
    expect(alice.rooms()).toEqual(['den decentralised 2']);
  });

  test('accepted by somebody who has come to that room by themselves: entered', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.create('den');
    alice.invite('bob');
    bob.enter('den');
    clear(alice, bob);
    bob.answer('accept');
    expect(bob.take()).toEqual(['8 #0 centralised entered']);
    expect(alice.take()).toEqual([]);
  });

  test.each(modes)('refused: answered with 12, and the inviter in a %s room is told', mode => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather(mode, alice, bob);
    alice.invite('carl');
    clear(alice, bob, carl);
    carl.answer('refuse');
    expect(carl.take()).toEqual(['12 #0']);
    expect(alice.take()).toEqual(['15 #1 "#carl declined"']);
    expect(bob.take()).toEqual([]);
    expect(alice.list('den')).toEqual(['alice', 'bob']);
  });

  test.each(['accept', 'refuse'] as const)(
    'a repeated answer (%s) gets the very same answer, and has no other effect',
    decision => {
      const {bench, alice, bob} = connected('alice', 'bob');
      alice.create('den', 'decentralised');
      alice.invite('bob');
      clear(alice, bob);
      bob.answer(decision);
      const [first] = bob.take();
      const told = alice.take();
      bench.run(4999);
      bob.answer(decision);
      bob.answer(decision === 'accept' ? 'refuse' : 'accept');
      expect(bob.take()).toEqual([first, first]);
      expect(told).toHaveLength(1);
      expect(alice.take()).toEqual([]);
    },
  );

  test('an answer repeated after the inviter has left the room again is no late one', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.create('den');
    alice.invite('bob');
    clear(bob);
    bob.answer('accept', 0);
    alice.leave();
    bob.answer('accept', 0);
    expect(bob.take()).toEqual([
      '8 #0 centralised entered',
      '15 #1 "#alice left"',
      '20 #2 true',
      '8 #0 centralised entered',
    ]);
    expect(bob.rooms()).toEqual([]);
  });

  test('several invitations are told apart by their numbers', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.create('den');
    bob.create('lair');
    alice.invite('carl');
    bob.invite('carl');
    clear(alice, bob);
    expect(carl.take()).toEqual(['13 #0 alice centralised den', '13 #1 bob centralised lair']);
    carl.answer('accept', 1);
    carl.answer('refuse', 0);
    expect(carl.take()).toEqual(['8 #1 centralised entered', '12 #0']);
    expect(alice.take()).toEqual(['15 #0 "#carl declined"']);
    expect(bob.take()).toEqual(['15 #0 "#carl joined"']);
  });

  test('a second invitation of the same inviter ends the first', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.create('den');
    alice.invite('bob');
    alice.invite('bob');
    clear(alice, bob);
    bob.answer('accept', 0);
    expect(bob.take()).toEqual(['8 #0 centralised no-such-room']);
    bob.answer('accept', 1);
    expect(bob.take()).toEqual(['8 #1 centralised entered']);
  });

  test('a 65th invitation that waits for the same user is refused for them', () => {
    const bench = new Bench();
    const target = bench.connect('target');
    const inviters = Array.from({length: 65}, (_, index) => bench.connect(`user${index}`));
    for (const [index, inviter] of inviters.entries()) {
      inviter.create(`room ${index}`);
      inviter.invite('target');
    }
    expect(target.take()).toHaveLength(64);
    const told = inviters.filter(inviter => inviter.take().some(line => line.includes('declined')));
    expect(told.map(({nickname}) => nickname)).toEqual(['user64']);
  });
});

describe('late answers (R10)', () => {
  const endings: Record<string, (bench: Bench, alice: RawClient, carl: RawClient) => void> = {
    'nobody has answered for 5 minutes': (bench, alice, carl) => {
      for (let minute = 0; minute < 5; minute++) {
        bench.run(minuteMs);
        alice.keepAlive();
        carl.keepAlive();
      }
    },
    'the inviter has disconnected': (_, alice) => alice.disconnect(),
    'the inviter is gone without a word': (bench, _, carl) => {
      bench.run(99_999);
      carl.keepAlive();
      bench.run(1);
    },
    'the inviter has left the room': (_, alice) => alice.leave(),
    'the inviter has gone to another room': (_, alice) => alice.create('lair'),
    'the room has closed': (_, alice, carl) => {
      carl.enter('den');
      carl.leave();
      alice.take();
    },
  };

  function invited(end: (bench: Bench, alice: RawClient, carl: RawClient) => void) {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    const alive = setAlive(bench, bob);
    alice.create('den');
    alice.invite('bob');
    end(alive, alice, carl);
    clear(alice, bob, carl);
    return {bench, alice, bob, carl};
  }

  /** That bench, with a client that keeps itself alive while time passes. */
  function setAlive(bench: Bench, client: RawClient): Bench {
    const run = bench.run.bind(bench);
    bench.run = durationMs => {
      client.keepAlive();
      run(durationMs);
    };
    return bench;
  }

  test.each(Object.entries(endings))('accepted when %s: no such room', (_, end) => {
    const {alice, bob, carl} = invited(end);
    bob.answer('accept', 0);
    expect(bob.take()).toEqual(['8 #0 centralised no-such-room']);
    expect([...alice.take(), ...carl.take()]).toEqual([]);
    expect(carl.rooms().map(room => room.split(' ')[2])).not.toContain('2');
  });

  test.each(Object.entries(endings))('refused when %s: answered, and nobody is told', (_, end) => {
    const {alice, bob} = invited(end);
    bob.answer('refuse', 0);
    expect(bob.take()).toEqual(['12 #0']);
    expect(alice.take()).toEqual([]);
  });

  test('an invitation can be accepted until just before the 5 minutes are over', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.create('den');
    alice.invite('bob');
    for (let minute = 0; minute < 5; minute++) {
      bench.run(minuteMs - (minute === 4 ? 1 : 0));
      alice.keepAlive();
      bob.keepAlive();
    }
    bob.answer('accept', 0);
    expect(alice.list('den')).toEqual(['alice', 'bob']);
  });

  test('a late answer does not take its author out of the room they are in', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.create('den');
    alice.invite('bob');
    alice.disconnect();
    bob.create('lair');
    carl.enter('lair');
    clear(bob, carl);
    bob.answer('accept', 0);
    bench.run(5000);
    expect(bob.take()).toEqual(['8 #0 centralised no-such-room']);
    expect(carl.take()).toEqual([]);
    expect(carl.list('lair')).toEqual(['bob', 'carl']);
  });

  test('an answer to an invitation that never was is a late one', () => {
    const {bob} = connected('alice', 'bob');
    bob.answer('accept', 99);
    expect(bob.take()).toEqual(['8 #99 centralised no-such-room']);
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

  test('who is in a private room neither gets public texts nor says any', () => {
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

  test('who does not confirm a text gets it every 100 ms, and is gone after 3.1 s', () => {
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

  test('who does not confirm a notice is gone, too: the original requires it of every text', () => {
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

  test('who lets more than 1,024 texts wait is too slow, and gone at once', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.isSilent = true;
    sayOften(alice, 16 + 1024);
    expect(bench.departures).toEqual([]);
    sayOften(alice, 1);
    expect(bench.departures).toEqual(['bob: too-slow']);
  });
});

describe('leave', () => {
  test('centralised: answered with 0, and the others are told', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, bob, carl);
    const number = carl.leave();
    expect(carl.take()).toEqual([`20 #${number} true`]);
    expect(alice.take()).toEqual(['15 #2 "#carl left"']);
    expect(bob.take()).toEqual(['15 #1 "#carl left"']);
    expect(alice.list('den')).toEqual(['alice', 'bob']);
  });

  test('decentralised: answered with 0, and the others get the roster', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('decentralised', alice, bob, carl);
    const number = carl.leave();
    expect(carl.take()).toEqual([`20 #${number} true`]);
    expect(alice.take()).toEqual(['8 #2 decentralised entered bob@198.51.100.2:40001']);
    expect(bob.take()).toEqual(['8 #1 decentralised entered alice@198.51.100.1:40000']);
  });

  test('in public: answered with 1', () => {
    const {alice} = connected('alice');
    const number = alice.leave();
    expect(alice.take()).toEqual([`20 #${number} false`]);
  });

  test('a second copy is answered the same', () => {
    const {alice} = connected('alice');
    alice.create('den');
    clear(alice);
    const number = alice.leave();
    alice.send({type: 'quitter', sequence: number});
    expect(alice.take()).toEqual([`20 #${number} true`, `20 #${number} true`]);
  });

  test('a creator who was always alone takes the room with them, and the name is free', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.create('den');
    alice.leave();
    const number = bob.create('den');
    expect(bob.take()).toEqual([`4 #${number} created 2`]);
  });

  test('centralised: the last one is told who left, then that the room is closed (R8)', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, bob);
    alice.leave();
    clear(alice);
    expect(bob.take()).toEqual(['15 #0 "#alice left"', '20 #1 true']);
    expect(carl.rooms()).toEqual([]);
    bob.say('alone');
    expect(carl.take()).toEqual(['15 #0 by 2 "bob#alone"']);
    expect(alice.take()).toEqual(['15 #1 by 2 "bob#alone"']);
  });

  test('decentralised: the last one is told that the room is closed, and no more (R8)', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bench.gather('decentralised', alice, bob);
    alice.leave();
    expect(bob.take()).toEqual(['20 #0 true']);
    expect(bob.rooms()).toEqual([]);
  });

  const unconfirmed: Record<string, [(bench: Bench, ...users: RawClient[]) => void, string]> = {
    'a closing': [
      (bench, alice = bench.add('x'), bob = alice) => {
        bench.gather('decentralised', alice, bob);
        bob.isSilent = true;
        alice.leave();
      },
      '20 #0 true',
    ],
    'a roster': [
      (bench, alice = bench.add('x'), bob = alice, carl = alice) => {
        bench.gather('decentralised', alice, bob);
        bob.isSilent = true;
        carl.enter('den');
      },
      '8 #0 decentralised entered alice@198.51.100.1:40000 carl@198.51.100.3:40002',
    ],
  };

  test.each(Object.entries(unconfirmed))(
    'who never confirms %s gets it 31 times and keeps the place (R8)',
    (_, [act, line]) => {
      const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
      act(bench, alice, bob, carl);
      bench.run(10_000);
      expect(bob.take()).toEqual(thirtyOneTimes(line));
      expect(bench.departures).toEqual([]);
      expect(bench.hub.isBusy).toBe(false);
    },
  );
});

describe('a text that may have been written in a room that has just closed', () => {
  /** Bob was the last one in the room, and has not confirmed that it is closed. */
  function closed() {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, bob);
    bob.isSilent = true;
    alice.leave();
    bob.send({type: 'reponseTexte', sequence: 0});
    clear(alice, bob, carl);
    return {bench, alice, bob, carl};
  }

  test('is answered with ERREUR, and given to nobody', () => {
    const {bench, alice, bob, carl} = closed();
    const number = bob.say('between us');
    bob.send({type: 'texte', text: 'between us', sequence: number});
    const line = `31 #${number} "the room is closed"`;
    expect(bob.take()).toEqual([line, line]);
    bench.run(0);
    expect([...alice.take(), ...carl.take()]).toEqual([]);
  });

  test('is said in public once the closing is confirmed', () => {
    const {bob, carl} = closed();
    bob.send({type: 'reponseQuitter', done: true, sequence: 1});
    bob.say('for all');
    expect(carl.take()).toEqual(['15 #0 by 2 "bob#for all"']);
  });

  test('is said in public when its author has left by themselves in the meantime', () => {
    const {bob, carl} = closed();
    const number = bob.leave();
    expect(bob.take()).toEqual([`20 #${number} false`]);
    bob.say('for all');
    expect(carl.take()).toEqual(['15 #0 by 2 "bob#for all"']);
  });

  test('is said in a room that its author has entered in the meantime', () => {
    const {bob, carl} = closed();
    carl.create('lair');
    bob.enter('lair');
    clear(bob, carl);
    bob.say('for carl');
    expect(carl.take()).toEqual(['15 #1 by 2 "bob#for carl"']);
  });

  test('is said in public when the closing is no longer repeated: not confirming costs nothing', () => {
    const {bench, bob, carl} = closed();
    bench.run(3099);
    bob.say('too early');
    expect(carl.take()).toEqual([]);
    bench.run(1);
    bob.say('for all');
    expect(carl.take()).toEqual(['15 #0 by 2 "bob#for all"']);
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
