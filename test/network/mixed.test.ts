/** Users of five protocols in one chat, as docs/protocols/bridge.md tells: the real hub and real clients. */
import {describe, expect, test} from 'vitest';
import {cosp} from '../../source/protocols/cosp/index.ts';
import {protocols} from '../../source/protocols/index.ts';
import {messagerie} from '../../source/protocols/messagerie/index.ts';
import type {Mode, Protocol} from '../../source/protocols/protocol.ts';
import {res302} from '../../source/protocols/res302/index.ts';
import {shen} from '../../source/protocols/shen/index.ts';
import {whoiam} from '../../source/protocols/whoiam/index.ts';
import {bad, on, quicken} from './conditions.ts';
import {seeds} from './random.ts';
import {quietMs} from './scenarios.ts';
import {type Conditions, type SimulatedUser, World} from './world.ts';

const networks = [
  ...on('a good network', {}, seeds(1)),
  ...on('a bad network', bad, seeds(1, 2, 3)),
];

const [first = res302, ...others] = protocols;

/** The nicknames of the originals' authors would not have been more different. */
const people = {
  rosa: res302,
  李雷: messagerie,
  'jean-pierre_dupont': shen,
  Zoë: whoiam,
  'Marie Anne Durand': cosp,
} as const satisfies Record<string, Protocol>;

type Person = keyof typeof people;

/** The names of each person: their nickname, then those in the protocols, in their order. */
const names: Readonly<Record<Person, readonly [string, string, string, string, string]>> = {
  rosa: ['rosa', 'rosa', 'rosa', 'rosa', 'rosa'],
  李雷: ['LiLei', '李雷', 'LiLei', '李雷', '李雷'],
  'jean-pierre_dupont': [
    'jeanpierre',
    'jean-pierr',
    'jean-pierre_dupont',
    'jean-pierre_dupont',
    'jean-pierre_dupont',
  ],
  Zoë: ['Zoe', 'Zoë', 'Zoe', 'Zoë', 'Zoë'],
  'Marie Anne Durand': [
    'MarieAnneD',
    'Marie Anne',
    'MarieAnneDurand',
    'MarieAnneDurand',
    'Marie Anne Durand',
  ],
};

function called(person: Person, reader: SimulatedUser): string {
  return names[person][protocols.indexOf(reader.protocol)] ?? '';
}

class MixedWorld extends World {
  constructor(seed: number, conditions: Conditions) {
    super(first, seed, conditions, others);
    quicken(this);
  }

  /** Connected, one after the other. */
  join(nick: string, protocol: Protocol): SimulatedUser {
    const user = this.add(nick, protocol);
    user.start();
    this.until(() => user.last('users') !== undefined, `${nick} connected`);
    return user;
  }

  /** Until nothing is under way, and everybody has asked who is there. */
  rest(): void {
    this.run(quietMs);
    for (const user of this.users) user.list();
    this.run(quietMs);
  }

  /** The host invites, the guest accepts, and both are in the room. */
  gather(host: SimulatedUser, nick: string, guest: SimulatedUser, asKnown: string): void {
    host.invite([nick]);
    this.until(() => guest.isInvitedBy(asKnown), `the invitation of ${guest.nick}`);
    guest.answer(asKnown, true);
    this.until(() => guest.members !== undefined && host.members !== undefined, 'the room');
    this.rest();
  }
}

describe.each(networks)('on $network, seed $seed', ({seed, conditions}) => {
  /** Everybody, in the public room. */
  function everybody() {
    const world = new MixedWorld(seed, conditions);
    const users = (Object.keys(people) as Person[]).map(
      nick => [nick, world.join(nick, people[nick])] as const,
    );
    return {world, users, user: (nick: Person) => new Map(users).get(nick) as SimulatedUser};
  }

  test('everybody reads everybody, under names that their protocol can write', () => {
    const {world, users} = everybody();
    for (const [nick, user] of users) user.say(`ici ${nick}`);
    world.rest();
    for (const [nick, reader] of users) {
      const authors = users.filter(([author]) => author !== nick).map(([author]) => author);
      expect(reader.texts().toSorted(), `texts of ${nick}`).toEqual(
        authors.map(author => `${called(author, reader)}: ici ${author}`).toSorted(),
      );
      expect(reader.present, `list of ${nick}`).toEqual(
        users.map(([other]) => called(other, reader)).toSorted(),
      );
      expect(reader.of('failed')).toEqual([]);
    }
  });

  test('a text that is too long for a reader comes in pieces, in order, and whole', () => {
    const {world, users, user} = everybody();
    const words = Array.from({length: 300}, (_, number) => `mot${number}`).join(' ');
    const text = `${words}\n${'👩‍👩‍👧'.repeat(100)}`;
    user('Marie Anne Durand').say(text);
    user('Zoë').say('x'.repeat(whoiam.maximumTextBytes));
    world.rest();
    for (const [nick, reader] of users) {
      for (const [author, expected] of [
        ['Marie Anne Durand', text],
        ['Zoë', 'x'.repeat(whoiam.maximumTextBytes)],
      ] as const) {
        if (author === nick) continue;
        const pieces = reader
          .of('message')
          .filter(({from}) => from === called(author, reader))
          .map(piece => piece.text);
        const {maximumTextBytes, name} = reader.protocol;
        for (const piece of pieces) {
          expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(maximumTextBytes);
          expect(piece, 'no emoji is cut').not.toMatch(/^\u200d|\u200d$/);
        }
        const isOneLine = name === 'shen' || name === 'whoiam';
        expect(pieces.join('')).toBe(isOneLine ? expected.replace('\n', ' ') : expected);
        const least = Math.ceil(Buffer.byteLength(expected) / maximumTextBytes);
        expect(pieces.length).toBeLessThanOrEqual(2 * least);
      }
    }
  });

  test('a user who is told of arrivals and departures is told of all of them, whatever their reason', () => {
    const {world, user} = everybody();
    const [zoe, marie] = [user('Zoë'), user('Marie Anne Durand')];
    const guests = protocols.map(protocol =>
      world.join(`guest${protocol.defaultPort - 30_199}`, protocol),
    );
    world.run(quietMs);
    for (const reader of [zoe, marie]) {
      expect(reader.present).toEqual(expect.arrayContaining(guests.map(({nick}) => nick)));
    }
    // Two say goodbye, two are killed, and one is silent.
    const [one, two, three, four, five] = guests as [SimulatedUser, ...SimulatedUser[]];
    one.close();
    four?.close();
    if (two !== undefined) world.kill(two);
    if (five !== undefined) world.kill(five);
    if (three !== undefined) world.silence(three.endpoint);
    world.run(200_000);
    for (const reader of [zoe, marie]) {
      expect(reader.present.filter(nick => nick.startsWith('guest'))).toEqual([]);
    }
  });

  test('three protocols share a room: each is told in its own way who is there, and reads all', () => {
    const {world, user} = everybody();
    const [rosa, lilei, jean] = [user('rosa'), user('李雷'), user('jean-pierre_dupont')];
    world.gather(rosa, 'jeanpierre', jean, 'rosa');
    world.gather(jean, 'LiLei', lilei, 'jean-pierr');
    const members: Person[] = ['rosa', '李雷', 'jean-pierre_dupont'];
    for (const [nick, member] of members.map(person => [person, user(person)] as const)) {
      expect(member.room?.mode).toBe('centralised');
      expect(member.members, `members as ${nick} sees them`).toEqual(
        members.map(other => called(other, member)).toSorted(),
      );
      member.say(`entre nous, ${nick}`);
    }
    user('Zoë').say('dehors');
    world.rest();
    // It began with an invitation: it has the name of the inviter.
    expect(lilei.room).toMatchObject({name: 'rosa', mode: 'centralised'});
    for (const [nick, member] of members.map(person => [person, user(person)] as const)) {
      const authors = members.filter(author => author !== nick);
      expect(member.texts('room').toSorted()).toEqual(
        authors.map(author => `${called(author, member)}: entre nous, ${author}`).toSorted(),
      );
      expect(member.texts()).toEqual([]);
    }
    expect(user('Marie Anne Durand').texts()).toEqual(['Zoë: dehors']);
    // Leaving, by goodbye and by the command, and the closing over the last one.
    rosa.close();
    world.rest();
    expect(lilei.members).toEqual(['jean-pierr', '李雷']);
    expect(jean.members).toEqual(['LiLei', 'jean-pierre_dupont']);
    lilei.leave();
    world.rest();
    expect(jean.members).toBeUndefined();
    expect(jean.last('room-left')).toMatchObject({reason: 'closed'});
    jean.say('de retour');
    world.rest();
    expect(lilei.texts()).toEqual(['jean-pierr: de retour']);
  });

  test('a named room is listed and open to those who have such rooms, and others are invited into it', () => {
    const {world, user} = everybody();
    const [rosa, lilei, jean] = [user('rosa'), user('李雷'), user('jean-pierre_dupont')];
    const mia = world.join('mia', messagerie);
    lilei.createRoom('équipe', 'centralised', 10);
    world.until(() => lilei.members !== undefined, 'the room');
    world.gather(lilei, 'rosa', rosa, 'LiLei');
    mia.rooms();
    world.run(quietMs);
    expect(mia.last('rooms')?.rooms).toEqual([{name: 'équipe', mode: 'centralised', members: 2}]);
    mia.joinRoom('équipe');
    world.gather(rosa, 'jeanpierre', jean, 'rosa');
    mia.say('bonjour');
    world.rest();
    expect(mia.members).toEqual(['jean-pierr', 'mia', 'rosa', '李雷']);
    expect(rosa.members).toEqual(['LiLei', 'jeanpierre', 'mia', 'rosa']);
    expect(jean.texts('room')).toEqual(['mia: bonjour']);
    // A room that began with an invitation is neither listed nor entered by its name.
    const [ada, bea] = [world.join('ada', res302), world.join('bea', shen)];
    world.gather(ada, 'bea', bea, 'ada');
    const nora = world.join('nora', messagerie);
    nora.rooms();
    nora.joinRoom('ada');
    world.run(quietMs);
    expect(nora.last('rooms')?.rooms).toMatchObject([{name: 'équipe', members: 4}]);
    expect(nora.last('error')).toMatchObject({code: 'no-such-room'});
  });

  test('from a named room into one that began with an invitation, and has the same name', () => {
    const {world, user} = everybody();
    const [rosa, lilei] = [user('rosa'), user('李雷')];
    rosa.invite(['LiLei']);
    world.until(() => lilei.isInvitedBy('rosa'), 'the invitation');
    lilei.createRoom('rosa', 'decentralised', 10);
    world.until(() => lilei.members !== undefined, 'the room');
    lilei.answer('rosa', true);
    world.rest();
    expect(lilei.room).toMatchObject({name: 'rosa', mode: 'centralised'});
    expect(lilei.members).toEqual(['rosa', '李雷']);
    expect(rosa.members).toEqual(['LiLei', 'rosa']);
  });

  test.each([shen, whoiam, cosp])('$name users write to each one alone', protocol => {
    const {world, users} = everybody();
    const [author] = users.find(([, {protocol: own}]) => own === protocol) ?? [];
    if (author === undefined) throw new Error('who?');
    const writer = new Map(users).get(author) as SimulatedUser;
    for (const [nick] of users) if (nick !== author) writer.tell(called(nick, writer), `à ${nick}`);
    world.until(() => writer.engine.pending === 0, 'every end');
    world.rest();
    expect(writer.of('failed')).toEqual([]);
    for (const [nick, reader] of users) {
      if (nick === author) continue;
      const isPlain = reader.protocol.features.has('direct-messages');
      const text = isPlain ? `à ${nick}` : `(private) à ${nick}`;
      expect(reader.of('message'), `read by ${nick}`).toEqual([
        {
          type: 'message',
          scope: isPlain ? 'direct' : 'public',
          from: called(author, reader),
          text,
        },
      ]);
    }
  });

  test('every piece of a long text for one alone says that it is', () => {
    const {world, user} = everybody();
    const text = 'mot '.repeat(900).trim();
    user('Zoë').tell('rosa', text);
    world.rest();
    const pieces = user('rosa')
      .of('message')
      .map(piece => piece.text);
    expect(pieces.length).toBeGreaterThan(7);
    for (const piece of pieces) {
      expect(piece).toMatch(/^\(private\) /);
      expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(res302.maximumTextBytes);
    }
    expect(pieces.map(piece => piece.slice('(private) '.length)).join('')).toBe(text);
    expect(user('李雷').of('message')).toEqual([]);
  });

  test('a user who is in a room is not reached from outside, and each author is told why', () => {
    const {world, user} = everybody();
    const [rosa, jean] = [user('rosa'), user('jean-pierre_dupont')];
    world.gather(rosa, 'jeanpierre', jean, 'rosa');
    const bea = world.join('bea', shen);
    for (const [author, name] of [
      [bea, 'rosa'],
      [user('Zoë'), 'jean-pierre_dupont'],
      [user('Marie Anne Durand'), 'rosa'],
    ] as const) {
      author.tell(name, 'come out');
      world.until(() => author.engine.pending === 0, 'its end');
      expect(author.last('failed')).toMatchObject({reason: 'recipient-in-room'});
    }
    world.run(quietMs);
    expect([...rosa.of('message'), ...jean.of('message')]).toEqual([]);
    // Within the room it reaches somebody whose protocol has no word for it.
    jean.tell('rosa', 'psst');
    world.run(quietMs);
    expect(rosa.texts('room')).toEqual(['jeanpierre: (private) psst']);
  });

  test.each<[string, Protocol, Person, Mode]>([
    ['into a decentralised room of another protocol', res302, '李雷', 'decentralised'],
    ['into a decentralised room of another protocol', shen, 'rosa', 'decentralised'],
    ['somebody without rooms', res302, 'Zoë', 'centralised'],
    ['somebody without rooms', shen, 'Marie Anne Durand', 'centralised'],
    ['somebody without rooms', messagerie, 'Zoë', 'centralised'],
    ['into a decentralised room of another protocol', messagerie, 'rosa', 'decentralised'],
  ])('inviting %s from %o is as if they declined: %s, %s', (_, protocol, guest, mode) => {
    const {world, user} = everybody();
    const host = world.join('host', protocol);
    if (protocol === messagerie) {
      host.createRoom('salle', mode, 10);
      world.until(() => host.members !== undefined, 'the room');
    }
    const {now} = world.network;
    host.invite([called(guest, host)], mode);
    world.until(() => host.last('invitation-answer') !== undefined, 'the answer');
    expect(world.network.now - now).toBeLessThanOrEqual(10 * 6 * (conditions.maximumDelayMs ?? 0));
    expect(host.last('invitation-answer')).toMatchObject({
      nick: called(guest, host),
      accepted: false,
    });
    world.run(quietMs);
    expect(user(guest).of('invitation')).toEqual([]);
    expect(host.of('error')).toEqual([]);
  });

  test('inviting somebody who is in a room: the protocol of the inviter decides', () => {
    const {world, user} = everybody();
    const [rosa, lilei] = [user('rosa'), user('李雷')];
    world.gather(rosa, 'LiLei', lilei, 'rosa');
    const hosts = [res302, messagerie, shen].map((protocol, number) =>
      world.join(`host${number}`, protocol),
    ) as [SimulatedUser, SimulatedUser, SimulatedUser];
    hosts[1].createRoom('salle', 'centralised', 10);
    world.until(() => hosts[1].members !== undefined, 'the room');
    for (const host of hosts) host.invite(['rosa']);
    world.run(quietMs);
    expect(hosts[0].of('error')).toMatchObject([{code: 'already-in-room'}]);
    for (const host of hosts.slice(1)) {
      expect(host.of('error')).toEqual([]);
      expect(host.of('invitation-answer')).toMatchObject([{nick: 'rosa', accepted: false}]);
    }
    // Between users who can change rooms, an invitation works from within a room too.
    hosts[1].invite(['李雷']);
    world.until(() => lilei.isInvitedBy('host1'), 'the invitation');
    lilei.answer('host1', true);
    world.until(() => rosa.members === undefined && lilei.room?.name === 'salle', 'the change');
  });

  test('a private connection is asked of those who have them, and refused at once by all others', () => {
    const {world, users, user} = everybody();
    const marie = user('Marie Anne Durand');
    for (const [nick] of users) if (nick !== 'Marie Anne Durand') marie.link(called(nick, marie));
    world.until(() => marie.of('invitation-answer').length === 4, 'four answers');
    expect(marie.of('invitation-answer').every(({accepted}) => !accepted)).toBe(true);
  });

  test('a nickname is one of the hub, whatever its case, width and composition', () => {
    const {world} = everybody();
    for (const [nick, protocol] of [
      ['ROSA', whoiam],
      ['ｒosa', messagerie],
      ['ZOË', messagerie],
      ['Zoe\u0308', cosp],
      // An alias of somebody's, where it is read.
      ['zoe', res302],
      ['LiLei', shen],
      ['jean-pierr', messagerie],
    ] as const) {
      const user = world.add(nick, protocol);
      user.start();
      world.until(() => user.last('refused') !== undefined, `an answer to ${nick}`);
      expect(user.last('refused')).toMatchObject({reason: 'nickname-in-use'});
    }
    world.join('zoe', cosp);
  });

  test('a user who has gone without a word loses the name to somebody of another protocol', () => {
    const {world, user} = everybody();
    world.run(quietMs);
    world.until(() => !world.hub.isBusy, 'a hub that waits for nobody');
    world.kill(user('rosa'));
    world.run(4000);
    const heir = world.add('rosa', cosp);
    heir.start();
    world.until(() => heir.last('refused') !== undefined, 'a refusal');
    world.run(4000);
    const again = world.join('rosa', cosp);
    expect(again.isConnected).toBe(true);
  });

  test('when the hub ends, everybody is told in their way, and nothing is left', () => {
    const {world, user} = everybody();
    world.gather(user('rosa'), 'jeanpierre', user('jean-pierre_dupont'), 'rosa');
    world.closeHub();
    world.until(() => !world.hub.isBusy, 'a hub that waits for nobody');
    expect(user('rosa').last('room-left')).toMatchObject({reason: 'closed'});
    expect(user('jean-pierre_dupont').last('room-left')).toMatchObject({reason: 'closed'});
    for (const nick of ['Zoë', 'Marie Anne Durand'] as const) {
      world.until(() => !user(nick).isConnected, `the end of ${nick}`);
    }
  });
});

test('the 255th of messagerie is told that the hub is full, and others are not', () => {
  const world = new MixedWorld(1, {});
  for (let number = 0; number < 254; number++) world.add(`m${number}`, messagerie).start();
  world.run(1000);
  expect(world.hub.users).toBe(254);
  const late = world.add('late', messagerie);
  late.start();
  world.run(1000);
  expect(late.last('refused')).toMatchObject({reason: 'hub-full'});
  world.join('other', shen);
});

test('a list that does not hold everybody begins with the asker, and the log says so once', () => {
  const world = new MixedWorld(1, {});
  for (let number = 0; number < 300; number++) world.add(`w${number}`, whoiam).start();
  world.run(1000);
  const last = world.join('last', messagerie);
  world.run(60_000);
  expect(last.last('users')?.users).toHaveLength(255);
  expect(last.last('users')?.users[0]).toMatchObject({nick: 'last', self: true});
  expect(world.cuts).toEqual(['messagerie last: 255 of 301 users']);
  const other = world.join('all', res302);
  expect(other.last('users')?.users).toHaveLength(302);
});

test('a room with a user of shen holds a hundred members, whatever its founder speaks', () => {
  const world = new MixedWorld(1, {});
  const host = world.join('host', res302);
  const guests = Array.from({length: 100}, (_, number) => {
    const guest = world.add(
      `a-guest-with-a-name${number}`.slice(-20),
      number < 99 ? shen : messagerie,
    );
    return guest;
  });
  for (const guest of guests.slice(0, 99)) guest.start();
  const late = world.add('late', messagerie);
  late.start();
  world.run(1000);
  for (const guest of guests.slice(0, 99)) {
    const alias = world.chatOf(res302);
    const known = Array.from(alias.users()).find(
      ({id}) => id === world.chatOf(shen).find(guest.nick)?.id,
    );
    host.invite([known?.nickname ?? '']);
  }
  world.run(quietMs);
  for (const guest of guests.slice(0, 99)) guest.answer('host', true);
  world.run(quietMs);
  const user = world.chat.find('host');
  expect(world.chat.roomOf(user?.id ?? 0)?.members.size).toBe(100);
  host.invite(['late']);
  world.run(quietMs);
  expect(host.last('invitation-answer')).toMatchObject({nick: 'late', accepted: false});
  // The others of the longest names do not fit a message of shen, which the log says.
  expect(world.cuts[0]).toMatch(/^shen \S+: 4\d of \d+ members$/);
  const readers = world.cuts.map(line => line.split(':')[0]);
  expect(readers, 'once for each').toEqual([...new Set(readers)]);
}, 60_000);
