/** The answers to what the program itself knows: `/stats`, `/invites` and `/search`. */
import type {ConversationId} from '../client/conversations.ts';
import {quantilesOf} from '../client/durations.ts';
import {historyOf, type MessageEntry, type State} from '../client/state.ts';
import type {FoundEvent, InvitationsEvent, StatsEvent} from './events.ts';

/** @param times How long texts took from `sent` to `delivered`. */
export function statsEvent(
  {statistics, memberStates}: State,
  times: readonly number[],
): StatsEvent {
  const {sent, received, retransmissions, roundTripMs} = statistics;
  const quantiles = quantilesOf(times);
  const members = [...memberStates].map(([nick, {roundTripMs, silentSince}]) => ({
    nick,
    ...(roundTripMs === undefined ? {} : {roundTripMs}),
    ...(silentSince === undefined ? {} : {silentSince: isoTime(silentSince)}),
  }));
  return {
    type: 'stats',
    sent,
    received,
    retransmissions,
    ...(roundTripMs === undefined ? {} : {roundTripMs}),
    ...(quantiles === undefined ? {} : {deliveryMs: {...quantiles, of: times.length}}),
    members,
  };
}

/** @param now In milliseconds since 1970. */
export function invitationsEvent(
  {invitations, sentInvitations}: State,
  now: number,
): InvitationsEvent {
  const left = (until: number | undefined) =>
    until === undefined ? {} : {leftMs: Math.max(0, until - now)};
  return {
    type: 'invitations',
    received: invitations.map(({from, mode, room, until}) => ({
      from,
      mode,
      ...(room === undefined ? {} : {room}),
      ...left(until),
    })),
    sent: sentInvitations
      .filter(({until}) => until === undefined || until > now)
      .map(({to, mode, until}) => ({to, mode, ...left(until)})),
  };
}

const maximumFound = 100;

/** The newest messages of that conversation with those letters, in any case. */
export function foundEvent(state: State, conversation: ConversationId, wanted: string): FoundEvent {
  const letters = wanted.toLowerCase();
  const found: MessageEntry[] = [];
  let count = 0;
  for (const [, entry] of historyOf(state, conversation).backwards()) {
    if (entry.kind !== 'message' || !entry.text.toLowerCase().includes(letters)) continue;
    count++;
    if (count <= maximumFound) found.push(entry);
  }
  const messages = found.reverse().map(({id, receipt, at, from, text, isAction}) => {
    const number = id ?? receipt;
    return {
      ...(number === undefined ? {} : {id: number}),
      own: id !== undefined,
      said: isoTime(at),
      from,
      text,
      ...(isAction ? {action: true as const} : {}),
    };
  });
  return {type: 'found', wanted, count, messages};
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
