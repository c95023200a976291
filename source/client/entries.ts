/** What a conversation shows, cleaned of what could act on a terminal. */
import {cleanLine, cleanText} from './clean-text.ts';

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
  readonly from: string;
  /** Of a direct message only: whom it is for. */
  readonly to?: string;
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
export function directMessage(from: string, to: string, text: string, at: number): MessageEntry {
  const nick = cleanLine(from);
  return {
    kind: 'message',
    at,
    from: nick,
    to,
    text: cleanText(text),
    isAction: false,
    isMention: false,
  };
}

/** `/me` has no field in any protocol: our clients send `* alice waves`. */
export function message(from: string, text: string, at: number): MessageEntry {
  const nick = cleanLine(from);
  const cleaned = cleanText(text);
  const prefix = `* ${nick} `;
  const isAction = cleaned.startsWith(prefix);
  return {
    kind: 'message',
    at,
    from: nick,
    text: isAction ? cleaned.slice(prefix.length) : cleaned,
    isAction,
    isMention: false,
  };
}

/** The nickname as a word of its own, in whatever case. */
export function mentions(text: string, nick: string): boolean {
  const escaped = nick.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return (
    nick !== '' && new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'iu').test(text)
  );
}
