/** Which features a protocol lacks, and what does the job there. */
import type {Feature} from '../protocols/protocol.ts';

/** Features that some protocols have and others do without. */
export type OptionalFeature = Extract<
  Feature,
  'invitations' | 'direct-messages' | 'named-rooms' | 'links'
>;

/** @param nick The person whom the command was for, if one was typed. */
export function absenceSentence(
  feature: OptionalFeature,
  protocol: {readonly name: string; readonly features: ReadonlySet<Feature>},
  nick = 'NICK',
): string {
  return `${protocol.name} has no ${names[feature]}: ${instead(feature, protocol.features, nick)}`;
}

/** Why there is no private conversation to go to, and how there would be one. */
export function noRoomSentence({features}: {readonly features: ReadonlySet<Feature>}): string {
  if (features.has('named-rooms')) return 'You are in no room: /rooms shows those there are';
  if (features.has('invitations')) return 'You are in no private room: /invite NICK opens one';
  return features.has('links')
    ? 'You have no private connection: /link NICK asks for one'
    : 'You are in no private room: /msg NICK writes to one person alone';
}

/** Why there is no such command, if it is one that operators of other chats have. */
export function operatorSentence(word: string, protocol: string): string | undefined {
  const typed = word.toLowerCase();
  if (typed === 'topic') return `There is no /topic: ${protocol} has no topics, say it in the room`;
  if (!operatorCommands.has(typed)) return undefined;
  return `There is no /${typed}: ${protocol} has no operators, /ignore NICK hides what somebody writes`;
}

const operatorCommands: ReadonlySet<string> = new Set([
  'ban',
  'deop',
  'devoice',
  'kick',
  'kickban',
  'mode',
  'op',
  'unban',
  'voice',
]);

const names: Readonly<Record<OptionalFeature, string>> = {
  invitations: 'private rooms',
  'direct-messages': 'direct messages',
  'named-rooms': 'named rooms',
  links: 'private connections',
};

function instead(feature: OptionalFeature, features: ReadonlySet<Feature>, nick: string): string {
  const hasNamedRooms = features.has('named-rooms');
  if (feature === 'direct-messages') {
    return hasNamedRooms
      ? `/create NAME opens a private room, /invite ${nick} brings ${nick} into it`
      : `/invite ${nick} opens a private room`;
  }
  if (features.has('links')) return `/link ${nick} opens a private connection`;
  if (!features.has('invitations')) return `/msg ${nick} writes to ${nick} alone`;
  return feature === 'links'
    ? `${hasNamedRooms ? '/create NAME' : `/invite ${nick}`} --decentralised speaks from peer to peer`
    : `/invite ${nick} opens a private room`;
}
