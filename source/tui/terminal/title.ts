import {attentionOf} from '../unread.ts';
import type {View} from '../view.ts';

/** `(3) chat-tui`: how many messages are unread; `(3!)` if one of them calls the user. */
export function titleOf(view: View): string {
  const {messages, mentions} = attentionOf(view);
  if (messages === 0) return 'chat-tui';
  return `(${messages}${mentions > 0 ? '!' : ''}) chat-tui`;
}
