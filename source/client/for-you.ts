/** What the user wants to be told of at once: by a bell, a notice of the desktop, a count of its own. */
import {cleanText} from './clean-text.ts';
import {type ConversationId, isDirect} from './conversations.ts';
import type {MessageEntry} from './entries.ts';
import type {EngineEvent} from './events.ts';
import {mentions} from './mentions.ts';
import type {State} from './state.ts';

/**
 * Whether an event calls the user: a mention, an invitation, or a text that nobody else reads. That is a direct message,
 * or one in a private connection or in a room of two.
 */
export function isForYou(event: EngineEvent, state: State): boolean {
  if (event.type === 'invitation') return !state.ignored.has(event.from);
  if (event.type !== 'message' || state.ignored.has(event.from)) return false;
  const {scope, text} = event;
  if (scope === 'direct' || scope === 'link') return true;
  return (scope === 'room' && isForTwo(state)) || mentions(cleanText(text), state.nick);
}

/** The same for a message of somebody else that stands in that conversation. */
export function isMessageForYou(
  {isMention}: MessageEntry,
  conversation: ConversationId,
  state: State,
): boolean {
  return isMention || isDirect(conversation) || (conversation === 'room' && isForTwo(state));
}

function isForTwo({room, link}: State): boolean {
  return room === undefined ? link !== undefined : room.members.length <= 2;
}
