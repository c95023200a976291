/** The entries of a conversation, cleaned of everything that could act on a terminal. */
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
  /** The author's nickname. */
  readonly from: string;
  /** The author's label. */
  readonly author: string;
  /** Direct messages only: the recipient's nickname. */
  readonly to?: string;
  /** The recipient's label. */
  readonly reader?: string;
  readonly text: string;
  /** `/me`: shown as `* alice waves`. */
  readonly isAction: boolean;
  readonly isMention: boolean;
  /** Your own messages only. */
  readonly id?: number;
  readonly delivery?: Delivery;
};

/** A sentence of the program itself. */
export type NoticeEntry = {
  readonly kind: 'notice';
  readonly at: number;
  readonly text: string;
  readonly tone: 'info' | 'arrival' | 'departure' | 'error';
};

export type Entry = MessageEntry | NoticeEntry;

/** A direct message already shows two names, so that an action in it is shown as plain text. */
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
