/** What a chat is, whatever is spoken in it: the real hub and real clients of every protocol over UDP. */
import {describe} from 'vitest';
import {connections} from './behaviour/connections.ts';
import {directMessages} from './behaviour/direct-messages.ts';
import {invitations} from './behaviour/invitations.ts';
import {namedRooms} from './behaviour/named-rooms.ts';
import {publicTexts} from './behaviour/public-texts.ts';
import {rooms} from './behaviour/rooms.ts';
import {silences} from './behaviour/silences.ts';
import {datagramProtocols} from './datagrams-only.ts';
import {seeds} from './random.ts';
import {Setting} from './scenarios.ts';
import {noFaults} from './simulated-network.ts';

/**
 * Bad, but every message gets through: of two copies of a datagram one arrives, so that no end gives
 * the other up. What becomes of messages that do not get through, bad-network.test.ts looks at.
 */
const faults = {loss: 0.2, duplication: 0.2, maximumDelayMs: 300, maximumLosses: 1};

const networks = [
  ...seeds(1).map(seed => ({network: 'a good network', faults: noFaults, seed})),
  ...seeds(1, 2, 3).map(seed => ({network: 'a bad network', faults, seed})),
];

describe.each(datagramProtocols)('$name', protocol => {
  describe.each(networks)('on $network, seed $seed', ({seed, faults}) => {
    const setting = new Setting(protocol, seed, faults);
    describe('connections', () => connections(setting));
    describe('public texts', () => publicTexts(setting));
    describe.runIf(setting.has('invitations'))('invitations', () => invitations(setting));
    describe.runIf(setting.has('direct-messages'))('direct messages', () =>
      directMessages(setting),
    );
    describe.runIf(setting.has('named-rooms'))('named rooms', () => namedRooms(setting));
    describe.each(setting.modes)('%s rooms', mode => rooms(setting, mode));
    describe('silence', () => silences(setting));
  });
});
