import type {ChatEvent} from '../chat/events.ts';
import {nameIn} from '../chat/naming.ts';
import type {Protocol} from '../protocols/protocol.ts';
import {splitText} from '../protocols/split-text.ts';

/** Put before a text for one reader, if the protocol cannot say that it is private. */
const privateMark = '(private) ';

/**
 * The event as users of that protocol can be told: with the names of their protocol and texts within its limit
 * (docs/protocols/bridge.md). Several events if a text has to be told in pieces.
 */
export function translate(event: ChatEvent, protocol: Protocol): ChatEvent[] {
  if (!('nickname' in event)) return [event];
  const named = {...event, nickname: nameIn(protocol.name, event)};
  const {maximumTextBytes, features} = protocol;
  switch (named.type) {
    case 'said':
      return splitText(named.text, maximumTextBytes).map(text => ({...named, text}));
    case 'told':
      return features.has('direct-messages')
        ? splitText(named.text, maximumTextBytes).map(text => ({...named, text}))
        : splitText(named.text, maximumTextBytes - privateMark.length).map(text => ({
            ...named,
            type: 'said',
            text: privateMark + text,
          }));
    default:
      return [named];
  }
}
