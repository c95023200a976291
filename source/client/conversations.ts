/**
 * The conversations of the user: the public one, the private room or connection, and one with each person who was
 * written to or heard from directly.
 */
import type {Conversation} from '../protocols/protocol.ts';
import type {Entry} from './entries.ts';
import {History} from './history.ts';

/** A conversation with one person: `@` and the exact nickname. */
export type DirectId = `@${string}`;

export type ConversationId = Conversation | DirectId;

/** Those with one person are in the order in which they were opened. */
export type Conversations = Readonly<Record<Conversation, History<Entry>>> & {
  readonly [id: DirectId]: History<Entry>;
};

export function directId(nick: string): DirectId {
  return `@${nick}`;
}

export function isDirect(id: string): id is DirectId {
  return id.startsWith('@');
}

/** The person with whom that conversation is; undefined for the others. */
export function personOf(id: DirectId): string;
export function personOf(id: ConversationId): string | undefined;
export function personOf(id: ConversationId): string | undefined {
  return isDirect(id) ? id.slice(1) : undefined;
}

/** The conversations with one person, in the order in which they were opened. */
export function directIds(conversations: Conversations): readonly DirectId[] {
  return Object.keys(conversations).filter(isDirect);
}

/** Nicknames of the people with whom there is a conversation. */
export function peopleIn(conversations: Conversations): readonly string[] {
  return directIds(conversations).map(id => personOf(id));
}

/** All of them: public and room first. */
export function conversationIds(conversations: Conversations): readonly ConversationId[] {
  return ['public', 'room', ...directIds(conversations)];
}

/** More people can write than a user can talk with. */
const maximumDirect = 64;
/** Of each conversation with one person. */
const maximumEntries = 1000;

/** @param start Where the indexes of its entries begin. */
export function emptyDirect(start: number): History<Entry> {
  return History.empty<Entry>(maximumEntries, start);
}

/**
 * The conversation that makes room for another, if there are too many: the one that was quiet for longest. Those in
 * which the user has written go last, so that a crowd of strangers closes nothing that matters.
 *
 * @param kept Never that one.
 */
export function dispensable(
  conversations: Conversations,
  kept: DirectId | undefined,
): DirectId | undefined {
  const ids = directIds(conversations);
  if (ids.length < maximumDirect) return undefined;
  const lastAt = (id: DirectId) => {
    const history = conversations[id];
    return history?.at(history.end - 1)?.at ?? 0;
  };
  const quietFirst = ids
    .filter(id => id !== kept)
    .toSorted((one, other) => lastAt(one) - lastAt(other));
  return quietFirst.find(id => !hasWritten(conversations[id])) ?? quietFirst[0];
}

function hasWritten(history: History<Entry> | undefined): boolean {
  return history?.backwards().some(([, entry]) => isOwn(entry)) ?? false;
}

/** Whether the user has written it. */
export function isOwn(entry: Entry): boolean {
  return entry.kind === 'message' && entry.id !== undefined;
}
