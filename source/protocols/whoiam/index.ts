import type {StreamProtocol} from '../protocol.ts';
import {WhoiamClient} from './client.ts';
import {dialect} from './dialect.ts';
import {WhoiamHub} from './hub.ts';
import {inquiry} from './inquiry.ts';
import {explain, maximumNicknameBytes, maximumTextBytes} from './wire.ts';

/** Keyword lines over TCP (docs/protocols/whoiam.md). */
export const whoiam: StreamProtocol = {
  ...dialect,
  transport: 'tcp',
  defaultPort: 30_203,
  features: new Set(['direct-messages', 'presence']),
  maximumTextBytes,
  carriesLineFeeds: false,
  nicknameRule: `1 to ${maximumNicknameBytes} bytes of UTF-8 without spaces and control characters`,
  inquiry,
  explain,
  createHubEnd: host => new WhoiamHub(host),
  createClientEnd: host => new WhoiamClient(host),
};
