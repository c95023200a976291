/** What a chat is, whatever is spoken in it: the real hub and real clients of every protocol. */
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
import {seeds} from './random.ts';
import {Setting} from './scenarios.ts';
import type {Conditions} from './world.ts';

/**
 * Bad, but every message gets through: of two copies of a datagram one arrives, so that no end gives
 * the other up. What becomes of messages that do not get through, bad-network.test.ts looks at.
 */
const bad: Conditions = {
  loss: 0.2,
  duplication: 0.2,
  maximumDelayMs: 300,
  maximumLosses: 1,
  pieces: 'random',
};

const networks = [
  ...seeds(1).map(seed => ({network: 'a good network', conditions: {}, seed})),
  ...seeds(1, 2, 3).map(seed => ({network: 'a bad network', conditions: bad, seed})),
];
/** Of connections alone. */
const byteByByte = seeds(1).map(seed => ({
  network: 'a network that brings one byte at a time',
  conditions: {pieces: 'bytes'} as const,
  seed,
}));

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
