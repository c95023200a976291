/** Invitations in words: of whom, to what, for how long, and what accepting them leaves. */
import type {Invitation, SentInvitation, State} from '../../client/state.ts';
import {nameLabel} from '../../names/label.ts';
import {truncate, widthOf} from '../text/width.ts';
import {modeWords} from './mode-words.ts';

/** Rows that a pane needs to show all of them, with the keys that answer; 0 if there are none. */
export function invitationRows(state: State, now: number): number {
  const received = state.invitations.length;
  const each = leavingWords(state) === '' ? 2 : 3;
  return received * each + (received === 0 ? 0 : 1) + openSent(state, now).length;
}

/** What the user has asked others, and they can still answer. */
export function openSent(
  {sentInvitations}: Pick<State, 'sentInvitations'>,
  now: number,
): readonly SentInvitation[] {
  return sentInvitations.filter(({until = Number.POSITIVE_INFINITY}) => until > now);
}

/** `cadeau, by hub, 4 people` */
export function invitationWords({mode, room}: Invitation, {rooms}: State): string {
  const members = rooms?.find(({name}) => name === room)?.members;
  return [
    ...(room === undefined ? [] : [nameLabel(room)]),
    modeWords[mode],
    ...(members === undefined ? [] : [`${members} ${members === 1 ? 'person' : 'people'}`]),
  ].join(', ');
}

/** What the user leaves by accepting: `you leave projet`; empty if nothing. */
export function leavingWords({room}: State): string {
  if (room === undefined) return '';
  return `you leave ${room.name === undefined ? 'your room' : nameLabel(room.name)}`;
}

/** `4:12 left`; empty if the protocol does not say how long it can be answered. */
export function timeLeft({until}: Pick<Invitation, 'until'>, now: number): string {
  if (until === undefined) return '';
  const seconds = Math.max(0, Math.round((until - now) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} left`;
}

/** What a row above the composer says of it: `zoe invites you to cadeau, by hub · 4:12 left`. */
export function invitationBar(
  invitation: Invitation,
  state: State,
  now: number,
  columns: number,
): string {
  const {from, mode, room} = invitation;
  const name = state.people.labelOf(from);
  const words = invitationWords(invitation, state);
  const what =
    mode === 'link'
      ? 'asks for a private connection'
      : `invites you to ${room === undefined ? `a room, ${words}` : words}`;
  const joined = (...parts: readonly string[]) => parts.filter(part => part !== '').join(' · ');
  const left = timeLeft(invitation, now);
  const whole = joined(`${name} ${what}`, left, leavingWords(state));
  if (widthOf(whole) <= columns) return whole;
  // The time goes last.
  return joined(truncate(`${name} ${what}`, columns - widthOf(joined(' ', left)) + 1), left);
}
