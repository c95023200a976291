import {describe, expect, test} from 'vitest';
import {types} from '../../../source/protocols/messagerie/wire/messages.ts';
import {Bench, type RawClient} from './bench.ts';
import {clear, connected, delimited, modes, thirtyOneTimes} from './hub-setting.ts';

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

  test('a user who creates a room from another one leaves that, and it may close behind them', () => {
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
  test('everybody is listed under an empty name, the asker included (R3)', () => {
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
