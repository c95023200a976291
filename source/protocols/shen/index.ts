import {pendingMs} from '../../chat/words.ts';
import type {DatagramProtocol} from '../protocol.ts';
import {ShenClient} from './client/client.ts';
import {dialect} from './dialect.ts';
import {ShenHub} from './hub/hub.ts';
import {inquiry} from './inquiry.ts';
import {maximumMessageBytes} from './wire/text.ts';
import {explain} from './wire.ts';

/** Three packet formats over UDP (docs/protocols/shen.md). */
export const shen: DatagramProtocol = {
  ...dialect,
  transport: 'udp',
  defaultPort: 30_202,
  features: new Set(['invitations', 'centralised-rooms', 'decentralised-rooms', 'direct-messages']),
  maximumTextBytes: maximumMessageBytes,
  carriesLineFeeds: false,
  nicknameRule: '1 to 20 ASCII letters, digits, - _ .',
  invitationMs: pendingMs,
  inquiry,
  explain,
  createHubEnd: host => new ShenHub(host),
  createClientEnd: host => new ShenClient(host),
};
