import {peopleIn} from '../../client/conversations.ts';
import {Dictionary} from '../../client/dictionary.ts';
import {writeNickname} from '../../client/nicknames.ts';
import {crowdOf, type PresentUser, type State} from '../../client/state.ts';

/** A person in a list, with their label. */
export type ListedPerson = PresentUser & {readonly label: string};

const inEnglish = new Intl.Collator('en');

/**
 * The people who are here, in the order in which they are shown. Computed on demand: people who have come or gone
 * since the last call are inserted or removed.
 */
export function sortedUsers(state: State): readonly ListedPerson[] {
  const list = sortedByName(state);
  if (ownFirst.sorted === list && ownFirst.nick === state.nick) return ownFirst.list;
  const own = list.filter(({nick}) => nick === state.nick);
  const others = list.filter(({nick}) => nick !== state.nick);
  ownFirst = {sorted: list, nick: state.nick, list: [...own, ...others]};
  return ownFirst.list;
}

/** Those of them with whom one can begin to talk. */
export function selectableUsers(state: State): readonly string[] {
  return sortedUsers(state).flatMap(({nick}) => (nick === state.nick ? [] : [nick]));
}

/** The user's own name stands above the others. */
let ownFirst: {
  readonly sorted: readonly ListedPerson[];
  readonly nick: string;
  readonly list: readonly ListedPerson[];
} = {sorted: [], nick: '', list: []};

function sortedByName({users, people}: State): readonly ListedPerson[] {
  if (users === sorted.users) return sorted.list;
  const {added, removed} = users.differences(sorted.users);
  const gone = new Set(removed.map(({nick}) => nick));
  const list = sorted.list.filter(({nick}) => !gone.has(nick));
  const come = added.map(user => ({...user, label: people.labelOf(user.nick)}));
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

/** Everybody else who can be named: those who are here in the order of the list. */
export function othersOf(state: State): readonly string[] {
  const {room, invitations, conversations} = state;
  const others = new Set(sortedUsers(state).map(({nick}) => nick));
  for (const member of room?.members ?? []) others.add(member);
  for (const {from} of invitations) others.add(from);
  for (const nick of peopleIn(conversations)) others.add(nick);
  others.delete(state.nick);
  return [...others];
}

/** How the user can speak with one person alone: the command, and what Enter on a nickname does. */
export function approachOf({features}: State): {readonly command: string; readonly does: string} {
  if (features.has('direct-messages')) return {command: 'query', does: 'writes'};
  return features.has('invitations')
    ? {command: 'invite', does: 'invites'}
    : {command: 'link', does: 'connects'};
}

/** The command with which that is begun, for the composer. */
export function approachLine(state: State, nick: string): string {
  return `/${approachOf(state).command} ${writeNickname(nick, crowdOf(state))} `;
}
