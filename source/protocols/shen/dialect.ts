import type {Dialect} from '../protocol.ts';
import {isName} from './wire/text.ts';
import * as wire from './wire.ts';

/** How the hub end describes its users to the chat. */
export const dialect: Dialect = {
  name: 'shen',
  isNickname: isName,
  maximumUsers: wire.maximumUsers,
  maximumRoomMembers: wire.maximumMembers,
  maximumRooms: wire.maximumRooms,
  changesRooms: false,
  hasLinks: false,
};
