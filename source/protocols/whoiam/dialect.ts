import type {Dialect} from '../protocol.ts';
import {isNickname, maximumListBytes, maximumNicknameBytes} from './wire.ts';

/** How the hub end describes its users to the chat. */
export const dialect: Dialect = {
  name: 'whoiam',
  isNickname,
  // A client reads at most this many of the longest nicknames in one list (R3).
  maximumUsers: Math.floor((maximumListBytes - 'WHO'.length) / (' '.length + maximumNicknameBytes)),
  maximumRoomMembers: 0,
  maximumRooms: 0,
  changesRooms: false,
  hasLinks: false,
};
