import {pendingMs} from '../../chat/words.ts';
import type {StreamProtocol} from '../protocol.ts';
import {CospClient} from './client/client.ts';
import {clockMarginMs} from './client/link.ts';
import {dialect} from './dialect.ts';
import {CospHub} from './hub/hub.ts';
import {inquiry} from './inquiry.ts';
import {explain, maximumTextBytes} from './wire.ts';

/** Binary messages over TCP (docs/protocols/cosp.md). */
export const cosp: StreamProtocol = {
  ...dialect,
  transport: 'tcp',
  defaultPort: 30_204,
  features: new Set(['direct-messages', 'links', 'presence']),
  maximumTextBytes,
  carriesLineFeeds: true,
  nicknameRule: '1 to 32 bytes without control characters',
  invitationMs: pendingMs - clockMarginMs,
  inquiry,
  explain,
  createHubEnd: host => new CospHub(host),
  createClientEnd: host => new CospClient(host),
};
