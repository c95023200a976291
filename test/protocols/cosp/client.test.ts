import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import * as wire from '../../../source/protocols/cosp/wire.ts';
import {hubEndpoint} from '../../network/world.ts';
import {ScriptedHub, Simulation, type User} from './simulation.ts';

const bob = {id: 1, nickname: 'bob'};
const gone = {type: 'gone'} as const;

function joined(...nicks: readonly string[]) {
  const simulation = new Simulation();
  const [alice, bob, carl] = simulation.join(...nicks) as [User, User, User];
  return {simulation, alice, bob, carl};
}

describe('connecting', () => {
  test('ends with the list of who is there, oneself first, and every change of it is told', () => {
    const simulation = new Simulation();
    const [alice] = simulation.join('alice') as [User];
    const bob = simulation.add('bob', 1);
    bob.connect();
    simulation.run(0);
    expect(bob.events).toEqual([
      {type: 'connected'},
      {type: 'users', users: [{nick: 'bob'}, {nick: 'alice'}]},
    ]);
    expect(alice.events).toEqual([{type: 'arrived', nick: 'bob'}]);
    bob.disconnect();
    simulation.run(0);
    expect(bob.events.at(-1)).toEqual({type: 'disconnected'});
    expect(alice.events.slice(1)).toEqual([{type: 'departed', nick: 'bob'}]);
    alice.request({type: 'list'});
    expect(alice.events.at(-1)).toEqual({type: 'users', users: [{nick: 'alice'}]});
  });

  test('to a hub that lets two of one name in shows them as one, until both have left', () => {
    const hub = new ScriptedHub();
    hub.letIn(bob, {id: 2, nickname: 'bob'}, {id: 3, nickname: 'alice'});
    hub.user.request({type: 'list'});
    expect(hub.user.of('users').at(-1)?.users).toEqual([{nick: 'alice'}, {nick: 'bob'}]);
    hub.user.events.length = 0;
    hub.tell({type: 'departure', id: 1}, {type: 'departure', id: 3});
    expect(hub.user.events).toEqual([]);
    hub.tell({type: 'arrival', id: 2, nickname: 'carl'});
    expect(hub.user.events).toEqual([
      {type: 'departed', nick: 'bob'},
      {type: 'arrived', nick: 'carl'},
    ]);
  });

  test('to nobody is refused as unreachable at once, to somebody who says nothing after 10 s', () => {
    const hub = new ScriptedHub();
    hub.user.connect();
    hub.run(9999);
    expect(hub.user.events).toEqual([]);
    hub.run(1);
    expect(hub.user.take()).toEqual([{type: 'refused', reason: 'unreachable'}]);
    hub.streams.listen(hubEndpoint, () => expect.unreachable())();
    hub.user.connect();
    hub.run(0);
    expect(hub.user.take()).toEqual([{type: 'refused', reason: 'unreachable'}]);
  });
});

describe('a text', () => {
  test('in public is delivered when the hub has answered the fence behind it', () => {
    const {simulation, alice, bob, carl} = joined('alice', 'bob', 'carl');
    const id = alice.say('salut');
    expect(alice.ends()).toEqual([]);
    simulation.run(0);
    expect(alice.ends()).toEqual([`${id} delivered`]);
    for (const reader of [bob, carl]) {
      expect(reader.take()).toEqual([
        {type: 'message', scope: 'public', from: 'alice', text: 'salut'},
      ]);
    }
    expect(alice.end.statistics).toMatchObject({sent: 1, received: 0, roundTripMs: 0});
    expect(bob.end.statistics).toMatchObject({sent: 0, received: 1});
  });

  test('for one user reaches that user alone', () => {
    const {simulation, alice, bob, carl} = joined('alice', 'bob', 'carl');
    const id = alice.tell('bob', 'psst');
    simulation.run(99);
    expect(alice.ends()).toEqual([]);
    simulation.run(1);
    expect(alice.ends()).toEqual([`${id} delivered`]);
    expect(bob.take()).toEqual([{type: 'message', scope: 'direct', from: 'alice', text: 'psst'}]);
    expect(carl.take()).toEqual([]);
  });

  test('for somebody who has left is not for somebody whose name looks the same', () => {
    const {simulation, alice, bob} = joined('alice', 'bob');
    const id = alice.tell('Bob', 'psst');
    alice.link('BOB');
    simulation.run(200);
    expect(alice.ends()).toEqual([`${id} no-such-user`]);
    expect(bob.take()).toEqual([]);
  });

  test('for nobody fails at once, and so does one for a room, or without a hub', () => {
    const {simulation, alice} = joined('alice');
    alice.tell('nobody', 'psst');
    alice.request({type: 'say', id: 2, scope: 'room', text: 'hm'});
    alice.tell('bob', 'psst', 'link');
    expect(alice.ends()).toEqual(['1 no-such-user', '2 left-room', '2 link-closed']);
    alice.disconnect();
    simulation.run(0);
    alice.say('anybody?');
    alice.tell('bob', 'psst');
    expect(alice.ends().slice(3)).toEqual(['3 not-connected', '4 not-connected']);
  });

  test('for somebody who leaves before it comes has failed, and those behind it have not', () => {
    const {simulation, alice, bob} = joined('alice', 'bob', 'carl');
    bob.disconnect();
    const failed = alice.tell('bob', 'psst');
    const heard = [alice.say('one'), alice.tell('carl', 'two')];
    simulation.run(200);
    expect(alice.ends().sort()).toEqual([
      `${failed} no-such-user`,
      `${heard[0]} delivered`,
      `${heard[1]} delivered`,
    ]);
    alice.say('three');
    simulation.run(0);
    expect(alice.ends()).toHaveLength(4);
  });

  test('that the hub cannot pass on to somebody who is there, in a room, has failed: two answers have come', () => {
    const hub = new ScriptedHub();
    hub.letIn(bob);
    const id = hub.user.tell('bob', 'psst');
    hub.tell(gone);
    expect(hub.user.ends()).toEqual([`${id} recipient-in-room`]);
    const next = hub.user.say('and on');
    hub.run(0);
    expect(hub.user.ends()).toEqual([`${id} recipient-in-room`, `${next} delivered`]);
  });

  test('waits while one for somebody else may turn out to have failed, and is not blamed for it', () => {
    const hub = new ScriptedHub();
    hub.letIn(bob, {id: 2, nickname: 'carl'});
    const toBob = hub.user.tell('bob', 'psst');
    const toCarl = hub.user.tell('carl', 'psst');
    hub.run(0);
    expect(hub.heard).toHaveLength(1);
    hub.tell(gone);
    hub.run(200);
    expect(hub.heard).toHaveLength(2);
    expect(hub.user.ends()).toEqual([`${toBob} recipient-in-room`, `${toCarl} delivered`]);
  });

  test('is not called delivered by the second answer to one before it', () => {
    const hub = new ScriptedHub();
    hub.letIn(bob);
    hub.answersFences = false;
    // The hub takes 300 ms for an answer.
    const first = hub.user.say('hello');
    hub.run(300);
    hub.tell(gone);
    const [toBob, toAll] = [hub.user.tell('bob', 'psst'), hub.user.say('who is there?')];
    hub.run(300);
    hub.tell(gone, gone);
    hub.run(300);
    expect(hub.user.ends()).toEqual([`${first} delivered`]);
    hub.tell(gone);
    expect(hub.user.ends().slice(1)).toEqual([`${toBob} recipient-in-room`, `${toAll} delivered`]);
  });

  test('waits while sixteen are not answered, and nothing overtakes anything', () => {
    const hub = new ScriptedHub();
    hub.letIn(bob);
    hub.answersFences = false;
    for (let index = 1; index <= 20; index++) hub.user.say(`${index}`);
    hub.run(0);
    expect(hub.heard).toHaveLength(16);
    hub.tell(gone, gone, gone);
    expect(hub.heard).toHaveLength(19);
    expect(hub.user.ends()).toEqual(['1 delivered', '2 delivered', '3 delivered']);
    hub.answersFences = true;
    hub.tell(...Array.from({length: 16}, () => gone));
    hub.run(0);
    expect(hub.user.ends()).toHaveLength(20);
    expect(hub.heard.map(line => Number(line.split(' ')[1]))).toEqual(
      Array.from({length: 20}, (_, index) => index + 1),
    );
  });

  test('of a burst for one user is delivered as soon as the hub rests, however many there are', () => {
    const {simulation, alice, bob} = joined('alice', 'bob');
    for (let index = 1; index <= 300; index++) alice.tell('bob', `${index}`);
    simulation.run(1000);
    expect(alice.ends()).toHaveLength(300);
    expect(bob.of('message').map(({text}) => Number(text))).toEqual(
      Array.from({length: 300}, (_, index) => index + 1),
    );
  });

  test('for one user waits while sixty-four others may still turn out to have failed', () => {
    const hub = new ScriptedHub();
    hub.letIn(bob);
    for (let index = 1; index <= 100; index++) hub.user.tell('bob', `${index}`);
    hub.run(0);
    expect(hub.heard).toHaveLength(64);
    hub.run(100);
    expect(hub.heard).toHaveLength(100);
    hub.run(100);
    expect(hub.user.ends()).toHaveLength(100);
  });

  test('that waits for its turn when its reader leaves has failed, and is not said', () => {
    const hub = new ScriptedHub();
    hub.letIn(bob);
    hub.answersFences = false;
    for (let index = 1; index <= 20; index++) hub.user.tell('bob', `${index}`);
    hub.tell({type: 'departure', id: 1});
    expect(hub.user.ends()).toEqual([17, 18, 19, 20].map(id => `${id} no-such-user`));
    hub.tell(...Array.from({length: 32}, () => gone));
    expect(hub.user.ends()).toHaveLength(20);
    expect(hub.user.of('delivered')).toEqual([]);
    expect(hub.heard).toHaveLength(16);
  });

  test('from nobody, or without a word, is not shown', () => {
    const hub = new ScriptedHub();
    hub.letIn(bob);
    hub.tell(
      {type: 'publicText', author: 9, text: 'boo'},
      {type: 'privateText', author: 1, text: ''},
      {type: 'departure', id: 9},
    );
    expect(hub.user.take()).toEqual([]);
  });
});

describe('a hub', () => {
  test('is asked for a sign of life after 30 s of silence, and lost 10 s later', () => {
    const hub = new ScriptedHub();
    hub.letIn(bob);
    expect(hub.fences).toBe(1);
    hub.run(29_999);
    expect(hub.fences).toBe(2);
    hub.answersFences = false;
    hub.run(30_000);
    expect(hub.fences).toBe(3);
    expect(hub.user.events).toEqual([]);
    hub.run(10_000);
    expect(hub.user.take()).toEqual([{type: 'lost'}]);
    expect(hub.user.end.dueAt).toBe(Number.POSITIVE_INFINITY);
    expect(hub.accepted).toHaveLength(1);
  });

  test('that answers nothing fails what was said to it', () => {
    const hub = new ScriptedHub();
    hub.letIn(bob);
    hub.answersFences = false;
    for (let index = 1; index <= 20; index++) hub.user.say(`${index}`);
    hub.run(10_000);
    expect(hub.user.ends()).toEqual(
      Array.from(
        {length: 20},
        // Those that were not said yet can be said when the hub is back.
        (_, index) => `${index + 1} ${index < 16 ? 'hub-silent' : 'not-connected'}`,
      ),
    );
    expect(hub.user.events.at(-1)).toEqual({type: 'lost'});
  });

  test.each([
    ['ends', (hub: ScriptedHub) => hub.accepted[0]?.end(), true],
    ['is cut off', (hub: ScriptedHub) => hub.streams.reset(hub.accepted[0] as never), false],
    ['says what means nothing', (hub: ScriptedHub) => hub.write(Uint8Array.of(99)), false],
  ])('that %s is lost, with what it has not answered', (_, act, isClosed) => {
    const hub = new ScriptedHub();
    hub.letIn(bob);
    hub.answersFences = false;
    hub.user.say('anybody?');
    act(hub);
    hub.run(0);
    expect(hub.user.take()).toEqual([
      {type: 'failed', id: 1, reason: 'hub-silent', pending: []},
      {type: 'lost', ...(isClosed && {isClosed})},
    ]);
  });

  test('that answers what nobody has asked does no harm', () => {
    const hub = new ScriptedHub();
    hub.letIn(bob);
    hub.tell(
      gone,
      {type: 'connectionRefused', id: 1},
      {type: 'connectionAccepted', id: 1},
      {type: 'acceptanceRegistered', id: 1},
      {type: 'connectionAsked', id: 9},
    );
    expect(hub.user.events).toEqual([]);
    hub.user.say('still here');
    hub.run(0);
    expect(hub.user.ends()).toEqual(['1 delivered']);
  });

  test('may have given the number of nobody to somebody: another one is taken', () => {
    const hub = new ScriptedHub();
    hub.letIn(bob, {id: 32_767, nickname: 'last'});
    hub.user.say('hello');
    hub.run(0);
    expect(hub.heard).toEqual([
      'refuseConnection 32766',
      'publicText hello',
      'refuseConnection 32766',
    ]);
  });
});

describe('a hub that answers no fence, though it lives', () => {
  /** With the first fence unanswered, and the hub seen to live. */
  function unproven() {
    const hub = new ScriptedHub();
    hub.answersFences = false;
    hub.letIn(bob, {id: 2, nickname: 'carl'});
    hub.run(10_000);
    return hub;
  }

  test('is done without that proof: what is said is delivered, and the connection is kept', () => {
    const hub = new ScriptedHub();
    hub.answersFences = false;
    hub.letIn(bob);
    const first = [hub.user.say('at once'), hub.user.tell('bob', 'psst')];
    hub.run(9000);
    expect(hub.user.ends()).toEqual([]);
    hub.run(1000);
    expect(hub.user.ends()).toEqual([`${first[0]} delivered`]);
    hub.run(1000);
    expect(hub.user.ends()).toEqual(first.map(id => `${id} delivered`));
    hub.run(600_000);
    const later = hub.user.say('and later');
    expect(hub.user.ends().slice(2)).toEqual([`${later} delivered`]);
    hub.run(600_000);
    expect(hub.heard).toEqual(['publicText at once', 'privateText 1 psst', 'publicText and later']);
    expect(hub.user.of('lost')).toEqual([]);
    expect(hub.user.end.statistics.roundTripMs).toBeUndefined();
    expect(hub.accepted).toHaveLength(2);
    expect(hub.streams.size).toBe(2);
  });

  test('still says who is gone: the text for them has failed, those for others have not', () => {
    const hub = unproven();
    const failed = hub.user.tell('bob', 'psst');
    const heard = hub.user.tell('carl', 'psst');
    hub.run(0);
    hub.tell({type: 'departure', id: 1}, gone);
    hub.run(1000);
    expect(hub.user.ends()).toEqual([`${failed} no-such-user`, `${heard} delivered`]);
  });

  test('may answer late, which says nothing of what was said since', () => {
    const hub = unproven();
    hub.tell(gone);
    const said = [hub.user.say('one'), hub.user.tell('bob', 'two')];
    hub.run(1000);
    expect(hub.user.ends()).toEqual(said.map(id => `${id} delivered`));
    hub.user.disconnect();
    hub.run(0);
    expect(hub.user.events.at(-1)).toEqual({type: 'disconnected'});
    expect(hub.streams.size).toBe(0);
  });

  test('is lost if it takes no other connection', () => {
    for (const act of [
      (hub: ScriptedHub) => hub.stopListening(),
      (hub: ScriptedHub) => hub.streams.silence(hubEndpoint.host),
    ]) {
      const hub = new ScriptedHub();
      hub.answersFences = false;
      hub.letIn(bob);
      const said = hub.user.say('anybody?');
      act(hub);
      hub.run(20_000);
      expect(hub.user.ends()).toEqual([`${said} hub-silent`]);
      expect(hub.user.events.at(-1)).toEqual({type: 'lost'});
      expect(hub.user.end.dueAt).toBe(Number.POSITIVE_INFINITY);
    }
  });

  test('and even ends the connection at one, is given none the third time', () => {
    const hub = new ScriptedHub();
    hub.endsAtFences = true;
    for (let attempt = 1; attempt <= 2; attempt++) {
      hub.letIn(bob);
      expect(hub.fences).toBe(attempt);
    }
    hub.letIn(bob);
    expect(hub.fences).toBe(2);
    const said = [hub.user.say('one'), hub.user.tell('bob', 'two')];
    hub.run(100_000);
    expect(hub.user.take().map(({type}) => type)).toEqual(['delivered', 'delivered']);
    expect(hub.heard).toEqual(['publicText one', 'privateText 1 two']);
    expect(said).toEqual([1, 2]);
  });

  test('leaves nothing of the question when we leave meanwhile', () => {
    const hub = new ScriptedHub();
    hub.streams.conditions = {maximumDelayMs: 100, pieces: 'whole'};
    hub.answersFences = false;
    hub.user.connect();
    hub.run(1000);
    hub.write(wire.encodeRegistration({type: 'accepted', users: []}));
    hub.network.runUntil(() => hub.user.connections.length === 2, 20_000);
    hub.user.disconnect();
    hub.run(5000);
    expect(hub.user.events.at(-1)).toEqual({type: 'disconnected'});
    expect(hub.streams.size).toBe(0);
  });
});

describe('leaving', () => {
  test('waits until the connection is closed, and what was heard by then is delivered', () => {
    const {simulation, alice, bob} = joined('alice', 'bob');
    alice.tell('bob', 'bye');
    alice.disconnect();
    simulation.run(0);
    expect(alice.take()).toEqual([{type: 'delivered', id: 1}, {type: 'disconnected'}]);
    expect(bob.of('message')).toHaveLength(1);
    expect(alice.end.dueAt).toBe(Number.POSITIVE_INFINITY);
    expect(simulation.hub.users).toBe(1);
  });

  test('says first what waits, to whomever it is for', () => {
    const hub = new ScriptedHub();
    hub.letIn(bob, {id: 2, nickname: 'carl'});
    hub.answersFences = false;
    for (let index = 1; index <= 20; index++) hub.user.say(`${index}`);
    hub.user.tell('carl', '21');
    hub.user.tell('bob', '22');
    hub.user.disconnect();
    hub.run(0);
    expect(hub.heard.map(line => Number(line.split(' ').at(-1)))).toEqual(
      Array.from({length: 22}, (_, index) => index + 1),
    );
  });

  test('takes 3 s at the most', () => {
    const {simulation, alice} = joined('alice');
    simulation.streams.silence(hubEndpoint.host);
    alice.say('bye');
    alice.disconnect();
    simulation.run(2999);
    expect(alice.events).toEqual([]);
    simulation.run(1);
    expect(alice.take()).toEqual([
      {type: 'failed', id: 1, reason: 'hub-silent', pending: []},
      {type: 'disconnected'},
    ]);
  });

  test('before one was let in, or without having connected, takes no time', () => {
    for (const isConnecting of [true, false]) {
      const simulation = new Simulation();
      const alice = simulation.add('alice', 1);
      if (isConnecting) alice.connect();
      alice.disconnect();
      expect(alice.events).toEqual([{type: 'disconnected'}]);
      simulation.run(0);
      expect(simulation.streams.size).toBe(0);
      expect(simulation.hub.users).toBe(0);
    }
  });
});

test('whatever a hub says, in whatever pieces, nothing is thrown', () => {
  const notices = [
    wire.encodeNotice({type: 'arrival', id: 2, nickname: 'carl'}),
    wire.encodeNotice({type: 'departure', id: 1}),
    wire.encodeNotice({type: 'connectionAsked', id: 1}),
    wire.encodeNotice({type: 'connectionAccepted', id: 1}),
    wire.encodeNotice({type: 'acceptanceRegistered', id: 1}),
    wire.encodeNotice({type: 'connectionRefused', id: 1}),
    wire.encodeNotice(gone),
  ];
  const acts: ((user: User) => void)[] = [
    user => user.say('hello'),
    user => user.tell('bob', 'hello'),
    user => user.link('bob'),
    user => user.unlink('bob'),
    user => user.answer('bob', true),
    user => user.answer('bob', false),
    user => user.tell('bob', 'hello', 'link'),
  ];
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.array(
        fc.oneof(
          fc.uint8Array({maxLength: 20}),
          fc.constantFrom(...notices),
          fc.constantFrom(...acts),
          fc.constant(400_000),
        ),
        {maxLength: 30},
      ),
      (isIn, steps) => {
        const hub = new ScriptedHub();
        hub.streams.conditions = {maximumDelayMs: 0, pieces: 'random'};
        if (isIn) hub.letIn(bob);
        else hub.user.connect();
        for (const step of steps) {
          if (typeof step === 'function') step(hub.user);
          else if (typeof step === 'number') hub.run(step);
          else hub.write(step);
        }
        hub.user.disconnect();
        hub.run(10_000);
        expect(hub.user.events.at(-1)).toEqual({type: 'disconnected'});
        expect(hub.user.end.dueAt).toBe(Number.POSITIVE_INFINITY);
      },
    ),
    {numRuns: 300},
  );
});
