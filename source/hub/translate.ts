import type {ChatEvent} from '../chat/events.ts';
import {nameIn} from '../chat/naming.ts';
import type {Protocol} from '../protocols/protocol.ts';
import {splitText} from './split-text.ts';

/** What a text for one reader alone begins with, where the protocol has no word for it. */
const privateMark = '(private) ';

/**
 * What has happened, as users of that protocol can be told: in their names, and texts no longer than
 * theirs (docs/protocols/bridge.md). Several events where a text is told in pieces.
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
