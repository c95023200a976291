import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {commands} from '../../source/client/commands.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import {readNicknames} from '../../source/client/nicknames.ts';
import {crowdOf} from '../../source/client/state.ts';
import type {Feature} from '../../source/protocols/protocol.ts';
import {draftOf} from '../../source/tui/composer/composer.ts';
import {promptOf} from '../../source/tui/composer/composer-rows.ts';
import {KeyReader} from '../../source/tui/input/keys.ts';
import {Screen} from '../../source/tui/screen.ts';
import {overlayOf} from '../../source/tui/view.ts';
import {FakeClient, roomEntered, rooms, said, users} from './fake-client.ts';
import {idleTerminal} from './idle-terminal.ts';

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
      ...idleTerminal,
      call: ({kind}, isInView) => asked.push(`${kind}${isInView ? ' in view' : ''}`),
      mute: until => asked.push(`mute ${until}`),
      open: target => asked.push(`open ${target}`),
      copy: text => `Copied ${text}`,
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
  expect(screen.composer.get().drafts.room?.text).toBe('our secret');
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

test('a user who has turned to the public room, or closes it themselves, has nothing to confirm', () => {
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
  client.carryOut = () => false;
  press('long\r');
  expect(screen.composer.get().conversation).toBe('public');
  expect(draft()).toBe('long');
});

test.each([
  [['links'], '/link bob '],
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

test('Enter on a nickname opens the conversation with that person where there are such', () => {
  const client = new FakeClient(users('alice', 'bob'));
  client.state = {
    ...client.state,
    features: new Set<Feature>(['direct-messages', 'invitations']),
  };
  const {screen, press, draft} = open(client);
  press('\u001b3', keys.down, '\r');
  expect(screen.composer.get().conversation).toBe('@bob');
  expect(screen.view.get().focus).toBe('composer');
  expect(draft()).toBe('');
});

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

test('pasted lines that stay in the draft are no command either', () => {
  const client = new FakeClient();
  const {press, draft} = open(client);
  press('\u001b[200~/quit\ntwo\u001b[201~', '!');
  expect(draft()).toBe('//quit\ntwo!');
  press('\r');
  expect(client.calls).toEqual(['public: /quit\ntwo!']);
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

function roomList(screen: Screen) {
  return overlayOf(screen.view.get(), 'rooms');
}

/** With that many rooms to choose from, and the list of them open. */
function chooseAmong(count: number) {
  const names = Array.from({length: count}, (_, index) => `room ${index}`);
  const client = new FakeClient();
  const opened = open(client);
  client.tell({type: 'room-list'}, rooms(Object.fromEntries(names.map(name => [name, 1]))));
  opened.nextFrame();
  return {client, ...opened, selected: () => roomList(opened.screen)?.selected};
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
    expect(roomList(screen)).toBeUndefined();
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
  expect(roomList(screen)).toEqual({kind: 'rooms', selected: 'projet'});
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
  expect(roomList(screen)).toBeUndefined();
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
  expect(draft()).toBe('/invite zoé ');
});

test.each([
  'jean',
  'jean paul',
  'a,b',
  '-bob',
  '--decentralised',
  '"',
  '\u0430lice',
  'ali\u200bce',
  'bob#2',
])('Enter on %j in the list of users writes what names that one alone', nick => {
  const others = ['jean', 'jean paul', 'a', 'b', 'a,b', '-bob', '--decentralised', '"', 'bob'];
  const client = new FakeClient(
    users('alice', ...others, 'bob#2', 'BOB', '\u0430lice', 'ali\u200bce', 'ali\u00adce'),
  );
  const {screen, press, draft} = open(client);
  press('\u001b3', keys.up);
  for (let tries = 0; tries < 20 && screen.view.get().selectedUser !== nick; tries++) {
    press(keys.down);
  }
  expect(screen.view.get().selectedUser).toBe(nick);
  press('\r');
  const argument = draft().replace(/^\/invite /, '');
  const {meant, flags} = readNicknames(argument, crowdOf(client.state), word => word[0] === '-');
  expect(meant).toEqual([{is: 'one', nick}]);
  expect(flags).toEqual([]);
});

test('an invitation is answered under the exact name, whatever is hidden in it', () => {
  const client = new FakeClient(users('alice', 'bob'));
  for (const from of ['bob', 'bo\u200bb', 'b\u043eb']) {
    client.tell({type: 'invitation', from, mode: 'centralised'});
  }
  const {press} = open(client);
  press('\u001b4', keys.down, 'a');
  expect(client.calls).toEqual(['accept bo\u200bb']);
});

test('a message that was not delivered is selected when its pane gets the focus, and sent again', () => {
  const client = new FakeClient();
  const {press, nextFrame} = open(client);
  press('one\r', 'two\r');
  client.tell({type: 'failed', id: 1, reason: 'hub-silent', pending: []});
  nextFrame();
  press('\u001b1', '\r', 'r');
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

test('a mention calls once a frame, and is known to be in view or not', () => {
  const client = new FakeClient();
  const {asked, nextFrame, press} = open(client);
  for (let line = 0; line < 60; line++) client.tell(said('bob', 'hello'));
  nextFrame();
  expect(asked).toEqual([]);
  client.tell(said('bob', 'alice?'), said('bob', 'Alice!'));
  nextFrame();
  expect(asked).toEqual(['mentions in view']);
  press(keys.pageUp);
  client.tell(said('bob', 'alice, still there?'));
  nextFrame();
  expect(asked.slice(1)).toEqual(['mentions']);
});

test('Alt-o opens the newest link, or that of the selected message', () => {
  const client = new FakeClient();
  const {screen, asked, press, nextFrame} = open(client);
  press('\u001bo');
  expect(screen.view.get().feedback?.text).toBe('There is no link here');
  client.tell(said('bob', 'https://one.example and https://two.example'), said('bob', 'no link'));
  client.tell(said('bob', 'https://three.example/a.'), said('bob', 'what?'));
  nextFrame();
  press('\u001bo');
  expect(asked).toEqual(['open https://three.example/a']);
  press('\u001b1', keys.up, keys.up, keys.up, '\u001bo');
  expect(asked.slice(1)).toEqual(['open https://two.example/']);
});

test('a notch of the wheel scrolls the conversation under the pointer', () => {
  const client = new FakeClient(roomEntered('alice', 'bob'));
  const {screen, nextFrame} = open(client);
  for (let line = 0; line < 60; line++) client.tell(said('bob', 'hello', 'room'));
  nextFrame();
  const anchor = () => screen.view.get().conversations.room.anchor;
  screen.onWheel(-1, 70);
  const up = anchor();
  expect(up).not.toBe('bottom');
  screen.onWheel(-1, 1);
  expect(anchor()).toEqual(up);
  screen.onWheel(1, 119);
  expect(anchor()).toBe('bottom');
});

test('after a refusal, another nickname can be tried', async () => {
  const client = new FakeClient();
  const {server, nick} = client.state;
  const {screen, press, nextFrame} = open(client);
  client.tell({
    type: 'connection',
    connection: {phase: 'refused', reason: 'nickname-in-use', message: 'alice is here already'},
    server,
    nick,
  });
  nextFrame();
  screen.changeForm({nick: 'alice2'});
  press('\r');
  expect(client.calls).toEqual(['connect alice2 res302://127.0.0.1:30200']);
});

test.each([
  ['\u001b[200~two\nlines\u001b[201~', 'Not pasted: a field has one line'],
  ['two\rlines\r', 'Not pasted: a field has one line'],
  [
    `\u001b[200~${'x'.repeat(300_000)}\u001b[201~`,
    'A paste of 300000 characters is too long for a field',
  ],
])('a paste that a field of the form cannot have is refused with a sentence', (pasted, problem) => {
  const client = new FakeClient();
  const {server, nick} = client.state;
  const {screen, press, nextFrame} = open(client);
  const connection = {phase: 'refused', reason: 'hub-full', message: 'full'} as const;
  client.tell({type: 'connection', connection, server, nick});
  nextFrame();
  press(pasted);
  expect(screen.view.get().form).toMatchObject({nick, problem});
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
  press('x');
  expect(asked).toEqual([]);
  press('\u0003');
  expect(draft()).toBe('draft');
  expect(asked).toEqual(['leave']);
});

test('help covers the screen, keeps the draft and lets no key through to it', () => {
  const client = new FakeClient();
  const {screen, press, draft} = open(client);
  press('dra', keys.f1, 'x');
  expect(screen.view.get().help).toMatchObject({topic: undefined, filter: {text: 'x'}, top: 0});
  press(keys.escape);
  expect(screen.view.get().help).toMatchObject({filter: {text: ''}});
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

/** The texts that the client was asked to send, with their readers. */
const paste = (text: string) => `\u001b[200~${text}\u001b[201~`;

const writtenBy = (from: string): EngineEvent => ({
  type: 'message',
  scope: 'direct',
  from,
  text: 'psst',
});

/** A client of a protocol in which everything can be done that is done here. */
function talkative(...events: readonly EngineEvent[]): FakeClient {
  const client = new FakeClient();
  const features = new Set<Feature>(['invitations', 'direct-messages', 'links']);
  client.state = {...client.state, features};
  client.tell(users('alice', 'bob', 'carol'), ...events);
  return client;
}

describe('lines that are pasted behind a command', () => {
  test.each([
    ['/msg bob ', ['bob: secret one', 'bob: secret two']],
    ['/reply ', ['bob: secret one', 'bob: secret two']],
    ['/me ', ['public: * alice secret one', 'public: * alice secret two']],
  ])('%j: each goes where the command says', (typed, calls) => {
    const client = talkative(writtenBy('bob'));
    const {screen, press, draft} = open(client);
    press(typed, paste('secret one\nsecret two'));
    expect(client.calls).toEqual([]);
    expect(screen.composer.get().question).toMatchObject({about: 'lines'});
    press('\r');
    expect(client.calls).toEqual(calls);
    expect(draft()).toBe('');
  });

  test.each(['/nick ', '/quit ', '/quit', '/invite ', '/foo ', '/'])(
    '%j: nothing is sent, one sentence says so, and the draft stays',
    typed => {
      const client = talkative();
      const {screen, press, draft} = open(client);
      const before = client.state.conversations.public.end;
      press(typed, paste('secret\nlines'), '\r');
      expect(client.calls).toEqual([]);
      expect(client.state.conversations.public.end).toBe(before);
      expect(screen.view.get().feedback?.text).toMatch(/\w/);
      expect(draft()).toBe(`${typed}secret\nlines`);
    },
  );

  test('they go to the person whom the question named, even if somebody else has written since', () => {
    const client = talkative(writtenBy('bob'));
    const {press, draft} = open(client);
    press('/reply ', paste('one\ntwo'));
    client.tell(writtenBy('carol'));
    press('\r');
    expect(client.calls).toEqual(['bob: one', 'bob: two']);
    press(keys.up);
    expect(draft()).toBe('');
    client.tell(writtenBy('bob'));
    press(keys.up);
    expect(draft()).toBe('/reply one\ntwo');
  });

  test('several lines are not pasted before a command', () => {
    const client = talkative();
    const {press, draft} = open(client);
    press('/msg bob secret', keys.home, paste('one\ntwo'), '\r');
    expect(client.calls).toEqual(['bob: secret']);
    expect(draft()).toBe('');
  });

  test('a second paste is asked about together with the first', () => {
    const client = talkative();
    const {press} = open(client);
    press(paste('/one\ntwo'), paste('-three\n/four'), '\r');
    expect(client.calls).toEqual(['public: /one', 'public: two-three', 'public: /four']);
  });
});

describe('↑', () => {
  test('offers in public nothing that was said in a private room, and in no other room either', () => {
    const client = talkative();
    const {press, draft, nextFrame} = open(client);
    press('for all\r');
    client.tell(roomEntered('alice', 'bob'));
    nextFrame();
    press('pw is 1234\r', keys.up);
    expect(draft()).toBe('pw is 1234');
    press('\u0003');
    client.tell({type: 'room-left', reason: 'left'});
    nextFrame();
    press(keys.up);
    expect(draft()).toBe('for all');
    press(keys.up, keys.up, '\r');
    client.tell(roomEntered('alice', 'carol'));
    nextFrame();
    press(keys.up);
    expect(draft()).toBe('');
    expect(client.calls).toEqual(['public: for all', 'room: pw is 1234', 'public: for all']);
  });

  test('offers over a private connection what was said to the same person', () => {
    const client = talkative(linked);
    const {press, draft, nextFrame} = open(client);
    press('for bob\r', '/unlink\r');
    client.tell({type: 'unlinked', nick: 'bob'});
    nextFrame();
    press(keys.up);
    expect(draft()).toBe('/unlink');
    press(keys.up, keys.up);
    expect(draft()).toBe('/unlink');
    press('\u0003');
    client.tell({type: 'link-opened', nick: 'carol'});
    nextFrame();
    press(keys.up, keys.up);
    expect(draft()).toBe('/unlink');
    press('\u0003');
    client.tell({type: 'unlinked', nick: 'carol'}, linked);
    nextFrame();
    press(keys.up, keys.up);
    expect(draft()).toBe('for bob');
  });

  test('offers a reply while it goes to the same person, and a direct message everywhere', () => {
    const client = talkative(writtenBy('bob'));
    const {press, draft, nextFrame} = open(client);
    press('/msg bob one\r', '/reply two\r', keys.up);
    expect(draft()).toBe('/reply two');
    press('\u0003');
    client.tell(writtenBy('carol'), roomEntered('alice', 'carol'));
    nextFrame();
    press(keys.down, keys.down, keys.up);
    expect(draft()).toBe('/msg bob one');
  });

  test('offers at another hub only commands that send nothing', () => {
    const client = talkative();
    const {press, draft, nextFrame} = open(client);
    press('/list\r', 'for all\r', '/msg bob one\r');
    const connection = {phase: 'connecting'} as const;
    client.tell({type: 'connection', connection, server: 'res302://h:1', nick: 'alice'});
    nextFrame();
    press(keys.up);
    expect(draft()).toBe('/list');
  });

  test('gives the draft back, whatever was changed in the line that was shown', () => {
    const {press, draft} = open(new FakeClient());
    press('one\r', 'two\r', 'my draft', keys.up, '\u007f');
    expect(draft()).toBe('tw');
    press(keys.down);
    expect(draft()).toBe('my draft');
  });

  test('keeps what was changed in lines until something is sent', () => {
    const client = new FakeClient();
    const {press, draft} = open(client);
    press('one\r', 'two\r', keys.up, '!', keys.up, '?', keys.down);
    expect(draft()).toBe('two!');
    press(keys.up);
    expect(draft()).toBe('one?');
    press('\r', keys.up);
    expect(draft()).toBe('one?');
    press(keys.up);
    expect(draft()).toBe('two');
    press(keys.up);
    expect(draft()).toBe('one');
  });

  test('brings pasted lines back as one line, which is no command then either', () => {
    const client = new FakeClient();
    const {press, draft} = open(client);
    press(paste('/usr/bin\n/quit\n'), '\r', keys.up);
    expect(draft()).toBe('//usr/bin\n/quit');
    press('\r');
    expect(client.calls).toEqual(['public: /usr/bin', 'public: /quit', 'public: /usr/bin\n/quit']);
  });
});

describe('lines that come in one read are pasted, marked or not', () => {
  test.each([
    ['a\tb\rhello\r', ['public: a    b', 'public: hello']],
    ['one\r/quit\rc\r', ['public: one', 'public: /quit', 'public: c']],
    ['one\n/quit\nc', ['public: one', 'public: /quit', 'public: c']],
    ['one\r\n\r\ntwo\r\n', ['public: one', 'public: two']],
  ])('%j is asked about once', (read, calls) => {
    vi.advanceTimersByTime(1000);
    const client = new FakeClient(users('alice', 'anna'));
    const {press, asked} = open(client);
    press(read);
    expect({calls: client.calls, asked}).toEqual({calls: [], asked: []});
    vi.advanceTimersByTime(200);
    press('\r');
    expect({calls: client.calls, asked}).toEqual({calls, asked: []});
  });

  test('behind a command they go where it says', () => {
    const client = talkative();
    const {press} = open(client);
    press('/msg bob ', 'one\rtwo\r');
    expect(client.calls).toEqual([]);
    vi.advanceTimersByTime(200);
    press('\r');
    expect(client.calls).toEqual(['bob: one', 'bob: two']);
  });

  test('what comes at once after them is more of them, and no answer', () => {
    const client = new FakeClient();
    const {press} = open(client);
    press('one\rtw');
    vi.advanceTimersByTime(50);
    press('o\r');
    vi.advanceTimersByTime(50);
    press('three\r/quit\r');
    vi.advanceTimersByTime(200);
    expect(client.calls).toEqual([]);
    press('\r');
    expect(client.calls).toEqual(['public: one', 'public: two', 'public: three', 'public: /quit']);
  });

  test('over the help or the list of rooms they are no keys', () => {
    const client = new FakeClient();
    const {screen, press, draft, nextFrame} = open(client);
    press(keys.f1, 'q\rhello\r');
    expect(screen.view.get().help).toBeDefined();
    press(keys.escape);
    client.tell({type: 'room-list'}, rooms({projet: 1}));
    nextFrame();
    press('one\rtwo\r');
    expect(roomList(screen)).toBeDefined();
    expect({draft: draft(), calls: client.calls}).toEqual({draft: '', calls: []});
  });

  test('a line and Enter at its end is typed, and so are keys that repeat', () => {
    const client = new FakeClient(users('alice', 'bob'));
    const {press, draft} = open(client);
    press('hello\r', 'bo\t', '\r', 'xxxx', '\r\r\r');
    expect(client.calls).toEqual(['public: hello', 'public: bob: ', 'public: xxxx']);
    press('a\tb');
    expect(draft()).toBe('a    b');
  });
});

test.each([
  ['/quit', '/quit\r'],
  ['the beginning of /quit', '/qu\r'],
  ['Ctrl-D', '\u0004'],
  ['Ctrl-C twice', '\u0003\u0003'],
])(
  'after %s nothing is sent, whatever comes in the same read',
  (_name, leaving, then = 'after\r') => {
    const client = new FakeClient();
    const {press, asked} = open(client);
    const carryOut = client.carryOut.bind(client);
    client.carryOut = reading => {
      const isDone = carryOut(reading);
      if (reading.kind === 'command') client.tell({type: 'quit'});
      return isDone;
    };
    press(leaving + then, 'after\r');
    expect(asked).toEqual(['leave']);
    expect(client.calls.filter(call => !call.endsWith('/quit'))).toEqual([]);
  },
);

test('a paste is whole in the draft, and one that is too long is refused with its size', () => {
  const client = new FakeClient();
  const {press, draft} = open(client);
  press(paste('x'.repeat(20_003)));
  expect(draft()).toHaveLength(20_003);
  press(paste('y'.repeat(300_000)));
  expect(draft()).toHaveLength(20_003);
  const entry = client.state.conversations.public.at(client.state.conversations.public.end - 1);
  expect(entry).toMatchObject({kind: 'notice', text: expect.stringContaining('300000 characters')});
});

test('pasted lines stay for the room that closes before they are sent', () => {
  const client = new FakeClient(roomEntered('alice', 'bob'));
  const {screen, press, nextFrame} = open(client);
  press(paste('our\nsecret'));
  client.tell({type: 'room-left', reason: 'closed'});
  nextFrame();
  press('\r');
  expect(client.calls).toEqual(['room: our', 'room: secret']);
  expect(
    client.state.conversations.public.backwards().some(([, {kind}]) => kind === 'message'),
  ).toBe(false);
  expect(screen.composer.get().drafts.room?.text).toBe('our\nsecret');
});

test('what was typed for one room is not sent to the next, unless Ctrl-Y puts it there', () => {
  const client = new FakeClient(roomEntered('alice', 'bob'));
  const {screen, press, draft, nextFrame} = open(client);
  nextFrame();
  press('our secr');
  client.tell({type: 'room-left', reason: 'closed'}, roomEntered('alice', 'carol'));
  nextFrame();
  expect(promptOf(screen.composer.get(), client.state, 120)).toEqual({
    text: ' room (typed for others) ▸ ',
    isWarning: true,
  });
  press('et\r');
  expect(client.calls).toEqual([]);
  expect(draft()).toBe('');
  press('\u001f');
  expect(draft()).toBe('');
  vi.advanceTimersByTime(3000);
  press('\u0019');
  expect(draft()).toBe('our secret');
  press('\r');
  expect(client.calls).toEqual(['room: our secret']);
});

test('lines that were asked about for one room are not sent to the next', () => {
  const client = new FakeClient(roomEntered('alice', 'bob'));
  const {press, draft, nextFrame} = open(client);
  nextFrame();
  press(paste('our\nsecret'));
  client.tell({type: 'room-left', reason: 'closed'}, roomEntered('alice', 'carol'));
  nextFrame();
  press('\r');
  expect(client.calls).toEqual([]);
  expect(draft()).toBe('');
});

test('what was typed to one person at one hub is not sent to who has that name at another', () => {
  const client = talkative();
  const {press, draft} = open(client);
  press('/msg bob sec');
  const connection = {phase: 'connected'} as const;
  client.tell({type: 'connection', connection, server: 'res302://h:1', nick: 'alice'});
  press('ret\r');
  expect(client.calls).toEqual([]);
  expect(draft()).toBe('');
});

test('a reply is sent to somebody else than when it was begun only if confirmed', () => {
  const client = talkative(writtenBy('bob'));
  const {press} = open(client);
  press('/reply secret');
  client.tell(writtenBy('carol'));
  press('\r');
  expect(client.calls).toEqual([]);
  client.tell(writtenBy('bob'));
  press('\r');
  expect(client.calls).toEqual([]);
  press('\r');
  expect(client.calls).toEqual(['bob: secret']);
});

describe('a command that fails', () => {
  test('leaves its line empty, is in the history, and is told of until the next key, in no conversation', () => {
    const client = new FakeClient();
    const {screen, press, draft} = open(client);
    const before = client.state.conversations.public.end;
    press('/kick bob\r');
    expect(draft()).toBe('');
    expect(screen.view.get().feedback?.text).toContain('There is no /kick');
    expect(client.state.conversations.public.end).toBe(before);
    press('h');
    expect(screen.view.get().feedback).toBeUndefined();
    press('\u0015', keys.up);
    expect(draft()).toBe('/kick bob');
    press('\r', 'half a draft\r');
    expect(client.calls).toEqual(['public: half a draft']);
  });

  test('by a typing error is offered as it was meant: Tab takes it, other keys do not', () => {
    const {screen, press, draft} = open(new FakeClient());
    press('/serach hello\r');
    expect(screen.view.get().feedback?.text).toBe('There is no /serach: Tab takes /search');
    press('\t');
    expect(draft()).toBe('/search hello');
    press('\u0015', '/serach hello\r', 'x', '\t');
    expect(draft()).toBe('x');
  });

  test('is not offered what is only a little like it', () => {
    for (const word of ['set', 'wx', 'config', 'topics']) {
      const {screen, press} = open(new FakeClient());
      press(`/${word}\r`);
      expect(screen.view.get().feedback?.text).toContain('/help shows');
      expect(screen.view.get().feedback?.instead).toBeUndefined();
    }
  });
});

describe('Esc and a key in one read', () => {
  test.each([
    ['\u001b/stats', '/stats'],
    ['\u001bwhile I was away', 'while I was away'],
    ['\u001bWhile', 'While'],
    ['\u001b[', '['],
  ])('%j are two keys, where Alt and that key mean nothing', (input, text) => {
    vi.useRealTimers();
    const {screen, press, draft} = open(new FakeClient());
    const reader = new KeyReader();
    screen.onKeys(reader.read(new TextEncoder().encode(input), 0));
    screen.onKeys(reader.onTime(60_000));
    press('');
    expect(draft()).toBe(text);
  });

  test('are one where they mean something', () => {
    const {press, draft} = open(new FakeClient());
    press('one two', '\u001bb', 'x');
    expect(draft()).toBe('one xtwo');
  });

  test('from a pane go to the composer', () => {
    const {press, draft, focus} = open(new FakeClient());
    press('\u001b1');
    expect(focus()).toBe('public');
    press('\u001b/h');
    expect(focus()).toBe('composer');
    expect(draft()).toBe('/h');
  });
});
