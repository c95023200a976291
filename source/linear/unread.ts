/** What has come since the user last wrote a line: who is away hears it spoken to an empty room. */
import type {ConversationId} from '../client/conversations.ts';
import {type PresenceEntry, presence, withPassage} from '../client/entries.ts';
import {isMessageForYou} from '../client/for-you.ts';
import {historyOf, type MessageEntry, openConversations, type State} from '../client/state.ts';

export type UnreadMessage = {
  readonly conversation: ConversationId;
  readonly entry: MessageEntry;
};

/** So many of each conversation are looked at. */
const maximumCounted = 1000;

export class Unread {
  /** Index of the first entry that is unread, where not everything is. */
  #starts: ReadonlyMap<ConversationId, number> = new Map();
  #passages: PresenceEntry = presence(0);

  /** Everything up to now is read. */
  read(state: State): void {
    this.#starts = new Map(
      openConversations(state).map(id => [id, historyOf(state, id).end] as const),
    );
    this.#passages = presence(0);
  }

  passed(direction: 'came' | 'gone', label: string, isSpeaker: boolean): void {
    this.#passages = withPassage(this.#passages, direction, label, isSpeaker);
  }

  /** Who has come and gone meanwhile. */
  get passages(): PresenceEntry {
    return this.#passages;
  }

  /** Messages of others, by conversation, oldest first. */
  messages(state: State): readonly UnreadMessage[] {
    return openConversations(state).flatMap(conversation => {
      const history = historyOf(state, conversation);
      const start = this.#starts.get(conversation) ?? history.start;
      const found: UnreadMessage[] = [];
      for (const [index, entry] of history.backwards()) {
        if (index < start || found.length === maximumCounted) break;
        if (entry.kind === 'message' && entry.id === undefined)
          found.unshift({conversation, entry});
      }
      return found;
    });
  }
}

/** How many of them are for the user. */
export function countForYou(messages: readonly UnreadMessage[], state: State): number {
  return messages.filter(({conversation, entry}) => isMessageForYou(entry, conversation, state))
    .length;
}
