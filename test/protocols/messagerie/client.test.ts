import {describe, expect, test} from 'vitest';
import {messagerie} from '../../../source/protocols/messagerie/index.ts';
import {
  type Message,
  type Peer,
  types,
} from '../../../source/protocols/messagerie/wire/messages.ts';
import * as wire from '../../../source/protocols/messagerie/wire.ts';
import {BitWriter} from '../../../source/transport/bits.ts';
import type {Endpoint} from '../../../source/transport/endpoint.ts';
import {hubEndpoint, type SimulatedUser, World} from '../../network/world.ts';
import {show, type Unsent, vector} from './bench.ts';
import {ScriptedHub} from './scripted-hub.ts';

const nowhere = {loss: 1, duplication: 0, maximumDelayMs: 0};
const everywhere = {loss: 0, duplication: 0, maximumDelayMs: 0};
const minuteMs = 60_000;
const modes = ['centralised', 'decentralised'] as const;

const [bob, carl, dora] = ['bob', 'carl', 'dora'].map((name, index) => ({
  name,
  endpoint: {host: `203.0.113.${index + 2}`, port: 4000 + index},
})) as [Peer, Peer, Peer];

/** Users connected to a real hub, by the names most tests use. */
function connected(count: 1 | 2 | 3 | 4) {
  const world = new World(messagerie, 1);
  const users = world.connect(...['alice', 'bob', 'carl', 'dora'].slice(0, count));
  const [alice = world.add('x'), bob = alice, carl = bob, dora = carl] = users;
  return {world, alice, bob, carl, dora};
}

/** Brings them into a room called "den" that the first creates, and lets the lists settle. */
function gather(
  world: World,
  mode: 'centralised' | 'decentralised',
  founder: SimulatedUser,
  ...others: readonly SimulatedUser[]
): void {
  founder.createRoom('den', mode, 10);
  world.run(0);
  for (const other of others) other.joinRoom('den');
  world.run(2000);
}

/** What became of a text: the events that carry its id, in their order. */
function fate(user: SimulatedUser, id: number) {
  return user.events.filter(event => 'id' in event && event.id === id && event.type !== 'sent');
}

function failure(id: number, reason: string, pending: readonly string[] = []) {
  return {type: 'failed', id, reason, pending};
}

/** What happened to a user in rooms, in order: `entered den: alice bob`, `members: alice`, `left: closed`. */
function story(user: SimulatedUser): string[] {
  return user.events.flatMap(event => {
    if (event.type === 'room-entered') return `entered ${event.name}: ${event.members.join(' ')}`;
    if (event.type === 'room-members') return `members: ${event.members.join(' ')}`;
    return event.type === 'room-left' ? `left: ${event.reason}` : [];
  });
}

function errors(user: SimulatedUser): string[] {
  return user.of('error').map(({code}) => code);
}

/** Puts somebody at that address who only notes what comes. */
function record(world: Pick<World, 'network'>, endpoint: Endpoint): string[] {
  const lines: string[] = [];
  world.network.attach(endpoint, {
    dueAt: Number.POSITIVE_INFINITY,
    receive: datagram => {
      const decoded = wire.decode(datagram);
      const isKnown = decoded.ok && decoded.message.type !== 'unknown';
      lines.push(isKnown ? show(decoded.message as Message) : 'nonsense');
    },
    onTime: () => {},
  });
  return lines;
}

/** What the client has sent to the hub, in hex. */
function bytesTo(hub: ScriptedHub): string[] {
  const lines: string[] = [];
  const {receive} = hub;
  hub.receive = (datagram, from) => {
    lines.push(Buffer.from(datagram).toString('hex'));
    receive.call(hub, datagram, from);
  };
  return lines;
}

/** Answers requests of that kind with an ERREUR. */
function refuse(hub: ScriptedHub, type: Message['type'], text: string): void {
  hub.answers.set(type, ({sequence}) => ({type: 'erreur', sequence, text}));
}

/** Keeps back the answers to that kind of request, until told. */
function withhold(hub: ScriptedHub, type: Message['type']): () => Message {
  const requests: Message[] = [];
  hub.answers.set(type, request => {
    requests.push(request);
    return undefined;
  });
  return () => {
    hub.answers.delete(type);
    const [request] = requests;
    if (request === undefined) throw new Error(`nobody has sent ${type}`);
    return request;
  };
}

function sequences(messages: readonly Message[]): number[] {
  return messages.map(({sequence}) => sequence);
}

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

  test.each(modes)('who was forgotten in a %s room is out of it when that is known', mode => {
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
  });
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

  test('a text that the hub never confirms fails after 3.1 s, and those behind it too', () => {
    const {world, alice} = connected(2);
    world.network.silence(hubEndpoint);
    const ids = [alice.say('one'), alice.say('two'), alice.say('three')];
    world.run(3099);
    expect(alice.of('failed')).toEqual([]);
    world.run(1);
    expect(alice.of('failed')).toEqual(ids.map(id => failure(id, 'hub-silent')));
    expect(alice.engine.pending).toBe(0);
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

  test.each(modes)('who creates a %s room is alone in it, once the hub says so', mode => {
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

  test('who joins while the list is under way is not missing: it is asked for again', () => {
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

  test('who leaves is in public at once, and what they then say is said there', () => {
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

  test('who leaves while a room is closed behind them and another entered talks in public', () => {
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

  test('who leaves while it is not known where they are talks in public all the same', () => {
    const {hub, answer} = reconnected();
    hub.alice.leave();
    const id = hub.alice.say('to all', 'public');
    answer();
    expect(fate(hub.alice, id)).toEqual([{type: 'delivered', id}]);
  });
});

describe('invitations', () => {
  test('somebody in another room can accept, and changes', () => {
    const {world, alice, bob, carl} = connected(3);
    gather(world, 'centralised', bob, carl);
    alice.createRoom('lair', 'decentralised', 10);
    world.run(0);
    alice.invite(['carl']);
    world.run(0);
    carl.answer('alice', true);
    world.run(2000);
    expect([alice.members, carl.members, bob.members]).toEqual([
      ['alice', 'carl'],
      ['alice', 'carl'],
      undefined,
    ]);
    expect(story(bob).at(-1)).toBe('left: closed');
  });

  test('it is answered under the number of the 13, after it was confirmed with 12 (R6)', () => {
    const hub = ScriptedHub.connected();
    hub.invite(0, 'bob');
    hub.invite(1, 'carl', 'decentralised', 'nest');
    expect(hub.take().map(show)).toEqual(['12 #0 by 1', '12 #1 by 1']);
    hub.alice.answer('carl', false);
    hub.alice.answer('bob', true);
    hub.run(0);
    expect(hub.take().map(show)).toEqual(['14 #1 by 1 false', '14 #0 by 1 true']);
    expect(story(hub.alice)).toEqual(['entered lair: alice bob']);
  });

  test('a second copy is confirmed again, and shown once', () => {
    const hub = ScriptedHub.connected();
    hub.invite(0, 'bob');
    hub.invite(0, 'bob');
    expect(hub.take().map(show)).toEqual(['12 #0 by 1', '12 #0 by 1']);
    expect(hub.alice.of('invitation')).toHaveLength(1);
  });

  test('the inviter is told who is unknown, who is there already and that the room is full', () => {
    const {world, alice, bob, carl} = connected(3);
    alice.createRoom('den', 'centralised', 2);
    world.run(0);
    bob.joinRoom('den');
    world.run(0);
    alice.invite(['ghost', 'bob', 'carl']);
    world.run(0);
    expect(errors(alice)).toEqual(['no-such-user', 'already-in-room', 'room-full']);
    expect(carl.of('invitation')).toEqual([]);
  });

  test('from public nobody is invited, and the hub not bothered', () => {
    const hub = ScriptedHub.connected();
    hub.alice.invite(['bob']);
    hub.run(0);
    expect(errors(hub.alice)).toEqual(['not-in-room']);
    expect(hub.take()).toEqual([]);
  });

  test('an acceptance that comes too late ends as expired, and leaves us where we are (R10)', () => {
    const {world, alice, bob, carl} = connected(3);
    alice.createRoom('den', 'centralised', 10);
    world.run(0);
    alice.invite(['bob']);
    world.run(0);
    alice.leave();
    world.run(0);
    bob.answer('alice', true);
    const id = bob.say('where are you?');
    world.run(2000);
    expect(bob.of('invitation-ended')).toEqual([
      {type: 'invitation-ended', from: 'alice', reason: 'expired'},
    ]);
    expect(story(bob)).toEqual([]);
    expect(fate(bob, id)).toEqual([{type: 'delivered', id}]);
    expect(carl.texts()).toEqual(['bob: where are you?']);
  });

  test('an acceptance into a room that has filled up since ends as expired, and says why', () => {
    const hub = ScriptedHub.connected();
    hub.invite(0, 'bob');
    const answer = {mode: 'centralised', status: 'room-full', peers: []} as const;
    hub.answers.set('reponseMessageriePrivee', () => ({type: 'reponseAcces', ...answer}));
    hub.alice.answer('bob', true);
    hub.run(0);
    expect(hub.alice.of('invitation-ended').map(({reason}) => reason)).toEqual(['expired']);
    expect(errors(hub.alice)).toEqual(['room-full']);
    expect(story(hub.alice)).toEqual([]);
  });

  test('an answer that the hub never hears can be given again', () => {
    const {world, alice, bob} = connected(2);
    alice.createRoom('den', 'centralised', 10);
    world.run(0);
    alice.invite(['bob']);
    world.run(0);
    world.network.silence(hubEndpoint);
    bob.answer('alice', true);
    world.run(3100);
    expect(errors(bob)).toEqual(['no-answer']);
    world.network.restore(hubEndpoint);
    world.until(() => bob.isConnected, 'bob back', minuteMs);
    bob.answer('alice', true);
    world.run(2000);
    expect(bob.members).toEqual(['alice', 'bob']);
  });

  test('a hub cannot make us keep more than 64 of them', () => {
    const hub = ScriptedHub.connected();
    for (let number = 0; number < 200; number++) hub.invite(number, `user${number}`);
    expect(hub.alice.of('invitation-ended')).toHaveLength(200 - 64);
    hub.alice.answer('user0', true);
    expect(errors(hub.alice)).toEqual(['invitation-over']);
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
      {type: 'progress', id, confirmed: 1, of: 1},
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

  test('who gives up before the hub has given an id says it when they have one', () => {
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
