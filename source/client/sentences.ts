/** What the user reads: what has happened, and what to do next. */
import type {ErrorCode, FailureReason, Protocol} from '../protocols/protocol.ts';
import {cleanLine} from './clean-text.ts';
import type {RefusalReason} from './events.ts';

export function refusalSentence(
  reason: RefusalReason,
  nick: string,
  server: string,
  protocol: Protocol,
): string {
  switch (reason) {
    case 'nickname-in-use':
      return `Somebody is called ${nick} here already: choose another nickname`;
    case 'nickname-invalid':
      return `${nick} cannot be a nickname here: ${protocol.name} wants ${protocol.nicknameRule}`;
    case 'hub-full':
      return `The hub at ${server} is full: try again later, or another hub`;
    case 'unreachable':
      return `Nobody answers at ${server}: is the address right, and a hub running there (chat-tui serve)?`;
  }
}

/** @param about What the hub's answer is about: a nickname, a room, its own words; or nothing. */
export function errorSentence(code: ErrorCode, about: string): string {
  switch (code) {
    case 'no-such-user':
      return `Nobody here is called ${about}: /list shows who is`;
    case 'already-in-room':
      return about === ''
        ? 'You are in a private room already: /leave it first'
        : `${about} is in a private room already, and can be invited after leaving it`;
    case 'not-in-room':
      return 'That needs a private room, and you are in none: /rooms shows those there are';
    case 'invitation-over':
      return `There is no invitation from ${about} any more: ask to be invited again`;
    case 'no-answer':
      return `The hub has not heard your answer to ${about}: answer again when it is back`;
    case 'no-such-room':
      return `There is no room ${about}: /rooms shows those there are, /create opens a new one`;
    case 'room-full':
      return `${about === '' ? 'That room' : `The room ${about}`} is full: try again when somebody has left it`;
    case 'room-name-in-use':
      return `There is a room ${about} already: /join ${about} enters it, or choose another name`;
    case 'room-name-invalid':
      return `The hub does not take ${about} as the name of a room: choose another`;
    case 'room-size-invalid':
      return 'The hub does not take that size of a room: choose another with --max';
    case 'too-many-rooms':
      return 'The hub has as many rooms as it can hold: join one of them, or try again later';
    case 'refused-by-hub':
      return `The hub refused: ${cleanLine(about)}`;
  }
}

export function failureSentence(reason: FailureReason, pending: readonly string[]): string {
  switch (reason) {
    case 'hub-silent':
      return 'Not delivered: the hub does not answer. /retry sends it again';
    case 'peers-silent':
      return pending.length === 0
        ? 'Not delivered: nobody else is in the room'
        : `Not delivered to ${pending.join(', ')}. /retry sends it again`;
    case 'not-connected':
      return 'Not sent: there is no connection. /retry sends it when there is one';
    case 'left-room':
      return 'Not delivered: you had left the room';
    case 'entered-room':
      return 'Perhaps not delivered: your invitation was accepted at that moment';
    case 'no-such-user':
      return 'Not delivered: nobody here has that name. /list shows who is';
    case 'recipient-in-room':
      return 'Not delivered: that person is in a private room and cannot be reached from outside';
  }
}
