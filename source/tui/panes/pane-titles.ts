/** What stands above and below the panes: their titles, and how many entries are below. */
import {type ConversationId, isDirect} from '../../client/conversations.ts';
import {timeOf} from '../../client/times.ts';
import {shownRows} from '../conversation/pane-blocks.ts';
import type {Word} from '../text/words.tsx';
import {digitOf as conversationDigit, unreadWords} from '../unread.ts';
import {conversationLabel, conversationView, isConversation, type View} from '../view.ts';
import type {Layout, PaneName, ShownLayout} from './layout.ts';
import {modeWords} from './mode-words.ts';
import {roundTripWords} from './status-line.ts';

/** The digit of its key; empty if it has none. */
export function digitOf(view: View, name: PaneName): string {
  if (isConversation(name)) return conversationDigit(view, name);
  return name === 'users' ? '3' : '4';
}

/** @returns The title, and what is said beside it. */
export function titleOf(view: View, layout: ShownLayout, name: PaneName): readonly Word[] {
  const isFocused = view.focus === name;
  // While one types, the keys go to the conversation.
  const isActive = isFocused || (view.focus === 'composer' && name === layout.main);
  const as = isActive ? 'accent' : 'quiet';
  const title = {
    as,
    text: `${isFocused ? '▸' : ' '}${digitOf(view, name)} ${titleWords(view, name)}`,
  } as const;
  if (name === 'users' || name === 'invitations') return [title];
  const unread = unreadWords(view, name);
  return [
    title,
    ...(unread === '' ? [] : [{as: 'mention-mark', text: ` ${unread}`} as const]),
    {as: 'quiet', text: placeWords(view, layout, name)},
    ...(name === 'room' ? memberWords(view) : []),
  ];
}

/** `●bob 3 ms ◌carl silent 4 s`: how each member of a decentralised room answers. Who is silent comes first. */
function memberWords({state, now}: View): readonly Word[] {
  const {room, nick: own, people, memberStates} = state;
  if (room?.mode !== 'decentralised') return [];
  const others = room.members.filter(nick => nick !== own);
  const isSilent = (nick: string) => memberStates.get(nick)?.silentSince !== undefined;
  const ordered = [...others.filter(isSilent), ...others.filter(nick => !isSilent(nick))];
  return ordered.slice(0, maximumMembers).flatMap((nick, index): Word[] => {
    const {roundTripMs, silentSince} = memberStates.get(nick) ?? {};
    const gap: Word = {as: 'quiet', text: index === 0 ? ' · ' : ' '};
    const name: Word = {as: 'author', text: people.labelOf(nick), nick};
    if (silentSince !== undefined) {
      const seconds = Math.max(0, Math.round((now - silentSince) / 1000));
      const silent = ` silent ${seconds} s`;
      return [gap, {as: 'on-its-way', text: '◌'}, name, {as: 'on-its-way', text: silent}];
    }
    return roundTripMs === undefined
      ? [gap, name]
      : [gap, {as: 'delivered', text: '●'}, name, {as: 'quiet', text: roundTripWords(roundTripMs)}];
  });
}

/** More do not fit into any title. */
const maximumMembers = 10;

function titleWords(view: View, name: PaneName): string {
  const {users, invitations, connection} = view.state;
  switch (name) {
    case 'users': {
      // The list is as old as the last word of the hub.
      const isOld = connection.phase === 'retrying' && connection.since !== undefined;
      return `Here ${users.size}${isOld ? `, as of ${timeOf(connection.since)}` : ''}`;
    }
    case 'invitations': {
      return invitations.length === 0 ? 'Invitations' : `Invitations ${invitations.length}`;
    }
    case 'public':
      return 'Public';
    default:
      return conversationLabel(view.state, name);
  }
}

/** How a conversation goes on, and who is in it. */
function placeWords({state}: View, layout: ShownLayout, name: ConversationId): string {
  const {room, link} = state;
  if (name === 'public') {
    if (room !== undefined) return ' · waits in a room';
    return name === layout.waiting ? ' · open' : '';
  }
  if (isDirect(name)) return ' · in private';
  if (room === undefined) return link === undefined ? ' · closed' : ' · private connection';
  const {length} = room.members;
  const mode = ` · ${modeWords[room.mode]}`;
  // The few members of a decentralised room are named.
  if (room.mode === 'decentralised' && length > 1 && length <= maximumUncounted) return mode;
  return `${mode} · ${length} ${length === 1 ? 'person' : 'people'}`;
}

const maximumUncounted = 4;

/** How one gets back to a conversation that waits. */
export function footerOf({state}: View): string {
  return state.room === undefined ? 'Alt-1 goes back to it' : '/leave goes back to it';
}

/** Number of entries below the part in view. */
export function belowOf(view: View, layout: Layout, name: ConversationId): number {
  if (conversationView(view, name).anchor === 'bottom') return 0;
  return shownRows(view, layout, name)?.below ?? 0;
}
