import {type ConversationId, directIds, isDirect, personOf} from '../../client/conversations.ts';
import {canSpeakIn, historyOf} from '../../client/state.ts';
import {nameLabel} from '../../names/label.ts';
import {isShown, type Layout, messageArea, type PaneName} from '../panes/layout.ts';
import {approachOf, widestWriter} from '../panes/people.ts';
import type {Tab} from '../panes/tab-line.ts';
import {digitOf, unreadWords} from '../unread.ts';
import {conversationView, type View} from '../view.ts';
import {formatFor} from './entry-lines.ts';
import {messageBlocks} from './message-blocks.ts';
import {viewport} from './viewport.ts';

/** The words in the upper edge of a pane. */
export function titleOf(view: View, name: PaneName): string {
  const {users, invitations, room, people} = view.state;
  if (isDirect(name)) return `${people.labelOf(personOf(name))} · in private${unread(view, name)}`;
  switch (name) {
    case 'public':
      return `Public${unread(view, name)}${room === undefined ? '' : ' · you are in a private room'}`;
    case 'room': {
      const kind =
        room === undefined ? 'private connection' : `${room.mode} · ${room.members.length}`;
      return `${privateTitle(view)} · ${kind}${unread(view, name)}`;
    }
    case 'users':
      return `Users ${users.size}`;
    case 'invitations':
      return `Invitations ${invitations.length}`;
  }
}

/** The title of the private conversation. */
function privateTitle({state: {room, link, people}}: View): string {
  if (room === undefined) return link === undefined ? 'Room' : people.labelOf(link.nick);
  return room.name === undefined ? 'Room' : nameLabel(room.name);
}

/** The words in the lower edge: the number of entries below, or what the keys do. */
export function footerOf(view: View, layout: Layout, name: PaneName): string {
  const isFocused = view.focus === name;
  switch (name) {
    case 'users':
      return isFocused ? `Enter ${approachOf(view.state).does}` : '';
    case 'invitations':
      return view.state.invitations.length === 0
        ? ''
        : isFocused
          ? 'a yes · d no'
          : 'Alt-4 answers';
    default: {
      const below = belowOf(view, layout, name);
      return below > 0 ? `${below} below · Alt->` : '';
    }
  }
}

export function tabsOf(view: View, layout: Layout): Tab[] {
  const {users, invitations, conversations, people} = view.state;
  const conversation = (name: ConversationId, title: string): Tab => {
    const below = isShown(layout, name) ? belowOf(view, layout, name) : 0;
    const count = below > 0 ? `↓${below}` : unreadWords(view, name);
    return {name, digit: digitOf(view, name), title, count};
  };
  return [
    conversation('public', 'Public'),
    ...(canSpeakIn(view.state, 'room') ? [conversation('room', privateTitle(view))] : []),
    {name: 'users', digit: '3', title: 'Users', count: String(users.size)},
    {
      name: 'invitations',
      digit: '4',
      title: 'Invitations',
      count: invitations.length === 0 ? '' : String(invitations.length),
    },
    ...directIds(conversations).map(id => conversation(id, people.labelOf(personOf(id)))),
  ];
}

/** Number of entries below the part in view. */
function belowOf(view: View, layout: Layout, name: ConversationId): number {
  const {state} = view;
  const {anchor, firstUnread, newMessages} = conversationView(view, name);
  const area = messageArea(layout, name);
  if (area === undefined || anchor === 'bottom') return 0;
  const format = formatFor(area.columns, widestWriter(state, name));
  const blocks = messageBlocks(historyOf(state, name), format, firstUnread, newMessages);
  return viewport(blocks, area.rows, anchor).below;
}

function unread(view: View, name: ConversationId): string {
  const words = unreadWords(view, name);
  return words === '' ? '' : ` ${words}`;
}
