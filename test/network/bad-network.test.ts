import {describe, expect, test} from 'vitest';
import {res302} from '../../source/protocols/res302/index.ts';
import {seeds} from './random.ts';
import {type SimulatedUser, World} from './world.ts';

const badNetwork = {loss: 0.3, duplication: 0.3, maximumDelayMs: 800};

/** A text that says who wrote it where, and as which of theirs. */
type Sent = {
  readonly author: SimulatedUser;
  readonly id: number;
  readonly text: string;
  readonly at: number;
};

describe.each(seeds(1, 2, 3, 4, 5, 6))('hub and five clients on a bad network, seed %i', seed => {
  test('1,000 texts are delivered exactly once each, in order, or reported failed', () => {
    const world = new World(res302, seed);
    const users = world.connect('alice', 'bob', 'carl', 'dora', 'eve');
    world.network.faults = badNetwork;
    const sent: Sent[] = [];
    let counter = 0;

    const act = (user: SimulatedUser) => {
      const choice = world.random.next();
      const others = users.filter(other => other !== user);
      if (choice < 0.9) {
        if (!user.isConnected && user.room?.mode !== 'decentralised') return;
        const text = `${++counter}`;
        sent.push({author: user, id: user.say(text), text, at: world.network.now});
      } else if (!user.isConnected) {
        return;
      } else if (choice < 0.94) {
        const mode = sent.length < 500 ? 'centralised' : 'decentralised';
        user.invite([world.random.pick(others).nick, world.random.pick(others).nick], mode);
      } else if (choice < 0.98) {
        const invitation = user.last('invitation');
        if (invitation !== undefined) user.answer(invitation.from, world.random.chance(0.8));
      } else if (user.room !== undefined) {
        user.leave();
      }
    };

    while (sent.length < 1000) {
      act(world.random.pick(users));
      world.run(world.random.next() * 1500);
    }
    world.until(() => users.every(user => user.engine.pending === 0), 'every text settled');
    world.run(10_000);

    checkOutcomes(sent);
    const failed = new Set(
      sent
        .filter(({author, id}) => author.of('failed').some(event => event.id === id))
        .map(({text}) => text),
    );
    for (const user of users) checkShown(world, user, failed);
    checkDistribution(world, users, sent);
    // The run has shown what it is for: rooms of both modes, losses that were reported, and repairs.
    const modes = new Set(users.flatMap(user => user.of('room-entered').map(({mode}) => mode)));
    expect(modes).toEqual(new Set(['centralised', 'decentralised']));
    expect(users.some(user => user.of('retransmitted').length > 100)).toBe(true);
  });
});

/** Each text has one end, and only one. */
function checkOutcomes(sent: readonly Sent[]): void {
  for (const {author, id, text} of sent) {
    const ends = author.events.filter(
      event => (event.type === 'delivered' || event.type === 'failed') && event.id === id,
    );
    expect(ends, `ends of text ${text} of ${author.nick}`).toHaveLength(1);
  }
}

/**
 * Nobody sees a text twice, or an author's texts in another order than they were written in. A text
 * that was reported failed may come late, from a copy that was under way for long. And what comes
 * after its gap was given up is shown late: then the hub has given up the reader, too.
 */
function checkShown(world: World, user: SimulatedUser, failed: ReadonlySet<string>): void {
  const newest = new Map<string, number>();
  const seen = new Set<string>();
  for (const [index, event] of user.events.entries()) {
    if (event.type !== 'message') continue;
    const what = `${user.nick} reads ${event.text} of ${event.from}`;
    expect(seen.has(event.text), `${what} once`).toBe(false);
    seen.add(event.text);
    const stream = `${event.scope} ${event.from}`;
    const number = Number(event.text);
    const at = user.times[index] ?? 0;
    if (failed.has(event.text)) continue;
    if (number < (newest.get(stream) ?? 0)) {
      expect(hasDeparted(world, user.nick, at - 5000, at), `${what} in its order`).toBe(true);
    }
    newest.set(stream, Math.max(number, newest.get(stream) ?? 0));
  }
}

function hasDeparted(world: World, nick: string, from: number, to: number): boolean {
  return world.departures.some(gone => gone.nick === nick && gone.at > from && gone.at < to);
}

/** What the hub has given out reaches everybody it was for, unless the hub took them for gone. */
function checkDistribution(
  world: World,
  users: readonly SimulatedUser[],
  sent: readonly Sent[],
): void {
  const shownBy = new Map(
    users.map(user => [user.nick, new Set([...user.texts('public'), ...user.texts('room')])]),
  );
  const nicks = new Map<number, string>();
  const distributed = new Set<string>();
  for (const {at, command, outcome} of world.applied) {
    if (command.type === 'say' && outcome.refusal === undefined) distributed.add(command.text);
    if (command.type === 'connect' && outcome.user !== undefined)
      nicks.set(outcome.user, command.nickname);
    for (const event of outcome.events) {
      if (event.type !== 'said') continue;
      for (const reader of event.to) {
        const nick = nicks.get(reader) ?? '';
        if (shownBy.get(nick)?.has(`${event.nickname}: ${event.text}`)) continue;
        const isGone = hasDeparted(world, nick, at, at + 5000);
        const user = users.find(candidate => candidate.nick === nick);
        const hasLeft =
          user?.events.some(({type}) => type === 'room-left') && event.scope === 'room';
        expect(isGone || hasLeft, `${nick} misses ${event.text} of ${event.nickname}`).toBe(true);
      }
    }
  }
  for (const {author, id, text} of sent) {
    if (!author.of('delivered').some(event => event.id === id) || distributed.has(text)) continue;
    const scope = author.of('sent').find(event => event.id === id)?.scope;
    // Peer to peer, the hub has seen nothing: somebody has shown it. In a room that has just closed, nobody could.
    expect(scope, `text ${text} of ${author.nick} counts as delivered`).toBe('room');
  }
}
