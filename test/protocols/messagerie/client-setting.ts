import {messagerie} from '../../../source/protocols/messagerie/index.ts';
import type {Message, Peer} from '../../../source/protocols/messagerie/wire/messages.ts';
import * as wire from '../../../source/protocols/messagerie/wire.ts';
import type {Endpoint} from '../../../source/transport/endpoint.ts';
import {type SimulatedUser, World} from '../../network/world.ts';
import {show} from './bench.ts';
import type {ScriptedHub} from './scripted-hub.ts';

export const nowhere = {loss: 1, duplication: 0, maximumDelayMs: 0};

export const everywhere = {loss: 0, duplication: 0, maximumDelayMs: 0};

export const minuteMs = 60_000;

export const modes = ['centralised', 'decentralised'] as const;

export const [bob, carl, dora] = ['bob', 'carl', 'dora'].map((name, index) => ({
  name,
  endpoint: {host: `203.0.113.${index + 2}`, port: 4000 + index},
})) as [Peer, Peer, Peer];

/** Users connected to a real hub, by the names most tests use. */
export function connected(count: 1 | 2 | 3 | 4) {
  const world = new World(messagerie, 1);
  const users = world.connect(...['alice', 'bob', 'carl', 'dora'].slice(0, count));
  const [alice = world.add('x'), bob = alice, carl = bob, dora = carl] = users;
  return {world, alice, bob, carl, dora};
}

/** Brings them into a room called "den" that the first creates, and lets the lists settle. */
export function gather(
  world: World,
  mode: 'centralised' | 'decentralised',
  founder: SimulatedUser,
  ...others: readonly SimulatedUser[]
): void {
  founder.createRoom('den', mode, 10);
  world.run(0);
  for (const other of others) other.joinRoom('den');
  world.run(2000);
}

/** What became of a text: the events that carry its id, in their order. */
export function fate(user: SimulatedUser, id: number) {
  return user.events.filter(event => 'id' in event && event.id === id && event.type !== 'sent');
}

export function failure(id: number, reason: string, pending: readonly string[] = []) {
  return {type: 'failed', id, reason, pending};
}

/** What happened to a user in rooms, in order: `entered den: alice bob`, `members: alice`, `left: closed`. */
export function story(user: SimulatedUser): string[] {
  return user.events.flatMap(event => {
    if (event.type === 'room-entered') return `entered ${event.name}: ${event.members.join(' ')}`;
    if (event.type === 'room-members') return `members: ${event.members.join(' ')}`;
    return event.type === 'room-left' ? `left: ${event.reason}` : [];
  });
}

export function errors(user: SimulatedUser): string[] {
  return user.of('error').map(({code}) => code);
}

/** Puts somebody at that address who only notes what comes. */
export function record(world: Pick<World, 'network'>, endpoint: Endpoint): string[] {
  const lines: string[] = [];
  world.network.attach(endpoint, {
    dueAt: Number.POSITIVE_INFINITY,
    receive: datagram => {
      const decoded = wire.decode(datagram);
      const isKnown = decoded.ok && decoded.message.type !== 'unknown';
      lines.push(isKnown ? show(decoded.message as Message) : 'nonsense');
    },
    onTime: () => {},
  });
  return lines;
}

/** What the client has sent to the hub, in hex. */
export function bytesTo(hub: ScriptedHub): string[] {
  const lines: string[] = [];
  const {receive} = hub;
  hub.receive = (datagram, from) => {
    lines.push(Buffer.from(datagram).toString('hex'));
    receive.call(hub, datagram, from);
  };
  return lines;
}

/** Answers requests of that kind with an ERREUR. */
export function refuse(hub: ScriptedHub, type: Message['type'], text: string): void {
  hub.answers.set(type, ({sequence}) => ({type: 'erreur', sequence, text}));
}

/** Keeps back the answers to that kind of request, until told. */
export function withhold(hub: ScriptedHub, type: Message['type']): () => Message {
  const requests: Message[] = [];
  hub.answers.set(type, request => {
    requests.push(request);
    return undefined;
  });
  return () => {
    hub.answers.delete(type);
    const [request] = requests;
    if (request === undefined) throw new Error(`nobody has sent ${type}`);
    return request;
  };
}

export function sequences(messages: readonly Message[]): number[] {
  return messages.map(({sequence}) => sequence);
}
