import {type ConversationId, isDirect, personOf} from '../../client/conversations.ts';
import {Dictionary} from '../../client/dictionary.ts';
import {historyOf, type PresentUser, type State} from '../../client/state.ts';
import {widthOf} from '../text/width.ts';

/** A person in a list, with their label and the cells that it takes. */
export type ListedPerson = PresentUser & {readonly label: string; readonly columns: number};

const inEnglish = new Intl.Collator('en');

/**
 * The people who are here, in the order in which they are shown. Computed on demand: people who have come or gone
 * since the last call are inserted or removed.
 */
export function sortedUsers({users, people}: State): readonly ListedPerson[] {
  if (users === sorted.users) return sorted.list;
  const {added, removed} = users.differences(sorted.users);
  const gone = new Set(removed.map(({nick}) => nick));
  const list = sorted.list.filter(({nick}) => !gone.has(nick));
  const come = added.map(user => {
    const label = people.labelOf(user.nick);
    return {...user, label, columns: widthOf(label)};
  });
  if (come.length < manyAtOnce) {
    for (const person of come) list.splice(placeOf(person, list), 0, person);
  } else {
    list.push(...come);
    list.sort(inOrder);
  }
  sorted = {users, list};
  return list;
}

let sorted: {readonly users: State['users']; readonly list: readonly ListedPerson[]} = {
  users: Dictionary.empty(),
  list: [],
};

/** From this many arrivals on, the whole list is sorted instead of inserting them one by one. */
const manyAtOnce = 50;

function inOrder(one: ListedPerson, other: ListedPerson): number {
  return inEnglish.compare(one.label, other.label);
}

/** By bisection. */
function placeOf(person: ListedPerson, list: readonly ListedPerson[]): number {
  let [start, end] = [0, list.length];
  while (start < end) {
    const middle = (start + end) >> 1;
    const other = list[middle];
    if (other !== undefined && inOrder(other, person) <= 0) start = middle + 1;
    else end = middle;
  }
  return start;
}

/** Cells of the widest label among the people whose messages can appear in that conversation. */
export function widestWriter(state: State, name: ConversationId): number {
  const {room, link, nick, people} = state;
  const widest = (nicks: readonly string[]) =>
    nicks.reduce((most, one) => Math.max(most, widthOf(people.labelOf(one))), 0);
  if (isDirect(name)) return widest([nick, personOf(name)]);
  if (name === 'room')
    return widest([nick, ...(room?.members ?? []), ...(link ? [link.nick] : [])]);
  return sortedUsers(state).reduce((most, {columns}) => Math.max(most, columns), widest([nick]));
}

/** Everybody else who can be named: those who are here in the order of the list. */
export function othersOf(state: State): readonly string[] {
  const {room, invitations} = state;
  const others = new Set(sortedUsers(state).map(({nick}) => nick));
  for (const member of room?.members ?? []) others.add(member);
  for (const {from} of invitations) others.add(from);
  others.delete(state.nick);
  return [...others];
}

/** Who else wrote last in that conversation, newest first and each once. Only its newest entries are searched. */
export function speakersOf(state: State, id: ConversationId): readonly string[] {
  const speakers = new Set<string>();
  let left = maximumSearched;
  for (const [, entry] of historyOf(state, id).backwards()) {
    if (entry.kind === 'message' && entry.from !== state.nick) speakers.add(entry.from);
    if (--left === 0) break;
  }
  return [...speakers];
}

const maximumSearched = 500;

/** How the user can speak with one person alone: the command, and what Enter on a nickname does. */
export function approachOf({features}: State): {readonly command: string; readonly does: string} {
  if (features.has('invitations')) return {command: 'invite', does: 'invites'};
  return features.has('links')
    ? {command: 'link', does: 'connects'}
    : {command: 'msg', does: 'writes'};
}
