import {pendingMs} from '../../chat/words.ts';
import type {DatagramProtocol} from '../protocol.ts';
import {MessagerieClient} from './client/client.ts';
import {dialect} from './dialect.ts';
import {MessagerieHub} from './hub/hub.ts';
import {inquiry} from './inquiry.ts';
import {maximumMembers} from './wire/messages.ts';
import {isRoomName, maximumTextBytes} from './wire/text.ts';
import {explain} from './wire.ts';

/** Named rooms over bit-packed UDP (docs/protocols/messagerie.md). */
export const messagerie: DatagramProtocol = {
  ...dialect,
  transport: 'udp',
  defaultPort: 30_201,
  features: new Set(['invitations', 'centralised-rooms', 'decentralised-rooms', 'named-rooms']),
  maximumTextBytes,
  carriesLineFeeds: true,
  nicknameRule: '1 to 10 bytes of letters, digits or symbols, without #',
  invitationMs: pendingMs,
  namedRooms: {
    nameRule: '1 to 50 bytes of letters, digits or symbols, without #',
    isName: isRoomName,
    maximumMembers,
  },
  inquiry,
  explain,
  createHubEnd: host => new MessagerieHub(host),
  createClientEnd: host => new MessagerieClient(host),
};
