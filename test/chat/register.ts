import type {Chat, Dialect, Outcome} from '../../source/chat/chat.ts';
import {registration} from '../../source/chat/naming.ts';

/** What comes of somebody who asks for a place under that nickname, as a hub would ask for them. */
export function register(chat: Chat, nickname: string, dialect: Dialect): Outcome {
  const command = registration(chat, nickname, dialect);
  return command === undefined ? {refusal: 'name-invalid', events: []} : chat.apply(command);
}
