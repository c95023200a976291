import {expect, test} from 'vitest';
import {absenceSentence} from '../../source/client/absences.ts';
import type {Crowd} from '../../source/client/nicknames.ts';
import {People} from '../../source/client/people.ts';
import {errorSentence, failureSentence, roomsSentence} from '../../source/client/sentences.ts';
import type {ErrorCode, FailureReason} from '../../source/protocols/protocol.ts';

const nobody: Crowd = {people: People.nobody, isHere: () => false};

test.each<[ErrorCode, string, string]>([
  ['no-such-user', 'bob', 'Nobody here is called bob: /list shows who is'],
  [
    'already-in-room',
    'bob',
    'bob is in a private room already, and can be invited after leaving it',
  ],
  ['not-in-room', '', 'That needs a private room, and you are in none: enter one, then try again'],
  [
    'no-such-room',
    'projet',
    'There is no room projet: /rooms shows those there are, /create opens another',
  ],
  ['room-full', 'projet', 'The room projet is full: try again when somebody has left it'],
  ['room-full', '', 'That room is full: try again when somebody has left it'],
  [
    'room-name-in-use',
    'projet',
    'There is a room projet already: /join projet enters it, another name opens another',
  ],
  [
    'room-name-invalid',
    'projet',
    'The hub does not take projet as the name of a room: choose another',
  ],
  [
    'room-size-invalid',
    '',
    'The hub does not take that limit of members: choose another with --max',
  ],
  [
    'too-many-rooms',
    '',
    'The hub has no place for another room: join one of those there are, or try again later',
  ],
  [
    'refused-by-hub',
    'not\ntoday\u001b[2J\u202e',
    'The hub refuses that: “not today␛[2J”. Change it, or try again later',
  ],
  ['refused-by-hub', '', 'The hub refuses that, and does not say why: try again later'],
])('%s about %j says what has happened and what to do', (code, about, sentence) => {
  expect(errorSentence(code, about, nobody)).toBe(sentence);
});

test('the sentences tell a user who is in this named room already from a user in another', () => {
  expect(errorSentence('already-in-room', 'bob', nobody, 'projet')).toBe(
    'bob is in projet already',
  );
  expect(errorSentence('already-in-room', 'projet', nobody, 'projet')).toBe(
    'You are in projet already',
  );
});

test.each<[FailureReason, string | undefined, string]>([
  [
    'no-such-user',
    'bob',
    'Not delivered: bob is not here. /list shows who is, /retry sends it again',
  ],
  [
    'link-closed',
    'bob',
    'Not confirmed: the private connection with bob is closed. /link bob asks for another, then /retry sends it',
  ],
  [
    'recipient-in-room',
    'bob',
    'Not delivered: bob is in a private room and cannot be reached from outside. /retry sends it again',
  ],
  [
    'recipient-in-room',
    undefined,
    'Not delivered: that person is in a private room and cannot be reached from outside. /retry sends it again',
  ],
])('a message to one person that failed for %s to %s says so', (reason, to, sentence) => {
  expect(failureSentence(reason, [], to, nobody)).toBe(sentence);
});

test('the named rooms are a line, whatever is in their names', () => {
  const projet = {name: 'projet', mode: 'centralised', members: 3} as const;
  const hostile = {name: 'a\n\u001b[2Jb', mode: 'decentralised', members: 1} as const;
  expect(roomsSentence([projet, hostile])).toBe(
    '2 rooms: projet (centralised, 3), a�[2Jb (decentralised, 1)',
  );
  expect(roomsSentence([projet])).toBe('1 room: projet (centralised, 3)');
  expect(roomsSentence([])).toBe('No rooms yet: /create NAME opens one');
});

test('what does the job of a private connection is a command that the protocol has', () => {
  const invitations = new Set(['invitations'] as const);
  expect(absenceSentence('links', {name: 'shen', features: invitations})).toBe(
    'shen has no private connections: /invite NICK --decentralised speaks from peer to peer',
  );
  const features = new Set(['invitations', 'named-rooms'] as const);
  expect(absenceSentence('links', {name: 'messagerie', features})).toBe(
    'messagerie has no private connections: /create NAME --decentralised speaks from peer to peer',
  );
  expect(absenceSentence('links', {name: 'whoiam', features: new Set()}, 'bob')).toBe(
    'whoiam has no private connections: /msg bob writes to bob alone',
  );
});
