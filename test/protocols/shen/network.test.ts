/**
 * Everything at once on a bad network that lets one of two copies through, so that no end gives the other
 * up: then nothing may be missing at all. What becomes of what does not get through is in test/network.
 */
import {describe, expect, test} from 'vitest';
import {shen} from '../../../source/protocols/shen/index.ts';
import {seeds} from '../../network/random.ts';
import {type SimulatedUser, World} from '../../network/world.ts';

const faults = {loss: 0.3, duplication: 0.3, maximumDelayMs: 800, maximumLosses: 1};
const textsPerRun = 300;

/** Each author's texts for each reader in each place, in the order in which they were written. */
class Ledger {
  readonly #texts = new Map<string, string[]>();

  add(author: SimulatedUser, reader: SimulatedUser, scope: string, text: string): void {
    const key = `${scope} ${author.nick} to ${reader.nick}`;
    this.#texts.set(key, [...(this.#texts.get(key) ?? []), text]);
  }

  check(users: readonly SimulatedUser[]): void {
    const shown = new Map<string, string[]>();
    for (const reader of users) {
      for (const {scope, from, text} of reader.of('message')) {
        const key = `${scope} ${from} to ${reader.nick}`;
        shown.set(key, [...(shown.get(key) ?? []), text]);
      }
    }
    expect(shown).toEqual(this.#texts);
  }
}

/** Says something to all or to one, and notes who has to read it. */
function write(world: World, users: readonly SimulatedUser[], ledger: Ledger, text: string): void {
  const author = world.random.pick(users);
  const others = users.filter(user => user !== author);
  if (world.random.chance(0.3)) {
    const reader = world.random.pick(others);
    author.tell(reader.nick, text);
    ledger.add(author, reader, 'direct', text);
  } else {
    author.say(text);
    const scope = author.room === undefined ? 'public' : 'room';
    for (const reader of others) ledger.add(author, reader, scope, text);
  }
}

function settle(world: World, users: readonly SimulatedUser[]): void {
  const areSettled = () => users.every(user => user.engine.pending === 0);
  world.until(areSettled, 'every text settled', 60 * 60_000);
  world.run(60_000);
  expect(world.departures).toEqual([]);
  expect(users.flatMap(user => user.of('failed'))).toEqual([]);
  const delivered = users.reduce((sum, user) => sum + user.of('delivered').length, 0);
  expect(delivered).toBe(textsPerRun);
  expect(users.every(user => user.of('retransmitted').length > 0)).toBe(true);
}

describe.each(seeds(1, 2, 3, 4))('seed %i', seed => {
  test('texts, lists and invitations under the same numbers do not pass for each other', () => {
    const world = new World(shen, seed);
    const users = world.connect('alice', 'bob', 'carl', 'dora');
    world.network.faults = faults;
    const ledger = new Ledger();
    for (let count = 0; count < textsPerRun; count++) {
      write(world, users, ledger, `${count}`);
      const user = world.random.pick(users);
      const choice = world.random.next();
      if (choice < 0.3) user.list();
      else if (choice < 0.4) user.invite([world.random.pick(users).nick, 'ghost', 'spirit']);
      for (const {nick} of users) if (user.isInvitedBy(nick)) user.answer(nick, false);
      world.run(world.random.next() * 1500);
    }
    settle(world, users);
    ledger.check(users);
    expect(users.some(user => user.of('invitation-answer').length > 0)).toBe(true);
    expect(users.some(user => user.of('error').length > 0)).toBe(true);
  });

  test.each(['centralised', 'decentralised'] as const)('texts of a %s room', mode => {
    const world = new World(shen, seed);
    const users = world.connect('alice', 'bob', 'carl', 'dora');
    world.network.faults = faults;
    const [alice, ...others] = users;
    alice?.invite(
      others.map(({nick}) => nick),
      mode,
    );
    world.until(() => others.every(user => user.isInvitedBy('alice')), 'the invitations');
    for (const other of others) other.answer('alice', true);
    world.until(() => users.every(user => user.members?.length === 4), 'the room');
    const ledger = new Ledger();
    for (let count = 0; count < textsPerRun; count++) {
      write(world, users, ledger, `${count}`);
      if (world.random.chance(0.1)) world.random.pick(users).list();
      world.run(world.random.next() * 1500);
    }
    settle(world, users);
    ledger.check(users);
  });
});
