import type {Inbox} from '../../../transport/inbox.ts';
import type {Session as DatagramSession} from '../../datagrams/sessions.ts';
import type {HubMessage} from './messages.ts';

/** One registered client, as the hub sees it. */
export type Session = DatagramSession<HubMessage> & {
  /** The user id on the wire. */
  readonly number: number;
  /** Replies to the client's answers to invitations, which carry the hub's numbers. */
  readonly invitationAnswers: Inbox<Uint8Array>;
  /** The client has not confirmed the closing of its room. Until this time its texts may be meant for that room. */
  closingUnconfirmedUntil: number;
};
