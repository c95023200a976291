/** What the help says beside the commands: a few topics, in rows of two. */
import type {Feature} from '../protocols/protocol.ts';

/** `keys` is about a screen, which shows its own table. */
export type Topic = 'keys' | 'invitations' | 'marks';

/** A sign, a key or a command, and what it means. */
export type HelpPair = readonly [shown: string, does: string];

export const topicSummaries: Readonly<Record<Topic, string>> = {
  keys: 'what the keys do',
  invitations: 'rooms and connections for some people alone',
  marks: 'the signs beside messages',
};

export const topicNames = Object.keys(topicSummaries) as readonly Topic[];

/** The topic of that name, or the one whose name begins so. */
export function topicFor(word: string): Topic | undefined {
  const typed = word.toLowerCase();
  return typed === '' ? undefined : topicNames.find(name => name.startsWith(typed));
}

export const marks: readonly HelpPair[] = [
  ['…', 'on its way; or kept, and goes out when the hub is back'],
  ['✓', 'delivered: the hub has it'],
  ['✓✓', 'everybody in the room from peer to peer has it'],
  ['2/3', 'two of the three others in the room have it'],
  ['⟳', 'sent again, because nobody has confirmed it yet'],
  ['✗', 'not confirmed, or not sent: /retry sends it again, and so does r in its journey'],
  ['!', 'you are named in it'],
  ['▸', 'selected: the keys are about it'],
  ['//text', 'says /text, which is no command then'],
];

/** How people meet apart from the others, where the protocol has these features. */
export function invitationPairs(features: ReadonlySet<Feature>): readonly HelpPair[] {
  return [...roomPairs(features), ...linkPairs(features), ...answerPairs];
}

function roomPairs(features: ReadonlySet<Feature>): readonly HelpPair[] {
  if (!features.has('invitations')) return [];
  const isNamed = features.has('named-rooms');
  return [
    ...(isNamed
      ? ([
          [
            '/create NAME',
            'opens a room with a name; everybody sees it in /rooms, and can /join it',
          ],
          ['/invite NICK…', 'asks people into the room that you are in'],
          ['/create NAME --decentralised', 'its texts go from peer to peer, the hub sees none'],
        ] as const)
      : ([
          ['/invite NICK…', 'opens a private room for them and you, or asks them into yours'],
          ['/invite NICK… --decentralised', 'the texts go from peer to peer, the hub sees none'],
        ] as const)),
    ['/leave', 'back to the public room; the last who leaves closes the room'],
    ['one at a time', 'who accepts an invitation leaves the room that they are in'],
  ];
}

function linkPairs(features: ReadonlySet<Feature>): readonly HelpPair[] {
  if (!features.has('links')) return [];
  return [
    ['/link NICK', 'asks for a private connection: texts for that person alone'],
    ['/unlink', 'closes it, or withdraws what you asked'],
  ];
}

const answerPairs: readonly HelpPair[] = [
  ['/accept, /decline', 'answer; with several waiting, a nickname says whose'],
  ['/invites', 'who has invited you'],
  ['in the pane', 'Alt-4, ↑ ↓, then a for yes and d for no'],
  ['/ignore NICK', 'invitations from that person are not shown either'],
];
