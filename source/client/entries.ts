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
  readonly tone: 'info' | 'error';
  /** Ids of your messages that it is about. When none is left it is over, and not shown any more. */
  readonly about?: readonly number[];
};

/** Who has come and who has gone, for as long as nothing else is said: one line, however many they are. */
export type PresenceEntry = {
  readonly kind: 'presence';
  /** When the first of them came or went. */
  readonly at: number;
  readonly came: Passage;
  readonly gone: Passage;
};

export type Passage = {
  /** Labels of the people who have spoken lately, at most {@link maximumNamed}. */
  readonly speakers: readonly string[];
  /** Labels of a few others. */
  readonly others: readonly string[];
  /** The number of all. */
  readonly count: number;
};

export type Entry = MessageEntry | NoticeEntry | PresenceEntry;

/** Of the people who have spoken lately, this many are named; of silent ones half as many, and only if they are all. */
export const maximumNamed = 6;

/** Whether a notice is not true any more, and no longer shown: the messages that it is about have arrived or are sent again. */
export function isOver(entry: Entry): boolean {
  return entry.kind === 'notice' && entry.about?.length === 0;
}

const nobody: Passage = {speakers: [], others: [], count: 0};

export function presence(at: number): PresenceEntry {
  return {kind: 'presence', at, came: nobody, gone: nobody};
}

/** One more person has come or gone. Of somebody who does both, and is named, the last is told. */
export function withPassage(
  entry: PresenceEntry,
  direction: 'came' | 'gone',
  label: string,
  isSpeaker: boolean,
): PresenceEntry {
  const opposite = direction === 'came' ? 'gone' : 'came';
  const {speakers, others, count} = entry[direction];
  return {
    ...entry,
    [opposite]: without(entry[opposite], label),
    [direction]: {
      speakers: isSpeaker ? [...speakers, label].slice(0, maximumNamed) : speakers,
      others: isSpeaker ? others : [...others, label].slice(0, maximumNamed / 2),
      count: count + 1,
    },
  };
}

function without(passage: Passage, label: string): Passage {
  const {speakers, others, count} = passage;
  const isNamed = speakers.includes(label) || (isSmall(passage) && others.includes(label));
  if (!isNamed) return passage;
  return {
    speakers: speakers.filter(other => other !== label),
    others: others.filter(other => other !== label),
    count: count - 1,
  };
}

/** Whether that entry tells that somebody has gone. Of a crowd that is not named, it may. */
export function mayHaveGone({gone}: PresenceEntry, label: string): boolean {
  return !isSmall(gone) || gone.speakers.includes(label) || gone.others.includes(label);
}

/** Whether all of them can be named. */
function isSmall({speakers, others, count}: Passage): boolean {
  return speakers.length + others.length === count;
}

/** `→ dora, mei and 3 more came · ← xter left` */
export function presenceWords({came, gone}: PresenceEntry): string {
  const words = [
    ...(came.count > 0 ? [`→ ${passageWords(came)} came`] : []),
    ...(gone.count > 0 ? [`← ${passageWords(gone)} left`] : []),
  ];
  return words.join(' · ');
}

function passageWords(passage: Passage): string {
  const {names, left} = namedIn(passage);
  if (names.length === 0) return String(passage.count);
  if (left > 0) return `${names.join(', ')} and ${left} more`;
  const last = names.at(-1) ?? '';
  return names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** Who is named, and how many are not. Silent people are named only if there are no more. */
export function namedIn(passage: Passage): {
  readonly names: readonly string[];
  readonly left: number;
} {
  const {speakers, others, count} = passage;
  const names = isSmall(passage) ? [...speakers, ...others] : speakers;
  return {names, left: count - names.length};
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
