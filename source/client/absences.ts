/** What a protocol does not have, and what does the job there. */
import type {Feature} from '../protocols/protocol.ts';

/** What some protocols have and others do without. */
export type OptionalFeature = Extract<Feature, 'direct-messages' | 'named-rooms' | 'links'>;

/** @param nick Whom it was wanted for, if that was typed. */
export function absenceSentence(
  feature: OptionalFeature,
  protocol: {readonly name: string; readonly features: ReadonlySet<Feature>},
  nick = 'NICK',
): string {
  const hasNamedRooms = protocol.features.has('named-rooms');
  return `${protocol.name} has no ${names[feature]}: ${instead(feature, hasNamedRooms, nick)}`;
}

const names: Readonly<Record<OptionalFeature, string>> = {
  'direct-messages': 'direct messages',
  'named-rooms': 'named rooms',
  links: 'private connections',
};

function instead(feature: OptionalFeature, hasNamedRooms: boolean, nick: string): string {
  switch (feature) {
    case 'direct-messages':
      return hasNamedRooms
        ? `/create NAME opens a private room, /invite ${nick} brings ${nick} into it`
        : `/invite ${nick} opens a private room`;
    case 'named-rooms':
      return `/invite ${nick} opens a private room`;
    case 'links':
      return `${hasNamedRooms ? '/create NAME' : `/invite ${nick}`} --decentralised speaks from peer to peer`;
  }
}
