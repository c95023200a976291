import type {Chat, Dialect, Outcome} from '../../source/chat/chat.ts';
import {registration} from '../../source/chat/naming.ts';

/** The outcome of a registration under that nickname, as a hub proposes it. */
export function register(chat: Chat, nickname: string, dialect: Dialect): Outcome {
  const command = registration(chat, nickname, dialect);
  return command === undefined ? {refusal: 'name-invalid', events: []} : chat.apply(command);
}
