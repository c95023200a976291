import {describe, expect, test} from 'vitest';
import {types} from '../../../source/protocols/messagerie/wire/messages.ts';
import {Bench, type RawClient} from './bench.ts';
import {clear, connected, delimited, minuteMs, modes, thirtyOneTimes} from './hub-setting.ts';

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

  test('somebody in another private room is invited, even if the name is spelt in another case', () => {
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

  test('a user who never confirms a 13 gets it 31 times, keeps the place and is still invited (R6)', () => {
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

  test('a user who answers a 13 has received it, without a 12', () => {
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
