/** The messages in which the user was mentioned, whichever conversation they are in. */
import type {ConversationId} from './conversations.ts';
import type {MessageEntry} from './entries.ts';
import {historyOf, openConversations, type State} from './state.ts';

/** The place of a message. */
export type Place = {readonly conversation: ConversationId; readonly index: number};

export type Mention = Place & {readonly entry: MessageEntry};

const maximumMentions = 100;

export function withMention(mentions: readonly Place[], place: Place): readonly Place[] {
  return [...mentions.slice(1 - maximumMentions), place];
}

/** The last of them that can still be read, newest first. */
export function lastMentions(state: State): readonly Mention[] {
  const open = new Set(openConversations(state));
  return state.mentions
    .flatMap(place => {
      const entry = historyOf(state, place.conversation).at(place.index);
      return entry?.kind === 'message' && open.has(place.conversation) ? {...place, entry} : [];
    })
    .reverse();
}
