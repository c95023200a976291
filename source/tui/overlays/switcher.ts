/** The list of conversations and people behind Ctrl-G, and how a few letters find one of them. */
import {type ConversationId, directId} from '../../client/conversations.ts';
import {here, historyOf, openConversations, type State} from '../../client/state.ts';
import {textKey} from '../../names/key.ts';
import {type Editor, emptyEditor} from '../composer/line-editor.ts';
import {sortedUsers} from '../panes/people.ts';
import {stepIndex} from '../selection.ts';
import {unreadConversations} from '../unread.ts';
import {conversationLabel, type View} from '../view.ts';

export type Switcher = {
  readonly kind: 'switcher';
  readonly query: Editor;
  /** Everything there was when it was opened: it does not move while the user reads it. */
  readonly places: readonly Place[];
  /** Those that the query finds, the best first. */
  readonly found: readonly Place[];
  /** Position among those that were found. */
  readonly selected: number;
};

/** Where one can go. The conversation with a person need not be open. */
export type Place = {
  readonly id: ConversationId;
  readonly label: string;
  /** By which labels are compared with what is typed. */
  readonly key: string;
};

export function openSwitcher(view: View): Switcher {
  const {state} = view;
  const current = here(state);
  const open = openConversations(state);
  const conversations = [
    ...unreadConversations(view),
    ...open.filter(id => id !== current),
    current,
  ];
  const speakers = lastSpeakers(state, open);
  const everybody = [...speakers.filter(nick => state.users.has(nick))];
  for (const {nick} of sortedUsers(state)) everybody.push(nick);
  const people = everybody.filter(nick => nick !== state.nick).map(directId);
  const ids = new Set([...conversations, ...people]);
  const places = [...ids].map(id => {
    const label = conversationLabel(state, id);
    return {id, label, key: keyOf(label)};
  });
  return {kind: 'switcher', query: emptyEditor, places, found: places, selected: 0};
}

export function search(switcher: Switcher, query: Editor): Switcher {
  const wanted = keyOf(query.text);
  const isNarrower = query.text.startsWith(switcher.query.text);
  const candidates = isNarrower ? switcher.found : switcher.places;
  if (wanted === '') return {...switcher, query, found: switcher.places, selected: 0};
  const found = candidates
    .map(place => ({place, distance: distance(wanted, place.key)}))
    .filter(({distance}) => distance !== undefined)
    .sort((one, other) => (one.distance ?? 0) - (other.distance ?? 0))
    .map(({place}) => place);
  return {...switcher, query, found, selected: 0};
}

/** Accents need not be typed. */
function keyOf(text: string): string {
  return textKey(text).normalize('NFD').replaceAll(/\p{M}/gu, '');
}

/** Stops at the first and at the last. */
export function step(switcher: Switcher, by: number): Switcher {
  const {found, selected} = switcher;
  return {...switcher, selected: stepIndex(selected, by, found.length)};
}

/**
 * How far a text is from what was typed: at its beginning, at that of a word, anywhere, or with other letters between.
 *
 * @returns undefined if the letters are not there in that order.
 */
export function distance(typed: string, text: string): number | undefined {
  const at = text.indexOf(typed);
  if (at === 0) return 0;
  if (at > 0) return /[\p{L}\p{N}]/u.test(text.charAt(at - 1)) ? 2 : 1;
  const letters = [...typed];
  let [first, end] = [-1, 0];
  for (const letter of letters) {
    const index = text.indexOf(letter, end);
    if (index === -1) return undefined;
    if (first === -1) first = index;
    end = index + letter.length;
  }
  return 3 + end - first - typed.length;
}

/** Only the newest entries of each conversation are looked at. */
const searchedEntries = 200;

/** Those who have written, the last first. */
function lastSpeakers(state: State, open: readonly ConversationId[]): readonly string[] {
  const messages = open.flatMap(id =>
    [...historyOf(state, id).backwards().take(searchedEntries)].flatMap(([, entry]) =>
      entry.kind === 'message' ? [entry] : [],
    ),
  );
  const newestFirst = messages.sort((one, other) => other.at - one.at);
  return [...new Set(newestFirst.map(({from}) => from))];
}
