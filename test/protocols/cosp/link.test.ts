import {describe, expect, test} from 'vitest';
import * as wire from '../../../source/protocols/cosp/wire.ts';
import type {Connection, TimedListener} from '../../../source/protocols/protocol.ts';
import {goodStreams, StreamRecorder} from '../../network/simulated-streams.ts';
import {hubEndpoint} from '../../network/world.ts';
import {ScriptedHub, Simulation, type User} from './simulation.ts';

const bob = {id: 1, nickname: 'bob'};

function joined(...nicks: readonly string[]) {
  const simulation = new Simulation();
  const [alice, bob, carl] = simulation.join(...nicks) as [User, User, User];
  return {simulation, alice, bob, carl};
}

function linked() {
  const people = joined('alice', 'bob');
  people.simulation.link(people.alice, people.bob);
  return people;
}

/** Takes a private connection, and remembers everything that happens to it. */
class Taker implements TimedListener {
  readonly story: string[] = [];
  connection: Connection | undefined;
  nick = '';

  take(nick: string, connection: Connection): TimedListener {
    this.nick = nick;
    this.connection = connection;
    return this;
  }

  received(bytes: Uint8Array): void {
    this.story.push(Buffer.from(bytes).toString());
  }

  ended(): void {
    this.story.push('ended');
    this.connection?.end();
  }

  drained(): void {
    this.story.push('drained');
  }

  closed(): void {
    this.story.push('closed');
  }
}

describe('a private connection', () => {
  test('is asked for, accepted, opened from both sides, and closed from either', () => {
    const {simulation, alice, bob} = joined('alice', 'bob');
    alice.link('bob');
    simulation.run(200);
    expect(bob.take()).toEqual([{type: 'invitation', from: 'alice', mode: 'link'}]);
    bob.answer('alice', true);
    simulation.run(200);
    expect(alice.take()).toEqual([
      {type: 'invitation-answer', nick: 'bob', accepted: true},
      {type: 'link-opened', nick: 'bob'},
    ]);
    expect(bob.take()).toEqual([
      {type: 'invitation-ended', from: 'alice', reason: 'accepted'},
      {type: 'link-opened', nick: 'alice'},
    ]);
    bob.unlink('alice');
    simulation.run(200);
    expect(alice.take()).toEqual([{type: 'link-closed', nick: 'bob'}]);
    expect(bob.take()).toEqual([{type: 'link-closed', nick: 'alice'}]);
    expect(simulation.streams.size).toBe(4);
  });

  test('carries texts both ways: delivered when the network and then the hub have taken them', () => {
    const {simulation, alice, bob} = linked();
    const ids = [alice.tell('bob', 'psst', 'link'), alice.tell('bob', 'où ?', 'link')];
    expect(alice.ends()).toEqual([]);
    bob.tell('alice', 'hm', 'link');
    simulation.run(0);
    expect(alice.ends()).toEqual(ids.map(id => `${id} delivered`));
    expect(bob.of('message')).toEqual([
      {type: 'message', scope: 'link', from: 'alice', text: 'psst'},
      {type: 'message', scope: 'link', from: 'alice', text: 'où ?'},
    ]);
    expect(alice.of('message')).toEqual([
      {type: 'message', scope: 'link', from: 'bob', text: 'hm'},
    ]);
    expect(alice.end.statistics).toMatchObject({sent: 2, received: 1});
  });

  test('keeps a text undelivered that the network has not taken', () => {
    const {simulation, alice, bob} = linked();
    simulation.streams.silence(bob.host);
    const long = 'x'.repeat(4096);
    for (let index = 0; index < 200; index++) alice.tell('bob', long, 'link');
    simulation.run(5000);
    expect(alice.ends().length).toBeLessThan(100);
    simulation.streams.restore(bob.host);
    simulation.run(5000);
    expect(alice.ends()).toHaveLength(200);
    expect(bob.of('message')).toHaveLength(200);
  });

  test('that is lost fails what it had not delivered', () => {
    const {simulation, alice, bob} = linked();
    alice.tell('bob', 'psst', 'link');
    simulation.streams.reset(alice.connections[1] as Connection);
    simulation.run(2000);
    expect(alice.take()).toEqual([
      {type: 'failed', id: 1, reason: 'link-closed', pending: []},
      {type: 'link-closed', nick: 'bob'},
    ]);
    expect(bob.take().at(-1)).toEqual({type: 'link-closed', nick: 'alice'});
  });

  test('ends for both when one of them leaves the hub, and what was said arrives', () => {
    const {simulation, alice, bob} = linked();
    alice.tell('bob', 'last words', 'link');
    alice.disconnect();
    simulation.run(200);
    expect(alice.take()).toEqual([
      {type: 'delivered', id: 1},
      {type: 'link-closed', nick: 'bob'},
      {type: 'disconnected'},
    ]);
    expect(bob.take()).toEqual([
      {type: 'message', scope: 'link', from: 'alice', text: 'last words'},
      {type: 'link-closed', nick: 'alice'},
    ]);
    bob.tell('alice', 'too late', 'link');
    expect(bob.ends()).toEqual(['1 link-closed']);
  });

  test('ends with the hub', () => {
    const {simulation, alice, bob} = linked();
    alice.link('bob');
    expect(alice.take()).toEqual([{type: 'error', code: 'link-exists', about: 'bob'}]);
    simulation.streams.reset(alice.connections[0] as Connection);
    simulation.run(2000);
    expect(alice.take()).toEqual([{type: 'link-closed', nick: 'bob'}, {type: 'lost'}]);
    expect(bob.take()).toEqual([{type: 'link-closed', nick: 'alice'}]);
  });

  test('that is closed carries to the end what was said before', () => {
    const {simulation, alice, bob} = linked();
    simulation.streams.silence(bob.host);
    const long = 'x'.repeat(4096);
    for (let index = 0; index < 200; index++) alice.tell('bob', long, 'link');
    alice.unlink('bob');
    simulation.run(5000);
    expect(alice.of('link-closed')).toEqual([]);
    simulation.streams.restore(bob.host);
    simulation.run(5000);
    expect(bob.of('message')).toHaveLength(200);
    expect(alice.of('link-closed')).toHaveLength(1);
  });

  test('can be asked for again by either, as soon as it is closed', () => {
    const {simulation, alice, bob} = linked();
    alice.unlink('bob');
    bob.unlink('alice');
    simulation.run(0);
    simulation.link(bob, alice);
    alice.tell('bob', 'again', 'link');
    simulation.run(0);
    expect(bob.of('message')).toHaveLength(1);
  });
});

describe('a request', () => {
  test('that is declined is told to who made it', () => {
    const {simulation, alice, bob} = joined('alice', 'bob');
    alice.link('bob');
    simulation.run(200);
    bob.answer('alice', false);
    simulation.run(200);
    expect(bob.take().at(-1)).toEqual({
      type: 'invitation-ended',
      from: 'alice',
      reason: 'declined',
    });
    expect(alice.take()).toEqual([{type: 'invitation-answer', nick: 'bob', accepted: false}]);
    const next = new StreamRecorder();
    simulation.streams.open(alice.host, hubEndpoint, next, alice.ports[0]);
    simulation.run(0);
    expect(next.story).toEqual(['opened']);
  });

  test('of nobody is refused, and so is a second one, or an answer to none', () => {
    const {simulation, alice} = joined('alice', 'bob');
    alice.link('nobody');
    alice.link('bob');
    alice.link('bob');
    alice.answer('bob', true);
    alice.unlink('nobody');
    simulation.run(200);
    expect(alice.take()).toEqual([
      {type: 'error', code: 'no-such-user', about: 'nobody'},
      {type: 'error', code: 'link-exists', about: 'bob'},
      {type: 'error', code: 'invitation-over', about: 'bob'},
      {type: 'error', code: 'no-such-link', about: 'nobody'},
    ]);
  });

  test('ends when who was asked leaves', () => {
    const {simulation, alice, bob} = joined('alice', 'bob');
    alice.link('bob');
    simulation.run(200);
    bob.disconnect();
    simulation.run(200);
    expect(alice.take()).toEqual([{type: 'error', code: 'no-such-user', about: 'bob'}]);
  });

  test('ends when the asker leaves, and is not accepted in the last moment', () => {
    const {simulation, alice, bob} = joined('alice', 'bob', 'carl');
    alice.link('bob');
    simulation.run(200);
    alice.disconnect();
    bob.answer('alice', true);
    const said = bob.say('and on');
    simulation.run(200);
    expect(bob.take()).toEqual([
      {type: 'invitation', from: 'alice', mode: 'link'},
      {type: 'invitation-ended', from: 'alice', reason: 'expired'},
      {type: 'delivered', id: said},
    ]);
    expect(bob.connections).toHaveLength(1);
  });

  test('of one who has asked us is an acceptance too', () => {
    const {simulation, alice, bob} = joined('alice', 'bob');
    alice.link('bob');
    simulation.run(200);
    bob.link('alice');
    simulation.run(200);
    expect(alice.of('link-opened')).toHaveLength(1);
    expect(bob.of('link-opened')).toHaveLength(1);
  });

  test('that was withdrawn and is accepted nevertheless is closed at once', () => {
    const {simulation, alice, bob} = joined('alice', 'bob');
    alice.link('bob');
    simulation.run(200);
    alice.unlink('bob');
    alice.unlink('bob');
    bob.answer('alice', true);
    simulation.run(200);
    expect(alice.take()).toEqual([
      {type: 'link-closed', nick: 'bob'},
      {type: 'error', code: 'no-such-link', about: 'bob'},
    ]);
    expect(bob.take().slice(1)).toEqual([
      {type: 'invitation-ended', from: 'alice', reason: 'accepted'},
      {type: 'link-opened', nick: 'alice'},
      {type: 'link-closed', nick: 'alice'},
    ]);
    expect(simulation.streams.size).toBe(4);
  });

  test('that was withdrawn before a port was found is not made', () => {
    const {simulation, alice, bob} = joined('alice', 'bob');
    alice.link('bob');
    alice.unlink('bob');
    simulation.run(200);
    expect(bob.take()).toEqual([]);
    alice.link('bob');
    simulation.run(200);
    expect(bob.of('invitation')).toHaveLength(1);
  });

  test('that was withdrawn can be made again before it is answered', () => {
    const {simulation, alice, bob} = joined('alice', 'bob');
    alice.link('bob');
    simulation.run(200);
    alice.unlink('bob');
    alice.link('bob');
    bob.answer('alice', true);
    simulation.run(200);
    expect(alice.of('link-opened')).toHaveLength(1);
  });
});

describe('the port that was kept', () => {
  test('is let go of if it comes when nobody wants it any more', () => {
    const {simulation, alice} = joined('alice', 'bob');
    alice.link('bob');
    alice.disconnect();
    simulation.run(200);
    const next = new StreamRecorder();
    simulation.streams.open(alice.host, hubEndpoint, next, alice.ports[0]);
    simulation.run(0);
    expect(next.story).toEqual(['opened']);
  });

  test('is waited for if something still holds it', () => {
    const {simulation, alice, bob} = joined('alice', 'bob');
    alice.link('bob');
    simulation.run(200);
    const local = {host: alice.host, port: alice.ports[0] ?? 0};
    bob.answer('alice', true);
    // As soon as it is free, somebody else has it, for two seconds.
    simulation.network.runUntil(() => alice.of('invitation-answer').length > 0, 100);
    simulation.streams.occupy(local);
    simulation.run(2000);
    expect(alice.of('link-opened')).toEqual([]);
    simulation.streams.vacate(local);
    simulation.run(200);
    expect(alice.of('link-opened')).toHaveLength(1);
    expect(alice.of('error')).toEqual([]);
  });

  test('is given up after 10 s', () => {
    const {simulation, alice, bob} = joined('alice', 'bob');
    alice.link('bob');
    simulation.run(200);
    bob.answer('alice', true);
    simulation.network.runUntil(() => alice.of('invitation-answer').length > 0, 100);
    simulation.streams.occupy({host: alice.host, port: alice.ports[0] ?? 0});
    simulation.run(15_000);
    expect(alice.take()).toEqual([
      {type: 'invitation-answer', nick: 'bob', accepted: true},
      {type: 'error', code: 'no-such-link', about: 'bob'},
    ]);
    expect(bob.take().at(-1)).toEqual({type: 'link-closed', nick: 'alice'});
  });

  test('is none if the system gives none: the request is refused, not left open', () => {
    const {simulation, alice, bob} = joined('alice', 'bob');
    bob.hasPorts = false;
    bob.link('alice');
    simulation.run(200);
    expect(bob.take()).toEqual([{type: 'error', code: 'no-such-link', about: 'alice'}]);
    bob.hasPorts = true;
    bob.link('alice');
    simulation.run(200);
    alice.hasPorts = false;
    alice.answer('bob', true);
    simulation.run(200);
    expect(alice.take().at(-1)).toEqual({type: 'invitation-ended', from: 'bob', reason: 'expired'});
    expect(bob.take()).toEqual([{type: 'invitation-answer', nick: 'alice', accepted: false}]);
  });
});

describe('what the other side says', () => {
  /** alice with a private connection whose other side is the test. */
  function opened() {
    const hub = new ScriptedHub();
    hub.letIn(bob);
    hub.user.link('bob');
    hub.run(200);
    hub.tell({type: 'connectionAccepted', id: 1});
    hub.run(0);
    expect(hub.user.take().at(-1)).toEqual({type: 'link-opened', nick: 'bob'});
    const peer = hub.accepted[1] as Connection;
    return {hub, peer};
  }

  test('may be a text without a word, which is ignored', () => {
    const {hub, peer} = opened();
    peer.write(wire.encodePeerText(''));
    peer.write(wire.encodePeerText('a word'));
    hub.run(0);
    expect(hub.user.take()).toEqual([
      {type: 'message', scope: 'link', from: 'bob', text: 'a word'},
    ]);
  });

  test.each([
    ['longer than a text', [0x10, 0x01]],
    ['of a negative length', [0xff, 0xff]],
  ])('closes the connection if it is %s', (_, bytes) => {
    const {hub, peer} = opened();
    peer.write(Uint8Array.from(bytes));
    hub.run(0);
    expect(hub.user.take()).toEqual([{type: 'link-closed', nick: 'bob'}]);
  });

  test('may be its end, while the hub still owes the answer behind our last text: it counts', () => {
    const gone = wire.encodeNotice({type: 'gone'});
    for (const isHubThere of [true, false]) {
      const {hub, peer} = opened();
      hub.answersFences = false;
      const id = hub.user.tell('bob', 'that is all', 'link');
      hub.user.unlink('bob');
      peer.end();
      hub.run(0);
      expect(hub.user.take()).toEqual([{type: 'link-closed', nick: 'bob'}]);
      if (isHubThere) hub.write(gone);
      else hub.accepted[0]?.end();
      hub.run(0);
      expect(hub.user.ends()).toEqual([`${id} ${isHubThere ? 'delivered' : 'link-closed'}`]);
    }
  });

  test('may be a new request just when we have ended too: our last text has failed, as the hub may not have had it', () => {
    const {hub, peer} = opened();
    hub.answersFences = false;
    const id = hub.user.tell('bob', 'last', 'link');
    hub.user.unlink('bob');
    peer.end();
    hub.run(0);
    hub.tell({type: 'connectionAsked', id: 1}, {type: 'gone'});
    expect(hub.user.ends()).toEqual([`${id} link-closed`]);
  });

  test('is heard to the end, though we have ended; and no longer than 3 s', () => {
    const {hub, peer} = opened();
    peer.end = () => {};
    hub.user.unlink('bob');
    hub.run(1000);
    peer.write(wire.encodePeerText('one more thing'));
    hub.run(1999);
    expect(hub.user.take()).toMatchObject([{text: 'one more thing'}]);
    hub.run(1);
    expect(hub.user.take()).toEqual([{type: 'link-closed', nick: 'bob'}]);
  });

  test('is heard on a connection that we had withdrawn, as they could not know that', () => {
    const hub = new ScriptedHub();
    hub.letIn(bob);
    hub.user.link('bob');
    hub.run(200);
    hub.user.unlink('bob');
    hub.streams.conditions = {...goodStreams, maximumDelayMs: 20};
    hub.tell({type: 'connectionAccepted', id: 1});
    hub.network.runUntil(() => hub.accepted.length > 1, 1000);
    hub.accepted[1]?.write(wire.encodePeerText('here I am'));
    hub.run(200);
    expect(hub.user.take()).toEqual([
      {type: 'link-closed', nick: 'bob'},
      {type: 'message', scope: 'link', from: 'bob', text: 'here I am'},
    ]);
    expect(hub.streams.size).toBe(2);
  });

  test('may be a new request, by which the former connection is over', () => {
    const {hub} = opened();
    hub.tell({type: 'connectionAsked', id: 1});
    hub.run(0);
    expect(hub.user.take()).toEqual([
      {type: 'invitation', from: 'bob', mode: 'link'},
      {type: 'link-closed', nick: 'bob'},
    ]);
  });

  test('is nothing more once they have left the hub: what we say then has failed', () => {
    const {hub} = opened();
    hub.tell({type: 'departure', id: 1});
    hub.user.tell('bob', 'too late', 'link');
    expect(hub.user.ends()).toEqual(['1 link-closed']);
  });

  test('may be a request that has overtaken ours: the hub refuses ours, and nobody has declined', () => {
    const overtaken = () => {
      const hub = new ScriptedHub();
      hub.letIn(bob);
      hub.answersFences = false;
      hub.user.link('bob');
      hub.run(0);
      hub.user.unlink('bob');
      hub.tell({type: 'connectionAsked', id: 1});
      return hub;
    };
    const accepting = overtaken();
    accepting.user.answer('bob', true);
    accepting.run(0);
    accepting.tell({type: 'connectionRefused', id: 1}, {type: 'acceptanceRegistered', id: 1});
    accepting.run(0);
    expect(accepting.user.of('invitation-ended')).toMatchObject([{reason: 'accepted'}]);
    expect(accepting.user.of('link-opened')).toHaveLength(1);

    const declining = overtaken();
    declining.user.answer('bob', false);
    declining.user.link('bob');
    declining.run(0);
    declining.tell({type: 'connectionRefused', id: 1}, {type: 'connectionAccepted', id: 1});
    declining.run(0);
    expect(declining.user.of('invitation-answer')).toMatchObject([{accepted: true}]);
    expect(declining.user.of('link-opened')).toHaveLength(1);
  });

  test('about an acceptance may be nothing: it is over after 10 s', () => {
    const hub = new ScriptedHub();
    hub.letIn(bob);
    hub.tell({type: 'connectionAsked', id: 1});
    hub.user.answer('bob', true);
    hub.run(10_000);
    expect(hub.user.take()).toEqual([
      {type: 'invitation', from: 'bob', mode: 'link'},
      {type: 'invitation-ended', from: 'bob', reason: 'expired'},
    ]);
  });
});

describe('somebody who takes the private connection', () => {
  test('gets the bytes, the ends and the close, and is told of in the same events', () => {
    const {simulation, alice, bob} = joined('alice', 'bob');
    const takers = [new Taker(), new Taker()] as const;
    alice.takeLink = (nick, connection) => takers[0].take(nick, connection);
    bob.takeLink = (nick, connection) => takers[1].take(nick, connection);
    alice.link('bob');
    simulation.run(200);
    bob.answer('alice', true);
    simulation.run(200);
    expect([takers[0].nick, takers[1].nick]).toEqual(['bob', 'alice']);
    takers[0].connection?.write(Buffer.from('raw'));
    simulation.run(0);
    alice.tell('bob', 'no text', 'link');
    expect(alice.ends()).toEqual(['1 link-closed']);
    takers[0].connection?.end();
    simulation.run(200);
    expect(takers[1].story).toEqual(['raw', 'ended', 'closed']);
    expect(takers[0].story).toEqual(['ended', 'closed']);
    expect(alice.take().at(-1)).toEqual({type: 'link-closed', nick: 'bob'});
    expect(bob.take().slice(-2)).toEqual([
      {type: 'link-opened', nick: 'alice'},
      {type: 'link-closed', nick: 'alice'},
    ]);
  });
});
