/** The example of docs/adding-a-protocol.md is a protocol: it passes what all of them pass, and meets the others. */
import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {protocols} from '../../source/protocols/index.ts';
import {connections} from '../network/behaviour/connections.ts';
import {presence} from '../network/behaviour/presence.ts';
import {publicTexts} from '../network/behaviour/public-texts.ts';
import {silences} from '../network/behaviour/silences.ts';
import {bad, on} from '../network/conditions.ts';
import {seeds} from '../network/random.ts';
import {Setting} from '../network/scenarios.ts';
import {World} from '../network/world.ts';
import {toy} from './toy.ts';

describe.each([
  ...on('a good network', {}, seeds(1)),
  ...on('a bad network', bad, seeds(1, 2)),
  ...on('a good network, outcomes that come later', {logMs: 20}, seeds(1)),
])('on $network, seed $seed', ({seed, conditions}) => {
  const setting = new Setting(toy, seed, conditions);
  describe('connections', () => connections(setting));
  describe('presence', () => presence(setting));
  describe('public texts', () => publicTexts(setting));
  describe('silence', () => silences(setting));
});

test('its users meet those of the others in one chat', () => {
  const world = new World(toy, 1, {}, protocols);
  const people = [toy, ...protocols].map((one, index) => world.add(`user${index}`, one));
  for (const person of people) person.start();
  world.until(() => people.every(person => person.isConnected), 'everybody connected');
  for (const author of people) author.say(`hello from ${author.nick}`, 'public');
  const haveAllRead = () => people.every(reader => reader.texts().length === people.length - 1);
  world.until(haveAllRead, 'every text at every reader');
});

test('it is short enough to be read at one sitting', () => {
  const source = readFileSync(new URL('./toy.ts', import.meta.url), 'utf8');
  expect(source.trimEnd().split('\n').length).toBeLessThan(160);
});
