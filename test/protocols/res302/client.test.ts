import {describe, expect, test} from 'vitest';
import {res302} from '../../../source/protocols/res302/index.ts';
import * as wire from '../../../source/protocols/res302/wire.ts';
import type {Endpoint} from '../../../source/transport/endpoint.ts';
import {hubEndpoint, type SimulatedUser, World} from '../../network/world.ts';
import {show} from './bench.ts';
import {ScriptedHub} from './scripted-hub.ts';

const nowhere = {loss: 1, duplication: 0, maximumDelayMs: 0};
const everywhere = {loss: 0, duplication: 0, maximumDelayMs: 0};
const minuteMs = 60_000;

/** Users connected to a real hub, by the names most tests use. */
function connected(count: 1 | 2 | 3 | 4) {
  const world = new World(res302, 1);
  const users = world.connect(...['alice', 'bob', 'carl', 'dora'].slice(0, count));
  // Until what confirms the first lists has arrived, too.
  world.run(0);
  const [alice = world.add('x'), bob = alice, carl = bob, dora = carl] = users;
  return {world, alice, bob, carl, dora};
}

/** Brings them into one room that the first has founded. */
function gather(
  world: World,
  mode: 'centralised' | 'decentralised',
  founder: SimulatedUser,
  ...others: readonly SimulatedUser[]
): void {
  founder.invite(
    others.map(({nick}) => nick),
    mode,
  );
  world.run(0);
  for (const other of others) {
    other.answer(founder.nick, true);
    world.run(0);
  }
  // The lists complete what the notices have said.
  world.run(2000);
}

/** Whom that user sees in the room, sorted; undefined in public. */
function members(user: SimulatedUser): readonly string[] | undefined {
  const changes = user.events.filter(
    event =>
      event.type === 'room-entered' || event.type === 'room-members' || event.type === 'room-left',
  );
  const last = changes.at(-1);
  return last === undefined || last.type === 'room-left' ? undefined : [...last.members].sort();
}

/** What became of a text: the events that carry its id, in their order. */
function fate(user: SimulatedUser, id: number) {
  return user.events.filter(event => 'id' in event && event.id === id && event.type !== 'sent');
}

function datagramOf(
  type: wire.MessageType,
  fields: Partial<Omit<wire.Message, 'type'>>,
): Uint8Array {
  return wire.encode(wire.message(type, fields));
}

/** Puts somebody at that address who only notes what comes. */
function record(world: World, endpoint: Endpoint): string[] {
  const lines: string[] = [];
  world.network.attach(endpoint, {
    dueAt: Number.POSITIVE_INFINITY,
    receive: datagram => {
      const decoded = wire.decode(datagram);
      lines.push(decoded.ok ? show(decoded.message) : decoded.reason);
    },
    onTime: () => {},
  });
  return lines;
}

describe('texts', () => {
  test('a text that gets lost is repeated every 500 ms, and then delivered', () => {
    const {world, alice, bob} = connected(2);
    world.network.faults = nowhere;
    const id = alice.say('hello');
    world.run(1200);
    world.network.faults = everywhere;
    world.run(1000);
    expect(fate(alice, id)).toEqual([
      {type: 'retransmitted', id},
      {type: 'retransmitted', id},
      {type: 'retransmitted', id},
      {type: 'delivered', id},
    ]);
    expect(bob.texts()).toEqual(['alice: hello']);
  });

  test('a text that the hub never confirms fails after 3 s, and those behind it are kept', () => {
    const {world, alice} = connected(2);
    world.network.silence(hubEndpoint);
    const [first, second] = [alice.say('one'), alice.say('two')];
    world.run(2999);
    expect(alice.of('failed')).toEqual([]);
    world.run(1);
    expect(alice.of('failed')).toEqual([
      {type: 'failed', id: first, reason: 'hub-silent', pending: []},
    ]);
    expect(alice.of('kept')).toEqual([{type: 'kept', id: second}]);
  });
});

describe('what a hub says', () => {
  test('each kind is confirmed as it came, under our nickname', () => {
    const hub = ScriptedHub.connected();
    hub.text(0, 'bob', 'hello');
    hub.send('B', {sequence: 1, code: wire.notices.accepted, nickname: 'bob'});
    hub.send('B', {sequence: 2, flag: true, code: wire.errors['no-such-user'], nickname: 'x'});
    hub.text(3, 'bob', 'psst', 'D');
    hub.send('F', {sequence: 4, flag: true, nickname: 'bob'});
    hub.send('G', {sequence: 5, nickname: 'bob', data: wire.encodeText('1&192.0.2.1')});
    expect(hub.take().map(show)).toEqual([
      'C+ #0 alice',
      'B+ #1 0x02 alice',
      'B+ #2 error 0x04 alice',
      'D+ #3 alice',
      'F+ #4 flag alice',
      'G+ #5 alice',
    ]);
  });

  test('a list is confirmed, every copy of it', () => {
    const hub = ScriptedHub.connected();
    const confirmed: string[] = [];
    const {receive} = hub;
    hub.receive = (datagram, from) => {
      const decoded = wire.decode(datagram);
      if (decoded.ok && decoded.message.type === 'E') confirmed.push(show(decoded.message));
      receive.call(hub, datagram, from);
    };
    hub.alice.list();
    hub.run(0);
    const [request = ''] = confirmed;
    const sequence = Number(/#(\d+)/.exec(request)?.[1]);
    hub.send('E', {ack: true, sequence, data: wire.encodeText('alice: Pu')});
    expect(confirmed).toEqual([
      `E #${sequence} alice`,
      `E+ #${sequence} alice`,
      `E+ #${sequence} alice`,
    ]);
  });

  test('a C without data is confirmed and shown to nobody (R9)', () => {
    const hub = ScriptedHub.connected();
    hub.send('C', {sequence: 0});
    hub.send('C', {sequence: 1, nickname: 'bob'});
    hub.text(2, 'bob', 'hello');
    expect(hub.take().map(show)).toEqual(['C+ #0 alice', 'C+ #1 alice', 'C+ #2 alice']);
    expect(hub.alice.texts()).toEqual(['bob: hello']);
  });

  test('texts are shown in the order of their numbers, and each is confirmed as it comes', () => {
    const hub = ScriptedHub.connected();
    hub.text(2, 'bob', 'three');
    hub.text(1, 'bob', 'two');
    expect(hub.alice.texts()).toEqual([]);
    hub.text(0, 'bob', 'one');
    expect(hub.alice.texts()).toEqual(['bob: one', 'bob: two', 'bob: three']);
    expect(hub.take().map(show)).toEqual(['C+ #2 alice', 'C+ #1 alice', 'C+ #0 alice']);
  });

  test('a text that never comes is waited for 3 s, and is shown late if it comes after all', () => {
    const hub = ScriptedHub.connected();
    hub.text(1, 'bob', 'two');
    hub.run(2999);
    expect(hub.alice.texts()).toEqual([]);
    hub.run(1);
    expect(hub.alice.texts()).toEqual(['bob: two']);
    hub.text(0, 'bob', 'one');
    expect(hub.alice.texts()).toEqual(['bob: two', 'bob: one']);
  });

  test('a second copy is confirmed again and not shown again', () => {
    const hub = ScriptedHub.connected();
    hub.text(0, 'bob', 'hello');
    hub.text(0, 'bob', 'hello');
    expect(hub.take().map(show)).toEqual(['C+ #0 alice', 'C+ #0 alice']);
    expect(hub.alice.texts()).toEqual(['bob: hello']);
  });

  test('notices that overtake each other take effect in their order, and copies have none', () => {
    const hub = ScriptedHub.connected();
    hub.alice.invite(['bob', 'carl']);
    hub.everyone = hub.room = 'alice: Pr&carl: Pr';
    hub.send('B', {sequence: 1, code: wire.notices.accepted, nickname: 'carl'});
    hub.send('B', {sequence: 2, code: wire.notices.left, nickname: 'bob'});
    expect(members(hub.alice)).toBeUndefined();
    hub.send('B', {sequence: 0, code: wire.notices.accepted, nickname: 'bob'});
    hub.send('B', {sequence: 0, code: wire.notices.accepted, nickname: 'bob'});
    expect(members(hub.alice)).toEqual(['alice', 'carl']);
    expect(hub.alice.of('room-entered')).toHaveLength(1);
    expect(hub.alice.of('invitation-answer')).toEqual([
      {type: 'invitation-answer', nick: 'bob', accepted: true},
      {type: 'invitation-answer', nick: 'carl', accepted: true},
    ]);
  });

  test('hostile names and addresses are confirmed and not believed', () => {
    const hub = ScriptedHub.connected();
    const withNickname = (type: wire.MessageType, sequence: number, code = 0) => {
      const datagram = datagramOf(type, {sequence, code, data: wire.encodeText('1&192.0.2.1')});
      datagram.set([0x1b, 0x5b, 0x4a], 3);
      hub.network.sender(hubEndpoint)(datagram, hub.alice.endpoint);
      hub.run(0);
    };
    const before = hub.alice.events.filter(({type}) => type !== 'statistics');
    withNickname('C', 0);
    withNickname('F', 1);
    withNickname('G', 2);
    withNickname('B', 3, wire.notices.accepted);
    hub.send('G', {sequence: 4, nickname: 'bob', data: wire.encodeText('0&192.0.2.1')});
    expect(hub.take()).toHaveLength(5);
    expect(hub.alice.events.filter(({type}) => type !== 'statistics')).toEqual(before);
  });

  test('what does not come from the hub is not taken for its word', () => {
    const hub = ScriptedHub.connected();
    const elsewhere = {...hubEndpoint, port: hubEndpoint.port + 1};
    hub.send('C', {nickname: 'bob', data: wire.encodeText('hello')}, elsewhere);
    hub.send('F', {sequence: 1, nickname: 'bob'}, elsewhere);
    expect(hub.alice.texts()).toEqual([]);
    expect(hub.alice.of('invitation')).toEqual([]);
    expect(hub.take()).toEqual([]);
  });

  test('what comes before the registration is confirmed is neither shown nor confirmed', () => {
    const hub = new ScriptedHub();
    hub.isAnswering = false;
    hub.alice.start();
    hub.text(0, 'bob', 'of a former life');
    expect(hub.take().map(show)).toEqual(['A #0 alice']);
    expect(hub.alice.texts()).toEqual([]);
  });

  test('datagrams that do not parse change nothing', () => {
    const {world, alice, bob} = connected(2);
    const toAlice = world.network.sender(hubEndpoint);
    toAlice(new Uint8Array(0), alice.endpoint);
    toAlice(datagramOf('C', {nickname: 'bob'}).subarray(0, 14), alice.endpoint);
    world.run(0);
    bob.say('still there?');
    world.run(0);
    expect(alice.texts()).toEqual(['bob: still there?']);
  });
});

describe('connecting', () => {
  test('a hub that does not answer is unreachable after 3 s', () => {
    const world = new World(res302, 1);
    world.network.silence(hubEndpoint);
    const alice = world.add('alice');
    alice.start();
    world.run(2999);
    expect(alice.of('refused')).toEqual([]);
    world.run(1);
    expect(alice.of('refused').map(({reason}) => reason)).toEqual(['unreachable']);
  });

  test.each([
    [wire.errors['name-invalid'], 'nickname-invalid'],
    [wire.errors['hub-full'], 'hub-full'],
  ])('error 0x%i under the number of our A is the refusal %s', (code, reason) => {
    const hub = new ScriptedHub();
    hub.isAnswering = false;
    hub.alice.start();
    hub.run(0);
    hub.send('B', {flag: true, code, sequence: 1});
    expect(hub.alice.of('refused')).toEqual([]);
    hub.send('B', {flag: true, code, sequence: 0});
    expect(hub.alice.of('refused').map(refused => refused.reason)).toEqual([reason]);
  });

  test('the list is there at once, and shows within 6 s who has come later', () => {
    const {world, alice} = connected(1);
    expect(alice.last('users')?.users).toEqual([{nick: 'alice', status: 'public', self: true}]);
    world.connect('bob');
    world.run(6000);
    expect(alice.last('users')?.users.map(({nick}) => nick)).toEqual(['alice', 'bob']);
  });
});

describe('connecting again', () => {
  test('a hub that has kept our registration has kept our room, too', () => {
    const {world, alice, bob} = connected(2);
    gather(world, 'centralised', alice, bob);
    world.network.silence(hubEndpoint);
    world.until(() => !alice.isConnected && !bob.isConnected, 'the hub missed', 20_000);
    world.network.restore(hubEndpoint);
    world.until(() => alice.isConnected && bob.isConnected, 'both back', minuteMs);
    world.run(10_000);
    expect(alice.of('room-left')).toEqual([]);
    const id = alice.say('still here');
    world.run(1000);
    expect(fate(alice, id)).toEqual([{type: 'delivered', id}]);
    expect(bob.texts('room')).toEqual(['alice: still here']);
  });

  test.each(['centralised', 'decentralised'] as const)(
    'a hub that has forgotten us has forgotten our %s room: we are told, and in public',
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

  test('a user who wants the name of somebody gone without a word gets it at the second try, 3 s later', () => {
    const {world, alice} = connected(1);
    world.network.silence(alice.endpoint);
    world.run(4000);
    const [early, later] = [world.add('alice'), world.add('alice')];
    early.start();
    world.run(3000);
    expect(early.of('refused').map(({reason}) => reason)).toEqual(['nickname-in-use']);
    later.start();
    world.run(0);
    expect(later.isConnected).toBe(true);
  });

  /** A client that has read 41 texts of a hub that then fell silent, up to the loss of the connection. */
  function lost(): ScriptedHub {
    const hub = ScriptedHub.connected();
    for (let sequence = 0; sequence <= 40; sequence++) hub.text(sequence, 'bob', `${sequence}`);
    hub.isAnswering = false;
    hub.alice.list();
    hub.run(3000);
    expect(hub.alice.isConnected).toBe(false);
    return hub;
  }

  test('the texts of a hub that counts from 0 again are put in order, and old copies are refused', () => {
    const hub = lost();
    hub.isAnswering = true;
    hub.run(10_000);
    expect(hub.alice.isConnected).toBe(true);
    hub.take();
    const before = hub.alice.texts().length;
    hub.text(1, 'bob', 'second');
    hub.text(0, 'bob', 'first');
    hub.text(41, 'bob', 'of the former connection');
    expect(hub.take().map(show)).toEqual(['C+ #1 alice', 'C+ #0 alice']);
    hub.run(3000);
    expect(hub.alice.texts().slice(before)).toEqual(['bob: first', 'bob: second']);
  });

  test('nobody registers again while numbers of the former connection are remembered', () => {
    const hub = ScriptedHub.connected();
    hub.isAnswering = false;
    hub.alice.list();
    hub.run(2900);
    hub.text(0, 'bob', 'the last one');
    hub.run(3999);
    expect(hub.take().filter(({type}) => type === 'A')).toEqual([]);
    hub.run(1);
    expect(hub.take().filter(({type}) => type === 'A')).toHaveLength(1);
  });

  test('a name lost during an outage is asked for again until its ghost is gone', () => {
    const hub = ScriptedHub.connected();
    const {alice} = hub;
    hub.isAnswering = false;
    alice.list();
    hub.run(3000);
    expect(alice.last('disconnected')?.reason).toBe('hub-silent');
    let refusals = 0;
    const refuse = (message: wire.Message) => {
      const {sequence} = message;
      refusals++;
      hub.send('B', {flag: true, code: wire.errors['name-in-use'], sequence});
    };
    for (let waited = 0; refusals < 3 && waited < 2 * minuteMs; waited += 100) {
      hub.run(100);
      for (const message of hub.take()) if (message.type === 'A') refuse(message);
    }
    expect(refusals).toBe(3);
    expect(alice.of('refused')).toEqual([]);
    hub.isAnswering = true;
    hub.run(minuteMs);
    expect(alice.isConnected).toBe(true);
  });
});

describe('invitations', () => {
  test('the inviter is told who does not exist and who is in a room already', () => {
    const {world, alice, bob, carl} = connected(3);
    gather(world, 'centralised', bob, carl);
    alice.invite(['ghost', 'carl']);
    world.run(0);
    expect(alice.of('error').map(({code}) => code)).toEqual(['no-such-user', 'already-in-room']);
  });

  test('an acceptance is confirmed when it is carried out, and no copy of it before', () => {
    const world = new World(res302, 1, {logMs: 1200});
    const [alice, bob] = world.connect('alice', 'bob');
    alice?.invite(['bob']);
    world.until(() => bob?.isInvitedBy('alice') === true, 'the invitation');
    bob?.answer('alice', true);
    world.run(5000);
    expect(bob?.last('invitation-ended')).toMatchObject({from: 'alice', reason: 'accepted'});
    expect(bob?.members).toEqual(['alice', 'bob']);
  });

  test('an answer that the hub never hears can be given again', () => {
    const {world, alice, bob} = connected(2);
    alice.invite(['bob']);
    world.run(0);
    world.network.silence(hubEndpoint);
    bob.answer('alice', true);
    world.run(3000);
    expect(bob.of('error').map(({code}) => code)).toEqual(['no-answer']);
    world.network.restore(hubEndpoint);
    world.until(() => alice.isConnected && bob.isConnected, 'both back', minuteMs);
    bob.answer('alice', true);
    world.run(2000);
    expect([members(alice), members(bob)]).toEqual([
      ['alice', 'bob'],
      ['alice', 'bob'],
    ]);
  });

  test('a public text that is confirmed while an invitee moves us to a room may have reached nobody', () => {
    const hub = ScriptedHub.connected();
    hub.alice.invite(['bob']);
    hub.everyone = hub.room = 'alice: Pr&bob: Pr';
    const id = hub.alice.say('anybody?');
    hub.run(0);
    expect(fate(hub.alice, id)).toEqual([
      {type: 'failed', id, reason: 'entered-room', pending: []},
    ]);
  });

  test('a public text that is confirmed when we are in a room already may have reached nobody', () => {
    const hub = ScriptedHub.connected();
    hub.alice.invite(['bob']);
    hub.run(0);
    hub.isAnswering = false;
    hub.take();
    const id = hub.alice.say('anybody?');
    hub.run(0);
    const [text] = hub.take();
    hub.everyone = hub.room = 'alice: Pr&bob: Pr';
    hub.send('B', {code: wire.notices.accepted, nickname: 'bob'});
    hub.send('C', {ack: true, sequence: text?.sequence ?? -1});
    expect(fate(hub.alice, id)).toEqual([
      {type: 'failed', id, reason: 'entered-room', pending: []},
    ]);
  });

  test('a public text after an acceptance that the hub may have heard late may have reached nobody', () => {
    const hub = ScriptedHub.connected();
    hub.send('F', {sequence: 0, nickname: 'bob'});
    hub.isAnswering = false;
    hub.alice.answer('bob', true);
    hub.run(3000);
    hub.isAnswering = true;
    while (!hub.alice.isConnected) hub.run(100);
    const id = hub.alice.say('anybody?');
    hub.everyone = hub.room = 'alice: Pr&bob: Pr';
    hub.run(0);
    expect(fate(hub.alice, id)).toEqual([
      {type: 'failed', id, reason: 'entered-room', pending: []},
    ]);
  });

  test('a public text after an invitation that the hub has heard when our room was closed may have reached nobody', () => {
    const hub = ScriptedHub.connected();
    hub.alice.invite(['bob']);
    hub.everyone = hub.room = 'alice: Pr&bob: Pr';
    hub.send('B', {sequence: 0, code: wire.notices.accepted, nickname: 'bob'});
    hub.isAnswering = false;
    hub.alice.invite(['carl']);
    hub.run(0);
    hub.send('B', {sequence: 1, code: wire.notices.closed});
    expect(members(hub.alice)).toBeUndefined();
    const id = hub.alice.say('anybody?');
    // Carl accepts at once.
    hub.everyone = hub.room = 'alice: Pr&carl: Pr';
    hub.isAnswering = true;
    hub.run(1000);
    expect(fate(hub.alice, id).at(-1)).toMatchObject({type: 'failed', reason: 'entered-room'});
  });

  /** Bob accepts what she has invited him to, before the hub hears that she accepts carl's invitation: too late. */
  function acceptedTooLate(): ScriptedHub {
    const hub = ScriptedHub.connected();
    hub.alice.invite(['bob']);
    hub.send('F', {sequence: 0, nickname: 'carl'});
    hub.alice.answer('carl', true);
    hub.everyone = hub.room = 'alice: Pr&bob: Pr';
    hub.send('B', {sequence: 1, code: wire.notices.accepted, nickname: 'bob'});
    hub.send('G', {ack: true, sequence: 0});
    hub.send('B', {sequence: 2, code: wire.notices.closed});
    return hub;
  }

  test('the notice that an acceptance was too late does not close the room that an invitee has brought us into', () => {
    const hub = acceptedTooLate();
    hub.run(6000);
    expect(hub.alice.of('room-left')).toEqual([]);
    const id = hub.alice.say('welcome');
    hub.run(0);
    expect(fate(hub.alice, id)).toEqual([{type: 'delivered', id}]);
    hub.send('B', {sequence: 3, code: wire.notices.closed});
    expect(hub.alice.of('room-left')).toMatchObject([{reason: 'closed'}]);
  });

  test('where that notice was one of the closing, the next list tells, and no text counts as delivered until then', () => {
    const hub = acceptedTooLate();
    hub.everyone = hub.room = 'alice: Pu&bob: Pu';
    const id = hub.alice.say('still there?');
    hub.run(0);
    expect(fate(hub.alice, id)).toMatchObject([{type: 'failed'}]);
    hub.run(2000);
    expect(hub.alice.of('room-left')).toMatchObject([{reason: 'closed'}]);
  });

  test('an acceptance whose room the hub does not show us in ends as expired', () => {
    const hub = ScriptedHub.connected();
    hub.send('F', {sequence: 0, nickname: 'bob'});
    hub.alice.answer('bob', true);
    hub.run(0);
    expect(hub.take().map(show)).toEqual(['F+ #0 alice', 'G+ #0 alice']);
    hub.send('G', {ack: true, sequence: 0});
    expect(hub.alice.of('invitation-ended')).toEqual([
      {type: 'invitation-ended', from: 'bob', reason: 'expired'},
    ]);
    expect(members(hub.alice)).toBeUndefined();
  });

  test('a list alone does not tell the mode of a room: a member’s address, or a notice, sets the guess right', () => {
    const hub = ScriptedHub.connected();
    hub.alice.invite(['bob'], 'decentralised');
    hub.alice.invite(['carl'], 'centralised');
    hub.everyone = 'alice: Pr&bob: Pr&carl: Pu';
    hub.room = 'alice: Pr&bob: Pr';
    hub.run(6000);
    expect(hub.alice.room?.mode).toBe('centralised');
    hub.send('G', {sequence: 0, nickname: 'bob', data: wire.encodeText('1&203.0.113.1')});
    expect(hub.alice.room?.mode).toBe('decentralised');
    expect(hub.alice.members).toEqual(['alice', 'bob']);
    // By then it is known: a notice is late, and of another room.
    hub.send('B', {sequence: 1, code: wire.notices.accepted, nickname: 'carl'});
    expect(hub.alice.room?.mode).toBe('decentralised');
  });

  test('a public text while an invitation is pending is delivered when a list shows us in public', () => {
    const hub = ScriptedHub.connected();
    hub.alice.invite(['bob']);
    hub.run(0);
    const id = hub.alice.say('anybody?');
    hub.run(0);
    expect(fate(hub.alice, id)).toEqual([{type: 'delivered', id}]);
  });
});

describe('centralised rooms', () => {
  test('what was under way in a room that we have left is confirmed and not shown', () => {
    const hub = ScriptedHub.connected();
    hub.alice.invite(['bob']);
    hub.everyone = hub.room = 'alice: Pr&bob: Pr';
    hub.send('B', {sequence: 0, code: wire.notices.accepted, nickname: 'bob'});
    hub.text(1, 'bob', 'stay', 'D');
    hub.isAnswering = false;
    hub.alice.leave();
    hub.take();
    hub.text(2, 'bob', 'gone?', 'D');
    expect(hub.take().map(show)).toContain('D+ #2 alice');
    expect(hub.alice.texts('room')).toEqual(['bob: stay']);
    expect(hub.alice.room).toBeUndefined();
  });

  test('a text for a room that we have left is not said elsewhere', () => {
    const {world, alice, bob} = connected(2);
    gather(world, 'centralised', alice, bob);
    alice.leave();
    const id = alice.say('psst', 'room');
    world.run(1000);
    expect(fate(alice, id)).toEqual([{type: 'failed', id, reason: 'left-room', pending: []}]);
    expect([...bob.texts(), ...bob.texts('room')]).toEqual([]);
  });

  test('a member gone without a word is missing within 10 s of the next text', () => {
    const {world, alice, bob, carl} = connected(3);
    gather(world, 'centralised', alice, bob, carl);
    world.network.silence(carl.endpoint);
    alice.say('carl?');
    world.run(10_000);
    expect(members(bob)).toEqual(['alice', 'bob']);
  });
});

describe('decentralised rooms', () => {
  test('a peer that comes back in time gets the text late, and it is delivered', () => {
    const {world, alice, bob, carl, dora} = connected(4);
    gather(world, 'decentralised', alice, bob, carl, dora);
    world.network.silence(dora.endpoint);
    const id = alice.say('psst');
    world.run(1200);
    expect(fate(alice, id).at(-1)).toEqual({type: 'retransmitted', id});
    expect(alice.of('progress').at(-1)).toEqual({
      type: 'progress',
      id,
      confirmed: 2,
      of: 3,
      by: 'carl',
    });
    world.network.restore(dora.endpoint);
    world.run(500);
    expect(fate(alice, id).at(-1)).toEqual({type: 'delivered', id});
    expect(dora.texts('room')).toEqual(['alice: psst']);
  });

  test('a peer that never confirms makes the text fail after 3 s, and is named', () => {
    const {world, alice, bob, carl, dora} = connected(4);
    gather(world, 'decentralised', alice, bob, carl, dora);
    world.network.silence(dora.endpoint);
    const id = alice.say('psst');
    world.run(2999);
    expect(alice.of('failed')).toEqual([]);
    world.run(1);
    expect(alice.of('failed')).toEqual([
      {type: 'failed', id, reason: 'peers-silent', pending: ['dora']},
    ]);
  });

  test('a user who leaves tells the peers, who take them off; their own room is left at once', () => {
    const {world, alice, bob, carl} = connected(3);
    gather(world, 'decentralised', alice, bob, carl);
    carl.leave();
    expect(carl.of('room-left').map(({reason}) => reason)).toEqual(['left']);
    world.run(0);
    expect([members(alice), members(bob)]).toEqual([
      ['alice', 'bob'],
      ['alice', 'bob'],
    ]);
    const id = alice.say('without carl');
    world.run(0);
    expect(fate(alice, id).at(-2)).toEqual({type: 'progress', id, confirmed: 1, of: 1, by: 'bob'});
    expect(carl.texts('room')).toEqual([]);
  });

  test('a text on its way to somebody who leaves is delivered to those who stay', () => {
    const {world, alice, bob, carl} = connected(3);
    gather(world, 'decentralised', alice, bob, carl);
    world.network.silence(carl.endpoint);
    const id = alice.say('psst');
    world.run(400);
    world.network.restore(carl.endpoint);
    carl.leave();
    world.run(4000);
    expect(fate(alice, id).at(-1)).toEqual({type: 'delivered', id});
    expect(bob.texts('room')).toEqual(['alice: psst']);
  });

  test('what comes from strangers, or under another nickname, is neither shown nor confirmed', () => {
    const {world, alice, bob, carl} = connected(3);
    gather(world, 'decentralised', alice, bob);
    const stranger = {host: '203.0.113.66', port: 6666};
    const answers = record(world, stranger);
    const data = wire.encodeText('trust me');
    const text = (nickname: string) => datagramOf('D', {flag: true, sequence: 40, nickname, data});
    world.network.sender(stranger)(text('alice'), bob.endpoint);
    world.network.sender(carl.endpoint)(text('alice'), bob.endpoint);
    world.network.sender(carl.endpoint)(text('carl'), bob.endpoint);
    world.network.sender(alice.endpoint)(text('carl'), bob.endpoint);
    world.network.sender(alice.endpoint)(text('ALICE'), bob.endpoint);
    world.run(0);
    expect(bob.texts('room')).toEqual([]);
    expect(answers).toEqual([]);
    // The same from the right address under the right nickname is shown: the rest was what was wrong.
    world.network.sender(alice.endpoint)(text('alice'), bob.endpoint);
    world.run(0);
    expect(bob.texts('room')).toEqual(['alice: trust me']);
  });

  test('a goodbye from a stranger takes nobody off the roster', () => {
    const {world, alice, bob, carl, dora} = connected(4);
    gather(world, 'decentralised', alice, bob, carl);
    const goodbye = datagramOf('H', {flag: true, nickname: 'carl'});
    world.network.sender(dora.endpoint)(goodbye, bob.endpoint);
    world.run(0);
    expect(members(bob)).toEqual(['alice', 'bob', 'carl']);
    world.network.sender(carl.endpoint)(goodbye, bob.endpoint);
    world.run(0);
    expect(members(bob)).toEqual(['alice', 'bob']);
  });

  test('what a former peer still sends after leaving is neither shown nor confirmed', () => {
    const {world, alice, bob, carl} = connected(3);
    gather(world, 'decentralised', alice, bob, carl);
    carl.leave();
    world.run(0);
    const data = wire.encodeText('one more thing');
    const text = datagramOf('D', {flag: true, sequence: 50, nickname: 'carl', data});
    const answers = record(world, carl.endpoint);
    world.network.sender(carl.endpoint)(text, bob.endpoint);
    world.run(0);
    expect(bob.texts('room')).toEqual([]);
    expect(answers).toEqual([]);
  });

  test('a second copy of a peer’s text or goodbye is confirmed again and has no effect', () => {
    const {world, alice, bob, carl} = connected(3);
    gather(world, 'decentralised', alice, bob, carl);
    const answers = record(world, carl.endpoint);
    const toBob = (datagram: Uint8Array) => {
      world.network.sender(carl.endpoint)(datagram, bob.endpoint);
      world.run(0);
    };
    const data = wire.encodeText('psst');
    const text = datagramOf('D', {flag: true, sequence: 3, nickname: 'carl', data});
    const goodbye = datagramOf('H', {flag: true, sequence: 4, nickname: 'carl'});
    for (const datagram of [text, text, goodbye, goodbye]) toBob(datagram);
    expect(answers).toEqual([
      'D+ #3 flag bob',
      'D+ #3 flag bob',
      'H+ #4 flag bob',
      'H+ #4 flag bob',
    ]);
    expect(bob.texts('room')).toEqual(['carl: psst']);
    expect(members(bob)).toEqual(['alice', 'bob']);
  });

  test('a peer that has said goodbye stays away although the hub has not heard it yet', () => {
    const hub = ScriptedHub.connected();
    const [bob, carl] = [
      {host: '203.0.113.2', port: 2},
      {host: '203.0.113.3', port: 3},
    ];
    hub.everyone = hub.room = 'alice: Pr&bob: Pr&carl: Pr';
    hub.send('G', {sequence: 0, nickname: 'bob', data: wire.encodeEndpoint(bob)});
    hub.send('G', {sequence: 1, nickname: 'carl', data: wire.encodeEndpoint(carl)});
    hub.run(2000);
    expect(members(hub.alice)).toEqual(['alice', 'bob', 'carl']);
    hub.send('H', {flag: true, nickname: 'carl'}, carl);
    hub.run(30_000);
    expect(members(hub.alice)).toEqual(['alice', 'bob']);
    expect(hub.alice.of('room-left')).toEqual([]);
  });

  test.each([
    ['a text', 'D', 0, 'one'],
    ['a goodbye', 'H', 1, ''],
  ] as const)(
    'a late copy of %s from before a peer left and came back is still a copy',
    (_, type, sequence, text) => {
      const {world, alice, bob, carl} = connected(3);
      gather(world, 'decentralised', alice, bob, carl);
      carl.say('one');
      world.run(0);
      carl.leave();
      world.run(0);
      alice.invite(['carl']);
      world.run(0);
      carl.answer('alice', true);
      world.run(1500);
      expect(members(carl)).toEqual(['alice', 'bob', 'carl']);

      const data = wire.encodeText(text);
      const copy = datagramOf(type, {flag: true, sequence, nickname: 'carl', data});
      world.network.sender(carl.endpoint)(copy, bob.endpoint);
      world.run(0);
      carl.say('two');
      world.run(4000);
      expect(bob.texts('room')).toEqual(['carl: one', 'carl: two']);
      expect(members(bob)).toEqual(['alice', 'bob', 'carl']);
    },
  );

  test('a text fails where nobody else is left to read it', () => {
    const hub = ScriptedHub.connected();
    const bob = {host: '203.0.113.2', port: 2};
    hub.everyone = hub.room = 'alice: Pr&bob: Pr';
    hub.send('G', {nickname: 'bob', data: wire.encodeEndpoint(bob)});
    hub.send('H', {flag: true, nickname: 'bob'}, bob);
    const id = hub.alice.say('anybody?', 'room');
    expect(fate(hub.alice, id)).toEqual([
      {type: 'failed', id, reason: 'peers-silent', pending: []},
    ]);
  });

  test('a text that a peer does not confirm makes us ask at once who is still there', () => {
    const hub = ScriptedHub.connected();
    const bob = {host: '203.0.113.2', port: 2};
    hub.everyone = hub.room = 'alice: Pr&bob: Pr&carl: Pr';
    hub.send('G', {nickname: 'bob', data: wire.encodeEndpoint(bob)});
    hub.run(1500);
    hub.alice.say('psst');
    hub.room = 'alice: Pr&carl: Pr';
    hub.run(2999);
    expect(members(hub.alice)).toEqual(['alice', 'bob', 'carl']);
    hub.run(1);
    expect(members(hub.alice)).toEqual(['alice', 'carl']);
  });
});

describe('goodbye', () => {
  test('the hub forgets who says goodbye, and nothing is due any more', () => {
    const {world, alice, bob} = connected(2);
    alice.close();
    expect(alice.engine.isClosed).toBe(false);
    world.run(0);
    expect(alice.engine.isClosed).toBe(true);
    expect(alice.last('disconnected')?.reason).toBe('left');
    expect(world.departures).toEqual([{nick: 'alice', reason: 'disconnected', at: 0}]);
    expect(alice.engine.dueAt).toBe(Number.POSITIVE_INFINITY);
    world.run(6000);
    expect(bob.last('users')?.users.map(({nick}) => nick)).toEqual(['bob']);
  });

  test.each(['centralised', 'decentralised'] as const)(
    'who says goodbye in a %s room leaves it first',
    mode => {
      const {world, alice, bob, carl} = connected(3);
      gather(world, mode, alice, bob, carl);
      alice.close();
      world.run(0);
      expect(alice.engine.isClosed).toBe(true);
      expect(alice.of('room-left').map(({reason}) => reason)).toEqual(['left']);
      expect([members(bob), members(carl)]).toEqual([
        ['bob', 'carl'],
        ['bob', 'carl'],
      ]);
      expect(world.applied.map(({command}) => command.type).slice(-2)).toEqual([
        'leave-room',
        'disconnect',
      ]);
    },
  );

  test('a text on its way is delivered before the goodbye', () => {
    const {world, alice, bob} = connected(2);
    const ids = [alice.say('one'), alice.say('two')];
    alice.close();
    world.run(0);
    expect(ids.map(id => fate(alice, id).at(-1)?.type)).toEqual(['delivered', 'delivered']);
    expect(bob.texts()).toEqual(['alice: one', 'alice: two']);
    expect(alice.engine.isClosed).toBe(true);
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

  test('nothing of a closed client is left to happen: no invitation of its expires', () => {
    const {world, alice, bob} = connected(2);
    alice.invite(['bob']);
    world.run(0);
    bob.close();
    world.run(0);
    const events = [...bob.events];
    world.run(10 * minuteMs);
    expect(bob.events).toEqual(events);
    expect(bob.engine.dueAt).toBe(Number.POSITIVE_INFINITY);
  });

  test('a user who gives up while connecting is not registered behind their back', () => {
    const world = new World(res302, 1);
    world.network.silence(hubEndpoint);
    const alice = world.add('alice');
    alice.start();
    world.run(100);
    alice.close();
    expect(alice.engine.isClosed).toBe(true);
    world.network.restore(hubEndpoint);
    world.run(10_000);
    expect(world.hub.users).toBe(0);
    expect(alice.of('connected')).toEqual([]);
  });
});
