import {type ConversationId, directIds} from '../../client/conversations.ts';
import {canSpeakIn} from '../../client/state.ts';
import {truncate} from '../text/width.ts';
import {type Word, Words, widthOfWords} from '../text/words.tsx';
import {unreadWords} from '../unread.ts';
import {conversationLabel, type View} from '../view.ts';
import {isShown, type PaneName, type ShownLayout} from './layout.ts';
import {belowOf, digitOf} from './pane-titles.ts';

export type Tab = {
  readonly name: PaneName;
  /** Of the key that opens it; empty if there is none. */
  readonly digit: string;
  readonly title: string;
  /** What is new there. */
  readonly news: readonly string[];
  /** How much is there, for tabs without news. */
  readonly size: string;
};

type Props = {readonly view: View; readonly layout: ShownLayout};

/** The panes that one key opens, and what is new in them. */
export function TabLine({view, layout}: Props) {
  const active = view.focus === 'composer' ? layout.main : view.focus;
  return <Words words={tabWords(tabsOf(view, layout), active, view.size.columns)} />;
}

function tabsOf(view: View, layout: ShownLayout): readonly Tab[] {
  const {users, invitations, sentInvitations, conversations} = view.state;
  const hasInvitations =
    invitations.length + sentInvitations.length > 0 || view.focus === 'invitations';
  const conversation = (name: ConversationId): Tab => {
    // On a small screen there is no divider that could say it.
    const below =
      isShown(layout, name) && !layout.hasLowerDivider ? belowOf(view, layout, name) : 0;
    return {
      name,
      digit: digitOf(view, name),
      title: conversationLabel(view.state, name),
      news: [
        ...unreadWords(view, name).split(' ').filter(Boolean),
        ...(below === 0 ? [] : [`↓${below}`]),
      ],
      size: '',
    };
  };
  return [
    conversation('public'),
    ...(canSpeakIn(view.state, 'room') ? [conversation('room')] : []),
    {
      name: 'users',
      digit: digitOf(view, 'users'),
      title: 'here',
      news: [],
      size: String(users.size),
    },
    ...(hasInvitations
      ? [
          {
            name: 'invitations',
            digit: digitOf(view, 'invitations'),
            title: 'invitations',
            news: invitations.length === 0 ? [] : [String(invitations.length)],
            size: '',
          } as const,
        ]
      : []),
    ...directIds(conversations).map(conversation),
  ];
}

/** As much of the tabs as fits: their titles, those of the active one, or digits alone. */
export function tabWords(tabs: readonly Tab[], active: PaneName, columns: number): readonly Word[] {
  const variants: (() => readonly Word[])[] = [
    () => tabs.flatMap(tab => named(tab, active, Number.POSITIVE_INFINITY)),
    () => tabs.flatMap(tab => named(tab, active, maximumTitle)),
    () => tabs.flatMap(tab => (tab.name === active ? named(tab, active, maximumTitle) : bare(tab))),
    () => digits(tabs, active),
    () =>
      digits(
        tabs.filter(tab => tab.name === active || tab.news.length > 0),
        active,
      ),
  ];
  for (const words of variants) {
    const shown = words();
    if (widthOfWords(shown) <= columns) return shown;
  }
  return digits(
    tabs.filter(({name}) => name === active),
    active,
  );
}

/** In cells. */
const maximumTitle = 12;

/** `2 projet +3 @1   ` */
function named({name, digit, title, news, size}: Tab, active: PaneName, most: number): Word[] {
  const as = name === active ? 'accent' : 'quiet';
  const shown = most === Number.POSITIVE_INFINITY ? title : truncate(title, most);
  return [
    {as, text: ` ${digit}${digit === '' ? '' : ' '}${shown}${size === '' ? '' : ` ${size}`}`},
    ...news.map(text => ({as: 'mention-mark', text: ` ${text}`}) as const),
    {as: 'text', text: '  '},
  ];
}

/** `2 +3 @1   ` */
function bare({digit, news, size}: Tab): Word[] {
  return [
    {as: 'quiet', text: ` ${digit}${size === '' ? '' : ` ${size}`}`},
    ...news.map(text => ({as: 'mention-mark', text: ` ${text}`}) as const),
    {as: 'text', text: '  '},
  ];
}

/** `1+12 [2]@1 3 4:2` */
function digits(tabs: readonly Tab[], active: PaneName): readonly Word[] {
  return tabs.flatMap(({name, digit, news}, index): Word[] => [
    {
      as: name === active ? 'accent' : 'quiet',
      text: `${index === 0 ? '' : ' '}${name === active ? `[${digit}]` : digit}`,
    },
    ...(news.length === 0
      ? []
      : [
          {
            as: 'mention-mark',
            text: `${/^\d/.test(news[0] ?? '') ? ':' : ''}${news.join('')}`,
          } as const,
        ]),
  ]);
}
