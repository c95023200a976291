/** What the user reads: what has happened, and what to do next. */
import type {ErrorCode, FailureReason, ListedRoom, Protocol} from '../protocols/protocol.ts';
import {cleanLine} from './clean-text.ts';
import type {RefusalReason} from './events.ts';
import type {NotLocated} from './network.ts';

export function refusalSentence(
  reason: RefusalReason | NotLocated,
  nick: string,
  server: string,
  protocol: Protocol,
): string {
  switch (reason) {
    case 'no-address':
      return `The address of ${server} cannot be found: is the name right, and the network there?`;
    case 'no-socket':
      return 'The system gives no socket: close other programs, and try again';
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

/**
 * @param about What the answer is about: a nickname, a room, the hub's own words; or nothing.
 * @param room The name of the room that we are in, if it has one.
 */
export function errorSentence(code: ErrorCode, about: string, room?: string): string {
  switch (code) {
    case 'no-such-user':
      return `Nobody here is called ${about}: /list shows who is`;
    case 'already-in-room':
      if (about === room) return `You are in ${room} already`;
      // Into a named room people can be invited from any other.
      return room === undefined
        ? `${about} is in a private room already, and can be invited after leaving it`
        : `${about} is in ${room} already`;
    case 'not-in-room':
      return 'That needs a private room, and you are in none: enter one, then try again';
    case 'invitation-over':
      return `There is no invitation from ${about} any more: ask to be invited again`;
    case 'no-answer':
      return `The hub has not heard your answer to ${about}: answer again when it is back`;
    case 'no-such-room':
      return `There is no room ${about}: /rooms shows those there are, /create opens another`;
    case 'room-full':
      return `${about === '' ? 'That room' : `The room ${about}`} is full: try again when somebody has left it`;
    case 'room-name-in-use':
      return `There is a room ${about} already: /join ${about} enters it, another name opens another`;
    case 'room-name-invalid':
      return `The hub does not take ${about} as the name of a room: choose another`;
    case 'room-size-invalid':
      return 'The hub does not take that limit of members: choose another with --max';
    case 'too-many-rooms':
      return 'The hub has no place for another room: join one of those there are, or try again later';
    case 'link-exists':
      return `There is a private connection with ${about} already, or one is asked for`;
    case 'no-such-link':
      return `There is no private connection with ${about}: /link ${about} asks for one`;
    case 'refused-by-hub':
      return about === ''
        ? 'The hub refuses that, and does not say why: try again later'
        : `The hub refuses that: “${cleanLine(about)}”. Change it, or try again later`;
  }
}

/** A hub declines for those whose program cannot, and does not say so. */
export function declinedSentence(nick: string, what: 'room' | 'link'): string {
  return what === 'room'
    ? `${nick} declined your invitation, or cannot come: the room is full for them, or their program has none like it`
    : `${nick} declined your private connection, or has a program without any`;
}

/** There is one private connection at a time. @param nick With whom. */
export function linkedSentence(nick: string): string {
  return `You have a private connection with ${nick}: /unlink first`;
}

/** A limit of members that the protocol cannot carry. */
export function roomSizeSentence(maximumMembers: number): string {
  return `A room has a limit of 2 to ${maximumMembers} members here: choose another with --max`;
}

export function roomNameSentence(name: string, protocol: string, nameRule: string): string {
  return `${name} cannot be the name of a room here: ${protocol} wants ${nameRule}`;
}

/** @param to Of a direct message: whom it is for. */
export function failureSentence(
  reason: FailureReason,
  pending: readonly string[],
  to = 'that person',
): string {
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
      return 'Perhaps not delivered: you entered a private room at that moment';
    case 'no-such-user':
      return `Not delivered: ${to} is not here. /list shows who is, /retry sends it again`;
    case 'link-closed':
      return `Not delivered: the private connection with ${to} is closed. /link ${to} asks for another, then /retry sends it`;
    case 'refused-by-hub':
      return 'Not delivered: the hub refuses it. Change it, or /retry sends it again';
    case 'recipient-outside':
      return `Not delivered: ${to} is not in this room. /leave it, then /retry sends it again`;
    case 'recipient-in-room':
      return `Not delivered: ${to} is in a private room and cannot be reached from outside. /retry sends it again`;
  }
}

/** The named rooms in a line, for a front without a list. */
export function roomsSentence(rooms: readonly ListedRoom[]): string {
  if (rooms.length === 0) return noRooms;
  const words = rooms.map(({name, mode, members}) => `${cleanLine(name)} (${mode}, ${members})`);
  return `${rooms.length} ${rooms.length === 1 ? 'room' : 'rooms'}: ${words.join(', ')}`;
}

export const noRooms = 'No rooms yet: /create NAME opens one';
