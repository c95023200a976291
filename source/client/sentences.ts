/**
 * Sentences for the user: what has happened, and what to do next. Parameters for people and rooms are exact names if
 * the function also gets a crowd to look them up in, otherwise labels.
 */

import {nameLabel} from '../names/label.ts';
import type {
  ErrorCode,
  FailureReason,
  ListedRoom,
  Mode,
  PresentUser,
  Protocol,
} from '../protocols/protocol.ts';
import {cleanLine} from './clean-text.ts';
import type {NotLocated} from './connecting/network.ts';
import type {RefusalReason} from './events.ts';
import {type Crowd, writeNickname} from './nicknames.ts';
import type {Person} from './people.ts';
import {roomLabels} from './room-names.ts';
import type {Invitation} from './state.ts';

export function refusalSentence(
  reason: RefusalReason | NotLocated,
  nick: string,
  server: string,
  protocol: Protocol,
): string {
  const name = nameLabel(nick);
  switch (reason) {
    case 'no-address':
      return `The address of ${server} cannot be found: is the name right, and the network there?`;
    case 'no-socket':
      return 'The system gives no socket: close other programs, and try again';
    case 'nickname-in-use':
      return `Somebody is called ${name} here already: choose another nickname`;
    case 'nickname-invalid':
      return `${name} cannot be a nickname here: ${protocol.name} wants ${protocol.nicknameRule}`;
    case 'hub-full':
      return `The hub at ${server} is full: try again later, or another hub`;
    case 'unreachable':
      return `Nobody answers at ${server}: is the address right, and a hub running there (chat-tui serve)?`;
  }
}

/** Nobody answers there in the protocol of `server`, but at `offer` in that of `offer`. */
export function offerSentence(server: string, offer: string): string {
  const [spoken] = offer.split('://');
  return `Nobody answers at ${server}. A hub that speaks ${spoken} does: ${offer}`;
}

/**
 * @param about The subject of the answer: a nickname, a room, the hub's own words; or nothing.
 * @param room The name of our present room, if it has one.
 */
export function errorSentence(code: ErrorCode, about: string, crowd: Crowd, room?: string): string {
  const who = crowd.people.labelOf(about);
  const where = nameLabel(about);
  switch (code) {
    case 'no-such-user':
      return `Nobody here is called ${who}: /list shows who is`;
    case 'already-in-room':
      if (about === room) return `You are in ${where} already`;
      // People in any other room can be invited into a named room.
      return room === undefined
        ? `${who} is in a private room already, and can be invited after leaving it`
        : `${who} is in ${nameLabel(room)} already`;
    case 'not-in-room':
      return 'That needs a private room, and you are in none: enter one, then try again';
    case 'invitation-over':
      return `There is no invitation from ${who} any more: ask to be invited again`;
    case 'no-answer':
      return `The hub has not heard your answer to ${who}: answer again when it is back`;
    case 'no-such-room':
      return `There is no room ${where}: /rooms shows those there are, /create opens another`;
    case 'room-full':
      return `${about === '' ? 'That room' : `The room ${where}`} is full: try again when somebody has left it`;
    case 'room-name-in-use':
      return `There is a room ${where} already: /join ${where} enters it, another name opens another`;
    case 'room-name-invalid':
      return `The hub does not take ${where} as the name of a room: choose another`;
    case 'room-size-invalid':
      return 'The hub does not take that limit of members: choose another with --max';
    case 'too-many-rooms':
      return 'The hub has no place for another room: join one of those there are, or try again later';
    case 'link-exists':
      return `There is a private connection with ${who} already, or one is asked for`;
    case 'no-such-link':
      return `There is no private connection with ${who}: /link ${writeNickname(about, crowd)} asks for one`;
    case 'refused-by-hub':
      return about === ''
        ? 'The hub refuses that, and does not say why: try again later'
        : `The hub refuses that: “${cleanLine(about)}”. Change it, or try again later`;
  }
}

/** Why each of these people has a label that is not their name. @param people Only such people. */
export function likenessSentence(people: readonly Person[]): string {
  const words = people.slice(0, maximumExplained).map(({nick, label, resembles}) => {
    if (resembles !== undefined) return `${label} is not ${resembles}, the names only look alike`;
    return nameLabel(nick) === label
      ? `${label} has something in the name that cannot be shown`
      : `${label} is called ${nameLabel(nick)}: the number behind it is a mark of this program`;
  });
  const left = people.length - words.length;
  return [...words, ...(left > 0 ? [`the same goes for ${left} more`] : [])].join('; ');
}

const maximumExplained = 3;

/** A nickname that means several people. */
export function ambiguitySentence(typed: string, people: readonly Person[], crowd: Crowd): string {
  const words = people
    .slice(0, maximumExplained)
    .map(({nick, label}) => `${writeNickname(nick, crowd)} for ${label}`);
  const more = people.length > words.length ? `, and ${people.length - words.length} others` : '';
  return `${nameLabel(typed)} can be several people: type ${words.join(', or ')}${more}`;
}

export function connectedSentence(server: string, nick: string): string {
  return `Connected to ${server} as ${nameLabel(nick)}`;
}

/** @param from ISO 8601, like `to`: between them the hub was not heard. */
export function gapSentence(from: string, to: string): string {
  const timeOf = (at: string) => new Date(at).toTimeString().slice(0, 8);
  return `Connected again: messages from ${timeOf(from)} to ${timeOf(to)} may be missing`;
}

export const hubSilentSentence = 'The hub does not answer: trying again';

export const hubClosedSentence = 'The hub has ended the connection: trying again';

export const reconnectedSentence = 'Connected again';

export function renamedSentence(nick: string): string {
  return `You are ${nameLabel(nick)} now`;
}

/** Why a text is not sent again. @param text Its own words. */
export function retrySentence(
  reason: 'nothing-failed' | 'left-room' | 'link-closed',
  text: string,
): string {
  const words = `“${truncated(cleanLine(text))}”`;
  switch (reason) {
    case 'nothing-failed':
      return 'There is no message that can be sent again here';
    case 'left-room':
      return `${words} was for a room that you are not in any more: copy it if it is still wanted`;
    case 'link-closed':
      return `${words} was for a private connection that is closed: /link asks for another, then /retry sends it`;
  }
}

function truncated(text: string): string {
  const characters = [...text];
  return characters.length > 30 ? `${characters.slice(0, 29).join('')}…` : text;
}

/** `bob`, `bob and carl`, `bob, carl and dora`. @param labels At least one. */
function enumerated(labels: readonly string[]): string {
  const last = labels.at(-1) ?? '';
  return labels.length < 2 ? last : `${labels.slice(0, -1).join(', ')} and ${last}`;
}

/** @param others Labels of the other members. */
export function enteredSentence(
  name: string | undefined,
  mode: Mode,
  others: readonly string[],
): string {
  // The whole sense of such a room, for those who do not know the word.
  if (mode === 'decentralised' && others.length > 0) {
    const where = name === undefined ? '' : `${nameLabel(name)}: `;
    const you = where === '' ? 'You' : 'you';
    return `${where}${enumerated([you, ...others])}; the hub sees none of it`;
  }
  const what = name === undefined ? `a ${mode} room` : `${nameLabel(name)}, a ${mode} room`;
  return `You are in ${what}${others.length > 0 ? ` with ${others.join(', ')}` : ''}`;
}

export const leftSentences = {
  left: 'You left the private room',
  closed: 'The private room is closed: you were the last one in it',
  disconnected: 'The private room is gone: the hub no longer knows you in it',
};

export function invitationSentence(
  {from, mode, room}: Omit<Invitation, 'at'>,
  crowd: Crowd,
): string {
  const name = room === undefined ? '' : `${nameLabel(room)}, `;
  const what =
    mode === 'link' ? 'asks for a private connection' : `invites you to ${name}a ${mode} room`;
  const typed = writeNickname(from, crowd);
  return `${crowd.people.labelOf(from)} ${what}: /accept ${typed} or /decline ${typed}`;
}

export function invitationOverSentence(label: string, mode: Invitation['mode']): string {
  return mode === 'link'
    ? `${label} does not ask for a private connection any more`
    : `The invitation from ${label} is over`;
}

export function linkOpenedSentence(label: string): string {
  return `You have a private connection with ${label}: what you type goes to ${label} alone`;
}

/** @param linked Label of the other side of the present private connection. */
export function lateLinkSentence(label: string, linked: string): string {
  return `${label} accepts too late: you have a private connection with ${linked}`;
}

export function linkClosedSentence(label: string): string {
  return `The private connection with ${label} is closed`;
}

/** Everybody who is here. @param hasRooms Whether there can be named rooms, which are listed elsewhere. */
export function listSentence(
  users: readonly (PresentUser & {readonly self: boolean})[],
  {people}: Crowd,
  hasRooms: boolean,
): string {
  const names = users.map(({nick, status, self}) =>
    [people.labelOf(nick), self ? ' (you)' : '', status === 'room' ? ' (in a room)' : ''].join(''),
  );
  return `${users.length} here: ${names.join(', ')}${hasRooms ? '. Rooms: /rooms' : ''}`;
}

/** A hub declines for people whose program cannot accept, and does not say so. */
export function declinedSentence(label: string, what: 'room' | 'link'): string {
  return what === 'room'
    ? `${label} declined your invitation, or cannot come: the room is full for them, or their program has none like it`
    : `${label} declined your private connection, or has a program without any`;
}

/** There is one private connection at a time. @param label The label of its other side. */
export function linkedSentence(label: string): string {
  return `You have a private connection with ${label}: /unlink first`;
}

/** @param label The label of somebody who is invited, and is in our room. */
export function memberSentence(label: string): string {
  return `${label} is in this room with you already`;
}

/** A limit of members that the protocol cannot carry. */
export function roomSizeSentence(maximumMembers: number): string {
  return `A room has a limit of 2 to ${maximumMembers} members here: choose another with --max`;
}

export function roomNameSentence(name: string, protocol: string, nameRule: string): string {
  return `${nameLabel(name)} cannot be the name of a room here: ${protocol} wants ${nameRule}`;
}

/**
 * @param pending Members who have not confirmed it.
 * @param reader The recipient, if the text was for one person.
 */
export function failureSentence(
  reason: FailureReason,
  pending: readonly string[],
  reader: string | undefined,
  crowd: Crowd,
): string {
  const to = reader === undefined ? 'that person' : crowd.people.labelOf(reader);
  const names = pending.map(nick => crowd.people.labelOf(nick));
  switch (reason) {
    case 'hub-silent':
      return 'Not confirmed: the hub does not answer. /retry sends it again, perhaps twice';
    case 'peers-silent':
      return names.length === 0
        ? 'Not confirmed: nobody else is in the room'
        : `Not confirmed by ${names.join(', ')}. /retry sends it again`;
    case 'not-connected':
      return 'Not sent: there is no connection. /retry sends it when there is one';
    case 'left-room':
      return names.length === 0
        ? 'Not delivered: you had left the room'
        : `Not confirmed by ${names.join(', ')}: you have left the room`;
    case 'entered-room':
      return 'Not confirmed: you entered a private room at that moment';
    case 'no-such-user':
      return `Not delivered: ${to} is not here. /list shows who is, /retry sends it again`;
    case 'link-closed':
      return `Not confirmed: the private connection with ${to} is closed. /link ${reader === undefined ? 'NICK' : writeNickname(reader, crowd)} asks for another, then /retry sends it`;
    case 'left-hub':
      return 'Not sent: it was for the hub that you have left';
    case 'refused-by-hub':
      return 'Not delivered: the hub refuses it. Change it, or /retry sends it again';
    case 'recipient-outside':
      return `Not delivered: ${to} is not in this room. /leave it, then /retry sends it again`;
    case 'recipient-in-room':
      return `Not delivered: ${to} is in a private room and cannot be reached from outside. /retry sends it again`;
  }
}

/** The same in a few words, for a list or the beginning of a line. */
export const failureWords: Readonly<Record<FailureReason, string>> = {
  'hub-silent': 'not confirmed by the hub',
  'peers-silent': 'not confirmed',
  'not-connected': 'not sent, there was no connection',
  'left-room': 'not confirmed, you had left the room',
  'entered-room': 'not confirmed, you were entering a room',
  'no-such-user': 'not delivered, nobody has that name',
  'recipient-in-room': 'not delivered, they are in a private room',
  'recipient-outside': 'not delivered, they are not in this room',
  'refused-by-hub': 'refused by the hub',
  'link-closed': 'not confirmed, the private connection is closed',
  'left-hub': 'not sent, you have left the hub',
};

/** Of texts that wait for the hub. */
export const keptSentence = 'Not sent yet: it goes out when the hub is back';

/** The named rooms in a line, for a front without a list. */
export function roomsSentence(rooms: readonly ListedRoom[]): string {
  if (rooms.length === 0) return noRooms;
  const labels = roomLabels(rooms);
  const words = rooms.map(
    ({name, mode, members}) => `${labels.get(name) ?? ''} (${mode}, ${members})`,
  );
  return `${rooms.length} ${rooms.length === 1 ? 'room' : 'rooms'}: ${words.join(', ')}`;
}

export const noMentions = 'Nobody has mentioned you';

export const noRooms = 'No rooms yet: /create NAME opens one';
