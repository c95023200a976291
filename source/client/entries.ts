/** What a conversation shows, cleaned of what could act on a terminal. */
import {cleanText} from './clean-text.ts';
import type {People} from './people.ts';

export type Delivery =
  | {readonly state: 'sending'; readonly confirmed?: number; readonly of?: number}
  | {readonly state: 'retransmitting'; readonly confirmed?: number; readonly of?: number}
  | {readonly state: 'delivered'; readonly of?: number}
  | {readonly state: 'failed'; readonly reason: string; readonly pending: readonly string[]};

/** A text that somebody wrote. */
export type MessageEntry = {
  readonly kind: 'message';
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whose it is. */
  readonly from: string;
  /** What is shown of them. */
  readonly author: string;
  /** Of a direct message only: whom it is for. */
  readonly to?: string;
  /** What is shown of them. */
  readonly reader?: string;
  readonly text: string;
  /** `/me`: shown as `* alice waves`. */
  readonly isAction: boolean;
  readonly isMention: boolean;
  /** Of your own messages only. */
  readonly id?: number;
  readonly delivery?: Delivery;
};

/** What the program itself has to say. */
export type NoticeEntry = {
  readonly kind: 'notice';
  readonly at: number;
  readonly text: string;
  readonly tone: 'info' | 'arrival' | 'departure' | 'error';
};

export type Entry = MessageEntry | NoticeEntry;

/** Beside two names there is no room for an action: its text is shown as it is. */
export function directMessage(
  from: string,
  to: string,
  text: string,
  at: number,
  people: People,
): MessageEntry {
  return {
    kind: 'message',
    at,
    from,
    author: people.labelOf(from),
    to,
    reader: people.labelOf(to),
    text: cleanText(text),
    isAction: false,
    isMention: false,
  };
}

/** `/me` has no field in any protocol: our clients send `* alice waves`. */
export function message(from: string, text: string, at: number, people: People): MessageEntry {
  const prefix = `* ${from} `;
  const isAction = text.startsWith(prefix);
  return {
    kind: 'message',
    at,
    from,
    author: people.labelOf(from),
    text: cleanText(isAction ? text.slice(prefix.length) : text),
    isAction,
    isMention: false,
  };
}
