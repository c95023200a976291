/** What there is to read in conversations that the user has not looked at. */
import {directIds, personOf} from '../client/conversations.ts';
import {unreadOf, type View} from './view.ts';

/** The digits of the keys that go to the conversations with one person, in their order. */
export const directDigits = '567890';

/** The conversations with one person in which something is unread, with the digits of their keys: `5 bob +2`. */
export function unreadPeople(view: View): string {
  const {conversations, people} = view.state;
  return directIds(conversations)
    .flatMap((id, index) => {
      const unread = unreadOf(view, id);
      if (unread === 0) return [];
      return `${directDigits.charAt(index)} ${people.labelOf(personOf(id))} +${unread}`.trimStart();
    })
    .join('  ');
}
