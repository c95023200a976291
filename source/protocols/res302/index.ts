import {pendingMs} from '../../chat/words.ts';
import type {DatagramProtocol} from '../protocol.ts';
import {Res302Client} from './client.ts';
import {dialect} from './dialect.ts';
import {Res302Hub} from './hub.ts';
import {inquiry} from './inquiry.ts';
import {explain, maximumTextBytes} from './wire.ts';

/** Lettered messages over UDP (docs/protocols/res302.md). */
export const res302: DatagramProtocol = {
  ...dialect,
  transport: 'udp',
  defaultPort: 30_200,
  features: new Set(['invitations', 'centralised-rooms', 'decentralised-rooms']),
  maximumTextBytes,
  carriesLineFeeds: true,
  nicknameRule: '1 to 10 letters or digits, without accents',
  invitationMs: pendingMs,
  inquiry,
  explain,
  createHubEnd: host => new Res302Hub(host),
  createClientEnd: host => new Res302Client(host),
};
