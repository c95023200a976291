import type {Refusal} from '../../chat/refusals.ts';

/** The text of an ERREUR: why the hub refuses a request, if no status says it (R4). */
export const reasons = {
  'no-such-user': 'no such user',
  'not-in-room': 'not in a private room',
  'already-in-room': 'already in that room',
  'room-full': 'room full',
  'too-many-rooms': 'too many rooms',
  'too-many-invitations': 'too many invitations',
  'room-closed': 'the room is closed',
  decentralised: 'the members of a decentralised room send their texts to each other',
  'unknown-type': 'unknown message type',
} as const satisfies Partial<Record<Refusal, string>> & Record<string, string>;

export type Reason = keyof typeof reasons;
