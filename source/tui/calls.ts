/** What calls the user, even from another window: a mention, a text for them alone, an invitation. */
import {cleanLine, cleanText} from '../client/clean-text.ts';
import {type ConversationId, directId} from '../client/conversations.ts';
import type {EngineEvent} from '../client/events.ts';
import {isForYou} from '../client/for-you.ts';
import {mentions} from '../client/mentions.ts';
import type {State} from '../client/state.ts';
import {nameLabel} from '../names/label.ts';
import type {CallKind} from '../terminal-settings.ts';

export type Call = {
  readonly kind: CallKind;
  /** The label of the person. */
  readonly from: string;
  /** Where the text is; an invitation is in no conversation. */
  readonly conversation?: ConversationId;
  /** One line: what was written, or what the invitation is for. */
  readonly text: string;
};

/** @param state After the event. */
export function callOf(event: EngineEvent, state: State): Call | undefined {
  if (!isForYou(event, state)) return undefined;
  if (event.type === 'invitation') {
    const {from, mode, room} = event;
    const text =
      mode === 'link' ? 'a private connection' : room ? nameLabel(room) : 'a private room';
    return {kind: 'invitations', from: state.people.labelOf(from), text};
  }
  if (event.type !== 'message') return undefined;
  const {from, scope, text} = event;
  const isShared = scope === 'public' || scope === 'room';
  return {
    kind: isShared && mentions(cleanText(text), state.nick) ? 'mentions' : 'private',
    from: state.people.labelOf(from),
    conversation: scope === 'direct' ? directId(from) : scope === 'link' ? 'room' : scope,
    text: cleanLine(text),
  };
}
