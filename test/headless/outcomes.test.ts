import {describe, expect, test} from 'vitest';
import {Backlog} from '../../source/headless/backlog.ts';
import {fewPending, maximumPending, Pace} from '../../source/headless/pace.ts';
import {Texts} from '../../source/headless/texts.ts';
import {FakeProtocol} from '../client/fake-protocol.ts';
import {openSession} from './session.ts';

describe('a text in a room from peer to peer', () => {
  test('says who has it, when it fails and for each who confirms late', async () => {
    const {write, done, tell, told} = await openSession();
    tell({
      type: 'room-entered',
      name: 'p',
      mode: 'decentralised',
      members: ['alice', 'bob', 'carl', 'dora'],
    });
    await done();
    write({do: 'say', text: 'x', tag: 't'});
    await done();
    tell(
      {type: 'progress', id: 1, confirmed: 1, of: 3, by: 'bob'},
      {type: 'failed', id: 1, reason: 'peers-silent', pending: ['carl', 'dora']},
      {type: 'progress', id: 1, confirmed: 2, of: 3, by: 'carl'},
      {type: 'progress', id: 1, confirmed: 3, of: 3, by: 'dora'},
      {type: 'delivered', id: 1},
    );
    await done();
    expect(told().slice(2)).toEqual([
      {
        type: 'failed',
        id: 1,
        reason: 'peers-silent',
        pending: ['carl', 'dora'],
        confirmed: ['bob'],
        tag: 't',
      },
      {type: 'confirmed', id: 1, by: 'carl', pending: ['dora'], late: true, tag: 't'},
      {type: 'delivered', id: 1, late: true, confirmed: ['bob', 'carl', 'dora'], tag: 't'},
    ]);
  });

  test('of others has its number, the room, and says whether it is an action or names one', async () => {
    const {done, tell, told} = await openSession();
    tell(
      {type: 'room-entered', name: 'le projet', mode: 'centralised', members: ['alice', 'bob']},
      {type: 'message', scope: 'room', from: 'bob', text: '* bob waves to alice'},
      {type: 'message', scope: 'direct', from: 'bob', text: '* carl is not bob'},
    );
    await done();
    expect(told().slice(1)).toEqual([
      {
        type: 'message',
        id: 1,
        scope: 'room',
        room: 'le projet',
        from: 'bob',
        text: '* bob waves to alice',
        action: true,
        mention: true,
      },
      {type: 'message', id: 2, scope: 'direct', from: 'bob', text: '* carl is not bob'},
    ]);
  });
});

describe('an invitation', () => {
  const inRoom = {
    type: 'room-entered',
    name: 'p',
    mode: 'centralised',
    members: ['alice'],
  } as const;

  test('is sent, and then answered or known to have no answer', async () => {
    const {write, done, tell, told} = await openSession();
    tell({type: 'users', users: ['alice', 'dora'].map(nick => ({nick}))}, inRoom);
    write({do: 'invite', nicks: ['bob', 'carl', 'dora', 'emma'], tag: 'i'});
    await done();
    tell(
      {type: 'error', code: 'no-such-user', about: 'carl'},
      {type: 'invitation-answer', nick: 'bob', accepted: true},
      {type: 'departed', nick: 'dora'},
      {type: 'room-left', reason: 'closed'},
    );
    await done();
    const sent = {type: 'invitation-sent', mode: 'centralised', tag: 'i'};
    const failed = {type: 'invitation-failed', mode: 'centralised', tag: 'i'};
    expect(
      told()
        .slice(2)
        .filter(event => !('users' in event)),
    ).toEqual([
      {...sent, to: 'bob'},
      {...sent, to: 'carl'},
      {...sent, to: 'dora'},
      {...sent, to: 'emma'},
      {type: 'error', code: 'no-such-user', about: 'carl', message: expect.any(String), tag: 'i'},
      {...failed, to: 'carl', reason: 'not-passed-on'},
      {type: 'invitation-answer', nick: 'bob', accepted: true, tag: 'i'},
      {type: 'departed', nick: 'dora'},
      {...failed, to: 'dora', reason: 'departed'},
      {type: 'room-left', reason: 'closed'},
      {...failed, to: 'emma', reason: 'room-left'},
    ]);
  });

  test.each([
    ['before', false],
    ['after', true],
  ])('that is accepted has its tag in the answer, be it told %s the members', async (_, isLate) => {
    const {write, done, tell, told} = await openSession();
    tell(inRoom);
    write({do: 'invite', nicks: ['bob'], tag: 'i'});
    await done();
    const answer = {type: 'invitation-answer', nick: 'bob', accepted: true} as const;
    const members = {type: 'room-members', members: ['alice', 'bob']} as const;
    tell(...(isLate ? [members, answer] : [answer, members]));
    tell({type: 'room-left', reason: 'closed'});
    await done();
    const later = told().slice(2);
    expect(later).toContainEqual({...answer, tag: 'i'});
    expect(later).toHaveLength(3);
  });

  test('to a private connection has its tag until that is open, and closing it is another line', async () => {
    const protocol = new FakeProtocol('fake', ['links', 'presence']);
    const {write, done, tell, told} = await openSession(protocol);
    write({do: 'link', nick: 'bob', tag: 'i'});
    await done();
    tell(
      {type: 'invitation-answer', nick: 'bob', accepted: true},
      {type: 'link-opened', nick: 'bob'},
    );
    write({do: 'unlink', tag: 'u'});
    await done();
    tell({type: 'link-closed', nick: 'bob'});
    await done();
    expect(told()).toEqual([
      {type: 'invitation-sent', to: 'bob', mode: 'link', tag: 'i'},
      {type: 'invitation-answer', nick: 'bob', accepted: true, tag: 'i'},
      {type: 'link-opened', nick: 'bob', tag: 'i'},
      {type: 'link-closed', nick: 'bob', tag: 'u'},
    ]);
  });

  test('that nobody answers expires', async () => {
    class Brief extends FakeProtocol {
      readonly invitationMs = 1;
    }
    const {write, event, tell} = await openSession(new Brief());
    tell(inRoom);
    write({do: 'invite', nicks: ['bob'], tag: 'i'});
    await event({type: 'invitation-sent', to: 'bob', lifetimeMs: 1, tag: 'i'});
    await event({type: 'invitation-failed', to: 'bob', reason: 'expired', tag: 'i'});
  });

  test('that came is listed with the time that is left, and so is one that was sent', async () => {
    class Timed extends FakeProtocol {
      readonly invitationMs = 60_000;
    }
    const {write, event, tell} = await openSession(new Timed());
    tell(inRoom, {type: 'invitation', from: 'zoe', mode: 'centralised', room: 'q'});
    write({do: 'invite', nicks: ['bob']}, '/invites');
    const {received, sent} = await event({type: 'invitations'});
    const leftMs = expect.any(Number);
    expect(received).toEqual([{from: 'zoe', mode: 'centralised', room: 'q', leftMs}]);
    expect(sent).toEqual([{to: 'bob', mode: 'centralised', leftMs}]);
  });
});

describe('what the program knows', () => {
  test('is told when a slash command asks for it, too', async () => {
    const {write, done, tell, told} = await openSession();
    tell({type: 'message', scope: 'public', from: 'bob', text: 'A cake'});
    write('* alice eats the cake', '/search CAKE', '/search pie', '/stats');
    await done();
    tell({type: 'delivered', id: 1});
    write({do: 'stats', tag: 's'});
    await done();
    const said = expect.any(String);
    expect(told().slice(2)).toEqual([
      {
        type: 'found',
        wanted: 'CAKE',
        count: 2,
        messages: [
          {id: 1, own: false, said, from: 'bob', text: 'A cake'},
          {id: 1, own: true, said, from: 'alice', text: 'eats the cake', action: true},
        ],
      },
      {type: 'found', wanted: 'pie', count: 0, messages: []},
      {type: 'stats', sent: 0, received: 0, retransmissions: 0, members: []},
      {type: 'delivered', id: 1},
      {
        type: 'stats',
        sent: 0,
        received: 0,
        retransmissions: 0,
        deliveryMs: {median: expect.any(Number), p99: expect.any(Number), of: 1},
        members: [],
        tag: 's',
      },
    ]);
  });
});

test('a refusal of another hub ends the program, unless something else is wanted', async () => {
  const {write, event, exitCode} = await openSession();
  write({do: 'connect', server: 'cosp://127.0.0.1:1', tag: 'c'});
  expect(await event({type: 'refused', tag: 'c'})).not.toHaveProperty('back');
  expect(await exitCode).toBe(1);
});

describe('a writer that is faster than the hub', () => {
  test('is told once, and read again when few texts are left', async () => {
    const {write, event, tell, printed, protocol} = await openSession();
    write(...Array.from({length: 100}, (_, index) => `text ${index}`));
    const {pending} = await event({type: 'slow-down'});
    expect(pending).toBe(maximumPending + 1);
    const settle = (from: number, to: number) => {
      for (let id = from; id <= to; id++) tell({type: 'delivered', id});
    };
    settle(1, 10);
    await event({type: 'delivered', id: 10});
    expect(protocol.end.requests).toHaveLength(maximumPending + 1);
    settle(11, maximumPending + 1 - fewPending);
    await event({type: 'sent', id: 97});
    expect(printed.filter(({type}) => type === 'slow-down')).toHaveLength(1);
  });

  test('hears a time that follows from how fast texts arrive, and from when the hub is tried again', () => {
    const pace = new Pace();
    const connected = {phase: 'connected'} as const;
    for (let now = 0; now < 1000; now += 10) pace.settled(64, now);
    expect(pace.waitMs(64, connected, 1000)).toBeCloseTo(32 * 10, -1);
    const away = {phase: 'retrying', attempt: 1, at: 3000} as const;
    expect(pace.waitMs(64, away, 1000)).toBeCloseTo(2000 + 32 * 10, -1);
    expect(pace.waitMs(33, connected, 1000)).toBeGreaterThanOrEqual(1);
  });
});

describe('a reader that keeps the hub waiting', () => {
  const closed = {type: 'disconnected', reason: 'hub-closed'} as const;
  const gap = {
    type: 'gap',
    from: new Date(50_000).toISOString(),
    to: new Date(60_000).toISOString(),
  } as const;

  test('is told so when the hub closes, and what is missing begins where reading stopped', () => {
    const backlog = new Backlog();
    backlog.begin(10_000);
    backlog.end(40_000);
    backlog.begin(45_000);
    backlog.end(46_000);
    expect(backlog.disconnected(closed, 50_000)).toEqual({...closed, reason: 'too-slow'});
    expect(backlog.gap(gap)).toEqual({...gap, from: new Date(10_000).toISOString()});
    expect(backlog.gap(gap)).toEqual(gap);
  });

  test('that has caught up long ago is not to blame', () => {
    const backlog = new Backlog();
    expect(backlog.disconnected(closed, 0)).toEqual(closed);
    backlog.begin(10_000);
    backlog.end(11_000);
    expect(backlog.disconnected(closed, 30_000)).toEqual(closed);
    expect(backlog.gap(gap)).toEqual(gap);
    backlog.begin(40_000);
    expect(backlog.disconnected({...closed, reason: 'left'}, 40_001)).toMatchObject({
      reason: 'left',
    });
  });
});

describe('the texts that are followed', () => {
  test('are as many as the engine remembers, however many fail', () => {
    const texts = new Texts();
    for (let id = 1; id <= 5000; id++) {
      texts.sent(id, `tag ${id}`, 0);
      texts.over({type: 'failed', id, reason: 'hub-silent', pending: []}, 0);
    }
    expect(texts.pending).toBe(0);
    expect(texts.tagOf(4000)).toBeUndefined();
    expect(texts.tagOf(4001)).toBe('tag 4001');
  });

  test('have their attempts counted for each reader', () => {
    const texts = new Texts();
    texts.sent(1, undefined, 0);
    const frame = Uint8Array.of(0x0a, 0xff);
    const attempt = {type: 'attempt', id: 1, frame, timeoutMs: 500, left: 5} as const;
    const told = [attempt, attempt, {...attempt, to: 'bob'}].map(step => texts.step(step));
    expect(told).toEqual([
      {type: 'attempt', id: 1, number: 1, timeoutMs: 500, left: 5, bytes: 2, frame: '0aff'},
      {type: 'attempt', id: 1, number: 2, timeoutMs: 500, left: 5, bytes: 2, frame: '0aff'},
      {
        type: 'attempt',
        id: 1,
        to: 'bob',
        number: 1,
        timeoutMs: 500,
        left: 5,
        bytes: 2,
        frame: '0aff',
      },
    ]);
  });
});
