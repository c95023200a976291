import type {Inbox} from '../../../transport/inbox.ts';
import type {Session as DatagramSession} from '../../datagrams/sessions.ts';
import type {HubMessage} from './messages.ts';

/** One registered client, as the hub sees it. */
export type Session = DatagramSession<HubMessage> & {
  /** The user id on the wire. */
  readonly number: number;
  /** Answers to answered invitations, whose numbers are the hub's. */
  readonly invitationAnswers: Inbox<Uint8Array>;
  /** Until then a text in public may have been written in the room that was closed. */
  mayMissClosingUntil: number;
};
