/** Why somebody may not join the chat. */
export type RegistrationRefusal = 'name-in-use' | 'name-invalid' | 'hub-full';

/** Why the chat does not do what a user asked for: one vocabulary for all protocols. */
export type Refusal =
  | RegistrationRefusal
  | 'no-such-user'
  /** The other is in another room than the author, so that no text can reach them. */
  | 'not-in-same-room'
  | 'already-in-room'
  | 'not-in-room'
  /** The members speak to each other: the hub has no part in it. */
  | 'decentralised'
  | 'room-name-in-use'
  | 'room-size-invalid'
  | 'no-such-room'
  | 'room-full'
  | 'too-many-rooms'
  /** The other's program has no rooms, or cannot reach the asker's directly. */
  | 'unsupported'
  | 'too-many-invitations'
  | 'no-such-invitation'
  | 'link-exists'
  | 'no-such-link';
