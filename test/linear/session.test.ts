/** What is told, and what the commands of the linear mode answer. */
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import type {EngineEvent} from '../../source/client/events.ts';
import {Session} from '../../source/linear/session.ts';
import {defaultLinear, type LinearSettings} from '../../source/linear-settings.ts';
import * as res302 from '../../source/protocols/res302/wire.ts';
import {FakeClient, noon, roomEntered, said, users} from '../tui/fake-client.ts';

beforeEach(() => vi.useFakeTimers({now: noon}));
afterEach(() => {
  vi.useRealTimers();
});

/** Alice, connected, among bob, carl and dora. Time stands still but for `pass`. */
function start(settings: Partial<LinearSettings> = {}) {
  const client = new FakeClient();
  const features = ['invitations', 'direct-messages', 'named-rooms'] as const;
  client.state = {...client.state, features: new Set(features)};
  const lines: string[] = [];
  const bells: string[] = [];
  const edited: string[] = [];
  const opened: string[] = [];
  const session = new Session({
    client,
    settings: {...defaultLinear, ...settings},
    write(line, hasBell) {
      lines.push(line);
      if (hasBell) bells.push(line);
    },
    edit: line => edited.push(line),
    open: async target => {
      opened.push(target);
      return undefined;
    },
    remember: () => undefined,
    quit() {},
    hubs: () => [],
    wallClock: Date.now,
    now: () => performance.now(),
  });
  client.onEvent(event => session.onEvent(event));
  const pass = (ms: number) => {
    const until = Date.now() + ms;
    for (let {dueAt} = session.teller; dueAt <= until; {dueAt} = session.teller) {
      vi.setSystemTime(Math.max(Date.now(), dueAt));
      session.teller.onTime(Date.now());
    }
    vi.setSystemTime(until);
  };
  const tell = (...events: readonly EngineEvent[]) => {
    for (const event of events) client.tellAt(Date.now(), event);
    return lines.splice(0);
  };
  const type = (line: string) => {
    session.onLine(line);
    return lines.splice(0);
  };
  const {server, nick} = client.state;
  const connected: EngineEvent = {
    type: 'connected',
    protocol: 'res302',
    server,
    nick,
    features: [...features],
  };
  const greeting = tell(connected, users('alice', 'bob', 'carl', 'dora'));
  return {client, session, lines, bells, edited, opened, pass, tell, type, connected, greeting};
}

test('the first line says where one is, and with how many', () => {
  expect(start().greeting).toEqual([
    'Connected to 127.0.0.1:30200 as alice. 4 here. Type a message, or /help.',
  ]);
});

describe('messages', () => {
  test('say who first, and before that for whom', () => {
    const {tell, bells} = start();
    const direct: EngineEvent = {type: 'message', scope: 'direct', from: 'bob', text: 'psst'};
    expect(
      tell(said('bob', 'salut'), said('bob', 'alice, you?'), direct, said('carl', '* carl waves')),
    ).toEqual(['bob: salut', 'For you, bob: alice, you?', 'Privately, bob: psst', 'carl waves.']);
    // A burst rings once.
    expect(bells).toEqual(['For you, bob: alice, you?']);
  });

  test('of several lines cannot be heard as lines of somebody else', () => {
    const {tell} = start();
    expect(tell(said('bob', 'hi\nPrivately, carl: psst\n\nError: no'))).toEqual([
      'bob: hi',
      'bob, next line: Privately, carl: psst',
      'bob, next line: Error: no',
    ]);
  });

  test.each(['Error', 'For you', 'Privately, carl', 'bob: hi', 'the hub', '[room] bob', '12'])(
    'of somebody who is called %s are no line of the program',
    nick => {
      const {tell} = start();
      expect(tell(said(nick, 'hello')).at(-1)).toBe(`"${nick}": hello`);
    },
  );

  test('have their place before them where it changes', () => {
    const {tell} = start();
    const projet = {
      type: 'room-entered',
      name: 'projet',
      mode: 'decentralised',
      members: ['alice', 'bob', 'carl'],
    } as const;
    expect(
      tell(said('bob', 'one'), projet, said('bob', 'two', 'room'), said('carl', 'three', 'room')),
    ).toEqual([
      'bob: one',
      'You are in "projet", peer to peer, with bob and carl. What you type goes to them.',
      '[projet] bob: two',
      'carl: three',
    ]);
    expect(tell({type: 'room-left', reason: 'left'}, said('bob', 'four'))).toEqual([
      'You left the private room.',
      'What you type goes to everybody.',
      '[public] bob: four',
    ]);
  });

  test('have a number for each link, and /open takes it', async () => {
    const {tell, type, opened} = start();
    expect(tell(said('bob', 'see https://a.example/x and https://b.example'))).toEqual([
      'bob: see https://a.example/x (link 1) and https://b.example (link 2)',
    ]);
    type('/open 2');
    await Promise.resolve();
    expect(opened).toEqual(['https://b.example/']);
    expect(type('/open 7')).toEqual(['Link 2 is opened.', 'Error: There is no link 7.']);
  });

  test('say emoji by their names on request', async () => {
    const {tell, type} = start();
    expect(type('/emoji names')).toEqual(['Emoji is names now.']);
    await vi.dynamicImportSettled();
    expect(tell(said('bob', 'bien 👍🏽 merci❤️'))).toEqual(['bob: bien (thumbsup) merci (heart)']);
  });

  test('begin a new day with its name', () => {
    const {tell, pass} = start();
    pass(13 * 3_600_000);
    expect(tell(said('bob', 'still up'))).toEqual(['Day: Sunday, 22 November.', 'bob: still up']);
  });
});

describe('comings and goings', () => {
  const came = (nick: string): EngineEvent => ({type: 'arrived', nick, status: 'public'});

  test('are folded until it is quiet', () => {
    const {tell, pass, lines} = start();
    expect(tell(...['erik', 'fay', 'gus', 'hal', 'ida'].map(came))).toEqual([]);
    tell({type: 'departed', nick: 'bob'});
    pass(1999);
    expect(lines).toEqual([]);
    pass(1);
    expect(lines).toEqual(['5 people came. bob left.']);
  });

  test('are told before the next message, by name while they are few', () => {
    const {tell} = start();
    expect(tell(came('erik'), came('fay'), said('erik', 'hi'))).toEqual([
      'erik and fay came.',
      'erik: hi',
    ]);
  });

  test('are not told to who wants it quiet, and one by one to who wants all', () => {
    expect(start({verbosity: 'quiet'}).tell(came('erik'), said('erik', 'hi'))).toEqual([
      'erik: hi',
    ]);
    expect(start({verbosity: 'all'}).tell(came('erik'), came('fay'))).toEqual([
      'erik came.',
      'fay came.',
    ]);
  });
});

describe('own texts', () => {
  const sent = (id: number, text: string, scope: 'public' | 'room' = 'public') =>
    ({type: 'sent', id, scope, text}) as const;

  test('are not echoed, and success is silence unless it is wanted', () => {
    expect(start().tell(sent(1, 'salut'), {type: 'delivered', id: 1})).toEqual([]);
    expect(start({marks: 'all'}).tell(sent(1, 'salut'), {type: 'delivered', id: 1})).toEqual([
      'Delivered.',
    ]);
  });

  test('have a number when they have trouble, and a journey; and a late confirmation is told', () => {
    const {tell, type, client} = start();
    tell(roomEntered('alice', 'bob', 'carl'), sent(7, 'calling them now', 'room'));
    const fields = {sequence: 3, flag: true, nickname: 'alice'};
    const data = res302.encodeText('calling them now');
    const frame = res302.encode(res302.message('D', {...fields, data}));
    for (const left of [2, 1, 0]) {
      client.watch.step(
        {type: 'attempt', id: 7, to: 'carl', frame, timeoutMs: 500, left},
        performance.now(),
      );
      if (left === 2) {
        client.watch.step(
          {type: 'attempt', id: 7, to: 'bob', frame, timeoutMs: 500, left},
          performance.now(),
        );
        vi.advanceTimersByTime(3);
        client.watch.step({type: 'confirmation', id: 7, by: 'bob'}, performance.now());
      }
      vi.advanceTimersByTime(left === 2 ? 497 : 500);
    }
    client.watch.step({type: 'given-up', id: 7, to: 'carl', reason: 'silent'}, performance.now());
    expect(tell({type: 'failed', id: 7, reason: 'peers-silent', pending: ['carl']})).toEqual([
      'Not confirmed by carl after 3 tries, bob has it: "calling them now". /retry 1 sends it again, /journey 1 tells more.',
    ]);
    expect(type('/journey 1').slice(0, 4)).toEqual([
      'Message 1, "calling them now", 12:00:00, 16 bytes, peer to peer, 1 of 2 confirmed.',
      'carl: sent at 0, 0.5 and 1 seconds; no answer, tried until 12:00:01.',
      'bob: confirmed after 3 milliseconds.',
      expect.stringMatching(/^Last of 4 frames to carl, 31 bytes: /),
    ]);
    type('/retry 1');
    expect(client.calls.at(-1)).toBe('retry 7');
    expect(tell({type: 'progress', id: 7, confirmed: 2, of: 2, by: 'carl'})).toEqual([
      'Confirmed late: carl has "calling them now".',
    ]);
    expect(tell({type: 'delivered', id: 7, late: true})).toEqual([]);
  });

  test('that wait for the hub are counted when it is back', () => {
    const {tell, connected} = start();
    const {server, nick} = connected as Extract<EngineEvent, {type: 'connected'}>;
    const connection = {
      phase: 'retrying',
      attempt: 1,
      at: noon + 4000,
      since: noon - 5000,
    } as const;
    expect(
      tell(
        {type: 'disconnected', reason: 'hub-silent'},
        {type: 'connection', connection, server, nick},
      ),
    ).toEqual([
      'Hub silent for 5 seconds. Trying again, next in 4 seconds. What you send is kept.',
    ]);
    expect(
      tell(sent(1, 'one'), {type: 'kept', id: 1}, sent(2, 'two'), {type: 'kept', id: 2}),
    ).toEqual(['Not sent yet: it goes out when the hub is back.']);
    vi.setSystemTime(noon + 7000);
    expect(
      tell(
        {type: 'connection', connection: {phase: 'connected'}, server, nick},
        connected,
        {type: 'resent', id: 1},
        {type: 'resent', id: 2},
      ),
    ).toEqual(['Hub is back after 12 seconds. 2 kept messages sent.']);
  });
});

test('an invitation has a number, its clock, what accepting leaves, and a warning', () => {
  const {tell, type, pass, lines, bells, client} = start();
  tell(roomEntered('alice', 'bob'), {
    type: 'rooms',
    rooms: [{name: 'cadeau', mode: 'centralised', members: 4}],
  });
  const invitation: EngineEvent = {
    type: 'invitation',
    from: 'zoe',
    mode: 'centralised',
    room: 'cadeau',
    lifetimeMs: 252_000,
  };
  const line =
    'Invitation 1 from zoe to "cadeau", through the hub, 4 people. 4 minutes 12 left. Accepting leaves the private room. /accept 1 or /decline 1';
  expect(tell(invitation)).toEqual([line]);
  expect(bells).toEqual([line]);
  pass(222_000);
  expect(lines.splice(0)).toEqual(['Invitation 1 from zoe: 30 seconds left.']);
  type('/accept 1');
  expect(client.calls.at(-1)).toBe('accept zoe');
  expect(tell({type: 'invitation-ended', from: 'zoe', reason: 'expired'})).toEqual([
    'Invitation 1 from zoe is over.',
  ]);
  expect(type('/decline 1')).toEqual(['Error: Invitation 1 is over.']);
});

test('what is typed goes to whom one says', () => {
  const {tell, type, client} = start();
  expect(type('/to bob')).toEqual(['What you type goes to bob alone.']);
  expect(type('/to public')).toEqual(['What you type goes to everybody.']);
  expect(type('/to room')).toEqual(['Error: What you type cannot go to the private room now.']);
  tell(roomEntered('alice', 'bob', 'carl'));
  type('/carry');
  expect(client.calls.at(-1)).toBe('carry over');
});

test('a line that cannot be carried out is kept, to be edited', () => {
  const {type, edited} = start();
  expect(type('/serach x')).toEqual([
    'Error: There is no /serach: did you mean /search? Another / before it says it as a text. Your line is kept: /again edits it.',
  ]);
  expect(type('/again')).toEqual([]);
  expect(edited).toEqual(['/serach x']);
});

test('who was away is told what was missed, and reads it on request', () => {
  const {tell, type, pass} = start();
  type('/away lunch');
  tell(said('bob', 'anybody?'), said('carl', 'alice?'), {type: 'departed', nick: 'dora'});
  pass(3_600_000);
  expect(type('/back')).toContain(
    'While away: 2 messages, 1 for you. dora left. /unread reads them.',
  );
  expect(type('/where')).toContain('Unread: 2 in public. /unread reads them.');
  expect(type('/unread')).toEqual(['bob: anybody? (12:00)', 'For you, carl: alice? (12:00)']);
  expect(type('/unread')).toEqual(['Nothing is unread.']);
  expect(type('/last 1')).toEqual([expect.stringMatching(/^alice is back\. \(12:00\)$/)]);
});

test('the commands of this mode are completed, and short for themselves where that is clear', async () => {
  const {session, type} = start();
  const found = await session.complete('/jo');
  expect(found?.candidates.map(({shown}) => shown)).toEqual(['/join NAME', '/journey [N or NICK]']);
  expect(type('/unr')).toEqual(['Nothing is unread.']);
  expect(type('/hol')).toEqual(['Hold is typing: typing or never.']);
});

test('pasted lines are sent when that is said', () => {
  const {session, lines, type, client} = start();
  session.onPaste(['/quit', 'two', '']);
  expect(lines.splice(0)).toEqual([
    '2 lines pasted, the first is "/quit". /paste sends them as messages, /paste one as one message, any other line drops them.',
  ]);
  type('/paste');
  expect(client.calls).toEqual(['public: /quit', 'public: two']);
  expect(type('/paste')).toEqual(['Error: Nothing was pasted.']);
});

test('help has a line for each command, in which nothing is drawn', () => {
  const {tell} = start();
  const lines = tell({type: 'help', topic: undefined});
  expect(lines).toContain('/unread: what has come since you wrote last, or while you were away.');
  expect(lines).toContain('/msg NICK TEXT: write to one person alone.');
  for (const line of lines) expect(line).not.toMatch(/ {2}|[→←✓✗⟳▸│]/);
});
