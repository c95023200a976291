import {describe, expect, test} from 'vitest';
import type {Mode} from '../../../source/protocols/protocol.ts';
import {Bench, type RawClient} from './bench.ts';
import {connected, minuteMs, modes, sayOften, sixTimes, without} from './hub-setting.ts';

describe('invitations', () => {
  test('a 0x13 is answered with the question for the mode, and nobody is invited yet', () => {
    const {alice, bob} = connected('alice', 'bob');
    const sequence = alice.ask('bob');
    expect(alice.take()).toEqual([`0x0a #${sequence}`]);
    expect(bob.take()).toEqual([]);
  });

  test.each(modes)('the mode chosen, %s, is confirmed, and each invitee is told', mode => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.ask('bob', 'carl');
    alice.take();
    const sequence = alice.choose(mode);
    expect(alice.take()).toEqual([`0x08 #${sequence}`]);
    expect(bob.take()).toEqual([`0x13 #0 public ${mode} alice vous invite messagerie`]);
    expect(carl.take()).toEqual([`0x13 #0 public ${mode} alice vous invite messagerie`]);
    bench.run(12_000);
    expect(bob.take()).toEqual([]);
  });

  test('the sender is the inviter, whatever name the request begins with', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.write({
      type: 'invitation',
      sequence: 5,
      state: 'public',
      mode: 'centralised',
      parts: ['mallory,bob'],
    });
    alice.choose('centralised');
    expect(bob.take()).toEqual(['0x13 #0 public centralised alice vous invite messagerie']);
  });

  test('an invitee can be spelt in another case, and is invited once', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.invite('centralised', 'BOB', 'bob');
    expect(bob.take()).toHaveLength(1);
  });

  test.each([['ghost'], ['alice'], ['']])(
    'with nobody known among the invitees ("%s") it is answered with 0x0E',
    invitee => {
      const {alice} = connected('alice');
      const sequence = alice.ask(invitee);
      expect(alice.take()).toEqual([`0x0e #${sequence}`]);
    },
  );

  test('a 0x13 without a text invites nobody', () => {
    const {alice} = connected('alice');
    const fields = {type: 'invitation', state: 'public', mode: 'centralised'} as const;
    alice.write({...fields, sequence: 4, parts: []});
    expect(alice.take()).toEqual(['0x0e #4']);
  });

  test('each of several invitees that is unknown is named in a 0x0E of the hub’s own number, if it is a name', () => {
    const {alice, bob} = connected('alice', 'bob');
    const longest = 'x'.repeat(980);
    const asked = alice.ask('ghost', 'bob', longest, 'spirit');
    const chosen = alice.choose('centralised');
    expect(alice.take()).toEqual([
      `0x0a #${asked}`,
      `0x08 #${chosen}`,
      '0x0e #0 ghost',
      '0x0e #1',
      '0x0e #2 spirit',
    ]);
    expect(bob.take()).toHaveLength(1);
  });

  test('an invitee who has gone when the mode is chosen is one that is unknown', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.ask('bob', 'carl');
    alice.take();
    bob.send('deconnexion');
    const chosen = alice.choose('centralised');
    expect(alice.take()).toEqual([`0x08 #${chosen}`, '0x0e #0']);
    expect(carl.take()).toHaveLength(1);
  });

  test('a user who never confirms such a 0x0E gets it six times and keeps the place', () => {
    const {bench, alice} = connected('alice', 'bob');
    alice.isSilent = true;
    alice.invite('centralised', 'ghost', 'bob');
    alice.take();
    bench.run(30_000);
    expect(alice.take()).toEqual(sixTimes('0x0e #0 ghost').slice(1));
    expect(bench.departures).toEqual([]);
  });

  test('a second copy of either request gets the same answer and invites nobody again', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.ask('bob', 'ghost');
    alice.next -= 1;
    alice.ask('bob', 'ghost');
    alice.choose('centralised');
    alice.next -= 1;
    alice.choose('centralised');
    expect(alice.take()).toEqual(['0x0a #1', '0x0a #1', '0x08 #2', '0x0e #0 ghost', '0x08 #2']);
    expect(bob.take()).toHaveLength(1);
  });

  test('a second 0x13 takes the place of the first', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.ask('bob');
    alice.ask('carl');
    alice.choose('centralised');
    expect(bob.take()).toEqual([]);
    expect(carl.take()).toHaveLength(1);
  });

  test('a second 0x13 that is refused takes the place of the first, too', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.ask('bob');
    alice.ask('ghost');
    alice.take();
    const chosen = alice.choose('centralised');
    expect(alice.take()).toEqual([`0x10 #${chosen}`]);
    expect(bob.take()).toEqual([]);
  });

  test('a mode that was not asked for is answered with 0x10, and so is a second one', () => {
    const {alice, bob} = connected('alice', 'bob');
    const first = alice.choose('centralised');
    alice.invite('centralised', 'bob');
    alice.take();
    const second = alice.choose('centralised');
    expect(alice.take()).toEqual([`0x10 #${second}`]);
    expect(second).toBe(first + 3);
    expect(bob.take()).toHaveLength(1);
  });

  test('a client that never confirms an invitation gets it six times, and can still accept (R8)', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.isSilent = true;
    alice.invite('centralised', 'bob');
    bench.run(12_000);
    expect(bob.take()).toEqual(sixTimes('0x13 #0 public centralised alice vous invite messagerie'));
    expect(bench.departures).toEqual([]);
    bob.answer('accepter');
    expect(bob.take()).toEqual(['0x08 #0', '0x0b #1 alice']);
  });

  test('a user who answers an invitation has received it, without an ACK', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    bob.isSilent = true;
    alice.invite('centralised', 'bob');
    bob.answer('refuser');
    bench.run(12_000);
    expect(bob.take()).toEqual([
      '0x13 #0 public centralised alice vous invite messagerie',
      '0x08 #0',
    ]);
    expect(bench.departures).toEqual([]);
  });

  test('an invitee in a private room refuses by being there (R6)', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, bob);
    carl.invite('centralised', 'alice');
    expect(carl.take()).toEqual(['0x0a #1', '0x08 #2', '0x06 #0 alice']);
    expect(alice.take()).toEqual([]);
  });

  test('a user who has 256 unanswered invitations out gets refusals for further ones', () => {
    const bench = new Bench();
    const alice = bench.connect('alice');
    const invitees = Array.from({length: 257}, (_, index) => bench.connect(`i${index}`));
    const names = invitees.map(({nickname}) => nickname);
    alice.invite('centralised', ...names.slice(0, 150));
    alice.invite('centralised', ...names.slice(150));
    expect(alice.take().at(-1)).toBe('0x06 #0 i256');
    expect(invitees.at(-1)?.take()).toEqual([]);
  });
});

describe('answers to invitations', () => {
  test('accepted: confirmed under its number, both are in the room, both get the roster (R5)', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite('centralised', 'bob');
    for (const client of [alice, bob]) client.take();
    bob.answer('accepter');
    expect(bob.take()).toEqual(['0x08 #0', '0x0b #1 alice']);
    expect(alice.take()).toEqual(['0x0b #0 bob']);
    expect(carl.take()).toEqual([]);
    expect(carl.list()).toBe('alice room, bob room');
  });

  test('accepted, decentralised: the roster has the addresses of the others', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite('decentralised', 'bob', 'carl');
    for (const client of [alice, bob, carl]) client.take();
    bob.answer('accepter');
    expect(alice.take()).toEqual(['0x0b #0 bob 198.51.100.2:40001']);
    expect(bob.take()).toEqual(['0x08 #0', '0x0b #1 alice 198.51.100.1:40000']);
    carl.answer('accepter');
    expect(alice.take()).toEqual(['0x0b #1 bob 198.51.100.2:40001|carl 198.51.100.3:40002']);
    expect(bob.take()).toEqual(['0x0b #2 alice 198.51.100.1:40000|carl 198.51.100.3:40002']);
    expect(carl.take()).toEqual([
      '0x08 #0',
      '0x0b #1 alice 198.51.100.1:40000|bob 198.51.100.2:40001',
    ]);
  });

  test.each(modes)('refused (%s): confirmed, and the inviter learns who has refused (R6)', mode => {
    const {alice, bob} = connected('alice', 'bob');
    alice.invite(mode, 'bob');
    for (const client of [alice, bob]) client.take();
    bob.answer('refuser');
    expect(bob.take()).toEqual(['0x08 #0']);
    expect(alice.take()).toEqual(['0x06 #0 bob']);
    expect(alice.list()).toBe('bob public');
  });

  test('a user who never confirms the refusal keeps the place: the original has no such message', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.invite('centralised', 'bob');
    alice.isSilent = true;
    alice.take();
    bob.answer('refuser');
    bench.run(20_000);
    expect(alice.take()).toEqual(sixTimes('0x06 #0 bob'));
    expect(bench.departures).toEqual([]);
  });

  test('a client that never confirms a roster keeps its place (R8)', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.invite('centralised', 'bob');
    alice.isSilent = true;
    for (const client of [alice, bob]) client.take();
    bob.answer('accepter');
    bench.run(12_000);
    bench.run(10_000);
    expect(alice.take()).toEqual(sixTimes('0x0b #0 bob'));
    expect(bench.departures).toEqual([]);
    expect(bob.take()).toEqual(['0x08 #0', '0x0b #1 alice']);
  });

  test('a client that has missed a roster is told again when it confirms something else, at most twice', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, bob);
    alice.isSilent = true;
    bob.invite('centralised', 'carl');
    carl.answer('accepter');
    bench.run(12_000);
    alice.take();
    const missed = () => {
      bob.say('room', 'hello');
      const [text = ''] = alice.take();
      alice.confirm(Number(/#(\d+)/.exec(text)?.[1]));
      const told = alice.take();
      bench.run(12_000);
      alice.take();
      return told;
    };
    expect([missed(), missed(), missed()].flat()).toEqual(['0x0b #3 bob|carl', '0x0b #5 bob|carl']);
  });

  test('a repeated answer gets the very same answer, and does nothing else', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite('centralised', 'bob', 'carl');
    for (const client of [alice, bob, carl]) client.take();
    for (let copy = 0; copy < 3; copy++) {
      bob.answer('accepter');
      carl.answer('refuser');
    }
    expect(without(bob.take(), '0x0b')).toEqual(['0x08 #0', '0x08 #0', '0x08 #0']);
    expect(carl.take()).toEqual(['0x08 #0', '0x08 #0', '0x08 #0']);
    expect(alice.take()).toEqual(['0x0b #0 bob', '0x06 #1 carl']);
  });

  test('a repeated acceptance that comes after the room has closed is no late one', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.invite('centralised', 'bob');
    bob.answer('accepter');
    alice.send('quitter');
    bob.take();
    bob.answer('accepter', 0);
    expect(bob.take()).toEqual(['0x08 #0']);
  });

  test('several invitations are told apart by their numbers', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite('centralised', 'carl');
    bob.invite('centralised', 'carl');
    for (const client of [alice, bob, carl]) client.take();
    carl.answer('refuser', 0);
    carl.answer('accepter', 1);
    expect(alice.take()).toEqual(['0x06 #0 carl']);
    expect(bob.take()).toEqual(['0x0b #0 carl']);
    expect(alice.list()).toBe('bob room, carl room');
  });

  test('a user who accepts while in another room leaves that one first', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite('centralised', 'bob');
    carl.invite('centralised', 'bob');
    bob.answer('accepter', 0);
    for (const client of [alice, bob, carl]) client.take();
    bob.answer('accepter', 1);
    expect(alice.take()).toEqual(['0x0d #1']);
    expect(carl.take()).toEqual(['0x0b #0 bob']);
    expect(bob.take()).toEqual(['0x08 #1', '0x0b #3 carl']);
    expect(bench.departures).toEqual([]);
  });

  test('a member who invites, invites into that room, and its mode wins', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('decentralised', alice, bob);
    bob.invite('centralised', 'carl');
    expect(carl.take()).toEqual(['0x13 #0 public decentralised bob vous invite messagerie']);
    carl.answer('accepter');
    expect(alice.take()).toEqual(['0x0b #1 bob 198.51.100.2:40001|carl 198.51.100.3:40002']);
  });

  test('an invitation is answered by its number although all numbers have gone round since', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite('centralised', 'bob');
    sayOften(carl, 1100);
    for (const client of [alice, bob]) client.take();
    bob.answer('accepter', 0);
    expect(bob.take()[0]).toBe('0x08 #0');
    expect(carl.list()).toBe('alice room, bob room');
  });

  test('a number that an invitation holds names no second one: the hub spends it on a roll call', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite('centralised', 'bob');
    sayOften(alice, 1023);
    expect(bob.take().at(-1)).toBe('0x09 #1023 text 1022|alice');
    carl.invite('centralised', 'bob');
    expect(bob.take()).toEqual([
      '0x0c #0',
      '0x13 #1 public centralised carl vous invite messagerie',
    ]);
    bob.answer('refuser', 0);
    bob.answer('accepter', 1);
    expect(alice.list()).toBe('bob room, carl room');
  });

  test('an invitation that is over holds no number', () => {
    const {alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite('centralised', 'bob');
    alice.send('deconnexion');
    sayOften(carl, 1023);
    bob.take();
    carl.invite('centralised', 'bob');
    expect(bob.take()).toEqual(['0x13 #0 public centralised carl vous invite messagerie']);
  });

  test('a second invitation into the same room is accepted by being there', () => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    bench.gather('centralised', alice, carl);
    alice.invite('centralised', 'bob');
    carl.invite('centralised', 'bob');
    bob.answer('accepter', 0);
    for (const client of [alice, bob, carl]) client.take();
    bob.answer('accepter', 1);
    expect(bob.take()).toEqual(['0x08 #1']);
    expect([...alice.take(), ...carl.take()]).toEqual([]);
  });

  test('a text may have the number that an invitation holds', () => {
    const {alice, bob} = connected('alice', 'bob');
    alice.invite('centralised', 'bob');
    sayOften(alice, 1023);
    bob.take();
    alice.say('public', 'hello');
    expect(bob.take()).toEqual(['0x09 #0 hello|alice']);
    bob.answer('accepter', 0);
    expect(bob.take()[0]).toBe('0x08 #0');
  });

  test('a 65th invitation that waits for the same user is refused for them', () => {
    const bench = new Bench();
    const target = bench.connect('target');
    const inviters = Array.from({length: 65}, (_, index) => bench.connect(`inviter${index}`));
    for (const inviter of inviters) inviter.invite('centralised', 'target');
    expect(target.take()).toHaveLength(64);
    const refused = inviters.filter(inviter => inviter.take().at(-1)?.startsWith('0x06'));
    expect(refused.map(({nickname}) => nickname)).toEqual(['inviter64']);
  });
});

describe('late answers (R9)', () => {
  const endings: Record<string, (bench: Bench, alice: RawClient, carl: RawClient) => void> = {
    'nobody has answered for 5 minutes': bench => bench.run(5 * minuteMs),
    'the inviter has disconnected': (_, alice) => alice.send('deconnexion'),
    'the inviter has gone to another room': (_, alice, carl) => {
      carl.invite('centralised', 'alice');
      alice.answer('accepter');
    },
    'the room has closed': (bench, alice, carl) => {
      // First into the room that bob is invited to, then out of it.
      alice.invite('centralised', 'carl');
      carl.answer('accepter');
      carl.send('quitter');
      bench.run(0);
    },
  };

  test.each(Object.entries(endings))('accepted when %s: 0x10', (_, end) => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite('centralised', 'bob');
    end(bench, alice, carl);
    bob.take();
    bob.answer('accepter', 0);
    bob.answer('accepter', 0);
    expect(bob.take()).toEqual(['0x10 #0', '0x10 #0']);
    expect(carl.list()).toContain('bob public');
  });

  test.each(Object.entries(endings))('refused when %s: only confirmed', (_, end) => {
    const {bench, alice, bob, carl} = connected('alice', 'bob', 'carl');
    alice.invite('centralised', 'bob');
    end(bench, alice, carl);
    for (const client of [alice, bob]) client.take();
    bob.answer('refuser', 0);
    expect(bob.take()).toEqual(['0x08 #0']);
    expect(alice.take()).toEqual([]);
  });

  test('an invitation can be accepted until just before the 5 minutes are over', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.invite('centralised', 'bob');
    bench.run(5 * minuteMs - 1);
    bob.answer('accepter', 0);
    expect(alice.list()).toBe('bob room');
  });

  test('an acceptance of an invitation that never was is a late one', () => {
    const {bob} = connected('alice', 'bob');
    bob.answer('accepter', 99);
    expect(bob.take()).toEqual(['0x10 #99']);
  });

  test('an acceptance repeated after 14 s is a late one', () => {
    const {bench, alice, bob} = connected('alice', 'bob');
    alice.invite('centralised', 'bob');
    bob.answer('accepter', 0);
    bench.run(13_999);
    bob.take();
    bob.answer('accepter', 0);
    bench.run(1);
    bob.answer('accepter', 0);
    expect(bob.take()).toEqual(['0x08 #0', '0x10 #0']);
    expect(alice.list()).toBe('bob room');
  });
});

describe('limits of rooms', () => {
  /** A room of that many members, whose names are as long as they can be. */
  function crowd(bench: Bench, mode: Mode, size: number, nameLength: number): RawClient[] {
    const names = Array.from({length: size}, (_, index) => `m${index}`.padEnd(nameLength, '_'));
    const [founder, ...others] = names.map(name => bench.connect(name, '198.151.100.101'));
    if (founder === undefined) throw new RangeError('nobody');
    for (const other of others) {
      founder.invite(mode, other.nickname);
      other.answer('accepter');
      // The numbers of the answers go round otherwise.
      bench.run(100);
    }
    for (const client of [founder, ...others]) client.take();
    return [founder, ...others];
  }

  test('the 101st member is refused: 0x11 to the inviter, and to an acceptance that was under way', () => {
    const bench = new Bench();
    const [founder] = crowd(bench, 'centralised', 99, 4);
    if (founder === undefined) throw new RangeError('nobody');
    const [one, two, three] = [bench.connect('one'), bench.connect('two'), bench.connect('three')];
    founder.invite('centralised', 'one', 'two');
    one.answer('accepter');
    two.take();
    two.answer('accepter');
    expect(two.take()).toEqual(['0x11 #0']);
    founder.take();
    const asked = founder.ask('three');
    expect(founder.take()).toEqual([`0x11 #${asked}`]);
    expect(three.take()).toEqual([]);
    expect(three.list()).toContain('one room, two public');
  });

  test('a room that fills up before the mode is chosen: 0x11 instead of the confirmation', () => {
    const bench = new Bench();
    const [founder, second] = crowd(bench, 'centralised', 99, 4);
    if (founder === undefined || second === undefined) throw new RangeError('nobody');
    const [one, two] = [bench.connect('one'), bench.connect('two')];
    founder.ask('two');
    second.invite('centralised', 'one');
    one.answer('accepter');
    founder.take();
    const chosen = founder.choose('centralised');
    expect(founder.take()).toEqual([`0x11 #${chosen}`]);
    expect(two.take()).toEqual([]);
  });

  test('the 101st room is refused at each step', () => {
    const bench = new Bench();
    const users = Array.from({length: 206}, (_, index) => bench.connect(`u${index}`));
    const at = (index: number) => users[index] ?? bench.add('nobody');
    for (let room = 0; room < 99; room++) {
      at(2 * room).invite('centralised', `u${2 * room + 1}`);
      at(2 * room + 1).answer('accepter');
    }
    const [early, invitee, asker, other, late, guest] = users.slice(198);
    if (early === undefined || asker === undefined || late === undefined) throw new RangeError();
    early.invite('centralised', 'u199');
    asker.ask('u201');
    const [founder, member] = [at(204), at(205)];
    founder.invite('centralised', 'u205');
    member.answer('accepter');
    for (const client of users) client.take();

    invitee?.answer('accepter');
    expect(invitee?.take()).toEqual(['0x11 #0']);
    const chosen = asker.choose('centralised');
    expect(asker.take()).toEqual([`0x11 #${chosen}`]);
    const asked = late.ask('u203');
    expect(late.take()).toEqual([`0x11 #${asked}`]);
    expect([...(other?.take() ?? []), ...(guest?.take() ?? [])]).toEqual([]);

    founder.send('quitter');
    late.ask('u203');
    expect(late.take()).toEqual([`0x0a #${asked + 1}`]);
  });

  test('a decentralised room takes nobody whose address would not fit the roster: 0x11', () => {
    const bench = new Bench();
    const members = crowd(bench, 'decentralised', 24, 20);
    const [founder] = members;
    if (founder === undefined) throw new RangeError('nobody');
    const late = bench.connect('late'.padEnd(20, '_'), '198.151.100.101');
    founder.invite('decentralised', late.nickname);
    founder.take();
    late.take();
    late.answer('accepter');
    late.answer('accepter');
    expect(late.take()).toEqual(['0x11 #0', '0x11 #0']);
    // Neither told as a refusal nor let in.
    expect(founder.take()).toEqual([]);
    expect(founder.list()).toContain(`${late.nickname} public`);

    // When there is place again, another invitation is needed.
    members[1]?.send('quitter');
    bench.run(14_000);
    late.take();
    late.answer('accepter', 0);
    expect(late.take()).toEqual(['0x10 #0']);
    founder.invite('decentralised', late.nickname);
    late.take();
    late.answer('accepter');
    expect(late.take()[0]).toMatch(/^0x08 #/);
  });

  test('the roster of a centralised room is cut where a text ends; texts reach everybody', () => {
    const bench = new Bench();
    const members = crowd(bench, 'centralised', 60, 20);
    const [founder, second] = members;
    const last = members.at(-1);
    if (founder === undefined || second === undefined) throw new RangeError('nobody');
    second.send('quitter');
    expect(founder.take().at(-1)?.split('|')).toHaveLength(46);
    founder.say('room', 'hello');
    expect(last?.take().at(-1)).toContain(`hello|${founder.nickname}`);
  });
});
