import {describe, expect, test} from 'vitest';
import * as wire from '../../../source/protocols/res302/wire.ts';
import {Bench, type RawClient} from './bench.ts';
import {centralised, connected, decentralised, sayOften, sixTimes} from './hub-setting.ts';

describe('invitations', () => {
  test('an F is confirmed and passed on to each invitee, who confirms it', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    const sequence = alice.invite(centralised, 'bob', 'carl');
    expect(alice.take()).toEqual([`F+ #${sequence}`]);
    expect(bob.take()).toEqual(['F #0 alice']);
    expect(carl.take()).toEqual(['F #0 alice']);
    bench.run(5000);
    expect(bob.take()).toEqual([]);
  });

  test('FLAG says that the room will be decentralised', () => {
    const {alice, bob} = connected('alice', 'bob');
    const sequence = alice.invite(decentralised, 'bob');
    expect(alice.take()).toEqual([`F+ #${sequence} flag`]);
    expect(bob.take()).toEqual(['F #0 flag alice']);
  });

  test('an invitee can be spelt in another case', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.invite(centralised, 'BOB');
    expect(bob.take()).toEqual(['F #0 alice']);
  });

  test('unknown invitees and those in private rooms are told to the inviter, and the rest is invited', () => {
    const {bench, alice, bob, carl, dora} = connected('alice', 'bob', 'carl', 'dora');
    bench.gather(centralised, carl, dora);
    const sequence = alice.invite(centralised, 'ghost', 'carl', 'bob');
    expect(alice.take()).toEqual([
      `F+ #${sequence}`,
      'B #0 error 0x04 ghost',
      'B #1 error 0x08 carl',
    ]);
    expect(bob.take()).toEqual(['F #0 alice']);
    expect([...carl.take(), ...dora.take()]).toEqual([]);
  });

  test('nobody can invite themselves', () => {
    const {alice} = connected('alice');
    const sequence = alice.invite(centralised, 'alice');
    expect(alice.take()).toEqual([`F+ #${sequence}`, 'B #0 error 0x04 alice']);
  });

  test('a second copy of an F is confirmed again and invites nobody again', () => {
    const {alice, bob} = connected('alice', 'bob');
    const sequence = alice.invite(centralised, 'bob');
    alice.send('F', {sequence, data: wire.encodeText('bob')});
    expect(alice.take()).toEqual([`F+ #${sequence}`, `F+ #${sequence}`]);
    expect(bob.take()).toEqual(['F #0 alice']);
  });

  test('a user who never confirms an F is still invited, and keeps the place (R4)', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.isSilent = true;
    alice.invite(centralised, 'bob');
    bench.run(10_000);
    expect(bob.take()).toEqual(sixTimes('F #0 alice'));
    expect(bench.departures).toEqual([]);
    bob.answer('accept');
    expect(alice.list()).toBe('alice: Pr&bob: Pr');
  });

  test.each(['accept', 'refuse'] as const)(
    'who answers an F (%s) has received it, without another confirmation (R3)',
    decision => {
      const {bench, alice, bob} = connected('alice', 'bob');
      bob.isSilent = true;
      alice.invite(centralised, 'bob');
      bob.answer(decision);
      expect(bob.take()).toEqual(['F #0 alice', decision === 'accept' ? 'G+ #0' : 'G+ #0 flag']);
      bench.run(3000);
      expect(bob.take()).toEqual([]);
    },
  );

  test('a user who answers an F too late has received it, too', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.isSilent = true;
    alice.invite(centralised, 'bob');
    alice.send('I');
    bob.answer('accept');
    bob.take();
    bench.run(500);
    expect(bob.take()).toEqual(['B #1 0x08']);
  });

  test('accepted, centralised: the answer is confirmed, both are in the room, the inviter is told', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite(centralised, 'bob');
    for (const client of [alice, bob]) client.take();
    bob.answer('accept');
    expect(bob.take()).toEqual(['G+ #0']);
    expect(alice.take()).toEqual(['B #0 0x02 bob']);
    expect(carl.take()).toEqual([]);
    expect(carl.list()).toBe('alice: Pr&bob: Pr&carl: Pu');
  });

  test('the second who accepts is told to every other member, not only to the inviter (R6)', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite(centralised, 'bob', 'carl');
    bob.answer('accept');
    for (const client of [alice, bob, carl]) client.take();
    carl.answer('accept');
    expect(carl.take()).toEqual(['G+ #0']);
    expect(alice.take()).toEqual(['B #1 0x02 carl']);
    expect(bob.take()).toEqual(['B #1 0x02 carl']);
    expect(alice.list('room')).toBe('alice: Pr&bob: Pr&carl: Pr');
  });

  test.each([centralised, decentralised])(
    'refused (FLAG of the room %s): the answer is confirmed, the inviter is told, nobody moves',
    mode => {
      const {alice, bob} = connected('alice', 'bob');
      alice.invite(mode, 'bob');
      for (const client of [alice, bob]) client.take();
      bob.answer('refuse');
      expect(bob.take()).toEqual(['G+ #0 flag']);
      expect(alice.take()).toEqual(['B #0 0x01 bob']);
      expect(alice.list()).toBe('alice: Pu&bob: Pu');
    },
  );

  test('accepted, decentralised: each member gets the newcomer, and the newcomer each member', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite(decentralised, 'bob', 'carl');
    for (const client of [alice, bob, carl]) client.take();
    bob.answer('accept');
    expect(alice.take()).toEqual(['G #0 bob "40001&198.51.100.2"']);
    expect(bob.take().sort()).toEqual(['G #1 alice "40000&198.51.100.1"', 'G+ #0']);
    carl.answer('accept');
    expect(alice.take()).toEqual(['G #1 carl "40002&198.51.100.3"']);
    expect(bob.take()).toEqual(['G #2 carl "40002&198.51.100.3"']);
    expect(carl.take().sort()).toEqual([
      'G #1 alice "40000&198.51.100.1"',
      'G #2 bob "40001&198.51.100.2"',
      'G+ #0',
    ]);
  });

  test('a member that does not confirm a G gets it again, and keeps the place', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.invite(decentralised, 'bob');
    alice.isSilent = true;
    alice.take();
    bob.answer('accept');
    bench.run(10_000);
    expect(alice.take()).toEqual(sixTimes('G #0 bob "40001&198.51.100.2"'));
    expect(bench.departures).toEqual([]);
  });

  test('a repeated answer is confirmed again and does nothing else (R5)', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite(centralised, 'bob', 'carl');
    for (const client of [alice, bob, carl]) client.take();
    for (let copy = 0; copy < 3; copy++) {
      bob.answer('accept');
      carl.answer('refuse');
    }
    expect(bob.take()).toEqual(['G+ #0', 'G+ #0', 'G+ #0']);
    expect(carl.take()).toEqual(['G+ #0 flag', 'G+ #0 flag', 'G+ #0 flag']);
    expect(alice.take()).toEqual(['B #0 0x02 bob', 'B #1 0x01 carl']);
  });

  test('a repeated acceptance that comes after the room has closed is no late answer', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.invite(centralised, 'bob');
    bob.answer('accept');
    alice.send('H');
    bob.take();
    bob.answer('accept', 0);
    expect(bob.take()).toEqual(['G+ #0']);
  });

  test('a repeated confirmation of a member is no late answer', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.invite(decentralised, 'bob');
    bob.answer('accept');
    for (const client of [alice, bob]) client.take();
    alice.send('G', {ack: true, sequence: 0});
    bench.run(5000);
    expect(alice.take()).toEqual([]);
    expect(bob.take()).toEqual([]);
    expect(alice.list()).toBe('alice: Pr&bob: Pr');
  });

  test('a member who invites, invites into that room, and its mode wins', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather(decentralised, alice, bob);
    const sequence = bob.invite(centralised, 'carl');
    expect(bob.take()).toEqual([`F+ #${sequence}`]);
    expect(carl.take()).toEqual(['F #0 flag bob']);
    carl.answer('accept');
    expect(carl.list('room')).toBe('alice: Pr&bob: Pr&carl: Pr');
    expect(alice.take()).toEqual(['G #1 carl "40002&198.51.100.3"']);
  });

  test('an invitation is answered by its number although all numbers have gone round since', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite(centralised, 'bob');
    sayOften(carl, 300);
    for (const client of [alice, bob]) client.take();
    bob.answer('accept', 0);
    expect(bob.take()).toEqual(['G+ #0']);
    expect(alice.take()).toEqual([expect.stringMatching(/^B #\d+ 0x02 bob$/)]);
    expect(carl.list()).toBe('alice: Pr&bob: Pr&carl: Pu');
  });

  test('a number that an invitation holds names no second one: the hub spends it on a probe', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite(centralised, 'bob');
    sayOften(alice, 127);
    expect(bob.take().at(-1)).toBe('C #127 alice "text 126"');
    carl.invite(centralised, 'bob');
    expect(bob.take()).toEqual(['C #0', 'F #1 carl']);
    carl.take();
    bob.answer('refuse', 0);
    expect(carl.take()).toEqual([]);
    bob.answer('accept', 1);
    expect(alice.list()).toBe('alice: Pu&bob: Pr&carl: Pr');
  });

  test('a number that an invitation holds names no member either', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    carl.invite(centralised, 'alice');
    sayOften(carl, 127);
    alice.invite(decentralised, 'bob');
    alice.take();
    bob.answer('accept');
    expect(alice.take()).toEqual(['C #0', 'G #1 bob "40001&198.51.100.2"']);
    // The confirmation of the member has answered no invitation.
    expect(carl.take().filter(line => line.startsWith('B'))).toEqual([]);
    expect(carl.list()).toBe('alice: Pr&bob: Pr&carl: Pu');
  });

  test('several invitations are told apart by their numbers', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite(centralised, 'carl');
    bob.invite(centralised, 'carl');
    expect(carl.take()).toEqual(['F #0 alice', 'F #1 bob']);
    for (const client of [alice, bob]) client.take();
    carl.answer('refuse', 0);
    carl.answer('accept', 1);
    expect(alice.take()).toEqual(['B #0 0x01 carl']);
    expect(bob.take()).toEqual(['B #0 0x02 carl']);
    expect(alice.list()).toBe('alice: Pu&bob: Pr&carl: Pr');
  });

  test('a 65th invitation that waits for the same user is refused for them', () => {
    const bench = new Bench();
    const target = bench.connect('target');
    const inviters = Array.from({length: 65}, (_, index) => bench.connect(`inviter${index}`));
    for (const inviter of inviters) {
      inviter.invite(centralised, 'target');
    }
    expect(target.take()).toHaveLength(64);
    expect(
      inviters.map(inviter => inviter.take().at(-1)).filter(line => line?.startsWith('B')),
    ).toEqual(['B #0 0x01 target']);
  });
});

describe('late answers (R10)', () => {
  const endings: Record<string, (bench: Bench, alice: RawClient, carl: RawClient) => void> = {
    'nobody has answered for 5 minutes': bench => bench.run(5 * 60 * 1000),
    'the inviter has disconnected': (_, alice) => alice.send('I'),
    'the inviter has gone to another room': (_, alice, carl) => {
      carl.invite(centralised, 'alice');
      alice.answer('accept');
    },
    'the room has closed': (bench, alice, carl) => {
      // First into the room that bob is invited to, then out of it.
      alice.invite(centralised, 'carl');
      carl.answer('accept');
      carl.send('H');
      bench.run(0);
    },
  };

  test.each(Object.entries(endings))(
    'accepted when %s: the answer is confirmed, and the room is closed',
    (_, end) => {
      const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
      alice.invite(centralised, 'bob');
      end(bench, alice, carl);
      const former = bob.takeMessages();
      const invitation = former.find(({type}) => type === 'F')?.sequence ?? -1;
      bob.answer('accept', invitation);
      expect(bob.take()).toEqual([`G+ #${invitation}`, expect.stringMatching(/^B #\d+ 0x08$/)]);
      expect(bob.list()).toContain('bob: Pu');
    },
  );

  test.each(Object.entries(endings))('refused when %s: only confirmed', (_, end) => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite(centralised, 'bob');
    end(bench, alice, carl);
    for (const client of [alice, bob]) client.take();
    bob.answer('refuse', 0);
    expect(bob.take()).toEqual(['G+ #0 flag']);
    expect(alice.take()).toEqual([]);
  });

  test('an invitation can be accepted until just before the 5 minutes are over', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.invite(centralised, 'bob');
    bench.run(5 * 60 * 1000 - 1);
    bob.answer('accept', 0);
    expect(bob.list()).toBe('alice: Pr&bob: Pr');
  });

  test('a late answer that is repeated is confirmed again, and the room closed only once', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.invite(centralised, 'bob');
    alice.send('I');
    bob.take();
    bob.answer('accept', 0);
    bob.answer('accept', 0);
    bench.run(5000);
    expect(bob.take()).toEqual(['G+ #0', 'B #1 0x08', 'G+ #0']);
  });

  test('an answer to an invitation that never was is a late one', () => {
    const {bob} = connected('alice', 'bob');
    bob.answer('accept', 99);
    expect(bob.take()).toEqual(['G+ #99', 'B #0 0x08']);
  });
});
