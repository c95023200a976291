import {shen} from '../../../source/protocols/shen/index.ts';
import * as wire from '../../../source/protocols/shen/wire.ts';
import type {Endpoint} from '../../../source/transport/endpoint.ts';
import type {SimulatedNetwork} from '../../network/simulated-network.ts';
import {type SimulatedUser, World} from '../../network/world.ts';
import {show} from './bench.ts';

export const nowhere = {loss: 1, duplication: 0, maximumDelayMs: 0};

export const everywhere = {loss: 0, duplication: 0, maximumDelayMs: 0};

export const minuteMs = 60_000;

export const modes = ['centralised', 'decentralised'] as const;

/** Users connected to a real hub, by the names most tests use. */
export function connected(count: 1 | 2 | 3 | 4) {
  const world = new World(shen, 1);
  const users = world.connect(...['alice', 'bob', 'carl', 'dora'].slice(0, count));
  // Until what confirms the first lists has arrived, too.
  world.run(0);
  const [alice = world.add('x'), bob = alice, carl = bob, dora = carl] = users;
  return {world, alice, bob, carl, dora};
}

/** Brings them into one room that the first has founded. */
export function gather(
  world: World,
  mode: 'centralised' | 'decentralised',
  founder: SimulatedUser,
  ...others: readonly SimulatedUser[]
): void {
  founder.invite(
    others.map(({nick}) => nick),
    mode,
  );
  world.run(0);
  for (const other of others) {
    other.answer(founder.nick, true);
    world.run(0);
  }
}

/** What became of a text: the events that carry its id, in their order. */
export function fate(user: SimulatedUser, id: number) {
  return user.events.filter(event => 'id' in event && event.id === id && event.type !== 'sent');
}

export function failed(id: number, reason: string) {
  return [{type: 'failed', id, reason, pending: []}];
}

export function text(sequence: number, message: string): wire.Message {
  return {type: 'message', sequence, state: 'room', mode: 'decentralised', parts: [message]};
}

/** The number in the first line of that type. */
export function numberOf(lines: readonly string[], type: string): number {
  return Number(/#(\d+)/.exec(lines.find(line => line.startsWith(type)) ?? '')?.[1]);
}

/** Puts somebody at that address who only notes what comes. */
export function record(
  {network}: {readonly network: SimulatedNetwork},
  endpoint: Endpoint,
): string[] {
  const lines: string[] = [];
  network.attach(endpoint, {
    dueAt: Number.POSITIVE_INFINITY,
    receive: datagram => {
      const decoded = wire.decode(datagram);
      lines.push(decoded.ok ? show(decoded.message) : decoded.reason);
    },
    onTime: () => {},
  });
  return lines;
}
