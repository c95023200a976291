import type {Dialect} from '../protocol.ts';
import {isNickname} from './wire.ts';

/** How the hub end describes its users to the chat. */
export const dialect: Dialect = {
  name: 'res302',
  isNickname,
  maximumUsers: 2000,
  maximumRoomMembers: 2000,
  maximumRooms: 1000,
  changesRooms: false,
  hasLinks: false,
};
