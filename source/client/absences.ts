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
