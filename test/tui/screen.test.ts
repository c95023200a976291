import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {commands} from '../../source/client/commands.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import type {Feature} from '../../source/protocols/protocol.ts';
import {draftOf} from '../../source/tui/composer/composer.ts';
import {KeyReader} from '../../source/tui/input/keys.ts';
import {Screen} from '../../source/tui/screen.ts';
import {FakeClient, roomEntered, rooms, said, users} from './fake-client.ts';

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
  pageDown: '\u001b[6~',
  home: '\u001b[H',
  end: '\u001b[F',
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
      isBehind: () => false,
      suspend: () => asked.push('suspend'),
      leave: () => asked.push('leave'),
      guests: () => 0,
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

const linked: EngineEvent = {type: 'link-opened', nick: 'bob'};

test('a private connection that opens is where one speaks, and Alt-1 and Alt-2 turn', () => {
  const client = new FakeClient(users('alice', 'bob'));
  const {screen, press, nextFrame, focus} = open(client);
  client.tell(linked);
  nextFrame();
  press('psst\r');
  press('\u001b1', 'salut\r', 'tous\r');
  expect(focus()).toBe('composer');
  press('\u001b2');
  expect(focus()).toBe('room');
  press('oui\r');
  const said = client.calls.filter(call => !call.startsWith('turn'));
  expect(said).toEqual(['room: psst', 'public: salut', 'public: tous', 'room: oui']);
  expect(screen.composer.get().conversation).toBe('room');
});

test('each of the two keeps its draft', () => {
  const client = new FakeClient(linked);
  const {press, draft} = open(client);
  press('for bob', '\u001b1');
  expect(draft()).toBe('');
  press('for all', '\u001b2');
  expect(draft()).toBe('for bob');
  press('\u001b1');
  expect(draft()).toBe('for all');
  press(keys.escape, '\r', '\u001b2', keys.escape, '\r');
  const said = client.calls.filter(call => !call.startsWith('turn'));
  expect(said).toEqual(['public: for all', 'room: for bob']);
});

test('Shift-Tab turns too, and a page of what is read does not', () => {
  const client = new FakeClient(linked);
  const {press, focus} = open(client);
  press(keys.shiftTab);
  expect(focus()).toBe('public');
  press(keys.pageUp, keys.shiftTab, keys.shiftTab);
  expect(focus()).toBe('users');
  press(keys.pageUp);
  expect(client.calls).toEqual(['turn to public', 'turn to room']);
});

test('what is being typed for all when it opens is still for all', () => {
  const client = new FakeClient(users('alice', 'bob'));
  const {press, draft, nextFrame} = open(client);
  press('for a');
  client.tell(linked);
  nextFrame();
  press('ll\r');
  expect(client.calls).toEqual(['public: for all']);
  expect(draft()).toBe('');
  press('psst\r');
  expect(client.calls).toEqual(['public: for all', 'room: psst']);
});

test('one who looks at the public pane when it opens types for the private connection', () => {
  const client = new FakeClient(users('alice', 'bob'));
  const {press, nextFrame, focus} = open(client);
  press('\u001b1');
  client.tell(linked);
  nextFrame();
  expect(focus()).toBe('composer');
  press('psst\r');
  expect(client.calls).toEqual(['room: psst']);
});

test('what was typed for a private connection that closes waits, and is not for everybody', () => {
  const client = new FakeClient(linked);
  const {screen, press, draft, nextFrame} = open(client);
  press('our secr');
  client.tell({type: 'link-closed', nick: 'bob'});
  nextFrame();
  press('et\r');
  expect(client.calls).toEqual(['room: our secret']);
  expect(draft()).toBe('');
  expect(screen.composer.get().conversation).toBe('public');
  press('something else\r');
  expect(client.calls).toHaveLength(1);
  press('\r');
  expect(client.calls[1]).toBe('public: something else');
});

test('who has turned to the public room, or closes it oneself, has nothing to confirm', () => {
  for (const before of ['turned', 'unlinked'] as const) {
    const client = new FakeClient(linked);
    const {press, nextFrame} = open(client);
    client.tell(
      before === 'turned' ? {type: before, conversation: 'public'} : {type: before, nick: 'bob'},
    );
    nextFrame();
    client.tell({type: 'link-closed', nick: 'bob'});
    nextFrame();
    press('salut\r');
    expect(client.calls).toEqual(['public: salut']);
  }
});

test('a text too long for one of them stays where it was typed', () => {
  const client = new FakeClient(linked);
  const {screen, press, draft} = open(client);
  press('\u001b1');
  client.submit = () => false;
  press('long\r');
  expect(screen.composer.get().conversation).toBe('public');
  expect(draft()).toBe('long');
});

test.each([
  [['links', 'direct-messages'], '/link bob '],
  [['direct-messages'], '/msg bob '],
  [['invitations'], '/invite bob '],
] as const)(
  'Enter on a nickname writes the command that the protocol has: %j',
  (features, line) => {
    const client = new FakeClient(users('alice', 'bob'));
    client.state = {...client.state, features: new Set<Feature>(features)};
    const {press, draft} = open(client);
    press('\u001b3', keys.down, '\r');
    expect(draft()).toBe(line);
  },
);

test('a request for a private connection is answered like an invitation', () => {
  const client = new FakeClient({type: 'invitation', from: 'bob', mode: 'link'});
  const {press} = open(client);
  press('\u001b4', 'a');
  expect(client.calls).toEqual(['accept bob']);
});

test('Tab completes whom one connects to', () => {
  const {press, draft} = open(new FakeClient(users('alice', 'bob')));
  press('/link b\t');
  expect(draft()).toBe('/link bob ');
  press('\u0015', '/unl\t');
  expect(draft()).toBe('/unlink ');
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
  expect(client.calls).toEqual(['public: see: one', 'public: /quit', 'public: three']);
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

test('Tab completes the names of rooms, whatever spaces there are in them', () => {
  const client = new FakeClient(rooms({'le projet': 2, 'le projet bis': 1, tp: 3}));
  const {press, draft} = open(client);
  press('/join le pro\t');
  expect(draft()).toBe('/join le projet');
  press('\t');
  expect(draft()).toBe('/join le projet bis');
  press('\t');
  expect(draft()).toBe('/join le projet');
  press('\u0015', '/J \t', keys.shiftTab);
  expect(draft()).toBe('/J tp');
  press('\u0015', '/join zz\t');
  expect(draft()).toBe('/join zz');
});

test('Tab completes whom one writes to, and what a room can be created with', () => {
  const {press, draft} = open(new FakeClient(users('alice', 'bob'), rooms({bobine: 1})));
  press('/msg bo\t');
  expect(draft()).toBe('/msg bob ');
  press('\u0015', '/reply bo\t');
  expect(draft()).toBe('/reply bob ');
  press('\u0015', '/create projet --m\t');
  expect(draft()).toBe('/create projet --max ');
  press('\u0015', '/create projet --de\t');
  expect(draft()).toBe('/create projet --decentralised ');
});

/** With that many rooms to choose from, and the list of them open. */
function chooseAmong(count: number) {
  const names = Array.from({length: count}, (_, index) => `room ${index}`);
  const client = new FakeClient();
  const opened = open(client);
  client.tell({type: 'room-list'}, rooms(Object.fromEntries(names.map(name => [name, 1]))));
  opened.nextFrame();
  return {client, ...opened, selected: () => opened.screen.view.get().roomList?.selected};
}

test('the list of rooms moves by lines and pages and to its ends, and never beyond them', () => {
  const {press, selected} = chooseAmong(100);
  expect(selected()).toBe('room 0');
  press(keys.up);
  expect(selected()).toBe('room 0');
  press(keys.down, keys.down);
  expect(selected()).toBe('room 2');
  press(keys.up);
  expect(selected()).toBe('room 1');
  press(keys.pageDown);
  expect(selected()).toBe('room 38');
  press(keys.pageUp, keys.pageUp);
  expect(selected()).toBe('room 0');
  press(keys.end, keys.down, keys.pageDown);
  expect(selected()).toBe('room 99');
  press(keys.home);
  expect(selected()).toBe('room 0');
});

test('Enter joins the room that is selected, and closes the list', () => {
  const {client, press, selected} = chooseAmong(3);
  press(keys.down, '\r');
  expect(client.calls).toEqual(['join room 1']);
  expect(selected()).toBeUndefined();
  press('salut\r');
  expect(client.calls.at(-1)).toBe('public: salut');
});

test.each([
  ['Esc', keys.escape],
  ['Ctrl-C', '\u0003'],
])(
  '%s closes the list of rooms and keeps the draft, and no key gets through to it',
  (_name, key) => {
    const client = new FakeClient(rooms({projet: 1}));
    const {screen, asked, press, draft, nextFrame} = open(client);
    press('dra');
    client.tell({type: 'room-list'});
    nextFrame();
    press('x', '\u001b[200~pasted\u001b[201~', key);
    expect(screen.view.get().roomList).toBeUndefined();
    press('ft');
    expect(draft()).toBe('draft');
    expect({calls: client.calls, asked}).toEqual({calls: [], asked: []});
  },
);

test('the list of rooms follows what the hub tells, and keeps the room that is selected', () => {
  const {client, press, selected, nextFrame} = chooseAmong(3);
  press(keys.down);
  client.tell(rooms({new: 1, 'room 0': 1, 'room 1': 4}));
  nextFrame();
  expect(selected()).toBe('room 1');
  press(keys.up);
  expect(selected()).toBe('room 0');
  client.tell(rooms({tp: 1, new: 1}));
  nextFrame();
  expect(selected()).toBe('tp');
  client.tell(rooms({}));
  nextFrame();
  press('\r');
  expect(client.calls).toEqual([]);
});

test('the first of the rooms stays selected when another comes before it', () => {
  const {client, press, nextFrame} = chooseAmong(1);
  client.tell(rooms({another: 1, 'room 0': 1}));
  nextFrame();
  press('\r');
  expect(client.calls).toEqual(['join room 0']);
});

test('while the rooms are not told anew, Enter joins none of them', () => {
  const client = new FakeClient(rooms({'long gone': 1}));
  const {screen, press, nextFrame} = open(client);
  client.tell({type: 'room-list'});
  nextFrame();
  press('\r', keys.down, keys.end);
  expect(client.calls).toEqual([]);
  client.tell(rooms({projet: 1}));
  nextFrame();
  expect(screen.view.get().roomList).toEqual({selected: 'projet'});
});

test.each([
  ['at another hub', {phase: 'connecting'}, 'a://i:1'],
  [
    'where no hub lets one in',
    {phase: 'refused', reason: 'hub-full', message: ''},
    'res302://127.0.0.1:30200',
  ],
] as const)('the list of rooms is closed %s', (_where, connection, server) => {
  const {client, screen, nextFrame} = chooseAmong(2);
  client.tell({type: 'connection', connection, server, nick: 'alice'});
  nextFrame();
  expect(screen.view.get().roomList).toBeUndefined();
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
