import type {Dialect} from '../protocol.ts';
import {maximumRooms} from './hub/room-numbers.ts';
import {maximumMembers, maximumUsers} from './wire/messages.ts';
import {isName} from './wire/text.ts';

/** How the hub end describes its users to the chat. */
export const dialect: Dialect = {
  name: 'messagerie',
  isNickname: isName,
  maximumUsers,
  maximumRoomMembers: maximumMembers,
  maximumRooms,
  changesRooms: true,
  hasLinks: false,
};
