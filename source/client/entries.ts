/** The entries of a conversation, cleaned of everything that could act on a terminal. */
import type {FailureReason} from '../protocols/protocol.ts';
import {cleanText} from './clean-text.ts';
import type {People} from './people.ts';

export type Delivery =
  | {readonly state: 'sending'; readonly confirmed?: number; readonly of?: number}
  | {readonly state: 'retransmitting'; readonly confirmed?: number; readonly of?: number}
  /** It was never sent, and goes out when the hub is back. */
  | {readonly state: 'kept'; readonly confirmed?: number; readonly of?: number}
  | {readonly state: 'delivered'; readonly of?: number}
  | {
      readonly state: 'failed';
      readonly reason: FailureReason;
      readonly pending: readonly string[];
      readonly confirmed?: number;
      readonly of?: number;
    };

/** A text that somebody wrote. */
export type MessageEntry = {
  readonly kind: 'message';
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The author's nickname. */
  readonly from: string;
  /** The author's label. */
  readonly author: string;
  readonly text: string;
  /** `/me`: shown as `* alice waves`. */
  readonly isAction: boolean;
  readonly isMention: boolean;
  /** Your own messages only. */
  readonly id?: number;
  /** Messages of others only: number of the journey. */
  readonly receipt?: number;
  readonly delivery?: Delivery;
};

/** A sentence of the program itself. */
export type NoticeEntry = {
  readonly kind: 'notice';
  readonly at: number;
  readonly text: string;
  readonly tone: 'info' | 'arrival' | 'departure' | 'error';
  /** Ids of your messages that it is about. When none is left it is over, and not shown any more. */
  readonly about?: readonly number[];
};

export type Entry = MessageEntry | NoticeEntry;

/** Whether a notice is not true any more, and no longer shown: the messages that it is about have arrived or are sent again. */
export function isOver(entry: Entry): boolean {
  return entry.kind === 'notice' && entry.about?.length === 0;
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
