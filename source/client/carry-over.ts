/** A decentralised room goes on through the hub: the way out when members do not answer each other. */
import type {State} from './state.ts';

/**
 * Whether the user's room can be carried over to the hub. Only hubs with named rooms take people out of another room; elsewhere
 * nobody else may stay in the room that we leave, or the hub would refuse to invite them.
 */
export function canCarryOver(state: State): boolean {
  const {room, features, connection} = state;
  const isConnected = connection.phase === 'connected';
  if (!isConnected || room?.mode !== 'decentralised' || othersIn(state).length === 0) return false;
  if (!features.has('centralised-rooms') || !features.has('invitations')) return false;
  return features.has('named-rooms') || room.members.length === 2;
}

/** The other members. */
export function othersIn({room, nick}: Pick<State, 'room' | 'nick'>): readonly string[] {
  return room?.members.filter(member => member !== nick) ?? [];
}

/** Why the room cannot be carried over, and what can be done. */
export function whyNotCarried({room, connection}: State): string {
  if (room?.mode !== 'decentralised') return 'Only a room from peer to peer can be carried over';
  if (connection.phase !== 'connected') return 'That needs the hub, and there is no connection now';
  return 'The others would stay in this room, and cannot be invited out of it: ask them to /leave, then /leave and /invite them';
}

/** @param isName The rule of the protocol. */
export function nameForCarried(name: string, isName: (name: string) => boolean): string {
  const wanted = `${name}-hub`;
  return isName(wanted) ? wanted : 'hub';
}
