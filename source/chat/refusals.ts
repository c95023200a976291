/** Why somebody may not join the chat. */
export type RegistrationRefusal = 'name-in-use' | 'name-invalid' | 'hub-full';

/** Why the chat refuses a request of a user: one vocabulary for all protocols. */
export type Refusal =
  | RegistrationRefusal
  | 'no-such-user'
  /** The recipient is in another room than the author, so that no text can reach them. */
  | 'not-in-same-room'
  | 'already-in-room'
  | 'not-in-room'
  /** The members speak to each other directly: the hub does not relay their texts. */
  | 'decentralised'
  | 'room-name-in-use'
  | 'room-size-invalid'
  | 'no-such-room'
  | 'room-full'
  | 'too-many-rooms'
  /** The program of the other user has no rooms, or cannot reach the asker's program directly. */
  | 'unsupported'
  | 'too-many-invitations'
  | 'no-such-invitation'
  | 'link-exists'
  | 'no-such-link';
