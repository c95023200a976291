import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {commands} from '../../source/client/commands.ts';
import {draftOf} from '../../source/tui/composer.ts';
import {KeyReader} from '../../source/tui/keys.ts';
import {Screen} from '../../source/tui/screen.ts';
import {FakeClient, roomEntered, said, users} from './fake-client.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const keys = {
  up: '\u001b[A',
  down: '\u001b[B',
  escape: '\u001b',
  shiftTab: '\u001b[Z',
  pageUp: '\u001b[5~',
  f1: '\u001bOP',
} as const;

/** A screen of 120 by 40 with somebody in front of it. */
function open(client: FakeClient) {
  const asked: string[] = [];
  const screen = new Screen({
    client,
    commands,
    size: {columns: 120, rows: 40},
    terminal: {
      ring: () => asked.push('ring'),
      repaint: () => asked.push('repaint'),
      suspend: () => asked.push('suspend'),
      leave: () => asked.push('leave'),
    },
  });
  const reader = new KeyReader();
  return {
    screen,
    asked,
    /** Each part in one go, as a terminal sends it. */
    press(...parts: readonly string[]) {
      for (const part of parts) {
        screen.onKeys(reader.read(new TextEncoder().encode(part), performance.now()));
        if (part === keys.escape) screen.onKeys(reader.onTime(performance.now() + 50));
      }
    },
    draft: () => draftOf(screen.composer.get()).text,
    focus: () => screen.view.get().focus,
    nextFrame: () => vi.advanceTimersByTime(100),
  };
}

test('a line is sent to the conversation it was typed for, and is on the screen at once', () => {
  const client = new FakeClient();
  const {screen, press, draft} = open(client);
  press('hello\r');
  expect(client.calls).toEqual(['public: hello']);
  expect(draft()).toBe('');
  expect(screen.view.get().state).toBe(client.state);
});

test('what was typed for a room that closes is not sent to everybody, and waits', () => {
  const client = new FakeClient(roomEntered('alice', 'bob'));
  const {screen, press, draft, nextFrame} = open(client);
  nextFrame();
  press('our secr');
  client.tell({type: 'room-left', reason: 'closed'});
  nextFrame();
  expect(screen.composer.get().conversation).toBe('room');
  press('et\r');
  expect(client.calls).toEqual(['room: our secret']);
  expect(screen.composer.get().conversation).toBe('public');
  expect(draft()).toBe('');
  expect(screen.composer.get().drafts.room.text).toBe('our secret');
});

test('what is typed just after a room has closed is sent to everybody only if confirmed', () => {
  const client = new FakeClient(roomEntered('alice', 'bob'));
  const {press, nextFrame} = open(client);
  nextFrame();
  client.tell({type: 'room-left', reason: 'closed'});
  nextFrame();
  press('our secret\r');
  expect(client.calls).toEqual([]);
  press('\r');
  expect(client.calls).toEqual(['public: our secret']);
});

test('after leaving a room oneself, nothing has to be confirmed', () => {
  const client = new FakeClient(roomEntered('alice', 'bob'));
  const {press, nextFrame} = open(client);
  nextFrame();
  client.tell({type: 'room-left', reason: 'left'});
  nextFrame();
  press('hello\r');
  expect(client.calls).toEqual(['public: hello']);
});

test('each conversation keeps its draft', () => {
  const client = new FakeClient();
  const {press, draft, nextFrame} = open(client);
  press('for all');
  client.tell(roomEntered('alice', 'bob'));
  nextFrame();
  expect(draft()).toBe('for all');
  press(keys.escape);
  expect(draft()).toBe('');
  press('psst\r');
  client.tell({type: 'room-left', reason: 'left'});
  nextFrame();
  expect(draft()).toBe('for all');
  expect(client.calls).toEqual(['room: psst']);
});

test('Ctrl-C clears the line, and on an empty one leaves when pressed twice', () => {
  const {asked, press, draft} = open(new FakeClient());
  press('draft', '\u0003');
  expect(draft()).toBe('');
  press('\u0003', 'x', '\u0003');
  expect(asked).toEqual([]);
  press('\u0003', '\u0003');
  expect(asked).toEqual(['leave']);
});

test('Ctrl-D deletes, and leaves on an empty line', () => {
  const {asked, press, draft} = open(new FakeClient());
  press('ab', '\u0001', '\u0004');
  expect(draft()).toBe('b');
  press('\u0004', '\u0004');
  expect(asked).toEqual(['leave']);
});

test('several pasted lines are sent in order, after one question, and none of them is a command', () => {
  const client = new FakeClient();
  const {screen, press} = open(client);
  press('see: ', '\u001b[200~one\n\n/quit\nthree\n\u001b[201~');
  expect(client.calls).toEqual([]);
  expect(screen.composer.get().question).toMatchObject({about: 'lines'});
  press('\r');
  expect(client.calls).toEqual(['public: see: one', 'public: //quit', 'public: three']);
});

test('pasted lines that are not sent stay in the draft', () => {
  const client = new FakeClient();
  const {press, draft} = open(client);
  press('\u001b[200~one\ntwo\u001b[201~', '!');
  expect(draft()).toBe('one\ntwo!');
  press('\r');
  expect(client.calls).toEqual(['public: one\ntwo!']);
});

test('lines that were sent come back with ↑, and the draft with ↓', () => {
  const {press, draft} = open(new FakeClient());
  press('one\r', 'two\r', 'dra', keys.up);
  expect(draft()).toBe('two');
  press(keys.up, keys.up);
  expect(draft()).toBe('one');
  press(keys.down, keys.down);
  expect(draft()).toBe('dra');
});

test('Tab completes commands, flags and nicknames; Shift-Tab goes back', () => {
  const client = new FakeClient(users('alice', 'bob', 'bobby', 'zoé'));
  const {press, draft} = open(client);
  press('/inv\t');
  expect(draft()).toBe('/invite ');
  press('bo\t');
  expect(draft()).toBe('/invite bob ');
  press('\t');
  expect(draft()).toBe('/invite bobby ');
  press(keys.shiftTab);
  expect(draft()).toBe('/invite bob ');
  press('--d\t');
  expect(draft()).toBe('/invite bob --decentralised ');
  press('\u0015', 'Z\t');
  expect(draft()).toBe('zoé: ');
});

test('Alt-4 and a key answer an invitation', () => {
  const client = new FakeClient(
    {type: 'invitation', from: 'bob', mode: 'centralised'},
    {type: 'invitation', from: 'zoé', mode: 'decentralised'},
  );
  const {press, focus, nextFrame} = open(client);
  press('\u001b4', keys.down, 'a');
  expect(client.calls).toEqual(['accept zoé']);
  expect(focus()).toBe('composer');
  client.tell({type: 'invitation-ended', from: 'zoé', reason: 'accepted'});
  nextFrame();
  press(keys.escape, '4', 'd');
  expect(client.calls).toEqual(['accept zoé', 'decline bob']);
});

test('a user is invited from the list, with the command to be completed', () => {
  const {press, draft} = open(new FakeClient(users('bob', 'alice', 'zoé')));
  press('\u001b3', keys.down, '\r');
  expect(draft()).toBe('/invite bob ');
});

test('a message that was not delivered is selected when its pane gets the focus, and sent again', () => {
  const client = new FakeClient();
  const {press, nextFrame} = open(client);
  press('one\r', 'two\r');
  client.tell({type: 'failed', id: 1, reason: 'hub-silent', pending: []});
  nextFrame();
  press('\u001b1', '\r');
  expect(client.calls.at(-1)).toBe('retry 1');
});

test('new text never moves a view that is scrolled up, until one sends', () => {
  const client = new FakeClient(
    ...Array.from({length: 100}, (_, index) => said('bob', `${index}`)),
  );
  const {screen, press, nextFrame} = open(client);
  press(keys.pageUp);
  const {anchor} = screen.view.get().conversations.public;
  expect(anchor).not.toBe('bottom');
  client.tell(said('bob', 'new'));
  nextFrame();
  expect(screen.view.get().conversations.public).toMatchObject({anchor, firstUnread: 100});
  press('answer\r');
  expect(screen.view.get().conversations.public).toMatchObject({
    anchor: 'bottom',
    firstUnread: undefined,
  });
});

test('the bell rings for a mention, and once for all of a frame', () => {
  const client = new FakeClient();
  const {asked, nextFrame} = open(client);
  client.tell(said('bob', 'hello'));
  nextFrame();
  expect(asked).toEqual([]);
  client.tell(said('bob', 'alice?'), said('bob', 'Alice!'));
  nextFrame();
  expect(asked).toEqual(['ring']);
});

test('after a refusal, another nickname can be tried', async () => {
  const client = new FakeClient();
  const {server, nick} = client.state;
  const {screen, nextFrame} = open(client);
  client.tell({
    type: 'connection',
    connection: {phase: 'refused', reason: 'nickname-in-use', message: 'alice is here already'},
    server,
    nick,
  });
  nextFrame();
  screen.changeForm({nick: 'alice2'});
  screen.submitForm();
  expect(client.calls).toEqual(['connect alice2 res302://127.0.0.1:30200']);
});

test('Ctrl-C does not touch the draft while another nickname is asked for', () => {
  const client = new FakeClient();
  const {server, nick} = client.state;
  const {asked, press, draft, nextFrame} = open(client);
  press('draft');
  client.tell({
    type: 'connection',
    connection: {phase: 'refused', reason: 'hub-full', message: 'full'},
    server,
    nick,
  });
  nextFrame();
  press('\u0003', 'x', '\u0003');
  expect(draft()).toBe('draft');
  expect(asked).toEqual([]);
  press('\u0003');
  expect(asked).toEqual(['leave']);
});

test('help covers the screen, keeps the draft and lets no key through to it', () => {
  const client = new FakeClient();
  const {screen, press, draft} = open(client);
  press('dra', keys.f1, 'x');
  expect(screen.view.get().help).toEqual({topic: undefined, top: 0});
  press(keys.escape, 'ft');
  expect(screen.view.get().help).toBeUndefined();
  expect(draft()).toBe('draft');
});

test('Ctrl-L repaints, Ctrl-Z suspends, and /quit ends the screen', () => {
  const client = new FakeClient();
  const {asked, press} = open(client);
  press('\u000c', '\u001a');
  client.tell({type: 'quit'});
  expect(asked).toEqual(['repaint', 'suspend', 'leave']);
});

test('traffic is drawn once for a frame, keys at once', () => {
  const client = new FakeClient();
  const {screen, press, nextFrame} = open(client);
  nextFrame();
  let views = 0;
  screen.view.subscribe(() => {
    views++;
  });
  for (let message = 0; message < 1000; message++) client.tell(said('bob', `${message}`));
  expect(views).toBe(0);
  let drafts = 0;
  screen.composer.subscribe(() => {
    drafts++;
  });
  press('a');
  expect({views, drafts}).toEqual({views: 0, drafts: 1});
  nextFrame();
  expect(views).toBe(1);
});
