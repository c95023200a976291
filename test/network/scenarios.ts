/** Scenes of a chat that are the same in every protocol, and the conditions that have to hold after each of them. */
import {expect, test} from 'vitest';
import type {Feature, Mode, Protocol} from '../../source/protocols/protocol.ts';
import {type Conditions, type SimulatedUser, World} from './world.ts';

/** Longer than any message is repeated: a message that has not come after this time never comes. */
export const quietMs = 20_000;

/** The protocol and the network with which a behaviour is tested. */
export class Setting {
  readonly protocol: Protocol;
  readonly #seed: number;
  readonly #conditions: Conditions;

  constructor(protocol: Protocol, seed: number, conditions: Conditions) {
    this.protocol = protocol;
    this.#seed = seed;
    this.#conditions = conditions;
  }

  has(feature: Feature): boolean {
    return this.protocol.features.has(feature);
  }

  /**
   * The longest round trip, even for a line that comes in many pieces. Nobody asks anything again that soon, so that
   * everything known after it was told by the hub itself.
   */
  get roundTripMs(): number {
    return 10 * (this.#conditions.maximumDelayMs ?? 0);
  }

  get modes(): readonly Mode[] {
    return (['centralised', 'decentralised'] as const).filter(mode => this.has(`${mode}-rooms`));
  }

  /** A test that begins with those users in the public room, and ends with {@link settle}. */
  scenario<const Nick extends string>(
    title: string,
    nicks: readonly Nick[],
    play: (users: Readonly<Record<Nick, SimulatedUser>>, world: World) => void,
  ): void {
    test(title, () => {
      const world = new World(this.protocol, this.#seed, this.#conditions);
      const users = world.connect(...nicks);
      const byNick = Object.fromEntries(users.map(user => [user.nick, user]));
      play(byNick as Record<Nick, SimulatedUser>, world);
      settle(world);
    });
  }
}

/** A private room of those users' own, opened by the first of them. */
export function gather(
  world: World,
  [host, ...guests]: readonly [SimulatedUser, ...SimulatedUser[]],
  mode: Mode,
): void {
  invite(world, host, guests, mode);
  for (const guest of guests) guest.answer(host.nick, true);
  untilTogether(world, [host, ...guests]);
}

/** If only members of a room can invite into it, the host opens one first. */
export function invite(
  world: World,
  host: SimulatedUser,
  guests: readonly SimulatedUser[],
  mode: Mode,
): void {
  const isNew = host.members === undefined;
  if (isNew && world.protocol.features.has('named-rooms')) create(world, host, mode);
  host.invite(
    guests.map(({nick}) => nick),
    mode,
  );
  const areInvited = () => guests.every(guest => guest.isInvitedBy(host.nick));
  world.until(areInvited, `the invitations of ${host.nick}`);
}

/** Opens a named room. */
export function create(
  world: World,
  host: SimulatedUser,
  mode: Mode,
  maximumMembers = world.protocol.namedRooms?.maximumMembers ?? 2,
): void {
  host.createRoom(roomOf(host), mode, maximumMembers);
  world.until(() => host.room?.name === roomOf(host), `the room of ${host.nick}`);
}

/** The name of a room that a user opens. */
export function roomOf(host: SimulatedUser): string {
  return `${host.nick}s-room`;
}

/**
 * Waits until they are in one room, all of them see it, and the hub knows it. Then nothing is under way any more that
 * their next texts could cross.
 */
export function untilTogether(world: World, users: readonly SimulatedUser[]): void {
  const nicks = users.map(({nick}) => nick).toSorted();
  const areTogether = () =>
    !world.hub.isBusy && users.every(user => isSame(user.members, nicks) && seesTruth(world, user));
  world.until(areTogether, `${nicks.join(' and ')} in one room`);
}

export function untilPublic(world: World, user: SimulatedUser, maximumMs?: number): void {
  const isPublic = () => !world.hub.isBusy && user.members === undefined && seesTruth(world, user);
  world.until(isPublic, `${user.nick} in public`, maximumMs);
}

/** Waits until nothing is under way: with unacknowledged bytes a system does not ask whether the other side is there. */
export function untilQuiet(world: World): void {
  world.until(() => !world.hub.isBusy && world.streams.isQuiet, 'a quiet network');
}

/** The shortest nickname that is too long. */
export function impossibleNickname(protocol: Protocol): string {
  let nickname = 'x';
  while (protocol.isNickname(nickname)) nickname += 'x';
  return nickname;
}

/** Checks the conditions that have to hold after every scenario. */
export function settle(world: World): void {
  world.until(() => world.users.every(({engine}) => engine.pending === 0), 'an end of every text');
  world.until(() => world.users.every(user => seesTruth(world, user)), 'what the hub knows shown');
  world.run(quietMs);
  for (const user of world.users) {
    expect(user.engine.pending, `texts of ${user.nick} on their way`).toBe(0);
    expect(seesTruth(world, user), `${user.nick} sees the room they are in`).toBe(true);
    for (const {id, text} of user.of('sent')) expectOneEnd(user, id, text);
    expectNothingTwice(world, user);
  }
  expectNothingLeft(world);
}

/** Whether the room, the members and, if it is told of everybody, the users that a client shows are those that the hub has. */
export function seesTruth({chat, protocol}: World, user: SimulatedUser): boolean {
  if (!user.isConnected) return true;
  const known = chat.find(user.nick);
  if (known === undefined) return false;
  const everybody = () => Array.from(chat.users(), ({nickname}) => nickname).toSorted();
  if (protocol.features.has('presence') && !isSame(user.present, everybody())) return false;
  const room = chat.roomOf(known.id);
  if (room === undefined) return user.members === undefined;
  const members = Array.from(chat.membersOf(known.id), ({nickname}) => nickname).toSorted();
  const isSameRoom = user.room?.mode === room.mode && user.room.name === room.name;
  return isSameRoom && isSame(user.members, members);
}

/**
 * A text has one end, and one more each time it is sent again after it has failed; a failure may be taken back by a
 * late delivery. One that is kept goes out.
 */
export function expectOneEnd(user: SimulatedUser, id: number, text: string): void {
  const story = user.events.map(event => {
    if (!('id' in event) || event.id !== id) return '';
    if (event.type === 'delivered') return event.late ? 'late ' : 'delivered ';
    return ['sent', 'kept', 'resent', 'failed'].includes(event.type) ? `${event.type} ` : '';
  });
  const kept = '(kept resent )*(kept )?';
  expect(story.join(''), `what became of ${text} of ${user.nick}`).toMatch(
    new RegExp(`^sent ${kept}(failed resent ${kept})*(delivered|failed|failed late) $`),
  );
}

/** Nothing is left of users who have gone. */
function expectNothingLeft(world: World): void {
  for (const user of world.users) user.close();
  world.run(quietMs);
  expect(world.users.filter(({engine}) => !engine.isClosed)).toEqual([]);
  expect(Array.from(world.chat.users(), ({nickname}) => nickname)).toEqual([]);
  expect(world.streams.size, 'connections').toBe(0);
  for (const machine of [world.hub, ...world.users.map(({engine}) => engine)]) {
    expect(machine.dueAt, 'a time that something waits for').toBe(Number.POSITIVE_INFINITY);
  }
}

/**
 * No two texts of a scenario are the same. Over a connection a text can still arrive that its author has given up. If it
 * is sent again, it is shown again.
 */
function expectNothingTwice({protocol, users}: World, user: SimulatedUser): void {
  const resent = new Set(protocol.transport === 'tcp' ? users.flatMap(resentBy) : []);
  const shown = user
    .of('message')
    .map(({from, text}) => `${from}: ${text}`)
    .filter(line => !resent.has(line));
  expect(shown, `shown to ${user.nick}`).toEqual([...new Set(shown)]);
}

function resentBy(author: SimulatedUser): string[] {
  const ids = new Set(author.of('resent').map(({id}) => id));
  const texts = author.of('sent').filter(({id}) => ids.has(id));
  return texts.map(({text}) => `${author.nick}: ${text}`);
}

function isSame(one: readonly string[] | undefined, other: readonly string[]): boolean {
  return one?.join() === other.join();
}
