/** What the most useful keys do at the moment. */
import {type Word, widthOfWords} from '../text/words.tsx';
import {unreadConversations} from '../unread.ts';
import type {View} from '../view.ts';
import type {ShownLayout} from './layout.ts';
import {approachOf} from './people.ts';

/** A key, and what it does. */
export type Hint = readonly [key: string, does: string];

/** What a composer is doing. */
export type Typing = 'nothing' | 'draft' | 'command' | 'completing' | 'searching' | 'asked';

/** The most useful first. */
export function hintsOf(view: View, layout: ShownLayout, typing: Typing): readonly Hint[] {
  const {focus, state} = view;
  const {invitations, room} = state;
  const back: Hint = ['Esc', 'back'];
  switch (focus) {
    case 'users':
      return [['↑ ↓', 'choose'], ['Enter', approachOf(state).does], back, ['F1', 'all keys']];
    case 'invitations':
      return invitations.length === 0
        ? [back, ['F1', 'all keys']]
        : [['a', 'yes'], ['d', 'no'], ['↑ ↓', 'choose'], back, ['F1', 'all keys']];
    case 'composer':
      break;
    default:
      return [
        ['↑ ↓', 'choose a message'],
        ['Enter', 'its journey'],
        ['PgUp PgDn', 'a page'],
        back,
        ['F1', 'all keys'],
      ];
  }
  // On a narrow screen the invitation itself stands above, with this key.
  const answer: readonly Hint[] =
    invitations.length === 0 || layout.kind === 'narrow'
      ? []
      : [['Alt-4', `${invitations.length} invitation${invitations.length === 1 ? '' : 's'}`]];
  switch (typing) {
    case 'completing':
      return [
        ['Tab', 'the next one'],
        ['Shift-Tab', 'the one before'],
        ['Enter', 'sends'],
      ];
    case 'searching':
      return [
        ['Ctrl-R', 'older'],
        ['Enter', 'sends it'],
        ['Esc', 'back'],
      ];
    // The question itself says which keys answer it.
    case 'asked':
      return [];
    case 'command':
      return [
        ['Tab', 'complete'],
        ['Enter', 'does it'],
        ['//', 'begins a text with /'],
        ['F1', 'all commands'],
      ];
    case 'draft':
      return [
        ['Enter', 'sends'],
        ['Tab', 'complete'],
        ['Alt-Enter', 'a line more'],
        ...answer,
        ['Ctrl-C', 'clears'],
        ['F1', 'all keys'],
      ];
    case 'nothing':
      return [
        ['Tab', 'complete'],
        ...(unreadConversations(view).length > 0 ? [['Alt-a', 'next unread'] as const] : []),
        ...(layout.main === 'public' ? [] : [['Alt-1', 'public'] as const]),
        ...answer,
        ['/', 'commands'],
        ['PgUp', 'earlier'],
        ...(room === undefined ? [] : [['/leave', 'to the public room'] as const]),
        ['F1', 'all keys'],
      ];
  }
}

/** As many of them as there is room for. */
export function hintWords(hints: readonly Hint[], columns: number): readonly Word[] {
  const words: Word[] = [];
  for (const [key, does] of hints) {
    const more: readonly Word[] = [
      {as: 'accent', text: `${words.length === 0 ? ' ' : '  '}${key}`},
      {as: 'quiet', text: ` ${does}`},
    ];
    if (widthOfWords(words) + widthOfWords(more) > columns) break;
    words.push(...more);
  }
  return words;
}
