import type {Dialect} from '../protocol.ts';
import {isNickname, maximumId} from './wire.ts';

/** How the hub end describes its users to the chat. */
export const dialect: Dialect = {
  name: 'cosp',
  isNickname,
  maximumUsers: maximumId + 1,
  maximumRoomMembers: 0,
  maximumRooms: 0,
  changesRooms: false,
  hasLinks: true,
};
