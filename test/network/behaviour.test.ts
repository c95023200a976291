/** The behaviour of a chat in every protocol: the real hub and real clients. */
import {describe} from 'vitest';
import {protocols} from '../../source/protocols/index.ts';
import {connections} from './behaviour/connections.ts';
import {directMessages} from './behaviour/direct-messages.ts';
import {invitations} from './behaviour/invitations.ts';
import {links} from './behaviour/links.ts';
import {namedRooms} from './behaviour/named-rooms.ts';
import {presence} from './behaviour/presence.ts';
import {publicTexts} from './behaviour/public-texts.ts';
import {rooms} from './behaviour/rooms.ts';
import {silences} from './behaviour/silences.ts';
import {bad, on} from './conditions.ts';
import {seeds} from './random.ts';
import {Setting} from './scenarios.ts';

const networks = [
  ...on('a good network', {}, seeds(1)),
  ...on('a bad network', bad, seeds(1, 2, 3)),
  ...on('a good network, outcomes that come later', {logMs: 20}, seeds(1)),
];
/** Only for connections. */
const byteByByte = on('a network that brings one byte at a time', {pieces: 'bytes'}, seeds(1));

const cases = protocols.map(protocol => ({
  name: protocol.name,
  protocol,
  networks: protocol.transport === 'tcp' ? [...networks, ...byteByByte] : networks,
}));

describe.each(cases)('$name', ({protocol, networks}) => {
  describe.each(networks)('on $network, seed $seed', ({seed, conditions}) => {
    const setting = new Setting(protocol, seed, conditions);
    describe('connections', () => connections(setting));
    describe.runIf(setting.has('presence'))('presence', () => presence(setting));
    describe('public texts', () => publicTexts(setting));
    describe.runIf(setting.has('invitations'))('invitations', () => invitations(setting));
    describe.runIf(setting.has('direct-messages'))('direct messages', () =>
      directMessages(setting),
    );
    describe.runIf(setting.has('named-rooms'))('named rooms', () => namedRooms(setting));
    describe.each(setting.modes)('%s rooms', mode => rooms(setting, mode));
    describe.runIf(setting.has('links'))('links', () => links(setting));
    describe('silence', () => silences(setting));
  });
});
