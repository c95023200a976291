import type {State, User} from '../../client/state.ts';
import type {Conversation} from '../composer/composer.ts';

/** In the order in which they are shown. */
export function sortedUsers(users: readonly User[]): readonly User[] {
  return users.toSorted((one, other) => one.nick.localeCompare(other.nick));
}

/** Nicknames of those whose messages can stand in that conversation. */
export function writersOf({room, link, users, nick}: State, name: Conversation): readonly string[] {
  const inPrivate = room?.members ?? (link === undefined ? [] : [link.nick]);
  const others = name === 'room' ? inPrivate : users.map(user => user.nick);
  return [...others, nick];
}

/** Everybody whom one can name, oneself left out. */
export function othersOf({room, users, nick}: State): readonly string[] {
  const others = new Set([...(room?.members ?? []), ...users.map(user => user.nick)]);
  others.delete(nick);
  return [...others];
}

/** How one comes to speak with somebody alone: the command, and what Enter on a nickname does. */
export function approachOf({features}: State): {readonly command: string; readonly does: string} {
  if (features.has('invitations')) return {command: 'invite', does: 'invites'};
  return features.has('links')
    ? {command: 'link', does: 'connects'}
    : {command: 'msg', does: 'writes'};
}
