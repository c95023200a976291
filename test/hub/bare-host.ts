import type {Chat} from '../../source/chat/chat.ts';
import type {ChatEvent} from '../../source/chat/events.ts';
import {ChatView} from '../../source/chat/view.ts';
import {silentLog} from '../../source/hub/silent-log.ts';
import type {HubHost, Protocol} from '../../source/protocols/protocol.ts';
import {register} from '../chat/register.ts';

/** The host of a hub end, over a chat that the test can change as well. Events are collected in `events`, not delivered. */
export function bareHost(
  chat: Chat,
  protocol: Protocol,
): {readonly host: HubHost; readonly events: ChatEvent[]} {
  const events: ChatEvent[] = [];
  const host: HubHost = {
    chat: new ChatView(chat, protocol.name),
    register(nickname, _from, onOutcome) {
      const outcome = register(chat, nickname, protocol);
      events.push(...outcome.events);
      onOutcome(outcome, 0);
    },
    propose(command, onOutcome) {
      const outcome = chat.apply(command);
      events.push(...outcome.events);
      onOutcome?.(outcome, 0);
    },
    fault(_user, error) {
      throw error;
    },
    publicHost: undefined,
    drop() {},
    isCongested: () => false,
    log: silentLog(),
  };
  return {host, events};
}
