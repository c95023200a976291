/** Given by the chat, counted from 1, never used again. */
export type UserId = number;
export type RoomId = number;
export type InvitationId = number;

/** Whether the hub relays a room's texts or its members send them to each other. */
export type Mode = 'centralised' | 'decentralised';

/** An invitation or a request for a link that nobody answers ends after this time. */
export const pendingMs = 5 * 60 * 1000;
