import type {ClientEvent} from '../../../source/protocols/protocol.ts';

/** The users who are there after those events, in the order in which they came. */
export function presentAfter(events: readonly ClientEvent[]): string[] {
  const present = new Set<string>();
  for (const event of events) {
    if (event.type === 'users') {
      present.clear();
      for (const {nick} of event.users) present.add(nick);
    } else if (event.type === 'arrived') present.add(event.nick);
    else if (event.type === 'departed') present.delete(event.nick);
  }
  return [...present];
}
